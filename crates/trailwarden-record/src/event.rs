//! A record with its meaning: who called what on what, and what became of it.

mod top;

use sonic_rs::Value;
use trailwarden_model::finding::Party;
use trailwarden_model::{AccountId, Outcome, Timestamp};

use crate::call::{Target, TargetKind};
use crate::caller::{Caller, CallerKind};
use crate::denial::Denial;
use crate::events::Call;
use crate::{json, names, redact};
use top::Top;

/// What kind of record it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum EventKind {
    /// An API call.
    #[default]
    ApiCall,
    /// A sign-in to the console.
    SignIn,
    /// An action in the console that is no API call.
    ConsoleAction,
    /// Something that a service did by itself.
    ServiceEvent,
    /// CloudTrail Insights: unusual call or error rates.
    Insight,
    /// A call through a VPC endpoint, seen by the endpoint.
    NetworkActivity,
}

/// A decoded record, its secrets redacted.
#[derive(Clone, Debug)]
pub struct Event {
    /// The whole record.
    pub json: Value,
    /// `eventID`; empty in records of versions before 1.01.
    pub id: String,
    /// `eventTime`.
    pub time: Timestamp,
    /// `recipientAccountId`, else the caller's account.
    pub account: Option<AccountId>,
    /// `awsRegion`.
    pub region: String,
    /// `eventSource` as written.
    pub event_source: String,
    /// `eventName` as written.
    pub event_name: String,
    /// What kind of record it is.
    pub kind: EventKind,
    /// Who called.
    pub caller: Caller,
    /// `sourceIPAddress`, which may be a service's name.
    pub address: String,
    /// `userAgent`: whatever the caller chose to say.
    pub user_agent: String,
    /// What became of the call.
    pub outcome: Outcome,
    /// `errorCode`, empty when the call succeeded.
    pub error_code: String,
    /// `errorMessage`.
    pub error_message: String,
    /// What a refused call was about.
    pub denial: Option<Denial>,
    /// The typed call.
    pub call: Call,
}

/// The bytes were no JSON object.
#[derive(Debug, thiserror::Error)]
#[error("not valid JSON: {0}")]
pub struct NotJson(String);

impl Event {
    /// Decodes one record. Total apart from JSON itself: whatever a field holds, there is an event.
    pub fn decode(record: &[u8]) -> Result<Self, NotJson> {
        Self::decode_redacted(&redact::bytes(record))
    }

    /// The same of a record whose secrets were redacted at the door.
    pub fn decode_redacted(record: &[u8]) -> Result<Self, NotJson> {
        let json = json::parse_redacted(record);
        json.map(Self::of).map_err(|error| NotJson(one_line(&error.to_string())))
    }

    fn of(record: Value) -> Self {
        let top = Top::of(&record);
        let owned = |text: &str| text.to_owned();
        let (error_code, error_message) = (owned(top.error_code), owned(top.error_message));
        let outcome = if names::denies(&error_code) {
            Outcome::Denied
        } else if !error_code.is_empty() || !error_message.is_empty() {
            Outcome::Failed
        } else {
            Outcome::Succeeded
        };
        let caller = Caller::of(top.identity, top.from_console);
        let event_source = owned(top.event_source);
        let event_name = match top.event_name {
            "" => json::text(&record, "insightDetails.eventName").unwrap_or_default().to_owned(),
            name => owned(name),
        };
        let call = Call::decode(
            names::service(&event_source),
            names::event(&event_name),
            crate::call::Parts { record: &record, caller: &caller },
        );
        Self {
            id: owned(top.event_id),
            time: Timestamp::parse(top.event_time).unwrap_or_default(),
            account: AccountId::parse(top.recipient).or(caller.account),
            region: owned(top.region),
            kind: kind(top.event_type, top.category),
            address: owned(top.address),
            user_agent: owned(top.user_agent),
            denial: (outcome == Outcome::Denied).then(|| Denial::parse(&error_message)).flatten(),
            event_source,
            event_name,
            caller,
            outcome,
            error_code,
            error_message,
            call,
            json: record,
        }
    }

