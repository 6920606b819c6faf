//! A sheet of one check of one place, as it stands after its events; which of them may happen is decided in
//! [`crate::decide`].

use serde::{Deserialize, Serialize};

use super::State;
use crate::event::Event;
use crate::ids::{Actor, Day, SubjectId};

/// What was found of one item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemResult {
    /// As it should be (合格).
    Passed,
    /// Not as it should be, and put right while the officers stood there (当场整改). No case is opened of it.
    Corrected,
    /// Not as it should be (不合格): a case is opened of it, and it is looked at again.
    Failed,
    /// There is no such thing in this place (不涉及).
    NotApplicable,
}

impl ItemResult {
    /// Every result.
    pub const ALL: [Self; 4] = [Self::Passed, Self::Corrected, Self::Failed, Self::NotApplicable];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Corrected => "corrected",
            Self::Failed => "failed",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// One item of a sheet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckedItem {
    /// The item of the list.
    pub item: String,
    /// What was found.
    pub result: ItemResult,
    /// What was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The case that was opened of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<SubjectId>,
}

/// What was found of one item when it was looked at again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecheckedItem {
    /// The item of the list.
    pub item: String,
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How the notice was received (送达).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Signed for by the recipient (签收).
    Signed,
    /// The recipient would not sign (拒绝签收).
    Refused,
}

impl Receipt {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Refused => "refused",
        }
    }
}

/// A look at the place after the first (复查).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recheck {
    /// When.
    pub day: Day,
    /// Who looked.
    pub officers: Vec<String>,
    /// What they found.
    pub results: Vec<RecheckedItem>,
}

/// A sheet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// The list.
    pub checklist: String,
    /// The version of the list.
    pub version: u16,
    /// The unit that keeps the place, if one does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Who looked.
    pub officers: Vec<String>,
    /// Who recorded it.
    pub recorder: Actor,
    /// What was found of each item, in the order of the list.
    pub items: Vec<CheckedItem>,
    /// When what failed is looked at again; absent when nothing waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck: Option<Day>,
    /// Every look after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rechecks: Vec<Recheck>,
    /// How the notice was received, once it was handed over, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<(Receipt, Day)>,
}

impl Check {
    /// The items that failed and have not passed since.
    pub fn waiting(&self) -> impl Iterator<Item = &CheckedItem> {
        let passed = |item: &CheckedItem| self.last_look(&item.item).is_some_and(|(_, seen)| seen.passed);
        self.items.iter().filter(move |item| item.result == ItemResult::Failed && !passed(item))
    }

    /// What was found of an item when it was looked at again last, and when.
    pub fn last_look(&self, item: &str) -> Option<(Day, &RecheckedItem)> {
        let looks = self.rechecks.iter().rev();
        looks.flat_map(|look| look.results.iter().map(|seen| (look.day, seen))).find(|(_, seen)| seen.item == item)
    }

    /// The day of the last look.
    pub fn last_day(&self) -> Option<Day> {
        self.rechecks.last().map(|look| look.day)
    }

    /// How many items came out so.
    pub fn count(&self, result: ItemResult) -> usize {
        self.items.iter().filter(|item| item.result == result).count()
    }

    /// Open while something waits for another look.
    pub(super) fn state(&self) -> State {
        if self.waiting().next().is_some() { State::Open } else { State::Completed }
    }

    /// Folds an event into the sheet, and gives the state in which it then is.
    pub(super) fn change(&mut self, event: &Event) -> State {
        match event {
            Event::ItemsRechecked { day, officers, results, next } => {
                self.rechecks.push(Recheck { day: *day, officers: officers.clone(), results: results.clone() });
                self.recheck = *next;
            }
            Event::NoticeServed { day, receipt, .. } => self.receipt = Some((*receipt, *day)),
            _ => {}
        }
        self.state()
    }
}
