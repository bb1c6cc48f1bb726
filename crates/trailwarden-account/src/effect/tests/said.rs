//! Sentences that must not say more than is so, nor hide what is.

use super::sentences::drawn;
use super::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// IAM User Guide, "Pass a role to a service": whoever may pass the role comes to it by the service.
#[test]
fn a_way_by_a_service_is_told_beside_the_service() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.role("app", &trusting(json!({"Service": "ec2.amazonaws.com"})));
    trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
    trail.put(
        "bob",
        &allow(&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
    );
    let request = json!({"roleName": "app", "policyDocument": to_lambda().to_string()});
    let opened = drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    assert_eq!(opened.severity(), Some(Severity::Critical));
    let way = "opens a way for bob to role app (admin) by iam:PassRole + lambda:CreateFunction";
    assert_eq!(opened.sentence(), way);
}

/// IAM User Guide, "Controlling access using tags": it is read, and moves nobody.
#[test]
fn a_tag_that_a_policy_reads_is_not_said_to_be_read_by_none() {
    let mut trail = Trail::new();
    trail.user("bob");
    let tagged = |value: &str| {
        policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/admin": value}}}]))
    };
    trail.put("bob", &tagged("yes"));
    let tag =
        |key: &str, value: &str| json!({"userName": "bob", "tags": [{"key": key, "value": value}]});
    let read = trail.iam("TagUser", tag("admin", "no"));
    assert_eq!(read.sentence(), "tag admin set to no: the policies that read it allow the same");
    let other = trail.iam("TagUser", tag("team", "no"));
    assert_eq!(other.sentence(), "tag team set to no: no policy that was seen reads it");
    // Another tag that only begins alike.
    let other = trail.iam("TagUser", tag("adm", "no"));
    assert_eq!(other.sentence(), "tag adm set to no: no policy that was seen reads it");
}

/// IAM User Guide, "AWS JSON policy elements: Principal": a trust policy keeps the unique id.
#[test]
fn a_trust_policy_follows_a_rename_and_is_not_denied() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.role("app", &trusting(json!({"AWS": arn("user/bob")})));
    let renamed = trail.iam("UpdateUser", json!({"userName": "bob", "newUserName": "rob"}));
    assert_eq!(
        renamed.sentence(),
        "renamed from bob to rob; trust policies that name it follow along, and no other policy seen \
         names either"
    );
}

/// A role `app` that is administrator and lets in workflows by that condition.
fn workflows(trail: &mut Trail, issuer: &str, condition: Value) {
    let provider = arn(&format!("oidc-provider/{issuer}"));
    trail.call(
        "iam",
        "CreateOpenIDConnectProvider",
        json!({"url": format!("https://{issuer}"), "clientIDList": ["sts.amazonaws.com"],
            "thumbprintList": ["a".repeat(40)]}),
        json!({"openIDConnectProviderArn": provider}),
        Value::Null,
    );
    let mut trust = trusting(json!({"Federated": provider}));
    trust["Statement"][0]["Condition"] = condition;
    trail.role("app", &trust);
    trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
}

fn adds_client(trail: &mut Trail, issuer: &str, client: &str) -> Effect {
    let provider = arn(&format!("oidc-provider/{issuer}"));
    trail.iam(
        "AddClientIDToOpenIDConnectProvider",
        json!({"openIDConnectProviderArn": provider, "clientID": client}),
    )
}

/// IAM User Guide, "Create a role for OpenID Connect federation": a role may ask for the audience.
#[test]
fn a_client_that_the_role_does_not_ask_for_enters_nothing() {
    let audience = format!("{GITHUB}:aud");
    let mut trail = Trail::new();
    workflows(
        &mut trail,
        GITHUB,
        json!({"StringEquals": {audience.as_str(): "sts.amazonaws.com"}}),
    );
    let added = adds_client(&mut trail, GITHUB, "evil");
    assert_eq!(added.severity(), None, "{}", added.sentence());
    assert!(
        added.sentence().ends_with("the roles that trust it ask for other clients"),
        "{}",
        added.sentence()
    );
    for condition in [
        json!({"StringLike": {audience.as_str(): "*"}}),
        json!({"StringEquals": {audience.as_str(): ["sts.amazonaws.com", "evil"]}}),
        json!({"StringEquals": {format!("{GITHUB}:sub"): "repo:me/app:ref:refs/heads/main"}}),
    ] {
        let mut trail = Trail::new();
        workflows(&mut trail, GITHUB, condition);
        let added = adds_client(&mut trail, GITHUB, "evil");
        assert_eq!(added.severity(), Some(Severity::Critical), "{}", added.sentence());
    }
}

