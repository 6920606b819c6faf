//! Who asks: the session of a cookie, or of a bearer token.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use tahuang_app::{Account, Asker};
use tahuang_domain::Language;

use crate::door::Door;
use crate::origin;
use crate::problem::ApiError;

const COOKIE: &str = "tahuang_session";

/// Somebody who is signed in.
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The account, as the application asks for it.
    pub asker: Asker,
    /// In which language names are given.
    pub language: Language,
    /// The session's token.
    pub token: String,
}

impl FromRequestParts<Arc<Door>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, ApiError> {
        let token = token(&parts.headers).ok_or(ApiError::NotSignedIn)?.to_owned();
        let account = account(door, &token).await?.ok_or(ApiError::NotSignedIn)?;
        let language = language(&parts.headers);
        Ok(Self { asker: account.asker(), account, language, token })
    }
}

/// In which language an anonymous visitor wants to be spoken to.
pub struct Speech(pub Language);

impl<S: Send + Sync> FromRequestParts<S> for Speech {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(language(&parts.headers)))
    }
}

/// What of a request decides how its session's cookie is set.
pub struct CookieTerms {
    secure: bool,
}

impl FromRequestParts<Arc<Door>> for CookieTerms {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Infallible> {
        let forwarded = origin::forwarded(&door.settings, &parts.extensions, &parts.headers, "x-forwarded-proto");
        Ok(Self { secure: door.settings.secure_cookies || forwarded == Some("https") })
    }
}

impl CookieTerms {
    /// The header that hands the token over.
    pub fn set(&self, token: &str) -> Result<HeaderValue, ApiError> {
        self.header(token, "")
    }

    /// The header that makes the browser forget it.
    pub fn forget(&self) -> Result<HeaderValue, ApiError> {
        self.header("", "; Max-Age=0")
    }

    fn header(&self, value: &str, more: &str) -> Result<HeaderValue, ApiError> {
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/{more}{secure}"))
            .map_err(|error| ApiError::Internal(format!("the session's cookie: {error}")))
    }
}

/// The account of a token, from memory where it is known there.
pub async fn account(door: &Arc<Door>, token: &str) -> Result<Option<Account>, ApiError> {
    if let Some(account) = door.app.known_session(token) {
        return Ok(Some(account));
    }
    let token = token.to_owned();
    door.read(move |door| Ok(door.app.session(&token)?)).await
}

/// The token that a request brings: a bearer's, or the cookie's.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| cookie(headers)).filter(|token| !token.is_empty())
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE).then_some(value))
}

fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.map_or(Language::ZhCn, Language::accepted)
}
