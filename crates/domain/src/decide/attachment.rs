//! Files on a record: evidence of work that was done, what a resident sent, papers.

use super::{Context, check, field_invalid, text};
use crate::attachment::Attachment;
use crate::command::{Action, PersonalValue};
use crate::event::Event;
use crate::ids::Actor;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::subject::Subject;

/// Hexadecimal digits of an SM3 hash.
const HASH_DIGITS: usize = 64;

/// Attaches a file, or takes one off.
///
/// # Refusals
/// In this order: `WrongShape` (cases, activities and checks take files), `FieldInvalid` and the other faults of a name, a size
/// and a reason, `PersonalDataOpen` when the file's key was not sealed, `UnknownItem`, `TooManyFiles`, `FileNotFound`, `FileExists`.
pub(super) fn decide(context: &Context<'_>, subject: &Subject, action: &Action) -> Result<Vec<Event>, Refusal> {
    if !Attachment::fits(subject.body.shape()) {
        return Err(Refusal::WrongShape { kind: subject.kind.clone() });
    }
    let mut first = First::default();
    match action {
        Action::AttachFile { file, purpose, name, media_type, bytes, hash, item, key } => {
            first.check(name.as_deref().map_or(Ok(()), check_name));
            first.check(check_hash(hash));
            first.check(item.as_deref().map_or(Ok(()), |item| check::shows(context, subject, item)));
            if !(1..=limits::FILE_BYTES_MAX).contains(bytes) {
                first.check(Err(Refusal::QuantityOutOfRange { field: "bytes".to_owned() }));
            }
            // Room is left for those who work on it.
            let by_residents = subject.reported_files() >= limits::RESIDENT_FILES_MAX;
            if subject.files.len() >= limits::FILES_MAX || (context.actor == Actor::Resident && by_residents) {
                first.check(Err(Refusal::TooManyFiles));
            }
            if subject.files.iter().any(|known| known.id == *file) {
                first.check(Err(Refusal::FileExists));
            }
            let PersonalValue::Sealed(key) = key else {
                first.check(Err(Refusal::PersonalDataOpen { field: "key".to_owned() })).done()?;
                return Ok(Vec::new());
            };
            first.done()?;
            Ok(vec![Event::FileAttached {
                file: *file,
                purpose: *purpose,
                name: name.clone(),
                media_type: *media_type,
                bytes: *bytes,
                hash: hash.clone(),
                item: item.clone(),
                key: key.clone(),
            }])
        }
        Action::RemoveFile { file, reason } => {
            first.check(text("reason", reason, limits::NOTE_CHARS_MAX));
            if subject.files.iter().all(|known| known.id != *file) {
                first.check(Err(Refusal::FileNotFound));
            }
            first.done()?;
            Ok(vec![Event::FileRemoved { file: *file, reason: reason.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if name.contains(['/', '\\', '\n']) {
        return field_invalid("name", "a file's name, without folders and on one line");
    }
    text("name", name, limits::FILE_NAME_CHARS_MAX)
}

fn check_hash(hash: &str) -> Result<(), Refusal> {
    if hash.len() == HASH_DIGITS && hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        Ok(())
    } else {
        field_invalid("hash", "64 hexadecimal digits")
    }
}
