//! Findings of which the steps deal with some calls only, and findings that are told together.

use serde_json::{Value, json};

use crate::account::finding;
use crate::support::{folder, run};

fn record(id: &str, call: &str, minute: u32, request: &Value) -> Value {
    json!({ "eventVersion": "1.11", "eventTime": format!("2026-05-01T10:0{minute}:00Z"),
        "eventSource": "cloudtrail.amazonaws.com", "eventName": call, "awsRegion": "eu-west-1",
        "userIdentity": { "type": "IAMUser", "principalId": "AIDAMALLORY", "userName": "mallory",
            "arn": "arn:aws:iam::111122223333:user/mallory", "accountId": "111122223333",
            "accessKeyId": "AKIAMALLORYEXAMPLE12" },
        "sourceIPAddress": "192.0.2.9", "userAgent": "aws-cli", "requestParameters": request,
        "responseElements": null, "eventID": id, "eventType": "AwsApiCall", "readOnly": false,
        "managementEvent": true, "recipientAccountId": "111122223333" })
}

fn evidence(record: &Value) -> Value {
    json!({ "event_id": record["eventID"], "event_name": record["eventName"],
        "event_source": record["eventSource"], "event_time": record["eventTime"],
        "account": "111122223333", "file": "log.json", "record": 0 })
}

#[test]
fn what_a_plan_leaves_of_a_finding_is_told_and_counts_as_planned_in_part() {
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    let records = [
        record(
            "11111111-0000-4000-8000-000000000001",
            "StopLogging",
            0,
            &json!({ "name": "main" }),
        ),
        record(
            "11111111-0000-4000-8000-000000000002",
            "PutInsightSelectors",
            1,
            &json!({ "trailName": "main", "insightSelectors": [] }),
        ),
    ];
    let trail = json!({ "kind": "trail", "name": "main" });
    let mut found = finding("tw-1", "trail-stopped-or-deleted", trail, &["restore-trail"]);
    found["region"] = "eu-west-1".into();
    found["evidence"] = records.iter().map(evidence).collect();
    found["evidence_total"] = 2.into();
    std::fs::write(file("findings.ndjson"), found.to_string()).unwrap();
    std::fs::write(file("log.json"), json!({ "Records": records }).to_string()).unwrap();
    let line = "remediate plan --findings findings.ndjson --all --logs log.json";
    let ran = run(folder.path(), &format!("{line} --output plan.json"));
    assert_eq!(ran.code, 3, "{}", ran.said);
    let told = "Planned in part: 1 finding\n    - tw-1 high trail-stopped-or-deleted: main\n      \
                not done by this plan: cloudtrail:PutInsightSelectors of 2026-05-01T10:01:00Z\n        1. ";
    assert!(ran.said.contains(told), "{}", ran.said);
    assert!(ran.said.contains("put-insight-selectors --trail-name main"), "{}", ran.said);
    // Whoever reviews the plan's document reads it, too.
    let ran = run(folder.path(), "remediate show plan.json --as review");
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(
        ran.out.contains("NOT DONE BY THIS PLAN: cloudtrail:PutInsightSelectors"),
        "{}",
        ran.out
    );
    let ran = run(folder.path(), &format!("{line} --json"));
    let answer = &ran.json()["findings"][0];
    assert_eq!((ran.code, &answer["outcome"]), (3, &json!("planned")), "{answer}");
    assert_eq!(answer["left"][0]["call"], "cloudtrail:PutInsightSelectors");
    assert_eq!(answer["left"][0]["records"], json!(["11111111-0000-4000-8000-000000000002"]));
}

#[test]
fn of_findings_that_are_told_together_what_is_the_same_is_filled_in() {
    let folder = folder();
    let refused = |id: &str, trail: &str, actor: &str| {
        let target = json!({ "kind": "trail", "name": trail });
        let mut found = finding(id, "trail-stopped-or-deleted", target, &["restore-trail"]);
        found["outcome"] = "denied".into();
        found["actor"]["name"] = actor.into();
        found.to_string()
    };
    let told = |findings: &[String]| {
        std::fs::write(folder.path().join("findings.ndjson"), findings.join("\n")).unwrap();
        std::fs::write(folder.path().join("log.json"), r#"{"Records":[]}"#).unwrap();
        let line = "remediate plan --findings findings.ndjson --all --account 111122223333 --logs log.json --output plan.json";
        run(folder.path(), line).said
    };
    let said = told(&[refused("tw-1", "a", "mallory"), refused("tw-2", "b", "mallory")]);
    assert!(said.contains("1. Ask whoever called it, mallory, what for"), "{said}");
    assert!(!said.contains("ACTOR"), "{said}");
    let said = told(&[refused("tw-1", "a", "mallory"), refused("tw-2", "b", "eve")]);
    for actor in ["mallory", "eve"] {
        assert!(said.contains(&format!("Ask whoever called it, {actor}, what for")), "{said}");
    }
}
