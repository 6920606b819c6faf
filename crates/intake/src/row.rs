//! One row of a ledger: what stands in it, and what it means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tahuang_domain::command::Ended;
use tahuang_domain::{AreaCode, Catalog, Day, Fields, Kind, Level, Prefecture, Shape, Source};

use crate::ledger::{Column, Holds, Ledger, Ledgers};
use crate::place::Gazetteer;
use crate::refusal::RowRefusal;
use crate::text::{fold, mask, squeeze};
use crate::value;
use crate::workbook::CellValue;

/// A row with all that is needed to read it again later.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The workbook's file name.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row as Excel counts it.
    pub number: u32,
    /// The ledger format, if it was recognised.
    pub ledger: Option<String>,
    /// The county or prefecture that the sheet speaks of.
    pub around: Option<AreaCode>,
    /// The day on which the sheet was reported.
    pub reported: Option<Day>,
    /// The training that it names: its first day, and whether it was away.
    #[serde(default)]
    pub training: Option<(Day, bool)>,
    /// Its cells.
    pub cells: Vec<LedgerCell>,
}

/// A cell under its heading.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LedgerCell {
    /// The heading as the sheet has it.
    pub heading: String,
    /// The column that it means, if it is known.
    pub column: Option<String>,
    /// What stands in it.
    #[serde(with = "as_text")]
    pub value: CellValue,
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::workbook::CellValue;

    pub fn serialize<S: Serializer>(value: &CellValue, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.text())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CellValue, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text.is_empty() { CellValue::Empty } else { CellValue::Text(text.into()) })
    }
}

/// What a row means: everything its record needs.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    pub prefecture: Prefecture,
    pub kind: String,
    pub shape: Shape,
    /// The record's place.
    pub area: AreaCode,
    /// The row's place, when the record stands at the prefecture.
    pub line_area: Option<AreaCode>,
    pub title: String,
    pub day: Option<Day>,
    pub until: Option<Day>,
    pub quantity: Option<i64>,
    pub fields: Fields,
    pub personal: BTreeMap<String, String>,
    pub handler: Option<String>,
    pub ended: Option<Ended>,
    pub line: Option<DraftLine>,
    pub unit: String,
    pub scores: BTreeMap<String, i64>,
    pub grade: String,
    pub fen: Option<i64>,
    pub grid: Option<String>,
    /// What identifies the record besides kind, place and title.
    pub key: Vec<String>,
}

/// The dated line that a row leaves on an entry.
#[derive(Clone, PartialEq, Debug)]
pub struct DraftLine {
    pub day: Day,
    pub fields: Fields,
    pub key: Vec<String>,
}

/// What rows are read with.
pub struct Reader<'a> {
    pub catalog: &'a Catalog,
    pub ledgers: &'a Ledgers,
    pub gazetteer: &'a Gazetteer<'a>,
}

impl LedgerRow {
    /// The cell of a column; of several, the first that is not empty.
    pub(crate) fn cell(&self, column: &str) -> Option<&LedgerCell> {
        let mut cells = self.cells.iter().filter(|cell| cell.column.as_deref() == Some(column));
        let first = cells.clone().next();
        cells.find(|cell| !cell.value.is_empty()).or(first)
    }

    /// The county that it names.
    pub fn county(&self, ledger: &Ledger) -> Option<String> {
        let column = ledger.columns.iter().find(|column| column.holds == Holds::County)?;
        Some(self.cell(&column.code)?.value.text()).filter(|name| !name.is_empty())
    }

    /// Where it came from, with the cells that the ledger knows: personal columns are left out, and so is everything under a
    /// heading that nobody knows, because the journal cannot forget it again. What is left out stays in the ledger.
    pub fn source(&self, ledger: Option<&Ledger>) -> Source {
        let column = |cell: &LedgerCell| ledger?.column(cell.column.as_deref()?);
        let open = |cell: &&LedgerCell| column(cell).is_some_and(|column| column.holds != Holds::Personal);
        let cells = self.cells.iter().filter(open).filter(|cell| !cell.value.is_empty());
        Source {
            file: mask(&self.file),
            sheet: mask(&self.sheet),
            row: self.number,
            cells: cells.map(|cell| (cell.heading.clone(), mask(&cell.value.text()))).collect(),
        }
    }

    /// What a training is called, and whether its name or place says that it was held outside the region.
    pub fn is_away(&self, ledgers: &Ledgers) -> bool {
        let says = |column: &str| self.cell(column).map(|cell| cell.value.text()).unwrap_or_default();
        let text = says("title") + &says("place");
        ledgers.away.iter().any(|word| text.contains(word.as_str()))
    }

