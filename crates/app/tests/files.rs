//! Files of records: on disk before they are acknowledged, readable by nobody once they are erased.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tahuang_app::files::{AttachError, FileFault, NewFile, OpenFileError, copy_files};
use tahuang_app::{App, Asker, Clock, Ids as _, MasterKey, QueryError, SealError};
use tahuang_domain::{Action, Event, Fields, Grant, MediaType, PersonalValue, Purpose, Sealed, Subject, SubjectId};
use tahuang_journal::Record;
use tahuang_store::{FilePlace, Outcome, StoreError};
use tahuang_testkit::{MemoryFiles, Office, PLACE_OF_PHOTOGRAPH, SeededIds, area, command, photograph};

const GRID: &str = "542521100001001";
const OTHER_GRID: &str = "542526100001001";

fn case(office: &Office, place: &str) -> SubjectId {
    let id = office.app.ids().subject();
    let action = Action::ReportCase {
        kind: "hazard".to_owned(),
        area: area(place),
        day: "2025-08-01".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: Fields::new(),
        personal: Default::default(),
    };
    accepted(office.act(id, action));
    id
}

fn accepted(outcome: Outcome) {
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

fn new(office: &Office, bytes: &[u8]) -> NewFile {
    let command = office.app.ids().command();
    NewFile { command, purpose: Purpose::Evidence, name: None, item: None, bytes: bytes.to_vec() }
}

fn attach(office: &Office, subject: SubjectId, bytes: &[u8]) -> SubjectId {
    file_of(&office.app.attach(&Asker::Console, subject, &new(office, bytes)).unwrap())
}

fn file_of(record: &Record) -> SubjectId {
    let Event::FileAttached { file, .. } = &record.event else { panic!("{record:?}") };
    *file
}

fn place(office: &Office, subject: SubjectId, file: SubjectId) -> FilePlace {
    FilePlace { prefecture: office.prefecture, subject, file }
}

fn state(office: &Office, subject: SubjectId) -> Subject {
    office.app.subjects(office.prefecture, &[subject]).unwrap().remove(0).unwrap()
}

/// Every file on disk, with its path.
fn on_disk(office: &Office) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![office.folder.path().join("files")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn opened(office: &Office, subject: SubjectId, file: SubjectId) -> Result<Vec<u8>, OpenFileError> {
    office.app.open_file(&Asker::Console, subject, file).map(|opened| opened.bytes)
}

fn verified(office: &Office) -> Vec<(SubjectId, FileFault)> {
    let (journal, files) = office.app.verify_with_files(office.prefecture, &mut |_| {}).unwrap();
    assert_eq!(journal.first_bad, None);
    files.faults.into_iter().map(|(place, fault)| (place.file, fault)).collect()
}

#[test]
fn an_acknowledged_file_is_on_disk_encrypted_and_opens_without_what_the_camera_added() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let photo = photograph("before");
    assert!(photo.windows(PLACE_OF_PHOTOGRAPH.len()).any(|window| window == PLACE_OF_PHOTOGRAPH));
    let mut sent = new(&office, &photo);
    sent.name = Some("加固后.jpg".to_owned());
    let record = office.app.attach(&Asker::Console, subject, &sent).unwrap();
    let file = file_of(&record);
    let disk = on_disk(&office);
    assert_eq!(disk.len(), 1);
    assert!(disk[0].ends_with(format!("{subject}/{file}")), "{disk:?}");
    let kept = std::fs::read(&disk[0]).unwrap();
    assert!(kept.starts_with(b"tahuang file sm4-gcm\n"), "the file names its cipher");
    assert!(!kept.windows(6).any(|window| window == b"before"), "it is encrypted");

    let got = office.app.open_file(&Asker::Console, subject, file).unwrap();
    assert_eq!(got.attachment, state(&office, subject).files[0]);
    assert_eq!((got.attachment.media_type, got.attachment.name.as_deref()), (MediaType::Jpeg, Some("加固后.jpg")));
    assert_eq!(got.attachment.bytes, got.bytes.len() as u64);
    assert!(got.bytes.windows(6).any(|window| window == b"before"));
    assert!(!got.bytes.windows(PLACE_OF_PHOTOGRAPH.len()).any(|window| window == PLACE_OF_PHOTOGRAPH));
    assert_eq!(verified(&office), []);
}

#[test]
fn the_journal_names_the_hash_of_the_file_and_no_key_that_opens_it() {
    let office = Office::new();
    let subject = case(&office, GRID);
    // A paper is kept byte for byte; its hash is what openssl says.
    let paper = b"%PDF-1.7\n%%EOF\n";
    let record = office.app.attach(&Asker::Console, subject, &new(&office, paper)).unwrap();
    let Event::FileAttached { hash, key, bytes, .. } = &record.event else { panic!() };
    assert_eq!((hash.as_str(), *bytes), ("6002b025f6a0781e26ea6516cb431762a9f0e291b014de945364489e62714e0f", 15));
    let opened = office.app.unseal(office.prefecture, subject, key).unwrap().unwrap();
    assert_eq!(opened.len(), 32);
    let database = std::fs::read(office.folder.path().join("tahuang.db")).unwrap();
    let log = std::fs::read(office.folder.path().join("tahuang.db-wal")).unwrap_or_default();
    for bytes in [database, log] {
        assert!(!bytes.windows(32).any(|window| window == opened.as_bytes()), "the key stands open nowhere");
    }
}

#[test]
fn erased_with_its_record_a_file_is_gone_and_a_copy_of_it_opens_no_more_and_the_chain_verifies() {
    let office = Office::new();
    let (subject, neighbour) = (case(&office, GRID), case(&office, GRID));
    let (file, other) = (attach(&office, subject, &photograph("a")), attach(&office, neighbour, &photograph("b")));
    let copy = std::fs::read(on_disk(&office).iter().find(|path| path.ends_with(file.to_string())).unwrap()).unwrap();
    let Event::FileAttached { key, .. } =
        office.app.record(&Asker::Console, subject).unwrap().history.pop().unwrap().record.event
    else {
        panic!()
    };
    accepted(office.act(subject, Action::ErasePersonalData { reason: "本人申请".to_owned() }));
    assert_eq!(on_disk(&office).len(), 1, "the neighbour's alone is left");
    assert_eq!(state(&office, subject).files, []);
    assert_eq!(opened(&office, subject, file), Err(QueryError::NotFound.into()));
    // Put back from a copy, with the event that names its key: nobody has the key to the key.
    office.app.files().put(place(&office, subject, file), &copy).unwrap();
    assert_eq!(office.app.unseal(office.prefecture, subject, &key).unwrap(), None);
    assert!(opened(&office, neighbour, other).is_ok());
    assert_eq!(verified(&office), [], "what was erased is not missed");
    let live = office.derived();
    office.app.rebuild(&mut |_| {}).unwrap();
    assert_eq!(office.derived(), live);
    // And what is attached later has a key of its own again.
    let later = attach(&office, subject, &photograph("c"));
    assert!(opened(&office, subject, later).is_ok());
    assert!(matches!(office.app.unseal(office.prefecture, subject, &key), Err(SealError::WrongKey)));
}

#[test]
fn a_removed_file_is_gone_from_record_and_disk_and_its_event_stays() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let (wrong, right) = (attach(&office, subject, &photograph("a")), attach(&office, subject, &photograph("b")));
    accepted(office.act(subject, Action::RemoveFile { file: wrong, reason: "拍错了".to_owned() }));
    assert_eq!(state(&office, subject).files.iter().map(|file| file.id).collect::<Vec<_>>(), [right]);
    assert_eq!(on_disk(&office).len(), 1);
    assert_eq!(opened(&office, subject, wrong), Err(QueryError::NotFound.into()));
    assert!(opened(&office, subject, right).is_ok());
    assert_eq!(verified(&office), []);
    let history = office.app.record(&Asker::Console, subject).unwrap().history;
    let codes: Vec<&str> = history.iter().map(|entry| entry.record.event.code()).collect();
    assert_eq!(codes, ["case_reported", "file_attached", "file_attached", "file_removed"]);
}

