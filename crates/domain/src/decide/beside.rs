//! What happens to a case beside its steps, and leaves it in the state in which it is: it is handed over, given more
//! time, reminded of, and escalated when a day has gone.

use super::board::day_ends_claim;
use super::case::{handlers, is_unclaimed, noted};
use super::{Context, Linked, text};
use crate::area::AreaCode;
use crate::catalog::{Catalog, Then};
use crate::command::{Action, Handler};
use crate::event::Event;
use crate::ids::{Actor, Day};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, State, Subject};

/// # Refusals
/// In this order: `WrongShape`, a missing or too long text, what [`handlers`] refuses, `FinishedBeforeFound` when more
/// time would be less, `StepNotOpen`, `NotTheReceiver`, `ExtenderIsHandler`.
pub(super) fn decide(
    context: &Context<'_>,
    subject: &Subject,
    linked: Linked<'_, '_>,
    action: &Action,
) -> Result<Vec<Event>, Refusal> {
    let Body::Case(case) = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let mut first = First::default();
    if *action != Action::ChaseCase && !open_beside(subject).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let events = match action {
        Action::HandOverCase { handler, account, reason } => {
            let to = Handler { name: handler.clone(), account: *account };
            handlers(&mut first, context, subject, linked, &to, &[]);
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(is_unclaimed(case));
            let (handler, account, reason) = (handler.clone(), *account, reason.clone());
            vec![Event::HandoverOffered { handler, account, reason }]
        }
        Action::SignHandover => {
            first.check(receiver_signs(context, case, action));
            vec![Event::HandoverSigned]
        }
        Action::RefuseHandover { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            first.check(receiver_signs(context, case, action));
            vec![Event::HandoverRefused { reason: reason.clone() }]
        }
        Action::ExtendCase { due, reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(extends(context, case, *due));
            vec![Event::CaseExtended { due: *due, reason: reason.clone() }]
        }
        Action::RemindCase { note } => {
            first.check(noted(note));
            vec![Event::CaseReminded { due: case.due, note: note.clone() }]
        }
        Action::ChaseCase => time_brings(context, subject),
        _ => Vec::new(),
    };
    first.done()?;
    Ok(events)
}

/// What may be done beside the steps, as command types, in the order in which a screen offers them.
pub fn open_beside(subject: &Subject) -> &'static [&'static str] {
    let Body::Case(case) = &subject.body else { return &[] };
    match (subject.state, case.handover.is_some(), case.due.is_some()) {
        (State::Assigned | State::InHand, true, true) => {
            &["sign_handover", "refuse_handover", "extend_case", "remind_case"]
        }
        (State::Assigned | State::InHand, false, true) => &["hand_over_case", "extend_case", "remind_case"],
        (State::Assigned | State::InHand | State::Paused, true, _) => {
            &["sign_handover", "refuse_handover", "remind_case"]
        }
        (State::Assigned | State::InHand | State::Paused, false, _) => &["hand_over_case", "remind_case"],
        (State::Reported | State::Accepted | State::Done | State::Checked, ..) => &["remind_case"],
        _ => &[],
    }
}

/// Whether a step that is open, of those that [`super::case::open_steps`] and [`open_beside`] name, is one for this
/// person: what a screen offers is what is then accepted.
pub fn is_for(actor: Actor, case: &Case, step: &str) -> bool {
    match step {
        // The resident who asked answers, with their own link.
        "answer_case" => case.is_residents() && actor == Actor::Resident,
        // The work is checked by somebody other than who finished it.
        "check_case" => case.finished_by != Some(actor),
        "sign_handover" => case.is_offered_to(actor),
        // Whoever offered it may take the offer back.
        "refuse_handover" => {
            case.is_offered_to(actor) || case.handover.as_ref().is_some_and(|handover| handover.by == actor)
        }
        "extend_case" => !case.is_work_of(actor),
        // What is claimed is locked.
        "assign_case" | "hand_over_case" | "merge_case" => case.claim.is_none(),
        _ => true,
    }
}

