use std::sync::Arc;

use axum::extract::State;

use crate::door::Door;
use crate::problem::ApiError;

/// Says whether commands and queries can be answered
///
/// The database is asked whether it can be written, and the writer whether it still runs.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses((status = 200, body = str, content_type = "text/plain", description = "`ready`")))]
pub async fn read_readiness(State(door): State<Arc<Door>>) -> Result<&'static str, ApiError> {
    if *door.stopping.borrow() {
        return Err(ApiError::Stopping);
    }
    if !door.app.is_writing() {
        tracing::error!("the writer has ended: no command is taken until the server is started again");
        return Err(ApiError::StorageUnavailable);
    }
    door.read(|door| Ok(door.app.store().ready()?)).await?;
    Ok("ready\n")
}
