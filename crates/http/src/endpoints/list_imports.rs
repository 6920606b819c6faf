use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::Door;
use crate::imports::{ImportJob, SheetSummary};
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::moment;

/// The account's workbooks since the server started, newest first.
#[derive(Serialize, ToSchema)]
pub struct Imports {
    pub items: Vec<ImportSummary>,
}

#[derive(Serialize, ToSchema)]
pub struct ImportSummary {
    pub id: Uuid,
    pub file: String,
    /// `previewed`, `running`, `done` or `failed`.
    pub state: &'static str,
    pub at: String,
    pub accepted: u64,
    pub refused: u64,
    pub unchanged: u64,
}

/// Lists the workbooks that this account sent
#[utoipa::path(get, path = "/imports", tag = "imports",
    responses((status = 200, body = Imports, description = "The workbooks")))]
pub async fn list_imports(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Json<Imports>, ApiError> {
    let jobs = door.imports.of(asker.account.id);
    Ok(Json(Imports { items: jobs.iter().map(|job| summary(job)).collect() }))
}

fn summary(job: &ImportJob) -> ImportSummary {
    let progress = job.progress();
    let count = |of: fn(&SheetSummary) -> u64| progress.sheets.iter().map(of).sum();
    ImportSummary {
        id: job.id,
        file: job.file.clone(),
        state: progress.state.code(),
        at: moment(job.at),
        accepted: count(|sheet| sheet.accepted),
        refused: count(|sheet| sheet.refused),
        unchanged: count(|sheet| sheet.unchanged),
    }
}
