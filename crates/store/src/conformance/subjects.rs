//! Subjects: their rows, lists, counts and the search.

use std::collections::BTreeMap;

use tahuang_domain::{AreaCode, Day, Holder, Position, Shape, State};

use super::hand::{Bench, Hand, Lot, all, area, case, ngari, subject, tallies};
use crate::{DueQuery, Holding, HoldingChange, SearchEntry, SearchQuery, Store, StoreError, SubjectQuery, SubjectRow};

const KINDS: [&str; 3] = ["hazard", "wish", "dispute"];
const STATES: [State; 4] = [State::Reported, State::Assigned, State::Paused, State::Closed];

/// From the region to a grid: the areas that lists are asked for.
const ASKED: [&str; 8] = [
    "540000000000",
    "542500000000",
    "542521000000",
    "542526000000",
    "542521100000",
    "542521100001",
    "542521100001001",
    "542529000000",
];

const PLACES: [&str; 6] =
    ["542521100001001", "542521100001002", "542521100001", "542521200201", "542526100001", "542500000000"];

/// Subjects drawn by lot: of several kinds, states and places, some withdrawn, some of another shape.
fn many(bench: &Bench<'_>) -> Vec<SubjectRow> {
    let mut hand = Hand::new(bench.store, ngari());
    let mut lot = Lot(7);
    let mut rows = Vec::new();
    for number in 0..120 {
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(number));
        let mut row = case(subject(number), position, area(lot.pick(&PLACES)), lot.pick(&KINDS), lot.pick(&STATES));
        row.withdrawn = lot.below(6) == 0;
        if lot.below(6) == 0 {
            (row.shape, row.kind) = (Shape::LedgerRow, "ledger_row".to_owned());
            row.state = State::Refused;
            row.tag = lot.pick(&["hazards", "", "wishes"]).to_owned();
        }
        commit.tallies = tallies(&row, 1);
        commit.subjects.push(row.clone());
        hand.send(&commit);
        rows.push(row);
    }
    rows
}

fn selected(rows: &[SubjectRow], query: &SubjectQuery) -> Vec<SubjectRow> {
    let mut found: Vec<SubjectRow> = rows
        .iter()
        .filter(|row| row.shape == query.shape && query.kinds.contains(&row.kind) && query.states.contains(&row.state))
        .filter(|row| query.area.contains(row.area) && (query.withdrawn || !row.withdrawn))
        .filter(|row| query.before.is_none_or(|before| row.opened < before))
        .cloned()
        .collect();
    found.sort_by_key(|row| std::cmp::Reverse(row.opened));
    found.truncate(query.limit);
    found
}

pub fn a_subject_is_replaced_by_its_newer_state(bench: Bench<'_>) {
    let mut hand = Hand::new(bench.store, ngari());
    let mut commit = hand.draft();
    let opened = hand.append(&mut commit, subject(1));
    let first = case(subject(1), opened, area("542521100001"), "hazard", State::Reported);
    commit.tallies = tallies(&first, 1);
    commit.subjects.push(first.clone());
    hand.send(&commit);
    let mut commit = hand.draft();
    let changed = hand.append(&mut commit, subject(1));
    let second = SubjectRow {
        area: area("542526100001"),
        state: State::Closed,
        withdrawn: true,
        tag: "t".to_owned(),
        changed,
        history: vec![opened, changed],
        gives: vec![changed, opened, opened],
        body: b"{\"title\":\"later\"}".to_vec(),
        ..first.clone()
    };
    commit.tallies = tallies(&first, -1);
    commit.subjects.push(second.clone());
    hand.send(&commit);
    assert_eq!(bench.store.subjects(ngari(), &[subject(1)]).unwrap(), [Some(second.clone())]);
    // Lists find it where it stands now and no longer where it stood.
    assert_eq!(bench.store.list(ngari(), &all(area("542526000000"), &["hazard"])).unwrap(), [second]);
    assert_eq!(bench.store.list(ngari(), &all(area("542521000000"), &["hazard"])).unwrap(), []);
    assert_eq!(bench.store.counts(ngari(), Shape::Case, area("542500000000")).unwrap(), []);
}

pub fn subjects_come_in_the_order_of_the_ids(bench: Bench<'_>) {
    let rows = many(&bench);
    let asked = [subject(5), subject(999), subject(3), subject(5)];
    let found = bench.store.subjects(ngari(), &asked).unwrap();
    assert_eq!(found, [Some(rows[5].clone()), None, Some(rows[3].clone()), Some(rows[5].clone())]);
}

