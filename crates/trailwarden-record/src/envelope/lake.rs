//! Rows of CloudTrail Lake and of Athena, put back into the shape of a record.
//!
//! Both speak SQL, so names come in lower case and nested fields may come as JSON inside a string.

use serde_json::{Map, Value};

/// What a row holds.
pub(super) enum Row {
    /// The record as CloudTrail delivered it, as JSON text.
    Text(String),
    /// The record, rebuilt from columns.
    Rebuilt(Vec<u8>),
    /// No record.
    Nothing,
}

/// CloudTrail's spelling of every name that SQL lowers.
const NAMES: &[&str] = &[
    "accessKeyId",
    "accountId",
    "additionalEventData",
    "apiVersion",
    "arn",
    "attributes",
    "awsRegion",
    "clientProvidedHostHeader",
    "cipherSuite",
    "creationDate",
    "credentialId",
    "ec2IssuedInVpc",
    "ec2RoleDelivery",
    "edgeDeviceDetails",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventContext",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "federatedProvider",
    "identityProvider",
    "identityStoreArn",
    "inScopeOf",
    "insightDetails",
    "invokedBy",
    "managementEvent",
    "mfaAuthenticated",
    "onBehalfOf",
    "originalEventID",
    "originalRequestID",
    "principalId",
    "readOnly",
    "recipientAccountId",
    "requestID",
    "requestParameters",
    "responseElements",
    "serviceEventDetails",
    "sessionContext",
    "sessionCredentialFromConsole",
    "sessionIssuer",
    "sharedEventID",
    "sourceIdentity",
    "sourceIPAddress",
    "tlsDetails",
    "tlsVersion",
    "updatedFields",
    "userAgent",
    "userId",
    "userIdentity",
    "userName",
    "vpcEndpointAccountId",
    "vpcEndpointId",
    "webIdFederationData",
];

/// Columns whose own inner names are CloudTrail's and not the caller's.
const STRUCTURED: &[&str] = &["userIdentity", "tlsDetails", "addendum"];

/// Reads a row from its columns.
pub(super) fn read(columns: Map<String, Value>) -> Row {
    let text = |name: &str| {
        let column = columns.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        column.and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
    };
    if let Some(text) = text("eventJson") {
        return Row::Text(text.to_owned());
    }
    if text("eventName").is_none() && text("eventTime").is_none() {
        return Row::Nothing;
    }
    let mut record = Map::new();
    for (key, value) in columns {
        let name = spelled(&key);
        if let Some(value) = column(&name, value) {
            record.insert(name, value);
        }
    }
    serde_json::to_vec(&Value::Object(record)).map_or(Row::Nothing, Row::Rebuilt)
}

fn spelled(name: &str) -> String {
    let known = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

/// A column's value as CloudTrail would write it; `None` for SQL's null.
fn column(name: &str, value: Value) -> Option<Value> {
    let value = match (name, value) {
        (_, Value::Null) => return None,
        ("eventTime", Value::String(text)) => Value::String(time(&text)),
        ("readOnly" | "managementEvent" | "sessionCredentialFromConsole", Value::String(text)) => {
            match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::String(text),
            }
        }
        (_, Value::String(text)) if text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        (_, value) => value,
    };
    Some(if STRUCTURED.contains(&name) { respelled(value) } else { value })
}

/// Lake writes `2026-01-02 03:04:05.000`, always in UTC.
fn time(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, clock)) => {
            format!("{day}T{}Z", clock.split(['.', ' ']).next().unwrap_or_default())
        }
        None => text.to_owned(),
    }
}

/// Restores the names inside a structure; its depth is bounded by the parser that made it.
fn respelled(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (spelled(&key), respelled(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(respelled).collect()),
        value => value,
    }
}
