//! Checks by a list: the sheet, the cases of what failed, the second look, and the notice.
//!
//! A sheet and the cases that it opens are records of their own. The sheet says what the officers saw; a case walks the
//! steps of every case, whoever found it. Where a second look passes, the steps that are left until the work counts as done
//! are taken one by one, by the same rules; that it holds is then said by somebody else, as always.

use super::beside::{self, open_beside};
use super::case::{noted, open_steps, step};
use super::{Context, Decision, Linked, field_invalid, in_order, opening, text};
use crate::attachment::Purpose;
use crate::checklist::{Checklist, case_title};
use crate::command::{Action, Command, PersonalValue};
use crate::event::{Event, SealedFields};
use crate::ids::{Day, SubjectId};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, Check, CheckedItem, ItemResult, Receipt, RecheckedItem, State, Subject};

/// Characters in the name of somebody who looked.
const OFFICER_CHARS_MAX: usize = 40;

/// Records a sheet, and opens a case of each item that failed.
///
/// # Refusals
/// A missing, too long or unfit value (the id of a case that exists is one), `FinishedBeforeFound` for a second look before
/// the first, `UnknownChecklist`, `UnknownItem`, `ItemUnanswered`, `TooFewOfficers`.
pub(super) fn record(context: &Context<'_>, command: &Command, linked: Linked<'_, '_>) -> Result<Decision, Refusal> {
    let Action::RecordCheck { kind, area, day, checklist, version, place, unit, officers, results, recheck } =
        &command.action
    else {
        return Ok(Decision::new());
    };
    let failed = || results.iter().filter(|result| result.result == ItemResult::Failed);
    let mut first = First::default();
    first.check(text("place", place, limits::CHECK_PLACE_CHARS_MAX)).check(check_unit(unit));
    check_names(&mut first, officers);
    for result in results {
        first.check(noted(&result.note)).check(check_hazard(result));
    }
    let ids: Vec<SubjectId> = failed().filter_map(|result| result.hazard).collect();
    let taken = |(place, id): (usize, &SubjectId)| ids[..place].contains(id) || linked(*id).is_some();
    if ids.contains(&command.subject) || ids.iter().enumerate().any(taken) {
        first.check(field_invalid("hazard", "each case that is opened has an id of its own that nothing has yet"));
    }
    check_next(&mut first, "recheck", *day, *recheck, failed().next().is_some());
    let Some(list) = context.catalog.checklists.get(checklist, *version) else {
        first.check(Err(Refusal::UnknownChecklist { checklist: checklist.clone() })).done()?;
        return Ok(Decision::new());
    };
    let opened = context.catalog.kind(&list.opens)?;
    first.check(opening::check_area(context, opened, *area)).check(signed_by(officers, list.officers));
    check_answers(&mut first, list, results);
    first.done()?;

    let in_order = list.items.iter().filter_map(|item| results.iter().find(|result| result.item == item.code));
    let recorded = Event::CheckRecorded {
        kind: kind.clone(),
        area: *area,
        day: *day,
        checklist: checklist.clone(),
        version: *version,
        place: place.clone(),
        unit: unit.clone(),
        officers: officers.clone(),
        results: in_order.cloned().collect(),
        recheck: *recheck,
    };
    let mut events = vec![(command.subject, recorded)];
    for item in &list.items {
        let Some(hazard) = failed().find(|result| result.item == item.code).and_then(|result| result.hazard) else {
            continue;
        };
        let reported = Event::CaseReported {
            kind: list.opens.clone(),
            area: *area,
            day: *day,
            title: case_title(place, item),
            fields: list.case_fields(item),
            sealed: SealedFields::new(),
            due: context.due(opened.due.accept),
        };
        events.push((hazard, reported));
        events.push((hazard, Event::CaseFoundByCheck { sheet: command.subject, item: item.code.clone() }));
    }
    Ok(events)
}

