//! Sends the messages of one channel, one after the other.
//!
//! [`Sender::take`] chooses a message and marks it as being sent, on disk; [`Carrier::carry`] hands it to the network;
//! [`Sender::settle`] writes down what came of it. A crash between any two of them is a case that [`put_in_order`] knows.

use std::sync::Arc;

use tahuang_domain::Prefecture;
use tahuang_store::{DeliveryQuery, DeliveryRow, DeliveryState, DeliveryStep, Store, StoreError};

use crate::channel::Channel;
use crate::delivery::{Course, orphaned, restored};
use crate::follow::course;
use crate::limits;
use crate::message::{Message, Parcel, parcel};
use crate::pace::{Pace, backoff_ms};
use crate::verdict::{Attempt, Verdict, judge};

/// Hands parcels to the network.
pub trait Carrier {
    /// Hands one over and waits for an answer, within bounds.
    fn carry(&self, parcel: &Parcel) -> Attempt;
}

/// Sends the messages of one channel.
pub struct Sender {
    store: Arc<dyn Store>,
    channel: Channel,
    pace: Pace,
    /// What could not be written down yet.
    unsettled: Option<Settled>,
}

/// A message that is being sent.
pub struct Taken {
    prefecture: Prefecture,
    row: DeliveryRow,
    /// What is sent.
    pub parcel: Parcel,
}

struct Settled {
    prefecture: Prefecture,
    row: DeliveryRow,
    to: DeliveryStep,
}

impl Sender {
    /// A sender that keeps the pace in which the channel was asked before it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(store: Arc<dyn Store>, channel: Channel, now: i64) -> Result<Self, StoreError> {
        let allowance = channel.of.allowance();
        let mut tries = Vec::new();
        for (prefecture, _) in store.heads()? {
            let since = now - allowance.window_ms;
            tries.extend(store.tries_since(prefecture, &channel.code, since, allowance.messages)?);
        }
        Ok(Self { store, channel, pace: Pace::new(allowance, tries), unsettled: None })
    }

    /// The next message, marked as being sent; `None` when there is none, or not yet.
    ///
    /// # Errors
    /// When the store cannot be read or written; nothing is sent then.
    pub fn take(&mut self, now: i64) -> Result<Option<Taken>, StoreError> {
        if let Some(settled) = self.unsettled.take() {
            self.write(settled)?;
        }
        if self.pace.ready_at() > now {
            return Ok(None);
        }
        for (prefecture, _) in self.store.heads()? {
            let due = self.store.due_deliveries(prefecture, &self.channel.code, now, 1)?;
            if let Some(row) = due.into_iter().next()
                && let Some(taken) = self.mark(prefecture, row, now)?
            {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }

    fn mark(&mut self, prefecture: Prefecture, row: DeliveryRow, now: i64) -> Result<Option<Taken>, StoreError> {
        let Some(step) = self.course(&row).take(&row.step, now) else { return Ok(None) };
        let from = (row.step.state, row.step.attempts);
        let Ok(message) = serde_json::from_slice::<Message>(&row.message) else {
            // It would stand before all others for ever.
            let answer = "unreadable".to_owned();
            let failed = DeliveryStep { state: DeliveryState::Failed, since: now, answer, ..row.step };
            self.store.step_delivery(prefecture, row.id, from, &failed)?;
            return Ok(None);
        };
        match self.store.step_delivery(prefecture, row.id, from, &step) {
            Ok(()) => {}
            // Somebody dismissed it at this moment.
            Err(StoreError::Conflict) => return Ok(None),
            Err(error) => return Err(error),
        }
        self.pace.tried(now);
        let parcel = parcel(&self.channel, row.id, &row.recipient, &message, now);
        Ok(Some(Taken { prefecture, row: DeliveryRow { step, ..row }, parcel }))
    }

    /// Writes down what came of a message, and gives where it stands.
    ///
    /// # Errors
    /// When the store cannot be written. What was to be written is kept and written before the next message is taken.
    pub fn settle(&mut self, taken: Taken, attempt: &Attempt, now: i64) -> Result<DeliveryState, StoreError> {
        let Taken { prefecture, row, .. } = taken;
        let verdict = judge(self.channel.of, attempt);
        let seed = row.id.as_u64_pair().0;
        match &verdict {
            Verdict::Delivered { .. } | Verdict::Refused { .. } => self.pace.works(),
            Verdict::Later { hold_ms: Some(hold_ms), .. } => self.pace.hold_until(now + hold_ms),
            Verdict::Later { hold_ms: None, .. } | Verdict::Unknown { .. } => self.pace.failed(now, seed),
        }
        let to = self.course(&row).settle(&row.step, &verdict, backoff_ms(row.step.attempts, seed), now);
        let state = to.state;
        self.write(Settled { prefecture, row, to })?;
        Ok(state)
    }

    fn write(&mut self, settled: Settled) -> Result<(), StoreError> {
        let from = (settled.row.step.state, settled.row.step.attempts);
        match self.store.step_delivery(settled.prefecture, settled.row.id, from, &settled.to) {
            Ok(()) => Ok(()),
            // Nobody else moves a message that is being sent; should it have happened, what is written there stands.
            Err(StoreError::Conflict) => {
                tracing::error!(id = %settled.row.id, "a message was moved while it was being sent");
                Ok(())
            }
            Err(error) => {
                self.unsettled = Some(settled);
                Err(error)
            }
        }
    }

    /// Takes, carries and settles one message; `None` when there was none to send.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn send_one(
        &mut self,
        carrier: &dyn Carrier,
        now: &dyn Fn() -> i64,
    ) -> Result<Option<DeliveryState>, StoreError> {
        let Some(taken) = self.take(now())? else { return Ok(None) };
        let attempt = carrier.carry(&taken.parcel);
        self.settle(taken, &attempt, now()).map(Some)
    }

    fn course(&self, row: &DeliveryRow) -> Course {
        course(&self.channel, row.emergency, row.at)
    }
}

/// Moves on what was being sent when the program ended, before anything is sent.
///
/// # Errors
/// When the store cannot be read or written.
pub fn put_in_order(store: &dyn Store, channels: &[Channel], now: i64) -> Result<u64, StoreError> {
    move_all(store, DeliveryState::Sending, &|row| {
        let channel = channels.iter().find(|channel| channel.code == row.channel);
        match channel {
            Some(channel) => course(channel, row.emergency, row.at).recover(&row.step, now),
            None => orphaned(&row.step, now),
        }
    })
}

/// Keeps back what waits in data that comes from a backup: it may have gone out after the copy was made.
///
/// # Errors
/// When the store cannot be read or written.
pub fn keep_back(store: &dyn Store, now: i64) -> Result<u64, StoreError> {
    let mut kept = 0;
    for state in [DeliveryState::Waiting, DeliveryState::Sending] {
        kept += move_all(store, state, &|row| restored(&row.step, now))?;
    }
    Ok(kept)
}

fn move_all(
    store: &dyn Store,
    state: DeliveryState,
    to: &dyn Fn(&DeliveryRow) -> DeliveryStep,
) -> Result<u64, StoreError> {
    let mut moved = 0;
    for (prefecture, _) in store.heads()? {
        let query = DeliveryQuery { state: Some(state), limit: limits::RECOVER_ROWS, ..DeliveryQuery::default() };
        loop {
            let rows = store.deliveries(prefecture, &query)?;
            for row in &rows {
                store.step_delivery(prefecture, row.id, (row.step.state, row.step.attempts), &to(row))?;
                moved += 1;
            }
            if rows.len() < limits::RECOVER_ROWS {
                break;
            }
        }
    }
    Ok(moved)
}
