//! How well cases are dealt with: first answers, revisits, what they bear for the rates, and appeals.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::subject::Case;
use tahuang_domain::subject::quality::{Mark, Rating, Response};
use tahuang_domain::{Action, Actor, Body, Holder, Refusal, State, SubjectId};
use world::*;

const DRAW: SubjectId = id(5);
const LATER_DRAW: SubjectId = id(6);
const HANDLER: Actor = Actor::Account(account_id(7));
const CALLER: Actor = Actor::Account(account_id(8));

/// A hazard that account 7 led and account 1 closed, with two draws to take it.
fn closed() -> World {
    let mut world = World::default();
    world.enrol(7, "officer", TOWNSHIP);
    for draw in [DRAW, LATER_DRAW] {
        world.send(draw, register("revisit_draw", TOWNSHIP, "回访抽查")).unwrap();
    }
    for action in [report("hazard"), Action::AcceptCase, assign_to("次仁", Some(account_id(7)))] {
        world.send(RECORD, action).unwrap();
    }
    close_again(&mut world);
    world
}

/// The handler does the work and others close it.
fn close_again(world: &mut World) {
    if world.record().state == State::Assigned {
        world.by(HANDLER, Action::TakeCaseInHand).unwrap();
    }
    world.by(HANDLER, finish("2025-09-25")).unwrap();
    for action in [check(true), close("2025-09-25", "rectified")] {
        world.by(account(1), action).unwrap();
    }
}

impl World {
    fn case(&self) -> &Case {
        match &self.record().body {
            Body::Case(case) => case,
            other => panic!("{other:?}"),
        }
    }

    fn by(&mut self, actor: Actor, action: Action) -> Result<Vec<&'static str>, Refusal> {
        self.actor = actor;
        self.send(RECORD, action)
    }

    /// An account of that place.
    fn from(&mut self, place: &str, actor: Actor, action: Action) -> Result<Vec<&'static str>, Refusal> {
        self.scope = Some(area(place));
        let told = self.by(actor, action);
        self.scope = None;
        told
    }

    fn marks(&self) -> Vec<Mark> {
        self.case().quality.marks()
    }
}

fn draw(draw: SubjectId) -> Action {
    Action::DrawCase { draw }
}

fn revisit(solved: Solved, satisfaction: Satisfaction) -> Action {
    Action::RevisitCase { reached: true, solved: Some(solved), satisfaction, note: String::new() }
}

fn nobody_reached() -> Action {
    let (solved, satisfaction) = (None, Satisfaction::Unrated);
    Action::RevisitCase { reached: false, solved, satisfaction, note: "无人接听".to_owned() }
}

fn appeal() -> Action {
    Action::AppealRating { reason: "反映人另有诉求".to_owned() }
}

fn judge(granted: bool) -> Action {
    Action::DecideAppeal { granted, reason: "已核实".to_owned() }
}

const STEP_NOT_OPEN: Refusal = Refusal::StepNotOpen { state: State::Closed };

#[test]
fn the_first_answer_is_in_time_until_its_day_is_over() {
    let answers = [Action::AcceptCase, decline()];
    for answer in answers {
        for (today, response) in [("2025-09-26", Response::InTime), ("2025-09-28", Response::Late)] {
            let mut world = World::default();
            world.send(RECORD, report("hazard")).unwrap();
            world.today = day(today);
            world.send(RECORD, answer.clone()).unwrap();
            assert_eq!(world.case().quality.response, Some(response), "{answer:?} on {today}");
            assert_eq!(world.replayed(), world.subjects);
        }
    }
    let mut errand = World::default();
    errand.send(RECORD, report("errand")).unwrap();
    errand.today = day("2025-10-20");
    errand.send(RECORD, assign()).unwrap();
    assert_eq!(errand.case().quality.response, Some(Response::Late), "where nobody accepts, assigning is the answer");
}

#[test]
fn never_to_answer_is_late_once_somebody_above_heard_of_it_and_an_answer_does_not_undo_it() {
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    world.today = day("2025-09-28");
    world.by(Actor::Timer, Action::ChaseCase).unwrap();
    assert_eq!(world.marks(), [Mark::RespondedLate]);
    world.by(account(1), Action::AcceptCase).unwrap();
    assert_eq!(world.marks(), [Mark::RespondedLate]);
}