    /// The headings under which it says something else than another row, the running number apart.
    pub fn differs<'r>(&'r self, other: &Self) -> Vec<&'r str> {
        let cell = |row: &Self, heading: &str| {
            let found = row.cells.iter().find(|cell| cell.heading == heading);
            found.map(|cell| squeeze(&cell.value.text())).unwrap_or_default()
        };
        let headings =
            self.cells.iter().map(|cell| cell.heading.as_str()).filter(|heading| !is_number_heading(heading));
        headings.filter(|heading| cell(self, heading) != cell(other, heading)).collect()
    }

    /// Every cell with its heading, for telling whether a kept row has changed.
    pub fn said(&self) -> String {
        let cells = self.cells.iter().map(|cell| mask(&format!("{}={}", cell.heading, cell.value.text())));
        cells.collect::<Vec<_>>().join("\u{1f}")
    }

    /// Everything but the running number and remarks, written in one way: equal for rows that say the same.
    pub fn content(&self, ledger: &Ledger) -> String {
        let mut content = String::new();
        for cell in &self.cells {
            let holds = cell.column.as_ref().and_then(|code| ledger.column(code)).map(|column| column.holds);
            if holds == Some(Holds::Ignored) && is_number_heading(&cell.heading) {
                continue;
            }
            let text = match holds {
                Some(Holds::Day) => value::day(&cell.value).map(|day| day.to_string()),
                _ => None,
            };
            content.push_str(&text.unwrap_or_else(|| squeeze(&cell.value.text())));
            content.push('\u{1f}');
        }
        content
    }
}

/// Only the running number may differ between a row and its repetition.
fn is_number_heading(heading: &str) -> bool {
    ["序号", "编号", "序", "号", "No", "NO", "no"].contains(&squeeze(heading).trim_end_matches('.'))
}

