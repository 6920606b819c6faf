use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tahuang_app::shanghai_day;
use tahuang_app::units::ClaimStands;
use tahuang_domain::SubjectId;
use tahuang_press::forms::service_card::{Service, ServiceCard, service_card};

use crate::door::Door;
use crate::endpoints::read_unit::{UnitQuery, communities, public_title};
use crate::input::{Query, Segment};
use crate::paper;
use crate::problem::ApiError;
use crate::quarter::Quarter;
use crate::session::SignedIn;

/// Prints the service card of a unit: what it did in the year of a quarter
#[utoipa::path(get, path = "/units/{id}/card.pdf", tag = "units", params(("id" = String, Path), UnitQuery),
    responses((status = 200, description = "The service card", body = Vec<u8>, content_type = "application/pdf")))]
pub async fn print_unit_card(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(id): Segment<SubjectId>,
    Query(query): Query<UnitQuery>,
) -> Result<Response, ApiError> {
    let bytes = paper::print(&door, move |door| {
        let view = door.app.unit(&asker.asker, id)?;
        let quarter = query.quarter.unwrap_or_else(|| Quarter::of(shanghai_day(door.app.clock().now_ms())));
        let card = view.sheet(quarter.first_of_year(), quarter.last_of_year());
        let held = card.activities.iter().filter_map(|place| view.activities.get(*place));
        let held = held.map(|(_, held, _)| Service { day: held.day.map(|day| day.date()), title: held.title.clone() });
        let done = card.fulfilled.iter().filter_map(|place| view.claims.get(*place));
        let done = done.filter_map(|claim| match claim.stands {
            ClaimStands::Fulfilled(day) => {
                Some(Service { day: Some(day.date()), title: public_title(claim).unwrap_or_default() })
            }
            _ => None,
        });
        let mut services: Vec<Service> = held.chain(done).collect();
        services.sort_by_key(|service| service.day);
        let (unit, community) = (view.entry.title.clone(), communities(door, &view));
        Ok(service_card(&ServiceCard { unit, community, services, ..ServiceCard::default() }))
    });
    Ok(paper::response("服务卡.pdf", bytes.await?))
}
