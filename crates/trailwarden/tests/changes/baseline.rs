//! `--baseline`: what was there before the logs.

use serde_json::{Value, json};

use crate::support::{changes, folder, log, put, records, run};

/// What `get-account-authorization-details` prints of an account with one user.
fn details(document: &str) -> Value {
    json!({
        "UserDetailList": [{
            "Path": "/", "UserName": "alice", "UserId": "AIDAALICE1EXAMPLE00",
            "Arn": "arn:aws:iam::111122223333:user/alice",
            "CreateDate": "2025-01-01T00:00:00Z",
            "UserPolicyList": [{
                "PolicyName": "own",
                "PolicyDocument": serde_json::from_str::<Value>(document).unwrap()
            }],
            "GroupList": [], "AttachedManagedPolicies": [], "Tags": []
        }],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []
    })
}

const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// One and the same call, judged without and with what was there before.
const TRAIL: &str = "root iam:PutUserPolicy user/alice allow=* named=more";

#[test]
fn a_baseline_tells_what_was_before() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let without = changes(&log, &["--json"]).changes().remove(0);
    assert_eq!(without["effect"]["principals"][0]["grade_before"], "unknown", "{without}");
    let file = put(folder.path(), "account.json", details(EVERYTHING).to_string());
    let with = changes(&log, &["--json", "--baseline", &file]).changes().remove(0);
    assert_eq!((&with["moved"], &with["severity"]), (&"nothing".into(), &Value::Null), "{with}");
    let named = format!("111122223333={file}");
    let told = changes(&log, &["--json", "--baseline", &named]).changes().remove(0);
    assert_eq!(told, with);
}

/// The same flag on a scan: what was there before is no finding.
#[test]
fn a_scan_takes_a_baseline() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let file = put(folder.path(), "account.json", details(EVERYTHING).to_string());
    let widened = |flags: &[&str]| {
        let args: Vec<&str> =
            ["scan", &log, "--json", "--changes"].iter().chain(flags).copied().collect();
        let report = run(&args).json();
        let by_effect = |finding: &&Value| !finding["effect"].is_null();
        let count = report["findings"].as_array().unwrap().iter().filter(by_effect).count();
        (count, report["changes"][0]["severity"].clone())
    };
    let (count, severity) = widened(&[]);
    assert!(count > 0 && !severity.is_null(), "{count} {severity}");
    assert_eq!(widened(&["--baseline", &file]), (0, Value::Null));
}

/// An answer without the baseline would be another answer, so there is none.
#[test]
fn a_baseline_that_cannot_be_used_ends_the_command() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let good = put(folder.path(), "good.json", details(EVERYTHING).to_string());
    let text = put(folder.path(), "text.json", "no baseline");
    let policy = put(folder.path(), "policy.json", EVERYTHING);
    let other = format!("444455556666={good}");
    for (files, says) in [
        (vec![text.as_str()], "text.json"),
        (vec![policy.as_str()], "is no part of a baseline"),
        (vec!["missing.json"], "missing.json"),
        (vec![good.as_str(), policy.as_str()], "is no part of a baseline"),
        (vec![other.as_str()], "is of account 111122223333, not 444455556666"),
    ] {
        for command in ["changes", "scan"] {
            let args: Vec<&str> =
                [command, &log, "--baseline"].iter().chain(&files).copied().collect();
            let ran = run(&args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command} {files:?}");
            assert!(ran.said.contains(says), "{command} {files:?}: {}", ran.said);
        }
    }
}
