//! Given what happened before, when a command comes, then these events or this refusal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use serde_json::json;
use tahuang_domain::command::Movement::{Counted, Issued, Received};
use tahuang_domain::subject::Body;
use tahuang_domain::{Action, Day, Fields, PersonalValue, State};
use world::*;

type Row = (&'static str, Vec<Action>, Action, Result<&'static [&'static str], &'static str>);

/// Each row in a world of its own; afterwards, whatever happened, the replay of all events is the live state.
fn holds(table: Vec<Row>) {
    for (sentence, given, when, then) in table {
        let mut world = World::default();
        for action in given {
            let code = action.code();
            world.send(RECORD, action).unwrap_or_else(|refusal| panic!("{sentence}: given {code}: {refusal}"));
        }
        let before = world.subjects.clone();
        let answer = world.send(RECORD, when);
        let got = answer.as_deref().map_err(|refusal| refusal.code());
        assert_eq!(got, then, "{sentence}");
        if then.is_err() {
            assert_eq!(world.subjects, before, "{sentence}: a refusal changes nothing");
        }
        assert_eq!(world.replayed(), world.subjects, "{sentence}: replay = live");
    }
}

fn with_fields(mut action: Action, value: serde_json::Value) -> Action {
    let (Action::RegisterEntry { fields: all, .. }
    | Action::RecordFact { fields: all, .. }
    | Action::RecordActivity { fields: all, .. }
    | Action::ReportCase { fields: all, .. }
    | Action::TranscribeCase { fields: all, .. }
    | Action::AddLine { fields: all, .. }
    | Action::Correct { fields: all, .. }) = &mut action
    else {
        panic!("{} has no fields", action.code())
    };
    *all = fields(value);
    action
}

fn correct_day(on: &str) -> Action {
    let Action::Correct { title, reason, .. } = correct() else { unreachable!() };
    Action::Correct { area: None, day: Some(day(on)), title, quantity: None, fields: Fields::new(), reason }
}

fn correct_quantity(count: i64) -> Action {
    let reason = "漏数".to_owned();
    Action::Correct { area: None, day: None, title: None, quantity: Some(count), fields: Fields::new(), reason }
}

fn correct_area(to: &str) -> Action {
    let reason = "地点有误".to_owned();
    Action::Correct { area: Some(area(to)), day: None, title: None, quantity: None, fields: Fields::new(), reason }
}

#[test]
fn register_entries_begin_end_and_are_withdrawn() {
    let organisation = || register("organisation", VILLAGE, "党支部");
    holds(vec![
        ("an entry is entered", vec![], organisation(), Ok(&["entry_registered"])),
        ("an id is used once", vec![organisation()], organisation(), Err("subject_exists")),
        ("an entry has a name", vec![], register("organisation", VILLAGE, " "), Err("missing_value")),
        ("a name fits", vec![], register("organisation", VILLAGE, &"长".repeat(401)), Err("text_too_long")),
        (
            "a name of 400 characters fits",
            vec![],
            register("organisation", VILLAGE, &"长".repeat(400)),
            Ok(&["entry_registered"]),
        ),
        ("a kind stands in the catalog", vec![], register("club", VILLAGE, "甲"), Err("unknown_kind")),
        ("a kind has one shape", vec![], register("cards", VILLAGE, "甲"), Err("wrong_shape")),
        ("an area exists", vec![], register("organisation", NO_AREA, "甲"), Err("unknown_area")),
        (
            "an area lies in the journal's prefecture",
            vec![],
            register("organisation", ELSEWHERE, "甲"),
            Err("outside_prefecture"),
        ),
        (
            "a field stands in the schema",
            vec![],
            with_fields(organisation(), json!({ "category": "club" })),
            Err("field_invalid"),
        ),
        ("a field is declared", vec![], with_fields(organisation(), json!({ "colour": "red" })), Err("field_invalid")),
        (
            "a fraction is no whole number",
            vec![],
            with_fields(organisation(), json!({ "members": 3.0 })),
            Err("field_invalid"),
        ),
        (
            "a number fits the figures that sum it",
            vec![],
            with_fields(organisation(), json!({ "members": i64::MAX })),
            Err("quantity_out_of_range"),
        ),
        (
            "a number above all signed ones is refused",
            vec![],
            with_fields(organisation(), json!({ "members": u64::MAX })),
            Err("quantity_out_of_range"),
        ),
        (
            "a telephone number among the open fields is refused",
            vec![],
            with_fields(organisation(), json!({ "phone": "199" })),
            Err("personal_data_open"),
        ),
        ("an entry ends", vec![organisation()], end("2025-12-31"), Ok(&["entry_ended"])),
        ("an entry ends on its first day", vec![organisation()], end("2025-01-01"), Ok(&["entry_ended"])),
        (
            "an entry does not end before it began",
            vec![organisation()],
            end("2024-12-31"),
            Err("finished_before_found"),
        ),
        ("an entry ends once", vec![organisation(), end("2025-12-31")], end("2026-01-01"), Err("already_ended")),
        (
            "an end has a reason",
            vec![organisation()],
            Action::EndEntry { day: day("2025-12-31"), reason: String::new() },
            Err("missing_value"),
        ),
        ("only entries end", vec![fact()], end("2025-12-31"), Err("wrong_shape")),
        ("nothing ends that is not there", vec![], end("2025-12-31"), Err("subject_not_found")),
        ("an entry is withdrawn", vec![organisation()], withdraw(), Ok(&["withdrawn"])),
        (
            "what is withdrawn takes no more commands",
            vec![organisation(), withdraw()],
            end("2025-12-31"),
            Err("subject_withdrawn"),
        ),
        (
            "what is withdrawn is not entered again",
            vec![organisation(), withdraw()],
            organisation(),
            Err("subject_exists"),
        ),
    ]);
}

#[test]
fn areas_are_entered_below_areas_that_exist() {
    holds(vec![
        ("a grid is entered", vec![], register("grid", "542521100001002", "第二网格"), Ok(&["entry_registered"])),
        ("a grid is entered once", vec![], register("grid", GRID, "第一网格"), Err("area_exists")),
        ("a grid is no village", vec![], register("grid", "542521100002", "某村"), Err("field_invalid")),
        ("a village lies in a township", vec![], register("area", "542521200001", "某村"), Err("unknown_area")),
        (
            "an area lies in the journal's prefecture",
            vec![],
            register("area", "540121100000", "某镇"),
            Err("outside_prefecture"),
        ),
        (
            "the region is entered in every journal",
            vec![],
            register("area", "540000000000", "自治区"),
            Ok(&["entry_registered"]),
        ),
        (
            "an area's code stays",
            vec![register("area", "542521200000", "乡")],
            correct_area(VILLAGE),
            Err("field_invalid"),
        ),
        ("an area is renamed", vec![register("area", "542521200000", "乡")], correct(), Ok(&["corrected"])),
    ]);
}

#[test]
fn lines_are_added_to_entries_and_withdrawn() {
    let cadre = || register("cadre", VILLAGE, "某某");
    let line = || add_line("course_result", LINE);
    let drop_line = || Action::WithdrawLine { line: LINE, reason: "记错".to_owned() };
    let at = |place: &str| Action::AddLine {
        line: LINE,
        kind: "course_result".to_owned(),
        day: day("2025-05-01"),
        area: Some(area(place)),
        fields: Fields::new(),
        personal: Default::default(),
    };
    holds(vec![
        ("a line is added", vec![cadre()], line(), Ok(&["line_added"])),
        ("a line's id is used once", vec![cadre(), line()], line(), Err("line_exists")),
        ("also when the line was withdrawn", vec![cadre(), line(), drop_line()], line(), Err("line_exists")),
        ("a line is of a kind of its entry", vec![cadre()], add_line("seat", LINE), Err("unknown_kind")),
        ("a line is in an area that exists", vec![cadre()], at(NO_AREA), Err("unknown_area")),
        ("a line is in this prefecture", vec![cadre()], at(ELSEWHERE), Err("outside_prefecture")),
        ("a line has no fractions", vec![cadre()], with_fields(line(), json!({ "points": 0.5 })), Err("field_invalid")),
        ("not in a list either", vec![cadre()], with_fields(line(), json!({ "points": [0.5] })), Err("field_invalid")),
        ("a line has no objects", vec![cadre()], with_fields(line(), json!({ "points": {} })), Err("field_invalid")),
        (
            "a line has texts, numbers and lists of texts",
            vec![cadre()],
            with_fields(line(), json!({ "a": "b", "n": 3, "t": true, "l": ["c"] })),
            Ok(&["line_added"]),
        ),
        ("a line is withdrawn", vec![cadre(), line()], drop_line(), Ok(&["line_withdrawn"])),
        ("a line is withdrawn once", vec![cadre(), line(), drop_line()], drop_line(), Err("line_not_found")),
        ("a line that is not there is not withdrawn", vec![cadre()], drop_line(), Err("line_not_found")),
        ("a fact has no lines", vec![fact()], line(), Err("wrong_shape")),
        (
            "an entry that ended still takes a late result",
            vec![cadre(), end("2025-12-31")],
            line(),
            Ok(&["line_added"]),
        ),
    ]);
}

#[test]
fn a_link_leaves_a_line_while_the_record_is_active_and_takes_it_back_when_it_ends_or_is_withdrawn() {
    let seats = |world: &World| world.subjects[&GRID_ENTRY].standing_lines().filter(|line| line.kind == "seat").count();
    for (last, then) in
        [(end("2025-06-30"), vec!["entry_ended", "line_withdrawn"]), (withdraw(), vec!["withdrawn", "line_withdrawn"])]
    {
        let mut world = World::default();
        assert_eq!(world.send(RECORD, seated()).unwrap(), ["entry_registered", "line_added"]);
        assert_eq!(seats(&world), 1);
        assert_eq!(world.send(RECORD, last).unwrap(), then);
        assert_eq!(seats(&world), 0);
        assert_eq!(world.replayed(), world.subjects);
    }
    // Ended and then withdrawn as well, the line is taken back once.
    let mut world = World::default();
    world.send(RECORD, seated()).unwrap();
    world.send(RECORD, end("2025-06-30")).unwrap();
    assert_eq!(world.send(RECORD, withdraw()).unwrap(), ["withdrawn"]);
}

#[test]
fn a_line_left_by_a_link_is_not_touched_by_hand() {
    let mut world = World::default();
    world.send(RECORD, seated()).unwrap();
    let code = |answer: Result<_, tahuang_domain::Refusal>| answer.map_err(|refusal| refusal.code());
    let drop_line = Action::WithdrawLine { line: RECORD, reason: "记错".to_owned() };
    assert_eq!(code(world.send(GRID_ENTRY, drop_line)), Err("field_invalid"));
    assert_eq!(code(world.send(GRID_ENTRY, add_line("seat", LINE))), Err("field_invalid"));
    let moved = with_fields(correct(), json!({ "grid": id(77).to_string() }));
    assert_eq!(code(world.send(RECORD, moved)), Err("field_invalid"));
}

#[test]
fn a_link_names_an_active_entry_that_takes_the_line() {
    let link_to = |other: &str| with_fields(register("organisation", VILLAGE, "党支部"), json!({ "grid": other }));
    let code = |world: &mut World, action| world.send(RECORD, action).map_err(|refusal| refusal.code());
    for (sentence, other) in [
        ("text that is no id", "第一网格".to_owned()),
        ("an id that nothing has", id(99).to_string()),
        ("the record itself", RECORD.to_string()),
    ] {
        assert_eq!(code(&mut World::default(), link_to(&other)), Err("link_not_found"), "{sentence}");
    }
    let mut world = World::default();
    world.send(id(50), register("cadre", VILLAGE, "某某")).unwrap();
    assert_eq!(code(&mut world, link_to(&id(50).to_string())), Err("link_not_found"), "an entry without such lines");
    world.send(id(51), fact()).unwrap();
    assert_eq!(code(&mut world, link_to(&id(51).to_string())), Err("link_not_found"), "no entry");
    world.send(GRID_ENTRY, end("2025-06-30")).unwrap();
    assert_eq!(code(&mut world, seated()), Err("link_not_found"), "an entry that ended");
    world.send(GRID_ENTRY, withdraw()).unwrap();
    assert_eq!(code(&mut world, seated()), Err("link_not_found"), "an entry that was withdrawn");
}

#[test]
fn facts_and_activities_are_recorded_and_corrected() {
    let many = |quantity: i64| match fact() {
        Action::RecordFact { kind, area, day, title, fields, .. } => {
            Action::RecordFact { kind, area, day, title, quantity, fields }
        }
        _ => unreachable!(),
    };
    let lasting = |until: &str, count: i64| match activity() {
        Action::RecordActivity { kind, area, day: from, title, fields, .. } => Action::RecordActivity {
            kind,
            area,
            day: from,
            until: Some(day(until)),
            title,
            people: Some(count),
            fields,
        },
        _ => unreachable!(),
    };
    holds(vec![
        ("a fact is recorded", vec![], fact(), Ok(&["fact_recorded"])),
        ("a fact may count nothing", vec![], many(0), Ok(&["fact_recorded"])),
        ("a fact counts no less than nothing", vec![], many(-1), Err("quantity_out_of_range")),
        ("a fact counts up to the limit", vec![], many(1_000_000_000_000), Ok(&["fact_recorded"])),
        ("and not beyond", vec![], many(1_000_000_000_001), Err("quantity_out_of_range")),
        ("a required field is there", vec![], with_fields(fact(), json!({})), Err("missing_value")),
        ("an activity is recorded", vec![], activity(), Ok(&["activity_recorded"])),
        ("an activity may take one day", vec![], lasting("2025-03-01", 0), Ok(&["activity_recorded"])),
        ("an activity is not over before it began", vec![], lasting("2025-02-28", 3), Err("finished_before_found")),
        ("an activity is of nobody at least", vec![], lasting("2025-03-02", -1), Err("quantity_out_of_range")),
        ("a fact's quantity is corrected", vec![fact()], correct_quantity(7), Ok(&["corrected"])),
        ("not to less than nothing", vec![fact()], correct_quantity(-7), Err("quantity_out_of_range")),
        ("a case has no quantity", vec![report("hazard")], correct_quantity(7), Err("wrong_shape")),
        (
            "a correction has a reason",
            vec![fact()],
            Action::Correct {
                area: None,
                day: None,
                title: None,
                quantity: None,
                fields: Fields::new(),
                reason: " ".to_owned(),
            },
            Err("missing_value"),
        ),
        ("a record moves to another area", vec![fact()], correct_area(TOWNSHIP), Ok(&["corrected"])),
        ("not to one that does not exist", vec![fact()], correct_area(NO_AREA), Err("unknown_area")),
        ("not to another prefecture", vec![fact()], correct_area(ELSEWHERE), Err("outside_prefecture")),
        (
            "a field is corrected",
            vec![fact()],
            with_fields(correct(), json!({ "channel": "wechat" })),
            Ok(&["corrected"]),
        ),
        (
            "a required field is not taken out",
            vec![fact()],
            with_fields(correct(), json!({ "channel": null })),
            Err("missing_value"),
        ),
        (
            "a corrected field stands in the schema",
            vec![fact()],
            with_fields(correct(), json!({ "channel": "pigeon" })),
            Err("field_invalid"),
        ),
        (
            "a corrected field holds no personal data",
            vec![fact()],
            with_fields(correct(), json!({ "phone": "199" })),
            Err("personal_data_open"),
        ),
        (
            "an activity does not begin after it was over",
            vec![activity()],
            correct_day("2025-03-04"),
            Err("finished_before_found"),
        ),
        (
            "an entry does not begin after it ended",
            vec![register("cadre", VILLAGE, "某某"), end("2025-06-30")],
            correct_day("2025-07-01"),
            Err("finished_before_found"),
        ),
        (
            "a case is not found after it was closed",
            vec![transcribe("wish", Some(("2025-04-01", "fulfilled")))],
            correct_day("2025-04-02"),
            Err("finished_before_found"),
        ),
        (
            "a project is not opened after it was completed",
            vec![project(), Action::CompleteProject { day: day("2025-06-01") }],
            correct_day("2025-06-02"),
            Err("finished_before_found"),
        ),
        ("what is not there is not corrected", vec![], correct(), Err("subject_not_found")),
    ]);
}

#[test]
fn a_case_walks_from_its_report_to_its_closing_and_back() {
    let done = || vec![report("wish"), Action::AcceptCase, assign(), Action::TakeCaseInHand, finish("2025-03-10")];
    let closed = || [done(), vec![close("2025-03-11", "fulfilled")]].concat();
    holds(vec![
        ("a case is reported", vec![], report("wish"), Ok(&["case_reported"])),
        ("a case is reported once", vec![report("wish")], report("wish"), Err("subject_exists")),
        (
            "a refusal to take it on has a reason",
            vec![report("wish")],
            Action::DeclineCase { reason: String::new() },
            Err("missing_value"),
        ),
        ("somebody handles it", vec![report("wish"), Action::AcceptCase], assign_to(" ", None), Err("missing_value")),
        (
            "a pause has a reason",
            vec![report("wish"), Action::AcceptCase, assign(), Action::TakeCaseInHand],
            Action::PauseCase { reason: String::new() },
            Err("missing_value"),
        ),
        (
            "work is not finished before the case was found",
            vec![report("wish"), Action::AcceptCase, assign(), Action::TakeCaseInHand],
            finish("2025-02-28"),
            Err("finished_before_found"),
        ),
        (
            "a note fits",
            vec![report("wish"), Action::AcceptCase, assign(), Action::TakeCaseInHand],
            Action::FinishCase { day: day("2025-03-02"), note: "长".repeat(2_001) },
            Err("text_too_long"),
        ),
        (
            "a case is not closed before the work was finished",
            done(),
            close("2025-03-09", "fulfilled"),
            Err("finished_before_found"),
        ),
        ("a case ends with an outcome of its kind", done(), close("2025-03-10", "rectified"), Err("unknown_outcome")),
        ("a case is closed", done(), close("2025-03-10", "fulfilled"), Ok(&["case_closed"])),
        ("a closed case is opened again", closed(), reopen(), Ok(&["case_reopened"])),
        ("with a reason", closed(), Action::ReopenCase { reason: String::new() }, Err("missing_value")),
        ("only cases take these steps", vec![fact()], Action::AcceptCase, Err("wrong_shape")),
        ("and only records that are there", vec![], Action::AcceptCase, Err("subject_not_found")),
    ]);
    let mut world = World::default();
    for action in closed().into_iter().chain([reopen()]) {
        world.send(RECORD, action).unwrap();
    }
    let Body::Case(case) = &world.record().body else { panic!() };
    assert_eq!((world.record().state, case.reopened), (State::InHand, 1));
    assert_eq!((case.finished, case.closed, case.outcome.as_deref()), (None, None, None));
}

#[test]
fn the_checker_is_somebody_other_than_the_one_who_finished_the_work() {
    let mut world = World::default();
    for action in [report("hazard"), Action::AcceptCase, assign(), Action::TakeCaseInHand, finish("2025-03-10")] {
        world.send(RECORD, action).unwrap();
    }
    assert_eq!(world.send(RECORD, check(true)).unwrap_err().code(), "checker_is_handler");
    world.actor = account(2);
    assert_eq!(world.send(RECORD, check(false)).unwrap(), ["case_checked"]);
    assert_eq!(world.record().state, State::InHand, "what does not hold goes back to its handler");
    // The one who checked may finish it the second time, and then may not check it.
    world.send(RECORD, finish("2025-03-12")).unwrap();
    assert_eq!(world.send(RECORD, check(true)).unwrap_err().code(), "checker_is_handler");
    world.actor = account(1);
    world.send(RECORD, check(true)).unwrap();
    assert_eq!(world.record().state, State::Checked);
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_ledger_tells_of_a_case_again_and_only_what_is_new_is_added() {
    let told = |on: &str| transcribe("wish", Some((on, "fulfilled")));
    let by = |whom: &str| match transcribe("wish", None) {
        Action::TranscribeCase { kind, area, day, title, fields, ended, .. } => {
            Action::TranscribeCase { kind, area, day, title, fields, handler: Some(whom.to_owned()), ended }
        }
        _ => unreachable!(),
    };
    holds(vec![
        ("a ledger tells of an open case", vec![], transcribe("wish", None), Ok(&["case_reported", "case_assigned"])),
        (
            "a ledger tells of a closed case",
            vec![],
            told("2025-04-01"),
            Ok(&["case_reported", "case_assigned", "case_closed"]),
        ),
        ("the same again is nothing new", vec![told("2025-04-01")], told("2025-04-01"), Ok(&[])),
        ("later it was closed", vec![transcribe("wish", None)], told("2025-04-01"), Ok(&["case_closed"])),
        ("later another handles it", vec![transcribe("wish", None)], by("民政局"), Ok(&["case_assigned"])),
        (
            "a closed case is not changed by a ledger",
            vec![told("2025-04-01")],
            told("2025-04-02"),
            Err("step_not_open"),
        ),
        (
            "the outcome is one of its kind",
            vec![],
            transcribe("wish", Some(("2025-04-01", "rectified"))),
            Err("unknown_outcome"),
        ),
        ("it was not closed before it was found", vec![], told("2025-02-01"), Err("finished_before_found")),
        ("a handler has a name", vec![], by(""), Err("missing_value")),
        (
            "another kind of case is another record",
            vec![transcribe("wish", None)],
            transcribe("hazard", None),
            Err("subject_exists"),
        ),
        ("a fact is no case", vec![fact()], transcribe("wish", None), Err("subject_exists")),
    ]);
}

#[test]
fn nothing_is_issued_that_is_not_in_stock() {
    let other = |kind: &str, unit: &str| match supply(Received, 5, 9) {
        Action::MoveSupply { area, item, movement, direction, quantity, day, fields, .. } => Action::MoveSupply {
            kind: kind.to_owned(),
            area,
            item,
            unit: unit.to_owned(),
            movement,
            direction,
            quantity,
            day,
            fields,
        },
        _ => unreachable!(),
    };
    holds(vec![
        ("the first movement opens the stock", vec![], supply(Received, 10, 1), Ok(&["stock_opened", "supply_moved"])),
        ("nothing is issued from nothing", vec![], supply(Issued, 1, 1), Err("stock_too_small")),
        ("what is there is issued", vec![supply(Received, 10, 1)], supply(Issued, 10, 2), Ok(&["supply_moved"])),
        ("not more", vec![supply(Received, 10, 1)], supply(Issued, 11, 2), Err("stock_too_small")),
        (
            "what was counted is there",
            vec![supply(Received, 10, 1), supply(Counted, 3, 2)],
            supply(Issued, 4, 3),
            Err("stock_too_small"),
        ),
        ("a movement counts once", vec![supply(Received, 10, 1)], supply(Received, 10, 1), Err("line_exists")),
        ("a movement is no less than nothing", vec![], supply(Received, -1, 1), Err("quantity_out_of_range")),
        (
            "a stock does not overflow",
            vec![supply(Received, 1_000_000_000_000, 1)],
            supply(Received, 1, 2),
            Err("amount_overflow"),
        ),
        ("a stock keeps its kind", vec![supply(Received, 10, 1)], other("sandbag", "套"), Err("subject_exists")),
        ("a stock keeps its unit", vec![supply(Received, 10, 1)], other("vest", "箱"), Err("field_invalid")),
        ("a stock has a unit", vec![], other("vest", ""), Err("missing_value")),
        ("a fact is no stock", vec![fact()], supply(Received, 1, 1), Err("subject_exists")),
    ]);
}

#[test]
fn an_assessment_is_entered_and_then_final() {
    let last = |on: &str| Action::FinaliseAssessment { day: day(on) };
    let scored = |points: i64| match assessment() {
        Action::EnterAssessment { kind, area, round, organisation, day, grade, .. } => Action::EnterAssessment {
            kind,
            area,
            round,
            organisation,
            day,
            scores: [("组织建设".to_owned(), points)].into(),
            grade,
        },
        _ => unreachable!(),
    };
    holds(vec![
        ("a result is entered", vec![], assessment(), Ok(&["assessment_entered"])),
        ("points are no less than nothing", vec![], scored(-1), Err("quantity_out_of_range")),
        ("a result becomes final", vec![assessment()], last("2025-03-06"), Ok(&["assessment_finalised"])),
        ("not before it was entered", vec![assessment()], last("2025-02-28"), Err("finished_before_found")),
        ("once", vec![assessment(), last("2025-03-06")], last("2025-03-07"), Err("already_ended")),
        ("only assessments become final", vec![fact()], last("2025-03-06"), Err("wrong_shape")),
    ]);
    let mut world = World::default();
    world.send(RECORD, assessment()).unwrap();
    assert!(matches!(world.record().body, Body::Assessment { total: 18_500, .. }));
}

#[test]
fn a_project_is_opened_given_money_and_completed() {
    let complete = |on: &str| Action::CompleteProject { day: day(on) };
    holds(vec![
        ("a project is opened", vec![], project(), Ok(&["project_opened"])),
        ("money is allocated", vec![project()], allocate(1_000, 1), Ok(&["funds_allocated"])),
        ("an allocation counts once", vec![project(), allocate(1_000, 1)], allocate(1_000, 1), Err("line_exists")),
        ("money is no less than nothing", vec![project()], allocate(-1, 1), Err("quantity_out_of_range")),
        ("only projects get money", vec![fact()], allocate(1, 1), Err("wrong_shape")),
        ("nothing gets money that is not there", vec![], allocate(1, 1), Err("subject_not_found")),
        ("a project is completed", vec![project()], complete("2025-06-01"), Ok(&["project_completed"])),
        ("not before it was opened", vec![project()], complete("2025-02-28"), Err("finished_before_found")),
        ("once", vec![project(), complete("2025-06-01")], complete("2025-06-02"), Err("already_ended")),
    ]);
}

#[test]
fn a_refused_row_waits_until_it_is_fixed_or_set_aside() {
    let fix = || Action::FixRow { record: id(60) };
    let aside = |reason: &str| Action::SetRowAside { reason: reason.to_owned() };
    let mut open = refuse_row();
    if let Action::RefuseRow { cells, .. } = &mut open {
        *cells = PersonalValue::Open("[]".to_owned());
    }
    holds(vec![
        ("a row is refused", vec![], refuse_row(), Ok(&["row_refused"])),
        ("its cells are sealed", vec![], open, Err("personal_data_open")),
        ("a row is refused again", vec![refuse_row()], refuse_row(), Ok(&["row_refused"])),
        ("a row is fixed", vec![refuse_row()], fix(), Ok(&["row_fixed"])),
        ("once", vec![refuse_row(), fix()], fix(), Err("step_not_open")),
        ("a row is set aside", vec![refuse_row()], aside("合计行"), Ok(&["row_set_aside"])),
        ("with a reason", vec![refuse_row()], aside(""), Err("missing_value")),
        ("a row set aside by mistake is fixed", vec![refuse_row(), aside("合计行")], fix(), Ok(&["row_fixed"])),
        ("a fixed row is not set aside", vec![refuse_row(), fix()], aside("合计行"), Err("step_not_open")),
        ("a case is no row, and stays what it is", vec![report("hazard")], refuse_row(), Err("subject_exists")),
        ("a case is not fixed as a row is", vec![report("hazard")], fix(), Err("wrong_shape")),
        ("nor set aside", vec![report("hazard")], aside("合计行"), Err("wrong_shape")),
        ("it is not withdrawn", vec![refuse_row()], Action::Withdraw { reason: "不要".to_owned() }, Err("wrong_shape")),
        ("nor corrected", vec![refuse_row()], correct_day("2025-03-02"), Err("wrong_shape")),
        ("nothing is fixed that is not there", vec![], fix(), Err("subject_not_found")),
    ]);
}

#[test]
fn personal_data_is_sealed_and_can_be_erased_also_from_a_withdrawn_record() {
    let with_phone = |value: PersonalValue, field: &str| match report("hazard") {
        Action::ReportCase { kind, area, day, title, fields, .. } => {
            Action::ReportCase { kind, area, day, title, fields, personal: [(field.to_owned(), value)].into() }
        }
        _ => unreachable!(),
    };
    let phone = || with_phone(sealed(), "phone");
    holds(vec![
        ("a sealed number is kept", vec![], phone(), Ok(&["case_reported"])),
        (
            "an open one is refused",
            vec![],
            with_phone(PersonalValue::Open("199".to_owned()), "phone"),
            Err("personal_data_open"),
        ),
        ("a personal field is declared", vec![], with_phone(sealed(), "belief"), Err("personal_field_unknown")),
        ("personal data is erased", vec![phone()], erase(), Ok(&["personal_data_erased"])),
        ("also of a record that was withdrawn", vec![phone(), withdraw()], erase(), Ok(&["personal_data_erased"])),
        ("with a reason", vec![phone()], Action::ErasePersonalData { reason: String::new() }, Err("missing_value")),
    ]);
    let mut world = World::default();
    world.send(RECORD, phone()).unwrap();
    assert_eq!(world.record().sealed.len(), 1);
    world.send(RECORD, erase()).unwrap();
    assert!(world.record().sealed.is_empty());
}

#[test]
fn a_command_that_names_a_revision_lands_on_that_revision_only() {
    let mut world = World::default();
    world.send(RECORD, fact()).unwrap();
    let mut command = world.command(RECORD, correct());
    command.revision = Some(1);
    assert_eq!(world.answer(&command).unwrap(), ["corrected"]);
    let refusal = world.answer(&command).unwrap_err();
    assert_eq!(refusal, tahuang_domain::Refusal::RevisionConflict { now: 2 });
}

#[test]
fn an_event_that_does_not_fit_leaves_the_body_and_state_as_they_were() {
    use tahuang_domain::{Event, Subject};
    let mut world = World::default();
    world.send(RECORD, fact()).unwrap();
    let fact = world.record().clone();
    let strange = [
        Event::CaseAccepted { due: None },
        Event::CaseResumed { due: None },
        Event::CaseChecked { passed: true, note: String::new(), due: None, answer_until: None },
        Event::CaseClosed { day: day("2025-03-01"), outcome: "x".to_owned(), transcribed: false },
        Event::AssessmentFinalised { day: day("2025-03-01") },
        Event::EntryEnded { day: day("2025-03-01"), reason: String::new() },
        Event::ProjectCompleted { day: day("2025-03-01") },
        Event::RowFixed { record: RECORD },
        Event::RowRefused {
            area: area(VILLAGE),
            ledger: None,
            code: "x".to_owned(),
            column: None,
            message: "y".to_owned(),
            cells: tahuang_domain::Sealed { algorithm: "a".to_owned(), data: String::new() },
        },
    ];
    for event in strange {
        let mut after = Subject::apply(Some(fact.clone()), &event, account(1)).unwrap();
        assert_eq!(after.revision, fact.revision + 1);
        after.revision = fact.revision;
        assert_eq!(after, fact, "{}", event.code());
    }
    assert_eq!(
        Subject::apply(None, &Event::CaseAccepted { due: None }, account(1)),
        None,
        "nothing is opened by a later event"
    );
}

#[test]
fn a_day_is_written_in_digits_and_exists() {
    for wrong in [
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "25-01-01",
        "2025/01/01",
        "+025-01-01",
        "-025-01-01",
        "2025-+1-01",
        "日1-01-010",
        "",
    ] {
        assert!(wrong.parse::<Day>().is_err(), "{wrong}");
    }
    let leap = day("2024-02-29");
    assert_eq!((leap.number(), leap.to_string()), (20_240_229, "2024-02-29".to_owned()));
    assert_eq!(Day::from_number(20_240_229), Some(leap));
    assert_eq!(Day::from_number(20_250_229), None);
    assert_eq!(day("2024-12-31").plus_days(1), day("2025-01-01"));
}

#[test]
fn a_refused_field_is_named_and_what_was_typed_into_it_is_not_repeated() {
    let typed = |name: &str, value: serde_json::Value| {
        let action = with_fields(register("organisation", VILLAGE, "党支部"), json!({ name: value }));
        World::default().send(RECORD, action).unwrap_err()
    };
    for (name, value) in
        [("category", json!("19912345678")), ("members", json!("19912345678")), ("members", json!(1.5))]
    {
        let refusal = typed(name, value);
        assert_eq!((refusal.code(), refusal.field()), ("field_invalid", Some(name)));
        assert!(!refusal.to_string().contains("19912345678"), "{refusal}");
    }
    assert_eq!(typed("colour", json!("red")).field(), Some("colour"));
}

#[test]
fn a_movement_is_corrected_when_everything_after_it_was_still_possible() {
    let correct = |number: u128, quantity: i64| Action::CorrectMovement {
        movement: id(100 + number),
        quantity,
        day: None,
        reason: "点数有误".to_owned(),
    };
    holds(vec![
        ("more was received", vec![supply(Received, 10, 1)], correct(1, 12), Ok(&["movement_corrected"])),
        (
            "less than was issued since",
            vec![supply(Received, 10, 1), supply(Issued, 8, 2)],
            correct(1, 5),
            Err("stock_too_small"),
        ),
        (
            "money of a project is corrected likewise",
            vec![project(), allocate(1_000, 1)],
            corrected_money(1),
            Ok(&["allocation_corrected"]),
        ),
        ("money that was not given", vec![project(), allocate(1_000, 1)], corrected_money(2), Err("line_not_found")),
        ("a movement that is not there", vec![supply(Received, 10, 1)], correct(9, 1), Err("line_not_found")),
        ("below nothing", vec![supply(Received, 10, 1)], correct(1, -1), Err("quantity_out_of_range")),
    ]);
}

fn corrected_money(allocation: u128) -> Action {
    let (allocation, day) = (id(200 + allocation), "2025-04-02".parse().unwrap());
    Action::CorrectAllocation { allocation, fen: 900, day, reason: "金额有误".to_owned() }
}
