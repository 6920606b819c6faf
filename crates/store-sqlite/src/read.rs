//! Reading journal, answers, subjects and lists.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use tahuang_domain::{AreaCode, CommandId, Day, Level, Position, Prefecture, Shape, State, SubjectId};
use tahuang_journal::{Hash, genesis};
use tahuang_store::{
    Answer, DueQuery, Head, JournalRow, Outcome, SealKey, SearchQuery, StoreError, SubjectQuery, SubjectRow, tallied,
};
use uuid::Uuid;

use crate::key::{
    NO_DAY, POSITION_BITS, area, day, holder, key, position, prefecture_from_number, prefecture_number, read_gives,
    read_positions, shape, state, state_number,
};
use crate::unavailable;

pub fn heads(connection: &Connection) -> Result<Vec<(Prefecture, Head)>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT position, hash, at, prefecture FROM heads ORDER BY prefecture")
        .map_err(unavailable)?;
    let rows = query
        .query_map([], |row| Ok((row.get::<_, i64>(3)?, read_head(row)?)))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
        .map_err(unavailable)?;
    let corrupt = |number: i64| StoreError::Corrupt { table: "heads", key: number.to_string() };
    let numbers: Vec<i64> = rows.iter().map(|(number, _)| *number).collect();
    if let Some(lost) = journals(connection)?.into_iter().find(|number| !numbers.contains(number)) {
        return Err(corrupt(lost));
    }
    rows.into_iter()
        .map(|(number, head)| Ok((prefecture_from_number(number).ok_or_else(|| corrupt(number))?, head)))
        .collect()
}

/// The prefectures that have journal rows, found by leaping from one to the next: a journal whose head was removed must
/// not be passed over in silence.
fn journals(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    connection
        .prepare_cached(
            "WITH RECURSIVE found (number) AS (
               SELECT (SELECT min(key) FROM journal) >> ?1
               UNION ALL
               SELECT (SELECT min(key) FROM journal WHERE key >= (number + 1) << ?1) >> ?1 FROM found
               WHERE number IS NOT NULL)
             SELECT number FROM found WHERE number IS NOT NULL",
        )
        .and_then(|mut query| query.query_map([POSITION_BITS], |row| row.get(0))?.collect())
        .map_err(unavailable)
}

pub fn head(connection: &Connection, prefecture: Prefecture) -> Result<Head, StoreError> {
    let stored = connection
        .prepare_cached("SELECT position, hash, at FROM heads WHERE prefecture = ?1")
        .and_then(|mut query| query.query_row([prefecture_number(prefecture)], read_head).optional())
        .map_err(unavailable)?;
    Ok(stored.unwrap_or(Head { position: 0, hash: genesis(prefecture), at: 0 }))
}

fn read_head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head { position: row.get::<_, i64>(0)? as Position, hash: Hash(row.get(1)?), at: row.get(2)? })
}

pub fn answers(
    connection: &Connection,
    prefecture: Prefecture,
    ids: &[CommandId],
) -> Result<Vec<Option<Answer>>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT digest, first, count, refusal FROM commands WHERE prefecture = ?1 AND id = ?2")
        .map_err(unavailable)?;
    let prefecture = prefecture_number(prefecture);
    let mut one = |id: &CommandId| {
        query
            .query_row(params![prefecture, id.0.as_bytes()], |row| {
                let refusal: Option<String> = row.get(3)?;
                let outcome = match refusal {
                    None => Outcome::Accepted {
                        first: row.get::<_, i64>(1)? as Position,
                        count: row.get::<_, i64>(2)? as u32,
                    },
                    Some(text) => read_refusal(&text),
                };
                let digest = row.get::<_, i64>(0)?.cast_unsigned();
                Ok(Answer { command: *id, digest, outcome })
            })
            .optional()
    };
    ids.iter().map(&mut one).collect::<rusqlite::Result<_>>().map_err(unavailable)
}

/// Code, length of the field's name (`-` for none), then the name and the message, whatever they hold.
pub fn write_refusal(code: &str, message: &str, field: Option<&str>) -> String {
    let length = field.map_or_else(|| "-".to_owned(), |field| field.len().to_string());
    format!("{code}\n{length}\n{}{message}", field.unwrap_or_default())
}

