use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::todo::{TodoFilter, Urgency};
use tahuang_domain::{AreaCode, Day, Position};
use utoipa::{IntoParams, ToSchema};

use crate::cursor;
use crate::door::Door;
use crate::endpoints::list_cases::{CaseItem, item};
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TodoQuery {
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Only `late`, `soon` or `later`; all when absent.
    urgency: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of cases that are due, the most urgent first.
#[derive(Serialize, ToSchema)]
pub struct Todo {
    pub items: Vec<CaseItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    pub counts: TodoCounts,
}

/// How many cases are due, by urgency.
#[derive(Serialize, ToSchema)]
pub struct TodoCounts {
    /// The day is over.
    pub late: u64,
    /// Today or within two working days.
    pub soon: u64,
    /// After that.
    pub later: u64,
}

/// Lists cases that are due, the most urgent first
///
/// A kind whose catalog names no period has no clock, and neither has a case that came from a ledger; both stand only in
/// `list_cases`.
#[utoipa::path(get, path = "/todo", tag = "cases", params(TodoQuery),
    responses((status = 200, body = Todo, description = "A page of cases")))]
pub async fn list_todo(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<TodoQuery>,
) -> Result<Json<Todo>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: TodoQuery) -> Result<Todo, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let after: Option<(Day, Position)> = query.cursor.as_deref().map(|text| cursor::read("todo", text)).transpose()?;
    let urgency = query.urgency.as_deref().map(urgency).transpose()?;
    let filter = TodoFilter { area, urgency, after, limit: page_rows(query.limit)? };
    let todo = door.app.todo(&asker.asker, &filter)?;
    let speaker = Speaker::new(door, asker.language);
    let [late, soon, later] = todo.counts;
    Ok(Todo {
        items: todo.items.iter().map(|(id, case, due)| item(&speaker, *id, case, Some(*due), None)).collect(),
        next: todo.next.and_then(|place| cursor::write("todo", &place)),
        counts: TodoCounts { late, soon, later },
    })
}

fn urgency(code: &str) -> Result<Urgency, ApiError> {
    let known = Urgency::ALL.into_iter().find(|urgency| urgency.code() == code);
    known.ok_or_else(|| ApiError::invalid("urgency", "late, soon or later"))
}
