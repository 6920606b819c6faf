//! A record with its history, as people read it.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use tahuang_app::accounts::ACCOUNT;
use tahuang_app::{Asker, HistoryEntry, RecordView};
use tahuang_domain::catalog::{LEDGER_ROW, REVISIT_DRAW};
use tahuang_domain::decide::activity;
use tahuang_domain::decide::beside::{is_for, open_beside};
use tahuang_domain::decide::board::open_on_board;
use tahuang_domain::decide::case::open_steps;
use tahuang_domain::subject::Released;
use tahuang_domain::{Body, Event, Kind, Subject, SubjectId, Verb};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attachment::{self, Attachment};
use crate::lines::{self, Lines};
use crate::needs::{self, Step};
use crate::quality;
use crate::speaker::{AreaRef, Named, Speaker, moment, part_code};

/// A record with its whole history.
#[derive(Serialize, ToSchema)]
#[schema(as = Subject)]
pub struct Record {
    pub id: Uuid,
    /// `entry`, `fact`, `activity`, `case`, `stock`, `assessment`, `project` or `ledger_row`.
    pub shape: &'static str,
    pub kind: String,
    pub kind_name: String,
    /// A case's number, by which people speak of it.
    pub number: Option<String>,
    pub title: String,
    pub area: AreaRef,
    /// The names from the county down.
    pub area_path: String,
    pub day: Option<String>,
    pub state: &'static str,
    pub state_name: String,
    /// How many events it has had; a command may name it, so as not to land on a newer record.
    pub revision: u32,
    pub withdrawn: bool,
    pub fields: Vec<FieldValue>,
    /// Fields with personal data. Their values are asked for one by one.
    pub sealed: Vec<Named>,
    /// Dated lines that were entered on it, movements of a stock, or allocations to a project.
    pub lines: Lines,
    /// Files that are attached to it, oldest first.
    pub files: Vec<Attachment>,
    /// Whether this account may attach files to it now.
    pub attaches: bool,
    /// Whether this account may remove files from it now.
    pub removes_files: bool,
    /// Cases that go on in this one, the one in which it goes on, and the sheet of the check that found it.
    pub related: Vec<Related>,
    pub counted_in: Vec<CountedIn>,
    /// What this account may do with it now.
    pub steps: Vec<Step>,
    /// Oldest first.
    pub history: Vec<HistoryEvent>,
}

#[derive(Serialize, ToSchema)]
pub struct FieldValue {
    pub code: String,
    pub name: String,
    /// As a person reads it; several texts stand in lines of their own.
    pub value: String,
}

/// Another case that tells of the same thing, or the sheet of the check that found it.
#[derive(Serialize, ToSchema)]
pub struct Related {
    /// What it is to this one.
    pub relation_name: String,
    pub id: Uuid,
    pub title: String,
}

/// A figure that counts the record.
#[derive(Serialize, ToSchema)]
pub struct CountedIn {
    pub figure: String,
    pub name: String,
    /// `all`, `numerator` or `denominator`.
    pub part: &'static str,
    pub amount: String,
}

#[derive(Serialize, ToSchema)]
pub struct HistoryEvent {
    pub position: u64,
    /// When the server recorded it (RFC 3339, UTC).
    pub at: String,
    pub actor_name: String,
    pub event: &'static str,
    pub event_name: String,
    pub details: Vec<Detail>,
    pub source: Option<SourceRow>,
    /// The journal's hash up to this event.
    pub hash: String,
}

#[derive(Serialize, ToSchema)]
pub struct Detail {
    pub name: String,
    pub value: String,
}

/// The ledger row that an event came from, without its personal cells.
#[derive(Serialize, ToSchema)]
pub struct SourceRow {
    pub file: String,
    pub sheet: String,
    pub row: u32,
    pub cells: Vec<Cell>,
}

#[derive(Serialize, ToSchema)]
pub struct Cell {
    pub heading: String,
    pub text: String,
}

/// The other records that a record's link fields name, with what they are called.
pub type Linked = HashMap<SubjectId, String>;

/// The ids that a record's link fields hold, those of cases that were merged with it, and that of its sheet.
pub fn linked_ids(kind: &Kind, subject: &Subject) -> Vec<SubjectId> {
    let texts = kind.links.iter().filter_map(|link| subject.fields.get(&link.field).and_then(Value::as_str));
    let merged = merged(subject).into_iter().map(|(_, id)| id);
    texts.chain(lines::linked_texts(subject)).filter_map(|text| text.parse().ok()).chain(merged).collect()
}