/// Without an offer the step is not open, which is said first.
fn receiver_signs(context: &Context<'_>, case: &Case, action: &Action) -> Result<(), Refusal> {
    let may = case.handover.is_none() || is_for(context.actor, case, action.code());
    if may { Ok(()) } else { Err(Refusal::NotTheReceiver) }
}

/// More time is given before the day has gone, and not by who needs it.
fn extends(context: &Context<'_>, case: &Case, until: Day) -> Result<(), Refusal> {
    let mut first = First::default();
    let due = case.due.unwrap_or(context.today);
    if until <= due {
        first.check(Err(Refusal::FinishedBeforeFound { first: due, second: until }));
    }
    if due < context.today {
        first.check(Err(Refusal::AlreadyLate { due }));
    }
    if until > context.today.plus_days(limits::EXTENSION_DAYS_MAX) {
        let problem = format!("at most {} days from today", limits::EXTENSION_DAYS_MAX);
        first.check(Err(Refusal::FieldInvalid { field: "due".to_owned(), problem }));
    }
    if case.is_work_of(context.actor) {
        first.check(Err(Refusal::ExtenderIsHandler));
    }
    first.done()
}

/// What the day brings for a case: a reminder before it is due, and once it is late a call on each office above, as far
/// up as it is late. What was claimed and is late goes back on the board instead. Nothing that has happened already happens
/// again.
pub fn time_brings(context: &Context<'_>, subject: &Subject) -> Vec<Event> {
    let Body::Case(case) = &subject.body else { return Vec::new() };
    let Some(due) = subject.due() else { return Vec::new() };
    if case.due.is_none() {
        return time_brings_for_lines(context, subject, case, due);
    }
    if context.today <= due {
        let near = context.calendar.working_days_between(context.today, due) <= context.catalog.remind_working_days;
        let told = case.reminded == Some(due);
        return if near && !told {
            vec![Event::CaseReminded { due: Some(due), note: String::new() }]
        } else {
            Vec::new()
        };
    }
    if let Some(released) = day_ends_claim(context, subject, case) {
        return vec![released];
    }
    let late = context.calendar.working_days_between(due, context.today);
    let call = |to: AreaCode| Event::CaseEscalated { to, late };
    calls(context.catalog, subject, case, late).map(call).collect()
}

/// What has to follow on a line: whoever led the case is reminded before the day, and once it has gone nothing is waited for.
fn time_brings_for_lines(context: &Context<'_>, subject: &Subject, case: &Case, due: Day) -> Vec<Event> {
    let due_lines = subject.standing_lines().filter(|line| line.until == Some(due));
    if context.today > due {
        return due_lines.map(|line| Event::LineLapsed { line: line.id }).collect();
    }
    let kind = context.catalog.kind(&subject.kind).ok();
    let then: Vec<&Then> = due_lines.filter_map(|line| kind?.line(&line.kind)?.then.as_ref()).collect();
    let remind = then.iter().map(|then| then.remind_working_days).max().unwrap_or_default();
    let what = then.first().and_then(|then| kind?.line(&then.line)).map(|line| line.names.zh.clone());
    let near = context.calendar.working_days_between(context.today, due) <= remind;
    if near && case.reminded != Some(due) {
        vec![Event::CaseReminded { due: Some(due), note: what.unwrap_or_default() }]
    } else {
        Vec::new()
    }
}

/// The offices that have to hear of a case which is so many working days late and have not heard yet, the nearest first.
fn calls<'a>(
    catalog: &'a Catalog,
    subject: &'a Subject,
    case: &'a Case,
    late: u16,
) -> impl Iterator<Item = AreaCode> + 'a {
    let heard = case.escalated.last().map_or(subject.area.level(), |area| area.level());
    let rungs = catalog.escalation.iter().filter(move |rung| rung.working_days <= late && rung.level < heard);
    rungs.filter_map(|rung| subject.area.lineage().find(|area| area.level() == rung.level))
}
