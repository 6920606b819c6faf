//! What the doors ask: notices of an account, the delivery log, and what a person decides about a message.

use std::collections::HashSet;

use tahuang_app::{Account, App, Asker, QueryError};
use tahuang_domain::{AreaCode, Position, Prefecture, Refusal, Verb};
use tahuang_store::{DeliveryQuery, DeliveryRow, DeliveryState, NoticeQuery, NoticeRow, StoreError};
use uuid::Uuid;

use crate::delivery::{Hand, by_hand};
use crate::limits;
use crate::message::Facts;

/// A notice with what its words are made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// As it is stored.
    pub row: NoticeRow,
    /// What its words are made of.
    pub facts: Facts,
    /// Whether the account has read it.
    pub read: bool,
}

/// A page of an account's notices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notices {
    /// Newest first, one for each journal record.
    pub items: Vec<Notice>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position>,
    /// How many are unread, up to [`limits::UNREAD_MAX`].
    pub unread: u64,
}

/// A message of the delivery log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Whose journal it stands in.
    pub prefecture: Prefecture,
    /// As it is stored.
    pub row: DeliveryRow,
    /// Whether the asker may see what it tells.
    pub readable: bool,
    /// What the asker may decide about it.
    pub decisions: Vec<Hand>,
}

/// Which messages to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryFilter {
    /// About records in this area and below.
    pub area: AreaCode,
    /// In this state.
    pub state: Option<DeliveryState>,
    /// Over this channel.
    pub channel: Option<String>,
    /// The last row of the page before.
    pub before: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// Why a person's decision changes nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HandError {
    /// Not found, or not permitted.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// It was delivered, is being sent, or stands so already.
    #[error("the message is {}", .0.code())]
    NotOpen(DeliveryState),
}

const DAY_MS: i64 = 24 * 60 * limits::MINUTE_MS;

/// A place in the delivery log.
pub type Place = (Position, Uuid);

fn scope_prefecture(area: AreaCode) -> Result<Prefecture, QueryError> {
    area.prefecture().ok_or(QueryError::Invalid("choose a prefecture or below"))
}

fn query(app: &App, account: &Account) -> NoticeQuery {
    let area = account.grant.scope;
    let asker = account.asker();
    let kinds = app.knowledge().catalog.kinds().filter(|kind| app.permit(&asker, Verb::Read, &kind.code, area).is_ok());
    NoticeQuery {
        account: account.id,
        area,
        kinds: kinds.map(|kind| kind.code.clone()).collect(),
        after: 0,
        before: None,
        limit: limits::UNREAD_MAX,
    }
}

/// An account's notices of the last [`limits::NOTICE_DAYS_MAX`] days: those of its area and kinds, and those for itself;
/// never of what it did itself.
///
/// # Errors
/// When the store cannot be read.
pub fn notices(app: &App, account: &Account, before: Option<Position>, limit: usize) -> Result<Notices, QueryError> {
    // An account of a whole region has a journal for each prefecture, and no to-do of its own.
    let Some(prefecture) = account.grant.scope.prefecture() else {
        return Ok(Notices { items: Vec::new(), next: None, unread: 0 });
    };
    let store = app.store();
    let oldest = store.position_at(prefecture, app.clock().now_ms() - limits::NOTICE_DAYS_MAX * DAY_MS)?;
    // What happened before there was the account is no news for it.
    let opened = store.subjects(prefecture, &[account.id])?.into_iter().flatten().next().map_or(0, |row| row.opened);
    let read = store.notices_read(prefecture, account.id)?.max(opened);
    let asked = query(app, account);
    let unread = store.count_notices(prefecture, &NoticeQuery { after: read.max(oldest), ..asked.clone() })?;
    let limit = limit.clamp(1, tahuang_app::limits::PAGE_ROWS_MAX);
    let mut rows = store.notices(prefecture, &NoticeQuery { after: oldest, before, limit: limit + 1, ..asked })?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.position);
    // A record that is told to everybody and to the account is told once; what is for the account stands first.
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert(row.position));
    let notice = |row: NoticeRow| -> Result<Notice, StoreError> {
        let corrupt = |_| StoreError::Corrupt { table: "notices", key: row.position.to_string() };
        let facts = serde_json::from_slice(&row.facts).map_err(corrupt)?;
        Ok(Notice { facts, read: row.position <= read, row })
    };
    Ok(Notices { items: rows.into_iter().map(notice).collect::<Result<_, _>>()?, next, unread })
}

