//! The ledger formats of `catalog/ledgers.toml`.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use tahuang_app::LedgerMakes;
use tahuang_domain::command::Movement;
use tahuang_domain::{Catalog, CatalogError, Kind, Names, Shape};
use toml::Spanned;

use crate::text::{Pattern, squeeze};
use crate::value::choice_text;

/// All ledger formats.
#[derive(Debug)]
pub struct Ledgers {
    ledgers: Vec<Ledger>,
    /// Words in the first cells that make a row a totals row.
    pub totals: Vec<Pattern>,
    /// Beginnings of the remarks that stand below a table.
    pub remarks: Vec<String>,
    /// Every heading that some column goes by, bare.
    words: HashSet<String>,
    /// Words in a training's name or place that make it an away training.
    pub away: Vec<String>,
}

/// One kind of sheet.
#[derive(Debug)]
pub struct Ledger {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub names: Names,
    /// Words in the sheet's name, its title or the file's name that speak for this ledger.
    pub keywords: Vec<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Which record a row makes.
    pub record: RecordRule,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// The permanent code.
    pub code: String,
    /// What its cells hold.
    pub holds: Holds,
    /// A sheet without it is not complete, and a row without a value is refused.
    pub required: bool,
    /// The usual heading.
    pub heading: String,
    /// Headings by which it goes.
    headings: Vec<Pattern>,
    /// Of a choice: the words for each value.
    pub choices: Vec<(Pattern, String)>,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// The running number, or a remark: no part of the record.
    Ignored,
    /// County, a part of the place.
    County,
    /// Township, a part of the place.
    Township,
    /// Village, a part of the place.
    Village,
    /// Any text.
    Text,
    /// A name: white space in it means nothing.
    Name,
    /// Several names.
    Names,
    /// A numbered list.
    List,
    /// A day.
    Day,
    /// A whole number.
    Count,
    /// Points, in hundredths.
    Points,
    /// Money.
    Money,
    /// One of several words.
    Choice,
    /// Personal data: sealed.
    Personal,
}

impl Holds {
    /// Whether it is a part of the place.
    pub const fn is_place(self) -> bool {
        matches!(self, Self::County | Self::Township | Self::Village)
    }
}

/// How a row becomes a record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRule {
    /// The kind of record.
    #[serde(default)]
    pub kind: String,
    /// The choice column whose values are kinds, instead.
    pub kind_from: Option<String>,
    /// Columns that, with the place and the title, identify the record.
    #[serde(default)]
    pub key: Vec<String>,
    /// The title: `{column}` is replaced by the cell.
    pub title: String,
    /// The column with the day. Without it, the day on which the sheet was reported.
    pub day: Option<String>,
    /// The column with the last day.
    pub until: Option<String>,
    /// The column with the quantity or the number of people.
    pub quantity: Option<String>,
    /// The record stands at the prefecture's own area; the row's place is its line's.
    #[serde(default)]
    pub at_prefecture: bool,
    /// The place may be found from the organisation's name in this column.
    pub area_from: Option<String>,
    /// The column that names the grid on which the record is seated.
    pub grid: Option<String>,
    /// Fields and the columns that fill them.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Fields with a fixed value.
    #[serde(default, rename = "const")]
    pub fixed: BTreeMap<String, serde_json::Value>,
    /// Personal fields and the columns that fill them.
    #[serde(default)]
    pub personal: BTreeMap<String, String>,
    /// Of a case: the column that names its handler.
    pub handler: Option<String>,
    /// Of a case: when and how it ended.
    pub ended: Option<EndedRule>,
    /// Of an entry: the dated line that the row leaves on it.
    pub line: Option<LineRule>,
    /// Of a stock: the column with the unit, or the unit itself.
    pub unit: Option<String>,
    /// Of a stock: which way goods move.
    pub direction: Option<Movement>,
    /// Of an assessment: columns with points.
    #[serde(default)]
    pub scores: Vec<String>,
    /// Of an assessment: the column with the grade.
    pub grade: Option<String>,
    /// Of a project: the column with the money.
    pub money: Option<String>,
    /// Of a training: the field that says whether it was away.
    pub away_field: Option<String>,
}

/// When a case has ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedRule {
    /// The choice column that says so; without it (in the rule or the sheet) the day alone says so.
    pub column: Option<String>,
    /// Outcomes by the values of that column; the value `yes` also when the day alone says so.
    pub outcomes: BTreeMap<String, String>,
    /// The column with the day; without it the case's own day.
    pub day: Option<String>,
}

