//! Papers as answers: a document of [`tahuang_press`], printed on a thread that may block, a few at a time.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use tahuang_press::{Document, PressError};

use crate::door::Door;
use crate::endpoints::read_subject_file::encoded;
use crate::problem::ApiError;

/// Makes a document and prints it. What it says may be read from the store.
pub async fn print(
    door: &Arc<Door>,
    make: impl FnOnce(&Arc<Door>) -> Result<Document, ApiError> + Send + 'static,
) -> Result<Vec<u8>, ApiError> {
    let turn = door.prints.turn().await?;
    door.blocking(turn, |door| {
        let printed = tahuang_press::press(&make(door)?, &door.fonts);
        if let Err(PressError::FontUnreadable(file)) = &printed {
            tracing::error!(file = %file.display(), "a font file cannot be read");
        }
        Ok(printed?)
    })
    .await
}

/// A PDF that is saved under a name.
pub fn response(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", encoded(name))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
