//! Detections by effect: how grave each kind of change is, and that one harm is told once.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which the lint does not take for tests")]

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_detect::detection::Logic;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::{Settings, reference};
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind;

fn judged(trail: &str) -> Vec<Finding> {
    let mut findings = reference::judge_trail(trail, ALL, &Settings::default()).unwrap();
    findings.retain(|finding| finding.kind == Kind::Detection);
    findings.sort_by_key(|finding| finding.first_time);
    findings
}

/// The findings about the last record of a trail: rule and severity.
fn of_last(trail: &str) -> Vec<String> {
    let findings = judged(trail);
    let records = trailwarden_detect::trail::records(trail).unwrap();
    let last = records.last().unwrap()["eventID"].as_str().unwrap().to_owned();
    let mut told: Vec<String> = findings
        .iter()
        .filter(|finding| finding.evidence.iter().any(|evidence| evidence.event_id == last))
        .map(|finding| format!("{} {}", finding.rule, finding.severity.as_str()))
        .collect();
    told.sort();
    told
}

fn logic_of(rule: &str) -> &'static Logic {
    &ALL.iter().find(|detection| detection.id == rule).unwrap().logic
}

/// One harm, one finding: no record is told by two detections by effect, nor by one of them and by
/// one that reads the text alone.
#[test]
fn no_harm_is_told_twice() {
    for detection in ALL {
        for trail in detection.fires_on.iter().chain(detection.quiet_on) {
            let findings = judged(trail);
            let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for finding in &findings {
                if matches!(logic_of(&finding.rule), Logic::Effect(_) | Logic::Text(_)) {
                    for evidence in &finding.evidence {
                        told.entry(&evidence.event_id).or_default().insert(&finding.rule);
                    }
                }
            }
            for (event, rules) in told {
                let by_effect =
                    rules.iter().filter(|rule| matches!(logic_of(rule), Logic::Effect(_))).count();
                assert!(by_effect <= 1, "{event} is told by {rules:?} in\n{trail}");
                assert!(by_effect == 0 || rules.len() == 1, "{event}: {rules:?} in\n{trail}");
            }
        }
    }
}

/// The same call six times, six answers.
#[test]
fn put_group_policy_is_as_grave_as_what_it_does() {
    let group = "admin iam:CreateUser user/bob
                 admin iam:CreateGroup group/devs
                 admin iam:AddUserToGroup user/bob group/devs
                 admin iam:PutGroupPolicy group/devs allow=s3:Get*,s3:List*";
    for (last, expected) in [
        ("admin iam:PutGroupPolicy group/devs allow=s3:Get*,s3:List*", vec![]),
        ("admin iam:PutGroupPolicy group/devs allow=s3:Get*", vec![]),
        (
            "admin iam:PutGroupPolicy group/devs allow=s3:Get*,s3:PutObject on=arn:aws:s3:::logs/*",
            vec!["permissions-widened low"],
        ),
        ("admin iam:PutGroupPolicy group/devs allow=iam:*", vec!["permissions-widened critical"]),
        ("bob iam:PutGroupPolicy group/devs allow=iam:*", vec!["own-permissions-widened critical"]),
    ] {
        assert_eq!(of_last(&format!("{group}\n{last}")), expected, "{last}");
    }
    let boundary = r#"admin iam:PutUserPermissionsBoundary user/bob {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/AWSDenyAll"}}"#;
    let capped =
        format!("{group}\n{boundary}\nadmin iam:PutGroupPolicy group/devs allow=iam:*,s3:*");
    assert_eq!(of_last(&capped), ["permissions-widened medium"]);
    let findings = judged(&capped);
    let sentence = &findings.last().unwrap().explanation;
    assert!(sentence.contains("boundary AWSDenyAll cuts it off"), "{sentence}");
}

#[test]
fn a_finding_carries_before_and_after() {
    let findings = judged(
        "admin iam:CreateUser user/bob
         admin iam:PutUserPolicy user/bob allow=s3:Get*
         mallory iam:PutUserPolicy user/bob allow=s3:Get*,iam:PutUserPolicy",
    );
    let effect = findings[0].effect.as_ref().unwrap();
    let bob = &effect.principals[0];
    assert_eq!((bob.grade_before.as_str(), bob.grade_after.as_str()), ("data", "privesc"));
    assert!(bob.gained[0].contains("inline policies"), "{:?}", bob.gained);
    assert_eq!((effect.reach.principals, effect.unknowns.len()), (1, 0));
}

#[test]
fn two_changes_of_one_group_are_two_findings() {
    let findings = judged(
        "admin iam:CreateGroup group/devs
         mallory iam:PutGroupPolicy group/devs allow=iam:PutUserPolicy
         mallory iam:PutGroupPolicy group/devs allow=iam:PutUserPolicy,iam:AttachUserPolicy",
    );
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["permissions-widened", "permissions-widened"]);
    assert_ne!(findings[0].id, findings[1].id);
}

