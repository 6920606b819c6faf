//! One group of commands: each is decided on what the ones before it did, and none spoils the others.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use serde_json::json;
use tahuang_app::{Asker, Memory};
use tahuang_domain::{
    Action, AreaCode, Command, CommandId, Fields, Grant, PersonalValue, Prefecture, Sealed, SubjectId,
};
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area, command};

const GRID: &str = "542521100001001";

fn register(kind: &str, place: &str, name: &str, fields: serde_json::Value) -> Action {
    Action::RegisterEntry {
        kind: kind.to_owned(),
        area: area(place),
        name: name.to_owned(),
        from: Some("2025-01-01".parse().unwrap()),
        fields: fields.as_object().unwrap().clone(),
        personal: BTreeMap::new(),
    }
}

fn report(place: &str) -> Action {
    Action::ReportCase {
        kind: "hazard".to_owned(),
        area: area(place),
        day: "2025-03-01".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        personal: BTreeMap::new(),
    }
}

fn end() -> Action {
    Action::EndEntry { day: "2025-06-30".parse().unwrap(), reason: "撤并".to_owned() }
}

fn withdraw() -> Action {
    Action::Withdraw { reason: "重复".to_owned() }
}

fn rename(name: &str) -> Action {
    let (title, reason) = (Some(name.to_owned()), "更名".to_owned());
    Action::Correct { area: None, day: None, title, quantity: None, fields: Fields::new(), reason }
}

fn codes(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Accepted { .. } => "accepted",
            Outcome::Refused { code, .. } => code,
        })
        .collect()
}

fn send(office: &Office, actions: Vec<(SubjectId, Action)>) -> Vec<Outcome> {
    let commands = actions.into_iter().map(|(id, action)| command(office.app.ids(), id, action));
    office.submit(commands.collect())
}

fn send_as(office: &Office, asker: &Asker, id: SubjectId, action: Action) -> Outcome {
    let sent = command(office.app.ids(), id, action);
    office.app.submit(office.prefecture, asker, vec![sent]).unwrap().remove(0).outcome
}

fn asker(role: &str, scope: &str) -> Asker {
    let id = "01980000-0000-7000-8000-000000000001".parse().unwrap();
    Asker::Account { id, grant: Grant { role: role.to_owned(), scope: area(scope) } }
}

fn entry_of(office: &Office, place: &str) -> SubjectId {
    let rows = office.app.store().journal(office.prefecture, 1, 100).unwrap();
    let ids: Vec<SubjectId> = rows.iter().map(|row| row.subject).collect();
    let subjects = office.app.subjects(office.prefecture, &ids).unwrap();
    let found = ids.iter().zip(subjects).find(|(_, subject)| {
        let wanted: AreaCode = area(place);
        subject
            .as_ref()
            .is_some_and(|subject| subject.area == wanted && ["area", "grid"].contains(&subject.kind.as_str()))
    });
    *found.unwrap().0
}

/// The areas as a new start reads them from the store.
fn loaded(office: &Office) -> Memory {
    Memory::load(&**office.app.store(), office.app.knowledge()).unwrap()
}

fn areas(memory: &Memory) -> Vec<(String, String)> {
    memory.areas.iter().map(|(code, name)| (code.to_string(), name.to_owned())).collect()
}

#[test]
fn an_area_that_ends_or_is_withdrawn_takes_no_record_from_the_next_command_on() {
    for last in [end(), withdraw()] {
        let office = Office::new();
        let grid = entry_of(&office, GRID);
        let new = || office.app.ids().subject();
        let outcomes = send(&office, vec![(new(), report(GRID)), (grid, last), (new(), report(GRID))]);
        assert_eq!(codes(&outcomes), ["accepted", "accepted", "unknown_area"]);
        assert_eq!(codes(&send(&office, vec![(new(), report(GRID))])), ["unknown_area"]);
        assert_eq!(areas(&loaded(&office)), areas(&office.app.memory()));
    }
}

#[test]
fn an_area_that_is_entered_takes_records_from_the_next_command_on() {
    let office = Office::new();
    let new = || office.app.ids().subject();
    let next = "542521100001003";
    let entered = register("grid", next, "第三网格", json!({}));
    let outcomes =
        send(&office, vec![(new(), report(next)), (new(), entered.clone()), (new(), report(next)), (new(), entered)]);
    assert_eq!(codes(&outcomes), ["unknown_area", "accepted", "accepted", "area_exists"]);
}

