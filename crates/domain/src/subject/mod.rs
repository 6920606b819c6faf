//! Subjects: the records of the system, in their present state.

mod case;
mod check;
pub mod quality;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::attachment::{Attachment, Purpose};
use crate::catalog::Shape;
use crate::command::Movement;
use crate::event::{Event, SealedFields};
use crate::ids::{Actor, Day, Fen, Fields, SubjectId};
use crate::limits;

pub use case::{BoardPart, Case, Claim, Handover, Holder, Published, Released, ResidentAnswer};
pub use check::{Check, CheckedItem, ItemResult, Receipt, Recheck, RecheckedItem};
pub use quality::Quality;

/// A record: what is common to all shapes, and the body of its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// Kind from the catalog.
    pub kind: String,
    /// Where it belongs.
    pub area: AreaCode,
    /// The day it is about; a register entry's first day, if known.
    pub day: Option<Day>,
    /// Name or title.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// How many events it has had.
    pub revision: u32,
    /// Withdrawn records stay readable and count nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Extra fields of the kind.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Sealed personal fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sealed: SealedFields,
    /// Files that are attached to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Dated lines that were entered on it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// What its shape adds.
    #[serde(flatten)]
    pub body: Body,
}

/// What each shape adds to a subject.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Body {
    /// Something that exists from a day to a day.
    Entry {
        /// The last day, once it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
    },
    /// Something done on a day, with a quantity.
    Fact {
        /// How many.
        quantity: i64,
    },
    /// Something done by people on a day.
    Activity {
        /// The last day, when it took longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
        /// How many took part, if counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        people: Option<i64>,
    },
    /// Something to be dealt with.
    Case(Box<Case>),
    /// Goods kept at a place.
    Stock {
        /// In which unit it is counted.
        unit: String,
        /// How many there are now.
        held: i64,
        /// Every movement.
        movements: Vec<SupplyMovement>,
    },
    /// One organisation's result in one round.
    Assessment {
        /// The round.
        round: String,
        /// Points by item, in hundredths.
        scores: BTreeMap<String, i64>,
        /// Their sum, in hundredths.
        total: i64,
        /// The grade.
        grade: String,
    },
    /// A project with money.
    Project {
        /// Money allocated.
        allocations: Vec<Allocation>,
        /// The day it was completed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        completed: Option<Day>,
    },
    /// A ledger row that could not be accepted.
    LedgerRow {
        /// The recognised ledger format.
        ledger: Option<String>,
        /// The refusal's code.
        code: String,
        /// The heading to blame.
        column: Option<String>,
        /// What is wrong.
        message: String,
        /// Why it was set aside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The record it became.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<SubjectId>,
    },
    /// A sheet of one check of one place.
    Check(Box<Check>),
}

/// A dated line on a record.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The line's own id.
    pub id: SubjectId,
    /// Line kind from the catalog.
    pub kind: String,
    /// The day it is about, if it has one.
    pub day: Option<Day>,
    /// Where, when not at the entry's own area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Extra fields.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Sealed personal fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sealed: SealedFields,
    /// Until when another line has to follow on it; absent once that has come, or the day has gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Withdrawn lines count nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// One movement of goods.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SupplyMovement {
    /// The movement's own id.
    pub id: SubjectId,
    /// Which way.
    pub direction: Movement,
    /// How many.
    pub quantity: i64,
    /// When.
    pub day: Option<Day>,
}

impl SupplyMovement {
    /// What is held once it has happened.
    pub const fn after(&self, held: i64) -> i64 {
        match self.direction {
            Movement::Received => held + self.quantity,
            Movement::Issued => held - self.quantity,
            Movement::Counted => self.quantity,
        }
    }
}

/// What is held after all these movements; what was held before the first that could not have happened otherwise.
pub(crate) fn held_after(movements: &[SupplyMovement]) -> Result<i64, i64> {
    movements.iter().try_fold(0, |held, movement| match movement.after(held) {
        after if after < 0 => Err(held),
        after => Ok(after),
    })
}

/// Money given to a project.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Allocation {
    /// The allocation's own id.
    pub id: SubjectId,
    /// How much.
    pub fen: Fen,
    /// When.
    pub day: Day,
}

/// Where a subject stands. One list for all shapes, so that a figure or a filter can name any of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of the field, explained in catalog/words.toml")]
pub enum State {
    // register entries
    Active,
    Ended,
    // facts and activities
    Recorded,
    // cases
    Reported,
    Accepted,
    Declined,
    Assigned,
    InHand,
    Paused,
    Done,
    Checked,
    Closed,
    Merged,
    // assessments
    Entered,
    Final,
    // projects
    Open,
    Completed,
    // ledger rows
    Refused,
    Fixed,
    SetAside,
    // activities before they are held; stores keep a state as its number, so what came later stands last
    Planned,
    Cancelled,
}

