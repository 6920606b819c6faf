//! For every figure: withdrawing one record behind it lowers it by exactly what that record gave, and the figure as of
//! an earlier position stays what it was.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_domain::command::{Ended, Movement};
use tahuang_domain::{Action, Day, Fields, Kind, Shape, State, SubjectId};
use tahuang_figures::{Count, Figure, Measure, Part, Sums};
use tahuang_store::Outcome;
use tahuang_testkit::{Office, PREFECTURE, Random, area};

/// Records of each figure.
const EACH: usize = 3;

const PLACES: [&str; 5] = ["542521100001001", "542521100001", "542521100201", "542526100001001", "542526100001"];

fn accepted(office: &Office, subject: SubjectId, action: Action) {
    let code = action.code();
    let outcome = office.act(subject, action);
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{code}: {outcome:?}");
}

fn some_value(schema: &Value) -> Value {
    match (schema.get("enum"), schema.get("type").and_then(Value::as_str), schema.get("pattern")) {
        (Some(allowed), ..) => allowed[0].clone(),
        (_, Some("integer"), _) => json!(12),
        (_, Some("boolean"), _) => json!(true),
        (_, Some("array"), _) => json!(["甲", "乙"]),
        (.., Some(_)) => json!("2025-03-01"),
        _ => json!("甲"),
    }
}

/// The fields that make a record of this kind count.
fn counting_fields(kind: &Kind, count: &Count, grid: SubjectId) -> Fields {
    let mut fields = Fields::new();
    for field in &kind.form.fields {
        let measured = matches!(&count.measure, Measure::Field(name) | Measure::Items(name) if *name == field.code);
        let wanted = count.conditions.get(&field.code);
        let claimed = count.claimed.as_ref() == Some(&field.code);
        if kind.links.iter().any(|link| link.field == field.code) {
            fields.insert(field.code.clone(), json!(grid.to_string()));
        } else if let Some(allowed) = wanted.filter(|allowed| allowed[0] != "*") {
            fields.insert(field.code.clone(), allowed[0].clone());
        } else if measured || claimed || wanted.is_some() || field.required {
            fields.insert(field.code.clone(), some_value(&field.schema));
        }
    }
    fields
}

