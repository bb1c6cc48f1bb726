//! The few fields of a record that select work, read in place from its bytes.
//!
//! [`Skim::read`] walks one record and returns its fields and its end. Everything else is skipped
//! by bounds. [`Skim::of_value`] reads the same fields from a decoded tree; the two are held equal
//! by tests, and `--no-skip` runs on the second.
//!
//! # Soundness
//! A field that holds an escape, or has an unexpected type, or stands twice, cannot be compared as
//! bytes: the skim says [`Skim::plain`]` == false` and the caller decodes that record in full.

use std::borrow::Cow;

use trailwarden_model::{AccountId, Outcome, Timestamp};

use crate::scan::{self, Members, Stop, Text};
use crate::{hash, names};

/// The selecting fields of one record. Empty text means absent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Skim<'a> {
    /// `eventID`.
    pub event_id: Cow<'a, str>,
    /// `eventTime`; the epoch when absent or unreadable, which [`Skim::problem`] reports.
    pub time: Timestamp,
    /// Whether `time` was there and could be read.
    pub has_time: bool,
    /// `eventName` as written.
    pub event_name: Cow<'a, str>,
    /// `eventSource` as written.
    pub event_source: Cow<'a, str>,
    /// `awsRegion`.
    pub region: Cow<'a, str>,
    /// `sourceIPAddress`, which may be a service's name.
    pub address: Cow<'a, str>,
    /// `errorCode`.
    pub error_code: Cow<'a, str>,
    /// Whether `errorMessage` is there: a failed sign-in has no `errorCode`.
    pub has_error_message: bool,
    /// `recipientAccountId`, else the caller's `accountId`.
    pub account: Cow<'a, str>,
    /// Whether `eventType` is `AwsServiceEvent`: a service acted by itself.
    pub is_service_event: bool,
    /// Whether `eventType` is `AwsCloudTrailInsight`: such a record is about calls and is none, so
    /// it has no event name of its own.
    pub is_insight: bool,
    /// `userIdentity`.
    pub identity: Identity<'a>,
    /// `responseElements.credentials.accessKeyId` of an STS call: the key it issued.
    pub issued_key: Cow<'a, str>,
    /// False when some field could not be taken as it stands.
    pub plain: bool,
}

/// The selecting fields of `userIdentity`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Identity<'a> {
    /// `type`.
    pub kind: Cow<'a, str>,
    /// `principalId`.
    pub principal_id: Cow<'a, str>,
    /// `arn`.
    pub arn: Cow<'a, str>,
    /// `accountId`.
    pub account: Cow<'a, str>,
    /// `accessKeyId`.
    pub access_key: Cow<'a, str>,
    /// `userName`.
    pub user_name: Cow<'a, str>,
    /// `invokedBy`.
    pub invoked_by: Cow<'a, str>,
    /// `sessionContext.sessionIssuer.arn`.
    pub issuer_arn: Cow<'a, str>,
}

impl Identity<'_> {
    /// What stays the same for one principal: the unique id without a session's name, else the
    /// issuing role, else the ARN, else the service. Empty when the record names nobody.
    ///
    /// Names change (`UpdateUser`), ids do not; a role's sessions share the role's id.
    pub fn stable(&self) -> &str {
        let id = self.principal_id.split(':').next().unwrap_or_default();
        if self.kind == "Root" {
            return &self.account;
        }
        if self.kind == "FederatedUser" {
            return &self.arn;
        }
        [id, &self.issuer_arn, &self.arn, &self.user_name, &self.invoked_by, &self.account]
            .into_iter()
            .find(|part| !part.is_empty())
            .unwrap_or_default()
    }

    /// Whether this is a session of an EC2 instance's role: its name is the instance id.
    pub fn is_instance_session(&self) -> bool {
        let session = self.principal_id.split(':').nth(1).unwrap_or_default();
        session.strip_prefix("i-").is_some_and(|id| {
            matches!(id.len(), 8 | 17) && id.bytes().all(|b| b.is_ascii_hexdigit())
        })
    }
}

