//! What every decision and every page needs at hand: the area tree and the accounts. Derived, like everything else.

use std::collections::HashMap;
use std::sync::Arc;

use tahuang_domain::{AreaTree, Prefecture, Shape, State, Subject, SubjectId};
use tahuang_store::{Store, StoreError};

use crate::accounts::{ACCOUNT, Account};
use crate::knowledge::Knowledge;
use crate::projection::read_subject;

/// Areas and accounts as of the last commit.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// All areas of all prefectures.
    pub areas: Arc<AreaTree>,
    /// All accounts.
    pub accounts: Arc<HashMap<SubjectId, Account>>,
}

impl Memory {
    /// Reads areas and accounts from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(store: &dyn Store, knowledge: &Knowledge) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        for (prefecture, _) in store.heads()? {
            let kinds = knowledge.catalog.kinds().filter(|kind| kind.is_area || kind.code == ACCOUNT);
            for kind in kinds {
                for row in store.all_of_kind(prefecture, Shape::Entry, &kind.code)? {
                    memory.note(knowledge, prefecture, row.id, &read_subject(&row)?);
                }
            }
        }
        Ok(memory)
    }

    /// Whether a subject is of a kind that is kept here.
    pub fn keeps(knowledge: &Knowledge, subject: &Subject) -> bool {
        subject.kind == ACCOUNT || knowledge.catalog.kind(&subject.kind).is_ok_and(|kind| kind.is_area)
    }

    /// Takes over the new state of a subject.
    pub fn note(&mut self, knowledge: &Knowledge, prefecture: Prefecture, id: SubjectId, subject: &Subject) {
        if subject.kind == ACCOUNT {
            let account = Account::of(prefecture, id, subject);
            Arc::make_mut(&mut self.accounts).insert(id, account);
        } else if knowledge.catalog.kind(&subject.kind).is_ok_and(|kind| kind.is_area) {
            let areas = Arc::make_mut(&mut self.areas);
            if subject.withdrawn || subject.state == State::Ended {
                areas.insert(subject.area, &subject.title);
                areas.end(subject.area);
            } else {
                areas.insert(subject.area, &subject.title);
            }
        }
    }
}
