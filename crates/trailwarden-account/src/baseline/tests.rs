//! Reading what the AWS CLI prints, and what may be concluded from it.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_model::Timestamp;

use super::{
    Error, account_summary, authorization_details, by_account, credential_report,
    organization_policies, password_policy,
};
use crate::fact::Fact;
use crate::identity::{Id, Kind};
use crate::listing::Before;
use crate::model::Model;
use crate::trail::{Play, START, arn};

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
const ENCODED: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
const TRUST: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}"#;

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// An account before some changes.
fn earlier() -> Value {
    json!({
        "UserDetailList": [{
            "Path": "/", "UserName": "bob", "UserId": "AIDABOB", "Arn": arn("user/bob"),
            "CreateDate": "2025-06-01T10:00:00+00:00", "GroupList": ["devs"],
            "UserPolicyList": [{"PolicyName": "read", "PolicyDocument": document(READ)}],
            "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": arn("policy/p")}],
            "PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": arn("policy/p")},
            "Tags": [{"Key": "team", "Value": "a"}],
        }],
        "GroupDetailList": [{
            "Path": "/", "GroupName": "devs", "GroupId": "AGPADEVS", "Arn": arn("group/devs"),
            "CreateDate": "2025-06-01T10:00:00+00:00", "GroupPolicyList": [],
            "AttachedManagedPolicies": [],
        }],
        "RoleDetailList": [{
            "Path": "/", "RoleName": "app", "RoleId": "AROAAPP", "Arn": arn("role/app"),
            "CreateDate": "2025-06-01T10:00:00+00:00",
            "AssumeRolePolicyDocument": document(TRUST), "RolePolicyList": [],
            "AttachedManagedPolicies": [], "Tags": [],
            "InstanceProfileList": [{"InstanceProfileName": "web", "InstanceProfileId": "AIPAWEB",
                "Arn": arn("instance-profile/web"), "Roles": []}],
        }],
        "Policies": [{
            "PolicyName": "p", "PolicyId": "ANPAP", "Arn": arn("policy/p"),
            "CreateDate": "2025-06-01T10:00:00+00:00", "DefaultVersionId": "v1",
            "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true,
                "Document": ENCODED, "CreateDate": "2025-06-02T10:00:00+00:00"}],
        }],
    })
}

/// The same account after the changes of [`changes`].
fn later() -> Value {
    let mut account = earlier();
    let user = &mut account["UserDetailList"][0];
    user["UserName"] = json!("robert");
    user["Arn"] = json!(arn("user/robert"));
    user["GroupList"] = json!([]);
    user["UserPolicyList"] = json!([]);
    user["PermissionsBoundary"] = Value::Null;
    user["Tags"] = json!([{"Key": "Team", "Value": "b"}]);
    let carol = json!({
        "Path": "/ops/", "UserName": "carol", "UserId": "AIDACAROL", "Arn": arn("user/ops/carol"),
        "CreateDate": "2026-01-01T00:00:09Z", "GroupList": ["devs"], "UserPolicyList": null,
        "AttachedManagedPolicies": [], "Tags": [],
    });
    account["UserDetailList"].as_array_mut().unwrap().push(carol);
    account["GroupDetailList"][0]["GroupPolicyList"] =
        json!([{"PolicyName": "x", "PolicyDocument": document(READ)}]);
    account["RoleDetailList"] = json!([{
        "Path": "/", "RoleName": "app", "RoleId": "AROANEW", "Arn": arn("role/app"),
        "CreateDate": "2026-01-01T00:00:12Z", "AssumeRolePolicyDocument": document(READ),
        "RolePolicyList": [], "InstanceProfileList": [], "Tags": [],
        "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": arn("policy/p")}],
    }]);
    let policy = &mut account["Policies"][0];
    policy["DefaultVersionId"] = json!("v2");
    policy["PolicyVersionList"] = json!([
        {"VersionId": "v2", "IsDefaultVersion": true, "Document": document(TRUST)},
        {"VersionId": "v1", "IsDefaultVersion": false, "Document": document(READ)},
    ]);
    account
}

