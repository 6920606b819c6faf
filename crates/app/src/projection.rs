//! From events to state, contributions and cells. The writer and the rebuilding use the same code, so that what is
//! rebuilt comes out the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tahuang_domain::{AreaCode, Body, Level, Position, Shape, State, Subject, SubjectId};
use tahuang_figures::{CellDeltas, Change, Contribution};
use tahuang_journal::Record;
use tahuang_store::{
    CellDelta, Commit, ContributionChange, ContributionRow, Holding, HoldingChange, StoreError, SubjectRow, TallyDelta,
    tallied,
};

use crate::knowledge::Knowledge;

/// The subjects of one batch, as its events change them.
pub struct Projection<'k> {
    knowledge: &'k Knowledge,
    loaded: HashMap<SubjectId, Loaded<'k>>,
    /// Changed subjects, in the order of their first change.
    changed: Vec<SubjectId>,
    contributions: Vec<ContributionChange>,
    cells: CellDeltas<'k>,
    tallies: BTreeMap<Tally, i64>,
}

/// What is counted of subjects that wait for somebody: area, shape, kind, state, tag.
type Tally = (AreaCode, Shape, String, State, String);

#[derive(Default)]
struct Loaded<'k> {
    subject: Option<Subject>,
    history: Vec<Position>,
    /// What the subject gives now, in order; computed when its first event comes.
    gives: Option<Vec<Contribution<'k>>>,
    /// For each of them, from which position on.
    since: Vec<Position>,
    /// Positions in `history` when it was loaded.
    known: usize,
    /// On whose pages it stood when it was loaded.
    held: BTreeSet<Holding>,
}

impl<'k> Projection<'k> {
    pub fn new(knowledge: &'k Knowledge) -> Self {
        let (loaded, changed, contributions) = (HashMap::new(), Vec::new(), Vec::new());
        let (cells, tallies) = (CellDeltas::default(), BTreeMap::new());
        Self { knowledge, loaded, changed, contributions, cells, tallies }
    }

    pub fn is_loaded(&self, id: SubjectId) -> bool {
        self.loaded.contains_key(&id)
    }

    /// Takes over what the store has of a subject; `None` when it has nothing.
    pub fn load(&mut self, id: SubjectId, row: Option<SubjectRow>) -> Result<(), StoreError> {
        if self.is_loaded(id) {
            return Ok(());
        }
        let loaded = match row {
            Some(row) => {
                let subject = read_subject(&row)?;
                let held = holdings(&subject, row.opened);
                let (subject, known) = (Some(subject), row.history.len());
                Loaded { subject, known, history: row.history, gives: None, since: row.gives, held }
            }
            None => Loaded::default(),
        };
        self.loaded.insert(id, loaded);
        Ok(())
    }

    /// The state of a loaded subject.
    pub fn state(&self, id: SubjectId) -> Option<&Subject> {
        self.loaded.get(&id).and_then(|loaded| loaded.subject.as_ref())
    }

    /// The position at which a loaded subject was opened.
    pub fn opened(&self, id: SubjectId) -> Option<Position> {
        self.loaded.get(&id).and_then(|loaded| loaded.history.first().copied())
    }

