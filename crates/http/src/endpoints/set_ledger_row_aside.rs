use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use tahuang_domain::{Action, Command, SubjectId};
use tahuang_intake::open_row;
use tahuang_store::Outcome;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list_ledger_rows::LedgerRow;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Why the row is no record.
    reason: String,
}

/// Sets a refused ledger row aside with a reason
///
/// The row stays where it can be read, and can still be fixed.
#[utoipa::path(post, path = "/ledger-rows/{id}/set-aside", tag = "imports", params(("id" = Uuid, Path, description = "The row")),
    request_body = SetAside, responses((status = 200, body = LedgerRow, description = "The row, set aside")))]
pub async fn set_ledger_row_aside(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
    Json(body): Json<SetAside>,
) -> Result<Json<LedgerRow>, ApiError> {
    let set_aside = door.read(move |door| {
        let id = SubjectId(id);
        let (prefecture, _, opened) = open_row(&door.app, &asker.asker, id)?;
        let action = Action::SetRowAside { reason: body.reason };
        let command = Command { id: door.app.ids().command(), subject: id, revision: None, source: None, action };
        for answer in door.app.submit(prefecture, &asker.asker, vec![command])? {
            if let Outcome::Refused { code, message, .. } = answer.outcome {
                return Err(ApiError::Entry { code, message });
            }
        }
        let row = door.app.waiting_row(&asker.asker, id)?;
        Ok(LedgerRow::of(&Speaker::new(door, asker.language), row, opened))
    });
    set_aside.await.map(Json)
}
