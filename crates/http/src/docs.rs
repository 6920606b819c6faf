//! The API's description, for programs and for people. Its page needs nothing from elsewhere.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::problem::ApiError;

static DESCRIPTION: OnceLock<Option<Vec<u8>>> = OnceLock::new();

/// The OpenAPI file.
pub async fn read_openapi() -> Result<Response, ApiError> {
    let text = DESCRIPTION.get_or_init(|| serde_json::to_vec(&crate::openapi()).ok()).as_deref();
    let text = text.ok_or_else(|| ApiError::Internal("the OpenAPI file cannot be written".to_owned()))?;
    Ok(file("application/json", text))
}

/// The page that shows it.
pub async fn read_docs() -> Response {
    file("text/html; charset=utf-8", include_bytes!("docs/docs.html"))
}

/// The page's script.
pub async fn read_docs_script() -> Response {
    file("text/javascript; charset=utf-8", include_bytes!("docs/docs.js"))
}

/// The page's style.
pub async fn read_docs_style() -> Response {
    file("text/css; charset=utf-8", include_bytes!("docs/docs.css"))
}

fn file(content_type: &'static str, bytes: &'static [u8]) -> Response {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], bytes).into_response()
}
