//! Files attached to a record: what the record knows of them. Their bytes lie beside the journal, encrypted.

use serde::{Deserialize, Serialize};

use crate::catalog::Shape;
use crate::event::Event;
use crate::ids::{Sealed, SubjectId};

/// What a file is for, which also says who may open it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Came with a report, from a resident for instance: personal, opened by those who handle the record.
    Report,
    /// Shows that the work was done.
    Evidence,
    /// Belongs to the papers of the record: minutes, a signed notice, an agreement.
    Document,
    /// Somebody's signature, drawn on a screen. Personal.
    Signature,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Report, Self::Evidence, Self::Document, Self::Signature];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Evidence => "evidence",
            Self::Document => "document",
            Self::Signature => "signature",
        }
    }

    /// Whether such a file is of a person: opened only by those who handle the record, and the log says that they did.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Report | Self::Signature)
    }
}

/// What a file is, as its bytes say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum MediaType {
    /// A photograph, as cameras make it (ITU-T T.81).
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture without loss (ISO/IEC 15948).
    #[serde(rename = "image/png")]
    Png,
    /// A still picture, as some telephones make it (RFC 9649).
    #[serde(rename = "image/webp")]
    Webp,
    /// A document (ISO 32000).
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl MediaType {
    /// As HTTP names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether a browser shows it as a picture.
    pub const fn is_picture(self) -> bool {
        !matches!(self, Self::Pdf)
    }
}

/// A file of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's own id.
    pub id: SubjectId,
    /// What it is for.
    pub purpose: Purpose,
    /// A short file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    pub media_type: MediaType,
    /// How many bytes it has.
    pub bytes: u64,
    /// SM3 of its bytes, in hexadecimal.
    pub hash: String,
    /// The item of a checklist that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The key its bytes are encrypted with, sealed under the subject's own: erasing that one makes them unreadable.
    pub key: Sealed,
}

impl Attachment {
    /// Whether records of this shape take files.
    pub fn fits(shape: Shape) -> bool {
        matches!(shape, Shape::Case | Shape::Activity | Shape::Check)
    }

    /// Folds an event about files into the files of a record.
    pub(crate) fn change(files: &mut Vec<Self>, event: &Event) {
        match event {
            Event::FileAttached { file, purpose, name, media_type, bytes, hash, item, key } => files.push(Self {
                id: *file,
                purpose: *purpose,
                name: name.clone(),
                media_type: *media_type,
                bytes: *bytes,
                hash: hash.clone(),
                item: item.clone(),
                key: key.clone(),
            }),
            Event::FileRemoved { file, .. } => files.retain(|known| known.id != *file),
            _ => {}
        }
    }
}
