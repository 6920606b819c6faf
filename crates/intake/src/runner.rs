//! Bringing a workbook in: previewed, or sent through the application's door row by row; and mending one refused row.

use std::collections::{BTreeMap, HashMap, HashSet};

use tahuang_app::{App, Asker, CaseFilter, QueryError, RefusedRow, SealError, SubmitError};
use tahuang_domain::catalog::LEDGER_ROW;
use tahuang_domain::subject::Line;
use tahuang_domain::{
    Action, AreaCode, AreaTree, Body, Command, Day, Event, Level, PersonalValue, Prefecture, Refusal, Shape, Source,
    State, Subject, SubjectId, Verb,
};
use tahuang_journal::Record;
use tahuang_store::{Outcome, StoreError};

use crate::ids;
use crate::ledger::{Ledger, Ledgers};
use crate::limits;
use crate::place::Gazetteer;
use crate::record::{GridCodes, Step, WhenExists, natural_key, steps};
use crate::refusal::{RowRefusal, in_words};
use crate::row::{Draft, LedgerRow, Reader};
use crate::sheet::{self, HeadingMap, SheetReading};
use crate::text::mask;
use crate::value;
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
type Ending = (Verdict, Option<(String, String)>);

/// A row on its way in.
struct Planned {
    row: LedgerRow,
    source: Source,
    /// How many rows before it on the sheet say the same in every cell.
    copy: u32,
    outcome: Result<(Draft, Vec<Step>), RowRefusal>,
}

