//! A sheet of a check, and the list that it was filled in by, as people read them.

use serde::Serialize;
use serde_json::Value;
use tahuang_app::checks::SheetView;
use tahuang_app::{Asker, case_number};
use tahuang_domain::checklist::{Checklist, ChecklistItem};
use tahuang_domain::subject::{Check, CheckedItem, ItemResult};
use tahuang_domain::{Body, Event, Names, Prefecture, State, Subject, SubjectId, Verb};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::endpoints::list_cases::DueItem;
use crate::speaker::{AreaRef, Speaker};

/// A list by which places are checked.
#[derive(Serialize, ToSchema)]
#[schema(as = Checklist)]
pub struct ListItem {
    pub code: String,
    /// A sheet names the version that it is filled in by.
    pub version: u16,
    pub name: String,
    /// The same in Tibetan, where that is another language than the one asked for.
    pub name_bo: Option<String>,
    /// By which law or rule.
    pub basis: String,
    /// How many people sign.
    pub officers: usize,
    pub items: Vec<ListedItem>,
}

/// One thing that is looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistItem)]
pub struct ListedItem {
    pub code: String,
    /// How it should be.
    pub name: String,
    pub name_bo: Option<String>,
    /// What is wrong when it is not so.
    pub fault: String,
    /// What is asked then.
    pub demand: String,
    /// The clause.
    pub basis: String,
    /// In how many days it is usually looked at again.
    pub recheck_days: u16,
}

/// A sheet in a list.
#[derive(Serialize, ToSchema)]
pub struct CheckRow {
    pub id: Uuid,
    pub number: String,
    pub checklist_name: String,
    pub place: String,
    pub unit: String,
    pub area: AreaRef,
    pub area_path: String,
    pub day: Option<String>,
    /// `open` while something waits to be looked at again, or `completed`.
    pub state: &'static str,
    pub state_name: String,
    pub counts: CheckCounts,
    /// When it is looked at again, seen from today.
    pub recheck: Option<DueItem>,
}

/// How many items came out how.
#[derive(Serialize, ToSchema)]
pub struct CheckCounts {
    pub passed: usize,
    /// Put right at once; no case was opened of them.
    pub corrected: usize,
    pub failed: usize,
    pub not_applicable: usize,
    /// Of those that failed, so many wait to be looked at again.
    pub waiting: usize,
}

/// A sheet.
#[derive(Serialize, ToSchema)]
pub struct Sheet {
    #[serde(flatten)]
    pub row: CheckRow,
    /// How many events it has had; a command may name it, so as not to land on a newer record.
    pub revision: u32,
    pub withdrawn: bool,
    pub checklist: String,
    pub version: u16,
    pub basis: String,
    /// How many people sign.
    pub signs: usize,
    pub officers: Vec<String>,
    pub items: Vec<SheetItem>,
    /// Every look after the first, oldest first.
    pub rechecks: Vec<Look>,
    pub receipt: Option<NoticeReceipt>,
    /// Whether this account may look again now.
    pub rechecks_now: bool,
    /// Whether this account may say that the notice was handed over.
    pub serves_now: bool,
}

/// An item of a sheet.
#[derive(Serialize, ToSchema)]
pub struct SheetItem {
    #[serde(flatten)]
    pub item: ListedItem,
    /// `passed`, `corrected`, `failed` or `not_applicable`.
    pub result: &'static str,
    pub result_name: String,
    pub note: String,
    /// It waits to be looked at again.
    pub waiting: bool,
    /// When it was looked at again last.
    pub looked: Option<LookedItem>,
    /// The case that was opened of it; `null` also when it lies out of this account's reach.
    pub hazard: Option<SheetCase>,
}

#[derive(Serialize, ToSchema)]
pub struct LookedItem {
    pub day: String,
    pub passed: bool,
    pub note: String,
}

/// A case that a sheet opened.
#[derive(Serialize, ToSchema)]
pub struct SheetCase {
    pub id: Uuid,
    pub number: String,
    pub title: String,
    pub state: &'static str,
    pub state_name: String,
    pub handler: Option<String>,
    pub due: Option<DueItem>,
    pub withdrawn: bool,
}

/// A look after the first.
#[derive(Serialize, ToSchema)]
pub struct Look {
    pub day: String,
    pub officers: Vec<String>,
    pub passed: usize,
    pub failed: usize,
}

/// How the notice was received.
#[derive(Serialize, ToSchema)]
pub struct NoticeReceipt {
    /// `signed` or `refused`.
    pub receipt: &'static str,
    pub receipt_name: String,
    pub day: String,
}

