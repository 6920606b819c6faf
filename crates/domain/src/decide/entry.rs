//! Register entries: what exists from a day to a day, the dated lines on it, and the links between entries.

use serde_json::Value;

use super::case::is_alone;
use super::line::room_for;
use super::{Context, Decision, in_order, sealed, text};
use crate::catalog::{Catalog, Kind};
use crate::command::{Action, Command};
use crate::event::{Event, SealedFields};
use crate::ids::{Fields, SubjectId};
use crate::limits;
use crate::refusal::{First, Refusal};
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
    let links = standing_links(context.catalog, context.catalog.kind(kind)?, command.subject, fields, linked)?;
    for (link, other) in links {
        let line = Event::LineAdded {
            line: command.subject,
            kind: link.to_owned(),
            day: *from,
            area: None,
            fields: Fields::new(),
            sealed: SealedFields::new(),
            until: None,
            answers: None,
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
    if !matches!(subject.body, Body::Entry { .. }) {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    }
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
    let standing =
        others.filter(|other| linked(*other).is_some_and(|entry| entry.standing_lines().any(|line| line.id == id)));
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
        first.check(room_for(&entry.lines, id));
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
