//! Who did it is asked for in every answer that a person carries out, and what AWS refused is not taken back.

use trailwarden_detect::detections;
use trailwarden_runtime::remedies::{Made, Outcome as Became};

use super::made;

fn of(rule: &str, trail: &str) -> Made {
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    made(detection, trail)
}

#[test]
fn who_called_what_no_plan_takes_back_is_asked_and_the_key_is_named() {
    let trail = r#"mallory rolesanywhere:CreateTrustAnchor {"request":{"name":"malicious","source":{"sourceData":{"x509CertificateData":"-----BEGIN CERTIFICATE-----"}}}}"#;
    let made = of("outside-certificate-authority-trusted", trail);
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Person, "{answer:?}");
    let last = answer.how.last().unwrap();
    assert!(last.starts_with("Ask whoever called it, mallory,"), "{last}");
    assert!(last.contains("switch the key AKIA"), "{last}");
}

#[test]
fn an_account_that_could_not_leave_is_not_invited_back() {
    let rule = "account-leaves-organization";
    let told = |trail: &str| of(rule, trail).answers[0].how.join("\n");
    let invites = "invite-account-to-organization";
    assert!(told("mallory organizations:LeaveOrganization").contains(invites));
    let refused = told("mallory organizations:LeaveOrganization denied");
    assert!(!refused.contains(invites), "{refused}");
    assert!(refused.starts_with("Ask whoever called it, mallory,"), "{refused}");
    assert!(refused.contains("--user-name mallory --access-key-id AKIA"), "{refused}");
    assert!(refused.contains("Attach it to one account first"), "{refused}");
}

/// What is off or gone is not told to be switched off.
#[test]
fn the_key_of_a_refused_call_is_switched_off_only_while_it_works() {
    let rule = "trail-stopped-or-deleted";
    let key = "AKIAIOSFODNN7EXAMPLE";
    let refused = format!("mallory cloudtrail:StopLogging trail/main denied key={key}");
    let contained = |since: &str| {
        let made = of(rule, &format!("{refused}\n{since}"));
        made.answers[0].how[1].clone()
    };
    let works = contained("alice iam:ListUsers");
    assert!(works.contains(&format!("--access-key-id {key} --status Inactive")), "{works}");
    let off = contained(&format!(
        r#"+1h alice iam:UpdateAccessKey user/mallory {{"request":{{"accessKeyId":"{key}","status":"Inactive"}}}}"#
    ));
    assert!(off.contains("is switched off already"), "{off}");
    let gone = contained("+1h alice iam:DeleteUser user/mallory");
    assert!(gone.contains("mallory was deleted since"), "{gone}");
}

#[test]
fn who_acted_in_a_session_of_identity_center_is_asked_first() {
    let role = "role/AWSReservedSSO_Admin_0123456789abcdef/alice@example.com";
    let trail = format!("{role} ec2:DescribeInstances\n+20d {role} iam:CreateUser user/eve");
    let made = of("first-change-of-its-kind", &trail);
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Stopped, "{answer:?}");
    assert!(answer.how[0].starts_with("Ask alice@example.com,"), "{answer:?}");
    assert!(answer.how[1].contains("Active sessions"), "{answer:?}");
    let less = answer.how.iter().position(|step| step.contains("Give less")).unwrap();
    assert!(less > 1, "{answer:?}");
}
