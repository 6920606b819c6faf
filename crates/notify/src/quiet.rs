//! Quiet hours: what is no emergency waits for the morning.

use crate::limits::MINUTE_MS;

/// Where the system is used it is UTC+8 all year.
const SHANGHAI_MS: i64 = 8 * 60 * 60 * 1_000;
const DAY_MINUTES: i64 = 24 * 60;

/// The hours of the day in which a channel keeps quiet, from a minute of the day until another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quiet {
    from: i64,
    until: i64,
}

impl Default for Quiet {
    /// From ten at night until seven in the morning.
    fn default() -> Self {
        Self { from: 22 * 60, until: 7 * 60 }
    }
}

impl Quiet {
    /// Reads `22:00-07:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let quiet = Self { from: minute(from)?, until: minute(until)? };
        (quiet.from != quiet.until).then_some(quiet)
    }

    /// The first moment at or after this one that is not quiet, in milliseconds since 1970.
    pub fn over_at(self, at_ms: i64) -> i64 {
        let minutes = (at_ms + SHANGHAI_MS).div_euclid(MINUTE_MS);
        let minute = minutes.rem_euclid(DAY_MINUTES);
        let into = (minute - self.from).rem_euclid(DAY_MINUTES);
        let long = (self.until - self.from).rem_euclid(DAY_MINUTES);
        if into >= long {
            return at_ms;
        }
        (minutes + long - into) * MINUTE_MS - SHANGHAI_MS
    }
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten();
    match (number(hour)?, number(minute)?) {
        (hour @ 0..=23, minute @ 0..=59) => Some(i64::from(hour) * 60 + i64::from(minute)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment of 20 August 2025 where the system is used, which was a Wednesday; beyond 24 hours, of a later day.
    fn at(hour: i64, minute: i64) -> i64 {
        // date -d '2025-08-20T00:00:00+08:00' +%s
        (1_755_619_200 + hour * 3_600 + minute * 60) * 1_000
    }

    #[test]
    fn what_falls_into_the_quiet_hours_waits_until_they_are_over() {
        let night = Quiet::default();
        let noon = Quiet::parse("12:30-15:00").unwrap();
        let table = [
            (night, at(21, 59), at(21, 59)),
            (night, at(22, 0), at(31, 0)),
            (night, at(23, 59), at(31, 0)),
            (night, at(24, 0), at(31, 0)),
            (night, at(30, 59), at(31, 0)),
            (night, at(31, 0), at(31, 0)),
            (night, at(12, 0), at(12, 0)),
            (noon, at(12, 29), at(12, 29)),
            (noon, at(12, 30), at(15, 0)),
            (noon, at(14, 59), at(15, 0)),
            (noon, at(15, 0), at(15, 0)),
        ];
        for (quiet, asked, over) in table {
            assert_eq!(quiet.over_at(asked), over, "{quiet:?} at {asked}");
        }
    }

    #[test]
    fn only_two_times_of_the_day_are_quiet_hours() {
        for text in ["", "22-7", "22:00", "24:00-07:00", "22:00-07:60", "07:00-07:00", "2:00-7:00", "-1:00-+7:00"] {
            assert_eq!(Quiet::parse(text), None, "{text}");
        }
        assert_eq!(Quiet::parse("22:00-07:00"), Some(Quiet::default()));
    }
}
