//! Files of records: taken in, opened, checked, and swept away when no record names them.
//!
//! A file is encrypted with a key of its own, and that key is sealed under the record's, as any personal value is: whoever
//! has the record's key erased has the file erased, wherever a copy of it lies. The bytes are on disk before the command
//! that names them is submitted. A crash between the two leaves an orphan, which the sweep at the next start removes.

use std::collections::BTreeMap;

use sm3::{Digest as _, Sm3};
use tahuang_domain::{
    Action, Attachment, Command, CommandId, Event, MediaType, PersonalValue, Prefecture, Purpose, Refusal, Sealed,
    Subject, SubjectId, Verb,
};
use tahuang_journal::Record;
use tahuang_store::{FilePlace, FileStore, Outcome, StoreError};

use crate::clean::{FileRefusal, clean};
use crate::maintain::{self, Verification};
use crate::projection::read_subject;
use crate::seal::{FileKey, to_hex};
use crate::{App, Asker, QueryError, SealError, SubmitError};

/// How long nobody names a file before it is an orphan: an upload of a day ago is not still on its way.
const ORPHAN_AGE_MS: i64 = 24 * 60 * 60 * 1_000;
/// Files that the sweep looks up in one go.
const SWEEP_CHUNK: usize = 500;

/// A file on its way in.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The sender's name for the command: sent again, the file is attached once.
    pub command: CommandId,
    /// What it is for.
    pub purpose: Purpose,
    /// A short file name, which will stand open in the journal.
    pub name: Option<String>,
    /// The item of a checklist that it shows.
    pub item: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file was not attached.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AttachError {
    /// The bytes are not taken.
    #[error(transparent)]
    File(#[from] FileRefusal),
    /// The record is out of reach.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The command was refused.
    #[error("{message}")]
    Refused {
        /// The permanent code.
        code: String,
        /// What is wrong.
        message: String,
        /// The field to blame.
        field: Option<String>,
    },
    /// The command was not looked at.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a file cannot be opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenFileError {
    /// The record, or a file of this id on it, is out of reach.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The key or the bytes do not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The record names it and it is not there; verify the data.
    #[error("the file {0} is missing")]
    Missing(SubjectId),
}

/// An opened file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenedFile {
    /// What the record knows of it.
    pub attachment: Attachment,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was found out about the files that a journal names.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct FilesVerification {
    /// How many are named.
    pub named: u64,
    /// Those that are not as they were attached.
    pub faults: Vec<(FilePlace, FileFault)>,
}

/// What is wrong with a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileFault {
    /// There is none.
    #[error("missing")]
    Missing,
    /// Its bytes are not those that were attached.
    #[error("changed")]
    Changed,
    /// It is there, and its key does not open with this master key, or is gone.
    #[error("its key does not open")]
    Locked,
}

impl App {
    /// Whether the asker may attach files to this record; for doors that ask before they take the bytes in.
    ///
    /// # Errors
    /// As for [`App::find`], and `NotPermitted`.
    pub fn may_attach(&self, asker: &Asker, subject: SubjectId) -> Result<Prefecture, QueryError> {
        if let Asker::Resident { place, case } = asker {
            // Their own case, by its secret link; the writer asks again.
            let prefecture = place.prefecture().ok_or(QueryError::NotFound)?;
            return if *case == Some(subject) { Ok(prefecture) } else { Err(QueryError::NotFound) };
        }
        let (prefecture, row) = self.find(asker, subject)?;
        self.permit(asker, Verb::Record, &row.kind, row.area)?;
        Ok(prefecture)
    }