/// Enters one record that counts in the figure.
fn enter(office: &Office, figure: &Figure, random: &mut Random, grids: &[SubjectId], number: usize) {
    let count = &figure.count;
    let catalog = &office.app.knowledge().catalog;
    let kind = catalog.kind(&count.kinds[number % count.kinds.len()]).unwrap();
    let subject = office.app.ids().subject();
    let mut place = area(PLACES[random.below(PLACES.len())]);
    let day = Day::new(2025, 1 + random.below(12) as i8, 1 + random.below(28) as i8).unwrap();
    let fields = counting_fields(kind, count, *random.pick(grids));
    let (kind_code, title) = (kind.code.clone(), format!("{}{number}", kind.names.zh));
    let action = match kind.shape {
        Shape::Entry => {
            if kind.is_area {
                place = area(&format!("542521100001{:03}", 100 + random.below(800)));
            }
            let from = Some(day);
            Action::RegisterEntry { kind: kind_code, area: place, name: title, from, fields, personal: BTreeMap::new() }
        }
        Shape::Fact => Action::RecordFact {
            kind: kind_code,
            area: place,
            day,
            title,
            quantity: 1 + random.below(90) as i64,
            fields,
        },
        Shape::Activity => {
            let people = Some(1 + random.below(90) as i64);
            Action::RecordActivity { kind: kind_code, area: place, day, until: None, title, people, fields }
        }
        Shape::Case => {
            let closed = count.states.contains(&State::Closed);
            let outcome = count.outcomes.first().unwrap_or(&kind.outcomes[0].code).clone();
            let ended = closed.then(|| Ended { day: day.plus_days(random.below(60) as i32), outcome });
            Action::TranscribeCase { kind: kind_code, area: place, day, title, fields, handler: None, ended }
        }
        Shape::Stock => Action::MoveSupply {
            kind: kind_code,
            area: place,
            item: title,
            unit: "套".to_owned(),
            movement: office.app.ids().subject(),
            direction: Movement::Received,
            quantity: 1 + random.below(90) as i64,
            day: Some(day),
            fields,
        },
        Shape::Assessment => Action::EnterAssessment {
            kind: kind_code,
            area: place,
            round: "2025".to_owned(),
            organisation: title,
            day,
            scores: BTreeMap::new(),
            grade: count.grades.first().cloned().unwrap_or_else(|| "good".to_owned()),
        },
        Shape::Project => Action::OpenProject { kind: kind_code, area: place, name: title, day, fields },
        Shape::LedgerRow | Shape::Check => panic!("no figure counts refused rows or sheets"),
    };
    accepted(office, subject, action);
    match (&count.measure, kind.shape) {
        (Measure::Lines { kind: line, conditions, .. }, _) if catalog.is_left_by_link(line) => {
            let seated = json!({ "grid": subject.to_string() }).as_object().unwrap().clone();
            let action = Action::RegisterEntry {
                kind: "party_organisation".to_owned(),
                area: area("542521100001"),
                name: format!("党支部{number}"),
                from: Some(day),
                fields: seated,
                personal: BTreeMap::new(),
            };
            assert!(conditions.is_empty());
            accepted(office, office.app.ids().subject(), action);
        }
        (Measure::Lines { kind: line, conditions, .. }, _) => {
            let fields: Fields = conditions.iter().map(|(name, allowed)| (name.clone(), allowed[0].clone())).collect();
            for place in ["542521100001", "542521100201"] {
                let (line, kind) = (office.app.ids().subject(), line.clone());
                accepted(
                    office,
                    subject,
                    Action::AddLine {
                        line,
                        kind,
                        day,
                        area: Some(area(place)),
                        fields: fields.clone(),
                        personal: Default::default(),
                    },
                );
            }
        }
        (Measure::Allocated, _) => {
            let allocation = office.app.ids().subject();
            accepted(
                office,
                subject,
                Action::AllocateFunds { allocation, fen: 100 * (1 + random.below(9) as i64), day },
            );
        }
        (_, Shape::Assessment) => accepted(office, subject, Action::FinaliseAssessment { day: day.plus_days(5) }),
        _ => {}
    }
}

type Board = BTreeMap<String, Sums>;

fn board(office: &Office, place: &str, at: At) -> Board {
    let board = office.app.figures(&Asker::Console, area(place), at).unwrap();
    board.figures.into_iter().map(|value| (value.figure.code.clone(), value.sums)).collect()
}

/// What one subject gives to each figure within an area.
fn given(office: &Office, id: SubjectId, place: &str) -> Board {
    let subject = office.app.subjects(office.prefecture, &[id]).unwrap().remove(0).unwrap();
    let mut given = Board::new();
    let mut once = BTreeSet::new();
    for part in office.app.knowledge().figures.contributions(&subject) {
        if !area(place).contains(part.area) || (part.once && !once.insert(part.figure)) {
            continue;
        }
        let sums = given.entry(part.figure.to_owned()).or_default();
        match part.part {
            Part::Whole => sums.whole += part.amount,
            Part::Denominator => sums.denominator += part.amount,
        }
    }
    given
}

const ASKED: [&str; 4] = [PREFECTURE, "542521000000", "542521100000", "542521100001"];