#[test]
fn an_area_entered_again_lives_on_whatever_becomes_of_the_entry_that_ended() {
    let office = Office::new();
    let (old, new) = (entry_of(&office, GRID), office.app.ids().subject());
    let again = register("grid", GRID, "新第一网格", json!({}));
    let outcomes = send(&office, vec![(old, end()), (new, again), (old, rename("旧第一网格"))]);
    assert_eq!(codes(&outcomes), ["accepted"; 3]);
    assert_eq!(office.app.areas().name(area(GRID)), Some("新第一网格"));
    assert!(office.app.areas().contains(area(GRID)));
    assert_eq!(
        codes(&send(&office, vec![(old, withdraw()), (office.app.ids().subject(), report(GRID))])),
        ["accepted"; 2]
    );
    assert_eq!(areas(&loaded(&office)), areas(&office.app.memory()), "a new start reads the same areas");
    // When the new one ends as well, so does the area.
    assert_eq!(
        codes(&send(&office, vec![(new, end()), (office.app.ids().subject(), report(GRID))])),
        ["accepted", "unknown_area"]
    );
    assert_eq!(areas(&loaded(&office)), areas(&office.app.memory()));
}

#[test]
fn the_region_exists_while_any_prefectures_journal_says_so() {
    let office = Office::new();
    let lhasa = Prefecture::new(area("540100000000")).unwrap();
    let region =
        |id: SubjectId| command(office.app.ids(), id, register("area", "540000000000", "西藏自治区", json!({})));
    let second = office.app.ids().subject();
    let answers = office.app.submit(lhasa, &Asker::Console, vec![region(second)]).unwrap();
    assert!(matches!(answers[0].outcome, Outcome::Accepted { .. }));
    assert_eq!(codes(&send(&office, vec![(entry_of(&office, "540000000000"), end())])), ["accepted"]);
    assert!(office.app.areas().contains(area("540000000000")));
    assert_eq!(areas(&loaded(&office)), areas(&office.app.memory()));
    office.app.submit(lhasa, &Asker::Console, vec![command(office.app.ids(), second, end())]).unwrap();
    assert!(!office.app.areas().contains(area("540000000000")));
    assert_eq!(areas(&loaded(&office)), areas(&office.app.memory()));
}

#[test]
fn a_command_that_no_journal_can_keep_is_refused_alone() {
    let office = Office::new();
    let new = || office.app.ids().subject();
    let seated = |members: serde_json::Value| {
        register("party_organisation", "542521100001", "党支部", json!({ "members": members }))
    };
    let cadre = new();
    let line = |fields: serde_json::Value| Action::AddLine {
        line: new(),
        kind: "course_result".to_owned(),
        day: "2025-05-01".parse().unwrap(),
        area: None,
        personal: Default::default(),
        fields: fields.as_object().unwrap().clone(),
    };
    let outcomes = send(
        &office,
        vec![
            (new(), seated(json!(3.0))),
            (new(), seated(json!(i64::MAX))),
            (cadre, register("village_cadre", "542521100001", "某某", json!({}))),
            (cadre, line(json!({ "points": [0.5] }))),
            (cadre, line(json!({ "points": 0.5 }))),
            (new(), seated(json!(3))),
        ],
    );
    let expected = ["field_invalid", "quantity_out_of_range", "accepted", "field_invalid", "field_invalid", "accepted"];
    assert_eq!(codes(&outcomes), expected);
}

#[test]
fn sums_of_the_largest_numbers_that_are_accepted_do_not_overflow() {
    let office = Office::new();
    let largest = tahuang_domain::limits::QUANTITY_MAX;
    let damage = |number: i64| Action::ReportCase {
        kind: "damage".to_owned(),
        area: area(GRID),
        day: "2025-03-01".parse().unwrap(),
        title: "道路塌方".to_owned(),
        fields: json!({ "mobilised": number }).as_object().unwrap().clone(),
        personal: BTreeMap::new(),
    };
    let all: Vec<_> = (0..500).map(|_| (office.app.ids().subject(), damage(largest))).collect();
    assert!(codes(&send(&office, all)).iter().all(|code| *code == "accepted"));
    let board = office.app.figures(&Asker::Console, area("542500000000"), Default::default()).unwrap();
    let mobilised = board.figures.iter().find(|value| value.figure.code == "flood_mobilised").unwrap();
    assert_eq!(mobilised.sums.whole, 500 * largest);
}

#[test]
fn a_record_links_only_to_entries_within_reach() {
    let office = Office::new();
    let far = entry_of(&office, "542526100001001");
    let near = entry_of(&office, GRID);
    let officer = asker("county_officer", "542521000000");
    let seated =
        |grid: SubjectId| register("party_organisation", "542521100001", "党支部", json!({ "grid": grid.to_string() }));
    let sent = |grid| send_as(&office, &officer, office.app.ids().subject(), seated(grid));
    assert_eq!(codes(&[sent(far)]), ["not_permitted"]);
    assert_eq!(codes(&[sent(near)]), ["accepted"]);
}