/// Looks again at what failed, on the same sheet.
///
/// # Refusals
/// `WrongShape`, a missing, too long or unfit value, `TooManyLines`, `FinishedBeforeFound` for a look before the last,
/// `UnknownItem`, `ItemUnanswered` when an item is answered twice, `ItemNotWaiting`, `TooFewOfficers`, and what a step of a
/// case refuses.
pub(super) fn recheck(
    context: &Context<'_>,
    subject: &Subject,
    command: &Command,
    linked: Linked<'_, '_>,
) -> Result<Decision, Refusal> {
    let Action::RecheckItems { day, officers, results, next } = &command.action else { return Ok(Decision::new()) };
    let check = sheet(subject)?;
    let list = context.catalog.checklists.get(&check.checklist, check.version);
    let mut first = First::default();
    check_names(&mut first, officers);
    first.check(signed_by(officers, list.map_or(1, |list| list.officers)));
    first.check(in_order(check.last_day().or(subject.day), Some(*day)));
    if check.rechecks.len() >= limits::RECHECKS_MAX {
        first.check(Err(Refusal::TooManyLines));
    }
    if results.is_empty() {
        first.check(Err(Refusal::MissingValue { field: "results".to_owned() }));
    }
    for (place, result) in results.iter().enumerate() {
        let item = || result.item.clone();
        first.check(noted(&result.note));
        if check.items.iter().all(|known| known.item != result.item) {
            first.check(Err(Refusal::UnknownItem { field: item() }));
        } else if check.waiting().all(|waits| waits.item != result.item) {
            first.check(Err(Refusal::ItemNotWaiting { field: item() }));
        }
        if results[..place].iter().any(|other| other.item == result.item) {
            first.check(Err(Refusal::ItemUnanswered { field: item() }));
        }
    }
    let passes = |item: &str| results.iter().any(|result| result.item == item && result.passed);
    let left = check.waiting().any(|waits| !passes(&waits.item));
    check_next(&mut first, "next", *day, *next, left);
    let (officers, results) = (officers.clone(), results.clone());
    let mut moved = Decision::new();
    for seen in &results {
        let id = check.items.iter().find(|item| item.item == seen.item).and_then(|item| item.hazard);
        let Some((id, hazard)) = id.and_then(|id| Some((id, linked(id)?))) else { continue };
        let said = if seen.passed {
            let handler = if check.unit.is_empty() { check.officers.join("、") } else { check.unit.clone() };
            finished(context, hazard, linked, *day, seen, handler)
        } else {
            let fault = list.and_then(|list| list.item(&seen.item)).map_or("", |item| item.fault.zh.as_str());
            not_finished(context, hazard, linked, if seen.note.is_empty() { fault } else { &seen.note })
        };
        match said {
            Ok(events) => moved.extend(events.into_iter().map(|event| (id, event))),
            Err(refusal) => _ = first.check(Err(refusal)),
        }
    }
    first.done()?;
    let rechecked = Event::ItemsRechecked { day: *day, officers, results, next: *next };
    Ok(std::iter::once((command.subject, rechecked)).chain(moved).collect())
}

/// Says that the notice was handed over.
///
/// # Refusals
/// `WrongShape`, a too long note, `PersonalDataOpen` when the name was not sealed, `FinishedBeforeFound`,
/// `SignatureMissing`, `NothingToNotify` when nothing failed, `AlreadyEnded` when it was signed for before.
pub(super) fn serve(subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    let Action::ServeNotice { day, receipt, recipient, note } = action else { return Ok(Vec::new()) };
    let check = sheet(subject)?;
    let mut first = First::default();
    first.check(noted(note)).check(in_order(subject.day, Some(*day)));
    if check.count(ItemResult::Failed) == 0 {
        first.check(Err(Refusal::NothingToNotify));
    }
    if *receipt == Receipt::Signed && subject.files.iter().all(|file| file.purpose != Purpose::Signature) {
        first.check(Err(Refusal::SignatureMissing));
    }
    if check.receipt.is_some_and(|(receipt, _)| receipt == Receipt::Signed) {
        first.check(Err(Refusal::AlreadyEnded));
    }
    let PersonalValue::Sealed(recipient) = recipient else {
        first.check(Err(Refusal::PersonalDataOpen { field: "recipient".to_owned() })).done()?;
        return Ok(Vec::new());
    };
    first.done()?;
    let (day, receipt, recipient, note) = (*day, *receipt, recipient.clone(), note.clone());
    Ok(vec![Event::NoticeServed { day, receipt, recipient, note }])
}

