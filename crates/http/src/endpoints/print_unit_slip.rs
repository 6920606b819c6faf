use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tahuang_app::units::Registration;
use tahuang_domain::SubjectId;
use tahuang_press::forms::report_slip::{ReportSlip, report_slip};
use utoipa::IntoParams;

use crate::door::Door;
use crate::input::{Query, Segment};
use crate::paper;
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlipQuery {
    /// Of which registration; the newest when absent.
    #[param(value_type = Option<String>)]
    registration: Option<SubjectId>,
}

/// Prints the slip of a unit's registration with a community, with its receipt
#[utoipa::path(get, path = "/units/{id}/slip.pdf", tag = "units", params(("id" = String, Path), SlipQuery),
    responses((status = 200, description = "The slip", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_unit_slip(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Query(query): Query<SlipQuery>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let view = door.app.unit(&asker.asker, id)?;
        let asked = |of: &&Registration| query.registration.is_none_or(|line| of.line.id == line);
        let of = view.registrations.iter().rev().find(asked).ok_or(ApiError::NotFound)?;
        let area = of.line.area.unwrap_or(view.entry.area);
        let signed_by = of.receipt.as_ref().and_then(|line| line.fields.get("signed_by")?.as_str());
        Ok(report_slip(&ReportSlip {
            unit: view.entry.title.clone(),
            community: door.app.areas().path(area).replace(" › ", ""),
            day: of.line.day.map(|day| day.date()),
            community_contact: signed_by.unwrap_or_default().to_owned(),
            community_telephone: door.app.memory().contact(area).unwrap_or_default().to_owned(),
            ..ReportSlip::default()
        }))
    });
    Ok(paper::response("报到单.pdf", bytes.await?))
}
