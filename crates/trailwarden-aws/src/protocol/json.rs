//! Replies in JSON: already what the AWS CLI prints, but for times.

use serde_json::Value;
use trailwarden_model::Timestamp;

use crate::reads::{Protocol, Service};

/// The result.
pub(super) fn result(service: &Service, body: &[u8]) -> Result<Value, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Default::default()));
    }
    let mut value = serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
    without_nulls(&mut value);
    // CloudWatch Logs has milliseconds, which the AWS CLI prints as numbers; the others have seconds.
    if matches!(service.protocol, Protocol::Json { .. }) && service.name != "logs" {
        dated(&mut value);
    }
    Ok(value)
}

/// Members that are `null` are not there for the AWS CLI either.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// Seconds since 1970 to text, in members that are times.
fn dated(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_time = ["Time", "Date", "Timestamp"].iter().any(|end| name.ends_with(end));
                match value.as_f64().filter(|_| is_time) {
                    Some(seconds) => *value = text(seconds),
                    None => dated(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(dated),
        _ => {}
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a float too large becomes the largest second")]
fn text(seconds: f64) -> Value {
    Timestamp::from_seconds(seconds as i64).to_string().into()
}
