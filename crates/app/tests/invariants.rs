//! The invariants of the journal and the figures, over random commands.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tahuang_app::figures::At;
use tahuang_app::{Account, Asker, Memory};
use tahuang_domain::{Action, AreaCode, Grant, Shape, State, Subject, SubjectId};
use tahuang_figures::{Part, Sums};
use tahuang_journal::Record;
use tahuang_store::Outcome;
use tahuang_testkit::{Office, PREFECTURE, Random, area, command, random_command};

/// Sums of all figures in an area, folded from the contributions of every subject: what the cells must say.
fn folded(office: &Office, within: AreaCode) -> BTreeMap<String, Sums> {
    let knowledge = office.app.knowledge();
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let head = office.app.store().head(office.prefecture).unwrap().position;
    let mut ids: Vec<SubjectId> = office
        .app
        .store()
        .journal(office.prefecture, 1, head as usize)
        .unwrap()
        .iter()
        .map(|row| row.subject)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    for subject in office.app.subjects(office.prefecture, &ids).unwrap().into_iter().flatten() {
        let mut counted_once: Vec<&str> = Vec::new();
        for given in knowledge.figures.contributions(&subject).iter().filter(|given| within.contains(given.area)) {
            if given.once && counted_once.contains(&given.figure) {
                continue;
            }
            counted_once.push(given.figure);
            let sum = sums.entry(given.figure.to_owned()).or_default();
            match given.part {
                Part::Whole => sum.whole += given.amount,
                Part::Denominator => sum.denominator += given.amount,
            }
        }
    }
    sums
}

/// How many subjects of a shape stand in which state, counted one by one.
fn counted(office: &Office, within: AreaCode, shape: Shape) -> Vec<(String, State, String, u64)> {
    let mut counts: BTreeMap<(String, State, String), u64> = BTreeMap::new();
    for kind in office.app.knowledge().catalog.kinds().filter(|kind| kind.shape == shape) {
        for row in office.app.store().all_of_kind(office.prefecture, shape, &kind.code).unwrap() {
            if !row.withdrawn && within.contains(row.area) {
                *counts.entry((row.kind, row.state, row.tag)).or_default() += 1;
            }
        }
    }
    counts.into_iter().map(|((kind, state, tag), count)| (kind, state, tag, count)).collect()
}

/// How many records a figure lists.
fn behind(office: &Office, code: &str, within: AreaCode) -> i64 {
    let list = office.app.figure_records(&Asker::Console, (code, Part::Whole), within, At::Now, None, 500).unwrap();
    i64::try_from(list.len()).unwrap()
}

fn figures(office: &Office, within: AreaCode, at: At) -> BTreeMap<String, Sums> {
    let board = office.app.figures(&Asker::Console, within, at).unwrap();
    board
        .figures
        .into_iter()
        .filter(|value| value.sums != Sums::default())
        .map(|value| (value.figure.code.clone(), value.sums))
        .collect()
}

/// Everything that the journal says happened, folded from nothing by the domain alone.
fn replayed(office: &Office) -> BTreeMap<SubjectId, Subject> {
    let head = office.app.store().head(office.prefecture).unwrap().position;
    let mut subjects = BTreeMap::new();
    for row in office.app.store().journal(office.prefecture, 1, head as usize).unwrap() {
        let record = Record::read(&row.bytes).unwrap();
        let state = Subject::apply(subjects.remove(&record.subject), &record.event, record.actor);
        subjects.insert(record.subject, state.expect("the first event of a subject opens it"));
    }
    subjects
}

/// Areas with their names, and accounts, as pages need them at hand.
fn at_hand(memory: &Memory) -> (Vec<(AreaCode, String)>, BTreeMap<SubjectId, Account>) {
    let areas = memory.areas.iter().map(|(code, name)| (code, name.to_owned())).collect();
    (areas, memory.accounts.iter().map(|(id, account)| (*id, account.clone())).collect())
}

