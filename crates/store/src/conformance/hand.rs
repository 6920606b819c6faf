//! A hand that writes journals for the suite: it keeps the chain and knows what it wrote.

use std::path::Path;
use std::sync::Arc;

use tahuang_domain::{Actor, AreaCode, CommandId, Event, Position, Prefecture, Shape, State, SubjectId};
use tahuang_figures::{Grain, Part};
use tahuang_journal::{Record, VERSION, genesis, link};
use uuid::Uuid;

use crate::{
    Answer, CellDelta, Commit, ContributionChange, ContributionRow, Head, JournalRow, Outcome, Store, StoreError,
    SubjectQuery, SubjectRow, TallyDelta, tallied,
};

/// What a test gets: an empty store, and a folder of its own.
pub struct Bench<'s> {
    pub store: &'s dyn Store,
    pub shared: Arc<dyn Store>,
    pub folder: &'s Path,
}

pub fn on_a_new_store(make: &dyn Fn(&Path) -> Arc<dyn Store>, test: fn(Bench<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let shared = make(folder.path());
    test(Bench { store: &*shared, shared: Arc::clone(&shared), folder: folder.path() });
}

pub fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

pub fn ngari() -> Prefecture {
    Prefecture::new(area("542500000000")).unwrap()
}

pub fn lhasa() -> Prefecture {
    Prefecture::new(area("540100000000")).unwrap()
}

pub const fn subject(number: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number))
}

pub const fn command(number: u128) -> CommandId {
    CommandId(Uuid::from_u128(0x0198_0000_0000_7000_9000_0000_0000_0000 + number))
}

/// SplitMix64, so that what is drawn by lot is the same everywhere.
pub struct Lot(pub u64);

impl Lot {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Writes one journal.
pub struct Hand<'s> {
    pub store: &'s dyn Store,
    pub prefecture: Prefecture,
    pub head: Head,
    commands: u128,
}

impl<'s> Hand<'s> {
    pub fn new(store: &'s dyn Store, prefecture: Prefecture) -> Self {
        let head = Head { position: 0, hash: genesis(prefecture), at: 0 };
        Self { store, prefecture, head, commands: 0 }
    }

    /// An empty commit on the journal's head.
    pub fn draft(&self) -> Commit {
        Commit::empty(self.prefecture, self.head, self.head.at + 1_000)
    }

    /// Adds one journal row to a draft, with an answer to a new command; gives its position.
    pub fn append(&mut self, commit: &mut Commit, id: SubjectId) -> Position {
        self.commands += 1;
        let last = commit.journal.last();
        let (before, hash) =
            last.map_or((commit.expected.position, commit.expected.hash), |row| (row.position, row.hash));
        let record = Record {
            version: VERSION,
            prefecture: self.prefecture,
            position: before + 1,
            at: commit.at,
            actor: Actor::Console,
            command: command(self.commands),
            subject: id,
            source: None,
            event: Event::CaseDeclined { reason: format!("重复上报 {}", before + 1), late: false },
        };
        let bytes = record.bytes().unwrap();
        let hash = link(&hash, &bytes);
        let (position, command) = (record.position, record.command);
        commit.journal.push(JournalRow { position, command, subject: id, bytes, hash });
        let outcome = Outcome::Accepted { first: position, count: 1 };
        commit.answers.push(Answer { command, digest: position, outcome });
        position
    }

    /// Commits a draft and moves on.
    pub fn send(&mut self, commit: &Commit) {
        self.try_send(commit).unwrap();
    }

    pub fn try_send(&mut self, commit: &Commit) -> Result<(), StoreError> {
        self.store.commit(commit)?;
        if let Some(row) = commit.journal.last() {
            self.head = Head { position: row.position, hash: row.hash, at: commit.at };
        }
        Ok(())
    }

    /// One commit with one journal row and nothing else.
    pub fn step(&mut self) -> Position {
        let mut commit = self.draft();
        let position = self.append(&mut commit, subject(1));
        self.send(&commit);
        position
    }
}

/// A case as it stands in a list.
pub fn case(id: SubjectId, opened: Position, place: AreaCode, kind: &str, state: State) -> SubjectRow {
    SubjectRow {
        id,
        shape: Shape::Case,
        kind: kind.to_owned(),
        area: place,
        state,
        withdrawn: false,
        tag: String::new(),
        due: None,
        opened,
        changed: opened,
        history: vec![opened],
        gives: Vec::new(),
        body: format!("{{\"title\":\"{opened}\"}}").into_bytes(),
    }
}

/// The tallies that a subject's coming or going changes.
pub fn tallies(row: &SubjectRow, delta: i64) -> Vec<TallyDelta> {
    if !tallied(row.shape) || row.withdrawn {
        return Vec::new();
    }
    let coarse = row.area.lineage().filter(|area| area.level() <= tahuang_domain::Level::County);
    coarse
        .map(|area| TallyDelta {
            area,
            shape: row.shape,
            kind: row.kind.clone(),
            state: row.state,
            tag: row.tag.clone(),
            delta,
        })
        .collect()
}

pub fn all(place: AreaCode, kinds: &[&str]) -> SubjectQuery {
    SubjectQuery {
        shape: Shape::Case,
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        states: State::ALL.to_vec(),
        area: place,
        withdrawn: true,
        before: None,
        limit: 1_000,
    }
}

pub fn contribution(
    figure: &str,
    place: AreaCode,
    day: i64,
    id: SubjectId,
    opened: Position,
    amount: i64,
) -> ContributionRow {
    ContributionRow {
        figure: figure.to_owned(),
        part: Part::Whole,
        area: place,
        day,
        subject: id,
        slot: 0,
        opened,
        amount,
        once: false,
    }
}

/// Begins (1) or ends (-1) a contribution that counts in every area above, with its cells.
pub fn give(commit: &mut Commit, row: &ContributionRow, sign: i64, at: Position) {
    commit.contributions.push(match sign {
        1 => ContributionChange::Opened(row.clone()),
        _ => ContributionChange::Closed(row.clone(), at),
    });
    for place in row.area.lineage() {
        let mut cell = |grain, period| {
            commit.cells.push(CellDelta {
                area: place,
                grain,
                figure: row.figure.clone(),
                part: row.part,
                period,
                delta: sign * row.amount,
                records: sign,
            });
        };
        cell(Grain::Month, row.day / 100);
        if place.level() <= tahuang_domain::Level::County {
            cell(Grain::Day, row.day);
        }
    }
}

pub fn dump(store: &dyn Store, prefecture: Prefecture) -> Vec<String> {
    let mut rows = Vec::new();
    store.derived_dump(prefecture, &mut |row| rows.push(row.to_owned())).unwrap();
    rows
}
