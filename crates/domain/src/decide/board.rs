//! The public board: what stands there, who claims it, and how a claim ends.
//!
//! What everybody reads is written for the board by the office; the title and the words of whoever asked never stand
//! there. A claim locks the case until it is fulfilled, given back, or its day is over.

use super::case::{handlers, is_unclaimed};
use super::entry::takes_line;
use super::line::room_for;
use super::{Context, Decision, Linked, field_invalid, in_order, text};
use crate::calendar::Period;
use crate::catalog::{CLAIM_LINE, Kind};
use crate::command::{Action, Command, Handler};
use crate::event::{Event, SealedFields};
use crate::ids::{Fields, SubjectId};
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, State, Subject};
use crate::writing::{names_a_house, without_numbers};

/// What concerns the case alone: its words on the board, and the end of a claim.
///
/// # Refusals
/// In this order: `WrongShape`, a missing or too long text, `NotForThePublic`, `StepNotOpen`.
pub(super) fn decide(context: &Context<'_>, subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    let (kind, case) = of_board(context, subject)?;
    let mut first = First::default();
    if !open_on_board(kind, subject).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let events = match action {
        Action::PublishCase { title, text: more } => {
            first.check(text("title", title, limits::PUBLIC_TITLE_CHARS_MAX));
            if !more.is_empty() {
                first.check(text("text", more, limits::PUBLIC_TEXT_CHARS_MAX));
            }
            first.check(is_for_all(subject, case, "title", title)).check(is_for_all(subject, case, "text", more));
            vec![Event::CasePublished { title: title.clone(), text: more.clone() }]
        }
        Action::UnpublishCase { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            vec![Event::CaseUnpublished { reason: reason.clone() }]
        }
        Action::ReleaseClaim { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            let due = context.due(kind.due.finish);
            vec![Event::ClaimReleased { day: context.today, reason: reason.clone(), due }]
        }
        _ => Vec::new(),
    };
    first.done()?;
    Ok(events)
}

/// Somebody takes the case on. A unit's claim leaves a line on the unit's entry, where its page finds it.
///
/// # Refusals
/// In this order: `WrongShape`, `FieldInvalid` when the day is later than the kind allows, a missing or too long text,
/// `TooManyLines`, `LinkNotFound` when there is no such unit, what [`handlers`] refuses, `FinishedBeforeFound`,
/// `ClaimedAlready`, `StepNotOpen`.
pub(super) fn claim(
    context: &Context<'_>,
    subject: &Subject,
    command: &Command,
    linked: Linked<'_, '_>,
) -> Result<Decision, Refusal> {
    let Action::ClaimCase { claimant, unit_id, account, due } = &command.action else { return Ok(Decision::new()) };
    let (kind, case) = of_board(context, subject)?;
    let claim = SubjectId(command.id.0);
    let mut first = First::default();
    let unit = unit_id.and_then(linked).filter(|unit| takes_line(context.catalog, unit, CLAIM_LINE));
    let named = if claimant.is_empty() { unit.map_or("", |unit| &unit.title) } else { claimant };
    let lead = Handler { name: named.to_owned(), account: *account };
    if unit_id.is_some() && unit.is_none() {
        first.check(Err(Refusal::LinkNotFound { field: "unit_id".to_owned() }));
    } else {
        first.check(text("claimant", named, limits::TITLE_CHARS_MAX));
        handlers(&mut first, context, subject, linked, &lead, &[]);
    }
    if let Some(unit) = unit {
        first.check(room_for(&unit.lines, claim));
    }
    let days = kind.board.as_ref().map_or(0, |board| board.claim_working_days);
    let latest = context.calendar.due(context.today, Period::WorkingDays(days));
    let due = due.unwrap_or(latest);
    first.check(in_order(Some(context.today), Some(due)));
    if due > latest {
        first.check(field_invalid("due", format!("at most {days} working days from today, which is {latest}")));
    }
    if case.released.len() >= limits::CLAIMS_MAX {
        first.check(Err(Refusal::TooManyLines));
    }
    first.check(is_unclaimed(case));
    if !open_on_board(kind, subject).contains(&"claim_case") {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    first.done()?;
    let claimed = Event::CaseClaimed {
        claim,
        day: context.today,
        claimant: lead.name,
        unit_id: *unit_id,
        account: *account,
        due,
    };
    let line = unit_id.map(|unit| {
        let line = Event::LineAdded {
            line: claim,
            kind: CLAIM_LINE.to_owned(),
            day: Some(context.today),
            area: Some(subject.area),
            fields: Fields::from_iter([("case".to_owned(), command.subject.to_string().into())]),
            sealed: SealedFields::new(),
            until: None,
            answers: None,
        };
        (unit, line)
    });
    Ok(std::iter::once((command.subject, claimed)).chain(line).collect())
}

/// What may be done about the board now, as command types, in the order in which a screen offers them.
pub fn open_on_board(kind: &Kind, subject: &Subject) -> Vec<&'static str> {
    let (Body::Case(case), Some(_)) = (&subject.body, &kind.board) else { return Vec::new() };
    let mut open = Vec::new();
    if subject.state == State::Accepted {
        open.extend(case.published.is_some().then_some("claim_case"));
        open.push("publish_case");
    }
    if can_be_given_back(subject.state) && case.claim.is_some() {
        open.push("release_claim");
    }
    open.extend(case.published.is_some().then_some("unpublish_case"));
    open
}

/// The end of a claim by its day: what is late goes back on the board. Work that is done waits for its closing and is not
/// taken from whoever did it.
pub(super) fn day_ends_claim(context: &Context<'_>, subject: &Subject, case: &Case) -> Option<Event> {
    case.claim.as_ref()?;
    let at_work = matches!(subject.state, State::Assigned | State::InHand | State::Paused);
    let kind = context.catalog.kind(&subject.kind).ok().filter(|_| at_work)?;
    Some(Event::ClaimReleased { day: context.today, reason: String::new(), due: context.due(kind.due.finish) })
}

const fn can_be_given_back(state: State) -> bool {
    matches!(state, State::Assigned | State::InHand | State::Paused | State::Done | State::Checked)
}

fn of_board<'s, 'c>(context: &Context<'c>, subject: &'s Subject) -> Result<(&'c Kind, &'s Case), Refusal> {
    let kind = context.catalog.kind(&subject.kind)?;
    match &subject.body {
        Body::Case(case) if kind.board.is_some() => Ok((kind, case)),
        _ => Err(Refusal::WrongShape { kind: subject.kind.clone() }),
    }
}

/// What the board says holds no number that may be somebody's, no house, and not the words of whoever asked.
fn is_for_all(subject: &Subject, case: &Case, field: &str, said: &str) -> Result<(), Refusal> {
    let own = subject.title.trim();
    let quotes = case.is_residents() && own.chars().count() >= limits::OWN_WORDS_CHARS_MIN && said.contains(own);
    if quotes || without_numbers(said, "").1 || names_a_house(said) {
        Err(Refusal::NotForThePublic { field: field.to_owned() })
    } else {
        Ok(())
    }
}
