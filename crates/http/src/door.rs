//! What every handler works with, and the gates that keep slow work bounded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tahuang_app::{Answered, App, Asker, SubmitError, Verification};
use tahuang_domain::{Command, Prefecture};
use tahuang_intake::Ledgers;
use tahuang_notify::rules::Rules;
use tahuang_press::Fonts;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use crate::imports::Imports;
use crate::limits;
use crate::listeners::Listeners;
use crate::metrics::Metrics;
use crate::pages::Assets;
use crate::problem::ApiError;
use crate::residents::Paces;
use crate::words::Words;

/// What the server's configuration says about this door.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The session's cookie is sent over TLS only, whatever a request says of itself.
    pub secure_cookies: bool,
    /// Addresses of proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where people open the pages, for codes on paper; when absent, the address of whoever prints.
    pub address: Option<String>,
    /// A directory with fonts for papers, besides those of the system.
    pub fonts: Option<PathBuf>,
}

/// The door's state, shared by all requests.
pub struct Door {
    pub(crate) app: Arc<App>,
    pub(crate) ledgers: Arc<Ledgers>,
    pub(crate) words: Words,
    /// In which words people are told of what happened.
    pub(crate) rules: Rules,
    pub(crate) settings: Settings,
    pub(crate) assets: Box<dyn Assets>,
    /// What papers are printed with.
    pub(crate) fonts: Fonts,
    pub(crate) metrics: Metrics,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) verifications: Mutex<HashMap<Prefecture, VerificationRun>>,
    pub(crate) imports: Imports,
    /// How often residents' forms come.
    pub(crate) paces: Paces,
    /// How often forged ones do.
    pub(crate) forgers: Paces,
    pub(crate) stopping: watch::Sender<bool>,
    /// Before a workbook's bytes are taken in and read. Apart from `runs`, so that a preview does not wait for the end of
    /// a long import.
    pub(crate) previews: Gate,
    /// Before a file's bytes are taken in, cleaned and written.
    pub(crate) uploads: Gate,
    /// Before a workbook is brought in.
    pub(crate) runs: Gate,
    /// Before a paper is printed.
    pub(crate) prints: Gate,
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
    /// When `catalog/words.toml` is no TOML or `catalog/notices.toml` has a mistake, which their tests find first.
    pub fn new(app: Arc<App>, ledgers: Arc<Ledgers>, settings: Settings, assets: Box<dyn Assets>) -> Arc<Self> {
        let rules = Rules::bundled(&app.knowledge().catalog).unwrap_or_else(|error| panic!("{error}"));
        Arc::new(Self {
            app,
            ledgers,
            words: Words::bundled(),
            fonts: Fonts::installed(settings.fonts.as_deref()),
            rules,
            settings,
            assets,
            metrics: Metrics::default(),
            listeners: Arc::default(),
            verifications: Mutex::default(),
            imports: Imports::default(),
            paces: Paces::default(),
            forgers: Paces::default(),
            stopping: watch::Sender::new(false),
            previews: Gate::new(limits::PREVIEWS_MAX, limits::PREVIEWS_WAITING_MAX),
            uploads: Gate::new(limits::UPLOADS_MAX, limits::UPLOADS_WAITING_MAX),
            runs: Gate::new(limits::RUNS_MAX, limits::RUNS_WAITING_MAX),
            prints: Gate::new(limits::PRINTS_MAX, limits::PRINTS_WAITING_MAX),
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

    /// Sends commands and waits until they are on disk.
    pub(crate) async fn submit(
        &self,
        prefecture: Prefecture,
        asker: Asker,
        commands: Vec<Command>,
    ) -> Result<Vec<Answered>, ApiError> {
        let (send, receive) = oneshot::channel();
        // A sender that has gone away is no fault; its commands are done all the same.
        let reply = Box::new(move |answers| _ = send.send(answers));
        self.app.submit_then(prefecture, asker, commands, reply)?;
        Ok(receive.await.unwrap_or(Err(SubmitError::Stopped))?)
    }

    /// Sends one command and waits until it is on disk.
    pub(crate) async fn submit_one(
        &self,
        prefecture: Prefecture,
        asker: Asker,
        command: Command,
    ) -> Result<Answered, ApiError> {
        let answers = self.submit(prefecture, asker, vec![command]).await?;
        answers.into_iter().next().ok_or(ApiError::Stopping)
    }

    /// Does something in its turn, on a thread that may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        turn: Turn,
        work: impl FnOnce(&Arc<Self>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let door = Arc::clone(self);
        // The turn goes along: a request that its sender gives up still holds its place until the work is done.
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
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    /// Those who are in and those who wait.
    line: Arc<Semaphore>,
}

/// A place in a gate's line, until it is dropped.
pub(crate) struct InLine {
    _line: OwnedSemaphorePermit,
}

/// Somebody's turn at a gate, until it is dropped.
pub(crate) struct Turn {
    _place: OwnedSemaphorePermit,
    _line: InLine,
}

impl Gate {
    fn new(at_a_time: usize, waiting_max: usize) -> Self {
        let line = Arc::new(Semaphore::new(at_a_time + waiting_max));
        Self { places: Arc::new(Semaphore::new(at_a_time)), line }
    }

    /// A place in the line, or `Busy`. At once, for those who answer before it is their turn.
    pub(crate) fn line_up(&self) -> Result<InLine, ApiError> {
        Arc::clone(&self.line).try_acquire_owned().map(|_line| InLine { _line }).map_err(|_| ApiError::Busy)
    }

    /// Waits for the turn of whoever lined up.
    pub(crate) async fn turn_of(&self, line: InLine) -> Result<Turn, ApiError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| ApiError::Stopping)?;
        Ok(Turn { _place: place, _line: line })
    }

    /// Lines up and waits.
    pub(crate) async fn turn(&self) -> Result<Turn, ApiError> {
        self.turn_of(self.line_up()?).await
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn whoever_finds_the_line_full_is_turned_away_and_whoever_waits_comes_in_turn() {
        let gate = Gate::new(1, 1);
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(first)) = pin!(gate.turn()).poll(&mut context) else { panic!("nobody is before it") };
        let mut second = pin!(gate.turn());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert_eq!(gate.line_up().err(), Some(ApiError::Busy));
        drop(first);
        assert!(matches!(second.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
        assert!(gate.line_up().is_ok());
    }
}
