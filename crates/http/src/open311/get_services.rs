//! GET Service List: what residents may ask for.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::{Fault, Node};
use super::call::Call;
use crate::door::Door;
use crate::residents::ask::kinds;

pub async fn get_services(State(door): State<Arc<Door>>, call: Call) -> Response {
    let services = list(&door, &call);
    call.answer("services", services)
}

fn list(door: &Door, call: &Call) -> Result<Node, Fault> {
    call.jurisdiction(&door.app)?;
    let language = call.visitor.language;
    let service = kinds(door).into_iter().map(|(kind, asked)| {
        Node::Fields(vec![
            ("service_code", Node::text(&*kind.code)),
            ("service_name", Node::text(asked.name.get(language))),
            ("description", Node::text(kind.names.get(language))),
            ("metadata", Node::Flag(!asked.fields.is_empty())),
            ("type", Node::text("realtime")),
            ("keywords", Node::Nothing),
            ("group", Node::Nothing),
        ])
    });
    Ok(Node::List("service", service.collect()))
}
