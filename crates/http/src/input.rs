//! What a request says: parameters of the address and JSON bodies, both with the name of what is wrong.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tahuang_app::figures::At;
use tahuang_domain::Day;

use crate::limits;
use crate::problem::ApiError;

/// The parameters after the question mark. One that the address does not know is refused: a misspelt filter that is
/// silently ignored shows the wrong rows.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = parts.uri.query().unwrap_or_default();
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            let field = error.path().to_string();
            let field = if field == "." { String::new() } else { field };
            ApiError::InvalidParameter { field, problem: error.into_inner().to_string() }
        })
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_bytes(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            let problem = error.into_inner();
            if problem.is_data() {
                ApiError::InvalidField { field, problem: problem.to_string() }
            } else {
                ApiError::MalformedBody(problem.to_string())
            }
        })?;
        reader.end().map_err(|error| ApiError::MalformedBody(error.to_string()))?;
        Ok(Self(value))
    }
}

/// The body of a request that says it is JSON.
pub async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let said = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = said.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::UnsupportedMediaType);
    }
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| {
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge,
            _ => ApiError::MalformedBody("the body broke off".to_owned()),
        }
    })
}

/// A part of the address. What cannot be an id names nothing, so it is not found.
pub struct Segment<T>(pub T);

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Segment<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::NotFound)?;
        text.parse().map(Self).map_err(|_| ApiError::NotFound)
    }
}

/// Two parts of the address.
pub struct Segments<A, B>(pub A, pub B);

impl<A: FromStr + Send, B: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Segments<A, B> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((one, two)) = read.map_err(|_| ApiError::NotFound)?;
        let (one, two) = (one.parse(), two.parse());
        one.ok().zip(two.ok()).map(|(one, two)| Self(one, two)).ok_or(ApiError::NotFound)
    }
}

/// A moment: a journal position, or a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment(pub String, pub At);

impl Moment {
    /// What is asked for when the parameter is absent.
    pub fn at(moment: Option<&Self>) -> At {
        moment.map_or(At::Now, |moment| moment.1)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = match text.parse::<u64>() {
            Ok(position) => At::Position(position),
            Err(_) => At::Day(
                text.parse::<Day>()
                    .map_err(|_| serde::de::Error::custom("a journal position (a number) or a day (YYYY-MM-DD)"))?,
            ),
        };
        Ok(Self(text, at))
    }
}

/// How many rows a page has: what was asked for, within bounds.
pub fn page_rows(asked: Option<usize>) -> Result<usize, ApiError> {
    let max = tahuang_app::limits::PAGE_ROWS_MAX;
    match asked.unwrap_or(limits::PAGE_ROWS) {
        rows if (1..=max).contains(&rows) => Ok(rows),
        _ => Err(ApiError::invalid("limit", format!("from 1 to {max}"))),
    }
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => ApiError::Internal(format!("an answer is no JSON: {error}")).into_response(),
        }
    }
}
