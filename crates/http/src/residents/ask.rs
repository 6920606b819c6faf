//! Asking: the form of a place.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tahuang_app::{Asker, shanghai_day};
use tahuang_domain::catalog::ForResidents;
use tahuang_domain::writing::{legible, without_numbers};
use tahuang_domain::{Action, AreaCode, Command, Fields, Kind, PersonalValue, Prefecture, SubjectId};
use tahuang_store::Outcome;

use super::form::{FormFault, Ticket};
use super::page::{Words, page, says};
use super::{Visitor, answer, limits, link, place, submit, telephone};
use crate::door::Door;

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
        Some((area, _)) => answer(StatusCode::OK, form(words, area, &Asked::default(), None)),
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
        return answer(StatusCode::BAD_REQUEST, form(words, area, &Asked::default(), Some("unreadable".into())));
    };
    let ticket = Ticket::read(&door.app, area, &asked.ticket);
    // Somebody whose page had gone stale gets it back with what they typed; a machine soon gets a word.
    let is_machine = || door.forgers.count(visitor.address, false, door.app.clock().now_ms()).is_err();
    if ticket == Err(FormFault::Forged) && is_machine() {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response();
    }
    match take(&door, &visitor, (area, prefecture), &asked, ticket).await {
        Ok(receipt) => {
            let place = format!("/c/{receipt}?lang={}", visitor.language.tag());
            let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
        }
        // What was typed stands in the form again, with what is wrong.
        Err((status, problem)) => answer(status, form(words, area, &asked, Some(problem))),
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
    let command = report(door, area, asked, &ticket).map_err(bad)?;
    let typed = personal(&command);
    let worked = ticket.is_worked_for(&asked.proof);
    door.paces.count(visitor.address, worked, door.app.clock().now_ms()).map_err(|seconds| {
        let minutes = (seconds + 59) / 60;
        (StatusCode::TOO_MANY_REQUESTS, Problem { code: "form_too_often", what: minutes.to_string() })
    })?;
    let asker = Asker::Resident { place: area, case: None };
    let later = (StatusCode::SERVICE_UNAVAILABLE, Problem::from("form_later"));
    let Ok((outcome, repeated)) = submit(door, prefecture, asker, command).await else { return Err(later) };
    match outcome {
        Outcome::Accepted { .. } => {
            // What is sealed is no part of what tells a repetition from another command: it is compared here.
            let case = ticket.case();
            let same =
                !repeated || door.read(move |door| is_kept(door, prefecture, case, &typed)).await.unwrap_or(true);
            if same { Ok(link::write(&door.app, prefecture, case)) } else { Err(bad("form_used")) }
        }
        // The same form with something else in it: what came first has its receipt, and a new form takes the rest.
        Outcome::Refused { code, .. } if code == "command_id_reused" || code == "subject_exists" => {
            Err(bad("form_used"))
        }
        Outcome::Refused { .. } => Err(bad("form_refused")),
    }
}

/// The personal values that a command carries.
fn personal(command: &Command) -> Vec<(String, String)> {
    let Action::ReportCase { personal, .. } = &command.action else { return Vec::new() };
    let open = personal.iter().filter_map(|(field, value)| match value {
        PersonalValue::Open(text) => Some((field.clone(), text.clone())),
        PersonalValue::Sealed(_) => None,
    });
    open.collect()
}

/// Whether these are the values that the case keeps sealed.
fn is_kept(
    door: &Door,
    prefecture: Prefecture,
    case: SubjectId,
    typed: &[(String, String)],
) -> Result<bool, crate::problem::ApiError> {
    let view = door.app.resident_case(prefecture, case)?;
    let mut kept = Vec::new();
    for (field, sealed) in &view.subject.sealed {
        kept.extend(door.app.unseal(prefecture, case, sealed)?.map(|value| (field.clone(), value)));
    }
    // What was erased since cannot be compared, and is not asked for again.
    Ok(kept.is_empty() || kept == typed)
}

fn report(door: &Door, area: AreaCode, asked: &Asked, ticket: &Ticket) -> Result<Command, &'static str> {
    let (kind, _) = kinds(door).into_iter().find(|(kind, _)| kind.code == asked.kind).ok_or("kind_missing")?;
    let said = legible(&asked.text);
    if said.is_empty() {
        return Err("text_missing");
    }
    if said.chars().count() > limits::ASKED_CHARS_MAX {
        return Err("text_long");
    }
    let phone = match legible(&asked.phone) {
        typed if typed.is_empty() => None,
        typed => Some(telephone::read(&typed).ok_or("phone_wrong")?),
    };
    // Numbers in the text would stand open in the journal for ever: the text is kept whole, but sealed.
    let hidden = door.words.get("resident", "number_hidden", tahuang_domain::Language::ZhCn);
    let (title, replaced) = without_numbers(&said, hidden);
    let sealed = [("phone", phone), ("words", replaced.then_some(said))];
    let sealed = sealed.into_iter().filter_map(|(field, value)| Some((field.to_owned(), PersonalValue::Open(value?))));
    let action = Action::ReportCase {
        kind: kind.code.clone(),
        area,
        day: shanghai_day(ticket.made_at()),
        title: title.chars().take(limits::ASKED_CHARS_MAX).collect(),
        fields: Fields::new(),
        personal: sealed.collect(),
    };
    Ok(Command { id: ticket.command(), subject: ticket.case(), revision: None, source: None, action })
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
            textarea #text name="text" maxlength=(limits::ASKED_CHARS_MAX) required aria-describedby="text-hint" { (asked.text) }
            p.hint #text-hint { (words.say("ask_text_hint")) }
            label for="phone" { (words.say("ask_phone")) }
            input #phone type="tel" name="phone" maxlength="30" autocomplete="tel" value=(asked.phone) aria-describedby="phone-hint";
            p.hint #phone-hint { (words.say("ask_phone_hint")) }
            p.trap aria-hidden="true" {
                input type="text" name="website" tabindex="-1" autocomplete="off" aria-label="website";
            }
            input type="hidden" name="ticket" value=(ticket);
            input type="hidden" name="proof" value="";
            button type="submit" { (words.say("ask_send")) }
        }
    };
    page(words, words.say("ask_title"), &here, &body)
}

fn nowhere(words: Words<'_>, area: &str) -> Response {
    let here = format!("/r/{}", area.chars().filter(char::is_ascii_digit).take(15).collect::<String>());
    answer(StatusCode::NOT_FOUND, says(words, &here, words.say("nowhere_title"), words.say("nowhere_lead")))
}
