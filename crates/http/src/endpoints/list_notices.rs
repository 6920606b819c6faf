use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::Position;
use tahuang_notify::desk;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cursor;
use crate::door::Door;
use crate::input::{Json, Query, page_rows};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker, moment};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticesQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows on the page, from 1 to 500; 50 when absent.
    limit: Option<usize>,
}

/// A page of notices, newest first.
#[derive(Serialize, ToSchema)]
pub struct Notices {
    pub items: Vec<Notice>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// How many are unread, counted up to 100.
    pub unread: u64,
}

/// What somebody is told of.
#[derive(Serialize, ToSchema)]
pub struct Notice {
    /// The journal position of what it tells of; send the highest one shown to `mark_notices_read`.
    pub position: u64,
    pub at: String,
    /// The record it is about.
    pub subject: Uuid,
    pub kind: String,
    pub area: AreaRef,
    /// One line.
    pub heading: String,
    /// Several lines.
    pub text: String,
    pub emergency: bool,
    /// Whether it is for this account alone.
    pub personal: bool,
    pub read: bool,
}

/// Lists what the account is told of, newest first
///
/// What happens in its area to records that it may read, and what became of the cases that it reported; never what it did
/// itself. Long numbers in titles are masked.
#[utoipa::path(get, path = "/notices", tag = "notices", params(NoticesQuery),
    responses((status = 200, body = Notices, description = "A page of notices")))]
pub async fn list_notices(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<NoticesQuery>,
) -> Result<Json<Notices>, ApiError> {
    door.read(move |door| list(door, &asker, &query)).await.map(Json)
}

fn list(door: &Door, asker: &SignedIn, query: &NoticesQuery) -> Result<Notices, ApiError> {
    let before: Option<Position> = query.cursor.as_deref().map(|text| cursor::read("notices", text)).transpose()?;
    let found = desk::notices(&door.app, &asker.account, before, page_rows(query.limit)?)?;
    let speaker = Speaker::new(door, asker.language);
    let items = found.items.into_iter().map(|notice| {
        let words = door.rules.get(&notice.row.rule).map(|rule| {
            let catalog = &door.app.knowledge().catalog;
            door.rules.words(rule, &notice.facts, asker.language, catalog, &door.app.areas())
        });
        // A rule that is gone from the catalog leaves what it told of.
        let (heading, text) = words.map_or_else(
            || (speaker.kind_name(&notice.facts.kind), notice.facts.title.clone()),
            |words| (words.heading, words.text),
        );
        Notice {
            position: notice.row.position,
            at: moment(notice.row.at),
            subject: notice.row.subject.0,
            kind: notice.row.kind,
            area: speaker.area(notice.row.area),
            heading,
            text,
            emergency: notice.facts.emergency,
            personal: notice.row.account.is_some(),
            read: notice.read,
        }
    });
    let next = found.next.and_then(|position| cursor::write("notices", &position));
    Ok(Notices { items: items.collect(), next, unread: found.unread })
}
