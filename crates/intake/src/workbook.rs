//! A workbook as cells: what calamine reads, bounded, with merged cells known and sums computed.
//!
//! **Architecture invariant:** nothing here knows a ledger. Whatever bytes come in, the answer is cells or one
//! [`WorkbookError`]; never a panic, and never more memory than [`limits`] allow.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use tahuang_domain::Day;

use crate::formula::{self, Addend};
use crate::limits;
use crate::value::day_of_serial;

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum CellValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(Arc<str>),
    /// A number.
    Number(f64),
    /// A real date; the time of the day is dropped.
    Day(Day),
    /// True or false.
    Bool(bool),
    /// A formula's error, for instance `#REF!`.
    Error(Arc<str>),
}

impl CellValue {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// As a person would read it: days `2025-08-20`, whole numbers without a point.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
            Self::Error(text) => text.to_string(),
        }
    }
}

/// A rectangle of merged cells, from 1 as Excel counts rows and from 0 for columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Merged {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: usize,
    /// Last column.
    pub right: usize,
}

/// A cell after merged regions were filled.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cell {
    /// What stands in it.
    pub value: CellValue,
    /// Whether it was filled from the first cell of a merged region.
    pub filled: bool,
}

/// A row of a sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// As Excel counts it, from 1.
    pub number: u32,
    /// Its cells from the first column on.
    pub cells: Vec<Cell>,
}

/// A sheet.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Hidden sheets often hold lists for drop-downs.
    pub hidden: bool,
    /// The rows in which anything stands, in order.
    pub rows: Vec<Row>,
    /// Merged regions.
    pub merged: Vec<Merged>,
}

/// A workbook.
#[derive(Clone, PartialEq, Debug)]
pub struct Workbook {
    /// Its file name.
    pub file: String,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
}

/// Why a file could not be read as a workbook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The file could not be read from the disk.
    #[error("文件无法读取：{0}")]
    Unreadable(String),
    /// It is not an `.xlsx` file at all.
    #[error("不是 .xlsx 工作簿；旧版 .xls 请另存为 .xlsx 后再导入")]
    NotXlsx,
    /// It is protected with a password.
    #[error("工作簿设有打开密码，请去掉密码后再导入")]
    PasswordProtected,
    /// It breaks off, or its parts do not fit together.
    #[error("工作簿已损坏或不完整：{0}")]
    Damaged(String),
    /// It is larger than a ledger can be.
    #[error("工作簿太大：{what}超过 {max}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        max: u64,
    },
}

impl WorkbookError {
    /// The permanent code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "workbook_unreadable",
            Self::NotXlsx => "workbook_not_xlsx",
            Self::PasswordProtected => "workbook_password_protected",
            Self::Damaged(_) => "workbook_damaged",
            Self::TooLarge { .. } => "workbook_too_large",
        }
    }
}

impl Workbook {
    /// Reads a workbook from the disk.
    ///
    /// # Errors
    /// See [`WorkbookError`].
    pub fn read(path: &Path) -> Result<Self, WorkbookError> {
        let unreadable = |error: std::io::Error| WorkbookError::Unreadable(error.to_string());
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to know that it is too large.
        file.take(limits::FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_bytes(&name, &bytes)
    }

    /// Reads a workbook that is in memory.
    ///
    /// # Errors
    /// See [`WorkbookError`].
    pub fn from_bytes(file_name: &str, bytes: &[u8]) -> Result<Self, WorkbookError> {
        if bytes.len() as u64 > limits::FILE_BYTES_MAX {
            return Err(WorkbookError::TooLarge { what: "文件字节数", max: limits::FILE_BYTES_MAX });
        }
        refuse_compound_file(bytes)?;
        if !bytes.starts_with(b"PK") {
            return Err(WorkbookError::NotXlsx);
        }
        // Both readers parse what strangers send; should one of them ever panic, that is a damaged file to us.
        quietly(AssertUnwindSafe(|| {
            bound_unpacked_size(bytes)?;
            read_sheets(bytes)
        }))
        .unwrap_or_else(|_| Err(WorkbookError::Damaged("内容无法解析".to_owned())))
        .map(|sheets| Self { file: file_name.to_owned(), sheets })
    }
}

thread_local! {
    static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Catches a panic without a word about it on standard error: what it means is said once, as an error.
fn quietly<T>(work: impl FnOnce() -> T + std::panic::UnwindSafe) -> std::thread::Result<T> {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                loud(panic);
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(work);
    QUIET.set(false);
    done
}

/// The magic number of OLE compound files: old `.xls`, and encrypted `.xlsx` inside one.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn refuse_compound_file(bytes: &[u8]) -> Result<(), WorkbookError> {
    if !bytes.starts_with(&COMPOUND_FILE) {
        return Ok(());
    }
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        Err(WorkbookError::PasswordProtected)
    } else {
        Err(WorkbookError::NotXlsx)
    }
}

