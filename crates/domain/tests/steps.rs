//! The life of a case as one table: every state, every step, for every way in which the catalog switches steps off.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::collections::BTreeMap;

use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::decide::case::open_steps;
use tahuang_domain::{Action, State, SubjectId};
use world::*;

/// The case that another is merged into.
const OTHER: SubjectId = id(4);

/// The state after the step; `-` where the step is not open.
const FULL: &str = "
            accept    decline   assign    take     pause    resume   finish  check    close   reopen    merge   answer
reported    accepted  declined  -         -        -        -        -       -        -       -         merged  -
accepted    -         declined  assigned  -        -        -        -       -        -       -         merged  -
declined    -         -         -         -        -        -        -       -        -       accepted  -       -
assigned    -         -         assigned  in_hand  -        -        -       -        -       -         merged  -
in_hand     -         -         assigned  -        paused   -        done    -        -       -         merged  -
paused      -         -         -         -        -        in_hand  -       -        -       -         merged  -
done        -         -         -         -        -        -        -       checked  -       -         -       -
checked     -         -         -         -        -        -        -       -        closed  -         -       checked
closed      -         -         -         -        -        -        -       -        -       accepted  -       closed
merged      -         -         -         -        -        -        -       -        -       accepted  -       -
";

/// A wish is closed without a check by somebody else.
const WITHOUT_CHECK: &str = "
            accept    decline   assign    take     pause    resume   finish  check    close   reopen    merge   answer
reported    accepted  declined  -         -        -        -        -       -        -       -         merged  -
accepted    -         declined  assigned  -        -        -        -       -        -       -         merged  -
declined    -         -         -         -        -        -        -       -        -       accepted  -       -
assigned    -         -         assigned  in_hand  -        -        -       -        -       -         merged  -
in_hand     -         -         assigned  -        paused   -        done    -        -       -         merged  -
paused      -         -         -         -        -        in_hand  -       -        -       -         merged  -
done        -         -         -         -        -        -        -       -        closed  -         -       done
checked     -         -         -         -        -        -        -       -        closed  -         -       checked
closed      -         -         -         -        -        -        -       -        -       accepted  -       closed
merged      -         -         -         -        -        -        -       -        -       accepted  -       -
";

/// An errand is assigned as soon as it is reported.
const WITHOUT_ACCEPT_AND_CHECK: &str = "
            accept    decline   assign    take     pause    resume   finish  check    close   reopen    merge   answer
reported    -         declined  assigned  -        -        -        -       -        -       -         merged  -
accepted    -         declined  assigned  -        -        -        -       -        -       -         merged  -
declined    -         -         -         -        -        -        -       -        -       accepted  -       -
assigned    -         -         assigned  in_hand  -        -        -       -        -       -         merged  -
in_hand     -         -         assigned  -        paused   -        done    -        -       -         merged  -
paused      -         -         -         -        -        in_hand  -       -        -       -         merged  -
done        -         -         -         -        -        -        -       -        closed  -         -       done
checked     -         -         -         -        -        -        -       -        closed  -         -       checked
closed      -         -         -         -        -        -        -       -        -       accepted  -       closed
merged      -         -         -         -        -        -        -       -        -       accepted  -       -
";

fn step(name: &str, outcome: &str) -> Action {
    match name {
        "accept" => Action::AcceptCase,
        "decline" => decline(),
        "assign" => assign(),
        "take" => Action::TakeCaseInHand,
        "pause" => pause(),
        "resume" => Action::ResumeCase,
        "finish" => finish("2025-03-10"),
        "check" => check(true),
        "close" => close("2025-03-10", outcome),
        "reopen" => reopen(),
        "merge" => Action::MergeCase { into: OTHER, reason: "同一处电杆".to_owned() },
        "answer" => {
            Action::AnswerCase { solved: Solved::Resolved, satisfaction: Satisfaction::Satisfied, note: String::new() }
        }
        other => panic!("{other}"),
    }
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn every_step_in_every_state_is_open_or_refused_as_the_table_says() {
    let kinds = [
        ("hazard", "rectified", FULL),
        ("wish", "fulfilled", WITHOUT_CHECK),
        ("errand", "done", WITHOUT_ACCEPT_AND_CHECK),
    ];
    for (kind, outcome, table) in kinds {
        let mut lines = table.lines().filter(|line| !line.trim().is_empty());
        let steps = words(lines.next().unwrap());
        let mut states = 0;
        for line in lines {
            let cells = words(line);
            let state = State::from_code(cells[0]).unwrap();
            states += 1;
            let mut open = Vec::new();
            for (name, then) in steps.iter().zip(&cells[1..]) {
                let mut world = World::default();
                world.send(RECORD, report(kind)).unwrap();
                world.send(OTHER, report("hazard")).unwrap();
                world.subjects.get_mut(&RECORD).unwrap().state = state;
                let action = step(name, outcome);
                if *then != "-" {
                    open.push(action.code());
                }
                let told = match world.send(RECORD, action) {
                    Ok(_) => world.record().state.code(),
                    Err(refusal) => {
                        assert_eq!(refusal, tahuang_domain::Refusal::StepNotOpen { state }, "{kind}: {name} in {line}");
                        "-"
                    }
                };
                assert_eq!(told, *then, "{kind}: {name} in state {}", cells[0]);
            }
            // What screens offer is what is accepted.
            let mut offered = open_steps(World::default().catalog.kind(kind).unwrap(), state).to_vec();
            offered.sort_unstable();
            open.sort_unstable();
            assert_eq!(offered, open, "{kind} in state {}", cells[0]);
        }
        assert_eq!(states, 10, "every state of a case stands in the table");
    }
}

#[test]
fn states_of_other_shapes_offer_no_step() {
    let world = World::default();
    let of_cases = words("reported accepted declined assigned in_hand paused done checked closed merged");
    for state in State::ALL.into_iter().filter(|state| !of_cases.contains(&state.code())) {
        assert!(open_steps(world.catalog.kind("hazard").unwrap(), state).is_empty(), "{}", state.code());
    }
}

#[test]
fn a_failed_check_goes_back_to_the_handler_and_a_reopened_case_too() {
    let mut world = World::default();
    for action in [report("hazard"), Action::AcceptCase, assign(), Action::TakeCaseInHand, finish("2025-03-10")] {
        world.send(RECORD, action).unwrap();
    }
    world.actor = account(2);
    world.send(RECORD, check(false)).unwrap();
    assert_eq!(world.record().state, State::InHand);
    world.send(RECORD, finish("2025-03-11")).unwrap();
    world.actor = account(1);
    for action in [check(true), close("2025-03-12", "rectified"), reopen()] {
        world.send(RECORD, action).unwrap();
    }
    assert_eq!(world.record().state, State::InHand, "its handler is known");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn codes_of_states_are_permanent() {
    let codes: Vec<&str> = State::ALL.iter().map(|state| state.code()).collect();
    assert_eq!(
        codes,
        words(
            "active ended recorded reported accepted declined assigned in_hand paused done checked closed merged entered final \
         open completed refused fixed set_aside planned cancelled",
        )
    );
    // Stores keep a state as its number.
    let numbers: BTreeMap<i64, &str> = State::ALL.iter().map(|state| (*state as i64, state.code())).collect();
    assert_eq!(numbers.into_values().collect::<Vec<_>>(), codes);
    for state in State::ALL {
        assert_eq!(State::from_code(state.code()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.code());
    }
}
