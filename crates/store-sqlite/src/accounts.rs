//! Credentials and sessions.

use rusqlite::{Connection, OptionalExtension, Row, params};
use tahuang_domain::SubjectId;
use tahuang_store::{Credentials, Session, StoreError};
use uuid::Uuid;

use crate::key::{prefecture_from_number, prefecture_number};
use crate::unavailable;

const COLUMNS: &str = "login, prefecture, account, verifier, failures, locked_until";

type Raw = (String, i64, [u8; 16], String, u32, i64);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn typed((login, number, account, verifier, failures, locked_until): Raw) -> Result<Credentials, StoreError> {
    let corrupt = || StoreError::Corrupt { table: "credentials", key: login.clone() };
    let prefecture = prefecture_from_number(number).ok_or_else(corrupt)?;
    let account = SubjectId(Uuid::from_bytes(account));
    Ok(Credentials { login, prefecture, account, verifier, failures, locked_until })
}

pub fn credentials(connection: &Connection, login: &str) -> Result<Option<Credentials>, StoreError> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM credentials WHERE login = ?1"))
        .and_then(|mut query| query.query_row([login], raw).optional())
        .map_err(unavailable)?;
    found.map(typed).transpose()
}

pub fn all_credentials(connection: &Connection) -> Result<Vec<Credentials>, StoreError> {
    let found: Vec<Raw> = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM credentials ORDER BY login"))
        .and_then(|mut query| query.query_map([], raw)?.collect())
        .map_err(unavailable)?;
    found.into_iter().map(typed).collect()
}

pub fn put_credentials(connection: &Connection, credentials: &Credentials) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT OR REPLACE INTO credentials (login, prefecture, account, verifier, failures, locked_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                credentials.login,
                prefecture_number(credentials.prefecture),
                credentials.account.0.as_bytes(),
                credentials.verifier,
                credentials.failures,
                credentials.locked_until
            ],
        )
        .map(|_| ())
        .map_err(unavailable)
}

pub fn session(connection: &Connection, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    connection
        .prepare_cached("SELECT login, expires_at FROM sessions WHERE token_hash = ?1")
        .and_then(|mut query| {
            query
                .query_row([token_hash], |row| {
                    Ok(Session { token_hash: *token_hash, login: row.get(0)?, expires_at: row.get(1)? })
                })
                .optional()
        })
        .map_err(unavailable)
}

pub fn put_session(connection: &Connection, session: &Session, now: i64) -> Result<(), StoreError> {
    // Most sessions end by being left, so nobody else would ever drop them.
    connection
        .execute("DELETE FROM sessions WHERE expires_at <= ?1", [now])
        .and_then(|_| {
            connection.execute(
                "INSERT OR REPLACE INTO sessions (token_hash, login, expires_at) VALUES (?1, ?2, ?3)",
                params![session.token_hash, session.login, session.expires_at],
            )
        })
        .map(|_| ())
        .map_err(unavailable)
}

pub fn end_sessions(
    connection: &Connection,
    token_hash: Option<&[u8; 32]>,
    login: Option<&str>,
) -> Result<(), StoreError> {
    connection
        .execute("DELETE FROM sessions WHERE token_hash = ?1 OR login = ?2", params![token_hash, login])
        .map(|_| ())
        .map_err(unavailable)
}