/// Unpacks everything once into nothing, so that a zip bomb ends here, whatever its headers claim.
fn bound_unpacked_size(bytes: &[u8]) -> Result<(), WorkbookError> {
    let damaged = |error: zip::result::ZipError| WorkbookError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits::PARTS_MAX {
        return Err(WorkbookError::TooLarge { what: "内部文件数", max: limits::PARTS_MAX as u64 });
    }
    let mut left = limits::UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|error| WorkbookError::Damaged(error.to_string()))?;
        left = left
            .checked_sub(read)
            .ok_or(WorkbookError::TooLarge { what: "解压后字节数", max: limits::UNPACKED_BYTES_MAX })?;
    }
    Ok(())
}

fn damaged(error: XlsxError) -> WorkbookError {
    match error {
        XlsxError::Password => WorkbookError::PasswordProtected,
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => WorkbookError::NotXlsx,
        other => WorkbookError::Damaged(other.to_string()),
    }
}

/// What one workbook may still take, over all its sheets.
struct Budget {
    cells: u64,
    text_bytes: u64,
    formula_cells: u64,
}

impl Budget {
    fn spend_cells(&mut self, cells: u64) -> Result<(), WorkbookError> {
        self.cells = self
            .cells
            .checked_sub(cells)
            .ok_or(WorkbookError::TooLarge { what: "单元格数", max: limits::CELLS_MAX })?;
        Ok(())
    }

    fn spend_text(&mut self, bytes: usize) -> Result<(), WorkbookError> {
        self.text_bytes = self
            .text_bytes
            .checked_sub(bytes as u64)
            .ok_or(WorkbookError::TooLarge { what: "文字字节数", max: limits::TEXT_BYTES_MAX })?;
        Ok(())
    }
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, WorkbookError> {
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let is_1904 = xlsx.has_1904_epoch();
    let known: Vec<(String, bool)> = xlsx
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    if known.len() > limits::SHEETS_MAX {
        return Err(WorkbookError::TooLarge { what: "工作表数", max: limits::SHEETS_MAX as u64 });
    }
    let mut budget = Budget {
        cells: limits::CELLS_MAX,
        text_bytes: limits::TEXT_BYTES_MAX,
        formula_cells: limits::FORMULA_CELLS_MAX,
    };
    let mut sheets = Vec::with_capacity(known.len());
    for (name, hidden) in known {
        let mut cells = read_cells(&mut xlsx, &name, is_1904, &mut budget)?;
        let merged = read_merged(&mut xlsx, &name)?;
        fill_merged(&mut cells, &merged, &mut budget)?;
        let rows = cells.into_iter().map(|(number, cells)| Row { number, cells }).collect();
        sheets.push(Sheet { name, hidden, rows, merged });
    }
    Ok(sheets)
}

type Cells = BTreeMap<u32, Vec<Cell>>;

fn read_cells(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    is_1904: bool,
    budget: &mut Budget,
) -> Result<Cells, WorkbookError> {
    let mut rows = Cells::new();
    let mut formulas: BTreeMap<(u32, usize), String> = BTreeMap::new();
    let mut reader = xlsx.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(read) = reader.next_cell_with_formula().map_err(damaged)? {
        let value = cell_value(&read.value, is_1904, budget)?;
        let (row, column) = (read.pos.0.saturating_add(1), read.pos.1 as usize);
        // Programs that do not compute leave no cached value, or a zero; a true zero is computed to the same.
        let sum = read.formula.filter(|_| value == CellValue::Empty || value == CellValue::Number(0.0));
        if value == CellValue::Empty && sum.is_none() {
            continue;
        }
        if row > limits::ROWS_MAX {
            return Err(WorkbookError::TooLarge { what: "行数", max: u64::from(limits::ROWS_MAX) });
        }
        if column >= limits::COLUMNS_MAX {
            return Err(WorkbookError::TooLarge { what: "列数", max: limits::COLUMNS_MAX as u64 });
        }
        place(&mut rows, row, column, budget)?.value = value;
        if let Some(formula) = sum {
            budget.spend_text(formula.len())?;
            formulas.insert((row, column), formula);
        }
    }
    compute_sums(&mut rows, formulas, budget);
    Ok(rows)
}

fn place<'r>(rows: &'r mut Cells, row: u32, column: usize, budget: &mut Budget) -> Result<&'r mut Cell, WorkbookError> {
    let cells = rows.entry(row).or_default();
    if cells.len() <= column {
        budget.spend_cells((column + 1 - cells.len()) as u64)?;
        cells.resize(column + 1, Cell::default());
    }
    Ok(&mut cells[column])
}

