use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{Stream, unfold};
use serde::Serialize;
use tahuang_app::{Asker, ChangeNote};
use tahuang_domain::Verb;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::door::Door;
use crate::limits;
use crate::listeners::Place;
use crate::problem::ApiError;
use crate::session::{self, SignedIn};

/// A change of a record that the account may see.
#[derive(Serialize, ToSchema)]
pub struct Change {
    pub prefecture: String,
    pub position: u64,
    pub subject: Uuid,
    pub kind: String,
    pub area: String,
    /// The event's code.
    pub event: &'static str,
}

/// Follows changes as they happen (server-sent events)
///
/// `event: change` has a `Change` as its data. `event: lagged` says that more happened than is told one by one: read again
/// what is shown. The stream ends with the session.
#[utoipa::path(get, path = "/changes", tag = "changes",
    responses((status = 200, body = Change, content_type = "text/event-stream", description = "A stream without end")))]
pub async fn follow_changes(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Response, ApiError> {
    let place = door.listeners.place(asker.account.id)?;
    let mut response = Sse::new(stream(Listener::new(door, asker, place))).into_response();
    // A proxy that collects an answer before it passes it on would keep changes back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Listener {
    door: Arc<Door>,
    token: String,
    asker: Asker,
    changes: broadcast::Receiver<Arc<Vec<ChangeNote>>>,
    stopping: watch::Receiver<bool>,
    ticks: Interval,
    waiting: VecDeque<Event>,
    _place: Place,
}

impl Listener {
    fn new(door: Arc<Door>, asker: SignedIn, place: Place) -> Self {
        let mut ticks = interval(Duration::from_secs(limits::KEEP_ALIVE_SECONDS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            changes: door.app.changes(),
            stopping: door.stopping.subscribe(),
            door,
            token: asker.token,
            asker: asker.asker,
            ticks,
            waiting: VecDeque::new(),
            _place: place,
        }
    }

    /// The next event; `None` at the end of the session or of the server.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if *self.stopping.borrow() {
                return None;
            }
            tokio::select! {
                _ = self.stopping.changed() => return None,
                _ = self.ticks.tick() => {
                    self.recheck().await?;
                    self.waiting.push_back(Event::default().comment(""));
                }
                received = self.changes.recv() => {
                    // A change is told only to whoever is signed in at that moment, with the role held at that moment.
                    self.recheck().await?;
                    match received {
                        Ok(notes) => self.take(&notes),
                        Err(broadcast::error::RecvError::Lagged(_)) => self.waiting.push_back(lagged()),
                        Err(broadcast::error::RecvError::Closed) => return None,
                    }
                }
            }
        }
    }

    async fn recheck(&mut self) -> Option<()> {
        // A store that does not answer for a moment is no reason to send a listener away; the next look decides.
        match session::account(&self.door, &self.token).await {
            Ok(account) => self.asker = account?.asker(),
            Err(error) => tracing::debug!(%error, "a listener's session could not be looked at"),
        }
        Some(())
    }

    fn take(&mut self, notes: &[ChangeNote]) {
        let seen = |note: &&ChangeNote| self.door.app.permit(&self.asker, Verb::Read, &note.kind, note.area).is_ok();
        let mut seen: Vec<&ChangeNote> = notes.iter().filter(seen).collect();
        let many = seen.len() > limits::CHANGES_AT_ONCE_MAX;
        if many {
            seen.drain(..seen.len() - limits::CHANGES_AT_ONCE_MAX);
        }
        self.waiting.extend(seen.into_iter().map(change));
        if many {
            self.waiting.push_back(lagged());
        }
    }
}

fn stream(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    })
}

fn change(note: &ChangeNote) -> Event {
    let change = Change {
        prefecture: note.prefecture.to_string(),
        position: note.position,
        subject: note.subject.0,
        kind: note.kind.clone(),
        area: note.area.to_string(),
        event: note.event,
    };
    Event::default().event("change").data(serde_json::to_string(&change).unwrap_or_default())
}

fn lagged() -> Event {
    Event::default().event("lagged").data("{}")
}
