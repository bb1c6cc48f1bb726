//! Findings of several calls: each of them has its steps, or is named.

use trailwarden_account::snapshot::{Depth, Snapshot};
use trailwarden_detect::{detections, reference};
use trailwarden_model::Timestamp;
use trailwarden_runtime::remedies::{History, Known, Made, Outcome as Became, plan};

use super::{account, events, made, planned};

fn of(rule: &str, trail: &str) -> Made {
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    made(detection, trail)
}

/// Each step's call and purpose.
fn purposes(made: &Made) -> Vec<&str> {
    let steps = made.plan.iter().flat_map(|plan| &plan.steps);
    steps.map(|step| step.purpose.as_str()).collect()
}

/// A trail's bucket is opened, and a rule deletes all logs tomorrow.
const BUCKET: &str = r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
+1d mallory s3:DeleteBucketPolicy bucket/audit-1
mallory s3:PutBucketVersioning bucket/audit-1 {"request":{"VersioningConfiguration":{"Status":"Suspended"}}}
mallory s3:PutBucketLifecycle bucket/audit-1"#;

#[test]
fn what_a_plan_leaves_of_a_finding_is_named_and_what_deletes_first() {
    let made = of("log-store-tampered", BUCKET);
    let answer = &made.answers[0];
    assert_eq!(made.answers.len(), 1, "{made:?}");
    assert_eq!(answer.outcome, Became::Planned, "{answer:?}");
    assert!(!answer.is_whole());
    let left: Vec<&str> = answer.left.iter().map(|it| it.call.as_str()).collect();
    assert_eq!(left, ["s3:PutBucketLifecycle", "s3:PutBucketVersioning"]);
    let how = answer.left[0].how.join("\n");
    assert!(how.contains("get-bucket-lifecycle-configuration --bucket audit-1"), "{how}");
    assert_eq!(purposes(&made), ["put the policy of audit-1 back"]);
    let plan = made.plan.unwrap();
    let told = format!("{:?}", plan.preview.remedies);
    assert!(told.contains("NOT DONE BY THIS PLAN: s3:PutBucketLifecycle of "), "{told}");
    assert_eq!(plan.digest, plan.computed_digest());
}

#[test]
fn a_finding_of_which_only_the_rest_is_open_is_a_persons() {
    // The policy is back, and the rule is not.
    let back = r#"{"request":{"bucketPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::audit-1"}]}}}"#;
    let trail = format!("{BUCKET}\nalice s3:PutBucketPolicy bucket/audit-1 {back}");
    let made = of("log-store-tampered", &trail);
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Person, "{answer:?}");
    assert!(answer.how[0].starts_with("s3:PutBucketLifecycle: "), "{answer:?}");
    assert!(answer.how.iter().any(|it| it.starts_with("s3:PutBucketVersioning: ")), "{answer:?}");
}

#[test]
fn every_credential_of_a_finding_stands_in_the_steps() {
    let upload = |id: &str| {
        format!(
            r#"mallory iam:UploadSSHPublicKey user/carol {{"response":{{"sSHPublicKey":{{"sSHPublicKeyId":"{id}","userName":"carol"}}}}}}"#
        )
    };
    let trail = format!("{}\n{}", upload("APKAONE"), upload("APKATWO"));
    let made = of("uncommon-credential-for-another-user", &trail);
    let answer = &made.answers[0];
    assert_eq!((made.answers.len(), answer.outcome), (1, Became::Person), "{made:?}");
    let of_key = |id: &str| {
        let named = format!("--ssh-public-key-id {id} --status Inactive");
        answer.how.iter().filter(|step| step.contains(&named)).count()
    };
    assert_eq!((of_key("APKAONE"), of_key("APKATWO")), (1, 1), "{answer:?}");
    let asks = answer.how.iter().filter(|step| step.starts_with("Ask carol")).count();
    assert_eq!(asks, 1, "{answer:?}");
    let place = |text: &str| answer.how.iter().position(|step| step.contains(text));
    assert!(place("APKATWO") < place("In the console"), "{answer:?}");
}

