//! The signature of a digest file, which S3 keeps beside the file as metadata.

use serde::Deserialize;
use serde_json::{Map, Value};
use trailwarden_model::Timestamp;

/// The one algorithm of digest signatures.
const ALGORITHM: &str = "SHA256withRSA";

/// What the metadata of a digest object says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// The signature, hexadecimal.
    pub signature: String,
    /// When a backfill digest was made, which is later than the time that it covers.
    pub generated: Option<Timestamp>,
}

/// Why metadata gives no signature.
#[derive(Debug, thiserror::Error)]
pub enum NoStamp {
    /// Not the JSON of `head-object`.
    #[error("it is not what `aws s3api head-object` prints")]
    Shape(#[source] serde_json::Error),
    /// There is no signature in it.
    #[error("there is no signature in it; save it from the bucket that CloudTrail delivers to")]
    Unsigned,
    /// Another algorithm than CloudTrail's.
    #[error("`{0}` in it is no algorithm of digest signatures")]
    Algorithm(String),
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "Metadata")]
    metadata: Map<String, Value>,
}

impl Stamp {
    /// Reads what `aws s3api head-object` prints.
    ///
    /// # Errors
    /// When it holds no signature.
    pub fn parse(json: &[u8]) -> Result<Self, NoStamp> {
        let head: Head = serde_json::from_slice(json).map_err(NoStamp::Shape)?;
        let pairs = head.metadata.iter();
        Self::of(pairs.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))))
    }

    /// From the user metadata of an object, with or without `x-amz-meta-` before each name.
    ///
    /// # Errors
    /// When it holds no signature.
    pub fn of<'a>(metadata: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, NoStamp> {
        let (mut signature, mut generated) = (None, None);
        for (name, value) in metadata {
            let name = name.to_ascii_lowercase();
            match name.strip_prefix("x-amz-meta-").unwrap_or(&name) {
                "signature" => signature = Some(value.to_owned()),
                "signature-algorithm" if value != ALGORITHM => {
                    return Err(NoStamp::Algorithm(value.to_owned()));
                }
                "backfill-generation-timestamp" => generated = Timestamp::parse(value),
                _ => {}
            }
        }
        let signature = signature.ok_or(NoStamp::Unsigned)?;
        Ok(Self { signature, generated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_of_head_object_is_read() {
        let json = br#"{"ContentLength": 9, "Metadata": {"signature": "00ff",
            "signature-algorithm": "SHA256withRSA",
            "backfill-generation-timestamp": "2026-03-02T00:00:00Z"}}"#;
        let stamp = Stamp::parse(json).unwrap();
        assert_eq!(stamp.signature, "00ff");
        assert_eq!(stamp.generated.unwrap().to_string(), "2026-03-02T00:00:00Z");
    }

    #[test]
    fn what_holds_no_signature_is_refused() {
        let refused = |json: &str| Stamp::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(refused("[]").contains("head-object"));
        assert!(refused(r#"{"Metadata": {}}"#).contains("no signature"));
        let other = r#"{"Metadata": {"signature": "00", "signature-algorithm": "none"}}"#;
        assert!(refused(other).contains("`none`"));
    }
}
