//! Units that report to communities (双报到): where they reported, what they claimed and did. Everything here is read off
//! the records: the unit's lines, the cases that its claims name, and the activities that name it.

use tahuang_domain::catalog::CLAIM_LINE;
use tahuang_domain::subject::{BoardPart, Claim, Line};
use tahuang_domain::{AreaCode, Body, Day, Prefecture, Shape, State, Subject, SubjectId, Verb};
use tahuang_store::{StoreError, SubjectQuery, SubjectRow};

use crate::board::Opened;
use crate::projection::read_subject;
use crate::{App, Asker, QueryError, limits};

/// The line by which a unit reported to a community.
pub const REGISTRATION_LINE: &str = "registration";
/// The line by which the community signed for that; its field of the same name holds the registration's id.
pub const RECEIPT_LINE: &str = "receipt";
/// The field by which an activity names the unit that held it.
const UNIT_FIELD: &str = "unit_id";
/// The field in which a ledger writes the unit's name.
const UNIT_NAME_FIELD: &str = "unit";

/// A registration of a unit with a community.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The line.
    pub line: Line,
    /// The line by which the community signed for it.
    pub receipt: Option<Line>,
}

/// How a claim stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClaimStands {
    /// It is being done.
    Open,
    /// It was done and closed.
    Fulfilled(Day),
    /// It was given back.
    Released(Day),
    /// Its day was over.
    Overdue(Day),
}

/// A claim of a unit, with the case.
#[derive(Clone, Debug)]
pub struct UnitClaim {
    /// The case.
    pub id: SubjectId,
    /// Its present state.
    pub case: Subject,
    /// The claim.
    pub claim: Claim,
    /// How it stands.
    pub stands: ClaimStands,
}

/// A unit with what it did within the asker's reach.
#[derive(Clone, Debug)]
pub struct UnitView {
    /// Whose journal it stands in.
    pub prefecture: Prefecture,
    /// Its id.
    pub id: SubjectId,
    /// Its entry.
    pub entry: Subject,
    /// Where it reported, oldest first.
    pub registrations: Vec<Registration>,
    /// What it claimed, newest first.
    pub claims: Vec<UnitClaim>,
    /// What it held, newest first.
    pub activities: Vec<Opened>,
}

/// What a unit did in a time; each entry is a place in the view's lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitSheet {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Activities held.
    pub activities: Vec<usize>,
    /// Claims made.
    pub claimed: Vec<usize>,
    /// Claims fulfilled.
    pub fulfilled: Vec<usize>,
    /// Claims given back or run out.
    pub released: Vec<usize>,
}

impl UnitView {
    /// What it did from one day to another.
    pub fn sheet(&self, from: Day, until: Day) -> UnitSheet {
        let within = |day: Day| from <= day && day <= until;
        let claims = |fits: &dyn Fn(&UnitClaim) -> bool| -> Vec<usize> {
            self.claims.iter().enumerate().filter(|(_, claim)| fits(claim)).map(|(index, _)| index).collect()
        };
        let held = self.activities.iter().enumerate().filter(|(_, (_, held, _))| held.day.is_some_and(within));
        UnitSheet {
            from,
            until,
            activities: held.map(|(index, _)| index).collect(),
            claimed: claims(&|claim| within(claim.claim.day)),
            fulfilled: claims(&|claim| matches!(claim.stands, ClaimStands::Fulfilled(day) if within(day))),
            released: claims(&|claim| match claim.stands {
                ClaimStands::Released(day) | ClaimStands::Overdue(day) => within(day),
                _ => false,
            }),
        }
    }

    /// The communities to which it reported, each once.
    pub fn communities(&self) -> Vec<AreaCode> {
        let mut areas: Vec<AreaCode> = self.registrations.iter().filter_map(|of| of.line.area).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }
}

