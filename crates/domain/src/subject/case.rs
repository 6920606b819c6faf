//! The life of a case as it stands after its events; which of them may happen is decided in [`crate::decide::case`] and
//! [`crate::decide::beside`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Quality, State};
use crate::area::AreaCode;
use crate::command::{Handler, Satisfaction, Solved};
use crate::event::Event;
use crate::ids::{Actor, Day, SubjectId};

/// The life of a case.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Case {
    /// Who reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Actor>,
    /// Who handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// The account of whoever handles it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SubjectId>,
    /// Who assists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assisting: Vec<Handler>,
    /// To whom it was offered and who has not signed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handover: Option<Handover>,
    /// Who said that the work is done, so that somebody else checks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_by: Option<Actor>,
    /// The day the work was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Day>,
    /// The day it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Day>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// By when the next step is due; absent while it is paused, and once it is closed. While it is merged into another, the
    /// day that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// Until when the resident who asked may answer before it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_until: Option<Day>,
    /// Working days that were left when it was paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u16>,
    /// The day of which somebody was reminded by the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Day>,
    /// The areas whose offices heard that it is late, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalated: Vec<AreaCode>,
    /// How often it was opened again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reopened: u32,
    /// What the resident who asked said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ResidentAnswer>,
    /// The case in which it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<SubjectId>,
    /// Cases that go on in this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<SubjectId>,
    /// How well it was dealt with.
    #[serde(default, skip_serializing_if = "Quality::is_empty")]
    pub quality: Quality,
    /// The sheet of the check that found it, and the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<(SubjectId, String)>,
    /// What the public board says of it, while it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// Who has taken it on. It stays when the case is closed: they fulfilled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// Claims that were given back, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<Released>,
}

/// An offer to take a case over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handover {
    /// To whom.
    pub to: Handler,
    /// By whom.
    pub by: Actor,
}

/// What a resident said of what was done for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ResidentAnswer {
    /// Whether it is solved.
    pub solved: Solved,
    /// How they find it.
    pub satisfaction: Satisfaction,
    /// How often they have answered since the work was last done.
    pub times: u32,
}

/// What everybody may read of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Published {
    /// What is needed.
    pub title: String,
    /// More of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// That somebody has taken a case on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The claim's own id, and that of its line on the unit's entry.
    pub id: SubjectId,
    /// Who: a unit, or one of its members.
    pub claimant: String,
    /// The unit's register entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<SubjectId>,
    /// Since when.
    pub day: Day,
}

/// A claim that was given back or ran out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Released {
    /// The claim.
    pub claim: Claim,
    /// When.
    pub day: Day,
    /// Its day was over and nobody gave it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
}

/// A part of the public board.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BoardPart {
    /// Waits for somebody to claim it.
    Free,
    /// Somebody has taken it on.
    Claimed,
    /// It was done.
    Fulfilled,
}

impl BoardPart {
    /// All of them, in the order of the board.
    pub const ALL: [Self; 3] = [Self::Free, Self::Claimed, Self::Fulfilled];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Claimed => "claimed",
            Self::Fulfilled => "fulfilled",
        }
    }
}

/// Whose page a case stands on, or which list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Holder {
    /// An account's own.
    Account(SubjectId),
    /// That of the office of an area.
    Office(AreaCode),
    /// Closed cases whose revisit has to be made.
    Revisits,
    /// The cases of one draw; those whose revisit is made or has lapsed only wait there.
    Draw(SubjectId),
    /// Cases with an appeal that waits for its decision.
    Appeals,
    /// Everybody's: the public board, whose places are those of the cases.
    Board(BoardPart),
}

impl Case {
    /// Whether a resident asked for it, who is then asked in turn.
    pub fn is_residents(&self) -> bool {
        self.reporter == Some(Actor::Resident)
    }

    /// The accounts that lead and assist.
    pub fn handlers(&self) -> impl Iterator<Item = SubjectId> {
        self.account.into_iter().chain(self.assisting.iter().filter_map(|handler| handler.account))
    }

    /// The account that is asked to take it over.
    pub fn receiver(&self) -> Option<SubjectId> {
        self.handover.as_ref().and_then(|handover| handover.to.account)
    }

