//! What tests draw by lot, all from a seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, OnceLock};

use serde_json::json;
use tahuang_app::{Clock, Ids, Knowledge};
use tahuang_domain::command::{Ended, Movement, Satisfaction, Solved};
use tahuang_domain::subject::{CheckedItem, ItemResult, Receipt, RecheckedItem};
use tahuang_domain::{Action, AreaCode, Checklists, Day, Fields, MediaType, PersonalValue, Purpose, SubjectId};
use uuid::Uuid;

use crate::office::area;

/// SplitMix64: small, seeded, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Ids from a seed; UUIDv7 in form, ascending.
pub struct SeededIds {
    random: Mutex<Random>,
    stamp: AtomicI64,
}

impl Default for SeededIds {
    fn default() -> Self {
        Self { random: Mutex::new(Random(42)), stamp: AtomicI64::new(1_755_000_000_000) }
    }
}

impl Ids for SeededIds {
    fn random(&self, buffer: &mut [u8]) {
        let mut random = self.random.lock().unwrap();
        for byte in buffer {
            *byte = random.number() as u8;
        }
    }

    fn uuid_v7(&self) -> Uuid {
        let mut bytes = [0; 10];
        self.random(&mut bytes);
        let stamp = self.stamp.fetch_add(1, Ordering::Relaxed);
        uuid::Builder::from_unix_timestamp_millis(stamp as u64, &bytes).into_uuid()
    }
}

/// A clock that goes one second further each time it is asked.
pub struct SteppingClock(AtomicI64);

impl Default for SteppingClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_755_648_000_000))
    }
}

impl SteppingClock {
    /// Lets that many hours pass.
    pub fn pass_hours(&self, hours: i64) {
        self.0.fetch_add(hours * 60 * 60 * 1_000, Ordering::Relaxed);
    }

    /// Lets that many days pass.
    pub fn pass_days(&self, days: i64) {
        self.0.fetch_add(days * 24 * 60 * 60 * 1_000, Ordering::Relaxed);
    }
}

impl Clock for SteppingClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

const PLACES: [&str; 10] = [
    "542521100001001",
    "542521100001002",
    "542521100201001",
    "542521200201001",
    "542526100001001",
    "542521100001",
    "542526100000",
    "542529000000",    // does not exist
    "542521100201002", // a grid that may come to exist
    "542526100001003",
];

