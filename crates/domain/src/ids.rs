//! Identifiers and the few scalar types that every other module speaks in.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Extra fields of a subject, as its kind's JSON Schema allows them. Keys are sorted; numbers are integers.
pub type Fields = serde_json::Map<String, serde_json::Value>;

/// The server's sequence inside one prefecture's journal; the first record has position 1.
pub type Position = u64;

/// Money in fen (1 yuan = 100 fen), so that no sum is ever rounded.
pub type Fen = i64;

macro_rules! uuid_newtype {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_newtype!(
    /// A record's own identity. UUIDv7 when a person made it, UUIDv8 when it is derived from a ledger row's key.
    SubjectId
);
uuid_newtype!(
    /// The sender's name for one command; a UUIDv7, so that look-ups for duplicates stay in the newest pages.
    CommandId
);

/// Who did something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody at the command line of the server's own machine.
    Console,
    /// A signed-in account.
    Account(SubjectId),
    /// A resident, who has no account; the secret link of their own case says that it is they.
    Resident,
    /// The clock itself, when a day has come or gone.
    Timer,
}

/// A calendar day, written `2025-08-20`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day with this year, month and day of the month, if there is one.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// The number `yyyymmdd`, which sorts as the day does. What stores and indexes keep.
    pub fn number(self) -> i64 {
        i64::from(self.0.year()) * 10_000 + i64::from(self.0.month()) * 100 + i64::from(self.0.day())
    }

    /// The day that [`Day::number`] wrote.
    pub fn from_number(number: i64) -> Option<Self> {
        let year = i16::try_from(number / 10_000).ok()?;
        let month = i8::try_from(number / 100 % 100).ok()?;
        let day = i8::try_from(number % 100).ok()?;
        Self::new(year, month, day)
    }

    /// The calendar date.
    pub fn date(self) -> Date {
        self.0
    }

    /// The day that many days later, saturating at the end of the calendar.
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err("a day is written YYYY-MM-DD");
        }
        // Digits only: a parser of numbers would take a sign as well.
        if !bytes.iter().enumerate().all(|(index, byte)| matches!(index, 4 | 7) || byte.is_ascii_digit()) {
            return Err("a day is written YYYY-MM-DD");
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().ok();
        match (number(0..4), number(5..7), number(8..10)) {
            (Some(year), Some(month), Some(day)) => {
                Self::new(year, month as i8, day as i8).ok_or("no such day in the calendar")
            }
            _ => Err("a day is written YYYY-MM-DD"),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A piece of personal data, readable only with its subject's key. Erasing the key erases the data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sealed {
    /// The cipher's name, for instance `sm4-gcm`.
    pub algorithm: String,
    /// Nonce and ciphertext with tag, in hexadecimal.
    pub data: String,
}
