//! The file survives a round trip, and what it does not say is not known.

use serde_json::{Value, json};
use trailwarden_model::{AccountId, Timestamp};

use super::*;
use crate::{Kind, Model};

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";

fn account() -> AccountId {
    AccountId::parse("111122223333").unwrap()
}

fn time(minute: i64) -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").unwrap().plus(60 * minute)
}

fn answer(api: &str, about: &[(&str, &str)], outcome: Outcome) -> Answer {
    let about = about.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Answer { api: api.to_owned(), region: None, about: about.collect(), time: time(1), outcome }
}

fn got(api: &str, body: serde_json::Value) -> Answer {
    answer(api, &[], Outcome::Got { body })
}

fn details() -> serde_json::Value {
    json!({
        "UserDetailList": [{
            "UserName": "alice", "UserId": "AIDAALICE", "Path": "/",
            "Arn": "arn:aws:iam::111122223333:user/alice", "CreateDate": "2025-01-01T00:00:00Z",
            "GroupList": [], "AttachedManagedPolicies": []
        }],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []
    })
}

fn snapshot(answers: Vec<Answer>) -> Snapshot {
    let mut snapshot = Snapshot::new(account(), "aws", time(0), Depth::Core);
    answers.into_iter().for_each(|answer| snapshot.push(answer));
    snapshot
}

#[test]
fn a_file_of_several_accounts_is_read_as_it_was_written() {
    let denied = Outcome::Denied { message: "not authorized".into() };
    let one = snapshot(vec![
        got(DETAILS, details()),
        answer("cloudtrail:GetTrailStatus", &[("Name", "main")], denied),
    ]);
    let mut two = snapshot(Vec::new());
    two.account = AccountId::parse("000000000002").unwrap();
    let text = one.to_json().unwrap() + &two.to_json().unwrap();
    assert!(Snapshot::is_one(text.as_bytes()));
    assert_eq!(Snapshot::read(text.as_bytes()).unwrap(), [one, two]);
}

#[test]
fn another_version_and_damage_are_told() {
    let text = snapshot(Vec::new()).to_json().unwrap();
    let later = text.replace("baseline/1", "baseline/2");
    assert!(
        matches!(Snapshot::read(later.as_bytes()), Err(Error::Schema(found)) if found.ends_with("/2"))
    );
    assert!(matches!(Snapshot::read(&text.as_bytes()[..60]), Err(Error::Json(_))));
    assert!(matches!(Snapshot::read(b""), Err(Error::Schema(_))));
}

#[test]
fn only_what_aws_answered_is_known() {
    let one = snapshot(vec![
        got("iam:GetAccountSummary", json!({"SummaryMap": {"Users": 1}})),
        answer(
            "iam:GetAccountPasswordPolicy",
            &[],
            Outcome::Absent { message: "NoSuchEntity".into() },
        ),
        answer(
            "s3:GetBucketPolicy",
            &[("Bucket", "logs")],
            Outcome::Throttled { message: String::new() },
        ),
    ]);
    assert!(one.answer("iam:GetAccountSummary").unwrap().is_known());
    assert!(one.answer("iam:GetAccountPasswordPolicy").unwrap().is_known());
    assert!(one.answer("cloudtrail:DescribeTrails").is_none());
    let about = one.about("s3:GetBucketPolicy", "Bucket", "logs").unwrap();
    assert_eq!(about.why_not().as_deref(), Some("`s3:GetBucketPolicy` was throttled"));
    assert!(one.about("s3:GetBucketPolicy", "Bucket", "other").is_none());
    assert_eq!(one.unanswered().count(), 1);
}

#[test]
fn a_baseline_is_made_of_all_answers() {
    let csv = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,\
               access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
               alice,arn:aws:iam::111122223333:user/alice,2025-01-01T00:00:00Z,true,false,false,N/A,false,N/A\n";
    let report = json!({"Content": base64(csv), "ReportFormat": "text/csv"});
    let baseline = snapshot(vec![
        got(DETAILS, details()),
        got(
            "iam:GetAccountSummary",
            json!({"SummaryMap": {"Users": 1, "Groups": 0, "Roles": 0, "Policies": 0}}),
        ),
        got("iam:GetCredentialReport", report),
        answer(
            "iam:GetAccountPasswordPolicy",
            &[],
            Outcome::Absent { message: "NoSuchEntity".into() },
        ),
    ])
    .baseline()
    .unwrap();
    assert_eq!((baseline.taken(), baseline.is_dated()), (time(1), true));
    let model = Model::from_baseline(&baseline);
    assert!(model.listed.users.is_known() && model.listed.roles.is_known());
    assert_eq!(model.settings.password_policy.value(), Some(&None));
    let alice = model.find(Kind::User, "alice").unwrap();
    assert_eq!(alice.login.value().map(Option::is_some), Some(true));
}

