//! Working days against tables written by hand from the State Council's notices, and mistakes in the file.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tahuang_domain::{Calendar, Day, Period};

fn calendar() -> Calendar {
    Calendar::parse("calendar.toml", include_str!("../../../catalog/calendar.toml")).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A day, and the working days after it in order, as one counts them off on the notice with a finger.
const COUNTED: [(&str, &[&str]); 6] = [
    // 2025: Sunday 28 September is worked, 1 to 8 October are off, Saturday 11 October is worked.
    (
        "2025-09-25",
        &[
            "2025-09-26",
            "2025-09-28",
            "2025-09-29",
            "2025-09-30",
            "2025-10-09",
            "2025-10-10",
            "2025-10-11",
            "2025-10-13",
            "2025-10-14",
            "2025-10-15",
        ],
    ),
    // A day off begins a period like any other.
    ("2025-10-04", &["2025-10-09", "2025-10-10", "2025-10-11", "2025-10-13"]),
    // 2024: Saturday 14 September is worked and 15 to 17 are off; Sunday 29 September and Saturday 12 October are worked.
    ("2024-09-13", &["2024-09-14", "2024-09-18", "2024-09-19"]),
    (
        "2024-09-27",
        &[
            "2024-09-29",
            "2024-09-30",
            "2024-10-08",
            "2024-10-09",
            "2024-10-10",
            "2024-10-11",
            "2024-10-12",
            "2024-10-14",
        ],
    ),
    // 2026: Sunday 20 September and Saturday 10 October are worked; 25 to 27 September and 1 to 7 October are off.
    (
        "2026-09-18",
        &[
            "2026-09-20",
            "2026-09-21",
            "2026-09-22",
            "2026-09-23",
            "2026-09-24",
            "2026-09-28",
            "2026-09-29",
            "2026-09-30",
            "2026-10-08",
            "2026-10-09",
            "2026-10-10",
            "2026-10-12",
        ],
    ),
    // 2026: Saturdays 14 and 28 February are worked, 15 to 23 are off.
    ("2026-02-13", &["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27", "2026-02-28", "2026-03-02"]),
];

#[test]
fn working_days_are_those_of_the_notices() {
    let calendar = calendar();
    for (from, counted) in COUNTED {
        for (index, expected) in counted.iter().enumerate() {
            let count = u16::try_from(index + 1).unwrap();
            let due = calendar.due(day(from), Period::WorkingDays(count));
            assert_eq!(due, day(expected), "{count} working days after {from}");
            assert_eq!(calendar.working_days_between(day(from), day(expected)), count);
        }
    }
}

#[test]
fn a_period_of_days_that_ends_on_a_day_off_ends_on_the_next_working_day() {
    let calendar = calendar();
    for (from, days, expected) in [
        ("2025-09-24", 7, "2025-10-09"),
        ("2025-09-21", 7, "2025-09-28"),
        ("2025-09-13", 7, "2025-09-22"),
        ("2025-08-01", 30, "2025-09-01"),
        ("2025-08-01", 31, "2025-09-01"),
    ] {
        assert_eq!(calendar.due(day(from), Period::Days(days)), day(expected), "{days} days after {from}");
    }
}

#[test]
fn nothing_lies_between_a_day_and_an_earlier_one() {
    assert_eq!(calendar().working_days_between(day("2025-10-09"), day("2025-09-25")), 0);
    assert_eq!(calendar().working_days_between(day("2025-10-09"), day("2025-10-09")), 0);
    assert_eq!(calendar().due(day("2025-10-09"), Period::WorkingDays(0)), day("2025-10-09"));
    assert_eq!(calendar().due(day("2025-10-04"), Period::WorkingDays(0)), day("2025-10-09"), "not on a day off");
}

#[test]
fn a_year_without_its_notice_is_not_settled_and_has_the_days_of_the_regulation() {
    let calendar = calendar();
    assert!(calendar.is_settled(day("2026-12-31")));
    assert!(!calendar.is_settled(day("2027-01-01")));
    assert!(!calendar.is_settled(day("2031-01-01")));
    assert!(!calendar.is_working(day("2027-02-08")), "the third day of the first month");
    assert!(calendar.is_working(day("2027-02-09")));
}

#[test]
fn the_end_of_the_calendar_is_no_endless_loop() {
    let last = day("9999-12-31");
    assert_eq!(calendar().due(last, Period::WorkingDays(u16::MAX)), last);
    assert_eq!(calendar().working_days_between(last, last), 0);
}

#[test]
fn a_mistake_names_its_line() {
    let year = |rest: &str| format!("[[year]]\nyear = 2028\n{rest}");
    for (text, line, says) in [
        (year("off = []\n\n[[year]]\nyear = 2028\noff = []\n"), 6, "twice"),
        (year("off = [\n  { name = \"元旦\", from = \"2027-12-31\", to = \"2028-01-01\" },\n]\n"), 4, "not in 2028"),
        (year("off = [{ name = \"元旦\", from = \"2028-01-03\", to = \"2028-01-01\" }]\n"), 3, "no run"),
        (year("off = [{ name = \"元旦\", from = \"2028-01-01\", to = \"2028-02-01\" }]\n"), 3, "no run"),
        (year("off = []\nwork = [\"2029-01-06\"]\n"), 4, "not in 2028"),
        (year("off = []\nwork = [\"2028-01-03\"]\n"), 4, "no weekend day"),
        (
            year("off = [{ name = \"元旦\", from = \"2028-01-01\", to = \"2028-01-02\" }]\nwork = [\"2028-01-02\"]\n"),
            4,
            "no weekend day",
        ),
        (year("off = []\nwork = [\"2028-13-01\"]\n"), 4, "no such day"),
        (year("off = []\nworks = []\n"), 4, "works"),
    ] {
        let error = Calendar::parse("calendar.toml", &text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("calendar.toml", line), "{error}");
        assert!(error.message.contains(says), "{error}");
    }
}