    /// Whether it waits for that person to sign: the account to which it was offered; where only a name was given, anybody
    /// but who offered it.
    pub fn is_offered_to(&self, actor: Actor) -> bool {
        self.handover.as_ref().is_some_and(|handover| match handover.to.account {
            Some(account) => actor == Actor::Account(account),
            None => actor != handover.by,
        })
    }

    /// Whether more time would be theirs: they lead, assist, or are asked to take it over.
    pub fn is_work_of(&self, actor: Actor) -> bool {
        self.handlers().chain(self.receiver()).any(|account| actor == Actor::Account(account))
    }

    /// Where on the public board it stands. What the office does by itself waits there for nobody and was claimed by nobody.
    pub fn board_part(&self, state: State) -> Option<BoardPart> {
        self.published.as_ref()?;
        match (state, &self.claim) {
            (State::Accepted, _) => Some(BoardPart::Free),
            (State::Closed, Some(_)) => Some(BoardPart::Fulfilled),
            (State::Assigned | State::InHand | State::Paused | State::Done | State::Checked, Some(_)) => {
                Some(BoardPart::Claimed)
            }
            _ => None,
        }
    }

    /// The work begins again, with its clock.
    fn begin_anew(&mut self, due: Option<Day>) {
        (self.finished, self.finished_by) = (None, None);
        (self.closed, self.outcome) = (None, None);
        (self.due, self.answer_until) = (due, None);
        self.escalated.clear();
    }

    /// Whose pages it stands on while it is open, each with whether they only wait for others.
    pub(super) fn holders(&self, state: State) -> BTreeMap<Holder, bool> {
        let mut holders = self.lists(state);
        holders.extend(self.board_part(state).map(|part| (Holder::Board(part), false)));
        let at_work = match state {
            State::Assigned | State::InHand | State::Paused => true,
            State::Reported | State::Accepted | State::Done | State::Checked => false,
            _ => return holders,
        };
        // Without a clock it was typed in from a ledger, and nobody who typed it waits for it.
        if let Some(Actor::Account(reporter)) = self.reporter
            && (self.due.is_some() || self.left.is_some())
        {
            holders.insert(Holder::Account(reporter), true);
        }
        holders.extend(self.handlers().map(|account| (Holder::Account(account), !at_work)));
        // Whoever is asked to sign has something to do, in whatever else they take part.
        holders.extend(self.receiver().map(|account| (Holder::Account(account), false)));
        holders.extend(self.escalated.iter().map(|area| (Holder::Office(*area), false)));
        holders
    }

    /// On which lists it stands of how well cases were dealt with.
    fn lists(&self, state: State) -> BTreeMap<Holder, bool> {
        let quality = &self.quality;
        let draws = quality.revisits.iter().map(|revisit| (Holder::Draw(revisit.draw), !revisit.is_waiting()));
        let waiting = state == State::Closed && quality.waiting().is_some();
        let lists = [(Holder::Revisits, waiting), (Holder::Appeals, quality.appeal.is_some())];
        draws.chain(lists.into_iter().filter(|(_, stands)| *stands).map(|(list, _)| (list, false))).collect()
    }