fn changes(play: &mut Play) {
    let bob = || json!({"userName": "bob"});
    let with = |key: &str, value: &str| json!({"userName": "bob", key: value});
    play.iam("DeleteUserPermissionsBoundary", bob());
    play.iam("RemoveUserFromGroup", with("groupName", "devs"));
    play.iam("DeleteUserPolicy", with("policyName", "read"));
    play.iam("TagUser", json!({"userName": "bob", "tags": [{"key": "Team", "value": "b"}]}));
    play.iam("UpdateUser", with("newUserName", "robert"));
    let reply = json!({"user": {"userId": "AIDACAROL", "arn": arn("user/ops/carol")}});
    play.reply("CreateUser", json!({"userName": "carol", "path": "/ops/"}), reply);
    play.iam("AddUserToGroup", json!({"userName": "carol", "groupName": "devs"}));
    let put = json!({"groupName": "devs", "policyName": "x", "policyDocument": READ});
    play.iam("PutGroupPolicy", put);
    let profile = json!({"roleName": "app", "instanceProfileName": "web"});
    play.iam("RemoveRoleFromInstanceProfile", profile);
    play.iam("DeleteRole", json!({"roleName": "app"}));
    let request = json!({"roleName": "app", "assumeRolePolicyDocument": READ});
    play.reply(
        "CreateRole",
        request,
        json!({"role": {"roleId": "AROANEW", "arn": arn("role/app")}}),
    );
    play.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": arn("policy/p")}));
    let version =
        json!({"policyArn": arn("policy/p"), "policyDocument": TRUST, "setAsDefault": true});
    play.reply("CreatePolicyVersion", version, json!({"policyVersion": {"versionId": "v2"}}));
}

fn model(details: &Value) -> Model {
    let baseline = authorization_details(details.to_string().as_bytes()).unwrap();
    Model::from_baseline(&baseline.taken_at(Timestamp::from_seconds(START)))
}

/// A baseline and the events after it equal the baseline taken later.
#[test]
fn a_baseline_and_its_events_equal_a_later_baseline() {
    let mut play = Play::on(model(&earlier()));
    changes(&mut play);
    let (here, there) = (play.model.state(), model(&later()).state());
    assert_eq!(here.differences(&there), []);
    assert_eq!(play.gaps(), Vec::<String>::new());
    // All that the later baseline knows is known here, so the comparison was not empty.
    let unknown: Vec<_> =
        there.values.keys().filter(|key| !here.values.contains_key(*key)).collect();
    assert_eq!(unknown, Vec::<&crate::state::Key>::new());
    assert!(!model(&earlier()).state().differences(&there).is_empty());
}

/// One change left out is one difference: the comparison can fail.
#[test]
fn a_missing_event_is_a_difference() {
    for missing in ["UserPolicyList", "GroupList", "AttachedManagedPolicies", "Tags", "Path"] {
        let mut other = earlier();
        other["UserDetailList"][0][missing] = match missing {
            "Path" => json!("/other/"),
            _ => json!([]),
        };
        let differences = model(&earlier()).state().differences(&model(&other).state());
        assert!(!differences.is_empty(), "{missing}");
    }
}

#[test]
fn documents_are_read_as_objects_and_as_encoded_text() {
    let model = model(&earlier());
    let inline = &model.find(Kind::User, "bob").unwrap().inline;
    let read = inline.iter().next().unwrap().1.value().unwrap().canonical();
    let policy = model.document_of(&arn("policy/p")).value().unwrap().canonical();
    assert_eq!(read, policy);
    assert!(model.trust_of(&Id::unique("AROAAPP")).unwrap().is_known());
}

/// IAM API Reference, `ManagedPolicyDetail`: the answer has no tags of policies, so it does not say
/// that there are none.
#[test]
fn tags_of_policies_are_unknown_unless_somebody_added_them() {
    let tags = |details: &Value| model(details).policy(&arn("policy/p")).unwrap().tags.clone();
    assert!(!tags(&earlier()).is_complete());
    let mut enriched = earlier();
    enriched["Policies"][0]["Tags"] = json!([{"Key": "team", "Value": "a"}]);
    assert!(tags(&enriched).is_complete() && tags(&enriched).len() == 1);
}

/// Pages of one account, whole only with the last of them.
#[test]
fn pages_are_put_together() {
    let all = earlier();
    let users =
        json!({"UserDetailList": all["UserDetailList"], "IsTruncated": true, "Marker": "m"});
    let mut rest = all.clone();
    rest["UserDetailList"] = json!([]);
    rest["IsTruncated"] = json!(false);
    let taken = Timestamp::from_seconds(START);
    let merged = by_account(vec![page(&rest), page(&users)]).unwrap();
    assert_eq!(merged.len(), 1);
    let merged = Model::from_baseline(&merged[0].clone().taken_at(taken));
    assert_eq!(merged.state(), model(&all).state());
    let list = authorization_details(json!([users, rest]).to_string().as_bytes()).unwrap();
    assert_eq!(Model::from_baseline(&list.taken_at(taken)).state(), model(&all).state());
    let alone = Model::from_baseline(&page(&users).taken_at(taken));
    assert!(!alone.listed().users.is_known());
}

