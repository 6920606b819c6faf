use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_domain::SubjectId;

use crate::door::Door;
use crate::input::Segment;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::{check_paper, paper};

/// Prints the notice of what failed in a check
///
/// In Chinese and Tibetan. Who received it, and their signature, are printed for those who handle or correct the sheet;
/// every time is written to the server's log. The notice tells and asks; only fire service and police order.
#[utoipa::path(get, path = "/checks/{id}/notice.pdf", tag = "checks",
    params(("id" = uuid::Uuid, Path, description = "The sheet")),
    responses((status = 200, description = "The notice", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_check_notice(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let seen = door.app.sheet(&asker.asker, id)?;
        check_paper::notice(door, &asker, &seen)
    });
    Ok(paper::response("安全隐患告知单.pdf", bytes.await?))
}
