//! Activities: recorded once they were held, or planned before, so that whoever takes part has them in the calendar.

use super::{in_order, quantity, text};
use crate::command::Action;
use crate::event::Event;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, State, Subject};

/// # Refusals
/// In this order: `WrongShape`, a missing or too long reason, `QuantityOutOfRange`, `FinishedBeforeFound`, `StepNotOpen`.
pub(super) fn decide(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    match action {
        Action::RecordActivity { kind, area, day, until, title, people, fields } => {
            in_order(Some(*day), *until)?;
            Ok(vec![Event::ActivityRecorded {
                kind: kind.clone(),
                area: *area,
                day: *day,
                until: *until,
                title: title.clone(),
                people: *people,
                fields: fields.clone(),
            }])
        }
        Action::PlanActivity { kind, area, day, until, title, fields } => {
            in_order(Some(*day), *until)?;
            Ok(vec![Event::ActivityPlanned {
                kind: kind.clone(),
                area: *area,
                day: *day,
                until: *until,
                title: title.clone(),
                fields: fields.clone(),
            }])
        }
        _ => step(state, action),
    }
}

fn step(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    let subject = state.ok_or(Refusal::SubjectNotFound)?;
    let Body::Activity { .. } = subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let mut first = First::default();
    if !open_steps(subject.state).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let event = match action {
        Action::HoldActivity { day, until, people } => {
            first.check(in_order(Some(*day), *until)).check(quantity("people", people.unwrap_or(0)));
            Event::ActivityHeld { day: *day, until: *until, people: *people }
        }
        Action::CancelActivity { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            Event::ActivityCancelled { reason: reason.clone() }
        }
        _ => return Ok(Vec::new()),
    };
    first.done()?;
    Ok(vec![event])
}

/// The steps that are open to an activity in a state, as command types, in the order in which a screen offers them.
pub fn open_steps(state: State) -> &'static [&'static str] {
    match state {
        State::Planned => &["hold_activity", "cancel_activity"],
        _ => &[],
    }
}
