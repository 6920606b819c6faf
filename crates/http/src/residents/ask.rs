//! Asking: the form of a place.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tahuang_app::shanghai_day;
use tahuang_domain::catalog::ForResidents;
use tahuang_domain::{AreaCode, Fields, Kind, Prefecture};

use super::form::{FormFault, Ticket};
use super::page::{Words, page, says};
use super::report::{self, Report, ReportFault, Sent};
use super::{limits, link, page_response, place, to_case};
use crate::door::Door;
use crate::visitor::Visitor;

/// What a form brings.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    proof: String,
    /// No person sees this field; whoever fills it in is a machine.
    #[serde(default)]
    website: String,
}

pub async fn read_form(State(door): State<Arc<Door>>, visitor: Visitor, Path(area): Path<String>) -> Response {
    let words = Words { door: &door, language: visitor.language };
    match place(&door.app, &area) {
        Some((area, _)) => page_response(StatusCode::OK, form(words, area, &Asked::default(), None)),
        None => nowhere(words, &area),
    }
}

pub async fn send_form(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(area): Path<String>,
    asked: Result<Form<Asked>, axum::extract::rejection::FormRejection>,
) -> Response {
    let words = Words { door: &door, language: visitor.language };
    let Some((area, prefecture)) = place(&door.app, &area) else { return nowhere(words, &area) };
    let Ok(Form(asked)) = asked else {
        return page_response(StatusCode::BAD_REQUEST, form(words, area, &Asked::default(), Some("unreadable".into())));
    };
    let ticket = Ticket::read(&door.app, area, &asked.ticket);
    // Somebody whose page had gone stale gets it back with what they typed; a machine soon gets a word.
    let is_machine = || door.forgers.count(visitor.address, false, door.app.clock().now_ms()).is_err();
    if ticket == Err(FormFault::Forged) && is_machine() {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response();
    }
    match take(&door, &visitor, (area, prefecture), &asked, ticket).await {
        Ok(receipt) => to_case(&receipt, visitor.language),
        // What was typed stands in the form again, with what is wrong.
        Err((status, problem)) => page_response(status, form(words, area, &asked, Some(problem))),
    }
}

/// What is wrong, as a code of the section `resident`, and what stands in it.
type Said = (StatusCode, Problem);

/// What is wrong with a form.
pub struct Problem {
    code: &'static str,
    what: String,
}

impl From<&'static str> for Problem {
    fn from(code: &'static str) -> Self {
        Self { code, what: String::new() }
    }
}

/// Takes a form: first what costs nothing to look at, and only then the disk. Gives the receipt's link.
async fn take(
    door: &Arc<Door>,
    visitor: &Visitor,
    (area, prefecture): (AreaCode, Prefecture),
    asked: &Asked,
    ticket: Result<Ticket, FormFault>,
) -> Result<String, Said> {
    let bad = |code: &'static str| (StatusCode::UNPROCESSABLE_ENTITY, Problem::from(code));
    let ticket = ticket.map_err(|fault| match fault {
        FormFault::Forged => bad("form_forged"),
        FormFault::TooSoon => bad("form_too_soon"),
        FormFault::TooOld => bad("form_too_old"),
    })?;
    if !asked.website.is_empty() {
        return Err(bad("form_forged"));
    }
    let (kind, _) =
        kinds(door).into_iter().find(|(kind, _)| kind.code == asked.kind).ok_or_else(|| bad("kind_missing"))?;
    let report = Report {
        kind: &kind.code,
        area,
        // Sent again after midnight, the form says the same.
        day: shanghai_day(ticket.made_at()),
        said: &asked.text,
        phone: &asked.phone,
        fields: Fields::new(),
    };
    let action = report.action(door).map_err(|fault| match fault {
        ReportFault::Empty => bad("text_missing"),
        ReportFault::Long => bad("text_long"),
        ReportFault::Phone => bad("phone_wrong"),
    })?;
    let worked = ticket.is_worked_for(&asked.proof);
    door.paces.count(visitor.address, worked, door.app.clock().now_ms()).map_err(|seconds| {
        let minutes = (seconds + 59) / 60;
        (StatusCode::TOO_MANY_REQUESTS, Problem { code: "form_too_often", what: minutes.to_string() })
    })?;
    let later = |_| (StatusCode::SERVICE_UNAVAILABLE, Problem::from("form_later"));
    match report::send(door, (prefecture, area), (ticket.case(), ticket.command()), action).await.map_err(later)? {
        Sent::Case(_) => Ok(link::write(&door.app, prefecture, ticket.case())),
        // What came first has its receipt, and a new form takes the rest.
        Sent::Used => Err(bad("form_used")),
        Sent::Refused { .. } => Err(bad("form_refused")),
    }
}

