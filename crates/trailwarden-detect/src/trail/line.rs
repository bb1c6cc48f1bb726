//! One line of a trail, and the record that it stands for.

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::hash;

use super::document::{self, Documents};
use super::{ACCOUNT, lay_over};

/// One line, read.
#[derive(Default)]
pub(super) struct Line<'a> {
    time: Timestamp,
    index: usize,
    actor: &'a str,
    service: &'a str,
    name: &'a str,
    account: &'a str,
    target: Option<(&'a str, &'a str)>,
    beside: Vec<(&'a str, &'a str)>,
    named: Option<&'a str>,
    documents: Documents<'a>,
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
    pub(super) fn new(
        time: Timestamp,
        index: usize,
        actor: &'a str,
        service: &'a str,
        name: &'a str,
    ) -> Self {
        Self { time, index, actor, service, name, account: ACCOUNT, ..Self::default() }
    }

    pub(super) fn word(&mut self, word: &'a str) -> Result<(), String> {
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
                "named" => self.named = Some(value),
                _ if self.documents.word(option, value) => {}
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
                match self.target {
                    None => self.target = Some(target),
                    Some(_) => self.beside.push(target),
                }
            }
        }
        Ok(())
    }

    pub(super) fn record(&self) -> Result<Value, String> {
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
        for (kind, name) in self.target.iter().chain(&self.beside) {
            let (parameter, value) = match *kind {
                "user" => ("userName", (*name).to_owned()),
                "group" => ("groupName", (*name).to_owned()),
                "role" if self.service == "sts" => ("roleArn", self.iam_arn("role", name)),
                "role" => ("roleName", (*name).to_owned()),
                "policy" => ("policyArn", self.iam_arn("policy", name)),
                "aws-policy" => ("policyArn", format!("arn:aws:iam::aws:policy/{name}")),
                "key" => ("accessKeyId", (*name).to_owned()),
                "trail" => ("name", (*name).to_owned()),
                "bucket" => ("bucketName", (*name).to_owned()),
                _ => return Err(format!("unknown kind of target `{kind}`")),
            };
            request.insert(parameter.into(), value.into());
        }
        self.documents.put(self.name, &mut request, &mut response);
        if let Some(name) = self.named {
            let parameter = document::naming(self.name);
            request.insert(parameter.into(), name.into());
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
            ("saml", Some(name)) => json!({
                "type": "SAMLUser", "principalId": format!("qualifier:{name}"), "userName": name,
                "identityProvider": "qualifier",
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
