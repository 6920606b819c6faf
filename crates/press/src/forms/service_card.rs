//! “双报到”服务卡: what was done for a community, line by line, confirmed there. No points and no ranks.

use jiff::civil::Date;

use crate::document::{Block, Cell, Document, Table};
use crate::style;
use crate::words;

/// Lines at least: those that are still empty are filled in by hand.
const LINES_MIN: usize = 10;

/// What a card says.
#[derive(Debug, Clone, Default)]
pub struct ServiceCard {
    /// The number of the card.
    pub number: String,
    /// The unit's party organisation.
    pub unit: String,
    /// The community.
    pub community: String,
    /// Whom the community calls.
    pub contact: String,
    /// Their telephone at the office.
    pub telephone: String,
    /// What they can do.
    pub offers: String,
    /// What was done.
    pub services: Vec<Service>,
}

/// Something that was done.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// When.
    pub day: Option<Date>,
    /// What.
    pub title: String,
}

/// The card.
pub fn service_card(card: &ServiceCard) -> Document {
    let mut document = Document::new(format!("“双报到”服务卡 {}", card.number).trim_end());
    document.heading(style::FORM_TITLE, "“双报到”服务卡");
    super::number(&mut document, &card.number);
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    document.push(Block::Pairs(vec![
        pair("单位党组织", &card.unit),
        pair("服务社区（村）", &card.community),
        pair("联系人", &card.contact),
        pair("联系电话", &card.telephone),
        pair("可以提供的服务", &card.offers),
    ]));
    document.push(Block::Space(4.0));
    let lines = card.services.len().max(LINES_MIN);
    let rows = (0..lines).map(|index| {
        let service = card.services.get(index);
        let day = service.and_then(|service| service.day).map_or_else(String::new, words::day);
        vec![
            Cell::centered((index + 1).to_string()).room(10.0),
            Cell::centered(day),
            Cell::text(service.map_or("", |service| service.title.as_str())),
            Cell::text(""),
        ]
    });
    document.push(Block::Table(Table {
        widths: vec![0.1, 0.24, 0.42, 0.24],
        head: ["序号", "日期", "服务内容", "社区（村）确认"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }));
    document
}
