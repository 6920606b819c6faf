//! The network: HTTP and mail. What happened is told as it is; what it means is decided in [`crate::verdict`].
//!
//! Each attempt has a line of its own: on a line that is kept open, one that breaks says nothing of whether the request
//! arrived. Redirects are not followed, because the address is a secret.

use std::io::ErrorKind;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands;
use lettre::transport::smtp::extension::ClientId;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Timeout};

use crate::channel::{Channel, ChannelError, MailSecurity, MailServer, Way};
use crate::limits;
use crate::message::{Mail, Parcel, Post};
use crate::sender::Carrier;
use crate::verdict::{Answered, Attempt, MailAnswered};

/// How long an attempt may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// Until the line stands.
    pub connect: Duration,
    /// In all.
    pub attempt: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(limits::CONNECT_SECONDS_MAX),
            attempt: Duration::from_secs(limits::ATTEMPT_SECONDS_MAX),
        }
    }
}

/// The network, as one channel uses it.
pub struct Network {
    agent: Agent,
    mail: Option<(MailServer, Option<TlsParameters>)>,
    patience: Patience,
}

impl Network {
    /// The network for a channel. Nothing is reached for yet.
    ///
    /// # Errors
    /// When the certificates that are to be believed are none.
    pub fn new(channel: &Channel, patience: Patience) -> Result<Self, ChannelError> {
        let fail = |problem: String| ChannelError { code: channel.code.clone(), problem };
        let mut roots = RootCerts::WebPki;
        if let Some(authority) = &channel.authority {
            roots = RootCerts::new_with_certs(&certificates(authority).map_err(fail)?);
        }
        let agent = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .user_agent("tahuang")
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_global(Some(patience.attempt))
            .build()
            .new_agent();
        let mail = match &channel.way {
            Way::Smtp(server) => Some((server.clone(), tls(server, channel).map_err(fail)?)),
            _ => None,
        };
        Ok(Self { agent, mail, patience })
    }

    fn post(&self, post: &Post) -> Attempt {
        let mut request = self.agent.post(post.url.reveal()).content_type("application/json");
        for (name, value) in &post.headers {
            request = request.header(*name, value);
        }
        let mut response = match request.send(&post.body[..]) {
            Ok(response) => response,
            Err(error) => return failed(&error),
        };
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after_s = retry_after.and_then(|text| text.trim().parse().ok());
        let status = response.status().as_u16();
        match response.body_mut().with_config().limit(limits::ANSWER_READ_BYTES_MAX).read_to_vec() {
            Ok(body) => Attempt::Answered(Answered { status, retry_after_s, body }),
            // A body that is too long or breaks off says nothing, but the status stands.
            Err(_) => Attempt::Answered(Answered { status, retry_after_s, body: Vec::new() }),
        }
    }

    fn mail(&self, mail: &Mail) -> Attempt {
        let Some((server, tls)) = &self.mail else {
            return Attempt::NotSent("the channel is no mail server".to_owned());
        };
        let (envelope, bytes) = match written(server, mail) {
            Ok(written) => written,
            Err(problem) => return Attempt::NotSent(problem),
        };
        let mut line = match self.mail_line(server, tls.as_ref()) {
            Ok(line) => line,
            // A wrong password or a server that greets nobody says nothing of this message.
            Err(error) => return Attempt::NotSent(error.to_string()),
        };
        let greeted = line
            .command(commands::Mail::new(envelope.from().cloned(), Vec::new()))
            .and_then(|_| match envelope.to() {
                [to, ..] => line.command(commands::Rcpt::new(to.clone(), Vec::new())),
                [] => line.command(commands::Noop),
            })
            .and_then(|_| line.command(commands::Data));
        if let Err(error) = greeted {
            line.abort();
            return before_message(&error);
        }
        let answered = match line.message(&bytes) {
            Ok(response) => {
                let text = response.message().collect::<Vec<_>>().join(" ");
                Attempt::MailAnswered(MailAnswered { code: 250, text })
            }
            Err(error) => mail_answer(&error).unwrap_or_else(|| Attempt::NoAnswer(error.to_string())),
        };
        // The message is where it is, however the goodbye goes.
        _ = line.quit();
        answered
    }

