//! Each family of calls, with the page that says what AWS does.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use trailwarden_record::Event;
use trailwarden_record::events::ALL;

use super::Fold;
use crate::change::{Field, Subject};
use crate::entry::NOT_FOLDED;
use crate::fact::{Fact, Why};
use crate::identity::{Id, KeyStatus, Kind};
use crate::listing::{Before, Presence};
use crate::model::Model;
use crate::query::PolicySource;
use crate::trail::{Play, account, arn, by_role, by_user, entry, omitted, record};

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Each typed call of the services that the model folds is somebody's, or is left out with a
/// reason, and none is both.
#[test]
fn every_call_that_changes_iam_is_folded_or_left_out_with_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/records");
    let (mut folded, mut wrong) = (0, Vec::new());
    for info in ALL {
        let action = format!("{}:{}", info.service, info.name);
        let is_left_out = NOT_FOLDED.iter().any(|(left, _)| *left == action);
        let services = ["iam", "organizations", "sso", "sso-directory", "identitystore", "account"];
        if !services.contains(&info.service) {
            assert!(!is_left_out, "{action} is of another service");
            continue;
        }
        let path = folder.join(info.service).join(format!("{}.json", info.name));
        let event = Event::decode(&fs::read(path).unwrap()).unwrap();
        let Some(entry) = entry(&event) else {
            assert!(is_left_out, "{action} gives no entry");
            continue;
        };
        let mut model = Model::new(entry.account);
        let mut fold = Fold::new(&mut model, &entry);
        if !fold.is_folded(&entry.call) {
            wrong.push(action.clone());
        }
        // These two fixtures are about a member account, whose model is another.
        let is_elsewhere = ["account:DisableRegion", "account:EnableRegion"].contains(&&*action);
        if fold.touched.is_empty() && !is_elsewhere {
            wrong.push(format!("{action} touches nothing"));
        }
        folded += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(folded > 120, "{folded}");
    for (action, reason) in NOT_FOLDED {
        assert!(ALL.iter().any(|i| format!("{}:{}", i.service, i.name) == *action), "{action}");
        assert!(!reason.is_empty());
    }
}

/// IAM API Reference, `CreateUser`: a new user has no permissions and no credentials.
#[test]
fn what_a_new_user_was_not_given_it_does_not_have() {
    let mut play = Play::new();
    let change = play.create_user("bob", "AIDABOB").unwrap();
    let bob = play.user("bob");
    assert_eq!(bob.boundary.value(), Some(&None));
    assert!(bob.attached.is_complete() && bob.inline.is_complete() && bob.keys.is_complete());
    assert_eq!(bob.login.value(), Some(&None));
    assert_eq!(play.model.arn_of(&bob.id), Some(arn("user/bob")));
    assert!(change.before.find(Kind::User, "bob").is_none());
    assert!(change.after.find(Kind::User, "BOB").is_some());
    assert_eq!(change.touched[0].subject, Subject::Identity(Kind::User, Id::unique("AIDABOB")));
    assert!(play.model.policies_of(&Id::unique("AIDABOB")).is_complete());
}

/// A thing seen by name only holds at least what was seen.
#[test]
fn a_role_first_seen_in_an_attachment_has_at_least_that() {
    let mut play = Play::new();
    play.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
    let app = play.role("app");
    assert!(app.id.is_provisional() && app.boundary.value().is_none());
    assert_eq!(app.attached.get(&"other".into()), Presence::Unknown(&Why::NeverSeen));
    let held = play.model.policies_of(&app.id);
    assert_eq!(held.policies[0].source, PolicySource::Managed(ADMIN.into()));
    assert!(held.policies[0].document.value().unwrap().as_str().contains("\"*\""));
    assert!(!held.is_complete());
    assert_eq!(held.unknowns[0].what, "inline policies of role/app");
}

/// A caller's `userIdentity` names the unique id that a call's parameters do not.
#[test]
fn a_name_is_joined_to_its_id_when_the_bearer_calls() {
    let mut play = Play::new();
    play.iam("AddUserToGroup", json!({"userName": "bob", "groupName": "devs"}));
    play.iam("AddRoleToInstanceProfile", json!({"instanceProfileName": "web", "roleName": "app"}));
    let old = play.user("bob").id.clone();
    assert!(old.is_provisional());
    let request = json!({"userName": "eve"});
    play.call("iam", "DeleteUser", request.clone(), Value::Null, by_user("Bob", "AIDABOB"));
    play.call("iam", "DeleteUser", request, Value::Null, by_role("app", "AROAAPP"));
    assert_eq!(play.user("bob").id, Id::unique("AIDABOB"));
    assert_eq!(play.user("bob").path.value().map(|path| &**path), Some("/"));
    assert_eq!(play.model.members_of(&play.group("devs").id).ids, [Id::unique("AIDABOB")]);
    assert_eq!(play.model.owner_of_key("AKIABob"), Some(&Id::unique("AIDABOB")));
    let role = play.model.instance_profile("web").unwrap().role.value().unwrap().clone();
    assert_eq!(role, Some(Id::unique("AROAAPP")));
    assert!(play.model.identity(&old).is_none());
    assert_eq!(play.gaps(), Vec::<String>::new());
}

