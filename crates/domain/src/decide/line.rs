//! Dated lines on a record: added and withdrawn, each by the rules that its kind has in the catalog.
//!
//! The papers of a mediation are lines of a dispute, so the rules of the law stand in the catalog: who refused is not
//! mediated with (人民调解法, art. 17), what may be a crime goes to the police (art. 25), and both parties may ask the court to
//! confirm their agreement within thirty days (art. 33).

use serde_json::Value;

use super::{Context, field_invalid, in_order, sealed, text};
use crate::calendar::Period;
use crate::catalog::{Catalog, Kind, LineKind, Then};
use crate::command::{Action, Command};
use crate::event::Event;
use crate::ids::{Day, SubjectId};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Line, State, Subject};

/// Adds a line to a record, or withdraws one. A line that another record left here is that record's own.
///
/// # Refusals
/// In this order: `WrongShape`, `UnknownKind`, `UnknownArea`, `OutsidePrefecture`, what the fields of the line are refused
/// for, `TooManyLines`, `LineNotFound`, `LineExists`, `FinishedBeforeFound`, `StepNotOpen`, `LineOnce`, `LineMissing`,
/// `LineBarred`, `LineTooLate`.
pub(super) fn decide(context: &Context<'_>, subject: &Subject, command: &Command) -> Result<Vec<Event>, Refusal> {
    let kind = context.catalog.kind(&subject.kind)?;
    if !kind.shape.takes_lines() {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    }
    match &command.action {
        Action::AddLine { line, kind: line_kind, day, area, fields, personal } => {
            let of = kind.line(line_kind).ok_or_else(|| Refusal::UnknownKind { kind: line_kind.clone() })?;
            if let Some(area) = area.filter(|area| !context.areas.contains(*area)) {
                return Err(Refusal::UnknownArea { area });
            }
            if let Some(area) = area.filter(|area| !context.prefecture.area().contains(*area)) {
                return Err(Refusal::OutsidePrefecture { area });
            }
            let mut first = First::default();
            first.check(left_by_nobody(context.catalog, line_kind));
            if of.form.is_empty() {
                for (name, value) in fields {
                    first.check(check_plain(name, value));
                }
            } else {
                first.check(of.form.check(fields));
            }
            first.check(of.form.check_personal(personal)).check(room_for(&subject.lines, *line));
            let answers = answered(context, kind, subject, of, *day);
            if let Body::Case(_) = subject.body {
                first.check(in_order(subject.day, Some(*day)));
            }
            if of.then.is_some() {
                // Days are counted from it, so it lies not ahead.
                first.check(in_order(Some(*day), Some(context.today)));
            }
            first.check(in_turn(subject, kind, of));
            let answers = answers.unwrap_or_else(|late| {
                first.check(Err(late));
                None
            });
            first.done()?;
            let until = of.then.as_ref().map(|then| last_day(context, *day, then));
            let added = Event::LineAdded {
                line: *line,
                kind: line_kind.clone(),
                day: Some(*day),
                area: *area,
                fields: fields.clone(),
                sealed: sealed(personal),
                // What was entered long after is not waited for.
                until: until.filter(|until| *until >= context.today),
                answers,
            };
            keeps_its_end(context, kind, subject, &added)?;
            Ok(vec![added])
        }
        Action::WithdrawLine { line, reason } => {
            let known = subject.standing_lines().find(|known| known.id == *line);
            let mut first = First::default();
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            first.check(match known {
                Some(known) => left_by_nobody(context.catalog, &known.kind),
                None => Err(Refusal::LineNotFound),
            });
            first.done()?;
            let withdrawn = Event::LineWithdrawn { line: *line, reason: reason.clone() };
            keeps_its_end(context, kind, subject, &withdrawn)?;
            Ok(vec![withdrawn])
        }
        _ => Ok(Vec::new()),
    }
}

/// The kinds of lines that may be entered on a record as it stands, in the order of the catalog.
pub fn open_lines<'k>(catalog: &Catalog, kind: &'k Kind, subject: &Subject) -> Vec<&'k LineKind> {
    let open = |line: &&LineKind| {
        // A line whose kind asks for nothing is one that ledgers or other records leave.
        !line.form.is_empty() && !catalog.is_left_by_link(&line.code) && in_turn(subject, kind, line).is_ok()
    };
    if subject.withdrawn { Vec::new() } else { kind.lines.iter().filter(open).collect() }
}

