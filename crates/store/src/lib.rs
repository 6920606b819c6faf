//! What a store must do.
//!
//! The application reads what a batch of commands needs, decides in memory, and hands the store one [`Commit`]: journal
//! rows, answers, subjects, contributions and cells, all in one transaction of one prefecture. Everything except the
//! journal, the answers, the keys and the accounts' credentials is derived and can be rebuilt ([`Store::clear_derived`]).
//!
//! Deliberately absent: SQL, decisions, the clock. **Architecture invariants:** every key begins with the prefecture, no
//! transaction spans two prefectures, and a `Commit` that was answered with `Ok` is on disk.
//!
//! To add a store, implement [`Store`] and make its tests call `conformance!` (see the module of that name, behind the
//! feature of that name).

#[cfg(feature = "conformance")]
pub mod conformance;
mod files;
mod outbox;

use tahuang_domain::{AreaCode, CommandId, Day, Holder, Position, Prefecture, Shape, State, SubjectId};
use tahuang_figures::{CellChange, CellDeltas, CellKey, Grain, Part};
use tahuang_journal::{Hash, Record};

pub use files::{FilePlace, FileStore, KEPT_BYTES_MAX};
pub use outbox::{DeliveryQuery, DeliveryRow, DeliveryState, DeliveryStep, NoticeQuery, NoticeRow, Outbox, Told};

/// Why the store could not do what was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer was first; read again and decide again.
    #[error("another writer was first")]
    Conflict,
    /// The database cannot be reached or written: disk full, locked, read-only, gone.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be what was written.
    #[error("the database is damaged: table {table}, key {key}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The key of the row.
        key: String,
    },
    /// The database was written by a newer version of this program.
    #[error("the database has version {found}, this program knows version {known}: use a newer program")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
}

/// Where a journal ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// The last position; 0 when the journal is empty.
    pub position: Position,
    /// The hash of the last record, or the journal's genesis.
    pub hash: Hash,
    /// When the last record was written, in milliseconds since 1970.
    pub at: i64,
}

/// A row of the journal as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalRow {
    /// Its place.
    pub position: Position,
    /// The command it answers.
    pub command: CommandId,
    /// The subject it happened to.
    pub subject: SubjectId,
    /// Canonical bytes of the record.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
}

impl JournalRow {
    /// The record that the bytes hold.
    ///
    /// # Errors
    /// `Corrupt` when they hold none.
    pub fn record(&self) -> Result<Record, StoreError> {
        let corrupt = |_| StoreError::Corrupt { table: "journal", key: self.position.to_string() };
        Record::read(&self.bytes).map_err(corrupt)
    }
}

/// The answer that a command got, kept for when it comes again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The command.
    pub command: CommandId,
    /// The first 8 bytes of the command's hash, to tell a repetition from a reused id.
    pub digest: u64,
    /// What it was told.
    pub outcome: Outcome,
}

/// What a command was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It became these positions of the journal (`count` may be 0: nothing was new).
    Accepted {
        /// The first position.
        first: Position,
        /// How many.
        count: u32,
    },
    /// It was refused.
    Refused {
        /// The permanent code.
        code: String,
        /// What was said.
        message: String,
        /// The field to blame.
        field: Option<String>,
    },
}

/// A subject's row: what lists filter by, and the state itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubjectRow {
    /// The subject.
    pub id: SubjectId,
    /// Its shape.
    pub shape: Shape,
    /// Its kind.
    pub kind: String,
    /// Its area.
    pub area: AreaCode,
    /// Its state.
    pub state: State,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// What a ledger row's ledger is, for counting what is missing; empty otherwise.
    pub tag: String,
    /// By when its next step is due, if it has a clock.
    pub due: Option<Day>,
    /// The position at which it was opened; lists are ordered by it, newest first.
    pub opened: Position,
    /// The position of its last event.
    pub changed: Position,
    /// The positions of all its events, in order.
    pub history: Vec<Position>,
    /// For each contribution it gives, in their order, the position from which it holds: where the store finds it to
    /// end it.
    pub gives: Vec<Position>,
    /// The state, as JSON.
    pub body: Vec<u8>,
}

/// A contribution as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContributionRow {
    /// The figure's code.
    pub figure: String,
    /// Above or below the line.
    pub part: Part,
    /// The lowest area it counts in.
    pub area: AreaCode,
    /// The day, `yyyymmdd`; 0 for none.
    pub day: i64,
    /// The subject.
    pub subject: SubjectId,
    /// Which line, movement or allocation.
    pub slot: u32,
    /// The position from which it holds.
    pub opened: Position,
    /// How much.
    pub amount: i64,
    /// The subject counts once in each area.
    pub once: bool,
}

