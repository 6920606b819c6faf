use std::sync::Arc;

use axum::extract::State as Shared;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tahuang_app::{ACTIVITY_STATES, CaseFilter};
use tahuang_domain::{AreaCode, Body, Position, Refusal, Shape, State, Subject, SubjectId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActivitiesQuery {
    /// Of this kind; of every kind when absent.
    kind: Option<String>,
    /// `planned`, `recorded` or `cancelled`; in any when absent.
    state: Option<String>,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of activities, the one entered last first.
#[derive(Serialize, ToSchema)]
pub struct Activities {
    pub items: Vec<ActivityItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ActivityItem {
    pub id: Uuid,
    pub kind: String,
    pub kind_name: String,
    pub title: String,
    pub area_path: String,
    pub day: Option<String>,
    pub until: Option<String>,
    /// Times of the day, as `09:30`.
    pub starts: Option<String>,
    pub ends: Option<String>,
    pub place: Option<String>,
    pub people: Option<i64>,
    /// Organisations that take part, the one that leads first.
    pub organisations: Vec<String>,
    /// What was found on it, and how many of that became cases.
    pub findings: usize,
    pub findings_handed_on: usize,
    pub state: &'static str,
    pub state_name: String,
}

/// Lists activities, planned and held
#[utoipa::path(get, path = "/activities", tag = "activities", params(ActivitiesQuery),
    responses((status = 200, body = Activities, description = "A page of activities")))]
pub async fn list_activities(
    Shared(door): Shared<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<ActivitiesQuery>,
) -> Result<Json<Activities>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: ActivitiesQuery) -> Result<Activities, ApiError> {
    let before: Option<Position> = query.cursor.as_deref().map(|text| cursor::read("activities", text)).transpose()?;
    if let Some(kind) = &query.kind
        && !door.app.knowledge().catalog.kind(kind).is_ok_and(|kind| kind.shape == Shape::Activity)
    {
        return Err(Refusal::UnknownKind { kind: kind.clone() }.into());
    }
    let state = query.state.as_deref().map(|code| {
        let known = State::from_code(code).filter(|state| ACTIVITY_STATES.contains(state));
        known.ok_or_else(|| ApiError::invalid("state", "planned, recorded or cancelled"))
    });
    let filter = CaseFilter {
        kind: query.kind,
        states: state.transpose()?.into_iter().collect(),
        area: query.area.unwrap_or(asker.account.grant.scope),
        words: None,
        before,
        limit: page_rows(query.limit)?,
    };
    let page = door.app.activities(&asker.asker, &filter)?;
    let speaker = Speaker::new(door, asker.language);
    Ok(Activities {
        items: page.items.iter().map(|(id, subject, _)| item(&speaker, *id, subject)).collect(),
        next: page.next.and_then(|position| cursor::write("activities", &position)),
    })
}

fn item(speaker: &Speaker<'_>, id: SubjectId, subject: &Subject) -> ActivityItem {
    let text = |code: &str| subject.fields.get(code).and_then(Value::as_str).map(str::to_owned);
    let (until, people) = match &subject.body {
        Body::Activity { until, people } => (*until, *people),
        _ => (None, None),
    };
    let findings: Vec<_> = subject.standing_lines().filter(|line| line.kind == "finding").collect();
    ActivityItem {
        id: id.0,
        kind: subject.kind.clone(),
        kind_name: speaker.kind_name(&subject.kind),
        title: subject.title.clone(),
        area_path: speaker.path(subject.area),
        day: subject.day.map(|day| day.to_string()),
        until: until.map(|day| day.to_string()),
        starts: text("starts"),
        ends: text("ends"),
        place: text("place"),
        people,
        organisations: organisations(subject),
        findings_handed_on: findings.iter().filter(|line| line.fields.contains_key("case")).count(),
        findings: findings.len(),
        state: subject.state.code(),
        state_name: speaker.state(subject.state),
    }
}

/// Organisations that take part in an activity, the one that leads first.
pub fn organisations(subject: &Subject) -> Vec<String> {
    let mut lines: Vec<_> = subject.standing_lines().filter(|line| line.kind == "taking_part").collect();
    lines.sort_by_key(|line| line.fields.get("lead") != Some(&Value::Bool(true)));
    let names = lines.into_iter().filter_map(|line| line.fields.get("organisation").and_then(Value::as_str));
    names.map(str::to_owned).collect()
}
