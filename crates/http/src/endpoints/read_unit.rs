use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::board::Opened;
use tahuang_app::case_number;
use tahuang_app::shanghai_day;
use tahuang_app::units::{ClaimStands, Registration, UnitClaim, UnitSheet, UnitView};
use tahuang_domain::subject::Line;
use tahuang_domain::{Body, Day, SubjectId, Verb};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::door::Door;
use crate::endpoints::list_cases::DueItem;
use crate::input::{Json, Query, Segment};
use crate::problem::ApiError;
use crate::quarter::Quarter;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// Of which quarter the sheet is: `2025-Q3`; today's when absent. The card is of its year.
    #[param(value_type = Option<String>)]
    pub quarter: Option<Quarter>,
}

/// A unit that reports to communities: where, what they need, what it claimed and did. All of it is read off records.
#[derive(Serialize, ToSchema)]
pub struct Unit {
    pub id: Uuid,
    pub name: String,
    pub area: AreaRef,
    pub registrations: Vec<RegistrationItem>,
    /// What its communities need and nobody has claimed, the longest waiting first in each.
    pub needs: Vec<NeedItem>,
    /// Newest first.
    pub claims: Vec<UnitClaimItem>,
    /// What it did in the quarter.
    pub sheet: Sheet,
    /// What it did in the year of the quarter.
    pub card: Sheet,
}

/// That a unit reported to a community.
#[derive(Serialize, ToSchema)]
pub struct RegistrationItem {
    /// The line's id.
    pub id: Uuid,
    pub area: Option<AreaRef>,
    pub area_path: String,
    pub day: Option<String>,
    pub receipt: Option<ReceiptItem>,
    /// Whether this account may sign for it now.
    pub may_sign: bool,
}

/// That the community signed for it.
#[derive(Serialize, ToSchema)]
pub struct ReceiptItem {
    pub day: Option<String>,
    pub signed_by: Option<String>,
}

/// What a community needs, as its public board says it.
#[derive(Serialize, ToSchema)]
pub struct NeedItem {
    pub id: Uuid,
    pub number: String,
    pub kind_name: String,
    pub title: String,
    pub text: String,
    pub area_path: String,
    /// Whether this account may enter a claim on it.
    pub may_claim: bool,
}

#[derive(Serialize, ToSchema)]
pub struct UnitClaimItem {
    pub id: Uuid,
    /// What the board says of it; `null` once it was taken off.
    pub title: Option<String>,
    pub kind_name: String,
    pub area_path: String,
    pub claimant: String,
    pub day: String,
    /// `open`, `fulfilled`, `released` or `overdue`.
    pub stands: &'static str,
    /// When it was fulfilled, given back, or ran out.
    pub ended: Option<String>,
    /// By when it is to be done, while it is open.
    pub due: Option<DueItem>,
    pub state_name: String,
}

/// What a unit did in a time. Every number is the length of a list of records.
#[derive(Serialize, ToSchema)]
#[schema(as = UnitSheet)]
pub struct Sheet {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    pub activities: Vec<Did>,
    pub claimed: Vec<Did>,
    pub fulfilled: Vec<Did>,
    pub released: Vec<Did>,
}

/// A record behind a number.
#[derive(Serialize, ToSchema)]
pub struct Did {
    pub id: Uuid,
    pub title: String,
    pub day: Option<String>,
    pub area_path: String,
}

/// Gives a unit with its registrations, the needs of its communities, its claims, and what it did in a quarter
#[utoipa::path(get, path = "/units/{id}", tag = "units", params(("id" = String, Path), UnitQuery),
    responses((status = 200, body = Unit, description = "The unit")))]
pub async fn read_unit(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Query(query): Query<UnitQuery>,
) -> Result<Json<Unit>, ApiError> {
    door.read(move |door| read(door, &asker, id, query)).await.map(Json)
}

fn read(door: &Door, asker: &SignedIn, id: SubjectId, query: UnitQuery) -> Result<Unit, ApiError> {
    let app = &door.app;
    let view = app.unit(&asker.asker, id)?;
    let quarter = query.quarter.unwrap_or_else(|| Quarter::of(shanghai_day(app.clock().now_ms())));
    let speaker = Speaker::new(door, asker.language);
    let needs = app.needs_of(&view)?;
    Ok(Unit {
        id: id.0,
        name: view.entry.title.clone(),
        area: speaker.area(view.entry.area),
        registrations: view.registrations.iter().map(|of| registration(&speaker, asker, &view, of)).collect(),
        needs: needs.iter().filter_map(|need| need_of(&speaker, asker, &view, need)).collect(),
        claims: view.claims.iter().map(|claim| claim_of(&speaker, claim)).collect(),
        sheet: sheet(&speaker, &view, &view.sheet(quarter.first(), quarter.last())),
        card: sheet(&speaker, &view, &view.sheet(quarter.first_of_year(), quarter.last_of_year())),
    })
}