#[test]
fn a_withdrawn_record_takes_back_exactly_what_it_gave_to_each_of_the_41_figures_and_the_past_stays() {
    let office = Office::new();
    let mut random = Random(2025);
    let grids: Vec<SubjectId> =
        office.app.store().journal(office.prefecture, 12, 6).unwrap().iter().map(|row| row.subject).collect();
    let knowledge = office.app.knowledge();
    for figure in knowledge.figures.printed() {
        for number in 0..EACH {
            enter(&office, figure, &mut random, &grids, number);
        }
    }
    let entered = office.app.store().head(office.prefecture).unwrap().position;
    let whole: Vec<Board> = ASKED.iter().map(|place| board(&office, place, At::Now)).collect();

    let mut fell = 0;
    for figure in knowledge.figures.printed() {
        let records = office
            .app
            .figure_records(&Asker::Console, (&figure.code, Part::Whole), area(PREFECTURE), At::Now, None, 500)
            .unwrap();
        assert!(!records.is_empty(), "{} counts something", figure.code);
        let id = records[random.below(records.len())].row.subject;
        let before: Vec<Board> = ASKED.iter().map(|place| board(&office, place, At::Now)).collect();
        let gave: Vec<Board> = ASKED.iter().map(|place| given(&office, id, place)).collect();
        assert!(gave[0][&figure.code].whole > 0, "{}", figure.code);
        let position = office.app.store().head(office.prefecture).unwrap().position;

        accepted(&office, id, Action::Withdraw { reason: "重复".to_owned() });

        for ((place, before), gave) in ASKED.iter().zip(&before).zip(&gave) {
            let after = board(&office, place, At::Now);
            for (code, sums) in before {
                let own = gave.get(code).copied().unwrap_or_default();
                let expected = Sums { whole: sums.whole - own.whole, denominator: sums.denominator - own.denominator };
                // An organisation that is withdrawn takes its line back from its grid, which then may not be covered.
                if code == "grid_coverage" && gave.contains_key("grid_party_organisations") {
                    assert!((expected.whole - 1..=expected.whole).contains(&after[code].whole));
                    continue;
                }
                assert_eq!(after[code], expected, "{code} in {place} after a record of {} was withdrawn", figure.code);
            }
            assert_eq!(board(&office, place, At::Position(position)), *before, "as of {position} in {place}");
        }
        fell += 1;
    }
    assert_eq!(fell, 41);
    for (place, whole) in ASKED.iter().zip(&whole) {
        assert_eq!(board(&office, place, At::Position(entered)), *whole, "as of {entered} in {place}");
    }
}

fn coverage(office: &Office, at: At) -> (i64, i64) {
    let sums = board(office, PREFECTURE, at)["grid_coverage"];
    (sums.whole, sums.denominator)
}

#[test]
fn the_coverage_of_grids_follows_the_organisations_that_are_seated_on_them() {
    let office = Office::new();
    let grids: Vec<SubjectId> =
        office.app.store().journal(office.prefecture, 12, 6).unwrap().iter().map(|row| row.subject).collect();
    let seat = |grid: SubjectId| {
        let id = office.app.ids().subject();
        let fields = json!({ "grid": grid.to_string() }).as_object().unwrap().clone();
        let action = Action::RegisterEntry {
            kind: "party_organisation".to_owned(),
            area: area("542521100001"),
            name: "党支部".to_owned(),
            from: Some("2025-01-01".parse().unwrap()),
            fields,
            personal: BTreeMap::new(),
        };
        accepted(&office, id, action);
        id
    };
    let end = || Action::EndEntry { day: "2025-06-30".parse().unwrap(), reason: "撤并".to_owned() };
    let withdraw = || Action::Withdraw { reason: "重复".to_owned() };
    let now = || coverage(&office, At::Now);
    let head = || office.app.store().head(office.prefecture).unwrap().position;

    assert_eq!(now(), (0, 6));
    let (first, second, third) = (seat(grids[0]), seat(grids[0]), seat(grids[1]));
    assert_eq!(now(), (2, 6), "two on one grid cover it once");
    let seated = head();
    accepted(&office, first, end());
    assert_eq!(now(), (2, 6), "the other one covers it still");
    accepted(&office, second, end());
    assert_eq!(now(), (1, 6), "the last one ended");
    accepted(&office, third, withdraw());
    assert_eq!(now(), (0, 6), "a withdrawn one never was");
    // Corrected, an organisation goes on covering its grid; ended after that, it does not.
    let fourth = seat(grids[2]);
    let (day, title) = (Some("2025-02-01".parse().unwrap()), Some("第二党支部".to_owned()));
    let reason = "录入有误".to_owned();
    let place = Some(area("542526100001"));
    accepted(
        &office,
        fourth,
        Action::Correct { area: place, day, title, quantity: None, fields: Fields::new(), reason },
    );
    assert_eq!(now(), (1, 6));
    accepted(&office, grids[2], end());
    assert_eq!(now(), (0, 5), "a grid that ended is no grid to cover");
    accepted(&office, fourth, end());
    assert_eq!(now(), (0, 5));
    assert_eq!(coverage(&office, At::Position(seated)), (2, 6), "as it was then");
    let live = office.derived();
    office.app.rebuild(&mut |_| {}).unwrap();
    assert_eq!(office.derived(), live);
}
