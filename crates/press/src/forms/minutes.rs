//! 活动记录: organisations taking part, who was there, places, what was found, what was said, pictures.

use jiff::civil::Date;

use crate::document::{Block, Cell, Document, Picture, Signature, Table};
use crate::style;
use crate::words;

/// What the minutes say.
#[derive(Debug, Clone, Default)]
pub struct Minutes {
    /// What the activity was called.
    pub title: String,
    /// The number of the record.
    pub number: String,
    /// When.
    pub day: Option<Date>,
    /// Where.
    pub place: String,
    /// The organisations that took part, the one that called first.
    pub organisations: Vec<String>,
    /// Who was there.
    pub present: Vec<Present>,
    /// Where they went and what they found.
    pub findings: Vec<Finding>,
    /// What was said and agreed.
    pub text: String,
    /// Pictures with what they show.
    pub photos: Vec<Picture>,
    /// Who wrote it down.
    pub recorder: String,
}

/// Somebody who was there for an organisation.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// Their name.
    pub name: String,
    /// Their organisation.
    pub organisation: String,
    /// Their office.
    pub office: String,
}

/// A place with what was found there.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// The place.
    pub place: String,
    /// What was found.
    pub found: String,
    /// What was done or is to be done.
    pub measure: String,
}

/// The minutes.
pub fn minutes(minutes: &Minutes) -> Document {
    let name = if minutes.title.is_empty() { "活动记录" } else { &minutes.title };
    let mut document = Document::new(format!("{name} {}", minutes.number).trim_end());
    document.push(Block::NumberPages);
    document.heading(style::FORM_TITLE, name);
    super::number(&mut document, &minutes.number);
    document.push(Block::Pairs(vec![
        ("日期".to_owned(), words::day_or_room(minutes.day)),
        ("地点".to_owned(), minutes.place.clone()),
        ("参加单位".to_owned(), minutes.organisations.join("、")),
        ("记录人".to_owned(), minutes.recorder.clone()),
    ]));
    let mut part = 0;
    let mut heading = |document: &mut Document, text: &str| {
        let number = ["一", "二", "三", "四"].get(part).copied().unwrap_or_default();
        part += 1;
        document.heading(style::FORM_HEADING, format!("{number}、{text}"));
    };
    let numbered = |index: usize| Cell::centered((index + 1).to_string());
    if !minutes.present.is_empty() {
        heading(&mut document, "参加人员");
        let rows = minutes.present.iter().enumerate().map(|(index, person)| {
            let [name, organisation, office] = [&person.name, &person.organisation, &person.office].map(Cell::text);
            vec![numbered(index), name, organisation, office, Cell::text("").room(8.0)]
        });
        document.push(Block::Table(Table {
            widths: vec![0.08, 0.18, 0.34, 0.2, 0.2],
            head: ["序号", "姓名", "单位", "职务", "签到"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }));
    }
    if !minutes.findings.is_empty() {
        heading(&mut document, "走访地点和发现的问题");
        let rows = minutes.findings.iter().enumerate().map(|(index, finding)| {
            let [place, found, measure] = [&finding.place, &finding.found, &finding.measure].map(Cell::text);
            vec![numbered(index), place, found, measure]
        });
        document.push(Block::Table(Table {
            widths: vec![0.08, 0.24, 0.36, 0.32],
            head: ["序号", "地点", "发现的情况", "处理措施"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }));
    }
    if !minutes.text.is_empty() {
        heading(&mut document, "记录");
        document.text(style::FORM_BODY, minutes.text.as_str());
    }
    if !minutes.photos.is_empty() {
        heading(&mut document, "照片");
        document.push(Block::Pictures(minutes.photos.clone()));
    }
    let sign = |role: &str| Signature { role: role.to_owned(), day: true, ..Signature::default() };
    document.push(Block::Signatures(vec![sign("牵头单位负责人（签名）"), sign("记录人（签名）")]));
    document
}
