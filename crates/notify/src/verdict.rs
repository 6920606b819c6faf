//! What an answer means: the message is there, comes again later, is refused for good, or nobody knows.
//!
//! Codes: WeCom 45009 (asked too often); DingTalk 130101 and 410100 (the same; the robot is then blocked for ten
//! minutes); −1 of both (the service is busy).

use serde::Deserialize;

use crate::channel::ChannelType;
use crate::limits::{self, MINUTE_MS};
use crate::text::answer_text;

/// What came of handing a parcel to the network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attempt {
    /// The message never left: no such host, nobody listens, no secured line.
    NotSent(String),
    /// Something answered over HTTP.
    Answered(Answered),
    /// A mail server answered.
    MailAnswered(MailAnswered),
    /// It may have left, and no answer came.
    NoAnswer(String),
}

/// An answer over HTTP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u64>,
    /// The body's beginning.
    pub body: Vec<u8>,
}

/// An answer of a mail server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailAnswered {
    /// Its code: 250, 451, 550, …
    pub code: u16,
    /// What it said.
    pub text: String,
}

/// What it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The channel took the message.
    Delivered {
        /// What it said.
        answer: String,
    },
    /// It did certainly not take it; the same message may be sent again.
    Later {
        /// What it said.
        answer: String,
        /// The whole channel is left alone for so long; by the rule for failures when absent.
        hold_ms: Option<i64>,
    },
    /// It will never take it.
    Refused {
        /// What it said.
        answer: String,
    },
    /// Nobody knows whether it took it.
    Unknown {
        /// What is known.
        answer: String,
    },
}

/// What an attempt means on a channel of this type.
pub fn judge(of: ChannelType, attempt: &Attempt) -> Verdict {
    match attempt {
        Attempt::NotSent(why) => Verdict::Later { answer: answer_text(why), hold_ms: None },
        Attempt::NoAnswer(why) => Verdict::Unknown { answer: answer_text(why) },
        Attempt::MailAnswered(answered) => mail(answered),
        Attempt::Answered(answered) => match of {
            ChannelType::Wecom | ChannelType::Dingtalk => robot(of, answered),
            ChannelType::Webhook | ChannelType::Smtp => webhook(answered),
        },
    }
}

