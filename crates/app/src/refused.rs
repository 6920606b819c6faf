//! Refused ledger rows that wait for somebody, with the place they came from.

use tahuang_domain::catalog::LEDGER_ROW;
use tahuang_domain::{Body, Position, Prefecture, Shape, Source, State, Subject, SubjectId, Verb};
use tahuang_store::{JournalRow, StoreError};

use crate::projection::read_subject;
use crate::{App, Asker, CaseFilter, Page, QueryError};

/// A ledger row that was refused.
#[derive(Clone, Debug)]
pub struct RefusedRow {
    /// The row's own id.
    pub id: SubjectId,
    /// In whose journal it is kept.
    pub prefecture: Prefecture,
    /// Where in it it was opened: lists go by it.
    pub opened: Position,
    /// File, sheet and row.
    pub source: Source,
    /// The recognised ledger format.
    pub ledger: Option<String>,
    /// The refusal's permanent code.
    pub code: String,
    /// What is wrong, for a person to read.
    pub message: String,
    /// The heading to blame.
    pub column: Option<String>,
    /// Refused, fixed or set aside.
    pub state: State,
    /// Why it was set aside.
    pub reason: Option<String>,
    /// The record it became.
    pub record: Option<SubjectId>,
}

impl RefusedRow {
    fn of(prefecture: Prefecture, id: SubjectId, subject: Subject, opened: &JournalRow) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt { table: "journal", key: opened.position.to_string() };
        let record = opened.record()?;
        let Body::LedgerRow { ledger, code, column, message, reason, record: became } = subject.body else {
            return Err(corrupt());
        };
        let (state, source) = (subject.state, record.source.ok_or_else(corrupt)?);
        let opened = opened.position;
        Ok(Self { id, prefecture, opened, source, ledger, code, message, column, state, reason, record: became })
    }
}

impl App {
    /// Refused rows, newest first, a page at a time.
    ///
    /// # Errors
    /// As for [`App::ledger_rows`].
    pub fn waiting_rows(&self, asker: &Asker, filter: &CaseFilter) -> Result<Page<RefusedRow>, QueryError> {
        let prefecture = filter.area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        let page = self.ledger_rows(asker, filter)?;
        let opened: Vec<_> = page.items.iter().map(|(_, _, opened)| *opened).collect();
        let journal = self.store().journal_at(prefecture, &opened)?;
        let rows = page.items.into_iter().zip(journal);
        let items = rows.map(|((id, subject, _), row)| RefusedRow::of(prefecture, id, subject, &row));
        Ok(Page { items: items.collect::<Result<_, _>>()?, next: page.next })
    }

    /// One refused row.
    ///
    /// # Errors
    /// `NotFound` when it is no refused row, or not in the asker's area; `NotPermitted` without the right to import.
    pub fn waiting_row(&self, asker: &Asker, id: SubjectId) -> Result<RefusedRow, QueryError> {
        let (prefecture, row) = self.find(asker, id)?;
        if row.shape != Shape::LedgerRow {
            return Err(QueryError::NotFound);
        }
        self.permit(asker, Verb::Import, LEDGER_ROW, row.area)?;
        let journal = self.store().journal_at(prefecture, &[row.opened])?;
        let opened = journal.first().ok_or(QueryError::NotFound)?;
        Ok(RefusedRow::of(prefecture, id, read_subject(&row)?, opened)?)
    }
}
