//! The definitions in `catalog/figures.toml`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::Value;
use tahuang_domain::subject::quality::Mark;
use tahuang_domain::{Catalog, CatalogError, Level, Names, Shape, State};
use toml::Spanned;

/// A group of figures, as the page groups them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub name: Names,
    /// Whether it stands on the page that the prefecture prints.
    #[serde(default = "yes")]
    pub printed: bool,
}

const fn yes() -> bool {
    true
}

/// In [`Count::kinds`], for all kinds of cases.
const EVERY_KIND: &str = "*";

/// A figure: one count, or the ratio of two in percent.
#[derive(Debug)]
pub struct Figure {
    /// The permanent code.
    pub code: String,
    /// The group it is printed in.
    pub group: String,
    /// What it is called.
    pub names: Names,
    /// One sentence: what it counts.
    pub definition: Names,
    /// In which unit.
    pub unit: Names,
    /// The level at which it is published.
    pub level: Level,
    /// Places after the decimal point; for ratios.
    pub decimals: u32,
    /// Of a ratio: below so much in the denominator there is no value, since it would speak of a few people.
    pub minimum: i64,
    /// Amounts are money, in fen.
    pub money: bool,
    /// What is counted; of a ratio, what stands above the line.
    pub count: Count,
    /// Of a ratio, what stands below the line.
    pub denominator: Option<Count>,
}

/// Which subjects count, and how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Kinds of subjects.
    pub kinds: Vec<String>,
    /// States in which they count; empty for any.
    #[serde(default)]
    pub states: Vec<State>,
    /// Of a case: the marks of which it bears one, of how well it was dealt with; empty for any case.
    #[serde(default)]
    pub rated: Vec<Mark>,
    /// Of a case: the outcomes that count; empty for any.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Of an assessment: the grades that count; empty for any.
    #[serde(default)]
    pub grades: Vec<String>,
    /// Fields that must have one of the values; `["*"]` for any value.
    #[serde(default, rename = "where")]
    pub conditions: BTreeMap<String, Vec<Value>>,
    /// Of a case: it was claimed here, or a ledger names in this field who claimed it.
    #[serde(default)]
    pub claimed: Option<String>,
    /// How much each gives.
    #[serde(default)]
    pub measure: Measure,
    /// The day on which it counts.
    #[serde(default)]
    pub day: DayOf,
}

/// How much a subject gives.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// One.
    #[default]
    One,
    /// A fact's quantity.
    Quantity,
    /// The people of an activity.
    People,
    /// A whole number in a field.
    Field(String),
    /// The distinct texts in a list field.
    Items(String),
    /// The dated lines of an entry.
    Lines {
        /// Kind of line.
        kind: String,
        /// Fields that must have one of the values.
        #[serde(default, rename = "where")]
        conditions: BTreeMap<String, Vec<Value>>,
        /// Which of them count.
        pick: Pick,
    },
    /// What a stock received.
    Received,
    /// The money allocated to a project, in fen.
    Allocated,
}

/// Which lines of an entry count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Each counts one, on its day, in its area.
    Each,
    /// The entry counts one if any line matches.
    Any,
    /// The entry counts one if its latest line of the kind matches.
    Latest,
    /// The entry counts one in every area in which it has a line, and one in each area above them.
    Places,
}

/// The day on which a subject counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOf {
    /// The subject's own day.
    #[default]
    Day,
    /// The day on which a case was closed.
    Closed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FiguresFile {
    group: Vec<Group>,
    figure: Vec<FigureText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureText {
    code: Spanned<String>,
    group: String,
    name: Names,
    definition: Names,
    unit: Names,
    level: Level,
    #[serde(default)]
    decimals: u32,
    #[serde(default)]
    minimum: i64,
    #[serde(default)]
    money: bool,
    count: Count,
    denominator: Option<Count>,
}

/// All figures, in the order in which they are printed.
#[derive(Debug)]
pub struct FigureSet {
    groups: Vec<Group>,
    figures: Vec<Figure>,
    by_kind: HashMap<String, Vec<usize>>,
}

/// The two sums of a figure: what is counted and, for a ratio, what it is divided by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sums {
    /// The count, or what stands above the line.
    pub whole: i64,
    /// What stands below the line.
    pub denominator: i64,
}

