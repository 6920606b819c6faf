use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_domain::SubjectId;

use crate::door::Door;
use crate::input::Segment;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::{check_paper, paper};

/// Prints the sheet of a check: every item, how it was found, and what later looks said
#[utoipa::path(get, path = "/checks/{id}/sheet.pdf", tag = "checks",
    params(("id" = uuid::Uuid, Path, description = "The sheet")),
    responses((status = 200, description = "The sheet", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_check_sheet(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let seen = door.app.sheet(&asker.asker, id)?;
        check_paper::sheet(door, &seen)
    });
    Ok(paper::response("安全检查单.pdf", bytes.await?))
}
