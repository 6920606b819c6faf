//! What grassroots governance is: the shapes of its records and the rules by which they change.
//!
//! A command meets the state of its subject in [`decide()`] and becomes events, or a [`Refusal`] with a
//! permanent code; [`Subject::apply`] folds events back into state. Kinds, fields, outcomes and roles are
//! data ([`catalog`]).
//!
//! Deliberately absent: I/O, the clock, randomness, SQL, HTTP. Whatever a rule needs is an argument.
//!
//! To add a *kind*, edit `catalog/kinds.toml`. To add a *step* to the life of a case, add an [`Action`], an
//! [`Event`], its row in [`decide::case`] and its arm in [`Subject::apply`]; the compiler names the rest.

pub mod area;
pub mod attachment;
pub mod calendar;
pub mod catalog;
pub mod checklist;
pub mod command;
pub mod decide;
pub mod event;
pub mod form;
pub mod ids;
mod line_kind;
pub mod permission;
pub mod refusal;
pub mod subject;
pub mod writing;

pub use area::{AreaCode, AreaTree, Level, Prefecture};
pub use attachment::{Attachment, MediaType, Purpose};
pub use calendar::{Calendar, Period};
pub use catalog::{Catalog, CatalogError, Kind, Language, Names, Shape};
pub use checklist::{Checklist, Checklists};
pub use command::{Action, Command, Handler, PersonalValue, Source};
pub use decide::{Context, Decision, decide};
pub use event::Event;
pub use ids::{Actor, CommandId, Day, Fen, Fields, Position, Sealed, SubjectId};
pub use permission::{Admissions, Grant, Role, Roles, Verb};
pub use refusal::Refusal;
pub use subject::{Body, Holder, State, Subject};

/// Limits of the domain, in one place. Beyond them a command is refused, never cut.
pub mod limits {
    /// Characters in a title or a name.
    pub const TITLE_CHARS_MAX: usize = 400;
    /// Characters in a reason or a note.
    pub const NOTE_CHARS_MAX: usize = 2_000;
    /// Lines (dated notes) on one register entry, movements of one stock, allocations of one project.
    pub const LINES_MAX: usize = 2_000;
    /// Handlers who assist with one case.
    pub const ASSISTING_MAX: usize = 20;
    /// Days by which the work on a case may be given more time at once.
    pub const EXTENSION_DAYS_MAX: i32 = 366;
    /// Files that a resident may add to a case.
    pub const RESIDENT_FILES_MAX: usize = 3;
    /// How often a resident may answer for one case before its work is done again.
    pub const ANSWERS_MAX: u32 = 5;
    /// How often one case may be drawn for a revisit.
    pub const REVISITS_MAX: usize = 20;
    /// How often somebody may try to reach whoever asked, for one revisit.
    pub const REVISIT_TRIES_MAX: u32 = 3;
    /// Characters of what the public board calls a case.
    pub const PUBLIC_TITLE_CHARS_MAX: usize = 40;
    /// Characters of what the public board says of it.
    pub const PUBLIC_TEXT_CHARS_MAX: usize = 200;
    /// Characters from which on a title is somebody's own words, which do not go on the board; a shorter one is a word that
    /// anybody would use.
    pub const OWN_WORDS_CHARS_MIN: usize = 8;
    /// Days for which the board shows what was done.
    pub const BOARD_DAYS_MAX: i32 = 90;
    /// How often one case may be claimed.
    pub const CLAIMS_MAX: usize = 50;
    /// Units in one quantity.
    pub const QUANTITY_MAX: i64 = 1_000_000_000_000;
    /// Files attached to one record.
    pub const FILES_MAX: usize = 40;
    /// Characters in a file's name.
    pub const FILE_NAME_CHARS_MAX: usize = 200;
    /// Items on one checklist.
    pub const CHECK_ITEMS_MAX: usize = 60;
    /// People who sign one check.
    pub const CHECK_OFFICERS_MAX: usize = 10;
    /// Characters in the name of a place that is checked: the titles of what is found there begin with it.
    pub const CHECK_PLACE_CHARS_MAX: usize = 200;
    /// Days until a place is looked at again.
    pub const RECHECK_DAYS_MAX: i32 = 366;
    /// How often one place is looked at again on one sheet.
    pub const RECHECKS_MAX: usize = 50;
    /// Bytes of one file.
    pub const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
}
