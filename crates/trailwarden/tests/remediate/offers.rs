//! Which remediation is taken, and when none is taken yet.

use serde_json::{Value, json};

use crate::account::{BASELINE, finding, outcome, plan, write};
use crate::support::{folder, run};

/// CIS AWS Foundations Benchmark, the control on unused credentials: 45 days. The second key of a rotation has
/// until the next one is due.
#[test]
fn a_young_key_that_nobody_used_yet_is_spared() {
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    write(folder.path());
    let key = json!({ "kind": "access_key", "arn": "arn:aws:iam::111122223333:user/bob",
        "id": "AIDABOB/access key 2", "name": "access key 2 of user/bob" });
    let found = finding("tw-1", "access-key-never-used", key, &["deactivate-access-key"]);
    std::fs::write(file("findings.ndjson"), found.to_string()).unwrap();
    let (report, keys) = (
        std::fs::read_to_string(file("report.csv")).unwrap(),
        std::fs::read_to_string(file("keys.json")).unwrap(),
    );
    let never = "true,2026-05-01T00:00:00+00:00,2026-05-30T00:00:00+00:00,eu-west-1,s3";
    assert!(report.contains(never));
    let report = report.replace(never, "true,MADE,N/A,N/A,N/A");
    let old_use = "2025-03-01T00:00:00+00:00";
    for (made, old_used, expected, due) in [
        ("2026-05-01", "2025-03-01", "too_early", "2026-06-15"),
        ("2026-04-01", "2025-03-01", "planned", ""),
        ("2026-04-01", "2026-05-30", "too_early", "2026-06-30"),
        ("2026-03-01", "2026-05-30", "planned", ""),
    ] {
        let at = |day: &str| format!("{day}T00:00:00+00:00");
        let report = report.replace("MADE", &at(made)).replace(old_use, &at(old_used));
        std::fs::write(file("report.csv"), report).unwrap();
        std::fs::write(file("keys.json"), keys.replace("2026-05-01", made)).unwrap();
        let ran = run(
            folder.path(),
            &format!("remediate plan --findings findings.ndjson --all {BASELINE} --json"),
        );
        let became = outcome(&ran, "tw-1");
        assert_eq!(
            became["outcome"], expected,
            "made {made}, the old one used {old_used}: {became}"
        );
        assert!(due.is_empty() || became["reason"].to_string().contains(due), "{became}");
    }
}

#[test]
fn a_stage_that_is_not_due_says_what_to_do_until_then() {
    let folder = folder();
    write(folder.path());
    let file = |name: &str| folder.path().join(name);
    let report = std::fs::read_to_string(file("report.csv")).unwrap();
    let report = report.replace("2025-03-01T00:00:00+00:00", "2026-05-31T00:00:00+00:00");
    std::fs::write(file("report.csv"), report).unwrap();
    let key = json!({ "kind": "access_key", "arn": "arn:aws:iam::111122223333:user/bob",
        "id": "AIDABOB/access key 1", "name": "access key 1 of user/bob" });
    let found = finding(
        "tw-1",
        "access-key-not-rotated",
        key,
        &["rotate-access-key", "deactivate-access-key"],
    );
    std::fs::write(file("findings.ndjson"), found.to_string()).unwrap();
    let line = "remediate plan --findings findings.ndjson --all --remediation rotate-access-key";
    let ran = run(folder.path(), &format!("{line} {BASELINE} --json"));
    let became = outcome(&ran, "tw-1");
    assert_eq!(became["outcome"], "too_early", "{became}");
    let how = became["how"].to_string();
    assert!(how.contains("AKIABOBSOLDKEY") && how.contains("AKIABOBSNEWKEY"), "{how}");
    assert!(!how.contains("Ask whose it is"), "{how}");
}

/// The account with its details changed, and a plan for a finding.
fn with_details(found: &Value, more: &str, change: impl FnOnce(&mut Value)) -> (Value, Value) {
    let folder = folder();
    write(folder.path());
    let file = folder.path().join("details.json");
    let mut details: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    change(&mut details);
    std::fs::write(&file, details.to_string()).unwrap();
    std::fs::write(folder.path().join("findings.ndjson"), found.to_string()).unwrap();
    let line = format!("remediate plan --findings findings.ndjson --all {BASELINE} --json {more}");
    let ran = run(folder.path(), &line);
    (outcome(&ran, "tw-1"), ran.json()["plan"]["steps"].clone())
}

fn quarantined(details: &mut Value) {
    let denial = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*" }] });
    details["UserDetailList"][1]["UserPolicyList"] =
        json!([{ "PolicyName": "trailwarden-quarantine", "PolicyDocument": denial }]);
}

