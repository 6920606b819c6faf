//! Which area a row means.

use std::collections::HashMap;

use tahuang_domain::{AreaCode, AreaTree, Level};

use crate::refusal::RowRefusal;

/// Finds areas by name, below an area.
pub struct Gazetteer<'a> {
    areas: &'a AreaTree,
    /// Areas by level and plain name.
    by_name: HashMap<(Level, String), Vec<AreaCode>>,
}

impl<'a> Gazetteer<'a> {
    /// Indexes the names.
    pub fn new(areas: &'a AreaTree) -> Self {
        let mut by_name: HashMap<(Level, String), Vec<AreaCode>> = HashMap::new();
        for (code, name) in areas.iter() {
            by_name.entry((code.level(), plain(code.level(), name))).or_default().push(code);
        }
        Self { areas, by_name }
    }

    /// The county or prefecture that a title, a sheet's name or a file's name speaks of; a county before a prefecture.
    pub fn mentioned(&self, texts: &[String]) -> Option<AreaCode> {
        [Level::County, Level::Prefecture]
            .into_iter()
            .find_map(|level| texts.iter().find_map(|text| self.named_in(level, text)))
    }

    fn named_in(&self, level: Level, text: &str) -> Option<AreaCode> {
        let named = self.areas.iter().filter(|(code, _)| code.level() == level);
        // A name without its ending is enough where it stands alone, as a sheet's name does.
        let fits = |name: &str| text.contains(name) || (text.chars().count() > 1 && plain(level, name) == text);
        let mut found: Vec<AreaCode> = named.filter(|(_, name)| fits(name)).map(|(code, _)| code).collect();
        // A county's name may be part of another's; the longer one is meant.
        found.sort_by_key(|code| std::cmp::Reverse(self.areas.name(*code).map_or(0, str::len)));
        found.first().copied()
    }

    /// The area that these names mean; each may be absent when it is blank or the sheet has no such column.
    ///
    /// # Errors
    /// `MissingArea`, `UnknownArea`, `AmbiguousArea`.
    pub fn find(
        &self,
        county: Option<&str>,
        township: Option<&str>,
        village: Option<&str>,
        around: Option<AreaCode>,
        lowest: &str,
    ) -> Result<AreaCode, RowRefusal> {
        let mut within = around;
        for (level, name) in [(Level::County, county), (Level::Township, township), (Level::Village, village)] {
            let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { continue };
            if means_whole(name) {
                continue;
            }
            // A county named in the row wins over the one that the sheet speaks of.
            let scope = match (level, within) {
                (Level::County, Some(around)) => around.at(Level::Prefecture),
                _ => within,
            };
            within = Some(self.one(level, name, scope).or_else(|refusal| match (level, within) {
                (Level::County, Some(_)) => self.one(level, name, None),
                _ => Err(refusal),
            })?);
        }
        let blank = [county, township, village].iter().all(|name| name.is_none_or(|name| name.trim().is_empty()));
        match within {
            Some(area) if !blank || village.is_none() => Ok(area),
            _ => Err(RowRefusal::MissingArea { column: lowest.to_owned() }),
        }
    }

    /// The one county of that name anywhere, if there is exactly one.
    pub fn county_named(&self, name: &str) -> Option<AreaCode> {
        self.one(Level::County, name, None).ok()
    }

    /// The one village of that plain name in an area, if there is exactly one.
    pub fn village_named(&self, name: &str, within: AreaCode) -> Option<AreaCode> {
        self.one(Level::Village, name, Some(within)).ok()
    }

    fn one(&self, level: Level, name: &str, within: Option<AreaCode>) -> Result<AreaCode, RowRefusal> {
        let inside = |code: &&AreaCode| within.is_none_or(|within| within.contains(**code));
        let all = self.by_name.get(&(level, plain(level, name)));
        let found: Vec<AreaCode> = all.into_iter().flatten().filter(inside).copied().collect();
        if let [only] = found.as_slice() {
            return Ok(*only);
        }
        let exact: Vec<AreaCode> = found.iter().filter(|code| self.areas.name(**code) == Some(name)).copied().collect();
        match (exact.as_slice(), found.is_empty()) {
            ([only], _) => Ok(*only),
            (_, true) => Err(RowRefusal::UnknownArea {
                name: name.to_owned(),
                within: within.map(|within| self.areas.path(within)).unwrap_or_default(),
                column: None,
            }),
            _ => Err(RowRefusal::AmbiguousArea { name: name.to_owned(), column: None }),
        }
    }
}

/// 「全县」「县本级」: the area around itself is meant.
fn means_whole(name: &str) -> bool {
    ["全", "各"].iter().any(|all| name.starts_with(all)) && name.chars().count() <= 6
        || name.ends_with("本级")
        || ["/", "-", "—", "无"].contains(&name)
}

/// A name without its ending, so that 「工卡村」 and 「工卡村委会」 are one.
fn plain(level: Level, name: &str) -> String {
    let endings: &[&str] = match level {
        Level::County => &["县", "区", "市"],
        Level::Township => &["街道办事处", "街道办", "街道", "镇", "乡"],
        Level::Village => &["居民委员会", "村民委员会", "村委会", "居委会", "社区", "村", "居"],
        _ => &[],
    };
    let mut plain: String = name.chars().filter(|character| !character.is_whitespace()).collect();
    while let Some(shorter) = endings.iter().find_map(|ending| plain.strip_suffix(ending)) {
        if shorter.chars().count() < 1 || (level != Level::Village && shorter.chars().count() < 2) {
            break;
        }
        plain = shorter.to_owned();
        if level != Level::Village {
            break;
        }
    }
    plain
}
