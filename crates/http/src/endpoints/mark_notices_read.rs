use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_notify::desk;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    /// The `position` of the newest notice that was seen.
    up_to: u64,
}

/// What is left to read.
#[derive(Serialize, ToSchema)]
pub struct Unread {
    /// How many are unread, counted up to 100.
    pub unread: u64,
}

/// Notes that the account has read its notices up to a position
///
/// It never goes back: a page that was opened earlier makes nothing unread again.
#[utoipa::path(post, path = "/notices/read", tag = "notices", request_body = ReadUpTo,
    responses((status = 200, body = Unread, description = "What is left to read")))]
pub async fn mark_notices_read(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Json(body): Json<ReadUpTo>,
) -> Result<Json<Unread>, ApiError> {
    let marked = door.read(move |door| {
        desk::read_notices(&door.app, &asker.account, body.up_to).map_err(|error| match error {
            tahuang_app::QueryError::Invalid(problem) => {
                ApiError::InvalidField { field: "up_to".to_owned(), problem: problem.to_owned() }
            }
            other => other.into(),
        })?;
        let left = desk::notices(&door.app, &asker.account, None, 1)?;
        Ok(Unread { unread: left.unread })
    });
    marked.await.map(Json)
}
