//! Sealing personal data: each subject has a key of its own, wrapped under a master key that is not in the database.
//!
//! The cipher is SM4-GCM (GB/T 32907, GB/T 36624). Destroying a subject's key destroys its data everywhere at once, in the
//! journal too, and the chain of hashes still verifies, because it hashes the sealed bytes.

use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload, consts::U12};
use aes_gcm::{AesGcm, Nonce};
use hmac::{Hmac, Mac as _};
use sm3::Sm3;
use sm4::Sm4;
use tahuang_domain::{Prefecture, Sealed, SubjectId};
use tahuang_store::{FilePlace, StoreError};

use crate::ids::Ids;

type Sm4Gcm = AesGcm<Sm4, U12>;

const ALGORITHM: &str = "sm4-gcm";
const NONCE_BYTES: usize = 12;
/// Bytes that a mark needs, so that it cannot be guessed.
const MARK_BYTES_MIN: usize = 8;
/// How an encrypted file begins: with the name of its cipher.
const FILE_HEAD: &[u8] = b"tahuang file sm4-gcm\n";

/// The key under which subjects' keys are wrapped.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 16]);

/// Why a sealed value cannot be opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealError {
    /// The value or its key was sealed with another master key, or was changed.
    #[error("the sealed value cannot be opened with this master key")]
    WrongKey,
    /// Another cipher.
    #[error("the sealed value names the unknown cipher {0}")]
    UnknownCipher(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key of one file.
pub struct FileKey([u8; 16]);

impl FileKey {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// `WrongKey` when it is no key.
    pub fn read(text: &str) -> Result<Self, SealError> {
        let key = from_hex(text).and_then(|key| key.try_into().ok());
        key.map(Self).ok_or(SealError::WrongKey)
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// Seals and opens values.
pub struct Sealer {
    master: MasterKey,
    ids: Arc<dyn Ids>,
}

impl Sealer {
    /// A sealer with this master key.
    pub fn new(master: MasterKey, ids: Arc<dyn Ids>) -> Self {
        Self { master, ids }
    }

    /// A new subject key, wrapped.
    pub fn new_key(&self, prefecture: Prefecture, subject: SubjectId) -> Vec<u8> {
        let mut key = [0; 16];
        self.ids.random(&mut key);
        self.encrypt(&self.master.0, prefecture, subject, &key)
    }

    /// Seals a text under a subject's wrapped key.
    ///
    /// # Errors
    /// `WrongKey` when the key was wrapped under another master key.
    pub fn seal(
        &self,
        prefecture: Prefecture,
        subject: SubjectId,
        wrapped: &[u8],
        text: &str,
    ) -> Result<Sealed, SealError> {
        let key = self.unwrap(prefecture, subject, wrapped)?;
        let data = self.encrypt(&key, prefecture, subject, text.as_bytes());
        Ok(Sealed { algorithm: ALGORITHM.to_owned(), data: to_hex(&data) })
    }

    /// Opens a sealed value.
    ///
    /// # Errors
    /// See [`SealError`].
    pub fn open(
        &self,
        prefecture: Prefecture,
        subject: SubjectId,
        wrapped: &[u8],
        sealed: &Sealed,
    ) -> Result<String, SealError> {
        if sealed.algorithm != ALGORITHM {
            return Err(SealError::UnknownCipher(sealed.algorithm.clone()));
        }
        let key = self.unwrap(prefecture, subject, wrapped)?;
        let data = from_hex(&sealed.data).ok_or(SealError::WrongKey)?;
        let text = decrypt(&key, prefecture, subject, &data)?;
        String::from_utf8(text).map_err(|_| SealError::WrongKey)
    }

    /// A new key for a file.
    pub fn new_file_key(&self) -> FileKey {
        let mut key = [0; 16];
        self.ids.random(&mut key);
        FileKey(key)
    }

    /// Encrypts a file, bound to its place: moved to another one it does not open.
    pub fn seal_file(&self, key: &FileKey, place: FilePlace, bytes: &[u8]) -> Vec<u8> {
        let mut kept = FILE_HEAD.to_vec();
        kept.extend(self.encrypt_bound(&key.0, &file_binding(place), bytes));
        kept
    }

    /// Opens an encrypted file.
    ///
    /// # Errors
    /// `UnknownCipher`, or `WrongKey` when it was changed or moved.
    pub fn open_file(&self, key: &FileKey, place: FilePlace, kept: &[u8]) -> Result<Vec<u8>, SealError> {
        let Some(data) = kept.strip_prefix(FILE_HEAD) else {
            let head = kept.get(..FILE_HEAD.len()).unwrap_or(kept);
            return Err(SealError::UnknownCipher(String::from_utf8_lossy(head).trim_end().to_owned()));
        };
        decrypt_bound(&key.0, &file_binding(place), data)
    }

    /// Whether a subject's key was wrapped under this master key.
    pub fn knows(&self, prefecture: Prefecture, subject: SubjectId, wrapped: &[u8]) -> bool {
        self.unwrap(prefecture, subject, wrapped).is_ok()
    }

    /// A mark that only this server can make on a message, for a purpose.
    pub fn mark(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        self.marker(purpose, message).finalize().into_bytes().into()
    }

    /// Whether this mark, or the beginning of it, was made so; in the same time whatever it is.
    pub fn is_mark(&self, purpose: &str, message: &[u8], mark: &[u8]) -> bool {
        mark.len() >= MARK_BYTES_MIN && self.marker(purpose, message).verify_truncated_left(mark).is_ok()
    }

    fn marker(&self, purpose: &str, message: &[u8]) -> Hmac<Sm3> {
        let mut marker = <Hmac<Sm3> as KeyInit>::new_from_slice(&self.master.0)
            .unwrap_or_else(|_| unreachable!("an HMAC takes a key of any length"));
        // The length before the purpose: no message of one is a message of another.
        marker.update(&(purpose.len() as u64).to_be_bytes());
        marker.update(purpose.as_bytes());
        marker.update(message);
        marker
    }

    fn unwrap(&self, prefecture: Prefecture, subject: SubjectId, wrapped: &[u8]) -> Result<[u8; 16], SealError> {
        decrypt(&self.master.0, prefecture, subject, wrapped)?.try_into().map_err(|_| SealError::WrongKey)
    }

    fn encrypt(&self, key: &[u8; 16], prefecture: Prefecture, subject: SubjectId, text: &[u8]) -> Vec<u8> {
        self.encrypt_bound(key, &binding(prefecture, subject), text)
    }

    fn encrypt_bound(&self, key: &[u8; 16], bound: &[u8], text: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        self.ids.random(&mut nonce);
        let payload = Payload { msg: text, aad: bound };
        let sealed = Sm4Gcm::new(key.into())
            .encrypt(&Nonce::from(nonce), payload)
            .unwrap_or_else(|_| unreachable!("texts are far below the cipher's limit of 64 GiB"));
        [nonce.as_slice(), &sealed].concat()
    }
}

fn decrypt(key: &[u8; 16], prefecture: Prefecture, subject: SubjectId, data: &[u8]) -> Result<Vec<u8>, SealError> {
    decrypt_bound(key, &binding(prefecture, subject), data)
}

fn decrypt_bound(key: &[u8; 16], bound: &[u8], data: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, sealed) = data.split_at_checked(NONCE_BYTES).ok_or(SealError::WrongKey)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError::WrongKey)?;
    let payload = Payload { msg: sealed, aad: bound };
    Sm4Gcm::new(key.into()).decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::WrongKey)
}

