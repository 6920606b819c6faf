//! A small world for the tests of the domain: a catalog, a few areas, and the records that commands made.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;

use tahuang_domain::subject::{CheckedItem, ItemResult, Receipt, RecheckedItem};
use tahuang_domain::{
    Action, Actor, Admissions, AreaCode, AreaTree, Calendar, Catalog, Command, CommandId, Context, Day, Event, Fields,
    MediaType, PersonalValue, Prefecture, Purpose, Refusal, Roles, Sealed, State, Subject, SubjectId, decide,
};
use uuid::Uuid;

pub const KINDS: &str = include_str!("kinds.toml");
pub const CHECKLISTS: &str = include_str!("checklists.toml");
pub const ROLES: &str = include_str!("roles.toml");
pub const CALENDAR: &str = include_str!("../../../../catalog/calendar.toml");

pub const PREFECTURE: &str = "542500000000";
pub const TOWNSHIP: &str = "542521100000";
pub const VILLAGE: &str = "542521100001";
pub const GRID: &str = "542521100001001";
pub const NO_AREA: &str = "542529000000";
/// Exists, but in another prefecture.
pub const ELSEWHERE: &str = "540121000000";

/// The record that the tests are about.
pub const RECORD: SubjectId = id(1);
/// The grid that other records link to.
pub const GRID_ENTRY: SubjectId = id(2);
pub const LINE: SubjectId = id(3);
pub const FILE: SubjectId = id(4);

pub const fn id(number: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number))
}

pub fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn fields(value: serde_json::Value) -> Fields {
    value.as_object().unwrap().clone()
}

pub fn sealed() -> PersonalValue {
    PersonalValue::Sealed(Sealed { algorithm: "sm4-gcm".to_owned(), data: "00".to_owned() })
}

pub fn account(number: u128) -> Actor {
    Actor::Account(account_id(number))
}

pub const fn account_id(number: u128) -> SubjectId {
    id(1_000 + number)
}

pub struct World {
    pub catalog: Catalog,
    pub areas: AreaTree,
    pub actor: Actor,
    pub scope: Option<AreaCode>,
    pub calendar: Calendar,
    pub roles: Roles,
    pub admissions: Admissions,
    pub today: Day,
    pub subjects: BTreeMap<SubjectId, Subject>,
    /// What each event of the last command did: to which record, from which state to which.
    pub walked: Vec<(SubjectId, Option<State>, &'static str, State)>,
    journal: Vec<(SubjectId, Event, Actor)>,
    commands: u128,
}

impl Default for World {
    fn default() -> Self {
        let mut areas = AreaTree::default();
        for code in ["540000000000", "540100000000", PREFECTURE, "542521000000", TOWNSHIP, VILLAGE, ELSEWHERE] {
            areas.insert(area(code), code);
        }
        let catalog =
            Catalog::parse("kinds.toml", KINDS).and_then(|kinds| kinds.with_checklists("checklists.toml", CHECKLISTS));
        let catalog = catalog.unwrap_or_else(|error| panic!("{error}"));
        let (subjects, journal, walked) = (BTreeMap::new(), Vec::new(), Vec::new());
        let calendar = Calendar::parse("calendar.toml", CALENDAR).unwrap_or_else(|error| panic!("{error}"));
        let today = day("2025-09-25");
        let roles = Roles::parse("roles.toml", ROLES, &catalog).unwrap_or_else(|error| panic!("{error}"));
        let (actor, admissions) = (account(1), Admissions::default());
        let mut world = Self {
            catalog,
            areas,
            actor,
            scope: None,
            calendar,
            roles,
            admissions,
            today,
            subjects,
            walked,
            journal,
            commands: 0,
        };
        world.send(GRID_ENTRY, register("grid", GRID, "第一网格")).unwrap();
        world.areas.insert(area(GRID), "第一网格");
        world
    }
}

impl World {
    pub fn command(&mut self, subject: SubjectId, action: Action) -> Command {
        self.commands += 1;
        Command { id: CommandId(id(10_000 + self.commands).0), subject, revision: None, source: None, action }
    }

    /// Decides a command and applies what it became. Gives the events' codes.
    pub fn send(&mut self, subject: SubjectId, action: Action) -> Result<Vec<&'static str>, Refusal> {
        let command = self.command(subject, action);
        self.answer(&command)
    }

    pub fn answer(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let context = Context {
            catalog: &self.catalog,
            areas: &self.areas,
            prefecture: Prefecture::new(area(PREFECTURE)).unwrap(),
            actor: self.actor,
            scope: self.scope,
            today: self.today,
            calendar: &self.calendar,
            roles: &self.roles,
            admissions: &self.admissions,
        };
        let decided = decide(&context, self.subjects.get(&command.subject), &|id| self.subjects.get(&id), command)?;
        let codes = decided.iter().map(|(_, event)| event.code()).collect();
        self.walked.clear();
        for (subject, event) in decided {
            let before = self.subjects.remove(&subject);
            let stood = before.as_ref().map(|subject| subject.state);
            let state = Subject::apply(before, &event, self.actor).expect("a decided event can be applied");
            self.walked.push((subject, stood, event.code(), state.state));
            self.subjects.insert(subject, state);
            self.journal.push((subject, event, self.actor));
        }
        Ok(codes)
    }

