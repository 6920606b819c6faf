//! Messages through outages, refusals and crashes, to services that hold the sender to their contract: nothing is lost,
//! and nothing arrives twice.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod configuration;
mod following;
mod mail;
mod service;
mod telling;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use service::{Contract, DINGTALK_SECRET, DINGTALK_TOKEN, Fault, Service, WEBHOOK_SECRET, WECOM_KEY};
use tahuang_domain::Prefecture;
use tahuang_notify::carrier::{Network, Patience};
use tahuang_notify::channel::Channel;
use tahuang_notify::delivery::{Hand, by_hand};
use tahuang_notify::message::{Parcel, Post as PostOfJson};
use tahuang_notify::post::Post;
use tahuang_notify::rules::Rules;
use tahuang_notify::sender::{Carrier as _, Sender, keep_back, put_in_order};
use tahuang_notify::verdict::Attempt;
use tahuang_store::{DeliveryQuery, DeliveryRow, DeliveryState, Store};
use tahuang_store_sqlite::SqliteStore;
use tempfile::TempDir;

use DeliveryState::{Delivered, Failed, Sending, Uncertain, Waiting};

const MESSAGES: usize = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn address(service: &Service, contract: Contract) -> String {
    let host = service.address;
    match contract {
        Contract::Wecom => format!("http://{host}/cgi-bin/webhook/send?key={WECOM_KEY}"),
        Contract::Dingtalk => format!("http://{host}/robot/send?access_token={DINGTALK_TOKEN}"),
        Contract::Webhook => format!("http://{host}/hook"),
    }
}

fn channel_of(service: &Service, contract: Contract) -> Channel {
    let url = address(service, contract);
    let text = match contract {
        Contract::Wecom => format!("type = \"wecom\"\nurl = \"{url}\""),
        Contract::Dingtalk => format!("type = \"dingtalk\"\nurl = \"{url}\"\nsecret = \"{DINGTALK_SECRET}\""),
        Contract::Webhook => format!("type = \"webhook\"\nurl = \"{url}\"\nsecret = \"{WEBHOOK_SECRET}\""),
    };
    telling::channel(&format!("{text}\nquiet = \"none\"")).unwrap()
}

/// One channel, its service, and the file of its outbox.
struct Line {
    folder: TempDir,
    prefecture: Prefecture,
    service: Service,
    channel: Channel,
    network: Network,
    clock: Arc<AtomicI64>,
    store: Arc<dyn Store>,
    sender: Sender,
}

fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(&folder.join("tahuang.db")).unwrap())
}

impl Line {
    fn new(contract: Contract, seed: u64) -> Self {
        Self::with_faults(contract, seed, 30)
    }

