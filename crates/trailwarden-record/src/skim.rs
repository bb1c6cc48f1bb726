//! The few fields of a record that select work, read in place from its bytes.
//!
//! [`Skim::read`] walks one record and returns its fields and its end. Everything else is skipped
//! by bounds. [`Skim::of_value`] reads the same fields from a decoded tree; the two are held equal
//! by tests, and `--no-skip` runs on the second.
//!
//! # Soundness
//! A field that holds an escape, or has an unexpected type, or stands twice, cannot be compared as
//! bytes: the skim says [`Skim::plain`]` == false` and the caller decodes that record in full.

mod fields;
mod identity;
pub mod keys;
mod outline;
mod usual;
mod uuid;

use std::fmt;

use trailwarden_model::{AccountId, Outcome, Timestamp};

use crate::scan::Stop;
use crate::{hash, names};
use fields::Fields;
use uuid::uuid;

pub use identity::Identity;
pub(crate) use identity::is_instance_id;
pub use outline::Outline;
pub use uuid::uuid_text;

/// Text in place: bytes that are UTF-8 as long as the skim is plain.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    /// The bytes.
    #[inline]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text; empty when it is not UTF-8, which a plain skim never holds.
    #[inline]
    pub fn as_str(self) -> &'a str {
        std::str::from_utf8(self.0).unwrap_or_default()
    }

    /// Whether the field is absent or empty.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.0), f)
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.0))
    }
}

/// The selecting fields of one record. Empty text means absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Skim<'a> {
    /// `eventID`.
    pub event_id: Text<'a>,
    /// `eventTime`; the epoch when absent or unreadable, which [`Skim::problem`] reports.
    pub time: Timestamp,
    /// Whether `time` was there and could be read.
    pub has_time: bool,
    /// `eventName` as written.
    pub event_name: Text<'a>,
    /// `eventSource` as written.
    pub event_source: Text<'a>,
    /// `awsRegion`.
    pub region: Text<'a>,
    /// `sourceIPAddress`, which may be a service's name.
    pub address: Text<'a>,
    /// `userAgent`.
    pub user_agent: Text<'a>,
    /// `errorCode`.
    pub error_code: Text<'a>,
    /// Whether `errorMessage` is there: a failed sign-in has no `errorCode`.
    pub has_error_message: bool,
    /// `recipientAccountId`, else the caller's `accountId`.
    pub account: Text<'a>,
    /// Whether `eventType` is `AwsServiceEvent`: a service acted by itself.
    pub is_service_event: bool,
    /// Whether `eventType` is `AwsCloudTrailInsight`: such a record is about calls and is none, so
    /// it has no event name of its own.
    pub is_insight: bool,
    /// `userIdentity`.
    pub identity: Identity<'a>,
    /// `responseElements.credentials.accessKeyId` of an STS call: the key it issued.
    pub issued_key: Text<'a>,
    /// False when some field could not be taken as it stands.
    pub plain: bool,
}

impl<'a> Skim<'a> {
    /// Walks the record whose brace is at `at`; its fields and the byte after it.
    pub fn read(bytes: &'a [u8], at: usize, depth_max: usize) -> Result<(Self, usize), Stop> {
        let mut skim = Self::default();
        let end = skim.read_into(bytes, at, depth_max, None)?;
        Ok((skim, end))
    }

    /// The same into this one, which is too large to be handed from call to call, with an outline of
    /// where the record's members stand. This one must be empty; after an error it may hold some of
    /// the fields. The byte after the record.
    pub fn read_into(
        &mut self,
        bytes: &'a [u8],
        at: usize,
        depth_max: usize,
        outline: Option<&mut Outline>,
    ) -> Result<usize, Stop> {
        match outline {
            None => Fields { bytes, depth_max, plain: true, notes: () }.record(at, self),
            Some(notes) => Fields { bytes, depth_max, plain: true, notes }.record(at, self),
        }
    }

    /// Why this cannot be a CloudTrail record, if so.
    pub fn problem(&self) -> Option<&'static str> {
        if !self.has_time {
            Some("no readable `eventTime`, so this is not a CloudTrail record")
        } else if self.event_name.is_empty() && !self.is_insight {
            Some("no `eventName`, so this is not a CloudTrail record")
        } else if self.event_source.0.starts_with(b"aws:") {
            Some("a notification of another service, not a CloudTrail record")
        } else {
            None
        }
    }

    /// What became of the call: no error code and no error message means that it succeeded.
    #[inline]
    pub fn outcome(&self) -> Outcome {
        if self.error_code.is_empty() && !self.has_error_message {
            Outcome::Succeeded
        } else if names::denies(self.error_code.as_str()) {
            Outcome::Denied
        } else {
            Outcome::Failed
        }
    }

    /// `recipientAccountId` when it is an account, else the caller's.
    pub fn account_id(&self) -> Option<AccountId> {
        AccountId::parse_bytes(self.account.0)
            .or_else(|| AccountId::parse_bytes(self.identity.account.0))
    }

    /// The event id as a number: a UUID's own 128 bits, else a hash of the text; and whether it is a
    /// UUID, which [`uuid_text`] can turn back.
    #[inline]
    pub fn event_key(&self) -> (u128, bool) {
        match uuid(self.event_id.0) {
            Some(bits) => (bits, true),
            None => (hash::wide_bytes(self.event_id.0), false),
        }
    }
}

