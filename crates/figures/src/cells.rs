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

/// Folded deltas of a batch.
#[derive(Default, Debug)]
pub struct CellDeltas<'f> {
    deltas: HashMap<CellKey<'f>, i64>,
}

impl<'f> CellDeltas<'f> {
    /// Folds what one event changed. `before` and `after` are everything the subject gave and gives; only figures that
    /// count a subject once per area need them, the others go by the change alone.
    pub fn fold(&mut self, change: &Change<'f>, before: &[Contribution<'f>], after: &[Contribution<'f>]) {
        for closed in change.closed.iter().filter(|closed| !closed.once) {
            self.add(closed, closed.area.lineage(), -closed.amount);
        }
        for opened in change.opened.iter().filter(|opened| !opened.once) {
            self.add(opened, opened.area.lineage(), opened.amount);
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
                self.add(contribution, std::iter::once(area), -1);
            }
            for (area, contribution) in covered(figure, after) {
                self.add(contribution, std::iter::once(area), 1);
            }
        }
    }

    fn add(&mut self, contribution: &Contribution<'f>, areas: impl Iterator<Item = AreaCode>, amount: i64) {
        let day = contribution.day.map_or(0, Day::number);
        for area in areas {
            let mut count = |grain, period| {
                let key =
                    CellKey { area, grain, figure: contribution.figure, part: contribution.part, period };
                *self.deltas.entry(key).or_default() += amount;
            };
            count(Grain::Month, day / 100);
            if area.level() <= Level::County {
                count(Grain::Day, day);
            }
        }
    }

    /// The cells that changed, in the order of their keys.
    pub fn into_sorted(self) -> Vec<(CellKey<'f>, i64)> {
        let mut deltas: Vec<_> = self.deltas.into_iter().filter(|(_, delta)| *delta != 0).collect();
        deltas.sort_unstable();
        deltas
    }
}

/// The areas in which a subject counts once, each with the earliest contribution below it.
fn covered<'c, 'f>(
    figure: &str,
    contributions: &'c [Contribution<'f>],
) -> BTreeMap<AreaCode, &'c Contribution<'f>> {
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