/// IAM User Guide, "Rename an IAM user": the ARN changes, the id and what hangs on it do not.
#[test]
fn a_rename_keeps_the_id_and_all_that_is_attached() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_group("devs", "AGPADEVS");
    play.iam("AddUserToGroup", json!({"userName": "bob", "groupName": "devs"}));
    play.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": ADMIN}));
    let request = json!({"userName": "bob", "newUserName": "robert", "newPath": "/ops/"});
    let change = play.iam("UpdateUser", request).unwrap();
    play.iam("UpdateGroup", json!({"groupName": "devs", "newGroupName": "makers"}));
    // A session from before the rename still says the old name.
    let request = json!({"userName": "x"});
    play.call("iam", "DeleteUser", request, Value::Null, by_user("bob", "AIDABOB"));
    assert!(play.model.find(Kind::User, "bob").is_none());
    assert_eq!(play.user("robert").former_names, ["bob".into()]);
    let robert = play.user("robert");
    assert_eq!(robert.id, Id::unique("AIDABOB"));
    assert_eq!(robert.attached.before(&ADMIN.into()), Before::Present);
    assert_eq!(play.model.groups_of(&robert.id).ids, [play.group("makers").id.clone()]);
    assert_eq!(change.before.arn_of(&robert.id), Some(arn("user/bob")));
    assert_eq!(change.after.arn_of(&robert.id), Some(arn("user/ops/robert")));
    assert_eq!(
        change.touched.iter().map(|t| t.field).collect::<Vec<_>>(),
        [Field::Name, Field::Path]
    );
    assert!(play.model.find_arn(&arn("user/ops/robert")).is_some());
    assert!(play.model.find_arn(&arn("user/robert")).is_none());
}

/// IAM User Guide, "IAM identifiers": who is made again under the same name is somebody else.
#[test]
fn a_user_made_again_is_another_one() {
    let mut play = Play::new();
    play.create_user("bob", "AIDAONE");
    play.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": ADMIN}));
    play.iam("DetachUserPolicy", json!({"userName": "bob", "policyArn": ADMIN}));
    play.iam("DeleteUser", json!({"userName": "bob"}));
    assert!(play.model.find(Kind::User, "bob").is_none());
    play.create_user("bob", "AIDATWO");
    assert_eq!(play.user("bob").id, Id::unique("AIDATWO"));
    assert!(play.user("bob").attached.is_empty());
    assert_eq!(play.model.tombstone(&Id::unique("AIDAONE")).unwrap().arn, Some(arn("user/bob")));
    assert_eq!(play.gaps(), Vec::<String>::new());
    // A session that outlives its owner does not bring him back.
    let request = json!({"userName": "eve"});
    play.call("iam", "DeleteUser", request, Value::Null, by_user("bob", "AIDAONE"));
    assert_eq!(play.user("bob").id, Id::unique("AIDATWO"));
    assert_eq!(play.gaps(), Vec::<String>::new());
}

/// IAM API Reference, `DeleteUser` and `DeletePolicy`: both refuse what is still in use.
#[test]
fn deleting_what_is_in_use_shows_that_something_was_missed() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_policy("p", "ANPAP");
    let policy = arn("policy/p");
    play.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": policy}));
    play.iam("DeletePolicy", json!({"policyArn": policy}));
    assert_eq!(play.gaps(), [format!("DeletedInUse {} AIDABOB", policy.to_lowercase())]);
    let bob = play.user("bob");
    assert_eq!(bob.attached.before(&policy.as_str().into()), Before::Absent);
    assert!(matches!(bob.attached.completeness().why(), Some(Why::Missed(_))));
    play.iam(
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "x", "policyDocument": "{}"}),
    );
    play.iam("DeleteUser", json!({"userName": "bob"}));
    assert_eq!(play.gaps()[1..], ["DeletedInUse user/bob x"]);
}

