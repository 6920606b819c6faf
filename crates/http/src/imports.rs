//! Workbooks on their way in: uploaded, previewed, brought in.
//!
//! Kept in memory only, and bounded: a workbook holds telephone numbers, and everything that matters of it stands in the
//! journal once it is brought in. So the list begins anew with the server.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tahuang_app::{Account, Asker};
use tahuang_domain::{Refusal, SubjectId};
use tahuang_intake::sheet::HeadingMap;
use tahuang_intake::workbook::{Cell, CellValue};
use tahuang_intake::{Import, ImportError, RowRefusal, RowReport, SheetReport, Verdict, Workbook};
use uuid::Uuid;

use crate::door::Door;
use crate::limits;
use crate::problem::ApiError;

/// The workbooks that were sent since the server started, newest first.
#[derive(Default)]
pub struct Imports(Mutex<VecDeque<Arc<ImportJob>>>);

/// One workbook on its way in.
pub struct ImportJob {
    pub id: Uuid,
    /// The account that sent it; nobody else sees it.
    pub owner: SubjectId,
    pub file: String,
    pub bytes: u64,
    /// When it was sent, in milliseconds since 1970.
    pub at: i64,
    progress: Mutex<Progress>,
}

/// How far a workbook is.
#[derive(Clone)]
pub struct Progress {
    pub state: ImportState,
    /// Rows done, and of how many.
    pub done: u64,
    pub total: u64,
    /// Why it failed: code and message.
    pub problem: Option<(String, String)>,
    pub sheets: Arc<Vec<SheetSummary>>,
    /// What a person has said that headings mean.
    pub headings: HeadingMap,
    /// Dropped once it is brought in.
    workbook: Option<Arc<Workbook>>,
    /// Bytes that all this takes in memory, as estimated.
    weight: u64,
}

/// What is kept of a sheet's report: the counts, and as many rows as are shown.
pub struct SheetSummary {
    pub sheet: String,
    /// The recognised format's code.
    pub ledger: Option<String>,
    pub heading_row: Option<u32>,
    pub columns: Vec<ColumnSummary>,
    /// Required columns that no heading means: code and usual heading.
    pub missing: Vec<(String, String)>,
    pub accepted: u64,
    pub refused: u64,
    pub unchanged: u64,
    /// Rows that only add up others.
    pub totals: u64,
    pub rows: Vec<RowReport>,
}

/// A column of a sheet.
pub struct ColumnSummary {
    pub heading: String,
    /// The code of the ledger's column that the heading means.
    pub column: Option<String>,
    /// The first texts that stand in it.
    pub samples: Vec<String>,
}

/// Where a workbook stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportState {
    Previewed,
    Running,
    Done,
    Failed,
}

