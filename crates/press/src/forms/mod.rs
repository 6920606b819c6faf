//! The forms, one in a file: a struct of plain data, and a function that makes a document of it.

pub mod agreement;
pub mod check_notice;
pub mod check_sheet;
pub mod contact_cards;
pub mod dossier;
pub mod minutes;
pub mod report_slip;
pub mod rights_notice;
pub mod service_card;
pub mod unit_quarter;

use crate::document::{Block, Document};
use crate::style::{self, Style};
use crate::words::{Languages, Word};

/// Tibetan below a Chinese title.
const TITLE_BELOW: Style = Style { size: 15.0, leading: 26.0, ..style::FORM_TITLE };

/// The title of a form: a heading in Chinese, with the Tibetan below it.
fn title(document: &mut Document, word: Word, languages: Languages) {
    let below = languages == Languages::ChineseAndTibetan;
    let style = if below { style::FORM_TITLE.space(0.0, 0.0) } else { style::FORM_TITLE };
    document.heading(style, word.zh);
    if below {
        document.text(TITLE_BELOW, word.bo);
    }
}

/// A text in both languages, the Tibetan in a paragraph of its own.
fn say(document: &mut Document, style: Style, word: Word, languages: Languages) {
    if languages == Languages::ChineseAndTibetan {
        document.text(style.space(style.before, 0.0), word.zh);
        document.text(style.space(0.0, style.after), word.bo);
    } else {
        document.text(style, word.zh);
    }
}

/// The number of a paper, at the right below its title.
fn number(document: &mut Document, number: &str) {
    if !number.is_empty() {
        document.push(Block::Text { style: style::FORM.right(), text: number.to_owned() });
    }
}
