//! One record of the journal.

use serde::{Deserialize, Serialize};
use tahuang_domain::{Actor, CommandId, Event, Position, Prefecture, Source, SubjectId};

use crate::canonical::{NotCanonical, canonical};

/// The version of the record's form that this code writes.
pub const VERSION: u32 = 1;

/// An event at its place in a prefecture's journal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Form of the record; see [`VERSION`].
    #[serde(rename = "v")]
    pub version: u32,
    /// Whose journal.
    pub prefecture: Prefecture,
    /// Its place, from 1.
    pub position: Position,
    /// When the server recorded it, in milliseconds since 1970 (UTC). Never decreases within a journal.
    pub at: i64,
    /// Who did it.
    pub actor: Actor,
    /// The command that it answers.
    pub command: CommandId,
    /// The subject that it happened to.
    pub subject: SubjectId,
    /// The ledger row it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What happened.
    pub event: Event,
}

impl Record {
    /// The bytes that are stored and hashed.
    ///
    /// # Errors
    /// When a field holds a fraction; the catalog's schemas refuse those at the door.
    pub fn bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        canonical(self)
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// When they are no record of a known version.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
