//! What can only be seen or brought about from inside: the writer's own connection.

use tahuang_domain::State;
use tahuang_store::conformance::hand::{Hand, area, case, contribution, dump, give, ngari, subject};
use tahuang_store::{Commit, SealKey, Store, StoreError};

use super::SqliteStore;

fn large(hand: &mut Hand<'_>) -> Commit {
    let mut commit = hand.draft();
    let place = area("542521100001");
    for number in 0..200 {
        let position = hand.append(&mut commit, subject(number));
        commit.subjects.push(case(subject(number), position, place, "hazard", State::Reported));
        give(&mut commit, &contribution("hazards", place, 20_250_301, subject(number), position, 1), 1, position);
        commit.keys.push(SealKey { subject: subject(number), wrapped: vec![7; 44] });
    }
    commit
}

#[test]
fn on_a_full_disk_a_commit_is_unavailable_and_nothing_of_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("tahuang.db")).unwrap();
    let mut hand = Hand::new(&store, ngari());
    hand.step();
    let before = (dump(&store, ngari()), store.journal(ngari(), 1, 1_000).unwrap(), store.head(ngari()).unwrap());
    let commit = large(&mut hand);
    let pages: i64 = store.writer().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    // Wherever in the commit the space ends.
    for free in 0..6 {
        store.writer().execute_batch(&format!("PRAGMA max_page_count = {}", pages + free * 3)).unwrap();
        assert_eq!(store.commit(&commit), Err(StoreError::Unavailable("the disk is full".to_owned())));
        let after = (dump(&store, ngari()), store.journal(ngari(), 1, 1_000).unwrap(), store.head(ngari()).unwrap());
        assert_eq!(after, before, "{free} pages were free");
        assert_eq!(store.seal_key(ngari(), subject(0)).unwrap(), None);
    }
    // With space again, the same commit goes through.
    store.writer().execute_batch("PRAGMA max_page_count = 1000000").unwrap();
    hand.send(&commit);
    assert_eq!(store.head(ngari()).unwrap().position, 201);
}

#[test]
fn the_writer_waits_for_the_disk_and_overwrites_what_it_deletes() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("tahuang.db")).unwrap();
    let setting = |name: &str| -> String {
        let value =
            store.writer().query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0));
        match value.unwrap() {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let expected = [("journal_mode", "wal"), ("synchronous", "2"), ("secure_delete", "1")];
    assert_eq!(expected.map(|(name, _)| (name, setting(name))), expected.map(|(name, value)| (name, value.to_owned())));
    // Clearing what is derived does without the overwriting, and only that.
    store.clear_derived(ngari()).unwrap();
    assert_eq!(setting("secure_delete"), "1");
}

#[test]
fn a_reader_cannot_write_not_even_after_a_backup_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("tahuang.db")).unwrap();
    assert!(store.backup(&folder.path().join("nowhere").join("copy.db")).is_err());
    store.backup(&folder.path().join("copy.db")).unwrap();
    let reader = store.reader().unwrap();
    let query_only: i64 = reader.query_row("PRAGMA query_only", [], |row| row.get(0)).unwrap();
    assert_eq!(query_only, 1);
    assert!(reader.execute("DELETE FROM journal", []).is_err());
}
