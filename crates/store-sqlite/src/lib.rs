//! The store in one SQLite file.
//!
//! One connection writes, behind a lock and with `synchronous = FULL` in WAL mode: a commit that returned is on disk. A
//! small pool of read-only connections serves everything else and never waits for the writer.
//!
//! Deliberately absent: decisions, and any knowledge of what a record means. Each file holds the statements of one part:
//! [`write`] the commit, [`read`] subjects and journal, [`figures`] the sums, [`accounts`] credentials and sessions.

mod accounts;
mod checkpoint;
mod figures;
mod key;
mod maintain;
mod outbox;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use checkpoint::Checkpointer;
use rusqlite::{Connection, OpenFlags};
use tahuang_domain::{AreaCode, CommandId, Level, Position, Prefecture, Shape, State, SubjectId};
use tahuang_figures::{Grain, Part};
use tahuang_store::{
    Commit, ContributionQuery, ContributionRow, Credentials, DueQuery, Head, JournalRow, PartSum, Prepared, SealKey,
    SearchEntry, SearchQuery, Session, Store, StoreError, SubjectQuery, SubjectRow,
};

/// The schema's version that this program writes and knows.
pub const SCHEMA_VERSION: i64 = 3;
const APPLICATION_ID: i64 = 0x5448_4751; // "THGQ"
/// Idle read connections that are kept open.
const READERS_MAX: usize = 8;

/// A store in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Last, because it ends when the writer's connection is closed.
    _checkpointer: Checkpointer,
}

impl SqliteStore {
    /// Opens the file, or creates it with its tables.
    ///
    /// # Errors
    /// `Newer` when a newer program wrote it, `Unavailable` when it cannot be opened or is no database of ours.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut writer = Connection::open(path).map_err(unavailable)?;
        writer.busy_timeout(std::time::Duration::from_secs(10)).map_err(unavailable)?;
        // Whose file it is comes first: nothing of another program's or of a newer version's is changed.
        let age = age(&writer)?;
        // Deleted content is overwritten: an erased key must not be found again in a free page.
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
                 PRAGMA cache_size = -65536; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
            )
            .map_err(unavailable)?;
        writer.set_prepared_statement_cache_capacity(64);
        match age {
            Age::New => create(&writer)?,
            Age::Older => upgrade(&mut writer)?,
            Age::Same => {}
        }
        let checkpointer = Checkpointer::start(path, &mut writer)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            _checkpointer: checkpointer,
        })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(&self.path, flags).map_err(unavailable)?;
                connection
                    .execute_batch(
                        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;
                         PRAGMA mmap_size = 1073741824;",
                    )
                    .map_err(unavailable)?;
                connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(unavailable)?;
                connection.set_prepared_statement_cache_capacity(64);
                connection
            }
        };
        Ok(Reader { store: self, connection: Some(connection) })
    }
}

/// A read connection that goes back to the pool.
struct Reader<'s> {
    store: &'s SqliteStore,
    connection: Option<Connection>,
}

impl std::ops::Deref for Reader<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection.as_ref().unwrap_or_else(|| unreachable!("present until dropped"))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut pool = self.store.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < READERS_MAX {
            pool.extend(self.connection.take());
        }
    }
}

/// What a file is to this program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    New,
    Older,
    Same,
}

/// Whether the file is empty; otherwise it has to be ours and of a version we know.
fn age(connection: &Connection) -> Result<Age, StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(unavailable);
    let application = number("PRAGMA application_id")?;
    match number("PRAGMA user_version")? {
        0 if application == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 => Ok(Age::New),
        SCHEMA_VERSION if application == APPLICATION_ID => Ok(Age::Same),
        1..SCHEMA_VERSION if application == APPLICATION_ID => Ok(Age::Older),
        found if application == APPLICATION_ID && found > SCHEMA_VERSION => {
            Err(StoreError::Newer { found, known: SCHEMA_VERSION })
        }
        _ => Err(StoreError::Unavailable("the file is a database of another program".to_owned())),
    }
}

fn create(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(&format!(
            "BEGIN; {} {} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;",
            include_str!("schema/kept.sql"),
            include_str!("schema/derived.sql"),
        ))
        .map_err(unavailable)
}

