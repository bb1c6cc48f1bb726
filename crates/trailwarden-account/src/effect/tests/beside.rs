//! What stands beside the first that is told: others who are let in or kept out by the same change.

use trailwarden_model::Confidence;

use super::behind::attach;
use super::sentences::drawn;
use super::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const OTHER: &str = "444455556666";

/// Users `bob` and `carl`, a role `ci`, and a role `app` that is administrator and lets in those.
fn stage(statements: &[Value]) -> Trail {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("carl");
    trail.role("ci", &trusting(json!({"Service": "ec2.amazonaws.com"})));
    trail.role("app", &document(statements));
    trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
    trail
}

fn document(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn lets_in(who: &[&str]) -> Value {
    json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": who}})
}

fn lets_in_if(who: &[&str], condition: Value) -> Value {
    let mut statement = lets_in(who);
    statement["Condition"] = condition;
    statement
}

fn machines() -> Value {
    json!({"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"}})
}

fn changed_by(trail: &mut Trail, user: &str, statements: &[Value]) -> Effect {
    let document = document(statements).to_string();
    let request = json!({"roleName": "app", "policyDocument": document});
    drawn(trail, user, "UpdateAssumeRolePolicy", request)
}

fn changed(trail: &mut Trail, statements: &[Value]) -> Effect {
    changed_by(trail, "nina", statements)
}

fn session(role: &str, name: &str) -> String {
    arn(&format!("assumed-role/{role}/{name}")).replace(":iam:", ":sts:")
}

/// Whoever names himself where all of an organization were let in has a reason to: nobody else is spared
/// less, for it is not known whether he was let in before.
#[test]
fn whoever_lets_himself_in_where_an_organization_was_is_critical() {
    let organization =
        || lets_in_if(&["*"], json!({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}));
    let named = [lets_in(&[&arn("user/bob"), &arn("user/carl")])];
    let mut trail = stage(&[organization()]);
    let own = changed_by(&mut trail, "bob", &named);
    assert_eq!(own.severity(), Some(Severity::Critical), "{}", own.sentence());
    assert_eq!(own.confidence(), Confidence::Medium);
    assert!(own.is_self_serving());
    assert_eq!(
        own.sentence(),
        "bob (who did it) and carl may now enter role app (admin), before only if they are of \
         organization o-abc; principals of organization o-abc may no longer enter role app"
    );
    let mut trail = stage(&[organization()]);
    let of_others = changed(&mut trail, &named);
    assert_eq!(of_others.severity(), Some(Severity::Medium), "{}", of_others.sentence());
}

/// AWS STS User Guide, "AWS JSON policy elements: Principal", role session principals.
#[test]
fn each_session_of_a_role_is_told() {
    let both = lets_in(&[&session("ci", "deploy"), &session("ci", "test")]);
    let mut trail = stage(&[machines()]);
    let opened = changed(&mut trail, &[machines(), both]);
    assert_eq!(opened.entries.len(), 2, "{:?}", opened.entries);
    assert_eq!(
        opened.sentence(),
        "role ci may now enter role app (admin) if its session is named `deploy` or `test`"
    );
    let one = changed(&mut trail, &[machines(), lets_in(&[&session("ci", "deploy")])]);
    assert_eq!(
        one.sentence(),
        "role ci may no longer enter role app if its session is named `test`"
    );
    let three: Vec<String> = ["a", "b", "deploy"].map(|name| session("ci", name)).to_vec();
    let three: Vec<&str> = three.iter().map(String::as_str).collect();
    let more = changed(&mut trail, &[machines(), lets_in(&three)]);
    assert_eq!(
        more.sentence(),
        "role ci may now enter role app (admin) if its session is named `a` or `b`"
    );
    // The role is told, and not its sessions beside it.
    let whole = lets_in(&[&arn("role/ci"), &session("ci", "z")]);
    let whole = changed(&mut trail, &[machines(), whole]);
    assert_eq!(whole.entries.len(), 1, "{:?}", whole.entries);
}

