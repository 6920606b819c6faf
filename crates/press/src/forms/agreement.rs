//! 人民调解协议书: the written agreement (人民调解法, art. 29).

use crate::document::{Block, Document, Signature};
use crate::forms::{number, say, title};
use crate::style;
use crate::words::{
    AGREEMENT_TITLE, COMMITTEE_SEALS, COPIES, EFFECT, FACTS, ISSUES, LIABILITY, Languages, MANNER, MEDIATOR_SIGNS,
    PARTIES, PARTY_SIGNS, RECORDER_SIGNS, TERMS, Word,
};

/// One of those who agree.
#[derive(Debug, Clone, Default)]
pub struct Party {
    /// Their name, or the text that stands for one that was erased.
    pub name: String,
    /// What else the law wants to know of them, as labels and values. Never ethnicity or belief.
    pub rows: Vec<(String, String)>,
}

/// What is agreed.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    /// The number: （2026）札人调字第3号.
    pub number: String,
    /// Who agree.
    pub parties: Vec<Party>,
    /// What happened.
    pub facts: String,
    /// What is disputed.
    pub issues: String,
    /// Who is answerable for what; may be empty.
    pub liability: String,
    /// What is agreed, one by one.
    pub terms: Vec<String>,
    /// How, and until when.
    pub manner: String,
    /// Who mediated.
    pub mediators: Vec<String>,
    /// Who wrote it down.
    pub recorder: String,
}

/// The agreement, on paper of its own.
pub fn agreement(agreement: &Agreement, languages: Languages) -> Document {
    let mut document = Document::new(AGREEMENT_TITLE.zh);
    title(&mut document, AGREEMENT_TITLE, languages);
    number(&mut document, &agreement.number);
    body(&mut document, agreement, languages);
    document
}

/// What stands below the title.
pub(super) fn body(document: &mut Document, agreement: &Agreement, languages: Languages) {
    say(document, style::FORM_HEADING, PARTIES, languages);
    for party in &agreement.parties {
        let mut rows = vec![("当事人".to_owned(), party.name.clone())];
        rows.extend(party.rows.iter().cloned());
        document.push(Block::Pairs(rows));
        document.push(Block::Space(2.0));
    }
    let part = |document: &mut Document, heading: Word, text: &str| {
        if !text.is_empty() {
            say(document, style::FORM_HEADING, heading, languages);
            document.text(style::FORM_BODY, text);
        }
    };
    part(document, FACTS, &agreement.facts);
    part(document, ISSUES, &agreement.issues);
    part(document, LIABILITY, &agreement.liability);
    say(document, style::FORM_HEADING, TERMS, languages);
    for (index, term) in agreement.terms.iter().enumerate() {
        document.text(style::FORM_BODY, format!("{}．{term}", index + 1));
    }
    part(document, MANNER, &agreement.manner);
    document.push(Block::Space(3.0));
    say(document, style::FORM_BODY, EFFECT, languages);
    say(document, style::FORM_BODY, COPIES, languages);

    let place = |word: Word, name: &String| Signature {
        role: word.say(languages),
        name: name.clone(),
        day: true,
        ..Signature::default()
    };
    let mut places: Vec<Signature> = agreement
        .parties
        .iter()
        .map(|party| Signature { fingerprint: true, ..place(PARTY_SIGNS, &party.name) })
        .collect();
    document.push(Block::Signatures(std::mem::take(&mut places)));
    places.extend(agreement.mediators.iter().map(|name| place(MEDIATOR_SIGNS, name)));
    places.push(place(RECORDER_SIGNS, &agreement.recorder));
    places.push(Signature { seal: true, ..place(COMMITTEE_SEALS, &String::new()) });
    document.push(Block::Signatures(places));
}
