//! Problems (RFC 9457): one error type, and one table from permanent code to status.

use std::any::Any;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tahuang_app::clean::FileRefusal;
use tahuang_app::files::{AttachError, OpenFileError};
use tahuang_app::revisits::DrawError;
use tahuang_app::{QueryError, SealError, SignInError, SubmitError};
use tahuang_domain::Refusal;
use tahuang_intake::{RowRefusal, WorkbookError};
use tahuang_notify::desk::HandError;
use tahuang_press::PressError;
use tahuang_store::StoreError;
use utoipa::ToSchema;

/// Every permanent code with its status and title. A code is never used for another meaning.
pub const PROBLEMS: &[(&str, StatusCode, &str)] = &[
    ("invalid_parameter", StatusCode::BAD_REQUEST, "A parameter cannot be"),
    ("malformed_body", StatusCode::BAD_REQUEST, "The body cannot be read"),
    ("malformed_command", StatusCode::UNPROCESSABLE_ENTITY, "The command cannot be read"),
    ("unsupported_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be JSON"),
    ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
    ("too_many_commands", StatusCode::PAYLOAD_TOO_LARGE, "Too many commands in one request"),
    ("not_signed_in", StatusCode::UNAUTHORIZED, "Nobody is signed in"),
    ("bad_credentials", StatusCode::UNAUTHORIZED, "Login or password is wrong"),
    ("account_locked", StatusCode::TOO_MANY_REQUESTS, "The account is locked for a while"),
    ("header_missing", StatusCode::FORBIDDEN, "The header X-Tahuang is missing"),
    ("cross_origin", StatusCode::FORBIDDEN, "The request comes from another site"),
    ("not_permitted", StatusCode::FORBIDDEN, "The account may not do this here"),
    ("not_found", StatusCode::NOT_FOUND, "There is no such thing"),
    ("subject_not_found", StatusCode::NOT_FOUND, "There is no such record"),
    ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "The address does not know this method"),
    ("account_exists", StatusCode::CONFLICT, "The login is taken"),
    ("own_account", StatusCode::CONFLICT, "An account does not shut itself out"),
    ("command_id_reused", StatusCode::CONFLICT, "The command id was used before"),
    ("subject_exists", StatusCode::CONFLICT, "The record exists"),
    ("subject_withdrawn", StatusCode::CONFLICT, "The record was withdrawn"),
    ("revision_conflict", StatusCode::CONFLICT, "The record has changed"),
    ("area_exists", StatusCode::CONFLICT, "The area exists"),
    ("line_exists", StatusCode::CONFLICT, "The line exists"),
    ("step_not_open", StatusCode::CONFLICT, "The step is not open"),
    ("already_ended", StatusCode::CONFLICT, "It ended already"),
    ("checker_is_handler", StatusCode::CONFLICT, "The checker is the handler"),
    ("evidence_missing", StatusCode::CONFLICT, "Evidence is missing"),
    ("item_not_waiting", StatusCode::CONFLICT, "The item does not wait to be looked at again"),
    ("signature_missing", StatusCode::CONFLICT, "The signature is missing"),
    ("nothing_to_notify", StatusCode::CONFLICT, "Nothing failed"),
    ("not_the_receiver", StatusCode::CONFLICT, "Only the receiver signs"),
    ("already_late", StatusCode::CONFLICT, "It is late already"),
    ("extender_is_handler", StatusCode::CONFLICT, "The handler asks for more time"),
    ("claimed_already", StatusCode::CONFLICT, "Somebody has claimed it"),
    ("answer_awaited", StatusCode::CONFLICT, "The resident who asked may still answer"),
    ("revisitor_is_handler", StatusCode::CONFLICT, "The revisit must be made by somebody who had no part in the work"),
    (
        "judge_is_party",
        StatusCode::CONFLICT,
        "The appeal must be decided by an office above, without a part in the case",
    ),
    ("stock_too_small", StatusCode::CONFLICT, "The stock is too small"),
    ("sealed_unreadable", StatusCode::CONFLICT, "The sealed value cannot be opened"),
    ("bad_password", StatusCode::UNPROCESSABLE_ENTITY, "The old password is wrong"),
    ("weak_password", StatusCode::UNPROCESSABLE_ENTITY, "The password is too easy to guess, or too long"),
    ("unknown_role", StatusCode::UNPROCESSABLE_ENTITY, "There is no such role"),
    ("unknown_kind", StatusCode::UNPROCESSABLE_ENTITY, "There is no such kind"),
    ("wrong_shape", StatusCode::UNPROCESSABLE_ENTITY, "The kind has another shape"),
    ("unknown_area", StatusCode::UNPROCESSABLE_ENTITY, "There is no such area"),
    ("outside_prefecture", StatusCode::UNPROCESSABLE_ENTITY, "The area lies outside the prefecture"),
    ("field_invalid", StatusCode::UNPROCESSABLE_ENTITY, "A field is not valid"),
    ("missing_value", StatusCode::UNPROCESSABLE_ENTITY, "A value is missing"),
    ("text_too_long", StatusCode::UNPROCESSABLE_ENTITY, "A text is too long"),
    ("quantity_out_of_range", StatusCode::UNPROCESSABLE_ENTITY, "A quantity is out of range"),
    ("personal_data_open", StatusCode::UNPROCESSABLE_ENTITY, "Personal data stands in an open field"),
    ("personal_field_unknown", StatusCode::UNPROCESSABLE_ENTITY, "There is no such personal field"),
    ("not_for_the_public", StatusCode::UNPROCESSABLE_ENTITY, "It is not for the public"),
    ("too_many_lines", StatusCode::UNPROCESSABLE_ENTITY, "The record has too many lines"),
    ("line_not_found", StatusCode::UNPROCESSABLE_ENTITY, "There is no such line"),
    ("link_not_found", StatusCode::UNPROCESSABLE_ENTITY, "The linked record does not exist"),
    ("link_unfit", StatusCode::UNPROCESSABLE_ENTITY, "The linked record does not fit"),
    ("handler_out_of_reach", StatusCode::UNPROCESSABLE_ENTITY, "The case is out of the handler's reach"),
    ("not_a_grid_task", StatusCode::UNPROCESSABLE_ENTITY, "It is no grid task"),
    ("finished_before_found", StatusCode::UNPROCESSABLE_ENTITY, "The days are in the wrong order"),
    ("unknown_checklist", StatusCode::UNPROCESSABLE_ENTITY, "There is no such checklist"),
    ("unknown_item", StatusCode::UNPROCESSABLE_ENTITY, "The checklist has no such item"),
    ("item_unanswered", StatusCode::UNPROCESSABLE_ENTITY, "An item is not answered, or answered twice"),
    ("too_few_officers", StatusCode::UNPROCESSABLE_ENTITY, "More people sign"),
    ("unknown_outcome", StatusCode::UNPROCESSABLE_ENTITY, "There is no such outcome"),
    ("amount_overflow", StatusCode::UNPROCESSABLE_ENTITY, "The amount is too large"),
    ("import_started", StatusCode::CONFLICT, "The workbook is being brought in, or was"),
    ("no_divisions", StatusCode::CONFLICT, "No divisions are registered yet"),
    ("delivery_not_open", StatusCode::CONFLICT, "The message stands where nothing is to be decided"),
    ("workbook_unreadable", StatusCode::UNPROCESSABLE_ENTITY, "The file cannot be read"),
    ("workbook_not_xlsx", StatusCode::UNPROCESSABLE_ENTITY, "The file is no .xlsx workbook"),
    ("workbook_password_protected", StatusCode::UNPROCESSABLE_ENTITY, "The workbook has a password"),
    ("workbook_damaged", StatusCode::UNPROCESSABLE_ENTITY, "The workbook is damaged"),
    ("workbook_too_large", StatusCode::UNPROCESSABLE_ENTITY, "The workbook is larger than a ledger can be"),
    ("duplicate", StatusCode::UNPROCESSABLE_ENTITY, "The row repeats another one"),
    ("missing_area", StatusCode::UNPROCESSABLE_ENTITY, "The row names no place"),
    ("ambiguous_area", StatusCode::UNPROCESSABLE_ENTITY, "Several places have this name"),
    ("missing_date", StatusCode::UNPROCESSABLE_ENTITY, "A day is missing"),
    ("bad_date", StatusCode::UNPROCESSABLE_ENTITY, "This is no day"),
    ("bad_number", StatusCode::UNPROCESSABLE_ENTITY, "This is no number of things"),
    ("unknown_choice", StatusCode::UNPROCESSABLE_ENTITY, "The word is not among the choices"),
    ("unknown_training", StatusCode::UNPROCESSABLE_ENTITY, "There is no such training"),
    ("unknown_ledger", StatusCode::UNPROCESSABLE_ENTITY, "The sheet is no known ledger"),
    ("unknown_heading", StatusCode::UNPROCESSABLE_ENTITY, "The row has no such column"),
    ("missing_column", StatusCode::UNPROCESSABLE_ENTITY, "A required column is missing"),
    ("too_many_files", StatusCode::UNPROCESSABLE_ENTITY, "The record has too many files"),
    ("file_not_found", StatusCode::UNPROCESSABLE_ENTITY, "There is no such file on the record"),
    ("file_exists", StatusCode::CONFLICT, "The file is attached already"),
    ("line_once", StatusCode::CONFLICT, "There is one at most"),
    ("line_missing", StatusCode::CONFLICT, "Something else has to be entered before"),
    ("line_barred", StatusCode::CONFLICT, "What was entered rules it out"),
    ("line_too_late", StatusCode::CONFLICT, "The time for it is over"),
    ("papers_kept", StatusCode::CONFLICT, "Papers that others signed stand on it"),
    ("file_empty", StatusCode::UNPROCESSABLE_ENTITY, "The file is empty"),
    ("file_too_large", StatusCode::PAYLOAD_TOO_LARGE, "The file is too large"),
    ("file_type_refused", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Files of this type are not taken"),
    ("file_damaged", StatusCode::UNPROCESSABLE_ENTITY, "The file is damaged or incomplete"),
    ("paper_too_long", StatusCode::UNPROCESSABLE_ENTITY, "The paper is too long"),
    ("paper_does_not_fit", StatusCode::UNPROCESSABLE_ENTITY, "A text does not fit into its place on the paper"),
    ("picture_unreadable", StatusCode::UNPROCESSABLE_ENTITY, "A picture for the paper cannot be read"),
    ("picture_too_large", StatusCode::UNPROCESSABLE_ENTITY, "A picture for the paper is too large"),
    ("code_too_long", StatusCode::UNPROCESSABLE_ENTITY, "The address is too long for a code"),
    ("font_missing", StatusCode::SERVICE_UNAVAILABLE, "The server has no font to print with"),
    ("font_unreadable", StatusCode::SERVICE_UNAVAILABLE, "A font of the server cannot be read"),
    ("busy", StatusCode::SERVICE_UNAVAILABLE, "Too much at once; try again shortly"),
    ("stopping", StatusCode::SERVICE_UNAVAILABLE, "The server is stopping"),
    ("storage_unavailable", StatusCode::SERVICE_UNAVAILABLE, "The database does not answer"),
    ("internal", StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake"),
];

/// Why a request has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ApiError {
    #[error("sign in first")]
    NotSignedIn,
    #[error("login or password is wrong")]
    BadCredentials,
    /// Of one who is signed in: 401 would tell the page that the session has ended.
    #[error("the old password is wrong")]
    BadPassword,
    #[error("too many wrong passwords; try again later")]
    AccountLocked { seconds: i64 },
    #[error("a request that changes something needs the header X-Tahuang: 1, or a bearer token instead of a cookie")]
    HeaderMissing,
    #[error("requests from other sites are not answered")]
    CrossOrigin,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The register entry of an account was refused.
    #[error("{message}")]
    Entry { code: String, message: String },
    #[error("there is nothing here, or not for this account")]
    NotFound,
    #[error("this address does not know the method")]
    MethodNotAllowed,
    #[error("{field}: {problem}")]
    InvalidParameter { field: String, problem: String },
    #[error("{field}: {problem}")]
    InvalidField { field: String, problem: String },
    #[error("{0}")]
    MalformedBody(String),
    #[error("send Content-Type: application/json")]
    UnsupportedMediaType,
    #[error("the body is larger than this address takes")]
    BodyTooLarge,
    #[error("more than {} commands in one request", tahuang_app::limits::BATCH_COMMANDS_MAX)]
    TooManyCommands,
    #[error("at least 10 characters, at most 1,000 bytes, and three of: small letter, capital, digit, other")]
    WeakPassword,
    #[error("the login exists already")]
    AccountExists,
    #[error("an account cannot disable itself")]
    OwnAccount,
    #[error("there is no such role")]
    UnknownRole,
    #[error("the value was sealed under another key")]
    SealedUnreadable,
    #[error("the workbook is being brought in, or was")]
    ImportStarted,
    #[error("no divisions are registered yet, so no row has a place")]
    NoDivisions,
    #[error("the message is {0}")]
    DeliveryNotOpen(&'static str),
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// A file that is not taken.
    #[error(transparent)]
    File(#[from] FileRefusal),
    /// A command that was refused by itself.
    #[error("{message}")]
    Command { code: String, message: String, field: Option<String> },
    /// What is wrong with a ledger row.
    #[error(transparent)]
    Row(RowRefusal),
    /// A paper that could not be printed.
    #[error(transparent)]
    Press(#[from] PressError),
    #[error("too many requests are waiting; try again shortly")]
    Busy,
    #[error("the server is stopping")]
    Stopping,
    #[error("the database does not answer")]
    StorageUnavailable,
    /// What went wrong is for the log alone.
    #[error("the server made a mistake; it is in its log")]
    Internal(String),
}

impl ApiError {
    /// A parameter of the address that cannot be.
    pub fn invalid(field: &str, problem: impl Into<String>) -> Self {
        Self::InvalidParameter { field: field.to_owned(), problem: problem.into() }
    }

    /// The permanent code.
    pub fn code(&self) -> &str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::BadCredentials => "bad_credentials",
            Self::BadPassword => "bad_password",
            Self::AccountLocked { .. } => "account_locked",
            Self::HeaderMissing => "header_missing",
            Self::CrossOrigin => "cross_origin",
            Self::Refused(refusal) => refusal.code(),
            Self::Entry { code, .. } => code,
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::InvalidField { .. } => "field_invalid",
            Self::MalformedBody(_) => "malformed_body",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::BodyTooLarge => "body_too_large",
            Self::TooManyCommands => "too_many_commands",
            Self::WeakPassword => "weak_password",
            Self::AccountExists => "account_exists",
            Self::OwnAccount => "own_account",
            Self::UnknownRole => "unknown_role",
            Self::SealedUnreadable => "sealed_unreadable",
            Self::ImportStarted => "import_started",
            Self::NoDivisions => "no_divisions",
            Self::DeliveryNotOpen(_) => "delivery_not_open",
            Self::Workbook(error) => error.code(),
            Self::Row(refusal) => refusal.code(),
            Self::File(refusal) => refusal.code(),
            Self::Press(error) => error.code(),
            Self::Command { code, .. } => code,
            Self::Busy => "busy",
            Self::Stopping => "stopping",
            Self::StorageUnavailable => "storage_unavailable",
            Self::Internal(_) => "internal",
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidParameter { field, .. } | Self::InvalidField { field, .. } => Some(field),
            Self::Refused(refusal) => refusal.field(),
            Self::Row(refusal) => refusal.column(),
            Self::Command { field, .. } => field.as_deref(),
            Self::UnknownRole => Some("role"),
            Self::AccountExists => Some("login"),
            _ => None,
        }
    }
}

/// A problem as it is sent.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The permanent code; programs go by it.
    pub code: String,
    /// What is wrong with this request, in English.
    pub detail: String,
    /// The fields or parameters to blame.
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field or parameter.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its name, or its path in the body.
    pub path: String,
    /// A permanent code.
    pub code: String,
    /// What is wrong, in English.
    pub message: String,
}

