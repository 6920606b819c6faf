use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use tahuang_domain::{Attachment, Purpose, SubjectId};

use crate::door::Door;
use crate::input::Segments;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Whatever a file holds, it loads nothing and runs nothing when it is opened by itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Gives the bytes of a file
///
/// For whoever may read the record. What came with the report (`report`) is personal: it is given to those who handle or
/// correct the record, and every time is written to the server's log with the account, the record and the file.
#[utoipa::path(get, path = "/subjects/{id}/files/{file}", tag = "records",
    params(("id" = uuid::Uuid, Path, description = "The record"), ("file" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, description = "The file",
        content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "application/pdf")))))]
pub async fn read_subject_file(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segments(id, file): Segments<SubjectId, SubjectId>,
) -> Result<Response, ApiError> {
    let opened = door.read(move |door| {
        let opened = door.app.open_file(&asker.asker, id, file)?;
        if opened.attachment.purpose == Purpose::Report {
            tracing::info!(account = %asker.account.login, subject = %id, %file, "a personal file was opened");
        }
        Ok(opened)
    });
    let opened = opened.await?;
    let headers = [
        (header::CONTENT_TYPE, opened.attachment.media_type.name().to_owned()),
        (header::CONTENT_DISPOSITION, disposition(&opened.attachment)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (HeaderName::from_static("x-download-options"), "noopen".to_owned()),
    ];
    Ok((headers, opened.bytes).into_response())
}

/// Pictures are shown, papers are saved, under the name that they came with (RFC 6266).
fn disposition(file: &Attachment) -> String {
    let how = if file.media_type.is_picture() { "inline" } else { "attachment" };
    match &file.name {
        None => how.to_owned(),
        Some(name) => format!("{how}; filename*=UTF-8''{}", encoded(name)),
    }
}

/// Percent-encoded but for what RFC 5987 lets stand.
pub(crate) fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_stands_in_a_header_whatever_is_in_it() {
        assert_eq!(super::encoded("加固后 1.pdf"), "%E5%8A%A0%E5%9B%BA%E5%90%8E%201.pdf");
        assert_eq!(super::encoded("a\"\r\nSet-Cookie: b"), "a%22%0D%0ASet-Cookie%3A%20b");
    }
}
