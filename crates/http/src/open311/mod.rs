//! Open311 GeoReport v2: other programs report cases of residents and follow them, in JSON and in XML.
//!
//! A façade over the commands and queries that everybody uses: a service is a kind that residents may ask for, a service
//! request is a case of theirs, and its id is the case's number. One endpoint in a file, named as the specification names
//! it (<https://wiki.open311.org/GeoReport_v2>); `docs/open311.md` says where an answer is narrower than it could be.
//!
//! Deliberately absent: cookies, so nothing here needs a guard against other sites; places by coordinates; and whoever
//! reports as a person: names, mail addresses, devices and accounts that the specification knows are not kept.

mod answer;
mod call;
mod discovery;
mod get_request;
mod get_requests;
mod get_service;
mod get_services;
mod get_token;
mod moment;
mod post_request;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get};

use crate::door::Door;

/// Limits of this door, in one place.
pub mod limits {
    /// Bytes of a request that is sent: room for the longest description that the specification knows, so that one that is
    /// too long here is told so.
    pub const FORM_BYTES_MAX: usize = 64 * 1024;
    /// Service requests in one answer.
    pub const REQUESTS_MAX: usize = 1_000;
    /// Days that one answer spans.
    pub const DAYS_MAX: i64 = 90;
    /// Service requests that are asked for by their ids at once.
    pub const IDS_MAX: usize = 100;
    /// Characters of an `Idempotency-Key`.
    pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;
}

/// The routes, to be merged beside those that are guarded against other sites.
pub fn routes() -> Router<Arc<Door>> {
    let pictures =
        DefaultBodyLimit::max(crate::residents::limits::PHOTO_FORM_BYTES_MAX * crate::residents::limits::PHOTOS_MAX);
    let requests = || get(get_requests::get_requests).post(post_request::post_request).layer(pictures);
    both("/open311/discovery", || get(discovery::get_discovery))
        .merge(both("/open311/v2/discovery", || get(discovery::get_discovery)))
        .merge(both("/open311/v2/services", || get(get_services::get_services)))
        .merge(both("/open311/v2/requests", requests))
        .route("/open311/v2/services/{file}", get(get_service::get_service))
        .route("/open311/v2/requests/{file}", get(get_request::get_request))
        .route("/open311/v2/tokens/{file}", get(get_token::get_token))
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES_MAX))
}

fn both(path: &str, method: impl Fn() -> MethodRouter<Arc<Door>>) -> Router<Arc<Door>> {
    Router::new().route(&format!("{path}.json"), method()).route(&format!("{path}.xml"), method())
}
