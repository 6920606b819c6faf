//! Counts every request and says at debug level what became of it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::door::Door;

/// Measures a request from its head to the head of its answer.
pub async fn observe(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    // The route, never the address itself: ids and searches are nobody's business in a log or a counter.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (took, status) = (begun.elapsed(), response.status());
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    door.metrics.request(&method, route, status.as_u16(), took);
    tracing::debug!(%method, route, status = status.as_u16(), took_us = took.as_micros(), "answered");
    response
}
