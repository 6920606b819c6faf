//! Residents' pages: ask, follow, say whether it is solved, have one's data erased. No account, no script needed.
//!
//! What units and members may take on stands on the public board of the place, `/b/{area}`.
//!
//! The code on a contact card opens `/r/{area}`, a form; what is asked becomes a case like any other, and its receipt is a
//! secret link `/c/{link}`. The pages are written here and not in the web tree: a page has to be whole in one answer of a
//! few kilobytes, on a line of 50 kbit/s and in browsers of any age.
//!
//! Deliberately absent: cookies, and with them any need of a guard against other sites: nobody can make a resident's
//! browser send what they could not send themselves.

pub(crate) mod ask;
mod board;
pub(crate) mod follow;
mod form;
pub(crate) mod link;
mod pace;
mod page;
pub(crate) mod photo;
pub(crate) mod report;
pub(crate) mod telephone;
mod thanks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use maud::Markup;
use tahuang_app::App;
use tahuang_domain::{AreaCode, Language, Prefecture};

use crate::door::Door;

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
    /// Cases on a page of the public board.
    pub const BOARD_ROWS: usize = 10;
    /// Pages of a part of the public board.
    pub const BOARD_PAGES_MAX: u64 = (tahuang_app::limits::BOARD_ROWS_MAX / BOARD_ROWS) as u64;
    /// Senders whose pace is remembered.
    pub const SENDERS_MAX: usize = 20_000;
}

/// The routes, to be merged beside those that are guarded against other sites.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/r/{area}", get(ask::read_form).post(ask::send_form))
        .route("/t/{area}", get(thanks::read_thanks))
        .route("/b/{area}", get(board::read_board))
        .route("/c/{link}", get(follow::read_case).post(follow::send_answer))
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES_MAX))
        .merge(
            Router::new()
                .route("/c/{link}/photos", post(photo::send_photo))
                .layer(DefaultBodyLimit::max(limits::PHOTO_FORM_BYTES_MAX)),
        )
}

/// A page, with its own policy: the one style and the one script that stand in it and nothing else.
fn page_response(status: StatusCode, page: Markup) -> Response {
    let mut response = (status, page.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, page::policy());
    response
}

/// Leads the browser to the page of a case, so that reloading it sends nothing again.
fn to_case(link: &str, language: Language) -> Response {
    let place = HeaderValue::try_from(format!("/c/{link}?lang={}", language.tag()));
    let place = place.unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// The address of a place's page, as it stands in the code on a contact card.
pub(crate) fn address(server: &str, area: AreaCode) -> String {
    format!("{server}/r/{area}")
}

/// The place of a page: a village, a grid, or a township, in a prefecture.
pub(crate) fn place(app: &App, code: &str) -> Option<(AreaCode, Prefecture)> {
    let area: AreaCode = code.parse().ok()?;
    let prefecture = area.prefecture()?;
    let is_place = area.level() >= tahuang_domain::Level::Township;
    (is_place && app.areas().contains(area)).then_some((area, prefecture))
}
