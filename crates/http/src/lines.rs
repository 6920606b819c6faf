//! The dated lines of a record, as people read them, and the forms in which they are entered.

use serde::Serialize;
use serde_json::Value;
use tahuang_app::Asker;
use tahuang_domain::catalog::LineKind;
use tahuang_domain::decide::line::open_lines;
use tahuang_domain::subject;
use tahuang_domain::{Body, Kind, Shape, Subject, Verb};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::needs::{InputType, Need, Step, need_of_field};
use crate::record::{FieldValue, Linked, hundredths};
use crate::speaker::{Named, Speaker};

/// A dated line, a movement of a stock, or an allocation to a project.
#[derive(Serialize, ToSchema)]
pub struct Line {
    pub id: Uuid,
    /// Of a dated line, its kind in the catalog.
    pub kind: Option<String>,
    pub kind_name: String,
    pub day: Option<String>,
    pub area_path: Option<String>,
    /// What it says in one text, where it has no fields of its own.
    pub text: String,
    pub fields: Vec<FieldValue>,
    /// Fields with personal data. Their values are asked for one by one.
    pub sealed: Vec<Named>,
    /// Until when another line has to follow on it, and which.
    pub awaits: Option<Awaits>,
    pub withdrawn: bool,
}

/// What has to follow on a line.
#[derive(Serialize, ToSchema)]
pub struct Awaits {
    pub name: String,
    pub until: String,
}

/// What a record has by way of lines.
#[derive(Serialize, ToSchema)]
pub struct Lines {
    /// Oldest first.
    pub entered: Vec<Line>,
    /// Forms for what this account may enter now, each a step `add_line` with its `line_kind`.
    pub forms: Vec<Step>,
    /// Whether this account may withdraw a line.
    pub withdraws: bool,
    /// Papers that the dossier still lacks; `null` when records of this kind have none.
    pub missing: Option<Vec<String>>,
}

impl Lines {
    pub fn of(speaker: &Speaker<'_>, asker: &Asker, kind: Option<&Kind>, subject: &Subject, linked: &Linked) -> Self {
        let may = |verb| speaker.app().permit(asker, verb, &subject.kind, subject.area).is_ok();
        let forms = kind.filter(|_| may(Verb::Record)).map(|kind| forms(speaker, kind, subject)).unwrap_or_default();
        Self {
            entered: entered(speaker, kind, subject, linked),
            forms,
            withdraws: kind.is_some_and(|kind| kind.shape != Shape::Entry) && !subject.withdrawn && may(Verb::Withdraw),
            missing: kind.and_then(|kind| missing(speaker, kind, subject)),
        }
    }
}

fn forms(speaker: &Speaker<'_>, kind: &Kind, subject: &Subject) -> Vec<Step> {
    let open = open_lines(&speaker.app().knowledge().catalog, kind, subject);
    open.into_iter().map(|line| form(speaker, line)).collect()
}

fn form(speaker: &Speaker<'_>, line: &LineKind) -> Step {
    let day = Need {
        code: "day".to_owned(),
        name: speaker.word("detail", "day").to_owned(),
        input: InputType::Day,
        required: true,
        choices: None,
        value: None,
    };
    let open = line.form.fields.iter().map(|field| {
        let need = need_of_field(speaker, field);
        Need { code: format!("fields.{}", field.code), ..need }
    });
    // What somebody said may be long, and is kept as it was said.
    let personal = line.form.personal.iter().map(|field| {
        let need = need_of_field(speaker, field);
        let input = if is_short(&field.code) { InputType::Text } else { InputType::LongText };
        Need { code: format!("personal.{}", field.code), input, ..need }
    });
    Step {
        command: "add_line".to_owned(),
        line_kind: Some(line.code.clone()),
        name: speaker.names(&line.names).to_owned(),
        beside: false,
        needs: std::iter::once(day).chain(open).chain(personal).collect(),
    }
}

fn is_short(code: &str) -> bool {
    matches!(code, "name" | "phone" | "address" | "person")
}

/// Papers of which a whole dossier consists and that are not there yet. One that the case has no place for any more, as an
/// agreement after a refusal, is not missing.
fn missing(speaker: &Speaker<'_>, kind: &Kind, subject: &Subject) -> Option<Vec<String>> {
    let papers: Vec<&LineKind> = kind.lines.iter().filter(|line| line.in_dossier).collect();
    if papers.is_empty() {
        return None;
    }
    let barred = |line: &LineKind| {
        kind.lines.iter().any(|other| other.bars.contains(&line.code) && subject.has_line(&other.code))
    };
    let lacking = papers.into_iter().filter(|line| !subject.has_line(&line.code) && !barred(line));
    Some(lacking.map(|line| speaker.names(&line.names).to_owned()).collect())
}