#[derive(Deserialize)]
struct RobotAnswer {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

fn robot(of: ChannelType, answered: &Answered) -> Verdict {
    let hold_ms = retry_after_ms(answered);
    match answered.status {
        200..=299 => {}
        // The request reached nobody who could have taken the message: a portal, a proxy, a guard before the service.
        300..=399 | 407 | 408 | 425 | 429 | 500 | 501 | 503 => {
            return Verdict::Later { answer: said(answered), hold_ms };
        }
        400..=499 => return Verdict::Refused { answer: said(answered) },
        // Whatever stands between lost the service's answer, and the service may have taken the message.
        _ => return Verdict::Unknown { answer: said(answered) },
    }
    let Ok(read) = serde_json::from_slice::<RobotAnswer>(&answered.body) else {
        return Verdict::Unknown { answer: said(answered) };
    };
    let answer = answer_text(&format!("errcode {}: {}", read.errcode, read.errmsg));
    match (of, read.errcode) {
        (_, 0) => Verdict::Delivered { answer },
        (ChannelType::Wecom, 45009) => Verdict::Later { answer, hold_ms: Some(hold_ms.unwrap_or(MINUTE_MS)) },
        (ChannelType::Dingtalk, 130_101 | 410_100) => {
            Verdict::Later { answer, hold_ms: Some(hold_ms.unwrap_or(limits::DINGTALK_BLOCK_MS)) }
        }
        (_, -1) => Verdict::Later { answer, hold_ms },
        _ => Verdict::Refused { answer },
    }
}

/// The receiver drops what it has had, so anything but a clear answer is tried again.
fn webhook(answered: &Answered) -> Verdict {
    let answer = said(answered);
    match answered.status {
        200..=299 => Verdict::Delivered { answer },
        // Gone: the receiver wants no more.
        410 => Verdict::Refused { answer },
        _ => Verdict::Later { answer, hold_ms: retry_after_ms(answered) },
    }
}

fn mail(answered: &MailAnswered) -> Verdict {
    let answer = answer_text(&format!("{} {}", answered.code, answered.text));
    match answered.code {
        200..=299 => Verdict::Delivered { answer },
        500..=599 => Verdict::Refused { answer },
        _ => Verdict::Later { answer, hold_ms: None },
    }
}

fn said(answered: &Answered) -> String {
    answer_text(&format!("HTTP {} {}", answered.status, String::from_utf8_lossy(&answered.body)))
}

fn retry_after_ms(answered: &Answered) -> Option<i64> {
    let seconds = i64::try_from(answered.retry_after_s?).unwrap_or(i64::MAX);
    Some(seconds.saturating_mul(1_000).min(limits::RETRY_AFTER_MS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChannelType::{Dingtalk, Smtp, Webhook, Wecom};

    fn answered(status: u16, body: &str) -> Attempt {
        Attempt::Answered(Answered { status, retry_after_s: None, body: body.as_bytes().to_vec() })
    }

    fn short(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Delivered { .. } => "delivered",
            Verdict::Later { hold_ms: None, .. } => "later",
            Verdict::Later { hold_ms: Some(600_000), .. } => "in ten minutes",
            Verdict::Later { hold_ms: Some(_), .. } => "in a minute",
            Verdict::Refused { .. } => "refused",
            Verdict::Unknown { .. } => "unknown",
        }
    }

    #[test]
    fn every_answer_means_one_thing() {
        let mail = |code| Attempt::MailAnswered(MailAnswered { code, text: "…".to_owned() });
        let lost = || Attempt::NoAnswer("timeout".to_owned());
        let refused = || Attempt::NotSent("connection refused".to_owned());
        let table = [
            (Wecom, answered(200, r#"{"errcode":0,"errmsg":"ok"}"#), "delivered"),
            (Wecom, answered(200, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#), "in a minute"),
            (Wecom, answered(200, r#"{"errcode":-1,"errmsg":"system busy"}"#), "later"),
            (Wecom, answered(200, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#), "refused"),
            (Wecom, answered(200, r#"{"errcode":130101,"errmsg":""}"#), "refused"),
            (Wecom, answered(200, "<html>欢迎使用</html>"), "unknown"),
            (Wecom, answered(302, ""), "later"),
            (Wecom, answered(404, ""), "refused"),
            (Wecom, answered(429, ""), "later"),
            (Wecom, answered(503, ""), "later"),
            (Wecom, answered(502, ""), "unknown"),
            (Wecom, answered(504, ""), "unknown"),
            (Wecom, lost(), "unknown"),
            (Wecom, refused(), "later"),
            (Dingtalk, answered(200, r#"{"errcode":0,"errmsg":"ok"}"#), "delivered"),
            (Dingtalk, answered(200, r#"{"errcode":130101,"errmsg":"send too fast"}"#), "in ten minutes"),
            (Dingtalk, answered(200, r#"{"errcode":410100,"errmsg":"send too fast"}"#), "in ten minutes"),
            (Dingtalk, answered(200, r#"{"errcode":310000,"errmsg":"sign not match"}"#), "refused"),
            (Webhook, answered(204, ""), "delivered"),
            (Webhook, answered(400, ""), "later"),
            (Webhook, answered(410, ""), "refused"),
            (Webhook, answered(502, ""), "later"),
            (Webhook, lost(), "unknown"),
            (Smtp, mail(250), "delivered"),
            (Smtp, mail(451), "later"),
            (Smtp, mail(550), "refused"),
        ];
        for (of, attempt, meant) in table {
            assert_eq!(short(&judge(of, &attempt)), meant, "{of:?} {attempt:?}");
        }
    }

    #[test]
    fn a_channel_that_says_when_is_believed_up_to_a_bound() {
        let said =
            |seconds| Attempt::Answered(Answered { status: 503, retry_after_s: Some(seconds), body: Vec::new() });
        let hold = |seconds| match judge(Wecom, &said(seconds)) {
            Verdict::Later { hold_ms, .. } => hold_ms,
            other => panic!("{other:?}"),
        };
        assert_eq!(hold(120), Some(120_000));
        assert_eq!(hold(u64::MAX), Some(limits::RETRY_AFTER_MS_MAX));
    }

    #[test]
    fn what_is_kept_of_an_answer_is_short_and_has_nobodys_number() {
        let long = format!("{{\"errcode\":40058,\"errmsg\":\"13812345678 {}\"}}", "很".repeat(2_000));
        let Verdict::Refused { answer } = judge(Wecom, &answered(200, &long)) else { panic!() };
        assert!(answer.len() <= limits::ANSWER_BYTES_MAX && !answer.contains("138"), "{answer}");
    }
}
