//! How fast a channel may be asked.
//!
//! A robot takes twenty messages in any minute. A bucket of twenty tokens that fills by twenty a minute would let through
//! forty in one minute after a rest, so the moments of the last tries are kept instead: exact, and no longer than the
//! allowance. After a restart they are read back from the outbox.

use std::collections::VecDeque;

use crate::limits;

/// At most so many messages in so many milliseconds, wherever they begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// How many.
    pub messages: usize,
    /// In how long.
    pub window_ms: i64,
}

/// When one channel may be asked next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pace {
    allowance: Allowance,
    /// The last tries, oldest first.
    tries: VecDeque<i64>,
    held_until: i64,
    failures: u32,
}

impl Pace {
    /// The pace of a channel that was tried at these moments.
    pub fn new(allowance: Allowance, mut tries: Vec<i64>) -> Self {
        tries.sort_unstable();
        let from = tries.len().saturating_sub(allowance.messages);
        Self { allowance, tries: tries.split_off(from).into(), held_until: 0, failures: 0 }
    }

    /// The first moment at which the channel may be asked.
    pub fn ready_at(&self) -> i64 {
        let full = self.tries.len() >= self.allowance.messages;
        let oldest = self.tries.front().filter(|_| full).map_or(0, |oldest| oldest + self.allowance.window_ms);
        oldest.max(self.held_until)
    }

    /// Notes a try.
    pub fn tried(&mut self, now: i64) {
        if self.tries.len() >= self.allowance.messages {
            self.tries.pop_front();
        }
        self.tries.push_back(now);
    }

    /// The channel answered, whatever it said of the message.
    pub fn works(&mut self) {
        self.failures = 0;
    }

    /// The channel said when it wants to be asked again.
    pub fn hold_until(&mut self, moment: i64) {
        self.held_until = self.held_until.max(moment);
    }

    /// The channel failed: the next message need not find that out at once.
    pub fn failed(&mut self, now: i64, seed: u64) {
        self.failures = self.failures.saturating_add(1);
        self.hold_until(now + backoff_ms(self.failures, seed));
    }
}

/// How long to wait after so many failures: twice as long each time, up to a bound, and up to a fifth more by a seed, so
/// that not everything that failed together comes back together.
pub fn backoff_ms(failures: u32, seed: u64) -> i64 {
    let doubled = limits::BACKOFF_FIRST_MS << failures.saturating_sub(1).min(20);
    let wait = doubled.min(limits::BACKOFF_MAX_MS);
    wait + (mixed(seed ^ u64::from(failures)) % (wait as u64 / 5 + 1)) as i64
}

/// SplitMix64's last step: neighbouring seeds give values far apart.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TWENTY: Allowance = Allowance { messages: 20, window_ms: 60_000 };

    #[test]
    fn the_twenty_first_message_waits_until_the_first_is_a_minute_old() {
        let mut pace = Pace::new(TWENTY, Vec::new());
        for second in 0..20 {
            assert_eq!(pace.ready_at(), 0);
            pace.tried(1_000_000 + second * 1_000);
        }
        assert_eq!(pace.ready_at(), 1_060_000);
        pace.tried(1_060_000);
        assert_eq!(pace.ready_at(), 1_061_000);
    }

    #[test]
    fn what_was_tried_before_a_restart_counts() {
        let tries: Vec<i64> = (0..25).rev().map(|second| 1_000_000 + second * 1_000).collect();
        assert_eq!(Pace::new(TWENTY, tries).ready_at(), 1_065_000);
    }

    #[test]
    fn a_channel_is_left_alone_longer_after_each_failure_and_no_longer_than_the_bound() {
        let waits: Vec<i64> = (1..40).map(|failures| backoff_ms(failures, 7)).collect();
        assert!((limits::BACKOFF_FIRST_MS..=limits::BACKOFF_FIRST_MS * 6 / 5).contains(&waits[0]));
        assert!(waits.iter().all(|wait| *wait <= limits::BACKOFF_MAX_MS * 6 / 5));
        assert!(waits[3] > waits[0] * 4, "{waits:?}");
        assert_ne!(backoff_ms(3, 1), backoff_ms(3, 2));
        let mut pace = Pace::new(TWENTY, Vec::new());
        pace.failed(1_000, 7);
        let once = pace.ready_at();
        pace.failed(once, 7);
        assert!(pace.ready_at() - once > once - 1_000);
        pace.hold_until(5);
        assert!(pace.ready_at() > once, "a shorter hold takes nothing away from a longer one");
    }

    proptest! {
        #[test]
        fn no_minute_wherever_it_begins_has_more_than_twenty_tries(
            pauses in proptest::collection::vec(0_i64..9_000, 1..200),
            earlier in proptest::collection::vec(0_i64..60_000, 0..40),
        ) {
            // Before the restart the same pace was kept.
            let earlier: Vec<i64> = earlier.into_iter().take(20).collect();
            let mut tries = earlier.clone();
            let mut pace = Pace::new(TWENTY, earlier);
            let mut now = 60_000;
            for pause in pauses {
                now = (now + pause).max(pace.ready_at());
                pace.tried(now);
                tries.push(now);
            }
            tries.sort_unstable();
            for window in tries.windows(21) {
                prop_assert!(window[20] - window[0] >= 60_000, "{:?}", window);
            }
        }
    }
}
