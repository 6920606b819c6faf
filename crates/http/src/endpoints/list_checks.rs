use std::sync::Arc;

use axum::extract::State as Shared;
use serde::{Deserialize, Serialize};
use tahuang_app::CaseFilter;
use tahuang_app::checks::AfterSheet;
use tahuang_domain::{AreaCode, Position, State};
use utoipa::{IntoParams, ToSchema};

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::sheet::{CheckRow, row};
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChecksQuery {
    /// `open` (something waits to be looked at again, the earliest day first), which stands when absent, or `completed`
    /// (newest first).
    state: Option<String>,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of sheets.
#[derive(Serialize, ToSchema)]
pub struct Checks {
    pub items: Vec<CheckRow>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// Lists sheets of checks
#[utoipa::path(get, path = "/checks", tag = "checks", params(ChecksQuery),
    responses((status = 200, body = Checks, description = "A page of sheets")))]
pub async fn list_checks(
    Shared(door): Shared<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<ChecksQuery>,
) -> Result<Json<Checks>, ApiError> {
    door.read(move |door| list(door, &asker, &query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: &ChecksQuery) -> Result<Checks, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let limit = page_rows(query.limit)?;
    let (rows, next) = match query.state.as_deref() {
        None | Some("open") => {
            let after: Option<AfterSheet> =
                query.cursor.as_deref().map(|text| cursor::read("checks-open", text)).transpose()?;
            let (rows, next) = door.app.waiting_sheets(&asker.asker, area, after, limit)?;
            (rows, next.and_then(|place| cursor::write("checks-open", &place)))
        }
        Some("completed") => {
            let before: Option<Position> =
                query.cursor.as_deref().map(|text| cursor::read("checks-completed", text)).transpose()?;
            let states = vec![State::Completed];
            let filter = CaseFilter { kind: None, states, area, words: None, before, limit };
            let page = door.app.sheets(&asker.asker, &filter)?;
            (page.items, page.next.and_then(|position| cursor::write("checks-completed", &position)))
        }
        Some(_) => return Err(ApiError::invalid("state", "open or completed")),
    };
    let prefecture = area.prefecture().ok_or(ApiError::NotFound)?;
    let speaker = Speaker::new(door, asker.language);
    let items = rows.iter().filter_map(|(id, subject, opened)| row(&speaker, (*id, prefecture, *opened), subject));
    Ok(Checks { items: items.collect(), next })
}
