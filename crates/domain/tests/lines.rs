//! Dated lines on records: the papers of a mediation by the law, help for a road, and activities that are planned before.
//! With the catalog that is published, because that is where these rules stand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use serde_json::json;
use tahuang_domain::decide::line::open_lines;
use tahuang_domain::{Action, Actor, Catalog, Holder, PersonalValue, Refusal, State};
use world::*;

const PUBLISHED: &str = include_str!("../../../catalog/kinds.toml");

/// A dispute that was reported on 25 September 2025 and that account 7 has in hand.
fn dispute() -> World {
    let mut world = World::default();
    let officer = world.enrol(7, "officer", TOWNSHIP);
    world.catalog = Catalog::parse("kinds.toml", PUBLISHED).unwrap();
    let Action::ReportCase { kind, area, title, fields, personal, .. } = report("dispute") else { panic!() };
    let reported = Action::ReportCase { kind, area, day: world.today, title, fields, personal };
    for action in [reported, Action::AcceptCase, assign_to("次仁", Some(officer)), Action::TakeCaseInHand] {
        world.send(RECORD, action).unwrap();
    }
    world
}

fn line(number: u128, kind: &str, on: &str, open: serde_json::Value, personal: &[&str]) -> Action {
    Action::AddLine {
        line: id(500 + number),
        kind: kind.to_owned(),
        day: day(on),
        area: None,
        fields: fields(open),
        personal: personal.iter().map(|field| ((*field).to_owned(), sealed())).collect(),
    }
}

fn agreement(number: u128, on: &str) -> Action {
    let open = json!({ "form": "oral", "manner": "at_once", "mediators": ["次仁"] });
    line(number, "agreement", on, open, &["facts", "terms"])
}

fn confirmation(on: &str) -> Action {
    line(90, "judicial_confirmation", on, json!({ "court": "普兰县人民法院" }), &[])
}

fn refusal() -> Action {
    line(91, "refusal", "2025-09-26", json!({ "side": "respondent" }), &[])
}

fn settle(world: &mut World, on: &str) -> Result<Vec<&'static str>, Refusal> {
    world.send(RECORD, close(on, "settled"))
}

fn finished() -> World {
    let mut world = dispute();
    world.today = day("2025-09-26");
    world.send(RECORD, agreement(1, "2025-09-26")).unwrap();
    world.send(RECORD, finish("2025-09-26")).unwrap();
    world
}

#[test]
fn a_dispute_is_settled_by_an_agreement_and_ends_without_one_only_with_advice_on_other_ways() {
    let mut world = dispute();
    world.today = day("2025-09-26");
    world.send(RECORD, finish("2025-09-26")).unwrap();
    assert_eq!(settle(&mut world, "2025-09-26"), Err(Refusal::LineMissing { needs: "agreement".to_owned() }));
    let failed = close("2025-09-26", "failed");
    let told = Err(Refusal::LineMissing { needs: "other_ways".to_owned() });
    assert_eq!(world.send(RECORD, failed.clone()), told, "人民调解法, art. 26");
    world.send(RECORD, line(1, "other_ways", "2025-09-26", json!({ "ways": ["court"] }), &[])).unwrap();
    assert_eq!(world.send(RECORD, failed).unwrap(), ["case_closed"]);
}

#[test]
fn who_refuses_is_not_mediated_with() {
    let mut world = dispute();
    world.send(RECORD, refusal()).unwrap();
    let barred = Err(Refusal::LineBarred { by: "refusal".to_owned() });
    world.today = day("2025-09-27");
    assert_eq!(world.send(RECORD, agreement(1, "2025-09-27")), barred, "人民调解法, art. 17");
    assert_eq!(world.send(RECORD, refusal()), Err(Refusal::LineExists));
    let again = line(92, "refusal", "2025-09-26", json!({ "side": "applicant" }), &[]);
    assert_eq!(world.send(RECORD, again), Err(Refusal::LineOnce { line: "refusal".to_owned() }));
    let kind = world.catalog.kind("dispute").unwrap();
    let open: Vec<&str> =
        open_lines(&world.catalog, kind, world.record()).iter().map(|line| line.code.as_str()).collect();
    assert!(!open.contains(&"agreement") && !open.contains(&"mediation_record") && open.contains(&"other_ways"));
}

#[test]
fn an_agreement_that_a_refusal_follows_settles_nothing() {
    let mut world = finished();
    world.send(RECORD, refusal()).unwrap();
    assert_eq!(settle(&mut world, "2025-09-26"), Err(Refusal::LineBarred { by: "refusal".to_owned() }));
}

#[test]
fn what_may_be_a_crime_goes_to_the_police_and_ends_in_no_other_way() {
    let mut world = dispute();
    world.send(RECORD, line(1, "crime_risk", "2025-09-26", json!({ "station": "普兰镇派出所" }), &[])).unwrap();
    world.today = day("2025-09-26");
    world.send(RECORD, line(2, "other_ways", "2025-09-26", json!({ "ways": ["court"] }), &[])).unwrap();
    world.send(RECORD, finish("2025-09-26")).unwrap();
    let barred = Err(Refusal::LineBarred { by: "crime_risk".to_owned() });
    assert_eq!(world.send(RECORD, close("2025-09-26", "failed")), barred);
    assert_eq!(world.send(RECORD, close("2025-09-26", "handed_over")).unwrap(), ["case_closed"]);
}