/// Cases that were merged with a case and the sheet of the check that found it, and the word for what each is to it.
fn merged(subject: &Subject) -> Vec<(&'static str, SubjectId)> {
    let Body::Case(case) = &subject.body else { return Vec::new() };
    let duplicates = case.duplicates.iter().map(|id| ("duplicate", *id));
    let sheet = case.found_by.as_ref().map(|(sheet, _)| ("sheet", *sheet));
    case.merged_into.map(|id| ("into", id)).into_iter().chain(duplicates).chain(sheet).collect()
}

impl Record {
    /// The record as `asker` reads it.
    pub fn of(speaker: &Speaker<'_>, asker: &Asker, view: &RecordView, linked: &Linked) -> Self {
        let subject = &view.subject;
        let kind = speaker.kind(&subject.kind);
        Self {
            id: view.id.0,
            shape: subject.body.shape().code(),
            kind: subject.kind.clone(),
            kind_name: speaker.kind_name(&subject.kind),
            number: view.number(),
            title: subject.title.clone(),
            area: speaker.area(subject.area),
            area_path: speaker.path(subject.area),
            day: subject.day.map(|day| day.to_string()),
            state: subject.state.code(),
            state_name: speaker.state(subject.state),
            revision: subject.revision,
            withdrawn: subject.withdrawn,
            fields: fields(speaker, kind, subject, linked),
            sealed: sealed(speaker, kind, subject),
            lines: Lines::of(speaker, asker, kind, subject, linked),
            files: Attachment::standing(speaker, &subject.files, view.history.iter().map(|entry| &entry.record)),
            attaches: handles_files(speaker, asker, subject, Verb::Record),
            removes_files: handles_files(speaker, asker, subject, Verb::Withdraw),
            related: related(speaker, subject, linked),
            counted_in: counted_in(speaker, subject),
            steps: kind.map(|kind| steps(speaker, asker, kind, subject)).unwrap_or_default(),
            history: view.history.iter().map(|entry| event(speaker, kind, &subject.kind, entry, linked)).collect(),
        }
    }
}

fn related(speaker: &Speaker<'_>, subject: &Subject, linked: &Linked) -> Vec<Related> {
    let named = merged(subject).into_iter().filter_map(|(relation, id)| {
        let relation_name = speaker.word("detail", relation).to_owned();
        Some(Related { relation_name, id: id.0, title: linked.get(&id)?.clone() })
    });
    named.collect()
}

fn fields(speaker: &Speaker<'_>, kind: Option<&Kind>, subject: &Subject, linked: &Linked) -> Vec<FieldValue> {
    let of_kind = kind.into_iter().flat_map(|kind| &kind.form.fields).filter_map(|field| {
        let value = subject.fields.get(&field.code)?;
        let called = value.as_str().and_then(|text| linked.get(&text.parse().ok()?)).cloned();
        let value = called.unwrap_or_else(|| speaker.field_value(field, value));
        Some(FieldValue { code: field.code.clone(), name: speaker.names(&field.name).to_owned(), value })
    });
    let of_shape = of_body(speaker, subject).into_iter().map(|(code, value)| FieldValue {
        code: code.to_owned(),
        name: speaker.word("detail", code).to_owned(),
        value,
    });
    of_shape.chain(of_kind).collect()
}