impl<'a> Skim<'a> {
    /// Walks the record whose brace is at `at`; its fields and the byte after it.
    pub fn read(bytes: &'a [u8], at: usize, depth_max: usize) -> Result<(Self, usize), Stop> {
        let mut skim = Self { plain: true, ..Self::default() };
        let mut recipient = Cow::Borrowed("");
        let mut response = None;
        let mut has_identity = false;
        let mut members = Members::enter(bytes, at)?;
        while let Some(member) = members.next()? {
            let mut field = Field { bytes, at: member.value, depth_max, plain: &mut skim.plain };
            let end = match member.key.raw {
                b"eventTime" => {
                    let (text, end) = field.text()?;
                    let time = Timestamp::parse(&text);
                    (skim.time, skim.has_time) = (time.unwrap_or_default(), time.is_some());
                    end
                }
                b"eventName" => field.text_into(&mut skim.event_name)?,
                b"eventSource" => field.text_into(&mut skim.event_source)?,
                b"eventID" => field.text_into(&mut skim.event_id)?,
                b"awsRegion" => field.text_into(&mut skim.region)?,
                b"sourceIPAddress" => field.text_into(&mut skim.address)?,
                b"errorCode" => field.text_into(&mut skim.error_code)?,
                b"errorMessage" => {
                    skim.has_error_message = bytes.get(member.value) == Some(&b'"')
                        && bytes.get(member.value + 1) != Some(&b'"');
                    field.skip()?
                }
                b"eventType" => {
                    let (text, end) = field.text()?;
                    skim.is_service_event = text == "AwsServiceEvent";
                    skim.is_insight = text == INSIGHT;
                    end
                }
                b"recipientAccountId" => field.text_into(&mut recipient)?,
                b"userIdentity" => {
                    // A second identity would mix with the first.
                    *field.plain &= !std::mem::replace(&mut has_identity, true);
                    identity(&mut field, &mut skim.identity)?
                }
                b"responseElements" => {
                    response = Some(member.value);
                    field.skip()?
                }
                _ => {
                    // A key in escapes may be any key.
                    *field.plain &= !member.key.escaped;
                    field.skip()?
                }
            };
            members.resume(end);
        }
        skim.account = if recipient.is_empty() { skim.identity.account.clone() } else { recipient };
        if let Some(at) = response
            && skim.event_source.starts_with("sts.")
            && bytes.get(at) == Some(&b'{')
        {
            skim.issued_key = issued_key(bytes, at, depth_max, &mut skim.plain)?;
        }
        Ok((skim, members.end()))
    }

    /// Why this cannot be a CloudTrail record, if so.
    pub fn problem(&self) -> Option<&'static str> {
        if !self.has_time {
            Some("no readable `eventTime`, so this is not a CloudTrail record")
        } else if self.event_name.is_empty() && self.plain && !self.is_insight {
            Some("no `eventName`, so this is not a CloudTrail record")
        } else {
            None
        }
    }

    /// What became of the call: no error code and no error message means that it succeeded.
    pub fn outcome(&self) -> Outcome {
        if names::denies(&self.error_code) {
            Outcome::Denied
        } else if !self.error_code.is_empty() || self.has_error_message {
            Outcome::Failed
        } else {
            Outcome::Succeeded
        }
    }

    /// `recipientAccountId`, else the caller's account, when it is one.
    pub fn account_id(&self) -> Option<AccountId> {
        AccountId::parse(&self.account)
    }

    /// The event id as a number: a UUID's own 128 bits, else a hash of the text.
    pub fn event_key(&self) -> u128 {
        uuid(self.event_id.as_bytes()).unwrap_or_else(|| hash::wide(&self.event_id))
    }

    /// Whether [`Skim::event_key`] can be turned back into the id by [`uuid_text`].
    pub fn is_uuid(&self) -> bool {
        uuid(self.event_id.as_bytes()).is_some()
    }
}

const INSIGHT: &str = "AwsCloudTrailInsight";

