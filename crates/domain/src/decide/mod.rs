//! The one place where a command meets the state and becomes events.
//!
//! [`decide`] is pure: the same arguments give the same answer. Of several refusals that apply, the one that stands
//! first in the list of [`Refusal`] is given: does the subject exist (or not yet), was it withdrawn, is the revision
//! current; then kind and area; then what the command says by itself ([`opening`]); then the rules of its shape.
//! Permission was asked before, by [`crate::permission`].

pub mod activity;
mod attachment;
pub mod beside;
pub mod board;
pub mod case;
mod check;
mod entry;
mod ledger_row;
pub mod line;
mod opening;
pub mod quality;
mod specialist;

use crate::area::{AreaCode, AreaTree, Prefecture};
use crate::calendar::{Calendar, Period};
use crate::catalog::{Catalog, LEDGER_ROW, REVISIT_DRAW};
use crate::command::{Action, Command, Personal, PersonalValue};
use crate::event::{Event, SealedFields};
use crate::ids::{Actor, Day, Fields, SubjectId};
use crate::limits;
use crate::permission::{Admissions, Roles};
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Subject};
use crate::writing::is_unseen;

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
    /// The area that they are confined to; `None` for the server itself.
    pub scope: Option<AreaCode>,
    /// The day on which it is decided.
    pub today: Day,
    /// Which days are worked.
    pub calendar: &'a Calendar,
    /// Who may do what, to tell whether a case reaches the one it is given to.
    pub roles: &'a Roles,
    /// What may be put on grid workers beside the published list.
    pub admissions: &'a Admissions,
}

/// The state of another record that a command names.
pub type Linked<'l, 's> = &'l dyn Fn(SubjectId) -> Option<&'s Subject>;

impl Context<'_> {
    /// By when something is due that may take so long from today on.
    fn due(&self, period: Option<Period>) -> Option<Day> {
        period.map(|period| self.calendar.due(self.today, period))
    }
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
    linked: Linked<'_, 's>,
    command: &Command,
) -> Result<Decision, Refusal> {
    let opens = command.action.opens();
    match (state, &command.action) {
        // A stock is opened by its first movement, and a ledger may say more of a case than it said last month; a refused
        // row may be refused again with another fault.
        (Some(subject), Action::MoveSupply { kind, .. } | Action::TranscribeCase { kind, .. })
            if subject.kind == *kind =>
        {
            live(subject, command)?;
        }
        (Some(subject), Action::RefuseRow { .. }) if subject.kind == LEDGER_ROW => live(subject, command)?,
        (Some(_), _) if opens.is_some() => return Err(Refusal::SubjectExists),
        // A withdrawn record still holds what was sealed, and a resident may ask for its erasing all the same.
        (Some(subject), Action::ErasePersonalData { .. }) => current(subject, command)?,
        (Some(subject), _) => live(subject, command)?,
        (None, _) if opens.is_none() => return Err(Refusal::SubjectNotFound),
        (None, _) => {}
    }
    if let Some((kind, area)) = opens {
        opening::check(context, state, command, kind, area)?;
    }
    let own = |events: Vec<Event>| events.into_iter().map(|event| (command.subject, event)).collect();
    if let Some(subject) = state {
        stands_as_it_is(subject, &command.action)?;
    }
    match &command.action {
        Action::RegisterEntry { .. } => entry::register(context, command, linked),
        Action::EndEntry { .. } => entry::end(context, require(state)?, command, linked),
        Action::AddLine { .. } | Action::WithdrawLine { .. } => {
            line::decide(context, require(state)?, command).map(own)
        }
        Action::RecordFact { .. } => record(&command.action).map(own),
        Action::RecordActivity { .. }
        | Action::PlanActivity { .. }
        | Action::HoldActivity { .. }
        | Action::CancelActivity { .. } => activity::decide(state, &command.action).map(own),
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
        | Action::AnswerCase { .. } => {
            case::step(context, require(state)?, linked, &command.action).map(|event| own(vec![event]))
        }
        Action::ReopenCase { .. } => {
            let subject = require(state)?;
            let reopened = case::step(context, subject, linked, &command.action)?;
            let parted = match &subject.body {
                Body::Case(case) => case.merged_into,
                _ => None,
            };
            let parted = parted.map(|into| (into, Event::DuplicateParted { case: command.subject }));
            Ok(std::iter::once((command.subject, reopened)).chain(parted).collect())
        }
        Action::MergeCase { into, reason } => {
            let subject = require(state)?;
            let kind = context.catalog.kind(&subject.kind)?;
            case::merge(subject, (command.subject, *into), linked, kind, reason)
        }
        Action::HandOverCase { .. }
        | Action::SignHandover
        | Action::RefuseHandover { .. }
        | Action::ExtendCase { .. }
        | Action::RemindCase { .. }
        | Action::ChaseCase => beside::decide(context, require(state)?, linked, &command.action).map(own),
        Action::DrawCase { .. }
        | Action::RevisitCase { .. }
        | Action::AppealRating { .. }
        | Action::DecideAppeal { .. } => quality::decide(context, require(state)?, linked, &command.action).map(own),
        Action::PublishCase { .. } | Action::UnpublishCase { .. } | Action::ReleaseClaim { .. } => {
            board::decide(context, require(state)?, &command.action).map(own)
        }
        Action::ClaimCase { .. } => board::claim(context, require(state)?, command, linked),
        Action::MoveSupply { .. } => specialist::move_supply(state, &command.action).map(own),
        Action::CorrectMovement { .. } => specialist::correct_movement(require(state)?, &command.action).map(own),
        Action::EnterAssessment { .. } | Action::FinaliseAssessment { .. } => {
            specialist::assess(state, &command.action).map(own)
        }
        Action::OpenProject { .. }
        | Action::AllocateFunds { .. }
        | Action::CorrectAllocation { .. }
        | Action::CompleteProject { .. } => specialist::project(state, &command.action).map(own),
        Action::Correct { .. } => correct(context, require(state)?, &command.action).map(own),
        Action::Withdraw { reason } => entry::withdraw(context, require(state)?, command, reason, linked),
        Action::ErasePersonalData { reason } => {
            text("reason", reason, limits::NOTE_CHARS_MAX)?;
            // One party's link does not destroy what another party said and what both have signed.
            let papers = state.is_some_and(|subject| subject.standing_lines().any(|line| !line.sealed.is_empty()));
            if context.actor == Actor::Resident && papers {
                return Err(Refusal::PapersKept);
            }
            Ok(own(vec![Event::PersonalDataErased { reason: reason.clone() }]))
        }
        Action::AttachFile { .. } | Action::RemoveFile { .. } => {
            attachment::decide(context, require(state)?, &command.action).map(own)
        }
        Action::RecordCheck { .. } => check::record(context, command, linked),
        Action::RecheckItems { .. } => check::recheck(context, require(state)?, command, linked),
        Action::ServeNotice { .. } => check::serve(require(state)?, &command.action).map(own),
        Action::RefuseRow { .. } | Action::FixRow { .. } | Action::SetRowAside { .. } => {
            ledger_row::decide(state, &command.action).map(own)
        }
    }
}