/// A list in somebody's language.
pub fn list_item(speaker: &Speaker<'_>, list: &Checklist) -> ListItem {
    ListItem {
        code: list.code.clone(),
        version: list.version,
        name: speaker.names(&list.name).to_owned(),
        name_bo: in_tibetan(speaker, &list.name),
        basis: speaker.names(&list.basis).to_owned(),
        officers: list.officers,
        items: list.items.iter().map(|item| listed(speaker, list, item)).collect(),
    }
}

fn listed(speaker: &Speaker<'_>, list: &Checklist, item: &ChecklistItem) -> ListedItem {
    ListedItem {
        code: item.code.clone(),
        name: speaker.names(&item.name).to_owned(),
        name_bo: in_tibetan(speaker, &item.name),
        fault: speaker.names(&item.fault).to_owned(),
        demand: speaker.names(&item.demand).to_owned(),
        basis: speaker.names(item.basis.as_ref().unwrap_or(&list.basis)).to_owned(),
        recheck_days: item.recheck_days,
    }
}

/// The Tibetan name beside the other: who is checked may read no other.
fn in_tibetan(speaker: &Speaker<'_>, names: &Names) -> Option<String> {
    names.bo.clone().filter(|bo| *bo != speaker.names(names))
}

/// An item that the catalog does not know any more is called by its code.
fn unknown(code: &str) -> ListedItem {
    let code = || code.to_owned();
    let nothing = String::new;
    ListedItem {
        code: code(),
        name: code(),
        name_bo: None,
        fault: nothing(),
        demand: nothing(),
        basis: nothing(),
        recheck_days: 1,
    }
}

/// The list of a sheet, in the version by which it was filled in.
pub fn list_of<'s>(speaker: &Speaker<'s>, check: &Check) -> Option<&'s Checklist> {
    speaker.app().knowledge().catalog.checklists.get(&check.checklist, check.version)
}

/// A sheet of a list; `None` when the subject is none.
pub fn row(
    speaker: &Speaker<'_>,
    (id, prefecture, opened): (SubjectId, Prefecture, u64),
    subject: &Subject,
) -> Option<CheckRow> {
    let Body::Check(check) = &subject.body else { return None };
    let list = list_of(speaker, check);
    Some(CheckRow {
        id: id.0,
        number: case_number(prefecture, opened),
        checklist_name: list.map_or_else(|| check.checklist.clone(), |list| speaker.names(&list.name).to_owned()),
        place: subject.title.clone(),
        unit: check.unit.clone(),
        area: speaker.area(subject.area),
        area_path: speaker.path(subject.area),
        day: subject.day.map(|day| day.to_string()),
        state: subject.state.code(),
        state_name: state_name(speaker, subject, check),
        counts: CheckCounts {
            passed: check.count(ItemResult::Passed),
            corrected: check.count(ItemResult::Corrected),
            failed: check.count(ItemResult::Failed),
            not_applicable: check.count(ItemResult::NotApplicable),
            waiting: check.waiting().count(),
        },
        recheck: speaker.app().due_of(subject).map(DueItem::of),
    })
}

/// Where a sheet stands: an open one waits for another look.
pub fn state_name(speaker: &Speaker<'_>, subject: &Subject, check: &Check) -> String {
    let word = match (subject.state, check.count(ItemResult::Failed)) {
        (State::Open, _) => "waiting",
        (_, 0) => "sound",
        _ => "rechecked",
    };
    speaker.word("check", word).to_owned()
}