/// A value under the reader's eye.
struct Field<'a, 'p> {
    bytes: &'a [u8],
    at: usize,
    depth_max: usize,
    plain: &'p mut bool,
}

impl<'a> Field<'a, '_> {
    #[inline]
    fn skip(&mut self) -> scan::End {
        scan::skip_value(self.bytes, self.at, self.depth_max)
    }

    /// The text of a string value; empty for null and for anything that is not a string.
    #[inline]
    fn text(&mut self) -> Result<(Cow<'a, str>, usize), Stop> {
        if self.bytes.get(self.at) != Some(&b'"') {
            *self.plain &= self.bytes.get(self.at) == Some(&b'n');
            return Ok((Cow::Borrowed(""), self.skip()?));
        }
        let text = scan::string(self.bytes, self.at)?;
        Ok((self.decode(text), text.end))
    }

    /// Reads into a field that must not have been read before.
    #[inline]
    fn text_into(&mut self, slot: &mut Cow<'a, str>) -> scan::End {
        *self.plain &= slot.is_empty();
        let (text, end) = self.text()?;
        *slot = text;
        Ok(end)
    }

    fn decode(&mut self, text: Text<'a>) -> Cow<'a, str> {
        *self.plain &= !text.escaped;
        match std::str::from_utf8(text.raw) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                *self.plain = false;
                String::from_utf8_lossy(text.raw)
            }
        }
    }
}

fn identity<'a>(field: &mut Field<'a, '_>, identity: &mut Identity<'a>) -> scan::End {
    if field.bytes.get(field.at) != Some(&b'{') {
        return field.skip();
    }
    let mut members = Members::enter(field.bytes, field.at)?;
    while let Some(member) = members.next()? {
        let depth_max = field.depth_max;
        let mut inner =
            Field { bytes: field.bytes, at: member.value, depth_max, plain: field.plain };
        let end = match member.key.raw {
            b"type" => inner.text_into(&mut identity.kind)?,
            b"principalId" => inner.text_into(&mut identity.principal_id)?,
            b"arn" => inner.text_into(&mut identity.arn)?,
            b"accountId" => inner.text_into(&mut identity.account)?,
            b"accessKeyId" => inner.text_into(&mut identity.access_key)?,
            b"userName" => inner.text_into(&mut identity.user_name)?,
            b"invokedBy" => inner.text_into(&mut identity.invoked_by)?,
            b"sessionContext" => {
                *inner.plain &= identity.issuer_arn.is_empty();
                nested(&mut inner, b"sessionIssuer", |issuer| {
                    nested(issuer, b"arn", |arn| arn.text_into(&mut identity.issuer_arn))
                })?
            }
            _ => {
                *inner.plain &= !member.key.escaped;
                inner.skip()?
            }
        };
        members.resume(end);
    }
    Ok(members.end())
}

/// Walks an object and hands the value under `key` to `read`; skips every other value.
fn nested<'a>(
    field: &mut Field<'a, '_>,
    key: &[u8],
    mut read: impl FnMut(&mut Field<'a, '_>) -> scan::End,
) -> scan::End {
    if field.bytes.get(field.at) != Some(&b'{') {
        return field.skip();
    }
    let mut members = Members::enter(field.bytes, field.at)?;
    while let Some(member) = members.next()? {
        let depth_max = field.depth_max;
        let mut inner =
            Field { bytes: field.bytes, at: member.value, depth_max, plain: field.plain };
        let end = if member.key.raw == key {
            read(&mut inner)?
        } else {
            *inner.plain &= !member.key.escaped;
            inner.skip()?
        };
        members.resume(end);
    }
    Ok(members.end())
}

fn issued_key<'a>(
    bytes: &'a [u8],
    at: usize,
    depth_max: usize,
    plain: &mut bool,
) -> Result<Cow<'a, str>, Stop> {
    let mut key = Cow::Borrowed("");
    nested(&mut Field { bytes, at, depth_max, plain }, b"credentials", |credentials| {
        nested(credentials, b"accessKeyId", |field| field.text_into(&mut key))
    })?;
    Ok(key)
}