#[test]
fn papers_come_in_their_order_and_with_their_fields() {
    let mut world = dispute();
    let notice = |way: &str| line(1, "rights_notice", "2025-09-26", json!({ "language": "bo", "way": way }), &[]);
    assert_eq!(world.send(RECORD, notice("read_aloud")), Err(Refusal::LineMissing { needs: "party".to_owned() }));
    let party = |personal: &[&str]| {
        line(2, "party", "2025-09-26", json!({ "side": "applicant", "document": "identity_card" }), personal)
    };
    assert_eq!(world.send(RECORD, party(&[])), Err(Refusal::MissingValue { field: "name".to_owned() }));
    let unknown = world.send(RECORD, party(&["name", "ethnicity"]));
    assert_eq!(unknown, Err(Refusal::PersonalFieldUnknown { field: "ethnicity".to_owned() }));
    let mut open = party(&["name"]);
    if let Action::AddLine { personal, .. } = &mut open {
        personal.insert("phone".to_owned(), PersonalValue::Open("19900000001".to_owned()));
    }
    assert_eq!(world.send(RECORD, open), Err(Refusal::PersonalDataOpen { field: "phone".to_owned() }));
    world.send(RECORD, party(&["name", "phone"])).unwrap();
    assert_eq!(world.send(RECORD, notice("by_pigeon")).unwrap_err().code(), "field_invalid");
    world.send(RECORD, notice("read_aloud")).unwrap();
    let early = line(3, "inquiry", "2025-09-24", json!({}), &["person", "text"]);
    assert_eq!(world.send(RECORD, early).unwrap_err().code(), "finished_before_found");
}

