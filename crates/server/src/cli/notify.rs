//! `tahuang notify`

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use tahuang_app::{Clock as _, Ids as _, Knowledge, SystemClock, SystemIds};
use tahuang_domain::Language;
use tahuang_notify::carrier::{Network, Patience};
use tahuang_notify::message::{Facts, Message, parcel};
use tahuang_notify::sender::Carrier as _;
use tahuang_notify::verdict::{Verdict, judge};

use crate::config::Config;

#[derive(Subcommand)]
pub enum Notify {
    /// List the channels of tahuang.toml
    List,
    /// Send one message over a channel of tahuang.toml, also while the server runs; it says that it is a test
    Test {
        /// The channel's code
        channel: String,
    },
}

impl Notify {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        let config = Config::read(directory)?;
        let channels = config.channels(directory, &Knowledge::bundled()?.catalog)?;
        let mut out = std::io::stdout().lock();
        let code = match self {
            Self::List => {
                for channel in &channels {
                    writeln!(out, "{}\t{}\t{}", channel.code, channel.of.code(), channel.area)?;
                }
                return Ok(ExitCode::SUCCESS);
            }
            Self::Test { channel } => channel,
        };
        let Some(channel) = channels.iter().find(|channel| channel.code == code) else {
            bail!("there is no channel {code} in {}", directory.join("tahuang.toml").display())
        };
        let (ids, now) = (SystemIds::default(), SystemClock.now_ms());
        let network = Network::new(channel, Patience::default())?;
        let message = test_message(channel.language, channel.area, &ids, now);
        for recipient in &channel.recipients {
            let attempt = network.carry(&parcel(channel, ids.uuid_v7(), recipient, &message, now));
            let whom = if recipient.is_empty() { &code } else { recipient };
            match judge(channel.of, &attempt) {
                Verdict::Delivered { answer } => writeln!(out, "{whom}: delivered ({answer})")?,
                Verdict::Unknown { answer } => bail!("{whom}: perhaps delivered: {answer}"),
                Verdict::Later { answer, .. } | Verdict::Refused { answer } => {
                    bail!("{whom}: not delivered: {answer}")
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn test_message(language: Language, area: tahuang_domain::AreaCode, ids: &SystemIds, now: i64) -> Message {
    let (heading, text) = match language {
        Language::ZhCn => ("塔黄测试消息", "这是一条测试消息，无需处理。"),
        Language::Bo => ("ཚོད་ལྟའི་བརྡ་ཐོ།", "འདི་ནི་ཚོད་ལྟའི་བརྡ་ཐོ་ཞིག་ཡིན་པས་ཐག་གཅོད་མི་དགོས།"),
        Language::En => ("Tahuang: a test", "This is a test. Nothing has to be done."),
    };
    Message {
        heading: heading.to_owned(),
        text: text.to_owned(),
        link: None,
        subject: ids.subject(),
        position: 0,
        at: now,
        facts: Facts {
            event: "test".to_owned(),
            kind: String::new(),
            title: heading.to_owned(),
            area,
            state: String::new(),
            due: None,
            emergency: false,
        },
    }
}
