//! GET Service Definition: which fields besides words whoever asks may fill in.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::Value;
use tahuang_domain::Kind;
use tahuang_domain::catalog::{Field, ForResidents};

use super::answer::{Fault, Node};
use super::call::Call;
use crate::door::Door;
use crate::residents::ask::kinds;

pub async fn get_service(State(door): State<Arc<Door>>, call: Call) -> Response {
    let definition = define(&door, &call);
    call.answer("service_definition", definition)
}

/// The kind of a service.
pub fn service<'d>(door: &'d Door, code: &str) -> Result<(&'d Kind, &'d ForResidents), Fault> {
    let found = kinds(door).into_iter().find(|(kind, _)| kind.code == code);
    found.ok_or_else(|| Fault::not_found("service_code was not found"))
}

/// The fields that whoever asks may fill in, in the order of the catalog.
pub fn attributes<'k>(kind: &'k Kind, asked: &'k ForResidents) -> impl Iterator<Item = &'k Field> {
    kind.form.fields.iter().filter(|field| asked.fields.contains(&field.code))
}

/// What an attribute holds, as the specification names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Datatype {
    SingleValueList,
    Number,
    Datetime,
    Text,
}

impl Datatype {
    pub fn of(field: &Field) -> Self {
        let of_type = field.schema.get("type").and_then(Value::as_str);
        let pattern = field.schema.get("pattern").and_then(Value::as_str);
        match (of_type, pattern) {
            _ if field.schema.get("enum").is_some() => Self::SingleValueList,
            (Some("integer" | "number"), _) => Self::Number,
            (_, Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")) => Self::Datetime,
            _ => Self::Text,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::SingleValueList => "singlevaluelist",
            Self::Number => "number",
            Self::Datetime => "datetime",
            Self::Text => "string",
        }
    }
}

/// The codes that a field of choices knows.
pub fn choices(field: &Field) -> Vec<&str> {
    let values = field.schema.get("enum").and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn define(door: &Door, call: &Call) -> Result<Node, Fault> {
    call.jurisdiction(&door.app)?;
    let (kind, asked) = service(door, &call.named)?;
    let language = call.visitor.language;
    let value = |code: &str| {
        let name = door.words.get("choice", code, language).to_owned();
        Node::Fields(vec![("key", Node::text(code)), ("name", Node::Text(name))])
    };
    let attribute = |(order, field): (u64, &Field)| {
        let values = choices(field).into_iter().map(value).collect();
        Node::Fields(vec![
            ("variable", Node::Flag(true)),
            ("code", Node::text(&*field.code)),
            ("datatype", Node::text(Datatype::of(field).code())),
            ("required", Node::Flag(field.required)),
            ("datatype_description", Node::Nothing),
            ("order", Node::Number(order)),
            ("description", Node::text(field.name.get(language))),
            ("values", Node::List("value", values)),
        ])
    };
    let attributes = (1..).zip(attributes(kind, asked)).map(attribute).collect();
    Ok(Node::Fields(vec![
        ("service_code", Node::text(&*kind.code)),
        ("attributes", Node::List("attribute", attributes)),
    ]))
}
