//! Reads the journal on and decides who is told.
//!
//! What comes of a piece of the journal and how far it was read are one transaction. A message's id is derived from the
//! record's hash, the rule and the receiver: read twice, a record makes no second message; and in a data directory that
//! was restored from a backup, another record at the same position makes another one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tahuang_app::{App, derived_id};
use tahuang_domain::subject::Case;
use tahuang_domain::{Actor, Body, Event, Position, Prefecture, Subject, SubjectId, Verb};
use tahuang_journal::{Hash, Record};
use tahuang_store::{DeliveryRow, DeliveryState, JournalRow, NoticeRow, StoreError, Told};
use uuid::Uuid;

use crate::channel::Channel;
use crate::delivery::Course;
use crate::limits;
use crate::message::{Facts, Message};
use crate::rules::{Audience, Rule, Rules};
use crate::text::mask_numbers;

/// Follows the journals of a store.
pub struct Follower {
    app: Arc<App>,
    rules: Arc<Rules>,
    channels: Arc<Vec<Channel>>,
    /// The address of the pages, for links; without a slash at its end.
    address: Option<String>,
}

/// A record that a rule tells of.
struct Telling<'a> {
    record: &'a Record,
    hash: Hash,
    rule: &'a Rule,
    facts: Facts,
    case: Case,
    /// Whose appeal it decides.
    appellant: Option<SubjectId>,
}

impl Follower {
    /// A follower that makes messages for these channels.
    pub fn new(app: Arc<App>, rules: Arc<Rules>, channels: Arc<Vec<Channel>>, address: Option<&str>) -> Self {
        let address = address.map(|address| address.trim_end_matches('/').to_owned());
        Self { app, rules, channels, address }
    }

    /// Reads every journal on, and gives how many messages and notices came of it.
    ///
    /// # Errors
    /// When the store cannot be read or written; what was read is read again then.
    pub fn catch_up(&self) -> Result<u64, StoreError> {
        let mut told = 0;
        for (prefecture, _) in self.app.store().heads()? {
            told += self.read_on(prefecture)?;
        }
        Ok(told)
    }

    fn read_on(&self, prefecture: Prefecture) -> Result<u64, StoreError> {
        let store = self.app.store();
        let Some(mut from) = store.told_position(prefecture)? else {
            // Nobody is told of what was there before: a ledger of years, brought in before the first start.
            let head = store.head(prefecture)?.position;
            let begun = Told { from: None, up_to: head, notices: Vec::new(), deliveries: Vec::new() };
            store.tell(prefecture, &begun)?;
            return Ok(0);
        };
        let (mut up_to, mut count) = (from, 0);
        loop {
            let rows = store.journal(prefecture, up_to + 1, limits::FOLLOW_RECORDS_MAX)?;
            let Some(last) = rows.last() else { break };
            up_to = last.position;
            let mut told = Told { from: Some(from), up_to, notices: Vec::new(), deliveries: Vec::new() };
            self.tell_of(prefecture, &rows, &mut told)?;
            // A long import tells nobody: it is not worth a transaction for each piece.
            if !(told.notices.is_empty() && told.deliveries.is_empty()) {
                count += (told.notices.len() + told.deliveries.len()) as u64;
                store.tell(prefecture, &told)?;
                from = up_to;
            }
        }
        if up_to > from {
            store.tell(prefecture, &Told { from: Some(from), up_to, notices: Vec::new(), deliveries: Vec::new() })?;
        }
        Ok(count)
    }

    /// What comes of a piece of the journal.
    fn tell_of(&self, prefecture: Prefecture, rows: &[JournalRow], told: &mut Told) -> Result<(), StoreError> {
        let records = self.records(rows)?;
        let tellings = self.tellings(prefecture, &records)?;
        for telling in &tellings {
            told.notices.extend(self.notices(telling));
            if telling.rule.to.iter().any(|audience| matches!(audience, Audience::Area | Audience::Channels)) {
                told.deliveries.extend(self.deliveries(telling));
            }
        }
        self.bound_queues(prefecture, &mut told.deliveries)
    }

