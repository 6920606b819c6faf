//! The one writer: takes waiting requests together, decides them in order, and commits them as one group.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tahuang_domain::decide::links;
use tahuang_domain::{
    Action, Command, CommandId, Context, Event, PersonalValue, Prefecture, Refusal, SubjectId, decide,
};
use tahuang_journal::{Record, VERSION, link};
use tahuang_store::{Answer, Commit, FilePlace, FileStore, Head, JournalRow, Outcome, SealKey, Store, StoreError};
use tokio::sync::broadcast;

use crate::authority::authorise;
use crate::ids::{Clock, shanghai_day};
use crate::knowledge::Knowledge;
use crate::memory::Memory;
use crate::projection::Projection;
use crate::seal::Sealer;
use crate::{Asker, ChangeNote, limits, search};

/// What a sender is told of one command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The command.
    pub id: CommandId,
    /// What happened.
    pub outcome: Outcome,
    /// It had been sent before; this is its first answer again.
    pub repeated: bool,
}

/// Why no command of a request was looked at.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SubmitError {
    /// Too many requests wait; try again shortly.
    #[error("too many requests are waiting")]
    Busy,
    /// More commands than one request may hold.
    #[error("more than {} commands in one request", limits::BATCH_COMMANDS_MAX)]
    TooMany,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopped,
    /// The store failed; nothing of the request was kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Called with the answers when they are on disk.
pub type Reply = Box<dyn FnOnce(Result<Vec<Answered>, SubmitError>) + Send>;

struct Request {
    prefecture: Prefecture,
    asker: Asker,
    commands: Vec<Command>,
    reply: Reply,
}

/// What the writer works with.
pub struct Core {
    pub store: Arc<dyn Store>,
    pub files: Arc<dyn FileStore>,
    pub knowledge: Arc<Knowledge>,
    pub clock: Arc<dyn Clock>,
    pub sealer: Arc<Sealer>,
    pub memory: Arc<RwLock<Arc<Memory>>>,
    pub changes: broadcast::Sender<Arc<Vec<ChangeNote>>>,
}

