//! Of several refusals that apply, the one that stands first in the list of `Refusal` is given.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use serde_json::json;
use tahuang_domain::command::Movement;
use tahuang_domain::{Action, Command, Fields, PersonalValue, Refusal, State};
use world::*;

/// What makes a good command a bad one, and the refusal it alone earns.
type Fault = (&'static str, fn(&mut World, &mut Command));

/// Any two faults together, and each with all that rank below it, give the refusal of the higher one.
fn the_first_wins(good: &dyn Fn() -> (World, Command), faults: &[Fault]) {
    let (mut world, command) = good();
    assert!(world.answer(&command).is_ok(), "{}: without faults it is accepted", command.action.code());
    let told = |spoilt: &[Fault]| {
        let (mut world, mut command) = good();
        // From the lowest rank up, so that a fault of the record's existence is not undone by a later one.
        for (_, spoil) in spoilt.iter().rev() {
            spoil(&mut world, &mut command);
        }
        world.answer(&command).expect_err("a spoilt command is refused").code()
    };
    let rank = |code: &str| Refusal::CODES.iter().position(|known| *known == code).unwrap();
    for (index, fault) in faults.iter().enumerate() {
        assert_eq!(told(&[*fault]), fault.0, "alone");
        assert_eq!(told(&faults[index..]), fault.0, "with all below it");
        for lower in &faults[index + 1..] {
            assert!(rank(fault.0) < rank(lower.0), "{} stands before {}", fault.0, lower.0);
            assert_eq!(told(&[*fault, *lower]), fault.0, "before {}", lower.0);
        }
    }
}

fn after(given: Vec<Action>, when: Action) -> (World, Command) {
    let mut world = World::default();
    for action in given {
        world.send(RECORD, action).unwrap();
    }
    let command = world.command(RECORD, when);
    (world, command)
}

fn withdrawn(world: &mut World, _: &mut Command) {
    world.subjects.get_mut(&RECORD).unwrap().withdrawn = true;
}

fn old_revision(_: &mut World, command: &mut Command) {
    command.revision = Some(99);
}

fn taken_id(world: &mut World, _: &mut Command) {
    let other = world.subjects[&GRID_ENTRY].clone();
    world.subjects.insert(RECORD, other);
}

fn gone(world: &mut World, _: &mut Command) {
    world.subjects.remove(&RECORD);
}

fn in_state(world: &mut World, state: State) {
    world.subjects.get_mut(&RECORD).unwrap().state = state;
}

fn kind_of(command: &mut Command) -> &mut String {
    match &mut command.action {
        Action::RegisterEntry { kind, .. }
        | Action::RecordFact { kind, .. }
        | Action::RecordActivity { kind, .. }
        | Action::ReportCase { kind, .. }
        | Action::TranscribeCase { kind, .. }
        | Action::MoveSupply { kind, .. }
        | Action::EnterAssessment { kind, .. }
        | Action::OpenProject { kind, .. } => kind,
        other => panic!("{}", other.code()),
    }
}

fn place_of(command: &mut Command) -> &mut tahuang_domain::AreaCode {
    match &mut command.action {
        Action::RegisterEntry { area, .. }
        | Action::RecordFact { area, .. }
        | Action::RecordActivity { area, .. }
        | Action::ReportCase { area, .. }
        | Action::TranscribeCase { area, .. }
        | Action::MoveSupply { area, .. }
        | Action::EnterAssessment { area, .. }
        | Action::OpenProject { area, .. }
        | Action::RefuseRow { area, .. } => area,
        other => panic!("{}", other.code()),
    }
}

fn fields_of(command: &mut Command) -> &mut Fields {
    match &mut command.action {
        Action::RegisterEntry { fields, .. }
        | Action::RecordFact { fields, .. }
        | Action::RecordActivity { fields, .. }
        | Action::ReportCase { fields, .. }
        | Action::TranscribeCase { fields, .. }
        | Action::MoveSupply { fields, .. }
        | Action::OpenProject { fields, .. }
        | Action::AddLine { fields, .. }
        | Action::Correct { fields, .. } => fields,
        other => panic!("{}", other.code()),
    }
}

const UNKNOWN_KIND: Fault = ("unknown_kind", |_, command| *kind_of(command) = "club".to_owned());
const UNKNOWN_AREA: Fault = ("unknown_area", |_, command| *place_of(command) = area(NO_AREA));
const OUTSIDE: Fault = ("outside_prefecture", |_, command| *place_of(command) = area(ELSEWHERE));
const FIELD_INVALID: Fault =
    ("field_invalid", |_, command| _ = fields_of(command).insert("colour".to_owned(), json!("red")));
const SUBJECT_EXISTS: Fault = ("subject_exists", taken_id);
const SUBJECT_NOT_FOUND: Fault = ("subject_not_found", gone);
const WITHDRAWN: Fault = ("subject_withdrawn", withdrawn);
const OLD_REVISION: Fault = ("revision_conflict", old_revision);

/// A kind and an area can only be wrong in one way at a time, so those are told apart in rows of their own.
fn opening(good: &dyn Fn() -> (World, Command), rest: &[Fault]) {
    let wrong_shape: Fault = ("wrong_shape", |_, command| {
        let other = if kind_of(command) == "cards" { "visit" } else { "cards" };
        *kind_of(command) = other.to_owned();
    });
    for kind in [UNKNOWN_KIND, wrong_shape] {
        for place in [UNKNOWN_AREA, OUTSIDE] {
            the_first_wins(good, &[&[SUBJECT_EXISTS, kind, place], rest].concat());
        }
    }
}

#[test]
fn registering_an_entry() {
    opening(
        &|| after(vec![], seated()),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::RegisterEntry { name, .. } = &mut command.action {
                    name.clear();
                }
            }),
            ("quantity_out_of_range", |_, command| {
                _ = fields_of(command).insert("members".to_owned(), json!(i64::MAX))
            }),
            ("personal_data_open", |_, command| _ = fields_of(command).insert("phone".to_owned(), json!("199"))),
            ("personal_field_unknown", |_, command| {
                if let Action::RegisterEntry { personal, .. } = &mut command.action {
                    personal.insert("belief".to_owned(), sealed());
                }
            }),
            ("line_exists", |world, _| {
                let line = tahuang_domain::Event::LineAdded {
                    line: RECORD,
                    kind: "seat".to_owned(),
                    day: None,
                    area: None,
                    fields: Fields::new(),
                    sealed: Default::default(),
                    until: None,
                    answers: None,
                };
                let grid = world.subjects.remove(&GRID_ENTRY);
                let grid = tahuang_domain::Subject::apply(grid, &line, world.actor).unwrap();
                world.subjects.insert(GRID_ENTRY, grid);
            }),
        ],
    );
}

