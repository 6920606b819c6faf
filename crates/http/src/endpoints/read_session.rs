use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tahuang_app::Account;
use tahuang_domain::Language;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

/// Who is signed in, and what that account may do.
#[derive(Serialize, ToSchema)]
pub struct Session {
    pub login: String,
    /// The person's name.
    pub name: String,
    pub role: String,
    pub role_name: String,
    /// The account sees and changes records of this area and the areas below.
    pub scope: AreaRef,
    /// The prefecture whose journal the account's records stand in.
    pub prefecture: AreaRef,
    /// `read`, `record`, `handle`, `correct`, `withdraw`, `import`, `verify`, `administer`.
    pub may: Vec<&'static str>,
}

impl Session {
    pub fn of(door: &Door, account: &Account, language: Language) -> Self {
        let speaker = Speaker::new(door, language);
        let role = door.app.knowledge().roles.get(&account.grant.role);
        Self {
            login: account.login.clone(),
            name: account.name.clone(),
            role: account.grant.role.clone(),
            role_name: speaker.role_name(&account.grant.role),
            scope: speaker.area(account.grant.scope),
            prefecture: speaker.area(account.prefecture.area()),
            may: role.into_iter().flat_map(|role| &role.verbs).map(|verb| verb.code()).collect(),
        }
    }
}

/// Says who is signed in
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Session, description = "The session's account")))]
pub async fn read_session(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Json<Session>, ApiError> {
    Ok(Json(Session::of(&door, &asker.account, asker.language)))
}
