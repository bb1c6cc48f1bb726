//! Plans that put narrower policies in place.

use serde_json::{Value, json};

use crate::account::{calls, details, put, records};
use crate::support::{folder, run};

#[test]
fn a_plan_narrows_replaces_and_makes_versions() {
    let folder = folder();
    put(folder.path(), &details(), &records(&calls()));
    let line =
        "least-privilege --all --plan plan.json --baseline account.json --logs log.json --quiet";
    let ran = run(folder.path(), line);
    assert_eq!(ran.code, 3, "{}", ran.said);
    let plan = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    let calls: Vec<&str> = steps.iter().map(|step| step["operation"].as_str().unwrap()).collect();
    for call in [
        "PutRolePolicy",
        "PutGroupPolicy",
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
        "CreatePolicy",
        "AttachRolePolicy",
        "DetachRolePolicy",
    ] {
        assert!(calls.contains(&call), "{call} is not of {calls:?}");
    }
    // The only administrator stays one.
    assert!(!calls.contains(&"DetachUserPolicy"), "{calls:?}");
    assert!(ran.said.contains("last administrator"), "{}", ran.said);
    let put = steps.iter().find(|step| step["operation"] == "PutRolePolicy").unwrap();
    assert_eq!(put["input"]["PolicyName"], json!("work"));
    assert!(!put["inverse"].is_null());
    let shown = run(folder.path(), "remediate show plan.json --as cli");
    assert!(shown.code == 0 && shown.out.contains("put-role-policy"), "{}", shown.said);
}

#[test]
fn nothing_to_change_is_no_plan() {
    let folder = folder();
    let none = json!({ "Records": [] });
    put(folder.path(), &details(), &none);
    let line =
        "least-privilege alice --plan plan.json --baseline account.json --logs log.json --quiet";
    let ran = run(folder.path(), line);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert!(ran.said.contains("nothing to plan"), "{}", ran.said);
    assert!(!folder.path().join("plan.json").exists());
}
