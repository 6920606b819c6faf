//! The HTTP door: what the pages, other programs and people with `curl` speak to.
//!
//! Routes live in [`endpoints`], one file each; a handler's name is its operation id in the OpenAPI description
//! (`<verb>_<resource>`). Every handler names who asks ([`session::SignedIn`]) and asks the application, which decides
//! what that account may see; whatever goes wrong is one [`problem::ApiError`], and one table says its status.
//!
//! **Architecture invariants:** nothing here decides who may do what; the store is never read on the runtime's own
//! threads ([`door::Door::read`]); an operation without a case in `tests/door/authorisation.rs` fails the tests.
//!
//! Deliberately absent: rules, SQL, the clock, and the pages themselves, which the server hands in ([`Assets`]). To add an
//! operation, add a file under `endpoints`, its line in [`routes`], and its case in the authorisation test.

mod address;
mod attachment;
mod calendar;
mod check_paper;
mod cursor;
mod docs;
mod door;
mod dossier;
mod endpoints;
mod imports;
mod input;
mod lines;
mod listeners;
mod metrics;
mod minutes;
mod needs;
mod observe;
mod open311;
mod openapi;
mod origin;
mod pages;
mod paper;
mod problem;
mod quality;
mod quarter;
mod record;
mod residents;
mod session;
mod sheet;
mod speaker;
mod visitor;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use door::{Door, Settings};
pub use pages::{Asset, Assets, NoAssets};

/// Limits of the door, in one place.
pub mod limits {
    /// Bytes of a request's body.
    pub const BODY_BYTES_MAX: usize = 256 * 1024;
    /// Bytes of a request with commands.
    pub const COMMANDS_BYTES_MAX: usize = 16 * 1024 * 1024;
    /// Bytes of commands that are parsed on the runtime's own thread; more is handed to a blocking one.
    pub const COMMANDS_INLINE_BYTES_MAX: usize = 256 * 1024;
    /// Reads of the store at a time.
    pub const READS_MAX: usize = 8;
    /// Reads that wait for their turn before new ones are turned away.
    pub const READS_WAITING_MAX: usize = 512;
    /// Password hashes computed at a time; each takes 19 MiB and a core for some 20 ms.
    pub const PASSWORDS_MAX: usize = 2;
    /// Password hashes that wait before new ones are turned away.
    pub const PASSWORDS_WAITING_MAX: usize = 64;
    /// Listeners to live changes.
    pub const LISTENERS_MAX: usize = 1_000;
    /// Listeners of one account: open pages, not people.
    pub const LISTENERS_OF_ACCOUNT_MAX: usize = 20;
    /// Changes of one commit that a listener is told one by one; of larger ones it is told to read again.
    pub const CHANGES_AT_ONCE_MAX: usize = 50;
    /// Seconds between two signs of life to a listener, and between two looks whether it is still signed in.
    pub const KEEP_ALIVE_SECONDS: u64 = 15;
    /// Rows of a page when the request names no `limit`.
    pub const PAGE_ROWS: usize = 50;
    /// Areas that a search by name gives.
    pub const AREAS_FOUND_MAX: usize = 50;
    /// Bytes of a request with a workbook: the largest that is read, and the form around it.
    pub const WORKBOOK_BYTES_MAX: usize = tahuang_intake::limits::FILE_BYTES_MAX as usize + 64 * 1024;
    /// Bytes of a request with a file to be attached: the file and nothing else.
    pub const FILE_BYTES_MAX: usize = tahuang_domain::limits::FILE_BYTES_MAX as usize;
    /// Files that are taken in at a time; each takes three times its bytes while it is cleaned and encrypted.
    pub const UPLOADS_MAX: usize = 4;
    /// Files that wait for that before new ones are turned away, still unsent.
    pub const UPLOADS_WAITING_MAX: usize = 64;
    /// Seconds in which the bytes of a workbook or a file have to arrive; longer, and the request is given up.
    pub const UPLOAD_SECONDS_MAX: u64 = 300;
    /// Workbooks that are taken in and previewed at a time.
    pub const PREVIEWS_MAX: usize = 2;
    /// Workbooks that wait for that before new ones are turned away, still unsent.
    pub const PREVIEWS_WAITING_MAX: usize = 16;
    /// Workbooks that are brought in at a time.
    pub const RUNS_MAX: usize = 1;
    /// Workbooks that wait for that before new ones are turned away.
    pub const RUNS_WAITING_MAX: usize = 32;
    /// Workbooks of one account that are remembered; of more, its oldest ones go.
    pub const IMPORTS_OF_ACCOUNT_MAX: usize = 20;
    /// Bytes that all remembered workbooks may take in memory, as estimated; of more, the oldest go of the account that
    /// holds most. Room for one of the largest that is read.
    pub const IMPORTS_BYTES_MAX: u64 = 512 * 1024 * 1024;
    /// Papers that are printed at a time; one of the largest takes a core for some seconds.
    pub const PRINTS_MAX: usize = 2;
    /// Papers that wait for that before new ones are turned away.
    pub const PRINTS_WAITING_MAX: usize = 32;
    /// Refused rows of a sheet that a preview shows.
    pub const PREVIEW_REFUSED_MAX: usize = 200;
    /// Other rows of a sheet that a preview shows.
    pub const PREVIEW_ROWS: usize = 30;
    /// Texts of a column that a preview shows.
    pub const PREVIEW_SAMPLES: usize = 3;
    /// Refused ledger rows that are looked at for those of one workbook.
    pub const LEDGER_ROWS_LOOKED_AT_MAX: usize = 5_000;
    /// Characters of a mended cell.
    pub const CELL_CHARS_MAX: usize = 4_000;
    /// Characters of a search.
    pub const WORDS_CHARS_MAX: usize = 100;
}

