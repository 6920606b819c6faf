//! Files on records: given, when, then.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use tahuang_domain::{Action, MediaType, Purpose, Refusal, SubjectId, limits};
use world::*;

fn named(name: &str) -> Action {
    let mut action = attach(FILE);
    if let Action::AttachFile { name: given, .. } = &mut action {
        *given = Some(name.to_owned());
    }
    action
}

fn sized(bytes: u64) -> Action {
    let mut action = attach(FILE);
    if let Action::AttachFile { bytes: given, .. } = &mut action {
        *given = bytes;
    }
    action
}

fn hashed(hash: &str) -> Action {
    let mut action = attach(FILE);
    if let Action::AttachFile { hash: given, .. } = &mut action {
        *given = hash.to_owned();
    }
    action
}

/// What it is about, given, when, then.
type Case = (&'static str, Vec<Action>, Action, Result<&'static str, &'static str>);

#[test]
fn what_may_be_attached_and_removed_and_what_not() {
    let other = id(5);
    let hex = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    let max = limits::FILE_BYTES_MAX;
    let cases: Vec<Case> = vec![
        ("on a case", vec![report("hazard")], attach(FILE), Ok("file_attached")),
        ("on an activity", vec![activity()], attach(FILE), Ok("file_attached")),
        (
            "on a closed case, whose papers come later",
            vec![transcribe("hazard", Some(("2025-03-02", "rectified")))],
            attach(FILE),
            Ok("file_attached"),
        ),
        ("on an entry", vec![register("cadre", VILLAGE, "甲")], attach(FILE), Err("wrong_shape")),
        ("on a fact", vec![fact()], attach(FILE), Err("wrong_shape")),
        (
            "on a stock",
            vec![supply(tahuang_domain::command::Movement::Received, 1, 1)],
            attach(FILE),
            Err("wrong_shape"),
        ),
        ("on an assessment", vec![assessment()], attach(FILE), Err("wrong_shape")),
        ("on a project", vec![project()], attach(FILE), Err("wrong_shape")),
        ("on a refused row", vec![refuse_row()], attach(FILE), Err("wrong_shape")),
        ("on nothing", vec![], attach(FILE), Err("subject_not_found")),
        ("on a withdrawn record", vec![report("hazard"), withdraw()], attach(FILE), Err("subject_withdrawn")),
        ("a second one", vec![report("hazard"), attach(FILE)], attach(other), Ok("file_attached")),
        ("the same again", vec![report("hazard"), attach(FILE)], attach(FILE), Err("file_exists")),
        ("a name of 200", vec![report("hazard")], named(&"长".repeat(200)), Ok("file_attached")),
        ("a longer name", vec![report("hazard")], named(&"长".repeat(201)), Err("text_too_long")),
        ("an empty name", vec![report("hazard")], named(" "), Err("missing_value")),
        ("a name with a folder", vec![report("hazard")], named("a/b.jpg"), Err("field_invalid")),
        ("a name with the other folder", vec![report("hazard")], named("a\\b.jpg"), Err("field_invalid")),
        ("a name of two lines", vec![report("hazard")], named("a\nb.jpg"), Err("field_invalid")),
        ("a name that is turned round", vec![report("hazard")], named("gpj.\u{202e}exe"), Err("field_invalid")),
        ("no bytes", vec![report("hazard")], sized(0), Err("quantity_out_of_range")),
        ("as many bytes as may be", vec![report("hazard")], sized(max), Ok("file_attached")),
        ("one more", vec![report("hazard")], sized(max + 1), Err("quantity_out_of_range")),
        ("a short hash", vec![report("hazard")], hashed(&hex[1..]), Err("field_invalid")),
        ("a hash that is none", vec![report("hazard")], hashed(&hex.replace('6', "g")), Err("field_invalid")),
        ("removed", vec![report("hazard"), attach(FILE)], remove_file(FILE), Ok("file_removed")),
        ("removed, what is not there", vec![report("hazard"), attach(FILE)], remove_file(other), Err("file_not_found")),
        (
            "removed twice",
            vec![report("hazard"), attach(FILE), remove_file(FILE)],
            remove_file(FILE),
            Err("file_not_found"),
        ),
        (
            "removed without a reason",
            vec![report("hazard"), attach(FILE)],
            Action::RemoveFile { file: FILE, reason: String::new() },
            Err("missing_value"),
        ),
        (
            "removed after erasing",
            vec![report("hazard"), attach(FILE), erase()],
            remove_file(FILE),
            Err("file_not_found"),
        ),
        ("attached after erasing", vec![report("hazard"), attach(FILE), erase()], attach(other), Ok("file_attached")),
    ];
    for (what, given, when, then) in cases {
        let mut world = World::default();
        for action in given {
            world.send(RECORD, action).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        }
        let told = world.send(RECORD, when).map_err(|refusal| refusal.code());
        assert_eq!(told, then.map(|event| vec![event]), "{what}");
        assert_eq!(world.subjects, world.replayed(), "{what}: the journal gives the same");
    }
}

#[test]
fn a_record_keeps_what_is_known_of_its_files_until_they_are_removed_or_erased() {
    let mut world = World::default();
    let ids = |world: &World| world.record().files.iter().map(|file| file.id).collect::<Vec<SubjectId>>();
    for action in [report("hazard"), attach(FILE), attach(id(5)), attach(id(6))] {
        world.send(RECORD, action).unwrap();
    }
    let first = &world.record().files[0];
    assert_eq!((first.purpose, first.media_type, first.bytes), (Purpose::Evidence, MediaType::Jpeg, 120_000));
    assert_eq!((first.name.as_deref(), first.key.data.as_str()), (Some("加固后.jpg"), "00"));
    assert_eq!(ids(&world), [FILE, id(5), id(6)]);
    world.send(RECORD, remove_file(id(5))).unwrap();
    assert_eq!(ids(&world), [FILE, id(6)]);
    world.send(RECORD, erase()).unwrap();
    assert_eq!(ids(&world), []);
    assert_eq!(world.subjects, world.replayed());
}

#[test]
fn a_record_has_at_most_forty_files_and_room_again_when_one_is_removed() {
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    for number in 0..40 {
        world.send(RECORD, attach(id(100 + number))).unwrap();
    }
    assert_eq!(world.send(RECORD, attach(FILE)), Err(Refusal::TooManyFiles));
    world.send(RECORD, remove_file(id(100))).unwrap();
    world.send(RECORD, attach(FILE)).unwrap();
    assert_eq!(world.record().files.len(), 40);
}

#[test]
fn a_record_without_files_is_written_as_before_there_were_any() {
    let mut world = World::default();
    world.send(RECORD, report("hazard")).unwrap();
    let written = serde_json::to_value(world.record()).unwrap();
    assert!(written.get("files").is_none(), "{written}");
    let read: tahuang_domain::Subject = serde_json::from_value(written).unwrap();
    assert_eq!(read, *world.record());
}

#[test]
fn purposes_and_media_types_are_written_as_their_codes() {
    for purpose in Purpose::ALL {
        assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.code());
    }
    for media_type in [MediaType::Jpeg, MediaType::Png, MediaType::Webp, MediaType::Pdf] {
        assert_eq!(serde_json::to_value(media_type).unwrap(), media_type.name());
    }
}

#[test]
fn work_that_needs_evidence_is_done_when_it_is_attached() {
    let mut world = World::default();
    for action in [report("damage"), assign(), Action::TakeCaseInHand] {
        world.send(RECORD, action).unwrap();
    }
    assert_eq!(world.send(RECORD, finish("2025-03-10")), Err(Refusal::EvidenceMissing));
    let as_reported = |mut action: Action| {
        if let Action::AttachFile { purpose, .. } = &mut action {
            *purpose = Purpose::Report;
        }
        action
    };
    world.send(RECORD, as_reported(attach(id(6)))).unwrap();
    assert_eq!(world.send(RECORD, finish("2025-03-10")), Err(Refusal::EvidenceMissing), "how it was is not how it is");
    let mut evidence = attach(FILE);
    if let Action::AttachFile { purpose, .. } = &mut evidence {
        *purpose = Purpose::Evidence;
    }
    world.send(RECORD, evidence).unwrap();
    assert_eq!(world.send(RECORD, finish("2025-03-10")), Ok(vec!["case_finished"]));
}
