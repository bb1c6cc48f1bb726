//! Calls about what no record has shown before.

use super::*;
use crate::trail::Play;

/// What a call did to somebody of whom nothing was seen is unknown, not nothing.
#[test]
fn what_is_done_to_somebody_never_seen_is_unknown() {
    for (call, request, sentence) in [
        (
            "DeleteUser",
            json!({"userName": "old"}),
            "old is gone; unknown: what user/old could do: no record or baseline has shown it",
        ),
        (
            "DeleteRole",
            json!({"roleName": "old"}),
            "role old is gone; unknown: what role/old could do: no record or baseline has shown it",
        ),
        (
            "UpdateUser",
            json!({"userName": "old", "newUserName": "new"}),
            "renamed from old to new; unknown: what user/new may do, by whatever name: no record or \
             baseline has shown it",
        ),
        (
            "UpdateUser",
            json!({"userName": "old", "newPath": "/team/"}),
            "moved to path /team/; unknown: what user/old may do, by whatever name: no record or \
             baseline has shown it",
        ),
    ] {
        let effect = Trail::new().iam(call, request);
        assert_eq!((effect.sentence().as_str(), effect.verdict()), (sentence, Verdict::Unknown));
        assert_eq!(effect.severity(), None);
    }
    // IAM API Reference, `DeleteGroup`: AWS deletes no group that has members.
    let group = Trail::new().iam("DeleteGroup", json!({"groupName": "old"}));
    assert_eq!(group.verdict(), Verdict::Nothing);
}

/// A credential that a call switches off was there, whether or not anybody saw it made.
#[test]
fn a_credential_never_seen_is_taken_all_the_same() {
    let mut trail = Trail::new();
    trail.user("bob");
    let off = json!({"userName": "bob", "accessKeyId": "AKIA9", "status": "Inactive"});
    let off = trail.iam("UpdateAccessKey", off);
    let less = "bob has an access key less; it may have been off already";
    assert_eq!(off.sentence(), less);
    assert!(off.is_narrowing());
    let mut trail = Trail::new();
    trail.user("bob");
    let gone = trail.iam("DeleteAccessKey", json!({"userName": "bob", "accessKeyId": "AKIA9"}));
    assert_eq!(gone.sentence(), less);
}

/// A key that nobody saw may have been active all along: what is said of it is not certain.
#[test]
fn a_key_switched_on_that_was_never_seen_off_is_not_certain() {
    use trailwarden_model::Confidence;
    let on = |key: &str| json!({"userName": "bob", "accessKeyId": key, "status": "Active"});
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &admin());
    trail.user("low");
    let unseen = trail.by("low", "UpdateAccessKey", on("AKIA9"));
    assert_eq!(
        unseen.sentence(),
        "an access key of bob (admin) is switched on; it may have been on already"
    );
    assert_eq!(unseen.confidence(), Confidence::Medium);
    // Who has it is not known: not whoever made the call.
    assert!(!unseen.is_self_serving() && unseen.to_finding().paths_opened.is_empty());
    trail.put("bob", &allow(&["iam:PutUserPolicy"], "*"));
    let lesser = trail.by("low", "UpdateAccessKey", on("AKIA8"));
    assert_eq!(lesser.severity(), Some(Severity::High), "{}", lesser.sentence());
    trail.put("bob", &admin());
    let reply =
        json!({"accessKey": {"accessKeyId": "AKIA1", "status": "Active", "userName": "bob"}});
    trail.call("iam", "CreateAccessKey", json!({"userName": "bob"}), reply, Value::Null);
    let off = json!({"userName": "bob", "accessKeyId": "AKIA1", "status": "Inactive"});
    trail.iam("UpdateAccessKey", off);
    let seen = trail.by("low", "UpdateAccessKey", on("AKIA1"));
    assert_eq!(seen.sentence(), "bob has an access key more (admin)");
    assert_eq!(seen.confidence(), Confidence::High);
}

