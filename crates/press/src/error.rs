//! Why a paper could not be made.

use std::path::PathBuf;

/// Why a paper could not be made. Codes are permanent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// This server has no font for a script.
    #[error("no font for {script} is installed on this server: install {package} (Debian: apt-get install {package})")]
    FontMissing {
        /// The script that cannot be printed.
        script: &'static str,
        /// The Debian package with a free font for it.
        package: &'static str,
    },
    /// A font file cannot be read, or is none. Where it is, is for the log.
    #[error("a font file of this server cannot be read")]
    FontUnreadable(PathBuf),
    /// Texts, pages, pictures or cards are more than a document takes.
    #[error("more {what} than the {max} that one document takes")]
    TooLong {
        /// What is too much.
        what: &'static str,
        /// How much a document takes.
        max: usize,
    },
    /// A text is longer than the place for it on a card or slip.
    #[error("the text does not fit into its place: {0}")]
    DoesNotFit(String),
    /// A picture is neither JPEG nor PNG, or is damaged.
    #[error("picture {0} is neither a JPEG nor a PNG, or is damaged")]
    PictureUnreadable(usize),
    /// A picture has too many bytes or pixels.
    #[error("picture {0} is too large")]
    PictureTooLarge(usize),
    /// An address is too long for the code that telephones read.
    #[error("the address is too long for a code")]
    CodeTooLong,
}

impl PressError {
    /// Every code; a code is never used for another meaning.
    pub const CODES: [&str; 7] = [
        "font_missing",
        "font_unreadable",
        "paper_too_long",
        "paper_does_not_fit",
        "picture_unreadable",
        "picture_too_large",
        "code_too_long",
    ];

    /// The permanent code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FontMissing { .. } => "font_missing",
            Self::FontUnreadable(_) => "font_unreadable",
            Self::TooLong { .. } => "paper_too_long",
            Self::DoesNotFit(_) => "paper_does_not_fit",
            Self::PictureUnreadable(_) => "picture_unreadable",
            Self::PictureTooLarge(_) => "picture_too_large",
            Self::CodeTooLong => "code_too_long",
        }
    }
}
