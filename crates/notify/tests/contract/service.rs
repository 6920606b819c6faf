//! A service on this machine that holds senders to the documented contract of the robots and of Standard Webhooks, and
//! that fails as real ones do, by a seed.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

pub const WECOM_KEY: &str = "693a91f6-7b1e-4bc4-97a0-0ec2sifa5aaa";
pub const DINGTALK_TOKEN: &str = "a1b2c3d4e5f6";
pub const DINGTALK_SECRET: &str = "SECdemo0123456789";
pub const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// What the robots document: so many messages in a minute.
const MESSAGES_A_MINUTE: usize = 20;
const MINUTE_MS: i64 = 60_000;

/// Whose contract is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contract {
    Wecom,
    Dingtalk,
    Webhook,
}

/// How an answer goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The service says that it was asked too often, and takes nothing.
    TooOften,
    /// The same, said in HTTP.
    Status429,
    /// It fails, and takes nothing.
    Status500,
    /// It is busy, and takes nothing.
    Busy,
    /// The line is closed before anything is read.
    ClosedUnread,
    /// The message is taken, and the line closed without an answer.
    TakenThenClosed,
    /// The message is taken, and a gateway loses the answer.
    TakenThen502,
    /// Nothing is taken, and nothing answered until the sender gives up.
    Hang,
    /// The message is taken, and nothing answered until the sender gives up.
    TakenThenHang,
}

impl Fault {
    pub const ALL: [Self; 9] = [
        Self::TooOften,
        Self::Status429,
        Self::Status500,
        Self::Busy,
        Self::ClosedUnread,
        Self::TakenThenClosed,
        Self::TakenThen502,
        Self::Hang,
        Self::TakenThenHang,
    ];
}

/// What the service saw.
#[derive(Default)]
pub struct Seen {
    /// The contents of the messages that it took, in their order, with the id of a webhook.
    pub taken: Vec<(String, String)>,
    /// What was wrong with requests.
    pub violations: Vec<String>,
    /// Faults, as they were made.
    pub faults: Vec<Fault>,
    tries: VecDeque<i64>,
    blocked_until: i64,
}

pub struct Service {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
    contract: Contract,
    clock: Arc<AtomicI64>,
    seed: Arc<Mutex<u64>>,
    faults_of_hundred: u64,
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Service {
    pub fn new(contract: Contract, clock: Arc<AtomicI64>, seed: u64, faults_of_hundred: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::default();
        let seed = Arc::new(Mutex::new(seed));
        let mut service = Self { address, seen, contract, clock, seed, faults_of_hundred, running: None };
        service.run(listener);
        service
    }

    /// Whoever asks meanwhile finds nobody listening.
    pub fn go_down(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.store(true, Ordering::SeqCst);
            // Wakes the listener, which then ends.
            _ = TcpStream::connect(self.address);
            thread.join().unwrap();
        }
    }

    pub fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.run(listener);
    }

    fn run(&mut self, listener: TcpListener) {
        let stop = Arc::new(AtomicBool::new(false));
        let desk = Desk {
            contract: self.contract,
            seen: Arc::clone(&self.seen),
            clock: Arc::clone(&self.clock),
            seed: Arc::clone(&self.seed),
            faults_of_hundred: self.faults_of_hundred,
        };
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                // One after the other: so does the sender.
                if let Ok(stream) = stream {
                    desk.serve(stream);
                }
            }
        });
        self.running = Some((stop, thread));
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.go_down();
    }
}

struct Desk {
    contract: Contract,
    seen: Arc<Mutex<Seen>>,
    clock: Arc<AtomicI64>,
    seed: Arc<Mutex<u64>>,
    faults_of_hundred: u64,
}

