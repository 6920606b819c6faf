//! A file of a record, as people read it.

use serde::Serialize;
use tahuang_domain::{Event, MediaType, SubjectId};
use tahuang_journal::Record;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::speaker::{Speaker, moment};

/// A file of a record.
#[derive(Serialize, ToSchema)]
pub struct Attachment {
    pub id: Uuid,
    /// `report`, `evidence`, `document` or `signature`.
    pub purpose: &'static str,
    pub purpose_name: String,
    pub name: Option<String>,
    /// `image/jpeg`, `image/png`, `image/webp` or `application/pdf`.
    pub media_type: &'static str,
    pub bytes: u64,
    /// SM3 of its bytes, in hexadecimal.
    pub hash: String,
    /// The item of a checklist that it shows.
    pub item: Option<String>,
    /// When the server recorded it (RFC 3339, UTC).
    pub at: String,
    /// Who attached it.
    pub actor_name: String,
    /// It came with the report, or is a signature: only those who handle the record open it, and the log says that they did.
    pub personal: bool,
}

impl Attachment {
    /// What the journal says of a file; `None` when the record is of another event.
    pub fn of(speaker: &Speaker<'_>, record: &Record) -> Option<Self> {
        let Event::FileAttached { file, purpose, name, media_type, bytes, hash, item, .. } = &record.event else {
            return None;
        };
        Some(Self {
            id: file.0,
            purpose: purpose.code(),
            purpose_name: speaker.word("purpose", purpose.code()).to_owned(),
            name: name.clone(),
            media_type: media_type.name(),
            bytes: *bytes,
            hash: hash.clone(),
            item: item.clone(),
            at: moment(record.at),
            actor_name: speaker.actor(record.actor),
            personal: purpose.is_personal(),
        })
    }

    /// The files that a record still has, from the events of its history.
    pub fn standing<'r>(
        speaker: &Speaker<'_>,
        files: &[tahuang_domain::Attachment],
        history: impl Iterator<Item = &'r Record>,
    ) -> Vec<Self> {
        let stands = |file: Uuid| files.iter().any(|known| known.id == SubjectId(file));
        history.filter_map(|record| Self::of(speaker, record)).filter(|file| stands(file.id)).collect()
    }
}

/// A format as people call it.
pub fn format_name(media_type: &str) -> &'static str {
    let known = [MediaType::Jpeg, MediaType::Png, MediaType::Webp, MediaType::Pdf];
    let names = ["JPEG", "PNG", "WebP", "PDF"];
    known.iter().zip(names).find(|(known, _)| known.name() == media_type).map_or("", |(_, name)| name)
}

/// A number of bytes as people read it, rounded up: no file has none.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1_024;
    const MEGA: u64 = KILO * KILO;
    if bytes < MEGA {
        format!("{} KB", bytes.div_ceil(KILO))
    } else {
        let tenths = (bytes * 10).div_ceil(MEGA);
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use tahuang_domain::{Language, Purpose};

    #[test]
    fn every_purpose_has_its_word_in_the_three_languages() {
        let words = Words::bundled();
        for purpose in Purpose::ALL {
            let names = words.find("purpose", purpose.code()).unwrap();
            let languages = [Language::ZhCn, Language::Bo, Language::En];
            let mut said: Vec<&str> = languages.into_iter().map(|language| names.get(language)).collect();
            said.dedup();
            assert_eq!(said.len(), 3, "{said:?}");
        }
    }

    #[test]
    fn sizes_are_rounded_up() {
        let cases = [
            (1, "1 KB"),
            (1_024, "1 KB"),
            (1_025, "2 KB"),
            (1_048_575, "1024 KB"),
            (1_048_576, "1.0 MB"),
            (8 << 20, "8.0 MB"),
        ];
        for (bytes, said) in cases {
            assert_eq!(size(bytes), said);
        }
    }

    #[test]
    fn every_format_has_its_name() {
        for media_type in [MediaType::Jpeg, MediaType::Png, MediaType::Webp, MediaType::Pdf] {
            assert!(!format_name(media_type.name()).is_empty());
        }
        assert_eq!(format_name("text/html"), "");
    }
}