    /// Attaches a file to a record: what the picture says beside itself is left out, the rest is encrypted and on disk
    /// before the record names it. Gives what the journal says of it; sent again, what it said the first time.
    /// For threads that may block.
    ///
    /// # Errors
    /// See [`AttachError`].
    pub fn attach(&self, asker: &Asker, subject: SubjectId, new: &NewFile) -> Result<Record, AttachError> {
        let prefecture = self.may_attach(asker, subject)?;
        let (media_type, bytes) = clean(&new.bytes)?;
        let place = FilePlace { prefecture, subject, file: self.ids().subject() };
        let key = self.sealer.new_file_key();
        self.files().put(place, &self.sealer.seal_file(&key, place, &bytes))?;
        let action = attach_file(place.file, new, media_type, &bytes, &key);
        let command = Command { id: new.command, subject, revision: None, source: None, action };
        // When the writer cannot say whether it was done, the file stays: the sweep knows later.
        let answered = self.submit(prefecture, asker, vec![command])?.pop().ok_or(SubmitError::Stopped)?;
        let first = match answered.outcome {
            Outcome::Accepted { first, .. } => first,
            Outcome::Refused { code, message, field } => {
                self.discard(place);
                return Err(AttachError::Refused { code, message, field });
            }
        };
        if answered.repeated {
            self.discard(place);
        }
        let rows = self.store().journal_at(prefecture, &[first])?;
        let row = rows.first().ok_or(StoreError::Corrupt { table: "journal", key: first.to_string() })?;
        Ok(row.record()?)
    }

    fn discard(&self, place: FilePlace) {
        if let Err(error) = self.files().delete(place) {
            tracing::warn!(file = %place.file, %error, "a file that nobody names stays until the next sweep");
        }
    }

    /// Opens a file. What came with a report and signatures are personal, and are opened by those who handle or correct the record.
    ///
    /// # Errors
    /// See [`OpenFileError`].
    pub fn open_file(&self, asker: &Asker, subject: SubjectId, file: SubjectId) -> Result<OpenedFile, OpenFileError> {
        let (prefecture, row) = self.find(asker, subject)?;
        let state = read_subject(&row).map_err(QueryError::from)?;
        let attachment = state.files.into_iter().find(|known| known.id == file).ok_or(QueryError::NotFound)?;
        let may = |verb| self.permit(asker, verb, &row.kind, row.area).is_ok();
        if attachment.purpose.is_personal() && !may(Verb::Handle) && !may(Verb::Correct) {
            return Err(QueryError::from(Refusal::NotPermitted).into());
        }
        // Erased in this moment, the record does not name it any more.
        let key = self.unseal(prefecture, subject, &attachment.key)?.ok_or(QueryError::NotFound)?;
        let place = FilePlace { prefecture, subject, file };
        let kept = self.files().get(place).map_err(QueryError::from)?.ok_or(OpenFileError::Missing(file))?;
        let bytes = self.sealer.open_file(&FileKey::read(&key)?, place, &kept)?;
        Ok(OpenedFile { attachment, bytes })
    }

    /// Removes files that no record names and that are older than a day: a crash came between the file and its command.
    /// Gives how many.
    ///
    /// # Errors
    /// When the store or the files cannot be read; then nothing more is removed.
    pub fn sweep_files(&self) -> Result<u64, StoreError> {
        let before = self.clock().now_ms() - ORPHAN_AGE_MS;
        let mut removed = 0;
        let mut waiting: Vec<FilePlace> = Vec::new();
        self.files().list(&mut |place| {
            if made_at(place.file).is_some_and(|at| at < before) {
                waiting.push(place);
            }
            if waiting.len() >= SWEEP_CHUNK { self.sweep_some(&mut waiting, &mut removed) } else { Ok(()) }
        })?;
        self.sweep_some(&mut waiting, &mut removed)?;
        Ok(removed)
    }

    fn sweep_some(&self, places: &mut Vec<FilePlace>, removed: &mut u64) -> Result<(), StoreError> {
        for place in places.drain(..) {
            let state = self.subjects(place.prefecture, &[place.subject])?.pop().flatten();
            if !names(state.as_ref(), place.file) {
                self.files().delete(place)?;
                *removed += 1;
            }
        }
        Ok(())
    }

