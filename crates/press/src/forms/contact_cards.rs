//! Contact cards: ten on a sheet, to be cut out and left with people.

use crate::PressError;
use crate::document::{Block, Document, Placed};
use crate::limits::CARDS_MAX;
use crate::style::{self, Role, Style, mm};
use crate::words::{CONTACT_CARD, Languages, ON_DUTY, SCAN, SCAN_SHORT, TELEPHONE};

/// Width and height of a card, in millimetres.
const CARD: (f32, f32) = (90.0, 54.0);
/// Cards beside and below each other.
const ACROSS: usize = 2;
const DOWN: usize = 5;
const PAD: f32 = 4.0;
/// Side of the code: what an old telephone reads from a hand's distance.
const CODE: f32 = 23.0;

const MARK: Style = Style { grey: 90, ..Style { size: 8.0, leading: 12.0, ..style::NOTE.space(0.0, 2.0) } };
const AREA: Style = Style { role: Role::Title, size: 14.0, leading: 20.0, ..style::CELL };
const LINE: Style = Style { size: 9.5, leading: 14.0, ..style::CELL };
const CALL: Style = Style { role: Role::Hei, size: 12.5, leading: 18.0, ..style::CELL.space(0.0, 3.0) };
const SMALL: Style = Style { size: 8.5, leading: 12.5, ..style::CELL };

/// What a contact card says.
#[derive(Debug, Clone, Default)]
pub struct ContactCard {
    /// The area's name: 托林镇托林居委会.
    pub area: String,
    /// The area's name in Tibetan, if it has one.
    pub area_bo: String,
    /// Who answers here: the office, the service hall.
    pub organisation: String,
    /// Who is on duty.
    pub duty: Vec<String>,
    /// The office's telephone.
    pub telephone: String,
    /// The residents' page of the area.
    pub address: String,
}

/// A sheaf of cards, ten on a page.
///
/// # Errors
/// `paper_too_long` for more than [`CARDS_MAX`] cards; `code_too_long`.
pub fn contact_cards(cards: &[ContactCard], languages: Languages) -> Result<Document, PressError> {
    if cards.len() > CARDS_MAX {
        return Err(PressError::TooLong { what: "cards", max: CARDS_MAX });
    }
    let mut document = Document::new(CONTACT_CARD.zh);
    let (left, top) = ((210.0 - CARD.0 * ACROSS as f32) / 2.0, (297.0 - CARD.1 * DOWN as f32) / 2.0);
    for sheet in cards.chunks(ACROSS * DOWN) {
        let placed = sheet.iter().enumerate().flat_map(|(index, card)| {
            let x = left + (index % ACROSS) as f32 * CARD.0;
            let y = top + (index / ACROSS) as f32 * CARD.1;
            place(card, x, y, languages)
        });
        document.push(Block::Sheet(placed.collect()));
    }
    Ok(document)
}

fn place(card: &ContactCard, x: f32, y: f32, languages: Languages) -> [Placed; 3] {
    let frame = Placed {
        x_mm: x,
        y_mm: y,
        width_mm: CARD.0,
        height_mm: CARD.1,
        cut_marks: true,
        middle: false,
        blocks: Vec::new(),
    };
    let text = Placed {
        x_mm: x + PAD,
        y_mm: y + PAD,
        width_mm: CARD.0 - 3.0 * PAD - CODE,
        height_mm: CARD.1 - 2.0 * PAD,
        cut_marks: false,
        middle: true,
        blocks: text(card, languages),
    };
    let mut below = vec![Block::Code { address: card.address.clone(), side_mm: CODE }, Block::Space(1.0)];
    below.push(Block::Text { style: SMALL.centered(), text: SCAN_SHORT.say(languages) });
    let code = Placed {
        x_mm: x + CARD.0 - PAD - CODE,
        y_mm: y + PAD,
        width_mm: CODE,
        height_mm: CARD.1 - 2.0 * PAD,
        cut_marks: false,
        middle: true,
        blocks: below,
    };
    [frame, text, code]
}

fn text(card: &ContactCard, languages: Languages) -> Vec<Block> {
    let both = languages == Languages::ChineseAndTibetan;
    let mark = if both { format!("{} {}", CONTACT_CARD.zh, CONTACT_CARD.bo) } else { CONTACT_CARD.zh.to_owned() };
    let mut blocks = Vec::new();
    let mut add = |style: Style, text: String| {
        if !text.is_empty() {
            blocks.push(Block::Text { style, text });
        }
    };
    add(MARK, mark);
    add(AREA, card.area.clone());
    if both {
        add(LINE, card.area_bo.clone());
    }
    add(LINE, card.organisation.clone());
    let duty = card.duty.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join("、");
    if !duty.is_empty() {
        add(LINE, format!("{}：{duty}", ON_DUTY.zh));
    }
    if !card.telephone.is_empty() {
        let label = if both { format!("{} {}", TELEPHONE.zh, TELEPHONE.bo) } else { TELEPHONE.zh.to_owned() };
        add(CALL, format!("{label}　{}", card.telephone));
    }
    add(Style { before: mm(0.5), ..SMALL }, SCAN.zh.to_owned());
    if both {
        add(SMALL, SCAN.bo.to_owned());
    }
    blocks
}
