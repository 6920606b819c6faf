//! The life of a case: one state machine for all kinds.
//!
//! ```text
//! reported → accepted → assigned → in_hand ⇄ paused
//!     ↘ declined            ↘  in_hand → done → checked → closed → (reopened) in_hand
//! ```
//! The catalog switches `accept` and `check` off for kinds that do without them, and says how long a kind's first answer
//! and its work may take. The clock of the work stops while a case is paused, unless it was late already: a pause does not
//! undo a missed day.

use super::{Context, in_order, sealed, text};
use crate::calendar::Period;
use crate::catalog::{Kind, Step};
use crate::command::{Action, Ended};
use crate::event::{Event, SealedFields};
use crate::ids::Day;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, State, Subject};

/// Opens a case, or enters what a ledger knows of one. Told again, a ledger adds only what is new.
///
/// # Refusals
/// `FinishedBeforeFound`, `StepNotOpen` when a ledger would change a closed case, `UnknownOutcome`.
pub(super) fn open(context: &Context<'_>, state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    match action {
        Action::ReportCase { kind, area, day, title, fields, personal } => Ok(vec![Event::CaseReported {
            kind: kind.clone(),
            area: *area,
            day: *day,
            title: title.clone(),
            fields: fields.clone(),
            sealed: sealed(personal),
            due: context.due(context.catalog.kind(kind)?.due.accept),
        }]),
        Action::TranscribeCase { kind, area, day, title, fields, handler, ended } => {
            let mut first = First::default();
            if let Some(ended) = ended {
                first.check(in_order(Some(*day), Some(ended.day)));
                first.check(check_outcome(context.catalog.kind(kind)?, &ended.outcome));
            }
            let Some(subject) = state else {
                first.done()?;
                let reported = Event::CaseReported {
                    kind: kind.clone(),
                    area: *area,
                    day: *day,
                    title: title.clone(),
                    fields: fields.clone(),
                    sealed: SealedFields::new(),
                    // What a ledger tells of may be long over; no clock starts by it.
                    due: None,
                };
                return Ok(std::iter::once(reported).chain(progress(&Case::default(), handler, ended)).collect());
            };
            let Body::Case(case) = &subject.body else { return Err(Refusal::SubjectExists) };
            let mut events: Vec<Event> = amendment(subject, *area, *day, title, fields).into_iter().collect();
            events.extend(progress(case, handler, ended));
            if subject.state == State::Closed && !events.is_empty() {
                first.check(Err(Refusal::StepNotOpen { state: subject.state }));
            }
            first.done()?;
            Ok(events)
        }
        _ => Ok(Vec::new()),
    }
}

fn progress(case: &Case, handler: &Option<String>, ended: &Option<Ended>) -> impl Iterator<Item = Event> {
    let assigned = handler.clone().filter(|handler| case.handler.as_ref() != Some(handler));
    let closed =
        ended.clone().filter(|ended| case.closed != Some(ended.day) || case.outcome.as_ref() != Some(&ended.outcome));
    let closed = closed.map(|ended| Event::CaseClosed { day: ended.day, outcome: ended.outcome, transcribed: true });
    assigned.map(|handler| Event::CaseAssigned { handler, due: None }).into_iter().chain(closed)
}