/// A dated line on an entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRule {
    /// Line kind.
    pub kind: String,
    /// The column with the day.
    pub day: Option<String>,
    /// The column that names a training of the same workbook: the line's day, and whether it was away, are the training's.
    pub training: Option<String>,
    /// Columns that, with the day and the place, identify the line.
    #[serde(default)]
    pub key: Vec<String>,
    /// Fields and columns; a choice of `true` and `false` is one.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgersFile {
    totals: Vec<String>,
    remarks: Vec<String>,
    away: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    column: Vec<ColumnText>,
    ledger: Vec<LedgerText>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnText {
    code: String,
    #[serde(rename = "type")]
    holds: Holds,
    #[serde(default)]
    required: bool,
    headings: Vec<String>,
    #[serde(default)]
    choices: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerText {
    code: Spanned<String>,
    name: Names,
    keywords: Vec<String>,
    /// Which of the common place columns it has, the lowest last.
    place: Vec<String>,
    column: Vec<ColumnText>,
    record: RecordRule,
}

impl Ledgers {
    /// The formats that are built into the program.
    ///
    /// # Errors
    /// A mistake in the catalog, with file and line.
    pub fn bundled(catalog: &Catalog) -> Result<Self, CatalogError> {
        Self::parse("catalog/ledgers.toml", include_str!("../../../catalog/ledgers.toml"), catalog)
    }

    /// Reads and checks `catalog/ledgers.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self, CatalogError> {
        let read: LedgersFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut ledgers: Vec<Ledger> = Vec::new();
        for ledger in read.ledger {
            let offset = ledger.code.span().start;
            let code = ledger.code.into_inner();
            let fail = |message: String| CatalogError::at(file, text, offset, format!("ledger {code}: {message}"));
            if let Some(unknown) = ledger.place.iter().find(|place| !read.column.iter().any(|c| c.code == **place)) {
                return Err(fail(format!("there is no place column {unknown}")));
            }
            let common =
                read.column.iter().filter(|column| !column.holds.is_place() || ledger.place.contains(&column.code));
            let columns: Vec<Column> = ledger
                .column
                .into_iter()
                .chain(common.cloned())
                .map(|column| column.compile(&read.yes, &read.no))
                .collect();
            check(&ledger.record, &columns, catalog).map_err(fail)?;
            if ledgers.iter().any(|known| known.code == code) {
                return Err(fail("stands twice".to_owned()));
            }
            let keywords = ledger.keywords.iter().map(|word| squeeze(word)).collect();
            ledgers.push(Ledger { code, names: ledger.name, keywords, columns, record: ledger.record });
        }
        let words = ledgers.iter().flat_map(|ledger| &ledger.columns).flat_map(|column| &column.headings);
        let words = words.map(|heading| bare_heading(heading.word())).collect();
        let totals = read.totals.iter().map(|word| Pattern::new(word, squeeze)).collect();
        Ok(Self { ledgers, words, totals, remarks: read.remarks, away: read.away })
    }

    /// Whether at least three of these texts are headings that some ledger knows; a quick look, before a closer one.
    pub fn looks_like_headings(&self, texts: impl Iterator<Item = String>) -> bool {
        let known = texts.filter(|text| !text.is_empty()).filter(|text| self.words.contains(&bare_heading(text)));
        known.take(3).count() == 3
    }

    /// All formats.
    pub fn iter(&self) -> impl Iterator<Item = &Ledger> {
        self.ledgers.iter()
    }

    /// What the rows of each format make.
    pub fn makes(&self) -> BTreeMap<String, LedgerMakes> {
        self.iter().map(|ledger| (ledger.code.clone(), ledger.makes())).collect()
    }

    /// The format with this code.
    pub fn get(&self, code: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|ledger| ledger.code == code)
    }
}

impl ColumnText {
    fn compile(self, yes: &[String], no: &[String]) -> Column {
        let mut choices = Vec::new();
        for (value, own) in self.choices {
            let common = match value.as_str() {
                "yes" => yes,
                "no" => no,
                _ => &[],
            };
            choices.extend(own.iter().chain(common).map(|word| (Pattern::new(word, choice_text), value.clone())));
        }
        Column {
            code: self.code,
            holds: self.holds,
            required: self.required,
            heading: self.headings.first().cloned().unwrap_or_default(),
            headings: self.headings.iter().map(|heading| Pattern::new(heading, plain_heading)).collect(),
            choices,
        }
    }
}

impl Ledger {
    /// Whether a column goes by this code or heading.
    pub fn has_column(&self, named: &str) -> bool {
        self.columns.iter().any(|column| column.code == named || column.fit(named).is_some())
    }

