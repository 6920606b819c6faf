//! The one place where a command meets the state and becomes events.
//!
//! [`decide`] is pure: the same arguments give the same answer. What is checked, in this order: does the subject
//! exist (or not yet), was it withdrawn, is the revision current; then kind, area, text, fields, personal data; then
//! the rules of its shape. Permission was asked before, by [`crate::permission`].

pub mod case;
mod entry;
mod ledger_row;
mod specialist;

use crate::area::{AreaCode, AreaTree, Prefecture};
use crate::catalog::{Catalog, Kind, Shape};
use crate::command::{Action, Command, Personal, PersonalValue};
use crate::event::{Event, SealedFields};
use crate::ids::{Actor, Fields, SubjectId};
use crate::limits;
use crate::refusal::Refusal;
use crate::subject::Subject;

/// What every decision may look at.
pub struct Context<'a> {
    /// Kinds and their fields.
    pub catalog: &'a Catalog,
    /// Which areas exist.
    pub areas: &'a AreaTree,
    /// Whose journal this is.
    pub prefecture: Prefecture,
    /// Who asks.
    pub actor: Actor,
}

/// Events, each with the subject it happens to; most commands touch only their own.
pub type Decision = Vec<(SubjectId, Event)>;

/// Decides what a command does to its subject.
///
/// `linked` gives the state of other entries that the command's link fields name (see
/// [`crate::catalog::Link`]).
///
/// # Refusals
/// Any [`Refusal`], the first that applies in the order of that list.
pub fn decide<'s>(
    context: &Context<'_>,
    state: Option<&'s Subject>,
    linked: &dyn Fn(SubjectId) -> Option<&'s Subject>,
    command: &Command,
) -> Result<Decision, Refusal> {
    let opens = command.action.opens();
    match (state, &command.action) {
        // A stock is opened by its first movement; a refused row may be refused again with another fault; a ledger
        // may say more of a case than it said last month.
        (Some(subject), Action::MoveSupply { .. } | Action::RefuseRow { .. } | Action::TranscribeCase { .. }) => {
            live(subject, command)?;
        }
        (Some(_), _) if opens.is_some() => return Err(Refusal::SubjectExists),
        (Some(subject), _) => live(subject, command)?,
        (None, _) if opens.is_none() => return Err(Refusal::SubjectNotFound),
        (None, _) => {}
    }
    if let Some((kind, area)) = opens {
        check_opening(context, command, kind, area)?;
    }
    let own = |events: Vec<Event>| events.into_iter().map(|event| (command.subject, event)).collect();
    match &command.action {
        Action::RegisterEntry { .. } => entry::register(context, command, linked),
        Action::EndEntry { .. }
        | Action::AddLine { .. }
        | Action::WithdrawLine { .. } => entry::change(context, require(state)?, command).map(own),
        Action::RecordFact { .. } | Action::RecordActivity { .. } => record(&command.action).map(own),
        Action::ReportCase { .. } | Action::TranscribeCase { .. } => {
            case::open(context, state, &command.action).map(own)
        }
        Action::AcceptCase
        | Action::DeclineCase { .. }
        | Action::AssignCase { .. }
        | Action::TakeCaseInHand
        | Action::PauseCase { .. }
        | Action::ResumeCase
        | Action::FinishCase { .. }
        | Action::CheckCase { .. }
        | Action::CloseCase { .. }
        | Action::ReopenCase { .. } => {
            case::step(context, require(state)?, &command.action).map(|event| own(vec![event]))
        }
        Action::MoveSupply { .. } => specialist::move_supply(state, &command.action).map(own),
        Action::EnterAssessment { .. } | Action::FinaliseAssessment { .. } => {
            specialist::assess(state, &command.action).map(own)
        }
        Action::OpenProject { .. } | Action::AllocateFunds { .. } | Action::CompleteProject { .. } => {
            specialist::project(state, &command.action).map(own)
        }
        Action::Correct { .. } => correct(context, require(state)?, &command.action).map(own),
        Action::Withdraw { reason } => entry::withdraw(context, require(state)?, command, reason, linked),
        Action::ErasePersonalData { reason } => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            Ok(own(vec![Event::PersonalDataErased { reason: reason.clone() }]))
        }
        Action::RefuseRow { .. } | Action::FixRow { .. } | Action::SetRowAside { .. } => {
            ledger_row::decide(state, &command.action).map(own)
        }
    }
}

