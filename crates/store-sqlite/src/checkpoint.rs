//! Copying the write-ahead log into the database, beside the writer and not in its way.
//!
//! SQLite's own way is that whoever commits copies, and everybody who waits for that commit waits for the copy too. Here
//! a thread with a connection of its own copies what has gathered while commits go on. Only the rest, which is short by
//! then, is copied by the writer, because the log starts again from its beginning when nothing is left in it.

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, DEFAULT_NAME};
use tahuang_store::StoreError;

use crate::unavailable;

/// Pages of 4 KiB that gather before they are copied beside the writer: 64 MiB, so that a page that many commits
/// change is copied once for all of them.
const STEP: i32 = 16_384;
/// Pages that the log may hold before the writer copies the rest itself: 256 MiB.
const LOG_MAX: i32 = 65_536;

/// The thread that copies. It ends when the writer's connection is closed, and is waited for.
pub struct Checkpointer(Option<JoinHandle<()>>);

impl Checkpointer {
    /// Watches what `writer` commits to the file at `path`.
    ///
    /// # Errors
    /// `Unavailable` when a second connection or a thread cannot be had.
    pub fn start(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let copier = Connection::open(path).map_err(unavailable)?;
        copier.execute_batch("PRAGMA synchronous = FULL").map_err(unavailable)?;
        // One waiting wish is enough: whoever copies copies all there is.
        let (wish, wishes) = sync_channel(1);
        let mut asked = 0;
        let watch = move |log: &mut Wal, pages: i32| {
            // Fewer than before: the log has started again from its beginning.
            if pages < asked {
                asked = 0;
            }
            if pages >= LOG_MAX {
                // It cannot fail what is committed already: what was not copied stays in the log for the next time.
                _ = log.checkpoint_v2(CheckpointMode::PASSIVE);
            } else if pages - asked >= STEP {
                asked = pages;
                _ = wish.try_send(());
            }
            Ok(())
        };
        writer.wal_hook(Some(watch)).map_err(unavailable)?;
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || copy(&copier, &wishes))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self(Some(thread)))
    }
}

fn copy(copier: &Connection, wishes: &Receiver<()>) {
    while wishes.recv().is_ok() {
        // As above: a full disk is told to whoever commits.
        _ = copier.wal_checkpoint_v2(DEFAULT_NAME, CheckpointMode::PASSIVE);
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        _ = self.0.take().map(JoinHandle::join);
    }
}
