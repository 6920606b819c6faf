use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub old: String,
    /// At least 10 characters, at most 1,000 bytes, and three of: small letter, capital, digit, other.
    pub new: String,
}

/// Changes one's own password
///
/// Every other session of the account ends.
#[utoipa::path(post, path = "/session/password", tag = "session", request_body = PasswordChange,
    responses((status = 204, description = "Changed")))]
pub async fn change_password(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    let changed = door.with_password(move |door| {
        let changed = door.app.change_password(&asker.account.login, &asker.token, &body.old, &body.new);
        changed.map_err(|error| match ApiError::of_account(error, door.app.clock().now_ms()) {
            ApiError::BadCredentials => ApiError::BadPassword,
            other => other,
        })
    });
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}
