use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::AreaCode;
use utoipa::{IntoParams, ToSchema};

use crate::address::PublicAddress;
use crate::door::Door;
use crate::input::{Json, Query};
use crate::problem::ApiError;
use crate::residents;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreaQuery {
    /// The area; the account's own when absent.
    #[param(value_type = Option<String>)]
    parent: Option<AreaCode>,
}

/// An area among others.
#[derive(Serialize, ToSchema)]
pub struct Areas {
    pub area: AreaRef,
    /// The residents' page of the area, where residents ask: what the code on its contact cards opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residents_page: Option<String>,
    /// From the region down.
    pub ancestors: Vec<AreaRef>,
    /// Directly below. Above the account's own area only the way down to it is shown.
    pub children: Vec<AreaChild>,
}

#[derive(Serialize, ToSchema)]
pub struct AreaChild {
    #[serde(flatten)]
    pub area: AreaRef,
    /// How many areas lie directly below.
    pub children: usize,
}

/// Gives an area, the areas above it and those directly below
#[utoipa::path(get, path = "/areas", tag = "areas", params(AreaQuery),
    responses((status = 200, body = Areas, description = "The area")))]
pub async fn read_area(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    PublicAddress(address): PublicAddress,
    Query(query): Query<AreaQuery>,
) -> Result<Json<Areas>, ApiError> {
    let scope = asker.account.grant.scope;
    let code = query.parent.unwrap_or(scope);
    let tree = door.app.areas();
    let (inside, above) = (scope.contains(code), code.contains(scope));
    if !(inside || above) || tree.name(code).is_none() {
        return Err(ApiError::NotFound);
    }
    let speaker = Speaker::new(&door, asker.language);
    let children = tree.children(code).filter(|(child, _)| inside || child.contains(scope));
    let children =
        children.map(|(child, _)| AreaChild { area: speaker.area(child), children: tree.children(child).count() });
    let mut ancestors: Vec<AreaRef> = code.lineage().skip(1).map(|above| speaker.area(above)).collect();
    ancestors.reverse();
    let residents_page =
        residents::place(&door.app, &code.to_string()).map(|(code, _)| residents::address(&address, code));
    Ok(Json(Areas { area: speaker.area(code), residents_page, ancestors, children: children.collect() }))
}
