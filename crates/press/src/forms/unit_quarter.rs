//! “双报到”季度情况表: what a unit did in a quarter, with totals. It states; it does not rank.

use jiff::civil::Date;

use crate::document::{Block, Cell, Document, Signature, Table};
use crate::style;
use crate::words;

/// What a sheet says.
#[derive(Debug, Clone, Default)]
pub struct UnitQuarter {
    /// The unit's party organisation.
    pub unit: String,
    /// The community that it reported to.
    pub community: String,
    /// The year.
    pub year: i16,
    /// The quarter, 1 to 4.
    pub quarter: u8,
    /// What it did.
    pub activities: Vec<Activity>,
    /// The wishes that it claimed.
    pub wishes: Vec<Wish>,
}

/// An activity.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    /// When.
    pub day: Option<Date>,
    /// What.
    pub title: String,
    /// Where.
    pub place: String,
    /// How many members took part.
    pub members: u32,
    /// How many people it reached.
    pub reached: u32,
}

/// A wish, without whose it is.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// What is wished for.
    pub title: String,
    /// When it was claimed.
    pub claimed: Option<Date>,
    /// When it was fulfilled; none: not yet.
    pub fulfilled: Option<Date>,
}

/// The sheet.
pub fn unit_quarter(sheet: &UnitQuarter) -> Document {
    let quarter = match sheet.quarter {
        1 => "一",
        2 => "二",
        3 => "三",
        _ => "四",
    };
    let period = format!("{}年第{quarter}季度", sheet.year);
    let mut document = Document::new(format!("“双报到”季度情况表 {} {period}", sheet.unit));
    document.heading(style::FORM_TITLE, format!("“双报到”季度情况表\n（{period}）"));
    document.push(Block::Pairs(vec![
        ("单位党组织".to_owned(), sheet.unit.clone()),
        ("报到社区（村）".to_owned(), sheet.community.clone()),
    ]));
    document.text(style::FORM_HEADING, "一、开展活动");
    let day = |day: Option<Date>| Cell::centered(day.map_or_else(|| "—".to_owned(), words::day));
    let mut rows: Vec<Vec<Cell>> = sheet
        .activities
        .iter()
        .enumerate()
        .map(|(index, activity)| {
            vec![
                Cell::centered((index + 1).to_string()),
                day(activity.day),
                Cell::text(activity.title.as_str()),
                Cell::text(activity.place.as_str()),
                Cell::centered(activity.members.to_string()),
                Cell::centered(activity.reached.to_string()),
            ]
        })
        .collect();
    let sum = |of: fn(&Activity) -> u32| sheet.activities.iter().map(|activity| u64::from(of(activity))).sum::<u64>();
    rows.push(vec![
        Cell::label(format!("合计　{} 次", sheet.activities.len())).over(4),
        Cell::label(sum(|activity| activity.members).to_string()),
        Cell::label(sum(|activity| activity.reached).to_string()),
    ]);
    let head = ["序号", "日期", "活动", "地点", "党员（人次）", "服务群众（人次）"];
    document.push(Block::Table(Table {
        widths: vec![0.08, 0.2, 0.31, 0.17, 0.12, 0.12],
        head: head.map(str::to_owned).to_vec(),
        rows,
    }));
    document.text(style::FORM_HEADING, "二、认领微心愿");
    let mut rows: Vec<Vec<Cell>> = sheet
        .wishes
        .iter()
        .enumerate()
        .map(|(index, wish)| {
            vec![
                Cell::centered((index + 1).to_string()),
                Cell::text(wish.title.as_str()),
                day(wish.claimed),
                day(wish.fulfilled),
            ]
        })
        .collect();
    let fulfilled = sheet.wishes.iter().filter(|wish| wish.fulfilled.is_some()).count();
    rows.push(vec![
        Cell::label("合计").over(2),
        Cell::label(format!("认领 {} 件", sheet.wishes.len())),
        Cell::label(format!("实现 {fulfilled} 件")),
    ]);
    document.push(Block::Table(Table {
        widths: vec![0.08, 0.52, 0.2, 0.2],
        head: ["序号", "微心愿", "认领日期", "实现日期"].map(str::to_owned).to_vec(),
        rows,
    }));
    let seal = |role: &str| Signature { role: role.to_owned(), seal: true, day: true, ..Signature::default() };
    document.push(Block::Signatures(vec![seal("单位党组织"), seal("社区（村）党组织确认")]));
    document
}
