//! SARIF of `lint`: what code scanning asks for.

use serde_json::Value;

use crate::support::{folder, policy, put, run, run_in};

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn of_rule<'l>(log: &'l Value, rule: &str) -> &'l Value {
    results(log).iter().find(|result| result["ruleId"] == rule).unwrap()
}

fn region(result: &Value) -> [u64; 4] {
    let region = &result["locations"][0]["physicalLocation"]["region"];
    ["startLine", "startColumn", "endLine", "endColumn"].map(|name| region[name].as_u64().unwrap())
}

#[test]
fn every_result_has_rule_region_and_fingerprint() {
    let args = ["lint", "deploy.json", "shop.tfplan.json", "queue.template", "absent.json"];
    let ran = run(&[&args[..], &["--format", "sarif"]].concat());
    assert_eq!(ran.code, 3);
    let log = ran.json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(results(&log).len() >= 4);
    for result in results(&log) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let score: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
        assert!((0.0..=10.0).contains(&score));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let [line, column, end_line, end_column] = region(result);
        assert!(line >= 1 && column >= 1 && (end_line, end_column) >= (line, column));
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(!uri.as_str().unwrap().contains(':'), "{uri} is not relative");
        assert!(result["partialFingerprints"]["trailwardenFinding/v1"].is_string());
    }
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
}

/// Code scanning counts UTF-16 code units, and an end is the column behind.
#[test]
fn columns_are_those_of_editors() {
    let folder = folder();
    let text = policy(r#""Sid":"😀é","Effect":"Allow","Action":"s3:GetObjects","Resource":"*""#);
    put(folder.path(), "a b.json", &text);
    let log = run_in(folder.path(), &["lint", "a b.json", "--format", "sarif"]).json();
    let result = of_rule(&log, "unknown-action");
    let start = text.find("\"s3:GetObjects\"").unwrap();
    let column = text[..start].encode_utf16().count() as u64 + 1;
    assert_eq!(region(result), [1, column, 1, column + 15]);
    let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "a%20b.json");
}

/// A path below the working folder becomes relative, whichever way it was given.
#[test]
fn an_absolute_path_becomes_relative() {
    let folder = folder();
    let home = std::fs::canonicalize(folder.path()).unwrap();
    put(
        &home,
        "deep/a.json",
        policy(r#""Effect":"Allow","Action":"s3:GetObjects","Resource":"*""#),
    );
    let whole = home.join("deep/a.json");
    for path in [whole.to_str().unwrap(), "deep", "./deep/a.json"] {
        let log = run_in(&home, &["lint", path, "--format", "sarif"]).json();
        let uri = &of_rule(&log, "unknown-action")["locations"][0]["physicalLocation"];
        assert_eq!(uri["artifactLocation"]["uri"], "deep/a.json", "{path}");
    }
}

/// A policy inside a string has the place of the string; the message leads on.
#[test]
fn a_policy_in_a_plan_points_at_its_string() {
    let log = run(&["lint", "shop.tfplan.json", "--format", "sarif"]).json();
    let result = of_rule(&log, "unknown-action");
    assert_eq!(region(result)[..2], [26, 21]);
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("aws_iam_role_policy.shop: policy, 1:"), "{text}");
    let logical = &result["locations"][0]["logicalLocations"][0];
    assert_eq!(logical["name"], "aws_iam_role_policy.shop: policy");
}
