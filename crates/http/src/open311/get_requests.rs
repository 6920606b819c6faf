//! GET Service Requests: the newest cases that a key may see, of so many days.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_app::{AskedCaseFilter, Asker, CASE_STATES, QueryError};
use tahuang_domain::{AreaCode, Language, State as CaseState};

use super::answer::{Fault, Node};
use super::call::{Call, Parameters};
use super::get_service::service;
use super::request::{status, written};
use super::{limits, moment};
use crate::door::Door;
use crate::problem::ApiError;
use crate::residents::ask::kinds;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

pub async fn get_requests(State(door): State<Arc<Door>>, call: Call) -> Response {
    let found = find(&door, &call).await;
    call.answer("service_requests", found)
}

async fn find(door: &Arc<Door>, call: &Call) -> Result<Node, Fault> {
    let key = call.key(door).await?;
    let (asker, area) = (key.asker(), call.reach(&door.app, &key)?);
    let language = call.visitor.language;
    let numbers: Vec<String> = call.parameters.list("service_request_id").into_iter().map(str::to_owned).collect();
    if numbers.len() > limits::IDS_MAX {
        return Err(Fault::bad(format!("service_request_id: at most {} at once", limits::IDS_MAX)));
    }
    let requests = if numbers.is_empty() {
        let wanted = wanted(door, &call.parameters, area, door.app.clock().now_ms())?;
        let found = door.read(move |door| match door.app.asked_cases(&asker, &wanted) {
            Ok(found) => Ok(Ok(found.iter().map(|asked| written(door, language, asked)).collect())),
            Err(QueryError::Invalid(problem)) => Ok(Err(Fault::bad(problem))),
            Err(error) => Err(error.into()),
        });
        found.await??
    } else {
        // Ids override everything else.
        door.read(move |door| by_number(door, &asker, area, &numbers, language)).await?
    };
    Ok(Node::List("request", requests))
}

/// The cases with these numbers, without those that are not there for this key.
fn by_number(
    door: &Door,
    asker: &Asker,
    area: AreaCode,
    numbers: &[String],
    language: Language,
) -> Result<Vec<Node>, ApiError> {
    let mut found = Vec::new();
    for number in numbers {
        match door.app.asked_case(asker, number) {
            Ok(asked) if area.contains(asked.subject.area) => found.push(written(door, language, &asked)),
            Ok(_) | Err(QueryError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

fn wanted(door: &Door, parameters: &Parameters, area: AreaCode, now: i64) -> Result<AskedCaseFilter, Fault> {
    let (from, until) = span(parameters, now)?;
    let services = parameters.list("service_code");
    for code in &services {
        service(door, code).map_err(|_| Fault::bad(format!("service_code: there is no {code}")))?;
    }
    let is_wanted = |code: &str| services.is_empty() || services.contains(&code);
    let asked = kinds(door).into_iter().map(|(kind, _)| kind.code.clone());
    let statuses = parameters.list("status");
    if let Some(unknown) = statuses.iter().find(|word| !matches!(**word, "open" | "closed")) {
        return Err(Fault::bad(format!("status: there is no {unknown}; it is open or closed")));
    }
    let states = CASE_STATES.into_iter();
    let states: Vec<CaseState> =
        states.filter(|state| statuses.is_empty() || statuses.contains(&status(*state))).collect();
    let kinds = asked.filter(|code| is_wanted(code)).collect();
    Ok(AskedCaseFilter { area, kinds, states, from, until, limit: limits::REQUESTS_MAX })
}

/// From when until when, in milliseconds since 1970: the last days when neither is named, so many from or until the one
/// that is, and no more.
fn span(parameters: &Parameters, now: i64) -> Result<(i64, i64), Fault> {
    let days = limits::DAYS_MAX * DAY_MS;
    let named = |name: &str| {
        let wrong = || Fault::bad(format!("{name}: write it as 2010-01-01T00:00:00Z, with a time zone"));
        parameters.one(name).map(|text| moment::read(text).ok_or_else(wrong)).transpose()
    };
    match (named("start_date")?, named("end_date")?) {
        (None, None) => Ok((now - days, now)),
        (Some(start), None) => Ok((start, start + days)),
        (None, Some(end)) => Ok((end - days, end)),
        (Some(start), Some(end)) if start > end => Err(Fault::bad("start_date is after end_date")),
        (Some(start), Some(end)) if end - start > days => {
            Err(Fault::bad(format!("start_date and end_date span more than {} days", limits::DAYS_MAX)))
        }
        (Some(start), Some(end)) => Ok((start, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_of_ninety_days_at_most() {
        let day = |number: i64| number * DAY_MS;
        for (query, span_in_days) in [
            ("", Some((910, 1_000))),
            ("start_date=1970-01-11T00:00:00Z", Some((10, 100))),
            ("end_date=1970-04-11T00:00:00Z", Some((10, 100))),
            ("start_date=1970-01-11T00:00:00Z&end_date=1970-04-11T00:00:00Z", Some((10, 100))),
            ("start_date=1970-01-11T00:00:00Z&end_date=1970-04-11T00:00:01Z", None),
            ("start_date=1970-01-11T00:00:00Z&end_date=1970-01-10T00:00:00Z", None),
            ("start_date=1970-01-11", None),
            ("start_date=&end_date=", Some((910, 1_000))),
        ] {
            let found = span(&Parameters::read(query.as_bytes()), day(1_000));
            let wanted = span_in_days.map(|(from, until)| (day(from), day(until)));
            assert_eq!(found.ok(), wanted, "{query}");
        }
    }
}
