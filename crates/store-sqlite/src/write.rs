//! The commit: everything one batch changes, in one transaction.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use tahuang_domain::{Day, Position, Prefecture};
use tahuang_store::{Commit, ContributionChange, HoldingChange, Outcome, SearchEntry, StoreError};

use crate::key::{NO_DAY, area_number, holder, key, prefecture_number, state_number, write_gives, write_positions};
use crate::{read, unavailable};

/// What of a commit is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Only what is derived from the journal, when it is rebuilt.
    Derived,
}

pub fn commit(connection: &mut Connection, commit: &Commit, extent: Extent) -> Result<(), StoreError> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(unavailable)?;
    if extent == Extent::Whole {
        if read::head(&transaction, commit.prefecture)? != commit.expected {
            return Err(StoreError::Conflict);
        }
        write_journal(&transaction, commit).map_err(unavailable)?;
        write_answers(&transaction, commit).map_err(unavailable)?;
        write_keys(&transaction, commit).map_err(unavailable)?;
    }
    write_subjects(&transaction, commit).map_err(unavailable)?;
    write_contributions(&transaction, commit)?;
    write_cells(&transaction, commit).map_err(unavailable)?;
    write_tallies(&transaction, commit).map_err(unavailable)?;
    write_holdings(&transaction, commit)?;
    transaction.commit().map_err(unavailable)?;
    if extent == Extent::Whole && !commit.erased.is_empty() {
        // Older pages in the log still hold the keys that were destroyed. It cannot fail what is committed already.
        _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    Ok(())
}

fn write_journal(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let mut insert = transaction
        .prepare_cached("INSERT INTO journal (key, command, subject, bytes, hash) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for row in &commit.journal {
        insert.execute(params![
            key(commit.prefecture, row.position),
            row.command.0.as_bytes(),
            row.subject.0.as_bytes(),
            row.bytes,
            row.hash.0
        ])?;
    }
    let Some(last) = commit.journal.last() else { return Ok(()) };
    transaction
        .prepare_cached(
            "INSERT INTO heads (prefecture, position, hash, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (prefecture) DO UPDATE SET position = ?2, hash = ?3, at = ?4",
        )?
        .execute(params![prefecture_number(commit.prefecture), last.position as i64, last.hash.0, commit.at])?;
    Ok(())
}

