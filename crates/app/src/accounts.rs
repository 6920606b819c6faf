//! Accounts: who may sign in, with which role and where.
//!
//! An account is a register entry in its prefecture's journal, so who had which role when is history like any other. Its
//! password's verifier (argon2id) is not in the journal, because it must be erasable.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sm3::{Digest, Sm3};
use tahuang_domain::{
    Action, AreaCode, Command, Fields, Grant, Level, Prefecture, Refusal, State, Subject, SubjectId, Verb,
};
use tahuang_store::{Credentials, Outcome, Session, StoreError};

use crate::guesses::{Guesses, UnknownLogins};
use crate::{App, Asker, QueryError, SubmitError};

pub use tahuang_domain::permission::ACCOUNT;

/// How long a session lasts.
const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;
/// Sessions kept in memory; more than a prefecture has people at their desks.
const SESSIONS_KNOWN_MAX: usize = 20_000;
/// The shortest password.
const PASSWORD_CHARS_MIN: usize = 10;
/// The longest password, in bytes.
const PASSWORD_BYTES_MAX: usize = 1_000;

/// An account as of the last commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its register entry.
    pub id: SubjectId,
    /// In whose journal it stands.
    pub prefecture: Prefecture,
    /// What is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The role and where it is held.
    pub grant: Grant,
    /// It was ended or withdrawn.
    pub disabled: bool,
}

impl Account {
    pub(crate) fn of(prefecture: Prefecture, id: SubjectId, subject: &Subject) -> Self {
        let field =
            |name: &str| subject.fields.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        Self {
            id,
            prefecture,
            login: field("login"),
            name: subject.title.clone(),
            grant: Grant::of_account(subject).unwrap_or_else(|| Grant { role: String::new(), scope: subject.area }),
            disabled: subject.withdrawn || subject.state == State::Ended,
        }
    }

    /// As an asker of the doors.
    pub fn asker(&self) -> Asker {
        Asker::Account { id: self.id, grant: self.grant.clone() }
    }
}

/// Sessions that were asked for lately, so that a busy sender does not cost a look into the store for each request.
#[derive(Default)]
pub(crate) struct Sessions {
    known: RwLock<HashMap<[u8; 32], (Session, SubjectId)>>,
    /// How often sessions were ended: what was read from the store before that is not remembered after it.
    ended: AtomicU64,
    /// Held by whoever changes credentials, from reading them to writing them and to opening or ending the sessions that
    /// hang on them; never while a password is hashed.
    credentials: Mutex<UnknownLogins>,
}

impl Sessions {
    pub(crate) fn alone(&self) -> MutexGuard<'_, UnknownLogins> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, session: Session, account: SubjectId, ended: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.ended.load(Ordering::Acquire) != ended {
            return;
        }
        if known.len() >= SESSIONS_KNOWN_MAX {
            known.clear();
        }
        known.insert(session.token_hash, (session, account));
    }

    fn forget(&self, token_hash: Option<&[u8; 32]>, login: Option<&str>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.ended.fetch_add(1, Ordering::AcqRel);
        known.retain(|hash, (session, _)| Some(hash) != token_hash && Some(session.login.as_str()) != login);
    }
}