#[test]
fn of_several_calls_that_no_plan_takes_back_each_has_its_steps() {
    let trail = r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"},"response":{"kmsKeyId":"arn:aws:kms:us-east-1:111122223333:key/11"}}
+1d mallory kms:DisableKey {"request":{"keyId":"11"}}
mallory kms:ScheduleKeyDeletion {"request":{"keyId":"11","pendingWindowInDays":7}}"#;
    let made = of("log-store-tampered", trail);
    let how = &made.answers[0].how;
    let place = |text: &str| how.iter().position(|step| step.contains(text));
    assert!(place("kms cancel-key-deletion").is_some(), "{how:?}");
    assert!(place("kms cancel-key-deletion") < place("`aws kms enable-key"), "{how:?}");
    let callers = how.iter().filter(|step| step.starts_with("Ask whoever called it")).count();
    assert_eq!(callers, 1, "{how:?}");
    assert!(how.last().unwrap().starts_with("Ask whoever called it"), "{how:?}");
}

#[test]
fn an_access_key_is_switched_off_also_where_another_credential_came_with_it() {
    let trail = r#"alice iam:CreateAccessKey user/alice issues=AKIAOLD
alice iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
mallory iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}
mallory iam:UpdateSSHPublicKey user/alice {"request":{"sSHPublicKeyId":"APKAOLD","status":"Active"}}"#;
    let rule = "credential-reactivated-by-another";
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    let mut findings = reference::judge_example(detection, trail).unwrap();
    let other = findings.pop().unwrap();
    findings[0].evidence.extend(other.evidence);
    findings[0].evidence_total = 2;
    let made = planned(trail, &findings);
    let answer = &made.answers[0];
    assert_eq!((made.answers.len(), answer.outcome), (1, Became::Planned), "{made:?}");
    assert_eq!(purposes(&made), ["switch the access key AKIAOLD of alice off"]);
    assert_eq!(answer.left.len(), 1, "{answer:?}");
    assert!(answer.left[0].how.iter().any(|it| it.contains("APKAOLD --status Inactive")));
}

#[test]
fn calls_of_one_finding_that_two_remediations_know_are_both_taken_back() {
    let trail = r#"admin iam:CreateRole role/app trust=ec2.amazonaws.com
role/app iam:PutRolePolicy role/app {"request":{"policyName":"p","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
role/app iam:AttachRolePolicy role/app aws-policy/AdministratorAccess"#;
    let rule = "role-session-changed-its-own-role";
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    let mut findings = reference::judge_example(detection, trail).unwrap();
    let mut other = findings[0].evidence[0].clone();
    let attached = events(trail).pop().unwrap().0;
    (other.event_id, other.event_name) = (attached.id, "AttachRolePolicy".to_owned());
    assert_ne!(other.event_id, findings[0].evidence[0].event_id);
    findings.truncate(1);
    findings[0].evidence = vec![findings[0].evidence[0].clone(), other];
    findings[0].evidence_total = 2;
    findings[0].effect = None;
    let made = planned(trail, &findings);
    let all = purposes(&made);
    for one in [
        "detach arn:aws:iam::aws:policy/AdministratorAccess from app",
        "delete the inline policy p of app",
    ] {
        assert!(all.contains(&one), "{all:?} {:?}", made.answers);
    }
    assert!(made.answers.iter().all(|it| it.is_whole()), "{:?}", made.answers);
}

/// Some of a finding's records are not in the logs that were given.
#[test]
fn a_record_that_is_missing_from_the_logs_is_named() {
    let trail = r#"admin iam:CreateRole role/app trust=ec2.amazonaws.com
role/app iam:AttachRolePolicy role/app aws-policy/AdministratorAccess"#;
    let rule = "role-session-changed-its-own-role";
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    let mut findings = reference::judge_example(detection, trail).unwrap();
    let mut missing = findings[0].evidence[0].clone();
    missing.event_id = "not-there".to_owned();
    missing.event_name = "PutRolePolicy".to_owned();
    findings[0].evidence.push(missing);
    findings[0].evidence_total = 3;
    let made = planned(trail, &findings);
    let answer = &made.answers[0];
    assert_eq!(answer.outcome, Became::Planned, "{answer:?}");
    let why: Vec<_> = answer.left.iter().filter_map(|it| it.why.as_deref()).collect();
    assert_eq!(why, ["the logs do not hold its record"], "{answer:?}");
    assert!(answer.left.iter().any(|it| it.call.starts_with("1 more record")), "{answer:?}");
}

/// What logs alone tell, with no baseline at all.
fn by_logs_alone(rule: &str, trail: &str) -> Made {
    let detection = detections::ALL.iter().find(|one| one.id == rule).unwrap();
    let findings = reference::judge_example(detection, trail).unwrap();
    let history = History::of_events(events(trail), &[], &findings);
    let snapshot = Snapshot::new(account(), "aws", Timestamp::from_seconds(0), Depth::Packed);
    let now = history.until().unwrap().plus(3_600);
    let known = Known { history: Some(&history), ..Known::of(&snapshot, history.models(), now) };
    plan(known, &findings, &[])
}

#[test]
fn whoever_is_inside_can_be_stopped_by_hand_while_more_is_asked_for() {
    for (rule, trail, wanted) in [
        (
            "console-password-reset-by-another",
            "mallory iam:UpdateLoginProfile user/alice",
            "delete-login-profile --user-name alice",
        ),
        (
            "new-user-armed",
            "mallory iam:CreateUser user/eve\nmallory iam:CreateAccessKey user/eve issues=AKIAEVE\n\
             mallory iam:AttachUserPolicy user/eve aws-policy/AdministratorAccess",
            "put-user-policy --user-name eve",
        ),
    ] {
        let made = by_logs_alone(rule, trail);
        let answer = &made.answers[0];
        let how = answer.how.join("\n");
        assert_eq!(answer.outcome, Became::Unknown, "{rule}: {answer:?}");
        assert!(how.contains(wanted), "{rule}: {answer:?}");
        assert!(how.contains("Make sure first that somebody else"), "{rule}: {answer:?}");
    }
}

#[test]
fn a_role_that_was_closed_again_in_the_logs_is_not_asked_about() {
    let opens = r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/mallory\"},\"Action\":\"sts:AssumeRole\"}]}"}}
mallory sts:AssumeRole role/app issues=ASIAIN"#;
    let rule = "trust-opened-to-self-and-used";
    let closed =
        format!("{opens}\nalice iam:UpdateAssumeRolePolicy role/app trust=codebuild.amazonaws.com");
    let answer = by_logs_alone(rule, &closed).answers.remove(0);
    assert_eq!(answer.outcome, Became::Already, "{answer:?}");
    // Whoever was let in still is.
    let answer = by_logs_alone(rule, opens).answers.remove(0);
    assert_ne!(answer.outcome, Became::Already, "{answer:?}");
}

