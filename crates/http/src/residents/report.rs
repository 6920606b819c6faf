//! What somebody asks for, in their own words, as the command that it becomes: the same from a form and from a program.

use tahuang_app::Asker;
use tahuang_domain::writing::{legible, without_numbers};
use tahuang_domain::{
    Action, AreaCode, Command, CommandId, Day, Fields, Language, PersonalValue, Prefecture, SubjectId,
};
use tahuang_store::Outcome;

use super::{limits, telephone};
use crate::door::Door;
use crate::problem::ApiError;

/// What is asked.
pub struct Report<'r> {
    pub kind: &'r str,
    pub area: AreaCode,
    pub day: Day,
    /// In their own words.
    pub said: &'r str,
    /// As it was typed; empty when none was.
    pub phone: &'r str,
    pub fields: Fields,
}

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportFault {
    /// Nothing is said.
    Empty,
    /// Too much is.
    Long,
    /// The telephone number cannot be one.
    Phone,
}

/// What became of a report that was sent.
pub enum Sent {
    /// It is the case that was opened at this position, now or when it was sent before.
    Case(u64),
    /// The same ids were used for something else, which stands.
    Used,
    /// It was refused.
    Refused { code: String, message: String },
}

impl Report<'_> {
    /// The command.
    ///
    /// # Errors
    /// See [`ReportFault`].
    pub fn action(self, door: &Door) -> Result<Action, ReportFault> {
        let said = legible(self.said);
        if said.is_empty() {
            return Err(ReportFault::Empty);
        }
        if said.chars().count() > limits::ASKED_CHARS_MAX {
            return Err(ReportFault::Long);
        }
        let phone = match legible(self.phone) {
            typed if typed.is_empty() => None,
            typed => Some(telephone::read(&typed).ok_or(ReportFault::Phone)?),
        };
        // Numbers would stand open in the journal for ever: the text is kept whole, but sealed.
        let (title, replaced) = without_numbers(&said, number_hidden(door));
        let sealed = [("phone", phone), ("words", replaced.then_some(said))];
        let sealed =
            sealed.into_iter().filter_map(|(field, value)| Some((field.to_owned(), PersonalValue::Open(value?))));
        Ok(Action::ReportCase {
            kind: self.kind.to_owned(),
            area: self.area,
            day: self.day,
            title: title.chars().take(limits::ASKED_CHARS_MAX).collect(),
            fields: self.fields,
            personal: sealed.collect(),
        })
    }
}

/// What stands for a number in what is kept, whatever language it was written in.
pub fn number_hidden(door: &Door) -> &str {
    door.words.get("resident", "number_hidden", Language::ZhCn)
}

/// Sends a report under these ids. What was sent before with another telephone number or other numbers in its text is
/// another report: what is sealed is no part of what tells a repetition from it, so it is compared here.
pub async fn send(
    door: &std::sync::Arc<Door>,
    (prefecture, area): (Prefecture, AreaCode),
    (subject, id): (SubjectId, CommandId),
    action: Action,
) -> Result<Sent, ApiError> {
    let typed = personal(&action);
    let asker = Asker::Resident { place: area, case: None };
    let command = Command { id, subject, revision: None, source: None, action };
    let answered = door.submit_one(prefecture, asker, command).await?;
    Ok(match answered.outcome {
        Outcome::Accepted { first, .. } => {
            let same = !answered.repeated || door.read(move |door| is_kept(door, prefecture, subject, &typed)).await?;
            if same { Sent::Case(first) } else { Sent::Used }
        }
        Outcome::Refused { code, .. } if code == "command_id_reused" || code == "subject_exists" => Sent::Used,
        Outcome::Refused { code, message, .. } => Sent::Refused { code, message },
    })
}

fn personal(action: &Action) -> Vec<(String, String)> {
    let Action::ReportCase { personal, .. } = action else { return Vec::new() };
    let open = personal.iter().filter_map(|(field, value)| match value {
        PersonalValue::Open(text) => Some((field.clone(), text.clone())),
        PersonalValue::Sealed(_) => None,
    });
    open.collect()
}

/// Whether these are the values that the case keeps sealed.
fn is_kept(door: &Door, prefecture: Prefecture, case: SubjectId, typed: &[(String, String)]) -> Result<bool, ApiError> {
    let view = door.app.resident_case(prefecture, case)?;
    let mut kept = Vec::new();
    for (field, sealed) in &view.subject.sealed {
        kept.extend(door.app.unseal(prefecture, case, sealed)?.map(|value| (field.clone(), value)));
    }
    // What was erased since cannot be compared, and is not asked for again.
    Ok(kept.is_empty() || kept == typed)
}