/// IAM API Reference, `DetachUserPolicy` and others: `NoSuchEntity` for what is not there.
#[test]
fn taking_off_what_was_not_there_shows_that_something_was_missed() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_group("devs", "AGPADEVS");
    play.iam("DetachUserPolicy", json!({"userName": "bob", "policyArn": ADMIN}));
    play.iam("DeleteUserPolicy", json!({"userName": "bob", "policyName": "x"}));
    play.iam("DeleteLoginProfile", json!({"userName": "bob"}));
    play.iam("DeleteAccessKey", json!({"userName": "bob", "accessKeyId": "AKIAX"}));
    play.iam("DeleteUserPermissionsBoundary", json!({"userName": "bob"}));
    play.iam("RemoveUserFromGroup", json!({"userName": "bob", "groupName": "devs"}));
    let expected = [ADMIN, "x", "login", "AKIAX", "boundary", "AGPADEVS"];
    assert_eq!(play.gaps(), expected.map(|detail| format!("MadeUnseen user/bob {detail}")));
    let bob = play.user("bob");
    assert!(!bob.attached.is_complete() && !bob.inline.is_complete() && !bob.keys.is_complete());
}

/// The total order puts parts before the whole, as AWS does (IAM API Reference, `DeleteUser`).
#[test]
fn what_is_deleted_with_its_parts_in_a_second_leaves_no_gap() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.reply(
        "CreateAccessKey",
        json!({"userName": "bob"}),
        json!({"accessKey": {"accessKeyId": "AKIABOB", "status": "Active"}}),
    );
    play.iam(
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "x", "policyDocument": "{}"}),
    );
    let with = |key: &str, value: &str| json!({"userName": "bob", key: value});
    let deletions = [
        ("DeleteUser", json!({"userName": "bob"})),
        ("DeleteUserPolicy", with("policyName", "x")),
        ("DeleteAccessKey", with("accessKeyId", "AKIABOB")),
    ];
    play.at_once(deletions.map(|(name, request)| (name, request, Value::Null)));
    assert_eq!(play.gaps(), Vec::<String>::new());
    assert!(play.model.find(Kind::User, "bob").is_none());
}

#[test]
fn deleted_and_made_again_within_a_second_is_no_gap() {
    let mut play = Play::new();
    play.create_role("app", "AROAONE");
    play.create_role("app", "AROATWO");
    assert_eq!(play.gaps(), ["MadeTwice role/app AROAONE"]);
    play.same_second("iam", "DeleteRole", json!({"roleName": "app"}), Value::Null, Value::Null);
    assert_eq!(play.gaps(), Vec::<String>::new());
    assert_eq!(play.role("app").id, Id::unique("AROATWO"));
}

#[test]
fn another_id_or_name_of_a_caller_shows_what_was_missed() {
    let mut play = Play::new();
    play.create_user("bob", "AIDAONE");
    play.create_user("ann", "AIDAANN");
    let request = || json!({"userName": "eve"});
    play.call("iam", "DeleteUser", request(), Value::Null, by_user("bob", "AIDATWO"));
    play.call("iam", "DeleteUser", request(), Value::Null, by_user("anna", "AIDAANN"));
    assert_eq!(
        play.gaps(),
        ["Replaced user/bob AIDAONE", "Renamed user/ann anna", "MadeUnseen user/anna AKIAanna"]
    );
    assert_eq!(play.user("bob").id, Id::unique("AIDATWO"));
    assert!(!play.user("bob").attached.is_complete());
    assert_eq!(play.user("anna").id, Id::unique("AIDAANN"));
}

#[test]
fn what_failed_or_was_denied_changes_nothing() {
    for code in ["AccessDenied", "EntityAlreadyExistsException"] {
        let mut play = Play::new();
        let extra = json!({"errorCode": code, "errorMessage": "no"});
        let request = json!({"userName": "bob"});
        assert_eq!(play.call("iam", "CreateUser", request, Value::Null, extra), None);
        assert_eq!(play.model, Model::new(account()));
    }
}

/// A repeat and a late event are left to the timeline.
#[test]
fn a_repeat_changes_nothing() {
    let mut model = Model::new(account());
    let event = record(
        5,
        1,
        "iam",
        "TagUser",
        json!({"userName": "b", "tags": [{"key": "k", "value": "v"}]}),
        Value::Null,
        Value::Null,
    );
    let entry = entry(&event).unwrap();
    assert!(model.apply_entry(&entry).is_some());
    let after = model.clone();
    assert_eq!(model.apply_entry(&entry), None);
    assert_eq!(model, after);
}

/// Permiso, "CloudTrail logging evasion: where policy size matters": a padded policy hides the
/// parameters, and with them whose it is.
#[test]
fn omitted_parameters_put_all_that_they_may_concern_in_doubt() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_role("app", "AROAAPP");
    play.iam(
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "x", "policyDocument": "{}"}),
    );
    let change = play.iam("PutUserPolicy", omitted()).unwrap();
    assert_eq!(change.touched[0].subject, Subject::AnyIdentity(Kind::User));
    let held = play.model.policies_of(&play.user("bob").id);
    assert!(matches!(held.unknowns[0].why, Why::Omitted(_)));
    assert_eq!(held.policies[0].document.last_value().unwrap().as_str(), "{}");
    assert!(!held.policies[0].document.is_known());
    assert!(play.model.policies_of(&play.role("app").id).is_complete());
    play.iam("UpdateAssumeRolePolicy", omitted());
    assert!(matches!(play.model.trust_of(&play.role("app").id), Some(Fact::Unknown { .. })));
    // Who is made later is not concerned.
    play.create_user("ann", "AIDAANN");
    assert!(play.user("ann").inline.is_complete());
}

