use std::sync::Arc;

use axum::extract::State as Shared;
use serde::Serialize;
use tahuang_domain::catalog::{Field, LEDGER_ROW};
use tahuang_domain::{Kind, State};
use tahuang_intake::Ledger;
use tahuang_intake::ledger::Holds;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::needs::{Need, need_of_field};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{Named, Speaker};

/// What records there are, and what everything is called.
#[derive(Serialize, ToSchema)]
pub struct Catalog {
    pub kinds: Vec<CatalogKind>,
    pub states: Vec<Named>,
    /// What can happen to a record.
    pub events: Vec<Named>,
    pub roles: Vec<Named>,
    pub ledgers: Vec<CatalogLedger>,
}

#[derive(Serialize, ToSchema)]
pub struct CatalogKind {
    pub code: String,
    pub shape: &'static str,
    pub name: String,
    pub fields: Vec<CatalogField>,
    /// How a case of this kind can end.
    pub outcomes: Vec<Named>,
}

#[derive(Serialize, ToSchema)]
pub struct CatalogField {
    #[serde(flatten)]
    pub need: Need,
    /// Sent under `personal` and kept sealed.
    pub personal: bool,
}

/// A ledger format.
#[derive(Serialize, ToSchema)]
pub struct CatalogLedger {
    pub code: String,
    pub name: String,
    pub columns: Vec<CatalogColumn>,
}

#[derive(Serialize, ToSchema)]
pub struct CatalogColumn {
    pub code: String,
    pub name: String,
    pub required: bool,
}

/// Gives the catalog: kinds, states, events, roles and ledgers
#[utoipa::path(get, path = "/catalog", tag = "catalog", responses((status = 200, body = Catalog, description = "The catalog")))]
pub async fn read_catalog(Shared(door): Shared<Arc<Door>>, asker: SignedIn) -> Result<Json<Catalog>, ApiError> {
    let speaker = Speaker::new(&door, asker.language);
    let knowledge = door.app.knowledge();
    let roles = &knowledge.roles;
    let reached = |kind: &&Kind| kind.code != LEDGER_ROW && roles.reaches(&asker.account.grant, &kind.code);
    let states = State::ALL.into_iter();
    Ok(Json(Catalog {
        kinds: knowledge.catalog.kinds().filter(reached).map(|kind| kind_of(&speaker, kind)).collect(),
        states: states.map(|state| Named { code: state.code().to_owned(), name: speaker.state(state) }).collect(),
        events: speaker.words("event"),
        roles: roles
            .iter()
            .filter(|role| !role.of_keys)
            .map(|role| Named { code: role.code.clone(), name: speaker.names(&role.names).to_owned() })
            .collect(),
        ledgers: door.ledgers.iter().map(|ledger| ledger_of(&speaker, ledger)).collect(),
    }))
}

fn ledger_of(speaker: &Speaker<'_>, ledger: &Ledger) -> CatalogLedger {
    let columns = ledger.columns.iter().filter(|column| column.holds != Holds::Ignored);
    CatalogLedger {
        code: ledger.code.clone(),
        name: speaker.names(&ledger.names).to_owned(),
        columns: columns
            .map(|column| CatalogColumn {
                code: column.code.clone(),
                name: column.heading.clone(),
                required: column.required,
            })
            .collect(),
    }
}

fn kind_of(speaker: &Speaker<'_>, kind: &Kind) -> CatalogKind {
    let field = |field: &Field, personal| CatalogField { need: need_of_field(speaker, field), personal };
    let open = kind.form.fields.iter().map(|open| field(open, false));
    CatalogKind {
        code: kind.code.clone(),
        shape: kind.shape.code(),
        name: speaker.names(&kind.names).to_owned(),
        fields: open.chain(kind.form.personal.iter().map(|personal| field(personal, true))).collect(),
        outcomes: kind
            .outcomes
            .iter()
            .map(|outcome| Named { code: outcome.code.clone(), name: speaker.names(&outcome.name).to_owned() })
            .collect(),
    }
}