/// Adds the kept tables that an older file lacks and makes the derived ones anew. They are empty then, and nothing says
/// by what they were derived, so they are filled at the next start.
fn upgrade(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(unavailable)?;
    let derived =
        ["derived_by", "subjects", "contributions", "cells", "tallies", "holdings", "search", "search_progress"];
    let drops: String = derived.iter().map(|table| format!("DROP TABLE IF EXISTS {table};")).collect();
    transaction
        .execute_batch(&format!(
            "{drops} {} {} PRAGMA user_version = {SCHEMA_VERSION};",
            include_str!("schema/kept.sql"),
            include_str!("schema/derived.sql"),
        ))
        .map_err(unavailable)?;
    transaction.commit().map_err(unavailable)
}

fn unavailable(error: rusqlite::Error) -> StoreError {
    match &error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            rusqlite::ErrorCode::DatabaseCorrupt => StoreError::Corrupt { table: "sqlite", key: error.to_string() },
            rusqlite::ErrorCode::NotADatabase => StoreError::Unavailable("the file is no SQLite database".to_owned()),
            rusqlite::ErrorCode::DiskFull => StoreError::Unavailable("the disk is full".to_owned()),
            _ => StoreError::Unavailable(error.to_string()),
        },
        // A column holds what this program never writes there.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => {
            StoreError::Corrupt { table: "sqlite", key: error.to_string() }
        }
        _ => StoreError::Unavailable(error.to_string()),
    }
}

impl Store for SqliteStore {
    fn heads(&self) -> Result<Vec<(Prefecture, Head)>, StoreError> {
        read::heads(&*self.reader()?)
    }

    fn speaks_beyond(&self, prefecture: Prefecture, position: Position) -> Result<bool, StoreError> {
        read::speaks_beyond(&*self.reader()?, prefecture, position)
    }

    fn head(&self, prefecture: Prefecture) -> Result<Head, StoreError> {
        read::head(&*self.reader()?, prefecture)
    }

    fn prepare(
        &self,
        prefecture: Prefecture,
        commands: &[CommandId],
        subjects: &[SubjectId],
    ) -> Result<Prepared, StoreError> {
        // On the writer's connection, whose cache is warm with the newest pages, and in one transaction, so that
        // SQLite takes its locks once and not for every look-up.
        let writer = self.writer();
        let moment = writer.unchecked_transaction().map_err(unavailable)?;
        Ok(Prepared {
            head: read::head(&moment, prefecture)?,
            answers: read::answers(&moment, prefecture, commands)?,
            subjects: read::subjects(&moment, prefecture, subjects)?,
        })
    }

