//! The words of `catalog/words.toml`.

use std::collections::{BTreeMap, HashMap};

use tahuang_domain::{Language, Names};

/// Server-made words, by section and code.
#[derive(Debug)]
pub struct Words(HashMap<String, BTreeMap<String, Names>>);

impl Words {
    /// The words that are built into the program.
    pub fn bundled() -> Self {
        let text = include_str!("../../../catalog/words.toml");
        Self(toml::from_str(text).unwrap_or_else(|error| panic!("catalog/words.toml: {error}")))
    }

    /// A word in a language; the code itself where the word is missing.
    pub fn get<'w>(&'w self, section: &str, code: &'w str, language: Language) -> &'w str {
        self.find(section, code).map_or(code, |names| names.get(language))
    }

    /// The words of a section, by code.
    pub fn section(&self, section: &str) -> impl Iterator<Item = (&str, &Names)> {
        self.0.get(section).into_iter().flatten().map(|(code, names)| (code.as_str(), names))
    }

    /// Whether there is such a word.
    pub fn find(&self, section: &str, code: &str) -> Option<&Names> {
        self.0.get(section)?.get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tahuang_app::Knowledge;
    use tahuang_domain::{Action, Event, State};

    /// The codes of an enum, as serde names them when it meets one that is not among them.
    fn variants<T: serde::de::DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let said = serde_json::from_str::<T>(r#"{"type":"?"}"#).unwrap_err().to_string();
        let (_, list) = said.split_once("expected one of ").unwrap();
        let list = list.split(" at line").next().unwrap();
        list.split(", ").map(|code| code.trim_matches('`').to_owned()).collect()
    }

    #[test]
    fn every_state_event_and_step_has_its_word() {
        let words = Words::bundled();
        for state in State::ALL {
            assert!(words.find("state", state.code()).is_some(), "state {}", state.code());
        }
        let events = variants::<Event>();
        assert!(events.len() >= 30, "{events:?}");
        for event in events {
            assert!(words.find("event", &event).is_some(), "event {event}");
        }
        let cases: Vec<String> = variants::<Action>()
            .into_iter()
            .filter(|command| {
                command.ends_with("_case") && !["report_case", "transcribe_case"].contains(&command.as_str())
            })
            .collect();
        assert!(cases.len() >= 9, "{cases:?}");
        for step in cases.iter().map(String::as_str).chain([
            "take_case_in_hand",
            "correct",
            "withdraw",
            "withdraw_line",
            "hold_activity",
            "cancel_activity",
        ]) {
            assert!(words.find("step", step).is_some(), "step {step}");
        }
    }

    #[test]
    fn every_enumerated_value_of_the_catalog_has_its_word() {
        let (words, knowledge) = (Words::bundled(), Knowledge::bundled().unwrap());
        let mut seen = 0;
        for kind in knowledge.catalog.kinds() {
            let forms = std::iter::once(&kind.form).chain(kind.lines.iter().map(|line| &line.form));
            for field in forms.flat_map(|form| &form.fields) {
                let of_each = field.schema.get("items").and_then(|items| items.get("enum"));
                let values = field.schema.get("enum").or(of_each).and_then(|values| values.as_array());
                for value in values.into_iter().flatten() {
                    let value = value.as_str().unwrap_or_default();
                    assert!(words.find("choice", value).is_some(), "{}.{}: {value}", kind.code, field.code);
                    seen += 1;
                }
            }
        }
        assert!(seen > 20, "the catalog's choices were not found");
        for figure in knowledge.figures.iter() {
            for grade in &figure.count.grades {
                assert!(words.find("choice", grade).is_some(), "grade {grade}");
            }
        }
    }
}