    /// Folds an event into the case, and gives the state in which it then is.
    pub(super) fn change(&mut self, state: State, event: &Event, actor: Actor) -> State {
        self.quality.note(state, self.due.is_some(), event, actor);
        match event {
            Event::CaseAccepted { due, .. } => {
                self.due = *due;
                // The first answer was late; the work has its own day.
                self.escalated.clear();
                State::Accepted
            }
            Event::CaseDeclined { .. } => {
                self.due = None;
                self.escalated.clear();
                State::Declined
            }
            Event::CaseAssigned { handler, account, assisting, due, .. } => {
                (self.handler, self.account) = (Some(handler.clone()), *account);
                self.assisting.clone_from(assisting);
                self.handover = None;
                if due.is_some() {
                    self.due = *due;
                    self.escalated.clear();
                }
                State::Assigned
            }
            Event::CaseTakenInHand => State::InHand,
            Event::CasePaused { left, .. } => {
                self.left = *left;
                self.due = self.due.filter(|_| left.is_none());
                State::Paused
            }
            Event::CaseResumed { due } => {
                self.left = None;
                self.due = due.or(self.due);
                State::InHand
            }
            Event::CaseFinished { day, due, answer_until, .. } => {
                self.finished = Some(*day);
                self.finished_by = Some(actor);
                (self.due, self.answer_until) = (*due, *answer_until);
                (self.handover, self.answer) = (None, None);
                State::Done
            }
            Event::CaseChecked { passed: true, due, answer_until, .. } => {
                (self.due, self.answer_until) = (*due, *answer_until);
                State::Checked
            }
            Event::CaseChecked { passed: false, due, .. } => {
                self.begin_anew(*due);
                State::InHand
            }
            Event::CaseClosed { day, outcome, .. } => {
                (self.due, self.left, self.handover) = (None, None, None);
                self.answer_until = None;
                self.finished = self.finished.or(Some(*day));
                self.closed = Some(*day);
                self.outcome = Some(outcome.clone());
                State::Closed
            }
            Event::CaseReopened { due, .. } if state == State::Merged => {
                (self.due, self.left, self.merged_into) = (*due, None, None);
                if self.handler.is_some() { State::InHand } else { State::Accepted }
            }
            Event::CaseReopened { due, .. } => {
                self.begin_anew(*due);
                self.reopened += 1;
                if self.handler.is_some() { State::InHand } else { State::Accepted }
            }
            Event::CaseMerged { into, .. } => {
                self.handover = None;
                self.merged_into = Some(*into);
                State::Merged
            }
            Event::CaseClaimed { claim, day, claimant, unit_id, account, due } => {
                let (id, claimant) = (*claim, claimant.clone());
                (self.handler, self.account) = (Some(claimant.clone()), *account);
                self.assisting.clear();
                self.claim = Some(Claim { id, claimant, unit_id: *unit_id, day: *day });
                self.due = Some(*due);
                self.escalated.clear();
                State::Assigned
            }
            Event::ClaimReleased { day, reason, due } => {
                self.begin_anew(*due);
                (self.handler, self.account, self.handover, self.left) = (None, None, None, None);
                self.assisting.clear();
                let claim = self.claim.take();
                let overdue = reason.is_empty();
                self.released.extend(claim.map(|claim| Released { claim, day: *day, overdue }));
                State::Accepted
            }
            Event::CaseAnswered { solved, satisfaction, due, .. } => {
                let times = self.answer.map_or(0, |answer| answer.times) + 1;
                self.answer = Some(ResidentAnswer { solved: *solved, satisfaction: *satisfaction, times });
                self.hear(state, *solved, *due)
            }
            Event::CaseRevisited { solved: Some(solved), due, .. } => self.hear(state, *solved, *due),
            _ => {
                self.change_beside(event, actor);
                state
            }
        }
    }

    /// Whoever asked says whether it is solved: what is not goes back to work, also when it was closed.
    fn hear(&mut self, state: State, solved: Solved, due: Option<Day>) -> State {
        if solved != Solved::Unresolved {
            return state;
        }
        self.begin_anew(due);
        self.reopened += u32::from(state == State::Closed);
        if self.handler.is_some() { State::InHand } else { State::Accepted }
    }

    /// What happens beside the steps: the case stays in the state in which it is.
    fn change_beside(&mut self, event: &Event, actor: Actor) {
        match event {
            Event::DuplicateJoined { case: other } => self.duplicates.push(*other),
            Event::CaseFoundByCheck { sheet, item } => self.found_by = Some((*sheet, item.clone())),
            Event::DuplicateParted { case: other } => self.duplicates.retain(|known| known != other),
            Event::HandoverOffered { handler, account, .. } => {
                let to = Handler { name: handler.clone(), account: *account };
                self.handover = Some(Handover { to, by: actor });
            }
            Event::HandoverSigned => {
                if let Some(Handover { to, .. }) = self.handover.take() {
                    // Who takes it over leads; whoever they were assisting before, they assist no more.
                    self.assisting.retain(|handler| handler.account.is_none() || handler.account != to.account);
                    (self.handler, self.account) = (Some(to.name), to.account);
                }
            }
            Event::HandoverRefused { .. } => self.handover = None,
            Event::CasePublished { title, text } => {
                self.published = Some(Published { title: title.clone(), text: text.clone() });
            }
            Event::CaseUnpublished { .. } => self.published = None,
            Event::CaseExtended { due, .. } => self.due = Some(*due),
            // By a person it may be done at any time; by the clock once for each day.
            Event::CaseReminded { due, .. } if actor == Actor::Timer => self.reminded = *due,
            Event::CaseEscalated { to, .. } => self.escalated.push(*to),
            _ => {}
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
