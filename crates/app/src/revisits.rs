//! Revisits: which closed cases are drawn by lot to be called about, and which still have to be.
//!
//! A draw ranks every closed case of a place and a time by SM3(seed ‖ case) and takes the first. The seed is the journal's
//! hash at the moment of the draw, so nobody chooses it, and position, seed and numbers stand in the draw's own entry, so
//! anybody can draw again and find the same (ADR 0015). Entry and cases are one transaction.

use std::sync::TryLockError;

use serde_json::json;
use sm3::{Digest as _, Sm3};
use tahuang_domain::catalog::REVISIT_DRAW;
use tahuang_domain::decide::quality::had_no_part;
use tahuang_domain::{
    Action, AreaCode, Body, Command, CommandId, Day, Fields, Holder, Position, Prefecture, Refusal, Shape, State,
    Subject, SubjectId, Verb,
};
use tahuang_journal::Hash;
use tahuang_store::{DueQuery, Outcome, StoreError, SubjectQuery};

use crate::ids::derived_id;
use crate::projection::read_subject;
use crate::{App, Asker, QueryError, SubmitError, limits};

/// How often the cases are read anew because something was written meanwhile.
const READINGS_MAX: usize = 5;

/// What is to be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DrawOrder {
    /// The id that the draw's entry will have: sent again, the draw is not made again.
    pub id: SubjectId,
    /// From the cases of this area and below.
    pub area: AreaCode,
    /// Closed on this day or later.
    pub closed_from: Day,
    /// Closed on this day or earlier.
    pub closed_until: Day,
    /// Of these kinds; of every kind of case when empty.
    pub kinds: Vec<String>,
    /// So many.
    pub wanted: usize,
}

/// A draw as its register entry says it, with how far its revisits are.
#[derive(Clone, PartialEq, Debug)]
pub struct Draw {
    /// Its register entry.
    pub id: SubjectId,
    /// The entry.
    pub entry: Subject,
    /// The position at which it was made.
    pub opened: Position,
    /// Revisits still to be made.
    pub waiting: u64,
    /// Those made, given up after the last try, or overtaken by the work that began again.
    pub over: u64,
}

/// Why nothing was drawn.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DrawError {
    /// It is not permitted, or cannot be.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The entry was refused.
    #[error("{message}")]
    Refused {
        /// The permanent code.
        code: String,
        /// What is wrong.
        message: String,
        /// The field to blame.
        field: Option<String>,
    },
    /// The commands were not looked at.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<StoreError> for DrawError {
    fn from(error: StoreError) -> Self {
        Self::Query(error.into())
    }
}

impl From<Refusal> for DrawError {
    fn from(refusal: Refusal) -> Self {
        Self::Query(refusal.into())
    }
}

/// Which cases to list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RevisitList {
    /// Revisits still to be made, of one draw or of all.
    Waiting(Option<SubjectId>),
    /// Those of a draw that are over.
    Over(SubjectId),
    /// Appeals that wait for their decision.
    Appeals,
}

/// A page of cases, in the order in which they were opened.
#[derive(Clone, Debug)]
pub struct RevisitPage {
    /// The cases.
    pub items: Vec<(SubjectId, Subject)>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position>,
    /// Revisits still to be made in the area.
    pub waiting: u64,
    /// Appeals that wait there.
    pub appeals: u64,
}

impl DrawOrder {
    /// What the entry says of what was asked.
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        fields.insert("closed_from".to_owned(), json!(self.closed_from.to_string()));
        fields.insert("closed_until".to_owned(), json!(self.closed_until.to_string()));
        if !self.kinds.is_empty() {
            fields.insert("kinds".to_owned(), json!(self.kinds));
        }
        fields.insert("wanted".to_owned(), json!(self.wanted));
        fields
    }

    /// Whether that entry was made of it.
    fn is_of(&self, entry: &Subject) -> bool {
        let kinds = entry.fields.get("kinds").is_some();
        let said = self.fields();
        let same = said.iter().all(|(field, value)| entry.fields.get(field) == Some(value));
        same && entry.area == self.area && kinds == said.contains_key("kinds")
    }
}

/// By which number a case is drawn: the cases with the smallest are.
pub fn rank(seed: &Hash, case: SubjectId) -> [u8; 32] {
    let mut hasher = Sm3::new();
    hasher.update(seed.0);
    hasher.update(case.0.as_bytes());
    hasher.finalize().into()
}