/// A command drawn by lot, as often as not one that is refused: any action on any of a few subjects.
pub fn random_command(random: &mut Random, subjects: &[SubjectId]) -> (SubjectId, Action) {
    let subject = *random.pick(subjects);
    let other = *random.pick(subjects);
    let place = area(PLACES[random.below(PLACES.len())]);
    let day = Day::new(2025, 1 + random.below(12) as i8, 1 + random.below(28) as i8).unwrap();
    let text = |random: &mut Random| random.pick(&["疏通水渠", "电杆倾斜", "", "更正"]).to_string();
    let fields = |pairs: &[(&str, serde_json::Value)]| -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    let count = random.below(50) as i64 - 2;
    let action = match random.below(74) {
        0 => Action::RegisterEntry {
            kind: "party_organisation".to_owned(),
            area: place,
            name: text(random),
            from: Some(day),
            fields: fields(&[("grid", json!(other.to_string()))]),
            personal: BTreeMap::new(),
        },
        1 | 2 => Action::RegisterEntry {
            kind: random.pick(&["village_cadre", "unit", "service_hall", "grid"]).to_string(),
            area: place,
            name: text(random),
            from: Some(day),
            fields: Fields::new(),
            personal: BTreeMap::new(),
        },
        3 => Action::EndEntry { day, reason: text(random) },
        4..=8 => Action::AddLine {
            line: other,
            kind: random.pick(&["course_result", "training_attendance", "registration", "seat"]).to_string(),
            day,
            area: (random.below(2) == 0).then_some(place),
            fields: fields(&[("passed", json!(random.below(2) == 0)), ("away", json!(random.below(2) == 0))]),
            personal: BTreeMap::new(),
        },
        9 => Action::WithdrawLine { line: other, reason: text(random) },
        10 => Action::RecordFact {
            kind: "signboards_removed".to_owned(),
            area: place,
            day,
            title: text(random),
            quantity: count,
            fields: Fields::new(),
        },
        11 => Action::RecordActivity {
            kind: "household_visit".to_owned(),
            area: place,
            day,
            until: None,
            title: text(random),
            people: Some(count),
            fields: fields(&[("theme", json!("flood"))]),
        },
        12 | 13 => Action::ReportCase {
            kind: random.pick(&["hazard", "damage", "suggestion", "wish"]).to_string(),
            area: place,
            day,
            title: text(random),
            fields: Fields::new(),
            personal: BTreeMap::new(),
        },
        14 => Action::TranscribeCase {
            kind: "hazard".to_owned(),
            area: place,
            day,
            title: text(random),
            fields: fields(&[("theme", json!("flood"))]),
            handler: Some("村委会".to_owned()),
            ended: (random.below(2) == 0).then(|| Ended { day, outcome: "rectified".to_owned() }),
        },
        15 => Action::AcceptCase,
        16 => Action::AssignCase {
            handler: text(random),
            account: (random.below(8) == 0).then_some(other),
            assisting: Vec::new(),
        },
        17 => Action::TakeCaseInHand,
        18 => Action::FinishCase { day, note: text(random) },
        19 => Action::CloseCase {
            day,
            outcome: random.pick(&["rectified", "resolved", "repaired", "fulfilled"]).to_string(),
        },
        20 => Action::ReopenCase { reason: text(random) },
        21 => Action::MoveSupply {
            kind: "vest".to_owned(),
            area: place,
            item: "红马甲".to_owned(),
            unit: "套".to_owned(),
            movement: other,
            direction: *random.pick(&[Movement::Received, Movement::Issued, Movement::Counted]),
            quantity: count,
            day: Some(day),
            fields: Fields::new(),
        },
        22 => Action::EnterAssessment {
            kind: "organisation_assessment".to_owned(),
            area: place,
            round: "2025".to_owned(),
            organisation: text(random),
            day,
            scores: [("组织建设".to_owned(), count * 10)].into(),
            grade: random.pick(&["excellent", "good"]).to_string(),
        },
        23 => Action::FinaliseAssessment { day },
        24 => Action::OpenProject {
            kind: "demonstration_site".to_owned(),
            area: place,
            name: text(random),
            day,
            fields: Fields::new(),
        },
        25 => Action::AllocateFunds { allocation: other, fen: count * 1_000, day },
        26 | 27 => Action::Correct {
            area: (random.below(3) == 0).then_some(place),
            day: (random.below(2) == 0).then_some(day),
            title: None,
            quantity: (random.below(2) == 0).then_some(count),
            fields: Fields::new(),
            reason: text(random),
        },
        40 => Action::CorrectMovement { movement: other, quantity: count, day: Some(day), reason: text(random) },
        41 => Action::CorrectAllocation { allocation: other, fen: count * 1_000, day, reason: text(random) },
        50 => Action::AttachFile {
            file: other,
            purpose: *random.pick(&Purpose::ALL),
            name: (random.below(2) == 0).then(|| text(random)),
            media_type: MediaType::Jpeg,
            bytes: count.unsigned_abs(),
            hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0".to_owned(),
            item: None,
            key: PersonalValue::Open("00".repeat(16)),
        },
        65..=68 => random_check(random, subjects, place, day),
        51 => Action::RemoveFile { file: other, reason: text(random) },
        52 => Action::ReportCase {
            kind: "dispute".to_owned(),
            area: place,
            day,
            title: text(random),
            fields: Fields::new(),
            personal: BTreeMap::new(),
        },
        53 => random_paper(random, other, day),
        54 => Action::PlanActivity {
            kind: "patrol".to_owned(),
            area: place,
            day,
            until: None,
            title: text(random),
            fields: fields(&[("starts", json!("09:30"))]),
        },
        55 => Action::HoldActivity { day, until: None, people: Some(count) },
        56 => Action::CancelActivity { reason: text(random) },
        57..=64 => return random_rating(random, subjects),
        28 => Action::Withdraw { reason: text(random) },
        29 => Action::DeclineCase { reason: text(random) },
        30 => Action::PauseCase { reason: text(random) },
        31 => Action::ResumeCase,
        32 => Action::CompleteProject { day },
        33 => Action::ErasePersonalData { reason: text(random) },
        34 => Action::RegisterEntry {
            kind: "posting".to_owned(),
            area: place,
            name: text(random),
            from: Some(day),
            fields: fields(&[("role", json!("first_secretary"))]),
            personal: [("phone".to_owned(), PersonalValue::Open(format!("19900000{:04}", count.unsigned_abs())))]
                .into(),
        },
        35 => Action::RefuseRow {
            area: place,
            ledger: (random.below(2) == 0).then(|| "hazards".to_owned()),
            code: "date_unreadable".to_owned(),
            column: None,
            message: text(random),
            cells: PersonalValue::Open(format!("[[\"电话\",\"19900000{:04}\"]]", count.unsigned_abs())),
        },
        69 => Action::PublishCase { title: text(random), text: random.pick(&["", "电话19900001234"]).to_string() },
        70 => Action::UnpublishCase { reason: text(random) },
        71 | 72 => Action::ClaimCase {
            claimant: text(random),
            unit_id: (random.below(2) == 0).then_some(other),
            account: (random.below(8) == 0).then_some(other),
            due: (random.below(4) == 0).then_some(day),
        },
        73 => Action::ReleaseClaim { reason: text(random) },
        42 => Action::MergeCase { into: other, reason: text(random) },
        43 => Action::HandOverCase { handler: text(random), account: None, reason: text(random) },
        44 => Action::SignHandover,
        45 => Action::RefuseHandover { reason: text(random) },
        46 => Action::ExtendCase { due: day, reason: text(random) },
        47 => Action::RemindCase { note: text(random) },
        48 => Action::ChaseCase,
        49 => Action::AnswerCase {
            solved: *random.pick(&[Solved::Resolved, Solved::Partly, Solved::Unresolved]),
            satisfaction: Satisfaction::Unrated,
            note: text(random),
        },
        36 => Action::FixRow { record: other },
        37 => Action::SetRowAside { reason: text(random) },
        38 => Action::RegisterEntry {
            kind: "party_organisation".to_owned(),
            area: place,
            name: text(random),
            from: None,
            // As a client may send it: a fraction that is no whole number in a journal, a number that no sum can hold.
            fields: fields(&[("members", random.pick(&[json!(3.0), json!(u64::MAX), json!(17)]).clone())]),
            personal: BTreeMap::new(),
        },
        _ => Action::CheckCase { passed: random.below(2) == 0, note: String::new() },
    };
    (subject, action)
}

