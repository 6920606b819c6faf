//! What is told to people: notices on the pages, and messages that go out over a channel.
//!
//! Not derived: that a message went out cannot be computed again. How far the journal has been read is kept in the same
//! transaction as what came of it, so that no record is told twice and none is passed over.

use tahuang_domain::{AreaCode, Position, Prefecture, SubjectId};
use uuid::Uuid;

use crate::StoreError;

/// Where a message stands on its way out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DeliveryState {
    /// Waits for its time.
    Waiting,
    /// Is being sent; after a crash nobody knows whether it went out.
    Sending,
    /// The channel took it.
    Delivered,
    /// The channel refused it for good, or it was tried for too long.
    Failed,
    /// Nobody knows whether it went out: a person decides.
    Uncertain,
    /// A person decided that it is not sent.
    Dismissed,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Delivered, Self::Failed, Self::Uncertain, Self::Dismissed];

    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Dismissed => "dismissed",
        }
    }

    /// A small number that stores keep instead of the code.
    pub const fn number(self) -> i64 {
        self as i64
    }
}

/// A notice on the pages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeRow {
    /// The journal record that it tells of.
    pub position: Position,
    /// The rule by which it is told.
    pub rule: String,
    /// Only for this account; for everybody who may read the record when absent.
    pub account: Option<SubjectId>,
    /// Who did what it tells of, and is not told; absent when that was nobody with an account.
    pub actor: Option<SubjectId>,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// The record it is about.
    pub subject: SubjectId,
    /// Its kind.
    pub kind: String,
    /// Its area.
    pub area: AreaCode,
    /// What the words are made of, as JSON.
    pub facts: Vec<u8>,
}

/// A message on its way over one channel to one recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryRow {
    /// Derived from what it tells and to whom, so that it is one message however often it is thought of.
    pub id: Uuid,
    /// The journal record that it tells of.
    pub position: Position,
    /// The rule by which it is told.
    pub rule: String,
    /// The channel's code.
    pub channel: String,
    /// To whom, where a channel has several recipients; empty otherwise.
    pub recipient: String,
    /// The record it is about.
    pub subject: SubjectId,
    /// Its kind.
    pub kind: String,
    /// Its area.
    pub area: AreaCode,
    /// It goes before others, and at night.
    pub emergency: bool,
    /// The message, as JSON.
    pub message: Vec<u8>,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Where it stands.
    pub step: DeliveryStep,
}

/// What changes of a message on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryStep {
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this moment, in milliseconds since 1970.
    pub next_at: i64,
    /// Since when it stands so.
    pub since: i64,
    /// What the channel said last, or a code that says why it was not asked.
    pub answer: String,
}

/// What came of reading a piece of the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// How far the journal had been read; `None` when it had not been begun.
    pub from: Option<Position>,
    /// How far it has been read with this.
    pub up_to: Position,
    /// New notices.
    pub notices: Vec<NoticeRow>,
    /// New messages; one that is there already stays as it is.
    pub deliveries: Vec<DeliveryRow>,
}

/// Which messages to list, newest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeliveryQuery {
    /// In these areas and below; everywhere when absent.
    pub area: Option<AreaCode>,
    /// In this state.
    pub state: Option<DeliveryState>,
    /// Over this channel.
    pub channel: Option<String>,
    /// The position and id of the last row of the page before.
    pub before: Option<(Position, Uuid)>,
    /// At most so many.
    pub limit: usize,
}

/// Which notices to list, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeQuery {
    /// For this account, which is not told of what it did itself.
    pub account: SubjectId,
    /// Of records in this area and below.
    pub area: AreaCode,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// Of records after this position.
    pub after: Position,
    /// Of records before this position.
    pub before: Option<Position>,
    /// At most so many.
    pub limit: usize,
}

/// The part of a store that keeps what is told to people.
pub trait Outbox {
    /// How far the journal has been read for it; `None` when it was never begun.
    fn told_position(&self, prefecture: Prefecture) -> Result<Option<Position>, StoreError>;
    /// Writes what came of reading on, all or nothing. `Conflict` when the journal had been read to another place.
    fn tell(&self, prefecture: Prefecture, told: &Told) -> Result<(), StoreError>;

    /// Messages, newest first.
    fn deliveries(&self, prefecture: Prefecture, query: &DeliveryQuery) -> Result<Vec<DeliveryRow>, StoreError>;
    /// One message.
    fn delivery(&self, prefecture: Prefecture, id: Uuid) -> Result<Option<DeliveryRow>, StoreError>;
    /// Messages that wait for a channel and whose time has come: emergencies first, then the longest due.
    fn due_deliveries(
        &self,
        prefecture: Prefecture,
        channel: &str,
        now: i64,
        limit: usize,
    ) -> Result<Vec<DeliveryRow>, StoreError>;
    /// When the newest messages of a channel were tried that were tried at or after this moment, newest first.
    fn tries_since(
        &self,
        prefecture: Prefecture,
        channel: &str,
        since: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError>;
    /// Moves a message on; durable when it returns. `Conflict` when it does not stand where it was thought to.
    fn step_delivery(
        &self,
        prefecture: Prefecture,
        id: Uuid,
        from: (DeliveryState, u32),
        to: &DeliveryStep,
    ) -> Result<(), StoreError>;
    /// How many messages there are by channel and state.
    fn delivery_counts(&self, prefecture: Prefecture) -> Result<Vec<(String, DeliveryState, u64)>, StoreError>;

    /// Notices, newest first.
    fn notices(&self, prefecture: Prefecture, query: &NoticeQuery) -> Result<Vec<NoticeRow>, StoreError>;
    /// How many notices [`Outbox::notices`] would list, at most `limit`.
    fn count_notices(&self, prefecture: Prefecture, query: &NoticeQuery) -> Result<u64, StoreError>;
    /// Up to which position an account has read its notices; 0 when it never did.
    fn notices_read(&self, prefecture: Prefecture, account: SubjectId) -> Result<Position, StoreError>;
    /// Notes up to which position an account has read its notices; never goes back.
    fn note_notices_read(
        &self,
        prefecture: Prefecture,
        account: SubjectId,
        position: Position,
    ) -> Result<(), StoreError>;
}