fn registration(speaker: &Speaker<'_>, asker: &SignedIn, view: &UnitView, of: &Registration) -> RegistrationItem {
    let area = of.line.area.unwrap_or(view.entry.area);
    let reaches = asker.account.grant.scope.contains(area);
    let records = speaker.app().permit(&asker.asker, Verb::Record, &view.entry.kind, view.entry.area).is_ok();
    RegistrationItem {
        id: of.line.id.0,
        area: of.line.area.map(|area| speaker.area(area)),
        area_path: speaker.path(area),
        day: of.line.day.map(|day| day.to_string()),
        receipt: of.receipt.as_ref().map(receipt),
        may_sign: of.receipt.is_none() && reaches && records,
    }
}

fn receipt(line: &Line) -> ReceiptItem {
    let signed_by = line.fields.get("signed_by").and_then(serde_json::Value::as_str).map(str::to_owned);
    ReceiptItem { day: line.day.map(|day| day.to_string()), signed_by }
}

fn need_of(
    speaker: &Speaker<'_>,
    asker: &SignedIn,
    view: &UnitView,
    (id, subject, opened): &Opened,
) -> Option<NeedItem> {
    let Body::Case(case) = &subject.body else { return None };
    let published = case.published.as_ref()?;
    Some(NeedItem {
        id: id.0,
        number: case_number(view.prefecture, *opened),
        kind_name: speaker.kind_name(&subject.kind),
        title: published.title.clone(),
        text: published.text.clone(),
        area_path: speaker.path(subject.area),
        may_claim: speaker.app().permit(&asker.asker, Verb::Handle, &subject.kind, subject.area).is_ok(),
    })
}

/// What the board says of a claimed case; `None` once it was taken off.
pub fn public_title(claim: &UnitClaim) -> Option<String> {
    match &claim.case.body {
        Body::Case(case) => case.published.as_ref().map(|published| published.title.clone()),
        _ => None,
    }
}

fn claim_of(speaker: &Speaker<'_>, claim: &UnitClaim) -> UnitClaimItem {
    let (stands, ended) = match claim.stands {
        ClaimStands::Open => ("open", None),
        ClaimStands::Fulfilled(day) => ("fulfilled", Some(day)),
        ClaimStands::Released(day) => ("released", Some(day)),
        ClaimStands::Overdue(day) => ("overdue", Some(day)),
    };
    let due = if ended.is_none() { speaker.app().due_of(&claim.case) } else { None };
    UnitClaimItem {
        id: claim.id.0,
        title: public_title(claim),
        kind_name: speaker.kind_name(&claim.case.kind),
        area_path: speaker.path(claim.case.area),
        claimant: claim.claim.claimant.clone(),
        day: claim.claim.day.to_string(),
        stands,
        ended: ended.map(|day| day.to_string()),
        due: due.map(DueItem::of),
        state_name: speaker.state(claim.case.state),
    }
}

fn sheet(speaker: &Speaker<'_>, view: &UnitView, sheet: &UnitSheet) -> Sheet {
    let claims = |places: &[usize], day: fn(&UnitClaim) -> Option<Day>| -> Vec<Did> {
        let claims = places.iter().filter_map(|place| view.claims.get(*place));
        claims
            .map(|claim| Did {
                id: claim.id.0,
                title: public_title(claim).unwrap_or_else(|| speaker.kind_name(&claim.case.kind)),
                day: day(claim).map(|day| day.to_string()),
                area_path: speaker.path(claim.case.area),
            })
            .collect()
    };
    let ended: fn(&UnitClaim) -> Option<Day> = |claim| match claim.stands {
        ClaimStands::Open => None,
        ClaimStands::Fulfilled(day) | ClaimStands::Released(day) | ClaimStands::Overdue(day) => Some(day),
    };
    let held = sheet.activities.iter().filter_map(|place| view.activities.get(*place));
    Sheet {
        from: sheet.from.to_string(),
        until: sheet.until.to_string(),
        activities: held
            .map(|(id, activity, _)| Did {
                id: id.0,
                title: activity.title.clone(),
                day: activity.day.map(|day| day.to_string()),
                area_path: speaker.path(activity.area),
            })
            .collect(),
        claimed: claims(&sheet.claimed, |claim| Some(claim.claim.day)),
        fulfilled: claims(&sheet.fulfilled, ended),
        released: claims(&sheet.released, ended),
    }
}

/// The communities to which a unit reported, on one line.
pub fn communities(door: &Door, view: &UnitView) -> String {
    let areas = door.app.areas();
    let names =
        view.communities().into_iter().map(|area| areas.name(area).map_or_else(|| area.to_string(), str::to_owned));
    names.collect::<Vec<_>>().join("、")
}
