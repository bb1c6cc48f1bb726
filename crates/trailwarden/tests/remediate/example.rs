//! The account of the examples, by the commands that their page names.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{folder, run};

fn repository() -> String {
    format!("{}/../..", env!("CARGO_MANIFEST_DIR"))
}

/// Packs the account and plans for what was done to it.
fn planned(folder: &Path) -> Value {
    let root = repository();
    let files = ["credential-report.csv", "details.json", "password-policy.json", "summary.json"];
    let files: Vec<String> =
        files.iter().map(|name| format!("{root}/examples/account/{name}")).collect();
    let packed = run(
        folder,
        &format!(
            "baseline pack {} --time 2026-04-16T00:00:00Z --output account.tw",
            files.join(" ")
        ),
    );
    assert_eq!(packed.code, 0, "{}", packed.said);
    let found = run(folder, &format!("scan {root}/examples/effect --json"));
    std::fs::write(folder.join("findings.json"), found.out).unwrap();
    let line = format!(
        "remediate plan --findings findings.json --all --min-severity high --logs {root}/examples/effect \
         --baseline account.tw --output plan.json --json"
    );
    run(folder, &line).json()
}

/// What the table of `examples/README.md` says of each finding.
#[test]
fn the_plan_of_the_example_is_what_its_page_says() {
    let folder = folder();
    let told = planned(folder.path());
    let said = |step: &Value| {
        let input = step["input"].as_object().unwrap().values();
        let values: Vec<&str> = input.map(|value| value.as_str().unwrap()).collect();
        format!("{} {}", step["operation"].as_str().unwrap(), values.join(" "))
    };
    let steps = told["plan"]["steps"].as_array().unwrap();
    let mut steps: Vec<String> = steps.iter().map(said).collect();
    steps.sort();
    assert_eq!(
        steps,
        [
            "DeleteGroupPolicy builders ShipFunctions",
            "DeleteGroupPolicy release-managers ReleaseTuning",
            "DeleteLoginProfile hana",
            "DetachRolePolicy arn:aws:iam::aws:policy/AdministratorAccess nightly-maintenance",
            "RemoveUserFromGroup help-desk lena",
            "RemoveUserFromGroup release-managers hana",
            "RemoveUserFromGroup release-managers ivan",
            "UpdateUser / nina nina",
        ]
    );
    for form in ["console", "cli", "boto3", "terraform", "review"] {
        let shown = run(folder.path(), &format!("remediate show plan.json --as {form}"));
        assert_eq!(shown.code, 0, "{form}: {}", shown.said);
        assert!(shown.out.contains("ShipFunctions"), "{form}");
    }
}

/// Without the credential report: who got a password before the baseline may have lost it since, where no log shows
/// it. Whoever signed in after the baseline can.
#[test]
fn administrators_of_unknown_credentials_are_named_rather_than_overlooked() {
    let folder = folder();
    let root = repository();
    let found = run(folder.path(), &format!("scan {root}/examples/effect --json"));
    std::fs::write(folder.path().join("findings.json"), found.out).unwrap();
    let line = format!(
        "remediate plan --findings findings.json --all --min-severity high --json \
         --baseline {root}/examples/account/details.json --baseline-time 2026-04-16T00:00:00Z \
         --logs {root}/examples/effect"
    );
    let of = |line: &str, target: &str| {
        let told = run(folder.path(), line).json();
        let mut all = told["findings"].as_array().unwrap().clone();
        all.retain(|one| {
            one["title"] == "Console password added to an existing user" && one["target"] == target
        });
        assert!(!all.is_empty(), "{target}");
        all.remove(0)
    };
    let of_hana = of(&line, "hana");
    assert_eq!(of_hana["outcome"], "unknown", "{of_hana}");
    let reason = of_hana["reason"].as_str().unwrap();
    assert!(reason.contains("generate-credential-report"), "{reason}");
    assert!(reason.contains("user/nina") && !reason.contains("user/hana"), "{reason}");
    assert!(!reason.contains("last administrator"), "{reason}");
    let account = "111122223333";
    let signed_in = json!({ "Records": [{ "eventVersion": "1.11",
        "eventTime": "2026-04-17T08:00:00Z", "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin", "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.9",
        "userAgent": "Mozilla/5.0", "eventID": "5f0c2a44-1111-4222-8333-000000000001",
        "userIdentity": { "type": "IAMUser", "principalId": "AIDARGZCTRQW7TEXAMPLE", "userName": "nina",
            "arn": format!("arn:aws:iam::{account}:user/interns/nina"), "accountId": account },
        "requestParameters": null, "responseElements": { "ConsoleLogin": "Success" },
        "additionalEventData": { "MFAUsed": "Yes" }, "eventType": "AwsConsoleSignIn",
        "recipientAccountId": account }] });
    std::fs::write(folder.path().join("later.json"), signed_in.to_string()).unwrap();
    let line = format!("{line} --logs later.json");
    let of_hana = of(&line, "hana");
    assert_eq!(of_hana["outcome"], "planned", "nina signs in: {of_hana}");
    assert_eq!(of(&line, "nina")["outcome"], "unknown", "nobody else is known to");
}

/// The account can be assessed, and every flaw has a plan or a reason.
#[test]
fn every_flaw_of_the_example_has_a_plan_or_a_reason() {
    let folder = folder();
    planned(folder.path());
    let assessed = run(folder.path(), "assess --baseline account.tw --json");
    let flaws = assessed.json()["findings"].as_array().unwrap().clone();
    let high = flaws.iter().filter(|one| one["verdict"] == "fail" && one["severity"] == "high");
    assert!(high.count() > 10, "{}", assessed.said);
    std::fs::write(folder.path().join("flaws.json"), assessed.out).unwrap();
    let told = run(
        folder.path(),
        "remediate plan --findings flaws.json --all --baseline account.tw --json",
    );
    for one in told.json()["findings"].as_array().unwrap() {
        let is_planned = ["planned", "same", "already"].contains(&one["outcome"].as_str().unwrap());
        let reason = one["reason"].as_str().unwrap_or_default();
        assert!(is_planned || reason.len() > 20, "{one}");
        assert!(is_planned || !one["how"].as_array().unwrap().is_empty(), "{one}");
    }
    let told = told.json();
    let answered = told["findings"].as_array().unwrap();
    for (rule, target, parameter, name) in [
        ("user-is-administrator", "user/hana", "PolicyName", "ReleaseTuning"),
        ("user-is-administrator", "user/ivan", "PolicyName", "ReleaseTuning"),
        ("user-can-become-administrator", "user/deniz", "RoleName", "nightly-maintenance"),
        ("user-can-become-administrator", "user/emre", "RoleName", "nightly-maintenance"),
    ] {
        let one = answered.iter().find(|one| one["rule"] == rule && one["target"] == target);
        let one = one.unwrap();
        assert_eq!(one["outcome"], "same", "{one}");
        let number = one["steps"][0].as_str().unwrap();
        let steps = told["plan"]["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["id"] == number).unwrap();
        assert_eq!(step["input"][parameter], name, "{step}");
        assert_eq!(one["steps"].as_array().unwrap().len(), 1);
    }
    // Nothing of the plan is about her way to nina.
    let open = |one: &&Value| {
        one["rule"] == "user-can-become-administrator" && one["target"] == "user/lena"
    };
    assert_eq!(answered.iter().find(open).unwrap()["outcome"], "person");
}
