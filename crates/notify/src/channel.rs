//! The channels over which messages go out, as the server's configuration names them.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tahuang_domain::{AreaCode, Catalog, Language};

use crate::pace::Allowance;
use crate::quiet::Quiet;
use crate::{limits, sign};

/// A text that is not shown: what is logged or printed says only that it is there.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// What a channel is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelType {
    /// A robot in a group of WeCom (企业微信).
    Wecom,
    /// A robot in a group of DingTalk (钉钉).
    Dingtalk,
    /// Mail.
    Smtp,
    /// A signed webhook after Standard Webhooks.
    Webhook,
}

impl ChannelType {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::Smtp => "smtp",
            Self::Webhook => "webhook",
        }
    }

    /// Whether the receiver tells a repetition by its id, so that a message may be sent again when nobody knows whether
    /// it arrived. The groups of people have no such receiver, and neither has a mailbox.
    pub const fn knows_repetitions(self) -> bool {
        matches!(self, Self::Webhook)
    }

    /// How often it may be asked: the robots' own limits, and what a mail server or a receiver of ours bears.
    pub const fn allowance(self) -> Allowance {
        match self {
            Self::Wecom | Self::Dingtalk => Allowance { messages: 20, window_ms: limits::MINUTE_MS },
            Self::Smtp => Allowance { messages: 60, window_ms: limits::MINUTE_MS },
            Self::Webhook => Allowance { messages: 600, window_ms: limits::MINUTE_MS },
        }
    }
}

/// One `[[channel]]` of `tahuang.toml`. A secret may be `file:NAME` (beside `tahuang.toml`) or `env:NAME`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelText {
    /// What it is called in lists; permanent, because messages name it.
    pub code: String,
    /// What it is.
    #[serde(rename = "type")]
    pub of: ChannelType,
    /// The address of a robot or webhook, or `smtp://host`, `smtp+starttls://host`, `smtps://host` with or without a port.
    /// A robot's holds its key.
    pub url: Secret,
    /// The secret that DingTalk and webhooks are signed with.
    pub secret: Option<Secret>,
    /// The login at the mail server.
    pub login: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// Who mail comes from.
    pub from: Option<String>,
    /// Who mail goes to.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// `zh-CN`, `bo` or `en`; Chinese when absent.
    pub language: Option<String>,
    /// What happens here and below is told.
    pub area: AreaCode,
    /// Only records of these kinds; all when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// When only emergencies are told; `22:00-07:00` when absent, and `none` for a webhook.
    pub quiet: Option<String>,
    /// Certificates (PEM) that are believed instead of the public ones: an intranet's own authority.
    pub authority: Option<PathBuf>,
}

/// How a message reaches people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// A WeCom robot.
    Wecom {
        /// With its key.
        url: Secret,
    },
    /// A DingTalk robot.
    Dingtalk {
        /// With its token.
        url: Secret,
        /// When the robot asks for signatures.
        secret: Option<Secret>,
    },
    /// A mail server.
    Smtp(MailServer),
    /// A webhook.
    Webhook {
        /// The receiver.
        url: Secret,
        /// What is signed with.
        key: Vec<u8>,
    },
}

/// A mail server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is secured.
    pub security: MailSecurity,
    /// Login and password, when it asks for them.
    pub login: Option<(String, Secret)>,
    /// Who mail comes from.
    pub from: String,
}

/// How the line to a mail server is secured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailSecurity {
    /// Not at all: a relay of the intranet.
    Plain,
    /// TLS after the greeting, or nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// Its permanent code.
    pub code: String,
    /// What it is.
    pub of: ChannelType,
    /// How a message reaches people.
    pub way: Way,
    /// To whom, each with a message of their own; one empty text where there is only one receiver.
    pub recipients: Vec<String>,
    /// In which language.
    pub language: Language,
    /// What happens here and below is told.
    pub area: AreaCode,
    /// Only records of these kinds; all when empty.
    pub kinds: Vec<String>,
    /// When only emergencies are told.
    pub quiet: Option<Quiet>,
    /// Certificates that are believed instead of the public ones.
    pub authority: Option<Vec<u8>>,
}

