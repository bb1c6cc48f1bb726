//! What is said, as a newcomer reads it.

use super::*;
use crate::graph::Graph;

/// A call with the graph of before, as the engine judges it.
pub(super) fn drawn(trail: &mut Trail, user: &str, name: &str, request: Value) -> Effect {
    let caller = by_user(user, &format!("AIDA{}", user.to_uppercase()));
    drawn_call(trail, "iam", name, (request, Value::Null, caller))
}

pub(super) fn drawn_call(
    trail: &mut Trail,
    service: &str,
    name: &str,
    (request, reply, extra): (Value, Value, Value),
) -> Effect {
    let event = trail.next(service, name, request, reply, extra);
    let mut graph = Graph::of(World::of(&trail.models));
    let change = trail.models.apply(&event, order_of(&event), Place::default()).unwrap();
    let (world, actor) = (World::of(&trail.models), Actor::of(&event));
    let mut effect = judge(world, &change, actor.as_ref());
    let change = &*change.proven();
    graph.update(world.with(&change.informed), change);
    let delta = graph.update(world, change);
    effect.add_paths(world, &graph, (change, &delta), actor.as_ref());
    effect
}

#[test]
fn what_was_made_is_said() {
    let mut trail = Trail::new();
    assert_eq!(trail.user("bob").sentence(), "user bob exists now, without permissions");
    let role = trail.role("app", &to_lambda());
    assert_eq!(role.sentence(), "role app exists now, without permissions");
    assert_eq!(trail.iam("DeleteUser", json!({"userName": "bob"})).sentence(), "bob is gone");
}

#[test]
fn memberships_and_versions_are_told_by_name() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.group("empty", &[]);
    let member = json!({"userName": "bob", "groupName": "empty"});
    let joined = trail.iam("AddUserToGroup", member.clone());
    assert_eq!(joined.sentence(), "bob joined group empty: it gives nothing new");
    trail.policy("p", &admin());
    trail.iam("AttachGroupPolicy", json!({"groupName": "empty", "policyArn": arn("policy/p")}));
    assert_eq!(
        trail.iam("RemoveUserFromGroup", member.clone()).sentence(),
        "bob left group empty: bob may no longer do anything"
    );
    trail.version("p", "v2", &allow(&["s3:GetObject"], "*"), true);
    assert_eq!(
        trail.iam("AddUserToGroup", member).sentence(),
        "bob joined group empty: bob may now read objects in any bucket (none -> data)"
    );
    let back = json!({"policyArn": arn("policy/p"), "versionId": "v1"});
    assert_eq!(
        trail.iam("SetDefaultPolicyVersion", back).sentence(),
        "version v1 is in force again: bob becomes administrator (data -> admin)"
    );
}

#[test]
fn boundaries_are_named_when_they_go() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.policy("cap", &allow(&["s3:GetObject"], "*"));
    let cap = json!({"userName": "bob", "permissionsBoundary": arn("policy/cap")});
    let bound = trail.iam("PutUserPermissionsBoundary", cap);
    assert_eq!(bound.sentence(), "boundary cap set: it cuts nothing off");
    let capped = trail.put("bob", &admin());
    assert_eq!(capped.to_finding().principals[0].capped_by, ["boundary cap"]);
    let released = trail.iam("DeleteUserPermissionsBoundary", json!({"userName": "bob"}));
    assert_eq!(
        released.sentence(),
        "boundary cap removed: bob becomes administrator (data -> admin)"
    );
}

#[test]
fn a_rename_is_told_with_both_names() {
    let mut trail = Trail::new();
    trail.user("jonas");
    trail.put("jonas", &allow(&["s3:PutObject"], "arn:aws:s3:::homes/${aws:username}/*"));
    let rename = |from: &str, to: &str| json!({"userName": from, "newUserName": to});
    assert_eq!(
        trail.iam("UpdateUser", rename("jonas", "jonas.lind")).sentence(),
        "renamed from jonas to jonas.lind: jonas.lind may now write objects below `jonas.lind/` \
         in bucket `homes`, no longer below `jonas/` (write)"
    );
    trail.user("ben");
    let quiet = trail.iam("UpdateUser", rename("ben", "ben.okafor"));
    assert_eq!(quiet.sentence(), "renamed from ben to ben.okafor; no policy seen names either");
    // Others may have policies that nobody saw, which is said and raises nothing.
    assert_eq!((quiet.verdict(), quiet.unknowns.len()), (Verdict::Nothing, 1));
}

