//! What a form asks for: the fields of a kind, and the inputs of a step.

use serde::Serialize;
use serde_json::Value;
use tahuang_domain::catalog::Field;
use tahuang_domain::decide::line::ends;
use tahuang_domain::{Body, Fields, Kind, Refusal, Subject};
use utoipa::ToSchema;

use crate::lines;
use crate::speaker::{Named, Speaker};

/// One input of a form.
#[derive(Clone, Serialize, ToSchema)]
pub struct Need {
    /// The command's field; `fields.…` stands inside its `fields`, `personal.…` inside its `personal`.
    pub code: String,
    pub name: String,
    #[serde(rename = "type")]
    pub input: InputType,
    pub required: bool,
    /// Of a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Named>>,
    /// What stands there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// It is asked for only when another input of the step has this value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<NeedWhen>,
}

/// Another input's value.
#[derive(Clone, Serialize, ToSchema)]
pub struct NeedWhen {
    pub code: &'static str,
    pub value: &'static str,
}

/// How an input is typed in.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputType {
    Text,
    LongText,
    Number,
    /// `YYYY-MM-DD`.
    Day,
    /// A time of the day, `HH:MM`.
    Time,
    Choice,
    /// Several of the choices; sent as an array of their codes.
    Choices,
    /// A choice of few, side by side.
    Buttons,
    Boolean,
    Area,
    /// Texts, one to a line; sent as an array.
    List,
    /// A name, or one of `list_handlers`, whose account is sent beside it as `account`.
    Handler,
    /// Several of `list_handlers`; sent as an array of `{name, account}`.
    Handlers,
    /// Another case; sent as its id.
    Case,
    /// A unit that reports to communities; sent as the id of its entry.
    Unit,
}

/// A step that a record offers.
#[derive(Serialize, ToSchema)]
pub struct Step {
    /// The command's `type`.
    pub command: String,
    /// Of an `add_line`, the kind of line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_kind: Option<String>,
    pub name: String,
    /// It stands beside the way that a case usually takes, so a screen offers it less prominently.
    pub beside: bool,
    /// What the command needs besides.
    pub needs: Vec<Need>,
}

/// The input of a field of the catalog.
pub fn need_of_field(speaker: &Speaker<'_>, field: &Field) -> Need {
    let (input, choices) = input_of(speaker, &field.schema);
    let name = speaker.names(&field.name).to_owned();
    Need { code: field.code.clone(), name, input, required: field.required, choices, value: None, when: None }
}

