use std::sync::Arc;

use axum::extract::State;
use tahuang_domain::SubjectId;

use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::sheet::{Sheet, sheet};
use crate::speaker::Speaker;

/// Gives the sheet of a check with the cases that it opened
///
/// Its files and its history are those of the record: see `read_subject`.
#[utoipa::path(get, path = "/checks/{id}", tag = "checks", params(("id" = uuid::Uuid, Path, description = "The sheet")),
    responses((status = 200, body = Sheet, description = "The sheet")))]
pub async fn read_check(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
) -> Result<Json<Sheet>, ApiError> {
    let read = door.read(move |door| {
        let seen = door.app.sheet(&asker.asker, id)?;
        sheet(&Speaker::new(door, asker.language), &asker.asker, &seen).ok_or(ApiError::NotFound)
    });
    read.await.map(Json)
}