    /// The records as a replay of all events gives them, each event read back from its JSON.
    pub fn replayed(&self) -> BTreeMap<SubjectId, Subject> {
        let mut subjects = BTreeMap::new();
        for (id, event, actor) in &self.journal {
            let json = serde_json::to_string(event).unwrap();
            let event: Event = serde_json::from_str(&json).unwrap();
            let state = Subject::apply(subjects.remove(id), &event, *actor).unwrap();
            subjects.insert(*id, state);
        }
        subjects
    }

    pub fn last_event(&self) -> &Event {
        &self.journal.last().unwrap().1
    }

    /// Enters an account of that role in that place, and gives its id.
    pub fn enrol(&mut self, number: u128, role: &str, place: &str) -> SubjectId {
        let mut entry = register("account", place, "某某");
        if let Action::RegisterEntry { fields, .. } = &mut entry {
            fields.insert("role".to_owned(), role.into());
        }
        self.send(account_id(number), entry).unwrap();
        account_id(number)
    }

    pub fn record(&self) -> &Subject {
        &self.subjects[&RECORD]
    }
}

pub fn register(kind: &str, place: &str, name: &str) -> Action {
    Action::RegisterEntry {
        kind: kind.to_owned(),
        area: area(place),
        name: name.to_owned(),
        from: Some(day("2025-01-01")),
        fields: Fields::new(),
        personal: BTreeMap::new(),
    }
}

/// An organisation that is seated on the grid of the world.
pub fn seated() -> Action {
    let mut action = register("organisation", VILLAGE, "党支部");
    if let Action::RegisterEntry { fields, .. } = &mut action {
        fields.insert("grid".to_owned(), GRID_ENTRY.to_string().into());
    }
    action
}

pub fn report(kind: &str) -> Action {
    Action::ReportCase {
        kind: kind.to_owned(),
        area: area(GRID),
        day: day("2025-03-01"),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        personal: BTreeMap::new(),
    }
}

pub fn transcribe(kind: &str, ended: Option<(&str, &str)>) -> Action {
    Action::TranscribeCase {
        kind: kind.to_owned(),
        area: area(GRID),
        day: day("2025-03-01"),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        handler: Some("村委会".to_owned()),
        ended: ended.map(|(on, outcome)| tahuang_domain::command::Ended { day: day(on), outcome: outcome.to_owned() }),
    }
}

pub fn fact() -> Action {
    Action::RecordFact {
        kind: "cards".to_owned(),
        area: area(VILLAGE),
        day: day("2025-03-01"),
        title: "发放联系卡".to_owned(),
        quantity: 20,
        fields: fields(serde_json::json!({ "channel": "sms" })),
    }
}

pub fn activity() -> Action {
    Action::RecordActivity {
        kind: "visit".to_owned(),
        area: area(VILLAGE),
        day: day("2025-03-01"),
        until: Some(day("2025-03-03")),
        title: "入户走访".to_owned(),
        people: Some(4),
        fields: Fields::new(),
    }
}

pub fn supply(direction: tahuang_domain::command::Movement, quantity: i64, movement: u128) -> Action {
    Action::MoveSupply {
        kind: "vest".to_owned(),
        area: area(VILLAGE),
        item: "红马甲".to_owned(),
        unit: "套".to_owned(),
        movement: id(100 + movement),
        direction,
        quantity,
        day: Some(day("2025-03-01")),
        fields: Fields::new(),
    }
}

pub fn assessment() -> Action {
    Action::EnterAssessment {
        kind: "rating".to_owned(),
        area: area(VILLAGE),
        round: "2025".to_owned(),
        organisation: "党支部".to_owned(),
        day: day("2025-03-01"),
        scores: [("组织建设".to_owned(), 9_500), ("服务群众".to_owned(), 9_000)].into(),
        grade: "excellent".to_owned(),
    }
}

pub fn project() -> Action {
    Action::OpenProject {
        kind: "site".to_owned(),
        area: area(VILLAGE),
        name: "示范点".to_owned(),
        day: day("2025-03-01"),
        fields: Fields::new(),
    }
}

pub fn allocate(fen: i64, allocation: u128) -> Action {
    Action::AllocateFunds { allocation: id(200 + allocation), fen, day: day("2025-04-01") }
}

pub fn add_line(kind: &str, line: SubjectId) -> Action {
    Action::AddLine {
        line,
        kind: kind.to_owned(),
        day: day("2025-05-01"),
        area: None,
        fields: Fields::new(),
        personal: BTreeMap::new(),
    }
}

