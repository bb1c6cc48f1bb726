//! What somebody contained does all the same: a journal and logs in, findings and an exit code out.

use std::path::Path;

use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_runtime::executor::{Approval, Direction, Event, How, Journal};

use crate::support::{Ran, check_schema, example, folder, run};

/// 2026-06-01T12:00:00Z: when AWS showed that the key is off.
const NOON: Timestamp = Timestamp::from_seconds(1_780_315_200);
const RUN: &str = "20260601-1";

/// A run that switched a key of alice's off.
fn journal(folder: &Path) {
    let mut journal = Journal::open(&folder.join("state"), NOON).unwrap();
    let plan = example("deactivate-access-key");
    let (direction, step) = (Direction::Apply, "1".to_owned());
    let approval = Approval { digest: plan.digest.clone(), how: How::Yes, by: "ann".to_owned() };
    let caller = "arn:aws:iam::111122223333:user/operator".to_owned();
    let call = "iam:UpdateAccessKey".to_owned();
    let (input, before) = (json!({}), Vec::new());
    let mut add = |at, event| journal.append(NOON.plus(at), Some(RUN), event).unwrap();
    add(-3, Event::Begun { plan: Box::new(plan), approval, caller });
    add(-2, Event::Calling { direction, step: step.clone(), call, input, before });
    add(-1, Event::Replied { direction, step: step.clone(), reply: json!({}) });
    add(0, Event::Held { direction, step, differs: Vec::new() });
    add(1, Event::Ended { direction });
}

fn record(at: i64, user: &str, key: &str, error: Option<&str>) -> Value {
    json!({"eventVersion": "1.08", "eventID": format!("00000000-0000-0000-0000-{:012}", at + 10_000),
        "userIdentity": {"type": "IAMUser", "principalId": format!("AIDA{user}"), "userName": user,
            "arn": format!("arn:aws:iam::111122223333:user/{user}"), "accountId": "111122223333",
            "accessKeyId": key},
        "eventTime": NOON.plus(at).to_string(), "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets", "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli", "errorCode": error, "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333"})
}

fn alice(at: i64, error: Option<&str>) -> Value {
    record(at, "alice", "AKIAEXAMPLEOFALICE01", error)
}

fn other(at: i64) -> Value {
    record(at, "bob", "AKIAEXAMPLEOFBOB0001", None)
}

fn watch(folder: &Path, records: &[Value], flags: &str) -> Ran {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(folder.join("logs.ndjson"), lines.join("\n")).unwrap();
    run(folder, &format!("remediate watch {RUN} --logs logs.ndjson --state state {flags}"))
}

#[test]
fn activity_after_a_containment_is_a_finding() {
    let folder = folder();
    journal(folder.path());
    let records = [
        other(-600),
        alice(-5, None),
        alice(60, None),
        alice(300, None),
        alice(301, Some("AccessDenied")),
        other(3_600),
    ];
    let ran = watch(folder.path(), &records, "--json --fail-on critical");
    assert_eq!(ran.code, 1, "{ran:?}");
    let report = ran.json();
    check_schema("report", &report);
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<&str> = findings.iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert_eq!(told, ["critical", "medium", "low"]);
    assert_eq!(findings[0]["rule"], "activity-after-containment");
    assert_eq!(findings[0]["evidence"][0]["file"], "logs.ndjson");
    assert_eq!(findings[0]["evidence"][0]["record"], 3);
    assert_eq!(findings[0]["evidence"][0]["event_time"], "2026-06-01T12:05:00Z");
    assert!(
        ran.said.contains("user alice: 3 calls in the logs from 2026-06-01 12:00:00 UTC"),
        "{}",
        ran.said
    );

    let ran = watch(folder.path(), &records, "--for 2m --fail-on critical --quiet");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("Somebody acted right after being contained"), "{}", ran.out);
    let ran = watch(folder.path(), &records, "--format ndjson --min-severity critical --quiet");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{ran:?}");
}

#[test]
fn no_activity_is_told_with_the_time_that_the_logs_cover() {
    let folder = folder();
    journal(folder.path());
    let ran = watch(folder.path(), &[other(-600), other(3_600)], "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.said,
        "user alice: no call in the logs from 2026-06-01 12:00:00 UTC to 2026-06-01 13:00:00 UTC\n"
    );
    for (records, flags, why) in [
        (vec![other(-600), other(-60)], "", "the logs end at 2026-06-01T11:59:00Z"),
        (vec![other(-600), other(30)], "", "the logs end at 2026-06-01T12:00:30Z"),
        (vec![other(60), other(3_600)], "", "the logs begin at 2026-06-01T12:01:00Z"),
        (vec![other(-600), other(600)], "--for 15m", "the time up to 2026-06-01T12:15:00Z decides"),
    ] {
        let ran = watch(folder.path(), &records, flags);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.said.contains("nothing is certain about user alice"), "{}", ran.said);
        assert!(ran.said.contains(why), "{}", ran.said);
        let report = watch(folder.path(), &records, &format!("{flags} --json --quiet")).json();
        let reason = report["summary"]["off"][0]["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains(why), "{reason}");
    }
}

#[test]
fn a_run_that_contains_nobody_is_refused() {
    let folder = folder();
    journal(folder.path());
    let ran = run(folder.path(), "remediate watch 20260601-9 --logs . --state state");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.said.contains("no run `20260601-9`"), "{}", ran.said);
    let ran = watch(folder.path(), &[other(0)], "--until 2026-06-01T11:00:00Z");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.said.contains("--until is not after the containment"), "{}", ran.said);
    let mut journal = Journal::open(&folder.path().join("state"), NOON).unwrap();
    let held =
        Event::Held { direction: Direction::Undo, step: "1".to_owned(), differs: Vec::new() };
    journal.append(NOON.plus(60), Some(RUN), held).unwrap();
    drop(journal);
    let ran = watch(folder.path(), &[other(0)], "");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.said.contains("no containment of the run"), "{}", ran.said);
}
