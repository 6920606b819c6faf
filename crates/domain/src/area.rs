//! Administrative divisions and grids, addressed by their standard codes.
//!
//! **Architecture invariant:** an area's code begins with its parent's significant digits (GB/T 2260 and GB/T 10114:
//! 2 region, 4 prefecture, 6 county, 9 township, 12 village; a grid adds 3). So ancestors and subtrees are
//! arithmetic on a number, and an index over codes answers "everything below this area" with one range.
//! Codes change over the years: an area is a register entry with a first and last day, see ADR 0003.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How high an area stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Autonomous region or province (自治区).
    Region,
    /// Prefecture (地区/市): the unit that owns a journal.
    Prefecture,
    /// County (县/区).
    County,
    /// Township, town or sub-district (乡/镇/街道).
    Township,
    /// Village or community (村/社区).
    Village,
    /// Grid (网格), the smallest unit of work.
    Grid,
}

impl Level {
    /// From the highest to the lowest.
    pub const ALL: [Self; 6] =
        [Self::Region, Self::Prefecture, Self::County, Self::Township, Self::Village, Self::Grid];

    /// How many codes a subtree at this level spans, in the 15-digit numbering.
    const fn span(self) -> u64 {
        match self {
            Self::Region => 10_000_000_000_000,
            Self::Prefecture => 100_000_000_000,
            Self::County => 1_000_000_000,
            Self::Township => 1_000_000,
            Self::Village => 1_000,
            Self::Grid => 1,
        }
    }

    /// The permanent English code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
            Self::Grid => "grid",
        }
    }
}

/// The code of a division (12 digits) or of a grid (15 digits), held as one 15-digit number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(u64);

impl AreaCode {
    /// The 15-digit number; a division's last three digits are zero.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The code with this 15-digit number, if it can be one.
    pub const fn from_number(number: u64) -> Option<Self> {
        if number >= 100_000_000_000_000 && number < 1_000_000_000_000_000 { Some(Self(number)) } else { None }
    }

    /// How high the area stands, read off the code's trailing zeros.
    pub const fn level(self) -> Level {
        if self.0.is_multiple_of(Level::Region.span()) {
            Level::Region
        } else if self.0.is_multiple_of(Level::Prefecture.span()) {
            Level::Prefecture
        } else if self.0.is_multiple_of(Level::County.span()) {
            Level::County
        } else if self.0.is_multiple_of(Level::Township.span()) {
            Level::Township
        } else if self.0.is_multiple_of(Level::Village.span()) {
            Level::Village
        } else {
            Level::Grid
        }
    }

    /// The ancestor (or the area itself) at that level; `None` when the area stands higher.
    pub fn at(self, level: Level) -> Option<Self> {
        (self.level() >= level).then(|| Self(self.0 - self.0 % level.span()))
    }

    /// The area directly above, `None` for a region.
    pub fn parent(self) -> Option<Self> {
        let above = Level::ALL.iter().rev().find(|level| **level < self.level())?;
        self.at(*above)
    }

    /// The area itself and everything above it, from the lowest to the region.
    pub fn lineage(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |area| area.parent())
    }

    /// The prefecture that the area lies in; a region lies in none.
    pub fn prefecture(self) -> Option<Prefecture> {
        self.at(Level::Prefecture).map(Prefecture)
    }

    /// Whether `other` is this area or lies below it.
    pub fn contains(self, other: Self) -> bool {
        self.range().contains(&other.0)
    }

    /// The codes of this area and everything below it.
    pub fn range(self) -> RangeInclusive<u64> {
        self.0..=self.0 + self.level().span() - 1
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level() {
            Level::Grid => write!(f, "{}", self.0),
            _ => write!(f, "{}", self.0 / 1_000),
        }
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AreaCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "an area code has 12 digits, a grid's 15";
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(WRONG);
        }
        let number: u64 = text.parse().map_err(|_| WRONG)?;
        let number = match text.len() {
            12 => number * 1_000,
            15 => number,
            _ => return Err(WRONG),
        };
        Self::from_number(number).ok_or(WRONG)
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A prefecture: the owner of one journal, and the first part of every key in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prefecture(AreaCode);

