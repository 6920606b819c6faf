//! Rebuilding, comparing, copying.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, params};
use tahuang_domain::{Position, Prefecture};
use tahuang_store::StoreError;

use crate::key::{key, prefecture_number};
use crate::unavailable;

pub fn derived_by(connection: &Connection, prefecture: Prefecture) -> Result<Option<String>, StoreError> {
    connection
        .prepare_cached("SELECT definitions FROM derived_by WHERE prefecture = ?1")
        .and_then(|mut query| query.query_row([prefecture_number(prefecture)], |row| row.get(0)).optional())
        .map_err(unavailable)
}

pub fn note_derived_by(connection: &Connection, prefecture: Prefecture, definitions: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO derived_by (prefecture, definitions) VALUES (?1, ?2)")
        .and_then(|mut note| note.execute(params![prefecture_number(prefecture), definitions]))
        .map(|_| ())
        .map_err(unavailable)
}

pub fn clear_derived(connection: &mut Connection, prefecture: Prefecture) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(unavailable)?;
    let number = prefecture_number(prefecture);
    let clear = || -> rusqlite::Result<()> {
        let (low, high) = (key(prefecture, 0), key(prefecture, Position::MAX));
        transaction.execute("DELETE FROM search WHERE rowid BETWEEN ?1 AND ?2", params![low, high])?;
        transaction.execute("DELETE FROM search_progress WHERE prefecture = ?1", [number])?;
        transaction.execute("DELETE FROM subjects WHERE key BETWEEN ?1 AND ?2", params![low, high])?;
        transaction.execute("DELETE FROM contributions WHERE prefecture = ?1", [number])?;
        transaction.execute("DELETE FROM cells WHERE prefecture = ?1", [number])?;
        transaction.execute("DELETE FROM derived_by WHERE prefecture = ?1", [number])?;
        transaction.execute("DELETE FROM tallies WHERE prefecture = ?1", [number])?;
        transaction.execute("DELETE FROM holdings WHERE prefecture = ?1", [number])?;
        Ok(())
    };
    // Nothing derived is secret, and overwriting it would take as long again as deleting it.
    let cleared = transaction.execute_batch("PRAGMA secure_delete = OFF").and_then(|()| clear());
    transaction.execute_batch("PRAGMA secure_delete = ON").map_err(unavailable)?;
    cleared.map_err(unavailable)?;
    transaction.commit().map_err(unavailable)
}

pub fn derived_dump(
    connection: &Connection,
    prefecture: Prefecture,
    line: &mut dyn FnMut(&str),
) -> Result<(), StoreError> {
    // A cell that came back to zero and one that never was say the same.
    let tables = [
        "SELECT 'subject', * FROM subjects WHERE prefecture = ?1 ORDER BY key",
        "SELECT 'contribution', * FROM contributions WHERE prefecture = ?1
         ORDER BY figure, part, area, opened, subject, slot, day",
        "SELECT 'cell', * FROM cells WHERE prefecture = ?1 AND (amount <> 0 OR records <> 0)
         ORDER BY area, grain, figure, part, period",
        "SELECT 'holding', * FROM holdings WHERE prefecture = ?1 ORDER BY holder, waits, due, key",
        "SELECT 'tally', * FROM tallies WHERE prefecture = ?1 AND count <> 0 ORDER BY area, shape, kind, state, tag",
    ];
    let mut dump = || -> rusqlite::Result<()> {
        for sql in tables {
            let mut query = connection.prepare(sql)?;
            let columns = query.column_count();
            let mut rows = query.query([prefecture_number(prefecture)])?;
            while let Some(row) = rows.next()? {
                let mut text = String::new();
                for column in 0..columns {
                    match row.get_ref(column)? {
                        ValueRef::Null => text.push('-'),
                        ValueRef::Integer(number) => _ = write!(text, "{number}"),
                        ValueRef::Real(number) => _ = write!(text, "{number}"),
                        ValueRef::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                        ValueRef::Blob(bytes) => bytes.iter().for_each(|byte| _ = write!(text, "{byte:02x}")),
                    }
                    text.push('\t');
                }
                line(&text);
            }
        }
        Ok(())
    };
    dump().map_err(unavailable)
}

pub fn backup(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let text = path.to_str().ok_or_else(|| StoreError::Unavailable("the file name is no text".to_owned()))?;
    if path.exists() {
        return Err(StoreError::Unavailable(format!("{text} exists already")));
    }
    // Written beside and moved into place when it is whole: a full disk must not leave a file that looks like a backup.
    let beside = format!("{text}.writing");
    _ = std::fs::remove_file(&beside);
    // VACUUM INTO reads one snapshot, so the copy is of one moment even while commands go on arriving.
    let copied = connection
        .execute_batch("PRAGMA query_only = OFF")
        .and_then(|()| connection.execute("VACUUM INTO ?1", [&beside]));
    connection.execute_batch("PRAGMA query_only = ON").map_err(unavailable)?;
    let moved = copied.map_err(unavailable).and_then(|_| {
        let synced = std::fs::File::open(&beside).and_then(|file| file.sync_all());
        synced.and_then(|()| std::fs::rename(&beside, path)).map_err(|error| StoreError::Unavailable(error.to_string()))
    });
    if moved.is_err() {
        _ = std::fs::remove_file(&beside);
    }
    moved
}

pub fn ready(connection: &Connection) -> Result<(), StoreError> {
    // On a file that may only be read SQLite begins an immediate transaction all the same; it refuses the first change.
    let transaction = connection.unchecked_transaction().map_err(unavailable)?;
    transaction.execute("UPDATE heads SET at = at WHERE prefecture = -1", []).map_err(unavailable)?;
    transaction.rollback().map_err(unavailable)
}