#[test]
fn registering_a_grid() {
    let good = || after(vec![], register("grid", "542521100001002", "第二网格"));
    let place = |code: &'static str| -> Command {
        let (_, mut command) = good();
        *place_of(&mut command) = area(code);
        command
    };
    let told = |command: &Command| World::default().answer(command).unwrap_err().code();
    // Neither its village exists, nor does it lie in this prefecture.
    assert_eq!(told(&place("540121100001001")), "unknown_area");
    assert_eq!(told(&place(GRID)), "area_exists");
    assert_eq!(told(&place("542526000000")), "field_invalid");
}

#[test]
fn recording_a_fact() {
    opening(
        &|| after(vec![], fact()),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| _ = fields_of(command).remove("channel")),
            ("text_too_long", |_, command| {
                if let Action::RecordFact { title, .. } = &mut command.action {
                    *title = "长".repeat(401);
                }
            }),
            ("quantity_out_of_range", |_, command| {
                if let Action::RecordFact { quantity, .. } = &mut command.action {
                    *quantity = -1;
                }
            }),
            ("personal_data_open", |_, command| _ = fields_of(command).insert("phone".to_owned(), json!("199"))),
        ],
    );
}

#[test]
fn recording_an_activity() {
    opening(
        &|| after(vec![], activity()),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::RecordActivity { title, .. } = &mut command.action {
                    title.clear();
                }
            }),
            ("quantity_out_of_range", |_, command| {
                if let Action::RecordActivity { people, .. } = &mut command.action {
                    *people = Some(-1);
                }
            }),
            ("finished_before_found", |_, command| {
                if let Action::RecordActivity { until, .. } = &mut command.action {
                    *until = Some(day("2025-02-01"));
                }
            }),
        ],
    );
}

