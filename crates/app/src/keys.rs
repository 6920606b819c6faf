//! API keys, with which programs come instead of people.
//!
//! A key is an account that nobody can sign in to: its register entry says which role it has where, so what it may do is
//! asked like of anybody else, and it is listed, ended and enabled like any other account. In the place of a password's
//! verifier stands the hash of its secret, which is long and random, so that it needs no slow hash and no lockout.

use tahuang_domain::{AreaCode, Grant, Level, Prefecture, Refusal, Verb};
use tahuang_store::{Credentials, StoreError};

use crate::accounts::{ACCOUNT, Account, SignInError, hash};
use crate::{App, Asker};

/// Characters of a key's secret: some 150 bits.
const SECRET_CHARS: usize = 32;
/// The longest text that is looked at as a key.
const KEY_BYTES_MAX: usize = 100;
/// What the verifier of a key begins with. No password's does.
const VERIFIER: &str = "sm3$";

impl App {
    /// Makes a key with a role of the catalog that is for keys; gives the key, which is shown once.
    ///
    /// # Errors
    /// `LoginTaken`, `UnknownRole`, `Refused`.
    pub fn create_key(&self, asker: &Asker, name: &str, role: &str, area: AreaCode) -> Result<String, SignInError> {
        self.permit(asker, Verb::Administer, ACCOUNT, area)?;
        let role = self.knowledge().roles.get(role).filter(|role| role.of_keys).ok_or(SignInError::UnknownRole)?;
        let prefecture = area.at(Level::Prefecture).and_then(Prefecture::new);
        let prefecture = prefecture.ok_or(SignInError::Refused(Refusal::UnknownArea { area }))?;
        let secret = self.secret(SECRET_CHARS);
        let grant = Grant { role: role.code.clone(), scope: area };
        let _alone = self.sessions.alone();
        if self.store().credentials(name)?.is_some() {
            return Err(SignInError::LoginTaken);
        }
        let account = self.register(asker, prefecture, name, name, &grant)?;
        let (login, verifier) = (name.to_owned(), verifier(&secret));
        let (failures, locked_until) = (0, 0);
        self.store().put_credentials(&Credentials { login, prefecture, account, verifier, failures, locked_until })?;
        Ok(format!("{name}.{secret}"))
    }

    /// The account of a key; `None` for one that was not made here or was revoked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn key(&self, key: &str) -> Result<Option<Account>, StoreError> {
        let Some((name, secret)) = key.rsplit_once('.').filter(|_| key.len() <= KEY_BYTES_MAX) else { return Ok(None) };
        let Some(credentials) = self.store().credentials(name)? else { return Ok(None) };
        // Hashes are compared: how far they agree says nothing about the secret.
        if credentials.verifier != verifier(secret) {
            return Ok(None);
        }
        Ok(self.in_service(&credentials.account, name).filter(|account| self.is_key(account)))
    }

    /// Ends a key.
    ///
    /// # Errors
    /// `NotFound`, also for what is no key; `Refused`.
    pub fn revoke_key(&self, asker: &Asker, name: &str) -> Result<(), SignInError> {
        let account = self.account(name)?;
        if self.is_key(&account) { self.disable_account(asker, name) } else { Err(SignInError::NotFound) }
    }

    /// Whether an account is a key's.
    pub fn is_key(&self, account: &Account) -> bool {
        self.knowledge().roles.get(&account.grant.role).is_some_and(|role| role.of_keys)
    }
}

fn verifier(secret: &str) -> String {
    hash(secret).iter().fold(VERIFIER.to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