    fn subjects(&self, prefecture: Prefecture, ids: &[SubjectId]) -> Result<Vec<Option<SubjectRow>>, StoreError> {
        let reader = self.reader()?;
        let moment = reader.unchecked_transaction().map_err(unavailable)?;
        read::subjects(&moment, prefecture, ids)
    }

    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        write::commit(&mut self.writer(), commit, write::Extent::Whole)
    }

    fn commit_derived(&self, commit: &Commit) -> Result<(), StoreError> {
        write::commit(&mut self.writer(), commit, write::Extent::Derived)
    }

    fn journal(&self, prefecture: Prefecture, from: Position, limit: usize) -> Result<Vec<JournalRow>, StoreError> {
        read::journal(&*self.reader()?, prefecture, from, limit)
    }

    fn journal_at(&self, prefecture: Prefecture, positions: &[Position]) -> Result<Vec<JournalRow>, StoreError> {
        read::journal_at(&*self.reader()?, prefecture, positions)
    }

    fn position_at(&self, prefecture: Prefecture, at: i64) -> Result<Position, StoreError> {
        read::position_at(&*self.reader()?, prefecture, at)
    }

    fn periods(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        grain: Grain,
        figure: Option<&str>,
    ) -> Result<Vec<PartSum>, StoreError> {
        figures::periods(&*self.reader()?, prefecture, area, grain, figure)
    }

    fn totals_at(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        at: Position,
        wanted: &[(&str, Part, bool)],
    ) -> Result<Vec<PartSum>, StoreError> {
        figures::totals_at(&*self.reader()?, prefecture, area, at, wanted)
    }

    fn days_at(
        &self,
        prefecture: Prefecture,
        area: AreaCode,
        at: Position,
        figure: (&str, Part),
    ) -> Result<Vec<PartSum>, StoreError> {
        figures::days_at(&*self.reader()?, prefecture, area, at, figure)
    }

    fn contributions(
        &self,
        prefecture: Prefecture,
        query: &ContributionQuery<'_>,
    ) -> Result<Vec<ContributionRow>, StoreError> {
        figures::contributions(&*self.reader()?, prefecture, query)
    }

    fn areas_with(&self, prefecture: Prefecture, level: Level, wanted: &[&str]) -> Result<Vec<AreaCode>, StoreError> {
        figures::areas_with(&*self.reader()?, prefecture, level, wanted)
    }

    fn list(&self, prefecture: Prefecture, query: &SubjectQuery) -> Result<Vec<SubjectRow>, StoreError> {
        read::list(&*self.reader()?, prefecture, query)
    }

    fn counts(
        &self,
        prefecture: Prefecture,
        shape: Shape,
        area: AreaCode,
    ) -> Result<Vec<(String, State, String, u64)>, StoreError> {
        read::counts(&*self.reader()?, prefecture, shape, area)
    }

    fn due(&self, prefecture: Prefecture, query: &DueQuery) -> Result<Vec<SubjectRow>, StoreError> {
        read::due(&*self.reader()?, prefecture, query)
    }

    fn due_count(&self, prefecture: Prefecture, query: &DueQuery) -> Result<u64, StoreError> {
        read::due_count(&*self.reader()?, prefecture, query)
    }

    fn all_of_kind(&self, prefecture: Prefecture, shape: Shape, kind: &str) -> Result<Vec<SubjectRow>, StoreError> {
        read::all_of_kind(&*self.reader()?, prefecture, shape, kind)
    }

    fn search(&self, prefecture: Prefecture, query: &SearchQuery) -> Result<Vec<SubjectRow>, StoreError> {
        read::search(&*self.reader()?, prefecture, query)
    }

    fn search_position(&self, prefecture: Prefecture) -> Result<Position, StoreError> {
        read::search_position(&*self.reader()?, prefecture)
    }

    fn index(&self, prefecture: Prefecture, up_to: Position, entries: &[SearchEntry]) -> Result<(), StoreError> {
        write::index(&mut self.writer(), prefecture, up_to, entries)
    }

    fn any_seal_key(&self) -> Result<Option<(Prefecture, SealKey)>, StoreError> {
        read::any_seal_key(&*self.reader()?)
    }

    fn seal_key(&self, prefecture: Prefecture, subject: SubjectId) -> Result<Option<Vec<u8>>, StoreError> {
        read::seal_key(&*self.reader()?, prefecture, subject)
    }

    fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError> {
        accounts::credentials(&*self.reader()?, login)
    }

    fn all_credentials(&self) -> Result<Vec<Credentials>, StoreError> {
        accounts::all_credentials(&*self.reader()?)
    }

    fn put_credentials(&self, credentials: &Credentials) -> Result<(), StoreError> {
        accounts::put_credentials(&self.writer(), credentials)
    }

    fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        accounts::session(&*self.reader()?, token_hash)
    }

    fn put_session(&self, session: &Session, now: i64) -> Result<(), StoreError> {
        accounts::put_session(&self.writer(), session, now)
    }

    fn end_sessions(&self, token_hash: Option<&[u8; 32]>, login: Option<&str>) -> Result<(), StoreError> {
        accounts::end_sessions(&self.writer(), token_hash, login)
    }

    fn derived_by(&self, prefecture: Prefecture) -> Result<Option<String>, StoreError> {
        maintain::derived_by(&*self.reader()?, prefecture)
    }

    fn note_derived_by(&self, prefecture: Prefecture, definitions: &str) -> Result<(), StoreError> {
        maintain::note_derived_by(&self.writer(), prefecture, definitions)
    }

    fn clear_derived(&self, prefecture: Prefecture) -> Result<(), StoreError> {
        maintain::clear_derived(&mut self.writer(), prefecture)
    }

    fn derived_dump(&self, prefecture: Prefecture, row: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        maintain::derived_dump(&*self.reader()?, prefecture, row)
    }

    fn backup(&self, path: &Path) -> Result<(), StoreError> {
        maintain::backup(&*self.reader()?, path)
    }

    fn ready(&self) -> Result<(), StoreError> {
        maintain::ready(&self.writer())
    }
}
