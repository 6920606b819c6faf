//! The record of an activity as paper: who took part, who came, what was found, what was said, with its photographs.

use serde_json::Value;
use tahuang_app::{Asker, RecordView};
use tahuang_domain::Language;
use tahuang_domain::subject::Line;
use tahuang_press::Document;
use tahuang_press::forms::minutes::{Finding, Minutes, Present, minutes};

use crate::door::Door;
use crate::paper;
use crate::problem::ApiError;
use crate::speaker::Speaker;

/// The minutes of an activity.
///
/// # Errors
/// When a photograph cannot be read.
pub fn document(door: &Door, asker: &Asker, view: &RecordView) -> Result<Document, ApiError> {
    let (subject, speaker) = (&view.subject, Speaker::new(door, Language::ZhCn));
    let lines = |kind: &'static str| subject.standing_lines().filter(move |line| line.kind == kind);
    let mut organisations: Vec<&Line> = lines("taking_part").collect();
    // Whoever leads stands first.
    organisations.sort_by_key(|line| line.fields.get("lead") != Some(&Value::Bool(true)));
    let mut present = Vec::new();
    for line in &organisations {
        let organisation = text(line, "organisation");
        let names = line.fields.get("present").and_then(Value::as_array).into_iter().flatten();
        present.extend(names.filter_map(Value::as_str).map(|name| Present {
            name: name.to_owned(),
            organisation: organisation.clone(),
            office: String::new(),
        }));
    }
    let handed = |line: &Line| if line.fields.contains_key("case") { "已转为事项办理" } else { "" };
    let findings = lines("finding").map(|line| Finding {
        place: text(line, "place"),
        found: text(line, "what"),
        measure: handed(line).to_owned(),
    });
    let materials = lines("material").map(|line| {
        let language = speaker.word("choice", line.fields.get("language").and_then(Value::as_str).unwrap_or_default());
        let copies = line.fields.get("copies").map(|copies| format!("，{copies}份")).unwrap_or_default();
        format!("宣传材料：《{}》（{language}{copies}）", text(line, "title"))
    });
    let said: Vec<String> = lines("minutes").map(|line| text(line, "text")).chain(materials).collect();
    let place = subject.fields.get("place").and_then(Value::as_str).unwrap_or_default();
    let area = speaker.path(subject.area).replace(" › ", "");
    Ok(minutes(&Minutes {
        title: subject.title.clone(),
        number: String::new(),
        day: subject.day.map(|day| day.date()),
        place: format!("{area}{place}"),
        organisations: organisations.iter().map(|line| text(line, "organisation")).collect(),
        present,
        findings: findings.collect(),
        text: said.join("\n"),
        photos: paper::pictures(door, asker, view)?.0,
        recorder: String::new(),
    }))
}

fn text(line: &Line, field: &str) -> String {
    line.fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}