/// Status and title of a code. Codes that are not in the table are a mistake of this program.
pub fn status_of(code: &str) -> (StatusCode, &'static str) {
    let known = PROBLEMS.iter().find(|(known, ..)| *known == code);
    known
        .map_or((StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake"), |(_, status, title)| (*status, title))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(what) = &self {
            tracing::error!(what, "a request failed");
        }
        let (status, title) = status_of(self.code());
        let errors = self.field().map(|field| FieldProblem {
            path: field.to_owned(),
            code: self.code().to_owned(),
            message: self.to_string(),
        });
        let problem = Problem {
            kind: format!("/api/docs#problem-{}", self.code()),
            title: title.to_owned(),
            status: status.as_u16(),
            code: self.code().to_owned(),
            detail: self.to_string(),
            errors: errors.into_iter().collect(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        let headers = response.headers_mut();
        match self {
            Self::NotSignedIn => _ = headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::Busy | Self::StorageUnavailable => _ = headers.insert(header::RETRY_AFTER, HeaderValue::from(1)),
            Self::AccountLocked { seconds } => _ = headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds)),
            _ => {}
        }
        response
    }
}

/// A panic in a handler is a bug: its text goes to the log, the sender gets a problem like any other.
#[allow(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
pub fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    ApiError::Internal(format!("a handler panicked: {text}")).into_response()
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Busy,
            StoreError::Unavailable(what) => {
                tracing::error!(what, "the database does not answer");
                Self::StorageUnavailable
            }
            damaged @ (StoreError::Corrupt { .. } | StoreError::Newer { .. }) => Self::Internal(damaged.to_string()),
        }
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Refused(refusal) => Self::Refused(refusal),
            QueryError::NotFound => Self::NotFound,
            QueryError::Invalid(problem) => Self::invalid("area", problem),
            QueryError::Store(error) => error.into(),
        }
    }
}