#[test]
fn reporting_a_case() {
    opening(
        &|| after(vec![], report("hazard")),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::ReportCase { title, .. } = &mut command.action {
                    title.clear();
                }
            }),
            ("quantity_out_of_range", |_, command| _ = fields_of(command).insert("count".to_owned(), json!(i64::MAX))),
            ("personal_data_open", |_, command| {
                if let Action::ReportCase { personal, .. } = &mut command.action {
                    personal.insert("phone".to_owned(), PersonalValue::Open("199".to_owned()));
                }
            }),
            ("personal_field_unknown", |_, command| {
                if let Action::ReportCase { personal, .. } = &mut command.action {
                    personal.insert("belief".to_owned(), sealed());
                }
            }),
        ],
    );
}

#[test]
fn transcribing_a_case_from_a_ledger() {
    the_first_wins(
        &|| after(vec![transcribe("wish", None)], transcribe("wish", Some(("2025-04-01", "fulfilled")))),
        &[
            SUBJECT_EXISTS,
            WITHDRAWN,
            OLD_REVISION,
            UNKNOWN_AREA,
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::TranscribeCase { handler, .. } = &mut command.action {
                    *handler = Some(String::new());
                }
            }),
            ("text_too_long", |_, command| {
                if let Action::TranscribeCase { title, .. } = &mut command.action {
                    *title = "长".repeat(401);
                }
            }),
            ("finished_before_found", |_, command| {
                if let Action::TranscribeCase { ended: Some(ended), .. } = &mut command.action {
                    ended.day = day("2025-02-01");
                }
            }),
            ("step_not_open", |world, _| in_state(world, State::Closed)),
            ("unknown_outcome", |_, command| {
                if let Action::TranscribeCase { ended: Some(ended), .. } = &mut command.action {
                    ended.outcome = "rectified".to_owned();
                }
            }),
        ],
    );
}

