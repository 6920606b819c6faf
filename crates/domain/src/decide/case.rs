//! The life of a case: one state machine for all kinds.
//!
//! ```text
//! reported → accepted → assigned → in_hand ⇄ paused
//!     ↘ declined            ↘  in_hand → done → checked → closed → (reopened) in_hand
//! ```
//! Any open case may be merged into another. Beside the steps it may be handed over, given more time, reminded of and
//! escalated ([`super::beside`]).
//!
//! The catalog switches `accept` and `check` off for kinds that do without them, and says how long a kind's first answer,
//! its work, its check and the answer of the resident who asked may take. The clock of the work stops while a case is
//! paused, unless it was late already: a pause does not undo a missed day.

use super::beside::is_for;
use super::{Context, Linked, in_order, legible, line, sealed, text};
use crate::attachment::Purpose;
use crate::calendar::Period;
use crate::catalog::{Kind, Step};
use crate::command::{Action, Ended, Handler, Solved};
use crate::event::{Event, SealedFields};
use crate::ids::{Day, SubjectId};
use crate::limits;
use crate::permission::{Grant, Verb};
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, State, Subject};

/// Opens a case, or enters what a ledger knows of one. Told again, a ledger adds only what is new.
///
/// # Refusals
/// `FinishedBeforeFound`, `StepNotOpen` when a ledger would change a closed or merged case, `UnknownOutcome`.
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
            let moves: Vec<Event> = progress(case, handler, ended).collect();
            let is_over =
                matches!(subject.state, State::Closed | State::Merged) && !(events.is_empty() && moves.is_empty());
            if is_over || moves.iter().any(|event| is_walked_here(subject, case, event)) {
                first.check(Err(Refusal::StepNotOpen { state: subject.state }));
            }
            events.extend(moves);
            first.done()?;
            Ok(events)
        }
        _ => Ok(Vec::new()),
    }
}

/// Whether people here have taken the case further than a ledger may say anything of who handles it or how it ended:
/// those steps have their own rules, of evidence, of checking, of hearing whoever asked.
fn is_walked_here(subject: &Subject, case: &Case, event: &Event) -> bool {
    let held = case.account.is_some() || !case.assisting.is_empty() || case.handover.is_some();
    let held = held || case.published.is_some() || case.claim.is_some() || !case.released.is_empty();
    let clocked = case.due.is_some() || case.left.is_some();
    let as_ledgers_leave_it = match event {
        Event::CaseClosed { .. } => matches!(subject.state, State::Reported | State::Assigned | State::InHand),
        _ => matches!(subject.state, State::Reported | State::Assigned),
    };
    held || clocked || case.is_residents() || !as_ledgers_leave_it
}

