//! A picture to what was asked: sent after the text, which on a weak line is what matters, and only by whoever has the
//! case's secret link, so that nobody fills the disk from outside.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use tahuang_app::clean::FileRefusal;
use tahuang_app::files::{AttachError, NewFile};
use tahuang_app::{Asker, derived_id};
use tahuang_domain::{CommandId, Purpose, SubjectId};
use tokio::time::timeout;

use super::{follow, limits, link, to_case};
use crate::door::Door;
use crate::visitor::Visitor;

pub async fn send_photo(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(link): Path<String>,
    request: Request,
) -> Response {
    match take(&door, &visitor, &link, request).await {
        Ok(()) => to_case(&link, visitor.language),
        Err(code) => follow::show(&door, &visitor, &link, StatusCode::UNPROCESSABLE_ENTITY, Some(code)).await,
    }
}

/// Takes a picture; what is wrong, as a code of the section `resident`. Nothing of the body is read before the link is
/// known to be one and there is room.
async fn take(door: &Arc<Door>, visitor: &Visitor, link: &str, request: Request) -> Result<(), &'static str> {
    let (prefecture, case) = link::read(&door.app, link).ok_or("photo_refused")?;
    if door.paces.count(visitor.address, true, door.app.clock().now_ms()).is_err() {
        return Err("answer_too_often");
    }
    let view = door.read(move |door| Ok(door.app.resident_case(prefecture, case)?)).await;
    let view = view.map_err(|_| "form_later")?;
    if view.subject.reported_files() >= limits::PHOTOS_MAX {
        return Err("photos_enough");
    }
    let turn = door.uploads.turn().await.map_err(|_| "form_later")?;
    let picture = timeout(Duration::from_secs(crate::limits::UPLOAD_SECONDS_MAX), picture(request));
    let bytes = picture.await.unwrap_or(Err("photo_broken"))?;
    let asker = Asker::Resident { place: view.subject.area, case: Some(case) };
    let done = door.blocking(turn, move |door| Ok(attach(door, &asker, case, &bytes)));
    done.await.unwrap_or(Err("form_later"))
}

/// Attaches one picture; what is wrong with it, as a code of the section `resident`.
pub fn attach(door: &Door, asker: &Asker, case: SubjectId, bytes: &Bytes) -> Result<(), &'static str> {
    // The same picture sent again is the same command.
    let command = CommandId(derived_id("resident picture", &[case.0.as_bytes(), bytes]));
    let new = NewFile { command, purpose: Purpose::Report, name: None, item: None, bytes: bytes.to_vec() };
    match door.app.attach(asker, case, &new) {
        Ok(_) => Ok(()),
        Err(AttachError::File(FileRefusal::TooLarge)) => Err("photo_large"),
        Err(AttachError::File(_)) => Err("photo_refused"),
        Err(AttachError::Refused { code, .. }) if code == "too_many_files" => Err("photos_enough"),
        Err(AttachError::Refused { .. } | AttachError::Query(_)) => Err("photo_refused"),
        Err(AttachError::Submit(_) | AttachError::Store(_)) => Err("form_later"),
    }
}

/// The picture in a form.
async fn picture(request: Request) -> Result<Bytes, &'static str> {
    let wrong = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "photo_large",
        _ => "photo_broken",
    };
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| "photo_broken")?;
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        if field.name() == Some("photo") {
            return field.bytes().await.map_err(wrong);
        }
    }
    Err("photo_broken")
}