    /// The records of which anybody could be told.
    fn records(&self, rows: &[JournalRow]) -> Result<Vec<(Record, Hash)>, StoreError> {
        let mut records = Vec::new();
        for row in rows {
            let record = row.record()?;
            let is_silent = match record.event {
                Event::CaseClosed { transcribed, .. } => transcribed,
                // Nobody was reached.
                Event::CaseRevisited { solved, .. } => solved.is_none(),
                _ => false,
            };
            if record.source.is_none() && !is_silent && self.rules.tells_of(record.event.code()) {
                records.push((record, row.hash));
            }
        }
        Ok(records)
    }

    fn tellings<'a>(
        &'a self,
        prefecture: Prefecture,
        records: &'a [(Record, Hash)],
    ) -> Result<Vec<Telling<'a>>, StoreError> {
        let ids: Vec<SubjectId> = records.iter().map(|(record, _)| record.subject).collect();
        let rows = self.app.store().subjects(prefecture, &ids)?;
        let mut tellings = Vec::new();
        for ((record, hash), row) in records.iter().zip(rows) {
            let Some(row) = row else { continue };
            let subject: Subject = serde_json::from_slice(&row.body)
                .map_err(|_| StoreError::Corrupt { table: "subjects", key: row.id.to_string() })?;
            // What was withdrawn meanwhile is told to nobody.
            if subject.withdrawn {
                continue;
            }
            let Some(rule) = self.rules.of(record.event.code(), &subject.kind, row.shape) else { continue };
            let facts = Facts {
                event: record.event.code().to_owned(),
                kind: subject.kind.clone(),
                title: mask_numbers(&subject.title),
                area: subject.area,
                state: subject.state.code().to_owned(),
                due: subject.due(),
                emergency: rule.emergency,
            };
            let case = match subject.body {
                Body::Case(case) => *case,
                _ => Case::default(),
            };
            let appellant = match record.event {
                Event::AppealDecided { .. } => self.appellant(prefecture, record.position, &row.history)?,
                _ => None,
            };
            tellings.push(Telling { record, hash: *hash, rule, facts, case, appellant });
        }
        Ok(tellings)
    }

    /// Who made the last appeal before this position of a record's history.
    fn appellant(
        &self,
        prefecture: Prefecture,
        before: Position,
        history: &[Position],
    ) -> Result<Option<SubjectId>, StoreError> {
        let earlier: Vec<Position> = history.iter().copied().filter(|position| *position < before).collect();
        for row in self.app.store().journal_at(prefecture, &earlier)?.iter().rev() {
            let record = row.record()?;
            if let Event::RatingAppealed { .. } = record.event {
                return Ok(account(record.actor));
            }
        }
        Ok(None)
    }

    fn notices(&self, telling: &Telling<'_>) -> Vec<NoticeRow> {
        let record = telling.record;
        let actor = account(record.actor);
        let notice = |account| NoticeRow {
            position: record.position,
            rule: telling.rule.code.clone(),
            account,
            actor,
            at: record.at,
            subject: record.subject,
            kind: telling.facts.kind.clone(),
            area: telling.facts.area,
            facts: serde_json::to_vec(&telling.facts).unwrap_or_default(),
        };
        let mut accounts = BTreeSet::new();
        for audience in &telling.rule.to {
            match audience {
                Audience::Area | Audience::Channels => {}
                Audience::Reporter => accounts.extend(telling.case.reporter.and_then(account)),
                Audience::Handler => accounts.extend(telling.case.handlers().chain(telling.case.receiver())),
                Audience::Office => accounts.extend(self.office(record)),
                Audience::Appellant => accounts.extend(telling.appellant),
            }
        }
        let told = accounts.into_iter().filter(|told| Some(*told) != actor && self.may_read(*told, telling));
        let everybody = telling.rule.to.contains(&Audience::Area).then_some(None);
        everybody.into_iter().chain(told.map(Some)).map(notice).collect()
    }

    /// The accounts of the office to which a case was escalated.
    fn office(&self, record: &Record) -> Vec<SubjectId> {
        let Event::CaseEscalated { to, .. } = &record.event else { return Vec::new() };
        let memory = self.app.memory();
        let of_office = memory.accounts.values().filter(|account| account.grant.scope == *to);
        let mut accounts: Vec<SubjectId> = of_office.map(|account| account.id).collect();
        accounts.sort_unstable();
        accounts.truncate(limits::OFFICE_ACCOUNTS_MAX);
        accounts
    }

    /// Whether an account is still there and may see the record.
    fn may_read(&self, account: SubjectId, telling: &Telling<'_>) -> bool {
        let memory = self.app.memory();
        let Some(account) = memory.accounts.get(&account).filter(|account| !account.disabled) else { return false };
        self.app.permit(&account.asker(), Verb::Read, &telling.facts.kind, telling.facts.area).is_ok()
    }

    fn deliveries(&self, telling: &Telling<'_>) -> Vec<DeliveryRow> {
        let facts = &telling.facts;
        let takers = self.channels.iter().filter(|channel| channel.takes(&facts.kind, facts.area));
        takers.flat_map(|channel| self.deliveries_over(channel, telling)).collect()
    }

    fn deliveries_over(&self, channel: &Channel, telling: &Telling<'_>) -> Vec<DeliveryRow> {
        let (record, facts) = (telling.record, &telling.facts);
        let catalog = &self.app.knowledge().catalog;
        let words = self.rules.words(telling.rule, facts, channel.language, catalog, &self.app.areas());
        let message = Message {
            heading: words.heading,
            text: words.text,
            link: self.address.as_ref().map(|address| format!("{address}/records/{}", record.subject)),
            subject: record.subject,
            position: record.position,
            at: record.at,
            facts: facts.clone(),
        };
        let course = course(channel, facts.emergency, record.at);
        let delivery = |recipient: &String| DeliveryRow {
            id: delivery_id(&telling.hash, &telling.rule.code, &channel.code, recipient),
            position: record.position,
            rule: telling.rule.code.clone(),
            channel: channel.code.clone(),
            recipient: recipient.clone(),
            subject: record.subject,
            kind: facts.kind.clone(),
            area: facts.area,
            emergency: facts.emergency,
            message: serde_json::to_vec(&message).unwrap_or_default(),
            at: record.at,
            step: course.begin(),
        };
        channel.recipients.iter().map(delivery).collect()
    }

    /// What finds no place in its channel's queue is written as failed. An emergency always finds one.
    fn bound_queues(&self, prefecture: Prefecture, deliveries: &mut [DeliveryRow]) -> Result<(), StoreError> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let counts = self.app.store().delivery_counts(prefecture)?;
        let waiting = counts.into_iter().filter(|(_, state, _)| *state == DeliveryState::Waiting);
        let mut waiting: HashMap<String, u64> = waiting.map(|(channel, _, count)| (channel, count)).collect();
        for row in deliveries {
            let waits = waiting.entry(row.channel.clone()).or_default();
            if *waits >= limits::WAITING_MAX && !row.emergency {
                if let Some(channel) = self.channels.iter().find(|channel| channel.code == row.channel) {
                    row.step = course(channel, false, row.at).turned_away();
                }
            } else {
                *waits += 1;
            }
        }
        Ok(())
    }
}

/// The course of a message over a channel.
pub(crate) fn course(channel: &Channel, emergency: bool, written_at: i64) -> Course {
    Course { of: channel.of, quiet: channel.quiet.filter(|_| !emergency), written_at }
}

fn account(actor: Actor) -> Option<SubjectId> {
    match actor {
        Actor::Account(account) => Some(account),
        Actor::Console | Actor::Resident | Actor::Timer => None,
    }
}

/// By the hash of the record, not by its place: a journal that was restored may have another record there.
fn delivery_id(hash: &Hash, rule: &str, channel: &str, recipient: &str) -> Uuid {
    derived_id("delivery", &[&hash.0, rule.as_bytes(), channel.as_bytes(), recipient.as_bytes()])
}