#[test]
fn what_has_no_clock_and_what_a_ledger_tells_has_no_first_answer() {
    let mut wish = World::default();
    wish.send(RECORD, report("wish")).unwrap();
    wish.send(RECORD, Action::AcceptCase).unwrap();
    let mut ledger = World::default();
    ledger.send(RECORD, transcribe("hazard", Some(("2025-03-10", "rectified")))).unwrap();
    for world in [wish, ledger] {
        assert!(world.case().quality.is_empty(), "{:?}", world.case().quality);
    }
}

#[test]
fn a_closed_case_is_drawn_once_for_each_time_that_it_was_closed() {
    let mut world = closed();
    assert_eq!(world.by(CALLER, draw(DRAW)), Ok(vec!["case_drawn"]));
    assert_eq!(world.by(CALLER, draw(DRAW)), Err(STEP_NOT_OPEN), "not twice by one draw");
    assert_eq!(world.by(CALLER, draw(LATER_DRAW)), Err(STEP_NOT_OPEN), "nor by another, before it is closed anew");
    world.by(CALLER, revisit(Solved::Resolved, Satisfaction::Satisfied)).unwrap();
    assert_eq!(world.by(CALLER, draw(LATER_DRAW)), Err(STEP_NOT_OPEN), "nobody is asked twice of the same work");
    world.by(account(1), reopen()).unwrap();
    assert_eq!(world.by(CALLER, draw(LATER_DRAW)), Err(Refusal::StepNotOpen { state: State::InHand }));
    close_again(&mut world);
    assert_eq!(world.by(CALLER, draw(LATER_DRAW)), Ok(vec!["case_drawn"]));
    let draws: Vec<SubjectId> = world.case().quality.revisits.iter().map(|revisit| revisit.draw).collect();
    assert_eq!(draws, [DRAW, LATER_DRAW], "what was drawn before stays on the record");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn only_a_draw_draws_and_it_stays_as_it_was_made() {
    let mut world = closed();
    let unknown = Err(Refusal::LinkNotFound { field: "draw".to_owned() });
    assert_eq!(world.by(CALLER, draw(GRID_ENTRY)), unknown);
    assert_eq!(world.by(CALLER, draw(id(99))), unknown);
    for action in [correct(), withdraw(), end("2025-10-01")] {
        let refused = world.send(DRAW, action.clone());
        assert_eq!(refused, Err(Refusal::WrongShape { kind: "revisit_draw".to_owned() }), "{action:?}");
    }
}

#[test]
fn whoever_did_the_work_neither_draws_nor_revisits_it() {
    let mut world = closed();
    assert_eq!(world.by(HANDLER, draw(DRAW)), Err(Refusal::RevisitorIsHandler));
    world.by(CALLER, draw(DRAW)).unwrap();
    let word = || revisit(Solved::Resolved, Satisfaction::Satisfied);
    assert_eq!(world.by(HANDLER, word()), Err(Refusal::RevisitorIsHandler));
    // Led by somebody else meanwhile, it was still finished by them.
    if let Body::Case(case) = &mut world.subjects.get_mut(&RECORD).unwrap().body {
        case.account = Some(account_id(99));
    }
    assert_eq!(world.by(HANDLER, word()), Err(Refusal::RevisitorIsHandler));
    assert_eq!(world.by(CALLER, word()), Ok(vec!["case_revisited"]));
}

#[test]
fn a_case_that_a_revisit_finds_unsolved_is_opened_again_and_was_closed_falsely() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Unresolved, Satisfaction::Dissatisfied)).unwrap();
    let case = world.case();
    assert_eq!((world.record().state, case.reopened, case.closed), (State::InHand, 1, None));
    assert_eq!(case.due, Some(day("2025-10-11")), "its clock begins anew");
    let poor = [Mark::RespondedInTime, Mark::Unresolved, Mark::Dissatisfied, Mark::Revisited, Mark::FalselyClosed];
    assert_eq!(world.marks(), poor);
    // Done again, it is solved; that it had been closed before is still true.
    close_again(&mut world);
    assert_eq!(world.marks(), poor, "until they are heard anew, that is what they said");
    world.by(CALLER, draw(LATER_DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Resolved, Satisfaction::Fairly)).unwrap();
    let better = [Mark::RespondedInTime, Mark::Resolved, Mark::Satisfied, Mark::Revisited, Mark::FalselyClosed];
    assert_eq!((world.marks().as_slice(), world.record().state), (better.as_slice(), State::Closed));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn solved_in_part_stays_closed_and_is_not_called_solved() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Partly, Satisfaction::Unrated)).unwrap();
    assert_eq!(world.record().state, State::Closed);
    assert_eq!(world.marks(), [Mark::RespondedInTime, Mark::Unresolved, Mark::Revisited, Mark::TrulyClosed]);
}