/// A sheet as `asker` reads it; `None` when the subject is none.
pub fn sheet(speaker: &Speaker<'_>, asker: &Asker, seen: &SheetView) -> Option<Sheet> {
    let SheetView { view, cases } = seen;
    let subject = &view.subject;
    let Body::Check(check) = &subject.body else { return None };
    let list = list_of(speaker, check);
    let opened = view.history.first()?.record.position;
    let may = |verb| speaker.app().permit(asker, verb, &subject.kind, subject.area).is_ok() && !subject.withdrawn;
    let case = |item: &CheckedItem| {
        let (id, (case, opened)) = cases.get_key_value(&item.hazard?)?;
        Some(sheet_case(speaker, (*id, case_number(view.prefecture, *opened)), case))
    };
    let waits = |item: &CheckedItem| check.waiting().any(|waiting| waiting.item == item.item);
    let items = check.items.iter().map(|item| SheetItem {
        item: list
            .and_then(|list| Some(listed(speaker, list, list.item(&item.item)?)))
            .unwrap_or_else(|| unknown(&item.item)),
        result: item.result.code(),
        result_name: speaker.word("check", item.result.code()).to_owned(),
        note: item.note.clone(),
        waiting: waits(item),
        looked: check.last_look(&item.item).map(|(day, seen)| LookedItem {
            day: day.to_string(),
            passed: seen.passed,
            note: seen.note.clone(),
        }),
        hazard: case(item),
    });
    let receipt = check.receipt.map(|(receipt, day)| NoticeReceipt {
        receipt: receipt.code(),
        receipt_name: speaker.word("check", receipt.code()).to_owned(),
        day: day.to_string(),
    });
    Some(Sheet {
        row: row(speaker, (view.id, view.prefecture, opened), subject)?,
        revision: subject.revision,
        withdrawn: subject.withdrawn,
        checklist: check.checklist.clone(),
        version: check.version,
        basis: list.map(|list| speaker.names(&list.basis).to_owned()).unwrap_or_default(),
        signs: list.map_or(1, |list| list.officers),
        officers: check.officers.clone(),
        items: items.collect(),
        rechecks: check
            .rechecks
            .iter()
            .map(|look| {
                let passed = look.results.iter().filter(|seen| seen.passed).count();
                let (day, officers) = (look.day.to_string(), look.officers.clone());
                Look { day, officers, passed, failed: look.results.len() - passed }
            })
            .collect(),
        rechecks_now: may(Verb::Handle) && subject.state == State::Open,
        serves_now: may(Verb::Record)
            && check.count(ItemResult::Failed) > 0
            && receipt.as_ref().is_none_or(|receipt| receipt.receipt != "signed"),
        receipt,
    })
}

fn sheet_case(speaker: &Speaker<'_>, (id, number): (SubjectId, String), subject: &Subject) -> SheetCase {
    let handler = match &subject.body {
        Body::Case(case) => case.handler.clone(),
        _ => None,
    };
    SheetCase {
        id: id.0,
        number,
        title: subject.title.clone(),
        state: subject.state.code(),
        state_name: speaker.state(subject.state),
        handler,
        due: speaker.app().due_of(subject).map(DueItem::of),
        withdrawn: subject.withdrawn,
    }
}

/// Says in words what an event about a check says in codes, before its details are told.
pub fn spell_out(speaker: &Speaker<'_>, event: &Event, said: &mut serde_json::Map<String, Value>) {
    let lists = &speaker.app().knowledge().catalog.checklists;
    let name = |code: &str| lists.any_item(code).map_or(code, |item| speaker.names(&item.name)).to_owned();
    let line = |item: &str, result: &str, note: &str| {
        let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
        Value::from(format!("{} · {}{note}", name(item), speaker.word("check", result)))
    };
    match event {
        Event::CheckRecorded { checklist, version, results, .. } => {
            if let Some(list) = lists.get(checklist, *version) {
                said.insert("checklist".to_owned(), speaker.names(&list.name).into());
            }
            // A stock's unit is another word.
            if let Some(unit) = said.remove("unit") {
                said.insert("unit_checked".to_owned(), unit);
            }
            let telling =
                results.iter().filter(|item| matches!(item.result, ItemResult::Failed | ItemResult::Corrected));
            let lines = telling.map(|item| line(&item.item, item.result.code(), &item.note)).collect();
            said.insert("results".to_owned(), Value::Array(lines));
        }
        Event::ItemsRechecked { results, .. } => {
            let result = |passed| if passed { ItemResult::Passed } else { ItemResult::Failed };
            let lines = results.iter().map(|seen| line(&seen.item, result(seen.passed).code(), &seen.note)).collect();
            said.insert("results".to_owned(), Value::Array(lines));
        }
        Event::NoticeServed { receipt, .. } => {
            said.insert("receipt".to_owned(), speaker.word("check", receipt.code()).into());
        }
        Event::FileAttached { item: Some(item), .. } | Event::CaseFoundByCheck { item, .. } => {
            // A stock's item is another word.
            said.remove("item");
            said.insert("check_item".to_owned(), name(item).into());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use tahuang_domain::Language;
    use tahuang_domain::subject::Receipt;

    #[test]
    fn every_word_of_a_sheet_is_there_in_the_three_languages() {
        let words = Words::bundled();
        let results = ItemResult::ALL.map(ItemResult::code);
        let receipts = [Receipt::Signed, Receipt::Refused].map(Receipt::code);
        for code in results.iter().chain(&receipts).chain(&["waiting", "sound", "rechecked"]) {
            let names = words.find("check", code).unwrap_or_else(|| panic!("{code}"));
            let said = [Language::ZhCn, Language::Bo, Language::En].map(|language| names.get(language));
            assert!(said[0] != said[1] && said[0] != said[2], "{said:?}");
        }
    }
}
