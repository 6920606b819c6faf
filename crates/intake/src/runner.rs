//! Bringing a workbook in: previewed, or sent through the application's door row by row.

use std::collections::BTreeMap;

use tahuang_app::{App, Asker, QueryError, SealError, SubmitError};
use tahuang_domain::{Action, AreaCode, AreaTree, Level, Prefecture, Refusal, Verb};
use tahuang_store::{Outcome, StoreError};

use crate::ledger::Ledgers;
use crate::limits;
use crate::plan::Planned;
use crate::record::{Step, WhenExists};
use crate::refusal::{RowRefusal, in_words};
use crate::row::Draft;
use crate::sheet::{HeadingMap, SheetReading};
use crate::text::mask;
use crate::workbook::{Sheet, Workbook};

/// What is needed to bring workbooks in.
pub struct Import<'a> {
    /// The application.
    pub app: &'a App,
    /// The ledger formats.
    pub ledgers: &'a Ledgers,
    /// In whose name.
    pub asker: &'a Asker,
    /// What a person says unknown headings mean.
    pub headings: &'a HeadingMap,
}

/// Why a workbook could not be brought in, beyond single rows.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No divisions are known, so no row has a place.
    #[error("没有行政区划：请先导入区划表（--divisions）")]
    NoDivisions,
    /// The application did not take the commands.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A kept row cannot be opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A refused row could not be kept; the rows before it are.
    #[error("第{row}行无法留存：{message}（{code}）")]
    NotKept {
        /// The row as Excel counts it.
        row: u32,
        /// Why: the application's code.
        code: String,
        /// The same for a person to read.
        message: String,
    },
    /// The refused row is not there or not the asker's.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The asker may not do this.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What became of a sheet.
#[derive(Clone, Debug)]
pub struct SheetReport {
    /// Its name.
    pub sheet: String,
    /// The recognised format's code.
    pub ledger: Option<String>,
    /// The row of the headings.
    pub heading_row: Option<u32>,
    /// The headings and the columns that they mean.
    pub columns: Vec<(String, Option<String>)>,
    /// Required columns that no heading means: code and usual heading.
    pub missing: Vec<(String, String)>,
    /// Its rows.
    pub rows: Vec<RowReport>,
    /// How many rows only add up others.
    pub totals: u64,
    /// How many rows hold something and are no records.
    pub remarks: u64,
    /// The sheet is hidden, and was not read.
    pub hidden: bool,
}

impl SheetReport {
    /// How many rows ended so.
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.rows.iter().filter(|row| row.verdict == verdict).count() as u64
    }
}

/// What became of a row.
#[derive(Clone, Debug)]
pub struct RowReport {
    /// The row as Excel counts it.
    pub row: u32,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was refused: code and message.
    pub refusal: Option<(String, String)>,
    /// Its cells as texts, in the order of the columns.
    pub cells: Vec<String>,
}

/// What became of a row, in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is a record, or said something new of one.
    Accepted,
    /// Everything it says was known.
    Unchanged,
    /// It waits to be mended.
    Refused,
}

/// What became of a row, and why it was refused: code and message.
pub(crate) type Ending = (Verdict, Option<(String, String)>);

impl Import<'_> {
    /// What would become of a workbook. Nothing is written.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub fn preview(&self, workbook: &Workbook) -> Result<Vec<SheetReport>, ImportError> {
        let areas = self.app.areas();
        let plan = self.plan(workbook, &areas)?;
        let mut reports = Vec::new();
        for (reading, rows) in &plan.sheets {
            let mut verdicts = Vec::with_capacity(rows.len());
            for planned in rows {
                verdicts.push(match &planned.outcome {
                    Err(refusal) => refused(refusal),
                    Ok((draft, steps)) => self.ending_before(draft, steps)?,
                });
            }
            reports.push(report(reading, rows, verdicts));
        }
        reports.extend(workbook.sheets.iter().filter(|sheet| sheet.hidden).map(not_read));
        Ok(reports)
    }

    /// Brings a workbook in. `progress` is told how many of how many rows are done.
    ///
    /// # Errors
    /// See [`ImportError`]. What was sent before stays; the same workbook brought in again goes on from there.
    pub fn run(
        &self,
        workbook: &Workbook,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<SheetReport>, ImportError> {
        let areas = self.app.areas();
        let plan = self.plan(workbook, &areas)?;
        let total: u64 = plan.sheets.iter().map(|(_, rows)| rows.len() as u64).sum();
        let mut done = 0;
        let mut endings = Vec::with_capacity(plan.sheets.len());
        for (_, rows) in &plan.sheets {
            let mut of_sheet = Vec::with_capacity(rows.len());
            for chunk in rows.chunks(limits::BATCH_ROWS) {
                of_sheet.extend(self.bring_in(chunk, plan.home)?);
                done += chunk.len() as u64;
                progress(done, total);
            }
            endings.push(of_sheet);
        }
        self.mend_by_ledger(&plan.sheets, &endings, plan.home)?;
        let sheets = plan.sheets.iter().zip(endings);
        let mut reports: Vec<SheetReport> =
            sheets.map(|((reading, rows), endings)| report(reading, rows, endings)).collect();
        reports.extend(workbook.sheets.iter().filter(|sheet| sheet.hidden).map(not_read));
        Ok(reports)
    }

    fn ending_before(&self, draft: &Draft, steps: &[Step]) -> Result<Ending, ImportError> {
        for action in steps.iter().map(|step| &step.command.action) {
            if let Some((kind, area)) = action.opens()
                && let Err(refusal) = self.app.permit(self.asker, Verb::of(action), kind, area)
            {
                return Ok(refused(&RowRefusal::from(&refusal)));
            }
        }
        let commands: Vec<_> = steps.iter().map(|step| step.command.id).collect();
        let answers = self.app.store().prepare(draft.prefecture, &commands, &[])?.answers;
        Ok((if answers.iter().all(Option::is_some) { Verdict::Unchanged } else { Verdict::Accepted }, None))
    }

    /// Sends the rows of one chunk.
    fn bring_in(&self, rows: &[Planned], home: AreaCode) -> Result<Vec<Ending>, ImportError> {
        let mut by_prefecture: BTreeMap<Prefecture, Vec<(usize, &Step)>> = BTreeMap::new();
        for (index, planned) in rows.iter().enumerate() {
            if let Ok((draft, steps)) = &planned.outcome {
                by_prefecture.entry(draft.prefecture).or_default().extend(steps.iter().map(|step| (index, step)));
            }
        }
        let mut tolds: Vec<Told> = rows.iter().map(|_| Told::default()).collect();
        for (prefecture, sent) in by_prefecture {
            for batch in sent.chunks(tahuang_app::limits::BATCH_COMMANDS_MAX) {
                let commands = batch.iter().map(|(_, step)| step.command.clone()).collect();
                let answers = self.app.submit(prefecture, self.asker, commands)?;
                let areas = self.app.areas();
                for ((index, step), answer) in batch.iter().zip(answers) {
                    tolds[*index].hear(step, &answer.outcome, answer.repeated, &areas);
                }
            }
        }
        let known = self.known_records(rows, &tolds)?;
        let mut verdicts = Vec::with_capacity(rows.len());
        for (planned, mut told) in rows.iter().zip(tolds) {
            if let Ok((draft, _)) = &planned.outcome {
                for (step, told_before) in std::mem::take(&mut told.exists) {
                    let record = known.get(&step.command.subject);
                    self.correct_or_add(draft, &planned.source, &step, told_before, record, &mut told)?;
                }
            }
            verdicts.push(match (&planned.outcome, told.refusal) {
                (Err(refusal), _) => refused(refusal),
                (Ok(_), Some(refusal)) => (Verdict::Refused, Some(refusal)),
                (Ok(_), None) => (if told.new { Verdict::Accepted } else { Verdict::Unchanged }, None),
            });
        }
        self.keep_refused(rows, &mut verdicts, home)?;
        Ok(verdicts)
    }
}

