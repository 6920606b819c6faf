//! Reading records: one with its whole history, and lists of cases and of refused rows.

use tahuang_domain::{AreaCode, Body, Position, Prefecture, Shape, Source, State, Subject, SubjectId, Verb};
use tahuang_journal::{Hash, Record};
use tahuang_store::{SearchQuery, StoreError, SubjectQuery, SubjectRow};

use crate::projection::read_subject;
use crate::{App, Asker, QueryError, limits, search};

/// A record with its whole history.
#[derive(Clone, Debug)]
pub struct RecordView {
    /// Whose journal it stands in.
    pub prefecture: Prefecture,
    /// Its id.
    pub id: SubjectId,
    /// Its present state.
    pub subject: Subject,
    /// What happened, oldest first.
    pub history: Vec<HistoryEntry>,
}

impl RecordView {
    /// The number of a case or a sheet, by which people speak of it: its prefecture's four digits, and the place in the
    /// journal at which it was opened. `None` for other shapes.
    pub fn number(&self) -> Option<String> {
        let opened = self.history.first()?.record.position;
        matches!(self.subject.body.shape(), Shape::Case | Shape::Check).then(|| case_number(self.prefecture, opened))
    }
}

/// The number of the case that was opened at this position.
pub fn case_number(prefecture: Prefecture, opened: Position) -> String {
    format!("{}-{opened:06}", &prefecture.area().to_string()[..4])
}

/// One event of a record's history.
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    /// The journal record.
    pub record: Record,
    /// Its hash.
    pub hash: Hash,
}

/// Which cases to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseFilter {
    /// Of this kind; of every kind when absent.
    pub kind: Option<String>,
    /// In these states; in any when empty.
    pub states: Vec<State>,
    /// In this area and below.
    pub area: AreaCode,
    /// Holding these words.
    pub words: Option<String>,
    /// Opened before this position: where the page before ended.
    pub before: Option<Position>,
    /// At most so many.
    pub limit: usize,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position>,
}

/// The states of a case.
pub const CASE_STATES: [State; 10] = [
    State::Reported,
    State::Accepted,
    State::Declined,
    State::Assigned,
    State::InHand,
    State::Paused,
    State::Done,
    State::Checked,
    State::Closed,
    State::Merged,
];

/// The states of a sheet: something on it waits to be looked at again, or nothing does.
pub const SHEET_STATES: [State; 2] = [State::Open, State::Completed];

/// The states of an activity.
pub const ACTIVITY_STATES: [State; 3] = [State::Planned, State::Recorded, State::Cancelled];

/// The states of a refused ledger row.
pub const ROW_STATES: [State; 3] = [State::Refused, State::Fixed, State::SetAside];

/// Matching rows that one search reads before it answers with what it has.
const SEARCH_ROWS_MAX: usize = 2_000;

impl App {
    /// A record with its history, in whichever journal it stands.
    ///
    /// # Errors
    /// `NotFound`, also for records outside the asker's area: that they exist is not told.
    pub fn record(&self, asker: &Asker, id: SubjectId) -> Result<RecordView, QueryError> {
        let (prefecture, row) = self.find(asker, id)?;
        Ok(self.view(prefecture, &row)?)
    }

    fn view(&self, prefecture: Prefecture, row: &SubjectRow) -> Result<RecordView, StoreError> {
        let subject = read_subject(row)?;
        let rows = self.store().journal_at(prefecture, &row.history)?;
        let history = rows
            .into_iter()
            .map(|row| Ok(HistoryEntry { record: row.record()?, hash: row.hash }))
            .collect::<Result<_, StoreError>>()?;
        Ok(RecordView { prefecture, id: row.id, subject, history })
    }

    /// A case that a resident asked for, with its history. For the door that has seen their secret link.
    ///
    /// # Errors
    /// `NotFound`, also for what no resident asked for.
    pub fn resident_case(&self, prefecture: Prefecture, id: SubjectId) -> Result<RecordView, QueryError> {
        let row = self.store().subjects(prefecture, &[id])?.into_iter().flatten().next().ok_or(QueryError::NotFound)?;
        let view = self.view(prefecture, &row)?;
        match &view.subject.body {
            Body::Case(case) if case.is_residents() => Ok(view),
            _ => Err(QueryError::NotFound),
        }
    }

    /// A record's present state and the journal it stands in.
    ///
    /// # Errors
    /// As for [`App::record`].
    pub fn find(&self, asker: &Asker, id: SubjectId) -> Result<(Prefecture, SubjectRow), QueryError> {
        let prefectures = match asker.scope() {
            Some(scope) => self.prefectures_of(scope)?,
            None => self.store().heads()?.into_iter().map(|(prefecture, _)| prefecture).collect(),
        };
        for prefecture in prefectures {
            if let Some(row) = self.store().subjects(prefecture, &[id])?.into_iter().flatten().next() {
                return match self.permit(asker, Verb::Read, &row.kind, row.area) {
                    Ok(()) => Ok((prefecture, row)),
                    Err(_) => Err(QueryError::NotFound),
                };
            }
        }
        Err(QueryError::NotFound)
    }

