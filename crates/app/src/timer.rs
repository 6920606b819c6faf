//! What time alone brings about: when a day has come or gone, cases are reminded of and escalated.
//!
//! The timer only looks which cases the day concerns and sends a command for each; whether anything happens is decided
//! like everything else, in the transaction that writes it, so that it happens once whatever was restarted in between.

use tahuang_domain::decide::beside::time_brings;
use tahuang_domain::{Action, Command, Context, Day, Period, Position, Prefecture, Shape};
use tahuang_store::{DueQuery, Outcome};

use crate::ids::shanghai_day;
use crate::projection::read_subject;
use crate::{App, Asker, SubmitError, limits};

impl App {
    /// Reminds of what is nearly due and escalates what is late, in every journal. Gives how many cases were told of.
    ///
    /// Meant to be called when the server starts and from time to time, at the latest after each midnight. Reads whatever
    /// is due by the next working days, a page at a time.
    ///
    /// # Errors
    /// When the store cannot be read or written, or the writer stops. What was done until then is done.
    pub fn chase(&self) -> Result<usize, SubmitError> {
        let mut told = 0;
        for (prefecture, _) in self.store().heads()? {
            told += self.chase_in(prefecture)?;
        }
        Ok(told)
    }

    fn chase_in(&self, prefecture: Prefecture) -> Result<usize, SubmitError> {
        let knowledge = self.knowledge();
        let today = shanghai_day(self.clock().now_ms());
        let soon = Period::WorkingDays(knowledge.catalog.remind_at_most());
        let cases = knowledge.catalog.kinds().filter(|kind| kind.shape == Shape::Case);
        let mut query = DueQuery {
            on: None,
            kinds: cases.map(|kind| kind.code.clone()).collect(),
            area: prefecture.area(),
            from: None,
            until: Some(knowledge.calendar.due(today, soon)),
            after: None,
            limit: limits::PAGE_ROWS_MAX,
        };
        let mut told = 0;
        loop {
            let rows = self.store().due(prefecture, &query)?;
            let Some(last) = rows.last() else { return Ok(told) };
            let after: (Option<Day>, Position) = (last.due, last.opened);
            let memory = self.memory();
            let context = Context {
                catalog: &knowledge.catalog,
                areas: &memory.areas,
                prefecture,
                actor: Asker::Timer.actor(),
                today,
                calendar: &knowledge.calendar,
                roles: &knowledge.roles,
                admissions: &memory.admissions,
            };
            let mut commands = Vec::new();
            for row in &rows {
                if !time_brings(&context, &read_subject(row)?).is_empty() {
                    let (id, action) = (self.ids().command(), Action::ChaseCase);
                    commands.push(Command { id, subject: row.id, revision: None, source: None, action });
                }
            }
            if !commands.is_empty() {
                let answers = self.submit(prefecture, &Asker::Timer, commands)?;
                let done = |outcome: &Outcome| matches!(outcome, Outcome::Accepted { count: 1.., .. });
                told += answers.iter().filter(|answered| done(&answered.outcome)).count();
            }
            query.after = Some(after);
        }
    }
}
