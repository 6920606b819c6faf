//! How well a case was dealt with: whether it was answered in time, what whoever asked said of it, what revisits found, and
//! which of that was taken out of the rates after an appeal.
//!
//! Rates count the marks that a case bears ([`Quality::marks`]). A rating that an appeal took out bears none, so that it
//! stands neither above nor below a line; it stays readable here and in the journal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::State;
use crate::area::AreaCode;
use crate::command::{Satisfaction, Solved};
use crate::event::Event;
use crate::ids::{Actor, SubjectId};
use crate::limits;

/// How well a case was dealt with.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Whether its first answer came in time; absent without a clock, and while the answer is not due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// What whoever asked said last, by themselves or when they were revisited. It stays when the work begins again: until
    /// they are heard anew, that is what they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
    /// Revisits for which it was drawn, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisits: Vec<Revisit>,
    /// An appeal that waits for its decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
    /// What was decided of a rating that stands now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<Rating, Verdict>,
}

/// When the first answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// By the day that it was due.
    InTime,
    /// After it, or not yet.
    Late,
}

/// What whoever asked said of what was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Word {
    /// Whether it is solved.
    pub solved: Solved,
    /// How they find it.
    pub satisfaction: Satisfaction,
}

/// A revisit for which a closed case was drawn.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Revisit {
    /// The draw.
    pub draw: SubjectId,
    /// How often somebody tried.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u32,
    /// What was said when somebody was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
    /// The work has begun again since: the revisit is about an earlier closing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
}

/// A rating of a case: each is above and below the line of one rate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Answered in time (响应).
    Response,
    /// Solved (解决).
    Resolution,
    /// Satisfied with it (满意).
    Satisfaction,
    /// Closed when it was solved (结案属实).
    Closing,
}

/// An appeal against ratings of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Appeal {
    /// Who made it.
    pub by: Actor,
    /// In the name of which area's office.
    pub office: AreaCode,
    /// Which ratings it is about: the poor ones that stood then.
    pub about: Vec<Rating>,
    /// Why.
    pub reason: String,
}

/// What was decided of an appeal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the rating is taken out of its rate.
    pub granted: bool,
    /// Why.
    pub reason: String,
}

/// What rates count of a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The first answer came in time.
    RespondedInTime,
    /// It came late, or is late already.
    RespondedLate,
    /// Solved, in the words of whoever asked.
    Resolved,
    /// In part or not.
    Unresolved,
    /// Satisfied, or fairly so, in the words of whoever asked.
    Satisfied,
    /// Not satisfied.
    Dissatisfied,
    /// No revisit found it unsolved.
    TrulyClosed,
    /// A revisit found it closed and not solved.
    FalselyClosed,
    /// Somebody was reached by a revisit.
    Revisited,
    /// One of its ratings was taken out of a rate.
    Excluded,
}

impl Quality {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What rates count of it.
    pub fn marks(&self) -> Vec<Mark> {
        let counted = |rating: Rating| !self.is_excluded(rating);
        let mut marks = Vec::new();
        if let Some(response) = self.response.filter(|_| counted(Rating::Response)) {
            marks.push(if response == Response::InTime { Mark::RespondedInTime } else { Mark::RespondedLate });
        }
        if let Some(word) = self.word.filter(|_| counted(Rating::Resolution)) {
            marks.push(if word.solved == Solved::Resolved { Mark::Resolved } else { Mark::Unresolved });
        }
        if let Some(word) = self.word.filter(|_| counted(Rating::Satisfaction)) {
            match word.satisfaction {
                Satisfaction::Satisfied | Satisfaction::Fairly => marks.push(Mark::Satisfied),
                Satisfaction::Dissatisfied => marks.push(Mark::Dissatisfied),
                Satisfaction::Unrated => {}
            }
        }
        if self.is_revisited() {
            marks.push(Mark::Revisited);
            if counted(Rating::Closing) {
                marks.push(if self.is_falsely_closed() { Mark::FalselyClosed } else { Mark::TrulyClosed });
            }
        }
        if self.verdicts.values().any(|verdict| verdict.granted) {
            marks.push(Mark::Excluded);
        }
        marks
    }

    /// Ratings that were taken out of their rates, each with why.
    pub fn excluded(&self) -> impl Iterator<Item = (Rating, &str)> {
        let granted = self.verdicts.iter().filter(|(_, verdict)| verdict.granted);
        granted.map(|(rating, verdict)| (*rating, verdict.reason.as_str()))
    }

    /// The revisit that still has to be made.
    pub fn waiting(&self) -> Option<&Revisit> {
        self.revisits.last().filter(|revisit| revisit.is_waiting())
    }

