use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::AreaCode;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::door::Door;
use crate::input::{Json, Query};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HandlersQuery {
    /// The kind of the case.
    kind: String,
    /// Where the case is.
    #[param(value_type = String)]
    area: AreaCode,
}

/// Somebody to whom a case can be given.
#[derive(Serialize, ToSchema)]
pub struct HandlerItem {
    pub account: Uuid,
    pub name: String,
    pub role_name: String,
    /// Where they work: the names from the county down.
    pub area_path: String,
}

/// Lists who may handle a case of a kind in a place, the nearest first
#[utoipa::path(get, path = "/handlers", tag = "cases", params(HandlersQuery),
    responses((status = 200, body = Vec<HandlerItem>, description = "Accounts in service")))]
pub async fn list_handlers(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<HandlersQuery>,
) -> Result<Json<Vec<HandlerItem>>, ApiError> {
    let accounts = door.app.handlers(&asker.asker, &query.kind, query.area)?;
    let speaker = Speaker::new(&door, asker.language);
    let item = |account: &tahuang_app::Account| HandlerItem {
        account: account.id.0,
        name: account.name.clone(),
        role_name: speaker.role_name(&account.grant.role),
        area_path: speaker.path(account.grant.scope),
    };
    Ok(Json(accounts.iter().map(item).collect()))
}
