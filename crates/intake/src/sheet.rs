//! Which ledger a sheet is, where its headings stand, and which of its rows are records.

use std::collections::BTreeMap;

use tahuang_domain::{AreaCode, Day};

use crate::ledger::{Ledger, Ledgers, bare_heading, plain_heading};
use crate::limits;
use crate::place::Gazetteer;
use crate::row::{LedgerCell, LedgerRow, missing_columns};
use crate::text::{fold, squeeze};
use crate::value;
use crate::workbook::{CellValue, Row, Sheet};

/// What a person says unknown headings mean: heading → usual heading of a column.
pub type HeadingMap = BTreeMap<String, String>;

/// A sheet as it is understood.
pub struct SheetReading<'l> {
    /// The sheet's name.
    pub sheet: String,
    /// The recognised format.
    pub ledger: Option<&'l Ledger>,
    /// The row of the headings.
    pub heading_row: Option<u32>,
    /// The headings and the columns that they mean.
    pub columns: Vec<(String, Option<String>)>,
    /// Required columns that no heading means, by their usual headings.
    pub missing: Vec<(String, String)>,
    /// The rows that are records.
    pub rows: Vec<LedgerRow>,
    /// How many rows only add up others.
    pub totals: u64,
    /// How many rows hold something and are no records: remarks, headings again, prepared lines; all of them when the sheet
    /// is no table.
    pub remarks: u64,
}

impl SheetReading<'_> {
    fn empty(sheet: &str) -> Self {
        Self {
            sheet: sheet.to_owned(),
            ledger: None,
            heading_row: None,
            columns: Vec::new(),
            missing: Vec::new(),
            rows: Vec::new(),
            totals: 0,
            remarks: 0,
        }
    }
}

struct Candidate<'l> {
    ledger: &'l Ledger,
    columns: Vec<Option<String>>,
    complete: bool,
    matched: usize,
    spoken_for: usize,
}

impl Candidate<'_> {
    /// Complete before incomplete; then more columns matched and more words that speak for it.
    fn rank(&self) -> (bool, usize) {
        (self.complete, self.matched * 10 + self.spoken_for * 15)
    }
}

/// Understands a sheet: one reading for each table on it. Most sheets hold one; a heading that comes again on the next
/// printed page begins no new one.
pub fn read<'l>(
    ledgers: &'l Ledgers,
    gazetteer: &Gazetteer<'_>,
    file: &str,
    sheet: &Sheet,
    headings: &HeadingMap,
) -> Vec<SheetReading<'l>> {
    let page = Page { ledgers, file, sheet, headings };
    let mut tables = page.tables();
    if tables.is_empty() {
        tables.extend(unknown_heading(sheet).map(|heading| Table { heading, from: 0, candidate: None }));
    }
    let frame = |from: usize, heading: usize| {
        let mut texts: Vec<String> = sheet.rows[from..heading].iter().map(row_text).collect();
        texts.push(sheet.name.clone());
        texts.push(file.to_owned());
        let reported = texts.iter().find_map(|text| day_in(text));
        Frame { file, sheet: &sheet.name, around: gazetteer.mentioned(&texts), reported }
    };
    if tables.is_empty() {
        let mut nothing = SheetReading::empty(&sheet.name);
        nothing.remarks = sheet.rows.len() as u64;
        return vec![nothing];
    }
    let ends: Vec<usize> = tables.iter().skip(1).map(|table| table.from).chain([sheet.rows.len()]).collect();
    let mut readings = Vec::with_capacity(tables.len());
    for (table, end) in tables.into_iter().zip(ends) {
        let titles: Vec<String> = sheet.rows[table.from..table.heading].iter().map(row_text).collect();
        readings.push(frame(table.from, table.heading).table(ledgers, &sheet.rows[..end], table, &titles));
    }
    readings
}

/// A sheet with all that is known of it before it is read.
struct Page<'l, 's> {
    ledgers: &'l Ledgers,
    file: &'s str,
    sheet: &'s Sheet,
    headings: &'s HeadingMap,
}

