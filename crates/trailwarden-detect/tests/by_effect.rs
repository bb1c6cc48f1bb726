//! Detections by effect: how grave each kind of change is, and that one harm is told once.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which the lint does not take for tests")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use trailwarden_account::effect::Verdict;
use trailwarden_detect::changes::ChangeRow;
use trailwarden_detect::detection::Logic;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::{Engine, Settings, reference};
use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Outcome, Severity};

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

/// All findings of a trail: rule and severity.
fn of_all(trail: &str) -> Vec<String> {
    let told = judged(trail).into_iter();
    told.map(|finding| format!("{} {}", finding.rule, finding.severity.as_str())).collect()
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

/// The findings and the rows of changes of a trail.
fn whole(trail: &str) -> (Vec<Finding>, Vec<ChangeRow>) {
    let settings = Settings { draws_graph: true, ..Settings::default() };
    let records = trailwarden_detect::trail::records(trail).unwrap();
    reference::judge_whole(&records, Engine::new(ALL, settings).with_changes())
}

/// Changes of accounts under an organization of which nobody knows what it denies them, so that all
/// ways hang on that: what opens for certain in a trail by itself opens perhaps.
fn in_the_dark() -> Vec<String> {
    let shown = r#"boss organizations:CreatePolicy account=999900001111 {"request":{"type":"RESOURCE_CONTROL_POLICY","name":"x","content":"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"},"response":{"policy":{"policySummary":{"id":"p-abc12345"}}}}"#;
    let stage = "admin iam:CreateUser user/bob
         admin iam:CreateRole role/r trust=111122223333
         admin iam:AttachRolePolicy role/r aws-policy/AdministratorAccess
         admin iam:CreateRole role/s trust=ec2.amazonaws.com
         admin iam:AttachRolePolicy role/s aws-policy/PowerUserAccess";
    let lasts = [
        "admin iam:UpdateAssumeRolePolicy role/r trust=arn:aws:iam::111122223333:user/bob",
        "admin iam:UpdateAssumeRolePolicy role/r trust=999988887777",
        "bob iam:UpdateAssumeRolePolicy role/r trust=arn:aws:iam::111122223333:user/bob",
        "admin iam:PutUserPolicy user/bob allow=sts:AssumeRole",
        "admin iam:PutUserPolicy user/bob allow=iam:PassRole,lambda:*",
        "admin iam:CreateAccessKey user/bob",
        r#"bob iam:UpdateAccessKey user/carl {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}"#,
        "admin iam:CreateLoginProfile user/bob",
        "admin iam:CreateRole role/t trust=arn:aws:iam::111122223333:user/bob
         admin iam:AttachRolePolicy role/t aws-policy/AdministratorAccess",
        "bob iam:PutUserPolicy user/bob allow=iam:*",
        "admin iam:UpdateUser user/bob named=rob",
    ];
    let by_effect = ALL.iter().filter(|one| matches!(one.logic, Logic::Effect(_)));
    let own = by_effect.flat_map(|one| one.fires_on.iter().chain(one.quiet_on));
    let own = own.map(|trail| format!("{shown}\n{stage}\n{trail}"));
    own.chain(lasts.iter().map(|last| format!("{shown}\n{stage}\n{last}"))).collect()
}

/// A scan and the list of changes say the same of one record: what the one calls grave, the other does,
/// and what moved nothing or only narrowed is nobody's finding by effect.
#[test]
fn a_row_of_the_changes_and_the_findings_on_it_agree() {
    let mut wrong = Vec::new();
    let mut graded = 0;
    let own = ALL.iter().flat_map(|one| one.fires_on.iter().chain(one.quiet_on));
    for trail in own.map(|trail| (*trail).to_owned()).chain(in_the_dark()) {
        let trail = trail.as_str();
        {
            let (findings, rows) = whole(trail);
            for row in rows {
                let of_row: Vec<&Finding> =
                    findings.iter().filter(|finding| row.findings.contains(&finding.id)).collect();
                let is_told = of_row.iter().any(|finding| Some(finding.severity) == row.severity);
                graded += usize::from(row.severity.is_some());
                // A slip of the keyboard is a row and no finding.
                let is_slip = row.outcome == Outcome::Failed && row.severity == Some(Severity::Low);
                let is_harmless = matches!(
                    row.verdict,
                    Some(Verdict::Nothing | Verdict::Narrower | Verdict::Reads)
                );
                let by_effect = of_row.iter().any(|finding| {
                    finding.kind == Kind::Detection
                        && finding.evidence_total == 1
                        && matches!(logic_of(&finding.rule), Logic::Effect(_))
                });
                if row.severity.is_some() && !is_told && !is_slip || is_harmless && by_effect {
                    let rules: Vec<String> = of_row
                        .iter()
                        .map(|finding| format!("{} {:?}", finding.rule, finding.severity))
                        .collect();
                    wrong.push(format!(
                        "{} {:?} {:?}: {rules:?}\n{trail}",
                        row.event, row.severity, row.verdict
                    ));
                }
            }
        }
    }
    assert!(graded > 100, "only {graded} rows are graded");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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

/// Whoever vouches for people vouches for those of each role that trusts him.
#[test]
fn a_provider_weighs_what_the_roles_that_trust_it_may_do() {
    let role = r#"admin iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:saml-provider/idp\"},\"Action\":\"sts:AssumeRoleWithSAML\",\"Condition\":{\"StringEquals\":{\"SAML:aud\":\"https://signin.aws.amazon.com/saml\"}}}]}"}}"#;
    let strong =
        format!("{role}\nadmin iam:AttachRolePolicy role/app aws-policy/AdministratorAccess");
    let replace = r#"mallory iam:UpdateSAMLProvider {"request":{"sAMLProviderArn":"arn:aws:iam::111122223333:saml-provider/idp","sAMLMetadataDocument":"<EntityDescriptor/>"}}"#;
    for (given, expected) in [("", "high"), (role, "high"), (strong.as_str(), "critical")] {
        let expected = vec![format!("saml-provider-changed {expected}")];
        assert_eq!(of_last(&format!("{given}\n{replace}")), expected, "{given}");
    }
}

/// An identity policy may name somebody who does not exist yet, and covers whoever takes the name. AWS
/// refuses a trust policy that does, and keeps in it whom it named, under whatever name (IAM User Guide,
/// "Rename an IAM user" and "AWS JSON policy elements: Principal").
#[test]
fn a_rename_is_quiet_about_permissions_unless_a_policy_names_the_new_name() {
    let rename = "mallory iam:UpdateUser user/bob named=robert";
    let user = "admin iam:CreateUser user/bob\nadmin iam:PutUserPolicy user/bob allow=*";
    let quiet = ["user-renamed-or-moved low"];
    assert_eq!(of_last(&format!("{user}\n{rename}")), quiet);
    let role = "admin iam:CreateRole role/boss trust=arn:aws:iam::111122223333:user/bob
                admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess";
    assert_eq!(of_last(&format!("{user}\n{role}\n{rename}")), quiet);
    let keys = |of: &str| {
        format!(
            "admin iam:CreateUser user/carol
             admin iam:PutUserPolicy user/carol allow=iam:CreateAccessKey on=arn:aws:iam::111122223333:user/{of}"
        )
    };
    assert_eq!(of_last(&format!("{user}\n{}\n{rename}", keys("robin"))), quiet);
    assert_eq!(
        of_last(&format!("{user}\n{}\n{rename}", keys("robert"))),
        ["permissions-widened critical", "user-renamed-or-moved low"]
    );
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

/// What changes nothing is quiet, in whatever words, and nobody's finding grows by it.
#[test]
fn a_change_that_comes_to_nothing_is_quiet() {
    let role = "admin iam:CreateRole role/app trust=999988887777
                admin iam:AttachRolePolicy role/app aws-policy/AdministratorAccess";
    let trust = "mallory iam:UpdateAssumeRolePolicy role/app";
    let inline = "admin iam:CreateRole role/app trust=ec2.amazonaws.com
                  admin iam:PutRolePolicy role/app allow=iam:PutUserPolicy,s3:*";
    let reworded = r#"mallory iam:PutRolePolicy role/app {"request":{"policyName":"inline","policyDocument":"{ \"Statement\": {\"Resource\":[\"*\"], \"Action\":[\"S3:*\",\"iam:putuserpolicy\"], \"Effect\":\"Allow\", \"Sid\":\"x\"}}"}}"#;
    for trail in [
        format!("{role}\n{trust} trust=999988887777"),
        format!("{role}\n{trust} trust=arn:aws:iam::999988887777:root"),
        format!("{inline}\n{reworded}"),
    ] {
        assert_eq!(of_last(&trail), Vec::<String>::new(), "{trail}");
    }
}

/// IAM User Guide, "Access to AWS accounts owned by third parties": the external id narrows whom a role
/// trusts.
#[test]
fn trusts_that_say_something_else_are_findings_of_their_own() {
    let role = "admin iam:CreateRole role/app trust=ec2.amazonaws.com
                admin iam:AttachRolePolicy role/app aws-policy/AdministratorAccess";
    let asked = r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"999988887777\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"x\"}}}]}"}}"#;
    let dropped = "mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777";
    let of_trust = |trail: &str| {
        let findings = judged(trail).into_iter();
        let told = findings.filter(|finding| finding.rule == "role-trusts-foreign-account");
        told.map(|finding| finding.explanation.contains("if it gives the external id"))
            .collect::<Vec<_>>()
    };
    assert_eq!(of_trust(&format!("{role}\n{asked}\n{dropped}")), [true, false]);
    assert_eq!(
        of_trust(&format!("{role}\n{asked}\n{dropped}\n{asked}")),
        [true, false],
        "narrowed"
    );
}

/// A trust in an organization names nobody whom the detections of strangers tell, and is told.
#[test]
fn strangers_that_no_other_detection_tells_are_told_once() {
    let role = "admin iam:CreateRole role/app trust=ec2.amazonaws.com
                admin iam:AttachRolePolicy role/app aws-policy/AdministratorAccess";
    let organization = r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-evil\"}}}]}"}}"#;
    let told = of_last(&format!("{role}\n{organization}"));
    assert_eq!(told, ["role-opened-to-more-principals critical"]);
    let account = "mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777";
    let told = of_last(&format!("{role}\n{account}"));
    assert_eq!(told, ["role-trusts-foreign-account critical"]);
}

