//! Ledger rows that could not be accepted: kept until they are mended or set aside with a reason.

use super::text;
use crate::command::{Action, PersonalValue};
use crate::event::Event;
use crate::limits;
use crate::refusal::Refusal;
use crate::subject::{State, Subject};

/// Keeps a refused row, or says what became of it.
pub(super) fn decide(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    match (action, state.map(|row| row.state)) {
        (Action::RefuseRow { area, ledger, code, column, message, cells }, _) => {
            let PersonalValue::Sealed(cells) = cells else {
                return Err(Refusal::PersonalDataOpen { field: "cells".to_owned() });
            };
            Ok(vec![Event::RowRefused {
                area: *area,
                ledger: ledger.clone(),
                code: code.clone(),
                column: column.clone(),
                message: message.clone(),
                cells: cells.clone(),
            }])
        }
        // A row set aside by mistake can still be mended.
        (Action::FixRow { record }, Some(State::Refused | State::SetAside)) => {
            Ok(vec![Event::RowFixed { record: *record }])
        }
        (Action::SetRowAside { reason }, Some(State::Refused)) => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            Ok(vec![Event::RowSetAside { reason: reason.clone() }])
        }
        (_, Some(state)) => Err(Refusal::StepNotOpen { state }),
        (_, None) => Err(Refusal::SubjectNotFound),
    }
}