#[test]
fn sent_again_a_file_is_attached_once_and_its_id_with_other_bytes_is_refused() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let sent = new(&office, &photograph("a"));
    let first = office.app.attach(&Asker::Console, subject, &sent).unwrap();
    let again = office.app.attach(&Asker::Console, subject, &sent).unwrap();
    assert_eq!(again, first);
    assert_eq!((state(&office, subject).files.len(), on_disk(&office).len()), (1, 1));
    assert!(opened(&office, subject, file_of(&first)).is_ok());
    let reused = NewFile { bytes: photograph("b"), ..sent.clone() };
    let refused = office.app.attach(&Asker::Console, subject, &reused);
    assert!(matches!(&refused, Err(AttachError::Refused { code, .. }) if code == "command_id_reused"), "{refused:?}");
    let renamed = NewFile { name: Some("b.jpg".to_owned()), ..sent };
    assert!(office.app.attach(&Asker::Console, subject, &renamed).is_err());
    assert_eq!(on_disk(&office).len(), 1);
}

#[test]
fn a_refused_file_leaves_nothing_on_disk_and_no_key() {
    let office = Office::new();
    let subject = case(&office, GRID);
    accepted(office.act(subject, Action::Withdraw { reason: "误报".to_owned() }));
    let refused = office.app.attach(&Asker::Console, subject, &new(&office, &photograph("a")));
    assert!(matches!(&refused, Err(AttachError::Refused { code, .. }) if code == "subject_withdrawn"), "{refused:?}");
    assert_eq!(on_disk(&office), Vec::<PathBuf>::new());
    assert_eq!(office.app.store().seal_key(office.prefecture, subject).unwrap(), None);
    let nobody = office.app.ids().subject();
    let unknown = office.app.attach(&Asker::Console, nobody, &new(&office, &photograph("a")));
    assert_eq!(unknown, Err(QueryError::NotFound.into()));
}