/// What nobody knows is not safe where it would be odd if it gave nothing.
#[test]
fn a_gain_that_nobody_can_see_is_told_where_it_would_be_odd_if_there_were_none() {
    let administrator = "root iam:PutUserPolicy user/mallory allow=*\n";
    for (given, last, expected) in [
        (
            "",
            "mallory iam:SetDefaultPolicyVersion policy/p named=v7",
            "policy-rolled-back-to-wider-version medium",
        ),
        (
            "",
            "mallory iam:AttachUserPolicy user/mallory policy/unseen",
            "own-permissions-widened medium",
        ),
        (
            "",
            "mallory iam:AddUserToGroup user/mallory group/unseen",
            "own-permissions-widened medium",
        ),
        (administrator, "mallory iam:AddUserToGroup user/mallory group/unseen", ""),
        ("", "admin iam:AddUserToGroup user/bob group/unseen", "user-added-to-stronger-group low"),
        ("", "admin iam:AttachUserPolicy user/bob policy/unseen", ""),
    ] {
        let expected: Vec<&str> =
            Some(expected).filter(|text| !text.is_empty()).into_iter().collect();
        assert_eq!(of_last(&format!("{given}{last}")), expected, "{last}");
    }
}

/// Who holds a certificate becomes what the role is.
#[test]
fn roles_for_certificates_weigh_what_they_may_do() {
    let told = |policy: &str, service: &str| {
        of_last(&format!(
            r#"admin iam:CreateRole role/app trust={service}
               admin iam:AttachRolePolicy role/app aws-policy/{policy}
               admin rolesanywhere:CreateProfile {{"request":{{"name":"p","roleArns":["arn:aws:iam::111122223333:role/app"]}}}}"#
        ))
    };
    let by = "rolesanywhere.amazonaws.com";
    assert_eq!(told("AdministratorAccess", by), ["roles-opened-to-certificates critical"]);
    assert_eq!(told("ReadOnlyAccess", by), ["roles-opened-to-certificates medium"]);
    assert_eq!(told("AdministratorAccess", "*"), ["roles-opened-to-certificates critical"]);
    let shut = told("AdministratorAccess", "ec2.amazonaws.com");
    assert_eq!(shut, ["roles-opened-to-certificates medium"]);
}