impl App {
    /// Draws closed cases for revisits.
    ///
    /// Left out are cases that were drawn since they were last closed, and those in whose work the asker had a part.
    ///
    /// # Errors
    /// `NotPermitted`, `UnknownKind`, `QuantityOutOfRange` beyond [`limits::DRAWN_MAX`], `FinishedBeforeFound`,
    /// `CommandIdReused` when something else was drawn with this id; `Invalid` beyond [`limits::DRAW_CASES_MAX`] or [`limits::DRAW_ROWS_MAX`]; `Busy` while
    /// another draw is made, and when the journal is written to so often that no moment could be read.
    pub fn draw_revisits(&self, asker: &Asker, order: &DrawOrder) -> Result<Draw, DrawError> {
        let prefecture = order.area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        self.permit(asker, Verb::Oversee, REVISIT_DRAW, order.area)?;
        for kind in &order.kinds {
            let shape = self.knowledge().catalog.kind(kind)?.shape;
            if shape != Shape::Case {
                return Err(Refusal::WrongShape { kind: kind.clone() }.into());
            }
        }
        if !(1..=limits::DRAWN_MAX).contains(&order.wanted) {
            return Err(Refusal::QuantityOutOfRange { field: "wanted".to_owned() }.into());
        }
        let (first, second) = (order.closed_from, order.closed_until);
        if second < first {
            return Err(Refusal::FinishedBeforeFound { first, second }.into());
        }
        // One at a time, and nobody waits in line for it: a draw reads much.
        let _alone = match self.drawing.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(SubmitError::Busy.into()),
        };
        if let Some(known) = self.draw_with(asker, prefecture, order.id)? {
            return if order.is_of(&known.entry) { Ok(known) } else { Err(Refusal::CommandIdReused.into()) };
        }
        let (position, seed, mut cases) = self.population(asker, prefecture, order)?;
        let population = cases.len();
        cases.sort_unstable_by_key(|case| rank(&seed, *case));
        cases.truncate(order.wanted);
        let said = (position, seed, population, cases.len());
        let mut commands = vec![self.draw_entry(order, said)];
        commands.extend(cases.into_iter().map(|case| draw_case(order.id, case)));
        let answers = self.submit(prefecture, asker, commands)?;
        if let Some(Outcome::Refused { code, message, field }) = answers.into_iter().next().map(|first| first.outcome) {
            return Err(DrawError::Refused { code, message, field });
        }
        self.draw_with(asker, prefecture, order.id)?.ok_or(DrawError::Query(QueryError::NotFound))
    }

    /// Draws of an area, newest first, at most [`limits::DRAWS_MAX`].
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn revisit_draws(&self, asker: &Asker, area: AreaCode) -> Result<Vec<Draw>, QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        self.permit(asker, Verb::Oversee, REVISIT_DRAW, area)?;
        let mut rows = self.store().all_of_kind(prefecture, Shape::Entry, REVISIT_DRAW)?;
        rows.retain(|row| area.contains(row.area));
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.opened));
        rows.truncate(limits::DRAWS_MAX);
        rows.iter().map(|row| self.draw(asker, prefecture, row)).collect()
    }

    /// Cases that were drawn or appealed, in the order in which they were opened.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn revisits(
        &self,
        asker: &Asker,
        list: RevisitList,
        area: AreaCode,
        after: Option<Position>,
        limit: usize,
    ) -> Result<RevisitPage, QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        self.permit(asker, Verb::Oversee, REVISIT_DRAW, area)?;
        let limit = limit.clamp(1, limits::PAGE_ROWS_MAX);
        let on = match list {
            RevisitList::Waiting(None) => (Holder::Revisits, false),
            RevisitList::Waiting(Some(draw)) => (Holder::Draw(draw), false),
            RevisitList::Over(draw) => (Holder::Draw(draw), true),
            RevisitList::Appeals => (Holder::Appeals, false),
        };
        let after = after.map(|opened| (None, opened));
        let mut query = self.listed(asker, area, on);
        (query.after, query.limit) = (after, limit + 1);
        let mut rows = self.store().due(prefecture, &query)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.opened);
        let count = |holder| self.store().due_count(prefecture, &self.listed(asker, area, (holder, false)));
        let items = rows.iter().map(|row| Ok((row.id, read_subject(row)?)));
        Ok(RevisitPage {
            items: items.collect::<Result<_, StoreError>>()?,
            next,
            waiting: count(Holder::Revisits)?,
            appeals: count(Holder::Appeals)?,
        })
    }

    /// The cases from which is drawn, with the moment at which they were read.
    fn population(
        &self,
        asker: &Asker,
        prefecture: Prefecture,
        order: &DrawOrder,
    ) -> Result<(Position, Hash, Vec<SubjectId>), DrawError> {
        let mut head = self.store().head(prefecture)?;
        for _ in 0..READINGS_MAX {
            let cases = self.closed_cases(asker, prefecture, order)?;
            let after = self.store().head(prefecture)?;
            if after.position == head.position {
                return Ok((head.position, head.hash, cases));
            }
            head = after;
        }
        Err(SubmitError::Busy.into())
    }

    fn closed_cases(
        &self,
        asker: &Asker,
        prefecture: Prefecture,
        order: &DrawOrder,
    ) -> Result<Vec<SubjectId>, QueryError> {
        let kinds = self.kinds_of(asker, Verb::Oversee, order.area);
        let kinds = kinds.into_iter().filter(|kind| order.kinds.is_empty() || order.kinds.contains(kind)).collect();
        let mut query = SubjectQuery {
            shape: Shape::Case,
            kinds,
            states: vec![State::Closed],
            area: order.area,
            withdrawn: false,
            before: None,
            limit: limits::PAGE_ROWS_MAX,
        };
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while !query.kinds.is_empty() {
            let rows = self.store().list(prefecture, &query)?;
            for row in &rows {
                if is_drawn_from(&read_subject(row)?, asker, order) {
                    found.push(row.id);
                }
            }
            looked_at += rows.len();
            if found.len() > limits::DRAW_CASES_MAX || looked_at > limits::DRAW_ROWS_MAX {
                return Err(QueryError::Invalid("too many cases to draw from: choose a smaller area or fewer kinds"));
            }
            match rows.last() {
                Some(last) if rows.len() == limits::PAGE_ROWS_MAX => query.before = Some(last.opened),
                _ => break,
            }
        }
        Ok(found)
    }

    fn draw_entry(&self, order: &DrawOrder, said: (Position, Hash, usize, usize)) -> Command {
        let (position, seed, population, drawn) = said;
        let mut fields = order.fields();
        fields.insert("population".to_owned(), json!(population));
        fields.insert("drawn".to_owned(), json!(drawn));
        fields.insert("position".to_owned(), json!(position));
        fields.insert("seed".to_owned(), json!(seed.to_string()));
        let action = Action::RegisterEntry {
            kind: REVISIT_DRAW.to_owned(),
            area: order.area,
            name: format!("回访抽查 {}—{}", order.closed_from, order.closed_until),
            from: Some(crate::shanghai_day(self.clock().now_ms())),
            fields,
            personal: Default::default(),
        };
        let id = CommandId(derived_id("revisit draw", &[order.id.0.as_bytes()]));
        Command { id, subject: order.id, revision: None, source: None, action }
    }

    /// The draw with this id, if it was made already and the asker oversees it.
    fn draw_with(&self, asker: &Asker, prefecture: Prefecture, id: SubjectId) -> Result<Option<Draw>, QueryError> {
        let row = self.store().subjects(prefecture, &[id])?.into_iter().flatten().next();
        let Some(row) = row else { return Ok(None) };
        if row.kind != REVISIT_DRAW || self.permit(asker, Verb::Oversee, &row.kind, row.area).is_err() {
            return Err(Refusal::SubjectExists.into());
        }
        self.draw(asker, prefecture, &row).map(Some)
    }

    fn draw(&self, asker: &Asker, prefecture: Prefecture, row: &tahuang_store::SubjectRow) -> Result<Draw, QueryError> {
        let count = |waits| {
            let query = self.listed(asker, row.area, (Holder::Draw(row.id), waits));
            self.store().due_count(prefecture, &query)
        };
        let (waiting, over) = (count(false)?, count(true)?);
        Ok(Draw { id: row.id, entry: read_subject(row)?, opened: row.opened, waiting, over })
    }

    fn listed(&self, asker: &Asker, area: AreaCode, on: (Holder, bool)) -> DueQuery {
        let kinds = self.kinds_of(asker, Verb::Read, area);
        DueQuery { on: Some(on), kinds, area, from: None, until: None, after: None, limit: 0 }
    }

    fn kinds_of(&self, asker: &Asker, verb: Verb, area: AreaCode) -> Vec<String> {
        let cases = self.knowledge().catalog.kinds().filter(|kind| kind.shape == Shape::Case);
        let may = cases.filter(|kind| self.permit(asker, verb, &kind.code, area).is_ok());
        may.map(|kind| kind.code.clone()).collect()
    }
}

fn is_drawn_from(subject: &Subject, asker: &Asker, order: &DrawOrder) -> bool {
    let Body::Case(case) = &subject.body else { return false };
    let closed = |day: Day| order.closed_from <= day && day <= order.closed_until;
    case.closed.is_some_and(closed) && case.quality.may_be_drawn() && had_no_part(asker.actor(), case)
}

fn draw_case(draw: SubjectId, case: SubjectId) -> Command {
    let id = CommandId(derived_id("draw case", &[draw.0.as_bytes(), case.0.as_bytes()]));
    Command { id, subject: case, revision: None, source: None, action: Action::DrawCase { draw } }
}
