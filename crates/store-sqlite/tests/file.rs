//! What SQLite alone has: one file, of one version, that may be damaged, full, copied or cut off.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tahuang_domain::State;
use tahuang_figures::Grain;
use tahuang_journal::Verifier;
use tahuang_store::conformance::hand::{Hand, area, case, contribution, dump, give, ngari, subject};
use tahuang_store::{Commit, SealKey, Store, StoreError};
use tahuang_store_sqlite::{SCHEMA_VERSION, SqliteStore};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tahuang.db");
    (folder, file)
}

fn open(file: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(file)
}

fn refused(file: &Path) -> StoreError {
    let before = std::fs::read(file).unwrap();
    let error = open(file).err().expect("the file must be refused");
    assert_eq!(std::fs::read(file).unwrap(), before, "what is refused is left as it was");
    error
}

/// A commit of one record, with all that is derived from it.
fn record(hand: &mut Hand<'_>) -> Commit {
    let mut commit = hand.draft();
    let place = area("542521100001");
    let number = u128::from(hand.head.position);
    let position = hand.append(&mut commit, subject(number));
    commit.subjects.push(case(subject(number), position, place, "hazard", State::Reported));
    give(&mut commit, &contribution("hazards", place, 20_250_301, subject(number), position, 1), 1, position);
    commit
}

fn write(store: &dyn Store, records: u128) {
    let mut hand = Hand::new(store, ngari());
    hand.head = store.head(ngari()).unwrap();
    for _ in 0..records {
        let mut commit = record(&mut hand);
        let position = commit.journal[0].position;
        commit.answers[0].command = tahuang_store::conformance::hand::command(u128::from(position));
        hand.send(&commit);
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused_with_both_versions() {
    let (_folder, file) = folder();
    drop(open(&file).unwrap());
    Connection::open(&file).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    assert_eq!(refused(&file), StoreError::Newer { found: SCHEMA_VERSION + 1, known: SCHEMA_VERSION });
}

#[test]
fn a_file_of_an_older_version_keeps_its_journal_and_has_what_is_derived_made_anew() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 3);
    store.note_derived_by(ngari(), "as it was").unwrap();
    let journal = store.journal(ngari(), 1, 100).unwrap();
    drop(store);
    // Version 1 had no pages, and its subjects had no day on which they are due.
    let older = Connection::open(&file).unwrap();
    older
        .execute_batch(
            "DROP TABLE holdings; DROP INDEX subjects_by_due; ALTER TABLE subjects DROP COLUMN due;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(older);
    let store = open(&file).unwrap();
    assert_eq!(store.journal(ngari(), 1, 100).unwrap(), journal);
    assert_eq!(store.derived_by(ngari()).unwrap(), None, "so that it is filled at the next start");
    assert_eq!(dump(&store, ngari()), Vec::<String>::new());
    assert_eq!(store.ready(), Ok(()));
    drop(store);
    assert_eq!(open(&file).unwrap().journal(ngari(), 1, 100).unwrap(), journal, "and once only");
}

#[test]
fn another_programs_database_is_refused_whatever_version_it_says() {
    for (version, application) in [(0, 0), (SCHEMA_VERSION, 0), (SCHEMA_VERSION, 77), (0, 77), (99, 77)] {
        let (_folder, file) = folder();
        let other = Connection::open(&file).unwrap();
        other.execute_batch("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('格桑花')").unwrap();
        other.pragma_update(None, "user_version", version).unwrap();
        other.pragma_update(None, "application_id", application).unwrap();
        drop(other);
        let error = refused(&file);
        assert!(matches!(&error, StoreError::Unavailable(said) if said.contains("another program")), "{error}");
    }
}

#[test]
fn what_is_no_database_is_refused() {
    let (_folder, file) = folder();
    std::fs::write(&file, "日期,地点,内容\n".repeat(100)).unwrap();
    let error = refused(&file);
    assert_eq!(error, StoreError::Unavailable("the file is no SQLite database".to_owned()));
}

#[test]
fn a_folder_and_a_file_in_no_folder_cannot_be_opened() {
    let (folder, file) = folder();
    for path in [folder.path().to_owned(), file.join("below").join("tahuang.db")] {
        assert!(matches!(open(&path), Err(StoreError::Unavailable(_))), "{}", path.display());
    }
}

#[test]
fn a_file_that_may_only_be_read_is_not_ready_and_takes_no_commit() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 2);
    // Opened by a name that forbids writing: file permissions mean nothing to a superuser.
    let name = format!("file:{}?mode=ro", file.display());
    let read_only = open(Path::new(&name)).unwrap();
    let mut hand = Hand::new(&store, ngari());
    hand.head = store.head(ngari()).unwrap();
    let commit = record(&mut hand);
    assert!(matches!(read_only.commit(&commit), Err(StoreError::Unavailable(_))));
    assert!(matches!(read_only.ready(), Err(StoreError::Unavailable(_))));
    assert_eq!(store.head(ngari()).unwrap().position, 2);
    store.ready().unwrap();
}