/// The subjects besides its own that a command has to see: those its link fields name, the case that it is merged into
/// or parted from, the accounts that are to handle it, the cases of a check, and the unit that claims it.
pub fn links(catalog: &Catalog, state: Option<&Subject>, command: &Command) -> Vec<SubjectId> {
    let case = state.and_then(|subject| match &subject.body {
        Body::Case(case) => Some(case),
        _ => None,
    });
    let (kind, fields) = match (&command.action, state) {
        (Action::MergeCase { into, .. }, _) => return vec![*into],
        (Action::ReopenCase { .. }, _) => return case.and_then(|case| case.merged_into).into_iter().collect(),
        (Action::AssignCase { account, assisting, .. }, _) => {
            return account.iter().copied().chain(assisting.iter().filter_map(|helper| helper.account)).collect();
        }
        (Action::HandOverCase { account, .. }, _) => return account.iter().copied().collect(),
        (Action::DrawCase { draw }, _) => return vec![*draw],
        (Action::RecordCheck { .. } | Action::RecheckItems { .. }, _) => return check::cases(state, &command.action),
        (Action::ClaimCase { unit_id, account, .. }, _) => {
            return unit_id.iter().chain(account).copied().collect();
        }
        (Action::RegisterEntry { kind, fields, .. }, _) => (kind.as_str(), fields),
        (Action::Withdraw { .. } | Action::EndEntry { .. }, Some(subject)) => (subject.kind.as_str(), &subject.fields),
        _ => return Vec::new(),
    };
    let Ok(kind) = catalog.kind(kind) else { return Vec::new() };
    kind.links.iter().filter_map(|link| entry::linked_id(fields, &link.field)).collect()
}

