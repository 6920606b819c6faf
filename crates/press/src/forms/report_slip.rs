//! 双报到 报到单: a unit reports to a community; below the cut line is the receipt that the community gives back.

use jiff::civil::Date;

use crate::document::{Block, Document, Signature};
use crate::forms::number;
use crate::style;
use crate::words;

/// What a slip says.
#[derive(Debug, Clone, Default)]
pub struct ReportSlip {
    /// The number of the slip.
    pub number: String,
    /// The unit's party organisation.
    pub unit: String,
    /// The community that it reports to.
    pub community: String,
    /// When.
    pub day: Option<Date>,
    /// How many members report.
    pub members: Option<u32>,
    /// Whom to talk to at the unit.
    pub contact: String,
    /// The unit's telephone.
    pub telephone: String,
    /// What the unit can do.
    pub offers: String,
    /// Whom to talk to at the community.
    pub community_contact: String,
    /// The community's telephone.
    pub community_telephone: String,
}

/// The slip with its receipt.
pub fn report_slip(slip: &ReportSlip) -> Document {
    let mut document = Document::new(format!("“双报到”报到单 {}", slip.number).trim_end());
    document.heading(style::FORM_TITLE, "“双报到”报到单");
    number(&mut document, &slip.number);
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let members = slip.members.map_or_else(String::new, |members| format!("{members} 人"));
    document.push(Block::Pairs(vec![
        pair("单位党组织", &slip.unit),
        pair("报到社区（村）", &slip.community),
        pair("报到日期", &words::day_or_room(slip.day)),
        pair("报到党员", &members),
        pair("联系人", &slip.contact),
        pair("联系电话", &slip.telephone),
        ("可以提供的服务".to_owned(), format!("{}\n", slip.offers)),
    ]));
    let seal = |role: &str| Signature { role: role.to_owned(), seal: true, day: true, ..Signature::default() };
    document.push(Block::Signatures(vec![seal("单位党组织"), seal("社区（村）党组织签收")]));
    document.push(Block::Cut("沿此线剪开".to_owned()));
    document.text(style::FORM_TITLE, "回　执");
    number(&mut document, &slip.number);
    document.text(style::FORM_BODY.flush(), format!("{}：", slip.unit));
    let day = words::day_or_room(slip.day);
    document.text(
        style::FORM_BODY,
        format!("你单位党组织已于{day}到{}报到。需求清单由我们另行送达，认领和完成情况随时可查。", slip.community),
    );
    document.push(Block::Space(2.0));
    document.push(Block::Pairs(vec![
        pair("社区（村）联系人", &slip.community_contact),
        pair("联系电话", &slip.community_telephone),
    ]));
    document.push(Block::Signatures(vec![seal("社区（村）党组织")]));
    document
}
