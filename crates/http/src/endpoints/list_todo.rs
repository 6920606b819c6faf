use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::todo::{Due, TodoFilter, TodoPage, Urgency};
use tahuang_domain::{AreaCode, Day, Position, Subject, SubjectId};
use utoipa::{IntoParams, ToSchema};

use crate::cursor;
use crate::door::Door;
use crate::endpoints::list_cases::{CaseItem, item};
use crate::input::{Json, Query, page_rows};
use crate::needs;
use crate::problem::ApiError;
use crate::record::case_steps;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TodoQuery {
    /// Whose work: `mine`, `waiting` (for others), `escalated` (to one's own office) or `area`, which stands when absent.
    page: Option<String>,
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

/// A page of cases, the most urgent first.
#[derive(Serialize, ToSchema)]
pub struct Todo {
    pub items: Vec<TodoItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    pub counts: TodoCounts,
    pub pages: TodoPages,
}

/// A case with what this account may do with it now.
#[derive(Serialize, ToSchema)]
pub struct TodoItem {
    #[serde(flatten)]
    pub case: CaseItem,
    /// How many events it has had; a command names it, so as not to land on a newer record.
    pub revision: u32,
    pub steps: Vec<TodoStep>,
}

/// A step that a case offers.
#[derive(Serialize, ToSchema)]
pub struct TodoStep {
    /// The command's `type`.
    pub command: &'static str,
    pub name: String,
    /// It stands beside the way that a case usually takes.
    pub beside: bool,
    /// The command needs nothing besides, so it can be sent for many cases at once.
    pub plain: bool,
}

/// How many cases stand on each page.
#[derive(Serialize, ToSchema)]
pub struct TodoPages {
    /// What the account leads, assists with or is asked to sign for.
    pub mine: u64,
    /// What it reported or finished, and others go on with.
    pub waiting: u64,
    /// What is so late that its office heard of it.
    pub escalated: u64,
    /// Whatever is due in the area.
    pub area: u64,
}

/// How many cases are due, by urgency.
#[derive(Serialize, ToSchema)]
pub struct TodoCounts {
    /// The day is over.
    pub late: u64,
    /// Today or within two working days.
    pub soon: u64,
    /// After that, or without a clock.
    pub later: u64,
}

/// Lists what is to be done, the most urgent first
///
/// A kind whose catalog names no period has no clock, and neither has a case that came from a ledger; both stand last on
/// the page of whoever handles them, and on `area` not at all.
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
    let after: Option<(Option<Day>, Position)> =
        query.cursor.as_deref().map(|text| cursor::read("todo", text)).transpose()?;
    let urgency = query.urgency.as_deref().map(urgency).transpose()?;
    let page = query.page.as_deref().map_or(Ok(TodoPage::Area), page)?;
    let filter = TodoFilter { page, area, urgency, after, limit: page_rows(query.limit)? };
    let todo = door.app.todo(&asker.asker, &filter)?;
    let speaker = Speaker::new(door, asker.language);
    let [late, soon, later] = todo.counts;
    let [mine, waiting, escalated, all] = todo.pages;
    let steps = |subject: &Subject| {
        let kind = speaker.kind(&subject.kind);
        kind.map(|kind| case_steps(&speaker, &asker.asker, kind, subject)).unwrap_or_default()
    };
    Ok(Todo {
        items: todo.items.iter().map(|(id, case, due)| todo_item(&speaker, *id, case, *due, &steps(case))).collect(),
        next: todo.next.and_then(|place| cursor::write("todo", &place)),
        counts: TodoCounts { late, soon, later },
        pages: TodoPages { mine, waiting, escalated, area: all },
    })
}

/// A case with these steps.
pub fn todo_item(
    speaker: &Speaker<'_>,
    id: SubjectId,
    subject: &Subject,
    due: Option<Due>,
    steps: &[&'static str],
) -> TodoItem {
    let kind = speaker.kind(&subject.kind);
    let told = kind.into_iter().flat_map(|kind| steps.iter().map(move |command| (kind, *command)));
    let steps = told.map(|(kind, command)| {
        let step = needs::step(speaker, kind, command);
        let beside = step.beside;
        TodoStep { command, name: step.name, beside, plain: step.needs.iter().all(|need| !need.required) }
    });
    TodoItem { case: item(speaker, id, subject, due, None), revision: subject.revision, steps: steps.collect() }
}

fn urgency(code: &str) -> Result<Urgency, ApiError> {
    let known = Urgency::ALL.into_iter().find(|urgency| urgency.code() == code);
    known.ok_or_else(|| ApiError::invalid("urgency", "late, soon or later"))
}

fn page(code: &str) -> Result<TodoPage, ApiError> {
    let known = TodoPage::ALL.into_iter().find(|page| page.code() == code);
    known.ok_or_else(|| ApiError::invalid("page", "mine, waiting, escalated or area"))
}
