//! Reading figures: values, trends and the records behind them.

use std::collections::{BTreeMap, HashMap};

use tahuang_domain::{AreaCode, Day, Level, Position, Prefecture, Shape, State, Subject, SubjectId, Verb};
use tahuang_figures::{Figure, Grain, Part, Sums};
use tahuang_journal::Record;
use tahuang_store::{ContributionQuery, ContributionRow, PartSum, StoreError};

use crate::projection::read_subject;
use crate::{App, Asker, QueryError, limits};

/// As of when a figure is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum At {
    /// Now.
    #[default]
    Now,
    /// As of a position of the journal.
    Position(Position),
    /// As of the end of a day, by when records were entered.
    Day(Day),
}

/// A figure's value in an area.
#[derive(Debug)]
pub struct FigureValue<'f> {
    /// The figure.
    pub figure: &'f Figure,
    /// Its sums.
    pub sums: Sums,
    /// The value as it is printed; `None` when there is nothing to divide by.
    pub value: Option<String>,
    /// By month: (`yyyymm`, sums). Only when asked for now.
    pub months: Vec<(i64, Sums)>,
    /// How many contributions stand behind each of the sums.
    pub records: Sums,
    /// Refused ledger rows that would count here once they are fixed.
    pub refused_rows: u64,
}

/// The figures of an area.
#[derive(Debug)]
pub struct FigureBoard<'f> {
    /// The area.
    pub area: AreaCode,
    /// The journal position they were computed at; 0 for a region, which has several journals.
    pub position: Position,
    /// The journal's last position.
    pub head: Position,
    /// The figures, in printed order.
    pub figures: Vec<FigureValue<'f>>,
}

/// A figure as it is published: in which area, and its value as it is printed.
pub type Published<'f> = (&'f Figure, AreaCode, Option<String>);

/// One record behind a figure.
#[derive(Clone, Debug)]
pub struct FigureRecord {
    /// What it gives.
    pub row: ContributionRow,
    /// Whose journal it stands in.
    pub prefecture: Prefecture,
    /// The record in its present state.
    pub subject: Subject,
    /// The journal record from which it gives this, with its source.
    pub record: Record,
}