pub fn lists_are_newest_first_and_filtered_in_areas_high_and_low(bench: Bench<'_>) {
    let rows = many(&bench);
    let mut lot = Lot(11);
    for place in ASKED {
        for _ in 0..24 {
            let kinds: Vec<&str> = KINDS.into_iter().filter(|_| lot.below(2) == 0).collect();
            let query = SubjectQuery {
                states: STATES.into_iter().filter(|_| lot.below(3) > 0).collect(),
                withdrawn: lot.below(2) == 0,
                before: (lot.below(2) == 0).then(|| lot.below(130) as Position),
                limit: lot.pick(&[1, 3, 1_000]),
                ..all(area(place), &kinds)
            };
            assert_eq!(bench.store.list(ngari(), &query).unwrap(), selected(&rows, &query), "{query:?}");
        }
        let rows_refused = SubjectQuery { shape: Shape::LedgerRow, ..all(area(place), &["ledger_row"]) };
        assert_eq!(bench.store.list(ngari(), &rows_refused).unwrap(), selected(&rows, &rows_refused));
    }
}

pub fn a_list_walked_page_by_page_gives_every_subject_once(bench: Bench<'_>) {
    let rows = many(&bench);
    for place in ASKED {
        let whole = all(area(place), &KINDS);
        let mut query = SubjectQuery { limit: 4, ..whole.clone() };
        let mut walked = Vec::new();
        loop {
            let page = bench.store.list(ngari(), &query).unwrap();
            let Some(last) = page.last() else { break };
            query.before = Some(last.opened);
            walked.extend(page);
        }
        assert_eq!(walked, selected(&rows, &whole), "{place}");
    }
}

/// Some of the subjects are due within a month.
fn due_ones(bench: &Bench<'_>) -> Vec<SubjectRow> {
    let (mut hand, mut lot) = (Hand::new(bench.store, ngari()), Lot(5));
    let mut rows = Vec::new();
    for number in 0..80 {
        let mut commit = hand.draft();
        let position = hand.append(&mut commit, subject(number));
        let place = area(lot.pick(&PLACES));
        let mut row = case(subject(number), position, place, lot.pick(&KINDS), State::Reported);
        row.due = (lot.below(4) > 0).then(|| due_day(1 + lot.below(9)));
        commit.subjects.push(row.clone());
        hand.send(&commit);
        rows.push(row);
    }
    rows
}

fn due_day(day: usize) -> Day {
    Day::new(2025, 10, day as i8).unwrap()
}

pub fn what_is_due_comes_by_day_and_page_by_page_and_is_counted(bench: Bench<'_>) {
    let rows = due_ones(&bench);
    let mut lot = Lot(13);
    for place in ASKED {
        for _ in 0..16 {
            let bound = |lot: &mut Lot| (lot.below(2) == 0).then(|| due_day(1 + lot.below(9)));
            let whole = DueQuery {
                on: None,
                kinds: KINDS.into_iter().filter(|_| lot.below(3) > 0).map(str::to_owned).collect(),
                area: area(place),
                from: bound(&mut lot),
                until: bound(&mut lot),
                after: None,
                limit: 1_000,
            };
            let is_asked = |row: &&SubjectRow| {
                row.due.is_some_and(|due| whole.from.is_none_or(|from| from <= due))
                    && row.due.is_some_and(|due| whole.until.is_none_or(|until| due <= until))
                    && whole.area.contains(row.area)
                    && whole.kinds.contains(&row.kind)
            };
            let mut expected: Vec<SubjectRow> = rows.iter().filter(is_asked).cloned().collect();
            expected.sort_by_key(|row| (row.due, row.opened));
            assert_eq!(bench.store.due_count(ngari(), &whole).unwrap(), expected.len() as u64, "{whole:?}");
            let mut query = DueQuery { limit: 3, ..whole.clone() };
            let mut walked = Vec::new();
            loop {
                let page = bench.store.due(ngari(), &query).unwrap();
                let Some(last) = page.last() else { break };
                query.after = Some((last.due, last.opened));
                walked.extend(page);
            }
            assert_eq!(walked, expected, "{whole:?}");
        }
    }
    // What is done is due no more.
    let mut hand = Hand::new(bench.store, ngari());
    hand.head = bench.store.head(ngari()).unwrap();
    let done = rows.iter().find(|row| row.due.is_some()).unwrap();
    let mut commit = hand.draft();
    let changed = hand.append(&mut commit, done.id);
    commit.answers.clear();
    commit.subjects.push(SubjectRow { due: None, changed, state: State::Done, ..done.clone() });
    hand.send(&commit);
    let all_due = DueQuery {
        on: None,
        kinds: KINDS.map(str::to_owned).to_vec(),
        area: area("542500000000"),
        from: None,
        until: None,
        after: None,
        limit: 1_000,
    };
    assert!(bench.store.due(ngari(), &all_due).unwrap().iter().all(|row| row.id != done.id));
    let of_no_kind = DueQuery { kinds: Vec::new(), ..all_due };
    assert_eq!(bench.store.due(ngari(), &of_no_kind).unwrap(), Vec::new());
    assert_eq!(bench.store.due_count(ngari(), &of_no_kind).unwrap(), 0);
}