/// IAM User Guide, "Create a service-linked role": AWS gives it its permissions, for the service alone.
#[test]
fn a_service_linked_role_is_not_without_permissions() {
    let mut trail = Trail::new();
    let name = "AWSServiceRoleForElasticLoadBalancing";
    let path = "aws-service-role/elasticloadbalancing.amazonaws.com";
    let reply = json!({"role": {"roleName": name, "roleId": "AROASLR",
        "path": format!("/{path}/"), "arn": arn(&format!("role/{path}/{name}"))}});
    let request = json!({"aWSServiceName": "elasticloadbalancing.amazonaws.com"});
    let made = trail.call("iam", "CreateServiceLinkedRole", request, reply, Value::Null);
    assert_eq!(
        made.sentence(),
        format!(
            "role {name} exists now: its service alone can use it, with permissions that AWS gives it"
        )
    );
    let gone = trail.iam("DeleteServiceLinkedRole", json!({"roleName": name}));
    assert_eq!(
        gone.sentence(),
        format!("role {name} is to be deleted: AWS does it later, unless something still uses it")
    );
}

/// That somebody becomes administrator, and perhaps gets a way there, is no sentence.
#[test]
fn to_an_administrator_no_further_way_is_told() {
    let mut trail = Trail::new();
    let admin = json!({"userName": "ghost",
        "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    let effect = super::sentences::drawn(&mut trail, "nina", "AttachUserPolicy", admin);
    assert!(!effect.opened.is_empty(), "the graph has one, for a boundary was not seen");
    assert_eq!(
        effect.sentence(),
        "policy AdministratorAccess attached: ghost becomes administrator (unknown -> admin)"
    );
}

/// A policy that is too complex says so, and what can be done.
#[test]
fn a_policy_that_is_too_complex_says_so() {
    let statements: Vec<Value> = (0..30)
        .map(|at| {
            let effect = if at % 2 == 0 { "Allow" } else { "Deny" };
            let values: Vec<String> = (0..6).map(|value| format!("*{value}*a")).collect();
            let condition = json!({format!("aws:PrincipalTag/t{at}"): values});
            json!({"Effect": effect, "Action": "s3:Get*",
                "Resource": format!("arn:aws:s3:::b*{at}*x*/a*{at}?*"),
                "Condition": {"StringLike": condition}})
        })
        .collect();
    let mut trail = Trail::new();
    let made = trail.policy("many", &policy_of(Value::Array(statements)));
    assert_eq!(
        made.sentence(),
        "unknown: what policy/many allows: too complex to be worked out as a whole, so it may be \
         anything (`can` still answers for one action)"
    );
}

/// IAM API Reference, `AddRoleToInstanceProfile`: a profile holds one role, so the one that is there
/// was taken out first, whatever the order of the records.
#[test]
fn a_role_put_back_into_a_profile_within_a_second_is_there() {
    let mut play = Play::new();
    play.create_role("app", "AROAAPP");
    let profile = || json!({"instanceProfileName": "web"});
    let made = json!({"instanceProfile": {"instanceProfileId": "AIPA1"}});
    play.reply("CreateInstanceProfile", profile(), made);
    let held = || json!({"instanceProfileName": "web", "roleName": "app"});
    play.iam("AddRoleToInstanceProfile", held());
    play.at_once([
        ("RemoveRoleFromInstanceProfile", held(), Value::Null),
        ("AddRoleToInstanceProfile", held(), Value::Null),
    ]);
    let role = play.model.instance_profile("web").unwrap().role.value().cloned().flatten();
    assert_eq!(role, Some(play.role("app").id.clone()));
    assert_eq!(play.gaps(), Vec::<String>::new());
}

/// A call that failed and does not fit what was seen says that it could not have worked.
#[test]
fn an_attempt_on_what_is_not_there_says_so() {
    let mut trail = Trail::new();
    trail.user("bob");
    let request = json!({"userName": "bob", "policyName": "p"});
    let failed = json!({"errorCode": "AccessDenied"});
    let event = trail.next("iam", "DeleteUserPolicy", request, Value::Null, failed);
    let world = World::of(&trail.models);
    let effect = crate::effect::judge_attempt(world, &event, order_of(&event), Place::default());
    assert_eq!(
        effect.unwrap().sentence(),
        "it failed, and could not have worked: what it names is not there, as far as the logs show"
    );
}
