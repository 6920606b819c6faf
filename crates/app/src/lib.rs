//! The application: one door in for commands, one door out for views.
//!
//! A command is sealed, authorised, decided, appended and projected by the one [`writer`] thread, many commands to a
//! transaction (group commit); whoever sent it is answered when it is on disk. Queries read the store on the caller's
//! thread.
//!
//! Deliberately absent: SQL, HTTP, spreadsheets, the words of any language. Time and randomness come in through
//! [`Clock`] and [`Ids`], so that tests own them.

pub mod accounts;
mod asked;
mod authority;
pub mod board;
pub mod checks;
pub mod clean;
pub mod figures;
pub mod files;
mod guesses;
mod ids;
mod keys;
mod knowledge;
mod maintain;
mod memory;
mod projection;
mod records;
mod refused;
pub mod revisits;
mod seal;
mod search;
mod thanks;
mod timer;
pub mod todo;
pub mod units;
mod writer;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tahuang_domain::{
    Actor, AreaCode, AreaTree, Command, Grant, Prefecture, Refusal, Sealed, Subject, SubjectId, Verb,
};
use tahuang_store::{FileStore, Store, StoreError};
use tokio::sync::broadcast;

pub use accounts::{Account, SignInError};
pub use asked::{AskedCase, AskedCaseFilter};
pub use ids::{Clock, Ids, SystemClock, SystemIds, derived_id, shanghai_day};
pub use knowledge::{Knowledge, LedgerMakes};
pub use maintain::{RebuildProgress, Verification};
pub use memory::Memory;
pub use records::{
    ACTIVITY_STATES, CASE_STATES, CaseFilter, HistoryEntry, Page, ROW_STATES, RecordView, SHEET_STATES, case_number,
};
pub use refused::RefusedRow;
pub use seal::{MasterKey, SealError, Sealer};
pub use search::{matches, terms_of_query};
pub use writer::{Answered, SubmitError};

/// Limits of the application, in one place.
pub mod limits {
    /// Commands in one request.
    pub const BATCH_COMMANDS_MAX: usize = 1_000;
    /// Commands in one transaction.
    pub const GROUP_COMMANDS_MAX: usize = 4_096;
    /// Requests that wait for the writer before new ones are turned away.
    pub const QUEUE_REQUESTS_MAX: usize = 512;
    /// Accounts that are offered to give a case to.
    pub const HANDLERS_MAX: usize = 200;
    /// Rows on one page of a list.
    pub const PAGE_ROWS_MAX: usize = 500;
    /// Cases that a list of what residents asked for looks at, those of ledgers among them.
    pub const ASKED_ROWS_MAX: usize = 50_000;
    /// Cases that are drawn at once for revisits.
    pub const DRAWN_MAX: usize = 500;
    /// Cases from which they are drawn.
    pub const DRAW_CASES_MAX: usize = 20_000;
    /// Closed cases that a draw looks at, those of other times among them.
    pub const DRAW_ROWS_MAX: usize = 200_000;
    /// Draws that are listed.
    pub const DRAWS_MAX: usize = 100;
    /// Cases that a part of a place's public board reaches.
    pub const BOARD_ROWS_MAX: usize = 500;
    /// Communities of a unit whose needs are listed.
    pub const UNIT_COMMUNITIES_MAX: usize = 30;
    /// Needs that are listed for a unit.
    pub const UNIT_NEEDS_MAX: usize = 100;
    /// Pages of activities that are looked at for those of a unit.
    pub const ACTIVITY_PAGES_MAX: usize = 40;
    /// Journal records between two readings of the search index while commands keep arriving.
    pub const SEARCH_LAG_MAX: u64 = 20_000;
    /// Changes that a slow listener may fall behind before it is told to read again.
    pub const CHANGES_BUFFER: usize = 4_096;
}

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asker {
    /// Somebody at the command line of the server's own machine, who could read the file anyway.
    Console,
    /// A signed-in account.
    Account {
        /// Its register entry.
        id: SubjectId,
        /// What it may do, and where.
        grant: Grant,
    },
    /// A resident on the page of a place, with the secret link of a case of theirs or without.
    Resident {
        /// The place.
        place: AreaCode,
        /// Their case.
        case: Option<SubjectId>,
    },
    /// The clock.
    Timer,
}

impl Asker {
    /// As the journal names it.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Console => Actor::Console,
            Self::Account { id, .. } => Actor::Account(*id),
            Self::Resident { .. } => Actor::Resident,
            Self::Timer => Actor::Timer,
        }
    }

    /// The area this asker is confined to; `None` for the console and the clock.
    pub fn scope(&self) -> Option<AreaCode> {
        match self {
            Self::Console | Self::Timer => None,
            Self::Account { grant, .. } => Some(grant.scope),
            Self::Resident { place, .. } => Some(*place),
        }
    }
}