#[test]
fn a_failed_call_is_weighed_by_what_it_would_have_done() {
    let boundary = "mallory iam:PutUserPolicy user/mallory allow=*";
    assert_eq!(of_last(boundary), ["own-permissions-widened critical"]);
    let failed = format!("{boundary} failed=LimitExceededException");
    assert_eq!(of_last(&failed), ["own-permissions-widened medium"]);
    let harmless =
        "mallory iam:PutUserPolicy user/mallory allow=s3:GetObject failed=LimitExceededException";
    assert_eq!(of_last(harmless), Vec::<String>::new());
}

/// A key for somebody stronger is an escalation, for somebody weaker it is persistence; of strangers
/// nobody knows.
#[test]
fn a_key_weighs_what_its_owner_may_do_that_its_maker_may_not() {
    let make = "mallory iam:CreateAccessKey user/alice";
    let strong = |name: &str| {
        format!(
            "admin iam:CreateUser user/{name}\n+2d admin iam:PutUserPolicy user/{name} allow=*\n+2d "
        )
    };
    let weak = |name: &str| format!("admin iam:CreateUser user/{name}\n+2d ");
    for (trail, expected) in [
        (make.to_owned(), "high"),
        (format!("{}{}{make}", weak("mallory"), strong("alice")), "critical"),
        (format!("{}{}{make}", strong("mallory"), weak("alice")), "low"),
    ] {
        let expected = vec![format!("access-key-for-another-user {expected}")];
        assert_eq!(of_last(&trail), expected, "{trail}");
    }
}

#[test]
fn a_boundary_weighs_what_it_held_back() {
    let bound = r#"admin iam:CreateUser user/bob
        admin iam:PutUserPermissionsBoundary user/bob {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}"#;
    let lift = "mallory iam:DeleteUserPermissionsBoundary user/bob";
    for (given, expected) in [
        (String::new(), vec!["permissions-boundary-removed high"]),
        (format!("{bound}\nadmin iam:PutUserPolicy user/bob allow=s3:Get*"), vec![]),
        (
            format!("{bound}\nadmin iam:PutUserPolicy user/bob allow=iam:*"),
            vec!["permissions-boundary-removed critical"],
        ),
    ] {
        assert_eq!(of_last(&format!("{given}\n{lift}")), expected, "{given}");
    }
}

#[test]
fn a_stranger_at_the_door_weighs_what_the_role_may_do() {
    let open = "mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777";
    let role = "admin iam:CreateRole role/app trust=ec2.amazonaws.com";
    let strong =
        format!("{role}\nadmin iam:AttachRolePolicy role/app aws-policy/AdministratorAccess");
    for (given, expected) in [("", "critical"), (role, "medium"), (strong.as_str(), "critical")] {
        let expected = vec![format!("role-trusts-foreign-account {expected}")];
        assert_eq!(of_last(&format!("{given}\n{open}")), expected, "{given}");
    }
}

#[test]
fn a_rename_is_quiet_about_permissions_unless_a_policy_names_the_new_name() {
    let rename = "mallory iam:UpdateUser user/bob named=robert";
    let user = "admin iam:CreateUser user/bob";
    assert_eq!(of_last(&format!("{user}\n{rename}")), ["user-renamed-or-moved low"]);
    let role = "admin iam:CreateRole role/boss trust=arn:aws:iam::111122223333:user/robert
                admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess";
    let settings = Settings { draws_graph: true, ..Settings::default() };
    let trail = format!("{user}\n{role}\n{rename}");
    let findings = reference::judge_trail(&trail, ALL, &settings).unwrap();
    let gained = findings.iter().filter(|finding| finding.explanation.contains("renamed or moved"));
    let paths: Vec<_> = gained.filter_map(|finding| finding.effect.as_ref()).collect();
    let to = &paths[0].paths_opened[0].to;
    assert_eq!(to, "arn:aws:iam::111122223333:role/boss", "{paths:?}");
}

/// A tag that a condition reads is a permission.
#[test]
fn a_tag_that_opens_a_condition_weighs_what_it_opens() {
    let policy = r#"admin iam:CreateUser user/bob
        admin iam:PutUserPolicy user/bob {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"ops\"}}}]}"}}"#;
    for (tag, expected) in [("ops", vec!["permissions-widened critical"]), ("dev", vec![])] {
        let tag = format!(
            r#"mallory iam:TagUser user/bob {{"request":{{"tags":[{{"key":"team","value":"{tag}"}}]}}}}"#
        );
        assert_eq!(of_last(&format!("{policy}\n{tag}")), expected, "{tag}");
    }
}

/// A guard in the way: what is gained was allowed all along.
#[test]
fn a_guard_that_is_dropped_is_told_as_that() {
    let bob = "admin iam:CreateUser user/bob";
    for (before, after, expected) in [
        ("allow=iam:* deny=iam:*", "allow=iam:*", "deny-or-condition-dropped critical"),
        ("allow=iam:* deny=iam:*", "allow=iam:*,s3:*", "permissions-widened critical"),
        ("allow=s3:*", "allow=iam:*,s3:*", "permissions-widened critical"),
    ] {
        let trail = format!(
            "{bob}\nadmin iam:PutUserPolicy user/bob {before}\nmallory iam:PutUserPolicy user/bob {after}"
        );
        assert_eq!(of_last(&trail), [expected], "{before} {after}");
    }
}