/// The subjects besides its own that a command has to see: those its link fields name.
pub fn links(catalog: &Catalog, state: Option<&Subject>, command: &Command) -> Vec<SubjectId> {
    let (kind, fields) = match (&command.action, state) {
        (Action::RegisterEntry { kind, fields, .. }, _) => (kind.as_str(), fields),
        (Action::Withdraw { .. } | Action::EndEntry { .. }, Some(subject)) => {
            (subject.kind.as_str(), &subject.fields)
        }
        _ => return Vec::new(),
    };
    let Ok(kind) = catalog.kind(kind) else { return Vec::new() };
    kind.links.iter().filter_map(|link| entry::linked_id(fields, &link.field)).collect()
}

fn live(subject: &Subject, command: &Command) -> Result<(), Refusal> {
    if subject.withdrawn {
        return Err(Refusal::SubjectWithdrawn);
    }
    match command.revision {
        Some(seen) if seen != subject.revision => Err(Refusal::RevisionConflict { now: subject.revision }),
        _ => Ok(()),
    }
}

fn require(state: Option<&Subject>) -> Result<&Subject, Refusal> {
    state.ok_or(Refusal::SubjectNotFound)
}

fn check_opening(context: &Context<'_>, command: &Command, kind: &str, area: AreaCode) -> Result<(), Refusal> {
    let kind = context.catalog.kind(kind)?;
    let shape = match &command.action {
        Action::RegisterEntry { .. } => Shape::Entry,
        Action::RecordFact { .. } => Shape::Fact,
        Action::RecordActivity { .. } => Shape::Activity,
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
    match &command.action {
        Action::RegisterEntry { name, fields, personal, .. } => {
            text("name", name, limits::TITLE_CHARS_MAX)?;
            kind.check_fields(fields)?;
            check_personal(kind, personal)
        }
        Action::ReportCase { title, fields, personal, .. } => {
            text("title", title, limits::TITLE_CHARS_MAX)?;
            kind.check_fields(fields)?;
            check_personal(kind, personal)
        }
        Action::RecordFact { title, fields, .. }
        | Action::RecordActivity { title, fields, .. }
        | Action::TranscribeCase { title, fields, .. } => {
            text("title", title, limits::TITLE_CHARS_MAX)?;
            kind.check_fields(fields)
        }
        Action::MoveSupply { item, fields, .. } => {
            text("item", item, limits::TITLE_CHARS_MAX)?;
            kind.check_fields(fields)
        }
        Action::OpenProject { name, fields, .. } => {
            text("name", name, limits::TITLE_CHARS_MAX)?;
            kind.check_fields(fields)
        }
        Action::EnterAssessment { organisation, .. } => text("organisation", organisation, limits::TITLE_CHARS_MAX),
        _ => Ok(()),
    }
}

/// A record stands in an area that exists in this prefecture (or in the region above it, for the region's own entry).
fn check_area(context: &Context<'_>, kind: &Kind, area: AreaCode) -> Result<(), Refusal> {
    let inside = context.prefecture.area().contains(area);
    if kind.is_area {
        if !inside && !area.contains(context.prefecture.area()) {
            return Err(Refusal::OutsidePrefecture { area });
        }
        if context.areas.contains(area) && inside {
            return Err(Refusal::AreaExists { area });
        }
        return match area.parent() {
            Some(parent) if !context.areas.contains(parent) => Err(Refusal::UnknownArea { area: parent }),
            _ => Ok(()),
        };
    }
    if !context.areas.contains(area) {
        return Err(Refusal::UnknownArea { area });
    }
    if !inside {
        return Err(Refusal::OutsidePrefecture { area });
    }
    match kind.level_min {
        Some(level) if area.level() < level => Err(Refusal::FieldInvalid {
            field: "area".to_owned(),
            problem: format!("must be at the level of a {} or below", level.code()),
        }),
        _ => Ok(()),
    }
}

fn check_personal(kind: &Kind, personal: &Personal) -> Result<(), Refusal> {
    for (field, value) in personal {
        if !kind.personal.iter().any(|known| known.code == *field) {
            return Err(Refusal::PersonalFieldUnknown { field: field.clone() });
        }
        if matches!(value, PersonalValue::Open(_)) {
            return Err(Refusal::PersonalDataOpen { field: field.clone() });
        }
    }
    Ok(())
}

fn sealed(personal: &Personal) -> SealedFields {
    personal
        .iter()
        .filter_map(|(field, value)| match value {
            PersonalValue::Sealed(sealed) => Some((field.clone(), sealed.clone())),
            PersonalValue::Open(_) => None,
        })
        .collect()
}

/// A text that must say something and fit.
fn text(field: &str, value: &str, max: usize) -> Result<(), Refusal> {
    if value.trim().is_empty() {
        return Err(Refusal::MissingValue { field: field.to_owned() });
    }
    if value.chars().count() > max {
        return Err(Refusal::TextTooLong { field: field.to_owned(), max });
    }
    Ok(())
}

fn quantity(field: &str, value: i64) -> Result<(), Refusal> {
    if (0..=limits::QUANTITY_MAX).contains(&value) {
        Ok(())
    } else {
        Err(Refusal::QuantityOutOfRange { field: field.to_owned() })
    }
}

fn record(action: &Action) -> Result<Vec<Event>, Refusal> {
    match action {
        Action::RecordFact { kind, area, day, title, quantity: count, fields } => {
            quantity("quantity", *count)?;
            Ok(vec![Event::FactRecorded {
                kind: kind.clone(),
                area: *area,
                day: *day,
                title: title.clone(),
                quantity: *count,
                fields: fields.clone(),
            }])
        }
        Action::RecordActivity { kind, area, day, until, title, people, fields } => {
            if let Some(people) = people {
                quantity("people", *people)?;
            }
            if let Some(until) = until.filter(|until| until < day) {
                return Err(Refusal::FinishedBeforeFound { first: *day, second: until });
            }
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
        _ => Ok(Vec::new()),
    }
}

/// Corrects an entered record. The corrected whole has to satisfy the same rules as a new one.
fn correct(context: &Context<'_>, subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    let Action::Correct { area, day, title, quantity: count, fields, reason } = action else {
        return Ok(Vec::new());
    };
    let kind = context.catalog.kind(&subject.kind)?;
    if let Some(area) = area {
        if kind.is_area {
            return Err(Refusal::FieldInvalid {
                field: "area".to_owned(),
                problem: "an area's code is its identity; register a new one".to_owned(),
            });
        }
        check_area(context, kind, *area)?;
    }
    if let Some(title) = title {
        text("title", title, limits::TITLE_CHARS_MAX)?;
    }
    text("reason", reason, limits::NOTE_CHARS_MAX)?;
    let mut after: Fields = subject.fields.clone();
    for (name, value) in fields {
        if kind.links.iter().any(|link| link.field == *name) {
            return Err(Refusal::FieldInvalid {
                field: name.clone(),
                problem: "a link is changed by withdrawing the record and entering it again".to_owned(),
            });
        }
        if value.is_null() {
            after.remove(name);
        } else {
            after.insert(name.clone(), value.clone());
        }
    }
    kind.check_fields(&after)?;
    if let Some(count) = count {
        quantity("quantity", *count)?;
    }
    Ok(vec![Event::Corrected {
        area: *area,
        day: *day,
        title: title.clone(),
        quantity: *count,
        fields: fields.clone(),
        reason: reason.clone(),
    }])
}
