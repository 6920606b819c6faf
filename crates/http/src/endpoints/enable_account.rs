use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::disable_account::seen;
use crate::door::Door;
use crate::input::Segment;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Lets a disabled account sign in again
///
/// With the password it had.
#[utoipa::path(post, path = "/accounts/{login}/enable", tag = "accounts", params(("login" = String, Path, description = "The account")),
    responses((status = 204, description = "Enabled")))]
pub async fn enable_account(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(login): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let enabled = door.read(move |door| {
        seen(door, &asker, &login)?;
        let enabled = door.app.enable_account(&asker.asker, &login);
        enabled.map_err(|error| ApiError::of_account(error, door.app.clock().now_ms()))
    });
    enabled.await?;
    Ok(StatusCode::NO_CONTENT)
}
