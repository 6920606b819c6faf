//! Register entries: what exists from a day to a day, the dated lines on it, and the links between entries.

use serde_json::Value;

use super::case::is_alone;
use super::{Context, Decision, field_invalid, in_order, sealed, text};
use crate::catalog::{Catalog, Kind};
use crate::command::{Action, Command};
use crate::event::Event;
use crate::ids::{Fields, SubjectId};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Line, State, Subject};

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
    let links = standing_links(context.catalog, context.catalog.kind(kind)?, command.subject, fields, linked)?;
    for (link, other) in links {
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

/// Ends an entry, and takes back the lines it left on the entries it links to: what it counted for there (a grid's
/// coverage, for instance) it counted for while it was active.
///
/// # Refusals
/// `WrongShape`, a missing or too long reason, `FinishedBeforeFound`, `AlreadyEnded`.
pub(super) fn end<'s>(
    context: &Context<'_>,
    subject: &Subject,
    command: &Command,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Decision, Refusal> {
    let Action::EndEntry { day, reason } = &command.action else { return Ok(Decision::new()) };
    lines(subject)?;
    text("reason", reason, limits::NOTE_CHARS_MAX)?;
    in_order(subject.day, Some(*day))?;
    if subject.state == State::Ended {
        return Err(Refusal::AlreadyEnded);
    }
    let ended = Event::EntryEnded { day: *day, reason: reason.clone() };
    let mut events = vec![(command.subject, ended)];
    events.extend(lines_taken_back(context, subject, command.subject, reason, linked)?);
    Ok(events)
}

/// Adds a line to an entry, or withdraws one. A line that another record left here is that record's own.
pub(super) fn change_lines(context: &Context<'_>, subject: &Subject, command: &Command) -> Result<Vec<Event>, Refusal> {
    let kind = context.catalog.kind(&subject.kind)?;
    let lines = lines(subject)?;
    match &command.action {
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
            let mut first = First::default();
            first.check(left_by_nobody(context.catalog, line_kind));
            for (name, value) in fields {
                first.check(check_line_field(name, value));
            }
            first.check(room_for(lines, *line)).done()?;
            Ok(vec![Event::LineAdded {
                line: *line,
                kind: line_kind.clone(),
                day: Some(*day),
                area: *area,
                fields: fields.clone(),
            }])
        }
        Action::WithdrawLine { line, reason } => {
            let known = lines.iter().find(|known| known.id == *line && !known.withdrawn);
            let mut first = First::default();
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            first.check(match known {
                Some(known) => left_by_nobody(context.catalog, &known.kind),
                None => Err(Refusal::LineNotFound),
            });
            first.done()?;
            Ok(vec![Event::LineWithdrawn { line: *line, reason: reason.clone() }])
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
    is_alone(subject)?;
    let mut events = vec![(command.subject, Event::Withdrawn { reason: reason.to_owned() })];
    events.extend(lines_taken_back(context, subject, command.subject, reason, linked)?);
    Ok(events)
}

fn lines_taken_back<'s>(
    context: &Context<'_>,
    subject: &Subject,
    id: SubjectId,
    reason: &str,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Decision, Refusal> {
    let links = &context.catalog.kind(&subject.kind)?.links;
    let others = links.iter().filter_map(|link| linked_id(&subject.fields, &link.field));
    let standing = others.filter(|other| {
        let lines = linked(*other).and_then(|entry| lines(entry).ok()).unwrap_or_default();
        lines.iter().any(|line| line.id == id && !line.withdrawn)
    });
    Ok(standing.map(|other| (other, Event::LineWithdrawn { line: id, reason: reason.to_owned() })).collect())
}

/// The entries that the link fields name, each with the kind of line to leave there. Each of them has to be active.
fn standing_links<'k, 's>(
    catalog: &Catalog,
    kind: &'k Kind,
    id: SubjectId,
    fields: &Fields,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
) -> Result<Vec<(&'k str, SubjectId)>, Refusal> {
    let mut found = Vec::new();
    let mut first = First::default();
    for link in kind.links.iter().filter(|link| fields.contains_key(&link.field)) {
        let other = linked_id(fields, &link.field).and_then(|other| Some((other, linked(other)?)));
        let Some((other, entry)) = other.filter(|(_, entry)| takes_line(catalog, entry, &link.line)) else {
            first.check(Err(Refusal::LinkNotFound { field: link.field.clone() }));
            continue;
        };
        first.check(lines(entry).and_then(|lines| room_for(lines, id)));
        found.push((link.line.as_str(), other));
    }
    first.done()?;
    Ok(found)
}

pub(super) fn takes_line(catalog: &Catalog, entry: &Subject, line: &str) -> bool {
    let kind = catalog.kind(&entry.kind);
    !entry.withdrawn
        && entry.state == State::Active
        && kind.is_ok_and(|kind| kind.lines.iter().any(|known| known.code == line))
}

pub(super) fn lines(subject: &Subject) -> Result<&[Line], Refusal> {
    match &subject.body {
        Body::Entry { lines, .. } => Ok(lines),
        _ => Err(Refusal::WrongShape { kind: subject.kind.clone() }),
    }
}

pub(super) fn room_for(lines: &[Line], line: SubjectId) -> Result<(), Refusal> {
    if lines.len() >= limits::LINES_MAX {
        Err(Refusal::TooManyLines)
    } else if lines.iter().any(|known| known.id == line) {
        Err(Refusal::LineExists)
    } else {
        Ok(())
    }
}

fn left_by_nobody(catalog: &Catalog, line_kind: &str) -> Result<(), Refusal> {
    if catalog.is_left_by_link(line_kind) {
        field_invalid("line", "this line comes and goes with the record that links here")
    } else {
        Ok(())
    }
}

/// Lines have no schema of their own, so what they may hold is what a journal can keep.
fn check_line_field(name: &str, value: &Value) -> Result<(), Refusal> {
    let plain = match value {
        Value::Array(items) => items.iter().all(Value::is_string),
        Value::Object(_) | Value::Null => false,
        other => !other.is_f64(),
    };
    if plain { Ok(()) } else { field_invalid(name, "text, a whole number, true or false, or a list of texts") }
}
