//! The threads: one reads the journal on, and each channel has one that sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tahuang_app::App;
use tahuang_store::{DeliveryState, StoreError};

use crate::carrier::{Network, Patience};
use crate::channel::{Channel, ChannelError};
use crate::follow::Follower;
use crate::limits;
use crate::rules::Rules;
use crate::sender::{Carrier, Sender, put_in_order};

/// What is counted since the start.
#[derive(Default, Debug)]
pub struct Counters {
    told: AtomicU64,
    by_state: [AtomicU64; DeliveryState::ALL.len()],
}

impl Counters {
    /// Notices and messages that were written.
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    /// Attempts by what became of the message: delivered, waiting (comes again), failed, uncertain.
    pub fn attempts(&self) -> impl Iterator<Item = (DeliveryState, u64)> + '_ {
        DeliveryState::ALL.into_iter().zip(&self.by_state).map(|(state, count)| (state, count.load(Ordering::Relaxed)))
    }

    fn attempted(&self, state: DeliveryState) {
        if let Some(count) = self.by_state.get(state as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Why the threads were not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A channel's certificates.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system gave no thread.
    #[error("no thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// Reads the journal on and sends, until it is dropped. An attempt that is on its way is waited for, so that its answer is
/// written down.
pub struct Post {
    /// Dropped first: the threads end when nobody holds the other side of their channels.
    stops: Vec<SyncSender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Post {
    /// Puts the outbox in order and starts the threads. No channel has to be reachable.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn start(
        app: &Arc<App>,
        rules: &Arc<Rules>,
        channels: Vec<Channel>,
        address: Option<&str>,
        counters: &Arc<Counters>,
    ) -> Result<Self, StartError> {
        let interrupted = put_in_order(&**app.store(), &channels, app.clock().now_ms())?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "messages were being sent when the program ended; see the delivery log");
        }
        let channels = Arc::new(channels);
        let mut post = Self { stops: Vec::new(), threads: Vec::new() };
        let follower = Follower::new(Arc::clone(app), Arc::clone(rules), Arc::clone(&channels), address);
        // Before the server answers anybody: the first start begins at the journal's end of this moment.
        follower.catch_up()?;
        let counted = Arc::clone(counters);
        post.spawn("tahuang-follow", move |stop| follow(&follower, &counted, &stop))?;
        for channel in channels.iter() {
            let network = Network::new(channel, Patience::default())?;
            let sender = Sender::open(Arc::clone(app.store()), channel.clone(), app.clock().now_ms())?;
            let (app, counted, code) = (Arc::clone(app), Arc::clone(counters), channel.code.clone());
            post.spawn("tahuang-send", move |stop| send(&app, sender, &network, &code, &counted, &stop))?;
        }
        Ok(post)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce(Receiver<()>) + Send + 'static) -> std::io::Result<()> {
        let (stop, stopped) = sync_channel(0);
        self.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(move || work(stopped))?);
        self.stops.push(stop);
        Ok(())
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.stops.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread that tells people ended by a panic");
            }
        }
    }
}

/// Waits a moment; `false` when it is time to end.
fn rest(stop: &Receiver<()>) -> bool {
    matches!(stop.recv_timeout(Duration::from_millis(limits::IDLE_MS)), Err(RecvTimeoutError::Timeout))
}

fn follow(follower: &Follower, counters: &Counters, stop: &Receiver<()>) {
    while rest(stop) {
        match follower.catch_up() {
            Ok(told) => _ = counters.told.fetch_add(told, Ordering::Relaxed),
            Err(error) => tracing::error!(%error, "the journal could not be followed; it is tried again"),
        }
    }
}

fn send(app: &App, mut sender: Sender, network: &dyn Carrier, channel: &str, counters: &Counters, stop: &Receiver<()>) {
    while rest(stop) {
        loop {
            match sender.send_one(network, &|| app.clock().now_ms()) {
                Ok(Some(state)) => {
                    counters.attempted(state);
                    if state != DeliveryState::Delivered {
                        tracing::warn!(channel, state = state.code(), "a message was not delivered");
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(channel, %error, "the outbox does not answer; it is tried again");
                    break;
                }
            }
            if !matches!(stop.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty)) {
                return;
            }
        }
    }
}
