//! 人民调解当事人权利义务告知书: what the parties of a mediation may and must (人民调解法, art. 4, 23, 24, 26, 31, 33).

use crate::document::{Block, Document, Signature};
use crate::forms::{number, say, title};
use crate::style;
use crate::words::{
    DUTIES, DUTIES_LIST, KNOW, KNOW_LIST, Languages, PARTY_SIGNS, RIGHTS, RIGHTS_LIST, RIGHTS_READ, RIGHTS_TITLE,
};

/// What the notice names.
#[derive(Debug, Clone, Default)]
pub struct RightsNotice {
    /// The number of the dossier.
    pub number: String,
    /// The parties, each of whom signs.
    pub parties: Vec<String>,
}

/// The notice, on paper of its own.
pub fn rights_notice(notice: &RightsNotice, languages: Languages) -> Document {
    let mut document = Document::new(RIGHTS_TITLE.zh);
    title(&mut document, RIGHTS_TITLE, languages);
    number(&mut document, &notice.number);
    body(&mut document, notice, languages);
    document
}

/// What stands below the title.
pub(super) fn body(document: &mut Document, notice: &RightsNotice, languages: Languages) {
    let item = style::FORM_BODY;
    for (heading, items) in [(RIGHTS, &RIGHTS_LIST[..]), (DUTIES, &DUTIES_LIST[..]), (KNOW, &KNOW_LIST[..])] {
        say(document, style::FORM_HEADING, heading, languages);
        for word in items {
            say(document, item, *word, languages);
        }
    }
    document.push(Block::Space(4.0));
    say(document, item, RIGHTS_READ, languages);
    let places = notice.parties.iter().map(|party| Signature {
        role: PARTY_SIGNS.say(languages),
        name: party.clone(),
        fingerprint: true,
        day: true,
        ..Signature::default()
    });
    document.push(Block::Signatures(places.collect()));
}