/// Who joins people to a group of long ago all day is one finding, as is who assigns such a set.
#[test]
fn a_group_that_nobody_saw_is_one_finding_however_many_join_it() {
    let joins: Vec<String> = (0..40)
        .map(|number| format!("admin iam:AddUserToGroup user/u{number} group/unseen"))
        .collect();
    let told = of_all(&joins.join("\n"));
    assert_eq!(told, ["user-added-to-stronger-group low"]);
    let assign = |person: usize| {
        format!(
            r#"admin sso:CreateAccountAssignment {{"request":{{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-9","targetId":"111122223333","targetType":"AWS_ACCOUNT","principalType":"USER","principalId":"u-{person}","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}}}"#
        )
    };
    let assigned: Vec<String> = (0..40).map(assign).collect();
    assert_eq!(of_all(&assigned.join("\n")), ["permission-set-assigned low"]);
}

/// Whoever is released from a quarantine is one finding, as grave as what he may do again.
#[test]
fn a_quarantine_that_is_lifted_is_one_finding() {
    let held = "admin iam:CreateUser user/bob
                admin iam:PutUserPolicy user/bob allow=*
                admin iam:AttachUserPolicy user/bob aws-policy/AWSDenyAll";
    let lift = "mallory iam:DetachUserPolicy user/bob aws-policy/AWSDenyAll";
    assert_eq!(of_last(&format!("{held}\n{lift}")), ["quarantine-lifted critical"]);
    assert_eq!(of_last(lift), ["quarantine-lifted high"]);
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

/// What is gained by a Deny that went away is no news to what the document allows; where that is too
/// complex to compare, it may be.
#[test]
fn a_document_too_complex_to_compare_is_not_told_as_a_release() {
    // Nobody has two names, so that what the user may do is plain.
    let hidden = |at: usize| {
        let resource = format!("arn:aws:s3:::b*{at}*/*x*{at}");
        let two =
            json!({"StringEquals": {"aws:username": "a"}, "StringLike": {"aws:username": "b"}});
        json!({"Effect": "Allow", "Action": "s3:*", "Resource": resource, "Condition": two})
    };
    let hidden: Vec<Value> = (0..2_000).map(hidden).collect();
    let put = |is_denied: bool, more: &[Value]| {
        let mut statements = more.to_vec();
        statements.push(json!({"Effect": "Allow", "Action": "iam:*", "Resource": "*"}));
        statements.push(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}));
        if is_denied {
            statements.push(json!({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}));
        }
        let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let request = json!({"request": {"policyName": "inline", "policyDocument": document}});
        format!("mallory iam:PutUserPolicy user/bob {request}\n")
    };
    let user = "admin iam:CreateUser user/bob";
    for (more, expected) in [
        (&[][..], "deny-or-condition-dropped critical"),
        (&hidden[..10], "deny-or-condition-dropped critical"),
        (&hidden[..], "permissions-widened critical"),
    ] {
        let trail = format!("{user}\n{}{}", put(true, more), put(false, more));
        assert_eq!(of_last(&trail), [expected], "{}", more.len());
    }
}

