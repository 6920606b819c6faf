use std::sync::Arc;

use axum::extract::State;
use tahuang_notify::delivery::Hand;
use tahuang_notify::desk;
use uuid::Uuid;

use super::list_deliveries::Delivery;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// Sends a message again that failed, is uncertain, or was dismissed
///
/// It waits for its turn, and outside of emergencies for the end of the quiet hours.
#[utoipa::path(post, path = "/deliveries/{id}/retry", tag = "notices", params(("id" = Uuid, Path, description = "The message")),
    responses((status = 200, body = Delivery, description = "The message as it stands")))]
pub async fn retry_delivery(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Json<Delivery>, ApiError> {
    let decided = door.read(move |door| {
        let delivery = desk::decide(&door.app, &asker.asker, id, Hand::Again)?;
        Ok(Delivery::of(&Speaker::new(door, asker.language), delivery))
    });
    decided.await.map(Json)
}
