//! The walk of one record for its selecting fields.

use std::ops::Range;

use trailwarden_model::Timestamp;

use super::keys::{
    IDENTITY as IDENTITY_KEYS, ISSUER as ISSUER_KEYS, RECORD as RECORD_KEYS,
    SESSION as SESSION_KEYS,
};
use super::{Identity, Skim, Text};
use crate::scan::{self, Key, Members, Stop};

/// The keys of STS's `responseElements` and its `credentials`, in the order of [`keys`](super::keys).
const RESPONSE_KEYS: &[Key] = &[
    Key::new(b"\"credentials\":"),
    Key::new(b"\"assumedRoleUser\":"),
    Key::new(b"\"packedPolicySize\":"),
];
const CREDENTIALS_KEYS: &[Key] =
    &[Key::new(b"\"accessKeyId\":"), Key::new(b"\"sessionToken\":"), Key::new(b"\"expiration\":")];

/// Places in [`RECORD_KEYS`] and [`IDENTITY_KEYS`]; a test holds them together.
mod place {
    pub(super) const USER_IDENTITY: usize = 1;
    pub(super) const EVENT_TIME: usize = 2;
    pub(super) const EVENT_SOURCE: usize = 3;
    pub(super) const EVENT_NAME: usize = 4;
    pub(super) const AWS_REGION: usize = 5;
    pub(super) const SOURCE_IPADDRESS: usize = 6;
    pub(super) const ERROR_CODE: usize = 8;
    pub(super) const ERROR_MESSAGE: usize = 9;
    pub(super) const RESPONSE_ELEMENTS: usize = 11;
    pub(super) const EVENT_ID: usize = 14;
    pub(super) const EVENT_TYPE: usize = 17;
    pub(super) const RECIPIENT_ACCOUNT_ID: usize = 19;
    pub(super) const IDENTITY_TYPE: usize = 0;
    pub(super) const IDENTITY_PRINCIPAL_ID: usize = 1;
    pub(super) const IDENTITY_ARN: usize = 2;
    pub(super) const IDENTITY_ACCOUNT_ID: usize = 3;
    pub(super) const IDENTITY_ACCESS_KEY_ID: usize = 4;
    pub(super) const IDENTITY_USER_NAME: usize = 5;
    pub(super) const IDENTITY_SESSION_CONTEXT: usize = 6;
    pub(super) const IDENTITY_INVOKED_BY: usize = 7;
}

/// The walk of one record.
pub(super) struct Fields<'a, N> {
    pub(super) bytes: &'a [u8],
    pub(super) depth_max: usize,
    pub(super) plain: bool,
    /// Who wants to know the members' places; `()` for nobody.
    pub(super) notes: N,
}

/// Told of each member of a record: its key's place among those expected, the key, and the bounds of
/// its value from the record's brace.
pub(super) trait Notes {
    fn note(&mut self, place: usize, key: &scan::Text<'_>, value: Range<usize>);
}

impl Notes for () {
    #[inline]
    fn note(&mut self, _: usize, _: &scan::Text<'_>, _: Range<usize>) {}
}

impl<'a, N: Notes> Fields<'a, N> {
    pub(super) fn record(&mut self, start: usize) -> Result<(Skim<'a>, usize), Stop> {
        let mut skim = Skim::default();
        let mut recipient = Text::default();
        let mut issued = Text::default();
        let (mut has_identity, mut has_response) = (false, false);
        let mut members = Members::enter(self.bytes, start)?.expecting(RECORD_KEYS);
        while let Some(member) = members.next()? {
            let value = member.value;
            let end = match member.index {
                place::EVENT_TIME => {
                    let mut text = Text::default();
                    let end = self.text(value, &mut text)?;
                    let time = Timestamp::parse_bytes(text.0);
                    self.plain &= !skim.has_time;
                    (skim.time, skim.has_time) = (time.unwrap_or_default(), time.is_some());
                    end
                }
                place::EVENT_NAME => self.text(value, &mut skim.event_name)?,
                place::EVENT_SOURCE => self.text(value, &mut skim.event_source)?,
                place::EVENT_ID => self.text(value, &mut skim.event_id)?,
                place::AWS_REGION => self.text(value, &mut skim.region)?,
                place::SOURCE_IPADDRESS => self.text(value, &mut skim.address)?,
                place::ERROR_CODE => self.text(value, &mut skim.error_code)?,
                place::ERROR_MESSAGE => {
                    skim.has_error_message = self.bytes.get(value) == Some(&b'"')
                        && self.bytes.get(value + 1) != Some(&b'"');
                    self.skip(value)?
                }
                place::EVENT_TYPE => {
                    let mut text = Text::default();
                    let end = self.text(value, &mut text)?;
                    skim.is_service_event = text == "AwsServiceEvent";
                    skim.is_insight = text == "AwsCloudTrailInsight";
                    end
                }
                place::RECIPIENT_ACCOUNT_ID => self.text(value, &mut recipient)?,
                place::USER_IDENTITY => {
                    // A second identity would mix with the first.
                    self.plain &= !std::mem::replace(&mut has_identity, true);
                    self.identity(value, &mut skim.identity)?
                }
                place::RESPONSE_ELEMENTS if self.may_issue_keys(&skim) => {
                    self.plain &= !std::mem::replace(&mut has_response, true);
                    self.nested(value, RESPONSE_KEYS, b"credentials", |fields, value| {
                        fields.nested(value, CREDENTIALS_KEYS, b"accessKeyId", |fields, value| {
                            fields.text(value, &mut issued)
                        })
                    })?
                }
                _ => self.other(&member)?,
            };
            self.notes.note(member.index, &member.key, value - start..end - start);
            members.resume(end);
        }
        skim.account = if recipient.is_empty() { skim.identity.account } else { recipient };
        if skim.event_source.0.starts_with(b"sts.") {
            skim.issued_key = issued;
        }
        skim.plain = self.plain;
        Ok((skim, members.end()))
    }

