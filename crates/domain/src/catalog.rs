//! The catalog: kinds of records, their fields and outcomes, as data.
//!
//! `catalog/kinds.toml` is read once at start and checked whole; a mistake names its file and line. Figures and
//! ledger formats stand in files of their own and are parsed by `tahuang-figures` and `tahuang-intake`, with the same
//! [`CatalogError`] and [`Names`].

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::area::Level;
use crate::calendar::Period;
use crate::checklist::Checklists;
pub use crate::form::{Field, Form};
use crate::ids::Fields;
pub use crate::line_kind::{LineKind, Then};
use crate::line_kind::{LineText, check_lines};
use crate::refusal::Refusal;

/// The kind of line that a claim leaves on the unit which makes it; built in, because no command names it. An entry whose
/// kind has such lines can claim.
pub const CLAIM_LINE: &str = "claim";

/// The kind of a refused ledger row; built in, because no ledger can name it.
pub const LEDGER_ROW: &str = "ledger_row";
/// The kind of the entries that say which closed cases were drawn for revisits, and how.
pub const REVISIT_DRAW: &str = "revisit_draw";

/// The four shapes of records and the specialists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Exists from a day to a day.
    Entry,
    /// On a day, with a quantity.
    Fact,
    /// On a day, with people.
    Activity,
    /// Until closed.
    Case,
    /// A stock of goods.
    Stock,
    /// A result in an assessment round.
    Assessment,
    /// A project with money.
    Project,
    /// A ledger row that could not be accepted.
    LedgerRow,
    /// A sheet of one check of one place.
    Check,
}

impl Shape {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Fact => "fact",
            Self::Activity => "activity",
            Self::Case => "case",
            Self::Stock => "stock",
            Self::Assessment => "assessment",
            Self::Project => "project",
            Self::LedgerRow => "ledger_row",
            Self::Check => "check",
        }
    }

    /// Whether dated lines are entered on records of this shape.
    pub const fn takes_lines(self) -> bool {
        matches!(self, Self::Entry | Self::Case | Self::Activity)
    }

    /// A small number that stores keep instead of the code.
    pub const fn number(self) -> i64 {
        self as i64
    }
}

/// The languages of the system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// Chinese, the first language.
    #[default]
    ZhCn,
    /// Tibetan.
    Bo,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::Bo => "bo",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that the system has.
    pub fn accepted(header: &str) -> Self {
        for part in header.split(',') {
            let tag = part.split(';').next().unwrap_or_default().trim();
            match tag.split('-').next().unwrap_or_default() {
                "zh" => return Self::ZhCn,
                "bo" => return Self::Bo,
                "en" => return Self::En,
                _ => {}
            }
        }
        Self::ZhCn
    }
}

/// What something is called.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// Tibetan; Chinese stands in where a word has not been agreed.
    #[serde(default)]
    pub bo: Option<String>,
    /// English.
    pub en: String,
}

impl Names {
    /// The name in a language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh,
            Language::Bo => self.bo.as_deref().unwrap_or(&self.zh),
            Language::En => &self.en,
        }
    }
}

/// A mistake in the catalog, with the place where it stands.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub struct CatalogError {
    /// File name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl CatalogError {
    /// A mistake at a byte offset of a file's text.
    pub fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let line = 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Self { file: file.to_owned(), line, message: message.into() }
    }

    /// What the TOML reader said, with its place.
    pub fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        Self::at(file, text, error.span().map_or(0, |span| span.start), error.message())
    }
}

/// A kind of record.
#[derive(Debug)]
pub struct Kind {
    /// The permanent code.
    pub code: String,
    /// Its shape.
    pub shape: Shape,
    /// What it is called.
    pub names: Names,
    /// Entries that are themselves areas (a division or a grid): their area code is their own.
    pub is_area: bool,
    /// Entries that stand at the prefecture and belong to all of it: whoever may record in a part of it may read and enter
    /// them, and leave lines on them at their own places. A unit that reports to many communities is one.
    pub shared: bool,
    /// The lowest level of area it must stand at, for instance a grid for a grid's party organisation.
    pub level_min: Option<Level>,
    /// Its open and its personal fields.
    pub form: Form,
    /// How a case of this kind can end.
    pub outcomes: Vec<Outcome>,
    /// Which steps of the life of a case are switched off.
    pub skip: Vec<Step>,
    /// How long its steps may take.
    pub due: Due,
    /// It stands on the published list of grid tasks (网格事项清单).
    pub grid_task: bool,
    /// How residents ask for it themselves; absent when they do not.
    pub residents: Option<ForResidents>,
    /// How it stands on the public board of its place and is claimed there; absent when it does not.
    pub board: Option<OnBoard>,
    /// Its work counts as done only with evidence attached: a picture, or a document.
    pub evidence: bool,
    /// Kinds of dated lines that are entered on it.
    pub lines: Vec<LineKind>,
    /// Fields that name another entry, on which this one leaves a line while it is active.
    pub links: Vec<Link>,
}