/// The writer's thread and the queue before it. Dropped, it finishes what waits and stops.
pub struct Writer {
    queue: Option<SyncSender<Request>>,
    waiting: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(core: Core) -> Self {
        let (queue, requests) = sync_channel(limits::QUEUE_REQUESTS_MAX);
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&waiting);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || core.run(&requests, &counter));
        let thread = thread.unwrap_or_else(|error| panic!("the writer's thread cannot be started: {error}"));
        Self { queue: Some(queue), waiting, thread: Some(thread) }
    }

    /// Requests that wait for the writer.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether its thread still runs.
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    pub fn send(
        &self,
        prefecture: Prefecture,
        asker: Asker,
        commands: Vec<Command>,
        reply: Reply,
    ) -> Result<(), SubmitError> {
        let request = request(prefecture, asker, commands, reply)?;
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        queue.try_send(request).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => SubmitError::Busy,
                TrySendError::Disconnected(_) => SubmitError::Stopped,
            }
        })
    }

    pub fn send_blocking(
        &self,
        prefecture: Prefecture,
        asker: Asker,
        commands: Vec<Command>,
        reply: Reply,
    ) -> Result<(), SubmitError> {
        let request = request(prefecture, asker, commands, reply)?;
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        queue.send(request).map_err(|_| SubmitError::Stopped)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn request(prefecture: Prefecture, asker: Asker, commands: Vec<Command>, reply: Reply) -> Result<Request, SubmitError> {
    if commands.len() > limits::BATCH_COMMANDS_MAX {
        return Err(SubmitError::TooMany);
    }
    Ok(Request { prefecture, asker, commands, reply })
}

impl Core {
    fn run(&self, requests: &Receiver<Request>, queued: &AtomicUsize) {
        let mut unread = self.unread().unwrap_or_default();
        loop {
            let first = match requests.recv_timeout(Duration::from_millis(50)) {
                Ok(request) => request,
                Err(RecvTimeoutError::Timeout) => {
                    self.index_search(&mut unread, 0);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut waiting = first.commands.len();
            let mut group = vec![first];
            while waiting < limits::GROUP_COMMANDS_MAX
                && let Ok(request) = requests.try_recv()
            {
                waiting += request.commands.len();
                group.push(request);
            }
            queued.fetch_sub(group.len(), Ordering::Relaxed);
            // One transaction never spans two prefectures.
            let mut by_prefecture: Vec<(Prefecture, Vec<Request>)> = Vec::new();
            for request in group {
                match by_prefecture.iter_mut().find(|(prefecture, _)| *prefecture == request.prefecture) {
                    Some((_, requests)) => requests.push(request),
                    None => by_prefecture.push((request.prefecture, vec![request])),
                }
            }
            for (prefecture, requests) in by_prefecture {
                // Most commands make one record; that some make two only brings the index up to date a little later.
                let commands: usize = requests.iter().map(|request| request.commands.len()).sum();
                *unread.entry(prefecture).or_default() += commands as u64;
                self.answer(prefecture, requests);
            }
            self.index_search(&mut unread, limits::SEARCH_LAG_MAX);
        }
    }

    fn answer(&self, prefecture: Prefecture, requests: Vec<Request>) {
        let work: Vec<(&Asker, &[Command])> =
            requests.iter().map(|request| (&request.asker, request.commands.as_slice())).collect();
        let mut answered = self.commit(prefecture, &work);
        // Another writer can only be another process on the same store; decide again on what it wrote.
        for _ in 0..3 {
            if answered != Err(StoreError::Conflict) {
                break;
            }
            answered = self.commit(prefecture, &work);
        }
        match answered {
            Ok(answers) => {
                for (request, answers) in requests.into_iter().zip(answers) {
                    (request.reply)(Ok(answers));
                }
            }
            Err(error) => {
                tracing::error!(%prefecture, %error, "a group of commands could not be committed");
                for request in requests {
                    (request.reply)(Err(error.clone().into()));
                }
            }
        }
    }

    fn commit(&self, prefecture: Prefecture, work: &[(&Asker, &[Command])]) -> Result<Vec<Vec<Answered>>, StoreError> {
        let mut batch = Batch::prepare(self, prefecture, work)?;
        let mut answers = Vec::with_capacity(work.len());
        for (asker, commands) in work {
            let answered: Result<Vec<Answered>, StoreError> =
                commands.iter().map(|command| batch.answer(asker, command)).collect();
            answers.push(answered?);
        }
        batch.finish()?;
        Ok(answers)
    }

    /// Lets the search index read on, when it is more than `lag_max` records behind. `unread` keeps how far behind it
    /// is, so that a busy writer asks the store only when there is something to do.
    fn index_search(&self, unread: &mut Unread, lag_max: u64) {
        for (prefecture, lag) in unread.iter_mut().filter(|(_, lag)| **lag > lag_max) {
            let read_on = || -> Result<u64, StoreError> {
                let position = self.store.search_position(*prefecture)?;
                let reached = search::index_some(&*self.store, *prefecture, position)?;
                Ok(self.store.head(*prefecture)?.position.saturating_sub(reached))
            };
            match read_on() {
                Ok(behind) => *lag = behind,
                Err(error) => {
                    tracing::warn!(%prefecture, %error, "the search index could not be brought up to date");
                    *lag = 0;
                }
            }
        }
    }

    fn unread(&self) -> Result<Unread, StoreError> {
        let heads = self.store.heads()?;
        heads
            .into_iter()
            .map(|(prefecture, head)| {
                let read = self.store.search_position(prefecture)?;
                Ok((prefecture, head.position.saturating_sub(read)))
            })
            .collect()
    }
}

/// Journal records that the search index has not read, by prefecture.
type Unread = HashMap<Prefecture, u64>;

/// One group of commands of one prefecture, while it is decided.
struct Batch<'c> {
    core: &'c Core,
    prefecture: Prefecture,
    /// Areas and accounts as this batch changes them.
    memory: Memory,
    remembers: bool,
    projection: Projection<'c>,
    known: HashMap<CommandId, Answer>,
    /// New (wrapped) keys.
    keys: BTreeMap<SubjectId, Vec<u8>>,
    /// Subjects whose stored key is destroyed; a new one may have been made since.
    erased: BTreeSet<SubjectId>,
    /// Files that no record names any more once the commit is on disk.
    unnamed: Vec<FilePlace>,
    commit: Commit,
    head: Head,
    notes: Vec<ChangeNote>,
}

impl<'c> Batch<'c> {
    /// Reads all that the commands need, before the first is decided.
    fn prepare(core: &'c Core, prefecture: Prefecture, work: &[(&Asker, &[Command])]) -> Result<Self, StoreError> {
        let commands = || work.iter().flat_map(|(_, commands)| commands.iter());
        let ids: Vec<CommandId> = commands().map(|command| command.id).collect();
        let subjects: Vec<SubjectId> = commands().map(|command| command.subject).collect();
        let prepared = core.store.prepare(prefecture, &ids, &subjects)?;
        let head = prepared.head;
        let known: HashMap<_, _> =
            prepared.answers.into_iter().flatten().map(|answer| (answer.command, answer)).collect();
        let mut batch = Self {
            core,
            prefecture,
            memory: Memory::clone(&core.memory.read().unwrap_or_else(PoisonError::into_inner)),
            remembers: false,
            projection: Projection::new(&core.knowledge),
            known,
            keys: BTreeMap::new(),
            erased: BTreeSet::new(),
            unnamed: Vec::new(),
            commit: Commit::empty(prefecture, head, core.clock.now_ms().max(head.at)),
            head,
            notes: Vec::new(),
        };
        for (id, row) in subjects.into_iter().zip(prepared.subjects) {
            batch.projection.load(id, row)?;
        }
        let linked: Vec<SubjectId> = commands()
            .flat_map(|command| links(&core.knowledge.catalog, batch.projection.state(command.subject), command))
            .collect();
        batch.load(linked.into_iter())?;
        Ok(batch)
    }

    fn load(&mut self, ids: impl Iterator<Item = SubjectId>) -> Result<(), StoreError> {
        let missing: Vec<SubjectId> = ids.filter(|id| !self.projection.is_loaded(*id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let rows = self.core.store.subjects(self.prefecture, &missing)?;
        for (id, row) in missing.into_iter().zip(rows) {
            self.projection.load(id, row)?;
        }
        Ok(())
    }

    fn answer(&mut self, asker: &Asker, command: &Command) -> Result<Answered, StoreError> {
        let digest = digest(command);
        if let Some(first) = self.known.get(&command.id) {
            let outcome =
                if first.digest == digest { first.outcome.clone() } else { refused(&Refusal::CommandIdReused) };
            return Ok(Answered { id: command.id, outcome, repeated: first.digest == digest });
        }
        if let Err(refusal) = authorise(&self.core.knowledge, &self.projection, asker, command) {
            // Not remembered: the answer changes when the account's role does.
            return Ok(Answered { id: command.id, outcome: refused(&refusal), repeated: false });
        }
        let outcome = match self.decide(asker, command)? {
            Ok(positions) => positions,
            Err(refusal) => refused(&refusal),
        };
        // An id that is derived says what the command says, and never when: told again, once the grid or the area that was
        // missing is there, it has to be decided anew. A person's id is of one moment, and its refusal is remembered.
        let derived = command.id.0.get_version_num() == 8;
        if !derived || matches!(outcome, Outcome::Accepted { .. }) {
            let answer = Answer { command: command.id, digest, outcome: outcome.clone() };
            self.known.insert(command.id, answer.clone());
            self.commit.answers.push(answer);
        }
        Ok(Answered { id: command.id, outcome, repeated: false })
    }

    fn decide(&mut self, asker: &Asker, command: &Command) -> Result<Result<Outcome, Refusal>, StoreError> {
        if let Some(refusal) = sealed_elsewhere(command).or_else(|| says_nothing(command)) {
            return Ok(Err(refusal));
        }
        let (sealed, new_key) = self.seal(command)?;
        let command = sealed.as_ref().unwrap_or(command);
        // A record opened earlier in this batch may name links that were not known when the batch was prepared.
        let linked = links(&self.core.knowledge.catalog, self.projection.state(command.subject), command);
        self.load(linked.into_iter())?;
        let context = Context {
            catalog: &self.core.knowledge.catalog,
            areas: &self.memory.areas,
            prefecture: self.prefecture,
            actor: asker.actor(),
            scope: asker.scope(),
            today: shanghai_day(self.commit.at),
            calendar: &self.core.knowledge.calendar,
            roles: &self.core.knowledge.roles,
            admissions: &self.memory.admissions,
        };
        let projection = &self.projection;
        let decided = decide(&context, projection.state(command.subject), &|id| projection.state(id), command);
        let events = match decided {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // A refused command leaves no key behind.
        self.keys.extend(new_key.map(|key| (command.subject, key)));
        let first = self.head.position + 1;
        let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
        for (subject, event) in events {
            let record = Record {
                version: VERSION,
                prefecture: self.prefecture,
                position: self.head.position + 1,
                at: self.commit.at,
                actor: asker.actor(),
                command: command.id,
                subject,
                source: command.source.clone(),
                event,
            };
            self.append(&record)?;
        }
        if let Action::ErasePersonalData { .. } = command.action {
            self.keys.remove(&command.subject);
            self.erased.insert(command.subject);
        }
        Ok(Ok(Outcome::Accepted { first, count }))
    }

    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let bytes = record.bytes().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let hash = link(&self.head.hash, &bytes);
        self.head = Head { position: record.position, hash, at: record.at };
        let (position, command, subject) = (record.position, record.command, record.subject);
        self.commit.journal.push(JournalRow { position, command, subject, bytes, hash });
        self.note_unnamed(record);
        self.projection.apply(record);
        let Some(state) = self.projection.state(subject) else { return Ok(()) };
        let note = ChangeNote {
            prefecture: self.prefecture,
            position,
            subject,
            kind: state.kind.clone(),
            area: state.area,
            event: record.event.code(),
        };
        if Memory::keeps(&self.core.knowledge, state) {
            let opened = self.projection.opened(subject).unwrap_or(position);
            self.memory.note(&self.core.knowledge, self.prefecture, subject, opened, state);
            self.remembers = true;
        }
        self.notes.push(note);
        Ok(())
    }

    /// Remembers the files that an event takes off its record; said before the event is applied.
    fn note_unnamed(&mut self, record: &Record) {
        let Some(state) = self.projection.state(record.subject) else { return };
        let is_taken = |file: SubjectId| match &record.event {
            Event::FileRemoved { file: removed, .. } => *removed == file,
            Event::PersonalDataErased { .. } => true,
            _ => false,
        };
        let files = state.files.iter().map(|known| known.id).filter(|file| is_taken(*file));
        let (prefecture, subject) = (self.prefecture, record.subject);
        self.unnamed.extend(files.map(|file| FilePlace { prefecture, subject, file }));
    }

    /// Seals what the command carries openly in personal fields, with the key that had to be made for it; nothing when it
    /// carries nothing.
    fn seal(&self, command: &Command) -> Result<(Option<Command>, Option<Vec<u8>>), StoreError> {
        if command.action.sealable().is_empty() {
            return Ok((None, None));
        }
        let mut command = command.clone();
        let subject = command.subject;
        let known = match self.keys.get(&subject) {
            Some(key) => Some(key.clone()),
            None if self.erased.contains(&subject) => None,
            None => self.core.store.seal_key(self.prefecture, subject)?,
        };
        let sealer = &self.core.sealer;
        let made = if known.is_none() { Some(sealer.new_key(self.prefecture, subject)) } else { None };
        let Some(key) = known.as_ref().or(made.as_ref()) else { return Ok((None, None)) };
        for value in command.action.sealable_mut() {
            if let PersonalValue::Open(text) = value {
                let sealed = sealer.seal(self.prefecture, subject, key, text);
                *value = PersonalValue::Sealed(sealed.map_err(|error| StoreError::Unavailable(error.to_string()))?);
            }
        }
        Ok((Some(command), made))
    }

    fn finish(self) -> Result<(), StoreError> {
        let Self { core, projection, mut commit, keys, erased, unnamed, memory, remembers, notes, .. } = self;
        commit.keys = keys.into_iter().map(|(subject, wrapped)| SealKey { subject, wrapped }).collect();
        commit.erased = erased.into_iter().collect();
        projection.finish(&mut commit);
        if commit.journal.is_empty() && commit.answers.is_empty() {
            return Ok(());
        }
        core.store.commit(&commit)?;
        for place in unnamed {
            // Left behind, it is an orphan: unreadable if its record was erased, and swept away at the next start.
            let deleted = core.files.delete(place);
            deleted.unwrap_or_else(|error| tracing::warn!(file = %place.file, %error, "a file was not deleted"));
        }
        if commit.expected.position == 0 {
            // Not noted, it only costs a rebuilding of what is there at the next start; the commit is on disk.
            let noted = core.store.note_derived_by(commit.prefecture, &core.knowledge.definitions);
            noted.unwrap_or_else(|error| tracing::warn!(%error, "by what the figures were computed was not noted"));
        }
        if remembers {
            // There is one writer, so nobody else has changed it meanwhile.
            *core.memory.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(memory);
        }
        if !notes.is_empty() {
            // No listener is no fault.
            _ = core.changes.send(Arc::new(notes));
        }
        Ok(())
    }
}

/// Only the writer seals. What comes sealed from outside may hold anything, a telephone number in the open too.
fn sealed_elsewhere(command: &Command) -> Option<Refusal> {
    let mut sealable = command.action.sealable().into_iter();
    let (field, _) = sealable.find(|(_, value)| matches!(value, PersonalValue::Sealed(_)))?;
    let problem = "is sealed by the server, and is sent as text".to_owned();
    Some(Refusal::FieldInvalid { field: field.to_owned(), problem })
}

/// What a paper needs is not blank; once it is sealed nobody sees that any more.
fn says_nothing(command: &Command) -> Option<Refusal> {
    let Action::AddLine { personal, .. } = &command.action else { return None };
    let blank = |value: &PersonalValue| matches!(value, PersonalValue::Open(text) if text.trim().is_empty());
    let (field, _) = personal.iter().find(|(_, value)| blank(value))?;
    Some(Refusal::MissingValue { field: field.clone() })
}

fn refused(refusal: &Refusal) -> Outcome {
    Outcome::Refused {
        code: refusal.code().to_owned(),
        message: refusal.to_string(),
        field: refusal.field().map(str::to_owned),
    }
}

/// Tells a repeated command from a reused id (FNV-1a over its JSON). Personal values are left out: a digest of a
/// telephone number could be guessed back.
fn digest(command: &Command) -> u64 {
    if let Action::RefuseRow { code, .. } = &command.action {
        return fnv(code.as_bytes());
    }
    let mut open = None;
    if !command.action.sealable().is_empty() {
        let open = open.insert(Command { action: command.action.without_sealable(), ..command.clone() });
        if let Action::AttachFile { file, .. } = &mut open.action {
            // Sent again, the same bytes come under another id.
            *file = command.subject;
        }
    }
    fnv(&serde_json::to_vec(open.as_ref().unwrap_or(command)).unwrap_or_default())
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
