//! The threads: one reads the journal on, and each channel has one that sends.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
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
        post.spawn("tahuang-follow", move |stop| follow(&follower, &stop))?;
        for channel in channels.iter() {
            let network = Network::new(channel, Patience::default())?;
            let sender = Sender::open(Arc::clone(app.store()), channel.clone(), app.clock().now_ms())?;
            let (app, code) = (Arc::clone(app), channel.code.clone());
            post.spawn("tahuang-send", move |stop| send(&app, sender, &network, &code, &stop))?;
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

fn follow(follower: &Follower, stop: &Receiver<()>) {
    while rest(stop) {
        if let Err(error) = follower.catch_up() {
            tracing::error!(%error, "the journal could not be followed; it is tried again");
        }
    }
}

fn send(app: &App, mut sender: Sender, network: &dyn Carrier, channel: &str, stop: &Receiver<()>) {
    while rest(stop) {
        loop {
            match sender.send_one(network, &|| app.clock().now_ms()) {
                Ok(Some(DeliveryState::Delivered)) => {}
                Ok(Some(state)) => tracing::warn!(channel, state = state.code(), "a message was not delivered"),
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(channel, %error, "the outbox does not answer; it is tried again");
                    break;
                }
            }
            if !matches!(stop.try_recv(), Err(TryRecvError::Empty)) {
                return;
            }
        }
    }
}
