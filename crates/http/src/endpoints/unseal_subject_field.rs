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
    /// The line on which it is, when it is not the record's own.
    #[serde(default)]
    pub line: Option<uuid::Uuid>,
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
    door.read(move |door| unseal(door, &asker, id, &body)).await.map(Json)
}

fn unseal(door: &Door, asker: &SignedIn, id: SubjectId, asked: &Unseal) -> Result<Unsealed, ApiError> {
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
    let field = asked.field.clone();
    let kind = app.knowledge().catalog.kind(&subject.kind).ok();
    let (kept, form) = match asked.line {
        None => (&subject.sealed, kind.map(|kind| &kind.form)),
        Some(line) => {
            let line = subject.lines.iter().find(|known| known.id.0 == line).ok_or(ApiError::NotFound)?;
            (&line.sealed, kind.and_then(|kind| kind.line(&line.kind)).map(|of| &of.form))
        }
    };
    let known = subject.kind == LEDGER_ROW || form.is_some_and(|form| form.personal_field(&field).is_some());
    let Some(sealed) = kept.get(&field) else {
        // Erased data leaves no trace of which fields there were.
        return if known { Ok(Unsealed { field, value: None }) } else { Err(ApiError::NotFound) };
    };
    let value = app.unseal(view.prefecture, id, sealed)?;
    tracing::info!(account = %asker.account.login, subject = %id, field, "a personal field was opened");
    Ok(Unsealed { field, value })
}
