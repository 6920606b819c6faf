//! A message, and what a channel is sent of it.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tahuang_domain::{AreaCode, Day, SubjectId};
use uuid::Uuid;

use crate::channel::{Channel, Secret, Way};
use crate::{limits, sign, text};

/// What is told of a record: no personal value, and no number in the title that could be one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Facts {
    /// The event's code.
    pub event: String,
    /// The record's kind.
    pub kind: String,
    /// Its title, masked.
    pub title: String,
    /// Its area.
    pub area: AreaCode,
    /// The state it stood in.
    pub state: String,
    /// By when its next step is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// Whether it is an emergency.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
}

/// A message in one language, as it is kept until it has been sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    /// One line.
    pub heading: String,
    /// Several lines.
    pub text: String,
    /// The page of the record, when the server's address is configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The record it is about.
    pub subject: SubjectId,
    /// The journal record it tells of.
    pub position: u64,
    /// When that was written, in milliseconds since 1970.
    pub at: i64,
    /// What the words are made of.
    pub facts: Facts,
}

/// What is handed to the network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Parcel {
    /// A POST of JSON.
    Post(Post),
    /// A mail.
    Mail(Mail),
}

/// A POST of JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Post {
    /// Where to.
    pub url: Secret,
    /// Headers beside the content's type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mail {
    /// Its own id, the same when it is sent again.
    pub id: Uuid,
    /// When it is sent, in milliseconds since 1970.
    pub at: i64,
    /// Who to.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What a channel is sent at this moment of a message.
pub fn parcel(channel: &Channel, id: Uuid, recipient: &str, message: &Message, now_ms: i64) -> Parcel {
    let plain = |bytes_max| {
        let text = format!("{}\n{}", message.heading, message.text);
        text::fitted(text.trim_end(), message.link.as_deref(), bytes_max)
    };
    match &channel.way {
        Way::Wecom { url } => Parcel::Post(Post {
            url: url.clone(),
            headers: Vec::new(),
            body: json_bytes(&json!({ "msgtype": "text", "text": { "content": plain(limits::WECOM_TEXT_BYTES_MAX) } })),
        }),
        Way::Dingtalk { url, secret } => {
            let url = secret.as_ref().map_or_else(
                || url.clone(),
                |secret| {
                    let sign = sign::escaped(&sign::dingtalk(secret.reveal(), now_ms));
                    Secret::from(format!("{}&timestamp={now_ms}&sign={sign}", url.reveal()).as_str())
                },
            );
            let content = plain(limits::DINGTALK_TEXT_BYTES_MAX);
            let body = json_bytes(&json!({ "msgtype": "text", "text": { "content": content } }));
            Parcel::Post(Post { url, headers: Vec::new(), body })
        }
        Way::Webhook { url, key } => {
            let body = webhook_body(id, message);
            let (id, at_s) = (webhook_id(id), now_ms.div_euclid(1_000));
            let headers = vec![
                ("webhook-signature", sign::webhook(key, &id, at_s, &body)),
                ("webhook-timestamp", at_s.to_string()),
                ("webhook-id", id),
            ];
            Parcel::Post(Post { url: url.clone(), headers, body })
        }
        Way::Smtp(_) => {
            let text = text::fitted(&message.text, message.link.as_deref(), limits::MAIL_TEXT_BYTES_MAX);
            let subject = text::fitted(&message.heading, None, limits::MAIL_SUBJECT_BYTES_MAX);
            Parcel::Mail(Mail { id, at: now_ms, to: recipient.to_owned(), subject, text })
        }
    }
}

fn webhook_id(id: Uuid) -> String {
    format!("msg_{}", id.simple())
}

/// The envelope of Standard Webhooks. The same bytes however often it is sent.
fn webhook_body(id: Uuid, message: &Message) -> Vec<u8> {
    let facts = &message.facts;
    let at = jiff::Timestamp::from_millisecond(message.at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    json_bytes(&json!({
        "type": facts.event,
        "timestamp": at.to_string(),
        "data": {
            "message": id,
            "position": message.position,
            "subject": message.subject,
            "kind": facts.kind,
            "area": facts.area,
            "title": facts.title,
            "state": facts.state,
            "due": facts.due,
            "emergency": facts.emergency,
            "heading": message.heading,
            "text": message.text,
            "link": message.link,
        },
    }))
}

fn json_bytes(value: &serde_json::Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
