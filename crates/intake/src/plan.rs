//! A whole workbook read: every row a draft with its commands, or a refusal.

use std::collections::{BTreeMap, HashMap};

use tahuang_domain::{AreaCode, AreaTree, Day, Level, Source};

use crate::ledger::{Ledger, Ledgers};
use crate::place::Gazetteer;
use crate::record::{GridCodes, Step, natural_key, steps};
use crate::refusal::RowRefusal;
use crate::row::{Draft, LedgerRow, Reader};
use crate::runner::{Import, ImportError};
use crate::sheet::{self, SheetReading};
use crate::value;
use crate::workbook::Workbook;

/// A row on its way in.
pub(crate) struct Planned {
    pub row: LedgerRow,
    pub source: Source,
    /// How many rows before it on the sheet say the same in every cell.
    pub copy: u32,
    pub outcome: Result<(Draft, Vec<Step>), RowRefusal>,
}

/// Everything of one workbook, read.
pub(crate) struct Plan<'l> {
    pub sheets: Vec<(SheetReading<'l>, Vec<Planned>)>,
    /// Where rows without a place of their own are kept.
    pub home: AreaCode,
}

impl Import<'_> {
    pub(crate) fn plan<'l>(&'l self, workbook: &Workbook, areas: &AreaTree) -> Result<Plan<'l>, ImportError> {
        if areas.is_empty() {
            return Err(ImportError::NoDivisions);
        }
        let gazetteer = Gazetteer::new(areas);
        let visible = workbook.sheets.iter().filter(|sheet| !sheet.hidden);
        let mut readings: Vec<SheetReading<'_>> = visible
            .flat_map(|sheet| sheet::read(self.ledgers, &gazetteer, &workbook.file, sheet, self.headings))
            .collect();
        let prefecture = self.prefecture_meant(&gazetteer, &readings);
        for row in readings.iter_mut().flat_map(|reading| &mut reading.rows) {
            row.around = row.around.or(prefecture);
        }
        name_trainings(self.ledgers, &mut readings);
        let reader = Reader { catalog: &self.app.knowledge().catalog, ledgers: self.ledgers, gazetteer: &gazetteer };
        let mut grids = GridCodes::default();
        let mut sheets = Vec::with_capacity(readings.len());
        for mut reading in readings {
            let rows = std::mem::take(&mut reading.rows);
            let planned = plan_sheet(&reader, reading.ledger, rows, &mut grids, areas);
            sheets.push((reading, planned));
        }
        let home = self.home(areas, &sheets);
        Ok(Plan { sheets, home })
    }

    /// The prefecture of sheets that do not name one: another sheet's, the first county's that a row names, or the asker's.
    fn prefecture_meant(&self, gazetteer: &Gazetteer<'_>, readings: &[SheetReading<'_>]) -> Option<AreaCode> {
        let rows = || readings.iter().flat_map(|reading| reading.rows.iter().map(move |row| (reading.ledger, row)));
        let said = rows().find_map(|(_, row)| row.around);
        let named =
            || rows().find_map(|(ledger, row)| row.county(ledger?).and_then(|county| gazetteer.county_named(&county)));
        said.or_else(named).or(self.asker.scope()).and_then(|area| area.at(Level::Prefecture))
    }

    /// The area that answers for the workbook: the asker's own, or the prefecture of most of its rows.
    fn home(&self, areas: &AreaTree, sheets: &[(SheetReading<'_>, Vec<Planned>)]) -> AreaCode {
        if let Some(scope) = self.asker.scope() {
            return scope;
        }
        let mut rows: BTreeMap<AreaCode, usize> = BTreeMap::new();
        for planned in sheets.iter().flat_map(|(_, rows)| rows) {
            let placed = planned.outcome.as_ref().ok().map(|(draft, _)| draft.prefecture.area());
            let area = placed.or(planned.row.around.and_then(|around| around.at(Level::Prefecture)));
            *area.map_or(&mut 0, |area| rows.entry(area).or_default()) += 1;
        }
        let most = rows.into_iter().max_by_key(|(_, count)| *count).map(|(area, _)| area);
        let first = || areas.iter().map(|(code, _)| code).find(|code| code.level() == Level::Prefecture);
        most.or_else(first).unwrap_or_else(|| unreachable!("the tree is not empty and every area lies in a prefecture"))
    }
}

/// Gives every attendance the training that the workbook itself lists under that name.
fn name_trainings(ledgers: &Ledgers, readings: &mut [SheetReading<'_>]) {
    let mut known: HashMap<String, (Day, bool)> = HashMap::new();
    for reading in readings.iter() {
        let Some(ledger) = reading.ledger.filter(|ledger| ledger.record.away_field.is_some()) else { continue };
        let Some(day_column) = ledger.record.day.as_deref() else { continue };
        for row in &reading.rows {
            let day = row.cell(day_column).and_then(|cell| value::day(&cell.value));
            let name = row.cell("title").map(|cell| value::name(&cell.value.text())).unwrap_or_default();
            known.extend(day.map(|day| (name, (day, row.is_away(ledgers)))));
        }
    }
    for reading in readings {
        let named_in = reading.ledger.and_then(|ledger| ledger.record.line.as_ref()?.training.as_deref());
        let Some(named_in) = named_in else { continue };
        for row in &mut reading.rows {
            let name = row.cell(named_in).map(|cell| value::name(&cell.value.text())).unwrap_or_default();
            row.training = known.get(&name).copied();
        }
    }
}

fn plan_sheet(
    reader: &Reader<'_>,
    ledger: Option<&Ledger>,
    rows: Vec<LedgerRow>,
    grids: &mut GridCodes,
    areas: &AreaTree,
) -> Vec<Planned> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut occurrences: HashMap<String, u32> = HashMap::new();
    let mut copies: HashMap<String, u32> = HashMap::new();
    let mut planned = Vec::with_capacity(rows.len());
    for row in rows {
        let source = row.source(ledger);
        let before = copies.entry(row.said()).or_default();
        let copy = *before;
        *before += 1;
        let Some(ledger) = ledger else {
            planned.push(Planned { row, source, copy, outcome: Err(RowRefusal::UnknownLedger) });
            continue;
        };
        let outcome = match seen.get(&row.content(ledger)) {
            Some(first) => Err(RowRefusal::Duplicate { first: *first }),
            None => {
                seen.insert(row.content(ledger), row.number);
                reader.read(&row, ledger)
            }
        };
        let outcome = outcome.and_then(|draft| {
            let occurrence = occurrences.entry(natural_key(&draft)).or_default();
            let steps = steps(&draft, ledger, &source, *occurrence, grids, areas);
            *occurrence += 1;
            Ok((draft, steps?))
        });
        planned.push(Planned { row, source, copy, outcome });
    }
    planned
}
