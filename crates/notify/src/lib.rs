//! Telling people: who is told of what, in which words, over which channel, once.
//!
//! A [`follow::Follower`] reads the journal and decides by the rules of `catalog/notices.toml` ([`rules`]) who is told:
//! notices for the pages, and messages in the outbox. A [`sender::Sender`] takes one message after the other and hands it
//! to the network. Everything that decides is pure and gets the time as an argument: what a channel is sent ([`message`]),
//! how fast ([`pace`]), when not ([`quiet`]), what an answer means ([`verdict`]), and what then becomes of the message
//! ([`delivery`]). Only [`carrier`] talks to the network, and only [`post`] has threads.
//!
//! **Architecture invariants:** a message is marked as being sent, on disk, before it leaves; a message that may have
//! arrived is sent again only where the receiver drops repetitions; none is dropped, each ends where somebody sees it.
//! No personal value is read here: a message is made of kind, title, area, day and state, with long numbers masked.
//!
//! Deliberately absent: telling of rows from ledgers (they tell of what is over), phone numbers and short messages, and
//! any rule in Rust. To tell of something else, add a rule to the catalog; to tell it over something else, an arm in
//! [`channel`], [`message`] and [`verdict`].

pub mod carrier;
pub mod channel;
pub mod delivery;
pub mod desk;
pub mod follow;
pub mod message;
pub mod pace;
pub mod post;
pub mod quiet;
pub mod rules;
pub mod sender;
pub mod sign;
pub mod text;
pub mod verdict;

/// Limits of telling, in one place.
pub mod limits {
    /// A minute, in milliseconds.
    pub const MINUTE_MS: i64 = 60 * 1_000;
    /// Journal records that are read at a time.
    pub const FOLLOW_RECORDS_MAX: usize = 1_000;
    /// Channels that are configured.
    pub const CHANNELS_MAX: usize = 32;
    /// Bytes of a channel's code.
    pub const CHANNEL_CODE_BYTES_MAX: usize = 40;
    /// Recipients of one channel.
    pub const RECIPIENTS_MAX: usize = 50;
    /// Messages that wait for one channel; one more is written as failed, where it is seen.
    pub const WAITING_MAX: u64 = 2_000;
    /// Bytes of a text that a WeCom robot takes.
    pub const WECOM_TEXT_BYTES_MAX: usize = 2_048;
    /// Bytes of a text that a DingTalk robot takes.
    pub const DINGTALK_TEXT_BYTES_MAX: usize = 16_000;
    /// Bytes of a mail's text.
    pub const MAIL_TEXT_BYTES_MAX: usize = 64_000;
    /// Bytes of a mail's subject line.
    pub const MAIL_SUBJECT_BYTES_MAX: usize = 200;
    /// Bytes that are kept of what a channel said.
    pub const ANSWER_BYTES_MAX: usize = 300;
    /// Bytes of an answer that are read.
    pub const ANSWER_READ_BYTES_MAX: u64 = 64 * 1_024;
    /// Seconds in which a line has to stand.
    pub const CONNECT_SECONDS_MAX: u64 = 5;
    /// Seconds that an attempt may take in all.
    pub const ATTEMPT_SECONDS_MAX: u64 = 10;
    /// How long a channel is left alone after its first failure; twice as long after each further one.
    pub const BACKOFF_FIRST_MS: i64 = 30 * 1_000;
    /// How long it is left alone at most, but for a fifth by lot.
    pub const BACKOFF_MAX_MS: i64 = 60 * MINUTE_MS;
    /// The longest `Retry-After` that is obeyed.
    pub const RETRY_AFTER_MS_MAX: i64 = 60 * MINUTE_MS;
    /// How long DingTalk blocks a robot that was asked too often.
    pub const DINGTALK_BLOCK_MS: i64 = 10 * MINUTE_MS;
    /// How often a message is tried.
    pub const ATTEMPTS_MAX: u32 = 20;
    /// How long a message is tried, from when it was written.
    pub const AGE_MS_MAX: i64 = 24 * 60 * MINUTE_MS;
    /// How often it is tried at least, however old it is.
    pub const ATTEMPTS_MIN: u32 = 3;
    /// Milliseconds between two looks at the journal and the outbox when there is nothing to do.
    pub const IDLE_MS: u64 = 500;
    /// Notices that are counted as unread; beyond, a page says "and more".
    pub const UNREAD_MAX: usize = 100;
    /// Accounts of an office that are told of what was escalated to it.
    pub const OFFICE_ACCOUNTS_MAX: usize = 100;
    /// Days for which notices are shown.
    pub const NOTICE_DAYS_MAX: i64 = 60;
    /// Rows that are moved at a time when the outbox is put in order at the start.
    pub const RECOVER_ROWS: usize = 200;
}
