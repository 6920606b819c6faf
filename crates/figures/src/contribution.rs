//! What one subject gives to the figures: a pure function of its state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tahuang_domain::command::Movement;
use tahuang_domain::subject::Line;
use tahuang_domain::{AreaCode, Body, Day, Fields, Subject};

use crate::definition::{Count, DayOf, Figure, FigureSet, Measure, Pick};

/// Above or below the line of a ratio.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// The count itself, or what stands above the line.
    Whole = 0,
    /// What stands below the line.
    Denominator = 1,
}

impl Part {
    /// The number that stores keep.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// The part with that number.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Whole),
            1 => Some(Self::Denominator),
            _ => None,
        }
    }
}

/// What a subject gives to one figure, in one area, on one day.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Contribution<'f> {
    /// The figure's code.
    pub figure: &'f str,
    /// Above or below the line.
    pub part: Part,
    /// The lowest area it counts in; it counts in every area above as well.
    pub area: AreaCode,
    /// The day it counts on; `None` when the record names none.
    pub day: Option<Day>,
    /// Which line, movement or allocation of the subject it comes from; 0 when from the whole.
    pub slot: u32,
    /// How much.
    pub amount: i64,
    /// The subject counts once in each area, however many of its contributions lie there.
    pub once: bool,
}

/// How one event changed what a subject gives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Change<'f> {
    /// What no longer holds.
    pub closed: Vec<Contribution<'f>>,
    /// What holds from now on.
    pub opened: Vec<Contribution<'f>>,
}

impl Change<'_> {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.closed.is_empty() && self.opened.is_empty()
    }
}

impl FigureSet {
    /// Everything a subject gives to the figures in its present state.
    pub fn contributions(&self, subject: &Subject) -> Vec<Contribution<'_>> {
        let mut found = Vec::new();
        if subject.withdrawn || subject.state.is_only_planned() {
            return found;
        }
        for figure in self.of_kind(&subject.kind) {
            count(figure, &figure.count, Part::Whole, subject, &mut found);
            if let Some(denominator) = &figure.denominator {
                count(figure, denominator, Part::Denominator, subject, &mut found);
            }
        }
        found
    }
}

fn count<'f>(figure: &'f Figure, count: &Count, part: Part, subject: &Subject, found: &mut Vec<Contribution<'f>>) {
    if !counts(count, subject) {
        return;
    }
    let day = match (count.day, &subject.body) {
        (DayOf::Closed, Body::Case(case)) => case.closed,
        _ => subject.day,
    };
    let once = figure.once_per_subject();
    let mut add = |slot: usize, area: AreaCode, day: Option<Day>, amount: i64| {
        if amount != 0 {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            found.push(Contribution { figure: &figure.code, part, area, day, slot, amount, once });
        }
    };
    match (&count.measure, &subject.body) {
        (Measure::One, _) => add(0, subject.area, day, 1),
        (Measure::Quantity, Body::Fact { quantity }) => add(0, subject.area, day, *quantity),
        (Measure::People, Body::Activity { people, .. }) => add(0, subject.area, day, people.unwrap_or(0)),
        (Measure::Field(field), _) => {
            add(0, subject.area, day, subject.fields.get(field).and_then(Value::as_i64).unwrap_or(0));
        }
        (Measure::Items(field), _) => add(0, subject.area, day, distinct(subject.fields.get(field))),
        (Measure::Received, Body::Stock { movements, .. }) => {
            for (slot, movement) in movements.iter().enumerate() {
                if movement.direction == Movement::Received {
                    add(slot, subject.area, movement.day, movement.quantity);
                }
            }
        }
        (Measure::Allocated, Body::Project { allocations, .. }) => {
            for (slot, allocation) in allocations.iter().enumerate() {
                add(slot, subject.area, Some(allocation.day), allocation.fen);
            }
        }
        (Measure::Lines { kind, conditions, pick }, _) => {
            let live: Vec<(usize, &Line)> =
                subject.lines.iter().enumerate().filter(|(_, line)| !line.withdrawn && line.kind == *kind).collect();
            pick_lines(*pick, &live, conditions, subject.area, &mut add);
        }
        _ => {}
    }
}

fn pick_lines(
    pick: Pick,
    live: &[(usize, &Line)],
    conditions: &BTreeMap<String, Vec<Value>>,
    home: AreaCode,
    add: &mut impl FnMut(usize, AreaCode, Option<Day>, i64),
) {
    let fits = |line: &Line| satisfied(conditions, &line.fields);
    match pick {
        Pick::Each => {
            for (slot, line) in live.iter().filter(|(_, line)| fits(line)) {
                add(*slot, line.area.unwrap_or(home), line.day, 1);
            }
        }
        Pick::Any => {
            if let Some((_, line)) = live.iter().filter(|(_, line)| fits(line)).min_by_key(|(_, line)| line.day) {
                add(0, home, line.day, 1);
            }
        }
        Pick::Latest => {
            // Of two on the same day, the one entered later counts.
            if let Some((_, line)) = live.iter().max_by_key(|(slot, line)| (line.day, *slot))
                && fits(line)
            {
                add(0, home, line.day, 1);
            }
        }
        Pick::Places => {
            let mut seen = BTreeSet::new();
            for (slot, line) in live.iter().filter(|(_, line)| fits(line)) {
                let place = line.area.unwrap_or(home);
                if seen.insert(place) {
                    add(*slot, place, line.day, 1);
                }
            }
        }
    }
}

fn counts(count: &Count, subject: &Subject) -> bool {
    count.kinds.contains(&subject.kind)
        && (count.states.is_empty() || count.states.contains(&subject.state))
        && satisfied(&count.conditions, &subject.fields)
        && match &subject.body {
            Body::Case(case) => {
                let ended = || case.outcome.as_ref().is_some_and(|is| count.outcomes.contains(is));
                let rated = || case.quality.marks().iter().any(|mark| count.rated.contains(mark));
                let claimed = |field: &String| case.claim.is_some() || subject.fields.contains_key(field);
                (count.outcomes.is_empty() || ended())
                    && (count.rated.is_empty() || rated())
                    && count.claimed.as_ref().is_none_or(claimed)
            }
            Body::Assessment { grade, .. } => count.grades.is_empty() || count.grades.contains(grade),
            _ => true,
        }
}

fn satisfied(conditions: &BTreeMap<String, Vec<Value>>, fields: &Fields) -> bool {
    conditions.iter().all(|(name, allowed)| match fields.get(name) {
        Some(value) => allowed.contains(value) || allowed.iter().any(|any| any == "*"),
        None => false,
    })
}

fn distinct(value: Option<&Value>) -> i64 {
    let Some(Value::Array(items)) = value else { return 0 };
    let texts: BTreeSet<&str> = items.iter().filter_map(Value::as_str).collect();
    texts.len() as i64
}
