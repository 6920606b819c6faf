//! No sequence of commands reaches a state outside the machine: whatever is sent, by whomever, on whatever day, each state
//! follows the one before by a step that is drawn here.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use proptest::prelude::*;
use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::subject::Case;
use tahuang_domain::{Action, Actor, Body, Day, State, SubjectId};
use world::*;

const OTHER: SubjectId = id(4);
const DRAW: SubjectId = id(5);
/// A check that found two cases, the one that the commands are about and one more.
const SHEET: SubjectId = id(6);
const UNIT: SubjectId = id(7);

/// The machine: from a state, by an event, to a state. What is not drawn leaves the state as it is or is no event of a
/// case.
fn may_follow(before: State, event: &str, after: State) -> bool {
    use State::{Accepted, Assigned, Checked, Closed, Declined, Done, InHand, Merged, Paused, Reported};
    let open = matches!(before, Reported | Accepted | Assigned | InHand | Paused);
    match event {
        "case_accepted" => before == Reported && after == Accepted,
        "case_declined" => matches!(before, Reported | Accepted) && after == Declined,
        "case_assigned" => matches!(before, Reported | Accepted | Assigned | InHand) && after == Assigned,
        "case_taken_in_hand" => (before, after) == (Assigned, InHand),
        "case_paused" => (before, after) == (InHand, Paused),
        "case_resumed" => (before, after) == (Paused, InHand),
        "case_finished" => (before, after) == (InHand, Done),
        "case_checked" => before == Done && matches!(after, Checked | InHand),
        "case_closed" => matches!(before, Done | Checked) && after == Closed,
        "case_reopened" => matches!(before, Closed | Declined | Merged) && matches!(after, InHand | Accepted),
        "case_published" => (before, after) == (Accepted, Accepted),
        "case_claimed" => (before, after) == (Accepted, Assigned),
        "claim_released" => matches!(before, Assigned | InHand | Paused | Done | Checked) && after == Accepted,
        "case_merged" => open && after == Merged,
        "case_revisited" => before == Closed && (after == before || matches!(after, InHand | Accepted)),
        "case_drawn" => (before, after) == (Closed, Closed),
        "case_answered" => {
            let may = matches!(before, Done | Checked | Closed);
            may && (after == before || matches!(after, InHand | Accepted))
        }
        "handover_offered" | "handover_signed" | "handover_refused" => {
            matches!(before, Assigned | InHand | Paused) && after == before
        }
        "case_extended" => matches!(before, Assigned | InHand) && after == before,
        _ => after == before,
    }
}

/// What is true of a case in every state.
fn is_sound(state: State, case: &Case) {
    let over = matches!(state, State::Closed | State::Declined);
    assert!(!over || case.due.is_none(), "what is over is due no more: {state:?} {case:?}");
    let may_have_left = matches!(state, State::Paused | State::Merged);
    assert!(case.left.is_none() || may_have_left, "days are left over only in a pause: {state:?} {case:?}");
    assert_eq!(case.closed.is_some(), state == State::Closed, "{state:?} {case:?}");
    assert_eq!(case.merged_into.is_some(), state == State::Merged, "{state:?} {case:?}");
    let handled = matches!(state, State::Assigned | State::InHand | State::Paused | State::Done | State::Checked);
    assert!(!handled || case.handler.is_some(), "somebody handles it: {state:?} {case:?}");
    let held = matches!(state, State::Closed) || handled;
    assert!(case.claim.is_none() || held, "what is claimed is held: {state:?} {case:?}");
    let by = case.claim.as_ref().map(|claim| &claim.claimant);
    assert!(by.is_none() || by == case.handler.as_ref(), "whoever claimed it handles it: {state:?} {case:?}");
    assert!(case.handover.is_none() || matches!(state, State::Assigned | State::InHand | State::Paused));
    let waiting = case.quality.revisits.iter().filter(|revisit| revisit.is_waiting()).count();
    assert!(waiting == usize::from(case.quality.waiting().is_some()), "only the latest revisit is still to be made");
    assert!(waiting == 0 || state == State::Closed, "what goes on again is not called about: {state:?} {case:?}");
    if let (Some(finished), Some(closed)) = (case.finished, case.closed) {
        assert!(finished <= closed);
    }
}

