//! Sums from cells and from contributions, and the contributions behind them.

use std::collections::BTreeMap;

use tahuang_domain::{AreaCode, Level, Position};
use tahuang_figures::{CellDeltas, Change, Contribution, Grain, Part};

use super::hand::{Bench, Hand, Lot, area, contribution, give, ngari, subject};
use crate::{CellDelta, ContributionChange, ContributionQuery, ContributionRow, PartSum, StoreError};

/// A contribution and the position at which it ended.
type Lived = (ContributionRow, Option<Position>);

const FIGURES: [(&str, Part, bool); 4] = [
    ("cards", Part::Whole, false),
    ("rate", Part::Whole, false),
    ("rate", Part::Denominator, false),
    ("units", Part::Whole, true),
];

const PLACES: [&str; 6] =
    ["542521100001001", "542521100001002", "542521100002", "542521200201", "542526100001", "542521000000"];

const ASKED: [&str; 9] = [
    "540000000000",
    "542500000000",
    "542521000000",
    "542526000000",
    "542521100000",
    "542521100001",
    "542521100001001",
    "542521100001002",
    "542529000000",
];

fn day_of(number: i64) -> Option<tahuang_domain::Day> {
    tahuang_domain::Day::from_number(number)
}

/// Subjects whose contributions come and go by lot; their cells are folded as the application folds them.
fn lives(bench: &Bench<'_>, seed: u64) -> Vec<Lived> {
    let mut hand = Hand::new(bench.store, ngari());
    let mut lot = Lot(seed);
    let mut lived: Vec<Lived> = Vec::new();
    for _ in 0..60 {
        let mut commit = hand.draft();
        let mut cells = CellDeltas::default();
        for _ in 0..=lot.below(3) {
            let id = subject(lot.below(8) as u128);
            let position = hand.append(&mut commit, id);
            let (figure, part, once) = lot.pick(&FIGURES);
            let standing = |lived: &[Lived]| -> Vec<ContributionRow> {
                let own =
                    lived.iter().filter(|(row, closed)| closed.is_none() && row.subject == id && row.figure == figure);
                own.map(|(row, _)| row.clone()).collect()
            };
            let before = standing(&lived);
            let mut change: (Vec<ContributionRow>, Vec<ContributionRow>) = Default::default();
            for (row, closed) in &mut lived {
                let own = closed.is_none() && row.subject == id && row.figure == figure && row.part == part;
                if own && lot.below(2) == 0 {
                    *closed = Some(position);
                    commit.contributions.push(ContributionChange::Closed(row.clone(), position));
                    change.0.push(row.clone());
                }
            }
            for slot in 0..lot.below(3) as u32 {
                let mut row = contribution(figure, area(lot.pick(&PLACES)), 0, id, position, 1);
                row.day = lot.pick(&[0, 20_250_101, 20_250_131, 20_250_201, 20_251_231]);
                row.amount = if once { 1 } else { 1 + lot.below(50) as i64 };
                (row.part, row.once, row.slot) = (part, once, slot);
                commit.contributions.push(ContributionChange::Opened(row.clone()));
                lived.push((row.clone(), None));
                change.1.push(row);
            }
            let after = standing(&lived);
            let given = |rows: &[ContributionRow]| -> Vec<Contribution<'static>> {
                rows.iter()
                    .map(|row| Contribution {
                        figure,
                        part: row.part,
                        area: row.area,
                        day: day_of(row.day),
                        slot: row.slot,
                        amount: row.amount,
                        once: row.once,
                    })
                    .collect()
            };
            cells.fold(&Change { closed: given(&change.0), opened: given(&change.1) }, &given(&before), &given(&after));
        }
        commit.cells = CellDelta::all_of(cells);
        hand.send(&commit);
    }
    lived
}

fn standing_at(lived: &[Lived], at: Position, within: AreaCode) -> impl Iterator<Item = &ContributionRow> {
    lived
        .iter()
        .filter(move |(row, closed)| row.opened <= at && closed.is_none_or(|closed| closed > at))
        .map(|(row, _)| row)
        .filter(move |row| within.contains(row.area))
}

/// (sum, records) of each figure's part by day, as the contributions say.
type ByDay = BTreeMap<(String, i64, i64), (i64, i64)>;

