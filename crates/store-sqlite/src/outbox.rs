//! What is told to people: notices, and messages on their way out.

use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};
use tahuang_domain::{Position, Prefecture, SubjectId};
use tahuang_store::{
    DeliveryQuery, DeliveryRow, DeliveryState, DeliveryStep, NoticeQuery, NoticeRow, Outbox, StoreError, Told,
};
use uuid::Uuid;

use crate::key::{area, area_number, prefecture_number};
use crate::{SqliteStore, unavailable};

/// The account of a notice that is for everybody, and the actor of what no account did.
const NO_ACCOUNT: [u8; 0] = [];

const DELIVERY: &str = "id, position, rule, channel, recipient, subject, kind, area, emergency, message, at, state, \
                        attempts, next_at, since, answer";

type RawDelivery =
    (([u8; 16], i64, String, String, String, [u8; 16], String, i64), (bool, Vec<u8>, i64, i64, u32, i64, i64, String));

fn raw_delivery(row: &Row<'_>) -> rusqlite::Result<RawDelivery> {
    Ok((
        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?),
        (row.get(8)?, row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?, row.get(13)?, row.get(14)?, row.get(15)?),
    ))
}

fn typed_delivery(raw: RawDelivery) -> Result<DeliveryRow, StoreError> {
    let (
        (id, position, rule, channel, recipient, subject, kind, place),
        (emergency, message, at, state, attempts, next_at, since, answer),
    ) = raw;
    let id = Uuid::from_bytes(id);
    let state = delivery_state(state)?;
    Ok(DeliveryRow {
        id,
        position: position as Position,
        rule,
        channel,
        recipient,
        subject: SubjectId(Uuid::from_bytes(subject)),
        kind,
        area: area(place, "outbox")?,
        emergency,
        message,
        at,
        step: DeliveryStep { state, attempts, next_at, since, answer },
    })
}

fn delivery_state(number: i64) -> Result<DeliveryState, StoreError> {
    let known = DeliveryState::ALL.into_iter().find(|state| state.number() == number);
    known.ok_or_else(|| StoreError::Corrupt { table: "outbox", key: format!("state {number}") })
}

fn many<T>(
    connection: &Connection,
    sql: &str,
    values: &[rusqlite::types::Value],
    row: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut query| query.query_map(params_from_iter(values), row)?.collect())
        .map_err(unavailable)
}

fn told_position(connection: &Connection, prefecture: Prefecture) -> Result<Option<Position>, StoreError> {
    connection
        .prepare_cached("SELECT position FROM told WHERE prefecture = ?1")
        .and_then(|mut query| query.query_row([prefecture_number(prefecture)], |row| row.get::<_, i64>(0)).optional())
        .map(|found| found.map(|position| position as Position))
        .map_err(unavailable)
}

fn tell(connection: &mut Connection, prefecture: Prefecture, told: &Told) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(unavailable)?;
    if told_position(&transaction, prefecture)? != told.from {
        return Err(StoreError::Conflict);
    }
    let number = prefecture_number(prefecture);
    let write = || -> rusqlite::Result<()> {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO told (prefecture, position) VALUES (?1, ?2)")?
            .execute(params![number, told.up_to as i64])?;
        let mut notice = transaction.prepare_cached(
            "INSERT OR IGNORE INTO notices (prefecture, position, rule, account, actor, at, subject, kind, area, facts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for row in &told.notices {
            notice.execute(params![
                number,
                row.position as i64,
                row.rule,
                account_bytes(row.account),
                account_bytes(row.actor),
                row.at,
                row.subject.0.as_bytes(),
                row.kind,
                area_number(row.area),
                row.facts
            ])?;
        }
        let mut delivery = transaction.prepare_cached(
            "INSERT OR IGNORE INTO outbox (prefecture, id, position, rule, channel, recipient, subject, kind, area,
               emergency, message, at, state, attempts, next_at, since, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?;
        for row in &told.deliveries {
            delivery.execute(params![
                number,
                row.id.as_bytes(),
                row.position as i64,
                row.rule,
                row.channel,
                row.recipient,
                row.subject.0.as_bytes(),
                row.kind,
                area_number(row.area),
                row.emergency,
                row.message,
                row.at,
                row.step.state.number(),
                row.step.attempts,
                row.step.next_at,
                row.step.since,
                row.step.answer
            ])?;
        }
        Ok(())
    };
    write().map_err(unavailable)?;
    transaction.commit().map_err(unavailable)
}

