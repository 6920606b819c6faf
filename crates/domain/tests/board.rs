//! The public board: what may stand on it, who claims what stands there, and how a claim ends.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::decide::board::open_on_board;
use tahuang_domain::subject::{BoardPart, Case};
use tahuang_domain::{Action, Actor, Body, Holder, Refusal, State, SubjectId};
use world::*;

const UNIT: SubjectId = id(5);
const OTHER_UNIT: SubjectId = id(6);

/// A wish that a resident asked for, after these steps by an officer.
fn wished(steps: Vec<Action>) -> World {
    let mut world = World::default();
    world.send(UNIT, register("unit", PREFECTURE, "水利局")).unwrap();
    world.send(OTHER_UNIT, register("unit", PREFECTURE, "文旅局")).unwrap();
    world.actor = Actor::Resident;
    let Action::ReportCase { area, day, fields, personal, .. } = report("wish") else { panic!() };
    let title = "我家老人想要一副老花镜".to_owned();
    world.send(RECORD, Action::ReportCase { kind: "wish".to_owned(), area, day, title, fields, personal }).unwrap();
    world.actor = account(1);
    for step in steps {
        world.send(RECORD, step).unwrap();
    }
    world
}

fn free() -> World {
    wished(vec![Action::AcceptCase, publish()])
}

fn claimed() -> World {
    wished(vec![Action::AcceptCase, publish(), claim("", Some(UNIT))])
}

fn case(world: &World) -> &Case {
    let Body::Case(case) = &world.record().body else { panic!() };
    case
}

fn words(title: &str, text: &str) -> Action {
    Action::PublishCase { title: title.to_owned(), text: text.to_owned() }
}

fn board_part(world: &World) -> Option<BoardPart> {
    world.record().holders().keys().find_map(|holder| match holder {
        Holder::Board(part) => Some(*part),
        _ => None,
    })
}

#[test]
fn what_would_tell_who_asked_does_not_go_on_the_board() {
    for (title, text, code) in [
        ("一副老花镜", "村里一位老人读报用", Ok(vec!["case_published"])),
        ("一副老花镜", "", Ok(vec!["case_published"])),
        ("", "", Err("missing_value")),
        (&*"心".repeat(41), "", Err("text_too_long")),
        ("一副老花镜", &*"心".repeat(201), Err("text_too_long")),
        ("老花镜，电话199 0000 1234", "", Err("not_for_the_public")),
        ("一副老花镜", "证件54250019900101123X", Err("not_for_the_public")),
        ("一副老花镜", "送到3号楼2单元", Err("not_for_the_public")),
        ("我家老人想要一副老花镜", "", Err("not_for_the_public")),
        ("一副老花镜", "原话：我家老人想要一副老花镜。", Err("not_for_the_public")),
    ] {
        let mut world = wished(vec![Action::AcceptCase]);
        let told = world.send(RECORD, words(title, text)).map_err(|refusal| refusal.code());
        assert_eq!(told, code, "{title} {text}");
    }
}

#[test]
fn a_wish_is_reviewed_before_it_is_published_and_published_before_it_is_claimed() {
    let not_open = |state| Err(Refusal::StepNotOpen { state });
    assert_eq!(wished(vec![]).send(RECORD, publish()), not_open(State::Reported));
    assert_eq!(
        wished(vec![Action::AcceptCase]).send(RECORD, claim("次仁", None)),
        not_open(State::Accepted),
        "what nobody can read nobody can claim"
    );
    let mut world = free();
    assert_eq!(
        world.send(RECORD, Action::UnpublishCase { reason: "已不需要".to_owned() }),
        Ok(vec!["case_unpublished"])
    );
    assert_eq!(world.send(RECORD, claim("次仁", None)), not_open(State::Accepted));
    let mut hazard = World::default();
    hazard.send(RECORD, report("hazard")).unwrap();
    hazard.send(RECORD, Action::AcceptCase).unwrap();
    assert_eq!(hazard.send(RECORD, publish()), Err(Refusal::WrongShape { kind: "hazard".to_owned() }));
}