fn read_refusal(text: &str) -> Outcome {
    let (code, rest) = text.split_once('\n').unwrap_or((text, "-\n"));
    let (length, rest) = rest.split_once('\n').unwrap_or(("-", rest));
    let parted = length.parse().ok().and_then(|length| rest.split_at_checked(length));
    let (field, message) = parted.map_or((None, rest), |(field, message)| (Some(field.to_owned()), message));
    Outcome::Refused { code: code.to_owned(), message: message.to_owned(), field }
}

const SUBJECT: &str =
    "s.key, s.id, s.shape, s.kind, s.area, s.state, s.withdrawn, s.tag, s.due, s.changed, s.history, s.gives, s.body";

/// A row as SQLite gives it, before its numbers are made types.
struct RawSubject {
    key: i64,
    id: [u8; 16],
    shape: i64,
    kind: String,
    area: i64,
    state: i64,
    withdrawn: bool,
    tag: String,
    due: Option<i64>,
    changed: i64,
    history: Vec<u8>,
    gives: Vec<u8>,
    body: Vec<u8>,
}

fn raw_subject(row: &Row<'_>) -> rusqlite::Result<RawSubject> {
    Ok(RawSubject {
        key: row.get(0)?,
        id: row.get(1)?,
        shape: row.get(2)?,
        kind: row.get(3)?,
        area: row.get(4)?,
        state: row.get(5)?,
        withdrawn: row.get(6)?,
        tag: row.get(7)?,
        due: row.get(8)?,
        changed: row.get(9)?,
        history: row.get(10)?,
        gives: row.get(11)?,
        body: row.get(12)?,
    })
}

fn subject(raw: RawSubject) -> Result<SubjectRow, StoreError> {
    Ok(SubjectRow {
        id: SubjectId(Uuid::from_bytes(raw.id)),
        shape: shape(raw.shape)?,
        kind: raw.kind,
        area: area(raw.area, "subjects")?,
        state: state(raw.state)?,
        withdrawn: raw.withdrawn,
        tag: raw.tag,
        due: raw.due.map(day).transpose()?,
        opened: position(raw.key),
        changed: raw.changed as Position,
        history: read_positions(&raw.history),
        gives: read_gives(&raw.gives),
        body: raw.body,
    })
}

pub fn subjects(
    connection: &Connection,
    prefecture: Prefecture,
    ids: &[SubjectId],
) -> Result<Vec<Option<SubjectRow>>, StoreError> {
    let mut query = connection
        .prepare_cached(&format!("SELECT {SUBJECT} FROM subjects s WHERE s.prefecture = ?1 AND s.id = ?2"))
        .map_err(unavailable)?;
    let prefecture = prefecture_number(prefecture);
    ids.iter()
        .map(|id| {
            let raw = query.query_row(params![prefecture, id.0.as_bytes()], raw_subject).optional();
            raw.map_err(unavailable)?.map(subject).transpose()
        })
        .collect()
}

pub fn all_of_kind(
    connection: &Connection,
    prefecture: Prefecture,
    shape: Shape,
    kind: &str,
) -> Result<Vec<SubjectRow>, StoreError> {
    let sql = format!(
        "SELECT {SUBJECT} FROM subjects s WHERE s.prefecture = ?1 AND s.shape = ?2 AND s.kind = ?3 ORDER BY s.key"
    );
    let mut query = connection.prepare_cached(&sql).map_err(unavailable)?;
    let raw: Vec<RawSubject> = query
        .query_map(params![prefecture_number(prefecture), shape.number(), kind], raw_subject)
        .and_then(Iterator::collect)
        .map_err(unavailable)?;
    raw.into_iter().map(subject).collect()
}

