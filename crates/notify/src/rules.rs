//! `catalog/notices.toml`: of which events whom is told, and in which words.

use std::collections::BTreeMap;

use serde::Deserialize;
use tahuang_domain::{AreaTree, Catalog, CatalogError, Language, Names, Shape};
use toml::Spanned;

use crate::message::Facts;

/// Who is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever may read the record, on the pages; and the channels of its area and kind.
    Area,
    /// The account that reported the case, on the pages.
    Reporter,
    /// Only the channels of its area and kind.
    Channels,
    /// The accounts that handle the case, assist in it, or are asked to take it over, on the pages.
    Handler,
    /// The accounts of the office to which a case was escalated, on the pages.
    Office,
    /// The account whose appeal was decided, on the pages.
    Appellant,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its permanent code: messages are made of it.
    pub code: String,
    /// The event's code.
    pub event: String,
    /// Of records of these kinds; of every kind of case when empty.
    pub kinds: Vec<String>,
    /// Who is told.
    pub to: Vec<Audience>,
    /// Goes before others, and at night.
    pub emergency: bool,
    heading: Template,
    text: Template,
}

/// What is told in one language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// One line.
    pub heading: String,
    /// Several lines.
    pub text: String,
}

/// All rules, in their order: the first that fits a record is the one that tells it.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    states: BTreeMap<String, Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticesFile {
    notice: Vec<NoticeText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeText {
    code: Spanned<String>,
    event: Spanned<String>,
    #[serde(default)]
    kinds: Vec<Spanned<String>>,
    to: Spanned<Vec<Audience>>,
    #[serde(default)]
    emergency: bool,
    heading: Spanned<Names>,
    text: Spanned<Names>,
}

impl Rules {
    /// The rules that are built into the program.
    ///
    /// # Errors
    /// A mistake in the catalog, with file and line.
    pub fn bundled(catalog: &Catalog) -> Result<Self, CatalogError> {
        let words = include_str!("../../../catalog/words.toml");
        Self::parse("catalog/notices.toml", include_str!("../../../catalog/notices.toml"), words, catalog)
    }

    /// Reads and checks rules against the kinds, and against the events that `catalog/words.toml` has a word for.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(file: &str, text: &str, words: &str, catalog: &Catalog) -> Result<Self, CatalogError> {
        let mut known: BTreeMap<String, BTreeMap<String, Names>> =
            toml::from_str(words).map_err(|error| CatalogError::toml("catalog/words.toml", words, &error))?;
        let events = known.remove("event").unwrap_or_default();
        let states = known.remove("state").unwrap_or_default();
        let read: NoticesFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut rules: Vec<Rule> = Vec::new();
        for notice in read.notice {
            let code = notice.code.as_ref();
            let fail = |offset: usize, problem: &str| {
                Err(CatalogError::at(file, text, offset, format!("notice {code}: {problem}")))
            };
            if rules.iter().any(|rule| rule.code == *code) {
                return fail(notice.code.span().start, "the code stands twice");
            }
            if !events.contains_key(notice.event.as_ref()) {
                return fail(notice.event.span().start, "there is no such event");
            }
            if let Some(kind) = notice.kinds.iter().find(|kind| catalog.kind(kind.as_ref()).is_err()) {
                return fail(kind.span().start, &format!("there is no kind {}", kind.as_ref()));
            }
            if notice.to.as_ref().is_empty() {
                return fail(notice.to.span().start, "nobody is told");
            }
            let template = |names: &Spanned<Names>| {
                let at =
                    |problem| CatalogError::at(file, text, names.span().start, format!("notice {code}: {problem}"));
                Template::parse(names.as_ref()).map_err(at)
            };
            let (heading, body) = (template(&notice.heading)?, template(&notice.text)?);
            rules.push(Rule {
                code: code.clone(),
                event: notice.event.into_inner(),
                kinds: notice.kinds.into_iter().map(Spanned::into_inner).collect(),
                to: notice.to.into_inner(),
                emergency: notice.emergency,
                heading,
                text: body,
            });
        }
        Ok(Self { rules, states })
    }

    /// The rule that tells of an event of a record of this kind.
    pub fn of(&self, event: &str, kind: &str, shape: Shape) -> Option<&Rule> {
        self.rules.iter().find(|rule| {
            let fits = match rule.kinds.as_slice() {
                [] => shape == Shape::Case,
                kinds => kinds.iter().any(|named| named == kind),
            };
            fits && rule.event == event
        })
    }

    /// Whether any rule tells of the event.
    pub fn tells_of(&self, event: &str) -> bool {
        self.rules.iter().any(|rule| rule.event == event)
    }

    /// The rule with this code; one that was told by may be gone.
    pub fn get(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code)
    }

    /// The words of a rule in a language.
    pub fn words(&self, rule: &Rule, facts: &Facts, language: Language, catalog: &Catalog, areas: &AreaTree) -> Words {
        let kind = catalog.kind(&facts.kind).map_or(facts.kind.as_str(), |kind| kind.names.get(language));
        let state = self.states.get(&facts.state).map_or(facts.state.as_str(), |names| names.get(language));
        let values = Values {
            kind: kind.to_owned(),
            title: facts.title.clone(),
            area: match areas.path(facts.area) {
                path if path.is_empty() => areas.name(facts.area).unwrap_or_default().to_owned(),
                path => path,
            },
            due: facts.due.map(|day| day.to_string()).unwrap_or_default(),
            state: state.to_owned(),
        };
        Words { heading: rule.heading.fill(language, &values), text: rule.text.fill(language, &values) }
    }
}

