//! Working days, and the days by which something is due.
//!
//! The day on which a period begins is not counted, and a period that ends on a day off ends on the next working day
//! (民法典 art. 201, 203). Which days are off, and which weekend days are worked instead, the State Council's General
//! Office publishes for each year; `catalog/calendar.toml` repeats its notices.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::catalog::CatalogError;
use crate::ids::Day;

/// How long something may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Working days (工作日).
    WorkingDays(u16),
    /// Days of the calendar (自然日); the last one moves to a working day.
    Days(u16),
}

/// Which days are worked.
#[derive(Debug, Default)]
pub struct Calendar {
    off: BTreeSet<Day>,
    worked: BTreeSet<Day>,
    /// Years, and whether their notice has come out.
    years: BTreeMap<i16, bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    year: Vec<YearText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearText {
    year: Spanned<i16>,
    notice: Option<String>,
    off: Vec<Spanned<Holiday>>,
    #[serde(default)]
    work: Vec<Spanned<Day>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    #[expect(dead_code, reason = "for whoever reads the file beside the notice")]
    name: String,
    from: Day,
    to: Day,
}

/// The longest run of days off that a notice may name; a longer one is a slip of the pen.
const HOLIDAY_DAYS_MAX: usize = 15;

impl Calendar {
    /// Reads and checks `catalog/calendar.toml`.
    ///
    /// # Errors
    /// The first mistake, with file and line: a year that stands twice, a day of another year, days off that end before
    /// they begin, a day worked instead that is no weekend day or is off as well.
    pub fn parse(file: &str, text: &str) -> Result<Self, CatalogError> {
        let read: CalendarFile = toml::from_str(text).map_err(|error| CatalogError::toml(file, text, &error))?;
        let mut calendar = Self::default();
        for year in read.year {
            let number = *year.year.as_ref();
            let fail = |offset: usize, message: String| Err(CatalogError::at(file, text, offset, message));
            if calendar.years.insert(number, year.notice.is_some()).is_some() {
                return fail(year.year.span().start, format!("the year {number} stands twice"));
            }
            for holiday in &year.off {
                let (offset, holiday) = (holiday.span().start, holiday.as_ref());
                let days: Vec<Day> = run(holiday.from, holiday.to).take(HOLIDAY_DAYS_MAX + 1).collect();
                if days.is_empty() || days.len() > HOLIDAY_DAYS_MAX {
                    let problem =
                        format!("{} to {} is no run of up to {HOLIDAY_DAYS_MAX} days", holiday.from, holiday.to);
                    return fail(offset, problem);
                }
                if let Some(day) = days.iter().find(|day| day.date().year() != number) {
                    return fail(offset, format!("{day} is not in {number}"));
                }
                calendar.off.extend(days);
            }
            for worked in &year.work {
                let (offset, day) = (worked.span().start, *worked.as_ref());
                if day.date().year() != number {
                    return fail(offset, format!("{day} is not in {number}"));
                }
                if !is_weekend(day) || calendar.off.contains(&day) {
                    return fail(offset, format!("{day} is no weekend day that could be worked instead"));
                }
                calendar.worked.insert(day);
            }
        }
        Ok(calendar)
    }

    /// Whether offices work on that day.
    pub fn is_working(&self, day: Day) -> bool {
        self.worked.contains(&day) || !(is_weekend(day) || self.off.contains(&day))
    }

    /// Whether that day's year has its notice. Without one only the days of the regulation itself are known.
    pub fn is_settled(&self, day: Day) -> bool {
        self.years.get(&day.date().year()).copied().unwrap_or(false)
    }

    /// The last day of a period that begins on `day`, which is not counted itself.
    pub fn due(&self, day: Day, period: Period) -> Day {
        let last = match period {
            Period::WorkingDays(count) => (0..count).fold(day, |reached, _| self.working_after(reached)),
            Period::Days(count) => day.plus_days(i32::from(count)),
        };
        // No working day at all, on a day off, ends on the next one too.
        if self.is_working(last) { last } else { self.working_after(last) }
    }

    /// The working days after `from`, up to and with `to`; 0 when `to` is not later.
    pub fn working_days_between(&self, from: Day, to: Day) -> u16 {
        let days = run(from, to).take(usize::from(u16::MAX));
        days.filter(|day| *day > from && self.is_working(*day)).count() as u16
    }

    fn working_after(&self, day: Day) -> Day {
        // A month without a working day does not exist; the end of the calendar does.
        let days = (1..=31).map(|ahead| day.plus_days(ahead));
        days.into_iter().find(|day| self.is_working(*day)).unwrap_or(day)
    }
}

/// The days from one to the other, both with; none when the second is earlier.
fn run(from: Day, to: Day) -> impl Iterator<Item = Day> {
    std::iter::successors(Some(from).filter(|from| *from <= to), move |day| {
        Some(day.plus_days(1)).filter(|next| *next > *day && *next <= to)
    })
}

fn is_weekend(day: Day) -> bool {
    matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday)
}