    fn with_faults(contract: Contract, seed: u64, faults_of_hundred: u64) -> Self {
        let clock = Arc::new(AtomicI64::new(0));
        let service = Service::new(contract, Arc::clone(&clock), seed, faults_of_hundred);
        let channel = channel_of(&service, contract);
        let (folder, prefecture, now) = telling::tell_of_hazards(MESSAGES, &channel);
        clock.store(now, Ordering::SeqCst);
        let patience = Patience { connect: Duration::from_secs(5), attempt: Duration::from_secs(1) };
        let network = Network::new(&channel, patience).unwrap();
        let store = open(folder.path());
        let sender = Sender::open(Arc::clone(&store), channel.clone(), now).unwrap();
        Self { folder, prefecture, service, channel, network, clock, store, sender }
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// The program ends as by a cut of the power, and starts again: nothing that it had in memory is there any more.
    fn crash(&mut self) {
        let store = open(self.folder.path());
        put_in_order(&*store, std::slice::from_ref(&self.channel), self.now()).unwrap();
        self.sender = Sender::open(Arc::clone(&store), self.channel.clone(), self.now()).unwrap();
        self.store = store;
    }

    fn rows(&self) -> Vec<DeliveryRow> {
        let query = DeliveryQuery { limit: MESSAGES * 2, ..DeliveryQuery::default() };
        self.store.deliveries(self.prefecture, &query).unwrap()
    }

    fn waits(&self) -> bool {
        let counts = self.store.delivery_counts(self.prefecture).unwrap();
        counts.iter().any(|(_, state, _)| matches!(state, Waiting | Sending))
    }

    /// Sends until nothing waits, with two outages and a crash at each place where one can happen.
    fn run(&mut self) {
        let mut sent = 0;
        while self.waits() {
            let Some(taken) = self.sender.take(self.now()).unwrap() else {
                self.clock.fetch_add(2_000, Ordering::SeqCst);
                if self.clock.load(Ordering::SeqCst) % 600_000 < 2_000 && self.waits_too_long() {
                    panic!("something waits for ever: {:?}", self.rows());
                }
                continue;
            };
            sent += 1;
            match sent {
                // Between the mark and the network, between the network and the answer's mark, and after it.
                30 => {
                    drop(taken);
                    self.crash();
                    continue;
                }
                60 => {
                    let attempt = self.network.carry(&taken.parcel);
                    drop((taken, attempt));
                    self.crash();
                    continue;
                }
                40 | 120 => self.service.go_down(),
                44 | 124 => self.service.come_back(),
                _ => {}
            }
            let attempt = self.network.carry(&taken.parcel);
            self.sender.settle(taken, &attempt, self.now()).unwrap();
            if sent == 90 {
                self.crash();
            }
        }
    }

    fn waits_too_long(&self) -> bool {
        let written = self.rows().iter().map(|row| row.at).min().unwrap();
        self.now() - written > 3 * DAY_MS
    }

    /// How often the service took each message, by the number in its title.
    fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        for (content, _) in &self.service.seen.lock().unwrap().taken {
            *taken.entry(telling::number_in(content)).or_default() += 1;
        }
        taken
    }
}

fn number_of(row: &DeliveryRow) -> String {
    telling::number_in(&String::from_utf8(row.message.clone()).unwrap())
}

fn through_everything(contract: Contract, seed: u64) {
    let mut line = Line::new(contract, seed);
    assert_eq!(line.rows().len(), MESSAGES);
    line.run();

    let (rows, taken) = (line.rows(), line.taken());
    assert_eq!(rows.len(), MESSAGES, "a message is lost");
    let mut by_state: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *by_state.entry(row.step.state.code()).or_default() += 1;
        let times = taken.get(&number_of(row)).copied().unwrap_or_default();
        match row.step.state {
            Delivered => assert_eq!(times, 1, "{:?} of {}", row.step, number_of(row)),
            Failed => assert_eq!(times, 0, "{:?} of {}", row.step, number_of(row)),
            Uncertain => assert!(times <= 1 && !row.step.answer.is_empty(), "{:?} of {}", row.step, number_of(row)),
            other => panic!("{other:?} at the end"),
        }
    }
    let faults = line.service.seen.lock().unwrap().faults.clone();
    for fault in Fault::ALL {
        assert!(faults.contains(&fault), "{fault:?} was not tried: {faults:?}");
    }
    assert!(by_state["delivered"] > MESSAGES / 2 && by_state["uncertain"] >= 4, "{by_state:?}");

    println!("{contract:?}: {by_state:?} through {} faults", faults.len());

    // Somebody looks into the group: what is there is dismissed, what is not is sent again, until all is there.
    for _ in 0..20 {
        let taken = line.taken();
        for row in line.rows().iter().filter(|row| matches!(row.step.state, Failed | Uncertain)) {
            let hand = if taken.contains_key(&number_of(row)) { Hand::Dismiss } else { Hand::Again };
            let step = by_hand(&row.step, hand, line.now()).unwrap();
            line.store.step_delivery(line.prefecture, row.id, (row.step.state, row.step.attempts), &step).unwrap();
        }
        line.run();
    }
    let taken = line.taken();
    assert_eq!(taken.len(), MESSAGES, "a message is lost");
    assert!(taken.values().all(|times| *times == 1), "a message arrived twice: {taken:?}");
    let violations = &line.service.seen.lock().unwrap().violations;
    assert_eq!(*violations, [""; 0], "the contract was broken");
}

#[test]
fn two_hundred_messages_reach_a_wecom_group_through_outages_and_crashes_each_once() {
    through_everything(Contract::Wecom, 1);
}

