//! A digest file, read.
//!
//! Field by field as the CloudTrail User Guide has it in "CloudTrail digest file structure". A name that
//! comes twice in one object is refused, because readers that disagree on which one counts could be
//! shown two different digests under one signature.

use serde::{Deserialize, Deserializer};
use trailwarden_model::Timestamp;

use super::sha256::Sha256;

/// Inflated bytes of one digest file. A digest of an hour names some hundred log files in 400 bytes
/// each; this is room for a hundred thousand.
pub const DIGEST_MAX: u64 = 64 << 20;

/// Bytes of a name or a signature in it. Keys of S3 have at most 1,024 (Amazon S3 User Guide, "Naming
/// Amazon S3 objects"), and a signature has 2,048 digits by the longest key that is taken.
const TEXT_MAX: usize = 2_048;

/// One digest file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Digest {
    /// Begin of the time that it covers.
    pub start: Timestamp,
    /// End of the time that it covers.
    pub end: Timestamp,
    /// The bucket that it was delivered to.
    pub bucket: String,
    /// Its key there.
    pub object: String,
    /// Names the public key that proves its signature; hexadecimal, compared without regard to case.
    pub fingerprint: String,
    /// The digest before it; `None` in one that starts a chain.
    pub previous: Option<Previous>,
    /// The log files that it names.
    pub logs: Vec<NamedLog>,
    end_text: String,
    previous_signature: Option<String>,
}

/// What a digest says of the one before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Previous {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub object: String,
    /// The sum of its inflated content.
    pub sum: Option<Sha256>,
    /// Its signature, hexadecimal.
    pub signature: Option<String>,
}

/// A log file that a digest names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedLog {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub object: String,
    /// The sum of its inflated content.
    pub sum: Sha256,
}

