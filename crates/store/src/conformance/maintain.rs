//! Rebuilding, dumping, copying.

use tahuang_domain::{Prefecture, State};

use super::hand::{Bench, Hand, area, case, command, contribution, dump, give, lhasa, ngari, subject, tallies};
use crate::{Commit, SealKey, SearchEntry, Store, StoreError};
use tahuang_figures::Grain;

/// A journal of some records, with what is derived from it.
fn written(store: &dyn Store, prefecture: Prefecture, place: &str) -> Vec<Commit> {
    let mut hand = Hand::new(store, prefecture);
    let mut commits = Vec::new();
    for number in 1..=5 {
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(number));
        let mut row = case(subject(number), position, area(place), "hazard", State::Reported);
        row.gives = vec![position];
        commit.tallies = tallies(&row, 1);
        commit.subjects.push(row);
        give(&mut commit, &contribution("hazards", area(place), 20_250_301, subject(number), position, 1), 1, position);
        commit.keys.push(SealKey { subject: subject(number), wrapped: vec![7; 44] });
        hand.send(&commit);
        commits.push(commit);
    }
    let entry = SearchEntry { opened: 1, terms: "电杆".to_owned() };
    store.index(prefecture, 5, &[entry]).unwrap();
    commits
}

pub fn what_is_derived_is_cleared_and_written_again_the_same(bench: Bench<'_>) {
    let commits = written(bench.store, ngari(), "542521100001");
    let live = dump(bench.store, ngari());
    assert!(!live.is_empty());
    bench.store.clear_derived(ngari()).unwrap();
    assert_eq!(dump(bench.store, ngari()), Vec::<String>::new());
    assert_eq!(bench.store.search_position(ngari()).unwrap(), 0);
    assert_eq!(bench.store.subjects(ngari(), &[subject(1)]).unwrap(), [None]);
    assert_eq!(bench.store.periods(ngari(), area("542500000000"), Grain::Month, None).unwrap(), []);
    let head = bench.store.head(ngari()).unwrap();
    for commit in &commits {
        // The head does not have to be the one on which it was decided, and is not moved.
        bench.store.commit_derived(&Commit { journal: Vec::new(), answers: Vec::new(), ..commit.clone() }).unwrap();
    }
    assert_eq!(dump(bench.store, ngari()), live);
    assert_eq!(bench.store.head(ngari()).unwrap(), head);
}

pub fn by_what_it_was_derived_is_noted_and_cleared_with_it(bench: Bench<'_>) {
    let store = bench.store;
    assert_eq!(store.derived_by(ngari()).unwrap(), None);
    store.note_derived_by(ngari(), "older").unwrap();
    store.note_derived_by(ngari(), "newer").unwrap();
    store.note_derived_by(lhasa(), "other").unwrap();
    assert_eq!(store.derived_by(ngari()).unwrap().as_deref(), Some("newer"));
    store.clear_derived(ngari()).unwrap();
    assert_eq!(store.derived_by(ngari()).unwrap(), None);
    assert_eq!(store.derived_by(lhasa()).unwrap().as_deref(), Some("other"));
}

pub fn clearing_one_prefecture_leaves_the_journal_and_the_others(bench: Bench<'_>) {
    let store = bench.store;
    let commits = written(store, ngari(), "542521100001");
    written(store, lhasa(), "540121100001");
    let others = dump(store, lhasa());
    store.clear_derived(ngari()).unwrap();
    let journal: Vec<_> = commits.iter().flat_map(|commit| commit.journal.clone()).collect();
    assert_eq!(store.journal(ngari(), 1, 100).unwrap(), journal);
    assert_eq!(store.head(ngari()).unwrap().position, 5);
    assert!(store.prepare(ngari(), &[command(1)], &[]).unwrap().answers[0].is_some(), "answers are not derived");
    assert_eq!(store.seal_key(ngari(), subject(1)).unwrap(), Some(vec![7; 44]), "keys are not derived");
    assert_eq!(dump(store, lhasa()), others);
    assert_eq!(store.search_position(lhasa()).unwrap(), 5);
}

pub fn a_dump_leaves_out_what_came_back_to_nothing(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let place = area("542521100001");
    let mut commit = hand.draft();
    let opened = hand.append(&mut commit, subject(1));
    let row = case(subject(1), opened, place, "hazard", State::Reported);
    let given = contribution("hazards", place, 20_250_301, subject(1), opened, 3);
    commit.tallies = tallies(&row, 1);
    give(&mut commit, &given, 1, opened);
    hand.send(&commit);
    let counted = dump(bench.store, ngari()).len();
    let mut commit = hand.draft();
    let ended = hand.append(&mut commit, subject(1));
    commit.tallies = tallies(&row, -1);
    give(&mut commit, &given, -1, ended);
    hand.send(&commit);
    assert!(counted > 1);
    assert_eq!(dump(bench.store, ngari()).len(), 1, "only that the contribution was there once");
}

pub fn a_backup_is_a_new_file_and_never_an_old_one(bench: Bench<'_>) {
    written(bench.store, ngari(), "542521100001");
    let copy = bench.folder.join("copy.db");
    bench.store.backup(&copy).unwrap();
    let size = std::fs::metadata(&copy).unwrap().len();
    assert!(size > 0);
    assert!(matches!(bench.store.backup(&copy), Err(StoreError::Unavailable(_))), "an old copy is not overwritten");
    assert_eq!(std::fs::metadata(&copy).unwrap().len(), size);
    let nowhere = bench.folder.join("no such folder").join("copy.db");
    assert!(matches!(bench.store.backup(&nowhere), Err(StoreError::Unavailable(_))));
    // The store goes on as before.
    assert_eq!(bench.store.head(ngari()).unwrap().position, 5);
    bench.store.ready().unwrap();
}

pub fn a_store_that_can_be_written_is_ready(bench: Bench<'_>) {
    assert_eq!(bench.store.ready(), Ok(()));
    written(bench.store, ngari(), "542521100001");
    assert_eq!(bench.store.ready(), Ok(()));
}