/// The beginning or the end of a contribution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ContributionChange {
    /// It holds from `row.opened` on.
    Opened(ContributionRow),
    /// It held from `row.opened` until this position.
    Closed(ContributionRow, Position),
}

/// A change of one cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellDelta {
    /// The area.
    pub area: AreaCode,
    /// By day or by month.
    pub grain: Grain,
    /// The figure's code.
    pub figure: String,
    /// Above or below the line.
    pub part: Part,
    /// The day or month.
    pub period: i64,
    /// How much is added.
    pub delta: i64,
    /// How many contributions are added.
    pub records: i64,
}

impl CellDelta {
    /// The changes of a batch, in the order of the cells' keys.
    pub fn all_of(deltas: CellDeltas<'_>) -> Vec<Self> {
        let delta = |(key, change): (CellKey<'_>, CellChange)| Self {
            area: key.area,
            grain: key.grain,
            figure: key.figure.to_owned(),
            part: key.part,
            period: key.period,
            delta: change.amount,
            records: change.records,
        };
        deltas.into_sorted().into_iter().map(delta).collect()
    }
}

/// A change of how many subjects stand in a state, in an area of the county level or above. Areas below are counted
/// from an index: they hold little, and counters for each of them would be written almost once per record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TallyDelta {
    /// The area.
    pub area: AreaCode,
    /// The subjects' shape.
    pub shape: Shape,
    /// Their kind.
    pub kind: String,
    /// Their state.
    pub state: State,
    /// Their tag, see [`SubjectRow::tag`].
    pub tag: String,
    /// How many more.
    pub delta: i64,
}

/// That a subject stands on somebody's page.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holding {
    /// Whose page.
    pub holder: Holder,
    /// They only wait for others.
    pub waits: bool,
    /// By when its next step is due, if it has a clock.
    pub due: Option<Day>,
    /// The position at which the subject was opened.
    pub opened: Position,
    /// Its kind.
    pub kind: String,
    /// Its area.
    pub area: AreaCode,
}

/// The beginning or the end of a holding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HoldingChange {
    /// It stands there from now on.
    Begun(Holding),
    /// It stands there no more.
    Ended(Holding),
}

/// A subject's key, wrapped under the master key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealKey {
    /// The subject.
    pub subject: SubjectId,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// All that one batch of commands changes, in one prefecture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// Whose journal.
    pub prefecture: Prefecture,
    /// Where the journal ended when the batch was decided.
    pub expected: Head,
    /// New journal rows, in order.
    pub journal: Vec<JournalRow>,
    /// When the last of them was written.
    pub at: i64,
    /// Answers to the commands.
    pub answers: Vec<Answer>,
    /// Subjects in their new state.
    pub subjects: Vec<SubjectRow>,
    /// Contributions that begin and end, in the order in which they do.
    pub contributions: Vec<ContributionChange>,
    /// Changes of cells.
    pub cells: Vec<CellDelta>,
    /// Changes of tallies.
    pub tallies: Vec<TallyDelta>,
    /// Changes of whose pages subjects stand on.
    pub holdings: Vec<HoldingChange>,
    /// New keys of sealed data.
    pub keys: Vec<SealKey>,
    /// Subjects whose key is destroyed.
    pub erased: Vec<SubjectId>,
}

/// Whether subjects of this shape are tallied by state and listed by area: those that wait for somebody.
pub const fn tallied(shape: Shape) -> bool {
    matches!(shape, Shape::Case | Shape::LedgerRow | Shape::Check)
}

/// What the writer needs before it decides a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prepared {
    /// Where the journal ends.
    pub head: Head,
    /// Earlier answers to the commands, in their order.
    pub answers: Vec<Option<Answer>>,
    /// The subjects, in their order.
    pub subjects: Vec<Option<SubjectRow>>,
}

/// A sum of a figure's part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartSum {
    /// The figure's code.
    pub figure: String,
    /// Above or below the line.
    pub part: Part,
    /// The day or month, when asked by period; 0 otherwise.
    pub period: i64,
    /// The sum.
    pub sum: i64,
    /// How many contributions it sums.
    pub records: i64,
}

/// Which contributions to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContributionQuery<'a> {
    /// The figure's code.
    pub figure: &'a str,
    /// Above or below the line.
    pub part: Part,
    /// The area with everything below it.
    pub area: AreaCode,
    /// As of this position.
    pub at: Position,
    /// The last row of the page before.
    pub after: Option<ContributionRow>,
    /// At most so many.
    pub limit: usize,
}

