//! Following: a case on its secret link, where whoever asked says whether it is solved and has their data erased.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use tahuang_app::{Asker, HistoryEntry, RecordView};
use tahuang_domain::command::{Satisfaction, Solved};
use tahuang_domain::decide::case::open_steps;
use tahuang_domain::writing::{legible, without_numbers};
use tahuang_domain::{Action, Body, Command, Event, Kind, Names, Prefecture, Purpose, State as CaseState, SubjectId};
use tahuang_store::Outcome;

use super::page::{Words, page, says};
use super::report::number_hidden;
use super::{limits, link, page_response, telephone, to_case};
use crate::door::Door;
use crate::problem::ApiError;
use crate::speaker::Speaker;
use crate::visitor::Visitor;

/// What a form on the page of a case brings.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    solved: Option<Solved>,
    #[serde(default)]
    satisfaction: Satisfaction,
    #[serde(default)]
    note: String,
    /// The data are to be erased.
    #[serde(default)]
    erase: String,
}

/// A case as the page shows it.
struct Followed {
    view: RecordView,
    /// Where it goes on, when it was merged: that case's state.
    goes_on: Option<CaseState>,
    /// The telephone number that was left, half hidden.
    phone: Option<String>,
    /// Something is still sealed.
    has_data: bool,
    /// Others said things for its papers, which are not theirs to erase.
    has_papers: bool,
}

pub async fn read_case(State(door): State<Arc<Door>>, visitor: Visitor, Path(link): Path<String>) -> Response {
    show(&door, &visitor, &link, StatusCode::OK, None).await
}

pub async fn send_answer(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(link): Path<String>,
    sent: Result<Form<Sent>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Some((prefecture, case)) = link::read(&door.app, &link) else { return unknown(&door, &visitor) };
    let unreadable = (StatusCode::UNPROCESSABLE_ENTITY, Some("unreadable"));
    let (status, said) = match sent.ok().and_then(|Form(sent)| action(&door, sent)) {
        None => unreadable,
        Some(action) => match act(&door, &visitor, prefecture, case, action).await {
            Ok(None) => return to_case(&link, visitor.language),
            Ok(Some(code)) => (StatusCode::CONFLICT, Some(code)),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Some("form_later")),
        },
    };
    show(&door, &visitor, &link, status, said).await
}

fn action(door: &Door, sent: Sent) -> Option<Action> {
    if !sent.erase.is_empty() {
        return Some(Action::ErasePersonalData { reason: "本人申请删除".to_owned() });
    }
    let (note, _) = without_numbers(&legible(&sent.note), number_hidden(door));
    let note = note.chars().take(tahuang_domain::limits::NOTE_CHARS_MAX).collect();
    Some(Action::AnswerCase { solved: sent.solved?, satisfaction: sent.satisfaction, note })
}

/// Sends what the resident wants; what they are told when it was refused.
async fn act(
    door: &Arc<Door>,
    visitor: &Visitor,
    prefecture: Prefecture,
    case: SubjectId,
    action: Action,
) -> Result<Option<&'static str>, ApiError> {
    if door.paces.count(visitor.address, true, door.app.clock().now_ms()).is_err() {
        return Ok(Some("answer_too_often"));
    }
    let view = door.read(move |door| Ok(door.app.resident_case(prefecture, case)?)).await?;
    let asker = Asker::Resident { place: view.subject.area, case: Some(case) };
    let command = Command { id: door.app.ids().command(), subject: case, revision: None, source: None, action };
    Ok(match door.submit_one(prefecture, asker, command).await?.outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Refused { code, .. } if code == "too_many_lines" => Some("answered_enough"),
        Outcome::Refused { .. } => Some("answer_refused"),
    })
}

pub async fn show(
    door: &Arc<Door>,
    visitor: &Visitor,
    link: &str,
    status: StatusCode,
    said: Option<&'static str>,
) -> Response {
    let Some((prefecture, case)) = link::read(&door.app, link) else { return unknown(door, visitor) };
    let followed = door.read(move |door| looked_up(door, prefecture, case)).await;
    let words = Words { door, language: visitor.language };
    match followed {
        Ok(followed) => page_response(status, written(words, link, &followed, said)),
        Err(ApiError::NotFound) => unknown(door, visitor),
        Err(_) => page_response(
            StatusCode::SERVICE_UNAVAILABLE,
            says(words, &format!("/c/{link}"), words.say("follow_title"), words.say("form_later")),
        ),
    }
}

