//! Heads, commits, answers and the journal.

use std::sync::Arc;

use tahuang_domain::{Position, State};
use tahuang_journal::{Hash, genesis};

use super::hand::{Bench, Hand, all, area, case, command, contribution, dump, give, lhasa, ngari, subject};
use crate::{Answer, Commit, ContributionChange, Head, Outcome, SealKey, SearchEntry, SearchQuery, StoreError};
use tahuang_figures::Grain;

pub fn an_empty_store_has_no_journal_and_its_heads_are_the_genesis(bench: Bench<'_>) {
    let store = bench.store;
    assert_eq!(store.heads().unwrap(), []);
    let genesis = Head { position: 0, hash: genesis(ngari()), at: 0 };
    assert_eq!(store.head(ngari()).unwrap(), genesis);
    let prepared = store.prepare(ngari(), &[command(1)], &[subject(1)]).unwrap();
    assert_eq!((prepared.head, prepared.answers, prepared.subjects), (genesis, vec![None], vec![None]));
    assert_eq!(store.journal(ngari(), 1, 10).unwrap(), []);
    assert_eq!(store.position_at(ngari(), i64::MAX).unwrap(), 0);
    assert_eq!(store.search_position(ngari()).unwrap(), 0);
    assert_eq!(dump(store, ngari()), Vec::<String>::new());
}

pub fn a_commit_moves_the_head_and_is_read_back(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let mut commit = hand.draft();
    let opened = hand.append(&mut commit, subject(1));
    let changed = hand.append(&mut commit, subject(1));
    let mut row = case(subject(1), opened, area("542521100001"), "hazard", State::Accepted);
    (row.changed, row.history, row.gives) = (changed, vec![opened, changed], vec![changed, opened]);
    commit.subjects.push(row.clone());
    hand.send(&commit);

    assert_eq!(bench.store.head(ngari()).unwrap(), hand.head);
    assert_eq!(bench.store.heads().unwrap(), [(ngari(), hand.head)]);
    assert_eq!(bench.store.journal(ngari(), 1, 10).unwrap(), commit.journal);
    assert_eq!(bench.store.subjects(ngari(), &[subject(1)]).unwrap(), [Some(row.clone())]);
    let commands = [command(2), command(1)];
    let prepared = bench.store.prepare(ngari(), &commands, &[subject(1)]).unwrap();
    assert_eq!(prepared.head, hand.head);
    let expected: Vec<Option<Answer>> = commit.answers.iter().rev().cloned().map(Some).collect();
    assert_eq!(prepared.answers, expected);
    assert_eq!(prepared.subjects, [Some(row)]);
}

/// Everything that a commit may write, so that what it left behind can be looked for.
fn full(hand: &mut Hand<'_>) -> Commit {
    let mut commit = hand.draft();
    let place = area("542521100001");
    let position = hand.append(&mut commit, subject(70));
    commit.subjects.push(case(subject(70), position, place, "hazard", State::Reported));
    commit.tallies = super::hand::tallies(&commit.subjects[0], 1);
    give(&mut commit, &contribution("hazards", place, 20_250_301, subject(70), position, 1), 1, position);
    commit.keys.push(SealKey { subject: subject(70), wrapped: vec![7; 44] });
    commit
}

/// Dump, journal, head, answers and a key.
type Everything = (Vec<String>, Vec<crate::JournalRow>, Head, Vec<Option<Answer>>, Option<Vec<u8>>);

/// What a store says when asked for everything.
fn everything(bench: &Bench<'_>) -> Everything {
    let store = bench.store;
    let commands: Vec<_> = (1..10).map(command).collect();
    (
        dump(store, ngari()),
        store.journal(ngari(), 1, 100).unwrap(),
        store.head(ngari()).unwrap(),
        store.prepare(ngari(), &commands, &[]).unwrap().answers,
        store.seal_key(ngari(), subject(70)).unwrap(),
    )
}

pub fn a_commit_on_a_stale_head_conflicts_and_changes_nothing(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    hand.step();
    let second = hand.step();
    let before = everything(&bench);
    let whole = full(&mut hand);
    let stale = [
        Head { position: second - 1, ..hand.head },
        Head { position: second + 1, ..hand.head },
        Head { hash: Hash([9; 32]), ..hand.head },
        Head { at: hand.head.at - 1, ..hand.head },
        Head { position: 0, hash: genesis(ngari()), at: 0 },
    ];
    for expected in stale {
        let commit = Commit { expected, ..whole.clone() };
        assert_eq!(bench.store.commit(&commit), Err(StoreError::Conflict), "{expected:?}");
        assert_eq!(everything(&bench), before, "{expected:?}");
    }
    hand.send(&whole);
    assert_ne!(everything(&bench), before);
}