    /// Cases, newest first.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn cases(
        &self,
        asker: &Asker,
        filter: &CaseFilter,
    ) -> Result<Page<(SubjectId, Subject, Position)>, QueryError> {
        self.list(asker, Shape::Case, &CASE_STATES, filter)
    }

    /// Sheets of checks, newest first.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn sheets(
        &self,
        asker: &Asker,
        filter: &CaseFilter,
    ) -> Result<Page<(SubjectId, Subject, Position)>, QueryError> {
        self.list(asker, Shape::Check, &SHEET_STATES, filter)
    }

    /// Activities, the one entered last first.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn activities(
        &self,
        asker: &Asker,
        filter: &CaseFilter,
    ) -> Result<Page<(SubjectId, Subject, Position)>, QueryError> {
        self.list(asker, Shape::Activity, &ACTIVITY_STATES, filter)
    }

    /// How many cases stand in which state, by kind; only kinds that the asker may see, and none that are zero.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn case_counts(&self, asker: &Asker, area: AreaCode) -> Result<Vec<(String, State, u64)>, QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        if asker.scope().is_some_and(|scope| !scope.contains(area)) {
            return Err(tahuang_domain::Refusal::NotPermitted.into());
        }
        let counts = self.store().counts(prefecture, Shape::Case, area)?;
        let seen = counts.into_iter().filter(|(kind, ..)| self.permit(asker, Verb::Read, kind, area).is_ok());
        Ok(seen.map(|(kind, state, _, count)| (kind, state, count)).collect())
    }

    /// The ledger row that each of these journal records was typed in, if any.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sources(&self, prefecture: Prefecture, positions: &[Position]) -> Result<Vec<Option<Source>>, StoreError> {
        let rows = self.store().journal_at(prefecture, positions)?;
        rows.iter().map(|row| Ok(row.record()?.source)).collect()
    }

    /// Refused ledger rows, newest first.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area or without the right to import.
    pub fn ledger_rows(
        &self,
        asker: &Asker,
        filter: &CaseFilter,
    ) -> Result<Page<(SubjectId, Subject, Position)>, QueryError> {
        self.permit(asker, Verb::Import, tahuang_domain::catalog::LEDGER_ROW, filter.area)?;
        self.list(asker, Shape::LedgerRow, &ROW_STATES, filter)
    }

    /// Journal records that the search index has not read yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn search_behind(&self, prefecture: Prefecture) -> Result<u64, StoreError> {
        let head = self.store().head(prefecture)?.position;
        Ok(head.saturating_sub(self.store().search_position(prefecture)?))
    }

    fn list(
        &self,
        asker: &Asker,
        shape: Shape,
        all_states: &[State],
        filter: &CaseFilter,
    ) -> Result<Page<(SubjectId, Subject, Position)>, QueryError> {
        let prefecture = filter.area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        let kinds: Vec<String> = self
            .knowledge()
            .catalog
            .kinds()
            .filter(|kind| kind.shape == shape)
            .filter(|kind| filter.kind.as_ref().is_none_or(|wanted| *wanted == kind.code))
            .filter(|kind| self.permit(asker, Verb::Read, &kind.code, filter.area).is_ok())
            .map(|kind| kind.code.clone())
            .collect();
        if asker.scope().is_some_and(|scope| !scope.contains(filter.area)) {
            return Err(tahuang_domain::Refusal::NotPermitted.into());
        }
        let limit = filter.limit.clamp(1, limits::PAGE_ROWS_MAX);
        let query = SubjectQuery {
            shape,
            kinds,
            states: if filter.states.is_empty() { all_states.to_vec() } else { filter.states.clone() },
            area: filter.area,
            withdrawn: false,
            before: filter.before,
            limit: limit + 1,
        };
        let words = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
        let (mut rows, stopped) = match words {
            None => (self.store().list(prefecture, &query)?, None),
            Some(words) => self.search(prefecture, query, words)?,
        };
        let next = if rows.len() > limit { Some(rows[limit - 1].opened) } else { stopped };
        rows.truncate(limit);
        let items = rows.iter().map(|row| Ok((row.id, read_subject(row)?, row.opened)));
        Ok(Page { items: items.collect::<Result<_, StoreError>>()?, next })
    }

    /// Reads the index until the page is full, and says where it stopped when there may be more. Its terms are pairs of
    /// characters, so every hit is compared with the words.
    fn search(
        &self,
        prefecture: Prefecture,
        mut query: SubjectQuery,
        words: &str,
    ) -> Result<(Vec<SubjectRow>, Option<Position>), StoreError> {
        let wanted = query.limit;
        let terms = search::terms_of_query(words, query.area);
        if terms.len() < 2 {
            // The area alone: nothing that was typed is a word, so nothing holds it.
            return Ok((Vec::new(), None));
        }
        let mut found: Vec<SubjectRow> = Vec::new();
        let mut read = 0;
        query.limit = wanted.max(100);
        while found.len() < wanted && read < SEARCH_ROWS_MAX {
            let search = SearchQuery { filter: query.clone(), terms: terms.clone() };
            let rows = self.store().search(prefecture, &search)?;
            read += rows.len();
            query.before = rows.last().map(|row| row.opened);
            let last_page = rows.len() < query.limit;
            for row in rows {
                if search::matches(&read_subject(&row)?, words) {
                    found.push(row);
                }
            }
            if last_page {
                return Ok((found, None));
            }
        }
        Ok((found, query.before))
    }
}
