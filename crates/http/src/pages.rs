//! The pages: files that the server hands in, and the headers that keep a browser from doing what they do not need.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::door::Door;
use crate::problem::ApiError;

/// A file of the pages.
pub struct Asset {
    /// Its contents.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub content_type: String,
    /// Changes when the contents do.
    pub tag: String,
}

/// Where the pages come from.
pub trait Assets: Send + Sync + 'static {
    /// The file with this path, without a slash at its beginning.
    fn get(&self, path: &str) -> Option<Asset>;
}

/// A server without pages.
#[derive(Debug)]
pub struct NoAssets;

impl Assets for NoAssets {
    fn get(&self, _: &str) -> Option<Asset> {
        None
    }
}

/// Only what comes with the server itself is loaded, and no other site may show it in a frame. Charts and date pickers set
/// style attributes, which can do no harm without scripts.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Headers that every answer has.
pub async fn secure(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/v1/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What an answer says of itself is stricter: a file of a record runs nothing at all, a page for residents its own script.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if is_api {
        // Records are seen by whoever may see them now, not by whoever finds them in a cache.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Gives a file of the pages, or the page itself for the addresses inside of it.
pub async fn serve(State(door): State<Arc<Door>>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return ApiError::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::MethodNotAllowed.into_response();
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let file = if path.is_empty() { None } else { door.assets.get(path) };
    let (asset, cache) = match file {
        // The build names these after their contents.
        Some(asset) if path.starts_with("assets/") => (Some(asset), "public, max-age=31536000, immutable"),
        Some(asset) => (Some(asset), "no-cache"),
        None if last.contains('.') => (None, ""),
        None => (door.assets.get("index.html"), "no-cache"),
    };
    let Some(asset) = asset else { return ApiError::NotFound.into_response() };
    let tag = format!("\"{}\"", asset.tag);
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let head =
        [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, asset.bytes.into_owned()).into_response()
}