fn deliveries(
    connection: &Connection,
    prefecture: Prefecture,
    query: &DeliveryQuery,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let mut sql = format!("SELECT {DELIVERY} FROM outbox WHERE prefecture = ?");
    let mut values: Vec<rusqlite::types::Value> = vec![prefecture_number(prefecture).into()];
    if let Some(area) = query.area {
        let range = area.range();
        sql.push_str(" AND area BETWEEN ? AND ?");
        values.extend([(*range.start() as i64).into(), (*range.end() as i64).into()]);
    }
    if let Some(state) = query.state {
        sql.push_str(" AND state = ?");
        values.push(state.number().into());
    }
    if let Some(channel) = &query.channel {
        sql.push_str(" AND channel = ?");
        values.push(channel.clone().into());
    }
    if let Some((position, id)) = query.before {
        sql.push_str(" AND (position, id) < (?, ?)");
        values.extend([(position as i64).into(), id.as_bytes().to_vec().into()]);
    }
    sql.push_str(" ORDER BY position DESC, id DESC LIMIT ?");
    values.push((query.limit as i64).into());
    many(connection, &sql, &values, raw_delivery)?.into_iter().map(typed_delivery).collect()
}

fn account_bytes(account: Option<SubjectId>) -> Vec<u8> {
    account.map_or(NO_ACCOUNT.to_vec(), |account| account.0.as_bytes().to_vec())
}

fn notices_sql(what: &str, query: &NoticeQuery) -> String {
    let kinds = vec!["?"; query.kinds.len()].join(", ");
    format!(
        "SELECT {what} FROM notices WHERE prefecture = ? AND position > ? AND position < ?
         AND area BETWEEN ? AND ? AND account IN (?, ?) AND actor <> ? AND kind IN ({kinds})
         ORDER BY position DESC, account DESC, rule DESC LIMIT ?"
    )
}

fn notices_values(prefecture: Prefecture, query: &NoticeQuery) -> Vec<rusqlite::types::Value> {
    let range = query.area.range();
    let mut values: Vec<rusqlite::types::Value> = vec![
        prefecture_number(prefecture).into(),
        (query.after as i64).into(),
        query.before.map_or(i64::MAX, |before| before as i64).into(),
        (*range.start() as i64).into(),
        (*range.end() as i64).into(),
        NO_ACCOUNT.to_vec().into(),
        query.account.0.as_bytes().to_vec().into(),
        query.account.0.as_bytes().to_vec().into(),
    ];
    values.extend(query.kinds.iter().map(|kind| kind.clone().into()));
    values.push((query.limit as i64).into());
    values
}

type RawNotice = (i64, String, Vec<u8>, Vec<u8>, i64, [u8; 16], String, i64, Vec<u8>);

fn raw_notice(row: &Row<'_>) -> rusqlite::Result<RawNotice> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn typed_notice(raw: RawNotice) -> Result<NoticeRow, StoreError> {
    let (position, rule, account, actor, at, subject, kind, place, facts) = raw;
    let corrupt = || StoreError::Corrupt { table: "notices", key: position.to_string() };
    let account_of = |bytes: &[u8]| match bytes {
        [] => Ok(None),
        bytes => Uuid::from_slice(bytes).map(|id| Some(SubjectId(id))).map_err(|_| corrupt()),
    };
    Ok(NoticeRow {
        position: position as Position,
        rule,
        account: account_of(&account)?,
        actor: account_of(&actor)?,
        at,
        subject: SubjectId(Uuid::from_bytes(subject)),
        kind,
        area: area(place, "notices")?,
        facts,
    })
}

impl Outbox for SqliteStore {
    fn told_position(&self, prefecture: Prefecture) -> Result<Option<Position>, StoreError> {
        told_position(&*self.reader()?, prefecture)
    }

    fn tell(&self, prefecture: Prefecture, told: &Told) -> Result<(), StoreError> {
        tell(&mut self.writer(), prefecture, told)
    }

    fn deliveries(&self, prefecture: Prefecture, query: &DeliveryQuery) -> Result<Vec<DeliveryRow>, StoreError> {
        deliveries(&*self.reader()?, prefecture, query)
    }

    fn delivery(&self, prefecture: Prefecture, id: Uuid) -> Result<Option<DeliveryRow>, StoreError> {
        let sql = format!("SELECT {DELIVERY} FROM outbox WHERE prefecture = ? AND id = ?");
        let values = [prefecture_number(prefecture).into(), id.as_bytes().to_vec().into()];
        let found = many(&*self.reader()?, &sql, &values, raw_delivery)?;
        found.into_iter().next().map(typed_delivery).transpose()
    }

