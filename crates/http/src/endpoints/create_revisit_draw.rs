use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use tahuang_app::revisits::DrawOrder;
use tahuang_domain::{AreaCode, Day, SubjectId};
use utoipa::ToSchema;

use crate::door::Door;
use crate::endpoints::list_revisit_draws::RevisitDraw;
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevisitDraw {
    /// The sender's own UUIDv7, which becomes the draw's. Sent again, nothing more is drawn.
    #[schema(value_type = uuid::Uuid)]
    pub id: SubjectId,
    /// From the cases of this area and below; the account's own when absent.
    #[schema(value_type = Option<String>)]
    pub area: Option<AreaCode>,
    /// Closed on this day or later.
    #[schema(value_type = String)]
    pub closed_from: Day,
    /// Closed on this day or earlier.
    #[schema(value_type = String)]
    pub closed_until: Day,
    /// Of these kinds; of every kind of case when empty.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
    /// How many, at most 500.
    pub wanted: usize,
}

/// Draws closed cases for revisits
///
/// By lot: the cases with the smallest SM3(seed ‖ id) are drawn, where the seed is the journal's hash at the moment of the draw.
/// Left out are cases drawn since they were last closed, and those that the account itself had a part in.
#[utoipa::path(post, path = "/revisit-draws", tag = "quality", request_body = NewRevisitDraw,
    responses((status = 200, body = RevisitDraw, description = "The draw; of one that was made before, how it stands now")))]
pub async fn create_revisit_draw(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Json(body): Json<NewRevisitDraw>,
) -> Result<Json<RevisitDraw>, ApiError> {
    let area = body.area.unwrap_or(asker.account.grant.scope);
    let NewRevisitDraw { id, closed_from, closed_until, kinds, wanted, .. } = body;
    if id.0.get_version_num() != 7 {
        return Err(ApiError::InvalidField { field: "id".to_owned(), problem: "not a UUIDv7".to_owned() });
    }
    let kinds = kinds.into_iter().collect();
    let order = DrawOrder { id, area, closed_from, closed_until, kinds, wanted };
    let drawn = door.read(move |door| {
        let draw = door.app.draw_revisits(&asker.asker, &order)?;
        Ok(RevisitDraw::of(&Speaker::new(door, asker.language), &draw))
    });
    drawn.await.map(Json)
}
