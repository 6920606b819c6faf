//! Register entries: what exists from a day to a day, the dated lines on it, and the links between entries.

use serde_json::Value;

use super::{Context, Decision, quantity, sealed, text};
use crate::catalog::Kind;
use crate::command::{Action, Command};
use crate::event::Event;
use crate::ids::{Fields, SubjectId};
use crate::limits;
use crate::refusal::Refusal;
use crate::subject::{Body, State, Subject};

/// The subject id that a link field holds.
pub(super) fn linked_id(fields: &Fields, field: &str) -> Option<SubjectId> {
    fields.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// Enters something that exists. Each link field leaves a line on the entry it names, so that the other's figures are
/// a function of its own state (how many organisations are seated on a grid, for instance).
pub(super) fn register<'s>(
    context: &Context<'_>,
    command: &Command,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Decision, Refusal> {
    let Action::RegisterEntry { kind, area, name, from, fields, personal } = &command.action else {
        return Ok(Decision::new());
    };
    let mut events = vec![(
        command.subject,
        Event::EntryRegistered {
            kind: kind.clone(),
            area: *area,
            name: name.clone(),
            from: *from,
            fields: fields.clone(),
            sealed: sealed(personal),
        },
    )];
    for (link, other, _) in live_links(context.catalog.kind(kind)?, fields, linked)? {
        let line = Event::LineAdded {
            line: command.subject,
            kind: link.to_owned(),
            day: *from,
            area: None,
            fields: Fields::new(),
        };
        events.push((other, line));
    }
    Ok(events)
}

/// Ends an entry, adds a line or withdraws one.
pub(super) fn change(
    context: &Context<'_>,
    subject: &Subject,
    command: &Command,
) -> Result<Vec<Event>, Refusal> {
    let kind = context.catalog.kind(&subject.kind)?;
    let Body::Entry { lines, .. } = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    match &command.action {
        Action::EndEntry { day, reason } => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            if subject.state == State::Ended {
                return Err(Refusal::AlreadyEnded);
            }
            if let Some(from) = subject.day.filter(|from| day < from) {
                return Err(Refusal::FinishedBeforeFound { first: from, second: *day });
            }
            Ok(vec![Event::EntryEnded { day: *day, reason: reason.clone() }])
        }
        Action::AddLine { line, kind: line_kind, day, area, fields } => {
            if !kind.lines.iter().any(|known| known.code == *line_kind) {
                return Err(Refusal::UnknownKind { kind: line_kind.clone() });
            }
            if let Some(area) = area.filter(|area| !context.areas.contains(*area)) {
                return Err(Refusal::UnknownArea { area });
            }
            if let Some(area) = area.filter(|area| !context.prefecture.area().contains(*area)) {
                return Err(Refusal::OutsidePrefecture { area });
            }
            if let Some((name, _)) = fields.iter().find(|(_, value)| value.is_object() || value.is_f64()) {
                return Err(Refusal::FieldInvalid {
                    field: name.clone(),
                    problem: "text, a whole number, true or false, or a list of texts".to_owned(),
                });
            }
            if lines.iter().any(|known| known.id == *line) {
                return Err(Refusal::LineExists);
            }
            if lines.len() >= limits::LINES_MAX {
                return Err(Refusal::TooManyLines);
            }
            quantity("lines", lines.len() as i64)?;
            Ok(vec![Event::LineAdded {
                line: *line,
                kind: line_kind.clone(),
                day: Some(*day),
                area: *area,
                fields: fields.clone(),
            }])
        }
        Action::WithdrawLine { line, reason } => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            match lines.iter().find(|known| known.id == *line) {
                Some(known) if !known.withdrawn => {
                    Ok(vec![Event::LineWithdrawn { line: *line, reason: reason.clone() }])
                }
                _ => Err(Refusal::LineNotFound),
            }
        }
        _ => Ok(Vec::new()),
    }
}

/// Withdraws any record; an entry also takes back the lines it left on the entries it links to.
pub(super) fn withdraw<'s>(
    context: &Context<'_>,
    subject: &Subject,
    command: &Command,
    reason: &str,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Decision, Refusal> {
    text("reason", reason, limits::NOTE_CHARS_MAX)?;
    let reason = reason.to_owned();
    let mut events = vec![(command.subject, Event::Withdrawn { reason: reason.clone() })];
    for link in &context.catalog.kind(&subject.kind)?.links {
        let Some(other) = linked_id(&subject.fields, &link.field) else { continue };
        let standing = linked(other).is_some_and(|entry| match &entry.body {
            Body::Entry { lines, .. } => lines.iter().any(|line| line.id == command.subject && !line.withdrawn),
            _ => false,
        });
        if standing {
            events.push((other, Event::LineWithdrawn { line: command.subject, reason: reason.clone() }));
        }
    }
    Ok(events)
}

fn live_links<'k, 's>(
    kind: &'k Kind,
    fields: &Fields,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Vec<(&'k str, SubjectId, &'s Subject)>, Refusal> {
    let mut found = Vec::new();
    for link in &kind.links {
        if !fields.contains_key(&link.field) {
            continue;
        }
        let missing = || Refusal::LinkNotFound { field: link.field.clone() };
        let id = linked_id(fields, &link.field).ok_or_else(missing)?;
        let subject = linked(id).filter(|subject| !subject.withdrawn).ok_or_else(missing)?;
        found.push((link.line.as_str(), id, subject));
    }
    Ok(found)
}