fn looked_up(door: &Door, prefecture: Prefecture, case: SubjectId) -> Result<Followed, ApiError> {
    let view = door.app.resident_case(prefecture, case)?;
    let into = match &view.subject.body {
        Body::Case(case) => case.merged_into,
        _ => None,
    };
    let into = into.map(|into| door.app.subjects(prefecture, &[into])).transpose()?;
    let goes_on = into.and_then(|mut found| found.pop().flatten()).map(|other| other.state);
    let sealed = view.subject.sealed.get("phone");
    let phone = sealed.and_then(|sealed| door.app.unseal(prefecture, case, sealed).ok().flatten());
    let phone = phone.map(|number| telephone::half_hidden(&number));
    let has_data = !view.subject.sealed.is_empty() || view.subject.reported_files() > 0;
    let has_papers = view.subject.standing_lines().any(|line| !line.sealed.is_empty());
    Ok(Followed { view, goes_on, phone, has_data, has_papers })
}

fn unknown(door: &Arc<Door>, visitor: &Visitor) -> Response {
    let words = Words { door, language: visitor.language };
    page_response(
        StatusCode::NOT_FOUND,
        says(words, "/c/-", words.say("link_unknown_title"), words.say("link_unknown_lead")),
    )
}

fn written(words: Words<'_>, link: &str, followed: &Followed, said: Option<&'static str>) -> Markup {
    let speaker = Speaker::new(words.door, words.language);
    let subject = &followed.view.subject;
    let Body::Case(case) = &subject.body else { return says(words, "", words.say("follow_title"), "") };
    let here = format!("/c/{link}");
    let send = format!("{here}?lang={}", words.language.tag());
    let state = followed.goes_on.unwrap_or(subject.state);
    let kind = speaker.kind(&subject.kind);
    let called = kind.map(|kind| words_for(kind).get(words.language)).unwrap_or_default();
    let open = kind.is_some_and(|kind| open_steps(kind, subject.state).contains(&"answer_case")) && !subject.withdrawn;
    let body = html! {
        h1 { (words.say("follow_title")) }
        @if let Some(code) = said { p.bad role="alert" { (words.say(code)) } }
        @if followed.view.history.len() == 1 { p.good { (words.say("received")) } }
        dl {
            dt { (words.say("number")) }
            dd.number { (followed.view.number().unwrap_or_default()) }
            dt { (called) " · " (speaker.path(subject.area)) }
            dd { (subject.title) }
            dt { (words.say("state")) }
            dd { b { (words.say(if subject.withdrawn { "state_withdrawn" } else { told(state) })) } }
            @if let Some(due) = case.due.filter(|_| at_work(state) && !subject.withdrawn) {
                dt { (words.say("due")) }
                dd { (due) }
            }
            @if case.merged_into.is_some() { dd.quiet { (words.say("merged_lead")) } }
        }
        @if open { (answer_form(words, &send, case.answer.is_some())) }
        @if at_work(subject.state) && !subject.withdrawn { (photo_form(words, &here, followed.view.subject.reported_files())) }
        h2 { (words.say("history")) }
        ol {
            @for entry in &followed.view.history {
                @if let Some(told) = tell(words, &speaker, &subject.kind, entry) {
                    li { time { (tahuang_app::shanghai_day(entry.record.at)) } (told) }
                }
            }
        }
        h2 { (words.say("data_title")) }
        @match (&followed.phone, followed.has_data) {
            (Some(phone), _) => p { (words.say("data_phone")) " " (phone) }
            (None, true) if subject.sealed.is_empty() => p { (words.say_of("photos_sent", &subject.reported_files().to_string())) }
            (None, true) => p { (words.say("data_sealed")) }
            (None, false) => p { (words.say("data_none")) }
        }
        @if followed.has_data && followed.has_papers {
            p { (words.say("papers_kept")) }
        } @else if followed.has_data {
            details {
                summary { (words.say("erase_title")) }
                p { (words.say("erase_lead")) }
                form method="post" action=(send) {
                    input type="hidden" name="erase" value="yes";
                    button.plain type="submit" { (words.say("erase_send")) }
                }
            }
        }
        p.quiet { (words.say("link_keep")) }
    };
    page(words, words.say("follow_title"), &here, &body)
}

/// What a kind is called on the residents' pages.
fn words_for(kind: &Kind) -> &Names {
    kind.residents.as_ref().map_or(&kind.names, |asked| &asked.name)
}