/// How a case can end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub name: Names,
    /// Kinds of lines that have to stand on a case before it ends so.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// A field of an entry that names another entry by its subject id.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The field that holds the other entry's id.
    pub field: String,
    /// The kind of line that is left there.
    pub line: String,
}

/// How long the steps of a case may take. Local rules differ, so a kind without a clock is a kind like any other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// From the report to the first answer: accepting, declining, or assigning.
    pub accept: Option<Period>,
    /// From then on, until the work is done.
    pub finish: Option<Period>,
    /// From then on, until somebody has checked it, and again until it is closed.
    pub check: Option<Period>,
    /// How long a resident who asked has to say whether it is solved, before the case may be closed without their word.
    pub answer: Option<Period>,
}

/// A kind as residents ask for it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForResidents {
    /// Its place on their page, from 1.
    pub place: u8,
    /// What it is called there: the words of an office are not those of a village.
    pub name: Names,
    /// Fields that whoever asks may fill in, where more than words is asked. The others are for those who deal with it.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// A kind as it stands on the public board, where units and members claim it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBoard {
    /// Working days that a claim may last at most.
    #[serde(default = "claim_working_days")]
    pub claim_working_days: u16,
    /// The outcome with which what was claimed is closed. For another one the claim is given back first.
    pub fulfilled: String,
}

const fn claim_working_days() -> u16 {
    15
}

/// A step of the ladder by which a late case is told of upwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// The level whose office hears of it.
    pub level: Level,
    /// Once it is so many working days late.
    pub working_days: u16,
}

