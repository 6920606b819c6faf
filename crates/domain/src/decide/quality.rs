//! How well a case was dealt with: drawing closed cases for revisits, what a revisit found, and appeals against ratings
//! (ADR 0015).
//!
//! Whoever did the work neither draws the case nor revisits it nor decides of it. An appeal is decided from above: by an
//! account whose area holds the appellant's and is larger. Above the prefecture there is nobody in its journal, so what a
//! prefecture's office appeals is decided by another account of the prefecture.

use super::case::noted;
use super::{Context, Linked, text};
use crate::area::{AreaCode, Level};
use crate::catalog::REVISIT_DRAW;
use crate::command::{Action, Solved};
use crate::event::Event;
use crate::ids::Actor;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::{Body, Case, State, Subject};
use crate::writing::without_numbers;

/// What stands for a long number in the words of somebody who was called.
const NUMBER: &str = "***";

/// # Refusals
/// In this order: `WrongShape`, a missing or too long text, `LinkNotFound` when there is no such draw, `StepNotOpen`,
/// `RevisitorIsHandler`, `JudgeIsParty`.
pub(super) fn decide(
    context: &Context<'_>,
    subject: &Subject,
    linked: Linked<'_, '_>,
    action: &Action,
) -> Result<Vec<Event>, Refusal> {
    let Body::Case(case) = &subject.body else {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    };
    let mut first = First::default();
    if !open(subject).contains(&action.code()) {
        first.check(Err(Refusal::StepNotOpen { state: subject.state }));
    }
    let event = match action {
        Action::DrawCase { draw } => {
            if linked(*draw).is_none_or(|entry| entry.kind != REVISIT_DRAW) {
                first.check(Err(Refusal::LinkNotFound { field: "draw".to_owned() }));
            }
            first.check(had_no_part(context.actor, case).then_some(()).ok_or(Refusal::RevisitorIsHandler));
            Event::CaseDrawn { draw: *draw }
        }
        Action::RevisitCase { reached, solved, satisfaction, note } => {
            first.check(noted(note));
            if *reached && solved.is_none() {
                first.check(Err(Refusal::MissingValue { field: "solved".to_owned() }));
            }
            first.check(had_no_part(context.actor, case).then_some(()).ok_or(Refusal::RevisitorIsHandler));
            let solved = solved.filter(|_| *reached);
            let finish = context.catalog.kind(&subject.kind)?.due.finish;
            let due = if solved == Some(Solved::Unresolved) { context.due(finish) } else { None };
            let satisfaction = if *reached { *satisfaction } else { Default::default() };
            // What somebody says on the telephone is written down by another, and stands open in the journal.
            let (note, _) = without_numbers(note, NUMBER);
            Event::CaseRevisited { solved, satisfaction, note, due }
        }
        Action::AppealRating { reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            let office = context.scope.unwrap_or(context.prefecture.area());
            Event::RatingAppealed { office, reason: reason.clone() }
        }
        Action::DecideAppeal { granted, reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            first.check(may_judge(context.actor, context.scope, case).then_some(()).ok_or(Refusal::JudgeIsParty));
            Event::AppealDecided { granted: *granted, reason: reason.clone() }
        }
        _ => return Err(Refusal::StepNotOpen { state: subject.state }),
    };
    first.done()?;
    Ok(vec![event])
}

/// What may be done about how well a case was dealt with, as command types, in the order in which a screen offers them.
pub fn open(subject: &Subject) -> Vec<&'static str> {
    let Body::Case(case) = &subject.body else { return Vec::new() };
    let (quality, closed) = (&case.quality, subject.state == State::Closed);
    let steps = [
        ("draw_case", closed && quality.may_be_drawn()),
        ("revisit_case", closed && quality.waiting().is_some()),
        ("appeal_rating", !quality.appealable().is_empty()),
        ("decide_appeal", quality.appeal.is_some()),
    ];
    steps.into_iter().filter(|(_, open)| *open).map(|(step, _)| step).collect()
}

/// Whether a step that [`open`] names is one for this person of that area (`None`: the server's console). Cases are drawn by
/// the server, so that nobody picks them; that is offered to no one.
pub fn is_for(actor: Actor, scope: Option<AreaCode>, case: &Case, step: &str) -> bool {
    match step {
        "revisit_case" => had_no_part(actor, case),
        "decide_appeal" => may_judge(actor, scope, case),
        "appeal_rating" => true,
        _ => false,
    }
}

/// Whether they neither led nor assisted, and did not say that the work was done.
pub fn had_no_part(actor: Actor, case: &Case) -> bool {
    let led = case.handlers().any(|account| actor == Actor::Account(account));
    !led && (case.finished_by != Some(actor) || actor == Actor::Console)
}

/// Without an appeal the step is not open, which is said first.
fn may_judge(actor: Actor, scope: Option<AreaCode>, case: &Case) -> bool {
    let Some(appeal) = &case.quality.appeal else { return true };
    let from_above = scope.is_none_or(|scope| {
        let topmost = scope.level() <= Level::Prefecture;
        scope.contains(appeal.office) && (scope != appeal.office || topmost)
    });
    from_above && (actor != appeal.by || actor == Actor::Console) && had_no_part(actor, case)
}