fn page(value: &Value) -> super::Baseline {
    authorization_details(value.to_string().as_bytes()).unwrap()
}

fn listed(baseline: &super::Baseline) -> [bool; 4] {
    let model = Model::from_baseline(baseline);
    let listed = model.listed();
    [&listed.users, &listed.groups, &listed.roles, &listed.policies].map(Fact::is_known)
}

fn summary(users: i64, groups: i64, roles: i64, policies: i64) -> BTreeMap<String, i64> {
    let map = json!({"SummaryMap": {"Users": users, "Groups": groups, "Roles": roles,
        "Policies": policies}});
    account_summary(map.to_string().as_bytes()).unwrap()
}

/// IAM API Reference, `GetAccountAuthorizationDetails`: `IsTruncated` says that more follow; AWS CLI
/// User Guide, "Using the pagination options in the AWS CLI": so does `NextToken`.
#[test]
fn lists_that_go_on_are_not_whole() {
    let with = |extra: Value| {
        let mut all = earlier();
        all.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        all
    };
    assert_eq!(listed(&page(&with(json!({})))), [true; 4]);
    assert_eq!(listed(&page(&with(json!({"IsTruncated": false})))), [true; 4]);
    for cut in [json!({"IsTruncated": true, "Marker": "m"}), json!({"NextToken": "t"})] {
        assert_eq!(listed(&page(&with(cut))), [false; 4]);
    }
    // What was printed whole for one filter does not end the pages of another.
    let mut users = with(json!({"IsTruncated": true}));
    let mut groups = earlier();
    for list in ["GroupDetailList", "RoleDetailList", "Policies"] {
        users[list] = json!([]);
    }
    for list in ["UserDetailList", "RoleDetailList", "Policies"] {
        groups[list] = json!([]);
    }
    let both = by_account(vec![page(&users), page(&groups)]).unwrap();
    assert_eq!(listed(&both[0]), [false, true, false, false]);
}

/// The last page looks like an only page, but what is on it may name what is not.
#[test]
fn a_list_is_not_whole_when_something_names_what_it_lacks() {
    let mut last = earlier();
    last["IsTruncated"] = json!(false);
    let mut no_group = last.clone();
    no_group["GroupDetailList"][0]["GroupName"] = json!("others");
    assert_eq!(listed(&page(&no_group)), [true, false, true, true]);
    let mut no_policy = last.clone();
    no_policy["Policies"][0]["Arn"] = json!(arn("policy/other"));
    assert_eq!(listed(&page(&no_policy)), [true, true, true, false]);
    for count in ["AttachmentCount", "PermissionsBoundaryUsageCount"] {
        let mut one_more = last.clone();
        one_more["Policies"][0][count] = json!(1);
        assert_eq!(listed(&page(&one_more)), [true; 4]);
        one_more["Policies"][0][count] = json!(2);
        assert_eq!(listed(&page(&one_more)), [false, false, false, true]);
        // Who counted knows that it is a role that is missing.
        let counted = page(&one_more).with_summary(summary(1, 1, 3, 1));
        assert_eq!(listed(&counted), [true, true, false, true]);
    }
}

/// IAM API Reference, `GetAccountSummary`: `Users`, `Groups`, `Roles`, `Policies`.
#[test]
fn the_summary_decides_what_is_whole() {
    let whole = page(&earlier());
    assert_eq!(listed(&whole.clone().with_summary(summary(1, 1, 1, 1))), [true; 4]);
    assert_eq!(listed(&whole.with_summary(summary(2, 2, 2, 2))), [false; 4]);
    let mut cut = earlier();
    cut["IsTruncated"] = json!(true);
    assert_eq!(listed(&page(&cut).with_summary(summary(1, 1, 2, 1))), [true, true, false, true]);
}