fn write_answers(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO commands (prefecture, id, digest, first, count, refusal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let prefecture = prefecture_number(commit.prefecture);
    for answer in &commit.answers {
        let (first, count, refusal) = match &answer.outcome {
            Outcome::Accepted { first, count } => (*first as i64, i64::from(*count), None),
            Outcome::Refused { code, message, field } => {
                (0, 0, Some(read::write_refusal(code, message, field.as_deref())))
            }
        };
        let digest = answer.digest.cast_signed();
        insert.execute(params![prefecture, answer.command.0.as_bytes(), digest, first, count, refusal])?;
    }
    Ok(())
}

fn write_keys(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let prefecture = prefecture_number(commit.prefecture);
    // Destroyed first: data that was sealed again in the same batch has a new key.
    for subject in &commit.erased {
        transaction
            .prepare_cached("DELETE FROM seal_keys WHERE prefecture = ?1 AND subject = ?2")?
            .execute(params![prefecture, subject.0.as_bytes()])?;
    }
    for seal in &commit.keys {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO seal_keys (prefecture, subject, wrapped) VALUES (?1, ?2, ?3)")?
            .execute(params![prefecture, seal.subject.0.as_bytes(), seal.wrapped])?;
    }
    Ok(())
}

fn write_subjects(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO subjects (key, prefecture, id, shape, kind, area, state, withdrawn, tag, due, changed, history, gives, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (key) DO UPDATE SET
           area = ?6, state = ?7, withdrawn = ?8, tag = ?9, due = ?10, changed = ?11, history = ?12, gives = ?13, body = ?14",
    )?;
    let prefecture = prefecture_number(commit.prefecture);
    for row in &commit.subjects {
        insert.execute(params![
            key(commit.prefecture, row.opened),
            prefecture,
            row.id.0.as_bytes(),
            row.shape.number(),
            row.kind,
            area_number(row.area),
            state_number(row.state),
            row.withdrawn,
            row.tag,
            row.due.map(Day::number),
            row.changed as i64,
            write_positions(&row.history),
            write_gives(&row.gives),
            row.body
        ])?;
    }
    Ok(())
}

fn write_holdings(transaction: &Transaction<'_>, commit: &Commit) -> Result<(), StoreError> {
    let prefecture = prefecture_number(commit.prefecture);
    for change in &commit.holdings {
        let (HoldingChange::Begun(row) | HoldingChange::Ended(row)) = change;
        let (holder, due) = (holder(row.holder), row.due.map_or(NO_DAY, Day::number));
        let key = key(commit.prefecture, row.opened);
        let changed = match change {
            HoldingChange::Begun(_) => transaction
                .prepare_cached(
                    "INSERT INTO holdings (prefecture, holder, waits, due, key, area, kind)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )
                .and_then(|mut insert| {
                    insert.execute(params![prefecture, holder, row.waits, due, key, area_number(row.area), row.kind])
                }),
            HoldingChange::Ended(_) => transaction
                .prepare_cached(
                    "DELETE FROM holdings WHERE prefecture = ?1 AND holder = ?2 AND waits = ?3 AND due = ?4 AND key = ?5",
                )
                .and_then(|mut delete| delete.execute(params![prefecture, holder, row.waits, due, key])),
        };
        if changed.map_err(unavailable)? != 1 {
            return Err(StoreError::Corrupt { table: "holdings", key: key.to_string() });
        }
    }
    Ok(())
}

fn write_contributions(transaction: &Transaction<'_>, commit: &Commit) -> Result<(), StoreError> {
    let prefecture = prefecture_number(commit.prefecture);
    let mut insert = transaction
        .prepare_cached(
            "INSERT INTO contributions (prefecture, figure, part, area, day, subject, slot, opened, amount, once)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .map_err(unavailable)?;
    let mut close = transaction
        .prepare_cached(
            "UPDATE contributions SET closed = ?8 WHERE prefecture = ?1 AND figure = ?2 AND part = ?3 AND area = ?4
             AND opened = ?5 AND subject = ?6 AND slot = ?7 AND day = ?9 AND closed IS NULL",
        )
        .map_err(unavailable)?;
    for change in &commit.contributions {
        let (ContributionChange::Opened(row) | ContributionChange::Closed(row, _)) = change;
        let (part, area, subject) = (row.part.number(), area_number(row.area), row.subject.0.as_bytes());
        match change {
            ContributionChange::Opened(row) => {
                let opened = row.opened as i64;
                insert
                    .execute(params![
                        prefecture, row.figure, part, area, row.day, subject, row.slot, opened, row.amount, row.once
                    ])
                    .map_err(unavailable)?;
            }
            ContributionChange::Closed(row, at) => {
                let changed = close
                    .execute(params![
                        prefecture,
                        row.figure,
                        part,
                        area,
                        row.opened as i64,
                        subject,
                        row.slot,
                        *at as i64,
                        row.day
                    ])
                    .map_err(unavailable)?;
                if changed != 1 {
                    let key = format!("{} of {}", row.figure, row.subject);
                    return Err(StoreError::Corrupt { table: "contributions", key });
                }
            }
        }
    }
    Ok(())
}

fn write_cells(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let prefecture = prefecture_number(commit.prefecture);
    let mut add = transaction.prepare_cached(
        "INSERT INTO cells (prefecture, area, grain, figure, part, period, amount, records)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET amount = amount + ?7, records = records + ?8",
    )?;
    for cell in &commit.cells {
        add.execute(params![
            prefecture,
            area_number(cell.area),
            cell.grain as i64,
            cell.figure,
            cell.part.number(),
            cell.period,
            cell.delta,
            cell.records
        ])?;
    }
    Ok(())
}

fn write_tallies(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let prefecture = prefecture_number(commit.prefecture);
    let mut add = transaction.prepare_cached(
        "INSERT INTO tallies (prefecture, area, shape, kind, state, tag, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET count = count + ?7",
    )?;
    for tally in &commit.tallies {
        add.execute(params![
            prefecture,
            area_number(tally.area),
            tally.shape.number(),
            tally.kind,
            state_number(tally.state),
            tally.tag,
            tally.delta
        ])?;
    }
    Ok(())
}

/// Replaces entries of the search index. Not part of a commit: the index follows the journal and says how far it is.
pub fn index(
    connection: &mut Connection,
    prefecture: Prefecture,
    up_to: Position,
    entries: &[SearchEntry],
) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(unavailable)?;
    let write = |transaction: &Transaction<'_>| -> rusqlite::Result<()> {
        let indexed: Position = transaction
            .query_row(
                "SELECT position FROM search_progress WHERE prefecture = ?1",
                [prefecture_number(prefecture)],
                |row| row.get::<_, i64>(0),
            )
            .optional()?
            .map_or(0, |position| position as Position);
        let mut delete = transaction.prepare_cached("DELETE FROM search WHERE rowid = ?1")?;
        let mut insert = transaction.prepare_cached("INSERT INTO search (rowid, terms) VALUES (?1, ?2)")?;
        for entry in entries {
            let key = key(prefecture, entry.opened);
            if entry.opened <= indexed {
                delete.execute([key])?;
            }
            insert.execute(params![key, entry.terms])?;
        }
        transaction
            .prepare_cached(
                "INSERT INTO search_progress (prefecture, position) VALUES (?1, ?2)
                 ON CONFLICT (prefecture) DO UPDATE SET position = ?2",
            )?
            .execute(params![prefecture_number(prefecture), up_to as i64])?;
        Ok(())
    };
    write(&transaction).map_err(unavailable)?;
    transaction.commit().map_err(unavailable)
}