/// Something about how well a case was dealt with. Mostly it is about one and the same, so that a lot reaches the
/// end of what takes several steps.
fn random_rating(random: &mut Random, subjects: &[SubjectId]) -> (SubjectId, Action) {
    let &[.., draw, hazard] = subjects else { return (*random.pick(subjects), Action::ChaseCase) };
    let reason = random.pick(&["", "另有诉求", "已核实"]).to_string();
    let action = match random.below(8) {
        0 => return (draw, revisit_draw()),
        1 => return (hazard, closed_hazard()),
        2 | 3 => Action::DrawCase { draw },
        4 | 5 => {
            let words = [None, Some(Solved::Resolved), Some(Solved::Partly), Some(Solved::Unresolved)];
            let solved = *random.pick(&words);
            let satisfaction = *random.pick(&[Satisfaction::Satisfied, Satisfaction::Dissatisfied]);
            Action::RevisitCase { reached: solved.is_some(), solved, satisfaction, note: reason }
        }
        6 => Action::AppealRating { reason },
        _ => Action::DecideAppeal { granted: random.below(2) == 0, reason },
    };
    let subject = if random.below(4) == 0 { *random.pick(subjects) } else { hazard };
    (subject, action)
}

fn first_day() -> Day {
    Day::new(2025, 1, 1).unwrap()
}