/// A value is bound to its subject: moved to another one it does not open.
fn binding(prefecture: Prefecture, subject: SubjectId) -> Vec<u8> {
    [&prefecture.area().number().to_be_bytes()[..], subject.0.as_bytes()].concat()
}

fn file_binding(place: FilePlace) -> Vec<u8> {
    [&binding(place.prefecture, place.subject)[..], place.file.0.as_bytes()].concat()
}

/// Two hexadecimal digits for each byte.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SystemIds;

    #[test]
    fn a_sealed_value_opens_only_with_its_own_subject_and_master_key() {
        let ids = Arc::new(SystemIds::default());
        let prefecture = Prefecture::new("542500000000".parse().unwrap()).unwrap();
        let (subject, other) = (ids.subject(), ids.subject());
        let sealer = Sealer::new(MasterKey([7; 16]), ids.clone());
        let key = sealer.new_key(prefecture, subject);
        let sealed = sealer.seal(prefecture, subject, &key, "19912345678").unwrap();
        assert!(!sealed.data.contains("19912345678"));
        assert_eq!(sealer.open(prefecture, subject, &key, &sealed).unwrap(), "19912345678");
        assert_eq!(sealer.open(prefecture, other, &key, &sealed), Err(SealError::WrongKey));
        let stranger = Sealer::new(MasterKey([8; 16]), ids);
        assert_eq!(stranger.open(prefecture, subject, &key, &sealed), Err(SealError::WrongKey));
    }

    #[test]
    fn a_mark_is_of_one_purpose_one_message_and_one_server() {
        let sealer = Sealer::new(MasterKey([7; 16]), Arc::new(SystemIds::default()));
        let mark = sealer.mark("link", b"case");
        assert!(sealer.is_mark("link", b"case", &mark) && sealer.is_mark("link", b"case", &mark[..12]));
        assert!(!sealer.is_mark("form", b"case", &mark));
        assert!(!sealer.is_mark("link", b"Case", &mark));
        assert!(!sealer.is_mark("linkc", b"ase", &mark));
        assert!(!sealer.is_mark("link", b"case", &mark[..4]), "a short one could be guessed");
        assert!(!sealer.is_mark("link", b"case", &[]));
        let other = Sealer::new(MasterKey([8; 16]), Arc::new(SystemIds::default()));
        assert!(!other.is_mark("link", b"case", &mark));
    }

    #[test]
    fn a_file_opens_only_with_its_key_at_its_place_and_as_it_was_written() {
        let ids = Arc::new(SystemIds::default());
        let prefecture = Prefecture::new("542500000000".parse().unwrap()).unwrap();
        let place = FilePlace { prefecture, subject: ids.subject(), file: ids.subject() };
        let sealer = Sealer::new(MasterKey([7; 16]), ids.clone());
        let key = sealer.new_file_key();
        let kept = sealer.seal_file(&key, place, b"picture");
        assert_eq!(sealer.open_file(&key, place, &kept).unwrap(), b"picture");
        assert_eq!(FileKey::read(&key.to_string()).unwrap().0, key.0);
        assert_eq!(sealer.open_file(&sealer.new_file_key(), place, &kept), Err(SealError::WrongKey));
        let elsewhere = [
            FilePlace { file: ids.subject(), ..place },
            FilePlace { subject: ids.subject(), ..place },
            FilePlace { prefecture: Prefecture::new("540100000000".parse().unwrap()).unwrap(), ..place },
        ];
        for place in elsewhere {
            assert_eq!(sealer.open_file(&key, place, &kept), Err(SealError::WrongKey), "{place:?}");
        }
        for cut in FILE_HEAD.len()..kept.len() {
            assert_eq!(sealer.open_file(&key, place, &kept[..cut]), Err(SealError::WrongKey), "cut after {cut}");
        }
        let other = sealer.open_file(&key, place, b"tahuang file aes-gcm\n....");
        assert_eq!(other, Err(SealError::UnknownCipher("tahuang file aes-gcm".to_owned())));
    }

    #[test]
    fn the_cipher_is_sm4_gcm_of_rfc_8998() {
        // RFC 8998, appendix A.1.
        let key = from_hex("0123456789abcdeffedcba9876543210").unwrap();
        let nonce: [u8; 12] = from_hex("00001234567800000000abcd").unwrap().try_into().unwrap();
        let aad = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        let text = from_hex(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        )
        .unwrap();
        let key: [u8; 16] = key.try_into().unwrap();
        let sealed =
            Sm4Gcm::new((&key).into()).encrypt(&Nonce::from(nonce), Payload { msg: &text, aad: &aad }).unwrap();
        assert_eq!(
            to_hex(&sealed),
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
        );
    }
}
