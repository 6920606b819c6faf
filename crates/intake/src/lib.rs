//! Ledgers into records.
//!
//! `catalog/ledgers.toml` says how each kind of sheet is recognised, what its columns mean and which record a row makes
//! ([`ledger`]). A [`workbook`] is read as cells, a [`sheet`] is recognised, a [`row`] becomes a draft or a refusal with
//! a permanent code, a draft becomes commands ([`record`]), and the [`runner`] sends them through the application's door: a whole workbook is read first ([`plan`]), what exists
//! already is compared ([`known`]), and what was refused is kept until it is mended ([`kept`]).
//!
//! **Architecture invariant:** nothing is lost. A row is accepted, or refused with a code and kept, sealed, until somebody
//! mends it or sets it aside with a reason. **And nothing counts twice:** ids of records and commands are derived from what
//! a row says, so the same ledger brought in again changes nothing.
//!
//! Deliberately absent: storage and permission (the application's), and any ledger written in Rust. To take in a new
//! ledger, edit the catalog; to read a cell in a new way, add a [`ledger::Holds`].

pub mod divisions;
mod formula;
mod ids;
mod kept;
mod known;
pub mod ledger;
mod number;
pub mod place;
mod plan;
mod record;
mod refusal;
mod row;
mod runner;
pub mod sheet;
pub mod text;
pub mod value;
pub mod workbook;

pub use kept::{fix_row, open_row};
pub use ledger::{Ledger, Ledgers};
pub use refusal::RowRefusal;
pub use row::{LedgerCell, LedgerRow};
pub use runner::{Import, ImportError, RowReport, SheetReport, Verdict};
pub use workbook::{Workbook, WorkbookError};

/// Limits of what is read, in one place. Beyond them a workbook is refused whole, never cut.
pub mod limits {
    /// Bytes of a workbook's file.
    pub const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;
    /// Parts of the zip container.
    pub const PARTS_MAX: usize = 2_000;
    /// Bytes of all parts, unpacked.
    pub const UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;
    /// Sheets.
    pub const SHEETS_MAX: usize = 200;
    /// Rows of a sheet.
    pub const ROWS_MAX: u32 = 200_000;
    /// Columns of a sheet.
    pub const COLUMNS_MAX: usize = 256;
    /// Cells of all sheets.
    pub const CELLS_MAX: u64 = 5_000_000;
    /// Bytes of all texts.
    pub const TEXT_BYTES_MAX: u64 = 256 * 1024 * 1024;
    /// Characters of one cell (Excel's own limit).
    pub const CELL_CHARS_MAX: usize = 32_767;
    /// Cells that all sums of a workbook may add.
    pub const FORMULA_CELLS_MAX: u64 = 2_000_000;
    /// Rows from the top in which the headings are looked for.
    pub const HEADING_ROWS_MAX: usize = 50;
    /// Pages of waiting rows that are looked at for those that a ledger has mended.
    pub const KEPT_PAGES_MAX: usize = 20;
    /// Rows that are sent through the door at once.
    pub const BATCH_ROWS: usize = 250;
}