impl<'a> Skim<'a> {
    /// The same fields from a decoded record: the reference for [`Skim::read`].
    pub fn of_value(value: &'a serde_json::Value) -> Self {
        let text = |pointer: &str| {
            Cow::Borrowed(value.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default())
        };
        let time = Timestamp::parse(&text("/eventTime"));
        let caller = text("/userIdentity/accountId");
        let recipient = text("/recipientAccountId");
        let source: Cow<'a, str> = text("/eventSource");
        let issued_key = if source.starts_with("sts.") {
            text("/responseElements/credentials/accessKeyId")
        } else {
            Cow::Borrowed("")
        };
        Self {
            event_id: text("/eventID"),
            time: time.unwrap_or_default(),
            has_time: time.is_some(),
            event_name: text("/eventName"),
            event_source: source,
            region: text("/awsRegion"),
            address: text("/sourceIPAddress"),
            error_code: text("/errorCode"),
            has_error_message: !text("/errorMessage").is_empty(),
            account: if recipient.is_empty() { caller.clone() } else { recipient },
            is_service_event: text("/eventType") == "AwsServiceEvent",
            is_insight: text("/eventType") == INSIGHT,
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

/// The 128 bits of a lower-case, hyphenated UUID.
fn uuid(text: &[u8]) -> Option<u128> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let [
        ..,
        h8,
        _,
        _,
        _,
        _,
        h13,
        _,
        _,
        _,
        _,
        h18,
        _,
        _,
        _,
        _,
        h23,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
    ] = text;
    if [*h8, *h13, *h18, *h23] != [b'-'; 4] {
        return None;
    }
    let mut bits = 0_u128;
    let mut wrong = 0_u8;
    let digits = text.iter().enumerate().filter(|(place, _)| !matches!(place, 8 | 13 | 18 | 23));
    for (_, byte) in digits {
        let digit = HEX.get(usize::from(*byte)).copied().unwrap_or(NO_DIGIT);
        wrong |= digit;
        bits = (bits << 4) | u128::from(digit & 0xf);
    }
    (wrong < NO_DIGIT).then_some(bits)
}

/// What stands in [`HEX`] for a byte that is no lower-case hexadecimal digit.
const NO_DIGIT: u8 = 0x80;

/// The value of each lower-case hexadecimal digit.
const HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256; checked at compile time")]
        {
            table[digit as usize] = value;
        }
        value += 1;
    }
    table
};

/// The text of a UUID, the inverse of what [`Skim::event_key`] does to one.
pub fn uuid_text(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
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

    #[test]
    fn escapes_and_odd_types_are_not_plain() {
        for odd in [
            r#"{"eventName":"Create\u0055ser","eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"eventName":7,"eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"event\u004eame":"x","eventTime":"2026-01-02T03:04:05Z"}"#,
            r#"{"eventName":"a","eventName":"b","eventTime":"2026-01-02T03:04:05Z"}"#,
        ] {
            assert!(!Skim::read(odd.as_bytes(), 0, 64).unwrap().0.plain, "{odd}");
        }
    }

    #[test]
    fn ids_round_trip() {
        let id = "083dc4ad-e264-46bc-a407-d0dd31b58bdc";
        let skim = Skim { event_id: id.into(), ..Skim::default() };
        assert!(skim.is_uuid());
        assert_eq!(uuid_text(skim.event_key()), id);
        assert!(!Skim { event_id: "083DC4AD".into(), ..Skim::default() }.is_uuid());
    }

    #[test]
    fn an_error_message_alone_is_a_failure() {
        let failed = r#"{"eventName":"ConsoleLogin","eventTime":"2026-01-02T03:04:05Z","errorMessage":"Failed authentication"}"#;
        assert_eq!(Skim::read(failed.as_bytes(), 0, 64).unwrap().0.outcome(), Outcome::Failed);
    }
}
