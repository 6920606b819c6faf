use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::board::{Opened, Stage};
use tahuang_app::case_number;
use tahuang_domain::{AreaCode, Body, Prefecture, Shape, SubjectId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::endpoints::list_cases::{CaseItem, item};
use crate::input::{Json, Query, page_rows};
use crate::needs::{self, Step};
use crate::problem::ApiError;
use crate::record::case_steps;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// `review` (asked, not looked at), `publish` (taken on, not on the board), `free`, `claimed` or `fulfilled`.
    stage: String,
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of cases on their way to the public board and over it.
#[derive(Serialize, ToSchema)]
pub struct BoardCases {
    pub items: Vec<BoardCase>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    pub counts: StageCounts,
}

/// How many cases stand at each stage.
#[derive(Serialize, ToSchema)]
pub struct StageCounts {
    pub review: u64,
    pub publish: u64,
    pub free: u64,
    pub claimed: u64,
    /// Of the last 90 days.
    pub fulfilled: u64,
}

/// A case with what the public reads of it, and who took it on.
#[derive(Serialize, ToSchema)]
pub struct BoardCase {
    #[serde(flatten)]
    pub case: CaseItem,
    pub number: String,
    pub public_title: Option<String>,
    pub public_text: Option<String>,
    pub claim: Option<ClaimItem>,
    /// How often a claim on it was given back or ran out.
    pub released: usize,
    /// How many events it has had; a command names it, so as not to land on a newer record.
    pub revision: u32,
    /// What this account may do with it now.
    pub steps: Vec<Step>,
}

/// A claim on a case.
#[derive(Serialize, ToSchema)]
pub struct ClaimItem {
    /// The unit or member.
    pub claimant: String,
    /// The unit's entry.
    pub unit_id: Option<Uuid>,
    pub unit_name: Option<String>,
    pub day: String,
}

/// Lists cases on their way to the public board of a place, and over it
#[utoipa::path(get, path = "/board", tag = "cases", params(BoardQuery),
    responses((status = 200, body = BoardCases, description = "A page of cases")))]
pub async fn list_board(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<BoardQuery>,
) -> Result<Json<BoardCases>, ApiError> {
    door.read(move |door| list(door, &asker, query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: BoardQuery) -> Result<BoardCases, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let stage = Stage::ALL.into_iter().find(|stage| stage.code() == query.stage);
    let stage =
        stage.ok_or_else(|| ApiError::invalid("stage", "review, publish, free, claimed or fulfilled".to_owned()))?;
    let after: Option<u64> = query.cursor.as_deref().map(|text| cursor::read(stage.code(), text)).transpose()?;
    let page = door.app.on_way_to_board(&asker.asker, area, stage, (after, page_rows(query.limit)?))?;
    let [review, publish, free, claimed, fulfilled] = door.app.stage_counts(&asker.asker, area)?;
    let prefecture = area.prefecture().ok_or(ApiError::NotFound)?;
    let speaker = Speaker::new(door, asker.language);
    let units = units_of(door, prefecture, &page.items)?;
    let items = page.items.iter().map(|opened| of(&speaker, asker, prefecture, opened, &units));
    Ok(BoardCases {
        items: items.collect(),
        next: page.next.and_then(|place| cursor::write(stage.code(), &place)),
        counts: StageCounts { review, publish, free, claimed, fulfilled },
    })
}

/// What the units that claimed these cases are called.
pub fn units_of(door: &Door, prefecture: Prefecture, cases: &[Opened]) -> Result<HashMap<SubjectId, String>, ApiError> {
    let unit = |(_, subject, _): &Opened| match &subject.body {
        Body::Case(case) => case.claim.as_ref()?.unit_id,
        _ => None,
    };
    let ids: Vec<SubjectId> = cases.iter().filter_map(unit).collect();
    let entries = door.app.subjects(prefecture, &ids)?;
    let entries = entries.into_iter().map(|entry| entry.filter(|entry| entry.body.shape() == Shape::Entry));
    Ok(ids.into_iter().zip(entries).filter_map(|(id, entry)| Some((id, entry?.title))).collect())
}

/// A case as it stands at its stage.
pub fn of(
    speaker: &Speaker<'_>,
    asker: &SignedIn,
    prefecture: Prefecture,
    (id, subject, opened): &Opened,
    units: &HashMap<SubjectId, String>,
) -> BoardCase {
    let case = match &subject.body {
        Body::Case(case) => Some(case),
        _ => None,
    };
    let published = case.and_then(|case| case.published.as_ref());
    let claim = case.and_then(|case| case.claim.as_ref()).map(|claim| ClaimItem {
        claimant: claim.claimant.clone(),
        unit_id: claim.unit_id.map(|id| id.0),
        unit_name: claim.unit_id.and_then(|id| units.get(&id).cloned()),
        day: claim.day.to_string(),
    });
    let steps = speaker.kind(&subject.kind).map(|kind| {
        let steps = case_steps(speaker, &asker.asker, kind, subject).into_iter();
        steps.map(|command| needs::step(speaker, kind, command)).collect()
    });
    BoardCase {
        case: item(speaker, *id, subject, speaker.app().due_of(subject), None),
        number: case_number(prefecture, *opened),
        public_title: published.map(|published| published.title.clone()),
        public_text: published.map(|published| published.text.clone()),
        claim,
        released: case.map_or(0, |case| case.released.len()),
        revision: subject.revision,
        steps: steps.unwrap_or_default(),
    }
}
