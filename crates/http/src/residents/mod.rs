//! Residents' pages: ask, follow, say whether it is solved, have one's data erased. No account, no script needed.
//!
//! The code on a contact card opens `/r/{area}`, a form; what is asked becomes a case like any other, and its receipt is a
//! secret link `/c/{link}`. The pages are written here and not in the web tree: a page has to be whole in one answer of a
//! few kilobytes, on a line of 50 kbit/s and in browsers of any age.
//!
//! Deliberately absent: cookies, and with them any need of a guard against other sites: nobody can make a resident's
//! browser send what they could not send themselves.

pub(crate) mod answer;
pub(crate) mod ask;
mod form;
pub(crate) mod link;
mod pace;
mod page;
mod photo;
pub(crate) mod telephone;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use maud::Markup;
use serde::Deserialize;
use tahuang_app::App;
use tahuang_domain::{AreaCode, Command, Prefecture, Refusal};
use tahuang_store::Outcome;
use tokio::sync::oneshot;

use crate::door::Door;
use crate::origin;
use crate::problem::ApiError;
use crate::session::Speech;

pub(crate) use pace::Paces;

/// Limits of the residents' pages.
pub mod limits {
    /// Bytes of a form.
    pub const FORM_BYTES_MAX: usize = 16 * 1024;
    /// Characters of what is asked.
    pub const ASKED_CHARS_MAX: usize = tahuang_domain::limits::TITLE_CHARS_MAX;
    /// Seconds that a person needs at least to fill in a form.
    pub const FORM_SECONDS_MIN: i64 = 2;
    /// Seconds for which a form can be sent.
    pub const FORM_SECONDS_MAX: i64 = 12 * 60 * 60;
    /// Zero bits that the proof of work needs: some 16,000 hashes, less than a second on an old phone.
    pub const PROOF_BITS: u32 = 14;
    /// Pictures that a resident may add to a case.
    pub const PHOTOS_MAX: usize = tahuang_domain::limits::RESIDENT_FILES_MAX;
    /// Bytes of a form with a picture: the largest that is taken, and the form around it.
    pub const PHOTO_FORM_BYTES_MAX: usize = crate::limits::FILE_BYTES_MAX + 16 * 1024;
    /// Senders whose pace is remembered.
    pub const SENDERS_MAX: usize = 20_000;
}

/// The routes, to be merged beside those that are guarded against other sites.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/r/{area}", get(ask::read_form).post(ask::send_form))
        .route("/c/{link}", get(answer::read_case).post(answer::send_answer))
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES_MAX))
        .merge(
            Router::new()
                .route("/c/{link}/photos", post(photo::send_photo))
                .layer(DefaultBodyLimit::max(limits::PHOTO_FORM_BYTES_MAX)),
        )
}

/// Who asks for a page, and in which language.
pub(crate) struct Visitor {
    pub(crate) language: tahuang_domain::Language,
    pub(crate) address: IpAddr,
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

impl FromRequestParts<Arc<Door>> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Self::Rejection> {
        let Speech(accepted) = Speech::from_request_parts(parts, door).await?;
        let wanted = Query::<Wanted>::try_from_uri(&parts.uri).ok().and_then(|Query(wanted)| wanted.lang);
        let language = wanted.as_deref().map_or(accepted, tahuang_domain::Language::accepted);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip().to_canonical());
        // The last address is the one that our own proxy saw; those before it are what the sender says.
        let seen = origin::forwarded(&door.settings, &parts.extensions, &parts.headers, "x-forwarded-for");
        let seen = seen.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Ok(Self { language, address: seen.unwrap_or(peer) })
    }
}

/// A page, with its own policy: the one style and the one script that stand in it and nothing else.
fn answer(status: StatusCode, page: Markup) -> Response {
    let mut response = (status, page.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, page::policy());
    response
}

/// Sends one command and waits until it is on disk. Says too whether it had been sent before.
pub(crate) async fn submit(
    door: &Door,
    prefecture: Prefecture,
    asker: tahuang_app::Asker,
    command: Command,
) -> Result<(Outcome, bool), ApiError> {
    let (send, receive) = oneshot::channel();
    door.app.submit_then(prefecture, asker, vec![command], Box::new(move |answers| _ = send.send(answers)))?;
    let answers = receive.await.unwrap_or(Err(tahuang_app::SubmitError::Stopped))?;
    Ok(answers.into_iter().next().map_or_else(
        || {
            let code = Refusal::SubjectNotFound.code().to_owned();
            (Outcome::Refused { code, message: String::new(), field: None }, false)
        },
        |answered| (answered.outcome, answered.repeated),
    ))
}

/// The place of a page: a village, a grid, or a township, in a prefecture.
pub(crate) fn place(app: &App, code: &str) -> Option<(AreaCode, Prefecture)> {
    let area: AreaCode = code.parse().ok()?;
    let prefecture = area.prefecture()?;
    let is_place = area.level() >= tahuang_domain::Level::Township;
    (is_place && app.areas().contains(area)).then_some((area, prefecture))
}