/// Why a file is no digest.
#[derive(Debug, thiserror::Error)]
pub enum NoDigest {
    /// Not JSON, or not of the shape of a digest.
    #[error("its content is not that of a digest file")]
    Shape(#[source] serde_json::Error),
    /// A time is none.
    #[error("`{0}` in it is no time")]
    Time(String),
    /// A name or a signature is longer than any that there is.
    #[error("a name or a signature in it has more than {TEXT_MAX} bytes")]
    Long,
    /// A hash is none, or of an algorithm other than SHA-256.
    #[error("`{0}` in it is no SHA-256 sum")]
    Sum(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    digest_start_time: String,
    digest_end_time: String,
    #[serde(rename = "digestS3Bucket")]
    bucket: String,
    #[serde(rename = "digestS3Object")]
    object: String,
    digest_public_key_fingerprint: String,
    #[serde(rename = "previousDigestS3Bucket", default)]
    previous_bucket: Option<String>,
    #[serde(rename = "previousDigestS3Object", default)]
    previous_object: Option<String>,
    #[serde(default)]
    previous_digest_hash_value: Option<String>,
    #[serde(default)]
    previous_digest_hash_algorithm: Option<String>,
    // Null in a starting digest, but there.
    #[serde(deserialize_with = "nullable")]
    previous_digest_signature: Option<String>,
    #[serde(default)]
    log_files: Vec<WireLog>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireLog {
    #[serde(rename = "s3Bucket")]
    bucket: String,
    #[serde(rename = "s3Object")]
    object: String,
    hash_value: String,
    #[serde(default)]
    hash_algorithm: Option<String>,
}

/// A field that may be null and must be there; serde lets a plain `Option` be absent.
fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

impl Digest {
    /// Reads the inflated content of a digest file.
    ///
    /// # Errors
    /// When a field that validation needs is missing or is not what it should be.
    pub fn parse(content: &[u8]) -> Result<Self, NoDigest> {
        let wire: Wire = serde_json::from_slice(content).map_err(NoDigest::Shape)?;
        if wire.texts().any(|text| text.len() > TEXT_MAX) {
            return Err(NoDigest::Long);
        }
        let time =
            |text: &str| Timestamp::parse(text).ok_or_else(|| NoDigest::Time(text.to_owned()));
        let signature = wire.previous_digest_signature;
        let previous = match (wire.previous_bucket, wire.previous_object) {
            (Some(bucket), Some(object)) => {
                let algorithm = wire.previous_digest_hash_algorithm.as_deref();
                let sum = wire.previous_digest_hash_value;
                let sum = sum.map(|text| sum_of(&text, algorithm)).transpose()?;
                Some(Previous { bucket, object, sum, signature: signature.clone() })
            }
            _ => None,
        };
        let named = |log: WireLog| {
            let sum = sum_of(&log.hash_value, log.hash_algorithm.as_deref())?;
            Ok(NamedLog { bucket: log.bucket, object: log.object, sum })
        };
        Ok(Self {
            start: time(&wire.digest_start_time)?,
            end: time(&wire.digest_end_time)?,
            bucket: wire.bucket,
            object: wire.object,
            fingerprint: wire.digest_public_key_fingerprint,
            previous,
            logs: wire.log_files.into_iter().map(named).collect::<Result<_, NoDigest>>()?,
            end_text: wire.digest_end_time,
            previous_signature: signature,
        })
    }

    /// The text that CloudTrail signs, given the sum of the digest's inflated content (CloudTrail User
    /// Guide, "Custom implementations of CloudTrail log file integrity validation").
    ///
    /// The first digest of a chain has the word `null` in the place of the signature before it.
    pub fn signed_text(&self, sum: &Sha256) -> String {
        let Self { end_text, bucket, object, .. } = self;
        let before = self.previous_signature.as_deref().unwrap_or("null");
        format!("{end_text}\n{bucket}/{object}\n{sum}\n{before}")
    }
}

impl Wire {
    /// The names and signatures that are kept as they are.
    fn texts(&self) -> impl Iterator<Item = &String> {
        let own = [&self.bucket, &self.object, &self.digest_public_key_fingerprint];
        let before =
            [&self.previous_bucket, &self.previous_object, &self.previous_digest_signature];
        let logs = self.log_files.iter().flat_map(|log| [&log.bucket, &log.object]);
        own.into_iter().chain(before.into_iter().flatten()).chain(logs)
    }
}

fn sum_of(text: &str, algorithm: Option<&str>) -> Result<Sha256, NoDigest> {
    match algorithm {
        None | Some("SHA-256") => {
            Sha256::from_hex(text).ok_or_else(|| NoDigest::Sum(text.to_owned()))
        }
        Some(other) => Err(NoDigest::Sum(format!("{other} {text}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn digest() -> Value {
        json!({
            "awsAccountId": "111122223333",
            "digestStartTime": "2026-03-01T00:10:00Z", "digestEndTime": "2026-03-01T01:10:00Z",
            "digestS3Bucket": "example-logs", "digestS3Object": "AWSLogs/x.json.gz",
            "digestPublicKeyFingerprint": "0a", "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null, "oldestEventTime": null,
            "previousDigestS3Bucket": null, "previousDigestS3Object": null,
            "previousDigestHashValue": null, "previousDigestHashAlgorithm": null,
            "previousDigestSignature": null, "logFiles": [],
        })
    }

    fn parse(value: &Value) -> Result<Digest, NoDigest> {
        Digest::parse(value.to_string().as_bytes())
    }

    #[test]
    fn a_starting_digest_signs_the_word_null() {
        let digest = parse(&digest()).unwrap();
        assert_eq!(digest.previous, None);
        let sum = Sha256::of(b"");
        let text = format!("2026-03-01T01:10:00Z\nexample-logs/AWSLogs/x.json.gz\n{sum}\nnull");
        assert_eq!(digest.signed_text(&sum), text);
    }

    #[test]
    fn what_validation_needs_must_be_there() {
        for field in [
            "digestPublicKeyFingerprint",
            "digestS3Bucket",
            "digestS3Object",
            "previousDigestSignature",
            "digestEndTime",
            "digestStartTime",
        ] {
            let mut value = digest();
            value.as_object_mut().unwrap().remove(field);
            assert!(parse(&value).is_err(), "{field}");
        }
        let mut value = digest();
        value["digestEndTime"] = json!("yesterday");
        assert!(parse(&value).unwrap_err().to_string().contains("yesterday"));
        value = digest();
        value["logFiles"] = json!([{"s3Bucket": "b", "s3Object": "o", "hashValue": "00",
            "hashAlgorithm": "SHA-256"}]);
        assert!(parse(&value).is_err());
        value["logFiles"][0]["hashValue"] = json!("00".repeat(32));
        assert!(parse(&value).is_ok());
        value["logFiles"][0]["hashAlgorithm"] = json!("MD5");
        assert!(parse(&value).unwrap_err().to_string().contains("MD5"));
    }

    /// What is kept of thousands of digests is bounded, and a key of a million folders is never split.
    #[test]
    fn long_names_are_refused() {
        for field in ["digestS3Object", "previousDigestS3Bucket", "previousDigestSignature"] {
            let mut value = digest();
            value[field] = json!("/".repeat(TEXT_MAX));
            assert!(parse(&value).is_ok(), "{field}");
            value[field] = json!("/".repeat(TEXT_MAX + 1));
            assert!(matches!(parse(&value), Err(NoDigest::Long)), "{field}");
        }
        let mut value = digest();
        value["logFiles"] = json!([{"s3Bucket": "b", "s3Object": "/".repeat(TEXT_MAX + 1),
            "hashValue": "00".repeat(32)}]);
        assert!(matches!(parse(&value), Err(NoDigest::Long)));
    }

    #[test]
    fn hostile_content_is_refused() {
        let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(Digest::parse(deep.as_bytes()).is_err());
        let twice = digest()
            .to_string()
            .replace(r#""digestS3Bucket":"#, r#""digestS3Bucket":"other","digestS3Bucket":"#);
        assert!(Digest::parse(twice.as_bytes()).is_err());
        assert!(Digest::parse(b"\xff\xfe").is_err());
        assert!(Digest::parse(b"").is_err());
    }
}
