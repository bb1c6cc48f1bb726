//! Answers to posture checks that hang on what the account says.

use trailwarden_posture::assess;
use trailwarden_runtime::remedies::{Made, Outcome};

use crate::checks::{KEEPER, made_beside};

fn beside(rule: &str, text: &str, others: &str) -> Made {
    let check = assess::all().into_iter().find(|check| check.id == rule).unwrap();
    made_beside(check, text, others)
}

fn of(rule: &str, text: &str) -> Made {
    beside(rule, text, KEEPER)
}

#[test]
fn nobody_is_asked_for_a_second_factor_whom_nobody_can_be() {
    let administrator = "user/alice has AdministratorAccess";
    for (rule, more) in [("user-without-mfa", ""), ("administrator-without-mfa", administrator)] {
        let became = |row: &str| {
            of(rule, &format!("user alice\n{more}\nreport alice {row}")).answers[0].clone()
        };
        let idle = became("password_enabled=false");
        assert_eq!(idle.outcome, Outcome::Person, "{idle:?}");
        assert!(idle.reason.as_ref().unwrap().contains("no password and no active key"));
        let takes = idle.how.iter().any(|step| step.contains("take away what makes it one"));
        assert_eq!(takes, !more.is_empty(), "{idle:?}");
        for row in ["password_enabled=true", "access_key_1_active=true"] {
            assert_eq!(became(row).outcome, Outcome::Planned, "{row}");
        }
    }
}

#[test]
fn the_last_administrator_is_not_told_how_to_be_none() {
    let text = "user alice groups=ops\ngroup ops\ngroup/ops has AdministratorAccess\nreport alice password_enabled=true";
    let last = beside("user-is-administrator", text, "").answers[0].clone();
    assert_eq!(last.outcome, Outcome::Stopped, "{last:?}");
    assert!(!last.how.iter().any(|step| step.contains("remove-user-from-group")), "{last:?}");
    let one_of_two = of("user-is-administrator", text).answers[0].clone();
    assert_eq!(one_of_two.outcome, Outcome::Person, "{one_of_two:?}");
    let told = one_of_two.how.join("\n");
    assert!(told.contains("remove-user-from-group --group-name ops --user-name alice"), "{told}");
}

#[test]
fn an_old_password_is_changed_by_its_user() {
    let text = "user alice\ntightened 2026-03-01T00:00:00Z\nreport alice password_enabled=true password_last_changed=2026-01-01T00:00:00Z";
    let plan = of("password-older-than-its-policy", text).plan.unwrap();
    assert!(!plan.is_irreversible());
    assert!(!plan.to_json().contains("$made"));
    assert_eq!(plan.steps.last().unwrap().operation, "UpdateLoginProfile");
}

#[test]
fn a_policy_that_nobody_holds_is_not_taken_from_anybody() {
    let rule = "administrator-policy-unattached";
    let text = "policy wide allows *";
    let answer = of(rule, text).answers[0].clone();
    assert_eq!(answer.outcome, Outcome::Person, "{answer:?}");
    let told = answer.how.join("\n");
    assert!(!told.contains("holder"), "{told}");
    assert!(told.contains("--policy-usage-filter PermissionsBoundary"), "{told}");
    assert!(told.contains("delete-policy --policy-arn arn:aws:iam::111122223333:policy/wide"));
    assert!(told.contains("--version-id v1"), "{told}");
}

#[test]
fn of_several_policies_each_is_named() {
    let text = "user alice\nuser/alice has ReadOnlyAccess\nuser/alice has AmazonS3FullAccess";
    let told = of("user-with-direct-policies", text).answers[0].how.join("\n");
    for name in ["ReadOnlyAccess", "AmazonS3FullAccess"] {
        let policy = format!("arn:aws:iam::aws:policy/{name}");
        let taken = format!("detach-user-policy --user-name alice --policy-arn {policy}");
        assert!(told.contains(&taken), "{told}");
    }
}

#[test]
fn of_two_keys_the_older_one_is_named() {
    let told = |first: &str, second: &str| {
        let text = format!(
            "user alice\nreport alice access_key_1_active=true access_key_1_last_rotated={first}T00:00:00Z access_key_2_active=true access_key_2_last_rotated={second}T00:00:00Z"
        );
        of("two-active-access-keys", &text).answers[0].how[2].clone()
    };
    assert!(told("2025-01-01", "2026-01-01").contains("--access-key-id AKIA1 "));
    assert!(told("2026-01-01", "2025-01-01").contains("--access-key-id AKIA2 "));
    assert!(told("2025-01-01", "2025-01-01").contains("--access-key-id OLDER_KEY "));
}

#[test]
fn a_use_of_the_root_user_is_asked_about_before_anything_is_reset() {
    let text = "report root password_last_used=2026-05-03T00:00:00Z";
    let answer = of("root-used-lately", text).answers[0].clone();
    assert!(answer.how[0].starts_with("Ask"), "{answer:?}");
    let resets = answer.how.iter().position(|step| step.contains("reset-root-credentials"));
    assert!(resets.is_some_and(|at| at > 1), "{answer:?}");
}

const UNUSED: &str = r#"iam:GetServiceLastAccessedDetails Arn=arn:aws:iam::111122223333:role/app {"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"bedrock"}]}"#;

#[test]
fn access_that_nobody_used_goes_where_one_policy_gives_it_alone() {
    let became = |policies: &str| {
        let text = format!("role app trusts ec2.amazonaws.com\n{policies}\n{UNUSED}");
        of("bedrock-access-unused-by-role", &text)
    };
    let one = became("role/app allows bedrock:*");
    assert_eq!(one.answers[0].outcome, Outcome::Planned, "{one:?}");
    assert!(!one.plan.unwrap().is_irreversible());
    let mixed = became("role/app allows s3:GetObject,bedrock:InvokeModel").plan.unwrap();
    let left = mixed.steps[0].input["PolicyDocument"].as_str().unwrap().to_owned();
    assert!(left.contains("s3:GetObject") && !left.contains("bedrock"), "{left}");
    for several in
        ["role/app allows bedrock:*\nrole/app allows bedrock:Invoke*", "role/app allows *"]
    {
        let answer = became(several).answers[0].clone();
        assert_eq!(answer.outcome, Outcome::Person, "{several}: {answer:?}");
        let why = answer.reason.unwrap();
        assert!(why.contains("the inline policy `inline1` of role/app"), "{why}");
    }
}

#[test]
fn a_service_of_any_account_is_tied_to_ours_also_where_a_wildcard_stands() {
    let condition = r#"if={"StringLike":{"aws:SourceAccount":"1111*"}}"#;
    let made = of(
        "role-trusts-service-of-any-account",
        &format!("role app trusts sns.amazonaws.com {condition}"),
    );
    let plan = made.plan.unwrap();
    let document = plan.steps[0].input["PolicyDocument"].as_str().unwrap();
    assert!(document.contains(r#""aws:SourceAccount":"111122223333""#), "{document}");
    assert!(!document.contains("1111*"), "{document}");
    assert!(!plan.is_irreversible());
}