    /// Walks a journal like [`App::verify`], and then looks at every file that it names. The contents are compared when
    /// the master key is the right one; otherwise the fault of each file is `Locked`.
    ///
    /// # Errors
    /// When the store or the files cannot be read.
    pub fn verify_with_files(
        &self,
        prefecture: Prefecture,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(Verification, FilesVerification), StoreError> {
        let mut named = Named::default();
        let journal = maintain::verify(&**self.store(), prefecture, progress, &mut |record| named.see(record))?;
        let mut found = FilesVerification { named: named.0.len() as u64, faults: Vec::new() };
        for ((subject, file), (hash, key)) in named.0 {
            let place = FilePlace { prefecture, subject, file };
            let Some(fault) = self.look_at(place, &hash, &key)? else { continue };
            // A running server may have removed or erased it meanwhile.
            if names(self.subjects(prefecture, &[subject])?.pop().flatten().as_ref(), file) {
                found.faults.push((place, fault));
            }
        }
        Ok((journal, found))
    }

    fn look_at(&self, place: FilePlace, hash: &str, key: &Sealed) -> Result<Option<FileFault>, StoreError> {
        let kept = match self.files().get(place) {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(Some(FileFault::Missing)),
            Err(StoreError::Corrupt { .. }) => return Ok(Some(FileFault::Changed)),
            Err(error) => return Err(error),
        };
        let key = match self.unseal(place.prefecture, place.subject, key) {
            Ok(Some(key)) => key,
            Err(SealError::Store(error)) => return Err(error),
            Ok(None) | Err(_) => return Ok(Some(FileFault::Locked)),
        };
        let Ok(key) = FileKey::read(&key) else { return Ok(Some(FileFault::Locked)) };
        let is_same = self.sealer.open_file(&key, place, &kept).is_ok_and(|bytes| sm3_hex(&bytes) == hash);
        Ok((!is_same).then_some(FileFault::Changed))
    }

    /// Copies every file that is not there yet to another place; for backups. Gives how many.
    ///
    /// # Errors
    /// When one cannot be read or written.
    pub fn copy_files(&self, to: &dyn FileStore) -> Result<u64, StoreError> {
        copy_files(&**self.files(), to)
    }
}

/// Copies every whole file that is not there yet from one place to another. Gives how many.
///
/// # Errors
/// When one cannot be read or written.
pub fn copy_files(from: &dyn FileStore, to: &dyn FileStore) -> Result<u64, StoreError> {
    let mut copied = 0;
    from.list(&mut |place| {
        // One that is removed meanwhile, or is not whole, is not there.
        let Some(bytes) = from.get(place)? else { return Ok(()) };
        match to.put(place, &bytes) {
            Ok(()) => copied += 1,
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    })?;
    Ok(copied)
}

fn attach_file(file: SubjectId, new: &NewFile, media_type: MediaType, bytes: &[u8], key: &FileKey) -> Action {
    Action::AttachFile {
        file,
        purpose: new.purpose,
        name: new.name.clone(),
        media_type,
        bytes: bytes.len() as u64,
        hash: sm3_hex(bytes),
        item: new.item.clone(),
        key: PersonalValue::Open(key.to_string()),
    }
}

fn sm3_hex(bytes: &[u8]) -> String {
    to_hex(&Sm3::digest(bytes))
}

fn names(subject: Option<&Subject>, file: SubjectId) -> bool {
    subject.is_some_and(|subject| subject.files.iter().any(|known| known.id == file))
}

/// When a file's id was made, in milliseconds since 1970. It goes with the file wherever it is copied to, and a file's
/// times do not.
fn made_at(file: SubjectId) -> Option<i64> {
    let (seconds, nanoseconds) = file.0.get_timestamp()?.to_unix();
    i64::try_from(seconds * 1_000 + u64::from(nanoseconds) / 1_000_000).ok()
}

/// The files that a journal names, as far as it was read: their hash and sealed key.
#[derive(Default)]
struct Named(BTreeMap<(SubjectId, SubjectId), (String, Sealed)>);

impl Named {
    fn see(&mut self, record: &Record) {
        match &record.event {
            Event::FileAttached { file, hash, key, .. } => {
                self.0.insert((record.subject, *file), (hash.clone(), key.clone()));
            }
            Event::FileRemoved { file, .. } => _ = self.0.remove(&(record.subject, *file)),
            Event::PersonalDataErased { .. } => self.0.retain(|(subject, _), _| *subject != record.subject),
            _ => {}
        }
    }
}
