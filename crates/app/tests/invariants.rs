//! The invariants of the journal and the figures, over random commands.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_domain::{Action, AreaCode, SubjectId};
use tahuang_figures::{Part, Sums};
use tahuang_store::Outcome;
use tahuang_testkit::{Office, PREFECTURE, Random, area, command, random_command};

/// Sums of all figures in an area, folded from the contributions of every subject: what the cells must say.
fn folded(office: &Office, within: AreaCode) -> BTreeMap<String, Sums> {
    let knowledge = office.app.knowledge();
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let head = office.app.store().head(office.prefecture).unwrap().position;
    let mut ids: Vec<SubjectId> =
        office.app.store().journal(office.prefecture, 1, head as usize).unwrap().iter().map(|row| row.subject).collect();
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

fn figures(office: &Office, within: AreaCode, at: At) -> BTreeMap<String, Sums> {
    let board = office.app.figures(&Asker::Console, within, at).unwrap();
    board
        .figures
        .into_iter()
        .filter(|value| value.sums != Sums::default())
        .map(|value| (value.figure.code.clone(), value.sums))
        .collect()
}

fn run(seed: u64, commands: usize) -> Office {
    let office = Office::new();
    let mut random = Random(seed);
    let grids = office.app.store().journal(office.prefecture, 12, 6).unwrap();
    let mut subjects: Vec<SubjectId> = grids.iter().map(|row| row.subject).collect();
    subjects.extend((0..30).map(|_| office.app.ids().subject()));
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

        let live = office.derived();
        office.app.rebuild(&mut |_| {}).unwrap();
        prop_assert_eq!(office.derived(), live);
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