fn amendment(subject: &Subject, area: crate::AreaCode, day: Day, title: &str, fields: &crate::Fields) -> Option<Event> {
    let changed: crate::Fields = fields
        .iter()
        .filter(|(name, value)| subject.fields.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let area = Some(area).filter(|area| *area != subject.area);
    let day = Some(day).filter(|day| Some(*day) != subject.day);
    let title = Some(title).filter(|title| *title != subject.title).map(str::to_owned);
    if area.is_none() && day.is_none() && title.is_none() && changed.is_empty() {
        return None;
    }
    let reason = "ledger".to_owned();
    Some(Event::Corrected { area, day, title, quantity: None, fields: changed, reason })
}

/// One step in the life of a case.
///
/// # Refusals
/// In this order: `WrongShape`, a missing or too long text, `FinishedBeforeFound`, `StepNotOpen`, `UnknownOutcome`,
/// `CheckerIsHandler` (a hazard is checked by somebody other than its handler: GB/T 34300 asks for 核查 before 结案).
pub(super) fn step(context: &Context<'_>, subject: &Subject, action: &Action) -> Result<Event, Refusal> {
    let Body::Case(case) = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let kind = context.catalog.kind(&subject.kind)?;
    let mut first = First::default();
    if !open_steps(kind, subject.state).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let work = || context.due(kind.due.finish);
    let event = match action {
        Action::AcceptCase => Event::CaseAccepted { due: work() },
        Action::DeclineCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            Event::CaseDeclined { reason: reason.clone() }
        }
        Action::AssignCase { handler } => {
            first.check(text("handler", handler, limits::TITLE_CHARS_MAX));
            // Handing it to somebody else gives nobody more time.
            let due = if subject.state == State::Reported { work() } else { None };
            Event::CaseAssigned { handler: handler.clone(), due }
        }
        Action::TakeCaseInHand => Event::CaseTakenInHand,
        Action::PauseCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            let in_time = case.due.filter(|due| *due >= context.today);
            let left = in_time.map(|due| context.calendar.working_days_between(context.today, due));
            Event::CasePaused { reason: reason.clone(), left }
        }
        Action::ResumeCase => Event::CaseResumed { due: context.due(case.left.map(Period::WorkingDays)) },
        Action::FinishCase { day, note } => {
            first.check(noted(note)).check(in_order(subject.day, Some(*day)));
            Event::CaseFinished { day: *day, note: note.clone() }
        }
        Action::CheckCase { passed, note } => {
            first.check(noted(note)).check(checker_is_another(context, case));
            let due = if *passed { None } else { work() };
            Event::CaseChecked { passed: *passed, note: note.clone(), due }
        }
        Action::CloseCase { day, outcome } => {
            first.check(in_order(case.finished.or(subject.day), Some(*day))).check(check_outcome(kind, outcome));
            Event::CaseClosed { day: *day, outcome: outcome.clone(), transcribed: false }
        }
        Action::ReopenCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            Event::CaseReopened { reason: reason.clone(), due: work() }
        }
        _ => return Err(Refusal::StepNotOpen { state: subject.state }),
    };
    first.done()?;
    Ok(event)
}

/// The steps that are open in a state, as command types, in the order in which a screen offers them.
pub fn open_steps(kind: &Kind, state: State) -> &'static [&'static str] {
    let accept = !kind.skip.contains(&Step::Accept);
    let check = !kind.skip.contains(&Step::Check);
    match state {
        State::Reported if accept => &["accept_case", "decline_case"],
        State::Reported => &["assign_case", "decline_case"],
        State::Accepted => &["assign_case", "decline_case"],
        State::Assigned => &["take_case_in_hand", "assign_case"],
        State::InHand => &["finish_case", "pause_case", "assign_case"],
        State::Paused => &["resume_case"],
        State::Done if check => &["check_case"],
        State::Done => &["close_case"],
        State::Checked => &["close_case"],
        State::Closed | State::Declined => &["reopen_case"],
        _ => &[],
    }
}

fn noted(note: &str) -> Result<(), Refusal> {
    if note.chars().count() > limits::NOTE_CHARS_MAX {
        return Err(Refusal::TextTooLong { field: "note".to_owned(), max: limits::NOTE_CHARS_MAX });
    }
    Ok(())
}

fn check_outcome(kind: &Kind, outcome: &str) -> Result<(), Refusal> {
    if kind.has_outcome(outcome) {
        Ok(())
    } else {
        Err(Refusal::UnknownOutcome { kind: kind.code.clone(), outcome: outcome.to_owned() })
    }
}

fn checker_is_another(context: &Context<'_>, case: &Case) -> Result<(), Refusal> {
    if case.finished_by == Some(context.actor) { Err(Refusal::CheckerIsHandler) } else { Ok(()) }
}
