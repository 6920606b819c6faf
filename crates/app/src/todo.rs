//! What is to be done: cases that wait for somebody, and places that are to be looked at again, the most urgent first.

use tahuang_domain::{AreaCode, Day, Holder, Period, Position, Refusal, Shape, Subject, SubjectId, Verb};
use tahuang_store::{DueQuery, StoreError};

use crate::ids::shanghai_day;
use crate::projection::read_subject;
use crate::{App, Asker, QueryError, limits};

/// Working days within which something counts as due soon (即将到期).
const SOON_WORKING_DAYS: u16 = 2;

/// How urgent a day is, seen from today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// The day is over (逾期).
    Late,
    /// Today or within two working days.
    Soon,
    /// After that.
    Later,
}

impl Urgency {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Late, Self::Soon, Self::Later];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Later => "later",
        }
    }
}

/// A day that something is due, beside today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// The day.
    pub day: Day,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Working days left, or overdue when late; 0 on the last day.
    pub working_days: u16,
}

/// Whose work a to-do list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TodoPage {
    /// What the asker leads, assists with or is asked to sign for (我的).
    Mine,
    /// What the asker reported or finished, and others go on with (等待他人).
    Waiting,
    /// What is so late that the asker's office heard of it (升级督办).
    Escalated,
    /// Whatever is due in the area (辖区).
    Area,
}

impl TodoPage {
    /// All of them, in the order in which a screen shows them.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Waiting, Self::Escalated, Self::Area];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::Escalated => "escalated",
            Self::Area => "area",
        }
    }
}

/// Which cases to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TodoFilter {
    /// Whose work.
    pub page: TodoPage,
    /// In this area and below.
    pub area: AreaCode,
    /// Only so urgent; all when absent.
    pub urgency: Option<Urgency>,
    /// The last row of the page before; no day when it has no clock.
    pub after: Option<(Option<Day>, Position)>,
    /// At most so many.
    pub limit: usize,
}

/// A page of what is to be done.
#[derive(Clone, Debug)]
pub struct Todo {
    /// The cases and sheets; by when their next step is due, if they have a clock.
    pub items: Vec<(SubjectId, Subject, Option<Due>)>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<(Option<Day>, Position)>,
    /// How many there are of each urgency, in the order of [`Urgency::ALL`]; what has no clock is counted as later.
    pub counts: [u64; 3],
    /// How many stand on each page, in the order of [`TodoPage::ALL`].
    pub pages: [u64; 4],
}

impl App {
    /// By when a case's next step is due, or a place is to be looked at again, seen from today; `None` when it has no clock.
    pub fn due_of(&self, subject: &Subject) -> Option<Due> {
        subject.due().map(|day| self.due_on(day))
    }

    fn due_on(&self, day: Day) -> Due {
        let today = shanghai_day(self.clock().now_ms());
        let calendar = &self.knowledge().calendar;
        let (urgency, working_days) = if day < today {
            (Urgency::Late, calendar.working_days_between(day, today))
        } else if day <= calendar.due(today, Period::WorkingDays(SOON_WORKING_DAYS)) {
            (Urgency::Soon, calendar.working_days_between(today, day))
        } else {
            (Urgency::Later, calendar.working_days_between(today, day))
        };
        Due { day, urgency, working_days }
    }

    /// What is to be done, by day, with how much there is of each urgency and on each page.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn todo(&self, asker: &Asker, filter: &TodoFilter) -> Result<Todo, QueryError> {
        let prefecture = filter.area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        if asker.scope().is_some_and(|scope| !scope.contains(filter.area)) {
            return Err(Refusal::NotPermitted.into());
        }
        let waits = |shape| matches!(shape, Shape::Case | Shape::Check);
        let waiting = self.knowledge().catalog.kinds().filter(|kind| waits(kind.shape));
        let kinds = waiting.filter(|kind| self.permit(asker, Verb::Read, &kind.code, filter.area).is_ok());
        let kinds: Vec<String> = kinds.map(|kind| kind.code.clone()).collect();
        let limit = filter.limit.clamp(1, limits::PAGE_ROWS_MAX);
        let query = |page: TodoPage, urgency: Option<Urgency>| {
            let (from, until) = urgency.map_or((None, None), |urgency| self.days_of(urgency));
            let (on, kinds, area) = (holder_of(asker, page), kinds.clone(), filter.area);
            // The console has no page of its own.
            let kinds = if on.is_none() && page != TodoPage::Area { Vec::new() } else { kinds };
            DueQuery { on, kinds, area, from, until, after: filter.after, limit: limit + 1 }
        };
        let (mut counts, mut pages) = ([0; 3], [0; 4]);
        for (count, urgency) in counts.iter_mut().zip(Urgency::ALL) {
            *count = self.store().due_count(prefecture, &query(filter.page, Some(urgency)))?;
        }
        for (count, page) in pages.iter_mut().zip(TodoPage::ALL) {
            *count = self.store().due_count(prefecture, &query(page, None))?;
        }
        let mut rows = self.store().due(prefecture, &query(filter.page, filter.urgency))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| (row.due, row.opened));
        let item = |row: &tahuang_store::SubjectRow| -> Result<_, StoreError> {
            Ok((row.id, read_subject(row)?, row.due.map(|due| self.due_on(due))))
        };
        Ok(Todo { items: rows.iter().map(item).collect::<Result<_, _>>()?, next, counts, pages })
    }

    /// The first and the last day that are so urgent today.
    fn days_of(&self, urgency: Urgency) -> (Option<Day>, Option<Day>) {
        let today = shanghai_day(self.clock().now_ms());
        let soon = self.knowledge().calendar.due(today, Period::WorkingDays(SOON_WORKING_DAYS));
        match urgency {
            Urgency::Late => (None, Some(today.plus_days(-1))),
            Urgency::Soon => (Some(today), Some(soon)),
            Urgency::Later => (Some(soon.plus_days(1)), None),
        }
    }
}

/// Whose page it is, and whether what only waits stands on it.
fn holder_of(asker: &Asker, page: TodoPage) -> Option<(Holder, bool)> {
    let Asker::Account { id, grant } = asker else { return None };
    match page {
        TodoPage::Mine => Some((Holder::Account(*id), false)),
        TodoPage::Waiting => Some((Holder::Account(*id), true)),
        TodoPage::Escalated => Some((Holder::Office(grant.scope), false)),
        TodoPage::Area => None,
    }
}
