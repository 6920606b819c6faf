use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar;
use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Where a calendar program reads the activities of an account's area.
#[derive(Serialize, ToSchema)]
pub struct CalendarLink {
    /// The path on this server. Whoever has it reads the calendar, so it is not passed on; it ends with the account.
    pub path: String,
}

/// Gives the secret address of the account's calendar
#[utoipa::path(get, path = "/session/calendar", tag = "activities",
    responses((status = 200, body = CalendarLink, description = "The address")))]
pub async fn read_calendar_link(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
) -> Result<Json<CalendarLink>, ApiError> {
    Ok(Json(CalendarLink { path: calendar::path(&door.app, asker.account.id) }))
}
