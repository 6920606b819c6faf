//! What the clock, several people and residents do to cases, through the one door.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use tahuang_app::todo::{Todo, TodoFilter, TodoPage, Urgency};
use tahuang_app::{Account, Asker};
use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::{Action, Body, Fields, PersonalValue, SubjectId};
use tahuang_journal::Record;
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area, command};

const VILLAGE: &str = "542521100001";
const GRID: &str = "542521100001001";

fn report(kind: &str, place: &str) -> Action {
    Action::ReportCase {
        kind: kind.to_owned(),
        area: area(place),
        day: "2025-08-20".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        personal: BTreeMap::new(),
    }
}

fn assign_to(account: SubjectId) -> Action {
    Action::AssignCase { handler: "次仁".to_owned(), account: Some(account), assisting: Vec::new() }
}

fn account(office: &Office, login: &str, role: &str, place: &str) -> Account {
    office.app.create_account(&Asker::Console, login, "某某", role, area(place), None).unwrap();
    let memory = office.app.memory();
    memory.accounts.values().find(|account| account.login == login).unwrap().clone()
}

fn sent(office: &Office, asker: &Asker, subject: SubjectId, action: Action) -> Result<(), String> {
    let command = command(office.app.ids(), subject, action);
    match office.app.submit(office.prefecture, asker, vec![command]).unwrap().remove(0).outcome {
        Outcome::Accepted { .. } => Ok(()),
        Outcome::Refused { code, .. } => Err(code),
    }
}

/// The codes of all events that the clock has brought about.
fn chased(office: &Office) -> Vec<&'static str> {
    let rows = office.app.store().journal(office.prefecture, 1, 10_000).unwrap();
    let records = rows.iter().map(|row| Record::read(&row.bytes).unwrap());
    let by_the_clock = records.filter(|record| record.actor == tahuang_domain::Actor::Timer);
    by_the_clock.map(|record| record.event.code()).collect()
}

fn todo(office: &Office, account: &Account, page: TodoPage) -> Todo {
    let filter = TodoFilter { page, area: account.grant.scope, urgency: None, after: None, limit: 50 };
    office.app.todo(&account.asker(), &filter).unwrap()
}

fn listed(office: &Office, account: &Account, page: TodoPage) -> Vec<SubjectId> {
    todo(office, account, page).items.into_iter().map(|(id, ..)| id).collect()
}

/// The clock stands on Wednesday 20 August 2025 when an office opens.
fn accepted(office: &Office) -> SubjectId {
    let case = office.app.ids().subject();
    for action in [report("hazard", GRID), Action::AcceptCase] {
        assert!(matches!(office.act(case, action), Outcome::Accepted { .. }));
    }
    case
}

#[test]
fn each_reminder_and_each_escalation_happens_once_whatever_is_restarted() {
    let mut office = Office::new();
    let case = accepted(&office);
    let mut expected = Vec::new();
    // Due on 29 August, seven working days after the 20th. From a few days before to a month after, every day the server
    // is stopped, started, looks twice, and is stopped again.
    for day in 0..30 {
        let told = office.app.chase().unwrap() + office.app.chase().unwrap();
        office = office.restarted();
        assert_eq!(office.app.chase().unwrap(), 0, "day {day}");
        if told > 0 {
            expected.push(day);
        }
        office.clock.pass_days(1);
    }
    // Thursday 28 August, Monday 1, Wednesday 3 and Tuesday 9 September.
    assert_eq!(expected, [8, 12, 14, 20]);
    assert_eq!(chased(&office), ["case_reminded", "case_escalated", "case_escalated", "case_escalated"]);
    let subject = office.app.subjects(office.prefecture, &[case]).unwrap().remove(0).unwrap();
    let Body::Case(case) = subject.body else { panic!() };
    assert_eq!(case.escalated, ["542521100000", "542521000000", "542500000000"].map(area));
}

