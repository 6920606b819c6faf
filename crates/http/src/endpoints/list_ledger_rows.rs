use std::sync::Arc;

use axum::extract::State as Shared;
use serde::{Deserialize, Serialize};
use tahuang_app::{CaseFilter, RefusedRow};
use tahuang_domain::{AreaCode, Position, Shape, State};
use tahuang_intake::{LedgerRow as OpenedRow, open_row};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{Named, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerRowsQuery {
    /// `refused` (the default), `fixed` or `set_aside`.
    state: Option<String>,
    /// Only rows of this workbook.
    file: Option<String>,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of ledger rows that could not be accepted, newest first.
#[derive(Serialize, ToSchema)]
pub struct LedgerRows {
    pub items: Vec<LedgerRow>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    pub counts: LedgerRowCounts,
}

#[derive(Default, Serialize, ToSchema)]
pub struct LedgerRowCounts {
    pub refused: u64,
    pub fixed: u64,
    pub set_aside: u64,
}

/// A ledger row that could not be accepted.
#[derive(Serialize, ToSchema)]
pub struct LedgerRow {
    pub id: Uuid,
    pub file: String,
    pub sheet: String,
    /// The row as Excel counts it.
    pub row: u32,
    pub ledger: Option<Named>,
    /// The permanent code of the refusal.
    pub code: String,
    pub message: String,
    /// The heading of the cell to blame.
    pub column: Option<String>,
    /// `refused`, `fixed` or `set_aside`.
    pub state: &'static str,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The record that it became.
    pub record: Option<Uuid>,
    /// Its cells, opened for whoever may mend it; none in a list of fixed rows.
    pub cells: Vec<RowCell>,
}

#[derive(Serialize, ToSchema)]
pub struct RowCell {
    pub heading: String,
    pub text: String,
}

/// Lists ledger rows that could not be accepted
///
/// The cells of rows that can still be mended are opened; how many, and for which account, is written to the server's log.
#[utoipa::path(get, path = "/ledger-rows", tag = "imports", params(LedgerRowsQuery),
    responses((status = 200, body = LedgerRows, description = "A page of rows")))]
pub async fn list_ledger_rows(
    Shared(door): Shared<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<LedgerRowsQuery>,
) -> Result<Json<LedgerRows>, ApiError> {
    door.read(move |door| list(door, &asker, &query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: &LedgerRowsQuery) -> Result<LedgerRows, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let state = match query.state.as_deref().unwrap_or("refused") {
        "refused" => State::Refused,
        "fixed" => State::Fixed,
        "set_aside" => State::SetAside,
        _ => return Err(ApiError::invalid("state", "refused, fixed or set_aside")),
    };
    let before: Option<Position> = query.cursor.as_deref().map(|text| cursor::read("ledger_rows", text)).transpose()?;
    let limit = page_rows(query.limit)?;
    let mut filter = CaseFilter { kind: None, states: vec![state], area, words: None, before, limit };
    let mut rows: Vec<RefusedRow> = Vec::new();
    // The workbook's name is no key of the store: pages are read until there are enough, or enough were looked at.
    let mut looked_at = 0;
    loop {
        let page = door.app.waiting_rows(&asker.asker, &filter)?;
        looked_at += page.items.len();
        filter.before = page.next;
        let wanted =
            page.items.into_iter().filter(|row| query.file.as_ref().is_none_or(|file| row.source.file == *file));
        rows.extend(wanted);
        if filter.before.is_none() || rows.len() >= limit || looked_at >= limits::LEDGER_ROWS_LOOKED_AT_MAX {
            break;
        }
    }
    if rows.len() > limit {
        rows.truncate(limit);
        filter.before = rows.last().map(|row| row.opened);
    }
    let speaker = Speaker::new(door, asker.language);
    let opened = if state == State::Fixed { 0 } else { rows.len() };
    if opened > 0 {
        tracing::info!(account = %asker.account.login, rows = opened, "refused rows were opened");
    }
    let items: Result<Vec<LedgerRow>, ApiError> = rows
        .into_iter()
        .map(|row| {
            // A fixed row is a record, which is where it is read.
            let opened = match row.state {
                State::Fixed => None,
                _ => open_row(&door.app, &asker.asker, row.id)?.2,
            };
            Ok(LedgerRow::of(&speaker, row, opened))
        })
        .collect();
    Ok(LedgerRows {
        items: items?,
        next: filter.before.and_then(|position| cursor::write("ledger_rows", &position)),
        counts: counts(door, area)?,
    })
}

fn counts(door: &Door, area: AreaCode) -> Result<LedgerRowCounts, ApiError> {
    let prefecture = area.prefecture().ok_or(ApiError::NotFound)?;
    let mut counts = LedgerRowCounts::default();
    for (_, state, _, count) in door.app.store().counts(prefecture, Shape::LedgerRow, area)? {
        match state {
            State::Refused => counts.refused += count,
            State::Fixed => counts.fixed += count,
            State::SetAside => counts.set_aside += count,
            _ => {}
        }
    }
    Ok(counts)
}

impl LedgerRow {
    pub fn of(speaker: &Speaker<'_>, row: RefusedRow, opened: Option<OpenedRow>) -> Self {
        let ledger = row.ledger.as_deref().and_then(|code| speaker.ledger(code));
        let cells = opened.into_iter().flat_map(|opened| opened.cells).filter(|cell| !cell.heading.is_empty());
        Self {
            id: row.id.0,
            file: row.source.file,
            sheet: row.source.sheet,
            row: row.source.row,
            ledger: ledger
                .map(|ledger| Named { code: ledger.code.clone(), name: speaker.names(&ledger.names).to_owned() }),
            code: row.code,
            message: row.message,
            column: row.column,
            state: row.state.code(),
            reason: row.reason,
            record: row.record.map(|record| record.0),
            cells: cells.map(|cell| RowCell { text: cell.value.text(), heading: cell.heading }).collect(),
        }
    }
}
