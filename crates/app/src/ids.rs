//! Where time, ids and randomness come from.

use std::sync::atomic::{AtomicU64, Ordering};

use sm3::{Digest as _, Sm3};
use tahuang_domain::{CommandId, Day, SubjectId};
use uuid::Uuid;

/// The time, in milliseconds since 1970 (UTC).
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now_ms(&self) -> i64;
}

/// Ids and random bytes.
pub trait Ids: Send + Sync + 'static {
    /// Fills the buffer with unpredictable bytes.
    fn random(&self, buffer: &mut [u8]);
    /// A new UUIDv7, later than those before it.
    fn uuid_v7(&self) -> Uuid;

    /// A new command's id.
    fn command(&self) -> CommandId {
        CommandId(self.uuid_v7())
    }

    /// A new subject's id.
    fn subject(&self) -> SubjectId {
        SubjectId(self.uuid_v7())
    }
}

/// An id that follows from what it names (UUIDv8): the same parts for the same purpose give the same id, and other parts
/// another one.
pub fn derived_id(purpose: &str, parts: &[&[u8]]) -> Uuid {
    let mut hasher = Sm3::new();
    hasher.update(purpose);
    for part in parts {
        // The length before each part: 甲|乙丙 and 甲乙|丙 are not the same.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The machine's clock.
#[derive(Default, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// The operating system's randomness.
#[derive(Default, Debug)]
pub struct SystemIds {
    last: AtomicU64,
}

impl Ids for SystemIds {
    fn random(&self, buffer: &mut [u8]) {
        // Without randomness no key and no session may be made.
        getrandom::fill(buffer).unwrap_or_else(|error| panic!("the operating system gives no randomness: {error}"));
    }

    fn uuid_v7(&self) -> Uuid {
        // Milliseconds in the high bits and a counter below, so that ids made within one millisecond still ascend.
        let now = (SystemClock.now_ms() as u64) << 12;
        let before =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last + 1))).unwrap_or(now);
        let stamp = now.max(before + 1);
        let mut bytes = [0; 10];
        self.random(&mut bytes[2..]);
        bytes[..2].copy_from_slice(&((stamp & 0xfff) as u16).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(stamp >> 12, &bytes).into_uuid()
    }
}

/// The calendar day of a moment where the system is used (UTC+8, no summer time).
pub fn shanghai_day(at_ms: i64) -> Day {
    let offset = jiff::tz::Offset::constant(8);
    let moment = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Day::from(offset.to_datetime(moment).date())
}