#[test]
fn two_hundred_messages_reach_a_dingtalk_group_through_outages_and_crashes_each_once() {
    through_everything(Contract::Dingtalk, 6);
}

#[test]
fn two_hundred_messages_reach_a_webhook_without_anybodys_hand_and_repetitions_have_the_same_id() {
    let mut line = Line::new(Contract::Webhook, 3);
    line.run();
    assert!(line.rows().iter().all(|row| row.step.state == Delivered), "{:?}", line.rows());
    let seen = line.service.seen.lock().unwrap();
    let mut by_id: BTreeMap<&str, &str> = BTreeMap::new();
    for (title, id) in &seen.taken {
        assert_eq!(*by_id.entry(id).or_insert(title), title, "one id is one message");
    }
    assert_eq!(by_id.len(), MESSAGES);
    assert!(seen.taken.len() > MESSAGES, "what nobody answered was sent again");
    assert_eq!(seen.violations, [""; 0]);
}

#[test]
fn a_robot_is_asked_no_faster_after_a_restart() {
    let mut line = Line::with_faults(Contract::Wecom, 4, 0);
    for _ in 0..20 {
        let taken = line.sender.take(line.now()).unwrap().unwrap();
        let attempt = line.network.carry(&taken.parcel);
        assert_eq!(line.sender.settle(taken, &attempt, line.now()).unwrap(), Delivered);
    }
    line.crash();
    assert!(line.sender.take(line.now()).unwrap().is_none());
    line.clock.fetch_add(59_999, Ordering::SeqCst);
    assert!(line.sender.take(line.now()).unwrap().is_none());
    line.clock.fetch_add(1, Ordering::SeqCst);
    assert!(line.sender.take(line.now()).unwrap().is_some());
    assert_eq!(line.service.seen.lock().unwrap().violations, [""; 0]);
}

#[test]
fn what_waits_in_a_restored_copy_or_was_being_sent_over_a_channel_that_is_gone_is_for_a_person_to_decide() {
    let mut line = Line::with_faults(Contract::Webhook, 5, 0);
    let taken = line.sender.take(line.now()).unwrap().unwrap();
    drop(taken);
    assert_eq!(put_in_order(&*line.store, &[], line.now()).unwrap(), 1);
    let uncertain = |line: &Line| line.rows().iter().filter(|row| row.step.state == Uncertain).count();
    assert_eq!((uncertain(&line), line.rows().len()), (1, MESSAGES));
    let taken = line.sender.take(line.now()).unwrap().unwrap();
    drop(taken);
    assert_eq!(keep_back(&*line.store, line.now()).unwrap(), MESSAGES as u64 - 1);
    assert_eq!(uncertain(&line), MESSAGES);
    assert!(line.sender.take(line.now()).unwrap().is_none(), "nothing goes out by itself");
    assert!(line.service.seen.lock().unwrap().taken.is_empty());
}

#[test]
fn the_threads_start_without_a_reachable_channel_and_end_when_they_are_dropped() {
    let office = tahuang_testkit::Office::new();
    let rules = Arc::new(Rules::bundled(&office.app.knowledge().catalog).unwrap());
    let channel = telling::channel("type = \"wecom\"\nurl = \"http://127.0.0.1:1/send?key=k\"").unwrap();
    let post = Post::start(&office.app, &rules, vec![channel], None).unwrap();
    telling::must(&office, telling::report("hazard", telling::GRID_A, "墙体裂缝"));
    drop(post);
    // Begun before it returned, so that what is reported from then on is told.
    let told = office.app.store().told_position(office.prefecture).unwrap().unwrap();
    assert!(told > 0 && told <= office.app.store().head(office.prefecture).unwrap().position);
}

#[test]
fn a_message_to_a_name_that_nobody_knows_never_left() {
    let url = "http://no-such-host.invalid/send?key=k";
    let channel = telling::channel(&format!("type = \"wecom\"\nurl = \"{url}\"")).unwrap();
    let parcel = Parcel::Post(PostOfJson { url: url.into(), headers: Vec::new(), body: b"{}".to_vec() });
    let attempt = Network::new(&channel, Patience::default()).unwrap().carry(&parcel);
    assert!(matches!(attempt, Attempt::NotSent(_)), "{attempt:?}");
}
