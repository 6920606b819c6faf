use std::sync::Arc;

use axum::extract::State as Shared;
use serde::{Deserialize, Serialize};
use tahuang_app::todo::Due;
use tahuang_app::{CASE_STATES, CaseFilter};
use tahuang_domain::{AreaCode, Body, Position, Refusal, Shape, Source, State, Subject, SubjectId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::sheet::state_name;
use crate::speaker::{AreaRef, SourcePlace, Speaker};
use crate::{cursor, limits};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// Of this kind; of every kind when absent.
    kind: Option<String>,
    /// In this state, or in these (`reported,accepted`); in any when absent.
    state: Option<String>,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Holding these words.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of cases, newest first.
#[derive(Serialize, ToSchema)]
pub struct Cases {
    pub items: Vec<CaseItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// Journal records that the search has not read yet.
    pub search_behind: u64,
}

#[derive(Serialize, ToSchema)]
pub struct CaseItem {
    pub id: Uuid,
    pub kind: String,
    pub kind_name: String,
    pub title: String,
    pub area: AreaRef,
    pub area_path: String,
    /// The day it was found or received.
    pub day: Option<String>,
    pub state: &'static str,
    pub state_name: String,
    pub handler: Option<String>,
    /// To whom it was offered and who has not signed for it yet.
    pub handover: Option<String>,
    /// By when its next step is due, seen from today; `null` when it has no clock.
    pub due: Option<DueItem>,
    /// The day the work was done.
    pub finished: Option<String>,
    pub outcome_name: Option<String>,
    /// The ledger row that opened it.
    pub source: Option<SourcePlace>,
}

/// A day by which something is due, seen from today.
#[derive(Serialize, ToSchema)]
pub struct DueItem {
    pub day: String,
    /// `late`, `soon` (today or within two working days), or `later`.
    pub urgency: &'static str,
    /// Working days that are left, or by which it is late.
    pub working_days: u16,
}

impl DueItem {
    pub fn of(due: Due) -> Self {
        Self { day: due.day.to_string(), urgency: due.urgency.code(), working_days: due.working_days }
    }
}

/// Lists cases, newest first
#[utoipa::path(get, path = "/cases", tag = "cases", params(CasesQuery),
    responses((status = 200, body = Cases, description = "A page of cases")))]
pub async fn list_cases(
    Shared(door): Shared<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<CasesQuery>,
) -> Result<Json<Cases>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: CasesQuery) -> Result<Cases, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let before: Option<Position> = query.cursor.as_deref().map(|text| cursor::read("cases", text)).transpose()?;
    if query.q.as_ref().is_some_and(|words| words.chars().count() > limits::WORDS_CHARS_MAX) {
        return Err(ApiError::invalid("q", format!("at most {} characters", limits::WORDS_CHARS_MAX)));
    }
    if let Some(kind) = &query.kind
        && !door.app.knowledge().catalog.kind(kind).is_ok_and(|kind| kind.shape == Shape::Case)
    {
        return Err(Refusal::UnknownKind { kind: kind.clone() }.into());
    }
    let filter = CaseFilter {
        kind: query.kind,
        states: states(query.state.as_deref())?,
        area,
        words: query.q,
        before,
        limit: page_rows(query.limit)?,
    };
    let page = door.app.cases(&asker.asker, &filter)?;
    let prefecture = area.prefecture().ok_or(ApiError::NotFound)?;
    let opened: Vec<Position> = page.items.iter().map(|(_, _, opened)| *opened).collect();
    let sources = door.app.sources(prefecture, &opened)?;
    let speaker = Speaker::new(door, asker.language);
    let items = page.items.iter().zip(&sources);
    Ok(Cases {
        items: items
            .map(|((id, case, _), source)| item(&speaker, *id, case, door.app.due_of(case), source.as_ref()))
            .collect(),
        next: page.next.and_then(|position| cursor::write("cases", &position)),
        search_behind: door.app.search_behind(prefecture)?,
    })
}

fn states(text: Option<&str>) -> Result<Vec<State>, ApiError> {
    let codes = text.into_iter().flat_map(|text| text.split(','));
    let known = codes.map(|code| State::from_code(code).filter(|state| CASE_STATES.contains(state)));
    known.collect::<Option<_>>().ok_or_else(|| ApiError::invalid("state", "states of a case, separated by commas"))
}

pub fn item(
    speaker: &Speaker<'_>,
    id: SubjectId,
    subject: &Subject,
    due: Option<Due>,
    source: Option<&Source>,
) -> CaseItem {
    let case = match &subject.body {
        Body::Case(case) => Some(case),
        _ => None,
    };
    CaseItem {
        id: id.0,
        kind: subject.kind.clone(),
        kind_name: speaker.kind_name(&subject.kind),
        title: subject.title.clone(),
        area: speaker.area(subject.area),
        area_path: speaker.path(subject.area),
        day: subject.day.map(|day| day.to_string()),
        state: subject.state.code(),
        state_name: match &subject.body {
            Body::Check(check) => state_name(speaker, subject, check),
            _ => speaker.state(subject.state),
        },
        handler: case.and_then(|case| case.handler.clone()),
        handover: case.and_then(|case| case.handover.as_ref()).map(|handover| handover.to.name.clone()),
        due: due.map(DueItem::of),
        finished: case.and_then(|case| case.finished).map(|day| day.to_string()),
        outcome_name: case.and_then(|case| case.outcome.as_ref()).map(|code| speaker.outcome(&subject.kind, code)),
        source: source.map(SourcePlace::of),
    }
}