/// What is wrong with a `[[channel]]`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("channel {code}: {problem}")]
pub struct ChannelError {
    /// The channel.
    pub code: String,
    /// What is wrong; never the secret.
    pub problem: String,
}

/// Where secrets that are not in the configuration are found.
pub struct Secrets<'a> {
    /// The folder of `tahuang.toml`.
    pub folder: &'a Path,
    /// Variables of the environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Secrets<'_> {
    fn open(&self, secret: &Secret) -> Result<Secret, String> {
        let text = secret.reveal();
        if let Some(name) = text.strip_prefix("file:") {
            let read = std::fs::read_to_string(self.folder.join(name));
            return read.map(|text| Secret(text.trim().to_owned())).map_err(|error| format!("{name}: {error}"));
        }
        match text.strip_prefix("env:") {
            Some(name) => (self.variable)(name).map(Secret).ok_or_else(|| format!("{name} is not set")),
            None => Ok(secret.clone()),
        }
    }
}

/// Checks the channels of the configuration. Whether one can be reached is not asked: the server starts without it.
///
/// # Errors
/// The first mistake.
pub fn channels(texts: &[ChannelText], catalog: &Catalog, secrets: &Secrets<'_>) -> Result<Vec<Channel>, ChannelError> {
    let mut channels: Vec<Channel> = Vec::new();
    for text in texts {
        let fail = |problem: String| ChannelError { code: text.code.clone(), problem };
        let channel = channel(text, catalog, secrets).map_err(fail)?;
        if channels.iter().any(|other| other.code == channel.code) {
            return Err(fail("the code stands twice".to_owned()));
        }
        // Two paces for one robot would be twice as fast as it bears.
        if channel.of != ChannelType::Smtp && channels.iter().any(|other| other.way == channel.way) {
            return Err(fail("another channel has the same address".to_owned()));
        }
        if channels.len() >= limits::CHANNELS_MAX {
            return Err(fail(format!("more than {} channels", limits::CHANNELS_MAX)));
        }
        channels.push(channel);
    }
    Ok(channels)
}

fn channel(text: &ChannelText, catalog: &Catalog, secrets: &Secrets<'_>) -> Result<Channel, String> {
    let is_sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if text.code.is_empty() || text.code.len() > limits::CHANNEL_CODE_BYTES_MAX || !text.code.chars().all(is_sign) {
        return Err("a code is small letters, digits, - and _".to_owned());
    }
    if let Some(kind) = text.kinds.iter().find(|kind| catalog.kind(kind).is_err()) {
        return Err(format!("there is no kind {kind}"));
    }
    let language = match text.language.as_deref() {
        None | Some("zh-CN") => Language::ZhCn,
        Some("bo") => Language::Bo,
        Some("en") => Language::En,
        Some(other) => return Err(format!("there is no language {other}")),
    };
    let quiet = match text.quiet.as_deref() {
        // Other programs do not sleep.
        None => Some(Quiet::default()).filter(|_| text.of != ChannelType::Webhook),
        Some("none") => None,
        Some(hours) => Some(Quiet::parse(hours).ok_or("quiet hours are written 22:00-07:00, or none")?),
    };
    let authority = match &text.authority {
        None => None,
        Some(path) => {
            let read = std::fs::read(secrets.folder.join(path));
            Some(read.map_err(|error| format!("{}: {error}", path.display()))?)
        }
    };
    let way = way(text, secrets)?;
    if (text.of == ChannelType::Smtp) == text.recipients.is_empty() {
        return Err("mail has recipients, and only mail has".to_owned());
    }
    if text.recipients.len() > limits::RECIPIENTS_MAX {
        return Err(format!("more than {} recipients", limits::RECIPIENTS_MAX));
    }
    for address in &text.recipients {
        is_mail_address(address)?;
    }
    let recipients = if text.recipients.is_empty() { vec![String::new()] } else { text.recipients.clone() };
    Ok(Channel {
        code: text.code.clone(),
        of: text.of,
        way,
        recipients,
        language,
        area: text.area,
        kinds: text.kinds.clone(),
        quiet,
        authority,
    })
}