/// A table of a sheet: the index of its heading row, and of the first row of its title.
struct Table<'l> {
    heading: usize,
    from: usize,
    candidate: Option<Candidate<'l>>,
}

impl<'l> Page<'l, '_> {
    /// The tables of the sheet, the first heading among the first rows, others wherever they stand.
    fn tables(&self) -> Vec<Table<'l>> {
        let rows = &self.sheet.rows;
        let first = (0..rows.len().min(limits::HEADING_ROWS_MAX)).find_map(|heading| {
            let candidate = self.candidate(0, heading).filter(|candidate| candidate.complete)?;
            Some(Table { heading, from: 0, candidate: Some(candidate) })
        });
        let Some(first) = first.or_else(|| self.incomplete()) else { return Vec::new() };
        let mut tables = vec![first];
        for heading in tables[0].heading + 1..rows.len() {
            if !self.ledgers.looks_like_headings(rows[heading].cells.iter().map(|cell| heading_text(&cell.value))) {
                continue;
            }
            let last = tables[tables.len() - 1].heading;
            let titles = rows[last + 1..heading].iter().rev().take(3).take_while(|row| is_title(row)).count();
            let from = heading - titles;
            let candidate = self.candidate(from, heading).filter(|candidate| candidate.complete);
            let known = tables[tables.len() - 1].candidate.as_ref();
            if let Some(candidate) = candidate
                && known.is_none_or(|known| {
                    known.ledger.code != candidate.ledger.code || known.columns != candidate.columns
                })
            {
                tables.push(Table { heading, from, candidate: Some(candidate) });
            }
        }
        tables
    }

    /// The row that fits a ledger best although a required column is missing, so that it can be said which.
    fn incomplete(&self) -> Option<Table<'l>> {
        let rows = 0..self.sheet.rows.len().min(limits::HEADING_ROWS_MAX);
        let candidates = rows.filter_map(|heading| Some((heading, self.candidate(0, heading)?)));
        let known = candidates.filter(|(_, candidate)| candidate.matched >= 3 && candidate.spoken_for > 0);
        let best = known.max_by_key(|(heading, candidate)| (candidate.rank(), std::cmp::Reverse(*heading)));
        best.map(|(heading, candidate)| Table { heading, from: 0, candidate: Some(candidate) })
    }

    /// The ledger that a heading row fits best, with what the rows from `from` to it, the sheet and the file are called.
    fn candidate(&self, from: usize, heading: usize) -> Option<Candidate<'l>> {
        let texts: Vec<String> = self.sheet.rows[heading].cells.iter().map(|cell| heading_text(&cell.value)).collect();
        // A title merged over the whole width repeats one text.
        let mut distinct: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 2 {
            return None;
        }
        let titles = self.sheet.rows[from..heading].iter().map(row_text);
        let spoken: Vec<String> =
            titles.chain([self.sheet.name.clone(), self.file.to_owned()]).map(|text| squeeze(&text)).collect();
        let candidates = self.ledgers.iter().filter_map(|ledger| {
            let columns = assign(ledger, &texts, self.headings);
            let matched = columns.iter().flatten().filter(|code| is_telling(ledger, code)).count();
            let has = |code: &str| columns.iter().flatten().any(|known| known == code);
            let complete = ledger.columns.iter().all(|column| !column.required || has(&column.code));
            let says = |text: &String| ledger.keywords.iter().filter(|word| text.contains(word.as_str())).count();
            let spoken_for = spoken.iter().map(says).sum();
            (matched >= 2).then_some(Candidate { ledger, columns, complete, matched, spoken_for })
        });
        // Of two that fit alike the first in the catalog is taken.
        candidates.reduce(|best, next| if next.rank() > best.rank() { next } else { best })
    }
}

