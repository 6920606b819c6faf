//! The journal: one append-only, hash-chained sequence of records for each prefecture.
//!
//! A record is written once as canonical bytes ([`Record::bytes`]) and linked to the record before it with SM3
//! ([`link`]). The bytes hold everything that a row of the store says, so [`Verifier`] finds a change in any column.
//!
//! Deliberately absent: storage, the clock, decisions. The chain proves that nothing was changed after the fact; that
//! the whole chain was not replaced is proved by comparing its head with one noted elsewhere (`tahuang verify` prints it).
//!
//! To change what a record holds, add an optional field, or raise [`VERSION`] and keep reading the old one; the golden
//! bytes in the tests must never change for a published version.

mod canonical;
mod chain;
mod record;

pub use canonical::{NotCanonical, canonical};
pub use chain::{Fault, Hash, Verifier, genesis, link};
pub use record::{Record, VERSION};
