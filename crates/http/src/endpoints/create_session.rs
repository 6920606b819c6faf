use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::read_session::Session;
use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::{CookieTerms, Speech};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub login: String,
    pub password: String,
}

/// Signs in
///
/// The answer sets the cookie `tahuang_session`. Its value is also a bearer token. After five wrong passwords the login is
/// locked for 15 minutes (`account_locked`), whether there is such an account or not.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = Session, description = "Signed in; sets the cookie")))]
pub async fn create_session(
    State(door): State<Arc<Door>>,
    Speech(language): Speech,
    terms: CookieTerms,
    Json(body): Json<SignIn>,
) -> Result<Response, ApiError> {
    let signed_in = door.with_password(move |door| {
        let signed_in = door.app.sign_in(&body.login, &body.password);
        signed_in.map_err(|error| ApiError::of_account(error, door.app.clock().now_ms()))
    });
    let (token, account) = signed_in.await?;
    let session = Session::of(&door, &account, language);
    Ok(([(header::SET_COOKIE, terms.set(&token)?)], Json(session)).into_response())
}