impl App {
    /// All figures of an area, as of now or earlier.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area, `Invalid` when a region is asked for as of a position.
    pub fn figures(&self, asker: &Asker, area: AreaCode, at: At) -> Result<FigureBoard<'_>, QueryError> {
        self.permit_figures(asker, area)?;
        self.board(area, at, self.knowledge().figures.iter().collect(), None)
    }

    /// The sums of these figures: of all of them, or of the one that `code` names.
    fn board<'s>(
        &self,
        area: AreaCode,
        at: At,
        figures: Vec<&'s Figure>,
        code: Option<&str>,
    ) -> Result<FigureBoard<'s>, QueryError> {
        let prefectures = self.prefectures_of(area)?;
        if prefectures.len() > 1 && matches!(at, At::Position(_)) {
            return Err(QueryError::Invalid("a region has several journals: ask as of a day"));
        }
        let wanted = parts_of(&figures);
        let mut sums: HashMap<(String, Part), (i64, i64)> = HashMap::new();
        let mut months: BTreeMap<(String, Part, i64), i64> = BTreeMap::new();
        let refused = self.refused_rows(&prefectures, area, at)?;
        let (mut position, mut head) = (0, 0);
        for prefecture in &prefectures {
            head = self.store().head(*prefecture)?.position;
            position = self.position_of(*prefecture, at)?;
            let by_month = || self.store().periods(*prefecture, area, Grain::Month, code);
            let counted_now = if position < head { None } else { self.at_one_moment(*prefecture, head, &by_month)? };
            let is_now = counted_now.is_some();
            let found = match counted_now {
                Some(found) => found,
                None => self.store().totals_at(*prefecture, area, position, &wanted)?,
            };
            for PartSum { figure, part, period, sum, records } in found {
                if is_now {
                    *months.entry((figure.clone(), part, period)).or_default() += sum;
                }
                let sums = sums.entry((figure, part)).or_default();
                *sums = (sums.0 + sum, sums.1 + records);
            }
        }
        if prefectures.len() > 1 {
            (position, head) = (0, 0);
        }
        let sum_of = |figure: &Figure, part| sums.get(&(figure.code.clone(), part)).copied().unwrap_or_default();
        let value = |figure: &'s Figure| {
            let (whole, denominator) = (sum_of(figure, Part::Whole), sum_of(figure, Part::Denominator));
            let sums = Sums { whole: whole.0, denominator: denominator.0 };
            FigureValue {
                figure,
                sums,
                records: Sums { whole: whole.1, denominator: denominator.1 },
                value: figure.value(sums),
                months: months_of(figure, &months),
                refused_rows: self.refused_for(figure, &refused),
            }
        };
        Ok(FigureBoard { area, position, head, figures: figures.into_iter().map(value).collect() })
    }

    /// The figures as they are published: each at its own level, in the areas of that level that report its group. An area
    /// reports a group when at least half as many of the group's figures count something there as in the area that fills
    /// most of them; so a county's flood hazards, which count as hazards too, do not make its prefecture a reporter.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn published(&self, at: At) -> Result<Vec<Published<'_>>, QueryError> {
        let set = &self.knowledge().figures;
        let mut areas: BTreeMap<(String, Level), Vec<AreaCode>> = BTreeMap::new();
        for figure in set.iter() {
            let key = (figure.group.clone(), figure.level);
            if areas.contains_key(&key) {
                continue;
            }
            let peers: Vec<&str> = set
                .iter()
                .filter(|peer| peer.group == figure.group && peer.level == figure.level)
                .map(|peer| peer.code.as_str())
                .collect();
            let mut filled: BTreeMap<AreaCode, usize> = BTreeMap::new();
            for (prefecture, _) in self.store().heads()? {
                for peer in &peers {
                    for area in self.store().areas_with(prefecture, figure.level, &[*peer])? {
                        *filled.entry(area).or_default() += 1;
                    }
                }
            }
            let most = filled.values().copied().max().unwrap_or_default();
            let reporting = filled.into_iter().filter(|(_, count)| count * 2 >= most).map(|(area, _)| area);
            areas.insert(key, reporting.collect());
        }
        let mut boards: BTreeMap<AreaCode, FigureBoard<'_>> = BTreeMap::new();
        for area in areas.values().flatten() {
            if !boards.contains_key(area) {
                boards.insert(*area, self.figures(&Asker::Console, *area, at)?);
            }
        }
        let mut published = Vec::new();
        for figure in set.iter() {
            for area in areas.get(&(figure.group.clone(), figure.level)).into_iter().flatten() {
                let value = boards[area].figures.iter().find(|value| value.figure.code == figure.code);
                published.push((figure, *area, value.and_then(|value| value.value.clone())));
            }
        }
        Ok(published)
    }

    /// One figure by day.
    ///
    /// # Errors
    /// `NotFound` for an unknown figure, `NotPermitted`.
    pub fn trend(&self, asker: &Asker, code: &str, area: AreaCode, at: At) -> Result<Vec<(i64, Sums)>, QueryError> {
        self.permit_figures(asker, area)?;
        let figure = self.figure(code)?;
        let mut days: BTreeMap<i64, Sums> = BTreeMap::new();
        for prefecture in self.prefectures_of(area)? {
            let until = self.position_of(prefecture, at)?;
            let now = until >= self.store().head(prefecture)?.position;
            let sums = if now && area.level() <= Level::County {
                self.store().periods(prefecture, area, Grain::Day, Some(code))?
            } else {
                let mut sums = self.store().days_at(prefecture, area, until, (code, Part::Whole))?;
                if figure.denominator.is_some() {
                    sums.extend(self.store().days_at(prefecture, area, until, (code, Part::Denominator))?);
                }
                sums
            };
            for sum in sums {
                let day = days.entry(sum.period).or_default();
                match sum.part {
                    Part::Whole => day.whole += sum.sum,
                    Part::Denominator => day.denominator += sum.sum,
                }
            }
        }
        Ok(days.into_iter().filter(|(_, sums)| *sums != Sums::default()).collect())
    }

    /// The records behind one part of a figure, a page at a time.
    ///
    /// # Errors
    /// `NotFound` for an unknown figure, `NotPermitted`.
    pub fn figure_records(
        &self,
        asker: &Asker,
        (code, part): (&str, Part),
        area: AreaCode,
        at: At,
        after: Option<(Prefecture, ContributionRow)>,
        limit: usize,
    ) -> Result<Vec<FigureRecord>, QueryError> {
        self.permit_figures(asker, area)?;
        let figure = self.figure(code)?;
        // One more than a page, for a door that looks whether there is another.
        let limit = limit.clamp(1, limits::PAGE_ROWS_MAX + 1);
        let mut found: Vec<FigureRecord> = Vec::new();
        for prefecture in self.prefectures_of(area)? {
            let after = match &after {
                Some((reached, _)) if prefecture < *reached => continue,
                Some((reached, row)) if prefecture == *reached => Some(row.clone()),
                _ => None,
            };
            let until = self.position_of(prefecture, at)?;
            let room = limit - found.len();
            let query = ContributionQuery { figure: &figure.code, part, area, at: until, after, limit: room };
            let rows = self.store().contributions(prefecture, &query)?;
            found.extend(self.with_records(prefecture, rows)?);
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    /// One figure of an area, and the journal position it was computed at.
    ///
    /// # Errors
    /// As for [`App::figures`]; `NotFound` for an unknown figure.
    pub fn figure_value(
        &self,
        asker: &Asker,
        code: &str,
        area: AreaCode,
        at: At,
    ) -> Result<(FigureValue<'_>, Position), QueryError> {
        self.permit_figures(asker, area)?;
        let board = self.board(area, at, vec![self.figure(code)?], Some(code))?;
        let value = board.figures.into_iter().next().ok_or(QueryError::NotFound)?;
        Ok((value, board.position))
    }

    /// Reads counters of the present, unless commands arrived since `position` was the journal's last: then the sums would
    /// be of a later moment than the position that is printed beside them, and are computed as of it instead.
    fn at_one_moment(
        &self,
        prefecture: Prefecture,
        position: Position,
        read: &dyn Fn() -> Result<Vec<PartSum>, StoreError>,
    ) -> Result<Option<Vec<PartSum>>, StoreError> {
        let found = read()?;
        Ok((self.store().head(prefecture)?.position == position).then_some(found))
    }

    /// Refused rows by ledger that wait now; none as of an earlier moment, of which only the journal could tell.
    fn refused_rows(
        &self,
        prefectures: &[Prefecture],
        area: AreaCode,
        at: At,
    ) -> Result<HashMap<String, u64>, StoreError> {
        let mut refused: HashMap<String, u64> = HashMap::new();
        if at != At::Now {
            return Ok(refused);
        }
        for prefecture in prefectures {
            for (_, state, tag, count) in self.store().counts(*prefecture, Shape::LedgerRow, area)? {
                if state == State::Refused {
                    *refused.entry(tag).or_default() += count;
                }
            }
        }
        Ok(refused)
    }

    /// The figure with this code.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn figure(&self, code: &str) -> Result<&Figure, QueryError> {
        self.knowledge().figures.get(code).ok_or(QueryError::NotFound)
    }

    /// The journal position that a moment means.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn position_of(&self, prefecture: Prefecture, at: At) -> Result<Position, StoreError> {
        let head = self.store().head(prefecture)?.position;
        Ok(match at {
            At::Now => head,
            At::Position(position) => position.min(head),
            At::Day(day) => {
                // The day ends at midnight in UTC+8.
                let midnight = day.plus_days(1).date().to_datetime(jiff::civil::Time::midnight());
                let end = jiff::tz::Offset::constant(8)
                    .to_timestamp(midnight)
                    .map_or(i64::MAX, jiff::Timestamp::as_millisecond);
                self.store().position_at(prefecture, end - 1)?
            }
        })
    }

    /// The journals that hold what counts in an area: its own, or all of a region's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn prefectures_of(&self, area: AreaCode) -> Result<Vec<Prefecture>, StoreError> {
        match area.prefecture() {
            Some(prefecture) => Ok(vec![prefecture]),
            None => {
                let heads = self.store().heads()?;
                Ok(heads.into_iter().map(|(prefecture, _)| prefecture).filter(|p| area.contains(p.area())).collect())
            }
        }
    }

    fn permit_figures(&self, asker: &Asker, area: AreaCode) -> Result<(), QueryError> {
        let areas = self.areas();
        // Figures count records of kinds that no role is kept from; a role that is about accounts only sees none.
        self.permit(asker, Verb::Read, "hazard", area)?;
        if areas.name(area).is_some() { Ok(()) } else { Err(QueryError::NotFound) }
    }

    fn with_records(
        &self,
        prefecture: Prefecture,
        rows: Vec<ContributionRow>,
    ) -> Result<Vec<FigureRecord>, StoreError> {
        let ids: Vec<SubjectId> = rows.iter().map(|row| row.subject).collect();
        let positions: Vec<Position> = rows.iter().map(|row| row.opened).collect();
        let subjects = self.store().subjects(prefecture, &ids)?;
        let journal = self.store().journal_at(prefecture, &positions)?;
        rows.into_iter()
            .zip(subjects)
            .zip(journal)
            .map(|((row, subject), journal)| {
                let corrupt = || StoreError::Corrupt { table: "contributions", key: row.subject.to_string() };
                let subject = read_subject(&subject.ok_or_else(corrupt)?)?;
                Ok(FigureRecord { row, prefecture, subject, record: journal.record()? })
            })
            .collect()
    }

    fn refused_for(&self, figure: &Figure, refused: &HashMap<String, u64>) -> u64 {
        let could_count = |ledger: &String| {
            let makes = self.knowledge().ledgers.get(ledger);
            let mut counts = std::iter::once(&figure.count).chain(&figure.denominator);
            makes.is_some_and(|makes| counts.any(|count| makes.could_count(count)))
        };
        refused.iter().filter(|(ledger, _)| could_count(ledger)).map(|(_, count)| *count).sum()
    }
}

fn months_of(figure: &Figure, months: &BTreeMap<(String, Part, i64), i64>) -> Vec<(i64, Sums)> {
    let mut found: BTreeMap<i64, Sums> = BTreeMap::new();
    for part in [Part::Whole, Part::Denominator] {
        let from = (figure.code.clone(), part, i64::MIN);
        for ((_, _, month), sum) in
            months.range(from..).take_while(|((code, of, _), _)| *code == figure.code && *of == part)
        {
            let sums = found.entry(*month).or_default();
            match part {
                Part::Whole => sums.whole += sum,
                Part::Denominator => sums.denominator += sum,
            }
        }
    }
    found.into_iter().filter(|(month, sums)| *month > 0 && *sums != Sums::default()).collect()
}

/// The parts of figures, and whether a subject counts once in them.
fn parts_of<'s>(figures: &[&'s Figure]) -> Vec<(&'s str, Part, bool)> {
    let of = |figure: &&'s Figure| {
        let below = figure.denominator.is_some().then_some((figure.code.as_str(), Part::Denominator, false));
        [Some((figure.code.as_str(), Part::Whole, figure.once_per_subject())), below]
    };
    figures.iter().flat_map(of).flatten().collect()
}
