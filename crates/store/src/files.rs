//! What a place for attached files must do.
//!
//! Files lie outside the database: they are large, never change, and are read one at a time. What is handed over is
//! encrypted already. A file is written once, before the command that names it is submitted, so that no acknowledged
//! record ever names a file that is not there; one that no record names is an orphan, and is swept away when it is old.

use tahuang_domain::{Prefecture, SubjectId};

use crate::StoreError;

/// Where a file lies: below its record, so that whoever finds a file knows which record may name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FilePlace {
    /// Whose journal names it.
    pub prefecture: Prefecture,
    /// The record it is attached to.
    pub subject: SubjectId,
    /// The file's own id.
    pub file: SubjectId,
}

/// A place for the bytes of attached files.
pub trait FileStore: Send + Sync + 'static {
    /// Writes a file. When the answer is `Ok`, it survives a loss of power.
    ///
    /// # Errors
    /// `Conflict` when there is a file already: a file is written once. `Unavailable`; then nothing is there.
    fn put(&self, place: FilePlace, bytes: &[u8]) -> Result<(), StoreError>;
    /// The bytes of a file; `None` when there is none.
    ///
    /// # Errors
    /// `Unavailable`, and `Corrupt` when the file is larger than any that was put.
    fn get(&self, place: FilePlace) -> Result<Option<Vec<u8>>, StoreError>;
    /// Removes a file, and what an interrupted `put` left of it; one that is not there is no fault.
    ///
    /// # Errors
    /// `Unavailable`.
    fn delete(&self, place: FilePlace) -> Result<(), StoreError>;
    /// Names every file, in no certain order, also those that an interrupted `put` left unfinished.
    ///
    /// # Errors
    /// `Unavailable`, or the first error of `each`, with which it ends.
    fn list(&self, each: &mut dyn FnMut(FilePlace) -> Result<(), StoreError>) -> Result<(), StoreError>;
}

/// Bytes that one file takes at most where it is kept: its own, and what encrypting adds.
pub const KEPT_BYTES_MAX: u64 = tahuang_domain::limits::FILE_BYTES_MAX + 1_024;