#[test]
fn three_times_somebody_is_called_and_then_no_more_and_nothing_is_counted() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    for _ in 0..3 {
        assert_eq!(world.by(CALLER, nobody_reached()), Ok(vec!["case_revisited"]));
    }
    assert_eq!(world.by(CALLER, nobody_reached()), Err(STEP_NOT_OPEN));
    assert_eq!((world.marks(), world.case().quality.revisits[0].tries), (vec![Mark::RespondedInTime], 3));
    let unsaid =
        Action::RevisitCase { reached: true, solved: None, satisfaction: Satisfaction::Satisfied, note: String::new() };
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    assert_eq!(world.by(CALLER, unsaid), Err(Refusal::MissingValue { field: "solved".to_owned() }));
}

#[test]
fn a_telephone_number_in_what_was_said_is_not_kept() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    let note = "改打 199 0000 0001".to_owned();
    let action = Action::RevisitCase { reached: false, solved: None, satisfaction: Satisfaction::Unrated, note };
    world.by(CALLER, action).unwrap();
    assert!(!serde_json::to_string(&world.last_event()).unwrap().contains("0000"), "{:?}", world.last_event());
}

#[test]
fn a_case_that_is_opened_again_otherwise_is_not_called_about() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    let on = |world: &World, holder: Holder| world.record().holders().get(&holder).copied();
    assert_eq!((on(&world, Holder::Revisits), on(&world, Holder::Draw(DRAW))), (Some(false), Some(false)));
    world.by(account(1), reopen()).unwrap();
    assert_eq!((on(&world, Holder::Revisits), on(&world, Holder::Draw(DRAW))), (None, Some(true)));
    assert_eq!(world.by(CALLER, nobody_reached()), Err(Refusal::StepNotOpen { state: State::InHand }));
}

