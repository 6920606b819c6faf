use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::Deserialize;
use tahuang_app::clean::FileRefusal;
use tahuang_app::files::NewFile;
use tahuang_domain::{CommandId, Purpose, SubjectId};
use tahuang_intake::text::mask;
use tokio::time::timeout;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::attachment::Attachment;
use crate::door::Door;
use crate::input::{Json, Query, Segment};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewFileQuery {
    /// The sender's UUIDv7. Sent again, the file is attached once.
    command: Uuid,
    /// `report`, `evidence`, `document` or `signature`.
    #[param(value_type = String)]
    purpose: Purpose,
    /// A short file name. It stands open in the journal; numbers of telephones and identity cards in it are hidden.
    name: Option<String>,
    /// The item of a checklist that it shows; only for files of a check.
    item: Option<String>,
}

/// Attaches a file to a case, an activity or a check
///
/// The body is the file itself: JPEG, PNG, WebP (still pictures) or PDF, told by its bytes and by nothing else, of at most
/// 8 MiB. Of pictures, everything that does not show them is left out, among it where and when they were taken. When the
/// answer arrives, the file is on disk. A file is removed by the command `remove_file`.
#[utoipa::path(post, path = "/subjects/{id}/files", tag = "records",
    params(("id" = Uuid, Path, description = "The record"), NewFileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the file"),
    responses((status = 200, body = Attachment, description = "The file, as the record names it")))]
pub async fn create_subject_file(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Query(query): Query<NewFileQuery>,
    request: Request,
) -> Result<Json<Attachment>, ApiError> {
    if query.command.get_version_num() != 7 {
        return Err(ApiError::invalid("command", "a UUID of version 7"));
    }
    let asks = asker.asker.clone();
    door.read(move |door| Ok(door.app.may_attach(&asks, id)?)).await?;
    // Before the body is taken in: whoever waits is still sending and costs no memory.
    let turn = door.uploads.turn().await?;
    let sent = timeout(Duration::from_secs(limits::UPLOAD_SECONDS_MAX), bytes(request));
    let bytes = sent.await.unwrap_or_else(|_| Err(ApiError::MalformedBody("the file took too long".to_owned())))?;
    let attached = door.blocking(turn, move |door| {
        let name = query.name.as_deref().map(short_name).filter(|name| !name.is_empty());
        let (command, purpose, item) = (CommandId(query.command), query.purpose, query.item);
        let new = NewFile { command, purpose, name, item, bytes: bytes.into() };
        let record = door.app.attach(&asker.asker, id, &new)?;
        Attachment::of(&Speaker::new(door, asker.language), &record)
            .ok_or_else(|| ApiError::Internal("the command of a file became another event".to_owned()))
    });
    attached.await.map(Json)
}

async fn bytes(request: Request) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::File(FileRefusal::TooLarge),
        _ => ApiError::MalformedBody("the file broke off".to_owned()),
    })
}

/// Some browsers send the whole path. What is typed into a name is no field that could be sealed, so numbers are hidden.
fn short_name(name: &str) -> String {
    mask(name.rsplit(['/', '\\']).next().unwrap_or_default().trim())
}