    /// Only STS issues keys that matter here; where the source is not known yet, look as well.
    #[inline]
    fn may_issue_keys(&self, skim: &Skim<'_>) -> bool {
        skim.event_source.is_empty() || skim.event_source.0.starts_with(b"sts.")
    }

    #[inline]
    fn skip(&self, value: usize) -> Result<usize, Stop> {
        scan::skip_value(self.bytes, value, self.depth_max)
    }

    /// A member that nobody asked for. A key in escapes may be any key.
    #[inline]
    fn other(&mut self, member: &scan::Member<'_>) -> Result<usize, Stop> {
        self.plain &= !member.key.escaped;
        self.skip(member.value)
    }

    /// Reads a string into a field that must not have been read before; null leaves it empty, and
    /// anything else makes the skim not plain. So does a null behind a text, which it takes back.
    #[inline]
    fn text(&mut self, value: usize, slot: &mut Text<'a>) -> Result<usize, Stop> {
        if self.bytes.get(value) != Some(&b'"') {
            self.plain &= slot.is_empty() && self.bytes.get(value) == Some(&b'n');
            return self.skip(value);
        }
        let text = scan::string(self.bytes, value)?;
        let is_text = text.ascii || std::str::from_utf8(text.raw).is_ok();
        self.plain &= slot.is_empty() && !text.escaped && is_text;
        *slot = Text(text.raw);
        Ok(text.end)
    }

    fn identity(&mut self, value: usize, identity: &mut Identity<'a>) -> Result<usize, Stop> {
        if self.bytes.get(value) != Some(&b'{') {
            return self.skip(value);
        }
        let mut members = Members::enter(self.bytes, value)?.expecting(IDENTITY_KEYS);
        while let Some(member) = members.next()? {
            let value = member.value;
            let end = match member.index {
                place::IDENTITY_TYPE => self.text(value, &mut identity.kind)?,
                place::IDENTITY_PRINCIPAL_ID => self.text(value, &mut identity.principal_id)?,
                place::IDENTITY_ARN => self.text(value, &mut identity.arn)?,
                place::IDENTITY_ACCOUNT_ID => self.text(value, &mut identity.account)?,
                place::IDENTITY_ACCESS_KEY_ID => self.text(value, &mut identity.access_key)?,
                place::IDENTITY_USER_NAME => self.text(value, &mut identity.user_name)?,
                place::IDENTITY_INVOKED_BY => self.text(value, &mut identity.invoked_by)?,
                place::IDENTITY_SESSION_CONTEXT => {
                    self.plain &= identity.issuer_arn.is_empty();
                    self.nested(value, SESSION_KEYS, b"sessionIssuer", |fields, value| {
                        fields.nested(value, ISSUER_KEYS, b"arn", |fields, value| {
                            fields.text(value, &mut identity.issuer_arn)
                        })
                    })?
                }
                _ => self.other(&member)?,
            };
            members.resume(end);
        }
        Ok(members.end())
    }

    /// Walks an object and hands the value under `key` to `read`; skips every other value.
    fn nested(
        &mut self,
        value: usize,
        expected: &'static [Key],
        key: &[u8],
        mut read: impl FnMut(&mut Self, usize) -> Result<usize, Stop>,
    ) -> Result<usize, Stop> {
        if self.bytes.get(value) != Some(&b'{') {
            return self.skip(value);
        }
        let mut found = false;
        let mut members = Members::enter(self.bytes, value)?.expecting(expected);
        while let Some(member) = members.next()? {
            let end = if member.key.raw == key {
                self.plain &= !std::mem::replace(&mut found, true);
                read(self, member.value)?
            } else {
                self.other(&member)?
            };
            members.resume(end);
        }
        Ok(members.end())
    }
}
