//! Personal data stands open nowhere, and when it is erased nobody reads it again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use tahuang_app::Asker;
use tahuang_domain::{Action, Event, PersonalValue, Sealed, SubjectId};
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area, command};

const PHONE: &str = "19912345678";

fn posting(phone: &str, place: &str) -> Action {
    Action::RegisterEntry {
        kind: "posting".to_owned(),
        area: area(place),
        name: "某某".to_owned(),
        from: None,
        fields: json!({ "role": "first_secretary" }).as_object().unwrap().clone(),
        personal: [("phone".to_owned(), PersonalValue::Open(phone.to_owned()))].into(),
    }
}

fn refuse_row(phone: &str) -> Action {
    Action::RefuseRow {
        area: area("542521100001"),
        ledger: None,
        code: "date_unreadable".to_owned(),
        column: None,
        message: "日期无法识别".to_owned(),
        cells: PersonalValue::Open(format!("[[\"电话\",\"{phone}\"]]")),
    }
}

fn erase() -> Action {
    Action::ErasePersonalData { reason: "本人申请".to_owned() }
}

fn accepted(outcome: Outcome) {
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

/// The files of the folder that hold these bytes anywhere.
fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| std::fs::read(file).unwrap().windows(needle.len()).any(|window| window == needle))
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// Every sealed value that the journal holds of a subject.
fn sealed_in_journal(office: &Office, id: SubjectId) -> Vec<Sealed> {
    let view = office.app.record(&Asker::Console, id).unwrap();
    let events = view.history.into_iter().map(|entry| entry.record.event);
    events
        .flat_map(|event| match event {
            Event::EntryRegistered { sealed, .. } => sealed.into_values().collect(),
            Event::RowRefused { cells, .. } => vec![cells],
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn what_was_sealed_stands_open_nowhere_in_the_file_or_its_log() {
    let office = Office::new();
    let id = office.app.ids().subject();
    accepted(office.act(id, posting(PHONE, "542521100001")));
    accepted(office.act(office.app.ids().subject(), refuse_row(PHONE)));
    // Typed into the wrong field, refused, and in commands that come to nothing.
    for wrong in [
        json!({ "role": "first_secretary", "phone": PHONE }),
        json!({ "role": PHONE }),
        json!({ "role": "first_secretary", "sex": PHONE }),
    ] {
        let mut action = posting(PHONE, "542521100001");
        if let Action::RegisterEntry { fields, .. } = &mut action {
            *fields = wrong.as_object().unwrap().clone();
        }
        assert!(matches!(office.act(office.app.ids().subject(), action), Outcome::Refused { .. }));
    }
    assert!(matches!(office.act(office.app.ids().subject(), posting(PHONE, "542529000000")), Outcome::Refused { .. }));
    office.app.index_all().unwrap();
    assert_eq!(files_with(office.folder.path(), PHONE.as_bytes()), Vec::<String>::new());
    assert!(!files_with(office.folder.path(), "第一网格".as_bytes()).is_empty(), "what is no secret is found this way");

    let subject = office.app.subjects(office.prefecture, &[id]).unwrap().remove(0).unwrap();
    let opened = office.app.unseal(office.prefecture, id, &subject.sealed["phone"]).unwrap();
    assert_eq!(opened.as_deref(), Some(PHONE));
}

#[test]
fn erased_data_is_read_by_nobody_and_the_journal_still_verifies() {
    let office = Office::new();
    let (id, neighbour) = (office.app.ids().subject(), office.app.ids().subject());
    accepted(office.act(id, posting(PHONE, "542521100001")));
    accepted(office.act(neighbour, posting("18800001111", "542521100001")));
    let wrapped = office.app.store().seal_key(office.prefecture, id).unwrap().unwrap();
    let sealed = sealed_in_journal(&office, id);
    assert_eq!(sealed.len(), 1);
    assert!(!files_with(office.folder.path(), &wrapped).is_empty());

    accepted(office.act(id, erase()));
    assert!(office.app.subjects(office.prefecture, &[id]).unwrap()[0].as_ref().unwrap().sealed.is_empty());
    assert_eq!(office.app.store().seal_key(office.prefecture, id).unwrap(), None);
    assert_eq!(sealed_in_journal(&office, id), sealed, "the journal is what it was");
    assert_eq!(office.app.unseal(office.prefecture, id, &sealed[0]).unwrap(), None);
    // The key is gone from the pages and the log too, so not even the master key helps.
    assert_eq!(files_with(office.folder.path(), &wrapped), Vec::<String>::new());
    let theirs = sealed_in_journal(&office, neighbour);
    assert_eq!(office.app.unseal(office.prefecture, neighbour, &theirs[0]).unwrap().as_deref(), Some("18800001111"));

    let intact =
        |office: &Office| assert_eq!(office.app.verify(office.prefecture, &mut |_| {}).unwrap().first_bad, None);
    intact(&office);
    let live = office.derived();
    office.app.rebuild(&mut |_| {}).unwrap();
    assert_eq!(office.derived(), live, "a rebuild does not bring it back");
    intact(&office);
}

#[test]
fn the_data_of_a_withdrawn_record_is_erased_on_request() {
    let office = Office::new();
    let id = office.app.ids().subject();
    accepted(office.act(id, posting(PHONE, "542521100001")));
    accepted(office.act(id, Action::Withdraw { reason: "重复".to_owned() }));
    accepted(office.act(id, erase()));
    assert_eq!(office.app.unseal(office.prefecture, id, &sealed_in_journal(&office, id)[0]).unwrap(), None);
}

#[test]
fn what_comes_again_in_the_batch_that_erased_it_is_sealed_under_a_new_key() {
    let office = Office::new();
    let id = office.app.ids().subject();
    accepted(office.act(id, refuse_row(PHONE)));
    let before = office.app.store().seal_key(office.prefecture, id).unwrap().unwrap();
    let send = |action| command(office.app.ids(), id, action);
    for outcome in office.submit(vec![send(erase()), send(refuse_row("18800001111"))]) {
        accepted(outcome);
    }
    let after = office.app.store().seal_key(office.prefecture, id).unwrap().unwrap();
    assert_ne!(before, after);
    assert_eq!(files_with(office.folder.path(), &before), Vec::<String>::new());
    let sealed = sealed_in_journal(&office, id);
    assert!(office.app.unseal(office.prefecture, id, &sealed[0]).is_err(), "the first does not open with the new key");
    let opened = office.app.unseal(office.prefecture, id, &sealed[1]).unwrap().unwrap();
    assert!(opened.contains("18800001111"));
    // And erased in the same batch in which it came, it leaves no key at all.
    for outcome in office.submit(vec![send(refuse_row(PHONE)), send(erase())]) {
        accepted(outcome);
    }
    assert_eq!(office.app.store().seal_key(office.prefecture, id).unwrap(), None);
}

#[test]
fn a_refused_command_leaves_no_key_behind() {
    let office = Office::new();
    let (nowhere, erased) = (office.app.ids().subject(), office.app.ids().subject());
    assert!(matches!(office.act(nowhere, posting(PHONE, "542529000000")), Outcome::Refused { .. }));
    assert_eq!(office.app.store().seal_key(office.prefecture, nowhere).unwrap(), None);
    // Nor does one on a record whose key was erased.
    accepted(office.act(erased, posting(PHONE, "542521100001")));
    accepted(office.act(erased, erase()));
    let again = Action::RegisterEntry {
        kind: "posting".to_owned(),
        area: area("542521100001"),
        name: "某某".to_owned(),
        from: None,
        fields: Default::default(),
        personal: BTreeMap::from([("phone".to_owned(), PersonalValue::Open(PHONE.to_owned()))]),
    };
    assert!(matches!(office.act(erased, again), Outcome::Refused { .. }));
    assert_eq!(office.app.store().seal_key(office.prefecture, erased).unwrap(), None);
}