impl<'a> Skim<'a> {
    /// The same fields from a decoded record: the reference for [`Skim::read`].
    pub fn of_value(value: &'a serde_json::Value) -> Self {
        let text = |pointer: &str| {
            Text::from(value.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default())
        };
        let time = Timestamp::parse_bytes(text("/eventTime").0);
        let caller = text("/userIdentity/accountId");
        let recipient = text("/recipientAccountId");
        let source = text("/eventSource");
        let issued_key = if source.0.starts_with(b"sts.") {
            text("/responseElements/credentials/accessKeyId")
        } else {
            Text::default()
        };
        Self {
            event_id: text("/eventID"),
            time: time.unwrap_or_default(),
            has_time: time.is_some(),
            event_name: text("/eventName"),
            event_source: source,
            region: text("/awsRegion"),
            address: text("/sourceIPAddress"),
            user_agent: text("/userAgent"),
            error_code: text("/errorCode"),
            has_error_message: !text("/errorMessage").is_empty(),
            account: if recipient.is_empty() { caller } else { recipient },
            is_service_event: text("/eventType") == "AwsServiceEvent",
            is_insight: text("/eventType") == "AwsCloudTrailInsight",
            identity: Identity {
                kind: text("/userIdentity/type"),
                principal_id: text("/userIdentity/principalId"),
                arn: text("/userIdentity/arn"),
                account: caller,
                access_key: text("/userIdentity/accessKeyId"),
                user_name: text("/userIdentity/userName"),
                invoked_by: text("/userIdentity/invokedBy"),
                issuer_arn: text("/userIdentity/sessionContext/sessionIssuer/arn"),
            },
            issued_key,
            plain: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAX:i-0123456789abcdef0","arn":"arn:aws:sts::111122223333:assumed-role/app/i-0123456789abcdef0","accountId":"111122223333","accessKeyId":"ASIAX","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/app"},"attributes":{"mfaAuthenticated":"false"}}},"eventTime":"2026-01-02T03:04:05Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","requestParameters":{"roleArn":"x\"eventName\":\"y"},"responseElements":{"credentials":{"accessKeyId":"ASIANEW","sessionToken":"s"}},"eventID":"083dc4ad-e264-46bc-a407-d0dd31b58bdc","recipientAccountId":"444455556666"}"#;

    #[test]
    fn a_skim_equals_the_tree() {
        let (skim, end) = Skim::read(RECORD.as_bytes(), 0, 64).unwrap();
        assert_eq!(end, RECORD.len());
        let tree: serde_json::Value = serde_json::from_str(RECORD).unwrap();
        assert_eq!(skim, Skim::of_value(&tree));
        assert_eq!(skim.issued_key, "ASIANEW");
        assert_eq!(skim.account, "444455556666");
        assert!(skim.identity.is_instance_session());
        assert_eq!(skim.identity.stable(), "AROAX");
    }

    /// A wrong number in `place` would read one field into another.
    #[test]
    fn keys_are_found_in_any_order_and_with_white_space() {
        let tree: serde_json::Value = serde_json::from_str(RECORD).unwrap();
        let sorted = tree.to_string();
        let pretty = serde_json::to_string_pretty(&tree).unwrap();
        for text in [&sorted, &pretty] {
            let (skim, end) = Skim::read(text.as_bytes(), 0, 64).unwrap();
            assert_eq!((skim, end), (Skim::of_value(&tree), text.len()));
        }
    }

    #[test]
    fn escapes_and_odd_types_are_not_plain() {
        for odd in [
            r#"{"eventName":"Create\u0055ser","eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"eventName":7,"eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"event\u004eame":"x","eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"eventName":"a","eventName":"b","eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"eventName":"a","errorCode":"AccessDenied","errorCode":null}"#,
            r#"{"eventName":"a","userIdentity":{"userName":"a","userName":null}}"#,
            r#"{"eventSource":"sts.","responseElements":{"credentials":{"accessKeyId":"a"}},"responseElements":null}"#,
        ] {
            assert!(!Skim::read(odd.as_bytes(), 0, 64).unwrap().0.plain, "{odd}");
        }
    }

    #[test]
    fn ids_round_trip() {
        let id = "083dc4ad-e264-46bc-a407-d0dd31b58bdc";
        let skim = Skim { event_id: id.into(), ..Skim::default() };
        assert!(skim.event_key().1);
        assert_eq!(uuid_text(skim.event_key().0), id);
        assert!(!Skim { event_id: "083DC4AD".into(), ..Skim::default() }.event_key().1);
    }

    #[test]
    fn an_error_message_alone_is_a_failure() {
        let failed = r#"{"eventName":"ConsoleLogin","eventTime":"2026-01-02T03:04:05Z","errorMessage":"Failed authentication"}"#;
        assert_eq!(Skim::read(failed.as_bytes(), 0, 64).unwrap().0.outcome(), Outcome::Failed);
    }
}
