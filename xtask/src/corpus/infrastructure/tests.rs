//! The trail is as ordinary as it claims to be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

fn records(seed: u64) -> Vec<Value> {
    let entries = make(3_000, seed);
    entries.iter().flat_map(|e| &e.texts).map(|t| serde_json::from_str(t).unwrap()).collect()
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record["requestParameters"][name].as_str().unwrap_or_default()
}

#[test]
fn same_seed_same_bytes() {
    let texts = |seed| -> Vec<String> {
        make(600, seed).into_iter().flat_map(|entry| entry.texts).collect()
    };
    assert_eq!(texts(3), texts(3));
    assert_ne!(texts(3), texts(4));
}

/// The trail that the scan's own tests read; `UPDATE_EXPECT=1` writes it anew.
#[test]
fn the_committed_trail_is_fresh() {
    let path = workspace::root().join("fixtures/trails/infrastructure.ndjson.zst");
    let lines: String = make(1_000, 4)
        .into_iter()
        .flat_map(|entry| entry.texts)
        .map(|text| format!("{text}\n"))
        .collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, zstd::encode_all(lines.as_bytes(), 19).unwrap()).unwrap();
    }
    let packed = std::fs::read(&path).unwrap();
    let unpacked = zstd::decode_all(packed.as_slice()).unwrap();
    assert!(unpacked == lines.as_bytes(), "run this test with UPDATE_EXPECT=1");
}

#[test]
fn ids_are_unique_and_times_ascend() {
    let records = records(1);
    let ids: BTreeSet<_> = records.iter().map(|r| r["eventID"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), records.len());
    assert!(records.is_sorted_by_key(|record| record["eventTime"].as_str().unwrap()));
}

/// What a role holds, as far as deleting it asks.
#[derive(Default)]
struct Role {
    inline: usize,
    attached: BTreeSet<String>,
    profiles: usize,
}

#[test]
fn what_is_used_exists() {
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for record in records(2).iter().filter(|r| r["readOnly"] == false && r["errorCode"].is_null()) {
        let name = record["eventName"].as_str().unwrap();
        names.insert(name.to_owned());
        let (role, policy) = (text(record, "roleName"), text(record, "policyArn"));
        match name {
            "CreateRole" => assert!(roles.insert(role.to_owned(), Role::default()).is_none()),
            "CreatePolicy" => {
                let arn = record["responseElements"]["policy"]["arn"].as_str().unwrap();
                versions.insert(arn.to_owned(), BTreeSet::from(["v1".to_owned()]));
            }
            "CreatePolicyVersion" => {
                let made = &record["responseElements"]["policyVersion"]["versionId"];
                let held = versions.get_mut(policy).unwrap();
                assert!(held.insert(made.as_str().unwrap().to_owned()));
                assert!(held.len() <= 5);
            }
            "DeletePolicyVersion" => {
                assert!(versions.get_mut(policy).unwrap().remove(text(record, "versionId")));
            }
            "DeletePolicy" => assert_eq!(versions.remove(policy).unwrap().len(), 1),
            _ => {}
        }
        let Some(held) = roles.get_mut(role) else {
            assert!(role.is_empty(), "{name} of a role that is not there");
            continue;
        };
        match name {
            "PutRolePolicy" => held.inline = 1,
            "DeleteRolePolicy" => held.inline -= 1,
            "AttachRolePolicy" => assert!(held.attached.insert(policy.to_owned())),
            "DetachRolePolicy" => assert!(held.attached.remove(policy)),
            "AddRoleToInstanceProfile" => held.profiles += 1,
            "RemoveRoleFromInstanceProfile" => held.profiles -= 1,
            "DeleteRole" => {
                assert!(held.inline == 0 && held.attached.is_empty() && held.profiles == 0);
                roles.remove(role);
            }
            _ => {}
        }
    }
    for wanted in ["DeleteRole", "DeletePolicyVersion", "UpdateAssumeRolePolicy", "CreateAccessKey"]
    {
        assert!(names.contains(wanted), "no {wanted}");
    }
}

#[test]
fn no_document_gives_escalation() {
    let mut seen = 0;
    for record in &records(5) {
        let document = text(record, "policyDocument");
        if document.is_empty() || record["eventName"] == "UpdateAssumeRolePolicy" {
            continue;
        }
        seen += 1;
        let document: Value = serde_json::from_str(document).unwrap();
        for statement in document["Statement"].as_array().unwrap() {
            assert_ne!(statement["Resource"], "*");
            for action in statement["Action"].as_array().unwrap() {
                let action = action.as_str().unwrap();
                let service = action.split(':').next().unwrap();
                let harmless = ["s3", "dynamodb", "sqs", "sns", "logs", "ssm", "ses"];
                assert!(harmless.contains(&service) && !action.contains('*'), "{action}");
                assert!(service != "ssm" || action.starts_with("ssm:Get"), "{action}");
            }
        }
    }
    assert!(seen > 100);
}

#[test]
fn the_baseline_holds_everybody_who_calls() {
    let details = baseline::details().to_string();
    let report = baseline::credential_report();
    for record in &records(1) {
        let identity = &record["userIdentity"];
        let issuer = identity["sessionContext"]["sessionIssuer"]["arn"].as_str();
        match identity["type"].as_str().unwrap() {
            "AssumedRole" => assert!(details.contains(issuer.unwrap())),
            "IAMUser" => {
                let arn = identity["arn"].as_str().unwrap();
                assert!(details.contains(arn) && report.contains(arn));
            }
            kind => assert_eq!(kind, "WebIdentityUser"),
        }
    }
}
