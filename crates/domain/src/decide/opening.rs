//! What a command that opens a record says by itself: its kind, area, texts, numbers, fields and personal data.

use super::{Context, field_invalid, quantity, text};
use crate::area::AreaCode;
use crate::catalog::{Kind, Shape};
use crate::command::{Action, Command, PersonalValue};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Subject};

/// # Refusals
/// `UnknownKind`, `WrongShape`, then the first in the order of the list.
pub(super) fn check(
    context: &Context<'_>,
    state: Option<&Subject>,
    command: &Command,
    kind: &str,
    area: AreaCode,
) -> Result<(), Refusal> {
    let kind = context.catalog.kind(kind)?;
    let shape = match &command.action {
        Action::RegisterEntry { .. } => Shape::Entry,
        Action::RecordFact { .. } => Shape::Fact,
        Action::RecordActivity { .. } | Action::PlanActivity { .. } => Shape::Activity,
        Action::ReportCase { .. } | Action::TranscribeCase { .. } => Shape::Case,
        Action::MoveSupply { .. } => Shape::Stock,
        Action::EnterAssessment { .. } => Shape::Assessment,
        Action::OpenProject { .. } => Shape::Project,
        _ => Shape::LedgerRow,
    };
    if kind.shape != shape {
        return Err(Refusal::WrongShape { kind: kind.code.clone() });
    }
    check_area(context, kind, area)?;
    let mut first = First::default();
    match &command.action {
        Action::RegisterEntry { name, fields, personal, .. } => {
            let named = text("name", name, limits::TITLE_CHARS_MAX);
            first.check(named).check(kind.check_fields(fields)).check(kind.form.check_personal(personal));
        }
        Action::ReportCase { title, fields, personal, .. } => {
            let titled = text("title", title, limits::TITLE_CHARS_MAX);
            first.check(titled).check(kind.check_fields(fields)).check(kind.form.check_personal(personal));
        }
        Action::RecordFact { title, quantity: count, fields, .. } => {
            let titled = text("title", title, limits::TITLE_CHARS_MAX);
            first.check(titled).check(kind.check_fields(fields)).check(quantity("quantity", *count));
        }
        Action::RecordActivity { title, people, fields, .. } => {
            let titled = text("title", title, limits::TITLE_CHARS_MAX);
            first.check(titled).check(kind.check_fields(fields)).check(quantity("people", people.unwrap_or(0)));
        }
        Action::PlanActivity { title, fields, .. } => {
            first.check(text("title", title, limits::TITLE_CHARS_MAX)).check(kind.check_fields(fields));
        }
        Action::TranscribeCase { title, fields, handler, .. } => {
            first.check(text("title", title, limits::TITLE_CHARS_MAX)).check(kind.check_fields(fields));
            if let Some(handler) = handler {
                first.check(text("handler", handler, limits::TITLE_CHARS_MAX));
            }
        }
        Action::MoveSupply { item, unit, quantity: count, fields, .. } => {
            let named = text("item", item, limits::TITLE_CHARS_MAX);
            first.check(named).check(kind.check_fields(fields)).check(quantity("quantity", *count));
            first.check(check_unit(state, unit));
        }
        Action::OpenProject { name, fields, .. } => {
            first.check(text("name", name, limits::TITLE_CHARS_MAX)).check(kind.check_fields(fields));
        }
        Action::EnterAssessment { organisation, round, grade, scores, .. } => {
            first.check(text("organisation", organisation, limits::TITLE_CHARS_MAX));
            first.check(text("round", round, limits::TITLE_CHARS_MAX)).check(text("grade", grade, GRADE_CHARS_MAX));
            for (item, points) in scores {
                first.check(text("scores", item, limits::TITLE_CHARS_MAX)).check(quantity(item, *points));
            }
            if scores.len() > limits::LINES_MAX {
                first.check(Err(Refusal::TooManyLines));
            }
        }
        Action::RefuseRow { cells: PersonalValue::Open(_), .. } => {
            first.check(Err(Refusal::PersonalDataOpen { field: "cells".to_owned() }));
        }
        _ => {}
    }
    first.done()
}

const UNIT_CHARS_MAX: usize = 20;
const GRADE_CHARS_MAX: usize = 40;

/// A record stands in an area that exists in this prefecture (or in the region above it, for the region's own entry).
pub(super) fn check_area(context: &Context<'_>, kind: &Kind, area: AreaCode) -> Result<(), Refusal> {
    let inside = context.prefecture.area().contains(area);
    if kind.is_area {
        if let Some(parent) = area.parent().filter(|parent| !context.areas.contains(*parent)) {
            return Err(Refusal::UnknownArea { area: parent });
        }
        if !inside && !area.contains(context.prefecture.area()) {
            return Err(Refusal::OutsidePrefecture { area });
        }
        if context.areas.contains(area) && inside {
            return Err(Refusal::AreaExists { area });
        }
    } else if !context.areas.contains(area) {
        return Err(Refusal::UnknownArea { area });
    } else if !inside {
        return Err(Refusal::OutsidePrefecture { area });
    }
    match kind.level_min {
        Some(level) if area.level() < level => {
            field_invalid("area", format!("must be at the level of a {} or below", level.code()))
        }
        _ => Ok(()),
    }
}

/// A stock goes on being counted in the unit in which it was opened.
fn check_unit(state: Option<&Subject>, said: &str) -> Result<(), Refusal> {
    match state.map(|subject| &subject.body) {
        Some(Body::Stock { unit, .. }) if unit != said => {
            field_invalid("unit", format!("the stock is counted in {unit}"))
        }
        _ => text("unit", said, UNIT_CHARS_MAX),
    }
}