/// What a template may ask for. The link stands apart, because it survives when the text is cut.
struct Values {
    kind: String,
    title: String,
    area: String,
    due: String,
    state: String,
}

impl Values {
    fn get(&self, placeholder: &str) -> Option<&str> {
        match placeholder {
            "kind" => Some(&self.kind),
            "title" => Some(&self.title),
            "area" => Some(&self.area),
            "due" => Some(&self.due),
            "state" => Some(&self.state),
            _ => None,
        }
    }
}

/// Words with places to fill in.
#[derive(Debug)]
struct Template(Names);

impl Template {
    fn parse(names: &Names) -> Result<Self, String> {
        let nothing = Values {
            kind: String::new(),
            title: String::new(),
            area: String::new(),
            due: String::new(),
            state: String::new(),
        };
        for text in [Some(&names.zh), names.bo.as_ref(), Some(&names.en)].into_iter().flatten() {
            let mut rest = text.as_str();
            while let Some((_, after)) = rest.split_once('{') {
                let (placeholder, after) = after.split_once('}').ok_or("a { without its }")?;
                if nothing.get(placeholder).is_none() {
                    return Err(format!("there is nothing called {{{placeholder}}}"));
                }
                rest = after;
            }
            if text.trim().is_empty() {
                return Err("there are no words".to_owned());
            }
        }
        Ok(Self(names.clone()))
    }