/// IAM API Reference, `UpdateOpenIDConnectProviderThumbprint`: of some issuers it is kept and not used.
#[test]
fn a_thumbprint_that_aws_does_not_ask_for_changes_nothing() {
    for (issuer, severity) in [
        (GITHUB, None),
        ("tenant.auth0.com", None),
        ("notauth0.com", Some(Severity::Critical)),
        ("token.example", Some(Severity::Critical)),
    ] {
        let mut trail = Trail::new();
        workflows(&mut trail, issuer, json!({"StringEquals": {format!("{issuer}:sub"): "x"}}));
        let changed = trail.iam(
            "UpdateOpenIDConnectProviderThumbprint",
            json!({"openIDConnectProviderArn": arn(&format!("oidc-provider/{issuer}")),
                "thumbprintList": ["b".repeat(40)]}),
        );
        assert_eq!(changed.severity(), severity, "{issuer}: {}", changed.sentence());
    }
}

/// That somebody may enter no more is said at once; whether he could for certain is an aside.
#[test]
fn what_was_not_seen_before_makes_no_riddle_of_a_loss() {
    let mut trail = Trail::new();
    let ghost = trusting(json!({"AWS": arn("user/ghost")}));
    // Of him one policy was seen, and no more.
    trail.put("ghost", &allow(&["s3:GetObject"], "*"));
    trail.role("app", &ghost);
    let request = json!({"roleName": "app", "policyDocument": to_lambda().to_string()});
    let shut = drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    assert_eq!(
        shut.sentence(),
        "ghost may no longer enter role app, as far as it could before; service lambda.amazonaws.com \
         may now"
    );
    let request = json!({"roleName": "app", "policyDocument": ghost.to_string()});
    drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    let root = trusting(json!({"AWS": arn("root")})).to_string();
    let request = json!({"roleName": "app", "policyDocument": root});
    let left = drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    let told =
        "ghost may no longer enter role app unless a policy of ghost that was not seen allows it";
    assert!(left.sentence().starts_with(told), "{}", left.sentence());
}

/// A role that no record showed before was there before: whom it lets in may be new.
#[test]
fn a_role_never_seen_is_not_taken_for_a_new_one() {
    let mut trail = Trail::new();
    trail.user("mallory");
    let trust = trusting(json!({"AWS": arn("user/mallory")})).to_string();
    let request = json!({"roleName": "old", "policyDocument": trust});
    let opened = drawn(&mut trail, "mallory", "UpdateAssumeRolePolicy", request);
    assert_eq!(opened.severity(), Some(Severity::Medium), "{}", opened.sentence());
    assert_eq!(
        opened.sentence(),
        "mallory (who did it) may now enter role old (what it may do is unknown)"
    );
    assert!(
        opened.unknowns.contains(&"trust policy of role/old before".to_owned()),
        "{:?}",
        opened.unknowns
    );
}

/// What nobody saw is told as that, and strangers are not told behind somebody of the account.
#[test]
fn what_was_not_seen_is_no_condition_to_meet() {
    let mut trail = Trail::new();
    trail.put("ghost", &allow(&["s3:GetObject"], "*"));
    trail.role("app", &to_lambda());
    let far = "arn:aws:iam::444455556666:root";
    let who = trusting(json!({"AWS": [arn("user/ghost")]})).to_string();
    let request = json!({"roleName": "app", "policyDocument": who});
    let opened = drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    assert_eq!(opened.sentence(), "ghost may now enter role app, as far as is known");
    let who = trusting(json!({"AWS": [arn("role/own"), far]})).to_string();
    let request = json!({"roleName": "old", "policyDocument": who});
    let opened = drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request);
    assert_eq!(
        opened.sentence(),
        "account 444455556666 may now enter role old (what it may do is unknown); one more way in opens"
    );
}
