use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::disable_account::seen;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Serialize, ToSchema)]
pub struct NewPassword {
    /// Shown this once.
    pub password: String,
}

/// Gives an account a new password
///
/// Its sessions and its lock end.
#[utoipa::path(post, path = "/accounts/{login}/password", tag = "accounts", params(("login" = String, Path, description = "The account")),
    responses((status = 200, body = NewPassword, description = "The new password, shown this once")))]
pub async fn reset_account_password(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(login): Segment<String>,
) -> Result<Json<NewPassword>, ApiError> {
    let reset = door.with_password(move |door| {
        seen(door, &asker, &login)?;
        let password = door.app.reset_password(&asker.asker, &login, None);
        password.map_err(|error| ApiError::of_account(error, door.app.clock().now_ms()))
    });
    Ok(Json(NewPassword { password: reset.await? }))
}
