//! Sheets of checks: those that wait for another look, by day, and one with the cases that it opened.

use std::collections::BTreeMap;

use tahuang_domain::{AreaCode, Body, Day, Position, Refusal, Shape, Subject, SubjectId, Verb};
use tahuang_store::DueQuery;

use crate::projection::read_subject;
use crate::{App, Asker, QueryError, RecordView, limits};

/// A row of sheets: its id, its state, and where it was opened.
pub type SheetRow = (SubjectId, Subject, Position);

/// Where a page of waiting sheets ended: the day, and where the last sheet was opened.
pub type AfterSheet = (Option<Day>, Position);

/// A sheet with its history and the cases that it opened, as far as the asker may see them.
#[derive(Clone, Debug)]
pub struct SheetView {
    /// The sheet.
    pub view: RecordView,
    /// The cases, each with where it was opened.
    pub cases: BTreeMap<SubjectId, (Subject, Position)>,
}

impl App {
    /// Sheets of which something waits to be looked at again, the earliest day first, and where the next page begins.
    ///
    /// # Errors
    /// `NotPermitted` outside the asker's area.
    pub fn waiting_sheets(
        &self,
        asker: &Asker,
        area: AreaCode,
        after: Option<AfterSheet>,
        limit: usize,
    ) -> Result<(Vec<SheetRow>, Option<AfterSheet>), QueryError> {
        let prefecture = area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))?;
        if asker.scope().is_some_and(|scope| !scope.contains(area)) {
            return Err(Refusal::NotPermitted.into());
        }
        let sheets = self.knowledge().catalog.kinds().filter(|kind| kind.shape == Shape::Check);
        let kinds = sheets.filter(|kind| self.permit(asker, Verb::Read, &kind.code, area).is_ok());
        let kinds = kinds.map(|kind| kind.code.clone()).collect();
        let limit = limit.clamp(1, limits::PAGE_ROWS_MAX);
        let query = DueQuery { on: None, kinds, area, from: None, until: None, after, limit: limit + 1 };
        let mut rows = self.store().due(prefecture, &query)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| (row.due, row.opened));
        let items: Result<_, QueryError> =
            rows.iter().map(|row| Ok((row.id, read_subject(row)?, row.opened))).collect();
        Ok((items?, next))
    }

    /// A sheet with the cases that it opened. Of those that lie out of the asker's reach by now nothing is told.
    ///
    /// # Errors
    /// `NotFound`, also for records of another shape.
    pub fn sheet(&self, asker: &Asker, id: SubjectId) -> Result<SheetView, QueryError> {
        let view = self.record(asker, id)?;
        let Body::Check(check) = &view.subject.body else { return Err(QueryError::NotFound) };
        let opened: Vec<SubjectId> = check.items.iter().filter_map(|item| item.hazard).collect();
        let mut cases = BTreeMap::new();
        for row in self.store().subjects(view.prefecture, &opened)?.into_iter().flatten() {
            if self.permit(asker, Verb::Read, &row.kind, row.area).is_ok() {
                cases.insert(row.id, (read_subject(&row)?, row.opened));
            }
        }
        Ok(SheetView { view, cases })
    }
}
