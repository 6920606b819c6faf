//! Papers as answers: a document of [`tahuang_press`], printed on a thread that may block, a few at a time.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use tahuang_app::files::OpenFileError;
use tahuang_app::{Asker, RecordView};
use tahuang_domain::{MediaType, Purpose};
use tahuang_press::document::Picture;
use tahuang_press::limits::PICTURES_BYTES_MAX;
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

/// Pictures of a record that are printed with its papers, and the names of files that are kept beside them: other formats,
/// what is missing, and what is more than a paper holds. What came with a report is not among them.
///
/// # Errors
/// When a file cannot be read.
pub fn pictures(door: &Door, asker: &Asker, view: &RecordView) -> Result<(Vec<Picture>, Vec<String>), ApiError> {
    let (mut printed, mut beside, mut room) = (Vec::new(), Vec::new(), PICTURES_BYTES_MAX as u64);
    for file in view.subject.files.iter().filter(|file| file.purpose != Purpose::Report) {
        let name = file.name.clone().unwrap_or_else(|| file.media_type.name().to_owned());
        if !matches!(file.media_type, MediaType::Jpeg | MediaType::Png) || file.bytes > room {
            beside.push(name);
            continue;
        }
        match door.app.open_file(asker, view.id, file.id) {
            Ok(opened) => {
                room -= file.bytes;
                printed.push(Picture { bytes: Arc::new(opened.bytes), caption: name });
            }
            Err(OpenFileError::Missing(_)) => beside.push(name),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((printed, beside))
}