#[test]
fn steps_of_a_case() {
    let until_done =
        || vec![report("hazard"), Action::AcceptCase, assign(), Action::TakeCaseInHand, finish("2025-03-10")];
    let common = [SUBJECT_NOT_FOUND, WITHDRAWN, OLD_REVISION];
    let not_open: Fault = ("step_not_open", |world, _| in_state(world, State::Paused));
    let wrong_shape: Fault = ("wrong_shape", |world, _| {
        let fact = {
            let mut other = World::default();
            other.send(RECORD, fact()).unwrap();
            other.record().clone()
        };
        let known = world.subjects.get(&RECORD).cloned();
        let withdrawn = known.as_ref().is_some_and(|subject| subject.withdrawn);
        if known.is_some() {
            world.subjects.insert(RECORD, tahuang_domain::Subject { withdrawn, ..fact });
        }
    });
    the_first_wins(
        &|| {
            let (mut world, command) = after(until_done(), check(true));
            world.actor = account(2);
            (world, command)
        },
        &[
            &common[..],
            &[
                ("text_too_long", |_, command| {
                    if let Action::CheckCase { note, .. } = &mut command.action {
                        *note = "长".repeat(2_001);
                    }
                }),
                not_open,
                ("checker_is_handler", |world, _| world.actor = account(1)),
            ],
        ]
        .concat(),
    );
    the_first_wins(
        &|| after([until_done(), vec![]].concat(), close("2025-03-10", "rectified")).checked(),
        &[
            &common[..],
            &[
                ("finished_before_found", |_, command| {
                    if let Action::CloseCase { day: on, .. } = &mut command.action {
                        *on = day("2025-03-09");
                    }
                }),
                not_open,
                ("unknown_outcome", |_, command| {
                    if let Action::CloseCase { outcome, .. } = &mut command.action {
                        *outcome = "fulfilled".to_owned();
                    }
                }),
            ],
        ]
        .concat(),
    );
    the_first_wins(
        &|| after(until_done()[..4].to_vec(), finish("2025-03-10")),
        &[
            SUBJECT_NOT_FOUND,
            ("text_too_long", |_, command| {
                if let Action::FinishCase { note, .. } = &mut command.action {
                    *note = "长".repeat(2_001);
                }
            }),
            ("finished_before_found", |_, command| {
                if let Action::FinishCase { day: on, .. } = &mut command.action {
                    *on = day("2025-02-01");
                }
            }),
            not_open,
        ],
    );
    for action in [decline(), assign(), pause(), reopen()] {
        let state = match action {
            Action::PauseCase { .. } => State::InHand,
            Action::ReopenCase { .. } => State::Closed,
            _ => State::Accepted,
        };
        the_first_wins(
            &|| {
                let (mut world, command) = after(vec![report("hazard")], action.clone());
                in_state(&mut world, state);
                (world, command)
            },
            &[
                &common[..],
                &[
                    wrong_shape,
                    ("missing_value", |_, command| match &mut command.action {
                        Action::DeclineCase { reason }
                        | Action::PauseCase { reason }
                        | Action::ReopenCase { reason } => reason.clear(),
                        Action::AssignCase { handler, .. } => handler.clear(),
                        _ => unreachable!(),
                    }),
                    not_open,
                ],
            ]
            .concat(),
        );
    }
}

trait Checked {
    fn checked(self) -> Self;
}

impl Checked for (World, Command) {
    fn checked(mut self) -> Self {
        in_state(&mut self.0, State::Checked);
        self
    }
}

#[test]
fn ending_an_entry() {
    the_first_wins(
        &|| after(vec![register("cadre", VILLAGE, "某某")], end("2025-06-30")),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("missing_value", |_, command| {
                if let Action::EndEntry { reason, .. } = &mut command.action {
                    reason.clear();
                }
            }),
            ("finished_before_found", |_, command| {
                if let Action::EndEntry { day: on, .. } = &mut command.action {
                    *on = day("2024-01-01");
                }
            }),
            ("already_ended", |world, _| in_state(world, State::Ended)),
        ],
    );
}

#[test]
fn lines_of_an_entry() {
    let cadre = || vec![register("cadre", VILLAGE, "某某")];
    let existing: Fault = ("line_exists", |world, _| {
        if world.subjects.contains_key(&RECORD) {
            world.send(RECORD, add_line("course_result", LINE)).unwrap();
        }
    });
    the_first_wins(
        &|| after(cadre(), add_line("course_result", LINE)),
        &[
            SUBJECT_NOT_FOUND,
            OLD_REVISION,
            ("unknown_kind", |_, command| {
                if let Action::AddLine { kind, .. } = &mut command.action {
                    *kind = "seat".to_owned();
                }
            }),
            ("unknown_area", |_, command| {
                if let Action::AddLine { area: at, .. } = &mut command.action {
                    *at = Some(area(NO_AREA));
                }
            }),
            ("field_invalid", |_, command| _ = fields_of(command).insert("points".to_owned(), json!(0.5))),
            existing,
        ],
    );
    let drop_line = || Action::WithdrawLine { line: LINE, reason: "记错".to_owned() };
    the_first_wins(
        &|| after([cadre(), vec![add_line("course_result", LINE)]].concat(), drop_line()),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("missing_value", |_, command| {
                if let Action::WithdrawLine { reason, .. } = &mut command.action {
                    reason.clear();
                }
            }),
            ("line_not_found", |_, command| {
                if let Action::WithdrawLine { line, .. } = &mut command.action {
                    *line = id(98);
                }
            }),
        ],
    );
}

