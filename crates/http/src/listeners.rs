//! Places for those who follow live changes: so many in all, and so many of one account, so that nobody holds them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tahuang_domain::SubjectId;

use crate::limits;
use crate::problem::ApiError;

/// How many follow, by account.
#[derive(Default)]
pub struct Listeners(Mutex<HashMap<SubjectId, usize>>);

/// A listener's place; dropped, it is free again.
pub struct Place {
    listeners: Arc<Listeners>,
    account: SubjectId,
}

impl Listeners {
    fn by_account(&self) -> MutexGuard<'_, HashMap<SubjectId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many follow.
    pub fn count(&self) -> usize {
        self.by_account().values().sum()
    }

    /// A place for one more listener of the account.
    ///
    /// # Errors
    /// `Busy` when there is none.
    pub fn place(self: &Arc<Self>, account: SubjectId) -> Result<Place, ApiError> {
        let mut by_account = self.by_account();
        let own = by_account.get(&account).copied().unwrap_or_default();
        if own >= limits::LISTENERS_OF_ACCOUNT_MAX || by_account.values().sum::<usize>() >= limits::LISTENERS_MAX {
            return Err(ApiError::Busy);
        }
        by_account.insert(account, own + 1);
        Ok(Place { listeners: Arc::clone(self), account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_account = self.listeners.by_account();
        let left = by_account.get(&self.account).map_or(0, |own| own - 1);
        match left {
            0 => by_account.remove(&self.account),
            _ => by_account.insert(self.account, left),
        };
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn there_is_a_bounded_number_of_places_and_each_is_free_again_when_it_is_left() {
        let listeners = Arc::new(Listeners::default());
        let mut held = Vec::new();
        'full: for account in 0.. {
            for _ in 0..limits::LISTENERS_OF_ACCOUNT_MAX {
                match listeners.place(SubjectId(Uuid::from_u128(account))) {
                    Ok(place) => held.push(place),
                    Err(error) => {
                        assert_eq!(error, ApiError::Busy);
                        break 'full;
                    }
                }
            }
        }
        assert_eq!((held.len(), listeners.count()), (limits::LISTENERS_MAX, limits::LISTENERS_MAX));
        held.pop();
        held.push(listeners.place(SubjectId(Uuid::from_u128(9_999))).unwrap());
        drop(held);
        assert_eq!(listeners.count(), 0);
        assert!(listeners.by_account().is_empty(), "no account is remembered");
    }
}