    /// A line that asks for something that is not there is left out.
    fn fill(&self, language: Language, values: &Values) -> String {
        let lines = self.0.get(language).trim().lines().filter_map(|line| {
            let mut filled = String::new();
            let mut rest = line;
            while let Some((before, after)) = rest.split_once('{') {
                let (placeholder, after) = after.split_once('}')?;
                let value = values.get(placeholder).filter(|value| !value.is_empty())?;
                filled.push_str(before);
                filled.push_str(value);
                rest = after;
            }
            filled.push_str(rest);
            Some(filled)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &str = r#"
[[kind]]
code = "hazard"
shape = "case"
name = { zh-CN = "安全隐患", bo = "ཉེན་ཁ།", en = "Hazard" }
[[kind.outcome]]
code = "rectified"
name = { zh-CN = "已整改", en = "Rectified" }
[[kind]]
code = "patrol"
shape = "activity"
name = { zh-CN = "巡逻", en = "Patrol" }
"#;
    const WORDS: &str = "[event]\ncase_reported = { zh-CN = \"上报\", en = \"Reported\" }\n\
                         [state]\nreported = { zh-CN = \"待受理\", en = \"Reported\" }\n";

    fn rules(text: &str) -> Result<Rules, CatalogError> {
        Rules::parse("notices.toml", text, WORDS, &Catalog::parse("kinds.toml", KINDS).unwrap())
    }

    fn notice(lines: &str) -> String {
        format!(
            "[[notice]]\ncode = \"new\"\n{lines}\nheading = {{ zh-CN = \"新{{kind}}\", en = \"New {{kind}}\" }}\n\
             text = {{ zh-CN = \"{{title}}\\n期限：{{due}}\\n{{area}} {{state}}\", en = \"{{title}}\" }}\n"
        )
    }

    #[test]
    fn a_line_that_asks_for_what_is_not_there_is_left_out() {
        let rules = rules(&notice("event = \"case_reported\"\nto = [\"area\"]")).unwrap();
        let catalog = Catalog::parse("kinds.toml", KINDS).unwrap();
        let mut areas = AreaTree::default();
        areas.insert("542521000000".parse().unwrap(), "普兰县");
        let mut facts = Facts {
            event: "case_reported".to_owned(),
            kind: "hazard".to_owned(),
            title: "墙体裂缝".to_owned(),
            area: "542521000000".parse().unwrap(),
            state: "reported".to_owned(),
            due: None,
            emergency: false,
        };
        let rule = rules.of("case_reported", "hazard", Shape::Case).unwrap();
        let words = |facts: &Facts, language| rules.words(rule, facts, language, &catalog, &areas);
        assert_eq!(words(&facts, Language::ZhCn).text, "墙体裂缝\n普兰县 待受理");
        assert_eq!(words(&facts, Language::Bo).heading, "新ཉེན་ཁ།", "Chinese stands in, around a Tibetan name");
        assert_eq!(words(&facts, Language::En).heading, "New Hazard");
        facts.due = "2025-08-29".parse().ok();
        assert_eq!(words(&facts, Language::ZhCn).text, "墙体裂缝\n期限：2025-08-29\n普兰县 待受理");
        assert!(rules.of("case_reported", "patrol", Shape::Activity).is_none(), "without kinds a rule is about cases");
    }

    #[test]
    fn a_mistake_names_file_and_line() {
        let table = [
            (notice("event = \"case_reportd\"\nto = [\"area\"]"), 3, "no such event"),
            (notice("event = \"case_reported\"\nkinds = [\"hazrd\"]\nto = [\"area\"]"), 4, "no kind hazrd"),
            (notice("event = \"case_reported\"\nto = []"), 4, "nobody"),
            (notice("event = \"case_reported\"\nto = [\"everybody\"]"), 4, "everybody"),
            (notice("event = \"case_reported\"\nto = [\"area\"]").replace("{due}", "{phone}"), 6, "{phone}"),
            (notice("event = \"case_reported\"\nto = [\"area\"]").replace("{due}", "{due"), 6, "{"),
            (notice("event = \"case_reported\"\nto = [\"area\"]").repeat(2), 8, "twice"),
        ];
        for (text, line, what) in table {
            let error = rules(&text).unwrap_err();
            assert_eq!((error.file.as_str(), error.line), ("notices.toml", line), "{error}");
            assert!(error.message.contains(what), "{error}");
        }
    }

    #[test]
    fn the_built_in_rules_are_sound() {
        let catalog = Catalog::parse("catalog/kinds.toml", include_str!("../../../catalog/kinds.toml")).unwrap();
        let rules = Rules::bundled(&catalog).unwrap();
        assert!(rules.rules.len() >= 5 && rules.rules.iter().any(|rule| rule.emergency));
        let damage = rules.of("case_reported", "damage", Shape::Case).unwrap();
        assert!(damage.emergency, "damage is told at night");
        assert!(!rules.of("case_reported", "wish", Shape::Case).unwrap().emergency);
    }
}