fn answer_form(words: Words<'_>, send: &str, answered: bool) -> Markup {
    let solved = [("resolved", "yes_solved"), ("partly", "partly_solved"), ("unresolved", "not_solved")];
    let satisfaction = [("satisfied", "satisfied"), ("fairly", "fairly"), ("dissatisfied", "dissatisfied")];
    let ask = html! {
        form method="post" action=(send) {
            fieldset {
                legend { (words.say("solved_ask")) }
                @for (value, word) in solved {
                    label { input type="radio" name="solved" value=(value) required; (words.say(word)) }
                }
            }
            fieldset {
                legend { (words.say("satisfaction_ask")) }
                @for (value, word) in satisfaction {
                    label { input type="radio" name="satisfaction" value=(value); (words.door.words.get("choice", word, words.language)) }
                }
            }
            label for="note" { (words.say("note_ask")) }
            textarea #note name="note" maxlength="500" {}
            button type="submit" { (words.say("answer_send")) }
        }
    };
    html! {
        h2 { (words.say("answer_title")) }
        @if answered {
            p.good { (words.say("answered")) }
            details { summary { (words.say("answer_again")) } (ask) }
        } @else {
            p { (words.say("answer_lead")) }
            (ask)
        }
    }
}

fn photo_form(words: Words<'_>, here: &str, sent: usize) -> Markup {
    html! {
        h2 { (words.say("photo_title")) }
        @if sent > 0 { p.good { (words.say_of("photos_sent", &sent.to_string())) } }
        @if sent < limits::PHOTOS_MAX {
            form method="post" enctype="multipart/form-data" action={ (here) "/photos?lang=" (words.language.tag()) } {
                label for="photo" { (words.say("photo_choose")) }
                input #photo type="file" name="photo" accept="image/*" required;
                p.hint { (words.say("photo_hint")) }
                button type="submit" { (words.say("photo_send")) }
            }
        }
    }
}

/// The word for a state, as whoever asked understands it.
pub fn told(state: CaseState) -> &'static str {
    match state {
        CaseState::Reported => "state_reported",
        CaseState::Accepted | CaseState::Assigned => "state_accepted",
        CaseState::InHand => "state_in_hand",
        CaseState::Paused => "state_paused",
        CaseState::Done | CaseState::Checked => "state_done",
        CaseState::Closed => "state_closed",
        CaseState::Declined => "state_declined",
        _ => "state_merged",
    }
}

pub fn at_work(state: CaseState) -> bool {
    matches!(state, CaseState::Reported | CaseState::Accepted | CaseState::Assigned | CaseState::InHand)
}

/// What of the history concerns whoever asked; what the offices do among themselves does not.
fn tell(words: Words<'_>, speaker: &Speaker<'_>, kind: &str, entry: &HistoryEntry) -> Option<String> {
    let said = |code: &'static str, what: &str| Some(words.say_of(code, what));
    match &entry.record.event {
        Event::CaseReported { .. } => said("tell_reported", ""),
        Event::CaseAccepted { .. } => said("tell_accepted", ""),
        Event::CaseDeclined { reason, .. } => said("tell_declined", reason),
        Event::CaseAssigned { handler, .. } => said("tell_assigned", handler),
        Event::CasePublished { title, .. } => said("tell_published", title),
        Event::CaseUnpublished { .. } => said("tell_unpublished", ""),
        Event::CaseClaimed { claimant, .. } => said("tell_claimed", claimant),
        Event::ClaimReleased { .. } => said("tell_released", ""),
        Event::CaseTakenInHand => said("tell_in_hand", ""),
        Event::CasePaused { reason, .. } => said("tell_paused", reason),
        Event::CaseResumed { .. } => said("tell_resumed", ""),
        Event::CaseExtended { due, .. } => said("tell_extended", &due.to_string()),
        Event::CaseFinished { note, .. } => said("tell_finished", note),
        Event::CaseChecked { passed: true, .. } => said("tell_checked", ""),
        Event::CaseChecked { passed: false, .. } => said("tell_check_failed", ""),
        Event::CaseClosed { outcome, .. } => said("tell_closed", &speaker.outcome(kind, outcome)),
        Event::CaseReopened { reason, .. } => said("tell_reopened", reason),
        Event::CaseMerged { .. } => said("tell_merged", ""),
        Event::Withdrawn { reason } => said("tell_withdrawn", reason),
        Event::CaseAnswered { solved, .. } => said("tell_answered", &speaker.value_of_code("choice", solved)),
        Event::CaseRevisited { solved: Some(solved), .. } => {
            said("tell_revisited", &speaker.value_of_code("choice", solved))
        }
        Event::FileAttached { purpose: Purpose::Report, .. } => said("tell_photo", ""),
        Event::PersonalDataErased { .. } => said("tell_erased", ""),
        _ => None,
    }
}