/// Parts that contradict each other give no baseline, and the error does not depend on their order.
#[test]
fn parts_that_contradict_each_other_are_refused() {
    let whole = page(&earlier());
    let policy = |length: i64| super::PasswordPolicy {
        minimum_length: length,
        ..super::PasswordPolicy::default()
    };
    let mut other = earlier();
    other["UserDetailList"][0]["Path"] = json!("/x/");
    let mut again = earlier();
    again["UserDetailList"][0]["UserId"] = json!("AIDAAGAIN");
    let pairs = [
        (
            whole.clone().with_summary(summary(1, 1, 1, 1)),
            whole.clone().with_summary(summary(1, 1, 2, 1)),
        ),
        (
            whole.clone().with_password_policy(Some(policy(8))),
            whole.clone().with_password_policy(Some(policy(14))),
        ),
        (
            whole.clone().with_password_policy(None),
            whole.clone().with_password_policy(Some(policy(8))),
        ),
        (whole.clone(), page(&other)),
        (whole.clone(), page(&again)),
    ];
    let said = pairs.map(|(left, right)| {
        let error = left.clone().merged(right.clone()).unwrap_err();
        assert_eq!(error.to_string(), right.merged(left).unwrap_err().to_string());
        assert!(error.help().contains("older"));
        error.to_string()
    });
    let bob = "arn:aws:iam::111122223333:user/bob";
    assert_eq!(said[0], "the account summary is there twice, with different content");
    assert_eq!(said[1], "the password policy is there twice, with different content");
    assert_eq!(said[2], said[1]);
    assert_eq!(said[3], "the user `AIDABOB` is there twice, with different `Path`");
    assert_eq!(said[4], format!("the user `{bob}` is there twice, with different `UserId`"));
}

/// `--filter` leaves the other lists empty, which says nothing.
#[test]
fn an_empty_list_proves_nothing_unless_the_summary_says_zero() {
    let mut only_users = earlier();
    only_users["RoleDetailList"] = json!([]);
    let baseline = authorization_details(only_users.to_string().as_bytes()).unwrap();
    assert!(!Model::from_baseline(&baseline).listed().roles.is_known());
    let summary = account_summary(br#"{"SummaryMap": {"Roles": 0, "Users": 1}}"#).unwrap();
    let model = Model::from_baseline(&baseline.with_summary(summary));
    assert!(model.listed().roles.is_known() && model.listed().users.is_known());
    assert_eq!(model.settings().summary.value().unwrap()["Users"], 1);
}

#[test]
fn a_name_that_a_whole_baseline_does_not_have_was_made_unseen() {
    let mut play = Play::on(model(&earlier()));
    play.iam("AttachUserPolicy", json!({"userName": "eve", "policyArn": arn("policy/p")}));
    play.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": arn("policy/new")}));
    let policy = arn("policy/new");
    assert_eq!(play.gaps(), ["MadeUnseen user/eve ".to_owned(), format!("MadeUnseen {policy} ")]);
}

/// Events that were over when the baseline was taken are in it already.
#[test]
fn events_before_the_baseline_change_nothing() {
    let baseline = authorization_details(earlier().to_string().as_bytes()).unwrap();
    let model = Model::from_baseline(&baseline.taken_at(Timestamp::from_seconds(START + 100)));
    let mut play = Play::on(model.clone());
    assert_eq!(play.iam("DeleteUser", json!({"userName": "bob"})), None);
    assert_eq!(play.model, model);
}

#[test]
fn without_a_time_the_newest_date_inside_counts() {
    let baseline = authorization_details(earlier().to_string().as_bytes()).unwrap();
    assert_eq!(baseline.taken().to_string(), "2025-06-02T10:00:00Z");
    assert!(!baseline.is_dated());
}

/// IAM User Guide, "Generate credential reports for your AWS account".
#[test]
fn the_credential_report_proves_absence() {
    let csv = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n\
        <root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n\
        bob,arn:aws:iam::111122223333:user/bob,2025-06-01T10:00:00+00:00,true,N/A,N/A,N/A,false,false,2025-06-03T10:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n";
    let report = credential_report(csv.as_bytes()).unwrap();
    let baseline = authorization_details(earlier().to_string().as_bytes()).unwrap();
    let model = Model::from_baseline(&baseline.with_report(report));
    let root = model.identity(&Id::root()).unwrap();
    assert!(root.keys.is_complete() && root.keys.is_empty() && !root.mfa.is_complete());
    let bob = model.find(Kind::User, "bob").unwrap();
    assert!(!bob.keys.is_complete() && bob.mfa.is_complete());
    assert_eq!(bob.reported.value().unwrap().keys_active, [false]);
    assert!(matches!(bob.login.value(), Some(Some(_))));
    assert!(matches!(credential_report(b"a,b\n1,2\n"), Err(Error::NoColumn("user"))));
}

#[test]
fn password_policy_and_organization() {
    let policy = password_policy(br#"{"PasswordPolicy": {"MinimumPasswordLength": 14, "RequireSymbols": true, "ExpirePasswords": false}}"#).unwrap();
    let organization = organization_policies(
        br#"{"Policies": [{"PolicySummary": {"Id": "p-1", "Name": "x", "Type": "SERVICE_CONTROL_POLICY"},
             "Content": "{}", "Targets": [{"TargetId": "r-1"}]}],
             "Parents": [{"Id": "111122223333", "ParentId": "r-1"}]}"#,
    )
    .unwrap();
    let baseline = authorization_details(earlier().to_string().as_bytes()).unwrap();
    let baseline = baseline.with_password_policy(Some(policy)).with_organization(organization);
    let model = Model::from_baseline(&baseline);
    let rules = model.settings().password_policy.value().unwrap().as_ref().unwrap();
    assert_eq!((rules.minimum_length, rules.require_symbols, rules.max_age_days), (14, true, None));
    let organization = model.organization();
    let levels = organization.levels_of("111122223333");
    assert!(levels.missing.is_none());
    assert_eq!(organization.attached_at(&levels.targets[0]).count(), 1);
    let policy = organization.policies.values().next().unwrap();
    assert_eq!(policy.targets.before(&"ou-1".into()), Before::Absent);
}

