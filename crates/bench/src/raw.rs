//! Raw SQLite: what the disk and the library can do at most.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

/// Rows a second into one table, durable, 1,000 rows a transaction.
pub fn insert(path: &Path, rows: usize) -> f64 {
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 65536;
             CREATE TABLE journal (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
        )
        .unwrap();
    let bytes = vec![b'x'; 300];
    let started = Instant::now();
    for group in 0..rows / 1_000 {
        let transaction = connection.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached("INSERT INTO journal (key, bytes) VALUES (?1, ?2)").unwrap();
            for row in 0..1_000 {
                insert.execute(params![(group * 1_000 + row) as i64, bytes]).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
    rows as f64 / started.elapsed().as_secs_f64()
}