/// Steps of the life of a case that a kind can do without.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Taking on before assigning.
    Accept,
    /// Checking by somebody else before closing.
    Check,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindsFile {
    #[serde(default)]
    remind_working_days: u16,
    #[serde(default)]
    escalation: Vec<Spanned<Rung>>,
    kind: Vec<KindText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindText {
    code: Spanned<String>,
    shape: Shape,
    name: Names,
    #[serde(default)]
    is_area: bool,
    #[serde(default)]
    shared: bool,
    level_min: Option<Level>,
    #[serde(default)]
    field: Vec<Field>,
    #[serde(default)]
    personal: Vec<Field>,
    #[serde(default)]
    outcome: Vec<Outcome>,
    #[serde(default)]
    skip: Vec<Step>,
    #[serde(default)]
    due: Due,
    #[serde(default)]
    grid_task: bool,
    residents: Option<ForResidents>,
    board: Option<OnBoard>,
    #[serde(default)]
    evidence: bool,
    #[serde(default)]
    line: Vec<LineText>,
    #[serde(default)]
    link: Vec<Link>,
}

/// All kinds, by code.
#[derive(Debug)]
pub struct Catalog {
    kinds: BTreeMap<String, Kind>,
    /// How many working days before a day is due the handler is reminded; 0 for the day itself.
    pub remind_working_days: u16,
    /// Who hears of a case that is late, the nearest first.
    pub escalation: Vec<Rung>,
    /// The lists by which places are checked.
    pub checklists: Checklists,
}

impl Catalog {
    /// Reads and checks `catalog/kinds.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str) -> Result<Self, CatalogError> {
        let read: KindsFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
        let mut links = Vec::new();
        for pair in read.escalation.windows(2) {
            let (below, above) = (pair[0].as_ref(), pair[1].as_ref());
            if above.level >= below.level || above.working_days <= below.working_days {
                let message = "escalation: each rung is higher and later than the one before";
                return Err(CatalogError::at(file, text, pair[1].span().start, message));
            }
        }
        for kind in read.kind {
            let offset = kind.code.span().start;
            let fail = |message: String| CatalogError::at(file, text, offset, message);
            let code = kind.code.as_ref().clone();
            if code == LEDGER_ROW || kind.shape == Shape::LedgerRow {
                return Err(fail(format!("kind {code}: ledger rows are built in")));
            }
            if kind.shape == Shape::Case && kind.outcome.is_empty() {
                return Err(fail(format!("kind {code}: a case needs at least one [[kind.outcome]]")));
            }
            let of_cases = kind.evidence
                || kind.grid_task
                || kind.residents.is_some()
                || kind.board.is_some()
                || kind.due != Due::default();
            if kind.shape != Shape::Case && !(kind.outcome.is_empty() && kind.skip.is_empty() && !of_cases) {
                return Err(fail(format!("kind {code}: only a case has outcomes, steps and days that are due")));
            }
            if kind.due.accept.is_some() && kind.due.finish.is_none() {
                return Err(fail(format!("kind {code}: a first answer that is due, and no work that is")));
            }
            if let Some(board) = &kind.board
                && !kind.outcome.iter().any(|outcome| outcome.code == board.fulfilled)
            {
                return Err(fail(format!("kind {code}: board: there is no outcome {}", board.fulfilled)));
            }
            let of_entries = kind.is_area || kind.shared || !kind.link.is_empty();
            if of_entries && kind.shape != Shape::Entry {
                return Err(fail(format!("kind {code}: only an entry has links or is an area")));
            }
            if !kind.line.is_empty() && !kind.shape.takes_lines() {
                return Err(fail(format!("kind {code}: only an entry, a case or an activity has lines")));
            }
            let asked = kind.residents.iter().flat_map(|asked| &asked.fields);
            if let Some(field) = asked.into_iter().find(|code| !kind.field.iter().any(|field| field.code == **code)) {
                return Err(fail(format!("kind {code}: residents may not fill in {field}, which is no open field")));
            }
            if let Some(link) = kind.link.iter().find(|link| !kind.field.iter().any(|f| f.code == link.field)) {
                return Err(fail(format!("kind {code}: link field {} is not declared", link.field)));
            }
            links.extend(kind.link.iter().map(|link| (offset, link.line.clone())));
            let of_kind = |problem: String| fail(format!("kind {code}: {problem}"));
            let form = Form::new(kind.field, kind.personal).map_err(of_kind)?;
            let lines: Result<Vec<LineKind>, String> = kind.line.into_iter().map(LineText::read).collect();
            let lines = lines.map_err(of_kind)?;
            check_lines(&lines, &kind.outcome).map_err(of_kind)?;
            let kind = Kind {
                code: code.clone(),
                shape: kind.shape,
                names: kind.name,
                is_area: kind.is_area,
                shared: kind.shared,
                level_min: kind.level_min,
                form,
                outcomes: kind.outcome,
                skip: kind.skip,
                due: kind.due,
                grid_task: kind.grid_task,
                residents: kind.residents,
                board: kind.board,
                evidence: kind.evidence,
                lines,
                links: kind.link,
            };
            if kinds.insert(code.clone(), kind).is_some() {
                return Err(fail(format!("kind {code} stands twice")));
            }
        }
        let is_declared = |line: &String| kinds.values().any(|kind| kind.lines.iter().any(|known| known.code == *line));
        if let Some((offset, line)) = links.iter().find(|(_, line)| !is_declared(line)) {
            return Err(CatalogError::at(
                file,
                text,
                *offset,
                format!("no kind has the line {line} that a link leaves"),
            ));
        }
        let ledger_row = ledger_row_kind();
        kinds.insert(ledger_row.code.clone(), ledger_row);
        let escalation = read.escalation.into_iter().map(Spanned::into_inner).collect();
        let checklists = Checklists::default();
        Ok(Self { kinds, remind_working_days: read.remind_working_days, escalation, checklists })
    }

    /// The same, knowing the lists by which places are checked.
    ///
    /// # Errors
    /// The first mistake in `catalog/checklists.toml`, with file and line.
    pub fn with_checklists(mut self, file: &str, text: &str) -> Result<Self, CatalogError> {
        self.checklists = Checklists::parse(file, text, &self)?;
        Ok(self)
    }

    /// The kind with this code.
    ///
    /// # Refusals
    /// `UnknownKind`.
    pub fn kind(&self, code: &str) -> Result<&Kind, Refusal> {
        self.kinds.get(code).ok_or_else(|| Refusal::UnknownKind { kind: code.to_owned() })
    }

    /// The longest time before a day that somebody is reminded of it, in working days.
    pub fn remind_at_most(&self) -> u16 {
        let then = self.kinds.values().flat_map(|kind| &kind.lines).filter_map(|line| line.then.as_ref());
        then.map(|then| then.remind_working_days).max().unwrap_or_default().max(self.remind_working_days)
    }

    /// Whether lines of this kind are left by records that link to the entry or claim something in its name. They come and
    /// go with those records.
    pub fn is_left_by_link(&self, line_kind: &str) -> bool {
        line_kind == CLAIM_LINE || self.kinds.values().any(|kind| kind.links.iter().any(|link| link.line == *line_kind))
    }

    /// All kinds, in the order of their codes.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values()
    }
}