impl From<HandError> for ApiError {
    fn from(error: HandError) -> Self {
        match error {
            HandError::Query(error) => error.into(),
            HandError::NotOpen(state) => Self::DeliveryNotOpen(state.code()),
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Busy => Self::Busy,
            SubmitError::TooMany => Self::TooManyCommands,
            SubmitError::Stopped => Self::Stopping,
            SubmitError::Store(error) => error.into(),
        }
    }
}

impl From<AttachError> for ApiError {
    fn from(error: AttachError) -> Self {
        match error {
            AttachError::File(refusal) => Self::File(refusal),
            AttachError::Query(error) => error.into(),
            AttachError::Refused { code, message, field } => Self::Command { code, message, field },
            AttachError::Submit(error) => error.into(),
            AttachError::Store(error) => error.into(),
        }
    }
}

impl From<DrawError> for ApiError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::Query(error) => error.into(),
            DrawError::Refused { code, message, field } => Self::Command { code, message, field },
            DrawError::Submit(error) => error.into(),
        }
    }
}

impl From<OpenFileError> for ApiError {
    fn from(error: OpenFileError) -> Self {
        match error {
            OpenFileError::Query(error) => error.into(),
            OpenFileError::Seal(error) => error.into(),
            missing @ OpenFileError::Missing(_) => Self::Internal(missing.to_string()),
        }
    }
}

