//! Mail, to a server on this machine that follows a script.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use tahuang_notify::carrier::{Network, Patience};
use tahuang_notify::message::{Mail, Parcel};
use tahuang_notify::sender::Carrier as _;
use tahuang_notify::verdict::{Attempt, Verdict, judge};
use uuid::Uuid;

use crate::telling::channel;

/// At which command the server does something else than it should.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Good,
    Says(&'static str, &'static str),
    ClosesAt(&'static str),
}

/// Serves one line and gives what it was told.
fn serve(listener: TcpListener, script: Script) -> JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut told = Vec::new();
        say(&stream, "220 mail.example ready");
        let mut reader = BufReader::new(&stream);
        let mut in_data = false;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return told;
            }
            let line = line.trim_end().to_owned();
            told.push(line.clone());
            let command = match (in_data, line.as_str()) {
                (true, ".") => ".",
                (true, _) => continue,
                (false, line) => line.split([' ', ':']).next().unwrap(),
            };
            match script {
                Script::ClosesAt(at) if at == command => return told,
                Script::Says(at, answer) if at == command => {
                    say(&stream, answer);
                    in_data = false;
                    continue;
                }
                _ => {}
            }
            match command {
                "DATA" => {
                    in_data = true;
                    say(&stream, "354 go on");
                }
                "QUIT" => {
                    say(&stream, "221 bye");
                    return told;
                }
                "." => {
                    in_data = false;
                    say(&stream, "250 queued as 7");
                }
                _ => say(&stream, "250 ok"),
            }
        }
    })
}

fn say(mut stream: &TcpStream, line: &str) {
    _ = stream.write_all(format!("{line}\r\n").as_bytes());
}

fn send(script: Script) -> (Attempt, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = serve(listener, script);
    let attempt = carry(port);
    (attempt, server.join().unwrap())
}

fn carry(port: u16) -> Attempt {
    let channel = channel(&format!(
        "type = \"smtp\"\nurl = \"smtp://127.0.0.1:{port}\"\nfrom = \"tahuang@example.org\"\nrecipients = [\"duty@example.org\"]"
    ));
    let channel = channel.unwrap();
    let patience = Patience { connect: Duration::from_secs(5), attempt: Duration::from_secs(5) };
    let mail = Mail {
        id: Uuid::from_u128(7),
        at: 1_755_648_000_000,
        to: "duty@example.org".to_owned(),
        subject: "新上报安全隐患：普兰县".to_owned(),
        text: "墙体裂缝\n.\n办理期限：2025-08-21".to_owned(),
    };
    Network::new(&channel, patience).unwrap().carry(&Parcel::Mail(mail))
}

fn meant(attempt: &Attempt) -> &'static str {
    match judge(tahuang_notify::channel::ChannelType::Smtp, attempt) {
        Verdict::Delivered { .. } => "delivered",
        Verdict::Later { .. } => "later",
        Verdict::Refused { .. } => "refused",
        Verdict::Unknown { .. } => "unknown",
    }
}

#[test]
fn a_mail_has_its_own_id_and_day_and_says_that_a_program_wrote_it() {
    let (attempt, told) = send(Script::Good);
    assert_eq!(meant(&attempt), "delivered", "{attempt:?}");
    for line in [
        "MAIL FROM:<tahuang@example.org>",
        "RCPT TO:<duty@example.org>",
        "Message-ID: <00000000000000000000000000000007@tahuang>",
        "Date: Wed, 20 Aug 2025 00:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(told.iter().any(|told| told == line), "{line}: {told:#?}");
    }
    assert!(told.iter().any(|line| line.starts_with("Subject: =?utf-8?")), "{told:#?}");
    assert!(told.iter().all(|line| line.is_ascii()), "{told:#?}");
}

#[test]
fn a_mail_that_was_not_handed_over_comes_again_and_one_that_may_have_been_does_not() {
    let table = [
        (Script::ClosesAt("EHLO"), "later"),
        (Script::ClosesAt("MAIL"), "later"),
        (Script::ClosesAt("RCPT"), "later"),
        (Script::ClosesAt("DATA"), "later"),
        (Script::ClosesAt("."), "unknown"),
        (Script::Says("RCPT", "550 no such mailbox"), "refused"),
        (Script::Says("RCPT", "450 try later"), "later"),
        (Script::Says("DATA", "451 try later"), "later"),
        (Script::Says(".", "452 disk full"), "later"),
        (Script::Says(".", "554 refused"), "refused"),
        // Whatever goes wrong after the server took it, it has it.
        (Script::ClosesAt("QUIT"), "delivered"),
    ];
    for (script, expected) in table {
        let (attempt, told) = send(script);
        assert_eq!(meant(&attempt), expected, "{attempt:?} after {told:?}");
    }
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(meant(&carry(port)), "later");
}
