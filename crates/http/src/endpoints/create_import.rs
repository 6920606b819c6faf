use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::response::IntoResponse as _;
use tahuang_domain::Verb;
use tahuang_domain::catalog::LEDGER_ROW;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::read_import::Import;
use crate::door::Door;
use crate::input::Json;
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// A workbook.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; the body is read part by part")]
pub struct WorkbookForm {
    /// The `.xlsx` file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Previews a workbook
///
/// Nothing is written: the answer says what would become of each row. `POST /imports/{id}/run` brings it in.
#[utoipa::path(post, path = "/imports", tag = "imports",
    request_body(content = WorkbookForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Import, description = "What would become of it")))]
pub async fn create_import(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    request: Request,
) -> Result<Json<Import>, ApiError> {
    let scope = asker.account.grant.scope;
    door.app.permit(&asker.asker, Verb::Import, LEDGER_ROW, scope)?;
    // Before the body is taken in: whoever waits is still sending and costs no memory.
    let turn = door.previews.turn().await?;
    let sent = timeout(Duration::from_secs(limits::UPLOAD_SECONDS_MAX), workbook(request, &door));
    let (file, bytes) =
        sent.await.unwrap_or_else(|_| Err(ApiError::MalformedBody("the form took too long".to_owned())))?;
    let read = door.blocking(turn, move |door| {
        let job = door.preview_workbook(&asker.asker, asker.account.id, &file, &bytes)?;
        Ok(Import::of(&Speaker::new(door, asker.language), &job))
    });
    read.await.map(Json)
}

async fn workbook(request: Request, door: &Arc<Door>) -> Result<(String, Bytes), ApiError> {
    let mut form = Multipart::from_request(request, door).await.map_err(|_| ApiError::UnsupportedMediaType)?;
    let broken = |error: axum::extract::multipart::MultipartError| match error.into_response().status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge,
        _ => ApiError::MalformedBody("the form broke off".to_owned()),
    };
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if part.name() != Some("file") {
            continue;
        }
        // Some browsers send the whole path; only the name says where a row came from.
        let named = part.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if named.is_empty() || named.chars().count() > 200 {
            return Err(ApiError::invalid("file", "a file with a name of at most 200 characters"));
        }
        return Ok((named, part.bytes().await.map_err(broken)?));
    }
    Err(ApiError::invalid("file", "the form has no part of this name"))
}
