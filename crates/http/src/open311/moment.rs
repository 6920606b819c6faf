//! Moments as the specification writes them (W3C's note on dates and times), with a time zone.

use jiff::Timestamp;
use jiff::tz::Offset;
use tahuang_domain::Day;

/// The time zone of every moment that is given: UTC+8, no summer time.
const ZONE: &str = "+08:00";

/// A moment in milliseconds since 1970.
pub fn written(at_ms: i64) -> String {
    let moment = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{}{ZONE}", Offset::constant(8).to_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S"))
}

/// The last second of a day.
pub fn end_of(day: Day) -> String {
    format!("{day}T23:59:59{ZONE}")
}

/// The moment that was sent, in milliseconds since 1970; `None` when it is none or names no time zone.
pub fn read(text: &str) -> Option<i64> {
    // A plus sign that was not encoded comes as a blank.
    let text = text.replace(' ', "+");
    text.contains('T').then(|| text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_their_time_zone_only() {
        for (text, at) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T08:00:01+08:00", Some(1_000)),
            ("1970-01-01T08:00:01 08:00", Some(1_000)),
            ("1970-01-01T00:00Z", Some(0)),
            ("1969-12-31T19:00:00.5-05:00", Some(500)),
            ("1970-01-01T00:00:00", None),
            ("1970-01-01", None),
            ("01-01-1970", None),
            ("", None),
        ] {
            assert_eq!(read(text), at, "{text}");
        }
    }

    #[test]
    fn moments_are_written_in_the_time_of_the_place() {
        assert_eq!(written(0), "1970-01-01T08:00:00+08:00");
        assert_eq!(read(&written(1_756_000_000_000)), Some(1_756_000_000_000));
    }
}