fn input_of(speaker: &Speaker<'_>, schema: &Value) -> (InputType, Option<Vec<Named>>) {
    let choices = |schema: &Value| -> Option<Vec<Named>> {
        let codes = schema.get("enum")?.as_array()?.iter().filter_map(Value::as_str);
        let named = |code: &str| Named { code: code.to_owned(), name: speaker.word("choice", code).to_owned() };
        Some(codes.map(named).collect())
    };
    if let Some(choices) = choices(schema) {
        return (InputType::Choice, Some(choices));
    }
    if let Some(choices) = schema.get("items").and_then(choices) {
        return (InputType::Choices, Some(choices));
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
    let long = schema.get("maxLength").and_then(Value::as_u64).is_some_and(|max| max > LONG_TEXT_CHARS);
    let input = match text("type") {
        "boolean" => InputType::Boolean,
        "integer" => InputType::Number,
        "array" => InputType::List,
        _ if text("format") == "case" => InputType::Case,
        _ if text("pattern").starts_with("^[0-9]{4}-") => InputType::Day,
        _ if text("pattern").ends_with(":[0-5][0-9]$") => InputType::Time,
        _ if long => InputType::LongText,
        _ => InputType::Text,
    };
    (input, None)
}

/// A text that may be longer than this gets more than one line to be typed in.
const LONG_TEXT_CHARS: u64 = 400;

/// A step with its inputs.
pub fn step(speaker: &Speaker<'_>, kind: &Kind, command: &str) -> Step {
    let need = |code: &str, input, required| Need {
        code: code.to_owned(),
        name: speaker.word("detail", code).to_owned(),
        input,
        required,
        choices: None,
        value: None,
        when: None,
    };
    let needs = match command {
        "decline_case" | "pause_case" | "reopen_case" | "refuse_handover" | "withdraw" | "withdraw_line"
        | "cancel_activity" | "appeal_rating" | "unpublish_case" | "release_claim" => {
            vec![need("reason", InputType::LongText, true)]
        }
        "assign_case" => vec![need("handler", InputType::Handler, true), need("assisting", InputType::Handlers, false)],
        "hand_over_case" => vec![need("handler", InputType::Handler, true), need("reason", InputType::LongText, true)],
        "merge_case" => vec![need("into", InputType::Case, true), need("reason", InputType::LongText, true)],
        "extend_case" => vec![need("due", InputType::Day, true), need("reason", InputType::LongText, true)],
        "publish_case" => {
            let named = |word: &str, need: Need| Need { name: speaker.word("detail", word).to_owned(), ..need };
            vec![
                named("public_title", need("title", InputType::Text, true)),
                named("public_text", need("text", InputType::LongText, false)),
            ]
        }
        "claim_case" => vec![
            need("unit_id", InputType::Unit, false),
            need("claimant", InputType::Handler, false),
            need("due", InputType::Day, false),
        ],
        "remind_case" => vec![need("note", InputType::LongText, false)],
        "finish_case" => vec![need("day", InputType::Day, true), need("note", InputType::LongText, false)],
        "check_case" => {
            let choices = [("true", "check_passed"), ("false", "check_failed")];
            let choices = choices
                .map(|(code, word)| Named { code: code.to_owned(), name: speaker.word("phrase", word).to_owned() });
            let passed = Need { choices: Some(choices.into()), ..need("passed", InputType::Choice, true) };
            vec![passed, need("note", InputType::LongText, false)]
        }
        "hold_activity" => {
            let day = |code, required| need(code, InputType::Day, required);
            vec![day("day", true), day("until", false), need("people", InputType::Number, false)]
        }
        "revisit_case" => {
            let word = |code, required, words: &[(&str, &str, &str)]| Need {
                when: Some(NeedWhen { code: "reached", value: "true" }),
                ..buttons(speaker, need(code, InputType::Buttons, required), words)
            };
            let reached = [("true", "phrase", "reached"), ("false", "phrase", "not_reached")];
            vec![
                buttons(speaker, need("reached", InputType::Buttons, true), &reached),
                word("solved", true, &choices(["resolved", "partly", "unresolved"])),
                word("satisfaction", false, &choices(["satisfied", "fairly", "dissatisfied"])),
                need("note", InputType::LongText, false),
            ]
        }
        "decide_appeal" => {
            let words = [("true", "phrase", "appeal_granted"), ("false", "phrase", "appeal_rejected")];
            let granted = buttons(speaker, need("granted", InputType::Buttons, true), &words);
            vec![granted, need("reason", InputType::LongText, true)]
        }
        "close_case" => {
            let outcomes = kind.outcomes.iter();
            let choices = outcomes
                .map(|outcome| Named { code: outcome.code.clone(), name: speaker.names(&outcome.name).to_owned() });
            let outcome = Need { choices: Some(choices.collect()), ..need("outcome", InputType::Choice, true) };
            vec![need("day", InputType::Day, true), outcome]
        }
        _ => Vec::new(),
    };
    Step {
        command: command.to_owned(),
        line_kind: None,
        name: speaker.word("step", command).to_owned(),
        beside: is_beside(command),
        needs,
    }
}

/// Says beside each outcome of a case what has to be entered before it ends so, or why it no longer can.
pub fn say_what_outcomes_need(speaker: &Speaker<'_>, kind: &Kind, subject: &Subject, step: &mut Step) {
    let outcome = step.needs.iter_mut().filter(|need| need.code == "outcome");
    for choice in outcome.flat_map(|need| need.choices.iter_mut().flatten()) {
        let (phrase, line) = match ends(kind, subject, &choice.code) {
            Err(Refusal::LineMissing { needs }) => ("needs_line", needs),
            Err(Refusal::LineBarred { by }) => ("barred_by_line", by),
            _ => continue,
        };
        let said = speaker.word("phrase", phrase).replace("{}", &lines::name(speaker, Some(kind), &line));
        choice.name.push_str(&said);
    }
}

/// An input with its choices: what is sent, and section and code of its word.
fn buttons(speaker: &Speaker<'_>, need: Need, words: &[(&str, &str, &str)]) -> Need {
    let named = words
        .iter()
        .map(|(code, section, word)| Named { code: (*code).to_owned(), name: speaker.word(section, word).to_owned() });
    Need { choices: Some(named.collect()), ..need }
}

fn choices<const N: usize>(codes: [&'static str; N]) -> [(&'static str, &'static str, &'static str); N] {
    codes.map(|code| (code, "choice", code))
}

/// Whether a step stands beside the way that a case usually takes.
pub fn is_beside(command: &str) -> bool {
    matches!(
        command,
        "merge_case"
            | "hand_over_case"
            | "extend_case"
            | "remind_case"
            | "decline_case"
            | "appeal_rating"
            | "correct"
            | "withdraw"
            | "cancel_activity"
            | "publish_case"
            | "unpublish_case"
            | "release_claim"
    )
}

/// The step that corrects what was entered, with what stands there now.
pub fn correction(speaker: &Speaker<'_>, kind: &Kind, subject: &Subject) -> Step {
    let need = |code: &str, input, value: Option<String>| Need {
        code: code.to_owned(),
        name: speaker.word("detail", code).to_owned(),
        input,
        required: false,
        choices: None,
        value,
        when: None,
    };
    let day = subject.day.map(|day| day.to_string());
    let mut needs =
        vec![need("title", InputType::LongText, Some(subject.title.clone())), need("day", InputType::Day, day)];
    if !kind.is_area {
        needs.push(need("area", InputType::Area, Some(subject.area.to_string())));
    }
    match &subject.body {
        Body::Fact { quantity } => needs.push(need("quantity", InputType::Number, Some(quantity.to_string()))),
        Body::Activity { people, .. } => {
            let people = people.map(|people| people.to_string());
            needs.push(Need { code: "quantity".to_owned(), ..need("people", InputType::Number, people) });
        }
        _ => {}
    }
    // A link is changed by withdrawing the record and entering it again.
    let fields = kind.form.fields.iter().filter(|field| kind.links.iter().all(|link| link.field != field.code));
    needs.extend(fields.map(|field| Need {
        code: format!("fields.{}", field.code),
        required: false,
        value: typed(&subject.fields, &field.code),
        ..need_of_field(speaker, field)
    }));
    needs.push(Need { required: true, ..need("reason", InputType::LongText, None) });
    Step { needs, ..step(speaker, kind, "correct") }
}

/// A field's value as it would be typed in.
fn typed(fields: &Fields, code: &str) -> Option<String> {
    Some(match fields.get(code)? {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    })
}