/// What a record's shape adds to the fields of its kind.
fn of_body(speaker: &Speaker<'_>, subject: &Subject) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut add = |code, value: Option<String>| found.extend(value.map(|value| (code, value)));
    match &subject.body {
        Body::Entry { until } => add("until", until.map(|day| day.to_string())),
        Body::Fact { quantity } => add("quantity", Some(quantity.to_string())),
        Body::Activity { until, people } => {
            add("until", until.map(|day| day.to_string()));
            add("people", people.map(|people| people.to_string()));
        }
        Body::Case(case) => {
            add("handler", case.handler.clone());
            let assisting: Vec<&str> = case.assisting.iter().map(|handler| handler.name.as_str()).collect();
            add("assisting", (!assisting.is_empty()).then(|| assisting.join("\n")));
            add("handover", case.handover.as_ref().map(|handover| handover.to.name.clone()));
            // What has to follow on a line is told with the line.
            add("due", subject.due().filter(|_| case.due.is_some()).map(|day| day.to_string()));
            add("left", case.left.map(|days| days.to_string()));
            let heard: Vec<String> = case.escalated.iter().map(|area| speaker.area(*area).name).collect();
            add("escalated", (!heard.is_empty()).then(|| heard.join("\n")));
            add("finished", case.finished.map(|day| day.to_string()));
            add("closed", case.closed.map(|day| day.to_string()));
            add("outcome", case.outcome.as_ref().map(|code| speaker.outcome(&subject.kind, code)));
            add("solved", case.answer.map(|answer| speaker.value_of_code("choice", &answer.solved)));
            add("satisfaction", case.answer.map(|answer| speaker.value_of_code("choice", &answer.satisfaction)));
            add("public_title", case.published.as_ref().map(|published| published.title.clone()));
            let more = case.published.as_ref().map(|published| published.text.clone());
            add("public_text", more.filter(|text| !text.is_empty()));
            add("claimant", case.claim.as_ref().map(|claim| claim.claimant.clone()));
            add("claimed", case.claim.as_ref().map(|claim| claim.day.to_string()));
            let earlier =
                |earlier: &Released| format!("{} {} — {}", earlier.claim.claimant, earlier.claim.day, earlier.day);
            let released: Vec<String> = case.released.iter().map(earlier).collect();
            add("released", (!released.is_empty()).then(|| released.join("\n")));
            add("reopened", (case.reopened > 0).then(|| case.reopened.to_string()));
            for (code, value) in quality::told(speaker, &case.quality) {
                add(code, Some(value));
            }
        }
        Body::Stock { unit, held, .. } => add("held", Some(format!("{held} {unit}"))),
        Body::Assessment { round, scores, total, grade } => {
            add("round", Some(round.clone()));
            add(
                "scores",
                Some(scores.iter().map(|(item, points)| score(item, *points)).collect::<Vec<_>>().join("\n")),
            );
            add("total", Some(hundredths(*total)));
            add("grade", Some(speaker.word("choice", grade).to_owned()));
        }
        Body::Project { completed, .. } => add("completed", completed.map(|day| day.to_string())),
        Body::LedgerRow { code, column, reason, record, .. } => {
            add("code", Some(code.clone()));
            add("column", column.clone());
            add("reason", reason.clone());
            add("record", record.map(|id| id.to_string()));
        }
        Body::Check(check) => {
            let list = crate::sheet::list_of(speaker, check);
            add("checklist", list.map(|list| speaker.names(&list.name).to_owned()));
            add("unit_checked", Some(check.unit.clone()).filter(|unit| !unit.is_empty()));
            add("officers", Some(check.officers.join("\n")));
            add("recheck", check.recheck.map(|day| day.to_string()));
            add("receipt", check.receipt.map(|(receipt, _)| speaker.word("check", receipt.code()).to_owned()));
        }
    }
    found
}

fn sealed(speaker: &Speaker<'_>, kind: Option<&Kind>, subject: &Subject) -> Vec<Named> {
    let name = |code: &str| {
        let field = kind.and_then(|kind| kind.form.personal.iter().find(|field| field.code == code));
        field.map_or_else(|| speaker.word("detail", code).to_owned(), |field| speaker.names(&field.name).to_owned())
    };
    subject.sealed.keys().map(|code| Named { code: code.clone(), name: name(code) }).collect()
}

fn counted_in(speaker: &Speaker<'_>, subject: &Subject) -> Vec<CountedIn> {
    let figures = &speaker.app().knowledge().figures;
    let mut sums: Vec<(&str, tahuang_figures::Part, i64)> = Vec::new();
    for given in figures.contributions(subject) {
        match sums.iter_mut().find(|(figure, part, _)| *figure == given.figure && *part == given.part) {
            // Where a record counts once in each area, that is what it gives, however many lines it has.
            Some((_, _, sum)) if given.once => *sum = given.amount,
            Some((_, _, sum)) => *sum += given.amount,
            None => sums.push((given.figure, given.part, given.amount)),
        }
    }
    let known = sums.into_iter().filter_map(|(code, part, sum)| Some((figures.get(code)?, part, sum)));
    known
        .map(|(figure, part, sum)| {
            let (name, part) = (speaker.names(&figure.names), part_code(figure, part));
            let name = match part {
                "all" => name.to_owned(),
                _ => format!("{name} · {}", speaker.word("part", part)),
            };
            CountedIn { figure: figure.code.clone(), name, part, amount: figure.amount(sum) }
        })
        .collect()
}

fn handles_files(speaker: &Speaker<'_>, asker: &Asker, subject: &Subject, verb: Verb) -> bool {
    let permitted = speaker.app().permit(asker, verb, &subject.kind, subject.area).is_ok();
    permitted && !subject.withdrawn && tahuang_domain::Attachment::fits(subject.body.shape())
}

