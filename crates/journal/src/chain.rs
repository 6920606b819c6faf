//! The chain of hashes, and its verification.

use std::fmt;

use sm3::{Digest, Sm3};
use tahuang_domain::{CommandId, Position, Prefecture, SubjectId};

use crate::record::{Record, VERSION};

/// An SM3 hash (GB/T 32905-2016), 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What the first record of a journal is linked to.
pub fn genesis(prefecture: Prefecture) -> Hash {
    Hash(Sm3::digest(format!("tahuang journal sm3 v1 {prefecture}")).into())
}

/// The hash of a record with these bytes, after the record with hash `previous`.
pub fn link(previous: &Hash, bytes: &[u8]) -> Hash {
    let mut hasher = Sm3::new();
    hasher.update(previous.0);
    hasher.update(bytes);
    Hash(hasher.finalize().into())
}

/// What is wrong with the first bad row of a journal.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// The row's bytes do not hash to the stored value, or the row before was exchanged.
    #[error("the record or its link to the one before was changed")]
    Link,
    /// A position is missing, stands twice or is out of order.
    #[error("position {expected} is missing or out of order")]
    Position {
        /// The position that should have come.
        expected: Position,
    },
    /// A column of the row says something else than the bytes.
    #[error("the column {0} differs from the record")]
    Column(&'static str),
    /// The bytes are no record.
    #[error("the record cannot be read: {0}")]
    Unreadable(String),
    /// The head says something else than the last row.
    #[error("the journal's head does not belong to its last record")]
    Head,
    /// A row follows the one that the head names.
    #[error("a record stands after the journal's head")]
    BeyondHead,
}

impl Fault {
    /// The permanent code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Link => "hash_mismatch",
            Self::Position { .. } => "gap",
            Self::Column(_) => "column_differs",
            Self::Unreadable(_) => "unreadable",
            Self::Head => "wrong_head",
            Self::BeyondHead => "beyond_head",
        }
    }
}

/// Walks a journal from its first record and stops at the first fault.
#[derive(Debug)]
pub struct Verifier {
    prefecture: Prefecture,
    next: Position,
    previous: Hash,
}

impl Verifier {
    /// Starts before the first record.
    pub fn new(prefecture: Prefecture) -> Self {
        Self { prefecture, next: 1, previous: genesis(prefecture) }
    }

    /// Checks the next stored row and gives its record.
    ///
    /// # Errors
    /// The [`Fault`] of this row.
    pub fn check(
        &mut self,
        position: Position,
        command: CommandId,
        subject: SubjectId,
        bytes: &[u8],
        hash: &Hash,
    ) -> Result<Record, Fault> {
        if position != self.next {
            return Err(Fault::Position { expected: self.next });
        }
        if link(&self.previous, bytes) != *hash {
            return Err(Fault::Link);
        }
        let record = Record::read(bytes).map_err(|error| Fault::Unreadable(error.to_string()))?;
        if record.version != VERSION {
            return Err(Fault::Unreadable(format!("version {}", record.version)));
        }
        if record.prefecture != self.prefecture {
            return Err(Fault::Column("prefecture"));
        }
        if record.position != position {
            return Err(Fault::Column("position"));
        }
        if record.command != command {
            return Err(Fault::Column("command"));
        }
        if record.subject != subject {
            return Err(Fault::Column("subject"));
        }
        self.next += 1;
        self.previous = *hash;
        Ok(record)
    }

    /// Checks that the journal ends where its head says.
    ///
    /// # Errors
    /// [`Fault::Head`].
    pub fn finish(&self, position: Position, hash: &Hash) -> Result<(), Fault> {
        if position + 1 == self.next && *hash == self.previous { Ok(()) } else { Err(Fault::Head) }
    }

    /// The last checked position.
    pub fn position(&self) -> Position {
        self.next - 1
    }
}

#[cfg(test)]
mod tests {
    use tahuang_domain::{Actor, Event};

    use super::*;

    fn prefecture() -> Prefecture {
        Prefecture::new("542500000000".parse().unwrap()).unwrap()
    }

    fn record(position: Position) -> Record {
        let number = |low: u128| uuid_from(0x0192_0000_0000_7000_8000_0000_0000_0000 + low);
        Record {
            version: VERSION,
            prefecture: prefecture(),
            position,
            at: 1_755_648_000_000 + position as i64,
            actor: Actor::Console,
            command: CommandId(number(u128::from(position))),
            subject: SubjectId(number(1_000 + u128::from(position))),
            source: None,
            event: Event::CaseDeclined { reason: "重复上报".to_owned(), late: false },
        }
    }

    fn uuid_from(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }

    #[test]
    fn the_bytes_of_version_1_never_change() {
        let bytes = String::from_utf8(record(1).bytes().unwrap()).unwrap();
        assert_eq!(
            bytes,
            r#"{"actor":"console","at":1755648000001,"command":"01920000-0000-7000-8000-000000000001","event":{"reason":"重复上报","type":"case_declined"},"position":1,"prefecture":"542500000000","subject":"01920000-0000-7000-8000-0000000003e9","v":1}"#
        );
        assert_eq!(
            link(&genesis(prefecture()), bytes.as_bytes()).to_string(),
            "fa8dea78e53bf2250b47c0b47a6e0747055ba5c05ca01a34ae7f34e11d080dc5"
        );
    }

    #[test]
    fn any_flipped_byte_in_any_column_is_found_at_its_position() {
        let mut rows = Vec::new();
        let mut previous = genesis(prefecture());
        for position in 1..=3 {
            let record = record(position);
            let bytes = record.bytes().unwrap();
            previous = link(&previous, &bytes);
            rows.push((position, record.command, record.subject, bytes, previous));
        }
        let first_bad = |rows: &[(Position, CommandId, SubjectId, Vec<u8>, Hash)]| {
            let mut verifier = Verifier::new(prefecture());
            for (position, command, subject, bytes, hash) in rows {
                if verifier.check(*position, *command, *subject, bytes, hash).is_err() {
                    return Some(verifier.position() + 1);
                }
            }
            None
        };
        assert_eq!(first_bad(&rows), None);
        for index in 0..rows[1].3.len() {
            let mut changed = rows.clone();
            changed[1].3[index] ^= 1;
            assert_eq!(first_bad(&changed), Some(2), "byte {index}");
        }
        for index in 0..32 {
            let mut changed = rows.clone();
            changed[1].4.0[index] ^= 0x80;
            assert_eq!(first_bad(&changed), Some(2), "hash byte {index}");
        }
        let mut changed = rows.clone();
        changed[1].1 = changed[2].1;
        assert_eq!(first_bad(&changed), Some(2));
        let mut changed = rows.clone();
        changed[1].2 = changed[2].2;
        assert_eq!(first_bad(&changed), Some(2));
        let mut changed = rows.clone();
        changed.remove(1);
        assert_eq!(first_bad(&changed), Some(2));
    }
}