/// Notes that an account has read its notices up to a position.
///
/// # Errors
/// When the store cannot be written; `Invalid` for a position that the journal does not have.
pub fn read_notices(app: &App, account: &Account, position: Position) -> Result<(), QueryError> {
    let Some(prefecture) = account.grant.scope.prefecture() else { return Ok(()) };
    if position > app.store().head(prefecture)?.position {
        return Err(QueryError::Invalid("the journal has no such position yet"));
    }
    Ok(app.store().note_notices_read(prefecture, account.id, position)?)
}

/// Who may read the delivery log: administrators, and those who verify the journal (the offices of a county and above,
/// and the audit administrator).
fn may_see(app: &App, asker: &Asker) -> Result<(), Refusal> {
    app.may(asker, Verb::Administer).or_else(|_| app.may(asker, Verb::Verify))
}

/// Who may send again or dismiss: administrators of accounts and channels, and offices that verify and handle cases; an
/// auditor only looks.
fn may_decide(app: &App, asker: &Asker) -> Result<(), Refusal> {
    app.may(asker, Verb::Administer)
        .or_else(|_| app.may(asker, Verb::Verify).and_then(|()| app.may(asker, Verb::Handle)))
}

/// Messages of the asker's area, newest first. What one tells is readable only for those who may read the record.
///
/// # Errors
/// `NotPermitted`, also outside the asker's area.
pub fn deliveries(
    app: &App,
    asker: &Asker,
    filter: DeliveryFilter,
) -> Result<(Vec<Delivery>, Option<Place>), QueryError> {
    may_see(app, asker)?;
    let DeliveryFilter { area, state, channel, before, limit } = filter;
    if asker.scope().is_some_and(|scope| !scope.contains(area)) {
        return Err(Refusal::NotPermitted.into());
    }
    let prefecture = scope_prefecture(area)?;
    let limit = limit.clamp(1, tahuang_app::limits::PAGE_ROWS_MAX);
    let query = DeliveryQuery { area: Some(area), state, channel, before, limit: limit + 1 };
    let mut rows = app.store().deliveries(prefecture, &query)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| (row.position, row.id));
    let items = rows.into_iter().map(|row| seen(app, asker, prefecture, row)).collect();
    Ok((items, next))
}

fn seen(app: &App, asker: &Asker, prefecture: Prefecture, row: DeliveryRow) -> Delivery {
    let open = |hand: &Hand| may_decide(app, asker).is_ok() && by_hand(&row.step, *hand, row.step.since).is_some();
    let decisions = Hand::ALL.into_iter().filter(open).collect();
    Delivery { prefecture, readable: app.permit(asker, Verb::Read, &row.kind, row.area).is_ok(), decisions, row }
}

/// Sends a message again or dismisses it.
///
/// # Errors
/// `NotPermitted`; `NotFound`, also outside the asker's area; `NotOpen`.
pub fn decide(app: &App, asker: &Asker, id: Uuid, hand: Hand) -> Result<Delivery, HandError> {
    may_decide(app, asker).map_err(QueryError::from)?;
    let store = app.store();
    let heads = store.heads().map_err(QueryError::from)?;
    let mut found = None;
    for (prefecture, _) in heads {
        if let Some(row) = store.delivery(prefecture, id).map_err(QueryError::from)? {
            found =
                Some((prefecture, row)).filter(|(_, row)| asker.scope().is_none_or(|scope| scope.contains(row.area)));
        }
    }
    let (prefecture, row) = found.ok_or(QueryError::NotFound)?;
    let from = (row.step.state, row.step.attempts);
    let step = by_hand(&row.step, hand, app.clock().now_ms()).ok_or(HandError::NotOpen(row.step.state))?;
    match store.step_delivery(prefecture, id, from, &step) {
        Ok(()) => Ok(seen(app, asker, prefecture, DeliveryRow { step, ..row })),
        Err(StoreError::Conflict) => {
            // It moved at this moment; what it is by now is the answer.
            let state = store.delivery(prefecture, id).map_err(QueryError::from)?.map(|row| row.step.state);
            Err(HandError::NotOpen(state.unwrap_or(row.step.state)))
        }
        Err(error) => Err(QueryError::from(error).into()),
    }
}
