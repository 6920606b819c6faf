//! 人民调解卷宗: cover, contents with page numbers, then each paper. Which papers there are is the caller's to decide.

use jiff::civil::Date;

use crate::document::{Block, Document, Picture, Signature};
use crate::forms::agreement::{self, Agreement};
use crate::forms::rights_notice::{self, RightsNotice};
use crate::style::{self, Role, Style};
use crate::words::{self, AGREEMENT_TITLE, Languages, RIGHTS_TITLE};

const COVER_OFFICE: Style = Style { role: Role::Song, size: 18.0, leading: 28.0, ..style::TITLE };
const COVER_TITLE: Style = Style { size: 36.0, leading: 56.0, ..style::TITLE };
const COVER_LABEL: Style = Style { role: Role::Hei, size: 14.0, leading: 26.0, ..style::CELL_LABEL };
const COVER_VALUE: Style = Style { role: Role::Body, size: 14.0, leading: 26.0, ..style::CELL };

/// A dossier.
#[derive(Debug, Clone, Default)]
pub struct Dossier {
    /// The mediation committee.
    pub committee: String,
    /// What the dispute is about.
    pub title: String,
    /// （2026）札人调字第3号.
    pub number: String,
    /// The parties, or the texts that stand for those that were erased.
    pub parties: Vec<String>,
    /// Who mediated.
    pub mediators: Vec<String>,
    /// When it was mediated.
    pub mediated: Option<Date>,
    /// Who filed it.
    pub filer: String,
    /// When it was filed.
    pub filed: Option<Date>,
    /// How long it is kept: 长期, 十年.
    pub retention: String,
    /// What else the cover says.
    pub note: String,
    /// The papers in their order.
    pub papers: Vec<Paper>,
}

/// A paper of the dossier; each begins a page.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// What the paper is called: 人民调解受理登记表.
    pub title: String,
    /// The title in Tibetan, below it; may be empty.
    pub title_bo: String,
    /// The day of the paper.
    pub day: Option<Date>,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A part of a paper.
#[derive(Debug, Clone)]
pub enum Part {
    /// Labels with their values.
    Rows(Vec<(String, String)>),
    /// A heading.
    Heading(String),
    /// A text; its line ends begin new paragraphs.
    Text(String),
    /// A remark in small print.
    Note(String),
    /// Places to sign.
    Signatures(Vec<Signature>),
    /// Pictures with what they show.
    Pictures(Vec<Picture>),
    /// The notice of rights and duties.
    Rights(RightsNotice, Languages),
    /// The agreement.
    Agreement(Box<Agreement>, Languages),
}

impl Paper {
    /// A paper of parts.
    pub fn new(title: impl Into<String>, day: Option<Date>, parts: Vec<Part>) -> Self {
        Self { title: title.into(), title_bo: String::new(), day, parts }
    }

    /// The notice of rights and duties.
    pub fn rights(notice: RightsNotice, languages: Languages) -> Self {
        let title_bo = if languages == Languages::Chinese { "" } else { RIGHTS_TITLE.bo };
        let parts = vec![Part::Rights(notice, languages)];
        Self { title_bo: title_bo.to_owned(), ..Self::new(RIGHTS_TITLE.zh, None, parts) }
    }

    /// The written agreement.
    pub fn agreement(agreement: Agreement, day: Option<Date>, languages: Languages) -> Self {
        let title_bo = if languages == Languages::Chinese { "" } else { AGREEMENT_TITLE.bo };
        let parts = vec![Part::Agreement(Box::new(agreement), languages)];
        Self { title_bo: title_bo.to_owned(), ..Self::new(AGREEMENT_TITLE.zh, day, parts) }
    }

    /// How judicial confirmation stands; `last_day` is the thirtieth day after the agreement took effect
    /// (人民调解法, art. 33).
    pub fn confirmation(effective: Date, last_day: Date, rows: Vec<(String, String)>) -> Self {
        let mut all =
            vec![("协议生效日期".to_owned(), words::day(effective)), ("申请截止日期".to_owned(), words::day(last_day))];
        all.extend(rows);
        let note = "双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认（《中华人民共和国人民调解法》第三十三条）。";
        Self::new("司法确认情况", None, vec![Part::Rows(all), Part::Note(note.to_owned())])
    }
}

/// The dossier.
pub fn dossier(dossier: &Dossier) -> Document {
    let mut document = Document::new(format!("人民调解卷宗 {}", dossier.number));
    cover(&mut document, dossier);
    document.push(Block::PageBreak);
    document.text(style::FORM_TITLE, "卷内目录");
    document.push(Block::Contents);
    document.push(Block::PageBreak);
    document.push(Block::NumberPages);
    for (index, paper) in dossier.papers.iter().enumerate() {
        if index > 0 {
            document.push(Block::PageBreak);
        }
        write(&mut document, paper);
    }
    document
}

fn cover(document: &mut Document, dossier: &Dossier) {
    document.push(Block::Space(20.0));
    document.text(COVER_OFFICE, dossier.committee.as_str());
    document.push(Block::Space(4.0));
    document.text(COVER_TITLE, "人民调解卷宗");
    document.push(Block::Space(20.0));
    let row = |label: &str, value: String| {
        let label = crate::document::Cell { style: COVER_LABEL, ..crate::document::Cell::label(label) };
        let value = crate::document::Cell { style: COVER_VALUE, ..crate::document::Cell::text(value) };
        vec![label.room(13.0), value]
    };
    let rows = vec![
        row("卷　　名", dossier.title.clone()),
        row("编　　号", dossier.number.clone()),
        row("当 事 人", dossier.parties.join("、")),
        row("调 解 员", dossier.mediators.join("、")),
        row("调解日期", words::day_or_room(dossier.mediated)),
        row("立 卷 人", dossier.filer.clone()),
        row("立卷日期", words::day_or_room(dossier.filed)),
        row("保管期限", dossier.retention.clone()),
        row("备　　注", dossier.note.clone()),
    ];
    document.push(Block::Table(crate::document::Table { widths: vec![0.26, 0.74], head: Vec::new(), rows }));
}

fn write(document: &mut Document, paper: &Paper) {
    let below = !paper.title_bo.is_empty();
    let style = if below { style::FORM_TITLE.space(0.0, 0.0) } else { style::FORM_TITLE };
    document.heading(style, paper.title.as_str());
    document.text(super::TITLE_BELOW, paper.title_bo.as_str());
    if let Some(day) = paper.day {
        document.text(style::FORM.right(), words::day(day));
    }
    for part in &paper.parts {
        match part {
            Part::Rows(rows) => {
                document.push(Block::Pairs(rows.clone()));
                document.push(Block::Space(3.0));
            }
            Part::Heading(text) => document.text(style::FORM_HEADING, text.as_str()),
            Part::Text(text) => document.text(style::FORM_BODY, text.as_str()),
            Part::Note(text) => document.text(style::NOTE, text.as_str()),
            Part::Signatures(places) => document.push(Block::Signatures(places.clone())),
            Part::Pictures(pictures) => document.push(Block::Pictures(pictures.clone())),
            Part::Rights(notice, languages) => rights_notice::body(document, notice, *languages),
            Part::Agreement(agreement, languages) => {
                super::number(document, &agreement.number);
                agreement::body(document, agreement, *languages);
            }
        }
    }
}
