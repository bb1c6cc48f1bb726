//! Keys that are inactive already: since when, where only the state folder knows, and by logs alone.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::account::{ACCOUNT, BASELINE, finding, outcome, plan};
use crate::support::{Ran, folder, run};

/// Bob's older key as the AWS CLI lists it, by its status.
fn write(folder: &Path, is_active: bool) {
    let key = |id: &str, status: &str, made: &str| json!({ "UserName": "bob", "AccessKeyId": id, "Status": status, "CreateDate": made });
    let status = if is_active { "Active" } else { "Inactive" };
    let keys = json!({ "AccessKeyMetadata": [
        key("AKIABOBSNEWKEY", "Active", "2026-05-01T00:00:00Z"),
        key("AKIABOBSOLDKEY", status, "2025-02-01T00:00:00Z"),
    ] });
    fs::write(folder.join("keys.json"), keys.to_string()).unwrap();
    let report = fs::read_to_string(folder.join("report.csv")).unwrap();
    let row = |is_active: bool| format!("00:00,N/A,false,{is_active},2025-02-01");
    let report = report.replace(&row(!is_active), &row(is_active));
    assert!(report.contains(&row(is_active)));
    fs::write(folder.join("report.csv"), report).unwrap();
}

fn planned(folder: &Path, day: &str, is_active: bool) -> (Value, Ran) {
    write(folder, is_active);
    let baseline = BASELINE.replace("2026-06-01", day);
    let line =
        format!("remediate plan --findings findings.ndjson --all {baseline} --json --state kept");
    let ran = run(folder, &line);
    (outcome(&ran, "tw-1"), ran)
}

/// The grace of 35 days counts from the first sighting after the last one of the key in use.
#[test]
fn a_key_is_deleted_when_it_was_seen_inactive_for_long_enough() {
    let folder = folder();
    let key = json!({ "kind": "user", "arn": "arn:aws:iam::111122223333:user/bob", "name": "bob" });
    let found = [finding("tw-1", "inactive-access-key-kept", key, &["delete-credential"])];
    plan(folder.path(), &found, "");
    for (day, is_active, due) in [
        ("2026-06-01", false, Some("2026-07-06")),
        ("2026-07-05", false, Some("2026-07-06")),
        ("2026-07-06", false, None),
        ("2026-07-07", true, Some("no date")),
        ("2026-07-08", false, Some("2026-08-12")),
    ] {
        let (told, ran) = planned(folder.path(), day, is_active);
        let reason = told["reason"].as_str().unwrap_or_default();
        match due {
            None => {
                assert_eq!(told["outcome"], "planned", "{day}: {told}");
                let notes = ran.json()["plan"]["preview"]["remedies"][0]["notes"].to_string();
                assert!(notes.contains("seen to be inactive on 2026-06-01"), "{notes}");
            }
            Some("no date") => assert_ne!(told["outcome"], "planned", "{day}: {told}"),
            Some(due) => assert!(reason.contains(due), "{day}: {told}"),
        }
    }
}

/// A key that somebody switched off after the finding is not switched off again; one that was used later, or
/// switched on, is.
#[test]
fn a_key_that_the_logs_show_switched_off_is_left_alone() {
    let folder = folder();
    let key = json!({ "kind": "user", "arn": "arn:aws:iam::111122223333:user/bob", "name": "bob",
        "access_key": "AKIABOBSOLDKEY" });
    let found = [finding("tw-1", "x", key, &["deactivate-access-key"])];
    plan(folder.path(), &found, "");
    let record = |id: &str, time: &str, status: &str| {
        json!({ "eventVersion": "1.11", "eventID": id, "eventTime": time,
            "eventName": "UpdateAccessKey", "eventSource": "iam.amazonaws.com",
            "awsRegion": "us-east-1", "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
            "userIdentity": { "type": "IAMUser", "principalId": "AIDABOB", "userName": "bob",
                "arn": "arn:aws:iam::111122223333:user/bob", "accountId": ACCOUNT },
            "requestParameters": { "userName": "bob", "accessKeyId": "AKIABOBSOLDKEY",
                "status": status } })
    };
    let off = |time| record("e1", time, "Inactive");
    let later = "2026-05-02T00:00:00Z";
    for (records, wanted) in [
        (vec![off(later)], "already"),
        (vec![off("2026-04-30T00:00:00Z")], "planned"),
        (vec![off(later), record("e2", "2026-05-03T00:00:00Z", "Active")], "planned"),
    ] {
        let log = json!({ "Records": records }).to_string();
        fs::write(folder.path().join("log.json"), log).unwrap();
        let line = "remediate plan --findings findings.ndjson --all --logs log.json --json";
        let ran = run(folder.path(), line);
        assert_eq!(outcome(&ran, "tw-1")["outcome"], wanted, "{records:?}");
    }
}

/// A key that is inactive signs nothing: whoever used it had switched it on, whether or not a record shows that.
#[test]
fn the_grace_of_a_key_counts_from_its_last_use() {
    let folder = folder();
    let key = json!({ "kind": "user", "arn": "arn:aws:iam::111122223333:user/bob", "name": "bob" });
    let found = [finding("tw-1", "inactive-access-key-kept", key, &["delete-credential"])];
    plan(folder.path(), &found, "");
    write(folder.path(), false);
    let record = |id: &str, time: &str, name: &str, key: &str, parameters: Value| {
        json!({ "eventVersion": "1.11", "eventID": id, "eventTime": time,
            "eventName": name, "eventSource": "iam.amazonaws.com",
            "awsRegion": "us-east-1", "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
            "userIdentity": { "type": "IAMUser", "principalId": "AIDABOB", "userName": "bob",
                "arn": "arn:aws:iam::111122223333:user/bob", "accountId": ACCOUNT,
                "accessKeyId": key },
            "requestParameters": parameters })
    };
    let off = json!({ "userName": "bob", "accessKeyId": "AKIABOBSOLDKEY", "status": "Inactive" });
    let off = record("e1", "2026-04-01T00:00:00Z", "UpdateAccessKey", "AKIABOBSNEWKEY", off);
    let used = |key| record("e2", "2026-05-20T00:00:00Z", "GetUser", key, Value::Null);
    for (records, wanted) in [
        (vec![off.clone()], "planned"),
        (vec![off.clone(), used("AKIABOBSNEWKEY")], "planned"),
        (vec![off, used("AKIABOBSOLDKEY")], "too_early"),
    ] {
        let log = json!({ "Records": records }).to_string();
        fs::write(folder.path().join("log.json"), log).unwrap();
        let line = format!(
            "remediate plan --findings findings.ndjson --all {BASELINE} --logs log.json --json"
        );
        let ran = run(folder.path(), &line);
        let told = outcome(&ran, "tw-1");
        assert_eq!(told["outcome"], wanted, "{records:?} {told}");
        let reason = told["reason"].as_str().unwrap_or_default();
        assert!(wanted == "planned" || reason.contains("2026-06-24"), "{told}");
    }
}