/// One text, alone in its row or merged over it.
fn is_title(row: &Row) -> bool {
    let mut own = row.cells.iter().filter(|cell| !cell.filled && !cell.value.is_empty());
    own.next().is_some() && own.next().is_none()
}

/// What all rows of a sheet share.
struct Frame<'s> {
    file: &'s str,
    sheet: &'s str,
    around: Option<AreaCode>,
    reported: Option<Day>,
}

impl Frame<'_> {
    /// One table: its rows from below the heading to the end of `rows`.
    fn table<'l>(&self, ledgers: &Ledgers, rows: &[Row], table: Table<'l>, titles: &[String]) -> SheetReading<'l> {
        let mut reading = SheetReading::empty(self.sheet);
        let heading = &rows[table.heading];
        let unknown = || vec![None; heading.cells.len()];
        let columns = table.candidate.as_ref().map_or_else(unknown, |candidate| candidate.columns.clone());
        reading.ledger = table.candidate.map(|candidate| candidate.ledger);
        reading.heading_row = Some(heading.number);
        reading.columns = heading.cells.iter().map(|cell| heading_text(&cell.value)).zip(columns).collect();
        for row in &rows[table.heading + 1..] {
            match class_of(ledgers, row, heading, &reading.columns, titles) {
                Class::Totals => reading.totals += 1,
                Class::Record => reading.rows.push(self.row(row, &reading.columns, reading.ledger)),
                Class::Remark => reading.remarks += 1,
                Class::Blank => {}
            }
        }
        if let Some(ledger) = reading.ledger {
            let probe = self.row(heading, &reading.columns, reading.ledger);
            let missing = missing_columns(&probe, ledger).into_iter();
            reading.missing = missing.map(|column| (column.code.clone(), column.heading.clone())).collect();
        }
        reading
    }

    fn row(&self, row: &Row, columns: &[(String, Option<String>)], ledger: Option<&Ledger>) -> LedgerRow {
        let cells = columns.iter().enumerate().map(|(index, (heading, column))| LedgerCell {
            heading: heading.clone(),
            column: column.clone(),
            value: row.cells.get(index).map(|cell| cell.value.clone()).unwrap_or_default(),
        });
        LedgerRow {
            file: self.file.to_owned(),
            sheet: self.sheet.to_owned(),
            number: row.number,
            ledger: ledger.map(|ledger| ledger.code.clone()),
            around: self.around,
            reported: self.reported,
            training: None,
            cells: cells.filter(|cell| !cell.heading.is_empty() || !cell.value.is_empty()).collect(),
        }
    }
}

/// Place columns stand in every ledger and say nothing about which one it is, but they say that it is one.
fn is_telling(ledger: &Ledger, code: &str) -> bool {
    ledger.column(code).is_some_and(|column| column.holds != crate::ledger::Holds::Ignored)
}

/// Gives each heading the column it fits best; each column one heading, the best.
fn assign(ledger: &Ledger, headings: &[String], map: &HeadingMap) -> Vec<Option<String>> {
    let mut fits: Vec<(usize, usize, &str)> = Vec::new();
    for (index, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
        let meant = meant_by(map, heading);
        for column in &ledger.columns {
            let fit = match meant {
                Some(meant) if column.code == meant || plain_heading(&column.heading) == plain_heading(meant) => {
                    Some(usize::MAX)
                }
                Some(meant) => column.fit(meant),
                None => column.fit(heading),
            };
            fits.extend(fit.map(|fit| (fit, index, column.code.as_str())));
        }
    }
    fits.sort_by_key(|(fit, index, _)| (std::cmp::Reverse(*fit), *index));
    let mut columns: Vec<Option<String>> = vec![None; headings.len()];
    let mut taken: Vec<&str> = Vec::new();
    for (_, index, code) in fits {
        if columns[index].is_none() && !taken.contains(&code) {
            columns[index] = Some(code.to_owned());
            taken.push(code);
        }
    }
    columns
}