fn entered(speaker: &Speaker<'_>, kind: Option<&Kind>, subject: &Subject, linked: &Linked) -> Vec<Line> {
    match &subject.body {
        Body::Stock { unit, movements, .. } => movements
            .iter()
            .map(|movement| Line {
                day: movement.day.map(|day| day.to_string()),
                text: format!("{} {unit}", movement.quantity),
                ..Line::bare(movement.id.0, speaker.value_of_code("choice", &movement.direction))
            })
            .collect(),
        Body::Project { allocations, .. } => allocations
            .iter()
            .map(|allocation| Line {
                day: Some(allocation.day.to_string()),
                text: format!("{} {}", speaker.word("detail", "fen"), hundredths(allocation.fen)),
                ..Line::bare(allocation.id.0, speaker.word("detail", "allocation").to_owned())
            })
            .collect(),
        _ => subject.lines.iter().map(|line| dated(speaker, kind, line, linked)).collect(),
    }
}

impl Line {
    fn bare(id: Uuid, kind_name: String) -> Self {
        Self {
            id,
            kind: None,
            kind_name,
            day: None,
            area_path: None,
            text: String::new(),
            fields: Vec::new(),
            sealed: Vec::new(),
            awaits: None,
            withdrawn: false,
        }
    }
}

fn dated(speaker: &Speaker<'_>, kind: Option<&Kind>, line: &subject::Line, linked: &Linked) -> Line {
    let of = kind.and_then(|kind| kind.line(&line.kind));
    let formed = of.is_some_and(|of| !of.form.is_empty());
    let sealed = |code: &String| {
        let field = of.and_then(|of| of.form.personal_field(code));
        let name = field.map_or(code.as_str(), |field| speaker.names(&field.name)).to_owned();
        Named { code: code.clone(), name }
    };
    let then = of.and_then(|of| of.then.as_ref()).and_then(|then| kind?.line(&then.line));
    Line {
        id: line.id.0,
        kind: Some(line.kind.clone()),
        kind_name: name(speaker, kind, &line.kind),
        day: line.day.map(|day| day.to_string()),
        area_path: line.area.map(|area| speaker.path(area)),
        text: if formed { String::new() } else { pairs(speaker, &line.fields) },
        fields: of.map(|of| fields(speaker, of, line, linked)).unwrap_or_default(),
        sealed: line.sealed.keys().map(sealed).collect(),
        awaits: line
            .until
            .zip(then)
            .map(|(until, then)| Awaits { name: speaker.names(&then.names).to_owned(), until: until.to_string() }),
        withdrawn: line.withdrawn,
    }
}

/// A line's own fields, in the order of its form.
pub fn fields(speaker: &Speaker<'_>, of: &LineKind, line: &subject::Line, linked: &Linked) -> Vec<FieldValue> {
    let given = of.form.fields.iter().filter_map(|field| {
        let value = line.fields.get(&field.code)?;
        let called = value.as_str().and_then(|text| linked.get(&text.parse().ok()?)).cloned();
        let value = called.unwrap_or_else(|| speaker.field_value(field, value));
        Some(FieldValue { code: field.code.clone(), name: speaker.names(&field.name).to_owned(), value })
    });
    given.collect()
}

/// What a kind of line is called.
pub fn name(speaker: &Speaker<'_>, kind: Option<&Kind>, code: &str) -> String {
    let line = kind.and_then(|kind| kind.line(code));
    line.map_or_else(|| code.to_owned(), |line| speaker.names(&line.names).to_owned())
}

/// Other records that lines name.
pub fn linked_texts(subject: &Subject) -> impl Iterator<Item = &str> {
    subject.standing_lines().filter_map(|line| line.fields.get("case").and_then(Value::as_str))
}

/// Fields that no catalog names, as `code: value`.
fn pairs(speaker: &Speaker<'_>, fields: &tahuang_domain::Fields) -> String {
    let pairs =
        fields.iter().map(|(code, value)| format!("{}: {}", speaker.word("detail", code), speaker.value(value)));
    pairs.collect::<Vec<_>>().join("; ")
}