#[test]
fn selectors_that_were_put_back_in_the_logs_need_no_more() {
    let narrow = r#"mallory cloudtrail:PutEventSelectors trail/main {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"All","includeManagementEvents":false,"dataResources":[]}]}}"#;
    let back = r#"alice cloudtrail:PutEventSelectors trail/main {"request":{"trailName":"main","eventSelectors":[{"readWriteType":"All","includeManagementEvents":true,"dataResources":[]}]}}"#;
    let rule = "trail-selectors-narrowed";
    let answer = by_logs_alone(rule, &format!("{narrow}\n{back}")).answers.remove(0);
    assert_eq!(answer.outcome, Became::Already, "{answer:?}");
    assert!(answer.reason.as_deref().unwrap().contains("not known of it: whether it records"));
    let answer = by_logs_alone(rule, narrow).answers.remove(0);
    assert_ne!(answer.outcome, Became::Already, "{answer:?}");
}

#[test]
fn of_a_new_policy_it_is_told_who_has_it_and_a_boundary_is_never_detached() {
    let makes = "admin iam:CreateRole role/app trust=ec2.amazonaws.com\n\
         mallory iam:CreatePolicy policy/limit allow=iam:*";
    let told = |more: &str| {
        let made = of("permissions-widened", &format!("{makes}\n{more}"));
        let new = made.answers.into_iter().find(|it| it.outcome == Became::Person).unwrap();
        (new.reason.unwrap(), new.how.join("\n"))
    };
    let (reason, how) = told(
        r#"admin iam:PutRolePermissionsBoundary role/app {"request":{"permissionsBoundary":"arn:aws:iam::111122223333:policy/limit"}}"#,
    );
    assert!(reason.contains("the permissions boundary of role/app"), "{reason}");
    assert!(!how.contains("detach"), "{how}");
    let (reason, how) = told("admin iam:AttachRolePolicy role/app policy/limit");
    assert!(reason.contains("attached to role/app"), "{reason}");
    assert!(how.contains("detach-role-policy --role-name app"), "{how}");
}
