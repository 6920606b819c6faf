//! The thread that looks at the day: at the start, after each midnight, and once in an hour, so that a calendar that was
//! changed or a clock that was set right is seen as well.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tahuang_app::{App, shanghai_day};

/// How often it looks whether the day has changed.
const LOOK_SECONDS: u64 = 30;
/// How often it looks at the cases although the day is the same.
const SAME_DAY_MS: i64 = 60 * 60 * 1_000;

/// The running timer; dropped, it stops.
pub struct Timer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Timer {
    /// Starts the thread, which looks at once.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(app: Arc<App>) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let run = move || {
            let mut last: Option<i64> = None;
            loop {
                let now = app.clock().now_ms();
                let due = last.is_none_or(|last| {
                    shanghai_day(last) != shanghai_day(now) || !(0..SAME_DAY_MS).contains(&(now - last))
                });
                if due {
                    match app.chase() {
                        Ok(0) => tracing::debug!("no case is newly due or late"),
                        Ok(told) => tracing::info!(told, "cases were reminded of or escalated"),
                        // It is tried again in a while; what was not told yet is told then.
                        Err(error) => tracing::error!(%error, "what is due could not be looked at"),
                    }
                    let is_new_day = last.is_none_or(|last| shanghai_day(last) != shanghai_day(now));
                    if is_new_day && !app.knowledge().calendar.is_settled(shanghai_day(now)) {
                        tracing::warn!("this year's notice of days off is not in calendar.toml; deadlines may move");
                    }
                    last = Some(now);
                }
                match stopped.recv_timeout(Duration::from_secs(LOOK_SECONDS)) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        let thread = std::thread::Builder::new().name("timer".to_owned()).spawn(run)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
