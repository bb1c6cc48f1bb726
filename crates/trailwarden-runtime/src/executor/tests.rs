//! Runs against an account in memory: broken off anywhere, hindered in every way, and taken back.

mod account;
mod admitted;
mod crashes;
mod faults;
mod secrets;
mod undone;

use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_remedy::calls::{self, Before, shown, undone as taken_back};
use trailwarden_remedy::plan::{Argument, Capture, Foreseen, Input, Plan, Preview, SCHEMA, Step};

use super::*;
use account::{Fake, Looker};

/// 2026-02-01T12:00:00Z.
const NOW: Timestamp = Timestamp::from_seconds(1_769_947_200);
const POLICY: &str = "arn:aws:iam::111122223333:policy/shared";

/// A plan of calls, each with its parameters and what was before, as drafts make them.
fn plan(calls: Vec<(&str, Value, Before)>) -> Plan {
    let steps = calls.into_iter().enumerate().map(|(at, (api, input, before))| {
        let (service, operation) = api.split_once(':').unwrap();
        let call = calls::find(service, operation).unwrap();
        let input: Input = serde_json::from_value(input).unwrap();
        let id = (at + 1).to_string();
        let back = taken_back(call, &id, &input, &before);
        let inverse = back.inverse.as_ref().filter(|inverse| {
            !inverse.input.values().any(|it| matches!(it, Argument::Result { .. }))
        });
        let preconditions = inverse.map(|inverse| {
            shown(calls::find(&inverse.service, &inverse.operation).unwrap(), &inverse.input)
        });
        let preconditions = preconditions.unwrap_or_default();
        let mut capture: Vec<Capture> = Vec::new();
        for check in &preconditions {
            let (service, operation) = (check.service.clone(), check.operation.clone());
            capture.push(Capture { service, operation, input: check.input.clone() });
        }
        capture.dedup();
        Step {
            id,
            finding: None,
            purpose: format!("make the call {api}"),
            service: service.to_owned(),
            region: None,
            operation: operation.to_owned(),
            input,
            preconditions,
            capture,
            inverse: back.inverse.clone(),
            inverse_reason: back.reason.clone(),
            volatile: back.volatile.clone(),
            permissions: Vec::new(),
        }
    });
    let mut plan = Plan {
        schema: SCHEMA.to_owned(),
        digest: String::new(),
        created: NOW,
        account: "111122223333".to_owned(),
        model_time: NOW,
        steps: steps.collect(),
        preview: Preview { effect: Some(Foreseen::default()), ..Preview::default() },
    };
    plan.digest = plan.computed_digest();
    plan
}

fn deny() -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*" }] }).to_string()
}

fn allow(action: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] }).to_string()
}

fn switch_off() -> (&'static str, Value, Before) {
    let input = json!({ "UserName": "alice", "AccessKeyId": "AKIAOLD", "Status": "Inactive" });
    ("iam:UpdateAccessKey", input, Before::was("Status", "Active"))
}

fn deny_alice() -> (&'static str, Value, Before) {
    let input = json!({ "UserName": "alice", "PolicyName": "deny", "PolicyDocument": deny() });
    ("iam:PutUserPolicy", input, Before::Absent)
}

/// A new version of the shared policy, and that as its default, in two steps from `first` on.
fn narrowed(first: usize) -> Vec<(&'static str, Value, Before)> {
    let version = json!({ "PolicyArn": POLICY, "PolicyDocument": allow("s3:GetObject"), "SetAsDefault": false });
    let result =
        json!({ "$result": { "step": first.to_string(), "path": ["PolicyVersion", "VersionId"] } });
    vec![
        ("iam:CreatePolicyVersion", version, Before::Implied),
        (
            "iam:SetDefaultPolicyVersion",
            json!({ "PolicyArn": POLICY, "VersionId": result }),
            Before::was("VersionId", "v1"),
        ),
    ]
}

