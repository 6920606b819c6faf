//! What every handler works with, and the gates that keep slow work bounded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tahuang_app::{App, Verification};
use tahuang_domain::Prefecture;
use tahuang_intake::Ledgers;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::imports::Imports;
use crate::limits;
use crate::metrics::Metrics;
use crate::pages::Assets;
use crate::problem::ApiError;
use crate::words::Words;

/// What the server's configuration says about this door.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The session's cookie is sent over TLS only, whatever a request says of itself.
    pub secure_cookies: bool,
    /// Addresses of proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// The door's state, shared by all requests.
pub struct Door {
    pub(crate) app: Arc<App>,
    pub(crate) ledgers: Arc<Ledgers>,
    pub(crate) words: Words,
    pub(crate) settings: Settings,
    pub(crate) assets: Box<dyn Assets>,
    pub(crate) metrics: Metrics,
    pub(crate) listeners: Arc<Semaphore>,
    pub(crate) verifications: Mutex<HashMap<Prefecture, VerificationRun>>,
    pub(crate) imports: Imports,
    /// Held while a workbook is brought in.
    pub(crate) import_turn: Mutex<()>,
    pub(crate) stopping: watch::Sender<bool>,
    reads: Gate,
    passwords: Gate,
}

/// A verification of a journal that was asked for here: the last one of each journal is remembered.
#[derive(Clone, Debug)]
pub(crate) struct VerificationRun {
    pub started_at: i64,
    /// How far it is, while it runs.
    pub checked: u64,
    pub total: u64,
    pub took_ms: Option<i64>,
    /// What it found; `None` while it runs.
    pub found: Option<Verification>,
}

impl Door {
    /// A door to an application.
    ///
    /// # Panics
    /// When `catalog/words.toml` is no TOML, which its test finds first.
    pub fn new(app: Arc<App>, ledgers: Arc<Ledgers>, settings: Settings, assets: Box<dyn Assets>) -> Arc<Self> {
        Arc::new(Self {
            app,
            ledgers,
            words: Words::bundled(),
            settings,
            assets,
            metrics: Metrics::default(),
            listeners: Arc::new(Semaphore::new(limits::LISTENERS_MAX)),
            verifications: Mutex::default(),
            imports: Imports::default(),
            import_turn: Mutex::default(),
            stopping: watch::Sender::new(false),
            reads: Gate::new(limits::READS_MAX, limits::READS_WAITING_MAX),
            passwords: Gate::new(limits::PASSWORDS_MAX, limits::PASSWORDS_WAITING_MAX),
        })
    }

    /// Ends the answers that would otherwise never end, so that the server can stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Does something that reads or writes the store, on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self.reads.turn().await?;
        self.blocking(turn, work).await
    }

    /// Does something that hashes a password, on a thread that may block.
    pub(crate) async fn with_password<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self.passwords.turn().await?;
        self.blocking(turn, work).await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        turn: OwnedSemaphorePermit,
        work: impl FnOnce(&Arc<Self>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let door = Arc::clone(self);
        // The permit goes along: a request that its sender gives up still holds its place until the work is done.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&door)
        });
        done.await.unwrap_or_else(|error| Err(ApiError::Internal(format!("a blocking task failed: {error}"))))
    }

    pub(crate) fn verification(&self, prefecture: Prefecture) -> Option<VerificationRun> {
        self.verifications.lock().unwrap_or_else(PoisonError::into_inner).get(&prefecture).cloned()
    }
}

/// Lets a few in at a time and a bounded number wait.
struct Gate {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
}

impl Gate {
    fn new(at_a_time: usize, waiting_max: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_a_time)), waiting: AtomicUsize::new(0), waiting_max }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        /// Counts itself out, also when the request is given up while it waits.
        struct Waiting<'g>(&'g AtomicUsize);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.waiting_max {
            return Err(ApiError::Busy);
        }
        Arc::clone(&self.places).acquire_owned().await.map_err(|_| ApiError::Stopping)
    }
}