#[test]
fn who_is_out_of_reach_of_the_record_neither_attaches_nor_opens() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let asker = |role: &str, place: &str| Asker::Account {
        id: office.app.ids().subject(),
        grant: Grant { role: role.to_owned(), scope: area(place) },
    };
    let personal = NewFile { purpose: Purpose::Report, ..new(&office, &photograph("resident")) };
    let personal = file_of(&office.app.attach(&asker("grid_worker", GRID), subject, &personal).unwrap());
    let evidence = attach(&office, subject, &photograph("work"));
    let denied = || QueryError::from(tahuang_domain::Refusal::NotPermitted);
    /// A role, its area, and why it does not attach, open evidence, or open what a resident sent.
    type Row<'r> = (&'r str, &'r str, Option<QueryError>, Option<QueryError>, Option<QueryError>);
    let table: [Row<'_>; 4] = [
        ("grid_worker", GRID, None, None, None),
        ("reader", GRID, Some(denied()), None, Some(denied())),
        ("grid_worker", OTHER_GRID, Some(QueryError::NotFound), Some(QueryError::NotFound), Some(QueryError::NotFound)),
        (
            "system_administrator",
            "542500000000",
            Some(QueryError::NotFound),
            Some(QueryError::NotFound),
            Some(QueryError::NotFound),
        ),
    ];
    for (role, place, attaches, opens, opens_personal) in table {
        let asker = asker(role, place);
        let told = office.app.attach(&asker, subject, &new(&office, &photograph("x"))).err();
        assert_eq!(told, attaches.map(AttachError::from), "{role} of {place} attaches");
        let told = office.app.open_file(&asker, subject, evidence).err();
        assert_eq!(told, opens.map(OpenFileError::from), "{role} of {place} opens evidence");
        let told = office.app.open_file(&asker, subject, personal).err();
        assert_eq!(told, opens_personal.map(OpenFileError::from), "{role} of {place} opens what a resident sent");
    }
}

#[test]
fn only_what_nobody_names_for_a_day_is_swept_away() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let named = attach(&office, subject, &photograph("a"));
    // As a crash between the file and its command leaves them: on a record, and on one that never came to be.
    let hours_ago = |hours: i64| {
        let at = u64::try_from(office.clock.now_ms() - hours * 60 * 60 * 1_000).unwrap();
        SubjectId(uuid::Builder::from_unix_timestamp_millis(at, &[7; 10]).into_uuid())
    };
    let (young, old, lost) = (hours_ago(23), hours_ago(25), hours_ago(26));
    office.app.files().put(place(&office, subject, young), b"young").unwrap();
    office.app.files().put(place(&office, subject, old), b"old").unwrap();
    office.app.files().put(place(&office, office.app.ids().subject(), lost), b"lost").unwrap();
    assert_eq!(office.app.sweep_files().unwrap(), 2);
    let mut left = Vec::new();
    office
        .app
        .files()
        .list(&mut |place| {
            left.push(place.file);
            Ok(())
        })
        .unwrap();
    left.sort_unstable();
    assert_eq!(left, [named, young]);
    assert_eq!(office.app.sweep_files().unwrap(), 0);
    office.clock.pass_days(1);
    assert_eq!(office.app.sweep_files().unwrap(), 1);
    assert!(opened(&office, subject, named).is_ok());
}

