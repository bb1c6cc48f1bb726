//! A policy of the organization is detached, deleted, changed or switched off.

use trailwarden_account::PolicyText;
use trailwarden_policy::reach::{Reach, compare};
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
        r#"alice organizations:CreatePolicy {"request":{"type":"SERVICE_CONTROL_POLICY","content":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"},"response":{"policy":{"policySummary":{"id":"p-abc12345"}}}}
             alice organizations:AttachPolicy {"request":{"policyId":"p-abc12345","targetId":"ou-ab12-11111111"}}
             +1d mallory organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","content":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"iam:*\"],\"Resource\":\"*\"}]}"}}"#,
        "mallory organizations:DetachPolicy denied",
    ],
    quiet_on: &[
        r#"alice organizations:DetachPolicy {"request":{"policyId":"p-FullAWSAccess","targetId":"ou-ab12-11111111"}}"#,
        r#"alice organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","name":"better name"}}"#,
        r#"alice organizations:CreatePolicy {"request":{"type":"SERVICE_CONTROL_POLICY","content":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"},"response":{"policy":{"policySummary":{"id":"p-abc12345"}}}}
             +1d alice organizations:UpdatePolicy {"request":{"policyId":"p-abc12345","content":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"iam:*\",\"sts:*\"],\"Resource\":\"*\"}]}"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let id = event.request("policyId");
    let policy = id.unwrap_or("of unknown id");
    let (what, severity, confidence) = match event.name() {
        // Taking off the policy that allows everything allows less, not more.
        "DetachPolicy" if policy.ends_with("p-FullAWSAccess") => return None,
        "DetachPolicy" => {
            let from =
                event.request("targetId").unwrap_or("a target that the record does not name");
            let done = event.done_or("detached", "tried to detach");
            let what = format!("{done} the policy {policy} from {from}");
            (what, Severity::Critical, Confidence::Medium)
        }
        "DeletePolicy" => {
            let done = event.done_or("deleted", "tried to delete");
            let text = format!(
                "{{actor}} {done} the policy {policy}{{times}}; that moves no permission, because only what is \
                 attached nowhere can be deleted."
            );
            let matched = Match::on_target(event, text).subject(format!("{policy} deleted"));
            return Some(matched.severity(Severity::Low).confidence(Confidence::Medium));
        }
        "DisablePolicyType" => {
            let kind = event.request("policyType").unwrap_or("of unknown kind");
            let done = event.done_or("switched off", "tried to switch off");
            (format!("{done} all policies {kind}"), Severity::Critical, Confidence::High)
        }
        _ => changed(event, policy, id.and_then(|id| content(cx, id)))?,
    };
    let gained = match cx.effect().filter(|effect| effect.severity().is_some()) {
        Some(effect) => effect.consequence(),
        None => "what the accounts below it gain is not in the record".to_owned(),
    };
    let text = format!("{{actor}} {what}{{times}}; {gained}.");
    let subject = format!("{policy} {what}");
    let matched = Match::on_target(event, text).subject(subject).confidence(confidence);
    Some(matched.attempted_if_not(event.outcome, severity).weighed(Weight::Effect))
}

/// What a policy said before the call, where the model knows it.
fn content(cx: &Cx<'_>, id: &str) -> Option<PolicyText> {
    let before = match cx.change() {
        Some(change) => &change.informed,
        None => cx.models().get(cx.event()?.account?)?,
    };
    before.organization().policies.get(id)?.content.value().cloned()
}

/// How a new content is wider, if it may be.
fn changed(
    event: &Event,
    policy: &str,
    before: Option<PolicyText>,
) -> Option<(String, Severity, Confidence)> {
    let content = event.request("content");
    if content.is_none() && event.outcome == Outcome::Succeeded {
        return None;
    }
    let before = before.as_ref().and_then(|text| text.document().ok());
    let after = content.and_then(|text| Document::parse(text).ok());
    let (how, severity, confidence) = match (before, after) {
        (Some(before), Some(after)) => {
            let removed = removed_denies(before, &after).len();
            let lets_more =
                || !compare(&Reach::of([before]), &Reach::of([&after])).gained.is_empty();
            let how = match removed {
                0 if lets_more() => "it now lets through what it did not".to_owned(),
                0 if after.is_complete() => return None,
                removed => format!("{removed} of its denials are gone or narrower"),
            };
            (how, Severity::Critical, Confidence::High)
        }
        (None, Some(after)) if !has_deny(&after) => (
            "it now denies nothing, and what it denied before is unknown".to_owned(),
            Severity::Critical,
            Confidence::Medium,
        ),
        _ => ("what it denied before is unknown".to_owned(), Severity::High, Confidence::Low),
    };
    let done = event.done_or("changed", "tried to change");
    Some((format!("{done} the policy {policy}: {how}"), severity, confidence))
}