    fn due_deliveries(
        &self,
        prefecture: Prefecture,
        channel: &str,
        now: i64,
        limit: usize,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = format!(
            "SELECT {DELIVERY} FROM outbox WHERE prefecture = ? AND channel = ? AND state = ? AND next_at <= ?
             ORDER BY emergency DESC, next_at, position, id LIMIT ?"
        );
        let waiting = DeliveryState::Waiting.number();
        let values = [
            prefecture_number(prefecture).into(),
            channel.to_owned().into(),
            waiting.into(),
            now.into(),
            (limit as i64).into(),
        ];
        many(&*self.reader()?, &sql, &values, raw_delivery)?.into_iter().map(typed_delivery).collect()
    }

    fn tries_since(
        &self,
        prefecture: Prefecture,
        channel: &str,
        since: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT since FROM outbox WHERE prefecture = ? AND channel = ? AND attempts > 0 AND since >= ?
                   ORDER BY since DESC LIMIT ?";
        let values =
            [prefecture_number(prefecture).into(), channel.to_owned().into(), since.into(), (limit as i64).into()];
        many(&*self.reader()?, sql, &values, |row| row.get(0))
    }

    fn step_delivery(
        &self,
        prefecture: Prefecture,
        id: Uuid,
        from: (DeliveryState, u32),
        to: &DeliveryStep,
    ) -> Result<(), StoreError> {
        let changed = self
            .writer()
            .prepare_cached(
                "UPDATE outbox SET state = ?5, attempts = ?6, next_at = ?7, since = ?8, answer = ?9
                 WHERE prefecture = ?1 AND id = ?2 AND state = ?3 AND attempts = ?4",
            )
            .and_then(|mut change| {
                change.execute(params![
                    prefecture_number(prefecture),
                    id.as_bytes(),
                    from.0.number(),
                    from.1,
                    to.state.number(),
                    to.attempts,
                    to.next_at,
                    to.since,
                    to.answer
                ])
            })
            .map_err(unavailable)?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn delivery_counts(&self, prefecture: Prefecture) -> Result<Vec<(String, DeliveryState, u64)>, StoreError> {
        let sql = "SELECT channel, state, count(*) FROM outbox WHERE prefecture = ? GROUP BY channel, state
                   ORDER BY channel, state";
        let values = [prefecture_number(prefecture).into()];
        let found: Vec<(String, i64, i64)> =
            many(&*self.reader()?, sql, &values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        found.into_iter().map(|(channel, state, count)| Ok((channel, delivery_state(state)?, count as u64))).collect()
    }

    fn notices(&self, prefecture: Prefecture, query: &NoticeQuery) -> Result<Vec<NoticeRow>, StoreError> {
        let sql = notices_sql("position, rule, account, actor, at, subject, kind, area, facts", query);
        let found = many(&*self.reader()?, &sql, &notices_values(prefecture, query), raw_notice)?;
        found.into_iter().map(typed_notice).collect()
    }

    fn count_notices(&self, prefecture: Prefecture, query: &NoticeQuery) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(DISTINCT position) FROM ({})", notices_sql("position", query));
        let found: Vec<i64> = many(&*self.reader()?, &sql, &notices_values(prefecture, query), |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or_default() as u64)
    }

    fn notices_read(&self, prefecture: Prefecture, account: SubjectId) -> Result<Position, StoreError> {
        let sql = "SELECT position FROM notices_read WHERE prefecture = ? AND account = ?";
        let values = [prefecture_number(prefecture).into(), account.0.as_bytes().to_vec().into()];
        let found: Vec<i64> = many(&*self.reader()?, sql, &values, |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or_default() as Position)
    }

    fn note_notices_read(
        &self,
        prefecture: Prefecture,
        account: SubjectId,
        position: Position,
    ) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached(
                "INSERT INTO notices_read (prefecture, account, position) VALUES (?1, ?2, ?3)
                 ON CONFLICT (prefecture, account) DO UPDATE SET position = max(position, excluded.position)",
            )
            .and_then(|mut note| {
                note.execute(params![prefecture_number(prefecture), account.0.as_bytes(), position as i64])
            })
            .map(|_| ())
            .map_err(unavailable)
    }
}