fn by_day(lived: &[Lived], at: Position, within: AreaCode) -> ByDay {
    let mut sums: ByDay = BTreeMap::new();
    let mut first: BTreeMap<(String, tahuang_domain::SubjectId), i64> = BTreeMap::new();
    for row in standing_at(lived, at, within) {
        let sum = sums.entry((row.figure.clone(), row.part.number(), row.day)).or_default();
        sum.1 += 1;
        if row.once {
            let earliest = first.entry((row.figure.clone(), row.subject)).or_insert(row.day);
            *earliest = (*earliest).min(row.day);
        } else {
            sum.0 += row.amount;
        }
    }
    for ((figure, _), day) in first {
        sums.entry((figure, Part::Whole.number(), day)).or_default().0 += 1;
    }
    sums
}

fn periods(sums: &ByDay, shorten: i64) -> BTreeMap<(String, i64, i64), (i64, i64)> {
    let mut folded: ByDay = BTreeMap::new();
    for ((figure, part, day), (amount, records)) in sums {
        let sum = folded.entry((figure.clone(), *part, day / shorten)).or_default();
        *sum = (sum.0 + amount, sum.1 + records);
    }
    folded.retain(|_, sum| *sum != (0, 0));
    folded
}

fn told(sums: Vec<PartSum>) -> ByDay {
    let mut found = ByDay::new();
    for sum in sums.into_iter().filter(|sum| (sum.sum, sum.records) != (0, 0)) {
        let twice = found.insert((sum.figure, sum.part.number(), sum.period), (sum.sum, sum.records));
        assert_eq!(twice, None, "each figure, part and period once");
    }
    found
}

fn whole(sums: &ByDay) -> ByDay {
    let mut folded = ByDay::new();
    for ((figure, part, _), (amount, records)) in sums {
        let sum = folded.entry((figure.clone(), *part, 0)).or_default();
        *sum = (sum.0 + amount, sum.1 + records);
    }
    folded.retain(|_, sum| *sum != (0, 0));
    folded
}

pub fn sums_by_month_by_day_now_and_as_of_any_position_agree_with_the_contributions(bench: Bench<'_>) {
    let store = bench.store;
    let lived = lives(&bench, 3);
    let head = store.head(ngari()).unwrap().position;
    for place in ASKED.map(area) {
        let now = by_day(&lived, head, place);
        let months = store.periods(ngari(), place, Grain::Month, None).unwrap();
        assert_eq!(told(months), periods(&now, 100), "months of {place}");
        if place.level() <= Level::County {
            let days = store.periods(ngari(), place, Grain::Day, None).unwrap();
            assert_eq!(told(days), periods(&now, 1), "days of {place}");
        }
        for figure in ["cards", "rate", "units"] {
            let mut expected = periods(&now, 100);
            expected.retain(|(code, ..), _| code == figure);
            assert_eq!(told(store.periods(ngari(), place, Grain::Month, Some(figure)).unwrap()), expected);
        }
        assert_eq!(
            store.periods(ngari(), place, Grain::Month, Some("card")).unwrap(),
            [],
            "no figure is part of another"
        );
        for at in [0, 1, 2, head / 3, head / 2, head - 1, head, head + 9] {
            let then = by_day(&lived, at, place);
            assert_eq!(
                told(store.totals_at(ngari(), place, at, &FIGURES).unwrap()),
                whole(&then),
                "{place} as of {at}"
            );
            for (figure, part, _) in FIGURES {
                let mut expected = periods(&then, 1);
                expected.retain(|(code, number, _), _| code == figure && *number == part.number());
                let days = store.days_at(ngari(), place, at, (figure, part)).unwrap();
                let summed: Vec<i64> = days.iter().map(|sum| sum.period).collect();
                assert!(summed.is_sorted(), "{summed:?}");
                // A subject that counts once is told with all its records on its earliest day.
                let once = figure == "units";
                let amounts = |sums: ByDay| -> BTreeMap<i64, i64> {
                    sums.into_iter().filter(|(_, sum)| sum.0 != 0).map(|((.., day), sum)| (day, sum.0)).collect()
                };
                let (days, records): (ByDay, i64) = {
                    let records = days.iter().map(|sum| sum.records).sum();
                    (told(days), records)
                };
                assert_eq!(records, expected.values().map(|sum| sum.1).sum::<i64>());
                if once {
                    assert_eq!(amounts(days), amounts(expected), "{figure} by day of {place} as of {at}");
                } else {
                    assert_eq!(days, expected, "{figure} by day of {place} as of {at}");
                }
            }
        }
    }
}