/// The credential report says how many keys there are; the list says which.
#[test]
fn keys_and_devices_of_users_are_known_where_they_were_asked_for() {
    let one = snapshot(vec![
        got(DETAILS, details()),
        answer(
            "iam:ListAccessKeys",
            &[("UserName", "alice")],
            Outcome::Got {
                body: json!({"AccessKeyMetadata": [
                {"UserName": "alice", "AccessKeyId": "k1", "Status": "Active"},
                {"UserName": "alice", "AccessKeyId": "k2", "Status": "Inactive"}]}),
            },
        ),
        answer(
            "iam:ListMFADevices",
            &[("UserName", "alice")],
            Outcome::Denied { message: String::new() },
        ),
    ]);
    let model = Model::from_baseline(&one.baseline().unwrap());
    let alice = model.find(Kind::User, "alice").unwrap();
    assert!(alice.keys.is_complete() && alice.keys.len() == 2);
    assert!(!alice.mfa.is_complete());
}

#[test]
fn half_of_the_pages_is_no_whole_list() {
    let partial = Outcome::Partial { body: details(), message: "Throttling".into() };
    let one = snapshot(vec![answer(DETAILS, &[], partial)]);
    let model = Model::from_baseline(&one.baseline().unwrap());
    assert!(model.find(Kind::User, "alice").is_some());
    assert!(!model.listed.users.is_known());
}

#[test]
fn without_details_the_reason_is_told() {
    let text = snapshot(Vec::new()).baseline().unwrap_err().to_string();
    assert!(text.ends_with("nobody asked for them"), "{text}");
    let denied = answer(DETAILS, &[], Outcome::Denied { message: "no".into() });
    let text = snapshot(vec![denied]).baseline().unwrap_err().to_string();
    assert!(text.ends_with("was denied: no"), "{text}");
}

#[test]
fn policies_of_the_organization_find_their_targets() {
    let policy = json!({"Policy": {
        "PolicySummary": {"Id": "p-1", "Name": "guard", "Type": "SERVICE_CONTROL_POLICY"},
        "Content": "{\"Statement\":[]}"}});
    let one = snapshot(vec![
        got(DETAILS, details()),
        answer(
            "organizations:DescribePolicy",
            &[("PolicyId", "p-1")],
            Outcome::Got { body: policy },
        ),
        answer(
            "organizations:ListTargetsForPolicy",
            &[("PolicyId", "p-1")],
            Outcome::Got { body: json!({"Targets": [{"TargetId": "r-1"}]}) },
        ),
        answer(
            "organizations:ListParents",
            &[("ChildId", "111122223333")],
            Outcome::Got { body: json!({"Parents": [{"Id": "r-1", "Type": "ROOT"}]}) },
        ),
    ]);
    let model = Model::from_baseline(&one.baseline().unwrap());
    let policy = model.organization.policies.get("p-1").unwrap();
    assert!(policy.targets.keys().any(|target| &**target == "r-1"));
}

/// A delegated administrator sees the organization's policies like the management account, and they bind it.
#[test]
fn who_sees_the_policies_is_not_taken_for_the_management_account() {
    let policy = json!({"Policy": {
        "PolicySummary": {"Id": "p-1", "Name": "guard", "Type": "SERVICE_CONTROL_POLICY"},
        "Content": "{\"Statement\":[]}"}});
    let of = |manager: &str| {
        let about = &[("PolicyId", "p-1")];
        let targets = json!({"Targets": [{"TargetId": "r-1"}]});
        let parents = json!({"Parents": [{"Id": "r-1", "Type": "ROOT"}]});
        let organization = json!({"Organization": {"Id": "o-1", "MasterAccountId": manager}});
        let one = snapshot(vec![
            got(DETAILS, details()),
            got("organizations:DescribeOrganization", organization),
            answer("organizations:DescribePolicy", about, Outcome::Got { body: policy.clone() }),
            answer("organizations:ListTargetsForPolicy", about, Outcome::Got { body: targets }),
            answer(
                "organizations:ListParents",
                &[("ChildId", "111122223333")],
                Outcome::Got { body: parents },
            ),
        ]);
        let models = crate::Models::from_baselines(&[one.baseline().unwrap()]);
        let account = AccountId::parse("111122223333").unwrap();
        crate::World::of(&models).scps(account).is_management_account
    };
    assert!(of("111122223333"));
    assert!(!of("444455556666"));
}

