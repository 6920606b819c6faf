//! Says in somebody's language what codes mean, and gives the parts that many answers share.

use std::sync::Arc;

use serde::Serialize;
use tahuang_app::App;
use tahuang_domain::catalog::Field;
use tahuang_domain::{Actor, AreaCode, AreaTree, Kind, Language, Names, Source, State};
use tahuang_figures::{Figure, Part};
use tahuang_intake::Ledger;
use utoipa::ToSchema;

use crate::door::Door;

/// An area with its name.
#[derive(Clone, Serialize, ToSchema)]
pub struct AreaRef {
    /// 12 digits; a grid's 15.
    pub code: String,
    pub name: String,
    /// `region`, `prefecture`, `county`, `township`, `village` or `grid`.
    pub level: &'static str,
}

/// A code with its name.
#[derive(Clone, Serialize, ToSchema)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// Where a record was typed in.
#[derive(Clone, Serialize, ToSchema)]
pub struct SourcePlace {
    /// The workbook's file name.
    pub file: String,
    pub sheet: String,
    /// The row as Excel counts it, from 1.
    pub row: u32,
}

impl SourcePlace {
    pub fn of(source: &Source) -> Self {
        Self { file: source.file.clone(), sheet: source.sheet.clone(), row: source.row }
    }
}

/// Names in one language.
pub struct Speaker<'d> {
    door: &'d Door,
    areas: Arc<AreaTree>,
    language: Language,
}

impl<'d> Speaker<'d> {
    pub fn new(door: &'d Door, language: Language) -> Self {
        Self { door, areas: door.app.areas(), language }
    }

    pub fn app(&self) -> &'d App {
        &self.door.app
    }

    /// A word of `catalog/words.toml`.
    pub fn word<'w>(&self, section: &str, code: &'w str) -> &'w str
    where
        'd: 'w,
    {
        self.door.words.get(section, code, self.language)
    }

    /// Every word of a section of `catalog/words.toml`, by code.
    pub fn words(&self, section: &str) -> Vec<Named> {
        let words = self.door.words.section(section);
        words.map(|(code, names)| Named { code: code.to_owned(), name: self.names(names).to_owned() }).collect()
    }

    pub fn names<'n>(&self, names: &'n Names) -> &'n str {
        names.get(self.language)
    }

    pub fn area(&self, code: AreaCode) -> AreaRef {
        let name = self.areas.name(code).map_or_else(|| code.to_string(), str::to_owned);
        AreaRef { code: code.to_string(), name, level: code.level().code() }
    }

    /// The names from the county down.
    pub fn path(&self, code: AreaCode) -> String {
        self.areas.path(code)
    }

    pub fn kind(&self, code: &str) -> Option<&'d Kind> {
        self.app().knowledge().catalog.kind(code).ok()
    }

    pub fn ledger(&self, code: &str) -> Option<&'d Ledger> {
        self.door.ledgers.get(code)
    }

    pub fn kind_name(&self, code: &str) -> String {
        self.kind(code).map_or_else(|| code.to_owned(), |kind| self.names(&kind.names).to_owned())
    }

    pub fn state(&self, state: State) -> String {
        self.word("state", state.code()).to_owned()
    }

    pub fn role_name(&self, code: &str) -> String {
        let role = self.app().knowledge().roles.get(code);
        role.map_or_else(|| code.to_owned(), |role| self.names(&role.names).to_owned())
    }

    pub fn outcome(&self, kind: &str, code: &str) -> String {
        let outcome = self.kind(kind).and_then(|kind| kind.outcomes.iter().find(|outcome| outcome.code == code));
        outcome.map_or_else(|| code.to_owned(), |outcome| self.names(&outcome.name).to_owned())
    }

    pub fn actor(&self, actor: Actor) -> String {
        match actor {
            Actor::Console => self.word("phrase", "console").to_owned(),
            Actor::Account(id) => match self.app().memory().accounts.get(&id) {
                Some(account) => account.name.clone(),
                None => self.word("phrase", "unknown_actor").to_owned(),
            },
            Actor::Resident => self.word("phrase", "resident").to_owned(),
            Actor::Timer => self.word("phrase", "timer").to_owned(),
        }
    }

    /// The word of a value that serialises as its code.
    pub fn value_of_code(&self, section: &str, value: &impl Serialize) -> String {
        let value = serde_json::to_value(value).unwrap_or_default();
        value.as_str().map(|code| self.word(section, code).to_owned()).unwrap_or_default()
    }

    /// The value of a field as a person reads it.
    pub fn value(&self, value: &serde_json::Value) -> String {
        use serde_json::Value;
        match value {
            Value::String(text) => text.clone(),
            Value::Bool(yes) => self.word("choice", if *yes { "true" } else { "false" }).to_owned(),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join("\n"),
            Value::Null => String::new(),
            Value::Number(_) | Value::Object(_) => value.to_string(),
        }
    }

    /// The same, of a field of the catalog, whose enumerated values have names.
    pub fn field_value(&self, field: &Field, value: &serde_json::Value) -> String {
        let of_each = field.schema.get("items").is_some_and(|items| items.get("enum").is_some());
        match value {
            serde_json::Value::String(code) if field.schema.get("enum").is_some() => {
                self.word("choice", code).to_owned()
            }
            serde_json::Value::Array(codes) if of_each => {
                let codes = codes.iter().filter_map(serde_json::Value::as_str);
                codes.map(|code| self.word("choice", code)).collect::<Vec<_>>().join("、")
            }
            _ => self.value(value),
        }
    }
}

/// A moment as RFC 3339 writes it, in UTC.
pub fn moment(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// What a part of a figure is called in answers.
pub fn part_code(figure: &Figure, part: Part) -> &'static str {
    match (figure.denominator.is_some(), part) {
        (false, _) => "all",
        (true, Part::Whole) => "numerator",
        (true, Part::Denominator) => "denominator",
    }
}