#[test]
fn of_two_claims_one_is_refused_and_told_who_was_first() {
    let mut world = free();
    assert_eq!(world.send(RECORD, claim("", Some(UNIT))), Ok(vec!["case_claimed", "line_added"]));
    assert_eq!(
        world.send(RECORD, claim("", Some(OTHER_UNIT))),
        Err(Refusal::ClaimedAlready { by: "水利局".to_owned() })
    );
    assert_eq!(world.record().state, State::Assigned);
    assert_eq!(case(&world).handler.as_deref(), Some("水利局"));
    assert_eq!(case(&world).due, Some(day("2025-10-09")), "five working days, with the holiday between");
    let lines = &world.subjects[&UNIT].lines;
    let claim_of_case = case(&world).claim.as_ref().unwrap();
    assert_eq!((lines[0].id, lines[0].kind.as_str()), (claim_of_case.id, "claim"));
    assert_eq!(lines[0].fields["case"], RECORD.to_string());
    assert!(world.subjects[&OTHER_UNIT].lines.is_empty(), "who came second left no trace");
}

#[test]
fn a_claim_is_refused_for_the_first_reason_that_applies() {
    let long = day("2025-10-10");
    let told = |unit_id: Option<SubjectId>, claimant: &str, due: Option<&str>| {
        let due = due.map(day);
        let action = Action::ClaimCase { claimant: claimant.to_owned(), unit_id, account: None, due };
        free().send(RECORD, action).map_err(|refusal| refusal.code())
    };
    assert!(told(None, "次仁", Some("2025-09-25")).is_ok(), "by today");
    assert_eq!(told(None, "次仁", Some(&long.to_string())), Err("field_invalid"));
    assert_eq!(told(None, "次仁", Some("2025-09-24")), Err("finished_before_found"));
    assert_eq!(told(None, "", None), Err("missing_value"));
    assert_eq!(told(Some(id(77)), "次仁", None), Err("link_not_found"));
    assert_eq!(told(Some(GRID_ENTRY), "次仁", None), Err("link_not_found"), "a grid takes no claims");
    let mut ended = free();
    ended.send(UNIT, end("2025-09-01")).unwrap();
    assert_eq!(ended.send(RECORD, claim("", Some(UNIT))).unwrap_err().code(), "link_not_found");
    let mut stranger = free();
    let far = stranger.enrol(9, "officer", ELSEWHERE.replace("540121", "542521").as_str());
    let by_account = |account| Action::ClaimCase { claimant: "次仁".to_owned(), unit_id: None, account, due: None };
    assert!(stranger.send(RECORD, by_account(Some(far))).is_ok());
    assert_eq!(free().send(RECORD, by_account(Some(id(88)))).unwrap_err().code(), "link_not_found");
}

