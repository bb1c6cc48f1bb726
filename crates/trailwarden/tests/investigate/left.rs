//! What was left behind, and whether it still stands.

use trailwarden_runtime::investigate::story::Stands;

use crate::support::{Story as _, folder, left, put, records, run, story};

#[test]
fn what_others_took_away_is_gone_and_by_whom() {
    let story = story(
        "mallory iam:CreateUser user/eve
         mallory iam:AttachUserPolicy user/eve aws-policy/AdministratorAccess
         mallory iam:PutUserPolicy user/eve allow=s3:*
         admin iam:DetachUserPolicy user/eve aws-policy/AdministratorAccess",
        "mallory",
    );
    assert_eq!(
        left(&story),
        [
            "user eve: stands",
            "attached policy AdministratorAccess of user/eve: gone",
            "inline policy inline of user/eve: stands",
        ]
    );
    let ended = story.left_behind[1].ended_by.as_ref().unwrap();
    assert_eq!((ended.event_name.as_str(), ended.by_itself), ("DetachUserPolicy", false));
}

#[test]
fn what_was_made_again_stands_again() {
    let story = story(
        "mallory iam:PutUserPolicy user/eve allow=s3:*
         admin iam:DeleteUserPolicy user/eve named=inline
         mallory iam:PutUserPolicy user/eve allow=s3:*",
        "mallory",
    );
    assert_eq!(left(&story), ["inline policy inline of user/eve: stands"]);
}

#[test]
fn an_inactive_key_is_said_to_need_only_activation() {
    let story = story(
        r#"mallory iam:CreateAccessKey user/eve {"response":{"accessKey":{"accessKeyId":"AKIAEVE0000000000000","userName":"eve"}}}
           admin iam:UpdateAccessKey user/eve {"request":{"accessKeyId":"AKIAEVE0000000000000","status":"Inactive"}}"#,
        "mallory",
    );
    assert_eq!(story.left_behind[0].stands, Stands::Yes);
    assert!(story.left_behind[0].because.contains("inactive"), "{:?}", story.left_behind[0]);
}

/// A trust that somebody else has set since is not the story's any more.
#[test]
fn a_trust_that_was_put_right_is_gone() {
    let trail = "mallory iam:UpdateAssumeRolePolicy role/app trust=444455556666";
    assert_eq!(left(&story(trail, "mallory")), ["role trust app of role/app: stands"]);
    let put_right =
        format!("{trail}\nadmin iam:UpdateAssumeRolePolicy role/app trust=111122223333");
    let story = story(&put_right, "mallory");
    assert_eq!(left(&story), ["role trust app of role/app: gone"]);
    assert!(story.left_behind[0].altered);
}

/// The model holds IAM only; elsewhere a deletion of the same thing is what ends it.
#[test]
fn functions_and_instances_go_by_their_ids() {
    let story = story(
        r#"mallory lambda:CreateFunction20150331 {"request":{"functionName":"back"},"response":{"functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:back"}}
           mallory lambda:CreateFunction20150331 {"request":{"functionName":"door"}}
           mallory ec2:RunInstances {"response":{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0"}]}}}
           admin lambda:DeleteFunction20150331 {"request":{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:back"}}
           admin lambda:DeleteFunction20150331 denied {"request":{"functionName":"door"}}
           admin ec2:TerminateInstances {"request":{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0"}]}}}"#,
        "mallory",
    );
    assert_eq!(
        left(&story),
        [
            "lambda function back: gone",
            "lambda function door: stands",
            "ec2 instance i-0123456789abcdef0: gone",
        ]
    );
}

#[test]
fn a_missing_second_factor_stands_until_another_is_bound() {
    let trail = r#"mallory iam:DeactivateMFADevice user/olga {"request":{"userName":"olga","serialNumber":"arn:aws:iam::111122223333:mfa/olga"}}"#;
    assert_eq!(left(&story(trail, "mallory")), ["missing MFA device olga of user/olga: stands"]);
    let bound = format!(
        "{trail}\nolga iam:EnableMFADevice user/olga {}",
        r#"{"request":{"userName":"olga","serialNumber":"arn:aws:iam::111122223333:mfa/other"}}"#
    );
    assert_eq!(left(&story(&bound, "mallory")), ["missing MFA device olga of user/olga: gone"]);
}

/// A baseline from after the incident knows what no log tells.
#[test]
fn a_later_baseline_says_what_is_left() {
    let folder = folder();
    let trail = records(
        "mallory iam:CreateUser user/eve {\"response\":{\"user\":{\"userName\":\"eve\",\"userId\":\"AIDAEVE0000000000000\",\"arn\":\"arn:aws:iam::111122223333:user/eve\"}}}
         mallory iam:CreateUser user/zoe {\"response\":{\"user\":{\"userName\":\"zoe\",\"userId\":\"AIDAZOE0000000000000\",\"arn\":\"arn:aws:iam::111122223333:user/zoe\"}}}",
    );
    let log = put(folder.path(), "log.json", serde_json::json!({ "Records": trail }).to_string());
    let user = |name: &str, id: &str, created: &str| {
        serde_json::json!({
            "Path": "/", "UserName": name, "UserId": id, "CreateDate": created,
            "Arn": format!("arn:aws:iam::111122223333:user/{name}"),
            "GroupList": [], "AttachedManagedPolicies": []
        })
    };
    let details = serde_json::json!({
        "UserDetailList": [
            user("zoe", "AIDAZOE0000000000000", "2026-03-01T12:01:00+00:00"),
            user("late", "AIDALATE000000000000", "2026-04-01T00:00:00+00:00"),
        ],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []
    });
    let baseline = put(folder.path(), "account.json", details.to_string());
    let args = ["investigate", &log, "--principal", "mallory", "--baseline", &baseline, "--json"];
    let ran = run(&args);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(left(&ran.story()), ["user eve: gone", "user zoe: stands"]);
}

/// A baseline from before the incident knows what the log does not tell: what somebody could do.
#[test]
fn an_earlier_baseline_tells_what_was_gained() {
    let folder = folder();
    let trail = records(
        r#"mallory iam:AttachUserPolicy user/mallory aws-policy/AdministratorAccess {"userIdentity":{"principalId":"AIDAMALLORY000000000"}}"#,
    );
    let log = put(folder.path(), "log.json", serde_json::json!({ "Records": trail }).to_string());
    let details = serde_json::json!({
        "UserDetailList": [{
            "Path": "/", "UserName": "mallory", "UserId": "AIDAMALLORY000000000",
            "Arn": "arn:aws:iam::111122223333:user/mallory",
            "CreateDate": "2026-01-01T00:00:00+00:00", "GroupList": [],
            "AttachedManagedPolicies": [],
            "UserPolicyList": [{
                "PolicyName": "look",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]
                }
            }]
        }],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []
    });
    let baseline = put(folder.path(), "account.json", details.to_string());
    let gained = |args: &[&str]| {
        let ran = run(args);
        assert_eq!(ran.code, 0, "{}", ran.said);
        let story = ran.story();
        let gain = story.gained.first().unwrap();
        (gain.grade_before.clone(), gain.grade_after.clone())
    };
    let args = ["investigate", &log, "--principal", "mallory", "--json", "--baseline", &baseline];
    assert_eq!(gained(&args), ("read".to_owned(), "admin".to_owned()));
    assert_eq!(gained(&args[..5]), ("unknown".to_owned(), "admin".to_owned()));
}