    /// Whether a closed case may be drawn: once for each time that it was closed.
    pub fn may_be_drawn(&self) -> bool {
        self.revisits.len() < limits::REVISITS_MAX && self.revisits.last().is_none_or(|revisit| revisit.over)
    }

    /// The poor ratings against which an appeal may be made: each once, as long as it stands.
    pub fn appealable(&self) -> Vec<Rating> {
        if self.appeal.is_some() {
            return Vec::new();
        }
        let word = |is_poor: fn(&Word) -> bool| self.word.as_ref().is_some_and(is_poor);
        let poor = [
            (Rating::Response, self.response == Some(Response::Late)),
            (Rating::Resolution, word(|word| word.solved != Solved::Resolved)),
            (Rating::Satisfaction, word(|word| word.satisfaction == Satisfaction::Dissatisfied)),
            (Rating::Closing, self.is_falsely_closed()),
        ];
        let open = poor.into_iter().filter(|(rating, is_poor)| *is_poor && !self.verdicts.contains_key(rating));
        open.map(|(rating, _)| rating).collect()
    }

    fn is_excluded(&self, rating: Rating) -> bool {
        self.verdicts.get(&rating).is_some_and(|verdict| verdict.granted)
    }

    fn is_revisited(&self) -> bool {
        self.revisits.iter().any(|revisit| revisit.word.is_some())
    }

    fn is_falsely_closed(&self) -> bool {
        let mut words = self.revisits.iter().filter_map(|revisit| revisit.word);
        words.any(|word| word.solved == Solved::Unresolved)
    }

    /// Folds an event into it; said before the case itself changes. `clocked`: its next step has a day.
    pub(super) fn note(&mut self, state: State, clocked: bool, event: &Event, actor: Actor) {
        match event {
            Event::CaseAccepted { late, .. } | Event::CaseDeclined { late, .. } | Event::CaseAssigned { late, .. }
                if state == State::Reported && clocked =>
            {
                self.respond(if *late { Response::Late } else { Response::InTime });
            }
            // Never to answer does not raise the rate.
            Event::CaseEscalated { .. } if state == State::Reported => self.respond(Response::Late),
            Event::CaseAnswered { solved, satisfaction, .. } => {
                self.hear(Word { solved: *solved, satisfaction: *satisfaction });
                if *solved == Solved::Unresolved {
                    self.begin_anew();
                }
            }
            Event::CaseReopened { .. } => self.begin_anew(),
            Event::CaseDrawn { draw } => {
                self.revisits.push(Revisit { draw: *draw, tries: 0, word: None, over: false });
            }
            Event::CaseRevisited { solved, satisfaction, .. } => {
                let word = solved.map(|solved| Word { solved, satisfaction: *satisfaction });
                self.revisit(word);
            }
            Event::RatingAppealed { office, reason } => {
                let about = self.appealable();
                self.appeal = Some(Appeal { by: actor, office: *office, about, reason: reason.clone() });
            }
            Event::AppealDecided { granted, reason } => {
                let about = self.appeal.take().map(|appeal| appeal.about).unwrap_or_default();
                let verdict = Verdict { granted: *granted, reason: reason.clone() };
                self.verdicts.extend(about.into_iter().map(|rating| (rating, verdict.clone())));
            }
            _ => {}
        }
    }

    fn respond(&mut self, response: Response) {
        self.response.get_or_insert(response);
    }

    fn revisit(&mut self, word: Option<Word>) {
        if let Some(revisit) = self.revisits.last_mut() {
            revisit.tries += 1;
            revisit.word = word;
        }
        let Some(word) = word else { return };
        self.hear(word);
        if word.solved == Solved::Unresolved {
            self.rate_anew(&[Rating::Closing]);
            self.begin_anew();
        }
    }

    fn hear(&mut self, word: Word) {
        self.word = Some(word);
        self.rate_anew(&[Rating::Resolution, Rating::Satisfaction]);
    }

    /// What was appealed or decided was about a rating that stands no more.
    fn rate_anew(&mut self, ratings: &[Rating]) {
        self.verdicts.retain(|rating, _| !ratings.contains(rating));
        if let Some(appeal) = &mut self.appeal {
            appeal.about.retain(|rating| !ratings.contains(rating));
        }
        self.appeal.take_if(|appeal| appeal.about.is_empty());
    }

    fn begin_anew(&mut self) {
        if let Some(revisit) = self.revisits.last_mut() {
            revisit.over = true;
        }
    }
}

impl Revisit {
    /// Whether it still has to be made.
    pub fn is_waiting(&self) -> bool {
        !self.over && self.word.is_none() && self.tries < limits::REVISIT_TRIES_MAX
    }
}

impl Rating {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Resolution => "resolution",
            Self::Satisfaction => "satisfaction",
            Self::Closing => "closing",
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
