//! A service request as it is given: public fields of a case, and nothing of those who asked or who deal with it.

use tahuang_app::AskedCase;
use tahuang_domain::writing::without_numbers;
use tahuang_domain::{AreaCode, Body, Language, State};

use super::answer::Node;
use super::moment;
use crate::door::Door;
use crate::residents::follow::{at_work, told};

/// The states that the specification calls closed. What is done and waits for a word of whoever asked is open.
/// What the specification makes of a state.
pub fn status(state: State) -> &'static str {
    if state.is_over() { "closed" } else { "open" }
}

pub fn written(door: &Door, language: Language, asked: &AskedCase) -> Node {
    let subject = &asked.subject;
    let kind = door.app.knowledge().catalog.kind(&subject.kind).ok();
    let name = kind.map(|kind| kind.residents.as_ref().map_or(&kind.names, |asked| &asked.name).get(language));
    let due = match &subject.body {
        Body::Case(case) => case.due.filter(|_| at_work(subject.state)),
        _ => None,
    };
    // An office may have corrected the title, and written a number into it.
    let hidden = door.words.get("resident", "number_hidden", Language::ZhCn);
    let (description, _) = without_numbers(&subject.title, hidden);
    Node::Fields(vec![
        ("service_request_id", Node::text(&*asked.number)),
        ("status", Node::text(status(subject.state))),
        ("status_notes", Node::text(door.words.get("resident", told(subject.state), language))),
        ("service_name", Node::text(name.unwrap_or(&subject.kind))),
        ("service_code", Node::text(&*subject.kind)),
        ("description", Node::Text(description)),
        ("agency_responsible", Node::Nothing),
        ("service_notice", Node::Nothing),
        ("requested_datetime", Node::Text(moment::written(asked.asked_at))),
        ("updated_datetime", Node::Text(moment::written(asked.updated_at))),
        ("expected_datetime", due.map(moment::end_of).into()),
        ("address", Node::Text(address(door, subject.area))),
        ("address_id", Node::Text(subject.area.to_string())),
        ("zipcode", Node::Nothing),
        ("lat", Node::Nothing),
        ("long", Node::Nothing),
        ("media_url", Node::Nothing),
    ])
}

/// The names of an area, from the lowest to the prefecture, as the specification orders them.
fn address(door: &Door, area: AreaCode) -> String {
    let areas = door.app.areas();
    let lineage = area.lineage().filter(|area| area.prefecture().is_some());
    let names: Vec<String> = lineage.filter_map(|area| areas.name(area).map(str::to_owned)).collect();
    names.join(", ")
}
