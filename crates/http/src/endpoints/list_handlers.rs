use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::{AreaCode, Verb};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::door::Door;
use crate::input::{Json, Query};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// Accounts that are listed at most, those nearest to the place.
const HANDLERS_MAX: usize = 200;

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
    door.app.permit(&asker.asker, Verb::Handle, &query.kind, query.area)?;
    let speaker = Speaker::new(&door, asker.language);
    let (memory, knowledge) = (door.app.memory(), door.app.knowledge());
    let Ok(kind) = knowledge.catalog.kind(&query.kind) else { return Ok(Json(Vec::new())) };
    let today = tahuang_app::shanghai_day(door.app.clock().now_ms());
    let admitted = kind.grid_task || memory.admissions.admit(&kind.code, query.area, today);
    let may = |grant: &tahuang_domain::Grant| {
        let listed = admitted || !knowledge.roles.get(&grant.role).is_some_and(|role| role.only_grid_tasks);
        listed && knowledge.roles.permit(grant, Verb::Handle, &kind.code, query.area).is_ok()
    };
    let accounts = memory.accounts.values().filter(|account| !account.disabled && may(&account.grant));
    let mut accounts: Vec<_> = accounts.collect();
    accounts.sort_by_key(|account| (std::cmp::Reverse(account.grant.scope.level()), account.name.as_str(), account.id));
    accounts.truncate(HANDLERS_MAX);
    let item = |account: &tahuang_app::Account| HandlerItem {
        account: account.id.0,
        name: account.name.clone(),
        role_name: speaker.role_name(&account.grant.role),
        area_path: speaker.path(account.grant.scope),
    };
    Ok(Json(accounts.into_iter().map(item).collect()))
}
