//! Wrong passwords, counted for every login that is typed: an answer that only existing logins get would tell which they
//! are.

use std::collections::HashMap;

use crate::accounts::{SignInError, hash};

/// Wrong passwords after which a login is locked.
const FAILURES_MAX: u32 = 5;
/// How long it is locked.
const LOCKED_MS: i64 = 15 * 60 * 1_000;
/// Logins that nobody has and whose wrong passwords are remembered; beyond it the one tried longest ago is forgotten.
/// More than a machine hashes passwords for while a lock lasts, so that nobody can make a lock be forgotten early.
const UNKNOWN_MAX: usize = 100_000;

/// Wrong passwords for one login, and the lock in which they end.
#[derive(Clone, Copy, Default)]
pub struct Guesses {
    /// Wrong passwords since the last good one or the last lock.
    pub failures: u32,
    /// Locked until, in milliseconds since 1970; 0 when never.
    pub locked_until: i64,
}

impl Guesses {
    /// Counts a wrong password and gives what its sender is told.
    pub fn wrong(&mut self, now: i64) -> SignInError {
        if self.locked_until > now {
            return SignInError::Locked { until: self.locked_until };
        }
        self.failures += 1;
        if self.failures < FAILURES_MAX {
            return SignInError::BadCredentials;
        }
        (self.failures, self.locked_until) = (0, now + LOCKED_MS);
        SignInError::Locked { until: self.locked_until }
    }
}

/// Guesses at logins that nobody has, by the login's hash: what is typed may be as long as a request. In memory only, and
/// forgotten with the server.
#[derive(Default)]
pub struct UnknownLogins(HashMap<[u8; 32], (Guesses, i64)>);

impl UnknownLogins {
    /// Counts a wrong password and gives what its sender is told, the same as for a login that exists.
    pub fn wrong(&mut self, login: &str, now: i64) -> SignInError {
        let login = hash(login);
        if self.0.len() >= UNKNOWN_MAX && !self.0.contains_key(&login) {
            let oldest = self.0.iter().min_by_key(|(_, (_, tried))| *tried).map(|(login, _)| *login);
            oldest.and_then(|oldest| self.0.remove(&oldest));
        }
        let (guesses, tried) = self.0.entry(login).or_default();
        *tried = now;
        guesses.wrong(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_number_of_unknown_logins_is_remembered_and_the_one_tried_longest_ago_goes() {
        let mut logins = UnknownLogins::default();
        for _ in 0..FAILURES_MAX {
            logins.wrong("nobody", 1);
        }
        for number in 1..UNKNOWN_MAX {
            logins.wrong(&number.to_string(), 2);
        }
        assert_eq!(logins.0.len(), UNKNOWN_MAX);
        assert_eq!(logins.wrong("nobody", 3), SignInError::Locked { until: 1 + LOCKED_MS });
        for number in 1..=10 {
            logins.wrong(&format!("another {number}"), 4);
        }
        assert_eq!(logins.0.len(), UNKNOWN_MAX);
        assert_eq!(logins.wrong("nobody", 5), SignInError::Locked { until: 1 + LOCKED_MS }, "tried lately");
    }
}
