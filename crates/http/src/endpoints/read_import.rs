use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tahuang_intake::{RowReport, Verdict};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::Door;
use crate::imports::{ImportJob, SheetSummary};
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{Named, Speaker, moment};

/// A workbook on its way in.
#[derive(Serialize, ToSchema)]
pub struct Import {
    pub id: Uuid,
    pub file: String,
    pub bytes: u64,
    /// `previewed`, `running`, `done` or `failed`.
    pub state: &'static str,
    /// Rows done, while it runs.
    pub done: u64,
    pub total: u64,
    /// Why it failed. What was brought in before stays; run it again to go on.
    pub problem: Option<ImportProblem>,
    pub at: String,
    /// What a person has said that headings mean: heading → code or usual heading of a column.
    pub headings: BTreeMap<String, String>,
    pub sheets: Vec<ImportSheet>,
}

#[derive(Serialize, ToSchema)]
pub struct ImportProblem {
    pub code: String,
    pub message: String,
}

#[derive(Serialize, ToSchema)]
pub struct ImportSheet {
    pub sheet: String,
    /// The recognised ledger format.
    pub ledger: Option<Named>,
    pub heading_row: Option<u32>,
    pub accepted: u64,
    pub refused: u64,
    pub unchanged: u64,
    /// Rows that only add up others.
    pub totals: u64,
    pub columns: Vec<ImportColumn>,
    /// Required columns that no heading means.
    pub missing: Vec<Named>,
    /// The refused rows, and of a preview the first of the others.
    pub rows: Vec<ImportRow>,
}

#[derive(Serialize, ToSchema)]
pub struct ImportColumn {
    pub heading: String,
    pub column: Option<String>,
    pub column_name: Option<String>,
    /// The first texts in it, while it is a preview.
    pub samples: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ImportRow {
    /// The row as Excel counts it.
    pub row: u32,
    /// `accepted`, `refused` or `unchanged`.
    pub verdict: &'static str,
    pub code: Option<String>,
    pub message: Option<String>,
    pub cells: Vec<String>,
}

/// Gives a workbook on its way in
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, body = Import, description = "How far it is")))]
pub async fn read_import(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Json<Import>, ApiError> {
    let job = door.imports.find(asker.account.id, id)?;
    Ok(Json(Import::of(&Speaker::new(&door, asker.language), &job)))
}

impl Import {
    pub fn of(speaker: &Speaker<'_>, job: &ImportJob) -> Self {
        let progress = job.progress();
        Self {
            id: job.id,
            file: job.file.clone(),
            bytes: job.bytes,
            state: progress.state.code(),
            done: progress.done,
            total: progress.total,
            problem: progress.problem.map(|(code, message)| ImportProblem { code, message }),
            at: moment(job.at),
            headings: progress.headings,
            sheets: progress.sheets.iter().map(|summary| ImportSheet::of(speaker, summary)).collect(),
        }
    }
}

impl ImportSheet {
    fn of(speaker: &Speaker<'_>, summary: &SheetSummary) -> Self {
        let ledger = summary.ledger.as_deref().and_then(|code| speaker.ledger(code));
        let column_name =
            |code: &str| ledger.and_then(|ledger| ledger.column(code)).map(|column| column.heading.clone());
        let columns = summary.columns.iter().filter(|column| !column.heading.is_empty());
        let columns = columns.map(|column| ImportColumn {
            heading: column.heading.clone(),
            column_name: column.column.as_deref().and_then(column_name),
            column: column.column.clone(),
            samples: column.samples.clone(),
        });
        Self {
            sheet: summary.sheet.clone(),
            ledger: ledger
                .map(|ledger| Named { code: ledger.code.clone(), name: speaker.names(&ledger.names).to_owned() }),
            heading_row: summary.heading_row,
            accepted: summary.accepted,
            refused: summary.refused,
            unchanged: summary.unchanged,
            totals: summary.totals,
            columns: columns.collect(),
            missing: summary
                .missing
                .iter()
                .map(|(code, name)| Named { code: code.clone(), name: name.clone() })
                .collect(),
            rows: summary.rows.iter().map(|row| ImportRow::of(summary, row)).collect(),
        }
    }
}

impl ImportRow {
    fn of(summary: &SheetSummary, row: &RowReport) -> Self {
        let (code, message) = row.refusal.clone().unzip();
        let verdict = match row.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Unchanged => "unchanged",
            Verdict::Refused => "refused",
        };
        let named = summary.columns.iter().zip(&row.cells).filter(|(column, _)| !column.heading.is_empty());
        Self { row: row.row, verdict, code, message, cells: named.map(|(_, cell)| cell.clone()).collect() }
    }
}