#[test]
fn credentials_taken_are_told_as_less() {
    let mut trail = Trail::new();
    trail.user("bob");
    let key = json!({"userName": "bob", "accessKeyId": "AKIA1"});
    let reply =
        json!({"accessKey": {"accessKeyId": "AKIA1", "status": "Active", "userName": "bob"}});
    let request = json!({"userName": "bob"});
    let given = trail.call("iam", "CreateAccessKey", request, reply, Value::Null);
    assert_eq!(given.sentence(), "bob has an access key more");
    let off = json!({"userName": "bob", "accessKeyId": "AKIA1", "status": "Inactive"});
    let off = trail.iam("UpdateAccessKey", off);
    assert_eq!(off.sentence(), "bob has an access key less");
    assert!(off.is_narrowing() && off.severity().is_none());
    assert!(trail.iam("DeleteAccessKey", key).is_nothing(), "it worked no more");
    trail.iam("CreateLoginProfile", json!({"userName": "bob"}));
    let none = trail.iam("DeleteLoginProfile", json!({"userName": "bob"}));
    assert_eq!(none.sentence(), "bob has a password less");
}

/// Whoever knew the secret of a key that was on needed nobody to switch it on.
#[test]
fn switching_a_key_off_opens_no_way() {
    let mut trail = Trail::new();
    for name in ["desk", "bot"] {
        trail.user(name);
    }
    let may = |user: &str, actions: &[&str]| json!({"userName": user, "policyName": "p", "policyDocument": allow(actions, "*")});
    trail.iam("PutUserPolicy", may("desk", &["iam:UpdateAccessKey"]));
    trail.iam("PutUserPolicy", may("bot", &["iam:CreatePolicyVersion"]));
    for key in ["AKIA1", "AKIA2"] {
        let reply =
            json!({"accessKey": {"accessKeyId": key, "status": "Active", "userName": "bot"}});
        trail.call("iam", "CreateAccessKey", json!({"userName": "bot"}), reply, Value::Null);
    }
    let off = |key: &str| json!({"userName": "bot", "accessKeyId": key, "status": "Inactive"});
    for key in ["AKIA1", "AKIA2"] {
        let effect = drawn(&mut trail, "root", "UpdateAccessKey", off(key));
        assert!(effect.opened.is_empty(), "{:?}", effect.opened);
        assert!(effect.severity().is_none());
    }
    // Who may switch it on from now on has a way that he had not.
    trail.user("eve");
    let given = drawn(&mut trail, "root", "PutUserPolicy", may("eve", &["iam:UpdateAccessKey"]));
    assert!(given.opened.iter().any(|way| way.technique == "x-iam-25"), "{:?}", given.opened);
}

#[test]
fn strangers_are_never_let_into_the_unknown_in_silence() {
    for (who, severity) in [
        (json!({"AWS": "444455556666"}), Some(Severity::Medium)),
        (json!({"AWS": "arn:aws:iam::444455556666:role/x"}), Some(Severity::Medium)),
        (json!("*"), Some(Severity::Medium)),
        (json!({"Federated": arn("saml-provider/idp")}), Some(Severity::Medium)),
        (json!({"AWS": arn("user/ann")}), None),
        (json!({"Service": "ec2.amazonaws.com"}), None),
    ] {
        let mut trail = Trail::new();
        let request =
            json!({"roleName": "app", "policyDocument": trusting(who.clone()).to_string()});
        let opened = trail.iam("UpdateAssumeRolePolicy", request);
        assert_eq!(opened.severity(), severity, "{who}: {}", opened.sentence());
        if severity.is_some() {
            assert_eq!(opened.confidence(), trailwarden_model::Confidence::Medium);
            assert!(opened.sentence().ends_with("(what it may do is unknown)"));
            let paths = opened.to_finding().paths_opened;
            let technique = match who.get("Federated") {
                Some(_) => "sts:AssumeRoleWithSAML",
                None => "sts-001",
            };
            assert_eq!((paths.len(), paths[0].technique.as_str()), (1, technique));
            assert_eq!(paths[0].to, arn("role/app"));
        }
    }
}

#[test]
fn a_credential_is_a_way_from_whoever_got_it() {
    let mut trail = Trail::new();
    trail.user("ann");
    trail.user("bob");
    trail.put("bob", &admin());
    let reply =
        json!({"accessKey": {"accessKeyId": "AKIA1", "status": "Active", "userName": "bob"}});
    let caller = by_user("ann", "AIDAANN");
    let given = trail.call("iam", "CreateAccessKey", json!({"userName": "bob"}), reply, caller);
    let paths = given.to_finding().paths_opened;
    assert_eq!(
        (paths[0].from.as_str(), paths[0].to.as_str()),
        (&*arn("user/ann"), &*arn("user/bob"))
    );
}

