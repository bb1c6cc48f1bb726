//! Trails: incidents written as lines, turned into CloudTrail records.
//!
//! ```text
//! mallory iam:CreateAccessKey user/alice
//! +5m mallory sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9
//! +20d role/app iam:PutRolePolicy role/app denied
//! alice iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{...}"}}
//! ```
//!
//! A line is `[+TIME] ACTOR SERVICE:EVENT [TARGET] [OPTIONS] [JSON]`; a line that begins with `#` is
//! a comment.
//!
//! - TIME after the line before: `30s`, `5m`, `2h`, `20d`; one minute when left out, `+0s` for the
//!   same second.
//! - ACTOR: `alice`, `root`, `role/NAME[/SESSION]`, `instance/ROLE/i-ID`, `federated/NAME`, `saml/NAME`,
//!   `service/NAME.amazonaws.com`, `account/123456789012`, `nobody`.
//! - TARGET: `user/`, `group/`, `role/`, `policy/` (ours), `aws-policy/` (managed by AWS), `key/`,
//!   `trail/`, `bucket/`. What the call takes beside may follow: `alice iam:AddUserToGroup user/bob
//!   group/devs`.
//! - OPTIONS: `denied` (as IAM writes it: no parameters, the target in the message), `failed=CODE`,
//!   `ip=`, `region=`, `account=` (twelve digits), `ua=`, `key=` (the signing key), `issues=` (the key
//!   an STS call gives out), `via=` (`invokedBy`), `mfa`, `country=DE` and `asn=64500` (what a GeoIP
//!   database would say of the address; the record holds them as `_country` and `_asn`).
//! - DOCUMENTS: `allow=s3:Get*,iam:*`, `deny=...`, each with `on=arn:...` behind it for its resources
//!   (all when left out), and `trust=` with an account, an ARN, a service or `*`, for the call's own
//!   parameter; `named=` (an inline policy, a version, a new name).
//! - JSON is laid over the record; `request` and `response` stand for `requestParameters` and
//!   `responseElements`.

mod document;
mod line;

use serde_json::Value;
use trailwarden_model::Timestamp;

use line::Line;

/// The account in which trails play unless a line says otherwise.
pub const ACCOUNT: &str = "111122223333";

/// A line that is not in the language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("trail line {line}: {cause}")]
pub struct TrailError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong.
    pub cause: String,
}

/// The records of a trail, as JSON, in the order of its lines.
pub fn records(trail: &str) -> Result<Vec<Value>, TrailError> {
    let mut time = Timestamp::from_seconds(1_772_366_400);
    let mut records = Vec::new();
    for (index, line) in trail.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fail = |cause: String| TrailError { line: index + 1, cause };
        let (words, tail) = match line.find(" {") {
            Some(at) => line.split_at(at),
            None => (line, ""),
        };
        let mut words = words.split_whitespace().peekable();
        let mut step = 60;
        if let Some(word) = words.next_if(|word| word.starts_with('+')) {
            step = duration(word)
                .ok_or_else(|| fail(format!("`{word}` is not a time such as +5m")))?;
        } else if records.is_empty() {
            step = 0;
        }
        time = time.plus(step);
        let actor = words.next().ok_or_else(|| fail("no actor".to_owned()))?;
        let call = words.next().ok_or_else(|| fail("no call".to_owned()))?;
        let (service, name) =
            call.split_once(':').ok_or_else(|| fail(format!("`{call}` is not SERVICE:EVENT")))?;
        let mut line = Line::new(time, index, actor, service, name);
        for word in words {
            line.word(word).map_err(fail)?;
        }
        let mut record = line.record().map_err(fail)?;
        if !tail.trim().is_empty() {
            let over: Value = serde_json::from_str(tail.trim())
                .map_err(|error| fail(format!("the JSON behind the line: {error}")))?;
            lay_over(&mut record, over);
        }
        records.push(record);
    }
    Ok(records)
}

fn duration(word: &str) -> Option<i64> {
    let text = word.strip_prefix('+')?;
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    Some(digits.parse::<i64>().ok()? * unit)
}

/// Lays one value over another: objects member by member, everything else replaced.
fn lay_over(record: &mut Value, over: Value) {
    match (record, over) {
        (Value::Object(record), Value::Object(over)) => {
            for (key, value) in over {
                let key = match key.as_str() {
                    "request" => "requestParameters".to_owned(),
                    "response" => "responseElements".to_owned(),
                    _ => key,
                };
                lay_over(record.entry(key).or_insert(Value::Null), value);
            }
        }
        (record, over) => *record = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_model::Outcome;
    use trailwarden_record::Event;

    fn events(trail: &str) -> Vec<Event> {
        let records = records(trail).unwrap();
        records.iter().map(|record| Event::decode(record.to_string().as_bytes()).unwrap()).collect()
    }

    #[test]
    fn lines_become_records() {
        let events = events(
            "mallory iam:CreateAccessKey user/alice
             +0s role/app/build-7 iam:PutRolePolicy role/app denied
             +1d root signin:ConsoleLogin failed ip=198.51.100.7 {\"additionalEventData\":{\"MFAUsed\":\"No\"}}",
        );
        assert_eq!(events[0].target().unwrap().name.as_deref(), Some("alice"));
        assert_eq!(events[1].time, events[0].time);
        assert_eq!(events[1].outcome, Outcome::Denied);
        assert_eq!(events[1].caller.session_name(), Some("build-7"));
        assert!(events[1].value("requestParameters").is_none());
        assert_eq!(events[2].time.since(events[1].time), 86_400);
        assert_eq!(events[2].outcome, Outcome::Failed);
        assert_eq!(events[2].text("additionalEventData.MFAUsed"), Some("No"));
    }

    #[test]
    fn documents_stand_in_the_parameter_of_their_call() {
        let events = events(
            "admin iam:PutGroupPolicy group/devs allow=s3:Get*,s3:List* on=arn:aws:s3:::logs deny=iam:*
             admin iam:CreatePolicy policy/p allow=s3:*
             admin iam:CreateRole role/app trust=999988887777
             admin iam:AddUserToGroup user/bob group/devs
             admin iam:SetDefaultPolicyVersion policy/p named=v2",
        );
        let document: Value =
            serde_json::from_str(events[0].request("policyDocument").unwrap()).unwrap();
        assert_eq!(document["Statement"][0]["Action"], serde_json::json!(["s3:Get*", "s3:List*"]));
        assert_eq!(document["Statement"][0]["Resource"], serde_json::json!(["arn:aws:s3:::logs"]));
        assert_eq!(document["Statement"][1]["Resource"], serde_json::json!(["*"]));
        assert_eq!(events[0].request("policyName"), Some("inline"));
        assert_eq!(events[1].target_name(), "arn:aws:iam::111122223333:policy/p");
        assert!(events[2].trust_policy().unwrap().contains("999988887777"));
        assert_eq!(events[3].request("userName"), Some("bob"));
        assert_eq!(events[3].request("groupName"), Some("devs"));
        assert_eq!(events[4].request("versionId"), Some("v2"));
        assert!(records("alice iam:PutUserPolicy user/bob on=x").is_err());
    }

    #[test]
    fn a_bad_line_is_named() {
        assert_eq!(records("alice\n").unwrap_err().line, 1);
        assert_eq!(records("\nalice iam:CreateUser colour=red").unwrap_err().line, 2);
        assert!(records("alice iam:CreateUser {\"a\"").unwrap_err().cause.contains("JSON"));
    }
}
