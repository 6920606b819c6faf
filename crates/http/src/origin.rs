//! Requests that other sites make a browser send are turned away.
//!
//! The cookie is `SameSite=Strict` already. On top of it, whatever changes something needs a header that no form of
//! another site can send, and must come from our own pages when the browser says where it comes from. A bearer token
//! is never sent by a browser on its own, so requests with one need none of this.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::door::{Door, Settings};
use crate::problem::ApiError;
use crate::session;

/// Lets through what changes nothing or comes from our own pages.
pub async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || session::bearer(request.headers()).is_some() {
        return next.run(request).await;
    }
    match check(&door.settings, request.extensions(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(settings: &Settings, extensions: &Extensions, headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if text("x-tahuang") != Some("1") {
        return Err(ApiError::HeaderMissing);
    }
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(ApiError::CrossOrigin);
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return Ok(()) };
    let host = forwarded(settings, extensions, headers, "x-forwarded-host").or(text(header::HOST.as_str()));
    let from = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match (from, host) {
        (Some(from), Some(host)) if from.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(ApiError::CrossOrigin),
    }
}

/// A header that a proxy adds, believed only of a proxy that the configuration names.
pub fn forwarded<'h>(
    settings: &Settings,
    extensions: &Extensions,
    headers: &'h HeaderMap,
    name: &str,
) -> Option<&'h str> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    if !settings.trusted_proxies.contains(&peer.ip().to_canonical()) {
        return None;
    }
    // A proxy may add a line of its own below what the sender said.
    headers
        .get_all(name)
        .iter()
        .next_back()?
        .to_str()
        .ok()
        .map(|value| value.rsplit(',').next().unwrap_or(value).trim())
}