impl Reader<'_> {
    /// What a row means.
    ///
    /// # Errors
    /// The first thing that is wrong with it: place, then the columns in the order of the catalog, then the order of days.
    pub fn read(&self, row: &LedgerRow, ledger: &Ledger) -> Result<Draft, RowRefusal> {
        let rule = &ledger.record;
        if let Some(missing) = missing_columns(row, ledger).first() {
            return Err(RowRefusal::MissingColumn { missing: missing.heading.clone(), unknown: unknown_headings(row) });
        }
        let place = self.place(row, ledger)?;
        let values = Values { row, ledger };
        let kind_code = match &rule.kind_from {
            Some(column) => values.required_choice(column)?,
            None => rule.kind.clone(),
        };
        let kind = self
            .catalog
            .kind(&kind_code)
            .map_err(|refusal| RowRefusal::Domain { code: refusal.code().to_owned(), message: refusal.to_string() })?;
        values.check_required()?;
        let prefecture = place.prefecture().ok_or_else(|| RowRefusal::MissingArea { column: lowest_place(ledger) })?;
        let day = match &rule.day {
            Some(column) => values.day(column)?,
            None => row.reported,
        };
        if day.is_none() && !matches!(kind.shape, Shape::Entry | Shape::Stock) {
            return Err(RowRefusal::MissingDate { column: "填报时间".to_owned() });
        }
        let until = rule.until.as_ref().map(|column| values.day(column)).transpose()?.flatten();
        if let (Some(from), Some(to), Some(column)) = (day, until, &rule.until)
            && to < from
        {
            return Err(values.out_of_order(column, rule.day.as_deref()));
        }
        let grid = rule.grid.as_ref().and_then(|column| values.text(column));
        let title = Some(values.title(&rule.title))
            .filter(|title| !title.is_empty())
            .or_else(|| grid.clone())
            .unwrap_or_default();
        if title.is_empty() {
            return Err(RowRefusal::MissingValue { column: ledger.columns[0].heading.clone() });
        }
        let away = rule.away_field.is_some().then(|| row.is_away(self.ledgers));
        let mut fields = values.fields(kind, &rule.fields)?;
        fields.extend(rule.fixed.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let (Some(field), Some(away)) = (&rule.away_field, away) {
            fields.insert(field.clone(), json!(away));
        }
        let (area, line_area) = if rule.at_prefecture { (prefecture.area(), Some(place)) } else { (place, None) };
        Ok(Draft {
            prefecture,
            shape: kind.shape,
            area: rule.area_from.as_ref().map_or(area, |column| self.place_of_organisation(row, column, area)),
            line_area,
            title,
            day,
            until,
            quantity: rule.quantity.as_ref().map(|column| values.count(column)).transpose()?.flatten(),
            fields,
            personal: values.personal(&rule.personal),
            handler: rule.handler.as_ref().and_then(|column| values.text(column)),
            ended: values.ended(kind, day)?,
            line: self.line(&values, ledger)?,
            unit: rule.unit.as_ref().map(|unit| values.text(unit).unwrap_or_else(|| unit.clone())).unwrap_or_default(),
            scores: values.scores()?,
            grade: rule.grade.as_ref().map(|column| values.required_choice(column)).transpose()?.unwrap_or_default(),
            fen: rule.money.as_ref().map(|column| values.money(column)).transpose()?.flatten(),
            grid,
            key: rule.key.iter().map(|column| values.key(column)).collect(),
            kind: kind_code,
        })
    }

    fn place(&self, row: &LedgerRow, ledger: &Ledger) -> Result<AreaCode, RowRefusal> {
        let column = |holds: Holds| ledger.columns.iter().find(|column| column.holds == holds);
        let text = |holds: Holds| {
            let cell = row.cell(&column(holds)?.code)?;
            Some(fold(&cell.value.text()).trim().to_owned())
        };
        let (county, township, village) = (text(Holds::County), text(Holds::Township), text(Holds::Village));
        let lowest = lowest_place(ledger);
        let found =
            self.gazetteer.find(county.as_deref(), township.as_deref(), village.as_deref(), row.around, &lowest);
        // The gazetteer knows names; in which cell the wrong one stands is known here.
        let under = |name: &str| {
            let places = [(Holds::County, &county), (Holds::Township, &township), (Holds::Village, &village)];
            let (holds, _) = places.into_iter().find(|(_, text)| text.as_deref() == Some(name))?;
            row.cell(&column(holds)?.code).map(|cell| cell.heading.clone())
        };
        found.map_err(|refusal| match refusal {
            RowRefusal::UnknownArea { name, within, .. } => {
                RowRefusal::UnknownArea { column: under(&name), name, within }
            }
            RowRefusal::AmbiguousArea { name, .. } => RowRefusal::AmbiguousArea { column: under(&name), name },
            other => other,
        })
    }

    /// 「噶尔新村党支部」 sits in 噶尔新村, if there is one in the area; otherwise in the area.
    fn place_of_organisation(&self, row: &LedgerRow, column: &str, area: AreaCode) -> AreaCode {
        let name = row.cell(column).map(|cell| value::name(&cell.value.text())).unwrap_or_default();
        let endings = ["党总支", "党支部", "支部委员会", "党委", "支部"];
        let stem = endings.iter().find_map(|ending| name.split_once(ending)).map_or(name.as_str(), |(stem, _)| stem);
        match area.level() < Level::Village {
            true => self.gazetteer.village_named(stem, area).unwrap_or(area),
            false => area,
        }
    }

    fn line(&self, values: &Values<'_>, ledger: &Ledger) -> Result<Option<DraftLine>, RowRefusal> {
        let Some(rule) = &ledger.record.line else { return Ok(None) };
        let mut fields = Fields::new();
        for (name, column) in &rule.fields {
            if let Some(choice) = values.choice(column)? {
                let value = match choice.as_str() {
                    "true" => json!(true),
                    "false" => json!(false),
                    other => json!(other),
                };
                fields.insert(name.clone(), value);
            }
        }
        let day = match &rule.training {
            Some(column) => {
                let name = values.text(column).unwrap_or_default();
                let (day, away) = values.row.training.ok_or(RowRefusal::UnknownTraining { name })?;
                fields.insert("away".to_owned(), json!(away));
                day
            }
            None => {
                let column = rule.day.as_ref().ok_or(RowRefusal::MissingDate { column: "日期".to_owned() })?;
                values.day(column)?.ok_or_else(|| RowRefusal::MissingDate { column: values.heading(column) })?
            }
        };
        Ok(Some(DraftLine { day, fields, key: rule.key.iter().map(|column| values.key(column)).collect() }))
    }
}

/// The place column that stands lowest, by its heading.
fn lowest_place(ledger: &Ledger) -> String {
    let lowest = [Holds::Village, Holds::Township, Holds::County]
        .into_iter()
        .find_map(|holds| ledger.columns.iter().find(|column| column.holds == holds));
    lowest.map_or_else(|| "村(社区)".to_owned(), |column| column.heading.clone())
}

/// Required columns that no heading means.
pub fn missing_columns<'l>(row: &LedgerRow, ledger: &'l Ledger) -> Vec<&'l Column> {
    let has = |column: &&Column| row.cells.iter().any(|cell| cell.column.as_deref() == Some(column.code.as_str()));
    ledger.columns.iter().filter(|column| column.required && !has(column)).collect()
}

