//! Signatures that channels ask for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    parts.iter().for_each(|part| mac.update(part));
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The `sign` of a DingTalk robot, not yet escaped for an address: over the moment in milliseconds, a line feed and the
/// secret, keyed with the secret. It holds for an hour around that moment.
pub fn dingtalk(secret: &str, at_ms: i64) -> String {
    hmac_sha256(secret.as_bytes(), &[at_ms.to_string().as_bytes(), b"\n", secret.as_bytes()])
}

/// The key in a secret of Standard Webhooks: base64, with or without `whsec_` before it, of 24 to 64 bytes.
pub fn webhook_key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

/// The `webhook-signature` of Standard Webhooks; the moment is in seconds.
pub fn webhook(key: &[u8], id: &str, at_s: i64, body: &[u8]) -> String {
    format!("v1,{}", hmac_sha256(key, &[id.as_bytes(), b".", at_s.to_string().as_bytes(), b".", body]))
}

/// Escaped for the query of an address: base64 has signs that mean something there.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dingtalk_signature_is_what_openssl_computes() {
        // printf '1755648000000\nSECdemo0123456789' | openssl dgst -sha256 -hmac 'SECdemo0123456789' -binary | base64
        let sign = dingtalk("SECdemo0123456789", 1_755_648_000_000);
        assert_eq!(sign, "oFL5TxDZM5Iqdb2TE3JvXcQdJnPS5IN+6vCoRLJmMPI=");
        assert_eq!(escaped("a+b/c="), "a%2Bb%2Fc%3D");
    }

    #[test]
    fn a_webhook_is_signed_as_the_published_example_is() {
        // The example that the libraries of Standard Webhooks test themselves with.
        let key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = webhook(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(webhook_key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Some(key));
    }

    #[test]
    fn a_secret_that_is_too_short_or_no_base64_is_none() {
        assert_eq!(webhook_key("whsec_c2hvcnQ="), None);
        assert_eq!(webhook_key("whsec_***"), None);
    }
}