/// What was answered to a row's commands.
#[derive(Default)]
pub(crate) struct Told {
    pub new: bool,
    pub refusal: Option<(String, String)>,
    /// The steps whose record or line exists already, and whether this very command entered it.
    pub exists: Vec<(Step, bool)>,
}

impl Told {
    /// `areas` are those after the command was answered.
    pub fn hear(&mut self, step: &Step, outcome: &Outcome, repeated: bool, areas: &AreaTree) {
        // A code that was free when the workbook was read may have been given to another grid since.
        let told_of_the_same = match &step.command.action {
            Action::RegisterEntry { area, name, .. } if area.level() == Level::Grid => {
                areas.name(*area).is_none_or(|known| known == name)
            }
            _ => true,
        };
        match outcome {
            Outcome::Accepted { count, .. } => {
                self.new |= *count > 0 && !repeated;
                // It may have been corrected to something else since, and the ledger goes back.
                if repeated && matches!(step.when_exists, WhenExists::Correct(_)) {
                    self.exists.push((step.clone(), true));
                }
            }
            Outcome::Refused { code, message, .. } => match (code.as_str(), &step.when_exists) {
                ("subject_exists" | "area_exists", WhenExists::Keep) if told_of_the_same => {}
                // The id says what the command says, so this is the same row, told from another place in the file or
                // written otherwise.
                ("command_id_reused", WhenExists::Correct(_)) => self.exists.push((step.clone(), true)),
                ("command_id_reused", _) => {}
                ("subject_exists" | "line_exists", WhenExists::Correct(_)) => self.exists.push((step.clone(), false)),
                _ if self.refusal.is_none() => self.refusal = Some((code.clone(), in_words(code, message))),
                _ => {}
            },
        }
    }
}

fn report(reading: &SheetReading<'_>, rows: &[Planned], verdicts: Vec<Ending>) -> SheetReport {
    let rows = rows.iter().zip(verdicts).map(|(planned, (verdict, refusal))| RowReport {
        row: planned.row.number,
        verdict,
        refusal,
        cells: reading
            .columns
            .iter()
            .map(|(heading, _)| {
                let cell = planned.row.cells.iter().find(|cell| cell.heading == *heading);
                cell.map(|cell| cell.value.text()).unwrap_or_default()
            })
            .collect(),
    });
    SheetReport {
        sheet: reading.sheet.clone(),
        ledger: reading.ledger.map(|ledger| ledger.code.clone()),
        heading_row: reading.heading_row,
        columns: reading.columns.clone(),
        missing: reading.missing.clone(),
        rows: rows.collect(),
        totals: reading.totals,
        remarks: reading.remarks,
        hidden: false,
    }
}

/// Hidden sheets hold the lists of drop-downs; that one was left unread is said all the same.
fn not_read(sheet: &Sheet) -> SheetReport {
    SheetReport {
        sheet: sheet.name.clone(),
        ledger: None,
        heading_row: None,
        columns: Vec::new(),
        missing: Vec::new(),
        rows: Vec::new(),
        totals: 0,
        remarks: sheet.rows.len() as u64,
        hidden: true,
    }
}

fn refused(refusal: &RowRefusal) -> Ending {
    // A message may quote what stands in a cell or a heading; a telephone number must not get into the journal that way.
    (Verdict::Refused, Some((refusal.code().to_owned(), mask(&refusal.to_string()))))
}
