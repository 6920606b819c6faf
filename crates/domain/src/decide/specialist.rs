//! Supply movements, assessment results and projects with money.

use super::{in_order, quantity, text};
use crate::command::{Action, Movement};
use crate::event::Event;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, State, Subject, held_after};

/// Moves goods. Nothing can be issued that is not there.
pub(super) fn move_supply(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    let Action::MoveSupply { kind, area, item, unit, movement, direction, quantity: count, day, fields } = action
    else {
        return Ok(Vec::new());
    };
    let mut events = Vec::new();
    let held = match state {
        None => {
            events.push(Event::StockOpened {
                kind: kind.clone(),
                area: *area,
                item: item.clone(),
                unit: unit.clone(),
                fields: fields.clone(),
            });
            0
        }
        Some(subject) => {
            let Body::Stock { held, movements, .. } = &subject.body else {
                return Err(Refusal::SubjectExists);
            };
            if movements.len() >= limits::LINES_MAX {
                return Err(Refusal::TooManyLines);
            }
            if movements.iter().any(|known| known.id == *movement) {
                return Err(Refusal::LineExists);
            }
            *held
        }
    };
    match direction {
        Movement::Issued if held < *count => return Err(Refusal::StockTooSmall { held }),
        Movement::Received if held + count > limits::QUANTITY_MAX => return Err(Refusal::AmountOverflow),
        _ => {}
    }
    events.push(Event::SupplyMoved { movement: *movement, direction: *direction, quantity: *count, day: *day });
    Ok(events)
}

/// Corrects a movement. Every movement after it must still have been possible.
pub(super) fn correct_movement(subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    let Action::CorrectMovement { movement, quantity: count, day, reason } = action else { return Ok(Vec::new()) };
    let Body::Stock { movements, .. } = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let mut first = First::default();
    first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(quantity("quantity", *count));
    let mut corrected = movements.clone();
    match corrected.iter_mut().find(|known| known.id == *movement) {
        Some(known) => known.quantity = *count,
        None => _ = first.check(Err(Refusal::LineNotFound)),
    }
    if let Err(held) = held_after(&corrected) {
        first.check(Err(Refusal::StockTooSmall { held }));
    }
    first.done()?;
    Ok(vec![Event::MovementCorrected { movement: *movement, quantity: *count, day: *day, reason: reason.clone() }])
}

/// Enters an assessment result, or makes it final.
pub(super) fn assess(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    match (action, state) {
        (Action::EnterAssessment { kind, area, round, organisation, day, scores, grade }, _) => {
            Ok(vec![Event::AssessmentEntered {
                kind: kind.clone(),
                area: *area,
                round: round.clone(),
                organisation: organisation.clone(),
                day: *day,
                scores: scores.clone(),
                grade: grade.clone(),
            }])
        }
        (Action::FinaliseAssessment { day }, Some(subject)) => {
            let Body::Assessment { .. } = subject.body else {
                return Err(Refusal::WrongShape { kind: subject.kind.clone() });
            };
            in_order(subject.day, Some(*day))?;
            if subject.state == State::Final {
                return Err(Refusal::AlreadyEnded);
            }
            Ok(vec![Event::AssessmentFinalised { day: *day }])
        }
        _ => Ok(Vec::new()),
    }
}

/// Opens a project, gives it money, completes it.
pub(super) fn project(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    if let Action::OpenProject { kind, area, name, day, fields } = action {
        return Ok(vec![Event::ProjectOpened {
            kind: kind.clone(),
            area: *area,
            name: name.clone(),
            day: *day,
            fields: fields.clone(),
        }]);
    }
    let Some(subject) = state else { return Err(Refusal::SubjectNotFound) };
    let Body::Project { allocations, .. } = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    match action {
        Action::AllocateFunds { allocation, fen, day } => {
            let mut first = First::default();
            first.check(quantity("fen", *fen));
            if allocations.len() >= limits::LINES_MAX {
                first.check(Err(Refusal::TooManyLines));
            }
            if allocations.iter().any(|known| known.id == *allocation) {
                first.check(Err(Refusal::LineExists));
            }
            first.done()?;
            Ok(vec![Event::FundsAllocated { allocation: *allocation, fen: *fen, day: *day }])
        }
        Action::CorrectAllocation { allocation, fen, day, reason } => {
            let mut first = First::default();
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX)).check(quantity("fen", *fen));
            if !allocations.iter().any(|known| known.id == *allocation) {
                first.check(Err(Refusal::LineNotFound));
            }
            first.done()?;
            let (allocation, fen, day, reason) = (*allocation, *fen, *day, reason.clone());
            Ok(vec![Event::AllocationCorrected { allocation, fen, day, reason }])
        }
        Action::CompleteProject { day } => {
            in_order(subject.day, Some(*day))?;
            if subject.state == State::Completed {
                return Err(Refusal::AlreadyEnded);
            }
            Ok(vec![Event::ProjectCompleted { day: *day }])
        }
        _ => Ok(Vec::new()),
    }
}