/// The entry of a draw, as the server makes it.
fn revisit_draw() -> Action {
    let fields = json!({
        "closed_from": "2025-01-01", "closed_until": "2025-12-31", "wanted": 10, "population": 3, "drawn": 3,
        "position": 1, "seed": "0".repeat(64),
    });
    Action::RegisterEntry {
        kind: "revisit_draw".to_owned(),
        area: area("542521000000"),
        name: "回访抽查".to_owned(),
        from: None,
        fields: fields.as_object().cloned().unwrap_or_default(),
        personal: BTreeMap::new(),
    }
}

fn closed_hazard() -> Action {
    Action::TranscribeCase {
        kind: "hazard".to_owned(),
        area: area("542521100001001"),
        day: first_day(),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        handler: None,
        ended: Some(Ended { day: first_day(), outcome: "rectified".to_owned() }),
    }
}

/// Something about a check, drawn by lot: a sheet whose cases may have ids that are taken, a second look, a notice.
fn random_check(random: &mut Random, subjects: &[SubjectId], place: AreaCode, day: Day) -> Action {
    let officers = vec!["次仁".to_owned(), random.pick(&["卓玛", "次仁"]).to_string()];
    static LISTS: OnceLock<Checklists> = OnceLock::new();
    let lists = LISTS.get_or_init(|| Knowledge::bundled().unwrap().catalog.checklists);
    let items = lists.get("flood_round", 1).unwrap().items.iter();
    let later = day.plus_days(random.below(30) as i32);
    match random.below(4) {
        0 => Action::ServeNotice {
            day,
            receipt: *random.pick(&[Receipt::Signed, Receipt::Refused]),
            recipient: PersonalValue::Open(format!("19900000{:04}", random.below(1_000))),
            note: String::new(),
        },
        1 => Action::RecheckItems {
            day,
            officers,
            results: items
                .take(1 + random.below(2))
                .map(|item| RecheckedItem {
                    item: item.code.clone(),
                    passed: random.below(2) == 0,
                    note: String::new(),
                })
                .collect(),
            next: (random.below(4) > 0).then_some(later),
        },
        _ => {
            let mut failed = 1 + random.below(2);
            let results = items.map(|item| {
                let hazard = (failed > 0).then(|| *random.pick(subjects));
                failed = failed.saturating_sub(1);
                let result = if hazard.is_some() {
                    ItemResult::Failed
                } else {
                    *random.pick(&[ItemResult::Passed, ItemResult::Corrected])
                };
                CheckedItem { item: item.code.clone(), result, note: String::new(), hazard }
            });
            let results: Vec<CheckedItem> = results.collect();
            Action::RecordCheck {
                kind: "check_sheet".to_owned(),
                area: place,
                day,
                checklist: "flood_round".to_owned(),
                version: 1,
                place: random.pick(&["沟口河段", ""]).to_string(),
                unit: String::new(),
                officers,
                results,
                recheck: Some(later),
            }
        }
    }
}

/// A paper of a dispute, or help for a road, each with what its form asks for.
fn random_paper(random: &mut Random, line: SubjectId, day: Day) -> Action {
    let said = |fields: &[&str]| -> BTreeMap<String, PersonalValue> {
        fields.iter().map(|field| ((*field).to_owned(), PersonalValue::Open("请打19900001234".to_owned()))).collect()
    };
    let (kind, fields, personal) = match random.below(6) {
        0 | 1 => (
            "agreement",
            json!({ "form": "oral", "manner": "at_once", "mediators": ["次仁"] }),
            said(&["facts", "terms"]),
        ),
        2 => ("judicial_confirmation", json!({ "court": "普兰县人民法院" }), said(&[])),
        3 => ("refusal", json!({ "side": "respondent" }), said(&["note"])),
        4 => ("other_ways", json!({ "ways": ["court"] }), said(&[])),
        _ => ("help", json!({ "what": "fuel", "amount": "800升", "giver": "某单位", "thanks": true }), said(&[])),
    };
    let fields = fields.as_object().cloned().unwrap_or_default();
    Action::AddLine { line, kind: kind.to_owned(), day, area: None, fields, personal }
}
