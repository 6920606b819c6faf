//! The thank-you page of a place: who gave money, fuel, machines, material or labour, and agreed to be named.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde_json::Value;
use tahuang_domain::AreaCode;
use tahuang_domain::writing::without_numbers;

use super::ask::nowhere;
use super::page::{Words, page};
use super::{page_response, place};
use crate::door::Door;
use crate::problem::ApiError;
use crate::speaker::Speaker;
use crate::visitor::Visitor;

/// Thanks on the page: those of the last days.
const THANKS_MAX: usize = 60;

/// What somebody gave.
struct Given {
    day: String,
    giver: String,
    what: String,
    for_what: String,
}

pub async fn read_thanks(State(door): State<Arc<Door>>, visitor: Visitor, Path(area): Path<String>) -> Response {
    let words = Words { door: &door, language: visitor.language };
    let Some((area, prefecture)) = place(&door.app, &area) else { return nowhere(words, &area) };
    let language = visitor.language;
    let given = door.read(move |door| {
        let speaker = Speaker::new(door, language);
        let thanked = door.app.thanked(prefecture, area)?;
        let given = thanked.into_iter().take(THANKS_MAX).map(|(kind, area, line)| {
            let of = speaker.kind(&kind).and_then(|kind| kind.line(&line.kind));
            // Whoever typed a telephone number beside a name did not mean to put it up in public.
            let text = |code: &str| {
                let typed = line.fields.get(code).and_then(Value::as_str).unwrap_or_default();
                without_numbers(typed, "***").0
            };
            let what = of.and_then(|of| Some(speaker.field_value(of.form.field("what")?, line.fields.get("what")?)));
            Given {
                day: line.day.map(|day| day.to_string()).unwrap_or_default(),
                giver: text("giver"),
                what: format!("{} {}", what.unwrap_or_default(), text("amount")).trim().to_owned(),
                // What a case is called may name somebody; its kind and place do not.
                for_what: format!("{}，{}", speaker.kind_name(&kind), speaker.area(area).name),
            }
        });
        Ok::<_, ApiError>(given.collect::<Vec<_>>())
    });
    match given.await {
        Ok(given) => page_response(StatusCode::OK, written(words, area, &given)),
        Err(_) => page_response(StatusCode::SERVICE_UNAVAILABLE, written(words, area, &[])),
    }
}

fn written(words: Words<'_>, area: AreaCode, given: &[Given]) -> maud::Markup {
    let place = words.door.app.areas().path(area);
    let title = words.say("thanks_title");
    let body = html! {
        h1 { (title) }
        p.quiet { (place) }
        p { (words.say("thanks_lead")) }
        @if given.is_empty() {
            p { (words.say("thanks_none")) }
        } @else {
            ol {
                @for one in given {
                    li { time { (one.day) } b { (one.giver) } " " (one.what) br; span.quiet { (one.for_what) } }
                }
            }
        }
        p { a href={ "/r/" (area) "?lang=" (words.language.tag()) } { (words.say("thanks_back")) } }
    };
    page(words, title, &format!("/t/{area}"), &body)
}