struct Asked {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn parameter(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Desk {
    fn serve(&self, mut stream: TcpStream) {
        let fault = self.fault();
        if let Some(fault) = fault {
            self.seen.lock().unwrap().faults.push(fault);
        }
        if fault == Some(Fault::ClosedUnread) {
            return;
        }
        let Some(asked) = read(&stream) else { return };
        match fault {
            Some(Fault::Status429) => return answer(&mut stream, 429, ""),
            Some(Fault::Status500) => return answer(&mut stream, 500, "internal error"),
            Some(Fault::TooOften) => return answer(&mut stream, 200, self.too_often()),
            Some(Fault::Busy) => return answer(&mut stream, 200, r#"{"errcode":-1,"errmsg":"system busy"}"#),
            Some(Fault::Hang) => return until_given_up(&stream),
            _ => {}
        }
        let said = self.take(&asked);
        match fault {
            Some(Fault::TakenThenClosed) => {}
            Some(Fault::TakenThen502) => answer(&mut stream, 502, "bad gateway"),
            Some(Fault::TakenThenHang) => until_given_up(&stream),
            _ => answer(&mut stream, 200, &said),
        }
    }

    fn draw(&self, end: u64) -> u64 {
        let mut seed = self.seed.lock().unwrap();
        *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn fault(&self) -> Option<Fault> {
        if self.draw(100) >= self.faults_of_hundred {
            return None;
        }
        let robot = self.contract != Contract::Webhook;
        Some(match self.draw(48) {
            0..=7 if robot => Fault::TooOften,
            0..=13 => Fault::Status429,
            14..=21 => Fault::Status500,
            22..=27 if robot => Fault::Busy,
            22..=31 => Fault::ClosedUnread,
            32..=38 => Fault::TakenThenClosed,
            39..=45 => Fault::TakenThen502,
            46 => Fault::Hang,
            _ => Fault::TakenThenHang,
        })
    }

    fn too_often(&self) -> &'static str {
        match self.contract {
            Contract::Wecom => r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#,
            _ => r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#,
        }
    }

    /// What the service says of a request that it read, and keeps of it.
    fn take(&self, asked: &Asked) -> String {
        let now = self.clock.load(Ordering::SeqCst);
        let checked = self.check(asked, now);
        let mut seen = self.seen.lock().unwrap();
        let (content, id) = match checked {
            Ok(read) => read,
            Err((said, violation)) => {
                seen.violations.push(violation);
                return said.to_owned();
            }
        };
        if self.contract != Contract::Webhook {
            while seen.tries.front().is_some_and(|tried| now - tried >= MINUTE_MS) {
                seen.tries.pop_front();
            }
            if seen.tries.len() >= MESSAGES_A_MINUTE || now < seen.blocked_until {
                seen.violations
                    .push(format!("asked more than {MESSAGES_A_MINUTE} times in a minute, or while blocked"));
                if self.contract == Contract::Dingtalk {
                    seen.blocked_until = now + 10 * MINUTE_MS;
                }
                return self.too_often().to_owned();
            }
            seen.tries.push_back(now);
        }
        seen.taken.push((content, id));
        r#"{"errcode":0,"errmsg":"ok"}"#.to_owned()
    }

    fn check(&self, asked: &Asked, now: i64) -> Result<(String, String), (&'static str, String)> {
        let bad = r#"{"errcode":40058,"errmsg":"invalid parameter"}"#;
        let wrong = |what: &str| Err((bad, format!("{what}: {} {}", asked.method, asked.path)));
        if asked.method != "POST" {
            return wrong("method");
        }
        if asked.header("content-type").split(';').next().unwrap_or_default().trim() != "application/json" {
            return wrong("content type");
        }
        let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else { return wrong("no JSON") };
        match self.contract {
            Contract::Wecom => {
                if asked.path != "/cgi-bin/webhook/send" || asked.parameter("key") != WECOM_KEY {
                    return Err((r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "address".to_owned()));
                }
                text_of(&body, 2_048).map(|text| (text, String::new())).ok_or((bad, format!("body {body}")))
            }
            Contract::Dingtalk => {
                if asked.path != "/robot/send" || asked.parameter("access_token") != DINGTALK_TOKEN {
                    return Err((r#"{"errcode":300001,"errmsg":"token is not exist"}"#, "address".to_owned()));
                }
                let not_signed = r#"{"errcode":310000,"errmsg":"sign not match"}"#;
                let at = asked.parameter("timestamp");
                let near = at.parse::<i64>().is_ok_and(|at| (at - now).abs() <= 60 * MINUTE_MS);
                let expected = hmac(DINGTALK_SECRET.as_bytes(), format!("{at}\n{DINGTALK_SECRET}").as_bytes());
                if !near || asked.parameter("sign") != expected {
                    return Err((not_signed, format!("sign {} of {at} at {now}", asked.parameter("sign"))));
                }
                text_of(&body, 20_000).map(|text| (text, String::new())).ok_or((bad, format!("body {body}")))
            }
            Contract::Webhook => {
                let (id, at) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
                let near = at.parse::<i64>().is_ok_and(|at| (at - now / 1_000).abs() <= 5 * 60);
                let key = STANDARD.decode(WEBHOOK_SECRET.strip_prefix("whsec_").unwrap()).unwrap();
                let signed = [id.as_bytes(), b".", at.as_bytes(), b".", &asked.body].concat();
                let expected = format!("v1,{}", hmac(&key, &signed));
                let signatures = asked.header("webhook-signature");
                if id.is_empty() || !near || !signatures.split(' ').any(|signature| signature == expected) {
                    return wrong("signature");
                }
                let sound = body["type"].is_string() && body["timestamp"].is_string() && body["data"].is_object();
                if !sound {
                    return wrong("envelope");
                }
                Ok((body["data"]["title"].as_str().unwrap_or_default().to_owned(), id.to_owned()))
            }
        }
    }
}

/// The content of a text message that has the documented form and nothing else.
fn text_of(body: &Value, bytes_max: usize) -> Option<String> {
    let text = body["text"]["content"].as_str()?;
    let expected = serde_json::json!({ "msgtype": "text", "text": { "content": text } });
    (*body == expected && !text.is_empty() && text.len() <= bytes_max).then(|| text.to_owned())
}

fn hmac(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut parts = line.split(' ');
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(name, value)| (name.to_owned(), unescaped(value))).collect();
    Some(Asked { method, path: path.to_owned(), query, headers, body })
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            // What a form means by it: a sign that was not escaped arrives as a blank and does not match.
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(stream: &mut TcpStream, status: u16, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

/// Until the sender closes the line.
fn until_given_up(stream: &TcpStream) {
    let mut reader = stream;
    while reader.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
}