/// What changed, for those who listen.
#[derive(Clone, Debug)]
pub struct ChangeNote {
    /// Whose journal.
    pub prefecture: Prefecture,
    /// Where.
    pub position: u64,
    /// The subject.
    pub subject: SubjectId,
    /// Its kind.
    pub kind: String,
    /// Its area.
    pub area: AreaCode,
    /// The event's code.
    pub event: &'static str,
}

/// Why a query has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum QueryError {
    /// The asker may not see it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// A parameter cannot be.
    #[error("{0}")]
    Invalid(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The application over one store.
pub struct App {
    store: Arc<dyn Store>,
    files: Arc<dyn FileStore>,
    knowledge: Arc<Knowledge>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    sealer: Arc<Sealer>,
    memory: Arc<RwLock<Arc<Memory>>>,
    changes: broadcast::Sender<Arc<Vec<ChangeNote>>>,
    writer: Option<writer::Writer>,
    sessions: accounts::Sessions,
    /// Draws are made one after the other.
    drawing: Mutex<()>,
}

impl App {
    /// Loads areas and accounts from the store and starts the writer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn start(
        store: Arc<dyn Store>,
        files: Arc<dyn FileStore>,
        knowledge: Arc<Knowledge>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        master: MasterKey,
    ) -> Result<Self, StoreError> {
        let mut app = Self::read_only(store, files, knowledge, clock, ids, master)?;
        app.writer = Some(writer::Writer::start(writer::Core {
            store: Arc::clone(&app.store),
            files: Arc::clone(&app.files),
            knowledge: Arc::clone(&app.knowledge),
            clock: Arc::clone(&app.clock),
            sealer: Arc::clone(&app.sealer),
            memory: Arc::clone(&app.memory),
            changes: app.changes.clone(),
        }));
        Ok(app)
    }

    /// The same without a writer: every command is answered with `Stopped`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn read_only(
        store: Arc<dyn Store>,
        files: Arc<dyn FileStore>,
        knowledge: Arc<Knowledge>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        master: MasterKey,
    ) -> Result<Self, StoreError> {
        let memory = Memory::load(&*store, &knowledge)?;
        let memory = Arc::new(RwLock::new(Arc::new(memory)));
        let sealer = Arc::new(Sealer::new(master, Arc::clone(&ids)));
        let (changes, _) = broadcast::channel(limits::CHANGES_BUFFER);
        let sessions = accounts::Sessions::default();
        let drawing = Mutex::default();
        Ok(Self { store, files, knowledge, clock, ids, sealer, memory, changes, writer: None, sessions, drawing })
    }

    /// Kinds, roles and figures.
    pub fn knowledge(&self) -> &Arc<Knowledge> {
        &self.knowledge
    }

    /// The store, for the doors' own plain reads.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where the bytes of attached files are.
    pub fn files(&self) -> &Arc<dyn FileStore> {
        &self.files
    }

    /// Where time comes from.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Where ids and randomness come from.
    pub fn ids(&self) -> &dyn Ids {
        &*self.ids
    }

    /// The areas and accounts as of the last commit.
    pub fn memory(&self) -> Arc<Memory> {
        Arc::clone(&self.memory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The areas as of the last commit.
    pub fn areas(&self) -> Arc<AreaTree> {
        Arc::clone(&self.memory().areas)
    }

    /// Changes from now on, in groups as they were committed.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Vec<ChangeNote>>> {
        self.changes.subscribe()
    }

    /// Sends commands and waits until they are on disk. For threads that may block.
    ///
    /// # Errors
    /// See [`SubmitError`]; each command has its own answer otherwise.
    pub fn submit(
        &self,
        prefecture: Prefecture,
        asker: &Asker,
        commands: Vec<Command>,
    ) -> Result<Vec<Answered>, SubmitError> {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        let reply = Box::new(move |answers| _ = send.send(answers));
        self.writer()?.send_blocking(prefecture, asker.clone(), commands, reply)?;
        receive.recv().unwrap_or(Err(SubmitError::Stopped))
    }

    /// Sends commands; `reply` is called when they are on disk. Never blocks.
    ///
    /// # Errors
    /// `Busy` when too many requests wait, `TooMany` when the batch is too large.
    pub fn submit_then(
        &self,
        prefecture: Prefecture,
        asker: Asker,
        commands: Vec<Command>,
        reply: writer::Reply,
    ) -> Result<(), SubmitError> {
        self.writer()?.send(prefecture, asker, commands, reply)
    }

    fn writer(&self) -> Result<&writer::Writer, SubmitError> {
        self.writer.as_ref().ok_or(SubmitError::Stopped)
    }

    /// Whether the asker may do this; the question every door asks.
    ///
    /// # Errors
    /// `NotPermitted`.
    pub fn permit(&self, asker: &Asker, verb: Verb, kind: &str, area: AreaCode) -> Result<(), Refusal> {
        match asker {
            Asker::Console => Ok(()),
            Asker::Account { grant, .. } => self.knowledge.roles.permit(grant, verb, kind, area),
            Asker::Timer if verb == Verb::Chase => Ok(()),
            // What a resident may do hangs on their own case alone, and is asked with the command.
            Asker::Timer | Asker::Resident { .. } => Err(Refusal::NotPermitted),
        }
    }

    /// Whether the asker's role has the verb at all; for doors that are about no single record.
    ///
    /// # Errors
    /// `NotPermitted`.
    pub fn may(&self, asker: &Asker, verb: Verb) -> Result<(), Refusal> {
        match asker {
            Asker::Console => Ok(()),
            Asker::Account { grant, .. } if self.knowledge.roles.may(grant, verb) => Ok(()),
            Asker::Account { .. } | Asker::Resident { .. } | Asker::Timer => Err(Refusal::NotPermitted),
        }
    }

    /// Whether somebody may hand out the residents' page of a place: who may record there what residents ask for.
    ///
    /// # Errors
    /// `NotPermitted`.
    pub fn permit_residents_page(&self, asker: &Asker, area: AreaCode) -> Result<(), Refusal> {
        let mut asked = self.knowledge.catalog.kinds().filter(|kind| kind.residents.is_some());
        let may = asked.any(|kind| self.permit(asker, Verb::Record, &kind.code, area).is_ok());
        if may { Ok(()) } else { Err(Refusal::NotPermitted) }
    }

    /// Accounts in service to which a case of that kind in that place can be given, the nearest first.
    ///
    /// # Errors
    /// `NotPermitted` when the asker handles no such case there, `UnknownKind`.
    pub fn handlers(&self, asker: &Asker, kind: &str, area: AreaCode) -> Result<Vec<Account>, Refusal> {
        self.permit(asker, Verb::Handle, kind, area)?;
        let (memory, roles) = (self.memory(), &self.knowledge.roles);
        let kind = self.knowledge.catalog.kind(kind)?;
        let today = shanghai_day(self.clock.now_ms());
        let may = |grant: &Grant| {
            roles.permit(grant, Verb::Handle, &kind.code, area).is_ok()
                && memory.admissions.check(roles, grant, kind, area, today).is_ok()
        };
        let accounts = memory.accounts.values().filter(|account| !account.disabled && may(&account.grant));
        let mut accounts: Vec<&Account> = accounts.collect();
        let nearest = |account: &Account| std::cmp::Reverse(account.grant.scope.level());
        accounts.sort_by(|a, b| (nearest(a), &a.name, a.id).cmp(&(nearest(b), &b.name, b.id)));
        Ok(accounts.into_iter().take(limits::HANDLERS_MAX).cloned().collect())
    }

    /// Whether commands are taken: the writer's thread runs. It ends early only by a panic, and then only a restart helps.
    pub fn is_writing(&self) -> bool {
        self.writer.as_ref().is_some_and(writer::Writer::is_running)
    }

    /// Requests that wait for the writer.
    pub fn waiting_requests(&self) -> usize {
        self.writer.as_ref().map_or(0, writer::Writer::waiting)
    }

    /// The present state of these subjects, in their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn subjects(&self, prefecture: Prefecture, ids: &[SubjectId]) -> Result<Vec<Option<Subject>>, StoreError> {
        let rows = self.store.subjects(prefecture, ids)?;
        rows.into_iter().map(|row| row.as_ref().map(projection::read_subject).transpose()).collect()
    }

    /// A mark that only this server can make on a message: for links and forms that are handed to people without accounts.
    pub fn mark(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        self.sealer.mark(purpose, message)
    }

    /// Whether this mark, or the beginning of it, was made so.
    pub fn is_mark(&self, purpose: &str, message: &[u8], mark: &[u8]) -> bool {
        self.sealer.is_mark(purpose, message, mark)
    }

    /// Opens a sealed value; `None` when its key was erased.
    ///
    /// # Errors
    /// When the store cannot be read, or the value was not sealed with this master key.
    pub fn unseal(
        &self,
        prefecture: Prefecture,
        subject: SubjectId,
        sealed: &Sealed,
    ) -> Result<Option<String>, SealError> {
        let Some(wrapped) = self.store.seal_key(prefecture, subject)? else { return Ok(None) };
        self.sealer.open(prefecture, subject, &wrapped, sealed).map(Some)
    }
}