pub fn a_commit_that_cannot_be_written_whole_is_not_written_at_all(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    hand.step();
    let before = everything(&bench);
    let mut commit = full(&mut hand);
    // It ends what never began: the last part of the commit that is written cannot be.
    let strange = contribution("hazards", area("542521100001"), 20_250_101, subject(99), 1, 1);
    commit.contributions.push(ContributionChange::Closed(strange, 2));
    assert!(hand.try_send(&commit).is_err());
    assert_eq!(everything(&bench), before);
    // The journal goes on from where it was.
    commit.contributions.pop();
    hand.send(&commit);
}

pub fn of_two_writers_on_one_head_one_wins(bench: Bench<'_>) {
    let rounds = 20;
    let won: usize = std::thread::scope(|scope| {
        let race = |number: u128| {
            let store = Arc::clone(&bench.shared);
            move || {
                let mut won = 0;
                for round in 0..rounds {
                    let mut hand = Hand::new(&*store, ngari());
                    hand.head = store.head(ngari()).unwrap();
                    let mut commit = hand.draft();
                    hand.append(&mut commit, subject(number));
                    // Each writer's own commands, so that only the head decides.
                    commit.answers[0].command = command(1_000 * number + round);
                    match store.commit(&commit) {
                        Ok(()) => won += 1,
                        Err(StoreError::Conflict) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                won
            }
        };
        let writers = [scope.spawn(race(1)), scope.spawn(race(2))];
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let head = bench.store.head(ngari()).unwrap();
    assert_eq!(head.position, won as Position, "every commit that was acknowledged is in the journal, and no other");
    let rows = bench.store.journal(ngari(), 1, 1_000).unwrap();
    assert_eq!(rows.iter().map(|row| row.position).collect::<Vec<_>>(), (1..=head.position).collect::<Vec<_>>());
}

pub fn what_is_read_at_one_moment_fits_together_while_commits_go_on(bench: Bench<'_>) {
    let place = area("542521100001");
    std::thread::scope(|scope| {
        let store = Arc::clone(&bench.shared);
        let writer = scope.spawn(move || {
            let mut hand = Hand::new(&*store, ngari());
            for _ in 0..40 {
                let mut commit = hand.draft();
                let first = hand.append(&mut commit, subject(1));
                let second = hand.append(&mut commit, subject(1));
                let opened = 1;
                let mut row = case(subject(1), opened, place, "hazard", State::Accepted);
                row.changed = second;
                commit.subjects.push(row);
                give(&mut commit, &contribution("hazards", place, 20_250_301, subject(1), first, 2), 1, first);
                hand.send(&commit);
            }
        });
        loop {
            let finished = writer.is_finished();
            let prepared = bench.store.prepare(ngari(), &[], &[subject(1)]).unwrap();
            let changed = prepared.subjects[0].as_ref().map_or(0, |row| row.changed);
            assert_eq!(prepared.head.position, changed, "head and subject are of one moment");
            let sum: i64 =
                bench.store.periods(ngari(), place, Grain::Month, None).unwrap().iter().map(|sum| sum.sum).sum();
            assert!(sum % 2 == 0 && sum as Position >= prepared.head.position, "a reader sees whole commits");
            if finished {
                break;
            }
        }
        writer.join().unwrap();
    });
    assert_eq!(bench.store.head(ngari()).unwrap().position, 80);
}

pub fn answers_are_kept_as_they_were_given(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let refused = |code: &str, message: &str, field: Option<&str>| Outcome::Refused {
        code: code.to_owned(),
        message: message.to_owned(),
        field: field.map(str::to_owned),
    };
    let outcomes = [
        Outcome::Accepted { first: 1, count: 0 },
        Outcome::Accepted { first: 1_000_000_000_000, count: u32::MAX },
        refused("subject_exists", "a record with this id exists", None),
        refused("missing_value", "标题 is missing", Some("标题")),
        refused("field_invalid", "two\nlines\n", Some("with\na break")),
        refused("field_invalid", "", Some("")),
        refused("field_invalid", "-\n3\nabc", Some("12\nab")),
        refused("", "", None),
    ];
    let mut commit = hand.draft();
    let digests = [0, 1, u64::MAX, 1 << 63, 3, 4, 5, 6];
    for ((number, outcome), digest) in (1..).zip(outcomes).zip(digests) {
        commit.answers.push(Answer { command: command(number), digest, outcome });
    }
    // Refusals alone make no journal row and do not move the head.
    hand.send(&commit);
    assert_eq!(bench.store.head(ngari()).unwrap().position, 0);
    let commands: Vec<_> = commit.answers.iter().map(|answer| answer.command).collect();
    let kept: Vec<Answer> =
        bench.store.prepare(ngari(), &commands, &[]).unwrap().answers.into_iter().flatten().collect();
    assert_eq!(kept, commit.answers);
}

pub fn answers_come_in_the_order_of_the_commands(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    for _ in 0..3 {
        hand.step();
    }
    let asked = [command(3), command(77), command(1), command(3)];
    let answers = bench.store.prepare(ngari(), &asked, &[]).unwrap().answers;
    let positions: Vec<Option<u64>> =
        answers.iter().map(|answer| answer.as_ref().map(|answer| answer.digest)).collect();
    assert_eq!(positions, [Some(3), None, Some(1), Some(3)]);
}

pub fn the_journal_is_read_in_order_a_page_at_a_time(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    for _ in 0..7 {
        hand.step();
    }
    let read = |from, limit| -> Vec<Position> {
        bench.store.journal(ngari(), from, limit).unwrap().iter().map(|row| row.position).collect()
    };
    assert_eq!(read(1, 3), [1, 2, 3]);
    assert_eq!(read(4, 3), [4, 5, 6]);
    assert_eq!(read(7, 3), [7]);
    assert_eq!(read(8, 3), Vec::<Position>::new());
    assert_eq!(read(0, 100), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(read(1, 0), Vec::<Position>::new());
}

pub fn journal_rows_come_in_the_order_of_the_positions_asked_for(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    for _ in 0..5 {
        hand.step();
    }
    let whole = bench.store.journal(ngari(), 1, 5).unwrap();
    let asked = bench.store.journal_at(ngari(), &[4, 1, 4]).unwrap();
    assert_eq!(asked, [whole[3].clone(), whole[0].clone(), whole[3].clone()]);
    assert_eq!(bench.store.journal_at(ngari(), &[]).unwrap(), []);
    let missing = bench.store.journal_at(ngari(), &[1, 6]);
    assert!(matches!(missing, Err(StoreError::Corrupt { .. })), "what is named but not there is damage: {missing:?}");
}

pub fn a_moment_is_found_as_the_last_position_at_or_before_it(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    // Positions 1; 2 and 3 at one moment; 4.
    for (at, rows) in [(1_000, 1), (5_000, 2), (9_000, 1)] {
        let mut commit = hand.draft();
        commit.at = at;
        for _ in 0..rows {
            hand.append(&mut commit, subject(1));
        }
        hand.send(&commit);
    }
    let found = [(i64::MIN, 0), (999, 0), (1_000, 1), (4_999, 1), (5_000, 3), (8_999, 3), (9_000, 4), (i64::MAX, 4)];
    for (at, position) in found {
        assert_eq!(bench.store.position_at(ngari(), at).unwrap(), position, "at {at}");
    }
}

pub fn two_prefectures_never_mix(bench: Bench<'_>) {
    let store = bench.store;
    // The same ids, figure and kind in both, so that only the prefecture tells them apart.
    for (prefecture, place, state) in
        [(ngari(), area("542521100001"), State::Reported), (lhasa(), area("540121100001"), State::Closed)]
    {
        let mut hand = Hand::new(store, prefecture);
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(1));
        let row = case(subject(1), position, place, "hazard", state);
        commit.tallies = super::hand::tallies(&row, 1);
        commit.subjects.push(row);
        give(&mut commit, &contribution("hazards", place, 20_250_301, subject(1), position, 1), 1, position);
        commit.keys.push(SealKey { subject: subject(1), wrapped: prefecture.to_string().into_bytes() });
        hand.send(&commit);
        let entry = SearchEntry { opened: position, terms: "电杆 倾斜".to_owned() };
        store.index(prefecture, position, &[entry]).unwrap();
    }
    let heads: Vec<_> = store.heads().unwrap().into_iter().map(|(prefecture, _)| prefecture).collect();
    assert_eq!(heads, [lhasa(), ngari()], "in the order of their codes");

    for (own, place, state) in
        [(ngari(), area("542521100001"), State::Reported), (lhasa(), area("540121100001"), State::Closed)]
    {
        let region = area("540000000000");
        let is_own = |rows: Vec<crate::SubjectRow>| {
            assert_eq!(rows.iter().map(|row| (row.area, row.state)).collect::<Vec<_>>(), [(place, state)]);
        };
        is_own(store.list(own, &all(region, &["hazard"])).unwrap());
        is_own(store.all_of_kind(own, tahuang_domain::Shape::Case, "hazard").unwrap());
        is_own(store.subjects(own, &[subject(1)]).unwrap().into_iter().flatten().collect());
        let search = SearchQuery { filter: all(region, &["hazard"]), terms: vec!["电杆".to_owned()] };
        is_own(store.search(own, &search).unwrap());
        assert_eq!(store.journal(own, 1, 100).unwrap().len(), 1);
        assert_eq!(
            store.counts(own, tahuang_domain::Shape::Case, region).unwrap(),
            [("hazard".to_owned(), state, String::new(), 1)]
        );
        let sums: Vec<i64> =
            store.periods(own, region, Grain::Month, None).unwrap().iter().map(|sum| sum.sum).collect();
        assert_eq!(sums, [1]);
        assert_eq!(store.seal_key(own, subject(1)).unwrap(), Some(own.to_string().into_bytes()));
        let digest = store.prepare(own, &[command(1)], &[]).unwrap().answers;
        assert_eq!(digest.len(), 1);
    }
}