impl State {
    /// Every state, in the order above.
    pub const ALL: [Self; 22] = [
        Self::Active,
        Self::Ended,
        Self::Recorded,
        Self::Reported,
        Self::Accepted,
        Self::Declined,
        Self::Assigned,
        Self::InHand,
        Self::Paused,
        Self::Done,
        Self::Checked,
        Self::Closed,
        Self::Merged,
        Self::Entered,
        Self::Final,
        Self::Open,
        Self::Completed,
        Self::Refused,
        Self::Fixed,
        Self::SetAside,
        Self::Planned,
        Self::Cancelled,
    ];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ended => "ended",
            Self::Recorded => "recorded",
            Self::Planned => "planned",
            Self::Cancelled => "cancelled",
            Self::Reported => "reported",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Assigned => "assigned",
            Self::InHand => "in_hand",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Checked => "checked",
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Entered => "entered",
            Self::Final => "final",
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Refused => "refused",
            Self::Fixed => "fixed",
            Self::SetAside => "set_aside",
        }
    }

    /// Whether what is in this state has not come about: it counts nowhere.
    pub const fn is_only_planned(self) -> bool {
        matches!(self, Self::Planned | Self::Cancelled)
    }

    /// Whether a case in this state is worked on no more, unless it is opened again.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Declined | Self::Merged)
    }

    /// The state with that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Body {
    /// The shape this is the body of.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Entry { .. } => Shape::Entry,
            Self::Fact { .. } => Shape::Fact,
            Self::Activity { .. } => Shape::Activity,
            Self::Case(_) => Shape::Case,
            Self::Stock { .. } => Shape::Stock,
            Self::Assessment { .. } => Shape::Assessment,
            Self::Project { .. } => Shape::Project,
            Self::LedgerRow { .. } => Shape::LedgerRow,
            Self::Check(_) => Shape::Check,
        }
    }
}

impl Subject {
    /// Folds one event into the state; `None` before the event that opens a subject.
    ///
    /// Total: every event that `decide` makes can be applied, and replaying a journal gives the live state. An event
    /// that does not fit (which only a damaged journal can hold) leaves the state as it was.
    pub fn apply(state: Option<Self>, event: &Event, actor: Actor) -> Option<Self> {
        match state {
            None => Self::opened_by(event, actor),
            Some(mut subject) => {
                subject.revision += 1;
                subject.change(event, actor);
                Some(subject)
            }
        }
    }

    /// By when something has to happen to it, if it has a clock: its next step, or once it has none, whatever has to follow
    /// on one of its lines. What was withdrawn, or goes on in another case, waits for nobody.
    pub fn due(&self) -> Option<Day> {
        match &self.body {
            Body::Case(case) if !self.withdrawn && self.state != State::Merged => {
                case.due.or_else(|| self.standing_lines().filter_map(|line| line.until).min())
            }
            Body::Check(check) if !self.withdrawn => check.recheck,
            _ => None,
        }
    }