#[test]
fn a_secret_does_not_get_in() {
    let body =
        json!({"VirtualMFADevices": [{"SerialNumber": "x", "Base32StringSeed": "c2VlZA=="}]});
    let one = snapshot(vec![got("iam:ListVirtualMFADevices", body)]);
    assert!(!one.to_json().unwrap().contains("c2VlZA"));
}

fn base64(text: &str) -> String {
    use ::base64::Engine as _;
    ::base64::engine::general_purpose::STANDARD.encode(text)
}

/// What is shared names nobody and hangs together as before.
#[test]
fn a_redacted_file_names_nobody_and_says_the_same() {
    let policy = |actions: &str, resource: &str| {
        json!({"Statement": [{"Sid": "MarketingOnly", "Effect": "Allow", "Action": actions, "Resource": resource,
            "Condition": {"StringEquals": {"aws:ResourceTag/Project": "Falcon", "aws:SourceIp": "203.0.113.9/32"}}}]})
    };
    let body = json!({
        "UserDetailList": [{
            "UserName": "AliceSmith", "UserId": "AIDAABCDEFGHIJKLMNOPQ", "Path": "/people/berlin/",
            "Arn": "arn:aws:iam::111122223333:user/people/berlin/AliceSmith", "CreateDate": "2025-01-01T00:00:00Z",
            "GroupList": ["Payroll-Admins"], "Tags": [{"Key": "Project", "Value": "Falcon"}],
            "UserPolicyList": [{"PolicyName": "logs", "PolicyDocument": policy("s3:Get*", "arn:aws:s3:::corp-logs-*")}],
            "AttachedManagedPolicies": [
                {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]
        }],
        "GroupDetailList": [{
            "GroupName": "Payroll-Admins", "GroupId": "AGPAABCDEFGHIJKLMNOPQ", "Path": "/",
            "Arn": "arn:aws:iam::111122223333:group/Payroll-Admins", "CreateDate": "2025-01-01T00:00:00Z",
            "GroupPolicyList": [], "AttachedManagedPolicies": []
        }],
        "RoleDetailList": [{
            "RoleName": "AWSServiceRoleForSupport", "RoleId": "AROAABCDEFGHIJKLMNOPQ",
            "Path": "/aws-service-role/support.amazonaws.com/", "CreateDate": "2025-01-01T00:00:00Z",
            "Arn": "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
            "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root", "Service": "support.amazonaws.com"}}]}
        }],
        "Policies": []
    });
    let mut one = snapshot(vec![
        got(DETAILS, body),
        answer(
            "s3:GetBucketPolicy",
            &[("Bucket", "corp-logs-prod")],
            Outcome::Denied {
                message: "AccessDenied: arn:aws:iam::111122223333:user/AliceSmith".into(),
            },
        ),
    ]);
    one.push(got("iam:ListAccountAliases", json!({"AccountAliases": ["acme-falcon"]})));
    let redacted = one.redacted(&[7; 32]);
    let text = redacted.to_json().unwrap();
    for name in [
        "lice",
        "mith",
        "ayroll",
        "erlin",
        "alcon",
        "acme",
        "corp",
        "logs",
        "arketing",
        "111122223333",
        "444455556666",
        "ABCDEFGHIJKLMNOPQ",
        "203.0.113",
    ] {
        assert!(!text.contains(name), "`{name}` in {text}");
    }
    for kept in [
        "s3:Get*",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "\"AdministratorAccess\"",
        "/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
        "aws:ResourceTag/",
        "2025-01-01T00:00:00Z",
        "AccessDenied",
        ":root",
        "AIDA",
        "/32",
    ] {
        assert!(text.contains(kept), "no `{kept}` in {text}");
    }
    // The words of a name are replaced each for itself: the pattern still covers the bucket.
    let bucket = redacted.answers("s3:GetBucketPolicy").next().unwrap().about["Bucket"].clone();
    let pattern = bucket.rsplit_once('-').unwrap().0;
    assert!(text.contains(&format!("arn:aws:s3:::{pattern}-*")), "{bucket} in {text}");
    // The user is still in the group, and the account is still one.
    let model = Model::from_baseline(&redacted.baseline().unwrap());
    let user = model.of_kind(Kind::User).next().unwrap();
    let group = model.of_kind(Kind::Group).next().unwrap();
    assert!(user.groups.keys().any(|id| *id == group.id));
    assert!(redacted.redacted && redacted.account != one.account);
    // Another key, other words.
    assert_ne!(one.redacted(&[8; 32]).to_json().unwrap(), text);
}