fn progress(case: &Case, handler: &Option<String>, ended: &Option<Ended>) -> impl Iterator<Item = Event> {
    let assigned = handler.clone().filter(|handler| case.handler.as_ref() != Some(handler));
    let assigned = assigned.map(|handler| Event::CaseAssigned {
        handler,
        account: None,
        assisting: Vec::new(),
        due: None,
        late: false,
    });
    let closed =
        ended.clone().filter(|ended| case.closed != Some(ended.day) || case.outcome.as_ref() != Some(&ended.outcome));
    let closed = closed.map(|ended| Event::CaseClosed { day: ended.day, outcome: ended.outcome, transcribed: true });
    assigned.into_iter().chain(closed)
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
/// In this order: `WrongShape`, a missing or too long text, `TooManyLines`, what [`handlers`] refuses,
/// `FinishedBeforeFound`, `ClaimedAlready` when somebody else would be given what is claimed, `StepNotOpen`,
/// `UnknownOutcome`, `CheckerIsHandler` (a hazard is checked by somebody other than its handler: GB/T 34300 asks for 核查
/// before 结案), `EvidenceMissing`, `AnswerAwaited`, `LineMissing`, `LineBarred`.
pub(super) fn step(
    context: &Context<'_>,
    subject: &Subject,
    linked: Linked<'_, '_>,
    action: &Action,
) -> Result<Event, Refusal> {
    let Body::Case(case) = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let kind = context.catalog.kind(&subject.kind)?;
    let mut first = First::default();
    if !open_steps(kind, subject.state).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let work = || context.due(kind.due.finish);
    // The first answer is late when its day is over.
    let late = subject.state == State::Reported && case.due.is_some_and(|due| due < context.today);
    let answer_until = if case.is_residents() { context.due(kind.due.answer) } else { None };
    // Whoever asked is heard first, and then the offices have their days.
    let afterwards = || match (answer_until, kind.due.check) {
        (Some(until), Some(period)) => Some(context.calendar.due(until, period)),
        (until, period) => until.or_else(|| context.due(period)),
    };
    let event = match action {
        Action::AcceptCase => Event::CaseAccepted { due: work(), late },
        Action::DeclineCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(is_alone(subject));
            Event::CaseDeclined { reason: reason.clone(), late }
        }
        Action::AssignCase { handler, account, assisting } => {
            let lead = Handler { name: handler.clone(), account: *account };
            handlers(&mut first, context, subject, linked, &lead, assisting);
            first.check(is_unclaimed(case));
            // Giving it to somebody else gives nobody more time.
            let due = if subject.state == State::Reported { work() } else { None };
            Event::CaseAssigned { handler: handler.clone(), account: *account, assisting: assisting.clone(), due, late }
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
            let shown = subject.files.iter().any(|file| file.purpose == Purpose::Evidence);
            if kind.evidence && !shown {
                first.check(Err(Refusal::EvidenceMissing));
            }
            let (due, answer_until) = if kind.skip.contains(&Step::Check) {
                (afterwards(), answer_until)
            } else {
                (context.due(kind.due.check), None)
            };
            Event::CaseFinished { day: *day, note: note.clone(), due, answer_until }
        }
        Action::CheckCase { passed, note } => {
            first.check(noted(note)).check(checker_is_another(context, case));
            let (due, answer_until) = if *passed { (afterwards(), answer_until) } else { (work(), None) };
            Event::CaseChecked { passed: *passed, note: note.clone(), due, answer_until }
        }
        Action::CloseCase { day, outcome } => {
            first.check(in_order(case.finished.or(subject.day), Some(*day))).check(check_outcome(kind, outcome));
            first.check(answer_is_in(context, case)).check(ends_as_claimed(kind, case, outcome));
            first.check(line::ends(kind, subject, outcome));
            Event::CaseClosed { day: *day, outcome: outcome.clone(), transcribed: false }
        }
        Action::ReopenCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            // What was merged by mistake goes on with the day that it had: merging gives nobody more time.
            let due = match subject.state {
                State::Merged => case.due.or_else(|| context.due(case.left.map(Period::WorkingDays))),
                _ => work(),
            };
            Event::CaseReopened { reason: reason.clone(), due }
        }
        Action::AnswerCase { solved, satisfaction, note } => {
            first.check(noted(note));
            if case.answer.is_some_and(|answer| answer.times >= limits::ANSWERS_MAX) {
                first.check(Err(Refusal::TooManyLines));
            }
            let due = if *solved == Solved::Unresolved { work() } else { None };
            Event::CaseAnswered { solved: *solved, satisfaction: *satisfaction, note: note.clone(), due }
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
        State::Reported if accept => &["accept_case", "decline_case", "merge_case"],
        State::Reported => &["assign_case", "decline_case", "merge_case"],
        State::Accepted => &["assign_case", "decline_case", "merge_case"],
        State::Assigned => &["take_case_in_hand", "assign_case", "merge_case"],
        State::InHand => &["finish_case", "pause_case", "assign_case", "merge_case"],
        State::Paused => &["resume_case", "merge_case"],
        State::Done if check => &["check_case"],
        State::Done | State::Checked => &["close_case", "answer_case"],
        State::Closed => &["reopen_case", "answer_case"],
        State::Declined | State::Merged => &["reopen_case"],
        _ => &[],
    }
}

