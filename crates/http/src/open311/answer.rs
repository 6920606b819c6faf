//! Answers, in both formats from one tree, and what goes wrong, as the specification writes it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::problem::{ApiError, status_of};

/// In which format an answer is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Json,
    /// What the specification requires of everybody, so what is given when an address names no format.
    Xml,
}

/// A part of an answer.
#[derive(Debug)]
pub enum Node {
    Text(String),
    Number(u64),
    Flag(bool),
    /// `null`, or an element without content.
    Nothing,
    Fields(Vec<(&'static str, Node)>),
    /// What each element is called in XML, and the elements.
    List(&'static str, Vec<Node>),
}

impl Node {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl From<Option<String>> for Node {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Nothing => serializer.serialize_none(),
            Self::Fields(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::List(_, elements) => serializer.collect_seq(elements),
        }
    }
}

/// The answer's bytes. JSON leaves the root's name out (the Spark convention).
fn written(format: Format, root: &'static str, node: &Node) -> String {
    match format {
        Format::Json => serde_json::to_string(node).unwrap_or_default(),
        Format::Xml => {
            let mut xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
            element(&mut xml, root, node);
            xml.push('\n');
            xml
        }
    }
}

fn element(xml: &mut String, name: &str, node: &Node) {
    if matches!(node, Node::Nothing) {
        xml.extend(["<", name, "/>"]);
        return;
    }
    xml.extend(["<", name, ">"]);
    match node {
        Node::Nothing => {}
        Node::Text(text) => xml.extend(text.chars().filter_map(escaped)),
        Node::Number(number) => xml.push_str(&number.to_string()),
        Node::Flag(flag) => xml.push_str(if *flag { "true" } else { "false" }),
        Node::Fields(fields) => fields.iter().for_each(|(name, value)| element(xml, name, value)),
        Node::List(each, elements) => elements.iter().for_each(|value| element(xml, each, value)),
    }
    xml.extend(["</", name, ">"]);
}

/// A character as it stands in XML 1.0; `None` for one that may not stand there in any way.
fn escaped(letter: char) -> Option<String> {
    Some(match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        // A reader of XML makes a line break of it.
        '\r' => "&#13;".to_owned(),
        '\t' | '\n' => letter.to_string(),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return None,
        _ => letter.to_string(),
    })
}

/// What is wrong with a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub status: StatusCode,
    /// In English, for whoever wrote the program that calls; the parameter's name comes first.
    pub description: String,
    /// Seconds after which it may be tried again.
    pub again: Option<i64>,
}

impl Fault {
    pub fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self { status, description: description.into(), again: None }
    }

    pub fn bad(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, description)
    }

    pub fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, description)
    }

    pub fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, description)
    }
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        if let ApiError::Internal(what) = &error {
            tracing::error!(what, "a request failed");
        }
        let (status, _) = status_of(error.code());
        let again = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Self { status, description: error.to_string(), again }
    }
}

/// Gives an answer, or what is wrong.
pub fn answer(format: Format, root: &'static str, given: Result<Node, Fault>) -> Response {
    let (status, body, again) = match given {
        Ok(node) => (StatusCode::OK, written(format, root, &node), None),
        Err(fault) => {
            let code = Node::Number(fault.status.as_u16().into());
            let error = Node::Fields(vec![("code", code), ("description", Node::Text(fault.description))]);
            (fault.status, written(format, "errors", &Node::List("error", vec![error])), fault.again)
        }
    };
    let content_type = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Xml => "text/xml; charset=utf-8",
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    if let Some(seconds) = again {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tree_is_written_in_both_formats() {
        let value = Node::Fields(vec![("key", Node::text("fire")), ("name", Node::Nothing)]);
        let tree = Node::Fields(vec![
            ("code", Node::text("a<b>&\"c\"")),
            ("required", Node::Flag(true)),
            ("order", Node::Number(1)),
            ("values", Node::List("value", vec![value])),
        ]);
        assert_eq!(
            written(Format::Json, "attribute", &tree),
            r#"{"code":"a<b>&\"c\"","required":true,"order":1,"values":[{"key":"fire","name":null}]}"#
        );
        assert_eq!(
            written(Format::Xml, "attribute", &tree),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<attribute><code>a&lt;b&gt;&amp;\"c\"</code><required>true</required>\
             <order>1</order><values><value><key>fire</key><name/></value></values></attribute>\n"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out_of_it() {
        let text = Node::text("a\u{0}b\u{b}c\td\ne\rf\u{ffff}");
        assert!(written(Format::Xml, "description", &text).contains("<description>abc\td\ne&#13;f</description>"));
    }
}