/// Which subjects to list, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubjectQuery {
    /// Of this shape.
    pub shape: Shape,
    /// Of these kinds. Never empty: the caller names what the account may see.
    pub kinds: Vec<String>,
    /// In these states. Never empty.
    pub states: Vec<State>,
    /// The area with everything below it.
    pub area: AreaCode,
    /// Whether withdrawn ones are listed too.
    pub withdrawn: bool,
    /// Opened before this position.
    pub before: Option<Position>,
    /// At most so many.
    pub limit: usize,
}

impl Commit {
    /// A commit that changes nothing yet.
    pub const fn empty(prefecture: Prefecture, expected: Head, at: i64) -> Self {
        Self {
            prefecture,
            expected,
            journal: Vec::new(),
            at,
            answers: Vec::new(),
            subjects: Vec::new(),
            contributions: Vec::new(),
            cells: Vec::new(),
            tallies: Vec::new(),
            holdings: Vec::new(),
            keys: Vec::new(),
            erased: Vec::new(),
        }
    }
}

/// Which subjects to list by the day on which they are due, the most urgent first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueQuery {
    /// Those on this page, and whether they only wait there; without one, whatever is due.
    pub on: Option<(Holder, bool)>,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// The area with everything below it.
    pub area: AreaCode,
    /// Due on this day or later.
    pub from: Option<Day>,
    /// Due on this day or earlier; when absent, those on a page that have no clock are listed too, last.
    pub until: Option<Day>,
    /// The day and the opening position of the last row of the page before; no day when that row has no clock.
    pub after: Option<(Option<Day>, Position)>,
    /// At most so many.
    pub limit: usize,
}

/// A search among subjects of one shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchQuery {
    /// Filters, as for a list.
    pub filter: SubjectQuery,
    /// Index terms; all have to be there.
    pub terms: Vec<String>,
}

/// What the search index keeps of one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchEntry {
    /// The position at which the subject was opened: its number in the index.
    pub opened: Position,
    /// Index terms, separated by spaces.
    pub terms: String,
}

/// An account's credentials: the only state that is no event, because a password's verifier must be erasable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// What is typed.
    pub login: String,
    /// The prefecture in whose journal the account is registered.
    pub prefecture: Prefecture,
    /// The account's register entry.
    pub account: SubjectId,
    /// The password's verifier (PHC string).
    pub verifier: String,
    /// Failed attempts since the last good one.
    pub failures: u32,
    /// Locked until, in milliseconds since 1970; 0 when not.
    pub locked_until: i64,
}

/// A signed-in session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Hash of the token; the token itself is only in the cookie.
    pub token_hash: [u8; 32],
    /// The login.
    pub login: String,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: i64,
}