#[test]
fn a_server_that_stood_still_for_a_month_calls_every_office_at_once_and_then_no_more() {
    let office = Office::new();
    let cases: Vec<SubjectId> = (0..3).map(|_| accepted(&office)).collect();
    office.clock.pass_days(40);
    let office = office.restarted();
    assert_eq!(office.app.chase().unwrap(), cases.len());
    assert_eq!(office.app.chase().unwrap(), 0);
    assert_eq!(chased(&office).len(), 3 * cases.len());
    assert_eq!(office.app.verify(office.prefecture, &mut |_| ()).unwrap().first_bad, None);
}

#[test]
fn a_claim_whose_day_is_over_is_released_once_whatever_was_restarted() {
    let office = Office::new();
    let wish = office.app.ids().subject();
    let claim = |claimant: &str| {
        let claimant = claimant.to_owned();
        Action::ClaimCase { claimant, unit_id: None, account: None, due: None }
    };
    let publish = Action::PublishCase { title: "一副老花镜".to_owned(), text: String::new() };
    for action in [report("wish", VILLAGE), Action::AcceptCase, publish, claim("次仁")] {
        sent(&office, &Asker::Console, wish, action).unwrap();
    }
    assert_eq!(sent(&office, &Asker::Console, wish, claim("央金")), Err("claimed_already".to_owned()));
    office.clock.pass_days(30);
    let office = office.restarted();
    assert_eq!(office.app.chase().unwrap(), 1);
    let office = office.restarted();
    assert_eq!(office.app.chase().unwrap(), 0);
    assert_eq!(chased(&office), ["claim_released"], "it goes back on the board instead of up the offices");
    sent(&office, &Asker::Console, wish, claim("央金")).unwrap();
    let live = office.derived();
    let rebuilt = office.restarted();
    rebuilt.app.rebuild(&mut |_| ()).unwrap();
    assert_eq!(rebuilt.derived(), live);
}

#[test]
fn everybody_finds_their_own_work_and_what_others_do_for_them() {
    let office = Office::new();
    let worker = account(&office, "worker", "grid_worker", GRID);
    let officer = account(&office, "officer", "township_officer", "542521100000");
    let other = account(&office, "other", "township_officer", "542521100000");
    let county = account(&office, "county", "county_officer", "542521000000");
    let case = office.app.ids().subject();
    sent(&office, &worker.asker(), case, report("hazard", GRID)).unwrap();
    let pages = |account: &Account| {
        [TodoPage::Mine, TodoPage::Waiting, TodoPage::Escalated, TodoPage::Area]
            .map(|page| listed(&office, account, page).contains(&case))
    };
    assert_eq!(pages(&worker), [false, true, false, true], "reported, and not answered yet");
    sent(&office, &officer.asker(), case, Action::AcceptCase).unwrap();
    sent(&office, &officer.asker(), case, assign_to(officer.id)).unwrap();
    assert_eq!(pages(&officer), [true, false, false, true]);
    assert_eq!(pages(&other), [false, false, false, true]);
    let offer =
        Action::HandOverCase { handler: "央金".to_owned(), account: Some(other.id), reason: "休假".to_owned() };
    sent(&office, &officer.asker(), case, offer).unwrap();
    assert_eq!(pages(&other), [true, false, false, true], "to sign for");
    sent(&office, &other.asker(), case, Action::SignHandover).unwrap();
    assert_eq!((pages(&officer)[0], pages(&other)[0]), (false, true));
    assert_eq!(pages(&county), [false, false, false, true]);
    office.clock.pass_days(16);
    office.app.chase().unwrap();
    assert_eq!(pages(&county), [false, false, true, true], "late, and the county has heard");
    let counted = todo(&office, &county, TodoPage::Escalated);
    assert_eq!((counted.counts, counted.pages), ([1, 0, 0], [0, 0, 1, 1]));
    assert_eq!(counted.items[0].2.unwrap().urgency, Urgency::Late);
    // A to-do list is no way round: what an account may not read does not stand on it.
    let elsewhere =
        TodoFilter { page: TodoPage::Mine, area: area("542526000000"), urgency: None, after: None, limit: 9 };
    assert!(office.app.todo(&other.asker(), &elsewhere).is_err());
    let live = office.derived();
    office.app.rebuild(&mut |_| ()).unwrap();
    assert_eq!(office.derived(), live, "pages come out the same from the journal");
}

