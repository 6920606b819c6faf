//! Who may send a command, whoever they are: accounts by their role and place, residents by their own case, the clock.
//!
//! What a role may do is [`tahuang_domain::Roles::permit`]; here are the places and records that a command is about, each
//! of which has to be within reach.

use tahuang_domain::decide::links;
use tahuang_domain::{Action, AreaCode, Command, Level, Purpose, Refusal, SubjectId, Verb};

use crate::Asker;
use crate::knowledge::Knowledge;
use crate::projection::Projection;

/// Asks for the record's own place and for every other place that the command names.
pub fn authorise(
    knowledge: &Knowledge,
    projection: &Projection<'_>,
    asker: &Asker,
    command: &Command,
) -> Result<(), Refusal> {
    let grant = match asker {
        Asker::Account { grant, .. } => grant,
        Asker::Console => return Ok(()),
        Asker::Timer if Verb::of(&command.action) == Verb::Chase => return Ok(()),
        Asker::Timer => return Err(Refusal::NotPermitted),
        Asker::Resident { place, case } => return resident_may(knowledge, (*place, *case), command),
    };
    let roles = &knowledge.roles;
    let verb = Verb::of(&command.action);
    let permit = |kind: &str, area: AreaCode| roles.permit(grant, verb, kind, area);
    let state = projection.state(command.subject);
    let opened = command.action.opens();
    if let Some((kind, area)) = opened {
        permit(kind, area)?;
    }
    // Areas are the frame of everything else: only who keeps them may enter, rename, end or withdraw one. Grids are drawn
    // by the offices that bring their ledgers in.
    let known = state.map(|subject| (subject.kind.as_str(), subject.area));
    let is_area = |kind: &str| knowledge.catalog.kind(kind).is_ok_and(|kind| kind.is_area);
    for (_, area) in opened.into_iter().chain(known).filter(|(kind, _)| is_area(kind)) {
        let draws_grids = area.level() == Level::Grid && roles.may(grant, Verb::Import);
        if !draws_grids && !roles.may(grant, Verb::Administer) {
            return Err(Refusal::NotPermitted);
        }
    }
    match state {
        Some(subject) => permit(&subject.kind, subject.area)?,
        None if command.action.opens().is_none() => return Err(Refusal::SubjectNotFound),
        None => {}
    }
    // The record leaves a line on each entry that it links to, joins another or parts from it, or moves the cases that a
    // check opened, so those have to be within reach as well.
    if let Action::RegisterEntry { .. }
    | Action::MergeCase { .. }
    | Action::ReopenCase { .. }
    | Action::RecheckItems { .. } = command.action
    {
        for linked in links(&knowledge.catalog, state, command) {
            projection.state(linked).map_or(Ok(()), |entry| permit(&entry.kind, entry.area))?;
        }
    }
    // A claim in the name of a unit leaves a line on its entry, as whoever records it there would.
    if let Action::ClaimCase { unit_id: Some(unit), .. } = &command.action {
        let entry = projection.state(*unit);
        entry.map_or(Ok(()), |entry| roles.permit(grant, Verb::Record, &entry.kind, entry.area))?;
    }
    match (&command.action, state) {
        // A check opens cases of another kind than its own.
        (Action::RecordCheck { checklist, version, area, .. }, _) => {
            let list = knowledge.catalog.checklists.get(checklist, *version);
            list.map_or(Ok(()), |list| permit(&list.opens, *area))
        }
        (Action::Correct { area: Some(area), .. }, Some(subject)) => permit(&subject.kind, *area),
        // A line stands at a place of one's own, also on an entry that is shared.
        (Action::AddLine { area, .. }, Some(subject)) if !grant.scope.contains(area.unwrap_or(subject.area)) => {
            Err(Refusal::NotPermitted)
        }
        _ => Ok(()),
    }
}

/// A resident asks for what is asked of the place whose page it is, and says and erases what concerns their own case.
fn resident_may(
    knowledge: &Knowledge,
    (place, case): (AreaCode, Option<SubjectId>),
    command: &Command,
) -> Result<(), Refusal> {
    let may = match &command.action {
        Action::ReportCase { kind, area, .. } => {
            place.contains(*area) && knowledge.catalog.kind(kind).is_ok_and(|kind| kind.residents.is_some())
        }
        // What they attach is how it was; what was done is shown by whoever did it.
        Action::AttachFile { purpose: Purpose::Report, media_type, .. } => {
            case == Some(command.subject) && media_type.is_picture()
        }
        Action::AnswerCase { .. } | Action::ErasePersonalData { .. } => case == Some(command.subject),
        _ => false,
    };
    if may { Ok(()) } else { Err(Refusal::NotPermitted) }
}