/// Why somebody is not signed in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignInError {
    /// Login or password is wrong; which, is not said.
    #[error("login or password is wrong")]
    BadCredentials,
    /// Too many wrong passwords.
    #[error("the account is locked")]
    Locked {
        /// Until when, in milliseconds since 1970.
        until: i64,
    },
    /// The new password is too easy to guess, or longer than any that is typed.
    #[error(
        "the password needs at least {PASSWORD_CHARS_MIN} characters, at most {PASSWORD_BYTES_MAX} bytes, and three of: small letter, capital, digit, other"
    )]
    WeakPassword,
    /// The login is taken.
    #[error("the login exists already")]
    LoginTaken,
    /// The role is not in the catalog.
    #[error("there is no such role")]
    UnknownRole,
    /// No such account.
    #[error("there is no such account")]
    NotFound,
    /// The asker may not do this.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The account's register entry was refused.
    #[error("{1}")]
    Entry(String, String),
    /// Nothing could be written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Opens a session. Gives the token for the cookie; only its hash is stored.
    ///
    /// # Errors
    /// `BadCredentials`, `Locked`.
    pub fn sign_in(&self, login: &str, password: &str) -> Result<(String, Account), SignInError> {
        let found = self.store().credentials(login)?.map(|credentials| credentials.verifier);
        // Hashed before anything is answered, so that logins and locks cannot be found out by the clock.
        let right = verify(found.as_deref().unwrap_or(UNKNOWN_VERIFIER), password);
        let now = self.clock().now_ms();
        let mut unknown = self.sessions.alone();
        let mut credentials = self.admit(&mut unknown, login, found.as_deref(), right, now)?;
        let Some(account) = self.in_service(&credentials.account, login) else {
            // Counted like a wrong password, so that it is answered like one in every respect.
            return Err(self.count_failure(credentials, now)?);
        };
        if credentials.failures > 0 || credentials.locked_until > 0 {
            (credentials.failures, credentials.locked_until) = (0, 0);
            self.store().put_credentials(&credentials)?;
        }
        let token = self.secret(32);
        let session = Session { token_hash: hash(&token), login: login.to_owned(), expires_at: now + SESSION_MS };
        self.store().put_session(&session, now)?;
        Ok((token, account))
    }

    /// The credentials of whoever gave the right password, as they are once it was hashed against this verifier.
    fn admit(
        &self,
        unknown: &mut UnknownLogins,
        login: &str,
        verifier: Option<&str>,
        right: bool,
        now: i64,
    ) -> Result<Credentials, SignInError> {
        let Some(credentials) = self.store().credentials(login)? else { return Err(unknown.wrong(login, now)) };
        if credentials.locked_until > now {
            return Err(SignInError::Locked { until: credentials.locked_until });
        }
        // Another password was set meanwhile: the one that was given is neither right nor wrong.
        if verifier != Some(credentials.verifier.as_str()) {
            return Err(SignInError::BadCredentials);
        }
        if right { Ok(credentials) } else { Err(self.count_failure(credentials, now)?) }
    }

    /// Counts a wrong password and gives what its sender is told.
    fn count_failure(&self, mut credentials: Credentials, now: i64) -> Result<SignInError, StoreError> {
        let mut guesses = Guesses { failures: credentials.failures, locked_until: credentials.locked_until };
        let told = guesses.wrong(now);
        (credentials.failures, credentials.locked_until) = (guesses.failures, guesses.locked_until);
        self.store().put_credentials(&credentials)?;
        Ok(told)
    }

    /// The account of a session's token.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, token: &str) -> Result<Option<Account>, StoreError> {
        let ended = self.sessions.ended.load(Ordering::Acquire);
        let Some(session) = self.store().session(&hash(token))? else { return Ok(None) };
        if session.expires_at <= self.clock().now_ms() {
            self.end_sessions(Some(&session.token_hash), None)?;
            return Ok(None);
        }
        let Some(credentials) = self.store().credentials(&session.login)? else { return Ok(None) };
        let account = self.in_service(&credentials.account, &session.login);
        if account.is_some() {
            self.sessions.remember(session, credentials.account, ended);
        }
        Ok(account)
    }

    /// The same from memory alone, for callers that must not block; `None` when the store has to be asked.
    pub fn known_session(&self, token: &str) -> Option<Account> {
        let known = self.sessions.known.read().unwrap_or_else(PoisonError::into_inner);
        let (session, account) = known.get(&hash(token))?;
        if session.expires_at <= self.clock().now_ms() {
            return None;
        }
        self.in_service(account, &session.login)
    }

    /// The account that somebody signed in to with this login. What its register entry says of the login is only for
    /// people to read.
    pub(crate) fn in_service(&self, account: &SubjectId, login: &str) -> Option<Account> {
        let account = self.memory().accounts.get(account).filter(|account| !account.disabled).cloned()?;
        Some(Account { login: login.to_owned(), ..account })
    }

    /// Ends sessions in the store and in memory. No other process writes the store of a running server, so what is
    /// remembered here cannot outlive what is stored.
    fn end_sessions(&self, token_hash: Option<&[u8; 32]>, login: Option<&str>) -> Result<(), StoreError> {
        self.store().end_sessions(token_hash, login)?;
        self.sessions.forget(token_hash, login);
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let _alone = self.sessions.alone();
        self.end_sessions(Some(&hash(token)), None)
    }

    /// Makes an account with a password of its own; gives the password, which is shown once.
    ///
    /// # Errors
    /// `LoginTaken`, `UnknownRole`, `Refused`.
    pub fn create_account(
        &self,
        asker: &Asker,
        login: &str,
        name: &str,
        role: &str,
        area: AreaCode,
        password: Option<&str>,
    ) -> Result<String, SignInError> {
        self.permit(asker, Verb::Administer, ACCOUNT, area)?;
        let role = self.knowledge().roles.get(role).filter(|role| !role.of_keys).ok_or(SignInError::UnknownRole)?;
        // A region's administrator has no journal of its own yet: accounts stand in a prefecture's.
        let prefecture = area.at(Level::Prefecture).and_then(Prefecture::new);
        let prefecture = prefecture.ok_or(SignInError::Refused(Refusal::UnknownArea { area }))?;
        if let Some(password) = password {
            check_strength(password)?;
        }
        let password = password.map_or_else(|| self.secret(12), str::to_owned);
        let verifier = verifier(self, &password);
        let grant = Grant { role: role.code.clone(), scope: area };
        let _alone = self.sessions.alone();
        if self.store().credentials(login)?.is_some() {
            return Err(SignInError::LoginTaken);
        }
        let account = self.register(asker, prefecture, login, name, &grant)?;
        let (login, failures, locked_until) = (login.to_owned(), 0, 0);
        self.store().put_credentials(&Credentials { login, prefecture, account, verifier, failures, locked_until })?;
        Ok(password)
    }

    /// Gives an account a new password; `None` makes one. Ends its sessions and its lock.
    ///
    /// # Errors
    /// `NotFound`, `WeakPassword`, `Refused`.
    pub fn reset_password(&self, asker: &Asker, login: &str, password: Option<&str>) -> Result<String, SignInError> {
        let account = self.account(login)?;
        self.permit(asker, Verb::Administer, ACCOUNT, account.grant.scope)?;
        // A key is replaced by another one; with a password somebody could sign in.
        if self.is_key(&account) {
            return Err(SignInError::NotFound);
        }
        if let Some(password) = password {
            check_strength(password)?;
        }
        let password = password.map_or_else(|| self.secret(12), str::to_owned);
        let verifier = verifier(self, &password);
        let _alone = self.sessions.alone();
        let credentials = self.store().credentials(login)?.ok_or(SignInError::NotFound)?;
        self.set_verifier(credentials, verifier)?;
        Ok(password)
    }

    /// Changes one's own password. Every session ends but the one with this token, in which it is changed.
    ///
    /// # Errors
    /// `Locked`, `BadCredentials` (which counts as a failed sign-in), `WeakPassword`.
    pub fn change_password(&self, login: &str, token: &str, old: &str, new: &str) -> Result<(), SignInError> {
        let found = self.store().credentials(login)?.ok_or(SignInError::NotFound)?.verifier;
        let right = verify(&found, old);
        // Of a wrong old password the new one is not worth a hash.
        let verifier = if right { check_strength(new).map(|()| verifier(self, new)) } else { Ok(String::new()) };
        let now = self.clock().now_ms();
        let mut unknown = self.sessions.alone();
        let credentials = self.admit(&mut unknown, login, Some(&found), right, now)?;
        let kept = self.store().session(&hash(token))?.filter(|session| session.login == login);
        self.set_verifier(credentials, verifier?)?;
        match kept {
            Some(session) => Ok(self.store().put_session(&session, now)?),
            None => Ok(()),
        }
    }

    /// Ends an account: nobody signs in with it any more. Its history stays.
    ///
    /// # Errors
    /// `NotFound`, `Refused`.
    pub fn disable_account(&self, asker: &Asker, login: &str) -> Result<(), SignInError> {
        let _alone = self.sessions.alone();
        let account = self.account(login)?;
        self.permit(asker, Verb::Administer, ACCOUNT, account.grant.scope)?;
        let day = crate::shanghai_day(self.clock().now_ms());
        let action = Action::EndEntry { day, reason: "disabled".to_owned() };
        self.one(account.prefecture, asker, account.id, action)?;
        Ok(self.end_sessions(None, Some(login))?)
    }

    /// Lets a disabled account sign in again, with the password it had. An ended entry stays ended: the account gets a
    /// new one from today on, and the journal shows both times of service.
    ///
    /// # Errors
    /// `NotFound`, `Refused`.
    pub fn enable_account(&self, asker: &Asker, login: &str) -> Result<(), SignInError> {
        let _alone = self.sessions.alone();
        let before = self.account(login)?;
        self.permit(asker, Verb::Administer, ACCOUNT, before.grant.scope)?;
        if !before.disabled {
            return Ok(());
        }
        let mut credentials = self.store().credentials(login)?.ok_or(SignInError::NotFound)?;
        credentials.account = self.register(asker, before.prefecture, login, &before.name, &before.grant)?;
        (credentials.failures, credentials.locked_until) = (0, 0);
        Ok(self.store().put_credentials(&credentials)?)
    }

    /// All accounts that the asker may see, each login once, in their order, with the moment until which it is locked
    /// (0 when it is not).
    ///
    /// # Errors
    /// `NotPermitted`.
    pub fn accounts(&self, asker: &Asker) -> Result<Vec<(Account, i64)>, QueryError> {
        self.may_see_accounts(asker)?;
        let memory = self.memory();
        let now = self.clock().now_ms();
        let all = self.store().all_credentials()?;
        let seen = all.into_iter().filter_map(|credentials| {
            let account = Account { login: credentials.login, ..memory.accounts.get(&credentials.account)?.clone() };
            self.permit(asker, Verb::Read, ACCOUNT, account.grant.scope).ok()?;
            Some((account, if credentials.locked_until > now { credentials.locked_until } else { 0 }))
        });
        Ok(seen.collect())
    }

    fn may_see_accounts(&self, asker: &Asker) -> Result<(), Refusal> {
        match asker.scope() {
            Some(scope) => self.permit(asker, Verb::Read, ACCOUNT, scope),
            None => Ok(()),
        }
    }

    /// The account with this login.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn account(&self, login: &str) -> Result<Account, SignInError> {
        let credentials = self.store().credentials(login)?.ok_or(SignInError::NotFound)?;
        let account = self.memory().accounts.get(&credentials.account).cloned().ok_or(SignInError::NotFound)?;
        Ok(Account { login: credentials.login, ..account })
    }

    pub(crate) fn register(
        &self,
        asker: &Asker,
        prefecture: Prefecture,
        login: &str,
        name: &str,
        grant: &Grant,
    ) -> Result<SubjectId, SignInError> {
        let mut fields = Fields::new();
        fields.insert("login".to_owned(), login.into());
        fields.insert("role".to_owned(), grant.role.as_str().into());
        let account = self.ids().subject();
        let action = Action::RegisterEntry {
            kind: ACCOUNT.to_owned(),
            area: grant.scope,
            name: name.to_owned(),
            from: Some(crate::shanghai_day(self.clock().now_ms())),
            fields,
            personal: Default::default(),
        };
        self.one(prefecture, asker, account, action)?;
        Ok(account)
    }

    /// Replaces a password's verifier, and ends the lock and every session. Called by whoever holds the credentials alone.
    fn set_verifier(&self, credentials: Credentials, verifier: String) -> Result<(), StoreError> {
        let changed = Credentials { verifier, failures: 0, locked_until: 0, ..credentials };
        self.store().put_credentials(&changed)?;
        self.end_sessions(None, Some(&changed.login))
    }

    fn one(
        &self,
        prefecture: Prefecture,
        asker: &Asker,
        subject: SubjectId,
        action: Action,
    ) -> Result<(), SignInError> {
        let command = Command { id: self.ids().command(), subject, revision: None, source: None, action };
        let answers = self.submit(prefecture, asker, vec![command])?;
        match answers.into_iter().next().map(|answer| answer.outcome) {
            Some(Outcome::Refused { code, message, .. }) => Err(SignInError::Entry(code, message)),
            _ => Ok(()),
        }
    }

    /// A random text without letters that look alike, and without a dot.
    pub(crate) fn secret(&self, characters: usize) -> String {
        const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyzACDEFGHJK";
        const DIGITS: &[u8; 8] = b"23456789";
        let mut random = vec![0; characters];
        self.ids().random(&mut random);
        let pick = |(index, byte): (usize, u8)| match index % 4 {
            3 => char::from(DIGITS[usize::from(byte % 8)]),
            _ => char::from(ALPHABET[usize::from(byte % 32)]),
        };
        random.into_iter().enumerate().map(pick).collect()
    }
}

