//! A call: its format, its parameters, its key, and the jurisdiction that it is about.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use tahuang_app::{Account, App};
use tahuang_domain::{AreaCode, Level, Prefecture};

use super::answer::{Fault, Format, Node, answer};
use crate::door::Door;
use crate::origin;
use crate::session;
use crate::visitor::Visitor;

/// Parameters as they were sent. One that is empty is one that is absent, as the specification has it.
#[derive(Clone, Default, Debug)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads what is form-encoded.
    pub fn read(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded);
        let pairs = pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned()));
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The first value of a parameter.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The values of a parameter that may be given several times, and several at once between commas.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let given = self.0.iter().filter(|(known, _)| known == name).flat_map(|(_, value)| value.split(','));
        given.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// The pairs, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes over other parameters behind these.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }
}

/// What every endpoint needs of a request.
pub struct Call {
    pub format: Format,
    /// What the address names last, without the format.
    pub named: String,
    /// Those of the address; those of a body are added to them.
    pub parameters: Parameters,
    pub visitor: Visitor,
    /// Where this server is, as the caller sees it: `https://example.org`.
    pub origin: String,
    bearer: Option<String>,
}

impl FromRequestParts<Arc<Door>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Self::Rejection> {
        let visitor = Visitor::from_request_parts(parts, door).await?;
        let file = parts.uri.path().rsplit('/').next().unwrap_or_default();
        let (named, format) = match file.rsplit_once('.') {
            Some((named, "json")) => (named, Format::Json),
            Some((named, "xml")) => (named, Format::Xml),
            _ => ("", Format::Xml),
        };
        let forwarded = |name| origin::forwarded(&door.settings, &parts.extensions, &parts.headers, name);
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = forwarded("x-forwarded-host").or(host).unwrap_or("localhost");
        let secure = door.settings.secure_cookies || forwarded("x-forwarded-proto") == Some("https");
        Ok(Self {
            format,
            named: named.to_owned(),
            parameters: Parameters::read(parts.uri.query().unwrap_or_default().as_bytes()),
            visitor,
            origin: format!("{}://{host}", if secure { "https" } else { "http" }),
            bearer: session::bearer(&parts.headers).map(str::to_owned),
        })
    }
}

impl Call {
    /// Gives an answer, or what is wrong.
    pub fn answer(&self, root: &'static str, given: Result<Node, Fault>) -> Response {
        answer(self.format, root, given)
    }

    /// The key's account: of `api_key`, or of a bearer's header.
    pub async fn key(&self, door: &Arc<Door>) -> Result<Account, Fault> {
        let key = self.parameters.one("api_key").or(self.bearer.as_deref());
        let key = key.ok_or_else(|| Fault::forbidden("api_key was not provided"))?.to_owned();
        let account = door.read(move |door| Ok(door.app.key(&key)?)).await?;
        account.ok_or_else(|| Fault::forbidden("api_key is invalid"))
    }

    /// The prefecture that the call is about. Only where several are kept has it to be named.
    pub fn jurisdiction(&self, app: &App) -> Result<Prefecture, Fault> {
        let served = || Fault::not_found("jurisdiction_id was not found");
        let areas = app.areas();
        let kept: Vec<Prefecture> = areas
            .iter()
            .filter(|(area, _)| area.level() == Level::Prefecture)
            .filter_map(|(area, _)| area.prefecture())
            .collect();
        match (self.parameters.one("jurisdiction_id"), &kept[..]) {
            (Some(id), _) => {
                let named: Option<AreaCode> = id.parse().ok();
                named.and_then(Prefecture::new).filter(|named| kept.contains(named)).ok_or_else(served)
            }
            (None, [only]) => Ok(*only),
            (None, []) => Err(served()),
            (None, several) => {
                let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(Fault::bad(format!("jurisdiction_id was not provided; it is one of {}", codes.join(", "))))
            }
        }
    }

    /// The area that a key reaches within the jurisdiction that the call is about.
    pub fn reach(&self, app: &App, key: &Account) -> Result<AreaCode, Fault> {
        let jurisdiction = self.jurisdiction(app)?;
        let reach = key.grant.scope;
        if reach.prefecture() == Some(jurisdiction) {
            Ok(reach)
        } else {
            Err(Fault::forbidden("api_key is for another jurisdiction"))
        }
    }
}