/// What residents may ask for, in the order of their page.
pub fn kinds(door: &Door) -> Vec<(&Kind, &ForResidents)> {
    let kinds = door.app.knowledge().catalog.kinds().filter_map(|kind| Some((kind, kind.residents.as_ref()?)));
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_by_key(|(_, asked)| asked.place);
    kinds
}

fn form(words: Words<'_>, area: AreaCode, asked: &Asked, problem: Option<Problem>) -> Markup {
    let app = &words.door.app;
    let name = app.areas().path(area);
    let here = format!("/r/{area}");
    // A form that only has to be mended keeps its ticket, so that it stays one form; one that cannot be used has a new one.
    let keeps = problem.as_ref().is_some_and(|problem| {
        matches!(
            problem.code,
            "kind_missing" | "text_missing" | "text_long" | "phone_wrong" | "form_later" | "form_too_often"
        )
    });
    let ticket = if keeps { asked.ticket.clone() } else { Ticket::new(app, area).to_string() };
    let wrong =
        |codes: &[&str]| problem.as_ref().is_some_and(|problem| codes.contains(&problem.code)).then_some("true");
    let body = html! {
        h1 { (words.say("ask_title")) }
        p.quiet { (name) }
        @if let Some(Problem { code, what }) = &problem {
            p.bad role="alert" { (words.say_of(code, what)) }
        }
        p { (words.say("ask_lead")) }
        form #ask method="post" action={ (here) "?lang=" (words.language.tag()) } {
            fieldset {
                legend { (words.say("ask_kind")) }
                @for (kind, called) in kinds(words.door) {
                    label {
                        input type="radio" name="kind" value=(kind.code) required checked[kind.code == asked.kind];
                        (called.name.get(words.language))
                    }
                }
            }
            label for="text" { (words.say("ask_text")) }
            textarea #text name="text" maxlength=(limits::ASKED_CHARS_MAX) required aria-describedby="text-hint" aria-invalid=[wrong(&["text_missing", "text_long"])] { (asked.text) }
            p.hint #text-hint { (words.say("ask_text_hint")) }
            label for="phone" { (words.say("ask_phone")) }
            input #phone type="tel" name="phone" maxlength="30" autocomplete="tel" value=(asked.phone) aria-describedby="phone-hint" aria-invalid=[wrong(&["phone_wrong"])];
            p.hint #phone-hint { (words.say("ask_phone_hint")) }
            p.trap aria-hidden="true" {
                input type="text" name="website" tabindex="-1" autocomplete="off" aria-label="website";
            }
            input type="hidden" name="ticket" value=(ticket);
            input type="hidden" name="proof" value="";
            button type="submit" { (words.say("ask_send")) }
        }
        p { a href={ "/b/" (area) "?lang=" (words.language.tag()) } { (words.say("board_link")) } }
    };
    page(words, words.say("ask_title"), &here, &body)
}

pub fn nowhere(words: Words<'_>, area: &str) -> Response {
    let here = format!("/r/{}", area.chars().filter(char::is_ascii_digit).take(15).collect::<String>());
    page_response(StatusCode::NOT_FOUND, says(words, &here, words.say("nowhere_title"), words.say("nowhere_lead")))
}
