//! Cells: the counters that pages read, so that reading a figure never scans records.
//!
//! County and above are kept by day and by month, everything below by month: at the level of village and day almost
//! every record would make a counter of its own. A batch's deltas are folded here, so that each cell is written once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tahuang_domain::{AreaCode, Day, Level};

use crate::contribution::{Change, Contribution, Part};

/// How long a period a cell covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grain {
    /// A month, numbered `yyyymm`; 0 for records without a day.
    Month = 0,
    /// A day, numbered `yyyymmdd`; 0 for records without a day.
    Day = 1,
}

/// One counter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CellKey<'f> {
    /// The area it counts.
    pub area: AreaCode,
    /// By day or by month.
    pub grain: Grain,
    /// The figure's code.
    pub figure: &'f str,
    /// Above or below the line.
    pub part: Part,
    /// The day or month.
    pub period: i64,
}

/// How a counter changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct CellChange {
    /// By how much the sum changes.
    pub amount: i64,
    /// By how many contributions: a sum of money says nothing about how many records stand behind it.
    pub records: i64,
}

/// Folded deltas of a batch.
#[derive(Default, Debug)]
pub struct CellDeltas<'f> {
    deltas: HashMap<CellKey<'f>, CellChange>,
}

impl<'f> CellDeltas<'f> {
    /// Folds what one event changed. `before` and `after` are everything the subject gave and gives; only figures that
    /// count a subject once per area need them, the others go by the change alone.
    pub fn fold(&mut self, change: &Change<'f>, before: &[Contribution<'f>], after: &[Contribution<'f>]) {
        for closed in change.closed.iter().filter(|closed| !closed.once) {
            self.add(closed, closed.area.lineage(), CellChange { amount: -closed.amount, records: -1 });
        }
        for opened in change.opened.iter().filter(|opened| !opened.once) {
            self.add(opened, opened.area.lineage(), CellChange { amount: opened.amount, records: 1 });
        }
        // The subject counts once in an area, but every one of its contributions there can be opened and looked at.
        for closed in change.closed.iter().filter(|closed| closed.once) {
            self.add(closed, closed.area.lineage(), CellChange { amount: 0, records: -1 });
        }
        for opened in change.opened.iter().filter(|opened| opened.once) {
            self.add(opened, opened.area.lineage(), CellChange { amount: 0, records: 1 });
        }
        let once: BTreeSet<&'f str> = change
            .closed
            .iter()
            .chain(&change.opened)
            .filter(|contribution| contribution.once)
            .map(|contribution| contribution.figure)
            .collect();
        for figure in once {
            for (area, contribution) in covered(figure, before) {
                self.add(contribution, std::iter::once(area), CellChange { amount: -1, records: 0 });
            }
            for (area, contribution) in covered(figure, after) {
                self.add(contribution, std::iter::once(area), CellChange { amount: 1, records: 0 });
            }
        }
    }

    fn add(&mut self, contribution: &Contribution<'f>, areas: impl Iterator<Item = AreaCode>, by: CellChange) {
        let day = contribution.day.map_or(0, Day::number);
        for area in areas {
            let mut count = |grain, period| {
                let key = CellKey { area, grain, figure: contribution.figure, part: contribution.part, period };
                let change = self.deltas.entry(key).or_default();
                change.amount += by.amount;
                change.records += by.records;
            };
            count(Grain::Month, day / 100);
            if area.level() <= Level::County {
                count(Grain::Day, day);
            }
        }
    }

    /// The cells that changed, in the order of their keys.
    pub fn into_sorted(self) -> Vec<(CellKey<'f>, CellChange)> {
        let changed = |(_, change): &(CellKey<'f>, CellChange)| *change != CellChange::default();
        let mut deltas: Vec<_> = self.deltas.into_iter().filter(changed).collect();
        deltas.sort_unstable();
        deltas
    }
}

/// The areas in which a subject counts once, each with the earliest contribution below it.
fn covered<'c, 'f>(figure: &str, contributions: &'c [Contribution<'f>]) -> BTreeMap<AreaCode, &'c Contribution<'f>> {
    let mut areas: BTreeMap<AreaCode, &Contribution<'f>> = BTreeMap::new();
    for contribution in contributions.iter().filter(|contribution| contribution.figure == figure) {
        for area in contribution.area.lineage() {
            let first = areas.entry(area).or_insert(contribution);
            if contribution.day < first.day {
                *first = contribution;
            }
        }
    }
    areas
}
