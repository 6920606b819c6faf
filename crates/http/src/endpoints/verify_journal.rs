use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use tahuang_domain::{Prefecture, Verb};

use super::read_journal::Verification;
use crate::door::{Door, VerificationRun};
use crate::input::Json;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// Starts to verify the journal
///
/// Every record is hashed again from the first one on. `GET /journal` tells how far it is. While a verification of the journal
/// runs, no second one is started.
#[utoipa::path(post, path = "/journal/verification", tag = "journal",
    responses((status = 202, body = Verification, description = "The verification that runs now")))]
pub async fn verify_journal(
    State(door): State<Arc<Door>>,
    asker: SignedIn,
) -> Result<(StatusCode, Json<Verification>), ApiError> {
    door.app.may(&asker.asker, Verb::Verify)?;
    let prefecture = asker.account.prefecture;
    let run = door.read(move |door| start(door, prefecture)).await?;
    Ok((StatusCode::ACCEPTED, Json(Verification::of(&run))))
}

fn start(door: &Arc<Door>, prefecture: Prefecture) -> Result<VerificationRun, ApiError> {
    let total = door.app.store().head(prefecture)?.position;
    let mut runs = door.verifications.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = runs.get(&prefecture).filter(|run| run.took_ms.is_none()) {
        return Ok(running.clone());
    }
    let started_at = door.app.clock().now_ms();
    let run = VerificationRun { started_at, checked: 0, total, took_ms: None, found: None };
    runs.insert(prefecture, run.clone());
    drop(runs);
    let worker = Arc::clone(door);
    // A thread of its own: it takes minutes on a large journal, and the threads of the readers are few.
    let thread = std::thread::Builder::new().name("verification".to_owned());
    let spawned = thread.spawn(move || verify(&worker, prefecture));
    if let Err(error) = spawned {
        door.verifications.lock().unwrap_or_else(PoisonError::into_inner).remove(&prefecture);
        return Err(ApiError::Internal(format!("the verification's thread cannot be started: {error}")));
    }
    Ok(run)
}

fn verify(door: &Door, prefecture: Prefecture) {
    let update = |change: &dyn Fn(&mut VerificationRun)| {
        let mut runs = door.verifications.lock().unwrap_or_else(PoisonError::into_inner);
        runs.get_mut(&prefecture).into_iter().for_each(change);
    };
    let found = door.app.verify(prefecture, &mut |checked| update(&|run| run.checked = checked));
    match found {
        Ok(found) => {
            if let Some((position, fault)) = &found.first_bad {
                tracing::error!(%prefecture, position, %fault, "the journal was changed");
            }
            let now = door.app.clock().now_ms();
            update(&|run| {
                run.checked = found.checked;
                run.took_ms = Some(now - run.started_at);
                run.found = Some(found.clone());
            });
        }
        Err(error) => {
            tracing::error!(%prefecture, %error, "the journal could not be verified");
            door.verifications.lock().unwrap_or_else(PoisonError::into_inner).remove(&prefecture);
        }
    }
}
