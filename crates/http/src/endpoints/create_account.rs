use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tahuang_domain::AreaCode;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Letters, digits, `.`, `_`, `-`; what is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// A role of the catalog.
    pub role: String,
    /// The area in which the role is held, with everything below it.
    #[schema(value_type = String)]
    pub area: AreaCode,
}

#[derive(Serialize, ToSchema)]
pub struct CreatedAccount {
    pub login: String,
    /// Shown this once; only its verifier is kept.
    pub password: String,
}

/// Makes an account with a password of its own
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = CreatedAccount, description = "Made; the password is shown this once")))]
pub async fn create_account(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Json(body): Json<NewAccount>,
) -> Result<(StatusCode, Json<CreatedAccount>), ApiError> {
    let created = door.with_password(move |door| {
        let NewAccount { login, name, role, area } = body;
        let password = door.app.create_account(&asker.asker, &login, &name, &role, area, None);
        let password = password.map_err(|error| ApiError::of_account(error, door.app.clock().now_ms()))?;
        Ok(CreatedAccount { login, password })
    });
    Ok((StatusCode::CREATED, Json(created.await?)))
}