fn cell_value(read: &DataRef<'_>, is_1904: bool, budget: &mut Budget) -> Result<CellValue, WorkbookError> {
    let mut text = |text: &str| -> Result<Arc<str>, WorkbookError> {
        if text.chars().count() > limits::CELL_CHARS_MAX {
            return Err(WorkbookError::TooLarge { what: "单元格字数", max: limits::CELL_CHARS_MAX as u64 });
        }
        budget.spend_text(text.len())?;
        Ok(Arc::from(text))
    };
    Ok(match read {
        DataRef::Empty => CellValue::Empty,
        DataRef::Int(number) => CellValue::Number(*number as f64),
        DataRef::Float(number) if number.is_finite() => CellValue::Number(*number),
        DataRef::Float(number) => CellValue::Error(text(&number.to_string())?),
        DataRef::String(read) if read.is_empty() => CellValue::Empty,
        DataRef::String(read) => CellValue::Text(text(read)?),
        DataRef::SharedString("") => CellValue::Empty,
        DataRef::SharedString(read) => CellValue::Text(text(read)?),
        DataRef::Bool(read) => CellValue::Bool(*read),
        DataRef::DateTime(moment) => {
            // Excel's other epoch lies 1,462 days later.
            let serial = moment.as_f64() + if is_1904 { 1_462.0 } else { 0.0 };
            match day_of_serial(serial) {
                Some(day) if moment.is_datetime() => CellValue::Day(day),
                _ => CellValue::Number(moment.as_f64()),
            }
        }
        DataRef::DateTimeIso(read) | DataRef::DurationIso(read) => CellValue::Text(text(read)?),
        DataRef::Error(error) => CellValue::Error(text(&error.to_string())?),
    })
}

/// Gives cells with a sum and no cached value their value, sums of sums after those; any other formula stays empty.
fn compute_sums(rows: &mut Cells, formulas: BTreeMap<(u32, usize), String>, budget: &mut Budget) {
    let mut unknown = formulas;
    loop {
        let number = |row: u32, column: usize| match rows.get(&row).and_then(|cells| cells.get(column)) {
            _ if unknown.contains_key(&(row, column)) => Addend::Unknown,
            Some(Cell { value: CellValue::Number(number), .. }) => Addend::Number(*number),
            _ => Addend::Number(0.0),
        };
        let mut sums = Vec::new();
        for (place, formula) in &unknown {
            sums.extend(formula::sum(formula, &number, &mut budget.formula_cells).map(|sum| (*place, sum)));
        }
        if sums.is_empty() {
            return;
        }
        for ((row, column), sum) in sums {
            unknown.remove(&(row, column));
            if let Some(cell) = rows.get_mut(&row).and_then(|cells| cells.get_mut(column)) {
                cell.value = CellValue::Number(sum);
            }
        }
    }
}

