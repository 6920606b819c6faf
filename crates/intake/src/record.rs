//! From drafts to commands. Ids are derived from what the row says (see [`crate::ids`]).

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use tahuang_domain::{
    Action, AreaCode, AreaTree, Command, Day, Fields, Level, PersonalValue, Shape, Source, SubjectId,
};

use crate::ids;
use crate::ledger::Ledger;
use crate::refusal::RowRefusal;
use crate::row::Draft;

/// One command of a row, and what it means when its record exists already with other content.
#[derive(Clone, Debug)]
pub struct Step {
    pub command: Command,
    pub when_exists: WhenExists,
}

/// What a row means for a record that exists already.
#[derive(Clone, PartialEq, Debug)]
pub enum WhenExists {
    /// The record is shared by many rows; this one only needs it to be there.
    Keep,
    /// The same place of the same ledger says something else now: correct it. Another place: it is another record.
    Correct(Box<Action>),
    /// The record does not change by a ledger.
    Refuse,
}

/// Codes for grids that no list of divisions has: the next free number in their village.
#[derive(Default, Debug)]
pub struct GridCodes {
    given: HashMap<AreaCode, BTreeMap<String, AreaCode>>,
}

impl GridCodes {
    /// The code of a grid by its name, and whether it is new.
    pub fn code(&mut self, areas: &AreaTree, village: AreaCode, name: &str) -> Option<AreaCode> {
        let village = village.at(Level::Village)?;
        let known = self
            .given
            .entry(village)
            .or_insert_with(|| areas.grids_ever(village).map(|(code, name)| (name.to_owned(), code)).collect());
        if let Some(code) = known.get(name) {
            return Some(*code);
        }
        let last = known.values().map(|code| code.number()).max().unwrap_or(village.number());
        let next = AreaCode::from_number(last + 1).filter(|code| village.contains(*code))?;
        known.insert(name.to_owned(), next);
        Some(next)
    }
}

/// The commands of a row. `occurrence` tells apart rows of one sheet that say the same of place, day and title but are
/// not the same in every cell.
///
/// # Errors
/// `UnknownArea` when a village has more grids than codes, `UnknownLedger` when the format says too little of a record.
pub fn steps(
    draft: &Draft,
    ledger: &Ledger,
    source: &Source,
    occurrence: u32,
    grids: &mut GridCodes,
    areas: &AreaTree,
) -> Result<Vec<Step>, RowRefusal> {
    let mut area = draft.area;
    let mut fields = draft.fields.clone();
    let mut steps = Vec::new();
    if let Some(grid) = &draft.grid {
        let code = grids.code(areas, draft.area, grid).ok_or_else(|| RowRefusal::UnknownArea {
            name: grid.clone(),
            within: areas.path(draft.area),
            column: None,
        })?;
        let subject = ids::subject("grid", &[&draft.prefecture.to_string(), &code.to_string()]);
        if !areas.contains(code) {
            let action = register("grid", code, grid, None, Fields::new(), BTreeMap::new());
            steps.push(step(subject, action, source, WhenExists::Keep));
        }
        if draft.title == *grid {
            return Ok(steps);
        }
        fields.insert("grid".to_owned(), json!(subject.to_string()));
        area = code;
    }
    let subject = identity(draft, area, occurrence);
    let (kind, title) = (draft.kind.clone(), draft.title.clone());
    // Rows without a day were turned away before, except where a record needs none.
    let day = draft.day.or_else(|| Day::new(1970, 1, 1)).ok_or(RowRefusal::UnknownLedger)?;
    match draft.shape {
        Shape::Entry => {
            let shared = draft.line.is_some();
            let from = if shared { None } else { draft.day };
            let correct = WhenExists::Correct(Box::new(correction(None, from, &title, None, &fields)));
            let action = register(&kind, area, &title, from, fields, draft.personal.clone());
            steps.push(step(subject, action, source, if shared { WhenExists::Keep } else { correct }));
            if let Some(line) = &draft.line {
                let at = draft.line_area.unwrap_or(area);
                let mut parts = vec![subject.to_string(), line.day.to_string(), at.to_string()];
                parts.extend(line.key.iter().cloned());
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                let rule = ledger.record.line.as_ref().ok_or(RowRefusal::UnknownLedger)?;
                let action = Action::AddLine {
                    line: ids::subject(&format!("line {}", rule.kind), &parts),
                    kind: rule.kind.clone(),
                    day: line.day,
                    area: draft.line_area,
                    fields: line.fields.clone(),
                    personal: BTreeMap::new(),
                };
                let correct = WhenExists::Correct(Box::new(action.clone()));
                steps.push(step(subject, action, source, correct));
            }
        }
        Shape::Fact => {
            let quantity = draft.quantity.unwrap_or(1);
            let correct = correction(Some(area), Some(day), &title, Some(quantity), &fields);
            let action = Action::RecordFact { kind, area, day, title, quantity, fields };
            steps.push(step(subject, action, source, WhenExists::Correct(Box::new(correct))));
        }
        Shape::Activity => {
            let correct = correction(Some(area), Some(day), &title, draft.quantity, &fields);
            let action =
                Action::RecordActivity { kind, area, day, until: draft.until, title, people: draft.quantity, fields };
            steps.push(step(subject, action, source, WhenExists::Correct(Box::new(correct))));
        }
        Shape::Case => {
            let (handler, ended) = (draft.handler.clone(), draft.ended.clone());
            let action = Action::TranscribeCase { kind, area, day, title, fields, handler, ended };
            steps.push(step(subject, action, source, WhenExists::Refuse));
        }
        Shape::Stock => {
            let quantity = draft.quantity.unwrap_or(0);
            let when = draft.day.map(|day| day.to_string()).unwrap_or_default();
            let movement = ids::subject("movement", &[&subject.to_string(), &when, &occurrence.to_string()]);
            let correct = Action::CorrectMovement { movement, quantity, day: draft.day, reason: String::new() };
            let action = Action::MoveSupply {
                kind,
                area,
                item: title,
                unit: draft.unit.clone(),
                movement,
                direction: ledger.record.direction.ok_or(RowRefusal::UnknownLedger)?,
                quantity,
                day: draft.day,
                fields,
            };
            steps.push(step(subject, action, source, WhenExists::Correct(Box::new(correct))));
        }
        Shape::Assessment => {
            let action = Action::EnterAssessment {
                kind,
                area,
                round: day.date().year().to_string(),
                organisation: title,
                day,
                scores: draft.scores.clone(),
                grade: draft.grade.clone(),
            };
            steps.push(step(subject, action, source, WhenExists::Refuse));
            // The ledger is of results: the public notice is over when it is written.
            steps.push(step(subject, Action::FinaliseAssessment { day }, source, WhenExists::Refuse));
        }
        Shape::Project => {
            let correct = correction(None, Some(day), &title, None, &fields);
            let action = Action::OpenProject { kind, area, name: title, day, fields };
            steps.push(step(subject, action, source, WhenExists::Correct(Box::new(correct))));
            if let Some(fen) = draft.fen {
                let allocation = ids::subject("allocation", &[&subject.to_string(), "ledger"]);
                let correct = Action::CorrectAllocation { allocation, fen, day, reason: String::new() };
                let action = Action::AllocateFunds { allocation, fen, day };
                steps.push(step(subject, action, source, WhenExists::Correct(Box::new(correct))));
            }
        }
        Shape::LedgerRow => {}
    }
    Ok(steps)
}