    fn mail_line(
        &self,
        server: &MailServer,
        tls: Option<&TlsParameters>,
    ) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::default();
        let at_once = tls.filter(|_| server.security == MailSecurity::Tls);
        let place = (server.host.as_str(), server.port);
        let mut line = SmtpConnection::connect(place, Some(self.patience.connect), &hello, at_once, None)?;
        if let (MailSecurity::StartTls, Some(tls)) = (server.security, tls) {
            line.starttls(tls, &hello)?;
        }
        if let Some((login, password)) = &server.login {
            let credentials = Credentials::new(login.clone(), password.reveal().to_owned());
            line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(line)
    }
}

impl Carrier for Network {
    fn carry(&self, parcel: &Parcel) -> Attempt {
        match parcel {
            Parcel::Post(post) => self.post(post),
            Parcel::Mail(mail) => self.mail(mail),
        }
    }
}

/// What an error of the HTTP client says of whether the request left.
fn failed(error: &ureq::Error) -> Attempt {
    let never_left = match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::BadUri(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Tls(_)
        | ureq::Error::Pem(_)
        | ureq::Error::Rustls(_)
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(error) => before_request(error),
        _ => false,
    };
    // An address is a secret, and one that is wrong would be told.
    let told = match error {
        ureq::Error::BadUri(_) => "the address is none".to_owned(),
        other => other.to_string(),
    };
    if never_left { Attempt::NotSent(told) } else { Attempt::NoAnswer(told) }
}

fn before_request(error: &std::io::Error) -> bool {
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => true,
        // The certificate is looked at before the request is written.
        ErrorKind::InvalidData => error.to_string().starts_with("invalid peer certificate"),
        // The standard library has no kind of its own for a name that is not found.
        _ => error.to_string().starts_with("failed to lookup address"),
    }
}

/// Until the message's text is sent, a mail server has taken nothing.
fn before_message(error: &lettre::transport::smtp::Error) -> Attempt {
    mail_answer(error).unwrap_or_else(|| Attempt::NotSent(error.to_string()))
}

fn mail_answer(error: &lettre::transport::smtp::Error) -> Option<Attempt> {
    let code = error.status()?;
    Some(Attempt::MailAnswered(MailAnswered { code: code.into(), text: error.to_string() }))
}

fn written(server: &MailServer, mail: &Mail) -> Result<(lettre::address::Envelope, Vec<u8>), String> {
    let address = |text: &str| text.parse::<lettre::Address>().map_err(|error| error.to_string());
    let (from, to) = (address(&server.from)?, address(&mail.to)?);
    let moment = std::time::UNIX_EPOCH + Duration::from_millis(mail.at.max(0).unsigned_abs());
    let by_program = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message = lettre::Message::builder()
        .from(lettre::message::Mailbox::new(None, from))
        .to(lettre::message::Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(moment)
        .message_id(Some(format!("<{}@tahuang>", mail.id.simple())))
        .raw_header(by_program)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| error.to_string())?;
    Ok((message.envelope().clone(), message.formatted()))
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| error.to_string())? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err("authority: there is no certificate in it".to_owned()) } else { Ok(certificates) }
}

fn tls(server: &MailServer, channel: &Channel) -> Result<Option<TlsParameters>, String> {
    if server.security == MailSecurity::Plain {
        return Ok(None);
    }
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(authority) = &channel.authority {
        for certificate in certificates(authority)? {
            let certificate = lettre::transport::smtp::client::Certificate::from_der(certificate.der().to_vec());
            builder = builder.add_root_certificate(certificate.map_err(|error| error.to_string())?);
        }
    }
    builder.build_rustls().map(Some).map_err(|error| error.to_string())
}
