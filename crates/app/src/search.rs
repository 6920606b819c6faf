//! Search in Chinese, Tibetan and Latin script: every character and every pair of neighbours is a term, so two-character
//! words find, and a longer word is found by its pairs and then compared.

use std::collections::{BTreeSet, HashSet};

use tahuang_domain::{AreaCode, Body, Position, Prefecture, Subject, SubjectId};
use tahuang_store::{SearchEntry, Store, StoreError};

use crate::projection::{is_searched, read_subject};

/// Terms of one record are cut off here; its first text, the title, is what it is about.
const TERMS_MAX: usize = 1_000;

/// The texts of a record that the search looks at.
pub fn texts(subject: &Subject) -> Vec<&str> {
    let mut texts = vec![subject.title.as_str()];
    if let Body::Case(case) = &subject.body {
        texts.extend(case.handler.as_deref());
    }
    for value in subject.fields.values() {
        match value {
            serde_json::Value::String(text) => texts.push(text),
            serde_json::Value::Array(items) => texts.extend(items.iter().filter_map(serde_json::Value::as_str)),
            _ => {}
        }
    }
    texts
}

/// The index terms of a record, its areas among them, separated by spaces.
pub fn terms_of_subject(subject: &Subject) -> String {
    let terms = terms_of_texts(&texts(subject));
    subject.area.lineage().map(area_term).chain(terms).collect::<Vec<_>>().join(" ")
}

fn terms_of_texts(texts: &[&str]) -> Vec<String> {
    let mut seen = HashSet::new();
    let terms = texts.iter().flat_map(|text| words(text)).flat_map(|word| terms_of_word(&word));
    terms.filter(|term| seen.insert(term.clone())).take(TERMS_MAX).collect()
}

/// The index terms that a record must have to match what was typed.
pub fn terms_of_query(typed: &str, area: AreaCode) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for word in words(typed) {
        let characters: Vec<char> = word.chars().collect();
        if is_latin(&word) || characters.len() == 1 {
            terms.insert(word);
        } else {
            terms.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
    }
    terms.insert(area_term(area));
    terms.into_iter().collect()
}

/// Whether the record really holds every word that was typed, in one piece.
pub fn matches(subject: &Subject, typed: &str) -> bool {
    let texts: Vec<String> = texts(subject).into_iter().map(|text| words(text).join(" ")).collect();
    words(typed).iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
}

fn area_term(area: AreaCode) -> String {
    format!("a{}", area.number())
}

fn is_latin(word: &str) -> bool {
    word.is_ascii()
}

/// Runs of letters and digits, lower-cased; Latin and other scripts apart.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<bool> = None;
    // Full-width letters and digits are the same letters and digits.
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    for character in text.chars().map(narrow).flat_map(char::to_lowercase) {
        // Tibetan syllables are written with marks that are no letters of their own but belong to the word.
        let is_word = character.is_alphanumeric() || ('\u{0f00}'..='\u{0fff}').contains(&character);
        if !is_word {
            last = None;
            continue;
        }
        let latin = character.is_ascii();
        match words.last_mut() {
            Some(word) if last == Some(latin) => word.push(character),
            _ => words.push(character.to_string()),
        }
        last = Some(latin);
    }
    words
}

/// A Latin word whole, and of other scripts every character and every pair of neighbours, in their order.
fn terms_of_word(word: &str) -> Vec<String> {
    if is_latin(word) {
        return vec![word.to_owned()];
    }
    let characters: Vec<char> = word.chars().collect();
    let pairs = characters.windows(2).map(|pair| pair.iter().collect());
    characters.iter().map(char::to_string).chain(pairs).collect()
}

/// Journal records that the search index reads in one go.
const INDEX_CHUNK: usize = 4_000;

/// Indexes the next stretch of a journal.
pub fn index_some(store: &dyn Store, prefecture: Prefecture, position: Position) -> Result<Position, StoreError> {
    let rows = store.journal(prefecture, position + 1, INDEX_CHUNK)?;
    let Some(last) = rows.last() else { return Ok(position) };
    let mut ids: Vec<SubjectId> = rows.iter().map(|row| row.subject).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut entries = Vec::new();
    for row in store.subjects(prefecture, &ids)?.into_iter().flatten().filter(|row| is_searched(row.shape)) {
        let terms = terms_of_subject(&read_subject(&row)?);
        entries.push(SearchEntry { opened: row.opened, terms });
    }
    entries.sort_unstable_by_key(|entry| entry.opened);
    store.index(prefecture, last.position, &entries)?;
    Ok(last.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record_terms(text: &str) -> BTreeSet<String> {
        terms_of_texts(&[text]).into_iter().collect()
    }

    #[test]
    fn a_long_text_after_it_cuts_nothing_off_the_title() {
        // Everything in the long text sorts before the title's characters.
        let title: String = (0..400).filter_map(|n| char::from_u32(0x9000 + n)).collect();
        let long: String = (0..2_000).filter_map(|n| char::from_u32(0x4e00 + n)).collect();
        let terms = terms_of_texts(&[&title, &long]);
        assert_eq!(terms.len(), TERMS_MAX);
        assert!(record_terms(&title).iter().all(|term| terms.contains(term)));
    }

    #[test]
    fn a_two_character_word_is_a_term() {
        let terms = record_terms("疏通水渠（264），电杆A12倾斜");
        for word in ["水渠", "264", "倾斜", "a12", "渠"] {
            assert!(terms.contains(word), "{word}");
        }
        assert!(!terms.contains("渠电"), "no pair reaches across a break");
    }

    #[test]
    fn a_longer_word_needs_all_its_pairs() {
        let area: AreaCode = "542500000000".parse().unwrap();
        let terms = terms_of_query("泥石流 A12", area);
        assert_eq!(terms, ["a12", "a542500000000000", "泥石", "石流"]);
    }
}