    /// `iam`, `sts`...
    pub fn service(&self) -> &str {
        names::service(&self.event_source)
    }

    /// The name without an API version behind it.
    pub fn name(&self) -> &str {
        names::event(&self.event_name)
    }

    /// `iam:PutGroupPolicy`.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service(), self.name())
    }

    /// Text under `requestParameters`.
    pub fn request(&self, path: &str) -> Option<&str> {
        json::text(&self.json, &format!("requestParameters.{path}"))
    }

    /// The boolean under `requestParameters`, also when it is written as text.
    pub fn request_flag(&self, path: &str) -> Option<bool> {
        json::flag(&self.json, &format!("requestParameters.{path}"))
    }

    /// The texts of a list under `requestParameters`.
    pub fn request_texts(&self, path: &str) -> Vec<String> {
        json::texts(&self.json, &format!("requestParameters.{path}"))
    }

    /// Text under `responseElements`.
    pub fn response(&self, path: &str) -> Option<&str> {
        json::text(&self.json, &format!("responseElements.{path}"))
    }

    /// Text anywhere in the record, by dotted path.
    pub fn text(&self, path: &str) -> Option<&str> {
        json::text(&self.json, path)
    }

    /// Any value of the record by dotted path.
    pub fn value(&self, path: &str) -> Option<&Value> {
        json::at(&self.json, path)
    }

    /// Whether CloudTrail left the parameters out because they were too large, which is how a padded
    /// policy hides. Source: Permiso, "CloudTrail logging evasion: where policy size matters".
    pub fn parameters_omitted(&self) -> bool {
        json::flag(&self.json, "requestParameters.omitted").unwrap_or_default()
    }

    /// What the call acts on: by its parameters, else by the message that refused it.
    pub fn target(&self) -> Option<Target> {
        let mut target = self.call.target()?;
        if target.name.is_none() {
            target.name = self.denied_name();
        }
        Some(target)
    }

    /// The target as a finding shows it, with an ARN where the account and kind allow to build one.
    pub fn target_party(&self) -> Party {
        let Some(target) = self.target() else { return Party::default() };
        let mut party = target.party();
        if let Some(arn) =
            self.denial.as_ref().and_then(|denial| denial.resource.as_ref()?.arn.clone())
            && party.arn.is_none()
        {
            party.arn = Some(arn);
        }
        if party.account.is_none() {
            party.account = self.account.map(|account| account.to_string());
        }
        party
    }

    /// Whether the call acts on its own caller: the user on himself, a session on its role, root on
    /// root.
    pub fn is_on_caller(&self) -> bool {
        let Some(target) = self.target() else { return false };
        let Some(name) = &target.name else { return false };
        match target.kind {
            TargetKind::User if self.caller.kind == CallerKind::Root => {
                self.request("userName").is_none() && name == "root"
            }
            TargetKind::User => self.caller.is_user(name),
            TargetKind::Role => self.caller.is_role(name),
            _ => false,
        }
    }

    /// The target's name for a sentence; words for its absence when the record does not say.
    pub fn target_name(&self) -> String {
        self.target().and_then(|target| target.name).unwrap_or_else(|| "of unknown name".to_owned())
    }

    /// The target with its kind, for a sentence: `user alice`, `a role of unknown name`.
    pub fn target_phrase(&self) -> String {
        let Some(target) = self.target() else {
            return "something that the record does not name".to_owned();
        };
        let kind = target.kind.as_str().replace('_', " ");
        match (target.name, kind.starts_with(['a', 'e', 'i', 'o'])) {
            (Some(name), _) => format!("{kind} {name}"),
            (None, true) => format!("an {kind} of unknown name"),
            (None, false) => format!("a {kind} of unknown name"),
        }
    }

    /// One of two phrases, by whether the call succeeded: `created` or `tried to create`.
    pub fn done_or<'a>(&self, done: &'a str, tried: &'a str) -> &'a str {
        if self.outcome == Outcome::Succeeded { done } else { tried }
    }

    /// The identity policy that an IAM call writes, as JSON text.
    pub fn identity_policy(&self) -> Option<&str> {
        match &self.call {
            Call::CreatePolicy(call) => call.policy_document.as_deref(),
            Call::CreatePolicyVersion(call) => call.policy_document.as_deref(),
            Call::PutUserPolicy(call) => call.policy_document.as_deref(),
            Call::PutGroupPolicy(call) => call.policy_document.as_deref(),
            Call::PutRolePolicy(call) => call.policy_document.as_deref(),
            _ => None,
        }
    }

    /// The trust policy that an IAM call writes, as JSON text.
    pub fn trust_policy(&self) -> Option<&str> {
        match &self.call {
            Call::CreateRole(call) => call.assume_role_policy_document.as_deref(),
            Call::UpdateAssumeRolePolicy(call) => call.policy_document.as_deref(),
            _ => None,
        }
    }

    fn denied_name(&self) -> Option<String> {
        let resource = self.denial.as_ref()?.resource.as_ref()?;
        Some(resource.name.clone())
    }
}

