//! Service discovery: where this server's endpoint is and which formats it has.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer::Node;
use super::call::Call;
use crate::door::Door;

/// When the services or this description last changed; to be set anew with either.
const CHANGESET: &str = "2025-11-25T00:00:00+08:00";
const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";

pub async fn get_discovery(State(door): State<Arc<Door>>, call: Call) -> Response {
    let word = |code: &'static str| Node::text(door.words.get("open311", code, call.visitor.language));
    let formats = ["text/xml", "application/json"].map(Node::text);
    let endpoint = Node::Fields(vec![
        ("specification", Node::text(SPECIFICATION)),
        ("url", Node::Text(format!("{}/open311/v2", call.origin))),
        ("changeset", Node::text(CHANGESET)),
        ("type", Node::text("production")),
        ("formats", Node::List("format", formats.into())),
    ]);
    let discovery = Node::Fields(vec![
        ("changeset", Node::text(CHANGESET)),
        ("contact", word("contact")),
        ("key_service", word("key_service")),
        ("endpoints", Node::List("endpoint", vec![endpoint])),
    ]);
    call.answer("discovery", Ok(discovery))
}
