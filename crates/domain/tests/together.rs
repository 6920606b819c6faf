//! What several people do to one case: it is merged, handed over, given more time, reminded of, escalated, answered.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::collections::BTreeMap;

use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::subject::Case;
use tahuang_domain::{Action, Actor, Body, Handler, Holder, Refusal, State, SubjectId};
use world::*;

const OTHER: SubjectId = id(4);
const COUNTY: &str = "542521000000";

/// A hazard that was reported on Thursday 25 September 2025 and is in hand; its work is due on 11 October.
fn in_hand() -> World {
    let mut world = World::default();
    for action in [report("hazard"), Action::AcceptCase, assign(), Action::TakeCaseInHand] {
        world.send(RECORD, action).unwrap();
    }
    world
}

impl World {
    fn case(&self, id: SubjectId) -> &Case {
        match &self.subjects[&id].body {
            Body::Case(case) => case,
            other => panic!("{other:?}"),
        }
    }

    fn at(&mut self, today: &str, actor: Actor, action: Action) -> Result<Vec<&'static str>, Refusal> {
        (self.today, self.actor) = (day(today), actor);
        self.send(RECORD, action)
    }

    /// The clock looks at the case on that day.
    fn chase(&mut self, today: &str) -> Vec<&'static str> {
        self.at(today, Actor::Timer, Action::ChaseCase).unwrap()
    }
}

fn merge_into(into: SubjectId) -> Action {
    Action::MergeCase { into, reason: "同一处裂缝".to_owned() }
}

fn hand_over(account: Option<SubjectId>) -> Action {
    Action::HandOverCase { handler: "次仁".to_owned(), account, reason: "调离本村".to_owned() }
}

fn extend(until: &str) -> Action {
    Action::ExtendCase { due: day(until), reason: "等待冻土化冻".to_owned() }
}

fn answer(solved: Solved) -> Action {
    Action::AnswerCase { solved, satisfaction: Satisfaction::Fairly, note: "水还在漏".to_owned() }
}