/// Everything of one workbook, read.
struct Plan<'l> {
    sheets: Vec<(SheetReading<'l>, Vec<Planned>)>,
    /// Where rows without a place of their own are kept.
    home: AreaCode,
}

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

    fn plan<'l>(&'l self, workbook: &Workbook, areas: &AreaTree) -> Result<Plan<'l>, ImportError> {
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

    /// The present state of the records that rows may correct, read together.
    fn known_records(&self, rows: &[Planned], tolds: &[Told]) -> Result<HashMap<SubjectId, Subject>, ImportError> {
        let mut wanted: BTreeMap<Prefecture, Vec<SubjectId>> = BTreeMap::new();
        for (planned, told) in rows.iter().zip(tolds) {
            if let Ok((draft, _)) = &planned.outcome {
                let subjects = told.exists.iter().map(|(step, _)| step.command.subject);
                wanted.entry(draft.prefecture).or_default().extend(subjects);
            }
        }
        let mut known = HashMap::new();
        for (prefecture, ids) in wanted {
            let found = self.app.subjects(prefecture, &ids)?;
            known.extend(ids.into_iter().zip(found).filter_map(|(id, subject)| Some((id, subject?))));
        }
        Ok(known)
    }

    /// A record (or a line of one) with the same place, day and title exists. When it says the same, nothing is to be done.
    /// Otherwise: from the same sheet it is this row as it was before, and is corrected, unless a person has had the last
    /// word since; from another place it is another record, and this row becomes the next occurrence.
    fn correct_or_add(
        &self,
        draft: &Draft,
        source: &Source,
        step: &Step,
        told_before: bool,
        record: Option<&Subject>,
        told: &mut Told,
    ) -> Result<(), ImportError> {
        let (WhenExists::Correct(correction), Some(record)) = (&step.when_exists, record) else { return Ok(()) };
        if record.withdrawn || !says_new(correction, record) {
            return Ok(());
        }
        let actions = match self.whose_word(draft.prefecture, &step.command, source)? {
            Word::Persons => return Ok(()),
            Word::ThisSheets => corrected(&step.command, correction, record),
            Word::AnothersLedger if told_before => return Ok(()),
            Word::AnothersLedger => vec![apart(&step.command, source)],
        };
        let mut commands = Vec::with_capacity(actions.len());
        for (subject, mut action) in actions {
            // With the revision, so that a ledger may go back to what it said at first.
            let id = ids::command_at(subject, &action, record.revision);
            // The reason names the row, for people; a row that moved is no other correction.
            if let Action::Correct { reason, .. }
            | Action::CorrectMovement { reason, .. }
            | Action::CorrectAllocation { reason, .. }
            | Action::WithdrawLine { reason, .. } = &mut action
            {
                *reason = format!("台账更正：{} {} 第{}行", source.file, source.sheet, source.row);
            }
            commands.push(Command { id, subject, revision: None, source: Some(source.clone()), action });
        }
        for answer in self.app.submit(draft.prefecture, self.asker, commands)? {
            let last = Step { command: step.command.clone(), when_exists: WhenExists::Refuse };
            told.hear(&last, &answer.outcome, answer.repeated, &self.app.areas());
        }
        Ok(())
    }

    /// Who entered what the command would enter, and who had the last word on its record.
    fn whose_word(&self, prefecture: Prefecture, command: &Command, source: &Source) -> Result<Word, ImportError> {
        let row = self.app.store().subjects(prefecture, &[command.subject])?.into_iter().flatten().next();
        let history = row.map(|row| row.history).unwrap_or_default();
        let from_here = |record: &Record| {
            record.source.as_ref().is_some_and(|from| from.file == source.file && from.sheet == source.sheet)
        };
        let (mut entered, mut last) = (None, None);
        for row in self.app.store().journal_at(prefecture, &history)? {
            let corrupt = |_| StoreError::Corrupt { table: "journal", key: row.position.to_string() };
            let record = Record::read(&row.bytes).map_err(corrupt)?;
            let enters = match (&command.action, &record.event) {
                (Action::MoveSupply { movement, .. }, Event::SupplyMoved { movement: known, .. }) => movement == known,
                (Action::AllocateFunds { allocation, .. }, Event::FundsAllocated { allocation: known, .. }) => {
                    allocation == known
                }
                (Action::AddLine { line, .. }, Event::LineAdded { line: known, .. }) => line == known,
                (Action::MoveSupply { .. } | Action::AllocateFunds { .. } | Action::AddLine { .. }, _) => false,
                // Of everything else the first record of the history is its entering.
                _ => entered.is_none(),
            };
            if enters && entered.is_none() {
                entered = Some(from_here(&record));
            }
            last = Some(record.source.is_some());
        }
        Ok(match (entered, last) {
            (Some(true), Some(true)) => Word::ThisSheets,
            (Some(true), _) => Word::Persons,
            _ => Word::AnothersLedger,
        })
    }

    /// Rows that were refused before and stand mended in the ledger now: of each sheet, kept rows that did not come again and
    /// differ from a newly accepted row in no more than one cell: the one that was wrong.
    fn mend_by_ledger(
        &self,
        sheets: &[(SheetReading<'_>, Vec<Planned>)],
        endings: &[Vec<Ending>],
        home: AreaCode,
    ) -> Result<(), ImportError> {
        let rows = || sheets.iter().zip(endings).flat_map(|((_, rows), endings)| rows.iter().zip(endings));
        let fresh: Vec<&Planned> =
            rows().filter(|(_, ending)| ending.0 == Verdict::Accepted).map(|(row, _)| row).collect();
        let Some(first) = fresh.first() else { return Ok(()) };
        let again = rows().filter(|(_, ending)| ending.0 == Verdict::Refused).map(|(row, _)| kept_id(row, home));
        let again: HashSet<SubjectId> = again.collect();
        for kept in self.kept_rows(&first.source.file, home)?.into_iter().filter(|kept| !again.contains(&kept.id)) {
            let (prefecture, _, Some(before)) = open_row(self.app, self.asker, kept.id)? else { continue };
            // A repetition differs in nothing that was wrong; only in its own place it is known again.
            let repeats = kept.code == "duplicate";
            let alike = fresh.iter().filter(|planned| {
                planned.row.sheet == before.sheet && (!repeats || planned.row.number == before.number)
            });
            let closest = alike
                .map(|planned| (planned.row.differs(&before), planned.row.number.abs_diff(before.number), planned))
                .min_by_key(|(cells, rows, _)| (*cells, *rows));
            if let Some((0..=1, _, Planned { outcome: Ok((_, steps)), .. })) = closest
                && let Some(step) = steps.last()
            {
                self.app.submit(prefecture, self.asker, vec![fixed(kept.id, step.command.subject)])?;
            }
        }
        Ok(())
    }

    /// The rows of a workbook that wait.
    fn kept_rows(&self, file: &str, home: AreaCode) -> Result<Vec<RefusedRow>, ImportError> {
        let area = if self.asker.scope().is_some() { home } else { home.at(Level::Prefecture).unwrap_or(home) };
        let limit = tahuang_app::limits::PAGE_ROWS_MAX;
        let mut filter =
            CaseFilter { kind: None, states: vec![State::Refused], area, words: None, before: None, limit };
        let mut found = Vec::new();
        for _ in 0..limits::KEPT_PAGES_MAX {
            let page = self.app.waiting_rows(self.asker, &filter)?;
            found.extend(page.items.into_iter().filter(|row| row.source.file == file));
            filter.before = page.next;
            if filter.before.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Keeps the refused rows of a chunk.
    fn keep_refused(&self, rows: &[Planned], verdicts: &mut [Ending], home: AreaCode) -> Result<(), ImportError> {
        let mut by_prefecture: BTreeMap<Prefecture, Vec<(usize, Command)>> = BTreeMap::new();
        for (index, (planned, (_, refusal))) in rows.iter().zip(verdicts.iter()).enumerate() {
            let Some((code, message)) = refusal else { continue };
            let subject = kept_id(planned, home);
            let outcome = &planned.outcome;
            let column = outcome.as_ref().err().and_then(RowRefusal::column).map(str::to_owned);
            let area = self.kept_in(&planned.row, outcome.as_ref().ok().map(|(draft, _)| draft.area), home);
            let prefecture = area.prefecture().ok_or(ImportError::NoDivisions)?;
            let command = Command {
                id: kept_command(subject, code),
                subject,
                revision: None,
                source: Some(Source { cells: Vec::new(), ..planned.source.clone() }),
                action: refuse_row(&planned.row, area, code, column, message),
            };
            by_prefecture.entry(prefecture).or_default().push((index, command));
        }
        for (prefecture, sent) in by_prefecture {
            for batch in sent.chunks(tahuang_app::limits::BATCH_COMMANDS_MAX) {
                let commands: Vec<Command> = batch.iter().map(|(_, command)| command.clone()).collect();
                let kept: Vec<SubjectId> = commands.iter().map(|command| command.subject).collect();
                let answers = self.app.submit(prefecture, self.asker, commands)?;
                let states = self.app.subjects(prefecture, &kept)?;
                for (((index, _), answer), row) in batch.iter().zip(answers).zip(states) {
                    match &answer.outcome {
                        Outcome::Refused { code, .. } if code == Refusal::NotPermitted.code() => {
                            return Err(Refusal::NotPermitted.into());
                        }
                        // The same fault as before, and a person has dealt with it since.
                        _ if row.is_some_and(|row| row.state != State::Refused) => {
                            verdicts[*index] = (Verdict::Unchanged, None);
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Where a refused row is kept: as near to its place as the asker may write.
    fn kept_in(&self, row: &LedgerRow, placed: Option<AreaCode>, home: AreaCode) -> AreaCode {
        let allowed = |area: &AreaCode| {
            area.prefecture().is_some() && self.app.permit(self.asker, Verb::Import, LEDGER_ROW, *area).is_ok()
        };
        placed.into_iter().chain(row.around).find(allowed).unwrap_or(home)
    }
}

/// What was answered to a row's commands.
#[derive(Default)]
struct Told {
    new: bool,
    refusal: Option<(String, String)>,
    /// The steps whose record or line exists already, and whether this very command entered it.
    exists: Vec<(Step, bool)>,
}

impl Told {
    /// `areas` are those after the command was answered.
    fn hear(&mut self, step: &Step, outcome: &Outcome, repeated: bool, areas: &AreaTree) {
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

/// Whose word a record is.
enum Word {
    /// It came from this sheet, and no person has changed it since.
    ThisSheets,
    /// It came from this sheet, and a person has had the last word.
    Persons,
    /// It came from another ledger, or was entered by hand.
    AnothersLedger,
}

/// Whether a correction would change anything.
fn says_new(correction: &Action, record: &Subject) -> bool {
    match (correction, &record.body) {
        (Action::Correct { area, day, title, quantity, fields, .. }, body) => {
            let counted = match body {
                Body::Fact { quantity } => Some(*quantity),
                Body::Activity { people, .. } => *people,
                _ => *quantity,
            };
            area.is_some_and(|area| area != record.area)
                || (day.is_some() && *day != record.day)
                || title.as_ref().is_some_and(|title| *title != record.title)
                || (quantity.is_some() && *quantity != counted)
                || fields.iter().any(|(name, value)| record.fields.get(name) != Some(value))
        }
        (Action::CorrectMovement { movement, quantity, day, .. }, Body::Stock { movements, .. }) => {
            movements.iter().any(|known| {
                known.id == *movement && (known.quantity != *quantity || day.is_some_and(|day| known.day != Some(day)))
            })
        }
        (Action::CorrectAllocation { allocation, fen, day, .. }, Body::Project { allocations, .. }) => {
            allocations.iter().any(|known| known.id == *allocation && (known.fen != *fen || known.day != *day))
        }
        (Action::AddLine { kind, day, area, fields, .. }, Body::Entry { lines, .. }) => !lines.iter().any(|line| {
            !line.withdrawn
                && line.kind == *kind
                && line.day == Some(*day)
                && line.area == *area
                && line.fields == *fields
        }),
        _ => false,
    }
}

/// What corrects a record; a line is taken back and added anew.
fn corrected(command: &Command, correction: &Action, record: &Subject) -> Vec<(SubjectId, Action)> {
    let (Action::AddLine { line, kind, day, area, .. }, Body::Entry { lines, .. }) = (correction, &record.body) else {
        return vec![(command.subject, correction.clone())];
    };
    let same =
        |known: &&Line| !known.withdrawn && known.kind == *kind && known.day == Some(*day) && known.area == *area;
    let back = lines.iter().find(same).map(|known| Action::WithdrawLine { line: known.id, reason: String::new() });
    let mut anew = correction.clone();
    if let Action::AddLine { line: id, .. } = &mut anew {
        *id = ids::subject("line again", &[&line.to_string(), &record.revision.to_string()]);
    }
    back.into_iter().chain([anew]).map(|action| (command.subject, action)).collect()
}

/// The same, told apart by where it came from: another record, or another line of the same stock or project.
fn apart(command: &Command, source: &Source) -> (SubjectId, Action) {
    let other = |id: SubjectId| ids::subject("another occurrence", &[&id.to_string(), &source.file, &source.sheet]);
    let mut action = command.action.clone();
    match &mut action {
        Action::MoveSupply { movement, .. } => *movement = other(*movement),
        Action::AllocateFunds { allocation, .. } => *allocation = other(*allocation),
        Action::AddLine { line, .. } => *line = other(*line),
        _ => return (other(command.subject), action),
    }
    (command.subject, action)
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
            let steps = steps.ok_or_else(|| RowRefusal::UnknownArea {
                name: draft.grid.clone().unwrap_or_default(),
                within: areas.path(draft.area),
                column: None,
            })?;
            Ok((draft, steps))
        });
        planned.push(Planned { row, source, copy, outcome });
    }
    planned
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

/// A refused row is known by what it says, in which sheet of which file, about which place and from which office: wherever
/// it stands, told again with the same fault it is the same. Many offices call their workbook 「安全隐患台账.xlsx」.
fn kept_id(planned: &Planned, home: AreaCode) -> SubjectId {
    let row = &planned.row;
    let about = row.around.unwrap_or(home).to_string();
    let parts = [&home.to_string(), &about, &row.file, &row.sheet, &row.said(), &planned.copy.to_string()];
    ids::subject(LEDGER_ROW, &parts.map(String::as_str))
}

/// Told again with the same fault, it is the same command and changes nothing.
fn kept_command(subject: SubjectId, code: &str) -> tahuang_domain::CommandId {
    ids::command(subject, &Action::SetRowAside { reason: code.to_owned() })
}

fn refuse_row(row: &LedgerRow, area: AreaCode, code: &str, column: Option<String>, message: &str) -> Action {
    let cells = serde_json::to_string(row).unwrap_or_else(|error| unreachable!("a row is plain JSON: {error}"));
    Action::RefuseRow {
        area,
        ledger: row.ledger.clone(),
        code: code.to_owned(),
        column,
        message: message.to_owned(),
        cells: PersonalValue::Open(cells),
    }
}

fn fixed(kept: SubjectId, became: SubjectId) -> Command {
    let action = Action::FixRow { record: became };
    Command { id: ids::command(kept, &action), subject: kept, revision: None, source: None, action }
}

/// A refused row with its cells opened, for whoever may mend it.
///
/// # Errors
/// `NotFound` when there is no such row in the asker's area; `Seal` when it cannot be opened.
pub fn open_row(
    app: &App,
    asker: &Asker,
    id: SubjectId,
) -> Result<(Prefecture, Subject, Option<LedgerRow>), ImportError> {
    let (prefecture, row) = app.find(asker, id)?;
    app.permit(asker, Verb::Import, LEDGER_ROW, row.area)?;
    let subject = app.subjects(prefecture, &[id])?.into_iter().flatten().next().ok_or(QueryError::NotFound)?;
    let Body::LedgerRow { .. } = subject.body else { return Err(QueryError::NotFound.into()) };
    let opened = match subject.sealed.get("cells") {
        Some(sealed) => app.unseal(prefecture, id, sealed)?,
        None => None,
    };
    let opened = opened.and_then(|text| serde_json::from_str(&text).ok());
    Ok((prefecture, subject, opened))
}

/// Mends a refused row: `cells` replaces cells by their headings. Gives the record that it became, or what is still
/// wrong with it; then the row stays as it was.
///
/// # Errors
/// As for [`open_row`], and when the application does not take the commands.
pub fn fix_row(
    app: &App,
    ledgers: &Ledgers,
    asker: &Asker,
    id: SubjectId,
    cells: &BTreeMap<String, String>,
) -> Result<Result<SubjectId, RowRefusal>, ImportError> {
    let (kept_by, subject, opened) = open_row(app, asker, id)?;
    if !matches!(subject.state, State::Refused | State::SetAside) {
        return Err(Refusal::StepNotOpen { state: subject.state }.into());
    }
    let mut row = opened.ok_or(QueryError::NotFound)?;
    if let Some(heading) = cells.keys().find(|heading| !row.cells.iter().any(|cell| cell.heading == **heading)) {
        return Ok(Err(RowRefusal::UnknownHeading { column: heading.clone() }));
    }
    let before = row.clone();
    for cell in &mut row.cells {
        if let Some(text) = cells.get(&cell.heading) {
            cell.value = if text.trim().is_empty() {
                Default::default()
            } else {
                crate::workbook::CellValue::Text(text.as_str().into())
            };
        }
    }
    let Some(ledger) = row.ledger.as_deref().and_then(|code| ledgers.get(code)) else {
        return Ok(Err(RowRefusal::UnknownLedger));
    };
    if let Body::LedgerRow { code, message, .. } = &subject.body
        && code == "duplicate"
        && row.content(ledger) == before.content(ledger)
    {
        return Ok(Err(RowRefusal::Domain { code: code.clone(), message: message.clone() }));
    }
    let areas = app.areas();
    let gazetteer = Gazetteer::new(&areas);
    let reader = Reader { catalog: &app.knowledge().catalog, ledgers, gazetteer: &gazetteer };
    let draft = match reader.read(&row, ledger) {
        Ok(draft) => draft,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let source = row.source(Some(ledger));
    let steps_as = |occurrence| {
        let no_code = || RowRefusal::UnknownArea {
            name: draft.grid.clone().unwrap_or_default(),
            within: areas.path(draft.area),
            column: None,
        };
        steps(&draft, ledger, &source, occurrence, &mut GridCodes::default(), &areas).ok_or_else(no_code)
    };
    // Mended, the row is what a good row would have been. Where another row has taken that place, its own place in the sheet
    // tells it apart: it must not write over a record that another row made.
    let mut refusal = None;
    for occurrence in [0, row.number] {
        let steps = match steps_as(occurrence) {
            Ok(steps) => steps,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(last) = steps.last() else { return Ok(Err(RowRefusal::UnknownLedger)) };
        let became = last.command.subject;
        let own = draft.line.is_none() && draft.shape != Shape::Stock;
        let taken = own && app.subjects(draft.prefecture, &[became])?.iter().any(Option::is_some);
        if taken && occurrence == 0 {
            continue;
        }
        let commands = steps.iter().map(|step| step.command.clone()).collect();
        let answers = app.submit(draft.prefecture, asker, commands)?;
        let mut told = Told::default();
        for (step, answer) in steps.iter().zip(answers) {
            told.hear(step, &answer.outcome, answer.repeated, &app.areas());
        }
        refusal = told.refusal.or_else(|| {
            told.exists
                .iter()
                .find(|(_, told_before)| !told_before)
                .map(|_| ("line_exists".to_owned(), in_words("line_exists", "")))
        });
        if refusal.is_none() {
            return mended(app, asker, kept_by, id, became).map(Ok);
        }
        if told.exists.iter().all(|(_, told_before)| *told_before) {
            break;
        }
    }
    let (code, message) = refusal.unwrap_or_else(|| ("subject_exists".to_owned(), in_words("subject_exists", "")));
    Ok(Err(RowRefusal::Domain { code, message }))
}

/// Marks a kept row as mended.
fn mended(
    app: &App,
    asker: &Asker,
    kept_by: Prefecture,
    id: SubjectId,
    became: SubjectId,
) -> Result<SubjectId, ImportError> {
    for answer in app.submit(kept_by, asker, vec![fixed(id, became)])? {
        if let Outcome::Refused { .. } = answer.outcome {
            // Somebody else was faster; the record is there, and so is what became of the row.
            let state = app.subjects(kept_by, &[id])?.into_iter().flatten().next().map(|row| row.state);
            return Err(Refusal::StepNotOpen { state: state.unwrap_or(State::Fixed) }.into());
        }
    }
    Ok(became)
}
