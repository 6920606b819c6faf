use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tahuang_intake::{RowReport, SheetReport, Verdict};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::Door;
use crate::imports::ImportJob;
use crate::input::{Json, Segment};
use crate::limits;
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
    /// The refused rows and the first of the others, as many as a preview needs.
    pub rows: Vec<ImportRow>,
}

#[derive(Serialize, ToSchema)]
pub struct ImportColumn {
    pub heading: String,
    pub column: Option<String>,
    pub column_name: Option<String>,
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
            sheets: progress.sheets.iter().map(|report| ImportSheet::of(speaker, report)).collect(),
        }
    }
}

impl ImportSheet {
    fn of(speaker: &Speaker<'_>, report: &SheetReport) -> Self {
        let ledger = report.ledger.as_deref().and_then(|code| speaker.ledger(code));
        let column_name =
            |code: &str| ledger.and_then(|ledger| ledger.column(code)).map(|column| column.heading.clone());
        let columns = report.columns.iter().enumerate().filter(|(_, (heading, _))| !heading.is_empty());
        let columns = columns.map(|(index, (heading, column))| ImportColumn {
            heading: heading.clone(),
            column_name: column.as_deref().and_then(column_name),
            column: column.clone(),
            samples: samples(report, index),
        });
        let refused =
            report.rows.iter().filter(|row| row.verdict == Verdict::Refused).take(limits::PREVIEW_REFUSED_MAX);
        let others = report.rows.iter().filter(|row| row.verdict != Verdict::Refused).take(limits::PREVIEW_ROWS);
        let mut rows: Vec<&RowReport> = refused.chain(others).collect();
        rows.sort_unstable_by_key(|row| row.row);
        Self {
            sheet: report.sheet.clone(),
            ledger: ledger
                .map(|ledger| Named { code: ledger.code.clone(), name: speaker.names(&ledger.names).to_owned() }),
            heading_row: report.heading_row,
            accepted: report.count(Verdict::Accepted),
            refused: report.count(Verdict::Refused),
            unchanged: report.count(Verdict::Unchanged),
            totals: report.totals,
            columns: columns.collect(),
            missing: report
                .missing
                .iter()
                .map(|(code, name)| Named { code: code.clone(), name: name.clone() })
                .collect(),
            rows: rows.into_iter().map(|row| ImportRow::of(report, row)).collect(),
        }
    }
}

impl ImportRow {
    fn of(report: &SheetReport, row: &RowReport) -> Self {
        let (code, message) = row.refusal.clone().unzip();
        let verdict = match row.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Unchanged => "unchanged",
            Verdict::Refused => "refused",
        };
        let named = report.columns.iter().zip(&row.cells).filter(|((heading, _), _)| !heading.is_empty());
        Self { row: row.row, verdict, code, message, cells: named.map(|(_, cell)| cell.clone()).collect() }
    }
}

fn samples(report: &SheetReport, column: usize) -> Vec<String> {
    let cells = report.rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
    cells.take(3).cloned().collect()
}
