//! Who asks without an account: from which address, and in which language.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use tahuang_domain::Language;

use crate::door::Door;
use crate::origin;
use crate::session::Speech;

/// Somebody without an account.
pub struct Visitor {
    /// In which language they are spoken to.
    pub language: Language,
    /// From where they ask, as our own proxy saw it.
    pub address: IpAddr,
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

impl FromRequestParts<Arc<Door>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Self::Rejection> {
        let Speech(accepted) = Speech::from_request_parts(parts, door).await?;
        let wanted = Query::<Wanted>::try_from_uri(&parts.uri).ok().and_then(|Query(wanted)| wanted.lang);
        let language = wanted.as_deref().map_or(accepted, Language::accepted);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip().to_canonical());
        // The last address is the one that our own proxy saw; those before it are what the sender says.
        let seen = origin::forwarded(&door.settings, &parts.extensions, &parts.headers, "x-forwarded-for");
        let seen = seen.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Ok(Self { language, address: seen.unwrap_or(peer) })
    }
}