/// The reply still names the role, and IAM API Reference, `CreateRole`, puts the trust policy in it.
#[test]
fn the_reply_tells_what_the_omitted_parameters_do_not() {
    let mut play = Play::new();
    let reply = json!({"role": {"roleName": "app", "roleId": "AROAAPP", "arn": arn("role/x/app"),
        "assumeRolePolicyDocument": "%7B%22a%22%3A1%7D"}});
    play.reply("CreateRole", omitted(), reply);
    let app = play.role("app");
    assert_eq!(app.id, Id::unique("AROAAPP"));
    assert_eq!(app.trust.value().unwrap().as_str(), r#"{"a":1}"#);
    assert_eq!(app.path.value().map(|path| &**path), Some("/x/"));
    assert!(matches!(app.boundary, Fact::Unknown { why: Why::Omitted(_), .. }));
    assert!(app.attached.is_complete());
    let reply =
        json!({"policy": {"policyId": "ANPAP", "arn": arn("policy/p"), "defaultVersionId": "v1"}});
    play.reply("CreatePolicy", omitted(), reply);
    assert!(matches!(play.model.document_of(&arn("policy/p")).why(), Some(Why::Omitted(_))));
}

/// Only the default version counts; numbers grow and are never used again. IAM User Guide,
/// "Versioning IAM policies".
#[test]
fn versions_and_the_default_one() {
    let mut play = Play::new();
    play.create_policy("p", "ANPAP");
    let policy = arn("policy/p");
    let version = |n: u32, is_default: bool| json!({"policyArn": policy, "policyDocument": format!("{{\"v\":{n}}}"), "setAsDefault": is_default});
    let reply = |n: u32| json!({"policyVersion": {"versionId": format!("v{n}")}});
    let now = |play: &Play| play.model.document_of(&policy).value().unwrap().as_str().to_owned();
    play.reply("CreatePolicyVersion", version(2, false), reply(2));
    assert_eq!(now(&play), r#"{"v":1}"#);
    play.reply("CreatePolicyVersion", version(3, true), reply(3));
    assert_eq!(now(&play), r#"{"v":3}"#);
    let change = play
        .iam("SetDefaultPolicyVersion", json!({"policyArn": policy, "versionId": "v2"}))
        .unwrap();
    assert_eq!(now(&play), r#"{"v":2}"#);
    assert_eq!(change.before.document_of(&policy).value().unwrap().as_str(), r#"{"v":3}"#);
    play.iam("DeletePolicyVersion", json!({"policyArn": policy, "versionId": "v3"}));
    assert_eq!(play.gaps(), Vec::<String>::new());
    play.reply("CreatePolicyVersion", version(5, false), reply(5));
    play.iam("SetDefaultPolicyVersion", json!({"policyArn": policy, "versionId": "v4"}));
    assert!(!play.model.document_of(&policy).is_known());
    let name = policy.to_lowercase();
    assert_eq!(play.gaps(), [format!("MadeUnseen {name} versions")]);
}

/// The version's number, which the reply still tells, leaves only the policies whose turn it was.
#[test]
fn an_omitted_version_is_narrowed_down_by_its_number() {
    let mut play = Play::new();
    play.create_policy("one", "ANPAONE");
    play.create_policy("two", "ANPATWO");
    let reply = json!({"policyVersion": {"versionId": "v2"}});
    play.reply(
        "CreatePolicyVersion",
        json!({"policyArn": arn("policy/two"), "policyDocument": "{}"}),
        reply,
    );
    let reply = json!({"policyVersion": {"versionId": "v3"}});
    play.reply("CreatePolicyVersion", omitted(), reply);
    assert!(play.model.document_of(&arn("policy/one")).is_known());
    let two = play.model.document_of(&arn("policy/two"));
    assert!(matches!(two.why(), Some(Why::Omitted(_))));
    assert_eq!(two.last_value().map(|text| text.as_str()), Some(r#"{"v":1}"#));
}

/// IAM API Reference, `UpdateAccessKey`: the user may be left out, and the key knows its owner.
#[test]
fn keys_are_told_by_their_id() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    let reply =
        json!({"accessKey": {"accessKeyId": "AKIAONE", "status": "Active", "userName": "bob"}});
    play.reply("CreateAccessKey", json!({"userName": "bob"}), reply);
    play.iam("UpdateAccessKey", json!({"accessKeyId": "AKIAONE", "status": "Inactive"}));
    let status = |play: &Play| match play.user("bob").keys.get(&"AKIAONE".into()) {
        Presence::Present(fact) => fact.value().copied(),
        _ => None,
    };
    assert_eq!(status(&play), Some(KeyStatus::Inactive));
    play.iam("DeleteAccessKey", json!({"accessKeyId": "AKIAONE"}));
    assert_eq!(status(&play), None);
    assert!(play.user("bob").keys.is_complete());
    // Root's own key is root's, also when a user is called root.
    let reply = json!({"accessKey": {"accessKeyId": "AKIAROOT", "status": "Active"}});
    play.reply("CreateAccessKey", json!({}), reply);
    assert_eq!(play.model.owner_of_key("AKIAROOT"), Some(&Id::root()));
    assert!(play.model.find(Kind::User, "root").is_none());
}

/// IAM API Reference, `EnableMFADevice`, `DeactivateMFADevice`, `DeleteVirtualMFADevice`.
#[test]
fn devices_belong_to_somebody_or_nobody() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    let serial = arn("mfa/bob");
    play.reply(
        "CreateVirtualMFADevice",
        json!({"virtualMFADeviceName": "bob"}),
        json!({"virtualMFADevice": {"serialNumber": serial}}),
    );
    play.iam("EnableMFADevice", json!({"userName": "bob", "serialNumber": serial}));
    assert_eq!(play.user("bob").mfa.len(), 1);
    play.iam("DeactivateMFADevice", json!({"userName": "bob", "serialNumber": serial}));
    assert!(play.user("bob").mfa.is_empty() && play.user("bob").mfa.is_complete());
    play.iam("DeleteVirtualMFADevice", json!({"serialNumber": serial}));
    assert_eq!((play.model.mfa_devices().count(), play.gaps().len()), (0, 0));
}

/// IAM User Guide, "IAM user groups": a user has its own policies and those of its groups.
#[test]
fn a_member_holds_what_the_group_holds() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_group("devs", "AGPADEVS");
    play.iam("AddUserToGroup", json!({"userName": "bob", "groupName": "devs"}));
    play.iam(
        "PutGroupPolicy",
        json!({"groupName": "devs", "policyName": "x", "policyDocument": "{}"}),
    );
    let held = play.model.policies_of(&Id::unique("AIDABOB"));
    assert_eq!(held.policies[0].through, Some(Id::unique("AGPADEVS")));
    assert!(held.is_complete());
    play.iam("RemoveUserFromGroup", json!({"userName": "bob", "groupName": "devs"}));
    assert!(play.model.policies_of(&Id::unique("AIDABOB")).policies.is_empty());
    assert!(play.model.members_of(&Id::unique("AGPADEVS")).ids.is_empty());
}

#[test]
fn who_holds_a_managed_policy_is_known_as_far_as_all_are_known() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_role("app", "AROAAPP");
    play.iam("AttachUserPolicy", json!({"userName": "bob", "policyArn": ADMIN}));
    play.iam(
        "PutRolePermissionsBoundary",
        json!({"roleName": "app", "permissionsBoundary": ADMIN}),
    );
    let found = play.model.attached_to(ADMIN);
    assert_eq!(found.ids, [Id::unique("AIDABOB")]);
    assert_eq!(found.unknowns[0].what, "users that were never seen");
    assert_eq!(play.model.bounded_by(ADMIN).ids, [Id::unique("AROAAPP")]);
    let boundary = play.model.boundary_of(&Id::unique("AROAAPP"));
    assert!(boundary.value().unwrap().as_ref().unwrap().document.is_known());
}

/// IAM API Reference, `TagRole`: a tag with the key of another replaces it.
#[test]
fn tags_replace_each_other_without_regard_to_case() {
    let mut play = Play::new();
    play.create_role("app", "AROAAPP");
    play.iam("TagRole", json!({"roleName": "app", "tags": [{"key": "Team", "value": "a"}]}));
    play.iam("TagRole", json!({"roleName": "app", "tags": [{"key": "team", "value": "b"}]}));
    let tags: Vec<_> = play
        .role("app")
        .tags
        .iter()
        .map(|(k, v)| (k.to_string(), v.value().unwrap().to_string()))
        .collect();
    assert_eq!(tags, [("team".to_owned(), "b".to_owned())]);
    play.iam("UntagRole", json!({"roleName": "app", "tagKeys": ["TEAM"]}));
    assert!(play.role("app").tags.is_empty() && play.role("app").tags.is_complete());
}

/// IAM API Reference, `UpdateAccountPasswordPolicy`: what is left out goes back to its default.
#[test]
fn a_password_policy_is_replaced_as_a_whole() {
    let mut play = Play::new();
    play.iam(
        "UpdateAccountPasswordPolicy",
        json!({"minimumPasswordLength": 14, "requireSymbols": true}),
    );
    play.iam("UpdateAccountPasswordPolicy", json!({"requireNumbers": true}));
    let policy = play.model.settings().password_policy.value().unwrap().clone().unwrap();
    assert_eq!(
        (policy.minimum_length, policy.require_symbols, policy.require_numbers),
        (6, false, true)
    );
    play.iam("DeleteAccountPasswordPolicy", Value::Null);
    assert_eq!(play.model.settings().password_policy.value(), Some(&None));
}

/// AWS Organizations User Guide, "Disabling policy types": all policies of the kind are detached.
#[test]
fn policies_of_the_organization() {
    let mut play = Play::new();
    let org = |play: &mut Play, name: &str, request: Value, reply: Value| {
        play.call("organizations", name, request, reply, Value::Null)
    };
    let reply = json!({"policy": {"policySummary": {"id": "p-1"}}});
    let request = json!({"name": "x", "type": "SERVICE_CONTROL_POLICY", "content": "{}"});
    org(&mut play, "CreatePolicy", request, reply);
    org(&mut play, "AttachPolicy", json!({"policyId": "p-1", "targetId": "ou-1"}), Value::Null);
    let attached = |play: &Play| play.model.organization().attached_at("ou-1").count();
    assert_eq!(attached(&play), 1);
    org(&mut play, "UpdatePolicy", json!({"policyId": "p-1", "content": "{\"a\":1}"}), Value::Null);
    let policy = &play.model.organization().policies["p-1"];
    assert_eq!(policy.content.value().unwrap().as_str(), r#"{"a":1}"#);
    assert_eq!(policy.name.value().map(|name| &**name), Some("x"));
    let request = json!({"rootId": "r-1", "policyType": "SERVICE_CONTROL_POLICY"});
    org(&mut play, "DisablePolicyType", request, Value::Null);
    assert_eq!(attached(&play), 0);
    org(&mut play, "DetachPolicy", json!({"policyId": "p-1", "targetId": "ou-1"}), Value::Null);
    assert_eq!(play.gaps(), ["MadeUnseen p-1 ou-1"]);
}

/// IAM Identity Center API Reference, `CreatePermissionSet` and `CreateAccountAssignment`.
#[test]
fn permission_sets_and_assignments() {
    let mut play = Play::new();
    let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    let sso = |play: &mut Play, name: &str, request: Value, reply: Value| {
        play.call("sso", name, request, reply, Value::Null)
    };
    let reply = json!({"permissionSet": {"permissionSetArn": set}});
    sso(&mut play, "CreatePermissionSet", json!({"name": "Admin"}), reply);
    let request = json!({"permissionSetArn": set, "managedPolicyArn": ADMIN});
    sso(&mut play, "AttachManagedPolicyToPermissionSet", request, Value::Null);
    let request = json!({"permissionSetArn": set, "principalType": "GROUP", "principalId": "g-1",
        "targetId": "444455556666", "targetType": "AWS_ACCOUNT"});
    sso(&mut play, "CreateAccountAssignment", request.clone(), Value::Null);
    let center = play.model.identity_center();
    assert_eq!(center.permission_sets[set].managed.before(&ADMIN.into()), Before::Present);
    assert_eq!(center.permission_sets[set].inline.value(), Some(&None));
    assert_eq!(center.assignments.len(), 1);
    sso(&mut play, "DeleteAccountAssignment", request, Value::Null);
    assert_eq!(play.model.identity_center().assignments.len(), 0);
}

#[test]
fn what_did_not_change_is_shared_between_before_and_after() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_user("ann", "AIDAANN");
    let change = play
        .iam("TagUser", json!({"userName": "bob", "tags": [{"key": "k", "value": "v"}]}))
        .unwrap();
    let (bob, ann) = (Id::unique("AIDABOB"), Id::unique("AIDAANN"));
    let is_shared = |id: &Id| {
        let (before, after) = (change.before.shared_identity(id), change.after.shared_identity(id));
        std::sync::Arc::ptr_eq(before.unwrap(), after.unwrap())
    };
    assert!(is_shared(&ann) && !is_shared(&bob));
}

/// IAM API Reference, `PutUserPolicy`, `DeleteUserPolicy`: a document of the same name replaces.
#[test]
fn an_inline_policy_is_replaced_under_its_name() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    let put = |text: &str| json!({"userName": "bob", "policyName": "x", "policyDocument": text});
    play.iam("PutUserPolicy", put("{\"v\":1}"));
    let change = play.iam("PutUserPolicy", put("{\"v\":2}")).unwrap();
    let text = |model: &Model| {
        let held = model.policies_of(&Id::unique("AIDABOB"));
        assert_eq!(held.policies.len(), 1);
        held.policies[0].document.value().unwrap().as_str().to_owned()
    };
    assert_eq!(
        (text(&change.before), text(&change.after)),
        ("{\"v\":1}".into(), "{\"v\":2}".into())
    );
    assert_eq!(change.touched[0].item.as_deref(), Some("x"));
    play.iam("DeleteUserPolicy", json!({"userName": "bob", "policyName": "x"}));
    assert!(play.user("bob").inline.is_empty());
}

/// IAM API Reference, `PutRolePermissionsBoundary`, `DeleteRolePermissionsBoundary`.
#[test]
fn a_boundary_is_put_and_taken_off() {
    let mut play = Play::new();
    play.create_role("app", "AROAAPP");
    play.iam(
        "PutRolePermissionsBoundary",
        json!({"roleName": "app", "permissionsBoundary": ADMIN}),
    );
    assert_eq!(play.role("app").boundary.value(), Some(&Some(ADMIN.into())));
    let change = play.iam("DeleteRolePermissionsBoundary", json!({"roleName": "app"})).unwrap();
    assert_eq!(change.after.boundary_of(&Id::unique("AROAAPP")).value(), Some(&None));
    assert!(matches!(change.before.boundary_of(&Id::unique("AROAAPP")).value(), Some(Some(_))));
    assert_eq!(play.gaps(), Vec::<String>::new());
}

/// IAM API Reference, `UpdateAssumeRolePolicy`: the trust policy is replaced as a whole.
#[test]
fn a_trust_policy_is_replaced() {
    let mut play = Play::new();
    play.create_role("app", "AROAAPP");
    let request = json!({"roleName": "app", "policyDocument": "{\"new\":1}"});
    let change = play.iam("UpdateAssumeRolePolicy", request).unwrap();
    let trust = |model: &Model| {
        let fact = model.trust_of(&Id::unique("AROAAPP")).unwrap();
        (
            fact.value().unwrap().as_str().to_owned(),
            fact.proof().unwrap().event_id().unwrap().to_owned(),
        )
    };
    let (old, new) = (trust(&change.before), trust(&change.after));
    assert_eq!((old.0.as_str(), new.0.as_str()), ("{}", "{\"new\":1}"));
    assert_eq!(new.1, "00000000-0000-4000-8000-000000000002");
}

/// IAM API Reference, `CreateLoginProfile`, `UpdateLoginProfile`, `DeleteLoginProfile`.
#[test]
fn a_password_is_there_or_not() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    let bob = || json!({"userName": "bob"});
    play.iam("CreateLoginProfile", json!({"userName": "bob", "passwordResetRequired": true}));
    play.iam("UpdateLoginProfile", bob());
    let login = play.user("bob").login.value().cloned().flatten().unwrap();
    assert_eq!(login.reset_required, Some(true), "what the call leaves out stays");
    play.call("iam", "ChangePassword", Value::Null, Value::Null, by_user("bob", "AIDABOB"));
    let login = play.user("bob").login.value().cloned().flatten().unwrap();
    assert_eq!(login.reset_required, Some(false));
    play.iam("DeleteLoginProfile", bob());
    assert_eq!(play.user("bob").login.value(), Some(&None));
    play.iam("UpdateLoginProfile", bob());
    assert_eq!(play.gaps(), ["MadeUnseen user/bob AKIAbob", "MadeUnseen user/bob login"]);
}

/// IAM API Reference, `UploadSSHPublicKey`, `CreateServiceSpecificCredential`.
#[test]
fn other_credentials_are_kept_by_id() {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    let reply = json!({"sSHPublicKey": {"sSHPublicKeyId": "APKA1", "status": "Active"}});
    play.reply("UploadSSHPublicKey", json!({"userName": "bob"}), reply);
    let reply = json!({"serviceSpecificCredential": {"serviceSpecificCredentialId": "ACCA1", "status": "Active"}});
    play.reply("CreateServiceSpecificCredential", json!({"userName": "bob"}), reply);
    let request = json!({"userName": "bob", "sSHPublicKeyId": "APKA1", "status": "Inactive"});
    play.iam("UpdateSSHPublicKey", request);
    let status = |play: &Play, id: &str| match play.user("bob").credentials.get(&id.into()) {
        Presence::Present(fact) => fact.value().and_then(|credential| credential.status),
        _ => None,
    };
    assert_eq!(status(&play, "APKA1"), Some(KeyStatus::Inactive));
    assert_eq!(status(&play, "ACCA1"), Some(KeyStatus::Active));
    play.iam("DeleteSSHPublicKey", json!({"userName": "bob", "sSHPublicKeyId": "APKA1"}));
    assert_eq!(play.user("bob").credentials.len(), 1);
}

/// IAM API Reference, `AddRoleToInstanceProfile`: one role at most; `DeleteInstanceProfile`: none.
#[test]
fn an_instance_profile_has_one_role_at_most() {
    let mut play = Play::new();
    play.create_role("app", "AROAAPP");
    play.create_role("web", "AROAWEB");
    let with = |role: &str| json!({"instanceProfileName": "ip", "roleName": role});
    play.iam("CreateInstanceProfile", json!({"instanceProfileName": "ip"}));
    let role =
        |play: &Play| play.model.instance_profile("IP").unwrap().role.value().cloned().unwrap();
    assert_eq!(role(&play), None);
    play.iam("AddRoleToInstanceProfile", with("app"));
    assert_eq!(role(&play), Some(Id::unique("AROAAPP")));
    assert_eq!(play.gaps(), Vec::<String>::new());
    play.iam("AddRoleToInstanceProfile", with("web"));
    assert_eq!(play.gaps(), ["MadeTwice instance-profile/ip AROAAPP"]);
    play.iam("DeleteInstanceProfile", json!({"instanceProfileName": "ip"}));
    assert_eq!(play.gaps()[1..], ["DeletedInUse instance-profile/ip AROAWEB"]);
    assert!(play.model.instance_profile("ip").is_none());
}

/// IAM API Reference, `CreateOpenIDConnectProvider`, `CreateSAMLProvider`, `UpdateSAMLProvider`.
#[test]
fn providers_are_named_by_their_arn() {
    let mut play = Play::new();
    let oidc = arn("oidc-provider/example.com");
    let request =
        json!({"url": "https://example.com", "clientIDList": ["a"], "thumbprintList": ["t"]});
    play.reply("CreateOpenIDConnectProvider", request, json!({"openIDConnectProviderArn": oidc}));
    let client = |id: &str| json!({"openIDConnectProviderArn": oidc, "clientID": id});
    play.iam("AddClientIDToOpenIDConnectProvider", client("b"));
    play.iam("RemoveClientIDFromOpenIDConnectProvider", client("a"));
    let provider = play.model.providers().next().unwrap();
    assert_eq!(provider.clients.keys().map(|id| &**id).collect::<Vec<_>>(), ["b"]);
    assert!(provider.clients.is_complete());
    play.iam("DeleteOpenIDConnectProvider", json!({"openIDConnectProviderArn": oidc}));
    let saml = arn("saml-provider/idp");
    play.iam(
        "UpdateSAMLProvider",
        json!({"sAMLProviderArn": saml, "sAMLMetadataDocument": "<x/>"}),
    );
    let provider = play.model.providers().next().unwrap();
    assert_eq!(provider.metadata.value().map(|text| &**text), Some("<x/>"));
    play.iam("UpdateSAMLProvider", omitted());
    let provider = play.model.providers().next().unwrap();
    assert!(matches!(provider.metadata.why(), Some(Why::Omitted(_))));
    assert!(provider.metadata.last_value().is_some());
}

/// Identity Store API Reference, `DeleteGroupMembership`: the call names the membership only.
#[test]
fn memberships_of_the_directory() {
    let mut play = Play::new();
    let call = |play: &mut Play, name: &str, request: Value, reply: Value| {
        play.call("identitystore", name, request, reply, Value::Null)
    };
    for (member, membership) in [("u-1", "m-1"), ("u-2", "m-2")] {
        let request = json!({"groupId": "g-1", "memberId": {"userId": member}});
        call(&mut play, "CreateGroupMembership", request, json!({"membershipId": membership}));
    }
    call(&mut play, "DeleteGroupMembership", json!({"membershipId": "m-1"}), Value::Null);
    let members = |play: &Play| {
        let found = play.model.identity_center().memberships.iter();
        found.map(|(key, fact)| (key.1.to_string(), fact.is_known())).collect::<Vec<_>>()
    };
    assert_eq!(members(&play), [("u-2".to_owned(), true)]);
    call(&mut play, "DeleteGroupMembership", json!({"membershipId": "m-9"}), Value::Null);
    assert_eq!(members(&play), [("u-2".to_owned(), false)]);
}

/// Service-linked roles are deleted later, or not at all (IAM API Reference,
/// `DeleteServiceLinkedRole`).
#[test]
fn a_service_linked_role_stays_until_it_is_gone() {
    let mut play = Play::new();
    let name = "AWSServiceRoleForX";
    let role = json!({"role": {"roleName": name, "roleId": "AROASLR",
        "arn": arn("role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX")}});
    play.reply("CreateServiceLinkedRole", json!({"aWSServiceName": "x.amazonaws.com"}), role);
    assert!(play.role(name).is_service_linked() && !play.role(name).attached.is_complete());
    play.iam("DeleteServiceLinkedRole", json!({"roleName": name}));
    assert!(play.role(name).leaving.is_some());
}
