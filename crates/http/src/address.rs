//! The address under which people reach this server, for what leads back to it from paper.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use std::convert::Infallible;
use std::sync::Arc;

use crate::door::Door;
use crate::origin::forwarded;

/// The configured address, or else the one that was asked, without a stroke at its end.
pub struct PublicAddress(pub String);

impl FromRequestParts<Arc<Door>> for PublicAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Infallible> {
        if let Some(address) = &door.settings.address {
            return Ok(Self(address.trim_end_matches('/').to_owned()));
        }
        let said = |name: &str| forwarded(&door.settings, &parts.extensions, &parts.headers, name);
        let is_secure = door.settings.secure_cookies || said("x-forwarded-proto") == Some("https");
        let asked = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = said("x-forwarded-host").or(asked).unwrap_or("localhost");
        Ok(Self(format!("{}://{host}", if is_secure { "https" } else { "http" })))
    }
}
