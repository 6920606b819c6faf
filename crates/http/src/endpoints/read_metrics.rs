use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::door::Door;
use crate::metrics::Gauges;
use crate::problem::ApiError;

/// Gives counters in the text format of Prometheus
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, body = str, content_type = "text/plain", description = "Counters")))]
pub async fn read_metrics(State(door): State<Arc<Door>>) -> Result<impl IntoResponse, ApiError> {
    let text = door.read(|door| {
        let heads = door.app.store().heads()?;
        let mut deliveries = BTreeMap::new();
        for (prefecture, _) in &heads {
            for (channel, state, count) in door.app.store().delivery_counts(*prefecture)? {
                *deliveries.entry((channel, state.code())).or_default() += count;
            }
        }
        let positions = heads.into_iter().map(|(prefecture, head)| (prefecture.to_string(), head.position));
        let gauges = Gauges {
            positions: positions.collect(),
            listeners: door.listeners.count(),
            waiting: door.app.waiting_requests(),
            deliveries,
        };
        Ok(door.metrics.text(&gauges))
    });
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.await?))
}