#[test]
fn only_who_keeps_areas_enters_renames_ends_or_withdraws_them() {
    let office = Office::new();
    let grid = entry_of(&office, GRID);
    let worker = asker("village_cadre", "542521100001");
    let new_grid = || register("grid", "542521100001003", "第三网格", json!({}));
    for (id, action) in
        [(grid, end()), (grid, rename("甲")), (grid, withdraw()), (office.app.ids().subject(), new_grid())]
    {
        let code = action.code();
        assert_eq!(codes(&[send_as(&office, &worker, id, action)]), ["not_permitted"], "{code}");
    }
    // Offices bring the ledgers of grids in, so they draw grids, but no divisions.
    let officer = asker("township_officer", "542521100000");
    let drawn = register("grid", "542521100001009", "第九网格", json!({}));
    assert_eq!(codes(&[send_as(&office, &officer, office.app.ids().subject(), drawn)]), ["accepted"]);
    let village = register("area", "542521100209", "新村", json!({}));
    assert_eq!(codes(&[send_as(&office, &officer, office.app.ids().subject(), village)]), ["not_permitted"]);
    let keeper = asker("administrator", "542521000000");
    assert_eq!(codes(&[send_as(&office, &keeper, office.app.ids().subject(), new_grid())]), ["accepted"]);
    assert_eq!(codes(&[send_as(&office, &keeper, grid, rename("甲"))]), ["accepted"]);
    // An organisation is still seated on a grid by who records it, and its line is the organisation's.
    let seated = register("party_organisation", "542521100001", "党支部", json!({ "grid": grid.to_string() }));
    let organisation = office.app.ids().subject();
    assert_eq!(codes(&[send_as(&office, &worker, organisation, seated)]), ["accepted"]);
    assert_eq!(codes(&[send_as(&office, &worker, organisation, end())]), ["accepted"]);
}

#[test]
fn only_the_server_seals() {
    let office = Office::new();
    let posing = PersonalValue::Sealed(Sealed { algorithm: "sm4-gcm".to_owned(), data: "19912345678".to_owned() });
    let mut posting = register("posting", "542521100001", "某某", json!({ "role": "first_secretary" }));
    if let Action::RegisterEntry { personal, .. } = &mut posting {
        personal.insert("phone".to_owned(), posing.clone());
    }
    let row = Action::RefuseRow {
        area: area(GRID),
        ledger: None,
        code: "date_unreadable".to_owned(),
        column: None,
        message: "日期无法识别".to_owned(),
        cells: posing,
    };
    let new = || office.app.ids().subject();
    let outcomes = send(&office, vec![(new(), posting), (new(), row)]);
    assert_eq!(codes(&outcomes), ["field_invalid", "field_invalid"]);
}

#[test]
fn the_same_command_twice_in_one_batch_is_answered_twice_and_done_once() {
    let office = Office::new();
    let sent = command(office.app.ids(), office.app.ids().subject(), report(GRID));
    let head = office.app.store().head(office.prefecture).unwrap().position;
    let answers = office.app.submit(office.prefecture, &Asker::Console, vec![sent.clone(), sent]).unwrap();
    assert_eq!(answers.iter().map(|answer| answer.repeated).collect::<Vec<_>>(), [false, true]);
    assert_eq!(answers[0].outcome, answers[1].outcome);
    assert_eq!(office.app.store().head(office.prefecture).unwrap().position, head + 1);
}

#[test]
fn a_refusal_under_a_derived_id_is_decided_anew_and_one_under_a_persons_id_is_remembered() {
    let office = Office::new();
    let send = |id: CommandId| {
        let action = register("service_hall", "542521100301", "新村服务大厅", json!({}));
        let subject = SubjectId(uuid::Uuid::from_u128(7));
        let command = Command { id, subject, revision: None, source: None, action };
        office.submit(vec![command]).remove(0)
    };
    let derived = CommandId(uuid::Builder::from_custom_bytes([9; 16]).into_uuid());
    let own = office.app.ids().command();
    assert_eq!(codes(&[send(derived), send(own)]), ["unknown_area", "unknown_area"]);
    office.act(office.app.ids().subject(), register("area", "542521100301", "新村", json!({})));
    assert_eq!(codes(&[send(own), send(derived)]), ["unknown_area", "accepted"]);
}