fn read_merged(xlsx: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Merged>, WorkbookError> {
    let regions = xlsx.merge_cells_by_sheet_name(name).map_err(damaged)?;
    let merged = regions.into_iter().map(|region| Merged {
        top: region.start.0.saturating_add(1),
        bottom: region.end.0.saturating_add(1),
        left: region.start.1 as usize,
        right: region.end.1 as usize,
    });
    Ok(merged.filter(|region| region.top <= region.bottom && region.left <= region.right).collect())
}

/// Repeats the first cell of each merged region in the rest of it, within the used rows and columns.
fn fill_merged(rows: &mut Cells, merged: &[Merged], budget: &mut Budget) -> Result<(), WorkbookError> {
    for region in merged {
        let Some(first) = rows.get(&region.top).and_then(|cells| cells.get(region.left)) else { continue };
        let value = first.value.clone();
        if value == CellValue::Empty {
            continue;
        }
        let right = region.right.min(limits::COLUMNS_MAX - 1);
        // Only rows that exist: a region reaching below the last row makes no rows there.
        let numbers: Vec<u32> = rows.range(region.top..=region.bottom).map(|(number, _)| *number).collect();
        budget.spend_cells((numbers.len() * (right + 1 - region.left.min(right))) as u64)?;
        for number in numbers {
            for column in region.left..=right {
                if (number, column) == (region.top, region.left) {
                    continue;
                }
                let cell = place(rows, number, column, budget)?;
                if cell.value == CellValue::Empty {
                    *cell = Cell { value: value.clone(), filled: true };
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_workbook_is_refused_with_its_code() {
        let code = |bytes: &[u8]| Workbook::from_bytes("a.xlsx", bytes).map_err(|error| error.code());
        assert_eq!(code(b""), Err("workbook_not_xlsx"));
        assert_eq!(code("序号,县(区)\n".as_bytes()), Err("workbook_not_xlsx"));
        assert_eq!(code(b"PK\x03\x04 and then nothing"), Err("workbook_damaged"));
        let mut encrypted = COMPOUND_FILE.to_vec();
        assert_eq!(code(&encrypted), Err("workbook_not_xlsx"));
        encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(code(&encrypted), Err("workbook_password_protected"));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_before_it_is_unpacked() {
        let bytes = vec![b'P'; limits::FILE_BYTES_MAX as usize + 1];
        assert_eq!(Workbook::from_bytes("a.xlsx", &bytes).map_err(|error| error.code()), Err("workbook_too_large"));
    }

    #[test]
    fn a_sum_of_what_is_not_known_is_not_known_and_sums_of_sums_are_computed() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let formula = |text: &str| rust_xlsxwriter::Formula::new(text).set_result("");
        sheet.write_formula(0, 0, formula("=A2+A3")).unwrap();
        sheet.write_formula(1, 0, formula("=SUM(B2:C2)")).unwrap();
        sheet.write(2, 0, 4).unwrap();
        sheet.write(1, 1, 2).unwrap();
        sheet.write(1, 2, 3).unwrap();
        sheet.write_formula(0, 4, formula("=E2+1")).unwrap();
        sheet.write_formula(1, 4, formula("=E9*2")).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let read = Workbook::from_bytes("a.xlsx", &bytes).unwrap();
        let cell = |row: usize, column: usize| read.sheets[0].rows[row].cells[column].value.clone();
        assert_eq!((cell(0, 0), cell(1, 0)), (CellValue::Number(9.0), CellValue::Number(5.0)));
        assert!(!matches!(cell(0, 4), CellValue::Number(number) if number != 0.0));
    }

    #[test]
    fn a_truncated_workbook_is_damaged_and_never_panics() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "序号").unwrap();
        let whole = book.save_to_buffer().unwrap();
        for length in (2..whole.len()).step_by(97) {
            assert!(Workbook::from_bytes("a.xlsx", &whole[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_zip_bomb_is_refused() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("xl/sharedStrings.xml", options).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..=limits::UNPACKED_BYTES_MAX >> 20 {
            std::io::Write::write_all(&mut zip, &zeros).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20);
        assert_eq!(Workbook::from_bytes("a.xlsx", &bytes).map_err(|error| error.code()), Err("workbook_too_large"));
    }

    #[test]
    fn two_cells_far_apart_do_not_take_the_space_between_them() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1_048_575, 16_383, "z").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        assert_eq!(Workbook::from_bytes("a.xlsx", &bytes).map_err(|error| error.code()), Err("workbook_too_large"));
    }

    #[test]
    fn merged_cells_are_filled_and_sums_without_a_cache_are_computed() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let plain = rust_xlsxwriter::Format::new();
        sheet.merge_range(0, 0, 2, 0, "普兰镇", &plain).unwrap();
        for row in 0..3 {
            sheet.write(row, 1, f64::from(row) + 0.5).unwrap();
        }
        sheet.write_formula(0, 2, rust_xlsxwriter::Formula::new("=SUM(B1:B3)+B1").set_result("")).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let read = Workbook::from_bytes("a.xlsx", &bytes).unwrap();
        let row = &read.sheets[0].rows[2];
        assert_eq!((row.number, row.cells[0].value.text().as_str(), row.cells[0].filled), (3, "普兰镇", true));
        assert_eq!(read.sheets[0].rows[0].cells[2].value, CellValue::Number(5.0));
    }
}
