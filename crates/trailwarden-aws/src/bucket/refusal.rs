//! Why a bucket gives nothing, and what to do about it.

use crate::outcome::{Lost, UNREACHED};
use crate::protocol::Meaning;

/// Why there is no list, or no object; the text says what to do.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// What kind of refusal it is.
    pub why: Why,
    text: String,
}

/// Kinds of refusals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// There is no such bucket.
    NoBucket,
    /// The caller may not.
    Denied,
    /// The credentials are not accepted, or not any more.
    Credentials,
    /// Nobody answers.
    Unanswered,
    /// The object is not what was listed any more, or not there.
    Changed,
    /// The transfer broke, and could not be taken up again.
    Broken,
    /// Whoever asked does not wait any more.
    Interrupted,
    /// Anything else.
    Other,
}

impl Refusal {
    pub(super) fn of(lost: &Lost) -> Self {
        let said = lost.text();
        let Lost::Told(fault) = lost else {
            let why = if said.starts_with(UNREACHED) { Why::Unanswered } else { Why::Other };
            return Self { why, text: format!("{said}; run again for what is missing") };
        };
        let is_of_key = fault.message.contains("kms:") || fault.code.starts_with("KMS.");
        let (why, advice) = match (fault.code.as_str(), fault.meaning) {
            ("NoSuchBucket", _) => (Why::NoBucket, "check the bucket's name"),
            ("NoSuchKey", _) => (Why::Changed, "it was deleted after it was listed"),
            ("PreconditionFailed", _) => {
                (Why::Changed, "it was replaced after it was listed; run again")
            }
            ("InvalidObjectState", _) => {
                (Why::Other, "it is archived; restore it with `aws s3api restore-object`")
            }
            (_, Meaning::Denied) if is_of_key => {
                (Why::Denied, "the caller needs kms:Decrypt on the key of the bucket")
            }
            (_, Meaning::Denied) => (
                Why::Denied,
                "the caller needs s3:ListBucket and s3:GetObject, and the bucket's policy must not deny them",
            ),
            (_, Meaning::Credentials) => {
                (Why::Credentials, "sign in again, or correct the clock of this machine")
            }
            (_, Meaning::Throttled) => (Why::Other, "run again later for what is missing"),
            (_, Meaning::Passing) => (Why::Other, "run again for what is missing"),
            _ => (Why::Other, "check the bucket, the region and the endpoint"),
        };
        Self { why, text: format!("{said}; {advice}") }
    }

    pub(super) fn endless() -> Self {
        Self {
            why: Why::Other,
            text: "the pages of the list do not end, or do not say how to go on; list less"
                .to_owned(),
        }
    }

    pub(super) fn in_vain() -> Self {
        let text = "not asked for, since S3 did not answer any more; run again for what is missing";
        Self { why: Why::Unanswered, text: text.to_owned() }
    }

    pub(super) fn interrupted() -> Self {
        Self { why: Why::Interrupted, text: "interrupted".to_owned() }
    }

    pub(super) fn broken(cause: &str) -> Self {
        let text = format!("the transfer broke: {cause}; run again for what is missing");
        Self { why: Why::Broken, text }
    }

    /// Whether the next question would fail alike.
    pub(super) fn is_unanswered(&self) -> bool {
        matches!(self.why, Why::Unanswered | Why::Credentials)
    }
}
