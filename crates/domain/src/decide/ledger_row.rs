//! Ledger rows that could not be accepted: kept until they are mended or set aside with a reason.

use super::text;
use crate::command::{Action, PersonalValue};
use crate::event::Event;
use crate::limits;
use crate::refusal::Refusal;
use crate::subject::{Body, State, Subject};

/// Keeps a refused row, or says what became of it.
///
/// # Refusals
/// `WrongShape`, a missing or too long reason, `StepNotOpen`. A row set aside by mistake can still be mended.
pub(super) fn decide(state: Option<&Subject>, action: &Action) -> Result<Vec<Event>, Refusal> {
    if let Action::RefuseRow { area, ledger, code, column, message, cells } = action {
        let PersonalValue::Sealed(cells) = cells else {
            return Err(Refusal::PersonalDataOpen { field: "cells".to_owned() });
        };
        return Ok(vec![Event::RowRefused {
            area: *area,
            ledger: ledger.clone(),
            code: code.clone(),
            column: column.clone(),
            message: message.clone(),
            cells: cells.clone(),
        }]);
    }
    let Some(row) = state else { return Err(Refusal::SubjectNotFound) };
    let Body::LedgerRow { .. } = row.body else { return Err(Refusal::WrongShape { kind: row.kind.clone() }) };
    let (event, open) = match action {
        Action::FixRow { record } => {
            (Event::RowFixed { record: *record }, matches!(row.state, State::Refused | State::SetAside))
        }
        Action::SetRowAside { reason } => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            (Event::RowSetAside { reason: reason.clone() }, row.state == State::Refused)
        }
        _ => return Ok(Vec::new()),
    };
    if open { Ok(vec![event]) } else { Err(Refusal::StepNotOpen { state: row.state }) }
}