/// Two calls of one second, of which nobody knows which came last: neither row says that nothing
/// changes, the one that put it there as little as the one that took it off.
#[test]
fn rows_of_the_same_second_doubt_each_other() {
    let stage = "admin iam:CreateUser user/bob
                 admin iam:AttachUserPolicy user/bob aws-policy/ReadOnlyAccess";
    let both = format!(
        "{stage}
        mallory iam:AttachUserPolicy user/bob aws-policy/ReadOnlyAccess
        +0s mallory iam:DetachUserPolicy user/bob aws-policy/ReadOnlyAccess"
    );
    let rows = whole(&both).1;
    let told: Vec<_> =
        rows.iter().rev().take(2).map(|row| (row.event.as_str(), row.verdict)).collect();
    let unknown = Some(Verdict::Unknown);
    assert_eq!(told, [("iam:DetachUserPolicy", unknown), ("iam:AttachUserPolicy", unknown)]);
    let sentence = rows.iter().rev().nth(1).and_then(|row| row.sentence.clone()).unwrap();
    assert!(sentence.ends_with(trailwarden_account::UNORDERED), "{sentence}");
    // Alone, the first one says what it is: that nothing changes.
    let alone = format!("{stage}\nmallory iam:AttachUserPolicy user/bob aws-policy/ReadOnlyAccess");
    let row = whole(&alone).1.pop().unwrap();
    assert_eq!(row.verdict, Some(Verdict::Nothing));
}

/// AWS Organizations User Guide, "Resource control policies (RCPs)": a trust policy lets in nobody whom
/// one over the account denies, and what is left is what the finding is about.
#[test]
fn a_trust_under_a_resource_control_policy_is_judged_as_it_counts() {
    let guarded = |condition: &str, principal: &str| {
        let content = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*"{condition}}}]}}"#
        );
        let made = json!({
            "request": {"type": "RESOURCE_CONTROL_POLICY", "name": "p", "content": content},
            "response": {"policy": {"policySummary": {"id": "p-1"}}},
        });
        let attached = json!({"request": {"policyId": "p-1", "targetId": "111122223333"}});
        let of_last = of_last(&format!(
            "boss organizations:CreatePolicy account=999900001111 {made}\n\
             boss organizations:AttachPolicy account=999900001111 {attached}\n\
             alice iam:CreateRole role/app trust={principal}"
        ));
        of_last.into_iter().filter(|one| one.starts_with("role-trusts")).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let own = r#","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}"#;
    let elsewhere = r#","Condition":{"StringEquals":{"aws:PrincipalAccount":"222233334444"}}"#;
    assert_eq!(guarded("", "*"), none);
    assert_eq!(guarded("", "444455556666"), none);
    assert_eq!(guarded(own, "*"), none);
    assert_eq!(guarded(elsewhere, "444455556666"), ["role-trusts-foreign-account critical"]);
    let ours = r#","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#;
    assert_eq!(guarded(ours, "444455556666"), none);
}