fn new_key() -> (&'static str, Value, Before) {
    ("iam:CreateAccessKey", json!({ "UserName": "bob" }), Before::Implied)
}

fn no_console() -> (&'static str, Value, Before) {
    ("iam:DeleteLoginProfile", json!({ "UserName": "alice" }), Before::Implied)
}

fn console_for_bob() -> (&'static str, Value, Before) {
    let made = json!({ "$made": "password" });
    let input = json!({ "UserName": "bob", "Password": made, "PasswordResetRequired": true });
    ("iam:CreateLoginProfile", input, Before::Implied)
}

fn reset_alice() -> (&'static str, Value, Before) {
    let made = json!({ "$made": "password" });
    let input = json!({ "UserName": "alice", "Password": made, "PasswordResetRequired": true });
    ("iam:UpdateLoginProfile", input, Before::Implied)
}

/// A plan with calls of every kind that can be taken back.
fn everything() -> Plan {
    let mut calls = vec![switch_off(), deny_alice()];
    let extra = json!({ "UserName": "alice", "PolicyName": "extra" });
    calls.push(("iam:DeleteUserPolicy", extra, Before::was("PolicyDocument", allow("iam:*"))));
    calls.extend(narrowed(4));
    calls.extend([no_console(), new_key(), console_for_bob()]);
    let member = json!({ "GroupName": "ops", "UserName": "alice" });
    calls.push(("iam:RemoveUserFromGroup", member, Before::Implied));
    let made = json!({ "PolicyName": "fresh", "PolicyDocument": allow("s3:List*") });
    calls.push(("iam:CreatePolicy", made, Before::Implied));
    let held = json!({ "UserName": "bob", "PolicyArn": "arn:aws:iam::111122223333:policy/fresh" });
    calls.push(("iam:AttachUserPolicy", held, Before::Implied));
    let rules = account::rules(8, false);
    let mut stricter = account::rules(14, true);
    stricter["PasswordReusePrevention"] = 24.into();
    calls.push((
        "iam:UpdateAccountPasswordPolicy",
        stricter,
        Before::Was(rules.as_object().unwrap().clone()),
    ));
    plan(calls)
}

fn approval(plan: &Plan) -> Approval {
    Approval { digest: plan.digest.clone(), how: How::Digest, by: "a test".to_owned() }
}

/// Everything that one test needs: an account, and a state folder.
struct Stage {
    fake: Fake,
    folder: tempfile::TempDir,
    plan: Plan,
}

impl Stage {
    fn of(plan: Plan) -> Self {
        Self { fake: Fake::new(), folder: tempfile::tempdir().unwrap(), plan }
    }

    fn journal(&self) -> Journal {
        Journal::open(self.folder.path(), NOW).unwrap()
    }

    fn options() -> Options {
        Options { accept_irreversible: true, ..Options::default() }
    }

    fn apply(&self) -> Result<Report, Refusal> {
        let (mut journal, mut looker) = (self.journal(), Looker(&self.fake));
        let approval = approval(&self.plan);
        apply(&self.fake, &mut journal, &mut looker, &self.plan, (&approval, None), Self::options())
    }

    fn resume(&self) -> Result<Report, Refusal> {
        let (mut journal, mut looker) = (self.journal(), Looker(&self.fake));
        let approval = approval(&self.plan);
        resume(&self.fake, &mut journal, &mut looker, "20260201-1", &approval, Self::options())
    }

    fn undo(&self) -> Result<Report, Refusal> {
        let (mut journal, mut looker) = (self.journal(), Looker(&self.fake));
        undo(&self.fake, &mut journal, &mut looker, "20260201-1", &approval(&self.plan))
    }

    fn written(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("journal.ndjson")).unwrap_or_default()
    }
}

fn states(report: &Report) -> Vec<StepState> {
    report.steps.iter().map(|step| step.state).collect()
}

fn stopped(report: &Report) -> (Why, Option<&str>) {
    let stop = report.stop.as_ref().unwrap();
    (stop.why, stop.step.as_deref())
}