/// The grids of the office and some ids that nothing has yet.
fn subjects_of(office: &Office) -> Vec<SubjectId> {
    let grids = office.app.store().journal(office.prefecture, 12, 6).unwrap();
    let mut subjects: Vec<SubjectId> = grids.iter().map(|row| row.subject).collect();
    subjects.extend((0..30).map(|_| office.app.ids().subject()));
    subjects
}

fn run(seed: u64, commands: usize) -> Office {
    let office = Office::new();
    let mut random = Random(seed);
    let subjects = subjects_of(&office);
    let mut sent = 0;
    while sent < commands {
        let batch: Vec<_> = (0..=random.below(40))
            .map(|_| {
                let (subject, action) = random_command(&mut random, &subjects);
                command(office.app.ids(), subject, action)
            })
            .collect();
        sent += batch.len();
        office.submit(batch);
    }
    office
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_commands_the_journal_verifies_a_rebuild_is_byte_equal_and_cells_are_the_sum_of_contributions(
        seed in any::<u64>(),
    ) {
        let office = run(seed, 400);
        let verification = office.app.verify(office.prefecture, &mut |_| {}).unwrap();
        prop_assert_eq!(verification.first_bad, None);
        prop_assert!(verification.checked > 17, "the lot must accept something");

        for code in [PREFECTURE, "542521000000", "542521100000", "542521100001", "542521100001001"] {
            let within = area(code);
            let mut expected = folded(&office, within);
            expected.retain(|_, sums| *sums != Sums::default());
            prop_assert_eq!(figures(&office, within, At::Now), expected.clone(), "cells of {}", code);
            // As of the head, the answer comes from the contributions instead of the cells.
            let head = office.app.store().head(office.prefecture).unwrap().position;
            let wanted: Vec<(&str, Part, bool)> = office.app.knowledge().figures.iter()
                .map(|figure| (figure.code.as_str(), Part::Whole, figure.once_per_subject())).collect();
            for sum in office.app.store().totals_at(office.prefecture, within, head, &wanted).unwrap() {
                let whole = expected.get(&sum.figure).map_or(0, |sums| sums.whole);
                prop_assert_eq!(sum.sum, whole, "contributions to {} in {}", sum.figure, code);
            }
        }

        for code in [PREFECTURE, "542521000000", "542521100000", "542521100001", "542521100001001"] {
            let within = area(code);
            for shape in [Shape::Case, Shape::LedgerRow, Shape::Check] {
                let mut counts = office.app.store().counts(office.prefecture, shape, within).unwrap();
                counts.sort();
                prop_assert_eq!(counts, counted(&office, within, shape), "tallies of {}", code);
            }
            let board = office.app.figures(&Asker::Console, within, At::Now).unwrap();
            for value in board.figures {
                let records = behind(&office, &value.figure.code, within);
                prop_assert_eq!(value.records.whole, records, "records behind {} in {}", value.figure.code, code);
            }
        }

        let replayed = replayed(&office);
        let ids: Vec<SubjectId> = replayed.keys().copied().collect();
        let live: Vec<Subject> = office.app.subjects(office.prefecture, &ids).unwrap().into_iter().flatten().collect();
        prop_assert_eq!(live, replayed.into_values().collect::<Vec<_>>(), "replay = live");
        let loaded = Memory::load(&**office.app.store(), office.app.knowledge()).unwrap();
        prop_assert_eq!(at_hand(&loaded), at_hand(&office.app.memory()), "a new start knows the same");
        for file in std::fs::read_dir(office.folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            prop_assert!(!bytes.windows(8).any(|window| window == b"19900000"), "a telephone number stands open");
        }

        let live = office.derived();
        office.app.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(office.derived(), live);
    }

    #[test]
    fn an_account_changes_nothing_outside_its_area_whatever_it_sends(seed in any::<u64>()) {
        let office = run(seed, 150);
        let (own, other) = ("542521000000", "542526000000");
        // An organisation may be seated on a grid of the other county; ending it takes its line back from there.
        let counted = |office: &Office| {
            let mut counted = figures(office, area(other), At::Now);
            counted.remove("grid_coverage");
            counted
        };
        let outside = |office: &Office| -> BTreeMap<SubjectId, Subject> {
            let all = replayed(office).into_iter();
            all.filter(|(_, subject)| area(other).contains(subject.area) && subject.kind != "grid").collect()
        };
        let before = counted(&office);
        let stood = outside(&office);
        let mut random = Random(!seed);
        let subjects: Vec<SubjectId> = replayed(&office).into_keys().collect();
        for role in ["administrator", "county_officer", "grid_worker", "reader", "audit_administrator", "nobody"] {
            let grant = Grant { role: role.to_owned(), scope: area(own) };
            let asker = Asker::Account { id: subjects[0], grant };
            let commands = (0..60)
                .map(|_| {
                    let (subject, action) = random_command(&mut random, &subjects);
                    command(office.app.ids(), subject, action)
                })
                .collect();
            office.app.submit(office.prefecture, &asker, commands).unwrap();
        }
        prop_assert_eq!(outside(&office), stood);
        prop_assert_eq!(counted(&office), before);
        prop_assert_eq!(office.app.verify(office.prefecture, &mut |_| {}).unwrap().first_bad, None);
    }

    #[test]
    fn a_figure_as_of_an_earlier_position_stays_what_it_was(seed in any::<u64>()) {
        let office = run(seed, 150);
        let position = office.app.store().head(office.prefecture).unwrap().position;
        let then = figures(&office, area(PREFECTURE), At::Now);
        let mut random = Random(!seed);
        let subjects: Vec<SubjectId> = office.app.store().journal(office.prefecture, 12, 400).unwrap()
            .iter().map(|row| row.subject).collect();
        for _ in 0..100 {
            let (subject, action) = random_command(&mut random, &subjects);
            office.act(subject, action);
        }
        prop_assert_eq!(figures(&office, area(PREFECTURE), At::Position(position)), then);
    }
}