pub fn a_list_of_no_kind_or_no_state_is_empty(bench: Bench<'_>) {
    many(&bench);
    for place in ASKED {
        let no_kind = all(area(place), &[]);
        let no_state = SubjectQuery { states: Vec::new(), ..all(area(place), &KINDS) };
        for query in [no_kind, no_state] {
            assert_eq!(bench.store.list(ngari(), &query).unwrap(), []);
            let search = SearchQuery { filter: query, terms: vec!["电杆".to_owned()] };
            assert_eq!(bench.store.search(ngari(), &search).unwrap(), []);
        }
    }
}

pub fn counts_are_by_kind_state_and_tag_without_the_withdrawn(bench: Bench<'_>) {
    let rows = many(&bench);
    for (place, shape) in ASKED.into_iter().flat_map(|place| [(place, Shape::Case), (place, Shape::LedgerRow)]) {
        let within: AreaCode = area(place);
        let mut expected: BTreeMap<(String, State, String), u64> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.shape == shape && !row.withdrawn && within.contains(row.area)) {
            *expected.entry((row.kind.clone(), row.state, row.tag.clone())).or_default() += 1;
        }
        let counts = bench.store.counts(ngari(), shape, within).unwrap();
        let stored = counts.len();
        let counted: BTreeMap<_, _> =
            counts.into_iter().map(|(kind, state, tag, count)| ((kind, state, tag), count)).collect();
        assert_eq!(counted.len(), stored, "each kind, state and tag once");
        assert_eq!(counted, expected, "{shape:?} in {place}");
    }
}

pub fn all_of_a_kind_come_in_the_order_in_which_they_were_opened(bench: Bench<'_>) {
    let rows = many(&bench);
    for kind in KINDS {
        let expected: Vec<SubjectRow> =
            rows.iter().filter(|row| row.shape == Shape::Case && row.kind == kind).cloned().collect();
        assert_eq!(bench.store.all_of_kind(ngari(), Shape::Case, kind).unwrap(), expected, "withdrawn ones too");
    }
    assert_eq!(bench.store.all_of_kind(ngari(), Shape::Entry, "hazard").unwrap(), []);
}

/// What the index is told of a subject: its number in two digits, and whether it is even.
fn terms(row: &SubjectRow) -> String {
    let parity = if row.opened.is_multiple_of(2) { "双" } else { "单" };
    format!("a{} n{:03} {parity} 电杆 a12", row.area.number(), row.opened)
}

fn index_all(store: &dyn Store, rows: &[SubjectRow]) {
    let entries: Vec<SearchEntry> =
        rows.iter().map(|row| SearchEntry { opened: row.opened, terms: terms(row) }).collect();
    store.index(ngari(), rows.len() as Position, &entries).unwrap();
}

pub fn a_search_finds_what_has_all_terms_newest_first(bench: Bench<'_>) {
    let rows = many(&bench);
    index_all(bench.store, &rows);
    assert_eq!(bench.store.search_position(ngari()).unwrap(), rows.len() as Position);
    let mut lot = Lot(13);
    for place in ASKED {
        for wanted in
            [vec!["双"], vec!["单", "电杆"], vec!["n017"], vec!["电杆", "n018", "双"], vec!["单", "双"], vec!["铁塔"]]
        {
            let filter = SubjectQuery {
                withdrawn: lot.below(2) == 0,
                before: (lot.below(2) == 0).then(|| lot.below(130) as Position),
                limit: lot.pick(&[2, 1_000]),
                ..all(area(place), &KINDS)
            };
            let has = |row: &SubjectRow| {
                let terms = terms(row);
                wanted.iter().all(|term| terms.split(' ').any(|known| known == *term))
            };
            let matching: Vec<SubjectRow> = rows.iter().filter(|row| has(row)).cloned().collect();
            let terms = wanted.iter().map(|term| (*term).to_owned()).collect();
            let search = SearchQuery { filter: filter.clone(), terms };
            assert_eq!(bench.store.search(ngari(), &search).unwrap(), selected(&matching, &filter), "{search:?}");
        }
    }
}