pub fn contributions_are_listed_by_area_and_position_page_by_page_as_of_any_position(bench: Bench<'_>) {
    let lived = lives(&bench, 5);
    let head = bench.store.head(ngari()).unwrap().position;
    let mut seen = 0;
    for (figure, part, _) in FIGURES {
        for place in ASKED.map(area) {
            for at in [0, 1, head / 2, head] {
                let mut expected: Vec<ContributionRow> = standing_at(&lived, at, place)
                    .filter(|row| row.figure == figure && row.part == part)
                    .cloned()
                    .collect();
                expected.sort_by_key(|row| (row.area, row.opened, row.subject, row.slot, row.day));
                for limit in [1, 2, 1_000] {
                    let mut query = ContributionQuery { figure, part, area: place, at, after: None, limit };
                    let mut walked = Vec::new();
                    loop {
                        let page = bench.store.contributions(ngari(), &query).unwrap();
                        assert!(page.len() <= limit);
                        let Some(last) = page.last() else { break };
                        query.after = Some(last.clone());
                        walked.extend(page);
                    }
                    assert_eq!(walked, expected, "{figure} of {place} as of {at} by {limit}");
                }
                seen += expected.len();
            }
        }
    }
    assert!(seen > 100, "the lot must give something to list");
}

pub fn areas_are_found_at_every_level_while_they_count_something(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let mut commit = hand.draft();
    let position = hand.append(&mut commit, subject(1));
    let rows = [
        contribution("cards", area("542521100001001"), 20_250_101, subject(1), position, 5),
        contribution("cards", area("542526100002"), 20_250_101, subject(2), position, 5),
        contribution("visits", area("542521200000"), 20_250_101, subject(3), position, 5),
    ];
    rows.iter().for_each(|row| give(&mut commit, row, 1, position));
    hand.send(&commit);
    let found = |level, figures: &[&str]| -> Vec<String> {
        bench.store.areas_with(ngari(), level, figures).unwrap().iter().map(ToString::to_string).collect()
    };
    let both = ["cards", "visits"];
    assert_eq!(found(Level::Region, &both), ["540000000000"]);
    assert_eq!(found(Level::Prefecture, &both), ["542500000000"]);
    assert_eq!(found(Level::County, &both), ["542521000000", "542526000000"]);
    assert_eq!(found(Level::Township, &both), ["542521100000", "542521200000", "542526100000"]);
    assert_eq!(found(Level::Village, &both), ["542521100001", "542526100002"]);
    assert_eq!(found(Level::Grid, &both), ["542521100001001"]);
    assert_eq!(found(Level::Township, &["visits"]), ["542521200000"]);
    assert_eq!(found(Level::County, &[]), Vec::<String>::new());
    assert_eq!(found(Level::County, &["card"]), Vec::<String>::new());

    let mut commit = hand.draft();
    let position = hand.append(&mut commit, subject(2));
    give(&mut commit, &rows[1], -1, position);
    hand.send(&commit);
    assert_eq!(found(Level::County, &both), ["542521000000"], "what was taken back counts nothing");
}

pub fn ending_a_contribution_that_does_not_stand_is_damage(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let mut commit = hand.draft();
    let position = hand.append(&mut commit, subject(1));
    let row = contribution("cards", area("542521100001"), 20_250_101, subject(1), position, 5);
    give(&mut commit, &row, 1, position);
    hand.send(&commit);
    let wrong = [
        ContributionRow { figure: "visits".to_owned(), ..row.clone() },
        ContributionRow { part: Part::Denominator, ..row.clone() },
        ContributionRow { area: area("542521100002"), ..row.clone() },
        ContributionRow { day: 20_250_102, ..row.clone() },
        ContributionRow { subject: subject(2), ..row.clone() },
        ContributionRow { slot: 1, ..row.clone() },
        ContributionRow { opened: position + 1, ..row.clone() },
    ];
    for strange in wrong {
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(1));
        commit.contributions.push(ContributionChange::Closed(strange.clone(), position));
        let told = bench.store.commit(&commit);
        assert!(matches!(told, Err(StoreError::Corrupt { .. })), "{strange:?}: {told:?}");
    }
    let mut close = || {
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(1));
        commit.contributions.push(ContributionChange::Closed(row.clone(), position));
        hand.try_send(&commit)
    };
    assert_eq!(close(), Ok(()));
    assert!(matches!(close(), Err(StoreError::Corrupt { .. })), "it ended already");
}