/// The OpenAPI 3.1 description of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::describe(routes().into_openapi())
}

/// Everything that is served, ready for a listener.
pub fn router(door: Arc<Door>) -> Router {
    let (api, _) = routes().split_for_parts();
    api.route("/api/openapi.json", get(docs::read_openapi))
        .route("/api/docs", get(docs::read_docs))
        .route("/api/docs.js", get(docs::read_docs_script))
        .route("/api/docs.css", get(docs::read_docs_style))
        .fallback(pages::serve)
        .method_not_allowed_fallback(endpoints::no_such_method)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&door), origin::guard))
        .merge(residents::routes())
        .merge(calendar::routes())
        .merge(open311::routes())
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn(pages::secure))
        .layer(from_fn_with_state(Arc::clone(&door), observe::observe))
        .with_state(door)
}

/// Serves until `stopped` comes, then finishes the requests that run.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    door: Arc<Door>,
    listener: tokio::net::TcpListener,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Small answers are sent at once instead of being collected for 40 ms.
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    let service = router(door).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stopped).await
}

/// The described operations.
fn routes() -> OpenApiRouter<Arc<Door>> {
    use endpoints as e;
    let v1 = OpenApiRouter::new()
        .routes(routes!(
            e::read_session::read_session,
            e::create_session::create_session,
            e::delete_session::delete_session
        ))
        .routes(routes!(e::change_password::change_password))
        .routes(routes!(e::read_figures::read_figures))
        .routes(routes!(e::read_figure_trend::read_figure_trend))
        .routes(routes!(e::list_figure_records::list_figure_records))
        .routes(routes!(e::read_subject::read_subject))
        .routes(routes!(e::unseal_subject_field::unseal_subject_field))
        .routes(routes!(e::read_subject_file::read_subject_file))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(e::create_subject_file::create_subject_file))
                .layer(DefaultBodyLimit::max(limits::FILE_BYTES_MAX)),
        )
        .routes(routes!(e::print_subject::print_subject))
        .routes(routes!(e::list_activities::list_activities))
        .routes(routes!(e::read_calendar_link::read_calendar_link))
        .routes(routes!(e::list_cases::list_cases))
        .routes(routes!(e::count_cases::count_cases))
        .routes(routes!(e::list_todo::list_todo))
        .routes(routes!(e::list_revisit_draws::list_revisit_draws, e::create_revisit_draw::create_revisit_draw))
        .routes(routes!(e::list_revisits::list_revisits))
        .routes(routes!(e::list_board::list_board))
        .routes(routes!(e::list_units::list_units))
        .routes(routes!(e::read_unit::read_unit))
        .routes(routes!(e::print_unit_slip::print_unit_slip))
        .routes(routes!(e::print_unit_quarter::print_unit_quarter))
        .routes(routes!(e::print_unit_card::print_unit_card))
        .routes(routes!(e::list_notices::list_notices))
        .routes(routes!(e::mark_notices_read::mark_notices_read))
        .routes(routes!(e::list_deliveries::list_deliveries))
        .routes(routes!(e::retry_delivery::retry_delivery))
        .routes(routes!(e::dismiss_delivery::dismiss_delivery))
        .routes(routes!(e::list_handlers::list_handlers))
        .routes(routes!(e::list_checklists::list_checklists))
        .routes(routes!(e::list_checks::list_checks))
        .routes(routes!(e::read_check::read_check))
        .routes(routes!(e::print_check_notice::print_check_notice))
        .routes(routes!(e::print_check_sheet::print_check_sheet))
        .routes(routes!(e::read_area::read_area))
        .routes(routes!(e::print_contact_cards::print_contact_cards))
        .routes(routes!(e::search_areas::search_areas))
        .routes(routes!(e::read_catalog::read_catalog))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(e::submit_commands::submit_commands))
                .layer(DefaultBodyLimit::max(limits::COMMANDS_BYTES_MAX)),
        )
        .routes(routes!(e::follow_changes::follow_changes))
        .routes(routes!(e::read_journal::read_journal))
        .routes(routes!(e::verify_journal::verify_journal))
        .routes(routes!(e::list_accounts::list_accounts, e::create_account::create_account))
        .routes(routes!(e::reset_account_password::reset_account_password))
        .routes(routes!(e::disable_account::disable_account))
        .routes(routes!(e::enable_account::enable_account))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(e::list_imports::list_imports, e::create_import::create_import))
                .layer(DefaultBodyLimit::max(limits::WORKBOOK_BYTES_MAX)),
        )
        .routes(routes!(e::read_import::read_import))
        .routes(routes!(e::preview_import::preview_import))
        .routes(routes!(e::run_import::run_import))
        .routes(routes!(e::list_ledger_rows::list_ledger_rows))
        .routes(routes!(e::fix_ledger_row::fix_ledger_row))
        .routes(routes!(e::set_ledger_row_aside::set_ledger_row_aside));
    OpenApiRouter::new()
        .nest("/api/v1", v1)
        .routes(routes!(e::read_health::read_health))
        .routes(routes!(e::read_readiness::read_readiness))
        .routes(routes!(e::read_metrics::read_metrics))
}
