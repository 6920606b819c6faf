use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tahuang_domain::Verb;
use utoipa::ToSchema;

use crate::door::{Door, VerificationRun};
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker, moment};

/// The account's journal and its last verification.
#[derive(Serialize, ToSchema)]
pub struct Journal {
    pub journals: Vec<JournalHead>,
    /// The last verification since the server started; `null` when there was none.
    pub verification: Option<Verification>,
}

/// Where a journal ends.
#[derive(Serialize, ToSchema)]
pub struct JournalHead {
    pub prefecture: AreaRef,
    pub position: u64,
    pub hash: String,
    /// When the last record was written; `null` when the journal is empty.
    pub at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Verification {
    /// `running` or `done`.
    pub state: &'static str,
    /// How many records are in order.
    pub checked: u64,
    pub total: u64,
    /// The first record that is not; `null` while none was found.
    pub first_bad: Option<BadRecord>,
    pub started_at: String,
    pub took_ms: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct BadRecord {
    pub prefecture: String,
    pub position: u64,
    /// `hash_mismatch`, `gap`, `column_differs`, `unreadable`, `wrong_head` or `beyond_head`.
    pub reason: &'static str,
}

impl Verification {
    pub fn of(run: &VerificationRun) -> Self {
        let bad = run.found.as_ref().and_then(|found| Some((found.prefecture, found.first_bad.as_ref()?)));
        Self {
            state: if run.took_ms.is_some() { "done" } else { "running" },
            checked: run.checked,
            total: run.total,
            first_bad: bad.map(|(prefecture, (position, fault))| BadRecord {
                prefecture: prefecture.to_string(),
                position: *position,
                reason: fault.code(),
            }),
            started_at: moment(run.started_at),
            took_ms: run.took_ms,
        }
    }
}

/// Says where the journal ends, and what its last verification found
#[utoipa::path(get, path = "/journal", tag = "journal", responses((status = 200, body = Journal, description = "The journal of the account's prefecture")))]
pub async fn read_journal(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Json<Journal>, ApiError> {
    door.app.may(&asker.asker, Verb::Verify)?;
    let prefecture = asker.account.prefecture;
    let read = door.read(move |door| {
        let head = door.app.store().head(prefecture)?;
        let journal = JournalHead {
            prefecture: Speaker::new(door, asker.language).area(prefecture.area()),
            position: head.position,
            hash: head.hash.to_string(),
            at: (head.position > 0).then(|| moment(head.at)),
        };
        let verification = door.verification(prefecture).as_ref().map(Verification::of);
        Ok(Journal { journals: vec![journal], verification })
    });
    read.await.map(Json)
}
