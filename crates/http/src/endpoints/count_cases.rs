use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use tahuang_domain::AreaCode;
use utoipa::{IntoParams, ToSchema};

use crate::door::Door;
use crate::input::{Json, Query};
use crate::problem::ApiError;
use crate::session::SignedIn;
use crate::speaker::Speaker;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseCountsQuery {
    /// In this area and below; the account's own when absent.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

#[derive(Serialize, ToSchema)]
pub struct CaseCounts {
    pub items: Vec<CaseCount>,
}

/// How many cases of a kind stand in a state.
#[derive(Serialize, ToSchema)]
pub struct CaseCount {
    pub kind: String,
    pub kind_name: String,
    pub state: &'static str,
    pub state_name: String,
    pub count: u64,
}

/// Counts cases by kind and state
#[utoipa::path(get, path = "/cases/counts", tag = "cases", params(CaseCountsQuery),
    responses((status = 200, body = CaseCounts, description = "The counts that are not zero")))]
pub async fn count_cases(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
    Query(query): Query<CaseCountsQuery>,
) -> Result<Json<CaseCounts>, ApiError> {
    let area = query.area.unwrap_or(asker.account.grant.scope);
    let read = door.read(move |door| {
        let counts = door.app.case_counts(&asker.asker, area)?;
        let speaker = Speaker::new(door, asker.language);
        let items = counts.into_iter().map(|(kind, state, count)| CaseCount {
            kind_name: speaker.kind_name(&kind),
            kind,
            state: state.code(),
            state_name: speaker.state(state),
            count,
        });
        Ok(CaseCounts { items: items.collect() })
    });
    read.await.map(Json)
}