impl From<SealError> for ApiError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::WrongKey | SealError::UnknownCipher(_) => Self::SealedUnreadable,
            SealError::Store(error) => error.into(),
        }
    }
}

impl ApiError {
    /// What the sender is told of a failure about accounts; `now` is for how long a lock still holds.
    pub fn of_account(error: SignInError, now: i64) -> Self {
        match error {
            SignInError::BadCredentials => Self::BadCredentials,
            SignInError::Locked { until } => Self::AccountLocked { seconds: (until - now).max(0) / 1_000 + 1 },
            SignInError::WeakPassword => Self::WeakPassword,
            SignInError::LoginTaken => Self::AccountExists,
            SignInError::UnknownRole => Self::UnknownRole,
            SignInError::NotFound => Self::NotFound,
            SignInError::Refused(refusal) => Self::Refused(refusal),
            SignInError::Entry(code, message) => Self::Entry { code, message },
            SignInError::Submit(error) => error.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_the_domain_has_its_status() {
        // The list of codes as the domain's own source has it, so that a new refusal cannot be forgotten here.
        let source = include_str!("../../domain/src/refusal.rs");
        let codes: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\","))
            .collect();
        assert!(codes.len() >= 31, "the codes were not found: {codes:?}");
        for code in codes {
            assert!(PROBLEMS.iter().any(|(known, ..)| *known == code), "{code} has no status");
        }
    }

    #[test]
    fn no_code_stands_twice() {
        for (index, (code, ..)) in PROBLEMS.iter().enumerate() {
            assert!(PROBLEMS[index + 1..].iter().all(|(other, ..)| other != code), "{code}");
        }
    }
}