    /// Its lines that were not withdrawn.
    pub fn standing_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.withdrawn)
    }

    /// Whether a line of that kind stands on it.
    pub fn has_line(&self, kind: &str) -> bool {
        self.standing_lines().any(|line| line.kind == kind)
    }

    /// How many of its files came with the report.
    pub fn reported_files(&self) -> usize {
        self.files.iter().filter(|file| file.purpose == Purpose::Report).count()
    }

    /// Whose pages the subject stands on, each with whether they only wait for others: cases, and sheets of which something
    /// is to be looked at again by who recorded them.
    pub fn holders(&self) -> BTreeMap<Holder, bool> {
        match &self.body {
            Body::Case(case) if !self.withdrawn => {
                let mut holders = case.holders(self.state);
                // It is over, but something has to follow: whoever led it sees to that.
                if self.state.is_over() && self.due().is_some() {
                    holders.extend(case.account.map(|account| (Holder::Account(account), false)));
                }
                holders
            }
            Body::Check(check) if !self.withdrawn && self.state == State::Open => match check.recorder {
                Actor::Account(recorder) => [(Holder::Account(recorder), false)].into(),
                _ => BTreeMap::new(),
            },
            _ => BTreeMap::new(),
        }
    }

    /// By which day a page lists it: on the board what was done stands for a time, everywhere else it is the day on which
    /// its next step is due.
    pub fn listed_by(&self, holder: Holder) -> Option<Day> {
        match (&self.body, holder) {
            (Body::Case(case), Holder::Board(BoardPart::Fulfilled)) => {
                case.closed.map(|closed| closed.plus_days(limits::BOARD_DAYS_MAX))
            }
            _ => self.due(),
        }
    }

    fn opened_by(event: &Event, actor: Actor) -> Option<Self> {
        let subject = |kind: &str, area: AreaCode, day, title: &str, state, fields: &Fields, body| Self {
            kind: kind.to_owned(),
            area,
            day,
            title: title.to_owned(),
            state,
            revision: 1,
            withdrawn: false,
            fields: fields.clone(),
            sealed: SealedFields::new(),
            files: Vec::new(),
            lines: Vec::new(),
            body,
        };
        let none = Fields::new();
        Some(match event {
            Event::EntryRegistered { kind, area, name, from, fields, sealed } => {
                let body = Body::Entry { until: None };
                let mut entry = subject(kind, *area, *from, name, State::Active, fields, body);
                entry.sealed = sealed.clone();
                entry
            }
            Event::FactRecorded { kind, area, day, title, quantity, fields } => {
                let body = Body::Fact { quantity: *quantity };
                subject(kind, *area, Some(*day), title, State::Recorded, fields, body)
            }
            Event::ActivityRecorded { kind, area, day, until, title, people, fields } => {
                let body = Body::Activity { until: *until, people: *people };
                subject(kind, *area, Some(*day), title, State::Recorded, fields, body)
            }
            Event::ActivityPlanned { kind, area, day, until, title, fields } => {
                let body = Body::Activity { until: *until, people: None };
                subject(kind, *area, Some(*day), title, State::Planned, fields, body)
            }
            Event::CaseReported { kind, area, day, title, fields, sealed, due } => {
                let body = Body::Case(Box::new(Case { reporter: Some(actor), due: *due, ..Case::default() }));
                let mut case = subject(kind, *area, Some(*day), title, State::Reported, fields, body);
                case.sealed = sealed.clone();
                case
            }
            Event::StockOpened { kind, area, item, unit, fields } => {
                let body = Body::Stock { unit: unit.clone(), held: 0, movements: Vec::new() };
                subject(kind, *area, None, item, State::Active, fields, body)
            }
            Event::AssessmentEntered { kind, area, round, organisation, day, scores, grade } => {
                let body = Body::Assessment {
                    round: round.clone(),
                    scores: scores.clone(),
                    total: scores.values().sum(),
                    grade: grade.clone(),
                };
                subject(kind, *area, Some(*day), organisation, State::Entered, &none, body)
            }
            Event::ProjectOpened { kind, area, name, day, fields } => {
                let body = Body::Project { allocations: Vec::new(), completed: None };
                subject(kind, *area, Some(*day), name, State::Open, fields, body)
            }
            Event::CheckRecorded { kind, area, day, checklist, version, place, unit, officers, results, recheck } => {
                let check = Check {
                    checklist: checklist.clone(),
                    version: *version,
                    unit: unit.clone(),
                    officers: officers.clone(),
                    recorder: actor,
                    items: results.clone(),
                    recheck: *recheck,
                    rechecks: Vec::new(),
                    receipt: None,
                };
                let state = check.state();
                subject(kind, *area, Some(*day), place, state, &none, Body::Check(Box::new(check)))
            }
            Event::RowRefused { area, ledger, code, column, message, cells } => {
                let body = Body::LedgerRow {
                    ledger: ledger.clone(),
                    code: code.clone(),
                    column: column.clone(),
                    message: message.clone(),
                    reason: None,
                    record: None,
                };
                let mut row = subject(crate::catalog::LEDGER_ROW, *area, None, message, State::Refused, &none, body);
                row.sealed.insert("cells".to_owned(), cells.clone());
                row
            }
            _ => return None,
        })
    }

    fn change(&mut self, event: &Event, actor: Actor) {
        match event {
            Event::Corrected { .. } => self.correct(event),
            Event::Withdrawn { .. } => self.withdrawn = true,
            Event::PersonalDataErased { .. } => {
                self.sealed.clear();
                self.lines.iter_mut().for_each(|line| line.sealed.clear());
                // Their keys were sealed under the key that is destroyed.
                self.files.clear();
            }
            Event::FileAttached { .. } | Event::FileRemoved { .. } => Attachment::change(&mut self.files, event),
            Event::LineAdded { .. } | Event::LineWithdrawn { .. } | Event::LineLapsed { .. } => {
                self.change_lines(event)
            }
            Event::RowRefused { .. } => self.refuse_row_again(event),
            _ => match &mut self.body {
                Body::Case(case) => self.state = case.change(self.state, event, actor),
                Body::Check(check) => {
                    self.state = check.change(event);
                    if let Event::NoticeServed { recipient, .. } = event {
                        self.sealed.insert("recipient".to_owned(), recipient.clone());
                    }
                }
                _ => self.change_body(event),
            },
        }
    }

    /// A row that comes again with the same fault, or with another one, stands as it was last read.
    fn refuse_row_again(&mut self, event: &Event) {
        let Body::LedgerRow { ledger, code, column, message, reason, record } = &mut self.body else { return };
        let Event::RowRefused { area, ledger: seen, code: now, column: blamed, message: said, cells } = event else {
            return;
        };
        self.area = *area;
        (*reason, *record) = (None, None);
        (*ledger, *code) = (seen.clone(), now.clone());
        (*column, *message) = (blamed.clone(), said.clone());
        self.title.clone_from(said);
        self.sealed.insert("cells".to_owned(), cells.clone());
        self.state = State::Refused;
    }

    fn change_lines(&mut self, event: &Event) {
        match event {
            Event::LineAdded { line, kind, day, area, fields, sealed, until, answers } => {
                if let Some(before) = self.lines.iter_mut().find(|known| Some(known.id) == *answers) {
                    before.until = None;
                }
                // Who agrees anew has the days of the new agreement.
                if until.is_some() {
                    let before = self.lines.iter_mut().filter(|known| known.kind == *kind);
                    before.for_each(|known| known.until = None);
                }
                self.lines.push(Line {
                    id: *line,
                    kind: kind.clone(),
                    day: *day,
                    area: *area,
                    fields: fields.clone(),
                    sealed: sealed.clone(),
                    until: *until,
                    withdrawn: false,
                });
            }
            Event::LineWithdrawn { line, .. } => {
                if let Some(line) = self.lines.iter_mut().find(|known| known.id == *line) {
                    (line.withdrawn, line.until) = (true, None);
                }
            }
            Event::LineLapsed { line } => {
                if let Some(line) = self.lines.iter_mut().find(|known| known.id == *line) {
                    line.until = None;
                }
            }
            _ => {}
        }
    }

    fn change_body(&mut self, event: &Event) {
        match (&mut self.body, event) {
            (Body::Entry { until }, Event::EntryEnded { day, .. }) => {
                *until = Some(*day);
                self.state = State::Ended;
            }
            (Body::Activity { until, people }, Event::ActivityHeld { day, until: last, people: came }) => {
                (self.day, *until, *people) = (Some(*day), *last, *came);
                self.state = State::Recorded;
            }
            (Body::Activity { .. }, Event::ActivityCancelled { .. }) => self.state = State::Cancelled,
            (Body::Stock { held, movements, .. }, Event::SupplyMoved { movement, direction, quantity, day }) => {
                self.day = self.day.or(*day);
                let (id, direction, quantity, day) = (*movement, *direction, *quantity, *day);
                let moved = SupplyMovement { id, direction, quantity, day };
                *held = moved.after(*held);
                movements.push(moved);
            }
            (Body::Stock { held, movements, .. }, Event::MovementCorrected { movement, quantity, day, .. }) => {
                if let Some(known) = movements.iter_mut().find(|known| known.id == *movement) {
                    known.quantity = *quantity;
                    known.day = day.or(known.day);
                }
                *held = held_after(movements).unwrap_or(*held);
            }
            (Body::Project { allocations, .. }, Event::AllocationCorrected { allocation, fen, day, .. }) => {
                if let Some(known) = allocations.iter_mut().find(|known| known.id == *allocation) {
                    (known.fen, known.day) = (*fen, *day);
                }
            }
            (Body::Project { allocations, .. }, Event::FundsAllocated { allocation, fen, day }) => {
                allocations.push(Allocation { id: *allocation, fen: *fen, day: *day });
            }
            (Body::Project { completed, .. }, Event::ProjectCompleted { day }) => {
                *completed = Some(*day);
                self.state = State::Completed;
            }
            (Body::Assessment { .. }, Event::AssessmentFinalised { .. }) => self.state = State::Final,
            (Body::LedgerRow { record, .. }, Event::RowFixed { record: became }) => {
                *record = Some(*became);
                self.state = State::Fixed;
            }
            (Body::LedgerRow { reason, .. }, Event::RowSetAside { reason: why }) => {
                *reason = Some(why.clone());
                self.state = State::SetAside;
            }
            _ => {}
        }
    }

    fn correct(&mut self, event: &Event) {
        let Event::Corrected { area, day, title, quantity: corrected, fields, .. } = event else { return };
        if let Some(area) = area {
            self.area = *area;
        }
        self.day = day.or(self.day);
        if let Some(title) = title {
            self.title.clone_from(title);
        }
        match (&mut self.body, corrected) {
            (Body::Fact { quantity }, Some(corrected)) => *quantity = *corrected,
            (Body::Activity { people, .. }, Some(corrected)) => *people = Some(*corrected),
            _ => {}
        }
        for (name, value) in fields {
            if value.is_null() {
                self.fields.remove(name);
            } else {
                self.fields.insert(name.clone(), value.clone());
            }
        }
    }
}