/// Lists newest first. High areas hold much of everything, so each (kind, state) is read from its own index run, newest
/// first, and the runs are merged; low areas hold little, so they are read whole and sorted. Shapes of which there are few,
/// like activities, have no index by area and are always read from their runs.
pub fn list(
    connection: &Connection,
    prefecture: Prefecture,
    query: &SubjectQuery,
) -> Result<Vec<SubjectRow>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let prefecture_at = bind(prefecture_number(prefecture).into());
    // As a number, not bound: only so does SQLite see that an index of some shapes holds this one.
    let shape = query.shape.number();
    let low = bind((*query.area.range().start() as i64).into());
    let high = bind((*query.area.range().end() as i64).into());
    let before = bind(key(prefecture, query.before.unwrap_or(Position::MAX)).into());
    let limit = bind((query.limit as i64).into());
    let withdrawn = if query.withdrawn { "" } else { "AND withdrawn = 0" };
    let kinds: Vec<String> = query.kinds.iter().map(|kind| bind(kind.clone().into())).collect();
    let states: Vec<i64> = query.states.iter().map(|state| state_number(*state)).collect();
    let keys = if query.area.level() <= Level::County || !tallied(query.shape) {
        let runs: Vec<String> = kinds
            .iter()
            .flat_map(|kind| states.iter().map(move |state| (kind, state)))
            .map(|(kind, state)| {
                format!(
                    "SELECT * FROM (SELECT key FROM subjects INDEXED BY subjects_by_state WHERE prefecture = {prefecture_at}
                     AND shape = {shape} AND kind = {kind} AND state = {state} AND key < {before}
                     AND area BETWEEN {low} AND {high} {withdrawn} ORDER BY key DESC LIMIT {limit})"
                )
            })
            .collect();
        runs.join(" UNION ALL ")
    } else {
        let states: Vec<String> = states.iter().map(ToString::to_string).collect();
        format!(
            "SELECT key FROM subjects INDEXED BY subjects_by_area WHERE prefecture = {prefecture_at}
             AND shape = {shape} AND area BETWEEN {low} AND {high} AND kind IN ({}) AND state IN ({})
             AND key < {before} {withdrawn}",
            kinds.join(","),
            states.join(",")
        )
    };
    if query.kinds.is_empty() || query.states.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {SUBJECT} FROM (SELECT key AS k FROM ({keys}) ORDER BY k DESC LIMIT {limit})
         JOIN subjects s ON s.key = k ORDER BY k DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(unavailable)?;
    let raw: Vec<RawSubject> =
        statement.query_map(params_from_iter(values), raw_subject).and_then(Iterator::collect).map_err(unavailable)?;
    raw.into_iter().map(subject).collect()
}

/// What a list of what is due reads: the table, and the condition with its values. Only what is open has a day or stands on
/// a page, so the run is short even where much was closed.
fn due_run(prefecture: Prefecture, query: &DueQuery) -> (&'static str, String, Vec<Value>) {
    let mut values = vec![Value::from(prefecture_number(prefecture))];
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let (from, until) = (query.from.map_or(0, Day::number), query.until.map_or(i64::MAX, Day::number));
    let days = format!("due BETWEEN {} AND {}", bind(from.into()), bind(until.into()));
    let (low, high) = (*query.area.range().start() as i64, *query.area.range().end() as i64);
    let place = format!("area BETWEEN {} AND {}", bind(low.into()), bind(high.into()));
    let kinds: Vec<String> = query.kinds.iter().map(|kind| bind(kind.clone().into())).collect();
    let kinds = format!("kind IN ({})", kinds.join(","));
    let (table, whose) = match query.on {
        None => ("subjects INDEXED BY subjects_by_due", "due IS NOT NULL".to_owned()),
        Some((of, waits)) => {
            let whose = format!("holder = {} AND waits = {}", bind(holder(of).into()), bind(i64::from(waits).into()));
            ("holdings", whose)
        }
    };
    (table, format!("prefecture = ?1 AND {whose} AND {days} AND {place} AND {kinds}"), values)
}

/// What is due, the most urgent first.
pub fn due(connection: &Connection, prefecture: Prefecture, query: &DueQuery) -> Result<Vec<SubjectRow>, StoreError> {
    if query.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let (table, condition, mut values) = due_run(prefecture, query);
    let (day_after, key_after) =
        query.after.map_or((0, 0), |(day, position)| (day.map_or(NO_DAY, Day::number), key(prefecture, position)));
    let bound = values.len();
    values.extend([day_after, key_after, query.limit as i64].map(Value::from));
    let sql = format!(
        "SELECT {SUBJECT} FROM (SELECT key AS k, due AS d FROM {table}
         WHERE {condition} AND (due, key) > (?{}, ?{}) ORDER BY due, key LIMIT ?{})
         JOIN subjects s ON s.key = k ORDER BY d, k",
        bound + 1,
        bound + 2,
        bound + 3
    );
    let mut statement = connection.prepare_cached(&sql).map_err(unavailable)?;
    let raw: Vec<RawSubject> =
        statement.query_map(params_from_iter(values), raw_subject).and_then(Iterator::collect).map_err(unavailable)?;
    raw.into_iter().map(subject).collect()
}