#[test]
fn sessions_of_two_roles_are_two_ways() {
    let mut trail = stage(&[machines()]);
    trail.role("cd", &trusting(json!({"Service": "ec2.amazonaws.com"})));
    let both = lets_in(&[&session("cd", "deploy"), &session("ci", "test")]);
    let opened = changed(&mut trail, &[machines(), both]);
    assert_eq!(
        opened.sentence(),
        "role ci may now enter role app (admin) if its session is named `test`; one more way in opens"
    );
}

/// Who is kept out wholly is told before who may still enter at times, and the others are counted.
#[test]
fn ways_that_close_beside_the_first_are_counted() {
    let mfa = || json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let (bob, carl) = (arn("user/bob"), arn("user/carl"));
    let all = [lets_in(&[OTHER]), lets_in_if(&[&carl], mfa()), lets_in(&[&bob])];
    let mut trail = stage(&all);
    let id = || json!({"StringEquals": {"sts:ExternalId": "k7"}});
    let less = changed(&mut trail, &[lets_in_if(&[OTHER], id()), machines()]);
    assert_eq!(
        less.sentence(),
        "bob may no longer enter role app; service ec2.amazonaws.com may now; 2 more ways in close or \
         narrow"
    );
    let mut trail = stage(&all);
    let none = changed(&mut trail, &[]);
    assert_eq!(
        none.sentence(),
        "account 444455556666 and bob may no longer enter role app; one more way in closes"
    );
    let mut trail = stage(&[lets_in(&[&bob]), lets_in(&[&carl])]);
    let address = || json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}});
    let narrow =
        changed(&mut trail, &[lets_in_if(&[&bob], mfa()), lets_in_if(&[&carl], address())]);
    assert!(narrow.sentence().ends_with("; one more way in narrows"), "{}", narrow.sentence());
}

/// Others who lose something else are counted, as those are who gain something else.
#[test]
fn others_who_lose_something_else_are_counted() {
    let mut trail = Trail::new();
    for user in ["ann", "bob", "carl"] {
        trail.user(user);
    }
    trail.group("all", &["ann", "bob", "carl"]);
    trail.put("ann", &allow(&["sqs:DeleteQueue"], "*"));
    trail.put("bob", &allow(&["s3:GetObject"], "*"));
    trail.put("carl", &allow(&["sns:Publish"], "*"));
    let deny = policy_of(json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]));
    let request = json!({"groupName": "all", "policyName": "no", "policyDocument": deny});
    let less = trail.iam("PutGroupPolicy", request);
    assert!(less.sentence().ends_with("; 2 more lose something"), "{}", less.sentence());
}

/// AWS IAM User Guide, "AWS JSON policy elements: Principal": as a role that nobody saw, so its sessions.
#[test]
fn a_session_of_a_role_never_seen_is_told_as_such() {
    let mut trail = Trail::new();
    trail.user("nina");
    trail.role("big", &trusting(json!({"AWS": [session("ghostly", "deploy")]})));
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert_eq!(
        effect.sentence(),
        "policy AdministratorAccess attached: role big becomes administrator (none -> admin); \
         session deploy of role ghostly (no record shows it) may enter it"
    );
    assert!(
        effect.unknowns.iter().any(|line| line.starts_with("whether role/ghostly exists: ")),
        "{:?}",
        effect.unknowns
    );
}

/// Two who are asked for the same now are told in one breath.
#[test]
fn ways_that_narrow_alike_are_told_together() {
    let both = [arn("user/bob"), arn("user/carl")];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    let mut trail = stage(&[lets_in(&both)]);
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let narrow = changed(&mut trail, &[lets_in_if(&both, mfa)]);
    assert_eq!(narrow.sentence(), "bob and carl may enter role app now only if MFA is present");
}