impl App {
    /// Units in service whose name holds the words, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn units(&self, asker: &Asker, area: AreaCode, words: &str) -> Result<Vec<(SubjectId, Subject)>, QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        let claiming = self.knowledge().catalog.kinds().filter(|kind| has_claims(&kind.lines));
        let mut units = Vec::new();
        for kind in claiming {
            for row in self.store().all_of_kind(prefecture, Shape::Entry, &kind.code)? {
                let is_seen = self.permit(asker, Verb::Read, &row.kind, row.area).is_ok();
                let unit = (row.id, read_subject(&row)?);
                if is_seen && !row.withdrawn && unit.1.state == State::Active && unit.1.title.contains(words) {
                    units.push(unit);
                }
            }
        }
        units.sort_by(|(one, a), (other, b)| (&a.title, one).cmp(&(&b.title, other)));
        Ok(units)
    }

    /// A unit with what it did. Cases and activities out of the asker's reach are left out.
    ///
    /// # Errors
    /// `NotFound`, also for what is no unit or out of reach.
    pub fn unit(&self, asker: &Asker, id: SubjectId) -> Result<UnitView, QueryError> {
        let (prefecture, row) = self.find(asker, id)?;
        let entry = read_subject(&row)?;
        let kind = self.knowledge().catalog.kind(&entry.kind).map_err(|_| QueryError::NotFound)?;
        if !has_claims(&kind.lines) {
            return Err(QueryError::NotFound);
        }
        let registrations = registrations(&entry.lines);
        let claims = self.claims_of(asker, prefecture, &entry.lines)?;
        let activities = self.activities_of(asker, prefecture, id, &entry)?;
        Ok(UnitView { prefecture, id, entry, registrations, claims, activities })
    }

    /// What the communities of a unit need and nobody has claimed, the longest waiting first in each.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn needs_of(&self, unit: &UnitView) -> Result<Vec<Opened>, StoreError> {
        let mut needs: Vec<Opened> = Vec::new();
        for area in unit.communities().into_iter().take(limits::UNIT_COMMUNITIES_MAX) {
            let left = limits::UNIT_NEEDS_MAX - needs.len();
            let page = self.public_board(unit.prefecture, area, BoardPart::Free, (0, left))?;
            needs.extend(page.items);
        }
        Ok(needs)
    }

    fn claims_of(&self, asker: &Asker, prefecture: Prefecture, lines: &[Line]) -> Result<Vec<UnitClaim>, QueryError> {
        let named = lines.iter().rev().filter(|line| line.kind == CLAIM_LINE && !line.withdrawn);
        let named = named.filter_map(|line| Some((line.id, line.fields.get("case")?.as_str()?.parse().ok()?)));
        let named: Vec<(SubjectId, SubjectId)> = named.collect();
        let cases: Vec<SubjectId> = named.iter().map(|(_, case)| *case).collect();
        let cases = self.subjects(prefecture, &cases)?;
        let claim = |((claim, id), case): (&(SubjectId, SubjectId), Option<Subject>)| {
            let case = case.filter(|case| !case.withdrawn)?;
            self.permit(asker, Verb::Read, &case.kind, case.area).ok()?;
            let (claim, stands) = stands(&case, *claim)?;
            Some(UnitClaim { id: *id, case, claim, stands })
        };
        Ok(named.iter().zip(cases).filter_map(claim).collect())
    }

    fn activities_of(
        &self,
        asker: &Asker,
        prefecture: Prefecture,
        unit: SubjectId,
        entry: &Subject,
    ) -> Result<Vec<Opened>, QueryError> {
        let kinds = self.knowledge().catalog.kinds().filter(|kind| kind.shape == Shape::Activity);
        let naming = kinds.filter(|kind| kind.form.fields.iter().any(|field| field.code == UNIT_FIELD));
        let mut query = SubjectQuery {
            shape: Shape::Activity,
            kinds: naming.map(|kind| kind.code.clone()).collect(),
            states: vec![State::Recorded],
            area: prefecture.area(),
            withdrawn: false,
            before: None,
            limit: limits::PAGE_ROWS_MAX,
        };
        let mut held = Vec::new();
        for _ in 0..limits::ACTIVITY_PAGES_MAX {
            let rows = self.store().list(prefecture, &query)?;
            for row in &rows {
                let activity = read_subject(row)?;
                if is_held_by(&activity, unit, &entry.title) && self.is_seen(asker, row) {
                    held.push((row.id, activity, row.opened));
                }
            }
            match rows.last() {
                Some(last) if rows.len() == query.limit => query.before = Some(last.opened),
                _ => break,
            }
        }
        held.sort_by_key(|(_, activity, opened)| std::cmp::Reverse((activity.day, *opened)));
        Ok(held)
    }

    fn is_seen(&self, asker: &Asker, row: &SubjectRow) -> bool {
        self.permit(asker, Verb::Read, &row.kind, row.area).is_ok()
    }
}

fn has_claims(lines: &[tahuang_domain::catalog::LineKind]) -> bool {
    lines.iter().any(|line| line.code == CLAIM_LINE)
}

fn registrations(lines: &[Line]) -> Vec<Registration> {
    let live = |kind: &'static str| lines.iter().filter(move |line| line.kind == kind && !line.withdrawn);
    let receipt = |of: &Line| {
        let id = of.id.to_string();
        let signs = |line: &&Line| line.fields.get(REGISTRATION_LINE).and_then(serde_json::Value::as_str) == Some(&id);
        live(RECEIPT_LINE).filter(|line| line.area == of.area).find(signs).cloned()
    };
    live(REGISTRATION_LINE).map(|line| Registration { line: line.clone(), receipt: receipt(line) }).collect()
}

/// An activity names the unit by its id; one of a ledger by its name.
fn is_held_by(activity: &Subject, unit: SubjectId, name: &str) -> bool {
    let text = |field: &str| activity.fields.get(field).and_then(serde_json::Value::as_str);
    match text(UNIT_FIELD) {
        Some(id) => id == unit.to_string(),
        None => text(UNIT_NAME_FIELD) == Some(name),
    }
}

/// A claim as its case tells of it.
fn stands(case: &Subject, id: SubjectId) -> Option<(Claim, ClaimStands)> {
    let Body::Case(of) = &case.body else { return None };
    if let Some(earlier) = of.released.iter().find(|earlier| earlier.claim.id == id) {
        let day = earlier.day;
        let stands = if earlier.overdue { ClaimStands::Overdue(day) } else { ClaimStands::Released(day) };
        return Some((earlier.claim.clone(), stands));
    }
    let claim = of.claim.clone().filter(|claim| claim.id == id)?;
    let closed = of.closed.filter(|_| case.state == State::Closed);
    Some((claim, closed.map_or(ClaimStands::Open, ClaimStands::Fulfilled)))
}
