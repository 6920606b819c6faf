use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_domain::{Body, Refusal, SubjectId, Verb};

use crate::door::Door;
use crate::input::Segment;
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::{dossier, minutes, paper};

/// Prints the paper of a record: of a dispute the dossier of its mediation, of an activity its minutes
///
/// The dossier holds what the parties said, so it is for those who handle or correct the record, and every printing is
/// written to the server's log. A record without a paper is not found.
#[utoipa::path(get, path = "/subjects/{id}/paper.pdf", tag = "records", params(("id" = uuid::Uuid, Path, description = "The record")),
    responses((status = 200, description = "The paper", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_subject(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let view = door.app.record(&asker.asker, id)?;
        let subject = &view.subject;
        let kind = door.app.knowledge().catalog.kind(&subject.kind)?;
        let may = |verb| door.app.permit(&asker.asker, verb, &subject.kind, subject.area).is_ok();
        match &subject.body {
            Body::Activity { .. } => minutes::document(door, &asker.asker, &view),
            Body::Case(_) if kind.lines.iter().any(|line| line.in_dossier) => {
                if !may(Verb::Handle) && !may(Verb::Correct) {
                    return Err(Refusal::NotPermitted.into());
                }
                tracing::info!(account = %asker.account.login, subject = %id, "a dossier was printed");
                dossier::document(door, &asker.asker, &view, kind)
            }
            _ => Err(ApiError::NotFound),
        }
    });
    Ok(paper::response("文书.pdf", bytes.await?))
}