fn action() -> impl Strategy<Value = Action> {
    let text = prop_oneof![Just("电杆倾斜".to_owned()), Just(String::new())];
    let day = (0..60i32).prop_map(|days| day("2025-09-20").plus_days(days));
    let account = prop::option::of(prop_oneof![Just(account_id(7)), Just(account_id(8)), Just(account_id(99))]);
    let subject = prop_oneof![Just(OTHER), Just(RECORD), Just(GRID_ENTRY)];
    prop_oneof![
        Just(Action::AcceptCase),
        text.clone().prop_map(|reason| Action::DeclineCase { reason }),
        (text.clone(), account.clone()).prop_map(|(handler, account)| Action::AssignCase {
            handler,
            account,
            assisting: Vec::new()
        }),
        Just(Action::TakeCaseInHand),
        Just(Action::TakeCaseInHand),
        text.clone().prop_map(|reason| Action::PauseCase { reason }),
        Just(Action::ResumeCase),
        day.clone().prop_map(|day: Day| Action::FinishCase { day, note: String::new() }),
        any::<bool>().prop_map(|passed| Action::CheckCase { passed, note: String::new() }),
        (day.clone(), prop_oneof![Just("rectified"), Just("fulfilled"), Just("dropped"), Just("done")])
            .prop_map(|(day, outcome)| Action::CloseCase { day, outcome: outcome.to_owned() }),
        text.clone().prop_map(|reason| Action::ReopenCase { reason }),
        (subject, text.clone()).prop_map(|(into, reason)| Action::MergeCase { into, reason }),
        (text.clone(), account).prop_map(|(reason, account)| Action::HandOverCase {
            handler: "次仁".to_owned(),
            account,
            reason
        }),
        Just(Action::SignHandover),
        text.clone().prop_map(|reason| Action::RefuseHandover { reason }),
        (day.clone(), text.clone()).prop_map(|(due, reason)| Action::ExtendCase { due, reason }),
        text.clone().prop_map(|note| Action::RemindCase { note }),
        Just(Action::ChaseCase),
        prop_oneof![Just(Solved::Resolved), Just(Solved::Partly), Just(Solved::Unresolved)].prop_map(|solved| {
            Action::AnswerCase { solved, satisfaction: Satisfaction::Unrated, note: String::new() }
        }),
        Just(Action::DrawCase { draw: DRAW }),
        Just(Action::DrawCase { draw: DRAW }),
        prop::option::of(prop_oneof![Just(Solved::Resolved), Just(Solved::Partly), Just(Solved::Unresolved)]).prop_map(
            |solved| Action::RevisitCase {
                reached: solved.is_some(),
                solved,
                satisfaction: Satisfaction::Dissatisfied,
                note: String::new()
            }
        ),
        text.clone().prop_map(|reason| Action::AppealRating { reason }),
        (any::<bool>(), text.clone()).prop_map(|(granted, reason)| Action::DecideAppeal { granted, reason }),
        (day.clone(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(day, both, exits, light)| {
            let mut seen = vec![("exits", exits)];
            seen.extend(both.then_some(("light", light)));
            let next = day.plus_days(7).to_string();
            recheck(&day.to_string(), &seen, if exits && light && both { None } else { Some(&next) })
        }),
        Just(publish()),
        Just(publish()),
        text.clone().prop_map(|reason| Action::UnpublishCase { reason }),
        Just(claim("", Some(UNIT))),
        (text.clone(), prop::option::of(day.clone())).prop_map(|(claimant, due)| Action::ClaimCase {
            claimant,
            unit_id: None,
            account: None,
            due,
        }),
        text.clone().prop_map(|reason| Action::ReleaseClaim { reason }),
        (day, text.clone()).prop_map(|(day, reason)| Action::Correct {
            area: None,
            day: Some(day),
            title: None,
            quantity: None,
            fields: Default::default(),
            reason,
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_leaves_the_machine(
        kind in prop_oneof![Just("hazard"), Just("wish"), Just("errand")],
        by_resident in any::<bool>(),
        steps in prop::collection::vec((action(), any::<bool>(), 0..4u8, 0..3i32), 1..60),
    ) {
        let mut world = World::default();
        world.today = day("2025-09-20");
        for (number, role) in [(7, "officer"), (8, "grid_worker")] {
            world.enrol(number, role, TOWNSHIP);
        }
        world.actor = if by_resident { Actor::Resident } else { account(1) };
        world.send(RECORD, report(kind)).unwrap();
        world.send(DRAW, register("revisit_draw", TOWNSHIP, "回访抽查")).unwrap();
        let mut found = record_check();
        if let Action::RecordCheck { results, .. } = &mut found {
            results[0].hazard = Some(OTHER);
        }
        world.send(SHEET, found).unwrap();
        world.send(UNIT, register("unit", PREFECTURE, "水利局")).unwrap();
        for (action, on_the_other, who, days) in steps {
            world.today = world.today.plus_days(days);
            world.actor = match who {
                0 => account(1),
                1 => account(7),
                2 => Actor::Resident,
                _ => Actor::Timer,
            };
            let subject = match action {
                Action::RecheckItems { .. } => SHEET,
                _ if on_the_other => OTHER,
                _ => RECORD,
            };
            let before: Vec<State> = [RECORD, OTHER].map(|id| world.subjects[&id].state).into();
            if world.send(subject, action.clone()).is_err() {
                let after: Vec<State> = [RECORD, OTHER].map(|id| world.subjects[&id].state).into();
                prop_assert_eq!(before, after, "what is refused changes nothing");
                continue;
            }
            for (id, before, event, after) in &world.walked {
                let before = before.expect("nothing is opened any more");
                let may = *id == SHEET || may_follow(before, event, *after);
                prop_assert!(may, "{action:?}: {event} from {before:?} to {after:?}");
            }
            for id in [RECORD, OTHER, LIGHT] {
                let Body::Case(case) = &world.subjects[&id].body else { panic!() };
                is_sound(world.subjects[&id].state, case);
            }
        }
        prop_assert_eq!(world.replayed(), world.subjects);
    }
}