fn steps(speaker: &Speaker<'_>, asker: &Asker, kind: &Kind, subject: &Subject) -> Vec<Step> {
    // Refused rows and accounts have doors of their own.
    if subject.withdrawn || kind.code == LEDGER_ROW || kind.code == ACCOUNT {
        return Vec::new();
    }
    let may = |verb| speaker.app().permit(asker, verb, &kind.code, subject.area).is_ok();
    // Areas are for who keeps them; a draw stays as it was made.
    let keeps = match kind.code.as_str() {
        REVISIT_DRAW => false,
        _ => !kind.is_area || speaker.app().may(asker, Verb::Administer).is_ok(),
    };
    let mut steps = Vec::new();
    for command in case_steps(speaker, asker, kind, subject) {
        let mut step = needs::step(speaker, kind, command);
        if command == "close_case" {
            needs::say_what_outcomes_need(speaker, kind, subject, &mut step);
        }
        steps.push(step);
    }
    if may(Verb::Record) && matches!(subject.body, Body::Activity { .. }) {
        let open = activity::open_steps(subject.state);
        steps.extend(open.iter().map(|step| needs::step(speaker, kind, step)));
    }
    if may(Verb::Correct) && keeps {
        steps.push(needs::correction(speaker, kind, subject));
    }
    if may(Verb::Withdraw) && keeps {
        steps.push(needs::step(speaker, kind, "withdraw"));
    }
    steps
}