/// Room for one more line, whose id is its own.
pub(super) fn room_for(lines: &[Line], line: SubjectId) -> Result<(), Refusal> {
    if lines.len() >= limits::LINES_MAX {
        Err(Refusal::TooManyLines)
    } else if lines.iter().any(|known| known.id == line) {
        Err(Refusal::LineExists)
    } else {
        Ok(())
    }
}

/// A case that ended by what stands on it goes on ending so: whoever finds another paper opens it again first.
fn keeps_its_end(context: &Context<'_>, kind: &Kind, subject: &Subject, event: &Event) -> Result<(), Refusal> {
    let Body::Case(case) = &subject.body else { return Ok(()) };
    let Some(outcome) = case.outcome.as_ref().filter(|_| subject.state == State::Closed) else { return Ok(()) };
    // What a ledger ended may never have had its papers here.
    if ends(kind, subject, outcome).is_err() {
        return Ok(());
    }
    let after = Subject::apply(Some(subject.clone()), event, context.actor);
    after.map_or(Ok(()), |after| ends(kind, &after, outcome))
}

/// The last day for what has to follow, the next working day when it is a day off (民事诉讼法, art. 85).
fn last_day(context: &Context<'_>, day: Day, then: &Then) -> Day {
    context.calendar.due(day, Period::Days(then.days))
}

/// Whether a case may end in that outcome with the lines that stand on it.
///
/// # Refusals
/// `LineMissing`, `LineBarred`.
pub fn ends(kind: &Kind, subject: &Subject, outcome: &str) -> Result<(), Refusal> {
    let mut first = First::default();
    let needs = kind.outcomes.iter().filter(|known| known.code == outcome).flat_map(|known| &known.needs);
    for needs in needs.filter(|needs| !subject.has_line(needs)) {
        first.check(Err(Refusal::LineMissing { needs: needs.clone() }));
    }
    let bound = kind.lines.iter().filter(|line| !line.ends.is_empty() && subject.has_line(&line.code));
    for line in bound.filter(|line| !line.ends.iter().any(|end| end == outcome)) {
        first.check(Err(Refusal::LineBarred { by: line.code.clone() }));
    }
    first.done()
}

fn in_turn(subject: &Subject, kind: &Kind, of: &LineKind) -> Result<(), Refusal> {
    let mut first = First::default();
    // What was not taken on, or goes on in another case, has no papers of its own.
    if matches!(subject.state, State::Declined | State::Merged) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    if of.once && subject.has_line(&of.code) {
        first.check(Err(Refusal::LineOnce { line: of.code.clone() }));
    }
    if let Some(needs) = of.after.first().filter(|_| !of.after.iter().any(|needs| subject.has_line(needs))) {
        first.check(Err(Refusal::LineMissing { needs: needs.clone() }));
    }
    if let Some(bar) = kind.lines.iter().find(|line| line.bars.contains(&of.code) && subject.has_line(&line.code)) {
        first.check(Err(Refusal::LineBarred { by: bar.code.clone() }));
    }
    first.done()
}

/// The line on which this one follows, when one asks for it within some days. Of several, the one entered last counts: the
/// parties agreed anew.
fn answered(
    context: &Context<'_>,
    kind: &Kind,
    subject: &Subject,
    of: &LineKind,
    day: Day,
) -> Result<Option<SubjectId>, Refusal> {
    let asks = |line: &Line| kind.line(&line.kind)?.then.as_ref().filter(|then| then.line == of.code);
    let asking = subject.standing_lines().filter_map(|line| Some((line, asks(line)?)));
    let Some((asked, then)) = asking.last() else { return Ok(None) };
    in_order(asked.day, Some(day))?;
    match asked.day.map(|asked| last_day(context, asked, then)) {
        Some(until) if day > until => Err(Refusal::LineTooLate { until }),
        _ => Ok(Some(asked.id)),
    }
}

fn left_by_nobody(catalog: &Catalog, line_kind: &str) -> Result<(), Refusal> {
    if catalog.is_left_by_link(line_kind) {
        field_invalid("line", "this line comes and goes with the record that links here")
    } else {
        Ok(())
    }
}

/// A line whose kind has no form holds what a journal can keep.
fn check_plain(name: &str, value: &Value) -> Result<(), Refusal> {
    let plain = match value {
        Value::Array(items) => items.iter().all(Value::is_string),
        Value::Object(_) | Value::Null => false,
        other => !other.is_f64(),
    };
    if plain { Ok(()) } else { field_invalid(name, "text, a whole number, true or false, or a list of texts") }
}
