use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::sheet::{ListItem, list_item};
use crate::speaker::Speaker;

/// The lists by which places are checked.
#[derive(Serialize, ToSchema)]
pub struct Checklists {
    pub items: Vec<ListItem>,
}

/// Lists the lists by which places are checked, each in its newest version
#[utoipa::path(get, path = "/checklists", tag = "checks",
    responses((status = 200, body = Checklists, description = "The lists")))]
pub async fn list_checklists(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Json<Checklists>, ApiError> {
    let speaker = Speaker::new(&door, asker.language);
    let lists = door.app.knowledge().catalog.checklists.newest();
    Ok(Json(Checklists { items: lists.map(|list| list_item(&speaker, list)).collect() }))
}
