use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::units::REGISTRATION_LINE;
use tahuang_domain::catalog::CLAIM_LINE;
use tahuang_domain::subject::Line;
use tahuang_domain::{AreaCode, Subject, SubjectId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitsQuery {
    /// Whose name holds these words.
    q: Option<String>,
    /// Only those that reported to a community in this area.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of units, by name.
#[derive(Serialize, ToSchema)]
pub struct Units {
    pub items: Vec<UnitItem>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

/// A unit that reports to communities.
#[derive(Serialize, ToSchema)]
pub struct UnitItem {
    pub id: Uuid,
    pub name: String,
    /// Where it stands.
    pub area: AreaRef,
    /// The communities to which it reported.
    pub communities: Vec<AreaRef>,
    /// How many claims it made, those given back among them.
    pub claims: usize,
}

/// Lists units in service that report to communities, by name
#[utoipa::path(get, path = "/units", tag = "units", params(UnitsQuery),
    responses((status = 200, body = Units, description = "A page of units")))]
pub async fn list_units(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<UnitsQuery>,
) -> Result<Json<Units>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: UnitsQuery) -> Result<Units, ApiError> {
    let words = query.q.unwrap_or_default();
    if words.chars().count() > limits::WORDS_CHARS_MAX {
        return Err(ApiError::invalid("q", format!("at most {} characters", limits::WORDS_CHARS_MAX)));
    }
    let skip: usize = query.cursor.as_deref().map(|text| cursor::read("units", text)).transpose()?.unwrap_or(0);
    let limit = page_rows(query.limit)?;
    let all = door.app.units(&asker.asker, asker.account.grant.scope, words.trim())?;
    let speaker = Speaker::new(door, asker.language);
    let reported = |(_, unit): &&(SubjectId, Subject)| {
        query.area.is_none_or(|area| communities(unit).into_iter().any(|community| area.contains(community)))
    };
    let fitting: Vec<&(SubjectId, Subject)> = all.iter().filter(reported).collect();
    let total = fitting.len();
    let next = (total > skip.saturating_add(limit)).then_some(skip + limit);
    Ok(Units {
        items: fitting.into_iter().skip(skip).take(limit).map(|unit| of(&speaker, unit)).collect(),
        next: next.and_then(|place| cursor::write("units", &place)),
        total,
    })
}

fn live<'u>(unit: &'u Subject, kind: &'static str) -> impl Iterator<Item = &'u Line> {
    unit.lines.iter().filter(move |line| line.kind == kind && !line.withdrawn)
}

/// Where it reported, each place once.
fn communities(unit: &Subject) -> Vec<AreaCode> {
    let mut communities: Vec<AreaCode> = live(unit, REGISTRATION_LINE).filter_map(|line| line.area).collect();
    communities.sort_unstable();
    communities.dedup();
    communities
}

fn of(speaker: &Speaker<'_>, (id, unit): &(SubjectId, Subject)) -> UnitItem {
    UnitItem {
        id: id.0,
        name: unit.title.clone(),
        area: speaker.area(unit.area),
        communities: communities(unit).into_iter().map(|area| speaker.area(area)).collect(),
        claims: live(unit, CLAIM_LINE).count(),
    }
}