/// A certain way to an administrator is as grave as being one; one that hangs on something is a way.
#[test]
fn ways_of_several_are_told_at_once() {
    let statement = json!({"Effect": "Allow", "Resource": "*",
        "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]});
    let mut with_mfa = statement.clone();
    with_mfa["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    for (statement, severity, opens) in [
        (statement, Severity::Critical, "opens ways"),
        (with_mfa, Severity::High, "perhaps opens ways"),
    ] {
        let mut trail = Trail::new();
        trail.user("deniz");
        trail.user("emre");
        trail.user("nina");
        trail.group("builders", &["deniz", "emre"]);
        trail.role("nightly", &to_lambda());
        trail.iam(
            "PutRolePolicy",
            json!({"roleName": "nightly", "policyName": "p", "policyDocument": admin()}),
        );
        let put = json!({"groupName": "builders", "policyName": "ship",
            "policyDocument": policy_of(json!([statement]))});
        let effect = drawn(&mut trail, "nina", "PutGroupPolicy", put);
        let wanted =
            format!("{opens} for deniz and emre to role nightly (admin) by iam:PassRole + ");
        assert!(effect.sentence().contains(&wanted), "{}", effect.sentence());
        assert_eq!(effect.severity(), Some(severity), "{}", effect.sentence());
        let paths = effect.to_finding().paths_opened;
        assert!(
            paths
                .iter()
                .all(|path| path.from.starts_with("arn:") && path.to == arn("role/nightly"))
        );
    }
}

/// Under another condition than before, or none: what was asked before is told as such.
#[test]
fn a_condition_that_goes_or_comes_is_told_with_what_was_asked() {
    let whole = |condition: Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        if condition != Value::Null {
            statement["Condition"] = condition;
        }
        policy_of(json!([statement]))
    };
    let mfa = |operator: &str| {
        let mut condition = json!({});
        condition[operator] = json!({"aws:MultiFactorAuthPresent": "true"});
        whole(condition)
    };
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &allow(&["s3:GetObject"], "*"));
    let mut put = |document: &str| trail.put("bob", document).sentence();
    assert_eq!(
        put(&mfa("Bool")),
        "inline policy p: bob may now do nearly everything, where `aws:MultiFactorAuthPresent` is \
         `true`, and read objects in any bucket only where `aws:MultiFactorAuthPresent` is `true` \
         (data -> admin)"
    );
    assert_eq!(
        put(&mfa("BoolIfExists")),
        "inline policy p: bob may now do everything, where `aws:MultiFactorAuthPresent`, if given, \
         is `true`, before only where `aws:MultiFactorAuthPresent` is `true` (admin)"
    );
    assert_eq!(
        put(&whole(Value::Null)),
        "inline policy p: bob may now do everything, before only where \
         `aws:MultiFactorAuthPresent`, if given, is `true` (admin)"
    );
    assert_eq!(
        put(&mfa("Bool")),
        "inline policy p: bob may now do everything only where `aws:MultiFactorAuthPresent` is `true`"
    );
    trail.user("eve");
    trail.put("eve", &allow(&["s3:GetObject", "sqs:*", "sns:*"], "*"));
    let asking = json!([{"Effect": "Allow", "Action": ["s3:GetObject", "sqs:*", "sns:*"],
        "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    assert_eq!(
        trail.put("eve", &policy_of(asking)).sentence(),
        "inline policy p: eve may now have full control of SNS and 2 more only where \
         `aws:MultiFactorAuthPresent` is `true`"
    );
    trail.put("eve", &allow(&["s3:GetObject", "sns:*"], "*"));
    let half = json!([{"Effect": "Allow", "Action": "sns:*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    assert_eq!(
        trail.put("eve", &policy_of(half)).sentence(),
        "inline policy p: eve may now have full control of SNS only where \
         `aws:MultiFactorAuthPresent` is `true`, and one thing less"
    );
    // An exception that a Deny makes is one.
    let but = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}]);
    trail.user("ann");
    let excepted = trail.put("ann", &policy_of(but)).sentence();
    assert!(excepted.contains("do everything, unless `aws:SourceIp`"), "{excepted}");
}

/// What AWS gives to ordinary compute is output of its own; a hand on what is others' is not.
#[test]
fn ordinary_compute_is_no_noise() {
    let attach = |policy: &str| {
        let mut trail = Trail::new();
        trail.role("app", &trusting(json!({"Service": "ec2.amazonaws.com"})));
        let policy = format!("arn:aws:iam::aws:policy/{policy}");
        trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": policy}))
    };
    for policy in [
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy",
        "AWSXRayDaemonWriteAccess",
        "service-role/AmazonECSTaskExecutionRolePolicy",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
    ] {
        let attached = attach(policy);
        assert!(attached.severity() <= Some(Severity::Low), "{policy}: {}", attached.sentence());
        assert!(!attached.moved.is_empty(), "{policy}");
    }
    assert_eq!(attach("CloudWatchReadOnlyAccess").severity(), Some(Severity::Low));
    for action in
        ["s3:PutObject", "ec2:TerminateInstances", "logs:PutRetentionPolicy", "ssm:SendCommand"]
    {
        let mut trail = Trail::new();
        trail.user("bob");
        let put = trail.put("bob", &allow(&[action], "*"));
        assert!(put.severity() >= Some(Severity::Medium), "{action}: {}", put.sentence());
    }
}
