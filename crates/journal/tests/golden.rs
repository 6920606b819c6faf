//! The bytes of version 1 never change: one golden line for every event, so that a renamed field, a changed default or
//! a new order is found before it makes a journal unreadable.
//!
//! A new event gets a new line at the end, and so does an event that is given another field; a line that stands is never
//! edited.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use serde_json::json;
use tahuang_domain::command::{Movement, Satisfaction, Solved};
use tahuang_domain::subject::{CheckedItem, ItemResult, Receipt, RecheckedItem};
use tahuang_domain::{Actor, CommandId, Event, Handler, MediaType, Prefecture, Purpose, Sealed, Source, SubjectId};
use tahuang_journal::{Record, VERSION, genesis, link};
use uuid::Uuid;

const GOLDEN: &str = include_str!("golden/version-1.jsonl");

fn subject(number: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// The golden lines' events: one of every variant as it was first published, then those that were given more to say.
fn events() -> Vec<Event> {
    [first_forms(), later_forms(), of_checks()].concat()
}

/// Events that came later, and earlier ones with the fields that they were given since.
fn later_forms() -> Vec<Event> {
    let text = |text: &str| text.to_owned();
    let area = "542521100001".parse().unwrap();
    let day = "2025-03-01".parse().unwrap();
    vec![
        Event::CaseReported {
            kind: text("hazard"),
            area,
            day,
            title: text("电杆倾斜"),
            fields: serde_json::Map::new(),
            sealed: BTreeMap::new(),
            due: Some(day),
        },
        Event::CaseAccepted { due: Some(day), late: false },
        Event::CaseAssigned {
            handler: text("住建局"),
            account: None,
            assisting: Vec::new(),
            due: Some(day),
            late: false,
        },
        Event::CasePaused { reason: text("等材料"), left: Some(4) },
        Event::CaseResumed { due: Some(day) },
        Event::CaseChecked { passed: false, note: text("裂缝仍在"), due: Some(day), answer_until: None },
        Event::CaseReopened { reason: text("群众反映未解决"), due: Some(day) },
        Event::CaseAssigned {
            handler: text("住建局"),
            account: Some(subject(7)),
            assisting: vec![
                Handler { name: text("水利站"), account: None },
                Handler { name: text("次仁"), account: Some(subject(8)) },
            ],
            due: Some(day),
            late: false,
        },
        Event::CaseFinished { day, note: text("已加固"), due: Some(day), answer_until: Some(day) },
        Event::CaseMerged { into: subject(5), reason: text("同一处裂缝") },
        Event::DuplicateJoined { case: subject(6) },
        Event::DuplicateParted { case: subject(6) },
        Event::HandoverOffered { handler: text("次仁"), account: Some(subject(7)), reason: text("调离本村") },
        Event::HandoverSigned,
        Event::HandoverRefused { reason: text("不在辖区") },
        Event::CaseExtended { due: day, reason: text("等待冻土化冻") },
        Event::CaseReminded { due: Some(day), note: text("请尽快办理") },
        Event::CaseEscalated { to: area, late: 3 },
        Event::CaseAnswered {
            solved: Solved::Unresolved,
            satisfaction: Satisfaction::Dissatisfied,
            note: text("水还在漏"),
            due: Some(day),
        },
        Event::FileAttached {
            file: subject(7),
            purpose: Purpose::Evidence,
            name: Some(text("加固后.jpg")),
            media_type: MediaType::Jpeg,
            bytes: 120_000,
            hash: text("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            item: None,
            key: Sealed { algorithm: text("sm4-gcm"), data: text("00ff") },
        },
        Event::FileRemoved { file: subject(7), reason: text("拍错了") },
        Event::CaseChecked { passed: true, note: String::new(), due: Some(day), answer_until: Some(day) },
        Event::LineAdded {
            line: subject(3),
            kind: text("agreement"),
            day: Some(day),
            area: None,
            fields: json!({ "form": "oral" }).as_object().unwrap().clone(),
            sealed: [(text("terms"), Sealed { algorithm: text("sm4-gcm"), data: text("00ff") })].into(),
            until: Some(day),
            answers: Some(subject(9)),
        },
        Event::LineLapsed { line: subject(3) },
        Event::ActivityPlanned {
            kind: text("patrol"),
            area,
            day,
            until: Some(day),
            title: text("联合巡逻"),
            fields: json!({ "starts": "09:30" }).as_object().unwrap().clone(),
        },
        Event::ActivityHeld { day, until: Some(day), people: Some(12) },
        Event::ActivityCancelled { reason: text("大雪封路") },
        Event::CaseDrawn { draw: subject(9) },
        Event::CaseRevisited {
            solved: Some(Solved::Unresolved),
            satisfaction: Satisfaction::Fairly,
            note: text("水还在漏"),
            due: Some(day),
        },
        Event::RatingAppealed { office: area, reason: text("反映人另有诉求") },
        Event::AppealDecided { granted: true, reason: text("情况属实") },
        Event::CaseAccepted { due: Some(day), late: true },
        Event::CaseDeclined { reason: text("重复上报"), late: true },
        Event::CaseAssigned {
            handler: text("住建局"),
            account: None,
            assisting: Vec::new(),
            due: Some(day),
            late: true,
        },
        Event::CaseRevisited { solved: None, satisfaction: Satisfaction::Unrated, note: String::new(), due: None },
    ]
}

/// Checks by a list, and the file that shows an item of one.
fn of_checks() -> Vec<Event> {
    let text = |text: &str| text.to_owned();
    let (area, day) = ("542521100001".parse().unwrap(), "2025-03-01".parse().unwrap());
    let officers = || vec![text("次仁"), text("卓玛")];
    let sealed = || Sealed { algorithm: text("sm4-gcm"), data: text("00ff") };
    let item = |item: &str, result, hazard| CheckedItem { item: text(item), result, note: text("杂物"), hazard };
    vec![
        Event::CheckRecorded {
            kind: text("check_sheet"),
            area,
            day,
            checklist: text("fire_small_places"),
            version: 1,
            place: text("甜茶馆"),
            unit: text("多油村合作社"),
            officers: officers(),
            results: vec![
                item("exits_clear", ItemResult::Failed, Some(subject(5))),
                item("exit_signs", ItemResult::Passed, None),
                item("smoke_alarm", ItemResult::Corrected, None),
                item("hydrants", ItemResult::NotApplicable, None),
            ],
            recheck: Some(day),
        },
        Event::ItemsRechecked {
            day,
            officers: officers(),
            results: vec![RecheckedItem { item: text("exits_clear"), passed: false, note: text("仍有杂物") }],
            next: Some(day),
        },
        Event::NoticeServed { day, receipt: Receipt::Refused, recipient: sealed(), note: text("不在场") },
        Event::CaseFoundByCheck { sheet: subject(4), item: text("exits_clear") },
        Event::FileAttached {
            file: subject(7),
            purpose: Purpose::Signature,
            name: Some(text("签名.png")),
            media_type: MediaType::Png,
            bytes: 12_000,
            hash: text("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            item: Some(text("exits_clear")),
            key: sealed(),
        },
        Event::CasePublished { title: text("一副老花镜"), text: text("村里一位老人读报用") },
        Event::CaseUnpublished { reason: text("已不需要") },
        Event::CaseClaimed {
            claim: subject(9),
            day,
            claimant: text("水利局"),
            unit_id: Some(subject(10)),
            account: Some(subject(7)),
            due: day,
        },
        Event::ClaimReleased { day, reason: text("采购困难"), due: Some(day) },
    ]
}

/// One event of every variant of the beginning. Without a wildcard in [`place`], a new variant does not compile until it
/// has its golden line.
fn first_forms() -> Vec<Event> {
    let text = |text: &str| text.to_owned();
    let (area, grid) = ("542521100001".parse().unwrap(), "542521100001003".parse().unwrap());
    let day = "2025-03-01".parse().unwrap();
    let fields = || json!({ "members": 12, "category": "branch", "list": ["甲", "乙"] }).as_object().unwrap().clone();
    let none = serde_json::Map::new;
    let sealed = || Sealed { algorithm: text("sm4-gcm"), data: text("00ff") };
    vec![
        Event::EntryRegistered {
            kind: text("party_organisation"),
            area,
            name: text("第一党支部"),
            from: Some(day),
            fields: fields(),
            sealed: [(text("phone"), sealed())].into(),
        },
        Event::EntryEnded { day, reason: text("撤并") },
        Event::LineAdded {
            line: subject(3),
            kind: text("seat"),
            day: None,
            area: Some(grid),
            fields: none(),
            sealed: Default::default(),
            until: None,
            answers: None,
        },
        Event::LineWithdrawn { line: subject(3), reason: text("记错") },
        Event::FactRecorded {
            kind: text("contact_cards_issued"),
            area,
            day,
            title: text("发放联系卡"),
            quantity: 120,
            fields: none(),
        },
        Event::ActivityRecorded {
            kind: text("household_visit"),
            area: grid,
            day,
            until: Some(day),
            title: text("入户走访"),
            people: Some(4),
            fields: fields(),
        },
        Event::CaseReported {
            kind: text("hazard"),
            area: grid,
            day,
            title: text("电杆倾斜"),
            fields: none(),
            sealed: BTreeMap::new(),
            due: None,
        },
        Event::CaseAccepted { due: None, late: false },
        Event::CaseDeclined { reason: text("重复上报"), late: false },
        Event::CaseAssigned {
            handler: text("住建局"), account: None, assisting: Vec::new(), due: None, late: false
        },
        Event::CaseTakenInHand,
        Event::CasePaused { reason: text("等材料"), left: None },
        Event::CaseResumed { due: None },
        Event::CaseFinished { day, note: text("已加固"), due: None, answer_until: None },
        Event::CaseChecked { passed: true, note: String::new(), due: None, answer_until: None },
        Event::CaseClosed { day, outcome: text("rectified"), transcribed: false },
        Event::CaseReopened { reason: text("群众反映未解决"), due: None },
        Event::StockOpened { kind: text("vest"), area, item: text("红马甲"), unit: text("套"), fields: none() },
        Event::SupplyMoved { movement: subject(4), direction: Movement::Received, quantity: 300, day: Some(day) },
        Event::AssessmentEntered {
            kind: text("organisation_assessment"),
            area,
            round: text("2025"),
            organisation: text("第一党支部"),
            day,
            scores: [(text("组织建设"), 9_550)].into(),
            grade: text("excellent"),
        },
        Event::AssessmentFinalised { day },
        Event::ProjectOpened { kind: text("demonstration_site"), area, name: text("示范点"), day, fields: none() },
        Event::FundsAllocated { allocation: subject(5), fen: 180_000_000, day },
        Event::ProjectCompleted { day },
        Event::Corrected {
            area: None,
            day: Some(day),
            title: None,
            quantity: Some(7),
            fields: json!({ "category": null }).as_object().unwrap().clone(),
            reason: text("录入有误"),
        },
        Event::Withdrawn { reason: text("重复") },
        Event::PersonalDataErased { reason: text("本人申请") },
        Event::RowRefused {
            area,
            ledger: Some(text("hazards")),
            code: text("date_unreadable"),
            column: Some(text("日期")),
            message: text("日期无法识别"),
            cells: sealed(),
        },
        Event::RowFixed { record: subject(6) },
        Event::MovementCorrected { movement: subject(4), quantity: 320, day: None, reason: text("点数有误") },
        Event::AllocationCorrected { allocation: subject(5), fen: 190_000_000, day, reason: text("金额有误") },
        Event::RowSetAside { reason: text("合计行") },
    ]
}

fn place(event: &Event) -> usize {
    match event {
        Event::EntryRegistered { .. } => 0,
        Event::EntryEnded { .. } => 1,
        Event::LineAdded { .. } => 2,
        Event::LineWithdrawn { .. } => 3,
        Event::FactRecorded { .. } => 4,
        Event::ActivityRecorded { .. } => 5,
        Event::CaseReported { .. } => 6,
        Event::CaseAccepted { .. } => 7,
        Event::CaseDeclined { .. } => 8,
        Event::CaseAssigned { .. } => 9,
        Event::CaseTakenInHand => 10,
        Event::CasePaused { .. } => 11,
        Event::CaseResumed { .. } => 12,
        Event::CaseFinished { .. } => 13,
        Event::CaseChecked { .. } => 14,
        Event::CaseClosed { .. } => 15,
        Event::CaseReopened { .. } => 16,
        Event::StockOpened { .. } => 17,
        Event::SupplyMoved { .. } => 18,
        Event::AssessmentEntered { .. } => 19,
        Event::AssessmentFinalised { .. } => 20,
        Event::ProjectOpened { .. } => 21,
        Event::FundsAllocated { .. } => 22,
        Event::ProjectCompleted { .. } => 23,
        Event::Corrected { .. } => 24,
        Event::Withdrawn { .. } => 25,
        Event::PersonalDataErased { .. } => 26,
        Event::RowRefused { .. } => 27,
        Event::RowFixed { .. } => 28,
        Event::MovementCorrected { .. } => 29,
        Event::AllocationCorrected { .. } => 30,
        Event::RowSetAside { .. } => 31,
        Event::CaseMerged { .. } => 41,
        Event::DuplicateJoined { .. } => 42,
        Event::DuplicateParted { .. } => 43,
        Event::HandoverOffered { .. } => 44,
        Event::HandoverSigned => 45,
        Event::HandoverRefused { .. } => 46,
        Event::CaseExtended { .. } => 47,
        Event::CaseReminded { .. } => 48,
        Event::CaseEscalated { .. } => 49,
        Event::CaseAnswered { .. } => 50,
        Event::FileAttached { .. } => 51,
        Event::FileRemoved { .. } => 52,
        Event::LineLapsed { .. } => 55,
        Event::ActivityPlanned { .. } => 56,
        Event::ActivityHeld { .. } => 57,
        Event::ActivityCancelled { .. } => 58,
        Event::CaseDrawn { .. } => 59,
        Event::CaseRevisited { .. } => 60,
        Event::RatingAppealed { .. } => 61,
        Event::AppealDecided { .. } => 62,
        Event::CheckRecorded { .. } => 67,
        Event::ItemsRechecked { .. } => 68,
        Event::NoticeServed { .. } => 69,
        Event::CaseFoundByCheck { .. } => 70,
        Event::CasePublished { .. } => 72,
        Event::CaseUnpublished { .. } => 73,
        Event::CaseClaimed { .. } => 74,
        Event::ClaimReleased { .. } => 75,
    }
}

/// Variants of the beginning.
const FIRST_FORMS: usize = 32;
/// The line, from 1, that says whence in the other way: the last one when there were no others.
const WITH_SOURCE: u64 = 32;

fn records() -> Vec<Record> {
    let prefecture = Prefecture::new("542500000000".parse().unwrap()).unwrap();
    // Some say who and whence in another way, so that those forms are golden too.
    let source = Source {
        file: "隐患台账.xlsx".to_owned(),
        sheet: "一季度".to_owned(),
        row: 7,
        cells: vec![("日期".to_owned(), "2025.3.1".to_owned())],
    };
    (1..)
        .zip(events())
        .map(|(position, event)| Record {
            version: VERSION,
            prefecture,
            position,
            at: 1_755_648_000_000 + position as i64,
            actor: if position == 1 { Actor::Console } else { Actor::Account(subject(2)) },
            command: CommandId(subject(1_000 + u128::from(position)).0),
            subject: subject(1),
            source: (position == 1 || position == WITH_SOURCE).then(|| source.clone()),
            event,
        })
        .collect()
}

#[test]
fn every_event_has_a_golden_line_at_its_place() {
    let events = events();
    for (line, event) in events.iter().enumerate() {
        // The first line of a variant is at its place; others tell what it was given to say later.
        assert_eq!(place(event), events.iter().position(|first| place(first) == place(event)).unwrap(), "line {line}");
    }
    assert_eq!(events.iter().filter(|event| place(event) >= FIRST_FORMS).count(), 30);
    assert_eq!(first_forms().len(), FIRST_FORMS);
    assert_eq!(GOLDEN.lines().count(), events.len());
    for event in &events {
        assert_eq!(serde_json::to_value(event).unwrap()["type"], event.code());
    }
}

#[test]
fn the_bytes_of_version_1_never_change() {
    for (record, line) in records().iter().zip(GOLDEN.lines()) {
        let bytes = String::from_utf8(record.bytes().unwrap()).unwrap();
        assert_eq!(bytes, line, "{}", record.event.code());
    }
}

#[test]
fn the_golden_lines_are_read_back_as_they_were_written() {
    for (record, line) in records().iter().zip(GOLDEN.lines()) {
        assert_eq!(Record::read(line.as_bytes()).unwrap(), *record, "{}", record.event.code());
    }
}

#[test]
fn the_chain_over_the_golden_lines_ends_in_the_golden_hash() {
    let prefecture = records()[0].prefecture;
    let hash = |lines: usize| {
        let chained = GOLDEN.lines().take(lines);
        chained.fold(genesis(prefecture), |previous, line| link(&previous, line.as_bytes())).to_string()
    };
    // What was published first stays, whatever is added.
    assert_eq!(hash(32), "3fe6afa56a5af96415a32762bc4049ca201da5aa993727b4f0797092d83a2ec6");
    assert_eq!(hash(54), "336c682234bf42d28f0f7d4797d53b47342aa0d29053b8d13ac3fc051e545a1f");
    assert_eq!(hash(usize::MAX), "03105f2e3aae36fe1b4f93732dd5ccc7802c2b6b5186498743b0847b0af0c5bb");
}

#[test]
fn a_line_with_a_renamed_field_is_not_read_or_reads_as_something_else() {
    // The shortest check that the golden lines can fail: every field of every event matters.
    for (record, line) in records().iter().zip(GOLDEN.lines()) {
        let whole: serde_json::Value = serde_json::from_str(line).unwrap();
        for field in whole["event"].as_object().unwrap().keys() {
            let mut changed = whole.clone();
            let event = changed["event"].as_object_mut().unwrap();
            let value = event.remove(field).unwrap();
            event.insert(format!("{field}_x"), value.clone());
            let read = Record::read(changed.to_string().as_bytes());
            let lost = value.is_null() || value == false;
            assert!(lost || !read.is_ok_and(|read| read == *record), "{}.{field}", record.event.code());
        }
    }
}
