use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use tahuang_app::accounts::ACCOUNT;
use tahuang_domain::Verb;

use crate::door::Door;
use crate::input::Segment;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Disables an account
///
/// Its sessions end at once. What it recorded stays.
#[utoipa::path(post, path = "/accounts/{login}/disable", tag = "accounts", params(("login" = String, Path, description = "The account")),
    responses((status = 204, description = "Disabled")))]
pub async fn disable_account(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(login): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let disabled = door.read(move |door| {
        seen(door, &asker, &login)?;
        if login == asker.account.login {
            return Err(ApiError::OwnAccount);
        }
        let disabled = door.app.disable_account(&asker.asker, &login);
        disabled.map_err(|error| ApiError::of_account(error, door.app.clock().now_ms()))
    });
    disabled.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the asker may know of the account: to everybody else it does not exist.
pub fn seen(door: &Door, asker: &SignedIn, login: &str) -> Result<(), ApiError> {
    // Whoever may not keep accounts at all is told so, whatever the login.
    door.app.may(&asker.asker, Verb::Administer)?;
    let account = door.app.account(login).map_err(|error| ApiError::of_account(error, 0))?;
    let seen = door.app.permit(&asker.asker, Verb::Read, ACCOUNT, account.grant.scope);
    seen.map_err(|_| ApiError::NotFound)
}