fn kind(event_type: &str, category: &str) -> EventKind {
    match (event_type, category) {
        (_, "Insight") | ("AwsCloudTrailInsight", _) => EventKind::Insight,
        (_, "NetworkActivity") | ("AwsVpceEvent", _) => EventKind::NetworkActivity,
        ("AwsConsoleSignIn" | "AwsConsoleSignin", _) => EventKind::SignIn,
        ("AwsConsoleAction", _) => EventKind::ConsoleAction,
        ("AwsServiceEvent", _) => EventKind::ServiceEvent,
        _ => EventKind::ApiCall,
    }
}

fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(identity: &str, name: &str, rest: &str) -> Event {
        let record = format!(
            r#"{{"eventSource":"iam.amazonaws.com","eventName":"{name}","userIdentity":{identity},{rest}}}"#
        );
        Event::decode(record.as_bytes()).unwrap()
    }

    #[test]
    fn a_call_on_oneself_is_told_from_one_on_others() {
        let alice = r#"{"type":"IAMUser","userName":"alice"}"#;
        let root = r#"{"type":"Root","accountId":"111122223333"}"#;
        let session = r#"{"type":"AssumedRole","principalId":"AROAX:alice","sessionContext":{"sessionIssuer":{"userName":"app"}}}"#;
        let request = |member: &str| format!(r#""requestParameters":{{{member}}}"#);
        for (identity, name, request, is_own) in [
            (alice, "CreateAccessKey", request(""), true),
            (alice, "PutUserPolicy", request(r#""userName":"Alice""#), true),
            (alice, "PutUserPolicy", request(r#""userName":"bob""#), false),
            (alice, "PutRolePolicy", request(r#""roleName":"alice""#), false),
            (session, "PutRolePolicy", request(r#""roleName":"app""#), true),
            (session, "PutUserPolicy", request(r#""userName":"alice""#), false),
            (root, "CreateAccessKey", request(""), true),
            (root, "CreateAccessKey", request(r#""userName":"root""#), false),
        ] {
            assert_eq!(event(identity, name, &request).is_on_caller(), is_own, "{name} {request}");
        }
    }

    #[test]
    fn the_policy_that_a_call_writes_is_found() {
        let alice = r#"{"type":"IAMUser","userName":"alice"}"#;
        let put = event(alice, "PutUserPolicy", r#""requestParameters":{"policyDocument":"{}"}"#);
        assert_eq!((put.identity_policy(), put.trust_policy()), (Some("{}"), None));
        let trust = event(
            alice,
            "CreateRole",
            r#""responseElements":{"role":{"assumeRolePolicyDocument":"%7B%7D"}}"#,
        );
        assert_eq!((trust.identity_policy(), trust.trust_policy()), (None, Some("{}")));
    }
}
