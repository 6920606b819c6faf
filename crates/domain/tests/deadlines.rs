//! By when the next step of a case is due, across the Golden Week of 2025: Sunday 28 September is worked, 1 to 8 October
//! are off, Saturday 11 October is worked.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::command::Ended;
use tahuang_domain::{Action, Body, Day, Fields};
use world::*;

/// A world in which a case of this kind was reported on Thursday 25 September.
fn reported(kind: &str) -> World {
    let mut world = World::default();
    world.today = day("2025-09-25");
    let personal = Default::default();
    let (title, fields) = ("墙体裂缝".to_owned(), Fields::new());
    let report =
        Action::ReportCase { kind: kind.to_owned(), area: area(GRID), day: day("2025-09-25"), title, fields, personal };
    world.send(RECORD, report).unwrap();
    world
}

impl World {
    /// Takes a step on that day, and gives by when the next one is due.
    fn on(&mut self, today: &str, action: Action) -> Option<Day> {
        self.today = day(today);
        self.send(RECORD, action).unwrap();
        self.due()
    }

    fn due(&self) -> Option<Day> {
        match &self.record().body {
            Body::Case(case) => case.due,
            _ => None,
        }
    }
}

fn pause() -> Action {
    Action::PauseCase { reason: "等待冻土化冻".to_owned() }
}

fn finish(on: &str) -> Action {
    Action::FinishCase { day: day(on), note: String::new() }
}

fn check(passed: bool) -> Action {
    Action::CheckCase { passed, note: String::new() }
}

#[test]
fn the_first_answer_has_its_clock_and_the_work_another() {
    let mut world = reported("hazard");
    assert_eq!(world.due(), Some(day("2025-09-26")));
    assert_eq!(
        world.on("2025-09-26", Action::AcceptCase),
        Some(day("2025-10-13")),
        "seven working days after the 26th"
    );
    assert_eq!(world.on("2025-09-28", assign_to("住建局", None)), Some(day("2025-10-13")));
    assert_eq!(world.on("2025-09-29", Action::TakeCaseInHand), Some(day("2025-10-13")));
    assert_eq!(
        world.on("2025-10-09", assign_to("应急局", None)),
        Some(day("2025-10-13")),
        "handing over gives nobody more time"
    );
    world.on("2025-10-09", Action::TakeCaseInHand);
    assert_eq!(world.on("2025-10-10", finish("2025-10-10")), Some(day("2025-10-14")), "what is done is to be checked");
    world.actor = account(2);
    assert_eq!(world.on("2025-10-10", check(false)), Some(day("2025-10-20")), "what does not hold has its time anew");
}

#[test]
fn a_closed_or_declined_case_is_due_no_more_and_a_reopened_one_again() {
    let mut world = reported("hazard");
    assert_eq!(world.on("2025-09-25", Action::DeclineCase { reason: "不属本网格".to_owned() }), None);
    let reopen = || Action::ReopenCase { reason: "群众反映未解决".to_owned() };
    assert_eq!(world.on("2025-09-30", reopen()), Some(day("2025-10-16")));
    world.on("2025-09-30", assign_to("住建局", None));
    world.on("2025-09-30", Action::TakeCaseInHand);
    world.on("2025-09-30", finish("2025-09-30"));
    world.actor = account(2);
    assert_eq!(world.on("2025-09-30", check(true)), Some(day("2025-10-11")), "and what was checked is to be closed");
    let close = Action::CloseCase { day: day("2025-09-30"), outcome: "rectified".to_owned() };
    assert_eq!(world.on("2025-09-30", close), None);
    assert_eq!(world.on("2025-10-04", reopen()), Some(day("2025-10-16")), "reopened on a day off");
}

#[test]
fn a_pause_keeps_the_working_days_that_are_left() {
    let mut world = reported("hazard");
    world.on("2025-09-25", Action::AcceptCase);
    world.on("2025-09-25", assign_to("住建局", None));
    assert_eq!(world.on("2025-09-25", Action::TakeCaseInHand), Some(day("2025-10-11")));
    // Three of the seven are used by the end of 29 September (26, 28, 29); 30 September, 9, 10 and 11 October are left.
    assert_eq!(world.on("2025-09-29", pause()), None);
    assert_eq!(world.on("2025-10-20", Action::ResumeCase), Some(day("2025-10-24")));
}

#[test]
fn a_pause_does_not_undo_a_missed_day() {
    let mut world = reported("hazard");
    world.on("2025-09-25", Action::AcceptCase);
    world.on("2025-09-25", assign_to("住建局", None));
    world.on("2025-09-25", Action::TakeCaseInHand);
    let missed = Some(day("2025-10-11"));
    assert_eq!(world.on("2025-10-13", pause()), missed);
    assert_eq!(world.on("2025-10-20", Action::ResumeCase), missed);
}

#[test]
fn a_pause_on_the_last_day_leaves_none_and_is_due_when_it_ends() {
    let mut world = reported("hazard");
    world.on("2025-09-25", Action::AcceptCase);
    world.on("2025-09-25", assign_to("住建局", None));
    world.on("2025-09-25", Action::TakeCaseInHand);
    assert_eq!(world.on("2025-10-11", pause()), None);
    assert_eq!(world.on("2025-10-20", Action::ResumeCase), Some(day("2025-10-20")));
}

#[test]
fn where_nobody_accepts_the_work_begins_when_it_is_assigned() {
    let mut world = reported("errand");
    assert_eq!(world.due(), Some(day("2025-09-26")));
    // Thirty days after 26 September is Sunday 26 October.
    assert_eq!(world.on("2025-09-26", assign_to("代办员", None)), Some(day("2025-10-27")));
}

#[test]
fn a_kind_without_a_clock_and_a_case_that_a_ledger_tells_of_are_never_due() {
    let mut world = reported("wish");
    assert_eq!(world.due(), None);
    assert_eq!(world.on("2025-09-26", Action::AcceptCase), None);

    let mut world = World::default();
    let told = |ended| Action::TranscribeCase {
        kind: "hazard".to_owned(),
        area: area(GRID),
        day: day("2025-03-01"),
        title: "墙体裂缝".to_owned(),
        fields: Fields::new(),
        handler: Some("住建局".to_owned()),
        ended,
    };
    assert_eq!(world.on("2025-09-25", told(None)), None);
    assert_eq!(world.on("2025-09-25", Action::TakeCaseInHand), None);
    let ended = Ended { day: day("2025-09-26"), outcome: "rectified".to_owned() };
    assert_eq!(world.on("2025-09-26", told(Some(ended))), None);
}
