//! A folder with everything in it: what is good is reported, what is bad is named.

use flate2::Compression;
use serde_json::json;

use crate::support::{folder, gzip, put, records, run_on, s3, scan, text};

/// Some records of one user, told apart by their ids.
fn reads(user: &str, count: usize) -> Vec<serde_json::Value> {
    records(&format!("{user} iam:ListUsers\n").repeat(count))
}

#[test]
fn all_good_records_are_reported_and_every_bad_input_is_named() {
    let folder = folder();
    let path = folder.path();
    let incident = records("mallory iam:CreateAccessKey user/alice");
    let mut good = 0;

    put(path, "good.json", s3(&incident));
    put(path, "good.json.gz", gzip(s3(&reads("ann", 20)).as_bytes(), Compression::default()));
    let lines: Vec<String> = reads("ben", 5).iter().map(ToString::to_string).collect();
    put(path, "good.ndjson", lines.join("\n"));
    good += 1 + 20 + 5;

    // Stored, not compressed, so that it is certain which records come before the cut.
    let whole = s3(&reads("cut", 10));
    let third_ends = whole.match_indices("\"userIdentity\"").nth(3).unwrap().0;
    let stored = gzip(whole.as_bytes(), Compression::none());
    put(path, "truncated.json.gz", &stored[..third_ends + 20]);
    good += 3;

    // Bad records between good ones.
    let [first, last] = <[_; 2]>::try_from(reads("dora", 2)).unwrap();
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    put(
        path,
        "depth-bomb.json",
        format!(
            r#"{{"Records":[{first},{{"eventTime":"2026-03-01T12:00:00Z","eventName":"X","a":{deep}}},{last}]}}"#
        ),
    );
    let [first, last] = <[_; 2]>::try_from(reads("emil", 2)).unwrap();
    let mut large = first.clone();
    large["requestParameters"] = json!({ "padding": "x".repeat(10 << 20) });
    put(path, "large.json", s3(&[first, large, last]));
    let [first, mut no_time, mut no_name, last] = <[_; 4]>::try_from(reads("fay", 4)).unwrap();
    no_time["eventTime"] = json!("yesterday");
    no_name["eventName"] = json!(7);
    put(path, "odd-records.json", s3(&[first, no_time, no_name, last]));
    good += 2 + 2 + 2;

    let bomb = format!(r#"{{"Records":[{}]}}"#, " ".repeat(96 << 20));
    put(path, "bomb.json.gz", gzip(bomb.as_bytes(), Compression::best()));
    put(path, "garbage.json", [0xfe, 0x00, 0x1f, 0x8b, 0xff, 0x00, 0x80]);
    put(path, "not-gzip.json.gz", [0x1f, 0x8b, 0x08, 0x00, 0xff, 0xff]);
    put(path, "notes.txt", "Call the owner of the account tomorrow.\n");
    put(path, "package.json", r#"{"name":"app","version":"1.0.0","dependencies":{}}"#);
    // These belong to CloudTrail and hold no records: nothing is wrong with them.
    put(
        path,
        "digest.json",
        r#"{"awsAccountId":"111122223333","digestStartTime":"2026-03-01T12:00:00Z","digestEndTime":"2026-03-01T13:00:00Z","digestS3Bucket":"b","digestS3Object":"o","logFiles":[],"previousDigestSignature":null}"#,
    );
    put(path, "empty-list.json", r#"{"Records":[]}"#);

    let ran = scan(&[text(path)], &["--json"]);
    let report = ran.report();
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(report.summary.records, good, "{:?}", report.summary);
    assert!(report.findings.iter().any(|finding| finding.rule == "access-key-for-another-user"));
    let named = |name: &str| {
        report.rejects.iter().filter(|reject| reject.file.ends_with(name)).collect::<Vec<_>>()
    };
    for (name, count) in [
        ("truncated.json.gz", 1),
        ("depth-bomb.json", 1),
        ("large.json", 1),
        ("odd-records.json", 2),
        ("bomb.json.gz", 1),
        ("garbage.json", 1),
        ("not-gzip.json.gz", 1),
        ("notes.txt", 1),
        ("package.json", 1),
        ("good.json", 0),
        ("good.json.gz", 0),
        ("good.ndjson", 0),
        ("digest.json", 0),
        ("empty-list.json", 0),
    ] {
        let named: Vec<_> =
            named(&format!("/{name}")).iter().map(|reject| reject.cause.as_str()).collect();
        assert_eq!(named.len(), count, "{name}: {named:?}");
    }
    assert_eq!(report.summary.rejects, 10);
    assert_eq!(report.summary.skipped_files, 1);
    // Place: the second record, at its own offset.
    let large = named("/large.json")[0];
    assert_eq!(large.record, Some(1));
    assert!(large.offset.is_some_and(|offset| offset > 100), "{large:?}");
    // Every bad input stands in what a person reads, too.
    let table = scan(&[text(path)], &["--format", "table"]).out;
    for reject in &report.rejects {
        let name = reject.file.rsplit('/').next().unwrap();
        assert!(table.contains(name), "{name} is not in the table");
    }
}

#[test]
fn limits_can_be_set() {
    let folder = folder();
    let [first, mut middle, last] = <[_; 3]>::try_from(reads("ann", 3)).unwrap();
    middle["requestParameters"] = json!({ "a": [[[[[["deep"]]]]]], "padding": "x".repeat(20_000) });
    let path = put(folder.path(), "log.json", s3(&[first, middle, last]));
    for flags in [["--record-max", "10KB"], ["--depth-max", "6"]] {
        let ran = scan(&[&path], &[&["--json"], &flags[..]].concat());
        let report = ran.report();
        assert_eq!((ran.code, report.summary.records), (3, 2), "{flags:?} {:?}", report.rejects);
        assert_eq!(report.rejects[0].record, Some(1));
    }
    assert_eq!(scan(&[&path], &["--json"]).report().summary.records, 3);
    let packed = gzip(s3(&reads("ann", 30)).as_bytes(), Compression::best());
    let path = put(folder.path(), "log.json.gz", packed);
    let ran = scan(&[&path], &["--json", "--inflated-max", "1KB"]);
    assert_eq!(ran.report().summary.rejects, 1, "{}", ran.out);
    assert_ne!(ran.code, 0);
    assert_eq!(scan(&[&path], &["--json"]).report().summary.records, 30);
}

/// An envelope is told by its content; all of them in one run, from standard input too.
#[test]
fn envelopes_are_mixed_in_one_run() {
    let folder = folder();
    let all = reads("ann", 4);
    let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
    put(folder.path(), "array.log", json!([all[0]]).to_string());
    put(folder.path(), "bridge", json!({"detail-type": "AWS API Call via CloudTrail", "source": "aws.iam", "detail": all[1]}).to_string());
    put(
        folder.path(),
        "lookup.txt",
        json!({"Events": [{"CloudTrailEvent": texts[2]}]}).to_string(),
    );
    let ran = run_on(texts[3].as_bytes(), &["scan", text(folder.path()), "-", "--json"]);
    assert_eq!((ran.code, ran.report().summary.records), (0, 4), "{:?}", ran.report().rejects);
    let ran = run_on(&gzip(s3(&all).as_bytes(), Compression::best()), &["scan", "-", "--json"]);
    assert_eq!((ran.code, ran.report().summary.records), (0, 4));
}

/// Insights are about calls and are none; a call seen by a VPC endpoint may hide its caller.
#[test]
fn records_of_other_kinds_are_read() {
    let folder = folder();
    let insight = json!({
        "eventVersion": "1.08", "eventTime": "2026-03-01T12:00:00Z", "awsRegion": "us-east-1",
        "eventID": "083dc4ad-e264-46bc-a407-d0dd31b58bd0", "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": "111122223333", "sharedEventID": "x", "eventCategory": "Insight",
        "insightDetails": {
            "state": "Start", "eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey",
            "insightType": "ApiCallRateInsight",
        },
    });
    let mut network = records("mallory s3:GetObject denied").remove(0);
    network["eventType"] = json!("AwsVpceEvent");
    network["eventCategory"] = json!("NetworkActivity");
    network["errorCode"] = json!("VpceAccessDenied");
    network["userIdentity"] =
        json!({ "type": "AWSAccount", "principalId": "x", "accountId": "111122223333" });
    let mut newer = records("alice iam:ListUsers").remove(0);
    newer["eventVersion"] = json!("2.57");
    newer["something"] = json!({ "new": [1, 2] });
    let log = put(folder.path(), "log.json", s3(&[insight, network, newer]));
    for flags in [&["--json"][..], &["--json", "--no-skip"]] {
        let ran = scan(&[&log], flags);
        let report = ran.report();
        assert_eq!((ran.code, report.summary.records), (0, 3), "{:?}", report.rejects);
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

/// Of more accounts than the privilege graph joins, no ways are told, and that is said.
#[test]
fn too_many_accounts_for_the_graph_are_told() {
    let folder = folder();
    let template = records("mallory iam:CreateUser user/alice").remove(0);
    let many = |count: usize| -> Vec<serde_json::Value> {
        let of_account = |at: usize| {
            let mut record = template.clone();
            let account = format!("{:012}", 222_200_000_000_usize + at);
            record["eventID"] = json!(format!("00000000-0000-4000-8000-{at:012}"));
            record["recipientAccountId"] = json!(account);
            record["userIdentity"]["accountId"] = json!(account);
            record["userIdentity"]["arn"] = json!(format!("arn:aws:iam::{account}:user/mallory"));
            record
        };
        (0..count).map(of_account).collect()
    };
    for (count, is_told) in [(3, false), (501, true)] {
        let path = put(folder.path(), "log.json", s3(&many(count)));
        let ran = scan(&[&path], &["--format", "ndjson"]);
        let told: Vec<_> =
            ran.findings().into_iter().filter(|one| one.rule == "paths-not-drawn").collect();
        assert_eq!(told.len(), usize::from(is_told), "{count}: {}", ran.said);
        let Some(told) = told.first() else { continue };
        assert_eq!(told.kind, trailwarden_model::finding::Kind::Health);
        assert_eq!(told.severity, trailwarden_model::Severity::Low);
        assert!(told.explanation.contains("more than 500 accounts"), "{}", told.explanation);
        assert!(told.explanation.contains("--account"), "it says what to do");
    }
}
