//! The public board and the way to it: what waits to be reviewed and published, what is free, claimed, and done.

use tahuang_domain::catalog::OnBoard;
use tahuang_domain::subject::BoardPart;
use tahuang_domain::{
    AreaCode, Body, Holder, Kind, Position, Prefecture, Refusal, Shape, State, Subject, SubjectId, Verb,
};
use tahuang_store::{DueQuery, StoreError, SubjectQuery, SubjectRow};

use crate::ids::shanghai_day;
use crate::projection::read_subject;
use crate::records::Page;
use crate::{App, Asker, QueryError, limits};

/// Where a case of a kind that stands on the board is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// It was asked, and nobody has looked at it (待审核).
    Review,
    /// It was taken on and does not stand on the board (待公布).
    Publish,
    /// It stands there.
    Board(BoardPart),
}

impl Stage {
    /// All of them, in the order of the way.
    pub const ALL: [Self; 5] = [
        Self::Review,
        Self::Publish,
        Self::Board(BoardPart::Free),
        Self::Board(BoardPart::Claimed),
        Self::Board(BoardPart::Fulfilled),
    ];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Publish => "publish",
            Self::Board(part) => part.code(),
        }
    }
}

/// A case with the position at which it was opened.
pub type Opened = (SubjectId, Subject, Position);

impl App {
    /// The kinds whose cases stand on the public board.
    pub fn board_kinds(&self) -> impl Iterator<Item = (&Kind, &OnBoard)> {
        self.knowledge().catalog.kinds().filter_map(|kind| Some((kind, kind.board.as_ref()?)))
    }

    /// How many cases stand on each part of the board of a place, in the order of [`BoardPart::ALL`]. For everybody.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn board_counts(&self, prefecture: Prefecture, area: AreaCode) -> Result<[u64; 3], StoreError> {
        let kinds: Vec<String> = self.board_kinds().map(|(kind, _)| kind.code.clone()).collect();
        let mut counts = [0; 3];
        for (count, part) in counts.iter_mut().zip(BoardPart::ALL) {
            *count = self.store().due_count(prefecture, &self.on_board(part, area, kinds.clone(), 0))?;
        }
        Ok(counts)
    }

    /// A page of a part of the board of a place, for everybody. What waits longest comes first, of what was done the newest.
    /// `skip` says how many come before the page; beyond [`limits::BOARD_ROWS_MAX`] there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn public_board(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        part: BoardPart,
        (skip, limit): (u64, usize),
    ) -> Result<Page<Opened>, StoreError> {
        let kinds = self.board_kinds().map(|(kind, _)| kind.code.clone()).collect();
        self.board_of(prefecture, area, part, kinds, (skip, limit))
    }

    fn board_of(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        part: BoardPart,
        kinds: Vec<String>,
        (skip, limit): (u64, usize),
    ) -> Result<Page<Opened>, StoreError> {
        let query = self.on_board(part, area, kinds, limits::BOARD_ROWS_MAX);
        let mut rows = self.store().due(prefecture, &query)?;
        if part == BoardPart::Fulfilled {
            rows.reverse();
        }
        let skip = usize::try_from(skip).unwrap_or(usize::MAX).min(rows.len());
        let next = (rows.len() > skip.saturating_add(limit)).then_some((skip + limit) as u64);
        let items = rows.iter().skip(skip).take(limit).map(opened).collect::<Result<_, StoreError>>()?;
        Ok(Page { items, next })
    }

    fn on_board(&self, part: BoardPart, area: AreaCode, kinds: Vec<String>, limit: usize) -> DueQuery {
        // What was done is listed by the day until which it stands there.
        let from = (part == BoardPart::Fulfilled).then(|| shanghai_day(self.clock().now_ms()));
        let on = Some((Holder::Board(part), false));
        DueQuery { on, kinds, area, from, until: None, after: None, limit }
    }

    /// Cases on their way to the board and over it, with where the next page begins.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn on_way_to_board(
        &self,
        asker: &Asker,
        area: AreaCode,
        stage: Stage,
        (after, limit): (Option<u64>, usize),
    ) -> Result<Page<Opened>, QueryError> {
        let (prefecture, kinds) = self.board_kinds_for(asker, area)?;
        let limit = limit.clamp(1, limits::PAGE_ROWS_MAX);
        match stage {
            Stage::Board(part) => Ok(self.board_of(prefecture, area, part, kinds, (after.unwrap_or(0), limit))?),
            Stage::Review => self.unpublished(prefecture, area, State::Reported, kinds, (after, limit)),
            Stage::Publish => self.unpublished(prefecture, area, State::Accepted, kinds, (after, limit)),
        }
    }

    /// How many cases stand at each stage, in the order of [`Stage::ALL`].
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn stage_counts(&self, asker: &Asker, area: AreaCode) -> Result<[u64; 5], QueryError> {
        let (prefecture, kinds) = self.board_kinds_for(asker, area)?;
        let [free, claimed, fulfilled] = self.board_counts(prefecture, area)?;
        let counts = self.store().counts(prefecture, Shape::Case, area)?;
        let of = |wanted: State| -> u64 {
            let fitting = counts.iter().filter(|(kind, state, ..)| kinds.contains(kind) && *state == wanted);
            fitting.map(|(.., count)| count).sum()
        };
        // What is free was taken on as well.
        Ok([of(State::Reported), of(State::Accepted).saturating_sub(free), free, claimed, fulfilled])
    }

    fn board_kinds_for(&self, asker: &Asker, area: AreaCode) -> Result<(Prefecture, Vec<String>), QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        if asker.scope().is_some_and(|scope| !scope.contains(area)) {
            return Err(Refusal::NotPermitted.into());
        }
        let codes = self.board_kinds().map(|(kind, _)| &kind.code);
        let seen = codes.filter(|code| self.permit(asker, Verb::Read, code, area).is_ok()).cloned();
        Ok((prefecture, seen.collect()))
    }

    /// Cases in a state that do not stand on the board, newest first.
    fn unpublished(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        state: State,
        kinds: Vec<String>,
        (before, limit): (Option<Position>, usize),
    ) -> Result<Page<Opened>, QueryError> {
        let states = vec![state];
        let rows = limits::PAGE_ROWS_MAX;
        let (shape, withdrawn) = (Shape::Case, false);
        let mut query = SubjectQuery { shape, kinds, states, area, withdrawn, before, limit: rows };
        let mut items = Vec::new();
        loop {
            let page = self.store().list(prefecture, &query)?;
            for row in &page {
                let case = opened(row)?;
                if matches!(&case.1.body, Body::Case(case) if case.published.is_none()) {
                    items.push(case);
                }
                if items.len() > limit {
                    items.truncate(limit);
                    return Ok(Page { next: items.last().map(|(.., opened)| *opened), items });
                }
            }
            match page.last() {
                Some(last) if page.len() == rows => query.before = Some(last.opened),
                _ => return Ok(Page { items, next: None }),
            }
        }
    }
}

fn opened(row: &SubjectRow) -> Result<Opened, StoreError> {
    Ok((row.id, read_subject(row)?, row.opened))
}
