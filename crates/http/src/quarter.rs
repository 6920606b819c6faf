//! A quarter of a year, as `2025-Q3`.

use serde::{Deserialize, Deserializer};
use tahuang_domain::Day;

/// A quarter of a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quarter {
    year: i16,
    /// From 1 to 4.
    number: i8,
}

impl Quarter {
    /// The quarter in which a day lies.
    pub fn of(day: Day) -> Self {
        let date = day.date();
        Self { year: date.year(), number: (date.month() - 1) / 3 + 1 }
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// From 1 to 4.
    pub const fn number(self) -> u8 {
        self.number.unsigned_abs()
    }

    /// Its first day.
    pub fn first(self) -> Day {
        day(self.year, self.number * 3 - 2, 1)
    }

    /// Its last day.
    pub fn last(self) -> Day {
        let [month, last] = [[3, 31], [6, 30], [9, 30], [12, 31]][usize::from(self.number.unsigned_abs()) - 1];
        day(self.year, month, last)
    }

    /// The first day of its year.
    pub fn first_of_year(self) -> Day {
        day(self.year, 1, 1)
    }

    /// The last day of its year.
    pub fn last_of_year(self) -> Day {
        day(self.year, 12, 31)
    }

    fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once("-Q")?;
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        ((1900..=2200).contains(&year) && (1..=4).contains(&number)).then_some(Self { year, number })
    }
}

fn day(year: i16, month: i8, day: i8) -> Day {
    Day::new(year, month, day).unwrap_or_else(|| unreachable!("every year has these days"))
}

impl<'de> Deserialize<'de> for Quarter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a quarter, as 2025-Q3"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_has_its_days() {
        for (text, first, last) in [
            ("2025-Q1", "2025-01-01", "2025-03-31"),
            ("2025-Q2", "2025-04-01", "2025-06-30"),
            ("2025-Q3", "2025-07-01", "2025-09-30"),
            ("2025-Q4", "2025-10-01", "2025-12-31"),
        ] {
            let quarter = Quarter::parse(text).unwrap();
            assert_eq!((quarter.first().to_string(), quarter.last().to_string()), (first.to_owned(), last.to_owned()));
            assert_eq!((Quarter::of(quarter.first()), Quarter::of(quarter.last())), (quarter, quarter));
        }
        for text in ["2025-Q5", "2025-Q0", "25-Q1", "2025", "", "Q1-2025"] {
            assert_eq!(Quarter::parse(text), None, "{text}");
        }
    }
}
