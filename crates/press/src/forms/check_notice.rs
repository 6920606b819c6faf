//! 安全隐患告知单: what was found unsafe at a place, and until when it is to be mended. A grid worker tells; only the
//! fire or police service orders (责令).

use jiff::civil::Date;

use crate::document::{Block, Cell, Document, Signature, Table};
use crate::forms::{number, say, title};
use crate::style;
use crate::words::{
    self, CHECK_DAY, DEADLINE, DEMAND, HAZARD, Languages, NOTICE_ONLY, NOTICE_TITLE, NUMBER, OFFICER_SIGNS, PLACE,
    RECHECK_DAY, RECIPIENT_SIGNS, REFUSED, UNIT, Word,
};

/// What a notice says.
#[derive(Debug, Clone, Default)]
pub struct CheckNotice {
    /// The number of the notice.
    pub number: String,
    /// The unit that was checked.
    pub unit: String,
    /// The exact place.
    pub place: String,
    /// When it was checked.
    pub day: Option<Date>,
    /// What was found.
    pub items: Vec<FailedItem>,
    /// When it is checked again.
    pub recheck: Option<Date>,
    /// The two who checked; with fewer names the places to sign stay empty.
    pub officers: Vec<String>,
    /// Whom to call with questions: office and telephone.
    pub contact: String,
}

/// Something unsafe.
#[derive(Debug, Clone, Default)]
pub struct FailedItem {
    /// What is wrong.
    pub what: String,
    /// After which clause.
    pub clause: String,
    /// What is to be done.
    pub demand: String,
    /// Until when; none if it was mended at once.
    pub deadline: Option<Date>,
}

/// The notice.
pub fn check_notice(notice: &CheckNotice, languages: Languages) -> Document {
    let mut document = Document::new(format!("{} {}", NOTICE_TITLE.zh, notice.number).trim_end());
    title(&mut document, NOTICE_TITLE, languages);
    number(&mut document, &notice.number);
    let label = |word: Word| Cell::label(word.say(languages));
    let rows = vec![
        vec![label(UNIT), Cell::text(notice.unit.as_str()).over(3)],
        vec![label(PLACE), Cell::text(notice.place.as_str()).over(3)],
        vec![
            label(CHECK_DAY),
            Cell::centered(words::day_or_room(notice.day)),
            label(RECHECK_DAY),
            Cell::centered(words::day_or_room(notice.recheck)),
        ],
    ];
    document.push(Block::Table(Table { widths: vec![0.22, 0.28, 0.22, 0.28], head: Vec::new(), rows }));
    document.push(Block::Space(4.0));
    let rows = notice.items.iter().enumerate().map(|(index, item)| {
        let demand = match item.clause.as_str() {
            "" => item.demand.clone(),
            clause => format!("{}\n（{clause}）", item.demand),
        };
        let deadline = item.deadline.map_or_else(|| "当场改正".to_owned(), words::day);
        vec![
            Cell::centered((index + 1).to_string()),
            Cell::text(item.what.as_str()),
            Cell::text(demand),
            Cell::centered(deadline),
        ]
    });
    document.push(Block::Table(Table {
        widths: vec![0.12, 0.31, 0.34, 0.23],
        head: [NUMBER, HAZARD, DEMAND, DEADLINE].map(|word| word.say(languages)).to_vec(),
        rows: rows.collect(),
    }));
    document.push(Block::Space(3.0));
    say(&mut document, style::FORM_SMALL, NOTICE_ONLY, languages);
    if !notice.contact.is_empty() {
        document.text(style::FORM_SMALL, format!("联系：{}", notice.contact));
    }
    let place = |word: Word, name: &str| Signature {
        role: word.say(languages),
        name: name.to_owned(),
        day: true,
        ..Signature::default()
    };
    let officer = |index: usize| place(OFFICER_SIGNS, notice.officers.get(index).map_or("", String::as_str));
    let mut places: Vec<Signature> = (0..notice.officers.len().clamp(2, 4)).map(officer).collect();
    if places.len() % 2 == 1 {
        places.push(Signature { role: "（检查单位）".to_owned(), seal: true, ..Signature::default() });
    }
    places.push(Signature { fingerprint: true, ..place(RECIPIENT_SIGNS, "") });
    places.push(place(REFUSED, ""));
    document.push(Block::Signatures(places));
    document.text(style::NOTE, "本单一式两份：一份交被检查单位，一份由检查单位留存。");
    document
}