pub fn an_entry_of_the_search_is_replaced_when_it_is_indexed_again(bench: Bench<'_>) {
    let rows = many(&bench);
    index_all(bench.store, &rows);
    let found = |term: &str| -> Vec<Position> {
        let search = SearchQuery { filter: all(area("540000000000"), &KINDS), terms: vec![term.to_owned()] };
        bench.store.search(ngari(), &search).unwrap().iter().map(|row| row.opened).collect()
    };
    let row = rows.iter().rfind(|row| row.shape == Shape::Case).unwrap();
    let own = format!("n{:03}", row.opened);
    assert_eq!(found(&own), [row.opened]);
    let entry = |terms: &str| SearchEntry { opened: row.opened, terms: terms.to_owned() };
    bench.store.index(ngari(), 500, &[entry("护栏 缺失")]).unwrap();
    assert_eq!(bench.store.search_position(ngari()).unwrap(), 500);
    assert_eq!(found("护栏"), [row.opened]);
    assert_eq!(found(&own), Vec::<Position>::new(), "what it said before is forgotten");
    assert_eq!(found("双").len() + found("单").len(), rows.iter().filter(|row| row.shape == Shape::Case).count() - 1);
}

pub fn what_stands_on_a_page_comes_by_day_and_leaves_it(bench: Bench<'_>) {
    let holders = [
        Holder::Account(subject(901)),
        Holder::Account(subject(902)),
        Holder::Office(area("542521000000")),
        Holder::Office(area("542500000000")),
    ];
    let rows = due_ones(&bench);
    let mut lot = Lot(29);
    let mut held: Vec<(Holding, SubjectRow)> = Vec::new();
    let mut hand = Hand::new(bench.store, ngari());
    hand.head = bench.store.head(ngari()).unwrap();
    let mut commit = hand.draft();
    for row in &rows {
        let holder = lot.pick(&holders);
        let (waits, due, opened) = (lot.below(2) == 0, row.due, row.opened);
        held.push((Holding { holder, waits, due, opened, kind: row.kind.clone(), area: row.area }, row.clone()));
    }
    commit.holdings = held.iter().map(|(holding, _)| HoldingChange::Begun(holding.clone())).collect();
    hand.append(&mut commit, rows[0].id);
    commit.answers.clear();
    hand.send(&commit);
    let walk = |whole: &DueQuery| {
        let mut query = DueQuery { limit: 3, ..whole.clone() };
        let mut walked = Vec::new();
        loop {
            let page = bench.store.due(ngari(), &query).unwrap();
            let Some(last) = page.last() else { return walked };
            query.after = Some((last.due, last.opened));
            walked.extend(page);
        }
    };
    let asked = |holder: Holder, waits: bool, place: &str, until: Option<Day>| DueQuery {
        on: Some((holder, waits)),
        kinds: KINDS[1..].iter().map(|kind| (*kind).to_owned()).collect(),
        area: area(place),
        from: None,
        until,
        after: None,
        limit: 1_000,
    };
    let compare = |held: &[(Holding, SubjectRow)]| {
        for (holder, waits) in holders.iter().flat_map(|holder| [(*holder, false), (*holder, true)]) {
            for (place, until) in ASKED.iter().flat_map(|place| [(place, None), (place, Some(due_day(5)))]) {
                let whole = asked(holder, waits, place, until);
                let is_asked = |(holding, row): &&(Holding, SubjectRow)| {
                    (holding.holder, holding.waits) == (holder, waits)
                        && whole.area.contains(row.area)
                        && whole.kinds.contains(&row.kind)
                        && until.is_none_or(|until| row.due.is_some_and(|due| due <= until))
                };
                let mut expected: Vec<SubjectRow> = held.iter().filter(is_asked).map(|(_, row)| row.clone()).collect();
                // What has no clock comes last.
                expected.sort_by_key(|row| (row.due.is_none(), row.due, row.opened));
                assert_eq!(walk(&whole), expected, "{whole:?}");
                assert_eq!(bench.store.due_count(ngari(), &whole).unwrap(), expected.len() as u64);
            }
        }
    };
    compare(&held);
    // Half of them leave, and one moves to another page and another day.
    let left = held.split_off(held.len() / 2);
    let mut commit = hand.draft();
    commit.holdings = left.into_iter().map(|(holding, _)| HoldingChange::Ended(holding)).collect();
    let (moved, row) = &mut held[0];
    commit.holdings.push(HoldingChange::Ended(moved.clone()));
    (moved.holder, moved.waits) = (holders[1], false);
    commit.holdings.push(HoldingChange::Begun(moved.clone()));
    hand.append(&mut commit, row.id);
    commit.answers.clear();
    hand.send(&commit);
    compare(&held);
    // What nobody holds cannot end: it says that the pages and the records have come apart.
    let mut commit = hand.draft();
    hand.append(&mut commit, held[0].1.id);
    commit.answers.clear();
    let stranger = Holding { holder: Holder::Account(subject(999)), ..held[0].0.clone() };
    commit.holdings = vec![HoldingChange::Ended(stranger)];
    assert!(matches!(bench.store.commit(&commit), Err(StoreError::Corrupt { table: "holdings", .. })));
}
