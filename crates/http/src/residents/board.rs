//! The public board of a place: what is needed there, who took it on, what was done. For everybody, without an account.
//!
//! It says what the office wrote for it and nothing else of a case: not its title, not who asked, not a member's name.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use tahuang_app::case_number;
use tahuang_domain::subject::{BoardPart, Case};
use tahuang_domain::{AreaCode, Body, Day, Prefecture, Subject, SubjectId};

use super::ask::nowhere;
use super::page::{Words, page, says};
use super::{limits, page_response, place};
use crate::door::Door;
use crate::problem::ApiError;
use crate::visitor::Visitor;

/// Which part of the board, and which page of it. What cannot be is the first page of what is free: an address that
/// somebody wrote down leads to the board all the same.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: String,
}

struct Shown {
    area: AreaCode,
    part: BoardPart,
    page: u64,
    counts: [u64; 3],
    items: Vec<Item>,
    more: bool,
}

/// What everybody may know of a case.
struct Item {
    number: String,
    kind: String,
    title: String,
    text: String,
    /// The unit that took it on; of a member only that somebody did.
    unit: Option<String>,
    claimed: Option<Day>,
    closed: Option<Day>,
}

pub async fn read_board(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(area): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let words = Words { door: &door, language: visitor.language };
    let Some((area, prefecture)) = place(&door.app, &area) else { return nowhere(words, &area) };
    let part = BoardPart::ALL.into_iter().find(|part| part.code() == asked.show).unwrap_or(BoardPart::Free);
    let number = asked.page.parse().ok().filter(|page| (1..=limits::BOARD_PAGES_MAX).contains(page)).unwrap_or(1);
    match door.read(move |door| looked_up(door, prefecture, area, (part, number))).await {
        Ok(shown) => page_response(StatusCode::OK, written(words, &shown)),
        Err(_) => page_response(
            StatusCode::SERVICE_UNAVAILABLE,
            says(words, &format!("/b/{area}"), words.say("board_title"), words.say("form_later")),
        ),
    }
}

fn looked_up(
    door: &Door,
    prefecture: Prefecture,
    area: AreaCode,
    (part, page): (BoardPart, u64),
) -> Result<Shown, ApiError> {
    let app = &door.app;
    let counts = app.board_counts(prefecture, area)?;
    let skip = (page - 1) * limits::BOARD_ROWS as u64;
    let found = app.public_board(prefecture, area, part, (skip, limits::BOARD_ROWS))?;
    let units: Vec<SubjectId> =
        found.items.iter().filter_map(|(_, case, _)| of_case(case)?.claim.as_ref()?.unit_id).collect();
    let named = app.subjects(prefecture, &units)?;
    let names: HashMap<SubjectId, String> =
        units.into_iter().zip(named).filter_map(|(id, unit)| Some((id, unit?.title))).collect();
    let item = |(_, subject, opened): &(SubjectId, Subject, u64)| {
        let case = of_case(subject)?;
        let published = case.published.clone()?;
        let claim = case.claim.as_ref();
        Some(Item {
            number: case_number(prefecture, *opened),
            kind: subject.kind.clone(),
            title: published.title,
            text: published.text,
            unit: claim.and_then(|claim| names.get(&claim.unit_id?).cloned()),
            claimed: claim.map(|claim| claim.day),
            closed: case.closed,
        })
    };
    let items = found.items.iter().filter_map(item).collect();
    Ok(Shown { area, part, page, counts, items, more: found.next.is_some() })
}

fn of_case(subject: &Subject) -> Option<&Case> {
    match &subject.body {
        Body::Case(case) => Some(case),
        _ => None,
    }
}

fn written(words: Words<'_>, shown: &Shown) -> Markup {
    let app = &words.door.app;
    let language = words.language.tag();
    let here = format!("/b/{}", shown.area);
    let to = |part: BoardPart, page: u64| format!("{here}?show={}&page={page}&lang={language}", part.code());
    let kind_name = |code: &str| {
        let kind = app.knowledge().catalog.kind(code).ok();
        kind.map(|kind| kind.names.get(words.language).to_owned()).unwrap_or_default()
    };
    let memory = app.memory();
    let body = html! {
        h1 { (words.say("board_title")) }
        p.quiet { (memory.areas.path(shown.area)) }
        p { (words.say("board_lead")) }
        nav.parts aria-label=(words.say("board_title")) {
            @for (part, count) in BoardPart::ALL.into_iter().zip(shown.counts) {
                @if part == shown.part {
                    b aria-current="page" { (words.say(title_of(part))) " " (count) }
                } @else {
                    a href=(to(part, 1)) { (words.say(title_of(part))) " " (count) }
                }
            }
        }
        @if shown.items.is_empty() { p.quiet { (words.say("board_empty")) } }
        ul.board {
            @for item in &shown.items {
                li {
                    b { (item.title) }
                    @if !item.text.is_empty() { p { (item.text) } }
                    p.quiet {
                        (words.say("number")) " " (item.number) " · " (kind_name(&item.kind))
                        @if let Some(told) = told(words, shown.part, item) { br; (told) }
                    }
                }
            }
        }
        @if shown.page > 1 || shown.more {
            nav.parts {
                @if shown.page > 1 { a href=(to(shown.part, shown.page - 1)) rel="prev" { (words.say("board_previous")) } }
                @if shown.more { a href=(to(shown.part, shown.page + 1)) rel="next" { (words.say("board_next")) } }
            }
        }
        h2 { (words.say("board_how_title")) }
        p { (words.say("board_how")) }
        @match memory.contact(shown.area) {
            Some(contact) => p { (words.say("board_contact")) " " b { (contact) } },
            None => p { (words.say("board_no_contact")) },
        }
        p { a href={ "/r/" (shown.area) "?lang=" (language) } { (words.say("board_ask")) } }
    };
    page(words, words.say("board_title"), &here, &body)
}

/// What is said of a claim: since when, by which unit, and when it was done.
fn told(words: Words<'_>, part: BoardPart, item: &Item) -> Option<String> {
    let by = |unit: &Option<String>| unit.clone().unwrap_or_else(|| words.say("board_member").to_owned());
    match part {
        BoardPart::Free => None,
        BoardPart::Claimed => Some(
            words
                .say("board_claimed_by")
                .replace("{who}", &by(&item.unit))
                .replace("{day}", &item.claimed?.to_string()),
        ),
        BoardPart::Fulfilled => Some(
            words.say("board_done_by").replace("{who}", &by(&item.unit)).replace("{day}", &item.closed?.to_string()),
        ),
    }
}

const fn title_of(part: BoardPart) -> &'static str {
    match part {
        BoardPart::Free => "board_free",
        BoardPart::Claimed => "board_claimed",
        BoardPart::Fulfilled => "board_fulfilled",
    }
}