#[test]
fn what_was_acknowledged_is_there_after_closing_and_opening() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 5);
    let live = dump(&store, ngari());
    let head = store.head(ngari()).unwrap();
    drop(store);
    let again = open(&file).unwrap();
    assert_eq!(again.head(ngari()).unwrap(), head);
    assert_eq!(dump(&again, ngari()), live);
    write(&again, 1);
}

/// The database as a crash leaves it: the file and its log, cut off somewhere, and nothing of what was in memory.
fn crashed(file: &Path, log_bytes: usize) -> (TempDir, PathBuf) {
    let (folder, copy) = folder();
    std::fs::copy(file, &copy).unwrap();
    let log = std::fs::read(with_suffix(file, "-wal")).unwrap();
    std::fs::write(with_suffix(&copy, "-wal"), &log[..log_bytes.min(log.len())]).unwrap();
    (folder, copy)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[test]
fn after_a_crash_every_acknowledged_commit_is_there() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 12);
    let (_crashed, copy) = crashed(&file, usize::MAX);
    let after = open(&copy).unwrap();
    assert_eq!(after.head(ngari()).unwrap(), store.head(ngari()).unwrap());
    assert_eq!(dump(&after, ngari()), dump(&store, ngari()));
    assert_eq!(after.journal(ngari(), 1, 100).unwrap(), store.journal(ngari(), 1, 100).unwrap());
}

#[test]
fn a_log_that_was_cut_off_anywhere_holds_whole_commits_only() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 12);
    let log_bytes = std::fs::metadata(with_suffix(&file, "-wal")).unwrap().len() as usize;
    let mut found = Vec::new();
    for part in 0..=40 {
        let (_crashed, copy) = crashed(&file, log_bytes * part / 40);
        let Ok(after) = open(&copy) else {
            // Cut off before the tables were there: an empty file, which is filled again.
            panic!("a cut log must not keep the store from opening");
        };
        let head = after.head(ngari()).unwrap();
        let rows = after.journal(ngari(), 1, 100).unwrap();
        assert_eq!(rows.len() as u64, head.position);
        let mut verifier = Verifier::new(ngari());
        for row in &rows {
            verifier.check(row.position, row.command, row.subject, &row.bytes, &row.hash).unwrap();
        }
        verifier.finish(head.position, &head.hash).unwrap();
        let counted: i64 =
            after.periods(ngari(), area("542500000000"), Grain::Month, None).unwrap().iter().map(|sum| sum.sum).sum();
        assert_eq!(counted as u64, head.position, "journal and figures end at the same record");
        let subjects = dump(&after, ngari()).iter().filter(|row| row.starts_with("subject")).count();
        assert_eq!(subjects as u64, head.position);
        found.push(head.position);
    }
    assert!(found.is_sorted() && found.first() == Some(&0) && found.last() == Some(&12), "{found:?}");
    assert!(found.iter().any(|position| (1..12).contains(position)), "some cuts lie between commits: {found:?}");
}

#[test]
fn a_backup_made_while_commits_go_on_is_a_store_of_one_moment() {
    let (folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 3);
    let copies: Vec<PathBuf> = (0..4).map(|number| folder.path().join(format!("copy{number}.db"))).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| write(&store, 30));
        for copy in &copies {
            store.backup(copy).unwrap();
        }
    });
    for copy in copies {
        let copied = open(&copy).unwrap();
        let head = copied.head(ngari()).unwrap();
        assert!(head.position >= 3);
        let counted: i64 =
            copied.periods(ngari(), area("542500000000"), Grain::Month, None).unwrap().iter().map(|sum| sum.sum).sum();
        assert_eq!(counted as u64, head.position);
        assert_eq!(copied.journal(ngari(), 1, 100).unwrap().len() as u64, head.position);
        write(&copied, 1);
    }
}