#[test]
fn the_court_is_asked_within_thirty_days_and_whoever_led_is_reminded_once() {
    let mut world = finished();
    settle(&mut world, "2025-09-26").unwrap();
    // 26 September and thirty days is a Sunday, so it is the Monday after (民事诉讼法, art. 85).
    assert_eq!(world.record().due(), Some(day("2025-10-27")));
    let led = (Holder::Account(account_id(7)), false);
    assert_eq!(
        world.record().holders().into_iter().collect::<Vec<_>>(),
        [led],
        "it is over, but something has to follow"
    );
    world.actor = Actor::Timer;
    // Five working days before is Monday 20 October.
    for (today, brought) in
        [("2025-10-17", vec![]), ("2025-10-20", vec!["case_reminded"]), ("2025-10-21", vec![]), ("2025-10-27", vec![])]
    {
        world.today = day(today);
        assert_eq!(world.send(RECORD, Action::ChaseCase).unwrap(), brought, "{today}");
    }
    world.today = day("2025-10-28");
    assert_eq!(world.send(RECORD, Action::ChaseCase).unwrap(), ["line_lapsed"]);
    assert_eq!(world.send(RECORD, Action::ChaseCase).unwrap(), [""; 0], "once");
    assert!(world.record().due().is_none() && world.record().holders().is_empty());
    let late = Err(Refusal::LineTooLate { until: day("2025-10-27") });
    assert_eq!(world.send(RECORD, confirmation("2025-10-28")), late, "人民调解法, art. 33");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn once_the_court_was_asked_nothing_is_waited_for() {
    let mut world = finished();
    settle(&mut world, "2025-09-26").unwrap();
    world.send(RECORD, confirmation("2025-10-26")).unwrap();
    assert_eq!(world.record().due(), None);
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn an_agreement_made_anew_has_thirty_days_of_its_own_and_a_withdrawn_one_none() {
    let mut world = finished();
    settle(&mut world, "2025-09-26").unwrap();
    world.today = day("2025-10-20");
    world.send(RECORD, agreement(2, "2025-10-20")).unwrap();
    assert_eq!(world.record().due(), Some(day("2025-11-19")), "the days of the first are over");
    world.send(RECORD, Action::WithdrawLine { line: id(501), reason: "双方另行达成协议".to_owned() }).unwrap();
    assert_eq!(world.record().due(), Some(day("2025-11-19")));
    let early = world.send(RECORD, confirmation("2025-10-10"));
    assert_eq!(early.unwrap_err().code(), "finished_before_found", "nothing is confirmed before it was agreed");
    world.send(RECORD, confirmation("2025-11-01")).unwrap();
    assert_eq!(world.record().due(), None);
}

#[test]
fn an_agreement_is_not_of_a_day_to_come() {
    let mut world = dispute();
    assert_eq!(world.send(RECORD, agreement(1, "2062-09-26")).unwrap_err().code(), "finished_before_found");
}

#[test]
fn what_ended_by_its_papers_is_opened_again_before_they_change() {
    let mut world = finished();
    settle(&mut world, "2025-09-26").unwrap();
    let withdraw = Action::WithdrawLine { line: id(501), reason: "记错".to_owned() };
    assert_eq!(world.send(RECORD, withdraw.clone()), Err(Refusal::LineMissing { needs: "agreement".to_owned() }));
    assert_eq!(world.send(RECORD, refusal()), Err(Refusal::LineBarred { by: "refusal".to_owned() }));
    world.send(RECORD, reopen()).unwrap();
    world.send(RECORD, withdraw).unwrap();
}

#[test]
fn a_refusal_after_which_a_crime_comes_to_light_ends_with_the_police() {
    let mut world = dispute();
    world.today = day("2025-09-26");
    world.send(RECORD, refusal()).unwrap();
    world.send(RECORD, line(1, "crime_risk", "2025-09-26", json!({ "station": "普兰镇派出所" }), &[])).unwrap();
    world.send(RECORD, finish("2025-09-26")).unwrap();
    assert_eq!(world.send(RECORD, close("2025-09-26", "handed_over")).unwrap(), ["case_closed"]);
}

#[test]
fn one_party_does_not_erase_what_the_others_said() {
    let mut world = finished();
    world.actor = Actor::Resident;
    assert_eq!(world.send(RECORD, erase()), Err(Refusal::PapersKept));
    world.actor = account(1);
    world.send(RECORD, erase()).unwrap();
}

#[test]
fn what_has_to_be_said_is_not_blank_and_holds_nothing_unseen() {
    let mut world = dispute();
    let filing = |number: &str| {
        let open = json!({ "number": number, "filed_by": "次仁", "retention": "permanent" });
        line(9, "filing", "2025-09-26", open, &[])
    };
    world.send(RECORD, refusal()).unwrap();
    assert_eq!(world.send(RECORD, filing("  ")), Err(Refusal::MissingValue { field: "number".to_owned() }));
    assert_eq!(world.send(RECORD, filing("3\u{202e}号")).unwrap_err().code(), "field_invalid");
    world.send(RECORD, filing("（2026）吉人调字第3号")).unwrap();
}

#[test]
fn an_agreement_that_was_entered_long_after_is_not_waited_for() {
    let mut world = dispute();
    world.today = day("2026-03-02");
    world.send(RECORD, agreement(1, "2025-09-26")).unwrap();
    assert_eq!(world.record().standing_lines().next().unwrap().until, None);
}

#[test]
fn erasing_takes_what_parties_said_out_of_the_lines_too() {
    let mut world = finished();
    assert!(!world.record().lines[0].sealed.is_empty());
    world.send(RECORD, erase()).unwrap();
    assert!(world.record().lines[0].sealed.is_empty());
    assert_eq!(world.record().lines[0].fields["form"], "oral", "that there was an agreement stays");
}

#[test]
fn a_record_without_places_for_lines_takes_none() {
    let mut world = dispute();
    world.send(id(60), report("hazard")).unwrap();
    assert_eq!(world.send(id(60), agreement(3, "2025-09-26")).unwrap_err().code(), "unknown_kind");
    world.send(RECORD, decline()).unwrap_err();
    world.send(id(61), report("dispute")).unwrap();
    world.send(id(61), decline()).unwrap();
    world.today = day("2025-09-26");
    let refused = world.send(id(61), agreement(4, "2025-09-26"));
    assert_eq!(refused, Err(Refusal::StepNotOpen { state: State::Declined }));
}

#[test]
fn an_activity_is_planned_and_held_or_cancelled() {
    let mut world = dispute();
    let plan = |on: &str| Action::PlanActivity {
        kind: "patrol".to_owned(),
        area: area(VILLAGE),
        day: day(on),
        until: None,
        title: "联合巡逻".to_owned(),
        fields: fields(json!({ "starts": "09:30", "languages": ["zh", "bo"] })),
    };
    let held = Action::HoldActivity { day: day("2025-10-16"), until: None, people: Some(12) };
    assert_eq!(world.send(id(70), held.clone()), Err(Refusal::SubjectNotFound));
    world.send(id(70), plan("2025-10-15")).unwrap();
    assert_eq!(world.subjects[&id(70)].state, State::Planned);
    world.send(id(70), held.clone()).unwrap();
    let patrol = &world.subjects[&id(70)];
    assert_eq!((patrol.state, patrol.day), (State::Recorded, Some(day("2025-10-16"))));
    assert_eq!(world.send(id(70), held), Err(Refusal::StepNotOpen { state: State::Recorded }));
    world.send(id(71), plan("2025-10-15")).unwrap();
    let backwards = Action::HoldActivity { day: day("2025-10-16"), until: Some(day("2025-10-15")), people: None };
    assert_eq!(world.send(id(71), backwards).unwrap_err().code(), "finished_before_found");
    assert_eq!(
        world.send(id(71), Action::CancelActivity { reason: " ".to_owned() }).unwrap_err().code(),
        "missing_value"
    );
    world.send(id(71), Action::CancelActivity { reason: "大雪封路".to_owned() }).unwrap();
    assert_eq!(world.subjects[&id(71)].state, State::Cancelled);
    assert_eq!(world.replayed(), world.subjects);
}