pub fn due_count(connection: &Connection, prefecture: Prefecture, query: &DueQuery) -> Result<u64, StoreError> {
    if query.kinds.is_empty() {
        return Ok(0);
    }
    let (table, condition, values) = due_run(prefecture, query);
    let count: i64 = connection
        .prepare_cached(&format!("SELECT count(*) FROM {table} WHERE {condition}"))
        .and_then(|mut statement| statement.query_row(params_from_iter(values), |row| row.get(0)))
        .map_err(unavailable)?;
    Ok(count as u64)
}

pub fn counts(
    connection: &Connection,
    prefecture: Prefecture,
    of_shape: Shape,
    within: AreaCode,
) -> Result<Vec<(String, State, String, u64)>, StoreError> {
    let (low, high) = (*within.range().start() as i64, *within.range().end() as i64);
    let shape = of_shape.number();
    let (sql, upto) = if within.level() <= Level::County {
        let tallied = format!(
            "SELECT kind, state, tag, count FROM tallies
             WHERE prefecture = ?1 AND area BETWEEN ?2 AND ?3 AND shape = {shape} AND count <> 0"
        );
        (tallied, low)
    } else {
        let counted = format!(
            "SELECT kind, state, tag, count(*) FROM subjects INDEXED BY subjects_by_area
             WHERE prefecture = ?1 AND shape = {shape} AND area BETWEEN ?2 AND ?3 AND withdrawn = 0
             GROUP BY kind, state, tag"
        );
        (counted, high)
    };
    let mut query = connection.prepare_cached(&sql).map_err(unavailable)?;
    let rows: Vec<(String, i64, String, i64)> = query
        .query_map(params![prefecture_number(prefecture), low, upto], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .and_then(Iterator::collect)
        .map_err(unavailable)?;
    rows.into_iter().map(|(kind, number, tag, count)| Ok((kind, state(number)?, tag, count as u64))).collect()
}

/// Subjects that have all terms, newest first. The area's own term is in the index, so the intersection is made there.
pub fn search(
    connection: &Connection,
    prefecture: Prefecture,
    query: &SearchQuery,
) -> Result<Vec<SubjectRow>, StoreError> {
    let filter = &query.filter;
    let terms: Vec<String> = query.terms.iter().map(|term| format!("\"{}\"", term.replace('"', ""))).collect();
    let quote = |text: &String| format!("'{}'", text.replace('\'', "''"));
    let kinds: Vec<String> = filter.kinds.iter().map(quote).collect();
    let states: Vec<String> = filter.states.iter().map(|state| state_number(*state).to_string()).collect();
    let withdrawn = if filter.withdrawn { "" } else { "AND s.withdrawn = 0" };
    let sql = format!(
        "SELECT {SUBJECT} FROM search f JOIN subjects s ON s.key = f.rowid
         WHERE f.search MATCH ?1 AND f.rowid < ?2 AND f.rowid > ?3 AND s.shape = ?4 AND s.area BETWEEN ?5 AND ?6
         AND s.kind IN ({}) AND s.state IN ({}) {withdrawn} ORDER BY f.rowid DESC LIMIT ?7",
        kinds.join(","),
        states.join(",")
    );
    let mut statement = connection.prepare_cached(&sql).map_err(unavailable)?;
    let bound = params![
        terms.join(" AND "),
        key(prefecture, filter.before.unwrap_or(Position::MAX)),
        key(prefecture, 0),
        filter.shape.number(),
        *filter.area.range().start() as i64,
        *filter.area.range().end() as i64,
        filter.limit as i64
    ];
    let raw: Vec<RawSubject> =
        statement.query_map(bound, raw_subject).and_then(Iterator::collect).map_err(unavailable)?;
    raw.into_iter().map(subject).collect()
}

pub fn search_position(connection: &Connection, prefecture: Prefecture) -> Result<Position, StoreError> {
    let position: Option<i64> = connection
        .prepare_cached("SELECT position FROM search_progress WHERE prefecture = ?1")
        .and_then(|mut query| query.query_row([prefecture_number(prefecture)], |row| row.get(0)).optional())
        .map_err(unavailable)?;
    Ok(position.unwrap_or(0) as Position)
}

pub fn journal(
    connection: &Connection,
    prefecture: Prefecture,
    from: Position,
    limit: usize,
) -> Result<Vec<JournalRow>, StoreError> {
    let mut query = connection
        .prepare_cached(
            "SELECT key, command, subject, bytes, hash FROM journal WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3",
        )
        .map_err(unavailable)?;
    let bound = params![key(prefecture, from), key(prefecture, Position::MAX), limit as i64];
    query.query_map(bound, journal_row).and_then(Iterator::collect).map_err(unavailable)
}

pub fn journal_at(
    connection: &Connection,
    prefecture: Prefecture,
    positions: &[Position],
) -> Result<Vec<JournalRow>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT key, command, subject, bytes, hash FROM journal WHERE key = ?1")
        .map_err(unavailable)?;
    positions
        .iter()
        .map(|position| {
            let row = query.query_row([key(prefecture, *position)], journal_row).optional().map_err(unavailable)?;
            row.ok_or_else(|| StoreError::Corrupt { table: "journal", key: position.to_string() })
        })
        .collect()
}

