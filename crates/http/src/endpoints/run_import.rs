use std::sync::Arc;

use axum::extract::State;
use uuid::Uuid;

use super::read_import::Import;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// Brings a previewed workbook in
///
/// Answers at once; `GET /imports/{id}` tells how far it is. Rows that cannot be accepted are kept as ledger rows to be
/// fixed.
#[utoipa::path(post, path = "/imports/{id}/run", tag = "imports", params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, body = Import, description = "It has begun")))]
pub async fn run_import(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Json<Import>, ApiError> {
    let job = door.imports.find(asker.account.id, id)?;
    door.start_import(&job)?;
    Ok(Json(Import::of(&Speaker::new(&door, asker.language), &job)))
}
