//! GET Service Request: one case by its number.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::{Fault, Node};
use super::call::Call;
use super::request::written;
use crate::door::Door;
use crate::problem::ApiError;

pub async fn get_request(State(door): State<Arc<Door>>, call: Call) -> Response {
    let found = find(&door, &call).await;
    call.answer("service_requests", found)
}

async fn find(door: &Arc<Door>, call: &Call) -> Result<Node, Fault> {
    let key = call.key(door).await?;
    let reach = call.reach(&door.app, &key)?;
    let (number, language) = (call.named.clone(), call.visitor.language);
    let found = door.read(move |door| {
        let asked = door.app.asked_case(&key.asker(), &number)?;
        Ok(reach.contains(asked.subject.area).then(|| written(door, language, &asked)))
    });
    let not_found = || Fault::not_found("service_request_id was not found");
    match found.await {
        Ok(Some(request)) => Ok(Node::List("request", vec![request])),
        Ok(None) | Err(ApiError::NotFound) => Err(not_found()),
        Err(error) => Err(error.into()),
    }
}
