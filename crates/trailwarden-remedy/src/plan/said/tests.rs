//! Forged labels, and honest ones.

use std::collections::BTreeSet;

use serde_json::json;
use trailwarden_model::Timestamp;

use super::*;
use crate::{remedies, remedy};

fn example(id: &str) -> Plan {
    let remedy = remedy::find(id).unwrap();
    let subject = remedy.example().unwrap();
    let draft = remedy.draft(&subject).unwrap();
    let time = Timestamp::from_seconds(0);
    Plan::from_drafts(subject.account, time, time, vec![draft])
}

fn step(purpose: &str, service: &str, operation: &str, input: &serde_json::Value) -> Step {
    serde_json::from_value(json!({ "id": "1", "purpose": purpose, "service": service,
        "operation": operation, "input": input, "preconditions": [], "capture": [],
        "volatile": [], "permissions": [] }))
    .unwrap()
}

/// A new remediation whose words are none of ours would be told as if somebody had forged it.
#[test]
fn what_remediations_say_their_calls_bear_out() {
    for remedy in remedies::ALL {
        // What a document says beyond its name is told by the effect.
        if remedy.id == "grant-trail-reading" {
            continue;
        }
        let plan = example(remedy.id);
        for step in &plan.steps {
            let said = step.said();
            assert!(said.starts_with(&step.purpose), "{}: `{}`: {said}", remedy.id, step.purpose);
            assert_eq!(step.said_reason(), step.inverse_reason, "{}", remedy.id);
        }
        for summary in &plan.preview.remedies {
            assert_eq!(summary.said_title(), remedy.title);
            assert_eq!(summary.said_subject(&plan), summary.subject, "{}", remedy.id);
            let notes = summary.said_notes();
            assert!(remedy.notes.iter().all(|note| notes.iter().any(|it| it == note)));
        }
    }
}

#[test]
fn every_call_has_words_of_ours() {
    for call in calls::all() {
        let rows = rows::all().iter().filter(|row| row.operation == call.operation);
        assert!(rows.clone().any(|row| row.is_plain), "{}", call.operation);
        for row in rows {
            for part in row.words.split('{').skip(1) {
                let name = part.split(['}', '>', '/']).next().unwrap();
                let is_known = name == "Holder" || call.parameter(name).is_some();
                assert!(is_known, "{}: {name}", call.operation);
            }
        }
    }
    let known: BTreeSet<&str> = calls::all().map(|call| call.operation).collect();
    assert!(rows::all().iter().all(|row| known.contains(row.operation)));
}

/// The words say A, and the call does B: B is told, and A as what the plan calls it.
#[test]
fn a_forged_label_is_told_as_the_plan_s_own_words() {
    let selectors = json!([{ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": false }]);
    let open = json!({ "BlockPublicAcls": false, "IgnorePublicAcls": true,
        "BlockPublicPolicy": true, "RestrictPublicBuckets": true });
    let allow = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" }] })
    .to_string();
    let deny = allow.replace("Allow", "Deny");
    for (purpose, service, operation, input, told) in [
        (
            "start the trail main",
            "cloudtrail",
            "StopLogging",
            json!({"Name": "main"}),
            "STOP the trail main",
        ),
        (
            "start the trail main",
            "cloudtrail",
            "StartLogging",
            json!({"Name": "other"}),
            "start the trail other",
        ),
        (
            "make the trail main again",
            "cloudtrail",
            "DeleteTrail",
            json!({"Name": "main"}),
            "DELETE the trail main",
        ),
        (
            "select management events in the trail main",
            "cloudtrail",
            "PutEventSelectors",
            json!({"TrailName": "main", "EventSelectors": selectors}),
            "set what the trail main records: EventSelectors [{",
        ),
        (
            "set the password policy, stronger",
            "iam",
            "UpdateAccountPasswordPolicy",
            json!({"MinimumPasswordLength": 6, "RequireNumbers": false}),
            "set the password policy: MinimumPasswordLength 6, RequireNumbers off",
        ),
        (
            "switch the access key k of alice off",
            "iam",
            "UpdateAccessKey",
            json!({"UserName": "alice", "AccessKeyId": "k", "Status": "Active"}),
            "switch the access key k of alice on",
        ),
        (
            "delete the console password of bob",
            "iam",
            "DeleteLoginProfile",
            json!({"UserName": "alice"}),
            "delete the console password of alice",
        ),
        (
            "deny everything to alice",
            "iam",
            "PutUserPolicy",
            json!({"UserName": "alice", "PolicyName": "trailwarden-quarantine", "PolicyDocument": allow}),
            "write the inline policy trailwarden-quarantine of alice",
        ),
        (
            "deny everything to alice by its boundary",
            "iam",
            "PutUserPermissionsBoundary",
            json!({"UserName": "alice", "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
            "set the boundary of alice to arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        (
            "close logs to the public",
            "s3",
            "PutPublicAccessBlock",
            json!({"Bucket": "logs", "PublicAccessBlockConfiguration": open}),
            "set what is blocked of public access to logs: PublicAccessBlockConfiguration",
        ),
        (
            "let CloudTrail write to logs",
            "s3",
            "PutBucketPolicy",
            json!({"Bucket": "logs", "Policy": allow}),
            "set the policy of the bucket logs",
        ),
        (
            "let CloudTrail write to logs",
            "s3",
            "PutBucketPolicy",
            json!({"Bucket": "logs", "Policy": deny}),
            "set the policy of the bucket logs",
        ),
    ] {
        let said = step(purpose, service, operation, &input).said();
        assert!(said.starts_with(told), "{said}");
        let own = format!("(the plan calls it: {purpose})");
        assert!(said.ends_with(&own), "{said}");
    }
    // Where the words hold, what is set is told behind them.
    let input = json!({"Name": "main", "S3BucketName": "elsewhere", "IsMultiRegionTrail": false});
    let said =
        step("correct the settings of the trail main", "cloudtrail", "UpdateTrail", &input).said();
    assert_eq!(
        said,
        "correct the settings of the trail main: IsMultiRegionTrail off, S3BucketName elsewhere"
    );
}

/// Titles, subjects and notes are words as well.
#[test]
fn what_a_file_says_of_a_remediation_is_ours_or_marked() {
    let mut plan = example("deactivate-access-key");
    let summary = plan.preview.remedies.first_mut().unwrap();
    summary.title = "Rename a bucket".to_owned();
    for subject in [
        "arn:aws:iam::111122223333:user/alicent",
        "arn:aws:iam::111122223333:user/alice/bob",
        "bob of account 111122223333",
        "the Inactive key of bob",
        "bob, and never user/alice",
    ] {
        let mut plan = plan.clone();
        let summary = plan.preview.remedies.first_mut().unwrap();
        summary.subject = subject.to_owned();
        let said = plan.preview.remedies.first().unwrap().said_subject(&plan);
        assert!(said.starts_with("what the plan calls"), "{said}");
    }
    let summary = plan.preview.remedies.first_mut().unwrap();
    summary.subject = "arn:aws:iam::111122223333:user/alicent".to_owned();
    let ours = std::mem::replace(&mut summary.notes, vec!["Nobody uses it.".to_owned()]);
    let summary = plan.preview.remedies.first().unwrap();
    assert!(summary.said_title().starts_with("What the plan calls"));
    assert!(summary.said_subject(&plan).starts_with("what the plan calls"));
    let notes = summary.said_notes();
    assert!(notes.contains(&"The plan says: Nobody uses it.".to_owned()), "{notes:?}");
    assert!(ours.iter().all(|note| notes.contains(note)), "what it breaks cannot be left out");
}
