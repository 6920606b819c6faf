//! What every decision and every page needs at hand: the area tree, the accounts, and what is admitted to grid workers.
//! Derived, like everything else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tahuang_domain::permission::GRID_TASK_ADMISSION;
use tahuang_domain::{Admissions, AreaCode, AreaTree, Position, Prefecture, Shape, State, Subject, SubjectId};
use tahuang_store::{Store, StoreError};

use crate::accounts::{ACCOUNT, Account};
use crate::knowledge::Knowledge;
use crate::projection::read_subject;

/// Areas and accounts as of the last commit.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// All areas of all prefectures.
    pub areas: Arc<AreaTree>,
    /// All accounts, those too that ended. Which of them a login means, the credentials say.
    pub accounts: Arc<HashMap<SubjectId, Account>>,
    /// What may be put on grid workers for a time.
    pub admissions: Arc<Admissions>,
    entries: Arc<BTreeMap<AreaCode, AreaEntries>>,
}

/// The entries that speak of one area, by the place at which each was opened: an area that ended can be entered again,
/// and every journal of a region holds the region's own entry.
type AreaEntries = BTreeMap<(Prefecture, Position), AreaEntry>;

#[derive(Clone, Debug)]
struct AreaEntry {
    name: String,
    contact: Option<String>,
    live: bool,
}

/// The field of an area's entry in which its office's telephone stands for everybody.
const CONTACT: &str = "contact";

impl Memory {
    /// Reads areas and accounts from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(store: &dyn Store, knowledge: &Knowledge) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        for (prefecture, _) in store.heads()? {
            for kind in knowledge.catalog.kinds().filter(|kind| kind.is_area || is_kept(&kind.code)) {
                for row in store.all_of_kind(prefecture, Shape::Entry, &kind.code)? {
                    memory.note(knowledge, prefecture, row.id, row.opened, &read_subject(&row)?);
                }
            }
        }
        Ok(memory)
    }

    /// Whether a subject is of a kind that is kept here.
    pub fn keeps(knowledge: &Knowledge, subject: &Subject) -> bool {
        is_kept(&subject.kind) || knowledge.catalog.kind(&subject.kind).is_ok_and(|kind| kind.is_area)
    }

    /// The public telephone of the office of an area, or of the nearest above it that has one.
    pub fn contact(&self, area: AreaCode) -> Option<&str> {
        let of = |area: AreaCode| self.entries.get(&area)?.values().rev().find(|entry| entry.live)?.contact.as_deref();
        area.lineage().find_map(of)
    }

    /// Takes over the new state of a subject that was opened at this position. The order in which subjects come makes no
    /// difference, so that what is loaded is what was live: an area exists while any of its entries does.
    pub fn note(
        &mut self,
        knowledge: &Knowledge,
        prefecture: Prefecture,
        id: SubjectId,
        opened: Position,
        subject: &Subject,
    ) {
        if subject.kind == ACCOUNT {
            let account = Account::of(prefecture, id, subject);
            Arc::make_mut(&mut self.accounts).insert(id, account);
        } else if subject.kind == GRID_TASK_ADMISSION {
            Arc::make_mut(&mut self.admissions).note(id, subject);
        } else if Self::keeps(knowledge, subject) {
            let entry = AreaEntry {
                name: subject.title.clone(),
                contact: subject.fields.get(CONTACT).and_then(serde_json::Value::as_str).map(str::to_owned),
                live: !subject.withdrawn && subject.state != State::Ended,
            };
            let entries = Arc::make_mut(&mut self.entries).entry(subject.area).or_default();
            entries.insert((prefecture, opened), entry);
            let newest = entries.values().rev().find(|entry| entry.live).or_else(|| entries.values().next_back());
            let Some(AreaEntry { name, live, .. }) = newest else { return };
            let areas = Arc::make_mut(&mut self.areas);
            areas.insert(subject.area, name.as_str());
            if !live {
                areas.end(subject.area);
            }
        }
    }
}

/// Whether entries of this kind are kept here although they are no areas.
fn is_kept(kind: &str) -> bool {
    kind == ACCOUNT || kind == GRID_TASK_ADMISSION
}