#[test]
fn the_lot_draws_revisits_appeals_and_decides() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..10 {
        let office = run(seed, 400);
        let journal = office.app.store().journal(office.prefecture, 1, 10_000).unwrap();
        seen.extend(journal.iter().map(|row| Record::read(&row.bytes).unwrap().event.code()));
    }
    for code in ["case_drawn", "case_revisited", "rating_appealed", "appeal_decided"] {
        assert!(seen.contains(code), "{code} is never reached: {seen:?}");
    }
}

#[test]
fn a_command_sent_again_gets_its_first_answer_and_changes_nothing() {
    let office = Office::new();
    let report = |title: &str| Action::ReportCase {
        kind: "hazard".to_owned(),
        area: area("542521100001001"),
        day: "2025-03-01".parse().unwrap(),
        title: title.to_owned(),
        fields: Default::default(),
        personal: Default::default(),
    };
    let sent = command(office.app.ids(), office.app.ids().subject(), report("电杆倾斜"));
    let first = office.submit(vec![sent.clone()]);
    let head = office.app.store().head(office.prefecture).unwrap();
    assert_eq!(office.submit(vec![sent.clone(), sent.clone()]), [first[0].clone(), first[0].clone()]);
    assert_eq!(office.app.store().head(office.prefecture).unwrap(), head);

    let mut reused = sent.clone();
    reused.action = report("消火栓无水");
    let answer = office.submit(vec![reused]).remove(0);
    assert!(matches!(answer, Outcome::Refused { code, .. } if code == "command_id_reused"));

    // A refusal is an answer too: after the case was accepted, the same second report is refused as before.
    let again = command(office.app.ids(), sent.subject, report("电杆倾斜"));
    let refused = office.submit(vec![again.clone()]);
    assert!(matches!(&refused[0], Outcome::Refused { code, .. } if code == "subject_exists"));
    assert_eq!(office.submit(vec![again]), refused);
}
