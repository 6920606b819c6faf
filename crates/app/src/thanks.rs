//! Who is thanked in public: givers of help who agreed to it.

use serde_json::Value;
use tahuang_domain::subject::Line;
use tahuang_domain::{AreaCode, Kind, Prefecture, Shape};
use tahuang_store::{StoreError, SubjectQuery};

use crate::projection::read_subject;
use crate::records::CASE_STATES;
use crate::{App, limits};

/// The field of a line by which a giver agrees.
const AGREES: &str = "thanks";

impl App {
    /// Help for which its givers may be thanked, with kind and place of what it was given for, of the cases in a place that were opened last, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn thanked(&self, prefecture: Prefecture, area: AreaCode) -> Result<Vec<(String, AreaCode, Line)>, StoreError> {
        let helped =
            |kind: &&Kind| kind.shape == Shape::Case && kind.lines.iter().any(|line| line.form.field(AGREES).is_some());
        let query = SubjectQuery {
            shape: Shape::Case,
            kinds: self.knowledge().catalog.kinds().filter(helped).map(|kind| kind.code.clone()).collect(),
            states: CASE_STATES.to_vec(),
            area,
            withdrawn: false,
            before: None,
            limit: limits::PAGE_ROWS_MAX,
        };
        let mut thanked = Vec::new();
        for row in self.store().list(prefecture, &query)? {
            let agreed = |line: &Line| !line.withdrawn && line.fields.get(AGREES) == Some(&Value::Bool(true));
            let lines = read_subject(&row)?.lines.into_iter().filter(agreed);
            thanked.extend(lines.map(|line| (row.kind.clone(), row.area, line)));
        }
        thanked.sort_by_key(|(_, _, line)| std::cmp::Reverse(line.day));
        Ok(thanked)
    }
}