impl FigureSet {
    /// Reads and checks `catalog/figures.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self, CatalogError> {
        let read: FiguresFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut figures: Vec<Figure> = Vec::new();
        let mut by_kind: HashMap<String, Vec<usize>> = HashMap::new();
        for mut figure in read.figure {
            let offset = figure.code.span().start;
            let code = figure.code.into_inner();
            let fail = |message: String| CatalogError::at(file, text, offset, format!("figure {code}: {message}"));
            if figures.iter().any(|known| known.code == code) {
                return Err(fail("stands twice".to_owned()));
            }
            if !read.group.iter().any(|group| group.code == figure.group) {
                return Err(fail(format!("there is no group {}", figure.group)));
            }
            let places = |count: &Count| matches!(count.measure, Measure::Lines { pick: Pick::Places, .. });
            if figure.denominator.as_ref().is_some_and(|below| places(&figure.count) || places(below)) {
                return Err(fail("a count of places cannot stand in a ratio".to_owned()));
            }
            if figure.minimum != 0 && (figure.denominator.is_none() || figure.minimum < 0) {
                return Err(fail("a minimum is a number of records below the line of a ratio".to_owned()));
            }
            for count in std::iter::once(&mut figure.count).chain(&mut figure.denominator) {
                name_every_kind(count, catalog);
                check_count(count, catalog).map_err(fail)?;
                for kind in &count.kinds {
                    let indexes = by_kind.entry(kind.clone()).or_default();
                    if indexes.last() != Some(&figures.len()) {
                        indexes.push(figures.len());
                    }
                }
            }
            figures.push(Figure {
                code,
                group: figure.group,
                names: figure.name,
                definition: figure.definition,
                unit: figure.unit,
                level: figure.level,
                decimals: figure.decimals,
                minimum: figure.minimum,
                money: figure.money,
                count: figure.count,
                denominator: figure.denominator,
            });
        }
        Ok(Self { groups: read.group, figures, by_kind })
    }

    /// All figures, in the order in which they are printed.
    pub fn iter(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter()
    }

    /// The groups, in the order in which they are printed.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The figures of the page that the prefecture prints.
    pub fn printed(&self) -> impl Iterator<Item = &Figure> {
        let printed = |code: &str| self.groups.iter().any(|group| group.code == code && group.printed);
        self.figures.iter().filter(move |figure| printed(&figure.group))
    }

    /// The figure with this code.
    pub fn get(&self, code: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.code == code)
    }

    /// The figures to which subjects of a kind may contribute.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Figure> {
        self.by_kind.get(kind).into_iter().flatten().map(|index| &self.figures[*index])
    }
}

impl Figure {
    /// What is printed, as a decimal number without separators: `3992`, `91.23`, `1800000` (yuan).
    /// `None` for a ratio whose denominator is zero or below its minimum: there is nothing to say.
    pub fn value(&self, sums: Sums) -> Option<String> {
        if self.denominator.is_some() {
            return (sums.denominator >= self.minimum.max(1))
                .then(|| percent(sums.whole, sums.denominator, self.decimals));
        }
        if !self.money {
            return Some(sums.whole.to_string());
        }
        let (yuan, fen) = (sums.whole / 100, (sums.whole % 100).abs());
        Some(if fen == 0 { yuan.to_string() } else { format!("{yuan}.{fen:02}") })
    }

    /// An amount of one record, as [`Figure::value`] prints the whole.
    pub fn amount(&self, amount: i64) -> String {
        if self.money && amount % 100 != 0 {
            format!("{}.{:02}", amount / 100, (amount % 100).abs())
        } else if self.money {
            (amount / 100).to_string()
        } else {
            amount.to_string()
        }
    }

    /// Whether a subject with several lines counts once in each area, however many of its lines lie there.
    pub fn once_per_subject(&self) -> bool {
        matches!(self.count.measure, Measure::Lines { pick: Pick::Places, .. })
    }
}

/// Percent with so many decimals, rounded half up as printed reports do, in whole numbers throughout.
fn percent(numerator: i64, denominator: i64, decimals: u32) -> String {
    let scale = 10_i128.pow(decimals);
    let scaled = (i128::from(numerator) * 100 * scale * 2 + i128::from(denominator)) / (i128::from(denominator) * 2);
    if decimals == 0 {
        return scaled.to_string();
    }
    format!("{}.{:0width$}", scaled / scale, scaled % scale, width = decimals as usize)
}

/// What is counted by marks is counted whatever the case is about, so a new kind of case is counted from its first day.
fn name_every_kind(count: &mut Count, catalog: &Catalog) {
    if count.kinds == [EVERY_KIND] && !count.rated.is_empty() {
        let cases = catalog.kinds().filter(|kind| kind.shape == Shape::Case);
        count.kinds = cases.map(|kind| kind.code.clone()).collect();
    }
}

fn check_count(count: &Count, catalog: &Catalog) -> Result<(), String> {
    for code in &count.kinds {
        let kind = catalog.kind(code).map_err(|refusal| refusal.to_string())?;
        if let Some(outcome) = count.outcomes.iter().find(|outcome| !kind.has_outcome(outcome)) {
            return Err(format!("kind {code} has no outcome {outcome}"));
        }
        let has_field = |name: &String| kind.form.fields.iter().any(|field| field.code == *name);
        if let Some(field) = count.conditions.keys().chain(&count.claimed).find(|name| !has_field(name)) {
            return Err(format!("kind {code} has no field {field}"));
        }
        let shape = match &count.measure {
            Measure::One => kind.shape,
            Measure::Quantity => Shape::Fact,
            Measure::People => Shape::Activity,
            Measure::Received => Shape::Stock,
            Measure::Allocated => Shape::Project,
            Measure::Field(field) | Measure::Items(field) => {
                if !has_field(field) {
                    return Err(format!("kind {code} has no field {field}"));
                }
                kind.shape
            }
            Measure::Lines { kind: line, .. } => {
                if !kind.lines.iter().any(|known| known.code == *line) {
                    return Err(format!("kind {code} has no line {line}"));
                }
                kind.shape
            }
        };
        if !count.rated.is_empty() && kind.shape != Shape::Case {
            return Err(format!("kind {code} is no case, and bears no marks"));
        }
        if shape != kind.shape || (count.day == DayOf::Closed && kind.shape != Shape::Case) {
            return Err(format!("kind {code} has another shape than what is measured"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_percentage_is_rounded_half_up() {
        let cases =
            [(520, 570, 2, "91.23"), (223, 223, 1, "100.0"), (1, 3, 0, "33"), (1, 8, 0, "13"), (0, 7, 2, "0.00")];
        for (numerator, denominator, decimals, printed) in cases {
            assert_eq!(percent(numerator, denominator, decimals), printed);
        }
    }
}
