//! Refused rows: kept, opened, and mended by a person or by the ledger itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use tahuang_app::{App, Asker, CaseFilter, QueryError, RefusedRow};
use tahuang_domain::catalog::LEDGER_ROW;
use tahuang_domain::{
    Action, AreaCode, Body, Command, CommandId, Level, PersonalValue, Prefecture, Refusal, Shape, Source, State,
    Subject, SubjectId, Verb,
};
use tahuang_store::Outcome;

use crate::ledger::Ledgers;
use crate::place::Gazetteer;
use crate::plan::Planned;
use crate::record::{GridCodes, steps};
use crate::refusal::{RowRefusal, in_words};
use crate::row::{LedgerRow, Reader};
use crate::runner::{Ending, Import, ImportError, Told, Verdict};
use crate::sheet::SheetReading;
use crate::{ids, limits};

impl Import<'_> {
    /// Rows that were refused before and stand mended in the ledger now: of each sheet, kept rows that did not come again, and
    /// that say what a newly accepted row says but for the cell that was to blame, or for one cell in the same row. A row
    /// mends one kept row at most. Whatever else is alike may be another record; it waits for a person.
    pub(crate) fn mend_by_ledger(
        &self,
        sheets: &[(SheetReading<'_>, Vec<Planned>)],
        endings: &[Vec<Ending>],
        home: AreaCode,
    ) -> Result<(), ImportError> {
        let rows = || sheets.iter().zip(endings).flat_map(|((_, rows), endings)| rows.iter().zip(endings));
        let mut fresh: HashMap<&str, Vec<&Planned>> = HashMap::new();
        for (row, _) in rows().filter(|(_, ending)| ending.0 == Verdict::Accepted) {
            fresh.entry(&row.row.sheet).or_default().push(row);
        }
        let Some(file) = fresh.values().flatten().next().map(|first| &first.source.file) else { return Ok(()) };
        let again = rows().filter(|(_, ending)| ending.0 == Verdict::Refused).map(|(row, _)| kept_id(row, home));
        let again: HashSet<SubjectId> = again.collect();
        for kept in self.kept_rows(file, home)?.into_iter().filter(|kept| !again.contains(&kept.id)) {
            let (prefecture, _, Some(before)) = open_row(self.app, self.asker, kept.id)? else { continue };
            let Some(alike) = fresh.get_mut(before.sheet.as_str()) else { continue };
            let same_place = |planned: &Planned| planned.row.number == before.number;
            let mends = |planned: &Planned| match planned.row.differs(&before).as_slice() {
                // A repetition differs in nothing that was wrong; only in its own place it is known again.
                [] => kept.code != "duplicate" || same_place(planned),
                [heading] => same_place(planned) || (kept.column.as_deref() == Some(heading)),
                _ => false,
            };
            let mending = alike.iter().enumerate().filter(|(_, planned)| mends(planned));
            let nearest = mending.min_by_key(|(_, planned)| planned.row.number.abs_diff(before.number));
            let Some((place, _)) = nearest else { continue };
            if let Ok((_, steps)) = &alike.swap_remove(place).outcome
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
    pub(crate) fn keep_refused(
        &self,
        rows: &[Planned],
        verdicts: &mut [Ending],
        home: AreaCode,
    ) -> Result<(), ImportError> {
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
                        Outcome::Refused { code, message, .. } => {
                            let (row, code, message) = (rows[*index].row.number, code.clone(), message.clone());
                            return Err(ImportError::NotKept { row, code, message });
                        }
                        Outcome::Accepted { .. } => {}
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

/// A refused row is known by what it says, in which sheet of which file, about which place and from which office: wherever
/// it stands, told again with the same fault it is the same. Many offices call their workbook 「安全隐患台账.xlsx」.
fn kept_id(planned: &Planned, home: AreaCode) -> SubjectId {
    let row = &planned.row;
    let about = row.around.unwrap_or(home).to_string();
    let parts = [&home.to_string(), &about, &row.file, &row.sheet, &row.said(), &planned.copy.to_string()];
    ids::subject(LEDGER_ROW, &parts.map(String::as_str))
}

/// Told again with the same fault, it is the same command and changes nothing.
fn kept_command(subject: SubjectId, code: &str) -> CommandId {
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
    // Mended, the row is what a good row would have been. Where another row has taken that place, its own place in the sheet
    // tells it apart: it must not write over a record that another row made.
    let mut refusal = None;
    for occurrence in [0, row.number] {
        let steps = match steps(&draft, ledger, &source, occurrence, &mut GridCodes::default(), &areas) {
            Ok(steps) => steps,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(last) = steps.last() else { return Ok(Err(RowRefusal::UnknownLedger)) };
        let became = last.command.subject;
        let own = draft.line.is_none() && draft.shape != Shape::Stock;
        if own && let Some(made_by) = made_by(app, draft.prefecture, became)? {
            if made_by.is_some_and(|from| {
                (from.file, from.sheet, from.row) == (row.file.clone(), row.sheet.clone(), row.number)
            }) {
                // It is this very row's: mended before, and only the mark was not reached.
                return mended(app, asker, kept_by, id, became).map(Ok);
            }
            if occurrence == 0 {
                continue;
            }
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

/// Where the record was typed in, if there is such a record and it came from a ledger.
fn made_by(app: &App, prefecture: Prefecture, id: SubjectId) -> Result<Option<Option<Source>>, ImportError> {
    let Some(row) = app.store().subjects(prefecture, &[id])?.into_iter().flatten().next() else { return Ok(None) };
    Ok(app.sources(prefecture, &[row.opened])?.into_iter().next())
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
