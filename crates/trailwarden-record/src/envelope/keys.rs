//! What an object is, told by the first of its keys that only one kind of object has.

use trailwarden_model::escape;

use super::Kind;
use crate::scan::{self, Members, Stop};

/// What a key says about the object that holds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Only CloudTrail records have it.
    Record,
    /// Holds a list of items.
    List,
    /// Holds rows: lists of single-column objects, as `get-query-results` prints them.
    Rows,
    /// Holds one item.
    Item,
    /// Holds an item as JSON inside a string.
    Text,
    /// Holds base64, perhaps of gzip.
    Data,
    /// A column of CloudTrail Lake.
    Column,
    /// `field` of a CloudWatch Logs Insights result.
    Field,
    /// Only digest files have it.
    Digest,
    /// Says nothing.
    Neutral,
}

/// The role of a key, before its value is looked at.
pub(super) fn role(key: &[u8]) -> Role {
    match key {
        b"eventVersion"
        | b"userIdentity"
        | b"eventTime"
        | b"eventSource"
        | b"eventName"
        | b"eventID"
        | b"eventType"
        | b"eventCategory"
        | b"sourceIPAddress"
        | b"requestParameters"
        | b"responseElements"
        | b"requestID"
        | b"additionalEventData"
        | b"recipientAccountId"
        | b"sharedEventID"
        | b"managementEvent"
        | b"insightDetails"
        | b"serviceEventDetails"
        | b"edgeDeviceDetails"
        | b"vpcEndpointId"
        | b"vpcEndpointAccountId"
        | b"sessionCredentialFromConsole"
        | b"tlsDetails"
        | b"eventContext" => Role::Record,
        b"Records" | b"records" | b"Events" | b"events" | b"logEvents" | b"results"
        | b"Results" | b"Messages" | b"messages" | b"Items" | b"items" => Role::List,
        b"QueryResultRows" => Role::Rows,
        b"detail" | b"result" | b"Sns" | b"kinesis" | b"awslogs" | b"_source" => Role::Item,
        b"CloudTrailEvent" | b"message" | b"Message" | b"@message" | b"body" | b"Body"
        | b"_raw" => Role::Text,
        b"data" | b"Data" => Role::Data,
        b"eventJson" | b"eventjson" | b"eventid" | b"eventname" | b"eventtime" | b"eventsource"
        | b"eventversion" | b"useridentity" => Role::Column,
        b"field" => Role::Field,
        b"digestStartTime"
        | b"digestEndTime"
        | b"digestS3Bucket"
        | b"digestS3Object"
        | b"digestPublicKeyFingerprint"
        | b"digestSignatureAlgorithm" => Role::Digest,
        _ => Role::Neutral,
    }
}

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// A record.
    Record,
    /// Holds a list whose bracket is at `list`.
    Wrapper { list: usize, rows: bool, kind: Option<Kind> },
    /// Holds an item at `value`: an object, a text or base64, as the role says.
    Holder { role: Role, value: usize, kind: Kind },
    /// A row of CloudTrail Lake.
    Columns,
    /// A CloudWatch Logs Insights field.
    Field,
    /// A digest of log files.
    Digest,
    /// None of them.
    Other,
}

/// Reads keys until one tells what the object at `at` is.
pub(super) fn classify(bytes: &[u8], at: usize, depth_max: usize) -> Result<Class, Stop> {
    let mut queued = false;
    let mut members = Members::enter(bytes, at)?;
    while let Some(member) = members.next()? {
        let value = member.value;
        let role = role(member.key.raw);
        let first = bytes.get(value).copied().unwrap_or_default();
        let text = |begin: &[u8]| {
            let rest = bytes.get(value..).unwrap_or_default();
            let undecided = rest.len() < begin.len() && begin.starts_with(rest);
            if undecided { Err(Stop::Incomplete) } else { Ok(rest.starts_with(begin)) }
        };
        let kind = match member.key.raw {
            b"Records" => Some(Kind::LogFile),
            b"Events" | b"CloudTrailEvent" => Some(Kind::LookupEvents),
            b"QueryResultRows" => Some(Kind::Lake),
            b"logEvents" => Some(Kind::Packed),
            _ => None,
        };
        let holder = |role| Class::Holder { role, value, kind: kind.unwrap_or(Kind::Packed) };
        match (role, first) {
            // Queues and streams call their messages records, with names as in CloudTrail.
            (Role::Record, b'"') if text(b"\"aws:")? => queued = true,
            (Role::Record, _) if !queued => return Ok(Class::Record),
            (Role::Column, _) => return Ok(Class::Columns),
            (Role::Digest, _) => return Ok(Class::Digest),
            (Role::Neutral, b'{') if member.key.raw == b"Metadata" && is_signed(bytes, value)? => {
                return Ok(Class::Digest);
            }
            (Role::Field, b'"') => return Ok(Class::Field),
            (Role::List | Role::Rows, b'[') => {
                return Ok(Class::Wrapper { list: value, rows: role == Role::Rows, kind });
            }
            (Role::Item | Role::Text, b'{') => return Ok(holder(Role::Item)),
            (Role::Text | Role::Data, b'"') => return Ok(holder(role)),
            (_, b'[') if lists_records(bytes, value) => {
                return Ok(Class::Wrapper { list: value, rows: false, kind: Some(Kind::LogFile) });
            }
            _ => {}
        }
        members.resume(scan::skip_value(bytes, value, depth_max)?);
    }
    Ok(Class::Other)
}

/// Whether the object at `at` is the metadata of a digest, as `head-object` prints it: what is saved
/// beside digests to verify them.
fn is_signed(bytes: &[u8], at: usize) -> Result<bool, Stop> {
    let mut members = Members::enter(bytes, at)?;
    while let Some(member) = members.next()? {
        if member.key.raw == b"signature-algorithm" {
            return Ok(true);
        }
        // Metadata is flat.
        members.resume(scan::skip_value(bytes, member.value, 1)?);
    }
    Ok(false)
}

/// Whether the list at `at` begins as a list of records does, whatever it is called.
fn lists_records(bytes: &[u8], at: usize) -> bool {
    let brace = scan::skip_space(bytes, at + 1);
    let key = scan::skip_space(bytes, brace + 1);
    let begins = |at: usize, with: &[u8]| bytes.get(at..).is_some_and(|b| b.starts_with(with));
    begins(brace, b"{") && begins(key, b"\"eventVersion\"")
}

/// A key as it may be shown.
pub(super) fn shown(key: &str) -> String {
    escape::visible(&escape::shorten(key, 24)).into_owned()
}

/// The first few keys of an object, for a person to recognise it by.
pub(super) fn first_keys(bytes: &[u8], at: usize) -> Vec<String> {
    let mut keys = Vec::new();
    let Ok(mut members) = Members::enter(bytes, at) else { return keys };
    while let Ok(Some(member)) = members.next() {
        keys.push(shown(&String::from_utf8_lossy(member.key.raw)));
        match scan::skip_value(bytes, member.value, usize::MAX) {
            Ok(end) if keys.len() < 3 => members.resume(end),
            _ => break,
        }
    }
    keys
}
