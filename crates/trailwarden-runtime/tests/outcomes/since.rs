//! What is there now against what the records did: who is another one by now, what is gone, and what is still to ask.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer as Said, Depth, Outcome as Asked, Snapshot};
use trailwarden_detect::reference;
use trailwarden_model::{Finding, Timestamp};
use trailwarden_runtime::remedies::{Answer, History, Known, Made, Outcome as Became, plan};

use super::{HEADER, account, described, detection, events, planned, row};

fn found(rule: &str, trail: &str) -> Vec<Finding> {
    reference::judge_example(detection(rule), trail).unwrap()
}

/// What becomes of a trail's findings where AWS was asked an hour after it.
fn asked_later(
    rule: &str,
    trail: &str,
    said: impl Fn(Timestamp) -> Vec<(&'static str, Value)>,
) -> Vec<Answer> {
    let findings = found(rule, trail);
    let events = events(trail);
    let time = events.last().unwrap().0.time.plus(3_600);
    let mut snapshot = Snapshot::new(account(), "aws", time, Depth::Core);
    for (api, body) in said(time) {
        let outcome = Asked::Got { body };
        let about = std::collections::BTreeMap::new();
        snapshot.push(Said { api: api.to_owned(), region: None, about, time, outcome });
    }
    let history = History::of_events(events, &[snapshot.baseline().unwrap()], &findings);
    let now = time.plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
    plan(known, &findings, &[]).answers
}

/// All users, and nobody and nothing else.
fn users(all: &[Value]) -> (&'static str, Value) {
    let body = json!({ "UserDetailList": all, "GroupDetailList": [], "RoleDetailList": [],
        "Policies": [], "IsTruncated": false });
    ("iam:GetAccountAuthorizationDetails", body)
}

fn operations(made: &Made) -> Vec<&str> {
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    steps.map(|step| step.operation.as_str()).collect()
}

/// By the id where the record tells one, else by when it was made.
#[test]
fn a_later_user_of_the_same_name_is_left_alone() {
    let of = |id: &str, made: &str| {
        let trail = format!(
            "mallory iam:CreateUser user/eve {{\"response\":{{\"user\":{{\"userName\":\"eve\",\"userId\":\"{id}\"}}}}}}\n\
             mallory iam:CreateAccessKey user/eve\nmallory iam:CreateLoginProfile user/eve\n\
             mallory iam:AttachUserPolicy user/eve aws-policy/AdministratorAccess"
        );
        let made = made.to_owned();
        asked_later("new-user-armed", &trail, move |_| {
            let mut eve = described("user", "eve", Some("AIDANEWONE"), false);
            eve["CreateDate"] = made.as_str().into();
            vec![users(&[eve])]
        })
        .remove(0)
    };
    let another = of("AIDAOLDONE", "2026-03-01T12:30:00Z");
    assert_eq!(another.outcome, Became::Already, "{another:?}");
    assert!(another.reason.as_deref().unwrap().contains("another one"), "{another:?}");
    let same = of("AIDANEWONE", "2026-03-01T12:00:00Z");
    assert_ne!(same.outcome, Became::Already, "{same:?}");
}

const TEAM: &str = "admin iam:CreatePolicy policy/team allow=s3:Get*\nadmin iam:CreateUser user/bob\n\
     admin iam:AttachUserPolicy user/bob policy/team\n\
     mallory iam:CreatePolicyVersion policy/team allow=s3:Get*,iam:* {\"request\":{\"setAsDefault\":true},\"response\":{\"policyVersion\":{\"versionId\":\"v2\"}}}\n\
     mallory iam:DeletePolicyVersion policy/team {\"request\":{\"versionId\":\"v1\"}}";

#[test]
fn a_version_that_was_deleted_comes_back_as_a_new_one() {
    let mut findings = found("policy-version-widened", TEAM);
    findings.truncate(1);
    let made = planned(TEAM, &findings);
    assert_eq!(operations(&made), ["CreatePolicyVersion", "SetDefaultPolicyVersion"], "{made:?}");
    let document = &made.plan.as_ref().unwrap().steps[0].input["PolicyDocument"];
    let document = document.as_str().unwrap();
    assert!(document.contains("s3:Get*") && !document.contains("iam:*"), "{document}");
}

/// Nor is a command told that cannot work.
#[test]
fn a_boundary_that_is_deleted_is_made_anew_before_it_is_put_back() {
    let trail = "mallory iam:DeleteRolePermissionsBoundary role/app\n\
                 mallory iam:DeletePolicy policy/limits";
    let findings = found("permissions-boundary-removed", trail);
    let made = planned(trail, &findings);
    let answer = &made.answers[0];
    assert_eq!((answer.outcome, made.plan.is_none()), (Became::Person, true), "{answer:?}");
    let first = &answer.how[0];
    assert!(first.contains("aws iam create-policy --policy-name limits"), "{answer:?}");
    assert!(first.contains("logs:Get*"), "{answer:?}");
    assert!(answer.how[1].contains("put-role-permissions-boundary"), "{answer:?}");
    let there = planned(trail.lines().next().unwrap(), &findings);
    assert_eq!(operations(&there), ["PutRolePermissionsBoundary"]);
}

#[test]
fn a_boundary_that_is_there_again_is_compared_and_not_put_back() {
    let trail = "mallory iam:DeleteUserPermissionsBoundary user/bob";
    let answer = asked_later("permissions-boundary-removed", trail, |_| {
        vec![users(&[described("user", "bob", None, true)])]
    });
    assert_eq!(
        answer[0].outcome,
        Became::Person,
        "nobody knows whether it is the same: {answer:?}"
    );
    assert!(answer[0].reason.as_deref().unwrap().contains("policy/limits"), "{answer:?}");
}

#[test]
fn a_boundary_that_the_finding_itself_set_is_no_answer_to_it() {
    let trail = "mallory iam:DeleteUserPermissionsBoundary user/bob\n\
                 mallory iam:PutUserPermissionsBoundary user/bob {\"request\":{\"permissionsBoundary\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}}";
    let mut findings = found("permissions-boundary-removed", trail);
    // The scan of more logs tells both in one.
    if let [first, rest @ ..] = findings.as_mut_slice() {
        let more = rest.iter().flat_map(|one| one.evidence.clone());
        first.evidence.extend(more.collect::<Vec<_>>());
    }
    findings.truncate(1);
    let all: Vec<String> = events(trail).into_iter().map(|(event, _)| event.id).collect();
    let told: Vec<&String> = findings[0].evidence.iter().map(|one| &one.event_id).collect();
    assert_eq!(told, all.iter().collect::<Vec<_>>());
    let made = planned(trail, &findings);
    assert_eq!(operations(&made), ["PutUserPermissionsBoundary"], "{:?}", made.answers);
    let boundary = &made.plan.as_ref().unwrap().steps[0].input["PermissionsBoundary"];
    assert!(boundary.as_str().unwrap().ends_with("policy/limits"), "{boundary:?}");
}

/// Whoever set the first knows the second as well.
#[test]
fn a_password_that_the_same_hand_set_again_is_not_put_right() {
    let of = |by: &str| {
        let trail = format!(
            "mallory iam:UpdateLoginProfile user/alice ip=203.0.113.9\n\
             +5m alice signin:ConsoleLogin ip=203.0.113.9\n+2h {by} iam:UpdateLoginProfile user/alice"
        );
        let findings = found("sign-in-with-planted-password", &trail);
        planned(&trail, &findings).answers.remove(0).outcome
    };
    assert_eq!(of("mallory"), Became::Planned);
    assert_eq!(of("anna"), Became::Already);
}

#[test]
fn who_has_a_second_factor_again_is_not_asked_for_one() {
    let trail = r#"mallory iam:DeactivateMFADevice user/bob {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/bob"}}"#;
    let of = |has_one: bool| {
        asked_later("mfa-removed-from-another-user", trail, move |time| {
            let bob = row("bob", true).replacen(
                "N/A,N/A,N/A,false",
                &format!("N/A,N/A,N/A,{has_one}"),
                1,
            );
            let report = STANDARD.encode(format!("{HEADER}\n{bob}"));
            let report = json!({ "Content": report, "ReportFormat": "text/csv",
                "GeneratedTime": time.to_string() });
            let bob = users(&[described("user", "bob", None, false)]);
            vec![bob, ("iam:GetCredentialReport", report)]
        })
        .remove(0)
    };
    assert_eq!(of(true).outcome, Became::Already, "{:?}", of(true));
    assert_ne!(of(false).outcome, Became::Already, "{:?}", of(false));
}

/// What somebody did is not undone by the somebody being gone.
#[test]
fn of_a_user_who_is_gone_the_deeds_and_the_sessions_are_told() {
    let trail = "mallory iam:CreateUser user/tmp\n+5m tmp iam:CreateAccessKey user/alice\n\
                 +5m tmp sts:AssumeRole role/operations issues=ASIAOPS\n\
                 +5m mallory iam:DeleteUser user/tmp";
    let findings = found("short-lived-principal", trail);
    let made = planned(trail, &findings);
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Already, "{answer:?}");
    let told = answer.how.join("\n");
    for wanted in [
        "trailwarden investigate --principal tmp",
        "role operations",
        "ASIAOPS",
        "Ask whoever did it, mallory",
    ] {
        assert!(told.contains(wanted), "{wanted} is not in:\n{told}");
    }
    assert!(!answer.reason.as_deref().unwrap().contains("nothing to do"), "{answer:?}");
}
