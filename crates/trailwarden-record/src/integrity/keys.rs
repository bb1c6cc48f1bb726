//! CloudTrail's public keys, as `aws cloudtrail list-public-keys` prints them, and what they prove.
//!
//! Each region has keys of its own, which change over time. A digest names its key by a fingerprint, which
//! is only a name: whoever gives the keys vouches that they are AWS's.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;
use trailwarden_model::Timestamp;
use trailwarden_model::time::HOUR;

use super::digest::Digest;
use super::sha256::{Sha256, hex};

/// How long before and after its validity a key may still have signed: a digest is signed after the
/// hour that it covers, and the AWS CLI asks for keys up to two hours after it.
const SLACK: i64 = 2 * HOUR;

/// Public keys by fingerprint.
#[derive(Clone, Default, Debug)]
pub struct PublicKeys {
    keys: BTreeMap<String, Key>,
}

#[derive(Clone, Debug)]
struct Key {
    /// DER of PKCS #1.
    der: Vec<u8>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What a signature and the keys say of a digest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checked {
    /// The signature is that of the digest.
    Good,
    /// It is not.
    Bad,
    /// There is no key of that fingerprint.
    NoKey,
    /// The key was not valid when the digest was made.
    NotThen,
}

/// Why a file gives no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// Not the JSON of `list-public-keys`.
    #[error("it is not what `aws cloudtrail list-public-keys` prints")]
    Shape(#[source] serde_json::Error),
    /// A key is none.
    #[error("the key with the fingerprint `{0}` in it is no RSA public key")]
    Key(String),
}

#[derive(Deserialize)]
struct List {
    #[serde(rename = "PublicKeyList")]
    keys: Vec<WireKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireKey {
    value: String,
    fingerprint: String,
    #[serde(default)]
    validity_start_time: Value,
    #[serde(default)]
    validity_end_time: Value,
}

impl PublicKeys {
    /// Takes the keys of one reply of `list-public-keys`, and says how many there are in it.
    ///
    /// # Errors
    /// When it is no such reply, or a key in it is none.
    pub fn add(&mut self, json: &[u8]) -> Result<usize, NoKeys> {
        let list: List = serde_json::from_slice(json).map_err(NoKeys::Shape)?;
        let count = list.keys.len();
        for key in list.keys {
            let der =
                STANDARD.decode(&key.value).ok().and_then(|der| pkcs1(&der).map(<[u8]>::to_vec));
            let der = der.ok_or_else(|| NoKeys::Key(key.fingerprint.clone()))?;
            let (from, until) = (time(&key.validity_start_time), time(&key.validity_end_time));
            self.keys.insert(key.fingerprint.to_ascii_lowercase(), Key { der, from, until });
        }
        Ok(count)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether `signature`, in hexadecimal, is that of a digest whose inflated content has the given
    /// sum. `signed` is when it was signed, as far as that is known.
    pub fn check(
        &self,
        digest: &Digest,
        sum: &Sha256,
        signature: &str,
        signed: Option<Timestamp>,
    ) -> Checked {
        let Some(key) = self.keys.get(&digest.fingerprint.to_ascii_lowercase()) else {
            return Checked::NoKey;
        };
        let is_late = |at: Timestamp| key.until.is_some_and(|until| at > until.plus(SLACK));
        let is_early = |at: Timestamp| key.from.is_some_and(|from| at < from.plus(-SLACK));
        if signed.is_some_and(|at| is_late(at) || is_early(at)) {
            return Checked::NotThen;
        }
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key.der);
        let text = digest.signed_text(sum);
        match hex(signature).map(|signature| public.verify(text.as_bytes(), &signature)) {
            Some(Ok(())) => Checked::Good,
            _ => Checked::Bad,
        }
    }
}

/// A time as the AWS CLI prints it: text, or seconds since 1970 in its first version.
fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => Timestamp::parse(text),
        #[expect(clippy::cast_possible_truncation, reason = "a float to integer cast saturates")]
        Value::Number(seconds) => Some(Timestamp::from_seconds(seconds.as_f64()? as i64)),
        _ => None,
    }
}

/// The PKCS #1 key in DER, which is what CloudTrail's API gives; one of its documented examples is a
/// `SubjectPublicKeyInfo` around such a key instead.
fn pkcs1(der: &[u8]) -> Option<&[u8]> {
    if is_pkcs1(der) {
        return Some(der);
    }
    let (0x30, content, []) = element(der)? else { return None };
    let (_, _algorithm, key) = element(content)?;
    // A bit string with no unused bits.
    let (0x03, [0, key @ ..], []) = element(key)? else { return None };
    is_pkcs1(key).then_some(key)
}

/// Whether it is a sequence that begins with an integer, the modulus.
fn is_pkcs1(der: &[u8]) -> bool {
    let first = |content| element(content).map(|(tag, ..)| tag);
    element(der).is_some_and(|(tag, content, rest)| {
        tag == 0x30 && rest.is_empty() && first(content) == Some(0x02)
    })
}

/// The first element of DER: its tag, its content, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81 | 0x82 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