#[test]
fn what_is_claimed_goes_to_nobody_else_and_ends_as_fulfilled_or_given_back() {
    let locked = || Err(Refusal::ClaimedAlready { by: "水利局".to_owned() });
    let mut world = claimed();
    world.send(id(4), report("hazard")).unwrap();
    assert_eq!(world.send(RECORD, assign()), locked());
    let over = Action::HandOverCase { handler: "次仁".to_owned(), account: None, reason: "调离".to_owned() };
    assert_eq!(world.send(RECORD, over), locked());
    assert_eq!(world.send(RECORD, Action::MergeCase { into: id(4), reason: "同一件事".to_owned() }), locked());
    for step in [Action::TakeCaseInHand, finish("2025-09-25")] {
        world.send(RECORD, step).unwrap();
    }
    assert_eq!(world.send(RECORD, close("2025-09-25", "dropped")), locked());
    assert_eq!(world.send(RECORD, close("2025-09-25", "fulfilled")), Ok(vec!["case_closed"]));
    assert_eq!(board_part(&world), Some(BoardPart::Fulfilled));
    let until = day("2025-09-25").plus_days(90);
    assert_eq!(world.record().listed_by(Holder::Board(BoardPart::Fulfilled)), Some(until));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_claim_that_is_given_back_is_free_again_and_its_history_stays() {
    let mut world = claimed();
    assert_eq!(world.send(RECORD, Action::ReleaseClaim { reason: String::new() }).unwrap_err().code(), "missing_value");
    assert_eq!(world.send(RECORD, release()), Ok(vec!["claim_released"]));
    assert_eq!(world.send(RECORD, release()), Err(Refusal::StepNotOpen { state: State::Accepted }));
    assert_eq!((world.record().state, board_part(&world)), (State::Accepted, Some(BoardPart::Free)));
    let released = &case(&world).released;
    assert_eq!((released[0].claim.claimant.as_str(), released[0].overdue), ("水利局", false));
    assert_eq!((&case(&world).handler, &case(&world).claim), (&None, &None));
    assert_eq!(world.send(RECORD, claim("", Some(OTHER_UNIT))), Ok(vec!["case_claimed", "line_added"]));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn the_day_releases_a_claim_once_and_takes_nothing_that_is_done() {
    let mut world = claimed();
    world.actor = Actor::Timer;
    world.today = day("2025-10-09");
    assert_eq!(world.send(RECORD, Action::ChaseCase), Ok(vec!["case_reminded"]), "the last day is theirs");
    world.today = day("2025-10-10");
    assert_eq!(world.send(RECORD, Action::ChaseCase), Ok(vec!["claim_released"]));
    assert_eq!(world.send(RECORD, Action::ChaseCase), Ok(vec![]), "once, however often it is asked");
    assert!(case(&world).released[0].overdue);
    assert_eq!(board_part(&world), Some(BoardPart::Free));

    let mut done = claimed();
    for step in [Action::TakeCaseInHand, finish("2025-09-25")] {
        done.send(RECORD, step).unwrap();
    }
    done.actor = Actor::Timer;
    done.today = day("2025-12-01");
    assert!(!done.send(RECORD, Action::ChaseCase).unwrap().contains(&"claim_released"));

    // A pause stops the clock of a claim that was in time, and does not save one that was late.
    let mut paused = claimed();
    for step in [Action::TakeCaseInHand, pause()] {
        paused.send(RECORD, step).unwrap();
    }
    paused.actor = Actor::Timer;
    paused.today = day("2025-12-01");
    assert_eq!(paused.send(RECORD, Action::ChaseCase), Ok(vec![]));
}

#[test]
fn what_is_offered_about_the_board_is_what_is_accepted() {
    let steps = || [publish(), Action::UnpublishCase { reason: "已不需要".to_owned() }, claim("次仁", None), release()];
    let lives: [fn() -> World; 5] = [
        || wished(vec![]),
        || wished(vec![Action::AcceptCase]),
        free,
        claimed,
        || {
            let mut world = claimed();
            for step in [Action::TakeCaseInHand, finish("2025-09-25"), close("2025-09-25", "fulfilled")] {
                world.send(RECORD, step).unwrap();
            }
            world
        },
    ];
    let offered = |world: &World| {
        let mut open = open_on_board(world.catalog.kind("wish").unwrap(), world.record());
        open.sort_unstable();
        open
    };
    let mut seen = 0;
    for life in lives {
        let accepted = steps().into_iter().filter(|step| life().send(RECORD, step.clone()).is_ok());
        let mut accepted: Vec<&str> = accepted.map(|step| step.code()).collect();
        accepted.sort_unstable();
        seen += accepted.len();
        assert_eq!(offered(&life()), accepted, "{:?}", life().record().state);
    }
    assert!(seen > 5);
}

#[test]
fn nobody_leaves_a_claim_on_a_unit_by_hand() {
    let mut world = claimed();
    assert_eq!(world.send(UNIT, add_line("claim", LINE)).unwrap_err().code(), "field_invalid");
    let line = case(&world).claim.as_ref().unwrap().id;
    let taken = world.send(UNIT, Action::WithdrawLine { line, reason: "误记".to_owned() });
    assert_eq!(taken.unwrap_err().code(), "field_invalid");
}