#[test]
fn a_quarantine_is_lifted_only_where_that_is_chosen() {
    let bob = json!({ "kind": "user", "name": "bob" });
    let found = finding("tw-1", "x", bob, &["attach-quarantine-policy", "revoke-sessions"]);
    let lift = "--remediation release-quarantine";
    let (became, steps) = with_details(&found, lift, quarantined);
    assert_eq!(
        (became["outcome"].as_str(), steps[0]["operation"].as_str()),
        (Some("planned"), Some("DeleteUserPolicy")),
        "{became}"
    );
    let (became, _) = with_details(&found, lift, |_| {});
    assert_eq!(became["outcome"], "already", "there is none: {became}");
    let (became, steps) = with_details(&found, "", quarantined);
    let is_lifting = |step: &Value| step["operation"] == "DeleteUserPolicy";
    assert!(!steps.as_array().is_some_and(|all| all.iter().any(is_lifting)), "{steps}");
    assert!(became["others"].to_string().contains("release-quarantine"), "{became}");
    let (became, _) = with_details(&found, "", |_| {});
    assert!(!became["others"].to_string().contains("release-quarantine"), "{became}");
}

#[test]
fn where_what_was_chosen_is_not_offered_what_is_stands_there() {
    let folder = folder();
    let bob = json!({ "kind": "user", "name": "bob" });
    let found = [finding("tw-1", "x", bob, &["revoke-sessions", "enable-mfa"])];
    let ran = plan(folder.path(), &found, "--json --remediation narrow-policy");
    let reason = outcome(&ran, "tw-1")["reason"].to_string();
    assert!(reason.contains("it offers revoke-sessions, enable-mfa"), "{reason}");
}

fn provider_made() -> Value {
    let arn = "arn:aws:iam::111122223333:oidc-provider/login.example.net";
    let target = json!({ "kind": "identity_provider", "arn": arn, "name": "login.example.net" });
    let remedies = ["remove-trust", "delete-identity-provider"];
    let mut found = finding("tw-1", "token-issuer-trusted", target, &remedies);
    found["evidence"] = json!([{ "event_id": "e", "event_name": "CreateOpenIDConnectProvider",
        "event_source": "iam.amazonaws.com", "event_time": "2026-05-01T00:00:00Z", "account": null,
        "file": "f", "record": 0 }]);
    found
}

/// Deleting a provider cannot be taken back.
#[test]
fn the_roles_that_a_new_provider_lets_in_are_shut_before_it_is_deleted() {
    let found = provider_made();
    let trust = |details: &mut Value| {
        let provider = found["target"]["arn"].clone();
        let statements = &mut details["RoleDetailList"][0]["AssumeRolePolicyDocument"]["Statement"];
        statements.as_array_mut().unwrap().push(json!({ "Effect": "Allow",
            "Principal": { "Federated": provider }, "Action": "sts:AssumeRoleWithWebIdentity" }));
    };
    let (became, steps) = with_details(&found, "", trust);
    assert_eq!(became["remediation"], "remove-trust", "{became}");
    assert_eq!(steps.as_array().unwrap().len(), 1);
    let written = steps[0]["input"]["PolicyDocument"].as_str().unwrap();
    assert!(!written.contains("Federated") && written.contains("user/alice"), "{written}");
    assert!(steps[0]["inverse"]["input"]["PolicyDocument"].to_string().contains("Federated"));
    let (became, steps) = with_details(&found, "", |_| {});
    assert_eq!((became["outcome"].as_str(), steps), (Some("person"), Value::Null), "{became}");
    let (became, steps) = with_details(&found, "--remediation delete-identity-provider", trust);
    assert_eq!(steps[0]["operation"], "DeleteOpenIDConnectProvider", "{became}");
}

#[test]
fn a_policy_with_flaws_is_mended_by_the_calls_of_its_kind() {
    let how = |target: Value| {
        let folder = folder();
        let found = finding("tw-1", "policy-with-flaws", target, &["read-the-policy"]);
        let ran = plan(folder.path(), &[found], "--json");
        outcome(&ran, "tw-1")["how"].to_string()
    };
    let role = "arn:aws:iam::111122223333:role/partner";
    for (target, command) in [
        (
            json!({ "kind": "trust_policy", "arn": role, "id": "AROAPARTNER/trust_policy", "name": "trust policy of role/partner" }),
            "aws iam update-assume-role-policy --role-name partner ",
        ),
        (
            json!({ "kind": "policy", "arn": "arn:aws:iam::111122223333:policy/wide", "name": "policy/wide" }),
            "aws iam create-policy-version --policy-arn arn:aws:iam::111122223333:policy/wide ",
        ),
        (
            json!({ "kind": "inline_policy", "arn": role, "id": "AROAPARTNER/inline policy p", "name": "inline policy p of role/partner" }),
            "aws iam put-role-policy --role-name partner --policy-name p ",
        ),
    ] {
        let how = how(target);
        assert!(how.contains(command), "{command}: {how}");
        assert!(!how.contains("narrow-policy"), "a circle: {how}");
    }
}