#[test]
fn an_erased_key_is_found_neither_in_the_file_nor_in_its_log() {
    let (folder, file) = folder();
    let store = open(&file).unwrap();
    let mut hand = Hand::new(&store, ngari());
    let key = |number: u128| format!("wrapped key number {number:04}, forty-four bytes").into_bytes();
    // Many keys in several commits, so that pages are split and rewritten before one key is erased.
    for chunk in 0..6_u128 {
        let mut commit = hand.draft();
        hand.append(&mut commit, subject(1));
        commit.keys = (0..60_u128)
            .map(|number| SealKey { subject: subject(1 + (chunk * 60 + number) * 7919 % 400), wrapped: Vec::new() })
            .collect();
        for seal in &mut commit.keys {
            seal.wrapped = key(seal.subject.0.as_u128() & 0xffff);
        }
        hand.send(&commit);
    }
    let holds = |needle: &[u8]| -> Vec<String> {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holding =
            files.filter(|file| std::fs::read(file).unwrap().windows(needle.len()).any(|window| window == needle));
        holding.map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert!(!holds(&key(17)).is_empty() && !holds(&key(18)).is_empty());
    let mut commit = hand.draft();
    hand.append(&mut commit, subject(17));
    commit.erased.push(subject(17));
    hand.send(&commit);
    assert_eq!(store.seal_key(ngari(), subject(17)).unwrap(), None);
    assert_eq!(holds(&key(17)), Vec::<String>::new());
    assert!(!holds(&key(18)).is_empty(), "the others are there");
}

#[test]
fn a_journal_whose_head_was_removed_is_damage_and_not_an_empty_store() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 2);
    let other = tahuang_store::conformance::hand::lhasa();
    let mut hand = Hand::new(&store, other);
    let mut commit = hand.draft();
    hand.append(&mut commit, subject(1));
    hand.send(&commit);
    for prefecture in [5425, 5401] {
        let raw = Connection::open(&file).unwrap();
        raw.execute_batch(&format!(
            "CREATE TEMP TABLE kept AS SELECT * FROM heads; DELETE FROM heads WHERE prefecture = {prefecture}"
        ))
        .unwrap();
        assert_eq!(store.heads(), Err(StoreError::Corrupt { table: "heads", key: prefecture.to_string() }));
        raw.execute_batch("INSERT OR REPLACE INTO heads SELECT * FROM kept").unwrap();
    }
    assert_eq!(store.heads().unwrap().len(), 2);
}

#[test]
fn a_column_that_holds_what_no_program_of_ours_writes_is_damage() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    write(&store, 2);
    let raw = Connection::open(&file).unwrap();
    let damage = |sql: &str| raw.execute_batch(sql).unwrap();
    let is_corrupt =
        |told: Result<(), StoreError>| assert!(matches!(told, Err(StoreError::Corrupt { .. })), "{told:?}");
    damage("UPDATE heads SET hash = x'00'");
    is_corrupt(store.head(ngari()).map(|_| ()));
    damage("UPDATE subjects SET state = 99");
    is_corrupt(store.subjects(ngari(), &[subject(0)]).map(|_| ()));
    damage("UPDATE subjects SET state = 0, shape = 99");
    is_corrupt(store.subjects(ngari(), &[subject(0)]).map(|_| ()));
    damage("UPDATE subjects SET shape = 0, area = 5");
    is_corrupt(store.subjects(ngari(), &[subject(0)]).map(|_| ()));
}

#[test]
fn what_gathers_in_the_log_is_copied_while_the_store_is_open_and_the_log_goes_when_it_closes() {
    let (_folder, file) = folder();
    let store = open(&file).unwrap();
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
    let mut hand = Hand::new(&store, ngari());
    for _ in 0..5 {
        let mut commit = record(&mut hand);
        commit.subjects[0].body = vec![b' '; 20 << 20];
        hand.send(&commit);
    }
    // Nobody has to wait for it: it happens on a thread of its own.
    let started = std::time::Instant::now();
    while size(&file) < 60 << 20 && started.elapsed() < std::time::Duration::from_secs(30) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(size(&file) >= 60 << 20, "{} bytes of 100 MiB are in the database", size(&file));
    drop(store);
    assert!(!file.with_extension("db-wal").exists(), "the last one out takes the log away");
    let hand_again = open(&file).unwrap().head(ngari()).unwrap();
    assert_eq!(hand_again.position, 5);
}