/// The case goes on in another, which keeps a note of it.
///
/// # Refusals
/// In this order: `WrongShape`, a missing or too long text, `TooManyLines` when the other has taken in too many,
/// `LinkNotFound`, `LinkUnfit` when the other is no case that goes on, `ClaimedAlready`, `StepNotOpen`.
pub(super) fn merge(
    subject: &Subject,
    (own, into): (SubjectId, SubjectId),
    linked: Linked<'_, '_>,
    kind: &Kind,
    reason: &str,
) -> Result<Vec<(SubjectId, Event)>, Refusal> {
    let Body::Case(case) = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let mut first = First::default();
    first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(is_unclaimed(case));
    let field = || "into".to_owned();
    match linked(into).map(|other| (other, &other.body)) {
        None => _ = first.check(Err(Refusal::LinkNotFound { field: field() })),
        Some((other, Body::Case(case))) => {
            let goes_on = !other.withdrawn && !other.state.is_over();
            if into == own || !goes_on {
                first.check(Err(Refusal::LinkUnfit { field: field() }));
            }
            if case.duplicates.len() >= limits::LINES_MAX {
                first.check(Err(Refusal::TooManyLines));
            }
        }
        Some(_) => _ = first.check(Err(Refusal::LinkUnfit { field: field() })),
    }
    if !open_steps(kind, subject.state).contains(&"merge_case") {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    first.done()?;
    let reason = reason.to_owned();
    Ok(vec![(own, Event::CaseMerged { into, reason }), (into, Event::DuplicateJoined { case: own })])
}

/// Whoever leads and whoever assists has a name, and each account that is named belongs to somebody who may handle the
/// case where it is.
///
/// # Refusals
/// A missing or too long text, `TooManyLines`, `LinkNotFound`, `HandlerOutOfReach`, `NotAGridTask`.
pub(super) fn handlers(
    first: &mut First,
    context: &Context<'_>,
    subject: &Subject,
    linked: Linked<'_, '_>,
    lead: &Handler,
    assisting: &[Handler],
) {
    first.check(text("handler", &lead.name, limits::TITLE_CHARS_MAX));
    if assisting.len() > limits::ASSISTING_MAX {
        first.check(Err(Refusal::TooManyLines));
    }
    for helper in assisting {
        first.check(text("assisting", &helper.name, limits::TITLE_CHARS_MAX));
    }
    let named = std::iter::once((lead, "account")).chain(assisting.iter().map(|helper| (helper, "assisting")));
    for (account, field) in named.filter_map(|(handler, field)| Some((handler.account?, field))) {
        first.check(may_be_handler(context, subject, linked(account), field));
    }
}

fn may_be_handler(
    context: &Context<'_>,
    subject: &Subject,
    account: Option<&Subject>,
    field: &str,
) -> Result<(), Refusal> {
    let in_service = account.filter(|account| !account.withdrawn && account.state == State::Active);
    let grant = in_service.and_then(Grant::of_account);
    let grant = grant.ok_or_else(|| Refusal::LinkNotFound { field: field.to_owned() })?;
    let reached = context.roles.permit(&grant, Verb::Handle, &subject.kind, subject.area);
    reached.map_err(|_| Refusal::HandlerOutOfReach { field: field.to_owned() })?;
    let kind = context.catalog.kind(&subject.kind)?;
    context.admissions.check(context.roles, &grant, kind, subject.area, context.today)
}

/// Others that were merged into a case go on in it, so it is neither declined nor withdrawn before they are parted.
pub(super) fn is_alone(subject: &Subject) -> Result<(), Refusal> {
    match &subject.body {
        Body::Case(case) if !case.duplicates.is_empty() => Err(Refusal::StepNotOpen { state: subject.state }),
        _ => Ok(()),
    }
}

pub(super) fn noted(note: &str) -> Result<(), Refusal> {
    legible("note", note)?;
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

/// What is claimed is locked: it goes to nobody else before the claim is given back.
pub(super) fn is_unclaimed(case: &Case) -> Result<(), Refusal> {
    match &case.claim {
        Some(claim) => Err(Refusal::ClaimedAlready { by: claim.claimant.clone() }),
        None => Ok(()),
    }
}

/// A claim ends by being fulfilled or given back, so that nobody is counted for what they did not do.
fn ends_as_claimed(kind: &Kind, case: &Case, outcome: &str) -> Result<(), Refusal> {
    if kind.board.as_ref().is_some_and(|board| board.fulfilled == outcome) { Ok(()) } else { is_unclaimed(case) }
}

fn checker_is_another(context: &Context<'_>, case: &Case) -> Result<(), Refusal> {
    if is_for(context.actor, case, "check_case") { Ok(()) } else { Err(Refusal::CheckerIsHandler) }
}

/// Whoever asked is heard before the case is closed, or has had the time to answer.
fn answer_is_in(context: &Context<'_>, case: &Case) -> Result<(), Refusal> {
    match case.answer_until {
        Some(until) if case.is_residents() && case.answer.is_none() && context.today <= until => {
            Err(Refusal::AnswerAwaited { until })
        }
        _ => Ok(()),
    }
}
