use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::read_import::Import;
use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// What a person says unknown headings mean.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Heading → code or usual heading of a column.
    headings: BTreeMap<String, String>,
}

/// Previews a workbook again with headings mapped
#[utoipa::path(post, path = "/imports/{id}/preview", tag = "imports", params(("id" = Uuid, Path, description = "The import")),
    request_body = Headings, responses((status = 200, body = Import, description = "What would become of it now")))]
pub async fn preview_import(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<Uuid>,
    Json(body): Json<Headings>,
) -> Result<Json<Import>, ApiError> {
    let job = door.imports.find(asker.account.id, id)?;
    let turn = door.previews.turn().await?;
    let read = door.blocking(turn, move |door| {
        door.preview_again(&asker.asker, &job, body.headings)?;
        Ok(Import::of(&Speaker::new(door, asker.language), &job))
    });
    read.await.map(Json)
}