#[test]
fn a_grid_worker_is_given_what_an_office_admitted_until_its_last_day() {
    let office = Office::new();
    let worker = account(&office, "worker", "grid_worker", VILLAGE);
    let county = account(&office, "county", "county_officer", "542521000000");
    let township = account(&office, "township", "township_officer", "542521100000");
    let case = office.app.ids().subject();
    for action in [report("road_repair", VILLAGE), Action::AcceptCase] {
        sent(&office, &township.asker(), case, action).unwrap();
    }
    let give = |office: &Office| sent(office, &township.asker(), case, assign_to(worker.id));
    assert_eq!(give(&office), Err("not_a_grid_task".to_owned()));
    let admission = |until: &str| {
        let fields = serde_json::json!({ "case_kind": "road_repair", "until": until, "ground": "抢通牧道专项" });
        Action::RegisterEntry {
            kind: "grid_task_admission".to_owned(),
            area: area("542521000000"),
            name: "牧道抢通临时准入".to_owned(),
            from: Some("2025-08-20".parse().unwrap()),
            fields: fields.as_object().unwrap().clone(),
            personal: BTreeMap::new(),
        }
    };
    let entry = office.app.ids().subject();
    let by_township = sent(&office, &township.asker(), entry, admission("2025-08-25"));
    assert_eq!(by_township, Err("not_permitted".to_owned()), "whoever gives the work does not admit it");
    sent(&office, &county.asker(), entry, admission("2025-08-25")).unwrap();
    assert_eq!(give(&office), Ok(()));
    let office = office.restarted();
    assert_eq!(give(&office), Ok(()), "what was admitted is known after a restart");
    office.clock.pass_days(6);
    assert_eq!(give(&office), Err("not_a_grid_task".to_owned()), "its last day is over");
}

#[test]
fn a_resident_asks_and_answers_for_their_own_case_and_reaches_nothing_else() {
    let office = Office::new();
    let (own, others) = (office.app.ids().subject(), office.app.ids().subject());
    let resident = |case| Asker::Resident { place: area(VILLAGE), case };
    let mut ask = report("suggestion", VILLAGE);
    if let Action::ReportCase { personal, .. } = &mut ask {
        personal.insert("phone".to_owned(), PersonalValue::Open("19900001234".to_owned()));
    }
    sent(&office, &resident(None), own, ask).unwrap();
    sent(&office, &Asker::Console, others, report("suggestion", VILLAGE)).unwrap();
    let not_permitted = Err("not_permitted".to_owned());
    let new = || office.app.ids().subject();
    assert_eq!(sent(&office, &resident(None), new(), report("practical_deed", VILLAGE)), not_permitted);
    assert_eq!(sent(&office, &resident(None), new(), report("suggestion", "542526100001")), not_permitted);
    let answer =
        || Action::AnswerCase { solved: Solved::Resolved, satisfaction: Satisfaction::Satisfied, note: String::new() };
    let erase = || Action::ErasePersonalData { reason: "本人申请".to_owned() };
    for action in [Action::AcceptCase, Action::Withdraw { reason: "撤回".to_owned() }, Action::ChaseCase] {
        assert_eq!(sent(&office, &resident(Some(own)), own, action), not_permitted);
    }
    for action in [answer(), erase()] {
        assert_eq!(sent(&office, &resident(Some(own)), others, action.clone()), not_permitted);
        assert_eq!(sent(&office, &resident(None), own, action), not_permitted);
    }
    assert_eq!(
        sent(&office, &resident(Some(own)), own, answer()),
        Err("step_not_open".to_owned()),
        "nothing is done yet"
    );
    assert_eq!(sent(&office, &resident(Some(own)), own, erase()), Ok(()));
    // Nobody answers in a resident's name, whatever their role, and nobody is the clock.
    let administrator = account(&office, "first", "administrator", "542500000000");
    for action in [answer(), Action::ChaseCase] {
        assert_eq!(sent(&office, &administrator.asker(), own, action), not_permitted);
    }
    assert!(office.app.record(&resident(Some(own)), own).is_err(), "a resident's link is no account");
}
