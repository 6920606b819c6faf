//! What one subject gives, for every way of measuring, and how corrections and withdrawals take it back.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::json;
use tahuang_domain::command::{Movement, Satisfaction, Solved};
use tahuang_domain::{Actor, Catalog, Day, Event, Fields, Subject, SubjectId};
use tahuang_figures::{CellDeltas, Change, Contribution, FigureSet, Grain, Part};

const KINDS: &str = r#"
[[kind]]
code = "cadre"
shape = "entry"
name = { zh-CN = "村干部", en = "Cadre" }
[[kind.field]]
code = "sex"
name = { zh-CN = "性别", en = "Sex" }
[[kind.line]]
code = "course"
name = { zh-CN = "测评", en = "Course" }

[[kind]]
code = "unit"
shape = "entry"
name = { zh-CN = "单位", en = "Unit" }
[[kind.line]]
code = "registration"
name = { zh-CN = "报到", en = "Registration" }

[[kind]]
code = "cards"
shape = "fact"
name = { zh-CN = "联系卡", en = "Cards" }
[[kind.field]]
code = "theme"
name = { zh-CN = "主题", en = "Theme" }

[[kind]]
code = "visit"
shape = "activity"
name = { zh-CN = "走访", en = "Visit" }

[[kind]]
code = "hazard"
shape = "case"
name = { zh-CN = "隐患", en = "Hazard" }
[[kind.field]]
code = "people"
name = { zh-CN = "人次", en = "People" }
schema = { type = "integer" }
[[kind.field]]
code = "owners"
name = { zh-CN = "责任人", en = "Owners" }
schema = { type = "array", items = { type = "string" } }
[[kind.outcome]]
code = "rectified"
name = { zh-CN = "已整改", en = "Rectified" }
[[kind.outcome]]
code = "moved"
name = { zh-CN = "已移交", en = "Handed over" }

[[kind]]
code = "vest"
shape = "stock"
name = { zh-CN = "红马甲", en = "Vest" }

[[kind]]
code = "rating"
shape = "assessment"
name = { zh-CN = "考核", en = "Rating" }

[[kind]]
code = "site"
shape = "project"
name = { zh-CN = "示范点", en = "Site" }
"#;

/// A figure that counts `count`, with the words that every figure needs.
fn figure(code: &str, count: &str, more: &str) -> String {
    format!(
        "[[figure]]\ncode = \"{code}\"\ngroup = \"all\"\nlevel = \"prefecture\"\n\
         name = {{ zh-CN = \"甲\", en = \"A\" }}\nunit = {{ zh-CN = \"个\", en = \"each\" }}\n\
         definition = {{ zh-CN = \"甲\", en = \"A\" }}\n{more}[figure.count]\n{count}\n"
    )
}

const GROUP: &str = "[[group]]\ncode = \"all\"\nname = { zh-CN = \"全部\", en = \"All\" }\n";

fn figures(all: &[(&str, &str)]) -> FigureSet {
    let text: String =
        std::iter::once(GROUP.to_owned()).chain(all.iter().map(|(code, count)| figure(code, count, ""))).collect();
    set(&text)
}

