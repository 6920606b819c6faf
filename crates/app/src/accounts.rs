//! Accounts: who may sign in, with which role and where.
//!
//! An account is a register entry in its prefecture's journal, so who had which role when is history like any other. Its
//! password's verifier (argon2id) is not in the journal, because it must be erasable.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sm3::{Digest, Sm3};
use tahuang_domain::{
    Action, AreaCode, Command, Fields, Grant, Level, Prefecture, Refusal, State, Subject, SubjectId, Verb,
};
use tahuang_store::{Credentials, Outcome, Session, StoreError};

use crate::{App, Asker, SubmitError};

/// The kind of an account's register entry.
pub const ACCOUNT: &str = "account";
/// Wrong passwords after which an account is locked.
const FAILURES_MAX: u32 = 5;
/// How long it is locked.
const LOCKED_MS: i64 = 15 * 60 * 1_000;
/// How long a session lasts.
const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;
/// The shortest password.
const PASSWORD_CHARS_MIN: usize = 10;

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
        let field = |name: &str| {
            subject.fields.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        };
        Self {
            id,
            prefecture,
            login: field("login"),
            name: subject.title.clone(),
            grant: Grant { role: field("role"), scope: subject.area },
            disabled: subject.withdrawn || subject.state == State::Ended,
        }
    }

    /// As an asker of the doors.
    pub fn asker(&self) -> Asker {
        Asker::Account { id: self.id, grant: self.grant.clone() }
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
    /// The new password is too easy to guess.
    #[error("the password needs at least {PASSWORD_CHARS_MIN} characters, and three of: small letter, capital, digit, other")]
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
        let now = self.clock().now_ms();
        let Some(mut credentials) = self.store().credentials(login)? else {
            // As slow as for a login that exists, so that logins cannot be found out by the clock.
            verify(UNKNOWN_VERIFIER, password);
            return Err(SignInError::BadCredentials);
        };
        if credentials.locked_until > now {
            return Err(SignInError::Locked { until: credentials.locked_until });
        }
        let account = self.memory().accounts.get(&credentials.account).cloned();
        if !verify(&credentials.verifier, password) {
            credentials.failures += 1;
            if credentials.failures >= FAILURES_MAX {
                credentials.locked_until = now + LOCKED_MS;
                credentials.failures = 0;
            }
            self.store().put_credentials(&credentials)?;
            return Err(match credentials.locked_until > now {
                true => SignInError::Locked { until: credentials.locked_until },
                false => SignInError::BadCredentials,
            });
        }
        let Some(account) = account.filter(|account| !account.disabled) else {
            return Err(SignInError::BadCredentials);
        };
        if credentials.failures > 0 || credentials.locked_until > 0 {
            (credentials.failures, credentials.locked_until) = (0, 0);
            self.store().put_credentials(&credentials)?;
        }
        let token = self.secret(32);
        let session = Session { token_hash: hash(&token), login: login.to_owned(), expires_at: now + SESSION_MS };
        self.store().put_session(&session)?;
        Ok((token, account))
    }

    /// The account of a session's token.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, token: &str) -> Result<Option<Account>, StoreError> {
        let Some(session) = self.store().session(&hash(token))? else { return Ok(None) };
        if session.expires_at <= self.clock().now_ms() {
            self.store().end_sessions(Some(&session.token_hash), None)?;
            return Ok(None);
        }
        let accounts = &self.memory().accounts;
        let account = accounts.values().find(|account| account.login == session.login && !account.disabled);
        Ok(account.cloned())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        self.store().end_sessions(Some(&hash(token)), None)
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
        self.knowledge().roles.get(role).ok_or(SignInError::UnknownRole)?;
        if self.store().credentials(login)?.is_some() {
            return Err(SignInError::LoginTaken);
        }
        // A region's administrator has no journal of its own yet: accounts stand in a prefecture's.
        let prefecture = area.at(Level::Prefecture).and_then(Prefecture::new);
        let prefecture = prefecture.ok_or(SignInError::Refused(Refusal::UnknownArea { area }))?;
        if let Some(password) = password {
            check_strength(password)?;
        }
        let password = password.map_or_else(|| self.secret(12), str::to_owned);
        let mut fields = Fields::new();
        fields.insert("login".to_owned(), login.into());
        fields.insert("role".to_owned(), role.into());
        let account = self.ids().subject();
        let action = Action::RegisterEntry {
            kind: ACCOUNT.to_owned(),
            area,
            name: name.to_owned(),
            from: Some(crate::shanghai_day(self.clock().now_ms())),
            fields,
            personal: Default::default(),
        };
        self.one(prefecture, asker, account, action)?;
        let verifier = verifier(self, &password);
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
        if let Some(password) = password {
            check_strength(password)?;
        }
        let password = password.map_or_else(|| self.secret(12), str::to_owned);
        self.set_password(login, &password)?;
        Ok(password)
    }

    /// Changes one's own password.
    ///
    /// # Errors
    /// `BadCredentials`, `WeakPassword`.
    pub fn change_password(&self, login: &str, old: &str, new: &str) -> Result<(), SignInError> {
        let credentials = self.store().credentials(login)?.ok_or(SignInError::NotFound)?;
        if !verify(&credentials.verifier, old) {
            return Err(SignInError::BadCredentials);
        }
        check_strength(new)?;
        self.set_password(login, new)
    }

    /// Ends an account: nobody signs in with it any more. Its history stays.
    ///
    /// # Errors
    /// `NotFound`, `Refused`.
    pub fn disable_account(&self, asker: &Asker, login: &str) -> Result<(), SignInError> {
        let account = self.account(login)?;
        self.permit(asker, Verb::Administer, ACCOUNT, account.grant.scope)?;
        let day = crate::shanghai_day(self.clock().now_ms());
        let action = Action::EndEntry { day, reason: "disabled".to_owned() };
        self.one(account.prefecture, asker, account.id, action)?;
        Ok(self.store().end_sessions(None, Some(login))?)
    }

    /// The account with this login.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn account(&self, login: &str) -> Result<Account, SignInError> {
        let accounts = &self.memory().accounts;
        accounts.values().find(|account| account.login == login).cloned().ok_or(SignInError::NotFound)
    }

    fn set_password(&self, login: &str, password: &str) -> Result<(), SignInError> {
        let mut credentials = self.store().credentials(login)?.ok_or(SignInError::NotFound)?;
        credentials.verifier = verifier(self, password);
        (credentials.failures, credentials.locked_until) = (0, 0);
        self.store().put_credentials(&credentials)?;
        Ok(self.store().end_sessions(None, Some(login))?)
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

    /// A random text without letters that look alike.
    fn secret(&self, characters: usize) -> String {
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

fn hash(token: &str) -> [u8; 32] {
    Sm3::digest(token).into()
}

/// Complexity as 等保 asks: length, and three of four classes of characters.
fn check_strength(password: &str) -> Result<(), SignInError> {
    let has = |class: fn(&char) -> bool| usize::from(password.chars().any(|c| class(&c)));
    let classes = has(|c| c.is_lowercase())
        + has(|c| c.is_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_alphanumeric());
    if password.chars().count() < PASSWORD_CHARS_MIN || classes < 3 {
        return Err(SignInError::WeakPassword);
    }
    Ok(())
}
