//! A policy of the organization is detached, deleted, changed or switched off.

use trailwarden_policy::{Document, has_deny, removed_denies};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "organization-policy-loosened",
    title: "Organization policy removed or loosened",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-OR-02"],
    select: Select {
        events: &[
            "organizations:CreatePolicy",
            "organizations:DetachPolicy",
            "organizations:DeletePolicy",
            "organizations:UpdatePolicy",
            "organizations:DisablePolicyType",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.001", "T1484"],
    risk: "What a service control policy kept down is free again in every account below, without a trace in those accounts.",
    false_positives: &[
        "A planned change of the organization's policies: suppress it for the role that makes them, until the change is done.",
    ],
    remedies: &["restore-organization-policy"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory organizations:DetachPolicy {"request":{"policyId":"p-abc12345","targetId":"ou-ab12-11111111"}}"#,
        r#"role/app/s organizations:DisablePolicyType {"request":{"rootId":"r-ab12","policyType":"SERVICE_CONTROL_POLICY"}}"#,
        r#"mallory organizations:DeletePolicy {"request":{"policyId":"p-abc12345"}}"#,
        r#"mallory organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","content":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#,
        "mallory organizations:DetachPolicy denied",
    ],
    quiet_on: &[
        r#"alice organizations:DetachPolicy {"request":{"policyId":"p-FullAWSAccess","targetId":"ou-ab12-11111111"}}"#,
        r#"alice organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","name":"better name"}}"#,
        r#"alice organizations:CreatePolicy {"request":{"content":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"},"response":{"policy":{"policySummary":{"id":"p-abc12345"}}}}
             +1d alice organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","content":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"iam:*\",\"sts:*\"],\"Resource\":\"*\"}]}"}}"#,
    ],
    logic: Logic::Watch(Judging::<Policies>::start),
};

/// How long a document that was seen is compared with.
const REMEMBER_SECONDS: i64 = 800 * DAY;

/// What every sentence ends with: the effect is elsewhere.
const NOT_HERE: &str = "what the accounts below it gain is not in the record";

#[derive(Clone)]
struct Policies {
    documents: Recall<String>,
}

impl Default for Policies {
    fn default() -> Self {
        Self { documents: Recall::new(REMEMBER_SECONDS) }
    }
}

impl Judge for Policies {
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match> {
        let event = cx.event()?;
        let id = event.request("policyId").or_else(|| event.response("policy.policySummary.id"));
        let place = hash::of(id.unwrap_or_default());
        let content = event.request("content").map(str::to_owned);
        let before = self.documents.get(place, event.time).cloned();
        if cx.succeeded()
            && let (Some(content), Some(_)) = (&content, id)
        {
            self.documents.note(place, event.time, content.clone());
        }
        let policy = id.unwrap_or("of unknown id");
        let (what, severity, confidence) = match event.name() {
            "CreatePolicy" => return None,
            // Taking off the policy that allows everything allows less, not more.
            "DetachPolicy" if policy.ends_with("p-FullAWSAccess") => return None,
            "DetachPolicy" => {
                let from =
                    event.request("targetId").unwrap_or("a target that the record does not name");
                let done = event.done_or("detached", "tried to detach");
                (
                    format!("{done} the policy {policy} from {from}"),
                    Severity::Critical,
                    Confidence::Medium,
                )
            }
            // It can be deleted only once it is attached nowhere.
            "DeletePolicy" => (
                format!("{} the policy {policy}", event.done_or("deleted", "tried to delete")),
                Severity::High,
                Confidence::Medium,
            ),
            "DisablePolicyType" => {
                let kind = event.request("policyType").unwrap_or("of unknown kind");
                let done = event.done_or("switched off", "tried to switch off");
                (format!("{done} all policies {kind}"), Severity::Critical, Confidence::High)
            }
            _ if content.is_none() && cx.succeeded() => return None,
            _ => changed(event, policy, before.as_deref(), content.as_deref())?,
        };
        let text = format!("{{actor}} {what}{{times}}; {NOT_HERE}.");
        let matched = Match::on_target(event, text).subject(policy).confidence(confidence);
        Some(matched.attempted_if_not(event.outcome, severity))
    }

    fn is_truncated(&self) -> bool {
        self.documents.is_truncated()
    }
}

fn changed(
    event: &Event,
    policy: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Option<(String, Severity, Confidence)> {
    let done = event.done_or("changed", "tried to change");
    let before = before.and_then(|text| Document::parse(text).ok());
    let after = after.and_then(|text| Document::parse(text).ok());
    let (how, severity, confidence) = match (before, after) {
        (Some(before), Some(after)) => {
            let removed = removed_denies(&before, &after).len();
            if removed == 0 && after.is_complete() {
                return None;
            }
            (
                format!("{removed} of its denials are gone or narrower"),
                Severity::Critical,
                Confidence::High,
            )
        }
        (None, Some(after)) if !has_deny(&after) => (
            "it now denies nothing, and what it denied before is unknown".to_owned(),
            Severity::Critical,
            Confidence::Medium,
        ),
        _ => ("what it denied before is unknown".to_owned(), Severity::High, Confidence::Low),
    };
    Some((format!("{done} the policy {policy}: {how}"), severity, confidence))
}
