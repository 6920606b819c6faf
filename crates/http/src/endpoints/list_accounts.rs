use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::door::Door;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker, moment};

#[derive(Serialize, ToSchema)]
pub struct Accounts {
    pub items: Vec<Account>,
}

/// Who may sign in, with which role and where.
#[derive(Serialize, ToSchema)]
pub struct Account {
    pub login: String,
    /// The person's name.
    pub name: String,
    pub role: String,
    pub role_name: String,
    pub scope: AreaRef,
    pub disabled: bool,
    /// Locked until then after wrong passwords; `null` when not.
    pub locked_until: Option<String>,
}

/// Lists the accounts of the area
#[utoipa::path(get, path = "/accounts", tag = "accounts", responses((status = 200, body = Accounts, description = "Accounts, by login")))]
pub async fn list_accounts(State(door): State<Arc<Door>>, asker: SignedIn) -> Result<Json<Accounts>, ApiError> {
    let read = door.read(move |door| {
        let speaker = Speaker::new(door, asker.language);
        let items = door.app.accounts(&asker.asker)?.into_iter().map(|(account, locked_until)| Account {
            role_name: speaker.role_name(&account.grant.role),
            role: account.grant.role,
            scope: speaker.area(account.grant.scope),
            login: account.login,
            name: account.name,
            disabled: account.disabled,
            locked_until: (locked_until > 0).then(|| moment(locked_until)),
        });
        Ok(Accounts { items: items.collect() })
    });
    read.await.map(Json)
}
