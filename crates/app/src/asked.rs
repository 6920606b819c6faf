//! Cases that residents asked for, as other programs may follow them: found by their number, or by when they were asked.

use tahuang_domain::{AreaCode, Body, Event, Position, Prefecture, Shape, State, Subject, Verb};
use tahuang_store::{StoreError, SubjectQuery, SubjectRow};

use crate::projection::read_subject;
use crate::{App, Asker, QueryError, case_number, limits};

/// Which of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskedCaseFilter {
    /// In this area and below.
    pub area: AreaCode,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// In these states.
    pub states: Vec<State>,
    /// Asked from this moment on, in milliseconds since 1970.
    pub from: i64,
    /// Asked until this moment, in milliseconds since 1970.
    pub until: i64,
    /// The newest so many.
    pub limit: usize,
}

/// A case that a resident asked for.
#[derive(Clone, Debug)]
pub struct AskedCase {
    /// Its number.
    pub number: String,
    /// Its present state.
    pub subject: Subject,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at: i64,
    /// When it was closed, or something last happened to it while it is open.
    pub updated_at: i64,
}

/// Journal and position that a case's number names; the reverse of [`case_number`].
fn case_numbered(number: &str) -> Option<(Prefecture, Position)> {
    let (digits, position) = number.split_once('-')?;
    let area: AreaCode = format!("{digits}00000000").parse().ok()?;
    let (prefecture, position) = (Prefecture::new(area)?, position.parse().ok()?);
    (case_number(prefecture, position) == number).then_some((prefecture, position))
}

impl App {
    /// The case with this number.
    ///
    /// # Errors
    /// `NotFound`, also for what no resident asked for, for what was withdrawn, and out of the asker's reach.
    pub fn asked_case(&self, asker: &Asker, number: &str) -> Result<AskedCase, QueryError> {
        let (prefecture, opened) = case_numbered(number).ok_or(QueryError::NotFound)?;
        if opened == 0 || opened > self.store().head(prefecture)?.position {
            return Err(QueryError::NotFound);
        }
        let subject = self.store().journal_at(prefecture, &[opened])?.into_iter().next();
        let subject = subject.ok_or(QueryError::NotFound)?.subject;
        let row = self.store().subjects(prefecture, &[subject])?.into_iter().flatten().next();
        let row = row.filter(|row| row.opened == opened && !row.withdrawn).ok_or(QueryError::NotFound)?;
        self.permit(asker, Verb::Read, &row.kind, row.area).map_err(|_| QueryError::NotFound)?;
        self.asked(prefecture, &row)?.ok_or(QueryError::NotFound)
    }

    /// The cases that residents asked for, newest first; of the kinds only those that the asker may see.
    ///
    /// # Errors
    /// `Invalid` when more than [`limits::ASKED_ROWS_MAX`] cases would have to be looked at.
    pub fn asked_cases(&self, asker: &Asker, wanted: &AskedCaseFilter) -> Result<Vec<AskedCase>, QueryError> {
        let prefecture = wanted.area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        let may = |kind: &String| self.permit(asker, Verb::Read, kind, wanted.area).is_ok();
        let kinds: Vec<String> = wanted.kinds.iter().filter(|kind| may(kind)).cloned().collect();
        if kinds.is_empty() || wanted.states.is_empty() {
            return Ok(Vec::new());
        }
        let first = self.store().position_at(prefecture, wanted.from.saturating_sub(1))? + 1;
        let mut before = self.store().position_at(prefecture, wanted.until)? + 1;
        let (mut found, mut looked_at) = (Vec::new(), 0);
        loop {
            let query = SubjectQuery {
                shape: Shape::Case,
                kinds: kinds.clone(),
                states: wanted.states.clone(),
                area: wanted.area,
                withdrawn: false,
                before: Some(before),
                limit: limits::PAGE_ROWS_MAX,
            };
            let rows = self.store().list(prefecture, &query)?;
            for row in rows.iter().take_while(|row| row.opened >= first) {
                found.extend(self.asked(prefecture, row)?);
                if found.len() >= wanted.limit {
                    return Ok(found);
                }
            }
            looked_at += rows.len();
            match rows.last() {
                Some(last) if rows.len() == limits::PAGE_ROWS_MAX && last.opened > first => before = last.opened,
                _ => return Ok(found),
            }
            if looked_at >= limits::ASKED_ROWS_MAX {
                return Err(QueryError::Invalid("too many cases in this time: ask for fewer days"));
            }
        }
    }

    fn asked(&self, prefecture: Prefecture, row: &SubjectRow) -> Result<Option<AskedCase>, StoreError> {
        let subject = read_subject(row)?;
        if !matches!(&subject.body, Body::Case(case) if case.is_residents()) {
            return Ok(None);
        }
        let history = self.store().journal_at(prefecture, &row.history)?;
        let (mut asked_at, mut updated_at, mut closed_at) = (None, 0, None);
        for record in history.iter().map(tahuang_store::JournalRow::record) {
            let record = record?;
            asked_at = asked_at.or(Some(record.at));
            updated_at = record.at;
            if matches!(record.event, Event::CaseClosed { .. } | Event::CaseDeclined { .. } | Event::CaseMerged { .. })
            {
                closed_at = Some(record.at);
            }
        }
        let over_at = closed_at.filter(|_| subject.state.is_over());
        Ok(Some(AskedCase {
            number: case_number(prefecture, row.opened),
            subject,
            asked_at: asked_at.unwrap_or(updated_at),
            updated_at: over_at.unwrap_or(updated_at),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_back_to_its_journal_and_position_and_nothing_else_does() {
        for (number, position) in [
            ("5425-000001", Some(1)),
            ("5425-123456", Some(123_456)),
            ("5425-12345678", Some(12_345_678)),
            ("5425-1", None),
            ("5425-0000001", None),
            ("5425-+00001", None),
            ("5425", None),
            ("5400-000001", None),
            ("542521-000001", None),
            ("5425-00000１", None),
            ("", None),
        ] {
            let found = case_numbered(number);
            assert_eq!(found.map(|(_, position)| position), position, "{number}");
            if let Some((prefecture, position)) = found {
                assert_eq!(case_number(prefecture, position), number);
            }
        }
    }
}
