use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_app::shanghai_day;
use tahuang_app::units::{ClaimStands, UnitClaim, UnitView};
use tahuang_domain::{Body, SubjectId};
use tahuang_press::forms::unit_quarter::{Activity, UnitQuarter, Wish, unit_quarter};

use crate::door::Door;
use crate::endpoints::read_unit::{UnitQuery, communities, public_title};
use crate::input::{Query, Segment};
use crate::paper;
use crate::problem::ApiError;
use crate::quarter::Quarter;
use crate::session::SignedIn;

/// Prints what a unit did in a quarter
#[utoipa::path(get, path = "/units/{id}/quarter.pdf", tag = "units", params(("id" = String, Path), UnitQuery),
    responses((status = 200, description = "The quarterly sheet", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_unit_quarter(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Query(query): Query<UnitQuery>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let view = door.app.unit(&asker.asker, id)?;
        let quarter = query.quarter.unwrap_or_else(|| Quarter::of(shanghai_day(door.app.clock().now_ms())));
        let sheet = view.sheet(quarter.first(), quarter.last());
        let activities = sheet.activities.iter().filter_map(|place| activity(door, &view, *place));
        // A claim of an earlier quarter that was fulfilled in this one stands here as well.
        let claims = view.claims.iter().enumerate();
        let claims = claims.filter(|(place, _)| sheet.claimed.contains(place) || sheet.fulfilled.contains(place));
        Ok(unit_quarter(&UnitQuarter {
            unit: view.entry.title.clone(),
            community: communities(door, &view),
            year: quarter.year(),
            quarter: quarter.number(),
            activities: activities.collect(),
            wishes: claims.map(|(_, claim)| wish(claim)).collect(),
        }))
    });
    Ok(paper::response("季度情况表.pdf", bytes.await?))
}

fn activity(door: &Door, view: &UnitView, place: usize) -> Option<Activity> {
    let (_, held, _) = view.activities.get(place)?;
    let Body::Activity { people, .. } = &held.body else { return None };
    let reached = held.fields.get("reached").and_then(serde_json::Value::as_i64);
    let count = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    Some(Activity {
        day: held.day.map(|day| day.date()),
        title: held.title.clone(),
        place: door.app.areas().name(held.area).unwrap_or_default().to_owned(),
        members: count(*people),
        reached: count(reached),
    })
}

fn wish(claim: &UnitClaim) -> Wish {
    let title = public_title(claim).unwrap_or_default();
    let (title, fulfilled) = match claim.stands {
        ClaimStands::Open => (title, None),
        ClaimStands::Fulfilled(day) => (title, Some(day.date())),
        // The form is Chinese, and has no column for what was given back.
        ClaimStands::Released(_) | ClaimStands::Overdue(_) => (format!("{title}（已退回）"), None),
    };
    Wish { title, claimed: Some(claim.claim.day.date()), fulfilled }
}