/// The cases that a command about checks has to see: those that it would open, or those of the items that it looks at.
pub(super) fn cases(subject: Option<&Subject>, action: &Action) -> Vec<SubjectId> {
    match (action, subject.map(|subject| &subject.body)) {
        (Action::RecordCheck { results, .. }, _) => results.iter().filter_map(|result| result.hazard).collect(),
        (Action::RecheckItems { results, .. }, Some(Body::Check(check))) => {
            let named = check.items.iter().filter(|item| results.iter().any(|result| result.item == item.item));
            named.filter_map(|item| item.hazard).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a file of this record may show that item.
pub(super) fn shows(context: &Context<'_>, subject: &Subject, item: &str) -> Result<(), Refusal> {
    let Body::Check(check) = &subject.body else {
        return field_invalid("item", "only the files of a check show an item");
    };
    let list = context.catalog.checklists.get(&check.checklist, check.version);
    match list.and_then(|list| list.item(item)) {
        Some(_) => Ok(()),
        None => Err(Refusal::UnknownItem { field: item.to_owned() }),
    }
}

fn sheet(subject: &Subject) -> Result<&Check, Refusal> {
    match &subject.body {
        Body::Check(check) => Ok(check),
        _ => Err(Refusal::WrongShape { kind: subject.kind.clone() }),
    }
}

fn check_unit(unit: &str) -> Result<(), Refusal> {
    if unit.is_empty() { Ok(()) } else { text("unit", unit, limits::TITLE_CHARS_MAX) }
}

fn check_names(first: &mut First, officers: &[String]) {
    for officer in officers {
        first.check(text("officers", officer, OFFICER_CHARS_MAX));
    }
    if officers.len() > limits::CHECK_OFFICERS_MAX {
        first.check(field_invalid("officers", format!("at most {}", limits::CHECK_OFFICERS_MAX)));
    }
}

/// One name written twice is one person.
fn signed_by(officers: &[String], needed: usize) -> Result<(), Refusal> {
    let named = |place: usize| officers[..place].iter().all(|other| other.trim() != officers[place].trim());
    let people = (0..officers.len()).filter(|place| named(*place)).count();
    if people < needed { Err(Refusal::TooFewOfficers { needed }) } else { Ok(()) }
}

/// What failed names the case that it opens.
fn check_hazard(result: &CheckedItem) -> Result<(), Refusal> {
    match (result.result == ItemResult::Failed, result.hazard) {
        (true, None) => Err(Refusal::MissingValue { field: "hazard".to_owned() }),
        (false, Some(_)) => field_invalid("hazard", "only what failed opens a case"),
        _ => Ok(()),
    }
}

/// Each item of the list is answered once.
fn check_answers(first: &mut First, list: &Checklist, results: &[CheckedItem]) {
    if let Some(result) = results.iter().find(|result| list.item(&result.item).is_none()) {
        first.check(Err(Refusal::UnknownItem { field: result.item.clone() }));
    }
    let answers = |code: &str| results.iter().filter(|result| result.item == code).count();
    if let Some(item) = list.items.iter().find(|item| answers(&item.code) != 1) {
        first.check(Err(Refusal::ItemUnanswered { field: item.code.clone() }));
    }
}

/// While something waits to be looked at again there is a day for it, and otherwise none.
fn check_next(first: &mut First, field: &str, day: Day, next: Option<Day>, waits: bool) {
    first.check(match (next, waits) {
        (None, true) => Err(Refusal::MissingValue { field: field.to_owned() }),
        (Some(_), false) => field_invalid(field, "nothing waits to be looked at again"),
        _ => Ok(()),
    });
    first.check(in_order(Some(day), next));
    if next.is_some_and(|next| next > day.plus_days(limits::RECHECK_DAYS_MAX)) {
        first.check(field_invalid(field, format!("at most {} days later", limits::RECHECK_DAYS_MAX)));
    }
}

/// The steps that are left until the work on a case counts as done. Nobody who has the case already is asked to give it
/// up; where nobody has, whoever keeps the place did the work.
fn finished(
    context: &Context<'_>,
    hazard: &Subject,
    linked: Linked<'_, '_>,
    day: Day,
    seen: &RecheckedItem,
    handler: String,
) -> Result<Vec<Event>, Refusal> {
    let kind = context.catalog.kind(&hazard.kind)?;
    let mut hazard = hazard.clone();
    let mut events = Vec::new();
    while !hazard.withdrawn && hazard.state != State::Done {
        let open = open_steps(kind, hazard.state);
        let steps = [
            Action::AcceptCase,
            Action::FinishCase { day, note: seen.note.clone() },
            Action::ResumeCase,
            Action::TakeCaseInHand,
            Action::AssignCase { handler: handler.clone(), account: None, assisting: Vec::new() },
        ];
        let Some(next) = steps.iter().find(|step| open.contains(&step.code())) else { break };
        let event = step(context, &hazard, linked, next)?;
        let Some(after) = Subject::apply(Some(hazard), &event, context.actor) else { break };
        hazard = after;
        events.push(event);
    }
    Ok(events)
}

/// What a second look that does not pass does to a case: work that somebody called done is not done, what was closed is
/// open again, and whoever works on it is reminded. An office that declined it is not overruled.
fn not_finished(
    context: &Context<'_>,
    hazard: &Subject,
    linked: Linked<'_, '_>,
    why: &str,
) -> Result<Vec<Event>, Refusal> {
    let Body::Case(case) = &hazard.body else { return Ok(Vec::new()) };
    let done_by_another = |case: &Case| case.finished_by.is_some_and(|finisher| finisher != context.actor);
    let why = why.to_owned();
    let action = match hazard.state {
        _ if hazard.withdrawn => return Ok(Vec::new()),
        State::Done if done_by_another(case) => Action::CheckCase { passed: false, note: why },
        State::Closed => Action::ReopenCase { reason: why },
        _ if open_beside(hazard).contains(&"remind_case") => {
            return beside::decide(context, hazard, linked, &Action::RemindCase { note: why });
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![step(context, hazard, linked, &action)?])
}