pub fn refuse_row() -> Action {
    Action::RefuseRow {
        area: area(VILLAGE),
        ledger: Some("hazards".to_owned()),
        code: "date_unreadable".to_owned(),
        column: Some("日期".to_owned()),
        message: "日期无法识别".to_owned(),
        cells: sealed(),
    }
}

pub fn correct() -> Action {
    Action::Correct {
        area: None,
        day: None,
        title: Some("更正后的标题".to_owned()),
        quantity: None,
        fields: Fields::new(),
        reason: "录入有误".to_owned(),
    }
}

pub fn withdraw() -> Action {
    Action::Withdraw { reason: "重复".to_owned() }
}

pub fn end(on: &str) -> Action {
    Action::EndEntry { day: day(on), reason: "换届".to_owned() }
}

pub fn erase() -> Action {
    Action::ErasePersonalData { reason: "本人申请".to_owned() }
}

pub fn decline() -> Action {
    Action::DeclineCase { reason: "重复上报".to_owned() }
}

pub fn assign() -> Action {
    assign_to("住建局", None)
}

pub fn assign_to(handler: &str, account: Option<SubjectId>) -> Action {
    Action::AssignCase { handler: handler.to_owned(), account, assisting: Vec::new() }
}

pub fn pause() -> Action {
    Action::PauseCase { reason: "等材料".to_owned() }
}

pub fn finish(on: &str) -> Action {
    Action::FinishCase { day: day(on), note: "已加固".to_owned() }
}

pub fn check(passed: bool) -> Action {
    Action::CheckCase { passed, note: String::new() }
}

pub fn close(on: &str, outcome: &str) -> Action {
    Action::CloseCase { day: day(on), outcome: outcome.to_owned() }
}

pub fn publish() -> Action {
    Action::PublishCase { title: "一副老花镜".to_owned(), text: "村里一位老人读报用".to_owned() }
}

pub fn claim(claimant: &str, unit_id: Option<SubjectId>) -> Action {
    Action::ClaimCase { claimant: claimant.to_owned(), unit_id, account: None, due: None }
}

pub fn release() -> Action {
    Action::ReleaseClaim { reason: "采购困难".to_owned() }
}

pub fn reopen() -> Action {
    Action::ReopenCase { reason: "群众反映未解决".to_owned() }
}

/// A photo, as the door for files attaches it.
pub fn attach(file: SubjectId) -> Action {
    Action::AttachFile {
        file,
        purpose: Purpose::Evidence,
        name: Some("加固后.jpg".to_owned()),
        media_type: MediaType::Jpeg,
        bytes: 120_000,
        hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0".to_owned(),
        item: None,
        key: sealed(),
    }
}

pub fn remove_file(file: SubjectId) -> Action {
    Action::RemoveFile { file, reason: "拍错了".to_owned() }
}

/// A result of an item; what failed opens the case of that id.
pub fn item(code: &str, result: ItemResult, hazard: Option<SubjectId>) -> CheckedItem {
    CheckedItem { item: code.to_owned(), result, note: String::new(), hazard }
}

/// The exits are blocked, the light is broken, and there is no hydrant.
pub fn record_check() -> Action {
    Action::RecordCheck {
        kind: "check_sheet".to_owned(),
        area: area(GRID),
        day: day("2025-09-20"),
        checklist: "fire".to_owned(),
        version: 1,
        place: "多油村甜茶馆".to_owned(),
        unit: "多油村合作社".to_owned(),
        officers: vec!["次仁".to_owned(), "卓玛".to_owned()],
        results: vec![
            item("exits", ItemResult::Failed, Some(EXITS)),
            item("light", ItemResult::Failed, Some(LIGHT)),
            item("hydrant", ItemResult::NotApplicable, None),
        ],
        recheck: Some(day("2025-09-27")),
    }
}

/// The cases that [`record_check`] opens.
pub const EXITS: SubjectId = id(31);
pub const LIGHT: SubjectId = id(32);

pub fn recheck(on: &str, seen: &[(&str, bool)], next: Option<&str>) -> Action {
    let results = seen.iter().map(|(item, passed)| RecheckedItem {
        item: (*item).to_owned(),
        passed: *passed,
        note: String::new(),
    });
    Action::RecheckItems {
        day: day(on),
        officers: vec!["次仁".to_owned(), "卓玛".to_owned()],
        results: results.collect(),
        next: next.map(day),
    }
}

pub fn serve(receipt: Receipt) -> Action {
    Action::ServeNotice { day: day("2025-09-20"), receipt, recipient: sealed(), note: String::new() }
}

/// A drawn signature, as the door for files attaches it.
pub fn signature(file: SubjectId) -> Action {
    let mut action = attach(file);
    if let Action::AttachFile { purpose, media_type, .. } = &mut action {
        (*purpose, *media_type) = (Purpose::Signature, MediaType::Png);
    }
    action
}