#[test]
fn verifying_finds_files_that_are_missing_changed_or_exchanged() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let [sound, missing, changed, one, two] =
        ["a", "b", "c", "d", "e"].map(|mark| attach(&office, subject, &photograph(mark)));
    assert_eq!(verified(&office), []);
    let path = |file: SubjectId| on_disk(&office).into_iter().find(|path| path.ends_with(file.to_string())).unwrap();
    let mut bytes = std::fs::read(path(changed)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(path(changed), bytes).unwrap();
    let exchanged = path(one).with_file_name("exchanged");
    std::fs::rename(path(one), &exchanged).unwrap();
    std::fs::rename(path(two), path(two).with_file_name(one.to_string())).unwrap();
    std::fs::rename(exchanged, path(one).with_file_name(two.to_string())).unwrap();
    std::fs::remove_file(path(missing)).unwrap();
    let mut found = verified(&office);
    let mut expected = [
        (missing, FileFault::Missing),
        (changed, FileFault::Changed),
        (one, FileFault::Changed),
        (two, FileFault::Changed),
    ];
    found.sort_by_key(|(file, _)| *file);
    expected.sort_by_key(|(file, _)| *file);
    assert_eq!(found, expected);
    assert!(opened(&office, subject, sound).is_ok());
    assert_eq!(opened(&office, subject, missing), Err(OpenFileError::Missing(missing)));
    assert_eq!(opened(&office, subject, changed), Err(SealError::WrongKey.into()));
}

#[test]
fn with_another_master_key_files_are_there_and_locked() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let file = attach(&office, subject, &photograph("a"));
    let (store, files) = (Arc::clone(office.app.store()), Arc::clone(office.app.files()));
    let knowledge = Arc::clone(office.app.knowledge());
    let clock: Arc<dyn Clock> = Arc::clone(&office.clock) as _;
    let ids = Arc::new(SeededIds::default());
    let stranger = App::read_only(store, files, knowledge, clock, ids, MasterKey([8; 16])).unwrap();
    let (_, found) = stranger.verify_with_files(office.prefecture, &mut |_| {}).unwrap();
    assert_eq!((found.named, found.faults), (1, vec![(place(&office, subject, file), FileFault::Locked)]));
}

#[test]
fn a_file_that_cannot_be_written_is_named_by_no_record() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let files = Arc::new(MemoryFiles::default());
    let (store, knowledge) = (Arc::clone(office.app.store()), Arc::clone(office.app.knowledge()));
    let clock: Arc<dyn Clock> = Arc::clone(&office.clock) as _;
    // Ids later than those of the office.
    let ids = Arc::new(SeededIds::default());
    (0..1_000).for_each(|_| _ = ids.uuid_v7());
    let app = App::start(store, Arc::clone(&files) as _, knowledge, clock, ids, MasterKey([7; 16])).unwrap();
    let sent = NewFile {
        command: app.ids().command(),
        purpose: Purpose::Document,
        name: None,
        item: None,
        bytes: photograph("a"),
    };
    files.fails.store(true, Ordering::Relaxed);
    let told = app.attach(&Asker::Console, subject, &sent);
    assert!(matches!(told, Err(AttachError::Store(StoreError::Unavailable(_)))), "{told:?}");
    assert_eq!(state(&office, subject).files, []);
    // The same command goes through when there is room again; erasing is not held up by a place that fails.
    files.fails.store(false, Ordering::Relaxed);
    let file = file_of(&app.attach(&Asker::Console, subject, &sent).unwrap());
    assert!(app.open_file(&Asker::Console, subject, file).is_ok());
    files.fails.store(true, Ordering::Relaxed);
    let erase = command(app.ids(), subject, Action::ErasePersonalData { reason: "本人申请".to_owned() });
    accepted(app.submit(office.prefecture, &Asker::Console, vec![erase]).unwrap().remove(0).outcome);
    files.fails.store(false, Ordering::Relaxed);
    assert_eq!(app.open_file(&Asker::Console, subject, file), Err(QueryError::NotFound.into()));
}

#[test]
fn a_copy_of_all_files_opens_as_the_original_does_and_is_made_only_once() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let files = ["a", "b"].map(|mark| attach(&office, subject, &photograph(mark)));
    let copy = MemoryFiles::default();
    assert_eq!(office.app.copy_files(&copy).unwrap(), 2);
    assert_eq!(office.app.copy_files(&copy).unwrap(), 0);
    for file in files {
        office.app.files().delete(place(&office, subject, file)).unwrap();
    }
    assert_eq!(copy_files(&copy, &**office.app.files()).unwrap(), 2);
    assert_eq!(verified(&office), []);
}

#[test]
fn nobody_attaches_a_file_that_was_sealed_elsewhere() {
    let office = Office::new();
    let subject = case(&office, GRID);
    let sealed = PersonalValue::Sealed(Sealed { algorithm: "sm4-gcm".to_owned(), data: "00".to_owned() });
    let action = Action::AttachFile {
        file: office.app.ids().subject(),
        purpose: Purpose::Evidence,
        name: None,
        media_type: MediaType::Jpeg,
        bytes: 1,
        hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0".to_owned(),
        item: None,
        key: sealed,
    };
    let outcome = office.act(subject, action);
    assert!(
        matches!(&outcome, Outcome::Refused { code, field: Some(field), .. } if code == "field_invalid" && field == "key"),
        "{outcome:?}"
    );
}
