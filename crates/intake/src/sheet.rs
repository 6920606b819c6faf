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

struct Candidate<'l> {
    ledger: &'l Ledger,
    index: usize,
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

/// Understands a sheet.
pub fn read<'l>(
    ledgers: &'l Ledgers,
    gazetteer: &Gazetteer<'_>,
    file: &str,
    sheet: &Sheet,
    headings: &HeadingMap,
) -> SheetReading<'l> {
    let best = best_candidate(ledgers, file, sheet, headings);
    let title_rows = best.as_ref().map_or(3, |best| best.index);
    let mut texts: Vec<String> = sheet.rows.iter().take(title_rows).map(row_text).collect();
    texts.push(sheet.name.clone());
    texts.push(file.to_owned());
    let around = gazetteer.mentioned(&texts);
    let reported = texts.iter().find_map(|text| day_in(text));
    let frame = Frame { file, sheet: &sheet.name, around, reported };
    let mut reading = SheetReading {
        sheet: sheet.name.clone(),
        ledger: best.as_ref().map(|best| best.ledger),
        heading_row: None,
        columns: Vec::new(),
        missing: Vec::new(),
        rows: Vec::new(),
        totals: 0,
        remarks: 0,
    };
    let (heading, columns) = match &best {
        Some(best) => (best.index, best.columns.clone()),
        None => match unknown_heading(sheet) {
            Some(index) => (index, vec![None; sheet.rows[index].cells.len()]),
            None => {
                reading.remarks = sheet.rows.len() as u64;
                return reading;
            }
        },
    };
    let heading = &sheet.rows[heading];
    reading.heading_row = Some(heading.number);
    reading.columns = heading.cells.iter().map(|cell| heading_text(&cell.value)).zip(columns).collect();
    for row in sheet.rows.iter().filter(|row| row.number > heading.number) {
        match class_of(ledgers, row, heading, &reading.columns) {
            Class::Totals => reading.totals += 1,
            Class::Record => reading.rows.push(frame.row(row, &reading.columns, reading.ledger)),
            Class::Remark => reading.remarks += 1,
            Class::Blank => {}
        }
    }
    if let Some(ledger) = reading.ledger {
        let probe = frame.row(heading, &reading.columns, reading.ledger);
        let missing = missing_columns(&probe, ledger).into_iter();
        reading.missing = missing.map(|column| (column.code.clone(), column.heading.clone())).collect();
    }
    reading
}

/// What all rows of a sheet share.
struct Frame<'s> {
    file: &'s str,
    sheet: &'s str,
    around: Option<AreaCode>,
    reported: Option<Day>,
}

impl Frame<'_> {
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

fn best_candidate<'l>(ledgers: &'l Ledgers, file: &str, sheet: &Sheet, headings: &HeadingMap) -> Option<Candidate<'l>> {
    let mut best: Option<Candidate<'l>> = None;
    for (index, row) in sheet.rows.iter().take(limits::HEADING_ROWS_MAX).enumerate() {
        let texts: Vec<String> = row.cells.iter().map(|cell| heading_text(&cell.value)).collect();
        // A title merged over the whole width repeats one text.
        let mut distinct: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 2 {
            continue;
        }
        let spoken: Vec<String> =
            sheet.rows[..index].iter().map(row_text).chain([sheet.name.clone(), file.to_owned()]).collect();
        let spoken: Vec<String> = spoken.iter().map(|text| squeeze(text)).collect();
        for ledger in ledgers.iter() {
            let columns = assign(ledger, &texts, headings);
            let matched = columns.iter().flatten().filter(|code| is_telling(ledger, code)).count();
            let has = |code: &str| columns.iter().flatten().any(|known| known == code);
            let complete = ledger.columns.iter().all(|column| !column.required || has(&column.code));
            let says = |text: &String| ledger.keywords.iter().filter(|word| text.contains(word.as_str())).count();
            let spoken_for = spoken.iter().map(says).sum();
            let candidate = Candidate { ledger, index, columns, complete, matched, spoken_for };
            let known = candidate.matched >= 2 && (complete || (candidate.spoken_for > 0 && candidate.matched >= 3));
            if known && best.as_ref().is_none_or(|best| candidate.rank() > best.rank()) {
                best = Some(candidate);
            }
        }
    }
    best
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

fn class_of(ledgers: &Ledgers, row: &Row, heading: &Row, columns: &[(String, Option<String>)]) -> Class {
    let own: Vec<(usize, String)> = row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.filled && !cell.value.is_empty())
        .map(|(index, cell)| (index, squeeze(&cell.value.text())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let Some((_, first)) = own.first() else { return Class::Blank };
    if ledgers.totals.iter().any(|word| word.fit(first).is_some()) {
        return Class::Totals;
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
