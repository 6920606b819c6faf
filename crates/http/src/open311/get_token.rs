//! GET service_request_id from a token: every service answers at once with the id, so no token is ever given.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::Fault;
use super::call::Call;
use crate::door::Door;

pub async fn get_token(State(door): State<Arc<Door>>, call: Call) -> Response {
    let fault = match call.jurisdiction(&door.app) {
        Ok(_) if call.named.is_empty() => Fault::bad("token was not provided"),
        Ok(_) => Fault::not_found("token was not found"),
        Err(fault) => fault,
    };
    call.answer("service_requests", Err(fault))
}
