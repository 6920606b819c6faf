//! Checks by a list: what a sheet opens, what a second look does to the cases, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::subject::{Check, ItemResult, Receipt};
use tahuang_domain::{Action, Body, Catalog, Command, PersonalValue, Refusal, State, SubjectId};
use world::*;

/// A world in which the place was checked.
fn checked() -> World {
    let mut world = World::default();
    world.send(RECORD, record_check()).unwrap();
    world
}

fn sheet(world: &World) -> &Check {
    match &world.record().body {
        Body::Check(check) => check,
        other => panic!("{other:?}"),
    }
}

fn state(world: &World, id: SubjectId) -> State {
    world.subjects[&id].state
}

/// What the sheet is refused for when something in it is otherwise.
fn refused(spoil: impl Fn(&mut Action)) -> &'static str {
    let mut action = record_check();
    spoil(&mut action);
    World::default().send(RECORD, action).unwrap_err().code()
}

fn results(action: &mut Action) -> &mut Vec<tahuang_domain::subject::CheckedItem> {
    match action {
        Action::RecordCheck { results, .. } => results,
        other => panic!("{}", other.code()),
    }
}

#[test]
fn each_item_that_failed_opens_a_case_that_knows_its_sheet() {
    let mut world = World::default();
    let codes = world.send(RECORD, record_check()).unwrap();
    let opened = ["case_reported", "case_found_by_check"];
    assert_eq!(codes, [&["check_recorded"][..], &opened, &opened].concat());
    let exits = &world.subjects[&EXITS];
    assert_eq!((exits.kind.as_str(), exits.state, exits.area), ("hazard", State::Reported, area(GRID)));
    assert_eq!(exits.title, "多油村甜茶馆：出口堵塞");
    assert_eq!(exits.fields["category"], "疏散通道");
    assert_eq!((&exits.fields["theme"], &exits.fields["measure"]), (&"fire".into(), &"立即清理".into()));
    let Body::Case(case) = &exits.body else { panic!() };
    assert_eq!(case.found_by, Some((RECORD, "exits".to_owned())));
    assert!(case.due.is_some(), "its clock runs like that of any other");
    assert_eq!(world.record().state, State::Open);
    assert_eq!(world.record().due(), Some(day("2025-09-27")));
    assert_eq!(world.record().holders().len(), 1, "whoever recorded it looks again");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn what_was_put_right_at_once_opens_no_case_and_waits_for_nothing() {
    let mut world = World::default();
    let mut action = record_check();
    for result in results(&mut action).iter_mut().take(2) {
        (result.result, result.hazard) = (ItemResult::Corrected, None);
    }
    if let Action::RecordCheck { recheck, .. } = &mut action {
        *recheck = None;
    }
    assert_eq!(world.send(RECORD, action).unwrap(), ["check_recorded"]);
    assert_eq!(world.record().state, State::Completed);
    assert_eq!((sheet(&world).count(ItemResult::Corrected), world.record().due()), (2, None));
    assert!(world.record().holders().is_empty());
}

#[test]
fn a_second_look_that_passes_finishes_the_case_by_every_step_and_somebody_else_checks_it() {
    let mut world = checked();
    let codes = world.send(RECORD, recheck("2025-09-27", &[("exits", true)], Some("2025-10-09"))).unwrap();
    let steps = ["case_accepted", "case_assigned", "case_taken_in_hand", "case_finished"];
    assert_eq!(codes, [&["items_rechecked"][..], &steps].concat());
    assert_eq!((state(&world, EXITS), state(&world, LIGHT)), (State::Done, State::Reported));
    let Body::Case(case) = &world.subjects[&EXITS].body else { panic!() };
    assert_eq!(case.handler.as_deref(), Some("多油村合作社"), "whoever keeps the place put it right");
    assert_eq!((world.record().state, world.record().due()), (State::Open, Some(day("2025-10-09"))));

    assert_eq!(world.send(EXITS, check(true)).unwrap_err(), Refusal::CheckerIsHandler);
    world.actor = account(2);
    world.send(EXITS, check(true)).unwrap();
    world.send(EXITS, close("2025-09-28", "rectified")).unwrap();
    world.send(RECORD, recheck("2025-10-09", &[("light", true)], None)).unwrap();
    assert_eq!((world.record().state, world.record().due()), (State::Completed, None));
    assert_eq!(sheet(&world).last_look("exits").unwrap().0, day("2025-09-27"));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_second_look_that_passes_takes_only_the_steps_that_are_left() {
    let accepted = || vec![Action::AcceptCase];
    let assigned = || [accepted(), vec![assign()]].concat();
    let in_hand = || [assigned(), vec![Action::TakeCaseInHand]].concat();
    let done = || [in_hand(), vec![finish("2025-09-21")]].concat();
    let table: [(Vec<Action>, &[&str], State); 7] = [
        (accepted(), &["case_assigned", "case_taken_in_hand", "case_finished"], State::Done),
        (assigned(), &["case_taken_in_hand", "case_finished"], State::Done),
        (in_hand(), &["case_finished"], State::Done),
        ([in_hand(), vec![pause()]].concat(), &["case_resumed", "case_finished"], State::Done),
        (done(), &[], State::Done),
        (vec![decline()], &[], State::Declined),
        (vec![withdraw()], &[], State::Reported),
    ];
    for (walked, steps, then) in table {
        let mut world = checked();
        for action in walked {
            world.send(EXITS, action).unwrap();
        }
        let codes = world.send(RECORD, recheck("2025-09-27", &[("exits", true)], Some("2025-10-09"))).unwrap();
        assert_eq!((&codes[1..], state(&world, EXITS)), (steps, then));
    }
}

#[test]
fn a_second_look_that_fails_reminds_and_takes_back_what_was_called_done() {
    let in_hand = || vec![Action::AcceptCase, assign(), Action::TakeCaseInHand];
    let done = || [in_hand(), vec![finish("2025-09-21")]].concat();
    let passed = || [done(), vec![check(true)]].concat();
    let closed = || [passed(), vec![close("2025-09-22", "rectified")]].concat();
    // Who looks again: another than who finished it (2), or the same (1).
    let table: [(Vec<Action>, u128, &[&str], State); 8] = [
        (vec![], 1, &["case_reminded"], State::Reported),
        (in_hand(), 1, &["case_reminded"], State::InHand),
        ([in_hand(), vec![pause()]].concat(), 1, &["case_reminded"], State::Paused),
        (done(), 2, &["case_checked"], State::InHand),
        (done(), 1, &["case_reminded"], State::Done),
        (passed(), 2, &["case_reminded"], State::Checked),
        (closed(), 1, &["case_reopened"], State::InHand),
        (vec![decline()], 1, &[], State::Declined),
    ];
    for (walked, who, events, then) in table {
        let mut world = checked();
        for action in walked {
            world.actor = account(if matches!(action, Action::CheckCase { .. }) { 3 } else { 1 });
            world.send(EXITS, action).unwrap();
        }
        world.actor = account(who);
        let codes = world.send(RECORD, recheck("2025-09-27", &[("exits", false)], Some("2025-10-09"))).unwrap();
        assert_eq!((&codes[1..], state(&world, EXITS)), (events, then));
        assert_eq!(sheet(&world).waiting().count(), 2);
    }
}

#[test]
fn a_sheet_that_is_withdrawn_leaves_its_cases_as_they_are() {
    let mut world = checked();
    assert_eq!(world.send(RECORD, withdraw()).unwrap(), ["withdrawn"]);
    assert_eq!((world.record().due(), world.record().holders().len()), (None, 0));
    assert!(!world.subjects[&EXITS].withdrawn);
    assert_eq!(state(&world, EXITS), State::Reported);
    let again = world.send(RECORD, recheck("2025-09-27", &[("exits", true)], Some("2025-10-09")));
    assert_eq!(again.unwrap_err(), Refusal::SubjectWithdrawn);
}

#[test]
fn a_sheet_answers_every_item_of_its_list_once() {
    assert_eq!(refused(|action| _ = results(action).pop()), "item_unanswered");
    assert_eq!(refused(|action| results(action).push(item("light", ItemResult::Passed, None))), "item_unanswered");
    assert_eq!(refused(|action| results(action).push(item("stairs", ItemResult::Passed, None))), "unknown_item");
    assert_eq!(refused(|action| results(action)[0].hazard = None), "missing_value");
    assert_eq!(refused(|action| results(action)[2].hazard = Some(id(40))), "field_invalid");
    assert_eq!(refused(|action| results(action)[0].note = "\u{7}".to_owned()), "field_invalid");
    assert_eq!(refused(|action| results(action)[0].note = "字".repeat(2_001)), "text_too_long");
}

#[test]
fn the_cases_of_a_sheet_are_new_and_each_is_another() {
    for taken in [GRID_ENTRY, RECORD, LIGHT] {
        assert_eq!(refused(|action| results(action)[0].hazard = Some(taken)), "field_invalid", "{taken}");
    }
}

#[test]
fn a_sheet_names_its_place_its_list_and_who_looked() {
    type Spoil = fn(&mut Action);
    let table: [(Spoil, &str); 10] = [
        (
            |action| {
                if let Action::RecordCheck { place, .. } = action {
                    place.clear()
                }
            },
            "missing_value",
        ),
        (
            |action| {
                if let Action::RecordCheck { place, .. } = action {
                    *place = "字".repeat(201)
                }
            },
            "text_too_long",
        ),
        (
            |action| {
                if let Action::RecordCheck { unit, .. } = action {
                    *unit = " ".to_owned()
                }
            },
            "missing_value",
        ),
        (
            |action| {
                if let Action::RecordCheck { checklist, .. } = action {
                    *checklist = "ice".to_owned()
                }
            },
            "unknown_checklist",
        ),
        (
            |action| {
                if let Action::RecordCheck { version, .. } = action {
                    *version = 2
                }
            },
            "unknown_checklist",
        ),
        (
            |action| {
                if let Action::RecordCheck { officers, .. } = action {
                    officers.truncate(1)
                }
            },
            "too_few_officers",
        ),
        (
            |action| {
                if let Action::RecordCheck { officers, .. } = action {
                    officers[1] = officers[0].clone()
                }
            },
            "too_few_officers",
        ),
        (
            |action| {
                if let Action::RecordCheck { officers, .. } = action {
                    officers.extend((0..9).map(|n| n.to_string()))
                }
            },
            "field_invalid",
        ),
        (
            |action| {
                if let Action::RecordCheck { area: at, .. } = action {
                    *at = area(ELSEWHERE)
                }
            },
            "outside_prefecture",
        ),
        (
            |action| {
                if let Action::RecordCheck { kind, .. } = action {
                    *kind = "hazard".to_owned()
                }
            },
            "wrong_shape",
        ),
    ];
    for (place, (spoil, code)) in table.into_iter().enumerate() {
        assert_eq!(refused(spoil), code, "row {place}");
    }
}

#[test]
fn what_failed_has_a_day_on_which_it_is_looked_at_again_and_nothing_else_has() {
    let with = |on: Option<&str>| {
        let on = on.map(day);
        refused(|action| {
            if let Action::RecordCheck { recheck, .. } = action {
                *recheck = on;
            }
        })
    };
    assert_eq!(with(None), "missing_value");
    assert_eq!(with(Some("2025-09-19")), "finished_before_found");
    assert_eq!(with(Some("2026-09-22")), "field_invalid");
    let none_failed = refused(|action| {
        results(action).iter_mut().for_each(|result| (result.result, result.hazard) = (ItemResult::Passed, None));
    });
    assert_eq!(none_failed, "field_invalid");
}

#[test]
fn only_what_waits_is_looked_at_again() {
    let code = |action: Action| checked().send(RECORD, action).unwrap_err().code();
    assert_eq!(code(recheck("2025-09-27", &[("hydrant", true)], Some("2025-10-09"))), "item_not_waiting");
    assert_eq!(code(recheck("2025-09-27", &[("stairs", true)], Some("2025-10-09"))), "unknown_item");
    assert_eq!(code(recheck("2025-09-27", &[("exits", true), ("exits", true)], Some("2025-10-09"))), "item_unanswered");
    assert_eq!(code(recheck("2025-09-27", &[], Some("2025-10-09"))), "missing_value");
    assert_eq!(code(recheck("2025-09-19", &[("exits", true)], Some("2025-10-09"))), "finished_before_found");
    assert_eq!(code(recheck("2025-09-27", &[("exits", true)], None)), "missing_value");
    assert_eq!(code(recheck("2025-09-27", &[("exits", true)], Some("2025-09-26"))), "finished_before_found");
    assert_eq!(code(recheck("2025-09-27", &[("exits", true), ("light", true)], Some("2025-10-09"))), "field_invalid");
    let mut alone = recheck("2025-09-27", &[("exits", true)], Some("2025-10-09"));
    if let Action::RecheckItems { officers, .. } = &mut alone {
        officers.truncate(1);
    }
    assert_eq!(code(alone), "too_few_officers");
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    assert_eq!(world.send(RECORD, recheck("2025-09-27", &[("exits", true)], None)).unwrap_err().code(), "wrong_shape");
}

#[test]
fn a_place_is_looked_at_again_within_bounds() {
    let mut world = checked();
    for _ in 0..tahuang_domain::limits::RECHECKS_MAX {
        world.send(RECORD, recheck("2025-09-27", &[("exits", false)], Some("2025-10-09"))).unwrap();
    }
    let more = world.send(RECORD, recheck("2025-09-27", &[("exits", false)], Some("2025-10-09")));
    assert_eq!(more.unwrap_err(), Refusal::TooManyLines);
}

#[test]
fn a_notice_is_signed_for_with_a_signature_or_refused_with_a_word() {
    let mut world = checked();
    assert_eq!(world.send(RECORD, serve(Receipt::Signed)).unwrap_err(), Refusal::SignatureMissing);
    world.send(RECORD, attach(id(50))).unwrap();
    assert_eq!(world.send(RECORD, serve(Receipt::Signed)).unwrap_err(), Refusal::SignatureMissing);
    world.send(RECORD, serve(Receipt::Refused)).unwrap();
    world.send(RECORD, signature(id(51))).unwrap();
    world.send(RECORD, serve(Receipt::Signed)).unwrap();
    assert_eq!(sheet(&world).receipt, Some((Receipt::Signed, day("2025-09-20"))));
    assert!(world.record().sealed.contains_key("recipient"));
    assert_eq!(world.send(RECORD, serve(Receipt::Refused)).unwrap_err(), Refusal::AlreadyEnded);
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_notice_is_of_what_failed_and_its_recipient_is_sealed() {
    let mut world = checked();
    let mut open = serve(Receipt::Refused);
    if let Action::ServeNotice { recipient, .. } = &mut open {
        *recipient = PersonalValue::Open("某某".to_owned());
    }
    assert_eq!(world.send(RECORD, open).unwrap_err().code(), "personal_data_open");
    let mut early = serve(Receipt::Refused);
    if let Action::ServeNotice { day: on, .. } = &mut early {
        *on = day("2025-09-19");
    }
    assert_eq!(world.send(RECORD, early).unwrap_err().code(), "finished_before_found");

    let mut world = World::default();
    let mut sound = record_check();
    results(&mut sound).iter_mut().for_each(|result| (result.result, result.hazard) = (ItemResult::Passed, None));
    if let Action::RecordCheck { recheck, .. } = &mut sound {
        *recheck = None;
    }
    world.send(RECORD, sound).unwrap();
    assert_eq!(world.send(RECORD, serve(Receipt::Refused)).unwrap_err(), Refusal::NothingToNotify);
}

#[test]
fn a_file_of_a_sheet_shows_an_item_of_its_list() {
    let of = |shown: &str, file| {
        let mut action = attach(file);
        if let Action::AttachFile { item, .. } = &mut action {
            *item = Some(shown.to_owned());
        }
        action
    };
    let mut world = checked();
    world.send(RECORD, of("exits", id(50))).unwrap();
    assert_eq!(world.record().files[0].item.as_deref(), Some("exits"));
    assert_eq!(world.send(RECORD, of("stairs", id(51))).unwrap_err().code(), "unknown_item");
    assert_eq!(world.send(EXITS, of("exits", id(52))).unwrap_err().code(), "field_invalid");
}

#[test]
fn the_day_of_a_sheet_does_not_move_past_the_last_look() {
    let mut world = checked();
    world.send(RECORD, recheck("2025-09-27", &[("exits", true)], Some("2025-10-09"))).unwrap();
    let mut late = correct();
    if let Action::Correct { day: on, .. } = &mut late {
        *on = Some(day("2025-09-28"));
    }
    assert_eq!(world.send(RECORD, late).unwrap_err().code(), "finished_before_found");
    world.send(RECORD, correct()).unwrap();
    assert_eq!(world.record().title, "更正后的标题");
}

#[test]
fn a_command_about_a_check_names_the_cases_that_have_to_be_seen() {
    let world = checked();
    let named = |action: Action| {
        let command =
            Command { id: tahuang_domain::CommandId(id(9).0), subject: RECORD, revision: None, source: None, action };
        tahuang_domain::decide::links(&world.catalog, Some(world.record()), &command)
    };
    assert_eq!(named(record_check()), [EXITS, LIGHT]);
    assert_eq!(named(recheck("2025-09-27", &[("light", true)], None)), [LIGHT]);
}

#[test]
fn a_mistake_in_a_list_names_file_and_line() {
    let parse = |from: &str, to: &str| {
        let text = CHECKLISTS.replacen(from, to, 1);
        let catalog = Catalog::parse("kinds.toml", KINDS).unwrap();
        catalog.with_checklists("checklists.toml", &text).map(|_| ()).map_err(|error| (error.line, error.message))
    };
    assert_eq!(parse("nothing", ""), Ok(()));
    let table = [
        ("opens = \"hazard\"", "opens = \"cards\"", "opens a case"),
        ("opens = \"hazard\"", "opens = \"nothing\"", "no kind nothing"),
        ("opens = \"hazard\"", "opens = \"damage\"", "needs evidence"),
        ("opens = \"hazard\"", "opens = \"wish\"", "without a check"),
        ("officers = 2", "officers = 0", "officers"),
        ("code = \"light\"", "code = \"exits\"", "stands twice"),
        ("recheck_days = 7", "recheck_days = 0", "looked at again"),
        ("出口堵塞", &"字".repeat(200), "too long for a title"),
        ("疏散通道", &"字".repeat(401), "category"),
    ];
    for (from, to, problem) in table {
        let (line, message) = parse(from, to).unwrap_err();
        assert_eq!(line, 1, "{message}");
        assert!(message.contains(problem) && message.contains("fire"), "{message}");
    }
    let twice = format!("{CHECKLISTS}\n{CHECKLISTS}");
    let error = Catalog::parse("kinds.toml", KINDS).unwrap().with_checklists("checklists.toml", &twice).unwrap_err();
    assert_eq!(error.line, 2 + CHECKLISTS.lines().count(), "{error}");
    assert_eq!(parse("theme", "colour").unwrap_err().0, 8);
}

#[test]
fn an_old_version_is_still_known_and_only_the_newest_is_offered() {
    let newer = CHECKLISTS.replace("version = 1", "version = 2");
    let catalog = Catalog::parse("kinds.toml", KINDS).unwrap();
    let lists = catalog.with_checklists("checklists.toml", &format!("{CHECKLISTS}\n{newer}")).unwrap().checklists;
    assert_eq!(lists.newest().map(|list| list.version).collect::<Vec<_>>(), [2]);
    assert!(lists.get("fire", 1).is_some() && lists.get("fire", 2).is_some() && lists.get("fire", 3).is_none());
}
