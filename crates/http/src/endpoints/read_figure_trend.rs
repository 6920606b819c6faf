use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::{AreaCode, Day};
use utoipa::{IntoParams, ToSchema};

use crate::door::Door;
use crate::input::{Json, Moment, Query, Segment};
use crate::problem::ApiError;
use crate::session::SignedIn;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The area; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// As of this journal position, or of the end of this day; now when absent.
    #[param(value_type = Option<String>)]
    at: Option<Moment>,
    /// The first day (`YYYY-MM-DD`).
    #[param(value_type = Option<String>)]
    from: Option<Day>,
    /// The last day.
    #[param(value_type = Option<String>)]
    to: Option<Day>,
}

/// A figure by day.
#[derive(Serialize, ToSchema)]
pub struct FigureTrend {
    /// The days on which something counts, in order.
    pub points: Vec<DayPoint>,
}

#[derive(Serialize, ToSchema)]
pub struct DayPoint {
    /// `YYYY-MM-DD`.
    pub day: String,
    pub value: String,
}

/// Gives one figure by day
#[utoipa::path(get, path = "/figures/{code}/trend", tag = "figures", params(("code" = String, Path, description = "The figure"), TrendQuery),
    responses((status = 200, body = FigureTrend, description = "Its days")))]
pub async fn read_figure_trend(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Segment(code): Segment<String>,
    Query(query): Query<TrendQuery>,
) -> Result<Json<FigureTrend>, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let read = door.read(move |door| {
        let figure = door.app.figure(&code)?;
        let days = door.app.trend(&asker.asker, &code, area, Moment::at(query.at.as_ref()))?;
        let points = days.into_iter().filter_map(|(number, sums)| {
            let day = Day::from_number(number)?;
            let wanted = query.from.is_none_or(|from| day >= from) && query.to.is_none_or(|to| day <= to);
            let value = figure.value(sums).filter(|_| wanted)?;
            Some(DayPoint { day: day.to_string(), value })
        });
        Ok(FigureTrend { points: points.collect() })
    });
    read.await.map(Json)
}
