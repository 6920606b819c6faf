use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::door::Door;
use crate::problem::ApiError;
use crate::session::{CookieTerms, SignedIn};

/// Signs out
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "The session has ended")))]
pub async fn delete_session(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    terms: CookieTerms,
) -> Result<Response, ApiError> {
    door.read(move |door| Ok(door.app.sign_out(&asker.token)?)).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, terms.forget()?)]).into_response())
}
