//! The lists by which places are checked, as data.
//!
//! `catalog/checklists.toml` is read once at start and checked whole; a mistake names its file and line. A sheet names the
//! list and the version that it was filled in by, so a version that was used is never changed.

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::catalog::{Catalog, CatalogError, Names, Shape, Step};
use crate::ids::Fields;
use crate::limits;

/// Fields of the case that a failed item opens; its kind has to have them.
const CATEGORY: &str = "category";
const THEME: &str = "theme";
const MEASURE: &str = "measure";

/// A list of what is looked at in a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// The permanent code.
    pub code: String,
    /// Goes up when the list changes.
    pub version: u16,
    /// What it is called.
    pub name: Names,
    /// By which law or rule.
    pub basis: Names,
    /// How many people sign.
    pub officers: usize,
    /// The kind of the case that is reported of what failed.
    pub opens: String,
    /// The theme of those cases.
    pub theme: String,
    /// What is looked at, in order.
    #[serde(rename = "item")]
    pub items: Vec<ChecklistItem>,
}

/// One thing that is looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// The permanent code.
    pub code: String,
    /// How it should be.
    pub name: Names,
    /// What is wrong when it is not so.
    pub fault: Names,
    /// What is asked then.
    pub demand: Names,
    /// The clause, where it is another than that of the whole list.
    pub basis: Option<Names>,
    /// The category of the case that is reported then.
    pub category: String,
    /// In how many days it is usually looked at again.
    pub recheck_days: u16,
}

impl Checklist {
    /// The item with this code.
    pub fn item(&self, code: &str) -> Option<&ChecklistItem> {
        self.items.iter().find(|item| item.code == code)
    }

    /// What a case has in its fields that is reported of this item.
    pub fn case_fields(&self, item: &ChecklistItem) -> Fields {
        let said = [(CATEGORY, &item.category), (THEME, &self.theme), (MEASURE, &item.demand.zh)];
        said.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text.clone()))).collect()
    }
}

/// How a case is called that is reported of an item that failed there.
pub fn case_title(place: &str, item: &ChecklistItem) -> String {
    format!("{place}：{}", item.fault.zh)
}

/// All lists, with the versions that were used before.
#[derive(Clone, Debug, Default)]
pub struct Checklists(Vec<Checklist>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecklistsFile {
    checklist: Vec<Spanned<Checklist>>,
}

impl Checklists {
    /// Reads and checks `catalog/checklists.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self, CatalogError> {
        let read: ChecklistsFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut lists: Vec<Checklist> = Vec::new();
        for list in read.checklist {
            let offset = list.span().start;
            let list = list.into_inner();
            let known = lists.iter().any(|known| known.code == list.code && known.version >= list.version);
            let checked = if known { Err("stands twice, or before an older version".to_owned()) } else { Ok(()) };
            checked.and_then(|()| check(&list, catalog)).map_err(|problem| {
                let message = format!("checklist {}, version {}: {problem}", list.code, list.version);
                CatalogError::at(file, text, offset, message)
            })?;
            lists.push(list);
        }
        Ok(Self(lists))
    }

    /// The list as it was in that version.
    pub fn get(&self, code: &str, version: u16) -> Option<&Checklist> {
        self.0.iter().find(|list| list.code == code && list.version == version)
    }

    /// An item of any list, for whoever only wants to say what it is called.
    pub fn any_item(&self, code: &str) -> Option<&ChecklistItem> {
        self.0.iter().rev().find_map(|list| list.item(code))
    }

    /// The newest version of each list, in the order of the catalog.
    pub fn newest(&self) -> impl Iterator<Item = &Checklist> {
        let newest =
            |list: &&Checklist| !self.0.iter().any(|other| other.code == list.code && other.version > list.version);
        self.0.iter().filter(newest)
    }
}

fn check(list: &Checklist, catalog: &Catalog) -> Result<(), String> {
    let kind = catalog.kind(&list.opens).map_err(|refusal| refusal.to_string())?;
    if kind.shape != Shape::Case {
        return Err(format!("what fails opens a case, and {} is none", kind.code));
    }
    // Looking at the place again finishes the case; no picture could be attached between two events of one command.
    if kind.evidence {
        return Err(format!("the work of kind {} needs evidence, and looking again is none", kind.code));
    }
    // Whoever looked again does not also say that it holds.
    if kind.skip.contains(&Step::Check) {
        return Err(format!("kind {} is closed without a check by somebody else", kind.code));
    }
    if list.items.is_empty() || list.items.len() > limits::CHECK_ITEMS_MAX {
        return Err(format!("from 1 to {} items", limits::CHECK_ITEMS_MAX));
    }
    if !(1..=limits::CHECK_OFFICERS_MAX).contains(&list.officers) {
        return Err(format!("from 1 to {} officers", limits::CHECK_OFFICERS_MAX));
    }
    for (place, item) in list.items.iter().enumerate() {
        if list.items[..place].iter().any(|other| other.code == item.code) {
            return Err(format!("item {} stands twice", item.code));
        }
        if !(1..=limits::RECHECK_DAYS_MAX).contains(&i32::from(item.recheck_days)) {
            return Err(format!("item {}: looked at again in 1 to {} days", item.code, limits::RECHECK_DAYS_MAX));
        }
        let room = limits::TITLE_CHARS_MAX - limits::CHECK_PLACE_CHARS_MAX;
        if case_title("", item).chars().count() > room {
            return Err(format!("item {}: with a place before it, the fault is too long for a title", item.code));
        }
        kind.check_fields(&list.case_fields(item)).map_err(|refusal| format!("item {}: {refusal}", item.code))?;
    }
    Ok(())
}
