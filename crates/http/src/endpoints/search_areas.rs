use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::door::Door;
use crate::input::{Json, Query};
use crate::limits;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreaSearchQuery {
    /// A part of the name.
    q: String,
}

#[derive(Serialize, ToSchema)]
pub struct AreasFound {
    /// At most 50; higher areas first.
    pub items: Vec<AreaFound>,
}

#[derive(Serialize, ToSchema)]
pub struct AreaFound {
    #[serde(flatten)]
    pub area: AreaRef,
    /// The names from the county down.
    pub path: String,
}

/// Finds areas by name
#[utoipa::path(get, path = "/areas/search", tag = "areas", params(AreaSearchQuery),
    responses((status = 200, body = AreasFound, description = "The areas of the account's own that are called so")))]
pub async fn search_areas(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<AreaSearchQuery>,
) -> Result<Json<AreasFound>, ApiError> {
    let words = query.q.trim();
    if words.is_empty() || words.chars().count() > limits::WORDS_CHARS_MAX {
        return Err(ApiError::invalid("q", format!("from 1 to {} characters", limits::WORDS_CHARS_MAX)));
    }
    let tree = door.app.areas();
    let mut codes: Vec<_> =
        tree.below(asker.account.grant.scope).filter(|(_, name)| name.contains(words)).map(|(code, _)| code).collect();
    codes.sort_by_key(|code| (code.level(), *code));
    codes.truncate(limits::AREAS_FOUND_MAX);
    let speaker = Speaker::new(&door, asker.language);
    let items = codes.into_iter().map(|code| AreaFound { area: speaker.area(code), path: speaker.path(code) });
    Ok(Json(AreasFound { items: items.collect() }))
}