#[test]
fn moving_supplies() {
    opening(
        &|| after(vec![], supply(Movement::Received, 10, 1)),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::MoveSupply { item, .. } = &mut command.action {
                    item.clear();
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![supply(Movement::Received, 10, 1)], supply(Movement::Issued, 5, 2)),
        &[
            SUBJECT_EXISTS,
            WITHDRAWN,
            OLD_REVISION,
            UNKNOWN_AREA,
            ("field_invalid", |_, command| {
                if let Action::MoveSupply { unit, .. } = &mut command.action {
                    *unit = "箱".to_owned();
                }
            }),
            ("text_too_long", |_, command| {
                if let Action::MoveSupply { item, .. } = &mut command.action {
                    *item = "长".repeat(401);
                }
            }),
            ("line_exists", |_, command| {
                if let Action::MoveSupply { movement, .. } = &mut command.action {
                    *movement = id(101);
                }
            }),
            ("stock_too_small", |_, command| {
                if let Action::MoveSupply { quantity, .. } = &mut command.action {
                    *quantity = 11;
                }
            }),
        ],
    );
}

#[test]
fn assessments_and_projects() {
    opening(
        &|| after(vec![], assessment()),
        &[
            ("missing_value", |_, command| {
                if let Action::EnterAssessment { grade, .. } = &mut command.action {
                    grade.clear();
                }
            }),
            ("text_too_long", |_, command| {
                if let Action::EnterAssessment { organisation, .. } = &mut command.action {
                    *organisation = "长".repeat(401);
                }
            }),
            ("quantity_out_of_range", |_, command| {
                if let Action::EnterAssessment { scores, .. } = &mut command.action {
                    scores.insert("扣分".to_owned(), -1);
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![assessment()], Action::FinaliseAssessment { day: day("2025-03-06") }),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("finished_before_found", |_, command| {
                command.action = Action::FinaliseAssessment { day: day("2025-02-01") }
            }),
            ("already_ended", |world, _| in_state(world, State::Final)),
        ],
    );
    opening(
        &|| after(vec![], project()),
        &[
            FIELD_INVALID,
            ("missing_value", |_, command| {
                if let Action::OpenProject { name, .. } = &mut command.action {
                    name.clear();
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![project(), allocate(5, 1)], allocate(7, 2)),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("quantity_out_of_range", |_, command| {
                if let Action::AllocateFunds { fen, .. } = &mut command.action {
                    *fen = -1;
                }
            }),
            ("line_exists", |_, command| {
                if let Action::AllocateFunds { allocation, .. } = &mut command.action {
                    *allocation = id(201);
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![project()], Action::CompleteProject { day: day("2025-06-01") }),
        &[
            SUBJECT_NOT_FOUND,
            ("finished_before_found", |_, command| command.action = Action::CompleteProject { day: day("2025-02-01") }),
            ("already_ended", |world, _| in_state(world, State::Completed)),
        ],
    );
}

#[test]
fn correcting_and_withdrawing() {
    let spoilt_field: Fault =
        ("field_invalid", |_, command| _ = fields_of(command).insert("colour".to_owned(), json!("red")));
    the_first_wins(
        &|| after(vec![activity()], correct()),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("unknown_area", |_, command| {
                if let Action::Correct { area: to, .. } = &mut command.action {
                    *to = Some(area(NO_AREA));
                }
            }),
            spoilt_field,
            ("missing_value", |_, command| {
                if let Action::Correct { reason, .. } = &mut command.action {
                    reason.clear();
                }
            }),
            ("text_too_long", |_, command| {
                if let Action::Correct { title, .. } = &mut command.action {
                    *title = Some("长".repeat(401));
                }
            }),
            ("quantity_out_of_range", |_, command| {
                if let Action::Correct { quantity, .. } = &mut command.action {
                    *quantity = Some(-1);
                }
            }),
            ("finished_before_found", |_, command| {
                if let Action::Correct { day: on, .. } = &mut command.action {
                    *on = Some(day("2025-12-01"));
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![fact()], withdraw()),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("missing_value", |_, command| command.action = Action::Withdraw { reason: String::new() }),
        ],
    );
    the_first_wins(
        &|| after(vec![fact()], erase()),
        &[
            SUBJECT_NOT_FOUND,
            OLD_REVISION,
            ("missing_value", |_, command| command.action = Action::ErasePersonalData { reason: String::new() }),
        ],
    );
}

#[test]
fn refused_rows() {
    the_first_wins(
        &|| after(vec![refuse_row()], refuse_row()),
        &[
            SUBJECT_EXISTS,
            WITHDRAWN,
            OLD_REVISION,
            UNKNOWN_AREA,
            ("personal_data_open", |_, command| {
                if let Action::RefuseRow { cells, .. } = &mut command.action {
                    *cells = PersonalValue::Open("[]".to_owned());
                }
            }),
        ],
    );
    the_first_wins(
        &|| after(vec![refuse_row()], Action::SetRowAside { reason: "合计行".to_owned() }),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("missing_value", |_, command| command.action = Action::SetRowAside { reason: String::new() }),
            ("step_not_open", |world, _| in_state(world, State::Fixed)),
        ],
    );
}

fn attaching(command: &mut Command) -> (&mut Option<String>, &mut u64, &mut String, &mut PersonalValue) {
    match &mut command.action {
        Action::AttachFile { name, bytes, hash, key, .. } => (name, bytes, hash, key),
        other => panic!("{}", other.code()),
    }
}

#[test]
fn attaching_a_file() {
    let wrong_shape: Fault = ("wrong_shape", |world, _| {
        world.subjects.get_mut(&RECORD).unwrap().body = world.subjects[&GRID_ENTRY].body.clone();
    });
    the_first_wins(
        &|| after(vec![report("hazard")], attach(FILE)),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            wrong_shape,
            ("field_invalid", |_, command| attaching(command).2.make_ascii_uppercase()),
            ("text_too_long", |_, command| *attaching(command).0 = Some("长".repeat(201))),
            ("quantity_out_of_range", |_, command| *attaching(command).1 = 0),
            ("personal_data_open", |_, command| *attaching(command).3 = PersonalValue::Open("00".to_owned())),
            ("too_many_files", |world, _| {
                let files = &mut world.subjects.get_mut(&RECORD).unwrap().files;
                files.extend((files.len() as u128..40).map(|number| some_file(id(300 + number))));
            }),
            ("file_exists", |world, _| world.subjects.get_mut(&RECORD).unwrap().files.insert(0, some_file(FILE))),
        ],
    );
}

#[test]
fn removing_a_file() {
    the_first_wins(
        &|| after(vec![report("hazard"), attach(FILE)], remove_file(FILE)),
        &[
            SUBJECT_NOT_FOUND,
            WITHDRAWN,
            OLD_REVISION,
            ("missing_value", |_, command| {
                if let Action::RemoveFile { reason, .. } = &mut command.action {
                    reason.clear();
                }
            }),
            ("file_not_found", |world, _| world.subjects.get_mut(&RECORD).unwrap().files.clear()),
        ],
    );
}

fn some_file(file: tahuang_domain::SubjectId) -> tahuang_domain::Attachment {
    let (mut world, _) = after(vec![report("hazard")], attach(file));
    world.send(RECORD, attach(file)).unwrap();
    world.record().files[0].clone()
}
