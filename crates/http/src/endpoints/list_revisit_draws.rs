use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tahuang_app::revisits::Draw;
use tahuang_domain::AreaCode;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::door::Door;
use crate::input::{Json, Query};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevisitDrawsQuery {
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// Draws, newest first; the newest hundred.
#[derive(Serialize, ToSchema)]
pub struct RevisitDraws {
    pub items: Vec<RevisitDraw>,
}

/// A draw, with all that is needed to make it again.
#[derive(Serialize, ToSchema)]
pub struct RevisitDraw {
    pub id: Uuid,
    pub area: AreaRef,
    /// The day on which it was made.
    pub day: Option<String>,
    pub closed_from: String,
    pub closed_until: String,
    /// Of which kinds; none stands for every kind of case.
    pub kind_names: Vec<String>,
    /// How many were to be drawn.
    pub wanted: u64,
    /// From how many cases was drawn.
    pub population: u64,
    /// How many were drawn.
    pub drawn: u64,
    /// The journal position of the seed.
    pub position: u64,
    /// The journal's hash there.
    pub seed: String,
    /// Revisits still to be made.
    pub waiting: u64,
    /// Revisits made, given up after the last try, or overtaken by work that began again.
    pub over: u64,
}

/// Lists the draws for revisits, newest first
#[utoipa::path(get, path = "/revisit-draws", tag = "quality", params(RevisitDrawsQuery),
    responses((status = 200, body = RevisitDraws, description = "The draws")))]
pub async fn list_revisit_draws(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<RevisitDrawsQuery>,
) -> Result<Json<RevisitDraws>, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let read = door.read(move |door| {
        let draws = door.app.revisit_draws(&asker.asker, area)?;
        let speaker = Speaker::new(door, asker.language);
        Ok(RevisitDraws { items: draws.iter().map(|draw| RevisitDraw::of(&speaker, draw)).collect() })
    });
    read.await.map(Json)
}

impl RevisitDraw {
    pub fn of(speaker: &Speaker<'_>, draw: &Draw) -> Self {
        let field = |code: &str| draw.entry.fields.get(code);
        let text = |code| field(code).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |code| field(code).and_then(Value::as_u64).unwrap_or_default();
        let kinds = field("kinds").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Self {
            id: draw.id.0,
            area: speaker.area(draw.entry.area),
            day: draw.entry.day.map(|day| day.to_string()),
            closed_from: text("closed_from"),
            closed_until: text("closed_until"),
            kind_names: kinds.map(|kind| speaker.kind_name(kind)).collect(),
            wanted: number("wanted"),
            population: number("population"),
            drawn: number("drawn"),
            position: number("position"),
            seed: text("seed"),
            waiting: draw.waiting,
            over: draw.over,
        }
    }
}
