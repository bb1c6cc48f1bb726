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
//! - ACTOR: `alice`, `root`, `role/NAME[/SESSION]`, `instance/ROLE/i-ID`, `federated/NAME`,
//!   `service/NAME.amazonaws.com`, `account/123456789012`, `nobody`.
//! - TARGET: `user/`, `group/`, `role/`, `policy/` (ours), `aws-policy/` (managed by AWS), `key/`,
//!   `trail/`, `bucket/`.
//! - OPTIONS: `denied` (as IAM writes it: no parameters, the target in the message), `failed=CODE`,
//!   `ip=`, `region=`, `account=` (twelve digits), `ua=`, `key=` (the signing key), `issues=` (the key
//!   an STS call gives out), `via=` (`invokedBy`), `mfa`, `country=DE` and `asn=64500` (what a GeoIP
//!   database would say of the address; the record holds them as `_country` and `_asn`).
//! - JSON is laid over the record; `request` and `response` stand for `requestParameters` and
//!   `responseElements`.

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::hash;

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
        let mut line =
            Line { time, index, actor, service, name, account: ACCOUNT, ..Line::default() };
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

/// One line, read.
#[derive(Default)]
struct Line<'a> {
    time: Timestamp,
    index: usize,
    actor: &'a str,
    service: &'a str,
    name: &'a str,
    account: &'a str,
    target: Option<(&'a str, &'a str)>,
    denied: bool,
    failed: Option<&'a str>,
    ip: Option<&'a str>,
    region: Option<&'a str>,
    agent: Option<&'a str>,
    key: Option<&'a str>,
    issues: Option<&'a str>,
    via: Option<&'a str>,
    country: Option<&'a str>,
    asn: Option<u32>,
    mfa: bool,
}

impl<'a> Line<'a> {
    fn word(&mut self, word: &'a str) -> Result<(), String> {
        if let Some((option, value)) = word.split_once('=') {
            match option {
                "failed" => self.failed = Some(value),
                "ip" => self.ip = Some(value),
                "region" => self.region = Some(value),
                "account" => self.account = value,
                "ua" => self.agent = Some(value),
                "key" => self.key = Some(value),
                "issues" => self.issues = Some(value),
                "via" => self.via = Some(value),
                "country" if value.len() == 2 => self.country = Some(value),
                "asn" => {
                    let number = value.parse();
                    self.asn = Some(number.map_err(|_| format!("`{value}` is no network number"))?);
                }
                _ => return Err(format!("unknown option `{option}`")),
            }
            return Ok(());
        }
        match word {
            "denied" => self.denied = true,
            "failed" => self.failed = Some("ValidationException"),
            "mfa" => self.mfa = true,
            _ => {
                let target =
                    word.split_once('/').ok_or_else(|| format!("unknown word `{word}`"))?;
                self.target = Some(target);
            }
        }
        Ok(())
    }

    fn record(&self) -> Result<Value, String> {
        let (mut request, response) = self.parts()?;
        let mut record = json!({
            "eventVersion": "1.11",
            "userIdentity": self.identity()?,
            "eventTime": self.time.to_string(),
            "eventSource": format!("{}.amazonaws.com", self.service),
            "eventName": self.name,
            "awsRegion": self.region.unwrap_or("us-east-1"),
            "sourceIPAddress": self.ip.or(self.via).unwrap_or("192.0.2.10"),
            "userAgent": self.agent.unwrap_or("aws-cli/2.31.0"),
            "requestID": self.uuid("request"),
            "eventID": self.uuid("event"),
            "readOnly": trailwarden_record::names::reads(self.name),
            "eventType": if self.service == "signin" { "AwsConsoleSignIn" } else { "AwsApiCall" },
            "managementEvent": true,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
        });
        let mut over = Map::new();
        if self.denied {
            over.insert("errorCode".into(), "AccessDenied".into());
            over.insert("errorMessage".into(), self.denial()?.into());
            // Refused calls of these services carry no parameters.
            if ["iam", "sts", "organizations", "cloudtrail"].contains(&self.service) {
                request = Value::Null;
            }
        } else if let Some(code) = self.failed {
            if self.name == "ConsoleLogin" {
                over.insert("errorMessage".into(), "Failed authentication".into());
            } else {
                over.insert("errorCode".into(), code.into());
                over.insert("errorMessage".into(), "The request failed.".into());
            }
        }
        over.insert("request".into(), request);
        over.insert("response".into(), response);
        if let Some(country) = self.country {
            over.insert("_country".into(), country.into());
        }
        if let Some(asn) = self.asn {
            over.insert("_asn".into(), asn.into());
        }
        lay_over(&mut record, Value::Object(over));
        Ok(record)
    }

