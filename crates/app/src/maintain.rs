//! Verifying the journal and rebuilding what is derived from it.

use tahuang_domain::{Position, Prefecture};
use tahuang_journal::{Fault, Hash, Record, Verifier};
use tahuang_store::{Commit, Head, Store, StoreError};

use crate::App;
use crate::knowledge::Knowledge;
use crate::projection::Projection;
use crate::search::index_some;

/// Journal rows that are read in one go.
const CHUNK: usize = 5_000;

/// What was found in one journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verification {
    /// Whose journal.
    pub prefecture: Prefecture,
    /// How many records are in order.
    pub checked: Position,
    /// The hash of the last of them.
    pub hash: Hash,
    /// The first record that is not, and what is wrong with it.
    pub first_bad: Option<(Position, Fault)>,
}

/// How far a rebuilding is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RebuildProgress {
    /// Whose journal.
    pub prefecture: Prefecture,
    /// The last position that was folded.
    pub done: Position,
    /// The journal's last position.
    pub total: Position,
}

impl App {
    /// Walks a journal from its first record. `progress` is told the position now and then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn verify(
        &self,
        prefecture: Prefecture,
        progress: &mut dyn FnMut(Position),
    ) -> Result<Verification, StoreError> {
        verify(&**self.store(), prefecture, progress, &mut |_| {})
    }

    /// Whether what is sealed in the store was sealed under this master key; yes when nothing is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn master_key_fits(&self) -> Result<bool, StoreError> {
        let Some((prefecture, key)) = self.store().any_seal_key()? else { return Ok(true) };
        Ok(self.sealer.knows(prefecture, key.subject, &key.wrapped))
    }

    /// Drops everything derived and folds the journals again.
    ///
    /// # Errors
    /// `Corrupt` when a record cannot be read; verify first.
    pub fn rebuild(&self, progress: &mut dyn FnMut(RebuildProgress)) -> Result<(), StoreError> {
        for (prefecture, head) in self.store().heads()? {
            rebuild(&**self.store(), self.knowledge(), prefecture, head, progress)?;
        }
        Ok(())
    }

    /// The prefectures whose figures were computed by other definitions than this program's: rebuild before they are read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outdated(&self) -> Result<Vec<Prefecture>, StoreError> {
        let mut outdated = Vec::new();
        for (prefecture, head) in self.store().heads()? {
            let by = self.store().derived_by(prefecture)?;
            if head.position > 0 && by.as_deref() != Some(self.knowledge().definitions.as_str()) {
                outdated.push(prefecture);
            }
        }
        Ok(outdated)
    }

    /// Brings the search index up to date; for doors that do not wait for the writer's idle time.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn index_all(&self) -> Result<(), StoreError> {
        for (prefecture, head) in self.store().heads()? {
            index_all(&**self.store(), prefecture, head)?;
        }
        Ok(())
    }
}

fn index_all(store: &dyn Store, prefecture: Prefecture, head: Head) -> Result<(), StoreError> {
    let mut position = store.search_position(prefecture)?;
    while position < head.position {
        position = index_some(store, prefecture, position)?;
    }
    Ok(())
}

/// Walks a journal; `seen` is shown every record that is in order.
pub fn verify(
    store: &dyn Store,
    prefecture: Prefecture,
    progress: &mut dyn FnMut(Position),
    seen: &mut dyn FnMut(&Record),
) -> Result<Verification, StoreError> {
    // The head is read first: records that arrive meanwhile are not missed, they are the next verification's.
    let head = store.head(prefecture)?;
    let mut verifier = Verifier::new(prefecture);
    let mut hash = tahuang_journal::genesis(prefecture);
    let mut last_at = 0;
    let found = |verifier: &Verifier, hash, bad: Option<(Position, Fault)>| Verification {
        prefecture,
        checked: verifier.position(),
        hash,
        first_bad: bad,
    };
    while verifier.position() < head.position {
        let wanted = CHUNK.min((head.position - verifier.position()) as usize);
        let rows = store.journal(prefecture, verifier.position() + 1, wanted)?;
        if rows.is_empty() {
            let expected = verifier.position() + 1;
            return Ok(found(&verifier, hash, Some((expected, Fault::Position { expected }))));
        }
        for row in &rows {
            match verifier.check(row.position, row.command, row.subject, &row.bytes, &row.hash) {
                Ok(record) => {
                    last_at = record.at;
                    seen(&record);
                }
                Err(fault) => return Ok(found(&verifier, hash, Some((verifier.position() + 1, fault)))),
            }
            hash = row.hash;
        }
        progress(verifier.position());
    }
    let beyond = store.journal(prefecture, head.position + 1, 1)?;
    let now = store.head(prefecture)?;
    let bad = match verifier.finish(head.position, &head.hash) {
        Err(fault) => Some((head.position.max(1), fault)),
        Ok(()) if last_at != head.at => Some((head.position.max(1), Fault::Head)),
        Ok(()) if now == head && !beyond.is_empty() => Some((head.position + 1, Fault::BeyondHead)),
        Ok(()) if now == head && store.speaks_beyond(prefecture, head.position)? => {
            Some((head.position + 1, Fault::Position { expected: head.position + 1 }))
        }
        Ok(()) => None,
    };
    Ok(found(&verifier, hash, bad))
}

fn rebuild(
    store: &dyn Store,
    knowledge: &Knowledge,
    prefecture: Prefecture,
    head: Head,
    progress: &mut dyn FnMut(RebuildProgress),
) -> Result<(), StoreError> {
    store.clear_derived(prefecture)?;
    let mut done = 0;
    while done < head.position {
        let rows = store.journal(prefecture, done + 1, CHUNK)?;
        let Some(last) = rows.last() else {
            return Err(StoreError::Corrupt { table: "journal", key: (done + 1).to_string() });
        };
        done = last.position;
        let mut projection = Projection::new(knowledge);
        let mut ids: Vec<_> = rows.iter().map(|row| row.subject).collect();
        ids.sort_unstable();
        ids.dedup();
        for (id, row) in ids.iter().zip(store.subjects(prefecture, &ids)?) {
            projection.load(*id, row)?;
        }
        for row in &rows {
            projection.apply(&row.record()?);
        }
        let mut commit = Commit::empty(prefecture, head, head.at);
        projection.finish(&mut commit);
        store.commit_derived(&commit)?;
        progress(RebuildProgress { prefecture, done, total: head.position });
    }
    store.note_derived_by(prefecture, &knowledge.definitions)?;
    index_all(store, prefecture, head)
}