/// A verifier of no password, to spend the same time on.
const UNKNOWN_VERIFIER: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE";

/// argon2id with 19 MiB, two passes, one lane (OWASP's first recommendation).
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn verifier(app: &App, password: &str) -> String {
    let mut salt = [0; 16];
    app.ids().random(&mut salt);
    hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .unwrap_or_else(|error| unreachable!("fixed parameters and salt length: {error}"))
        .to_string()
}

fn verify(verifier: &str, password: &str) -> bool {
    PasswordHash::new(verifier).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
}

/// What is kept of a text that must not be kept itself.
pub(crate) fn hash(text: &str) -> [u8; 32] {
    Sm3::digest(text).into()
}

/// Complexity as 等保 asks: length, and three of four classes of characters. What would be too long to sign in with is refused
/// here, while its owner can still choose another.
fn check_strength(password: &str) -> Result<(), SignInError> {
    let has = |class: fn(&char) -> bool| usize::from(password.chars().any(|c| class(&c)));
    let classes = has(|c| c.is_lowercase())
        + has(|c| c.is_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_alphanumeric());
    if password.chars().count() < PASSWORD_CHARS_MIN || password.len() > PASSWORD_BYTES_MAX || classes < 3 {
        return Err(SignInError::WeakPassword);
    }
    Ok(())
}