/// A refused row leaves its list by being mended or set aside, and in no other way. What a draw was made of, and what it
/// drew, can be checked by anybody as long as nobody changes it.
fn stands_as_it_is(subject: &Subject, action: &Action) -> Result<(), Refusal> {
    let changes = match action {
        Action::Correct { .. } | Action::Withdraw { .. } => [LEDGER_ROW, REVISIT_DRAW].as_slice(),
        Action::EndEntry { .. } => &[REVISIT_DRAW],
        _ => &[],
    };
    match changes.iter().find(|kind| **kind == subject.kind) {
        Some(kind) => Err(Refusal::WrongShape { kind: (*kind).to_owned() }),
        None => Ok(()),
    }
}

fn live(subject: &Subject, command: &Command) -> Result<(), Refusal> {
    if subject.withdrawn { Err(Refusal::SubjectWithdrawn) } else { current(subject, command) }
}

fn current(subject: &Subject, command: &Command) -> Result<(), Refusal> {
    match command.revision {
        Some(seen) if seen != subject.revision => Err(Refusal::RevisionConflict { now: subject.revision }),
        _ => Ok(()),
    }
}

fn require(state: Option<&Subject>) -> Result<&Subject, Refusal> {
    state.ok_or(Refusal::SubjectNotFound)
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

/// A text holds nothing that cannot be seen and changes how the rest is read.
fn legible(field: &str, value: &str) -> Result<(), Refusal> {
    if value.chars().any(is_unseen) {
        return Err(Refusal::FieldInvalid { field: field.to_owned(), problem: "no control characters".to_owned() });
    }
    Ok(())
}

/// A text that must say something and fit.
fn text(field: &str, value: &str, max: usize) -> Result<(), Refusal> {
    legible(field, value)?;
    let is_nothing = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}');
    if value.trim_matches(is_nothing).is_empty() {
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

/// The second day is not before the first.
fn in_order(first: Option<Day>, second: Option<Day>) -> Result<(), Refusal> {
    match (first, second) {
        (Some(first), Some(second)) if second < first => Err(Refusal::FinishedBeforeFound { first, second }),
        _ => Ok(()),
    }
}

fn record(action: &Action) -> Result<Vec<Event>, Refusal> {
    match action {
        Action::RecordFact { kind, area, day, title, quantity, fields } => Ok(vec![Event::FactRecorded {
            kind: kind.clone(),
            area: *area,
            day: *day,
            title: title.clone(),
            quantity: *quantity,
            fields: fields.clone(),
        }]),
        _ => Ok(Vec::new()),
    }
}

/// Corrects an entered record. The corrected whole has to satisfy the same rules as a new one.
fn correct(context: &Context<'_>, subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    let Action::Correct { area, day, title, quantity: count, fields, reason } = action else {
        return Ok(Vec::new());
    };
    let kind = context.catalog.kind(&subject.kind)?;
    if count.is_some() && !matches!(subject.body, Body::Fact { .. } | Body::Activity { .. }) {
        return Err(Refusal::WrongShape { kind: kind.code.clone() });
    }
    let mut first = First::default();
    if let Some(area) = area {
        first.check(if kind.is_area {
            field_invalid("area", "an area's code is its identity; register a new one")
        } else {
            opening::check_area(context, kind, *area)
        });
    }
    if let Some(title) = title {
        first.check(text("title", title, limits::TITLE_CHARS_MAX));
    }
    first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
    let mut after: Fields = subject.fields.clone();
    for (name, value) in fields {
        if kind.links.iter().any(|link| link.field == *name) {
            first.check(field_invalid(name, "a link is changed by withdrawing the record and entering it again"));
        }
        if value.is_null() {
            after.remove(name);
        } else {
            after.insert(name.clone(), value.clone());
        }
    }
    first.check(kind.check_fields(&after));
    if let Some(count) = count {
        first.check(quantity("quantity", *count));
    }
    first.check(in_order(*day, last_day(subject))).done()?;
    Ok(vec![Event::Corrected {
        area: *area,
        day: *day,
        title: title.clone(),
        quantity: *count,
        fields: fields.clone(),
        reason: reason.clone(),
    }])
}

/// The day by which a record was over: its own day cannot lie after it.
fn last_day(subject: &Subject) -> Option<Day> {
    match &subject.body {
        Body::Entry { until } | Body::Activity { until, .. } => *until,
        Body::Case(case) => case.finished.or(case.closed),
        Body::Project { completed, .. } => *completed,
        Body::Check(check) => check.last_day(),
        _ => None,
    }
}

fn field_invalid(field: &str, problem: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::FieldInvalid { field: field.to_owned(), problem: problem.into() })
}