/// What this account may do now in the life of a case.
pub fn case_steps(speaker: &Speaker<'_>, asker: &Asker, kind: &Kind, subject: &Subject) -> Vec<&'static str> {
    let Body::Case(case) = &subject.body else { return Vec::new() };
    let quality = quality::steps(speaker, asker, kind, subject);
    if subject.withdrawn || speaker.app().permit(asker, Verb::Handle, &kind.code, subject.area).is_err() {
        return quality;
    }
    let open = open_on_board(kind, subject).into_iter();
    let open = open.chain(open_steps(kind, subject.state).iter().copied()).chain(open_beside(subject).iter().copied());
    open.filter(|step| is_for(asker.actor(), case, step)).chain(quality).collect()
}

fn event(
    speaker: &Speaker<'_>,
    kind: Option<&Kind>,
    kind_code: &str,
    entry: &HistoryEntry,
    linked: &Linked,
) -> HistoryEvent {
    let record = &entry.record;
    HistoryEvent {
        position: record.position,
        at: moment(record.at),
        actor_name: speaker.actor(record.actor),
        event: record.event.code(),
        event_name: speaker.word("event", record.event.code()).to_owned(),
        details: details(speaker, kind, kind_code, &record.event, linked),
        source: record.source.as_ref().map(|source| SourceRow {
            file: source.file.clone(),
            sheet: source.sheet.clone(),
            row: source.row,
            cells: source
                .cells
                .iter()
                .map(|(heading, text)| Cell { heading: heading.clone(), text: text.clone() })
                .collect(),
        }),
        hash: entry.hash.to_string(),
    }
}

/// What of an event is told, in this order. Its kind is the record's, ids say nothing to people, and what is sealed stays
/// sealed.
const TOLD: [&str; 50] = [
    "title",
    "text",
    "checklist",
    "place",
    "name",
    "item",
    "organisation",
    "round",
    "area",
    "day",
    "from",
    "until",
    "handler",
    "claimant",
    "assisting",
    "to",
    "late",
    "due",
    "left",
    "outcome",
    "solved",
    "satisfaction",
    "passed",
    "office",
    "granted",
    "direction",
    "quantity",
    "unit",
    "people",
    "scores",
    "grade",
    "fen",
    "ledger",
    "code",
    "column",
    "message",
    "record",
    "purpose",
    "media_type",
    "bytes",
    "note",
    "reason",
    "transcribed",
    "officers",
    "check_item",
    "results",
    "recheck",
    "next",
    "receipt",
    "unit_checked",
];

fn details(speaker: &Speaker<'_>, kind: Option<&Kind>, kind_code: &str, event: &Event, linked: &Linked) -> Vec<Detail> {
    let Ok(Value::Object(mut said)) = serde_json::to_value(event) else { return Vec::new() };
    crate::sheet::spell_out(speaker, event, &mut said);
    let mut found = Vec::new();
    if let Event::CaseRevisited { solved: None, .. } = event {
        let name = speaker.word("detail", "reached").to_owned();
        found.push(Detail { name, value: speaker.word("phrase", "not_reached").to_owned() });
    }
    if let Event::LineAdded { kind: line, .. } = event {
        let name = speaker.word("detail", "line_kind").to_owned();
        found.push(Detail { name, value: lines::name(speaker, kind, line) });
    }
    let line = match event {
        Event::LineAdded { kind: line, .. } => kind.and_then(|kind| kind.line(line)),
        _ => None,
    };
    for code in TOLD {
        let Some(value) = said.get(code).filter(|value| !value.is_null()) else { continue };
        let told = detail(speaker, kind_code, code, value);
        // Of an escalation it is how many days; of a first answer, that it was not in time.
        let code = if value.is_boolean() && code == "late" { "response" } else { code };
        // Of a line, until when another has to follow on it.
        let code = if line.is_some() && code == "until" { "awaits" } else { code };
        if !told.is_empty() {
            found.push(Detail { name: speaker.word("detail", code).to_owned(), value: told });
        }
    }
    for (code, value) in said.get("fields").and_then(Value::as_object).into_iter().flatten() {
        let form = line.map(|line| &line.form).or(kind.map(|kind| &kind.form));
        let field = form.and_then(|form| form.field(code));
        let called = value.as_str().and_then(|text| linked.get(&text.parse().ok()?)).cloned();
        found.push(match field {
            Some(field) => Detail {
                name: speaker.names(&field.name).to_owned(),
                value: called.unwrap_or_else(|| speaker.field_value(field, value)),
            },
            None => Detail { name: code.clone(), value: speaker.value(value) },
        });
    }
    found
}

fn detail(speaker: &Speaker<'_>, kind: &str, code: &str, value: &Value) -> String {
    match (code, value) {
        ("area", Value::String(area)) => area.parse().map_or_else(|_| area.clone(), |area| speaker.path(area)),
        ("outcome", Value::String(outcome)) => speaker.outcome(kind, outcome),
        ("to" | "office", Value::String(area)) => {
            area.parse().map_or_else(|_| area.clone(), |area| speaker.area(area).name)
        }
        ("assisting", Value::Array(handlers)) => {
            let names = handlers.iter().filter_map(|handler| handler.get("name").and_then(Value::as_str));
            names.collect::<Vec<_>>().join("\n")
        }
        ("direction" | "grade" | "solved" | "satisfaction", Value::String(choice)) => {
            speaker.word("choice", choice).to_owned()
        }
        ("passed", Value::Bool(passed)) => {
            speaker.word("phrase", if *passed { "check_passed" } else { "check_failed" }).to_owned()
        }
        ("late", Value::Bool(late)) => speaker.word("phrase", if *late { "late" } else { "in_time" }).to_owned(),
        ("granted", Value::Bool(granted)) => {
            speaker.word("phrase", if *granted { "appeal_granted" } else { "appeal_rejected" }).to_owned()
        }
        ("transcribed", Value::Bool(false)) => String::new(),
        ("purpose", Value::String(purpose)) => speaker.word("purpose", purpose).to_owned(),
        ("media_type", Value::String(media_type)) => attachment::format_name(media_type).to_owned(),
        ("bytes", Value::Number(bytes)) => bytes.as_u64().map(attachment::size).unwrap_or_default(),
        ("fen", Value::Number(fen)) => fen.as_i64().map(hundredths).unwrap_or_default(),
        ("scores", Value::Object(scores)) => {
            let scores = scores.iter().map(|(item, points)| score(item, points.as_i64().unwrap_or_default()));
            scores.collect::<Vec<_>>().join("\n")
        }
        _ => speaker.value(value),
    }
}

fn score(item: &str, points: i64) -> String {
    format!("{item} {}", hundredths(points))
}

/// Points and money are kept in hundredths.
pub fn hundredths(number: i64) -> String {
    let (sign, whole, rest) = (if number < 0 { "-" } else { "" }, number.abs() / 100, number.abs() % 100);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_told_of_an_event_has_its_word() {
        let words = crate::words::Words::bundled();
        for code in TOLD.iter().chain(&[
            "line_kind",
            "allocation",
            "held",
            "finished",
            "closed",
            "handover",
            "escalated",
            "into",
            "awaits",
            "duplicate",
            "reopened",
            "response",
            "heard",
            "revisit",
            "appeal",
            "excluded",
            "reached",
            "public_title",
            "public_text",
            "claimed",
            "released",
            "unit_id",
            "total",
            "completed",
            "sheet",
            "recipient",
        ]) {
            assert!(words.find("detail", code).is_some(), "{code}");
        }
    }

    #[test]
    fn hundredths_are_written_as_money_is() {
        let cases = [(0, "0"), (100, "1"), (105, "1.05"), (-250, "-2.50"), (-5, "-0.05")];
        for (number, written) in cases {
            assert_eq!(hundredths(number), written);
        }
    }
}
