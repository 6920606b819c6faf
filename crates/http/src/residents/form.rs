//! The ticket in a form: made by this server for one place, good once and for some hours, and with it the proof that
//! somebody's machine has worked a little. A forged form is turned away before anything is read from the disk.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tahuang_app::{App, derived_id};
use tahuang_domain::{AreaCode, CommandId, SubjectId};

use super::limits;

const PURPOSE: &str = "resident form";
const MARK_BYTES: usize = 12;
/// Seconds since 1970, a random part, the mark.
const TICKET_BYTES: usize = 4 + 12 + MARK_BYTES;

/// A form's ticket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket([u8; TICKET_BYTES]);

/// Why a form is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormFault {
    /// It was not made here, or for another place.
    Forged,
    /// It was sent sooner than a person can.
    TooSoon,
    /// It lay too long; the page has to be opened again.
    TooOld,
}

impl Ticket {
    /// A new ticket for the form of a place.
    pub fn new(app: &App, area: AreaCode) -> Self {
        let mut bytes = [0; TICKET_BYTES];
        let seconds = u32::try_from(app.clock().now_ms() / 1_000).unwrap_or(u32::MAX);
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        app.ids().random(&mut bytes[4..TICKET_BYTES - MARK_BYTES]);
        let mark = app.mark(PURPOSE, &marked(&bytes, area));
        bytes[TICKET_BYTES - MARK_BYTES..].copy_from_slice(&mark[..MARK_BYTES]);
        Self(bytes)
    }

    /// The ticket that a form brought back.
    ///
    /// # Errors
    /// See [`FormFault`].
    pub fn read(app: &App, area: AreaCode, text: &str) -> Result<Self, FormFault> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        let bytes: [u8; TICKET_BYTES] = bytes.ok_or(FormFault::Forged)?;
        if !app.is_mark(PURPOSE, &marked(&bytes, area), &bytes[TICKET_BYTES - MARK_BYTES..]) {
            return Err(FormFault::Forged);
        }
        let ticket = Self(bytes);
        let age = app.clock().now_ms() / 1_000 - ticket.made_at() / 1_000;
        match age {
            _ if age < limits::FORM_SECONDS_MIN => Err(FormFault::TooSoon),
            _ if age > limits::FORM_SECONDS_MAX => Err(FormFault::TooOld),
            _ => Ok(ticket),
        }
    }

    /// When it was made, in milliseconds since 1970. What is asked is of that day: sent again after midnight, the form says
    /// the same.
    pub fn made_at(&self) -> i64 {
        let [a, b, c, d, ..] = self.0;
        i64::from(u32::from_be_bytes([a, b, c, d])) * 1_000
    }

    /// The case that comes of the form. Sent twice, as a weak line makes people do, the form is the same command on the
    /// same case, and has one receipt.
    pub fn case(&self) -> SubjectId {
        SubjectId(derived_id("resident form: case", &[&self.0]))
    }

    /// The command that opens it.
    pub fn command(&self) -> CommandId {
        CommandId(derived_id("resident form: command", &[&self.0]))
    }

    /// Whether the sender's machine has found a number that makes the hash begin with enough zeros.
    pub fn is_worked_for(&self, proof: &str) -> bool {
        if proof.is_empty() || proof.len() > 16 {
            return false;
        }
        let hash = Sha256::digest(format!("{self}:{proof}"));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= limits::PROOF_BITS
    }
}

impl std::fmt::Display for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

fn marked(bytes: &[u8; TICKET_BYTES], area: AreaCode) -> Vec<u8> {
    [&bytes[..TICKET_BYTES - MARK_BYTES], &area.number().to_be_bytes()].concat()
}