/// A stock has many rows but is one record; everything else is told apart by its key and, if need be, its occurrence.
fn identity(draft: &Draft, area: AreaCode, occurrence: u32) -> SubjectId {
    let mut parts = vec![area.to_string(), draft.title.clone()];
    parts.extend(draft.key.iter().cloned());
    // Two people of one name in one village are told apart by standing in one list on one day. A unit is one everywhere.
    let namesakes = draft.line.is_some() && draft.line_area.is_none() && occurrence > 0;
    if (draft.line.is_none() && draft.shape != Shape::Stock) || namesakes {
        parts.push(occurrence.to_string());
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    ids::subject(&draft.kind, &parts)
}

/// What tells rows of one sheet apart, without the occurrence.
pub fn natural_key(draft: &Draft) -> String {
    let mut key = format!(
        "{}\u{1f}{}\u{1f}{}\u{1f}{}",
        draft.kind,
        draft.area,
        draft.grid.as_deref().unwrap_or_default(),
        draft.title
    );
    let line_day = draft.line.as_ref().map(|line| line.day.to_string());
    let line_key = draft.line.iter().flat_map(|line| &line.key);
    for part in draft.key.iter().chain(&line_day).chain(line_key) {
        key.push('\u{1f}');
        key.push_str(part);
    }
    key
}

fn register(
    kind: &str,
    area: AreaCode,
    name: &str,
    from: Option<Day>,
    fields: Fields,
    personal: BTreeMap<String, String>,
) -> Action {
    let personal = personal.into_iter().map(|(name, text)| (name, PersonalValue::Open(text))).collect();
    Action::RegisterEntry { kind: kind.to_owned(), area, name: name.to_owned(), from, fields, personal }
}

fn correction(area: Option<AreaCode>, day: Option<Day>, title: &str, quantity: Option<i64>, fields: &Fields) -> Action {
    let mut fields = fields.clone();
    // A link is made once; it is not corrected by a ledger.
    fields.remove("grid");
    Action::Correct { area, day, title: Some(title.to_owned()), quantity, fields, reason: String::new() }
}

fn step(subject: SubjectId, action: Action, source: &Source, when_exists: WhenExists) -> Step {
    let command =
        Command { id: ids::command(subject, &action), subject, revision: None, source: Some(source.clone()), action };
    Step { command, when_exists }
}