fn journal_row(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    // A changed row may hold a blob of any length; `verify` has to say so, not fail to read it.
    let id = |index: usize| -> rusqlite::Result<Uuid> {
        let bytes: Vec<u8> = row.get(index)?;
        Ok(Uuid::from_slice(&bytes).unwrap_or(Uuid::nil()))
    };
    let hash: Vec<u8> = row.get(4)?;
    Ok(JournalRow {
        position: position(row.get(0)?),
        command: CommandId(id(1)?),
        subject: SubjectId(id(2)?),
        bytes: row.get(3)?,
        hash: Hash(hash.try_into().unwrap_or([0; 32])),
    })
}

/// Records never go back in time within a journal, so the moment is found by halving.
pub fn position_at(connection: &Connection, prefecture: Prefecture, at: i64) -> Result<Position, StoreError> {
    let (mut low, mut high) = (0, head(connection, prefecture)?.position);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if journal_at(connection, prefecture, &[middle])?[0].record()?.at <= at {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

pub fn speaks_beyond(connection: &Connection, prefecture: Prefecture, at: Position) -> Result<bool, StoreError> {
    connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM commands WHERE prefecture = ?1 AND refusal IS NULL AND count > 0 AND first > ?2)
             OR EXISTS (SELECT 1 FROM subjects WHERE key > ?3 AND key <= ?4)",
            params![
                prefecture_number(prefecture),
                at as i64,
                key(prefecture, at),
                key(prefecture, Position::MAX)
            ],
            |row| row.get(0),
        )
        .map_err(unavailable)
}

pub fn any_seal_key(connection: &Connection) -> Result<Option<(Prefecture, SealKey)>, StoreError> {
    let found: Option<(i64, [u8; 16], Vec<u8>)> = connection
        .query_row("SELECT prefecture, subject, wrapped FROM seal_keys LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .map_err(unavailable)?;
    let typed = |(number, subject, wrapped): (i64, [u8; 16], Vec<u8>)| {
        let corrupt = || StoreError::Corrupt { table: "seal_keys", key: number.to_string() };
        let subject = SubjectId(Uuid::from_bytes(subject));
        Ok((prefecture_from_number(number).ok_or_else(corrupt)?, SealKey { subject, wrapped }))
    };
    found.map(typed).transpose()
}

pub fn seal_key(
    connection: &Connection,
    prefecture: Prefecture,
    subject: SubjectId,
) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT wrapped FROM seal_keys WHERE prefecture = ?1 AND subject = ?2")
        .and_then(|mut query| {
            query.query_row(params![prefecture_number(prefecture), subject.0.as_bytes()], |row| row.get(0)).optional()
        })
        .map_err(unavailable)
}
