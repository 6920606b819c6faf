//! Paper: forms as plain data in, PDF out.
//!
//! A form of [`forms`] is a struct and a function that makes a [`document::Document`] of it: blocks (headings, texts,
//! tables, places to sign, pictures). [`press`] lays the blocks out on pages and writes the PDF. Text is shaped, so
//! Tibetan stacks as it should; lines break as Chinese and Tibetan are printed; what is on the page can be copied out of
//! it as it was typed.
//!
//! **Architecture invariants:** the same input and the same fonts give the same bytes; no clock, no random ids, every day
//! is an argument. Nothing is read but fonts, each once ([`fonts::Fonts`]). Whatever text comes in, the answer is a PDF or
//! one [`PressError`]; nothing is cut.
//!
//! Deliberately absent: records, rights, and where a value comes from. What was erased is a text that the caller passes.
//! To add a form, add a file to `forms`; it needs no code anywhere else here.

pub mod document;
mod error;
pub mod fonts;
pub mod forms;
mod layout;
mod lines;
mod mark;
mod pages;
mod pdf;
mod shape;
mod sign;
pub mod style;
mod table;
pub mod words;

pub use document::Document;
pub use error::PressError;
pub use fonts::Fonts;

/// Limits of what is printed, in one place. Beyond them a form is refused.
pub mod limits {
    /// Bytes of all texts of a document.
    pub const TEXT_BYTES_MAX: usize = 2 * 1_024 * 1_024;
    /// Pages of a document.
    pub const PAGES_MAX: usize = 1_000;
    /// Pictures of a document.
    pub const PICTURES_MAX: usize = 200;
    /// Bytes of one picture.
    pub const PICTURE_BYTES_MAX: usize = 20 * 1_024 * 1_024;
    /// Bytes of all pictures of a document.
    pub const PICTURES_BYTES_MAX: usize = 100 * 1_024 * 1_024;
    /// Pixels of one picture: a PNG is unpacked in memory.
    pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
    /// Bytes of an address in a code that telephones read: more would be too fine for a card.
    pub const CODE_BYTES_MAX: usize = 300;
    /// Contact cards of one sheaf.
    pub const CARDS_MAX: usize = 1_000;
    /// Files below a font directory that are looked at.
    pub const FONT_FILES_MAX: usize = 20_000;
    /// Bytes of a font file.
    pub const FONT_BYTES_MAX: u64 = 62 * 1_024 * 1_024;
}

/// Makes the PDF of a document.
///
/// # Errors
/// [`PressError`], when a font is missing or the document is beyond [`limits`].
pub fn press(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, PressError> {
    document.check()?;
    let pages = pages::lay_out(document, fonts)?;
    pdf::write(document, &pages)
}
