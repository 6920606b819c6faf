//! For tests and benchmarks: a clock and ids that tests own, a small prefecture, and records made from a seed.
//!
//! Deliberately absent: anything that a shipped crate depends on.

#![allow(clippy::unwrap_used, reason = "a test kit may panic")]

mod files;
mod office;
mod random;

pub use files::{MemoryFiles, PLACE_OF_PHOTOGRAPH, photograph};
pub use office::{Office, PREFECTURE, area, command};
pub use random::{Random, SeededIds, SteppingClock, random_command};