    /// Parameters and response that the target and the options stand for.
    fn parts(&self) -> Result<(Value, Value), String> {
        let mut request = Map::new();
        let mut response = Map::new();
        if let Some((kind, name)) = self.target {
            let (parameter, value) = match kind {
                "user" => ("userName", name.to_owned()),
                "group" => ("groupName", name.to_owned()),
                "role" if self.service == "sts" => ("roleArn", self.iam_arn("role", name)),
                "role" => ("roleName", name.to_owned()),
                "policy" => ("policyArn", self.iam_arn("policy", name)),
                "aws-policy" => ("policyArn", format!("arn:aws:iam::aws:policy/{name}")),
                "key" => ("accessKeyId", name.to_owned()),
                "trail" => ("name", name.to_owned()),
                "bucket" => ("bucketName", name.to_owned()),
                _ => return Err(format!("unknown kind of target `{kind}`")),
            };
            request.insert(parameter.into(), value.into());
        }
        let ended_well = !self.denied && self.failed.is_none();
        match (self.service, self.name) {
            ("signin", "ConsoleLogin") => {
                let word = if ended_well { "Success" } else { "Failure" };
                response.insert("ConsoleLogin".into(), word.into());
            }
            ("iam", "CreateAccessKey") if ended_well => {
                let owner = self.target.map_or(self.actor, |(_, name)| name);
                let key = self.issues.map_or_else(|| self.made_key("AKIA", owner), str::to_owned);
                response.insert(
                    "accessKey".into(),
                    json!({ "accessKeyId": key, "status": "Active", "userName": owner }),
                );
            }
            ("sts", _) if ended_well && self.issues.is_some() => {
                response.insert(
                    "credentials".into(),
                    json!({ "accessKeyId": self.issues, "sessionToken": "token" }),
                );
            }
            _ => {}
        }
        let or_null =
            |map: Map<String, Value>| if map.is_empty() { Value::Null } else { Value::Object(map) };
        Ok((or_null(request), or_null(response)))
    }

    fn identity(&self) -> Result<Value, String> {
        let account = self.account;
        let mut parts = self.actor.splitn(3, '/');
        let (kind, name, session) =
            (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or("session"));
        let key = |prefix: &str| {
            self.key.map_or_else(|| self.made_key(prefix, self.actor), str::to_owned)
        };
        let mfa = if self.mfa { "true" } else { "false" };
        Ok(match (kind, name) {
            ("nobody", None) => json!({ "type": "Unknown" }),
            ("root", None) => json!({
                "type": "Root", "principalId": account, "arn": format!("arn:aws:iam::{account}:root"),
                "accountId": account, "accessKeyId": self.key.unwrap_or_default(),
            }),
            (user, None) => json!({
                "type": "IAMUser", "principalId": self.made_id("AIDA", user), "arn": self.iam_arn("user", user),
                "accountId": account, "accessKeyId": key("AKIA"), "userName": user,
            }),
            ("role" | "instance", Some(role)) => json!({
                "type": "AssumedRole", "principalId": format!("{}:{session}", self.made_id("AROA", role)),
                "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
                "accountId": account, "accessKeyId": key("ASIA"), "invokedBy": self.via,
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role", "principalId": self.made_id("AROA", role), "arn": self.iam_arn("role", role),
                        "accountId": account, "userName": role,
                    },
                    "attributes": { "mfaAuthenticated": mfa },
                },
            }),
            ("federated", Some(name)) => json!({
                "type": "FederatedUser", "principalId": format!("{account}:{name}"),
                "arn": format!("arn:aws:sts::{account}:federated-user/{name}"),
                "accountId": account, "accessKeyId": key("ASIA"),
            }),
            ("service", Some(name)) => json!({ "type": "AWSService", "invokedBy": name }),
            ("account", Some(other)) => json!({
                "type": "AWSAccount", "principalId": self.made_id("AIDA", other), "accountId": other,
            }),
            _ => return Err(format!("unknown actor `{}`", self.actor)),
        })
    }

    fn denial(&self) -> Result<String, String> {
        let identity = self.identity()?;
        let arn = identity.get("arn").and_then(Value::as_str).unwrap_or("anonymous");
        let action = format!("{}:{}", self.service, self.name);
        let resource = match self.target {
            Some((kind @ ("role" | "policy" | "aws-policy"), name))
                if self.service != "iam" || kind != "role" =>
            {
                format!(" on resource: {}", self.iam_arn(kind.trim_start_matches("aws-"), name))
            }
            Some((kind, name)) => format!(" on resource: {kind} {name}"),
            None => String::new(),
        };
        Ok(format!(
            "User: {arn} is not authorized to perform: {action}{resource} because no identity-based policy allows the \
             {action} action"
        ))
    }

    fn iam_arn(&self, kind: &str, name: &str) -> String {
        format!("arn:aws:iam::{}:{kind}/{name}", self.account)
    }

    /// An access key id for a name: the same for the same name.
    fn made_key(&self, prefix: &str, name: &str) -> String {
        self.made_id(prefix, &format!("key of {name}"))
    }

    fn made_id(&self, prefix: &str, name: &str) -> String {
        let hash = hash::pair(hash::of(name), hash::of(self.account));
        format!("{prefix}{:016X}", hash)
    }

    fn uuid(&self, what: &str) -> String {
        trailwarden_record::skim::uuid_text(hash::wide(&format!(
            "{what} {} {}",
            self.index, self.actor
        )))
    }
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
    fn a_bad_line_is_named() {
        assert_eq!(records("alice\n").unwrap_err().line, 1);
        assert_eq!(records("\nalice iam:CreateUser colour=red").unwrap_err().line, 2);
        assert!(records("alice iam:CreateUser {\"a\"").unwrap_err().cause.contains("JSON"));
    }
}
