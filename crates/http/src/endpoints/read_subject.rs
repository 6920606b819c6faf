use std::sync::Arc;

use axum::extract::State;
use tahuang_domain::{Subject, SubjectId, Verb};

use crate::door::Door;
use crate::input::{Json, Segment};
use crate::problem::ApiError;
use crate::record::{Linked, Record, linked_ids};
use crate::session::SignedIn;
use crate::speaker::Speaker;

/// Gives a record with its whole history
///
/// A record outside the account's area is not found, like one that does not exist. Personal fields are named, their values are
/// not given: see `unseal_subject_field`.
#[utoipa::path(get, path = "/subjects/{id}", tag = "records", params(("id" = uuid::Uuid, Path, description = "The record")),
    responses((status = 200, body = Record, description = "The record")))]
pub async fn read_subject(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
) -> Result<Json<Record>, ApiError> {
    let read = door.read(move |door| {
        let view = door.app.record(&asker.asker, id)?;
        let speaker = Speaker::new(door, asker.language);
        let ids = speaker.kind(&view.subject.kind).map(|kind| linked_ids(kind, &view.subject)).unwrap_or_default();
        let others = door.app.subjects(view.prefecture, &ids)?;
        // What the account may not read it is not told the title of.
        let may = |other: &Subject| door.app.permit(&asker.asker, Verb::Read, &other.kind, other.area).is_ok();
        let others = ids.into_iter().zip(others);
        let linked: Linked = others.filter_map(|(id, other)| Some((id, other.filter(may)?.title))).collect();
        Ok(Record::of(&speaker, &asker.asker, &view, &linked))
    });
    read.await.map(Json)
}
