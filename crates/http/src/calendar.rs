//! The calendar of an account's area as an iCalendar feed (RFC 5545), for the programs that people plan their days with.
//!
//! Such programs send no password, so the address itself is the secret: the account's id and a mark that only this server
//! can make. It holds activities and whoever takes part in them by organisation; nobody's name and no case.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use serde_json::Value;
use tahuang_app::{Account, App, CaseFilter, shanghai_day};
use tahuang_domain::{Body, Day, Language, State as SubjectState, Subject, SubjectId};
use uuid::Uuid;

use crate::door::Door;
use crate::endpoints::list_activities::organisations;
use crate::problem::ApiError;
use crate::speaker::Speaker;

const PURPOSE: &str = "calendar feed";
const MARK_BYTES: usize = 16;
/// Days after which an activity that was held leaves the calendar.
const DAYS_KEPT: i32 = 90;
/// Activities that are planned, and as many that were held, in the calendar: those entered last.
const ACTIVITIES_MAX: usize = 500;
/// Hours by which the country's one time is ahead of UTC.
const OFFSET_HOURS: i64 = 8;

pub fn routes() -> Router<Arc<Door>> {
    Router::new().route("/calendar/{file}", get(read_calendar))
}

/// The path of an account's calendar.
pub fn path(app: &App, account: SubjectId) -> String {
    let mut bytes = account.0.as_bytes().to_vec();
    bytes.extend(&app.mark(PURPOSE, account.0.as_bytes())[..MARK_BYTES]);
    format!("/calendar/{}.ics", URL_SAFE_NO_PAD.encode(bytes))
}

/// The account in service whose calendar stands at that address.
fn account(app: &App, file: &str) -> Option<Account> {
    let bytes = URL_SAFE_NO_PAD.decode(file.strip_suffix(".ics")?).ok()?;
    let (id, mark) = bytes.split_at_checked(16)?;
    if mark.len() != MARK_BYTES || !app.is_mark(PURPOSE, id, mark) {
        return None;
    }
    let id = SubjectId(Uuid::from_slice(id).ok()?);
    app.memory().accounts.get(&id).filter(|account| !account.disabled).cloned()
}

async fn read_calendar(State(door): State<Arc<Door>>, Path(file): Path<String>) -> Response {
    let Some(account) = account(&door.app, &file) else { return StatusCode::NOT_FOUND.into_response() };
    match door.read(move |door| calendar(door, &account)).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, text).into_response()
        }
        Err(error) => error.into_response(),
    }
}

fn calendar(door: &Door, account: &Account) -> Result<String, ApiError> {
    let speaker = Speaker::new(door, Language::ZhCn);
    let entered = |states: &[SubjectState]| {
        let filter = CaseFilter {
            kind: None,
            states: states.to_vec(),
            area: account.grant.scope,
            words: None,
            before: None,
            limit: ACTIVITIES_MAX,
        };
        Ok::<_, ApiError>(door.app.activities(&account.asker(), &filter)?.items)
    };
    // Apart, so that a ledger of what was held long ago leaves room for what is planned.
    let planned = entered(&[SubjectState::Planned, SubjectState::Cancelled])?;
    let held = entered(&[SubjectState::Recorded])?;
    let now = door.app.clock().now_ms();
    let since = shanghai_day(now).plus_days(-DAYS_KEPT);
    let mut calendar = Calendar::new();
    calendar.name(&format!("{} · 塔黄", speaker.area(account.grant.scope).name));
    for (id, activity, _) in planned.iter().chain(&held) {
        if let Some(day) = activity.day.filter(|day| *day >= since) {
            calendar.push(event(&speaker, *id, activity, day, now));
        }
    }
    Ok(calendar.done().to_string())
}

fn event(speaker: &Speaker<'_>, id: SubjectId, activity: &Subject, day: Day, now: i64) -> Event {
    let text = |code: &str| activity.fields.get(code).and_then(Value::as_str);
    let until = match &activity.body {
        Body::Activity { until, .. } => until.unwrap_or(day),
        _ => day,
    };
    let mut event = Event::new();
    // A kind without hours is no meeting of offices, and its title may say at whose door: a visit to a household.
    let called = speaker.kind(&activity.kind).is_some_and(|kind| kind.form.field("starts").is_some());
    let summary = if called { activity.title.clone() } else { speaker.kind_name(&activity.kind) };
    event.uid(&format!("{id}@tahuang")).summary(&summary).sequence(activity.revision - 1);
    event.timestamp(instant(now / 1_000));
    let place = [speaker.path(activity.area), text("place").unwrap_or_default().to_owned()];
    event.location(place.join(" ").trim());
    let who = organisations(activity).join("、");
    event.description([speaker.kind_name(&activity.kind), who].join("\n").trim());
    event.status(match activity.state {
        SubjectState::Cancelled => EventStatus::Cancelled,
        SubjectState::Planned => EventStatus::Tentative,
        _ => EventStatus::Confirmed,
    });
    match (text("starts").and_then(|time| moment(day, time)), text("ends").and_then(|time| moment(until, time))) {
        (Some(starts), Some(ends)) if starts < ends => _ = event.starts(instant(starts)).ends(instant(ends)),
        (Some(starts), _) => _ = event.starts(instant(starts)),
        // Of whole days, the end is the day after the last.
        (None, _) => _ = event.starts(date(day)).ends(date(until.plus_days(1))),
    }
    event.done()
}

/// Seconds since 1970 of a time of day, as `09:30`.
fn moment(day: Day, time: &str) -> Option<i64> {
    let (hour, minute) = time.split_once(':')?;
    let at = day.date().at(hour.parse().ok()?, minute.parse().ok()?, 0, 0);
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second() - OFFSET_HOURS * 60 * 60)
}

fn instant(second: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(second, 0).unwrap_or_default()
}

fn date(day: Day) -> chrono::NaiveDate {
    let date = day.date();
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    chrono::NaiveDate::from_ymd_opt(date.year().into(), month.into(), day.into()).unwrap_or_default()
}
