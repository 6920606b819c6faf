//! Who is told: what begins a message, what begins none, and that none begins twice.

use tahuang_domain::{Action, PersonalValue, Source};
use tahuang_notify::message::Message;
use tahuang_store::{DeliveryQuery, DeliveryRow, DeliveryState, Told};
use tahuang_testkit::{Office, area, command};

use crate::telling::{GRID_A, channel, follower, must, must_on, report};

const WECOM: &str = "type = \"wecom\"\nurl = \"http://127.0.0.1:1/send?key=k\"";

fn rows(office: &Office) -> Vec<DeliveryRow> {
    let query = DeliveryQuery { limit: 100_000, ..DeliveryQuery::default() };
    office.app.store().deliveries(office.prefecture, &query).unwrap()
}

fn message(row: &DeliveryRow) -> Message {
    serde_json::from_slice(&row.message).unwrap()
}

#[test]
fn nobody_is_told_of_what_was_there_before_the_first_start_nor_of_rows_from_ledgers() {
    let office = Office::new();
    must(&office, report("hazard", GRID_A, "从前的"));
    let follower = follower(&office, vec![channel(WECOM).unwrap()]);
    follower.catch_up().unwrap();
    let mut transcribed = command(office.app.ids(), office.app.ids().subject(), report("hazard", GRID_A, "台账里的"));
    transcribed.source =
        Some(Source {
            file: "11-安全隐患.xlsx".to_owned(), sheet: "札达县".to_owned(), row: 4, cells: Vec::new()
        });
    office.submit(vec![transcribed]);
    must(&office, report("hazard", GRID_A, "刚上报的"));
    follower.catch_up().unwrap();
    let titles: Vec<String> = rows(&office).iter().map(|row| message(row).facts.title).collect();
    assert_eq!(titles, ["刚上报的"]);
}

#[test]
fn a_piece_of_the_journal_that_is_read_again_makes_no_second_message() {
    let office = Office::new();
    let follower = follower(&office, vec![channel(WECOM).unwrap()]);
    follower.catch_up().unwrap();
    let before = office.app.store().told_position(office.prefecture).unwrap().unwrap();
    must(&office, report("hazard", GRID_A, "墙体裂缝"));
    follower.catch_up().unwrap();
    let first = rows(&office);
    let after = office.app.store().told_position(office.prefecture).unwrap();
    let back = Told { from: after, up_to: before, notices: Vec::new(), deliveries: Vec::new() };
    office.app.store().tell(office.prefecture, &back).unwrap();
    follower.catch_up().unwrap();
    assert_eq!((first.len(), rows(&office)), (1, first));
}

#[test]
fn a_message_names_kind_title_area_and_day_and_no_personal_value() {
    let office = Office::new();
    let follower = follower(&office, vec![channel(&format!("{WECOM}\nlanguage = \"en\"")).unwrap()]);
    follower.catch_up().unwrap();
    must(&office, report("hazard", GRID_A, "裂缝，找张某13812345678"));
    let posting = Action::RegisterEntry {
        kind: "posting".to_owned(),
        area: area(GRID_A),
        name: "下沉干部".to_owned(),
        from: None,
        fields: serde_json::json!({ "role": "first_secretary" }).as_object().unwrap().clone(),
        personal: [("phone".to_owned(), PersonalValue::Open("19900001111".to_owned()))].into(),
    };
    must(&office, posting);
    follower.catch_up().unwrap();
    let rows = rows(&office);
    assert_eq!(rows.len(), 1, "only cases are told of");
    let message = message(&rows[0]);
    assert_eq!(message.heading, "New: Safety hazard, 普兰县 › 普兰镇 › 吉让居委会 › 吉让居第一网格");
    assert_eq!(message.text, "裂缝，找张某***\nState: Reported\nDue by: 2025-08-21");
    assert!(message.link.unwrap().starts_with("https://tahuang.example/records/"));
    let bytes = String::from_utf8(rows[0].message.clone()).unwrap();
    assert!(!bytes.contains("138") && !bytes.contains("199000"), "{bytes}");
}

#[test]
fn a_channel_takes_its_area_and_kinds_each_recipient_gets_one_message_and_what_was_withdrawn_none() {
    let office = Office::new();
    let mail = "type = \"smtp\"\nurl = \"smtp://127.0.0.1\"\nfrom = \"tahuang@example.org\"\n\
                recipients = [\"a@example.org\", \"b@example.org\"]\nkinds = [\"hazard\"]\narea = \"542521000000\"";
    let follower = follower(&office, vec![channel(mail).unwrap()]);
    follower.catch_up().unwrap();
    must(&office, report("hazard", GRID_A, "甲"));
    must(&office, report("wish", GRID_A, "别的类别"));
    must(&office, report("hazard", "542526100001001", "别的县"));
    let withdrawn = must(&office, report("hazard", GRID_A, "撤回了"));
    must_on(&office, withdrawn, Action::Withdraw { reason: "重复".to_owned() });
    follower.catch_up().unwrap();
    let mut told: Vec<(String, String)> =
        rows(&office).iter().map(|row| (message(row).facts.title, row.recipient.clone())).collect();
    told.sort();
    let to = |recipient: &str| ("甲".to_owned(), recipient.to_owned());
    assert_eq!(told, [to("a@example.org"), to("b@example.org")]);
}

#[test]
fn at_night_only_an_emergency_is_due_before_the_morning() {
    let office = Office::new();
    // From 08:00 to 23:00.
    let quiet = format!("{WECOM}\nquiet = \"08:00-20:00\"");
    let follower = follower(&office, vec![channel(&quiet).unwrap()]);
    follower.catch_up().unwrap();
    must(&office, report("hazard", GRID_A, "明天再说"));
    must(&office, report("damage", GRID_A, "河水漫堤"));
    follower.catch_up().unwrap();
    let now = office.app.clock().now_ms();
    let due = office.app.store().due_deliveries(office.prefecture, "duty", now, 10).unwrap();
    assert_eq!(due.iter().map(|row| message(row).facts.title).collect::<Vec<_>>(), ["河水漫堤"]);
    // 20 August 2025, 20:00 where the system is used.
    let evening = 1_755_691_200_000;
    let due = office.app.store().due_deliveries(office.prefecture, "duty", evening, 10).unwrap();
    assert_eq!(due.len(), 2);
    let early = office.app.store().due_deliveries(office.prefecture, "duty", evening - 1, 10).unwrap();
    assert_eq!(early.len(), 1);
}

#[test]
fn what_finds_no_place_in_a_full_queue_is_seen_and_an_emergency_always_finds_one() {
    let office = Office::new();
    let follower = follower(&office, vec![channel(WECOM).unwrap()]);
    follower.catch_up().unwrap();
    let full = tahuang_notify::limits::WAITING_MAX as usize;
    let mut left = full + 3;
    while left > 0 {
        let count = left.min(500);
        let ids = office.app.ids();
        let batch = (0..count).map(|_| command(ids, ids.subject(), report("hazard", GRID_A, "许多")));
        office.submit(batch.collect());
        left -= count;
    }
    must(&office, report("damage", GRID_A, "河水漫堤"));
    follower.catch_up().unwrap();
    let counts = office.app.store().delivery_counts(office.prefecture).unwrap();
    let of = |state| counts.iter().find(|(_, known, _)| *known == state).map_or(0, |(_, _, count)| *count as usize);
    assert_eq!((of(DeliveryState::Waiting), of(DeliveryState::Failed)), (full + 1, 3));
}