    /// Folds the next record of the journal.
    pub fn apply(&mut self, record: &Record) {
        let figures = &self.knowledge.figures;
        let loaded = self.loaded.entry(record.subject).or_default();
        let gives = |subject: &Option<Subject>| {
            let mut gives = subject.as_ref().map(|subject| figures.contributions(subject)).unwrap_or_default();
            gives.sort_unstable();
            gives
        };
        let before = loaded.gives.take().unwrap_or_else(|| gives(&loaded.subject));
        if loaded.history.len() == loaded.known {
            self.changed.push(record.subject);
        }
        loaded.history.push(record.position);
        let stood = loaded.subject.as_ref().and_then(stands);
        loaded.subject = Subject::apply(loaded.subject.take(), &record.event, record.actor);
        let stands = loaded.subject.as_ref().and_then(stands);
        if stood != stands {
            for (tally, by) in stood.into_iter().map(|tally| (tally, -1)).chain(stands.map(|tally| (tally, 1))) {
                for area in tally.0.lineage().filter(|area| area.level() <= Level::County) {
                    *self.tallies.entry((area, tally.1, tally.2.clone(), tally.3, tally.4.clone())).or_default() += by;
                }
            }
        }
        let after = gives(&loaded.subject);
        let row = |contribution: &Contribution<'k>, opened: Position| ContributionRow {
            figure: contribution.figure.to_owned(),
            part: contribution.part,
            area: contribution.area,
            day: contribution.day.map_or(0, tahuang_domain::Day::number),
            subject: record.subject,
            slot: contribution.slot,
            opened,
            amount: contribution.amount,
            once: contribution.once,
        };
        let mut change = Change::default();
        for (old, since) in before.iter().zip(&loaded.since) {
            if after.binary_search(old).is_err() {
                self.contributions.push(ContributionChange::Closed(row(old, *since), record.position));
                change.closed.push(old.clone());
            }
        }
        let mut since = Vec::with_capacity(after.len());
        for new in &after {
            match before.binary_search(new) {
                Ok(index) => since.push(loaded.since.get(index).copied().unwrap_or(record.position)),
                Err(_) => {
                    self.contributions.push(ContributionChange::Opened(row(new, record.position)));
                    change.opened.push(new.clone());
                    since.push(record.position);
                }
            }
        }
        if !change.is_empty() {
            self.cells.fold(&change, &before, &after);
        }
        loaded.since = since;
        loaded.gives = Some(after);
    }

    /// Puts what was derived into the commit.
    pub fn finish(self, commit: &mut Commit) {
        let mut loaded = self.loaded;
        for id in self.changed {
            let Some(Loaded { subject: Some(subject), history, since, held, .. }) = loaded.remove(&id) else {
                continue;
            };
            let holds = holdings(&subject, history.first().copied().unwrap_or_default());
            commit.holdings.extend(held.difference(&holds).cloned().map(HoldingChange::Ended));
            commit.holdings.extend(holds.difference(&held).cloned().map(HoldingChange::Begun));
            commit.subjects.push(row_of(id, &subject, history, since));
        }
        commit.contributions = self.contributions;
        commit.cells = CellDelta::all_of(self.cells);
        commit.tallies = self
            .tallies
            .into_iter()
            .filter(|(_, delta)| *delta != 0)
            .map(|((area, shape, kind, state, tag), delta)| TallyDelta { area, shape, kind, state, tag, delta })
            .collect();
    }
}

fn row_of(id: SubjectId, subject: &Subject, history: Vec<Position>, gives: Vec<Position>) -> SubjectRow {
    SubjectRow {
        id,
        shape: subject.body.shape(),
        kind: subject.kind.clone(),
        area: subject.area,
        state: subject.state,
        withdrawn: subject.withdrawn,
        tag: tag(subject),
        due: subject.due(),
        opened: history.first().copied().unwrap_or_default(),
        changed: history.last().copied().unwrap_or_default(),
        history,
        gives,
        body: serde_json::to_vec(subject).unwrap_or_else(|error| unreachable!("a subject is plain JSON: {error}")),
    }
}

/// On whose pages a subject stands that was opened at this position.
fn holdings(subject: &Subject, opened: Position) -> BTreeSet<Holding> {
    let holding = |(holder, waits)| Holding {
        holder,
        waits,
        due: subject.listed_by(holder),
        opened,
        kind: subject.kind.clone(),
        area: subject.area,
    };
    subject.holders().into_iter().map(holding).collect()
}

fn tag(subject: &Subject) -> String {
    match &subject.body {
        Body::LedgerRow { ledger, .. } => ledger.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// Where a subject is tallied; `None` when it was withdrawn or its shape is not tallied.
fn stands(subject: &Subject) -> Option<Tally> {
    let shape = subject.body.shape();
    (tallied(shape) && !subject.withdrawn)
        .then(|| (subject.area, shape, subject.kind.clone(), subject.state, tag(subject)))
}

/// The state that a stored row holds.
pub fn read_subject(row: &SubjectRow) -> Result<Subject, StoreError> {
    serde_json::from_slice(&row.body).map_err(|_| StoreError::Corrupt { table: "subjects", key: row.id.to_string() })
}

/// Whether subjects of this shape are found by the search.
pub fn is_searched(shape: Shape) -> bool {
    shape == Shape::Case
}
