//! 安全检查表: everything that was looked at, and how it was found.

use jiff::civil::Date;

use crate::document::{Block, Cell, Document, Signature, Table};
use crate::forms::number;
use crate::style;
use crate::words;

/// What a sheet says.
#[derive(Debug, Clone, Default)]
pub struct CheckSheet {
    /// 消防安全检查表: what is checked.
    pub title: String,
    /// The number of the check.
    pub number: String,
    /// The unit that was checked.
    pub unit: String,
    /// The exact place.
    pub place: String,
    /// When.
    pub day: Option<Date>,
    /// Who checked.
    pub officers: Vec<String>,
    /// Who was there for the unit.
    pub present: String,
    /// Everything that was looked at.
    pub items: Vec<CheckedItem>,
    /// What else was found.
    pub remark: String,
}

/// Something that was looked at.
#[derive(Debug, Clone, Default)]
pub struct CheckedItem {
    /// What.
    pub what: String,
    /// How it was found.
    pub found: Found,
    /// What was noted.
    pub note: String,
}

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Found {
    /// Not looked at yet: the sheet is filled in by hand.
    #[default]
    Open,
    /// 合格.
    Sound,
    /// 不合格.
    Unsound,
    /// 不涉及: the place has no such thing.
    NotThere,
}

/// The sheet.
pub fn check_sheet(sheet: &CheckSheet) -> Document {
    let name = if sheet.title.is_empty() { "安全检查表" } else { &sheet.title };
    let mut document = Document::new(format!("{name} {}", sheet.number).trim_end());
    document.heading(style::FORM_TITLE, name);
    number(&mut document, &sheet.number);
    document.push(Block::Pairs(vec![
        ("被检查单位".to_owned(), sheet.unit.clone()),
        ("具体地点".to_owned(), sheet.place.clone()),
        ("检查日期".to_owned(), words::day_or_room(sheet.day)),
        ("检查人员".to_owned(), sheet.officers.join("、")),
        ("单位在场人员".to_owned(), sheet.present.clone()),
    ]));
    document.push(Block::Space(4.0));
    let rows = sheet.items.iter().enumerate().map(|(index, item)| {
        let tick = |found: Found| Cell::centered(if item.found == found { "√" } else { "" });
        vec![
            Cell::centered((index + 1).to_string()),
            Cell::text(item.what.as_str()),
            tick(Found::Sound),
            tick(Found::Unsound),
            tick(Found::NotThere),
            Cell::text(item.note.as_str()),
        ]
    });
    document.push(Block::Table(Table {
        widths: vec![0.08, 0.38, 0.09, 0.1, 0.1, 0.25],
        head: ["序号", "检查内容", "合格", "不合格", "不涉及", "备注"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }));
    let count = |found: Found| sheet.items.iter().filter(|item| item.found == found).count();
    if count(Found::Open) < sheet.items.len() {
        let (sound, unsound, not_there) = (count(Found::Sound), count(Found::Unsound), count(Found::NotThere));
        let total = sheet.items.len();
        let text = format!("共检查 {total} 项：合格 {sound} 项，不合格 {unsound} 项，不涉及 {not_there} 项。");
        document.text(style::FORM.space(4.0, 0.0), text);
    }
    document.text(style::FORM, sheet.remark.as_str());
    let place = |role: &str| Signature { role: role.to_owned(), day: true, ..Signature::default() };
    document.push(Block::Signatures(vec![place("检查人员（签名）"), place("单位在场人员（签名）")]));
    document
}