#[test]
fn a_merged_case_goes_on_in_the_other_and_both_say_so() {
    let mut world = in_hand();
    world.send(OTHER, report("hazard")).unwrap();
    assert_eq!(world.send(RECORD, merge_into(OTHER)), Ok(vec!["case_merged", "duplicate_joined"]));
    assert_eq!(world.record().state, State::Merged);
    assert_eq!(world.case(RECORD).merged_into, Some(OTHER));
    assert_eq!(world.case(OTHER).duplicates, [RECORD]);
    assert_eq!(world.subjects[&OTHER].state, State::Reported, "the other goes on as it was");
    assert_eq!(world.send(RECORD, reopen()), Ok(vec!["case_reopened", "duplicate_parted"]));
    assert_eq!((world.record().state, world.case(RECORD).merged_into), (State::InHand, None));
    assert_eq!(world.case(OTHER).duplicates, []);
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_case_is_merged_only_into_a_case_that_goes_on() {
    let mut world = in_hand();
    let unfit = |field: &str| Err(Refusal::LinkUnfit { field: field.to_owned() });
    assert_eq!(world.send(RECORD, merge_into(id(99))), Err(Refusal::LinkNotFound { field: "into".to_owned() }));
    assert_eq!(world.send(RECORD, merge_into(RECORD)), unfit("into"));
    assert_eq!(world.send(RECORD, merge_into(GRID_ENTRY)), unfit("into"), "a grid is no case");
    world.send(OTHER, report("hazard")).unwrap();
    world.send(OTHER, decline()).unwrap();
    assert_eq!(world.send(RECORD, merge_into(OTHER)), unfit("into"), "what was declined goes on nowhere");
    world.send(OTHER, reopen()).unwrap();
    world.send(OTHER, merge_into(RECORD)).unwrap();
    assert_eq!(world.send(RECORD, merge_into(OTHER)), unfit("into"), "two cases cannot go on in each other");
    world.subjects.get_mut(&OTHER).unwrap().state = State::Closed;
    assert_eq!(world.send(RECORD, merge_into(OTHER)), unfit("into"), "what is closed is worked on no more");
    world.subjects.get_mut(&RECORD).unwrap().state = State::InHand;
    world.subjects.get_mut(&OTHER).unwrap().state = State::Accepted;
    if let Body::Case(case) = &mut world.subjects.get_mut(&RECORD).unwrap().body {
        case.duplicates.clear();
    }
    world.send(OTHER, withdraw()).unwrap();
    assert_eq!(world.send(RECORD, merge_into(OTHER)), unfit("into"));
}

#[test]
fn merging_and_parting_gives_nobody_more_time() {
    let mut world = in_hand();
    world.send(OTHER, report("hazard")).unwrap();
    world.chase("2025-10-15");
    world.at("2025-10-15", account(1), merge_into(OTHER)).unwrap();
    assert_eq!(world.chase("2025-10-20"), Vec::<&str>::new(), "merged, it waits for nobody");
    world.at("2025-10-20", account(1), reopen()).unwrap();
    let case = world.case(RECORD);
    assert_eq!((case.due, case.reopened, case.escalated.len()), (Some(day("2025-10-11")), 0, 2));

    let mut paused = in_hand();
    paused.send(OTHER, report("hazard")).unwrap();
    paused.at("2025-09-29", account(1), pause()).unwrap();
    paused.at("2025-09-30", account(1), merge_into(OTHER)).unwrap();
    paused.at("2025-10-20", account(1), reopen()).unwrap();
    // Four working days were left when it was paused.
    assert_eq!((paused.case(RECORD).due, paused.case(RECORD).left), (Some(day("2025-10-24")), None));
}

#[test]
fn a_case_in_which_others_go_on_is_neither_declined_nor_withdrawn() {
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    world.send(OTHER, report("hazard")).unwrap();
    world.send(OTHER, merge_into(RECORD)).unwrap();
    let told = Err(Refusal::StepNotOpen { state: State::Reported });
    assert_eq!(world.send(RECORD, decline()), told);
    assert_eq!(world.send(RECORD, withdraw()), told);
    world.send(OTHER, reopen()).unwrap();
    assert!(world.send(RECORD, decline()).is_ok(), "once they are parted");
}

#[test]
fn a_ledger_does_not_undo_what_people_did_here() {
    let told = |handler: &str, ended: bool| {
        let mut action = transcribe("hazard", ended.then_some(("2025-03-02", "rectified")));
        if let Action::TranscribeCase { handler: given, .. } = &mut action {
            *given = Some(handler.to_owned());
        }
        action
    };
    let mut world = in_hand();
    let refused = Err(Refusal::StepNotOpen { state: State::InHand });
    assert_eq!(world.send(RECORD, told("住建局", true)), refused, "a case with a clock is closed by its steps");
    assert_eq!(world.send(RECORD, told("别人", false)), refused);
    assert_eq!(world.send(RECORD, told("住建局", false)), Ok(vec![]), "what it says already is no change");
    // What only ledgers told of, they go on telling of.
    let mut world = World::default();
    for action in [told("住建局", false), told("水利局", false), Action::TakeCaseInHand] {
        world.send(RECORD, action).unwrap();
    }
    assert_eq!(world.send(RECORD, told("农牧局", false)), refused, "somebody has it in hand here");
    assert_eq!(world.send(RECORD, told("水利局", true)), Ok(vec!["case_closed"]));
}

#[test]
fn a_case_that_is_handed_over_stays_with_its_handler_until_the_other_signs() {
    let mut world = in_hand();
    let receiver = world.enrol(7, "officer", TOWNSHIP);
    world.at("2025-09-26", account(1), hand_over(Some(receiver))).unwrap();
    assert_eq!(world.case(RECORD).handler.as_deref(), Some("住建局"));
    let others_sign = world.at("2025-09-26", account(1), Action::SignHandover);
    assert_eq!(others_sign, Err(Refusal::NotTheReceiver));
    assert_eq!(world.at("2025-09-26", account(7), Action::SignHandover), Ok(vec!["handover_signed"]));
    let case = world.case(RECORD);
    assert_eq!((case.handler.as_deref(), case.account, &case.handover), (Some("次仁"), Some(receiver), &None));
    assert_eq!((world.record().state, case.due), (State::InHand, Some(day("2025-10-11"))), "nobody gains time by it");
    let again = world.at("2025-09-26", account(7), Action::SignHandover);
    assert_eq!(again, Err(Refusal::StepNotOpen { state: State::InHand }));
}

#[test]
fn an_offer_is_refused_by_the_receiver_or_taken_back_by_whoever_made_it() {
    let refuse = || Action::RefuseHandover { reason: "不在辖区".to_owned() };
    let mut world = in_hand();
    let receiver = world.enrol(7, "officer", TOWNSHIP);
    for actor in [account(7), account(1)] {
        world.at("2025-09-26", account(1), hand_over(Some(receiver))).unwrap();
        assert_eq!(world.at("2025-09-26", account(3), refuse()), Err(Refusal::NotTheReceiver));
        assert_eq!(world.at("2025-09-26", actor, refuse()), Ok(vec!["handover_refused"]));
        assert_eq!(world.case(RECORD).handover, None);
    }
    // Where only a name was given, anybody but who offered it signs for them.
    world.at("2025-09-26", account(1), hand_over(None)).unwrap();
    assert_eq!(world.at("2025-09-26", account(1), Action::SignHandover), Err(Refusal::NotTheReceiver));
    assert_eq!(world.at("2025-09-26", account(3), Action::SignHandover), Ok(vec!["handover_signed"]));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_case_is_given_only_to_accounts_that_reach_it() {
    let field = || "account".to_owned();
    for (role, place, told) in [
        ("officer", TOWNSHIP, Ok(vec!["case_assigned"])),
        ("officer", ELSEWHERE, Err(Refusal::OutsidePrefecture { area: area(ELSEWHERE) })),
        ("officer", "542521100002", Err(Refusal::HandlerOutOfReach { field: field() })),
        ("reader", TOWNSHIP, Err(Refusal::HandlerOutOfReach { field: field() })),
        ("nobody", TOWNSHIP, Err(Refusal::HandlerOutOfReach { field: field() })),
    ] {
        let mut world = in_hand();
        world.areas.insert(area("542521100002"), "二村");
        let mut entry = register("account", place, "某某");
        if let Action::RegisterEntry { fields, .. } = &mut entry {
            fields.insert("role".to_owned(), role.into());
        }
        let given = world.send(account_id(7), entry);
        let given = given.and_then(|_| world.send(RECORD, assign_to("某某", Some(account_id(7)))));
        assert_eq!(given, told, "{role} in {place}");
    }
    let mut world = in_hand();
    let gone = world.enrol(7, "officer", TOWNSHIP);
    world.send(gone, end("2025-09-25")).unwrap();
    assert_eq!(world.send(RECORD, assign_to("某某", Some(gone))), Err(Refusal::LinkNotFound { field: field() }));
    let helper = |account| vec![Handler { name: "协办人".to_owned(), account: Some(account) }];
    let assisting = Action::AssignCase { handler: "住建局".to_owned(), account: None, assisting: helper(gone) };
    let told = Err(Refusal::LinkNotFound { field: "assisting".to_owned() });
    assert_eq!(world.send(RECORD, assisting), told);
}

#[test]
fn a_grid_worker_is_given_what_is_on_the_list_or_admitted_until_a_day() {
    let mut world = World::default();
    let worker = world.enrol(7, "grid_worker", VILLAGE);
    let officer = world.enrol(8, "officer", VILLAGE);
    // Hazards are on the published list, errands are not.
    for action in [report("hazard"), Action::AcceptCase, assign_to("网格员", Some(worker))] {
        world.send(RECORD, action).unwrap();
    }
    world.send(OTHER, report("errand")).unwrap();
    let unlisted = Err(Refusal::NotAGridTask { kind: "errand".to_owned() });
    assert_eq!(world.send(OTHER, assign_to("网格员", Some(worker))), unlisted);
    world.send(OTHER, assign_to("干部", Some(officer))).unwrap();
    assert_eq!(world.send(OTHER, hand_over(Some(worker))), unlisted, "nor by a handover");

    let mut admission = register("organisation", TOWNSHIP, "防火巡查增派");
    if let Action::RegisterEntry { fields, .. } = &mut admission {
        fields.extend(fields_of_admission("errand", "2025-09-30"));
    }
    let mut entries = World::default();
    entries.send(RECORD, register("organisation", TOWNSHIP, "防火巡查增派")).unwrap();
    let entry = entries.subjects.get_mut(&RECORD).unwrap();
    entry.fields = fields_of_admission("errand", "2025-09-30");
    world.admissions.note(RECORD, entry);
    assert_eq!(world.send(OTHER, hand_over(Some(worker))), Ok(vec!["handover_offered"]));
    world.today = day("2025-10-01");
    assert_eq!(world.send(OTHER, assign_to("网格员", Some(worker))), unlisted, "its last day is over");
    entry.fields.remove("until");
    world.admissions.note(RECORD, entry);
    assert_eq!(world.send(OTHER, assign_to("网格员", Some(worker))), unlisted, "nothing is admitted for ever");
}

fn fields_of_admission(kind: &str, until: &str) -> tahuang_domain::Fields {
    fields(serde_json::json!({ "case_kind": kind, "until": until }))
}

#[test]
fn more_time_is_given_before_the_day_has_gone_and_by_somebody_else() {
    let mut world = in_hand();
    let handler = world.enrol(7, "officer", TOWNSHIP);
    world.send(RECORD, assign_to("次仁", Some(handler))).unwrap();
    let due = day("2025-10-11");
    assert_eq!(world.at("2025-10-09", account(7), extend("2025-10-20")), Err(Refusal::ExtenderIsHandler));
    let assisting = vec![Handler { name: "协办人".to_owned(), account: Some(world.enrol(8, "officer", TOWNSHIP)) }];
    world.actor = account(1);
    world.send(RECORD, Action::AssignCase { handler: "次仁".to_owned(), account: Some(handler), assisting }).unwrap();
    assert_eq!(world.at("2025-10-09", account(8), extend("2025-10-20")), Err(Refusal::ExtenderIsHandler));
    let too_long = world.at("2025-10-09", account(1), extend("2027-01-01"));
    assert_eq!(too_long.unwrap_err().code(), "field_invalid");
    let less = Err(Refusal::FinishedBeforeFound { first: due, second: due });
    assert_eq!(world.at("2025-10-09", account(1), extend("2025-10-11")), less);
    assert_eq!(world.at("2025-10-13", account(1), extend("2025-10-20")), Err(Refusal::AlreadyLate { due }));
    assert_eq!(world.at("2025-10-11", account(1), extend("2025-10-20")), Ok(vec!["case_extended"]));
    assert_eq!(world.case(RECORD).due, Some(day("2025-10-20")));
}

#[test]
fn the_clock_reminds_once_and_calls_each_office_above_once() {
    let mut world = in_hand();
    // Due on Saturday 11 October, which is worked. 10 October is the working day before, 13 October the one after.
    assert_eq!(world.chase("2025-10-09"), Vec::<&str>::new());
    assert_eq!(world.chase("2025-10-10"), ["case_reminded"]);
    assert_eq!(world.chase("2025-10-10"), Vec::<&str>::new(), "once");
    assert_eq!(world.chase("2025-10-11"), Vec::<&str>::new());
    assert_eq!(world.chase("2025-10-12"), Vec::<&str>::new(), "a Sunday is no working day late");
    assert_eq!(world.chase("2025-10-13"), ["case_escalated"]);
    assert_eq!(world.case(RECORD).escalated, [area(TOWNSHIP)]);
    assert_eq!(world.chase("2025-10-14"), Vec::<&str>::new());
    assert_eq!(world.chase("2025-10-15"), ["case_escalated"]);
    assert_eq!(world.case(RECORD).escalated, [area(TOWNSHIP), area(COUNTY)]);
    assert_eq!(world.chase("2025-10-21"), ["case_escalated"]);
    assert_eq!(world.case(RECORD).escalated, [area(TOWNSHIP), area(COUNTY), area(PREFECTURE)]);
    assert_eq!(world.chase("2026-03-02"), Vec::<&str>::new(), "there is nobody above");
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_clock_that_stood_still_calls_every_office_that_should_have_heard() {
    let mut world = in_hand();
    assert_eq!(world.chase("2025-10-15"), ["case_escalated", "case_escalated"]);
    assert_eq!(world.case(RECORD).escalated, [area(TOWNSHIP), area(COUNTY)]);
}

#[test]
fn work_that_begins_anew_is_reminded_of_and_escalated_anew() {
    let mut world = in_hand();
    world.chase("2025-10-13");
    world.at("2025-10-14", account(1), finish("2025-10-14")).unwrap();
    // What waits to be checked has a clock too, and the township has heard already.
    assert_eq!(world.chase("2025-10-16"), ["case_reminded"]);
    world.at("2025-10-16", account(2), check(false)).unwrap();
    assert_eq!(world.case(RECORD).escalated, []);
    assert_eq!(world.case(RECORD).due, Some(day("2025-10-27")));
    assert_eq!(world.chase("2025-10-24"), ["case_reminded"]);
    assert_eq!(world.chase("2025-10-28"), ["case_escalated"]);
}

#[test]
fn a_late_answer_is_escalated_and_late_work_anew() {
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    assert_eq!(world.chase("2025-10-10"), ["case_escalated", "case_escalated"]);
    world.at("2025-10-10", account(1), Action::AcceptCase).unwrap();
    assert_eq!(world.case(RECORD).escalated, []);
    assert_eq!(world.chase("2025-10-22"), ["case_escalated"], "two working days after the 20th");
}

#[test]
fn what_is_paused_closed_or_withdrawn_is_chased_no_more() {
    for ending in [pause(), withdraw()] {
        let mut world = in_hand();
        world.send(RECORD, ending.clone()).unwrap();
        (world.today, world.actor) = (day("2026-03-02"), Actor::Timer);
        let told = world.send(RECORD, Action::ChaseCase);
        assert!(
            matches!(told, Ok(ref events) if events.is_empty()) || told == Err(Refusal::SubjectWithdrawn),
            "{ending:?}"
        );
    }
}

/// A hazard that a resident reported, checked on Friday 26 September; the resident may answer until 9 October, the first
/// working day after seven days.
fn residents_case() -> World {
    let mut world = World::default();
    world.actor = Actor::Resident;
    world.send(RECORD, report("hazard")).unwrap();
    world.actor = account(1);
    for action in [Action::AcceptCase, assign(), Action::TakeCaseInHand, finish("2025-09-26")] {
        world.send(RECORD, action).unwrap();
    }
    world.at("2025-09-26", account(2), check(true)).unwrap();
    world
}

#[test]
fn whoever_asked_is_heard_before_their_case_is_closed() {
    let until = day("2025-10-09");
    let mut world = residents_case();
    // Three working days after that the offices have closed it.
    assert_eq!((world.case(RECORD).answer_until, world.case(RECORD).due), (Some(until), Some(day("2025-10-13"))));
    assert_eq!(world.chase("2025-10-10"), Vec::<&str>::new(), "silence is no office's fault");
    let closed = |world: &mut World, today: &str| world.at(today, account(1), close(today, "rectified"));
    assert_eq!(closed(&mut world, "2025-10-09"), Err(Refusal::AnswerAwaited { until }));
    assert_eq!(closed(&mut world, "2025-10-10"), Ok(vec!["case_closed"]), "they had their time");

    let mut world = residents_case();
    world.at("2025-09-28", Actor::Resident, answer(Solved::Partly)).unwrap();
    assert_eq!(closed(&mut world, "2025-09-28"), Ok(vec!["case_closed"]), "they have answered");
}

#[test]
fn what_is_not_solved_goes_back_to_work() {
    let mut world = residents_case();
    world.at("2025-09-28", Actor::Resident, answer(Solved::Unresolved)).unwrap();
    assert_eq!((world.record().state, world.case(RECORD).reopened), (State::InHand, 0));
    assert_eq!(world.case(RECORD).due, Some(day("2025-10-14")), "seven working days after the 28th");

    let mut world = residents_case();
    world.at("2025-10-10", account(1), close("2025-10-10", "rectified")).unwrap();
    world.at("2025-10-20", Actor::Resident, answer(Solved::Unresolved)).unwrap();
    let case = world.case(RECORD);
    assert_eq!((world.record().state, case.reopened, case.closed), (State::InHand, 1, None));
    assert_eq!(case.answer.map(|answer| (answer.solved, answer.times)), Some((Solved::Unresolved, 1)));
    assert_eq!(world.replayed(), world.subjects);
}

#[test]
fn a_resident_answers_a_few_times_and_not_for_ever() {
    let mut world = residents_case();
    for _ in 0..tahuang_domain::limits::ANSWERS_MAX {
        world.at("2025-09-28", Actor::Resident, answer(Solved::Resolved)).unwrap();
    }
    assert_eq!(world.at("2025-09-28", Actor::Resident, answer(Solved::Resolved)), Err(Refusal::TooManyLines));
}

#[test]
fn a_case_stands_on_the_pages_of_those_who_take_part_in_it() {
    let mut world = World::default();
    world.actor = account(5);
    let lead = world.enrol(7, "officer", TOWNSHIP);
    let helper = world.enrol(8, "officer", TOWNSHIP);
    let receiver = world.enrol(9, "officer", TOWNSHIP);
    let on = |account: SubjectId, waits: bool| (Holder::Account(account), waits);
    let reporter = on(account_id(5), true);
    world.send(RECORD, report("hazard")).unwrap();
    assert_eq!(world.record().holders(), BTreeMap::from([reporter]));
    world.send(RECORD, Action::AcceptCase).unwrap();
    let assisting = vec![Handler { name: "协办人".to_owned(), account: Some(helper) }];
    world.send(RECORD, Action::AssignCase { handler: "主办人".to_owned(), account: Some(lead), assisting }).unwrap();
    assert_eq!(world.record().holders(), BTreeMap::from([reporter, on(lead, false), on(helper, false)]));
    world.send(RECORD, hand_over(Some(receiver))).unwrap();
    assert_eq!(
        world.record().holders(),
        BTreeMap::from([reporter, on(lead, false), on(helper, false), on(receiver, false)])
    );
    world.at("2025-09-25", account(9), Action::SignHandover).unwrap();
    for action in [Action::TakeCaseInHand, finish("2025-09-25")] {
        world.send(RECORD, action).unwrap();
    }
    assert_eq!(world.record().holders(), BTreeMap::from([reporter, on(receiver, true), on(helper, true)]));
    world.chase("2025-10-15");
    for place in [TOWNSHIP, COUNTY, PREFECTURE] {
        assert_eq!(world.record().holders().get(&Holder::Office(area(place))), Some(&false), "{place}");
    }
    world.at("2025-10-15", account(2), check(true)).unwrap();
    world.at("2025-10-15", account(2), close("2025-10-15", "rectified")).unwrap();
    assert_eq!(world.record().holders(), BTreeMap::new());
}