impl Prefecture {
    /// The prefecture with this code, if the code is a prefecture's.
    pub fn new(area: AreaCode) -> Option<Self> {
        (area.level() == Level::Prefecture).then_some(Self(area))
    }

    /// Its area code.
    pub const fn area(self) -> AreaCode {
        self.0
    }
}

impl fmt::Display for Prefecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The names of all known areas. Structure is in the codes; this only says which exist and what they are called.
///
/// An area that ended takes no new records; its name stays, because its old records do.
#[derive(Clone, Default, Debug)]
pub struct AreaTree {
    areas: BTreeMap<AreaCode, Named>,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    live: bool,
}

impl AreaTree {
    /// Adds or renames an area.
    pub fn insert(&mut self, code: AreaCode, name: impl Into<String>) {
        self.areas.insert(code, Named { name: name.into(), live: true });
    }

    /// Ends an area.
    pub fn end(&mut self, code: AreaCode) {
        if let Some(area) = self.areas.get_mut(&code) {
            area.live = false;
        }
    }

    /// The area's name, also when it ended.
    pub fn name(&self, code: AreaCode) -> Option<&str> {
        self.areas.get(&code).map(|area| area.name.as_str())
    }

    /// Whether the area exists now.
    pub fn contains(&self, code: AreaCode) -> bool {
        self.areas.get(&code).is_some_and(|area| area.live)
    }

    /// The areas directly below that exist now, in the order of their codes.
    pub fn children(&self, code: AreaCode) -> impl Iterator<Item = (AreaCode, &str)> {
        self.below(code).filter(move |(child, _)| child.parent() == Some(code))
    }

    /// The grids of a village, ended ones too: their codes are not given again.
    pub fn grids_ever(&self, village: AreaCode) -> impl Iterator<Item = (AreaCode, &str)> {
        let range = village.range();
        let below = self.areas.range(AreaCode(*range.start() + 1)..=AreaCode(*range.end()));
        below.map(|(code, area)| (*code, area.name.as_str()))
    }

    /// The area and everything below it that exists now, in the order of their codes.
    pub fn below(&self, code: AreaCode) -> impl Iterator<Item = (AreaCode, &str)> {
        let range = code.range();
        live(self.areas.range(AreaCode(*range.start())..=AreaCode(*range.end())))
    }

    /// All areas that exist now, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = (AreaCode, &str)> {
        live(self.areas.iter())
    }

    /// Whether no area is known.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The names from the county down, joined: `改则县 › 察布乡 › 牛嘎修村`. Higher areas give their own name.
    pub fn path(&self, code: AreaCode) -> String {
        let mut names: Vec<&str> = code
            .lineage()
            .filter(|area| area.level() >= Level::County || *area == code)
            .filter_map(|area| self.name(area))
            .collect();
        names.reverse();
        names.join(" › ")
    }
}

fn live<'a>(areas: impl Iterator<Item = (&'a AreaCode, &'a Named)>) -> impl Iterator<Item = (AreaCode, &'a str)> {
    areas.filter(|(_, area)| area.live).map(|(code, area)| (*code, area.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn levels_are_read_off_the_code() {
        let cases = [
            ("540000000000", Level::Region),
            ("542500000000", Level::Prefecture),
            ("542521000000", Level::County),
            ("542521100000", Level::Township),
            ("542521100001", Level::Village),
            ("542521100001003", Level::Grid),
        ];
        for (code, level) in cases {
            assert_eq!(area(code).level(), level, "{code}");
            assert_eq!(area(code).to_string(), code);
        }
    }

    #[test]
    fn the_lineage_of_a_grid_ends_at_its_region() {
        let lineage: Vec<String> = area("542521100001003").lineage().map(|code| code.to_string()).collect();
        assert_eq!(
            lineage,
            ["542521100001003", "542521100001", "542521100000", "542521000000", "542500000000", "540000000000"]
        );
    }

    #[test]
    fn an_area_contains_itself_and_what_lies_below_but_not_its_neighbour() {
        let county = area("542521000000");
        assert!(county.contains(county));
        assert!(county.contains(area("542521100001003")));
        assert!(!county.contains(area("542522000000")));
        assert!(!county.contains(area("542500000000")));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "5425", "54250000000x", "5425000000001", "000000000000"] {
            assert!(text.parse::<AreaCode>().is_err(), "{text}");
        }
    }
}