/// Without all users, a group has at least the members that were listed.
#[test]
fn members_are_known_as_far_as_users_are() {
    let devs = Id::unique("AGPADEVS");
    let whole = model(&earlier()).members_of(&devs);
    assert_eq!(
        (whole.ids.as_slice(), whole.is_complete()),
        ([Id::unique("AIDABOB")].as_slice(), true)
    );
    let mut page = earlier();
    page["IsTruncated"] = json!(true);
    let partly = model(&page).members_of(&devs);
    assert_eq!(partly.ids, [Id::unique("AIDABOB")]);
    assert_eq!(partly.unknowns[0].what, "members of group/devs");
}

proptest! {
    /// The same parts in any order, some of them twice, give the same baseline.
    #[test]
    fn the_order_of_parts_does_not_show(order in vec(0..5_usize, 0..8)) {
        let (all, rest) = (earlier(), later());
        let mut pages = Vec::new();
        for (list, source) in [("UserDetailList", &rest), ("GroupDetailList", &all), ("Policies", &all)] {
            pages.push(page(&json!({list: source[list], "IsTruncated": true})));
        }
        let roles = page(&json!({"RoleDetailList": all["RoleDetailList"], "IsTruncated": false}));
        pages.push(roles.clone().with_password_policy(None).taken_at(Timestamp::from_seconds(7)));
        pages.push(roles.with_summary(summary(2, 1, 1, 1)));
        let expected = Model::from_baseline(&by_account(pages.clone()).unwrap()[0]);
        prop_assert!(expected.listed().users.is_known());
        let mut shuffled: Vec<_> = order.iter().map(|at| pages[*at].clone()).collect();
        shuffled.extend(pages.into_iter().rev());
        prop_assert_eq!(Model::from_baseline(&by_account(shuffled).unwrap()[0]), expected);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..200), cut in 0..2_000_usize) {
        let _ = (authorization_details(&bytes), credential_report(&bytes), organization_policies(&bytes));
        let mut whole = earlier().to_string().into_bytes();
        let at = cut.min(whole.len());
        whole.splice(at..at, bytes);
        if let Ok(baseline) = authorization_details(&whole) {
            prop_assert_eq!(Model::from_baseline(&baseline).account(), baseline.account());
        }
    }
}

#[test]
fn what_is_no_baseline_is_refused_with_help() {
    let read = |text: &str| authorization_details(text.as_bytes()).unwrap_err();
    assert!(matches!(read("no"), Error::Json { .. }));
    assert!(matches!(read("{}"), Error::NoAccount));
    let mixed = r#"{"UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/a"}, {"Arn": "arn:aws:iam::444455556666:user/b"}]}"#;
    assert!(matches!(read(mixed), Error::SeveralAccounts { .. }));
    assert!(read("{}").help().contains("--filter"));
}

/// AWS's own policies come with the answer, newer than the program's table.
#[test]
fn a_listed_aws_policy_wins_over_the_table() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let mut details = earlier();
    details["Policies"].as_array_mut().unwrap().push(json!({
        "PolicyName": "AdministratorAccess", "PolicyId": "ANPAADMIN", "Arn": admin,
        "DefaultVersionId": "v9", "PolicyVersionList": [{"VersionId": "v9",
            "IsDefaultVersion": true, "Document": document(READ)}],
    }));
    assert_eq!(
        model(&details).document_of(admin).value().unwrap().canonical(),
        crate::PolicyText::new(READ).canonical()
    );
    assert!(matches!(model(&earlier()).document_of(admin), Fact::Known { .. }));
    assert!(!model(&earlier()).document_of("arn:aws:iam::aws:policy/NoSuchPolicy").is_known());
}
