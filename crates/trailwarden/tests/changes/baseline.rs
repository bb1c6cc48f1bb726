//! `--baseline`: what was there before the logs.

use serde_json::{Value, json};

use crate::support::{Changes as _, changes, folder, log, put, records, run};

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

/// The records of the trail lie at 12:00 of 1 March 2026.
const LATER: &str = "2026-03-02T00:00:00Z";

/// A snapshot of after the incident shows what the incident left, not what was before: the records are
/// judged as without it, and that is said. IAM API Reference, `GetAccountAuthorizationDetails`: it is of
/// the time of the call, which it does not name.
#[test]
fn a_baseline_from_after_the_records_is_no_start_for_them() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let file = put(folder.path(), "account.json", details(EVERYTHING).to_string());
    let without = changes(&log, &["--json"]);
    let late = changes(&log, &["--json", "--baseline", &file, "--baseline-time", LATER]);
    assert_eq!(late.changes(), without.changes());
    assert_eq!(late.code, 3);
    let said = "was taken at 2026-03-02 00:00:00 UTC; the records from 2026-03-01 12:00:00 UTC to \
                2026-03-01 12:00:00 UTC are from before it and are judged by what the logs show";
    assert!(late.said.contains(said), "{}", late.said);
    let json = late.json();
    assert!(json["notes"][0].as_str().is_some_and(|note| note.contains(said)), "{json}");
    let used = &json["summary"]["baselines"][0];
    assert_eq!((&used["is_dated"], &used["earlier_records"]), (&true.into(), &1.into()), "{used}");
    assert_eq!(used["taken"], LATER);
    let quiet = changes(
        &log,
        &["--format", "csv", "--baseline", &file, "--baseline-time", LATER, "--quiet"],
    );
    assert_eq!((quiet.said.as_str(), quiet.code), ("", 3));
}

#[test]
fn a_scan_with_a_late_baseline_finds_what_it_finds_without_and_says_so() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let file = put(folder.path(), "account.json", details(EVERYTHING).to_string());
    let scan = |flags: &[&str]| {
        let args: Vec<&str> = ["scan", &log, "--json"].iter().chain(flags).copied().collect();
        run(&args)
    };
    let (without, late) = (scan(&[]), scan(&["--baseline", &file, "--baseline-time", LATER]));
    assert_eq!(late.json()["findings"], without.json()["findings"]);
    assert_eq!((without.code, late.code), (0, 3));
    assert!(late.said.contains("are from before it"), "{}", late.said);
    assert_eq!(late.json()["summary"]["baselines"][0]["earlier_records"], 1);
    let before = scan(&["--baseline", &file, "--baseline-time", "2026-02-01"]);
    assert_eq!((before.code, before.said.as_str()), (0, ""));
    assert_ne!(before.json()["findings"], without.json()["findings"]);
}

/// The newest date inside is the least that the time can be, so it is not taken for granted in silence.
#[test]
fn a_baseline_without_a_time_is_not_trusted_in_silence() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let file = put(folder.path(), "account.json", details(EVERYTHING).to_string());
    let ran = changes(&log, &["--json", "--baseline", &file]);
    assert!(ran.said.contains("does not say when it was taken"), "{}", ran.said);
    assert!(ran.said.contains("--baseline-time"), "{}", ran.said);
    assert_eq!(ran.code, 0);
    let named = ["--baseline", &file, "--baseline-time", "111122223333=2026-02-01"];
    assert_eq!(changes(&log, &named).said, "");
    for (time, says) in [
        ("2024-12-31", "something in it is of 2025-01-01T00:00:00Z"),
        ("444455556666=2026-02-01", "an account without a baseline"),
        ("never", "is no time"),
        ("1111=2026-02-01", "is no account"),
    ] {
        let ran = changes(&log, &["--baseline", &file, "--baseline-time", time]);
        assert_eq!(ran.code, 2, "{time}");
        assert!(ran.said.contains(says), "{time}: {}", ran.said);
    }
}