fn set(text: &str) -> FigureSet {
    let catalog = Catalog::parse("kinds.toml", KINDS).unwrap();
    FigureSet::parse("figures.toml", text, &catalog).unwrap_or_else(|error| panic!("{error}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn fields(value: serde_json::Value) -> Fields {
    value.as_object().unwrap().clone()
}

fn id(number: u128) -> SubjectId {
    SubjectId(uuid_of(number))
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number)
}

fn lived(events: &[Event]) -> Subject {
    events.iter().fold(None, |state, event| Subject::apply(state, event, Actor::Console)).unwrap()
}

const VILLAGE: &str = "542521100001";
const OTHER: &str = "542526100001";

/// (figure, part, area, day, amount) of each contribution.
type Given = (&'static str, i64, &'static str, &'static str, i64);

fn gives(set: &FigureSet, events: &[Event]) -> Vec<(String, i64, String, String, i64)> {
    let mut found: Vec<_> = set
        .contributions(&lived(events))
        .iter()
        .map(|given| {
            let day = given.day.map(|day| day.to_string()).unwrap_or_default();
            (given.figure.to_owned(), given.part.number(), given.area.to_string(), day, given.amount)
        })
        .collect();
    found.sort();
    found
}

fn holds(set: &FigureSet, table: &[(&str, Vec<Event>, Vec<Given>)]) {
    for (sentence, events, given) in table {
        let expected: Vec<_> = given
            .iter()
            .map(|(figure, part, area, day, amount)| {
                ((*figure).to_owned(), *part, (*area).to_owned(), (*day).to_owned(), *amount)
            })
            .collect();
        assert_eq!(gives(set, events), expected, "{sentence}");
        let withdrawn = [events.clone(), vec![Event::Withdrawn { reason: "重复".to_owned() }]].concat();
        assert_eq!(gives(set, &withdrawn), [], "{sentence}: withdrawn, it gives nothing");
    }
}

fn cadre() -> Event {
    Event::EntryRegistered {
        kind: "cadre".to_owned(),
        area: VILLAGE.parse().unwrap(),
        name: "某某".to_owned(),
        from: Some(day("2025-01-01")),
        fields: fields(json!({ "sex": "female" })),
        sealed: Default::default(),
    }
}

fn line(number: u128, kind: &str, on: Option<&str>, at: Option<&str>, what: serde_json::Value) -> Event {
    Event::LineAdded {
        line: id(number),
        kind: kind.to_owned(),
        day: on.map(day),
        area: at.map(|at| at.parse().unwrap()),
        fields: fields(what),
        sealed: Default::default(),
        until: None,
        answers: None,
    }
}

fn unline(number: u128) -> Event {
    Event::LineWithdrawn { line: id(number), reason: "记错".to_owned() }
}

fn ended() -> Event {
    Event::EntryEnded { day: day("2025-12-31"), reason: "离任".to_owned() }
}

fn fact(quantity: i64) -> Event {
    Event::FactRecorded {
        kind: "cards".to_owned(),
        area: VILLAGE.parse().unwrap(),
        day: day("2025-03-01"),
        title: "发放".to_owned(),
        quantity,
        fields: fields(json!({ "theme": "flood" })),
    }
}

fn visit(people: Option<i64>) -> Event {
    Event::ActivityRecorded {
        kind: "visit".to_owned(),
        area: VILLAGE.parse().unwrap(),
        day: day("2025-03-01"),
        until: None,
        title: "走访".to_owned(),
        people,
        fields: Fields::new(),
    }
}

fn hazard(what: serde_json::Value) -> Event {
    Event::CaseReported {
        kind: "hazard".to_owned(),
        area: VILLAGE.parse().unwrap(),
        day: day("2025-03-01"),
        title: "电杆倾斜".to_owned(),
        fields: fields(what),
        sealed: Default::default(),
        due: None,
    }
}

fn closed(on: &str, outcome: &str) -> Event {
    Event::CaseClosed { day: day(on), outcome: outcome.to_owned(), transcribed: true }
}

fn reopened() -> Event {
    Event::CaseReopened { reason: "未解决".to_owned(), due: None }
}

fn corrected(area: Option<&str>, on: Option<&str>, quantity: Option<i64>, what: serde_json::Value) -> Event {
    Event::Corrected {
        area: area.map(|area| area.parse().unwrap()),
        day: on.map(day),
        title: None,
        quantity,
        fields: fields(what),
        reason: "更正".to_owned(),
    }
}

#[test]
fn one_counts_each_subject_in_its_states_and_under_its_conditions() {
    let set = figures(&[
        ("any", "kinds = [\"cadre\", \"cards\"]"),
        ("active", "kinds = [\"cadre\"]\nstates = [\"active\"]"),
        ("women", "kinds = [\"cadre\"]\nwhere = { sex = [\"female\"] }"),
        ("known", "kinds = [\"cadre\"]\nwhere = { sex = [\"*\"] }"),
    ]);
    let all = |names: &[&'static str]| -> Vec<Given> {
        names.iter().map(|name| (*name, 0, VILLAGE, "2025-01-01", 1)).collect()
    };
    holds(
        &set,
        &[
            ("an active one counts", vec![cadre()], all(&["active", "any", "known", "women"])),
            ("one that ended is not active", vec![cadre(), ended()], all(&["any", "known", "women"])),
            (
                "the condition is no longer met",
                vec![cadre(), corrected(None, None, None, json!({ "sex": "male" }))],
                all(&["active", "any", "known"]),
            ),
            (
                "the field was taken out",
                vec![cadre(), corrected(None, None, None, json!({ "sex": null }))],
                all(&["active", "any"]),
            ),
            (
                "another area and day",
                vec![cadre(), corrected(Some(OTHER), Some("2025-02-02"), None, json!({ "sex": null }))],
                vec![("active", 0, OTHER, "2025-02-02", 1), ("any", 0, OTHER, "2025-02-02", 1)],
            ),
            ("another kind", vec![fact(3)], vec![("any", 0, VILLAGE, "2025-03-01", 1)]),
            ("a kind that counts nowhere", vec![visit(None)], vec![]),
        ],
    );
}

#[test]
fn what_is_claimed_counts_whether_here_or_by_a_ledger_and_no_more_once_the_claim_is_given_back() {
    let set = figures(&[("claimed", "kinds = [\"hazard\"]\nclaimed = \"owners\"")]);
    let counted = || vec![("claimed", 0, VILLAGE, "2025-03-01", 1)];
    let claimed = || Event::CaseClaimed {
        claim: SubjectId(uuid::Uuid::from_u128(9)),
        day: day("2025-03-02"),
        claimant: "水利局".to_owned(),
        unit_id: None,
        account: None,
        due: day("2025-03-20"),
    };
    let released = || Event::ClaimReleased { day: day("2025-03-21"), reason: String::new(), due: None };
    holds(
        &set,
        &[
            ("by nobody", vec![hazard(json!({}))], vec![]),
            ("by a ledger", vec![hazard(json!({ "owners": ["水利局"] }))], counted()),
            ("here", vec![hazard(json!({})), claimed()], counted()),
            ("given back", vec![hazard(json!({})), claimed(), released()], vec![]),
        ],
    );
}

#[test]
fn quantities_people_fields_and_items_are_summed() {
    let set = figures(&[
        ("cards", "kinds = [\"cards\"]\nmeasure = \"quantity\""),
        ("heads", "kinds = [\"visit\"]\nmeasure = \"people\""),
        ("mobilised", "kinds = [\"hazard\"]\nmeasure = { field = \"people\" }"),
        ("owners", "kinds = [\"hazard\"]\nmeasure = { items = \"owners\" }"),
    ]);
    let on = "2025-03-01";
    holds(
        &set,
        &[
            ("a quantity", vec![fact(120)], vec![("cards", 0, VILLAGE, on, 120)]),
            (
                "a corrected quantity",
                vec![fact(120), corrected(None, None, Some(12), json!({}))],
                vec![("cards", 0, VILLAGE, on, 12)],
            ),
            ("corrected to nothing", vec![fact(120), corrected(None, None, Some(0), json!({}))], vec![]),
            ("people", vec![visit(Some(7))], vec![("heads", 0, VILLAGE, on, 7)]),
            ("people not counted", vec![visit(None)], vec![]),
            (
                "people counted later",
                vec![visit(None), corrected(None, None, Some(4), json!({}))],
                vec![("heads", 0, VILLAGE, on, 4)],
            ),
            ("a number in a field", vec![hazard(json!({ "people": 30 }))], vec![("mobilised", 0, VILLAGE, on, 30)]),
            ("no number there", vec![hazard(json!({}))], vec![]),
            (
                "items, each once",
                vec![hazard(json!({ "owners": ["甲", "乙", "甲"] }))],
                vec![("owners", 0, VILLAGE, on, 2)],
            ),
            (
                "an item was added",
                vec![
                    hazard(json!({ "owners": ["甲"] })),
                    corrected(None, None, None, json!({ "owners": ["甲", "乙"] })),
                ],
                vec![("owners", 0, VILLAGE, on, 2)],
            ),
            ("no items", vec![hazard(json!({ "owners": [] }))], vec![]),
        ],
    );
}

#[test]
fn cases_count_in_their_states_and_outcomes_and_on_the_day_of_closing() {
    let set = figures(&[
        ("reported", "kinds = [\"hazard\"]"),
        ("rectified", "kinds = [\"hazard\"]\nstates = [\"closed\"]\noutcomes = [\"rectified\"]\nday = \"closed\""),
    ]);
    let open: Given = ("reported", 0, VILLAGE, "2025-03-01", 1);
    let done = |on: &'static str| -> Given { ("rectified", 0, VILLAGE, on, 1) };
    holds(
        &set,
        &[
            ("an open case", vec![hazard(json!({}))], vec![open]),
            (
                "a closed case",
                vec![hazard(json!({})), closed("2025-04-02", "rectified")],
                vec![done("2025-04-02"), open],
            ),
            ("closed with another outcome", vec![hazard(json!({})), closed("2025-04-02", "moved")], vec![open]),
            ("opened again", vec![hazard(json!({})), closed("2025-04-02", "rectified"), reopened()], vec![open]),
            (
                "closed again, on another day",
                vec![
                    hazard(json!({})),
                    closed("2025-04-02", "rectified"),
                    reopened(),
                    closed("2025-05-05", "rectified"),
                ],
                vec![done("2025-05-05"), open],
            ),
        ],
    );
}

#[test]
fn lines_are_picked_each_any_latest_or_by_place() {
    let lines = |pick: &str, more: &str| {
        format!("kinds = [\"cadre\"]\nmeasure = {{ lines = {{ kind = \"course\", {more}pick = \"{pick}\" }} }}")
    };
    let passed = "where = { passed = [true] }, ";
    let (each, any, latest) = (lines("each", ""), lines("any", passed), lines("latest", passed));
    let set = figures(&[("each", &each), ("passed_ever", &any), ("passed_last", &latest)]);
    let course =
        |number, on: &'static str, passed: bool| line(number, "course", Some(on), None, json!({ "passed": passed }));
    let given = |figure: &'static str, on: &'static str| -> Given { (figure, 0, VILLAGE, on, 1) };
    let (first, second) = ("2025-04-01", "2025-06-01");
    holds(
        &set,
        &[
            ("no line", vec![cadre()], vec![]),
            ("failed", vec![cadre(), course(1, first, false)], vec![given("each", first)]),
            (
                "failed, then passed",
                vec![cadre(), course(1, first, false), course(2, second, true)],
                vec![
                    given("each", first),
                    given("each", second),
                    given("passed_ever", second),
                    given("passed_last", second),
                ],
            ),
            (
                "passed, then failed",
                vec![cadre(), course(1, first, true), course(2, second, false)],
                vec![given("each", first), given("each", second), given("passed_ever", first)],
            ),
            (
                "entered in the other order, the day decides",
                vec![cadre(), course(2, second, false), course(1, first, true)],
                vec![given("each", first), given("each", second), given("passed_ever", first)],
            ),
            (
                "two on one day, the later entered decides",
                vec![cadre(), course(1, first, false), course(2, first, true)],
                vec![
                    given("each", first),
                    given("each", first),
                    given("passed_ever", first),
                    given("passed_last", first),
                ],
            ),
            (
                "the failed one was a mistake",
                vec![cadre(), course(1, first, true), course(2, second, false), unline(2)],
                vec![given("each", first), given("passed_ever", first), given("passed_last", first)],
            ),
            (
                "a line of another kind",
                vec![cadre(), line(1, "other", Some(first), None, json!({ "passed": true }))],
                vec![],
            ),
            (
                "a line elsewhere counts there, the person at home",
                vec![cadre(), line(1, "course", Some(first), Some(OTHER), json!({ "passed": true }))],
                vec![("each", 0, OTHER, first, 1), given("passed_ever", first), given("passed_last", first)],
            ),
            ("a line without a day", vec![cadre(), line(1, "course", None, None, json!({}))], vec![given("each", "")]),
        ],
    );
}

#[test]
fn a_subject_that_counts_by_place_counts_once_in_each_place_and_once_above_them() {
    let set = figures(&[(
        "units",
        "kinds = [\"unit\"]\nmeasure = { lines = { kind = \"registration\", pick = \"places\" } }",
    )]);
    let unit = || Event::EntryRegistered {
        kind: "unit".to_owned(),
        area: "542521000000".parse().unwrap(),
        name: "水利局".to_owned(),
        from: None,
        fields: Fields::new(),
        sealed: Default::default(),
    };
    let at =
        |number, on: &'static str, place: &'static str| line(number, "registration", Some(on), Some(place), json!({}));
    let next_door = "542521100002";
    holds(
        &set,
        &[
            ("reported nowhere", vec![unit()], vec![]),
            (
                "to one village",
                vec![unit(), at(1, "2025-04-01", VILLAGE)],
                vec![("units", 0, VILLAGE, "2025-04-01", 1)],
            ),
            (
                "to the same village twice",
                vec![unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-05-01", VILLAGE)],
                vec![("units", 0, VILLAGE, "2025-04-01", 1)],
            ),
            (
                "to two villages",
                vec![unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-03-01", next_door)],
                vec![("units", 0, VILLAGE, "2025-04-01", 1), ("units", 0, next_door, "2025-03-01", 1)],
            ),
            (
                "the second was a mistake",
                vec![unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-03-01", next_door), unline(2)],
                vec![("units", 0, VILLAGE, "2025-04-01", 1)],
            ),
        ],
    );
    // In cells: one in each village, one in the township, the county, the prefecture and the region, on the earliest day.
    let cells = |events: &[Event]| -> Vec<(String, i64, i64)> {
        let counting = cells_of(&set, events).into_iter().filter(|(_, amount, _)| *amount != 0);
        counting.map(|((area, _, _, month), amount, _)| (area, month, amount)).collect()
    };
    let expected: Vec<(String, i64, i64)> = ["540000000000", "542500000000", "542521000000", "542521100000"]
        .into_iter()
        .map(|area| (area.to_owned(), 202_503, 1))
        .chain([(VILLAGE.to_owned(), 202_504, 1), (next_door.to_owned(), 202_503, 1)])
        .collect();
    assert_eq!(cells(&[unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-03-01", next_door)]), expected);
    let moved: Vec<(String, i64, i64)> = ["540000000000", "542500000000", "542521000000", "542521100000", VILLAGE]
        .into_iter()
        .map(|area| (area.to_owned(), 202_504, 1))
        .collect();
    let taken_back = [unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-03-01", next_door), unline(2)];
    assert_eq!(cells(&taken_back), moved, "what the earlier place gave above them is given by the other one now");
    // Each of its places can be opened and looked at, on the day of that place.
    let records = cells_of(&set, &[unit(), at(1, "2025-04-01", VILLAGE), at(2, "2025-03-01", next_door)]);
    let county: Vec<(i64, i64)> = records
        .into_iter()
        .filter(|((area, ..), ..)| area == "542521000000")
        .map(|((.., month), _, records)| (month, records))
        .collect();
    assert_eq!(county, [(202_503, 1), (202_504, 1)]);
}

#[test]
fn stocks_assessments_and_projects_count_what_was_received_graded_and_allocated() {
    let set = figures(&[
        ("vests", "kinds = [\"vest\"]\nmeasure = \"received\""),
        ("excellent", "kinds = [\"rating\"]\nstates = [\"final\"]\ngrades = [\"excellent\"]"),
        ("sites", "kinds = [\"site\"]"),
        ("money", "kinds = [\"site\"]\nmeasure = \"allocated\""),
    ]);
    let opened = Event::StockOpened {
        kind: "vest".to_owned(),
        area: VILLAGE.parse().unwrap(),
        item: "红马甲".to_owned(),
        unit: "套".to_owned(),
        fields: Fields::new(),
    };
    let moved = |number, direction, quantity, on: Option<&str>| Event::SupplyMoved {
        movement: id(number),
        direction,
        quantity,
        day: on.map(day),
    };
    let rated = |grade: &str| Event::AssessmentEntered {
        kind: "rating".to_owned(),
        area: VILLAGE.parse().unwrap(),
        round: "2025".to_owned(),
        organisation: "党支部".to_owned(),
        day: day("2025-05-01"),
        scores: Default::default(),
        grade: grade.to_owned(),
    };
    let last = Event::AssessmentFinalised { day: day("2025-05-06") };
    let site = Event::ProjectOpened {
        kind: "site".to_owned(),
        area: VILLAGE.parse().unwrap(),
        name: "示范点".to_owned(),
        day: day("2025-05-01"),
        fields: Fields::new(),
    };
    let money = |number, fen, on: &str| Event::FundsAllocated { allocation: id(number), fen, day: day(on) };
    holds(
        &set,
        &[
            ("nothing received", vec![opened.clone()], vec![]),
            (
                "received twice, issued once, counted once",
                vec![
                    opened.clone(),
                    moved(1, Movement::Received, 30, Some("2025-01-01")),
                    moved(2, Movement::Issued, 5, Some("2025-01-02")),
                    moved(3, Movement::Received, 20, None),
                    moved(4, Movement::Counted, 7, None),
                ],
                vec![("vests", 0, VILLAGE, "", 20), ("vests", 0, VILLAGE, "2025-01-01", 30)],
            ),
            ("entered only", vec![rated("excellent")], vec![]),
            (
                "excellent and final",
                vec![rated("excellent"), last.clone()],
                vec![("excellent", 0, VILLAGE, "2025-05-01", 1)],
            ),
            ("good and final", vec![rated("good"), last.clone()], vec![]),
            (
                "a site with money",
                vec![site.clone(), money(1, 500, "2025-06-01"), money(2, 700, "2025-07-01")],
                vec![
                    ("money", 0, VILLAGE, "2025-06-01", 500),
                    ("money", 0, VILLAGE, "2025-07-01", 700),
                    ("sites", 0, VILLAGE, "2025-05-01", 1),
                ],
            ),
            (
                "a site of which the area was wrong",
                vec![site, money(1, 500, "2025-06-01"), corrected(Some(OTHER), None, None, json!({}))],
                vec![("money", 0, OTHER, "2025-06-01", 500), ("sites", 0, OTHER, "2025-05-01", 1)],
            ),
        ],
    );
}

#[test]
fn a_ratio_has_two_parts() {
    let ratio = |pick: &str, more: &str| {
        format!("kinds = [\"cadre\"]\nmeasure = {{ lines = {{ kind = \"course\", {more}pick = \"{pick}\" }} }}")
    };
    let text = GROUP.to_owned()
        + &figure("pass_rate", &ratio("latest", "where = { passed = [true] }, "), "decimals = 1\n")
        + "[figure.denominator]\n"
        + &ratio("latest", "");
    let set = set(&text);
    let course =
        |number, on: &'static str, passed: bool| line(number, "course", Some(on), None, json!({ "passed": passed }));
    holds(
        &set,
        &[
            ("not assessed", vec![cadre()], vec![]),
            ("failed", vec![cadre(), course(1, "2025-04-01", false)], vec![("pass_rate", 1, VILLAGE, "2025-04-01", 1)]),
            (
                "passed",
                vec![cadre(), course(1, "2025-04-01", true)],
                vec![("pass_rate", 0, VILLAGE, "2025-04-01", 1), ("pass_rate", 1, VILLAGE, "2025-04-01", 1)],
            ),
        ],
    );
    let rate = set.get("pass_rate").unwrap();
    let printed = |whole, denominator| rate.value(tahuang_figures::Sums { whole, denominator });
    assert_eq!(printed(2, 3).as_deref(), Some("66.7"));
    assert_eq!(printed(0, 3).as_deref(), Some("0.0"));
    assert_eq!(printed(0, 0), None, "there is nothing to say");
}

#[test]
fn money_is_kept_in_fen_and_printed_in_yuan() {
    let text = GROUP.to_owned() + &figure("money", "kinds = [\"site\"]\nmeasure = \"allocated\"", "money = true\n");
    let set = set(&text);
    let money = set.get("money").unwrap();
    for (fen, printed) in [(0, "0"), (100, "1"), (180_000_000, "1800000"), (150, "1.50"), (5, "0.05")] {
        assert_eq!(money.value(tahuang_figures::Sums { whole: fen, denominator: 0 }).as_deref(), Some(printed));
        assert_eq!(money.amount(fen), printed);
    }
}

/// Area, grain, part and period of a cell.
type Cell = (String, bool, i64, i64);

/// The month cells after events that came one by one, folded into one batch; each with its amount and its records.
fn cells_of(set: &FigureSet, events: &[Event]) -> Vec<(Cell, i64, i64)> {
    fold(set, events).into_iter().filter(|((_, by_day, ..), ..)| !by_day).collect()
}

fn fold(set: &FigureSet, events: &[Event]) -> Vec<(Cell, i64, i64)> {
    let mut deltas = CellDeltas::default();
    let mut state: Option<Subject> = None;
    for event in events {
        let given = |state: &Option<Subject>| -> Vec<Contribution<'_>> {
            let mut given = state.as_ref().map(|subject| set.contributions(subject)).unwrap_or_default();
            given.sort_unstable();
            given
        };
        let before = given(&state);
        state = Subject::apply(state, event, Actor::Console);
        let after = given(&state);
        let change = Change {
            closed: before.iter().filter(|old| !after.contains(old)).cloned().collect(),
            opened: after.iter().filter(|new| !before.contains(new)).cloned().collect(),
        };
        deltas.fold(&change, &before, &after);
    }
    deltas
        .into_sorted()
        .into_iter()
        .map(|(key, change)| {
            let cell = (key.area.to_string(), key.grain == Grain::Day, key.part.number(), key.period);
            (cell, change.amount, change.records)
        })
        .collect()
}

#[test]
fn cells_are_by_month_everywhere_and_by_day_from_the_county_up() {
    let set = figures(&[("cards", "kinds = [\"cards\"]\nmeasure = \"quantity\"")]);
    let cells = fold(&set, &[fact(120)]);
    let expected: Vec<(Cell, i64, i64)> = [
        ("540000000000", false, 202_503),
        ("540000000000", true, 20_250_301),
        ("542500000000", false, 202_503),
        ("542500000000", true, 20_250_301),
        ("542521000000", false, 202_503),
        ("542521000000", true, 20_250_301),
        ("542521100000", false, 202_503),
        (VILLAGE, false, 202_503),
    ]
    .into_iter()
    .map(|(area, by_day, period)| ((area.to_owned(), by_day, Part::Whole.number(), period), 120, 1))
    .collect();
    assert_eq!(cells, expected);
}

#[test]
fn what_comes_and_goes_within_one_batch_leaves_no_cell() {
    let set = figures(&[("cards", "kinds = [\"cards\"]\nmeasure = \"quantity\"")]);
    let gone = [fact(120), corrected(None, None, Some(30), json!({})), Event::Withdrawn { reason: "重复".to_owned() }];
    assert_eq!(fold(&set, &gone), []);
    let moved = [fact(120), corrected(Some(OTHER), None, None, json!({}))];
    let areas: Vec<String> = cells_of(&set, &moved).into_iter().map(|((area, ..), ..)| area).collect();
    assert_eq!(areas, ["540000000000", "542500000000", "542526000000", "542526100000", OTHER]);
}

/// A hazard that was answered in time, closed, and revisited with this word.
fn revisited(solved: Solved) -> Vec<Event> {
    let due = Some(day("2025-03-04"));
    vec![
        Event::CaseReported {
            kind: "hazard".to_owned(),
            area: VILLAGE.parse().unwrap(),
            day: day("2025-03-01"),
            title: "电杆倾斜".to_owned(),
            fields: Fields::new(),
            sealed: Default::default(),
            due,
        },
        Event::CaseAccepted { due, late: false },
        Event::CaseClosed { day: day("2025-03-08"), outcome: "rectified".to_owned(), transcribed: false },
        Event::CaseDrawn { draw: id(5) },
        Event::CaseRevisited { solved: Some(solved), satisfaction: Satisfaction::Unrated, note: String::new(), due },
    ]
}

#[test]
fn a_case_counts_in_a_rate_by_the_marks_that_it_bears_until_an_appeal_takes_them_out() {
    let ratio = |code: &str, above: &str, below: &str| {
        let counted = |rated: &str| format!("kinds = [\"*\"]\nrated = [{rated}]\n");
        format!("{}[figure.denominator]\n{}", figure(code, &counted(above), ""), counted(below))
    };
    let text = [
        GROUP.to_owned(),
        ratio("responded", "\"responded_in_time\"", "\"responded_in_time\", \"responded_late\""),
        ratio("solved", "\"resolved\"", "\"resolved\", \"unresolved\""),
        ratio("false", "\"falsely_closed\"", "\"truly_closed\", \"falsely_closed\""),
        figure("excluded", "kinds = [\"*\"]\nrated = [\"excluded\"]", ""),
    ];
    let set = set(&text.concat());
    let both = |code| [(code, 0, VILLAGE, "2025-03-01", 1), (code, 1, VILLAGE, "2025-03-01", 1)];
    let below = |code| (code, 1, VILLAGE, "2025-03-01", 1);
    let appeal = |granted| {
        let appealed = Event::RatingAppealed { office: VILLAGE.parse().unwrap(), reason: "另有诉求".to_owned() };
        let decided = Event::AppealDecided { granted, reason: "已核实".to_owned() };
        [revisited(Solved::Unresolved), vec![appealed, decided]].concat()
    };
    let unsolved = || [both("false").to_vec(), both("responded").to_vec(), vec![below("solved")]].concat();
    holds(
        &set,
        &[
            (
                "solved and truly closed",
                revisited(Solved::Resolved),
                [vec![below("false")], both("responded").to_vec(), both("solved").to_vec()].concat(),
            ),
            ("closed and not solved", revisited(Solved::Unresolved), unsolved()),
            ("an appeal that was not granted", appeal(false), unsolved()),
            (
                "out of both sides, and counted as that",
                appeal(true),
                [vec![("excluded", 0, VILLAGE, "2025-03-01", 1)], both("responded").to_vec()].concat(),
            ),
        ],
    );
}