#[test]
fn an_appeal_that_is_granted_takes_out_the_poor_ratings_and_no_other() {
    let mut world = closed();
    assert_eq!(world.from(VILLAGE, HANDLER, appeal()), Err(STEP_NOT_OPEN), "there is nothing to appeal against");
    world.by(CALLER, draw(DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Unresolved, Satisfaction::Satisfied)).unwrap();
    world.from(VILLAGE, HANDLER, appeal()).unwrap();
    let about = &world.case().quality.appeal.as_ref().unwrap().about;
    assert_eq!(about, &[Rating::Resolution, Rating::Closing]);
    let open = Refusal::StepNotOpen { state: State::InHand };
    assert_eq!(world.from(VILLAGE, CALLER, appeal()), Err(open.clone()), "one appeal at a time");
    assert!(world.record().holders().contains_key(&Holder::Appeals));
    world.from(TOWNSHIP, CALLER, judge(true)).unwrap();
    assert_eq!(world.marks(), [Mark::RespondedInTime, Mark::Satisfied, Mark::Revisited, Mark::Excluded]);
    let excluded: Vec<_> = world.case().quality.excluded().collect();
    assert_eq!(excluded, [(Rating::Resolution, "已核实"), (Rating::Closing, "已核实")]);
    assert_eq!(world.from(VILLAGE, HANDLER, appeal()), Err(open), "what was decided is not appealed against again");
    // Another word is another rating.
    close_again(&mut world);
    world.by(CALLER, draw(LATER_DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Partly, Satisfaction::Satisfied)).unwrap();
    let counted = [Mark::RespondedInTime, Mark::Unresolved, Mark::Satisfied, Mark::Revisited, Mark::Excluded];
    assert_eq!(world.marks(), counted, "the closing that was taken out stays out");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn an_appeal_that_is_not_granted_leaves_everything_counted() {
    let mut world = closed();
    world.by(CALLER, draw(DRAW)).unwrap();
    world.by(CALLER, revisit(Solved::Resolved, Satisfaction::Dissatisfied)).unwrap();
    let before = world.marks();
    world.from(VILLAGE, HANDLER, appeal()).unwrap();
    assert_eq!(world.marks(), before, "while it waits, it counts");
    world.from(TOWNSHIP, CALLER, judge(false)).unwrap();
    assert_eq!(world.marks(), before);
    assert_eq!(world.from(VILLAGE, HANDLER, appeal()), Err(STEP_NOT_OPEN));
}

#[test]
fn an_appeal_about_a_word_lapses_with_that_word() {
    let mut world = closed();
    if let Body::Case(case) = &mut world.subjects.get_mut(&RECORD).unwrap().body {
        case.reporter = Some(Actor::Resident);
    }
    let say = |solved| Action::AnswerCase { solved, satisfaction: Satisfaction::Dissatisfied, note: String::new() };
    world.by(Actor::Resident, say(Solved::Partly)).unwrap();
    world.from(VILLAGE, HANDLER, appeal()).unwrap();
    world.by(Actor::Resident, say(Solved::Resolved)).unwrap();
    assert_eq!(world.case().quality.appeal, None);
    assert_eq!(world.from(TOWNSHIP, CALLER, judge(true)), Err(STEP_NOT_OPEN));
}

#[test]
fn an_appeal_is_decided_from_above_by_somebody_who_had_no_part_in_it() {
    let party = Err(Refusal::JudgeIsParty);
    // In whose name it is made, who decides from where, and whether that is heard.
    let table = [
        (VILLAGE, CALLER, VILLAGE, false),
        (VILLAGE, HANDLER, TOWNSHIP, false),
        (VILLAGE, account(9), TOWNSHIP, false),
        (VILLAGE, CALLER, TOWNSHIP, true),
        (TOWNSHIP, CALLER, TOWNSHIP, false),
        (TOWNSHIP, CALLER, "542521000000", true),
        ("542521000000", CALLER, PREFECTURE, true),
        // Above a prefecture there is nobody in its journal: there another account decides.
        (PREFECTURE, CALLER, PREFECTURE, true),
        (PREFECTURE, account(9), PREFECTURE, false),
        (PREFECTURE, CALLER, "542521000000", false),
    ];
    for (office, judge_is, place, heard) in table {
        let mut world = closed();
        world.by(CALLER, draw(DRAW)).unwrap();
        world.by(CALLER, revisit(Solved::Resolved, Satisfaction::Dissatisfied)).unwrap();
        world.from(office, account(9), appeal()).unwrap();
        let told = world.from(place, judge_is, judge(true));
        let expected = if heard { Ok(vec!["appeal_decided"]) } else { party.clone() };
        assert_eq!(told, expected, "{office} before {judge_is:?} of {place}");
    }
}

#[test]
fn of_several_refusals_the_first_of_the_list_is_given() {
    let mut world = closed();
    let too_long = "长".repeat(2_001);
    assert_eq!(
        world.by(HANDLER, Action::AppealRating { reason: String::new() }).unwrap_err().code(),
        "missing_value",
        "before step_not_open"
    );
    let unread =
        Action::RevisitCase { reached: false, solved: None, satisfaction: Satisfaction::Unrated, note: too_long };
    assert_eq!(world.by(HANDLER, unread).unwrap_err().code(), "text_too_long", "before step_not_open");
    assert_eq!(world.by(HANDLER, nobody_reached()), Err(STEP_NOT_OPEN), "before revisitor_is_handler");
    assert_eq!(world.by(HANDLER, draw(id(99))).unwrap_err().code(), "link_not_found", "before revisitor_is_handler");
    assert_eq!(
        world.by(HANDLER, Action::DecideAppeal { granted: true, reason: String::new() }).unwrap_err().code(),
        "missing_value"
    );
    assert_eq!(world.send(GRID_ENTRY, nobody_reached()).unwrap_err().code(), "wrong_shape");
}