fn way(text: &ChannelText, secrets: &Secrets<'_>) -> Result<Way, String> {
    let url = secrets.open(&text.url)?;
    let secret = text.secret.as_ref().map(|secret| secrets.open(secret)).transpose()?;
    let of_mail = text.login.is_some() || text.password.is_some() || text.from.is_some();
    if of_mail && text.of != ChannelType::Smtp {
        return Err("login, password and from are of mail".to_owned());
    }
    let web = |part: &str| -> Result<(), String> {
        let address: Result<ureq::http::Uri, _> = url.reveal().parse();
        let is_web =
            address.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
        if !is_web {
            return Err("url has to begin with http:// or https://".to_owned());
        }
        if !url.reveal().contains(part) {
            return Err(format!("the robot's address has {part} in it"));
        }
        Ok(())
    };
    match text.of {
        ChannelType::Wecom => {
            web("key=")?;
            if secret.is_some() {
                return Err("a WeCom robot has no secret beside its address".to_owned());
            }
            Ok(Way::Wecom { url })
        }
        ChannelType::Dingtalk => {
            web("access_token=")?;
            Ok(Way::Dingtalk { url, secret })
        }
        ChannelType::Webhook => {
            web("")?;
            let key = secret.and_then(|secret| sign::webhook_key(secret.reveal()));
            let key = key.ok_or("a webhook needs a secret: whsec_ and 24 to 64 bytes as base64")?;
            Ok(Way::Webhook { url, key })
        }
        ChannelType::Smtp => mail_server(text, &url, secrets).map(Way::Smtp),
    }
}

fn mail_server(text: &ChannelText, url: &Secret, secrets: &Secrets<'_>) -> Result<MailServer, String> {
    let (scheme, place) =
        url.reveal().split_once("://").ok_or("url is smtp://host, smtp+starttls://host or smtps://host")?;
    let (security, usual) = match scheme {
        "smtp" => (MailSecurity::Plain, 25),
        "smtp+starttls" => (MailSecurity::StartTls, 587),
        "smtps" => (MailSecurity::Tls, 465),
        _ => return Err("url is smtp://host, smtp+starttls://host or smtps://host".to_owned()),
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| "the port is no number".to_owned())?),
        None => (place, usual),
    };
    if host.is_empty() || host.contains(['/', '@']) {
        return Err("url names a host and perhaps a port, no more".to_owned());
    }
    let login = match (&text.login, &text.password) {
        (None, None) => None,
        (Some(login), Some(password)) => Some((login.clone(), secrets.open(password)?)),
        _ => return Err("login and password belong together".to_owned()),
    };
    let is_here = matches!(host, "127.0.0.1" | "localhost");
    if login.is_some() && security == MailSecurity::Plain && !is_here {
        return Err("a password is not sent without TLS: use smtps:// or smtp+starttls://".to_owned());
    }
    let from = text.from.clone().ok_or("from is missing")?;
    is_mail_address(&from)?;
    Ok(MailServer { host: host.to_owned(), port, security, login, from })
}

fn is_mail_address(text: &str) -> Result<(), String> {
    text.parse::<lettre::Address>().map(|_| ()).map_err(|_| format!("{text} is no mail address"))
}

impl Channel {
    /// Whether the channel is told of a record.
    pub fn takes(&self, kind: &str, area: AreaCode) -> bool {
        self.area.contains(area) && (self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted == kind))
    }
}
