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

/// Decides that a message is not sent, or not sent again
///
/// It stays in the log.
#[utoipa::path(post, path = "/deliveries/{id}/dismiss", tag = "notices", params(("id" = Uuid, Path, description = "The message")),
    responses((status = 200, body = Delivery, description = "The message as it stands")))]
pub async fn dismiss_delivery(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Json<Delivery>, ApiError> {
    let decided = door.read(move |door| {
        let delivery = desk::decide(&door.app, &asker.asker, id, Hand::Dismiss)?;
        Ok(Delivery::of(&Speaker::new(door, asker.language), delivery))
    });
    decided.await.map(Json)
}
