//! Workbooks on their way in: uploaded, previewed, brought in.
//!
//! Kept in memory only, and bounded: a workbook holds telephone numbers, and everything that matters of it stands in the
//! journal once it is brought in. So the list begins anew with the server.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tahuang_app::Asker;
use tahuang_domain::SubjectId;
use tahuang_intake::sheet::HeadingMap;
use tahuang_intake::{Import, ImportError, SheetReport, Workbook};
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
    pub sheets: Arc<Vec<SheetReport>>,
    headings: HeadingMap,
    /// Dropped once it is brought in.
    workbook: Option<Arc<Workbook>>,
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

    /// Takes a workbook in. The oldest ones go when there are too many, but none that is running.
    fn add(&self, job: Arc<ImportJob>) {
        let mut jobs = self.jobs();
        jobs.push_front(job);
        while jobs.len() > limits::IMPORTS_MAX {
            let oldest = jobs.iter().rposition(|job| job.progress().state != ImportState::Running);
            let Some(oldest) = oldest.filter(|index| *index > 0) else { break };
            jobs.remove(oldest);
        }
    }
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
        let sheets = self.import(asker, &headings).preview(&workbook)?;
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
                sheets: Arc::new(sheets),
                headings,
                workbook: Some(Arc::new(workbook)),
            }),
        });
        self.imports.add(Arc::clone(&job));
        Ok(job)
    }

    /// Previews it again with what a person says of its headings.
    pub(crate) fn preview_again(&self, asker: &Asker, job: &ImportJob, headings: HeadingMap) -> Result<(), ApiError> {
        let Progress { state: ImportState::Previewed, workbook: Some(workbook), .. } = job.progress() else {
            return Err(ApiError::ImportStarted);
        };
        let sheets = self.import(asker, &headings).preview(&workbook)?;
        job.change(|progress| {
            progress.sheets = Arc::new(sheets);
            progress.headings = headings;
        });
        Ok(())
    }

    /// Brings it in, on a thread of its own; one workbook at a time.
    pub(crate) fn start_import(self: &Arc<Self>, asker: Asker, job: &Arc<ImportJob>) -> Result<(), ApiError> {
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
        tokio::task::spawn_blocking(move || {
            let _turn = door.import_turn.lock().unwrap_or_else(PoisonError::into_inner);
            let ran = door.import(&asker, &headings).run(&workbook, &mut |done, total| {
                job.change(|progress| (progress.done, progress.total) = (done, total));
            });
            match ran {
                Ok(sheets) => job.change(|progress| {
                    progress.state = ImportState::Done;
                    progress.sheets = Arc::new(sheets);
                    progress.workbook = None;
                }),
                Err(error) => {
                    let error = ApiError::from(error);
                    if let ApiError::Internal(problem) = &error {
                        tracing::error!(%problem, file = job.file, "an import failed");
                    }
                    job.change(|progress| {
                        progress.state = ImportState::Failed;
                        progress.problem = Some((error.code().to_owned(), error.to_string()));
                    });
                }
            }
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
        }
    }
}