fn meant_by<'m>(map: &'m HeadingMap, heading: &str) -> Option<&'m str> {
    let same = |known: &String| {
        plain_heading(known) == plain_heading(heading) || bare_heading(known) == plain_heading(heading)
    };
    map.iter().find(|(known, _)| same(known)).map(|(_, meant)| meant.as_str())
}

/// The heading row of a table that no ledger knows: the first with three different texts and a row below it.
fn unknown_heading(sheet: &Sheet) -> Option<usize> {
    let different = |row: &Row| {
        let mut texts: Vec<String> =
            row.cells.iter().filter(|cell| !cell.filled).map(|cell| heading_text(&cell.value)).collect();
        texts.retain(|text| !text.is_empty());
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    };
    let index = sheet.rows.iter().take(limits::HEADING_ROWS_MAX).position(|row| different(row) >= 3)?;
    (index + 1 < sheet.rows.len()).then_some(index)
}

enum Class {
    Record,
    Totals,
    /// It holds something, and is no record.
    Remark,
    /// Nothing stands in it but what merged cells reach over.
    Blank,
}

fn class_of(
    ledgers: &Ledgers,
    row: &Row,
    heading: &Row,
    columns: &[(String, Option<String>)],
    titles: &[String],
) -> Class {
    let own: Vec<(usize, String)> = row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.filled && !cell.value.is_empty())
        .map(|(index, cell)| (index, squeeze(&cell.value.text())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let Some((_, first)) = own.first() else { return Class::Blank };
    // The word stands in the first cell, or behind the places of a sub-total.
    let first_is_text = first.chars().any(|c| !c.is_ascii_digit());
    let totals = |text: &String| ledgers.totals.iter().any(|word| word.fit(text).is_some());
    if totals(first) || (first_is_text && own.iter().take(4).any(|(_, text)| totals(text))) {
        return Class::Totals;
    }
    if titles.iter().any(|title| squeeze(title) == *first) && own.len() == 1 {
        return Class::Remark;
    }
    // The headings again, at the top of a printed page.
    let again = |(index, text): &(usize, String)| {
        heading.cells.get(*index).is_some_and(|cell| squeeze(&cell.value.text()) == *text)
    };
    if own.len() > 1 && own.iter().all(again) {
        return Class::Remark;
    }
    if own.len() == 1 {
        let (index, text) = &own[0];
        let numbered = text.bytes().all(|byte| byte.is_ascii_digit())
            && columns.get(*index).is_some_and(|(heading, _)| squeeze(heading).contains('序') || *index == 0);
        let remark = ledgers.remarks.iter().any(|word| text.starts_with(word.as_str()));
        // A sentence below the table stands alone; a long description whose place and day are merged with the row above does
        // not.
        let merged_down = row.cells.iter().any(|cell| cell.filled && squeeze(&cell.value.text()) != *text);
        let sentence = text.chars().count() > 40 && !merged_down;
        // A prepared line with nothing but its number, or a remark.
        if numbered || remark || sentence {
            return Class::Remark;
        }
    }
    if ledgers
        .remarks
        .iter()
        .any(|word| first.starts_with(&format!("{word}:")) || first.starts_with(&format!("{word}：")))
    {
        return Class::Remark;
    }
    Class::Record
}

fn heading_text(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) => fold(text).split_whitespace().collect::<Vec<_>>().concat(),
        _ => String::new(),
    }
}

fn row_text(row: &Row) -> String {
    let texts = row.cells.iter().filter(|cell| !cell.filled).map(|cell| cell.value.text());
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first day in a text: 「填报时间：2025年8月20日」.
fn day_in(text: &str) -> Option<Day> {
    let folded = fold(text);
    let starts = folded
        .char_indices()
        .filter(|(index, c)| c.is_ascii_digit() && !folded[..*index].ends_with(|before: char| before.is_ascii_digit()));
    starts.map(|(index, _)| &folded[index..]).find_map(|rest| value::leading_day(rest).map(|(day, _)| day))
}
