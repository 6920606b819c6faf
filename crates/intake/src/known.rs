//! Rows whose record exists already: the same, corrected, or another occurrence.

use std::collections::{BTreeMap, HashMap};

use tahuang_domain::subject::Line;
use tahuang_domain::{Action, Body, Command, Event, Prefecture, Refusal, Source, Subject, SubjectId};
use tahuang_journal::Record;

use crate::ids;
use crate::plan::Planned;
use crate::record::{Step, WhenExists};
use crate::refusal::in_words;
use crate::row::Draft;
use crate::runner::{Import, ImportError, Told};

impl Import<'_> {
    /// The present state of the records that rows may correct, read together.
    pub(crate) fn known_records(
        &self,
        rows: &[Planned],
        tolds: &[Told],
    ) -> Result<HashMap<SubjectId, Subject>, ImportError> {
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
    pub(crate) fn correct_or_add(
        &self,
        draft: &Draft,
        source: &Source,
        step: &Step,
        told_before: bool,
        record: Option<&Subject>,
        told: &mut Told,
    ) -> Result<(), ImportError> {
        let WhenExists::Correct(correction) = &step.when_exists else { return Ok(()) };
        let Some(record) = record else {
            // The command's id was taken for something else: the row is not there.
            let code = Refusal::CommandIdReused.code();
            told.refusal.get_or_insert_with(|| (code.to_owned(), in_words(code, "")));
            return Ok(());
        };
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
            let record = row.record()?;
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
        (Action::AddLine { kind, day, area, fields, .. }, _) => !record
            .standing_lines()
            .any(|line| line.kind == *kind && line.day == Some(*day) && line.area == *area && line.fields == *fields),
        _ => false,
    }
}

/// What corrects a record; a line is taken back and added anew.
fn corrected(command: &Command, correction: &Action, record: &Subject) -> Vec<(SubjectId, Action)> {
    let Action::AddLine { line, kind, day, area, .. } = correction else {
        return vec![(command.subject, correction.clone())];
    };
    let same = |known: &&Line| known.kind == *kind && known.day == Some(*day) && known.area == *area;
    let back =
        record.standing_lines().find(same).map(|known| Action::WithdrawLine { line: known.id, reason: String::new() });
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