/// A store of journals and what is derived from them.
///
/// Blocking on purpose: one writer thread commits, and readers run on threads of their own.
pub trait Store: Outbox + Send + Sync + 'static {
    /// All prefectures that have a journal, with their heads.
    fn heads(&self) -> Result<Vec<(Prefecture, Head)>, StoreError>;
    /// Whether answers or subjects speak of positions after this one: then records were cut off at the journal's end.
    fn speaks_beyond(&self, prefecture: Prefecture, position: Position) -> Result<bool, StoreError>;
    /// Where one journal ends.
    fn head(&self, prefecture: Prefecture) -> Result<Head, StoreError>;
    /// What the writer needs before it decides a batch, read at one moment.
    fn prepare(
        &self,
        prefecture: Prefecture,
        commands: &[CommandId],
        subjects: &[SubjectId],
    ) -> Result<Prepared, StoreError>;
    /// These subjects, in their order.
    fn subjects(&self, prefecture: Prefecture, ids: &[SubjectId]) -> Result<Vec<Option<SubjectRow>>, StoreError>;
    /// Writes a batch, all or nothing; durable when it returns. `Conflict` when the journal's head is not as expected.
    fn commit(&self, commit: &Commit) -> Result<(), StoreError>;

    /// Journal rows from a position on.
    fn journal(&self, prefecture: Prefecture, from: Position, limit: usize) -> Result<Vec<JournalRow>, StoreError>;
    /// Journal rows at these positions.
    fn journal_at(&self, prefecture: Prefecture, positions: &[Position]) -> Result<Vec<JournalRow>, StoreError>;
    /// The last position recorded at or before a moment; 0 when there is none.
    fn position_at(&self, prefecture: Prefecture, at: i64) -> Result<Position, StoreError>;

    /// Sums of all figures in an area, or of one, by month, or by day (county and above), from the cells.
    fn periods(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        grain: Grain,
        figure: Option<&str>,
    ) -> Result<Vec<PartSum>, StoreError>;
    /// Sums of these figures' parts in an area as of a position, from the contributions.
    fn totals_at(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        at: Position,
        figures: &[(&str, Part, bool)],
    ) -> Result<Vec<PartSum>, StoreError>;
    /// Sums of one figure by day as of a position, from the contributions.
    fn days_at(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        at: Position,
        figure: (&str, Part),
    ) -> Result<Vec<PartSum>, StoreError>;
    /// The contributions behind a figure, by area and position.
    fn contributions(
        &self,
        prefecture: Prefecture,
        query: &ContributionQuery<'_>,
    ) -> Result<Vec<ContributionRow>, StoreError>;
    /// Areas at a level in which any of these figures counts something.
    fn areas_with(
        &self,
        prefecture: Prefecture,
        level: tahuang_domain::Level,
        figures: &[&str],
    ) -> Result<Vec<AreaCode>, StoreError>;

    /// Subjects by kind, state and area, newest first. Only for shapes that are tallied (see [`tallied`]).
    fn list(&self, prefecture: Prefecture, query: &SubjectQuery) -> Result<Vec<SubjectRow>, StoreError>;
    /// Counts of subjects by kind, state and tag in an area, without those withdrawn. Only for shapes that are tallied.
    fn counts(
        &self,
        prefecture: Prefecture,
        shape: Shape,
        area: AreaCode,
    ) -> Result<Vec<(String, State, String, u64)>, StoreError>;
    /// Subjects that are due or stand on a page, by day and then by the order in which they were opened.
    fn due(&self, prefecture: Prefecture, query: &DueQuery) -> Result<Vec<SubjectRow>, StoreError>;
    /// How many subjects [`Store::due`] would list, with no regard to `after` and `limit`.
    fn due_count(&self, prefecture: Prefecture, query: &DueQuery) -> Result<u64, StoreError>;
    /// Every subject of a shape and kind, for the state that is kept in memory (areas, accounts).
    fn all_of_kind(&self, prefecture: Prefecture, shape: Shape, kind: &str) -> Result<Vec<SubjectRow>, StoreError>;

    /// Subjects that have all index terms, newest first.
    fn search(&self, prefecture: Prefecture, query: &SearchQuery) -> Result<Vec<SubjectRow>, StoreError>;
    /// How far the search index has read the journal.
    fn search_position(&self, prefecture: Prefecture) -> Result<Position, StoreError>;
    /// Replaces entries of the search index and notes how far it has read.
    fn index(&self, prefecture: Prefecture, up_to: Position, entries: &[SearchEntry]) -> Result<(), StoreError>;

    /// Some subject's wrapped key, for trying a master key; `None` when nothing is sealed.
    fn any_seal_key(&self) -> Result<Option<(Prefecture, SealKey)>, StoreError>;
    /// A subject's wrapped key.
    fn seal_key(&self, prefecture: Prefecture, subject: SubjectId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Credentials by login.
    fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError>;
    /// All credentials.
    fn all_credentials(&self) -> Result<Vec<Credentials>, StoreError>;
    /// Writes credentials.
    fn put_credentials(&self, credentials: &Credentials) -> Result<(), StoreError>;
    /// A session by the hash of its token.
    fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError>;
    /// Writes a session, and drops those that had ended at this moment, in milliseconds since 1970.
    fn put_session(&self, session: &Session, now: i64) -> Result<(), StoreError>;
    /// Ends one session, or all of a login.
    fn end_sessions(&self, token_hash: Option<&[u8; 32]>, login: Option<&str>) -> Result<(), StoreError>;

    /// By which definitions the derived tables of a prefecture were computed; `None` when that was never noted.
    fn derived_by(&self, prefecture: Prefecture) -> Result<Option<String>, StoreError>;
    /// Notes by which definitions they are computed from now on.
    fn note_derived_by(&self, prefecture: Prefecture, definitions: &str) -> Result<(), StoreError>;
    /// Drops everything of a prefecture that is derived from its journal, and by what it was computed.
    fn clear_derived(&self, prefecture: Prefecture) -> Result<(), StoreError>;
    /// Writes only the derived part of a commit; for rebuilding.
    fn commit_derived(&self, commit: &Commit) -> Result<(), StoreError>;
    /// A dump of the derived tables, row by row in a fixed order, for comparing a rebuilt store with a live one.
    fn derived_dump(&self, prefecture: Prefecture, row: &mut dyn FnMut(&str)) -> Result<(), StoreError>;
    /// Copies the whole store to a new file while it is in use.
    fn backup(&self, path: &std::path::Path) -> Result<(), StoreError>;
    /// Whether the store answers and can be written.
    fn ready(&self) -> Result<(), StoreError>;
}