impl ImportState {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Previewed => "previewed",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl Imports {
    fn jobs(&self) -> MutexGuard<'_, VecDeque<Arc<ImportJob>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The workbooks of an account, newest first.
    pub fn of(&self, owner: SubjectId) -> Vec<Arc<ImportJob>> {
        self.jobs().iter().filter(|job| job.owner == owner).cloned().collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`, also when it is somebody else's.
    pub fn find(&self, owner: SubjectId, id: Uuid) -> Result<Arc<ImportJob>, ApiError> {
        self.jobs().iter().find(|job| job.id == id && job.owner == owner).cloned().ok_or(ApiError::NotFound)
    }

    /// Takes a workbook in. When its account has too many, the account's own oldest go, and when all together take too much
    /// memory, those of the account that holds most; but none that runs or waits to run.
    ///
    /// # Errors
    /// `Busy` when nothing can go.
    fn add(&self, job: Arc<ImportJob>) -> Result<(), ApiError> {
        let mut jobs = self.jobs();
        let owner = job.owner;
        jobs.push_front(job);
        loop {
            let own = jobs.iter().filter(|job| job.owner == owner).count();
            let mut held: HashMap<SubjectId, u64> = HashMap::new();
            for job in &*jobs {
                *held.entry(job.owner).or_default() += job.progress().weight;
            }
            let pays = if own > limits::IMPORTS_OF_ACCOUNT_MAX {
                Some(owner)
            } else if held.values().sum::<u64>() > limits::IMPORTS_BYTES_MAX {
                held.retain(|owner, _| oldest(&jobs, *owner).is_some());
                held.into_iter().max_by_key(|(_, bytes)| *bytes).map(|(owner, _)| owner)
            } else {
                return Ok(());
            };
            let Some(index) = pays.and_then(|pays| oldest(&jobs, pays)) else {
                jobs.pop_front();
                return Err(ApiError::Busy);
            };
            jobs.remove(index);
        }
    }
}

/// The account's workbook that goes first: one that was brought in if there is one, since its rows stand in the journal.
/// Never the one that has just come, and never one that runs.
fn oldest(jobs: &VecDeque<Arc<ImportJob>>, owner: SubjectId) -> Option<usize> {
    let states: Vec<(usize, ImportState)> = jobs
        .iter()
        .enumerate()
        .skip(1)
        .rev()
        .filter(|(_, job)| job.owner == owner)
        .map(|(index, job)| (index, job.progress().state))
        .collect();
    let done = states.iter().find(|(_, state)| *state == ImportState::Done);
    let any = || states.iter().find(|(_, state)| *state != ImportState::Running);
    done.or_else(any).map(|(index, _)| *index)
}

impl ImportJob {
    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Door {
    /// Reads a workbook and says what would become of it.
    pub(crate) fn preview_workbook(
        &self,
        asker: &Asker,
        owner: SubjectId,
        file: &str,
        bytes: &[u8],
    ) -> Result<Arc<ImportJob>, ApiError> {
        let workbook = Workbook::from_bytes(file, bytes)?;
        let headings = HeadingMap::new();
        let sheets = SheetSummary::of_preview(self.import(asker, &headings).preview(&workbook)?);
        let job = Arc::new(ImportJob {
            id: self.app.ids().uuid_v7(),
            owner,
            file: file.to_owned(),
            bytes: bytes.len() as u64,
            at: self.app.clock().now_ms(),
            progress: Mutex::new(Progress {
                state: ImportState::Previewed,
                done: 0,
                total: 0,
                problem: None,
                weight: weight(Some(&workbook), &sheets),
                sheets: Arc::new(sheets),
                headings,
                workbook: Some(Arc::new(workbook)),
            }),
        });
        self.imports.add(Arc::clone(&job))?;
        Ok(job)
    }

    /// Previews it again with what a person says of its headings.
    pub(crate) fn preview_again(&self, asker: &Asker, job: &ImportJob, headings: HeadingMap) -> Result<(), ApiError> {
        let Progress { state: ImportState::Previewed, workbook: Some(workbook), .. } = job.progress() else {
            return Err(ApiError::ImportStarted);
        };
        let sheets = SheetSummary::of_preview(self.import(asker, &headings).preview(&workbook)?);
        let mut changed = Err(ApiError::ImportStarted);
        job.change(|progress| {
            // It may have been started meanwhile, with the headings that it had.
            if progress.state == ImportState::Previewed {
                progress.weight = weight(Some(&workbook), &sheets);
                progress.sheets = Arc::new(sheets);
                progress.headings = headings;
                changed = Ok(());
            }
        });
        changed
    }

    /// Brings it in when its turn comes. Answers at once: `Busy` when too many wait.
    pub(crate) fn start_import(self: &Arc<Self>, job: &Arc<ImportJob>) -> Result<(), ApiError> {
        let line = self.runs.line_up()?;
        let mut started = None;
        job.change(|progress| {
            if let (ImportState::Previewed | ImportState::Failed, Some(workbook)) = (progress.state, &progress.workbook)
            {
                progress.state = ImportState::Running;
                progress.problem = None;
                started = Some((Arc::clone(workbook), progress.headings.clone()));
            }
        });
        let (workbook, headings) = started.ok_or(ApiError::ImportStarted)?;
        let (door, job) = (Arc::clone(self), Arc::clone(job));
        tokio::spawn(async move {
            let ran = match door.runs.turn_of(line).await {
                Ok(turn) => {
                    let job = Arc::clone(&job);
                    door.blocking(turn, move |door| door.bring_in(&job, workbook, &headings)).await
                }
                Err(error) => Err(error),
            };
            let Err(error) = ran else { return };
            if let ApiError::Internal(problem) = &error {
                tracing::error!(%problem, file = job.file, "an import failed");
            }
            job.change(|progress| {
                progress.state = ImportState::Failed;
                progress.problem = Some((error.code().to_owned(), error.to_string()));
            });
        });
        Ok(())
    }

    fn bring_in(&self, job: &ImportJob, workbook: Arc<Workbook>, headings: &HeadingMap) -> Result<(), ApiError> {
        // The account as it is when its turn comes: it may have lost its place while the workbook waited.
        let account =
            self.app.memory().accounts.get(&job.owner).filter(|account| !account.disabled).map(Account::asker);
        let asker = account.ok_or(Refusal::NotPermitted)?;
        let sheets = self.import(&asker, headings).run(&workbook, &mut |done, total| {
            job.change(|progress| (progress.done, progress.total) = (done, total));
        })?;
        let sheets = SheetSummary::of_done(sheets);
        job.change(|progress| {
            progress.state = ImportState::Done;
            progress.weight = weight(None, &sheets);
            progress.sheets = Arc::new(sheets);
            progress.workbook = None;
        });
        Ok(())
    }

    fn import<'a>(&'a self, asker: &'a Asker, headings: &'a HeadingMap) -> Import<'a> {
        Import { app: &self.app, ledgers: &self.ledgers, asker, headings }
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NoDivisions => Self::NoDivisions,
            ImportError::Submit(error) => error.into(),
            ImportError::Store(error) => error.into(),
            ImportError::Seal(error) => error.into(),
            ImportError::Query(error) => error.into(),
            ImportError::Refused(refusal) => refusal.into(),
            ImportError::NotKept { ref code, .. } => {
                Self::Row(RowRefusal::Domain { code: code.clone(), message: error.to_string() })
            }
        }
    }
}

impl SheetSummary {
    /// What is shown of a preview: the refused rows and the first of the others.
    fn of_preview(reports: Vec<SheetReport>) -> Vec<Self> {
        let samples = |report: &SheetReport, column: usize| {
            let cells = report.rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
            cells.take(limits::PREVIEW_SAMPLES).cloned().collect()
        };
        reports.into_iter().map(|report| Self::of(report, samples, limits::PREVIEW_ROWS)).collect()
    }

    /// What is kept of a workbook that was brought in: of rows that became records, no cell.
    fn of_done(reports: Vec<SheetReport>) -> Vec<Self> {
        reports.into_iter().map(|report| Self::of(report, |_, _| Vec::new(), 0)).collect()
    }

    fn of(report: SheetReport, samples: impl Fn(&SheetReport, usize) -> Vec<String>, others: usize) -> Self {
        let columns = report.columns.iter().enumerate().map(|(index, (heading, column))| ColumnSummary {
            heading: heading.clone(),
            column: column.clone(),
            samples: samples(&report, index),
        });
        let columns = columns.collect();
        let (accepted, refused, unchanged) =
            (report.count(Verdict::Accepted), report.count(Verdict::Refused), report.count(Verdict::Unchanged));
        let (mut shown_refused, mut shown_others) = (0, 0);
        let shown = |row: &RowReport| {
            let (shown, max) = match row.verdict {
                Verdict::Refused => (&mut shown_refused, limits::PREVIEW_REFUSED_MAX),
                Verdict::Accepted | Verdict::Unchanged => (&mut shown_others, others),
            };
            *shown += 1;
            *shown <= max
        };
        let mut rows: Vec<RowReport> = report.rows.into_iter().filter(shown).collect();
        rows.sort_unstable_by_key(|row| row.row);
        Self {
            sheet: report.sheet,
            ledger: report.ledger,
            heading_row: report.heading_row,
            columns,
            missing: report.missing,
            accepted,
            refused,
            unchanged,
            totals: report.totals,
            rows,
        }
    }
}

/// About how many bytes a workbook and what is shown of it take in memory.
fn weight(workbook: Option<&Workbook>, sheets: &[SheetSummary]) -> u64 {
    let cells = workbook.into_iter().flat_map(|workbook| &workbook.sheets).flat_map(|sheet| &sheet.rows);
    let cell = |cell: &Cell| {
        let text = match &cell.value {
            // A text that stands in several cells is kept once.
            CellValue::Text(text) | CellValue::Error(text) => text.len() / Arc::strong_count(text),
            _ => 0,
        };
        size_of::<Cell>() + text
    };
    let cells: usize = cells.flat_map(|row| &row.cells).map(cell).sum();
    let shown = sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells);
    let shown: usize = shown.map(|cell| size_of::<String>() + cell.len()).sum();
    (cells + shown) as u64
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use tahuang_intake::Ledgers;
    use tahuang_testkit::{Office, area};

    use super::*;
    use crate::pages::NoAssets;

    fn job(owner: u128, state: ImportState, weight: u64) -> Arc<ImportJob> {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let workbook = Some(Arc::new(Workbook { file: "台账.xlsx".to_owned(), sheets: Vec::new() }));
        let (sheets, headings) = (Arc::default(), HeadingMap::new());
        let progress = Progress { state, done: 0, total: 0, problem: None, sheets, headings, workbook, weight };
        Arc::new(ImportJob {
            id: Uuid::from_u128(NUMBER.fetch_add(1, Ordering::Relaxed).into()),
            owner: SubjectId(Uuid::from_u128(owner)),
            file: "台账.xlsx".to_owned(),
            bytes: weight,
            at: 0,
            progress: Mutex::new(progress),
        })
    }

    #[test]
    fn an_account_with_too_many_workbooks_loses_its_own_and_first_those_that_are_done() {
        let imports = Imports::default();
        let others = job(1, ImportState::Previewed, 1);
        imports.add(Arc::clone(&others)).unwrap();
        let own: Vec<_> = (0..limits::IMPORTS_OF_ACCOUNT_MAX)
            .map(|index| job(2, if index == 5 { ImportState::Done } else { ImportState::Previewed }, 1))
            .collect();
        for job in &own {
            imports.add(Arc::clone(job)).unwrap();
        }
        let is_there = |job: &ImportJob| imports.find(job.owner, job.id).is_ok();
        imports.add(job(2, ImportState::Previewed, 1)).unwrap();
        assert!(!is_there(&own[5]) && is_there(&own[0]));
        imports.add(job(2, ImportState::Previewed, 1)).unwrap();
        assert!(!is_there(&own[0]) && is_there(&own[1]));
        assert!(is_there(&others), "of another account nothing goes");
    }

    #[test]
    fn what_runs_never_goes_and_one_more_is_turned_away() {
        let imports = Imports::default();
        for _ in 0..limits::IMPORTS_OF_ACCOUNT_MAX {
            imports.add(job(1, ImportState::Running, 1)).unwrap();
        }
        assert_eq!(imports.add(job(1, ImportState::Previewed, 1)), Err(ApiError::Busy));
        assert_eq!(imports.of(SubjectId(Uuid::from_u128(1))).len(), limits::IMPORTS_OF_ACCOUNT_MAX);
        imports.add(job(2, ImportState::Previewed, 1)).unwrap();
    }

    #[test]
    fn when_memory_runs_short_the_account_that_holds_most_pays() {
        let imports = Imports::default();
        let small = job(1, ImportState::Previewed, limits::IMPORTS_BYTES_MAX / 8);
        imports.add(Arc::clone(&small)).unwrap();
        let large: Vec<_> = (0..2).map(|_| job(2, ImportState::Previewed, limits::IMPORTS_BYTES_MAX / 8 * 3)).collect();
        for job in &large {
            imports.add(Arc::clone(job)).unwrap();
        }
        imports.add(job(3, ImportState::Previewed, limits::IMPORTS_BYTES_MAX / 4)).unwrap();
        assert!(imports.find(small.owner, small.id).is_ok());
        assert!(imports.find(large[0].owner, large[0].id).is_err());
        assert!(imports.find(large[1].owner, large[1].id).is_ok());
    }

    #[test]
    fn a_workbook_weighs_its_cells_and_each_text_once() {
        let text: Arc<str> = "x".repeat(1_000).into();
        let cell = Cell { value: CellValue::Text(Arc::clone(&text)), filled: false };
        let row = tahuang_intake::workbook::Row { number: 1, cells: vec![cell.clone(), cell] };
        drop(text);
        let sheet =
            tahuang_intake::workbook::Sheet { name: String::new(), hidden: false, rows: vec![row], merged: Vec::new() };
        let workbook = Workbook { file: String::new(), sheets: vec![sheet] };
        assert_eq!(weight(Some(&workbook), &[]), 1_000 + 2 * size_of::<Cell>() as u64);
    }

    #[tokio::test]
    async fn an_account_that_is_disabled_while_its_workbook_waits_brings_nothing_in() {
        let office = Office::new();
        let ledgers = Arc::new(Ledgers::bundled(&office.app.knowledge().catalog).unwrap());
        let door = Door::new(Arc::clone(&office.app), ledgers, crate::Settings::default(), Box::new(NoAssets));
        let county = area("542526000000");
        office.app.create_account(&Asker::Console, "county", "旦增", "county_officer", county, None).unwrap();
        let owner = office.app.account("county").unwrap().id;
        let waiting = |owner: SubjectId| job(owner.0.as_u128(), ImportState::Previewed, 1);
        let (disabled, running) = (waiting(owner), door.runs.turn().await.unwrap());
        door.start_import(&disabled).unwrap();
        for _ in 1..limits::RUNS_WAITING_MAX {
            door.start_import(&waiting(owner)).unwrap();
        }
        let one_more = waiting(owner);
        assert_eq!(door.start_import(&one_more), Err(ApiError::Busy));
        assert_eq!(one_more.progress().state, ImportState::Previewed, "it can be started later");

        office.app.disable_account(&Asker::Console, "county").unwrap();
        drop(running);
        while disabled.progress().state == ImportState::Running {
            tokio::task::yield_now().await;
        }
        let code = disabled.progress().problem.unwrap().0;
        assert_eq!((disabled.progress().state, code.as_str()), (ImportState::Failed, "not_permitted"));
    }
}
