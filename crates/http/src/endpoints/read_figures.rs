use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_app::figures::FigureValue;
use tahuang_domain::AreaCode;
use tahuang_figures::Sums;
use utoipa::{IntoParams, ToSchema};

use crate::door::Door;
use crate::input::{Json, Moment, Query};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::{AreaRef, Named, Speaker};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// The area; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// As of this journal position, or of the end of this day (`YYYY-MM-DD`) by when records were entered; now when absent.
    #[param(value_type = Option<String>)]
    at: Option<Moment>,
}

/// The figures of an area.
#[derive(Serialize, ToSchema)]
pub struct Figures {
    pub area: AreaRef,
    /// The journal position they were computed at.
    pub position: u64,
    /// The journal's last position.
    pub head_position: u64,
    /// The moment that was asked for.
    pub at: Option<String>,
    pub groups: Vec<Named>,
    /// In printed order.
    pub figures: Vec<Figure>,
}

/// A figure's value.
#[derive(Serialize, ToSchema)]
pub struct Figure {
    pub code: String,
    /// The code of its group.
    pub group: String,
    pub name: String,
    pub unit_name: String,
    /// One sentence: what it counts.
    pub definition: String,
    /// A decimal number without separators; `null` when there is nothing, or too little, to divide by.
    pub value: Option<String>,
    /// How many records stand behind it; behind a ratio's denominator.
    pub counted: i64,
    /// Of a ratio: the sums above and below its line.
    pub ratio: Option<Ratio>,
    /// By month. Only now, not as of an earlier moment.
    pub trend: Vec<TrendPoint>,
    pub missing: Missing,
}

/// What a ratio is of.
#[derive(Serialize, ToSchema)]
pub struct Ratio {
    pub numerator: i64,
    pub denominator: i64,
    /// Below so much in the denominator there is no value: it would speak of a few people.
    pub minimum: i64,
}

impl Ratio {
    /// Of a figure that is one.
    pub fn of(figure: &tahuang_figures::Figure, sums: Sums) -> Option<Self> {
        let (numerator, denominator) = (sums.whole, sums.denominator);
        figure.denominator.is_some().then_some(Self { numerator, denominator, minimum: figure.minimum })
    }
}

#[derive(Serialize, ToSchema)]
pub struct TrendPoint {
    /// `YYYY-MM`.
    pub period: String,
    pub value: String,
}

/// What would count here as well.
#[derive(Serialize, ToSchema)]
pub struct Missing {
    /// Ledger rows that wait to be fixed.
    pub refused_rows: u64,
}

/// Gives all figures of an area
#[utoipa::path(get, path = "/figures", tag = "figures", params(FiguresQuery),
    responses((status = 200, body = Figures, description = "The figures")))]
pub async fn read_figures(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<FiguresQuery>,
) -> Result<Json<Figures>, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let read = door.read(move |door| {
        let board = door.app.figures(&asker.asker, area, Moment::at(query.at.as_ref()))?;
        let speaker = Speaker::new(door, asker.language);
        let groups = door.app.knowledge().figures.groups();
        Ok(Figures {
            area: speaker.area(area),
            position: board.position,
            head_position: board.head,
            at: query.at.map(|moment| moment.0),
            groups: groups
                .iter()
                .map(|group| Named { code: group.code.clone(), name: speaker.names(&group.name).to_owned() })
                .collect(),
            figures: board.figures.iter().map(|value| Figure::of(&speaker, value)).collect(),
        })
    });
    read.await.map(Json)
}

impl Figure {
    fn of(speaker: &Speaker<'_>, found: &FigureValue<'_>) -> Self {
        let figure = found.figure;
        let month = |number: i64| format!("{:04}-{:02}", number / 100, number % 100);
        let trend = found
            .months
            .iter()
            .filter_map(|(number, sums)| Some(TrendPoint { period: month(*number), value: figure.value(*sums)? }));
        let counted = if figure.denominator.is_some() { found.records.denominator } else { found.records.whole };
        Self {
            code: figure.code.clone(),
            group: figure.group.clone(),
            name: speaker.names(&figure.names).to_owned(),
            unit_name: speaker.names(&figure.unit).to_owned(),
            definition: speaker.names(&figure.definition).to_owned(),
            value: found.value.clone(),
            counted,
            ratio: Ratio::of(figure, found.sums),
            trend: trend.collect(),
            missing: Missing { refused_rows: found.refused_rows },
        }
    }
}