impl Kind {
    /// Checks extra fields against the kind's JSON Schema.
    ///
    /// # Refusals
    /// Those of [`Form::check`].
    pub fn check_fields(&self, fields: &Fields) -> Result<(), Refusal> {
        self.form.check(fields)
    }

    /// The line of this kind with that code.
    pub fn line(&self, code: &str) -> Option<&LineKind> {
        self.lines.iter().find(|line| line.code == code)
    }

    /// Whether a case of this kind ends with that outcome.
    pub fn has_outcome(&self, outcome: &str) -> bool {
        self.outcomes.iter().any(|known| known.code == outcome)
    }
}

fn ledger_row_kind() -> Kind {
    let names = Names { zh: "待处理台账行".to_owned(), bo: None, en: "Ledger row to be fixed".to_owned() };
    Kind {
        code: LEDGER_ROW.to_owned(),
        shape: Shape::LedgerRow,
        names,
        is_area: false,
        shared: false,
        level_min: None,
        form: Form::new(Vec::new(), Vec::new())
            .unwrap_or_else(|problem| unreachable!("the empty form is one: {problem}")),
        outcomes: Vec::new(),
        skip: Vec::new(),
        due: Due::default(),
        grid_task: false,
        residents: None,
        board: None,
        evidence: false,
        lines: Vec::new(),
        links: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_mistake_in_the_catalog_names_file_and_line() {
        let text = "\n[[kind]]\ncode = \"hazard\"\nshape = \"case\"\nname = { zh-CN = \"隐患\", en = \"Hazard\" }\n";
        let error = Catalog::parse("kinds.toml", text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("kinds.toml", 3));
        assert!(error.message.contains("outcome"), "{error}");
    }

    #[test]
    fn an_unknown_key_names_its_line() {
        let text = "[[kind]]\ncode = \"a\"\nshape = \"fact\"\ncolour = 1\nname = { zh-CN = \"甲\", en = \"A\" }\n";
        let error = Catalog::parse("kinds.toml", text).unwrap_err();
        assert_eq!(error.line, 4, "{error}");
    }

    #[test]
    fn fields_are_checked_against_the_schema() {
        let text = r#"
[[kind]]
code = "notice"
shape = "fact"
name = { zh-CN = "通知", en = "Notice" }
[[kind.field]]
code = "channel"
name = { zh-CN = "渠道", en = "Channel" }
schema = { enum = ["wechat", "sms"] }
required = true
[[kind.personal]]
code = "phone"
name = { zh-CN = "电话", en = "Telephone" }
"#;
        let catalog = Catalog::parse("kinds.toml", text).unwrap();
        let kind = catalog.kind("notice").unwrap();
        let check = |value: Value| kind.check_fields(value.as_object().unwrap()).map_err(|refusal| refusal.code());
        assert_eq!(check(json!({ "channel": "sms" })), Ok(()));
        assert_eq!(check(json!({})), Err("missing_value"));
        assert_eq!(check(json!({ "channel": "pigeon" })), Err("field_invalid"));
        assert_eq!(check(json!({ "channel": "sms", "other": 1 })), Err("field_invalid"));
        assert_eq!(check(json!({ "channel": "sms", "phone": "199" })), Err("personal_data_open"));
    }
}
