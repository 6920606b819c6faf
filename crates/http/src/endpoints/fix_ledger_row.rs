use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use tahuang_domain::SubjectId;
use tahuang_intake::{fix_row, open_row};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list_ledger_rows::LedgerRow;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// Cells to be replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendedCells {
    /// Heading → text.
    cells: BTreeMap<String, String>,
}

/// Mends a refused ledger row and brings it in
///
/// The row becomes a record and counts from now on. When something is still wrong, the problem says what, with the heading
/// of the cell to blame, and the row stays as it was.
#[utoipa::path(post, path = "/ledger-rows/{id}/fix", tag = "imports", params(("id" = Uuid, Path, description = "The row")),
    request_body = MendedCells, responses((status = 200, body = LedgerRow, description = "The row, fixed")))]
pub async fn fix_ledger_row(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
    Json(body): Json<MendedCells>,
) -> Result<Json<LedgerRow>, ApiError> {
    if let Some((heading, _)) = body.cells.iter().find(|(_, text)| text.chars().count() > limits::CELL_CHARS_MAX) {
        return Err(ApiError::InvalidField {
            field: heading.clone(),
            problem: format!("at most {} characters", limits::CELL_CHARS_MAX),
        });
    }
    let fixed = door.read(move |door| {
        let id = SubjectId(id);
        fix_row(&door.app, &door.ledgers, &asker.asker, id, &body.cells)?.map_err(ApiError::Row)?;
        let (_, _, opened) = open_row(&door.app, &asker.asker, id)?;
        let row = door.app.waiting_row(&asker.asker, id)?;
        Ok(LedgerRow::of(&Speaker::new(door, asker.language), row, opened))
    });
    fixed.await.map(Json)
}
