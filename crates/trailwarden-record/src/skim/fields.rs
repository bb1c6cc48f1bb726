//! The walk of one record for its selecting fields.

use std::ops::Range;

use trailwarden_model::Timestamp;

use super::keys::{
    IDENTITY as IDENTITY_KEYS, ISSUER as ISSUER_KEYS, RECORD as RECORD_KEYS,
    SESSION as SESSION_KEYS, place,
};
use super::usual::usual_issue;
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
    /// A record begins: what was noted of another is void.
    fn begin(&mut self);

    fn note(&mut self, place: usize, key: &scan::Text<'_>, value: Range<usize>);

    /// Told that the caller's keys are the usual ones, each once.
    fn usual_caller(&mut self);
}

impl Notes for () {
    #[inline]
    fn begin(&mut self) {}

    #[inline]
    fn note(&mut self, _: usize, _: &scan::Text<'_>, _: Range<usize>) {}

    #[inline]
    fn usual_caller(&mut self) {}
}

/// What a walk has found of a record so far.
pub(super) struct Taken<'s, 'a> {
    pub(super) skim: &'s mut Skim<'a>,
    pub(super) recipient: Text<'a>,
    pub(super) issued: Text<'a>,
    pub(super) has_identity: bool,
    pub(super) has_response: bool,
}

impl<'a, N: Notes> Fields<'a, N> {
    /// Reads the record whose brace is at `start` into an empty skim; its end.
    pub(super) fn record(&mut self, start: usize, skim: &mut Skim<'a>) -> Result<usize, Stop> {
        let mut taken = Taken {
            skim,
            recipient: Text::default(),
            issued: Text::default(),
            has_identity: false,
            has_response: false,
        };
        self.notes.begin();
        Members::enter(self.bytes, start)?;
        let at = self.usual_record(start, &mut taken);
        let end = match self.bytes.get(at) {
            Some(b'}') if at > start + 1 => at + 1,
            _ => self.any_record(start, at, &mut taken)?,
        };
        let Taken { skim, recipient, issued, .. } = taken;
        skim.account = if recipient.is_empty() { skim.identity.account } else { recipient };
        if skim.event_source.0.starts_with(b"sts.") {
            skim.issued_key = issued;
        }
        skim.plain = self.plain;
        Ok(end)
    }

    /// Reads whatever members there are from `at` on; the record's end.
    fn any_record(
        &mut self,
        start: usize,
        at: usize,
        taken: &mut Taken<'_, 'a>,
    ) -> Result<usize, Stop> {
        let mut members = Members::within(self.bytes, start, at).expecting(RECORD_KEYS);
        while let Some(member) = members.next()? {
            let value = member.value;
            let skim = &mut *taken.skim;
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
                place::USER_AGENT => self.text(value, &mut skim.user_agent)?,
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
                place::RECIPIENT_ACCOUNT_ID => self.text(value, &mut taken.recipient)?,
                place::USER_IDENTITY => {
                    // A second identity would mix with the first.
                    self.plain &= !std::mem::replace(&mut taken.has_identity, true);
                    self.identity(value, &mut skim.identity)?
                }
                place::RESPONSE_ELEMENTS => self.response(value, taken)?,
                _ => self.other(&member)?,
            };
            self.notes.note(member.index, &member.key, value - start..end - start);
            members.resume(end);
        }
        Ok(members.end())
    }

    /// Reads `responseElements`.
    #[inline]
    pub(super) fn response(
        &mut self,
        value: usize,
        taken: &mut Taken<'_, 'a>,
    ) -> Result<usize, Stop> {
        if !self.may_issue_keys(taken.skim) {
            return self.skip(value);
        }
        self.plain &= !std::mem::replace(&mut taken.has_response, true);
        if let Some((key, end)) = usual_issue(self.bytes, value) {
            taken.issued = key;
            return Ok(end);
        }
        self.nested(value, RESPONSE_KEYS, b"credentials", |fields, value| {
            fields.nested(value, CREDENTIALS_KEYS, b"accessKeyId", |fields, value| {
                fields.text(value, &mut taken.issued)
            })
        })
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

    #[inline]
    pub(super) fn identity(
        &mut self,
        value: usize,
        identity: &mut Identity<'a>,
    ) -> Result<usize, Stop> {
        if self.bytes.get(value) != Some(&b'{') {
            return self.skip(value);
        }
        let (at, is_usual) = self.usual_identity(value, identity);
        match self.bytes.get(at) {
            Some(b'}') if at > value + 1 => {
                if is_usual {
                    self.notes.usual_caller();
                }
                Ok(at + 1)
            }
            _ => self.any_identity(value, at, identity),
        }
    }

    fn any_identity(
        &mut self,
        value: usize,
        at: usize,
        identity: &mut Identity<'a>,
    ) -> Result<usize, Stop> {
        let mut members = Members::within(self.bytes, value, at).expecting(IDENTITY_KEYS);
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
                place::IDENTITY_SESSION_CONTEXT => self.session(value, identity)?,
                _ => self.other(&member)?,
            };
            members.resume(end);
        }
        Ok(members.end())
    }

    /// Reads `sessionContext`.
    #[inline]
    pub(super) fn session(
        &mut self,
        value: usize,
        identity: &mut Identity<'a>,
    ) -> Result<usize, Stop> {
        self.plain &= identity.issuer_arn.is_empty();
        self.nested(value, SESSION_KEYS, b"sessionIssuer", |fields, value| {
            fields.nested(value, ISSUER_KEYS, b"arn", |fields, value| {
                fields.text(value, &mut identity.issuer_arn)
            })
        })
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
