use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::catalog::LEDGER_ROW;
use tahuang_domain::{Refusal, SubjectId, Verb};
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unseal {
    /// The personal field's code.
    pub field: String,
}

#[derive(Serialize, ToSchema)]
pub struct Unsealed {
    pub field: String,
    /// `null` when the personal data was erased.
    pub value: Option<String>,
}

/// Opens one personal field of a record
///
/// For those who handle or correct the record; of a refused ledger row, for those who import. Every opening is written to the
/// server's log with the account, the record and the field.
#[utoipa::path(post, path = "/subjects/{id}/unseal", tag = "records", params(("id" = uuid::Uuid, Path, description = "The record")),
    request_body = Unseal, responses((status = 200, body = Unsealed, description = "The value")))]
pub async fn unseal_subject_field(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Json(body): Json<Unseal>,
) -> Result<Json<Unsealed>, ApiError> {
    door.read(move |door| unseal(door, &asker, id, body.field)).await.map(Json)
}

fn unseal(door: &Door, asker: &SignedIn, id: SubjectId, field: String) -> Result<Unsealed, ApiError> {
    let app = &door.app;
    let view = app.record(&asker.asker, id)?;
    let subject = &view.subject;
    let may = |verb| app.permit(&asker.asker, verb, &subject.kind, subject.area).is_ok();
    let permitted = match subject.kind.as_str() {
        LEDGER_ROW => may(Verb::Import),
        _ => may(Verb::Handle) || may(Verb::Correct),
    };
    if !permitted {
        return Err(Refusal::NotPermitted.into());
    }
    let known = app
        .knowledge()
        .catalog
        .kind(&subject.kind)
        .is_ok_and(|kind| kind.code == LEDGER_ROW || kind.personal.iter().any(|personal| personal.code == field));
    let Some(sealed) = subject.sealed.get(&field) else {
        // Erased data leaves no trace of which fields there were.
        return if known { Ok(Unsealed { field, value: None }) } else { Err(ApiError::NotFound) };
    };
    let value = app.unseal(view.prefecture, id, sealed)?;
    tracing::info!(account = %asker.account.login, subject = %id, field, "a personal field was opened");
    Ok(Unsealed { field, value })
}