#[test]
fn a_redacted_credential_report_keeps_dates_and_hides_users() {
    let csv = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,\
               access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
               <root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00Z,not_supported,true,false,N/A,false,N/A\n\
               alice,arn:aws:iam::111122223333:user/alice,2025-01-01T00:00:00Z,true,false,true,2025-02-01T00:00:00Z,false,N/A\n";
    let one = snapshot(vec![
        got(DETAILS, details()),
        got("iam:GetCredentialReport", json!({"Content": base64(csv), "ReportFormat": "text/csv"})),
    ]);
    let model = Model::from_baseline(&one.redacted(&[7; 32]).baseline().unwrap());
    let user = model.of_kind(Kind::User).next().unwrap();
    assert_ne!(&*user.name, "alice");
    assert_eq!(user.reported.value().map(|row| row.keys_active.len()), Some(1));
    let root = model.identity(&crate::Id::root()).unwrap();
    assert_eq!(root.reported.value().and_then(|row| row.mfa_active), Some(true));
}

/// An account without users, roles and policies names itself nowhere; the caller's identity does.
#[test]
fn an_account_with_nothing_in_it_is_one() {
    let nothing =
        json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []});
    let counts = json!({"SummaryMap": {"Users": 0, "Groups": 0, "Roles": 0, "Policies": 0}});
    let one = snapshot(vec![got(DETAILS, nothing), got("iam:GetAccountSummary", counts)]);
    let model = Model::from_baseline(&one.baseline().unwrap());
    assert_eq!((model.account(), model.of_kind(Kind::User).count()), (account(), 0));
    assert!(model.listed().users.is_known() && model.listed().roles.is_known());
}

#[test]
fn whoever_may_use_a_service_is_named() {
    let inline = |name: &str, action: &str| {
        let document = json!({"Version": "2012-10-17", "Statement":
            [{"Effect": "Allow", "Action": action, "Resource": "*"}]});
        json!({"UserName": name, "UserId": format!("AIDA{name}"), "Path": "/",
            "Arn": format!("arn:aws:iam::111122223333:user/{name}"), "GroupList": [],
            "CreateDate": "2025-01-01T00:00:00Z", "AttachedManagedPolicies": [],
            "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document}]})
    };
    let details = json!({"UserDetailList": [inline("a", "bedrock:InvokeModel"), inline("b", "s3:*"), inline("c", "*")],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []});
    let one = snapshot(vec![got(DETAILS, details)]);
    let named = one.may_use(&["bedrock"]);
    assert_eq!(named, ["arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:user/c"]);
    assert_eq!(snapshot(Vec::new()).may_use(&["bedrock"]), [] as [String; 0]);
}

/// IAM User Guide, "Permissions boundaries for IAM entities": a boundary grants nothing, whatever it says.
/// A policy that was not seen may grant anything.
#[test]
fn an_unknown_cap_gives_nobody_a_service_and_an_unknown_policy_may() {
    let user = |name: &str, extra: Value| {
        let document = json!({"Version": "2012-10-17", "Statement":
            [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]});
        let mut user = json!({"UserName": name, "UserId": format!("AIDA{name}"), "Path": "/",
            "Arn": format!("arn:aws:iam::111122223333:user/{name}"), "GroupList": [],
            "CreateDate": "2025-01-01T00:00:00Z", "AttachedManagedPolicies": [],
            "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": document}]});
        let members = user.as_object_mut().unwrap();
        members.extend(extra.as_object().unwrap().clone());
        user
    };
    let unseen = "arn:aws:iam::111122223333:policy/unseen";
    let boundary = json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": unseen});
    let users = [
        user("capped", json!({ "PermissionsBoundary": boundary })),
        user(
            "open",
            json!({"AttachedManagedPolicies": [{"PolicyName": "unseen", "PolicyArn": unseen}]}),
        ),
    ];
    let details = json!({"UserDetailList": users, "GroupDetailList": [], "RoleDetailList": [], "Policies": []});
    let one = snapshot(vec![got(DETAILS, details)]);
    assert_eq!(one.may_use(&["bedrock"]), ["arn:aws:iam::111122223333:user/open"]);
}