    /// The column with this code.
    pub fn column(&self, code: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.code == code)
    }

    fn makes(&self) -> LedgerMakes {
        let rule = &self.record;
        let mut fields: BTreeMap<String, Option<serde_json::Value>> =
            rule.fields.keys().map(|name| (name.clone(), None)).collect();
        fields.extend(rule.fixed.iter().map(|(name, value)| (name.clone(), Some(value.clone()))));
        // The grid is linked by its own record, see [`crate::record`].
        fields.extend(rule.grid.iter().map(|_| ("grid".to_owned(), None)));
        LedgerMakes { kinds: self.kinds().map(str::to_owned).collect(), fields }
    }

    /// The kinds of records that its rows make.
    fn kinds(&self) -> impl Iterator<Item = &str> {
        let named = self.record.kind_from.as_ref().and_then(|code| self.column(code));
        let from_choice = named.into_iter().flat_map(|column| column.choices.iter().map(|(_, kind)| kind.as_str()));
        std::iter::once(self.record.kind.as_str())
            .filter(|kind| !kind.is_empty())
            .chain(from_choice)
            .chain(self.record.grid.iter().map(|_| "grid"))
    }
}

impl Column {
    /// How well a heading fits this column: `None` not at all, larger is better.
    pub fn fit(&self, heading: &str) -> Option<usize> {
        let (plain, bare) = (plain_heading(heading), bare_heading(heading));
        let fit = |known: &Pattern| known.fit(&plain).max(known.fit(&bare).map(|fit| fit.saturating_sub(1)));
        self.headings.iter().filter_map(fit).max()
    }
}

/// A heading in half width, without white space and marks.
pub fn plain_heading(heading: &str) -> String {
    squeeze(heading).chars().filter(|c| !"*:“”\"'、/".contains(*c)).collect()
}

/// A heading without what stands in brackets: 「数量(块)」 is 「数量」.
pub fn bare_heading(heading: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0;
    for character in plain_heading(heading).chars() {
        match character {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth -= 1,
            _ if depth <= 0 => bare.push(character),
            _ => {}
        }
    }
    bare
}

fn check(rule: &RecordRule, columns: &[Column], catalog: &Catalog) -> Result<(), String> {
    let has = |code: &String| columns.iter().any(|column| column.code == *code);
    let mut named: Vec<&String> =
        rule.fields.values().chain(rule.personal.values()).chain(&rule.scores).chain(&rule.key).collect();
    let optional = [
        &rule.kind_from,
        &rule.day,
        &rule.until,
        &rule.quantity,
        &rule.area_from,
        &rule.grid,
        &rule.handler,
        &rule.grade,
        &rule.money,
    ];
    named.extend(optional.into_iter().flatten());
    named.extend(rule.ended.iter().flat_map(|ended| ended.column.iter().chain(&ended.day)));
    if let Some(line) = &rule.line {
        named.extend(line.key.iter().chain(line.fields.values()).chain(&line.day).chain(&line.training));
    }
    if let Some(missing) = named.into_iter().find(|code| !has(code)) {
        return Err(format!("there is no column {missing}"));
    }
    let kinds: Vec<&str> = match &rule.kind_from {
        Some(code) => {
            let column = columns.iter().find(|column| column.code == *code);
            column.into_iter().flat_map(|column| column.choices.iter().map(|(_, kind)| kind.as_str())).collect()
        }
        None => vec![rule.kind.as_str()],
    };
    for kind in kinds {
        let kind = catalog.kind(kind).map_err(|refusal| refusal.to_string())?;
        check_kind(rule, kind)?;
    }
    Ok(())
}

fn check_kind(rule: &RecordRule, kind: &Kind) -> Result<(), String> {
    let fields = rule.fields.keys().chain(rule.fixed.keys()).chain(&rule.away_field);
    if let Some(field) = fields.into_iter().find(|name| !kind.form.fields.iter().any(|field| field.code == **name)) {
        return Err(format!("kind {} has no field {field}", kind.code));
    }
    if let Some(field) = rule.personal.keys().find(|name| !kind.form.personal.iter().any(|field| field.code == **name))
    {
        return Err(format!("kind {} has no personal field {field}", kind.code));
    }
    if kind.shape == Shape::Case
        && let Some(ended) = &rule.ended
        && let Some(outcome) = ended.outcomes.values().find(|outcome| !kind.has_outcome(outcome))
    {
        return Err(format!("kind {} has no outcome {outcome}", kind.code));
    }
    if let Some(line) = rule.line.as_ref().filter(|line| !kind.lines.iter().any(|known| known.code == line.kind)) {
        return Err(format!("kind {} has no line {}", kind.code, line.kind));
    }
    if kind.shape == Shape::Stock && (rule.direction.is_none() || rule.unit.is_none() || rule.quantity.is_none()) {
        return Err(format!("kind {}: a stock needs direction, unit and quantity", kind.code));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_brackets_blanks_and_marks() {
        assert_eq!(plain_heading(" 县（区）*："), "县(区)");
        assert_eq!(bare_heading("数 量（块）"), "数量");
    }
}