fn unknown_headings(row: &LedgerRow) -> String {
    let unknown = row.cells.iter().filter(|cell| cell.column.is_none() && !cell.heading.is_empty());
    unknown.map(|cell| cell.heading.as_str()).collect::<Vec<_>>().join("、")
}

/// The values of one row, by column.
struct Values<'r> {
    row: &'r LedgerRow,
    ledger: &'r Ledger,
}

impl Values<'_> {
    fn value(&self, column: &str) -> &CellValue {
        self.row.cell(column).map_or(&CellValue::Empty, |cell| &cell.value)
    }

    fn column(&self, code: &str) -> &Column {
        self.ledger.column(code).unwrap_or_else(|| unreachable!("checked when the catalog was read"))
    }

    /// The heading as the sheet has it.
    fn heading(&self, column: &str) -> String {
        self.row.cell(column).map_or_else(|| self.column(column).heading.clone(), |cell| cell.heading.clone())
    }

    fn check_required(&self) -> Result<(), RowRefusal> {
        let required = self.ledger.columns.iter().filter(|column| column.required && !column.holds.is_place());
        for column in required {
            if self.is_blank(&column.code) {
                let heading = self.heading(&column.code);
                return Err(match column.holds {
                    Holds::Day => RowRefusal::MissingDate { column: heading },
                    _ => RowRefusal::MissingValue { column: heading },
                });
            }
        }
        Ok(())
    }

    fn is_blank(&self, column: &str) -> bool {
        let value = self.value(column);
        value.is_empty() || matches!(value, CellValue::Text(text) if means_nothing(text))
    }

    fn text(&self, column: &str) -> Option<String> {
        if self.ledger.column(column).is_none() || self.is_blank(column) {
            return None;
        }
        let text = self.value(column).text();
        let text = match self.column(column).holds {
            Holds::Name => value::name(&fold(&text)),
            _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        Some(mask(&text)).filter(|text| !text.is_empty())
    }

    fn day(&self, column: &str) -> Result<Option<Day>, RowRefusal> {
        if self.is_blank(column) {
            return Ok(None);
        }
        let value = self.value(column);
        let bad = || RowRefusal::BadDate { column: self.heading(column), text: mask(&value.text()) };
        value::day(value).map(Some).ok_or_else(bad)
    }

    fn count(&self, column: &str) -> Result<Option<i64>, RowRefusal> {
        if self.is_blank(column) {
            return Ok(None);
        }
        let value = self.value(column);
        value::count(value, &is_unit).map(Some).ok_or_else(|| self.bad_number(column))
    }

    fn money(&self, column: &str) -> Result<Option<i64>, RowRefusal> {
        if self.is_blank(column) {
            return Ok(None);
        }
        let yuan_each = if self.heading(column).contains('万') { 10_000 } else { 1 };
        value::money(self.value(column), yuan_each).map(Some).ok_or_else(|| self.bad_number(column))
    }

    fn bad_number(&self, column: &str) -> RowRefusal {
        RowRefusal::BadNumber { column: self.heading(column), text: mask(&self.value(column).text()) }
    }

    fn scores(&self) -> Result<BTreeMap<String, i64>, RowRefusal> {
        let mut scores = BTreeMap::new();
        for column in &self.ledger.record.scores {
            if self.is_blank(column) {
                continue;
            }
            let points = value::points(self.value(column), &is_unit).ok_or_else(|| self.bad_number(column))?;
            scores.insert(crate::ledger::bare_heading(&self.heading(column)), points);
        }
        Ok(scores)
    }

    fn choice(&self, column: &str) -> Result<Option<String>, RowRefusal> {
        if self.value(column).is_empty() {
            return Ok(None);
        }
        let text = self.value(column).text();
        match value::choice(&text, &self.column(column).choices) {
            Some(choice) => Ok(Some(choice.to_owned())),
            None if means_nothing(&text) => Ok(None),
            None => Err(RowRefusal::UnknownChoice { column: self.heading(column), text: mask(&text) }),
        }
    }

    fn required_choice(&self, column: &str) -> Result<String, RowRefusal> {
        self.choice(column)?.ok_or_else(|| RowRefusal::MissingValue { column: self.heading(column) })
    }

    /// What the column contributes to the record's identity.
    fn key(&self, column: &str) -> String {
        match self.column(column).holds {
            Holds::Day => value::day(self.value(column)).map(|day| day.to_string()).unwrap_or_default(),
            Holds::Count => {
                value::count(self.value(column), &is_unit).map(|count| count.to_string()).unwrap_or_default()
            }
            Holds::Choice => {
                value::choice(&self.value(column).text(), &self.column(column).choices).unwrap_or_default().to_owned()
            }
            _ => mask(&squeeze(&self.value(column).text())),
        }
    }

    fn title(&self, template: &str) -> String {
        let mut title = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (column, behind) = after.split_once('}').unwrap_or((after, ""));
            title.push_str(before);
            title.push_str(&self.text(column).unwrap_or_default());
            rest = behind;
        }
        title.push_str(rest);
        title.trim().to_owned()
    }

    fn fields(&self, kind: &Kind, rule: &BTreeMap<String, String>) -> Result<Fields, RowRefusal> {
        let mut fields = Fields::new();
        for (name, column) in rule {
            let Some(field) = kind.form.fields.iter().find(|field| field.code == *name) else { continue };
            if let Some(value) = self.field(column)?.filter(|value| is_allowed(&field.schema, value)) {
                fields.insert(name.clone(), value);
            }
        }
        Ok(fields)
    }

    fn field(&self, column: &str) -> Result<Option<Value>, RowRefusal> {
        Ok(match self.column(column).holds {
            Holds::Day => self.day(column)?.map(|day| json!(day)),
            Holds::Count => self.count(column)?.map(|count| json!(count)),
            Holds::Choice => self.choice(column)?.map(|choice| match choice.as_str() {
                "true" => json!(true),
                "false" => json!(false),
                other => json!(other),
            }),
            Holds::Names => Some(value::names(&mask(&self.value(column).text())))
                .filter(|names| !names.is_empty())
                .map(|names| json!(names)),
            Holds::List => Some(value::list(&mask(&self.value(column).text())))
                .filter(|items| !items.is_empty())
                .map(|items| json!(items)),
            _ => self.text(column).map(|text| json!(text)),
        })
    }

    fn personal(&self, rule: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let value =
            |column: &String| Some(self.value(column).text()).filter(|text| !text.is_empty() && !means_nothing(text));
        rule.iter().filter_map(|(name, column)| Some((name.clone(), value(column)?))).collect()
    }

    fn ended(&self, kind: &Kind, day: Option<Day>) -> Result<Option<Ended>, RowRefusal> {
        let Some(rule) = self.ledger.record.ended.as_ref().filter(|_| kind.shape == Shape::Case) else {
            return Ok(None);
        };
        let ended_on = rule.day.as_ref().map(|column| self.day(column)).transpose()?.flatten();
        let said = rule.column.as_ref().filter(|column| self.row.cell(column).is_some());
        let outcome = match said {
            Some(column) => self.choice(column)?.and_then(|choice| rule.outcomes.get(&choice).cloned()),
            None => ended_on.and_then(|_| rule.outcomes.get("yes").or(rule.outcomes.values().next()).cloned()),
        };
        let Some(outcome) = outcome else { return Ok(None) };
        let ended_on = match &rule.day {
            Some(column) => ended_on.ok_or_else(|| RowRefusal::MissingDate { column: self.heading(column) })?,
            None => day.ok_or(RowRefusal::MissingDate { column: "填报时间".to_owned() })?,
        };
        if let (Some(found), Some(column)) = (day, &rule.day)
            && ended_on < found
        {
            return Err(self.out_of_order(column, self.ledger.record.day.as_deref()));
        }
        Ok(Some(Ended { day: ended_on, outcome }))
    }

    fn out_of_order(&self, column: &str, before: Option<&str>) -> RowRefusal {
        let before = before.map_or_else(|| "填报时间".to_owned(), |column| self.heading(column));
        RowRefusal::FinishedBeforeFound { column: self.heading(column), before }
    }
}

/// What people write to say that there is nothing to say.
fn means_nothing(text: &str) -> bool {
    let text = squeeze(text);
    text.is_empty() || ["/", "\\", "-", "--", "—", "——", "无", "暂无"].contains(&text.as_str())
}

/// A unit behind a number: one to three characters that do not make the number vague.
fn is_unit(unit: &str) -> bool {
    let short = (1..=3).contains(&unit.chars().count());
    short && !unit.contains(|c: char| c.is_ascii() || "万千百十余多至到约几左右零一二三四五六七八九".contains(c))
}

/// A choice that the field has no value for is no field of this kind of record.
fn is_allowed(schema: &Value, value: &Value) -> bool {
    match schema.get("enum") {
        Some(Value::Array(allowed)) => allowed.contains(value),
        _ => true,
    }
}
