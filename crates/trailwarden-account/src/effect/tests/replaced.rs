//! A trust policy that names somebody, and one that lets him in among others, or perhaps does.

use trailwarden_model::Confidence;

use super::sentences::drawn;
use super::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Users `bob` and `carl`, and a role `app` that is administrator and lets in those.
fn stage(who: &[Value]) -> Trail {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("carl");
    trail.role("app", &trusts(who));
    trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
    trail
}

fn trusts(who: &[Value]) -> Value {
    let statement = |who: &Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole"});
        for (key, value) in who.as_object().unwrap() {
            statement[key.as_str()] = value.clone();
        }
        statement
    };
    let statements: Vec<Value> = who.iter().map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn named(arns: &[&str]) -> Value {
    json!({"Principal": {"AWS": arns}})
}

fn anyone(condition: Value) -> Value {
    json!({"Principal": {"AWS": "*"}, "Condition": condition})
}

fn organization() -> Value {
    anyone(json!({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}))
}

fn changed(trail: &mut Trail, who: &[Value]) -> Effect {
    let request = json!({"roleName": "app", "policyDocument": trusts(who).to_string()});
    drawn(trail, "nina", "UpdateAssumeRolePolicy", request)
}

type Told = (String, Option<Severity>, Verdict);

fn told(effect: &Effect) -> Told {
    (effect.sentence(), effect.severity(), effect.verdict())
}

/// IAM User Guide, "AWS global condition context keys" (`aws:PrincipalOrgID`): no record of IAM tells of
/// which organization an account is.
#[test]
fn whoever_was_named_may_be_of_an_organization() {
    let (bob, carl) = (arn("user/bob"), arn("user/carl"));
    let (both, only) = (named(&[&bob, &carl]), named(&[&bob]));
    let mut trail = stage(std::slice::from_ref(&both));
    let wider = changed(&mut trail, &[organization()]);
    assert_eq!(
        told(&wider),
        (
            "principals of organization o-abc may now enter role app (admin)".to_owned(),
            Some(Severity::Critical),
            Verdict::Escalates
        )
    );
    let back = changed(&mut trail, &[both]);
    assert_eq!(
        told(&back),
        (
            "bob and carl may now enter role app (admin), before only if they are of organization \
             o-abc; principals of organization o-abc may no longer enter role app"
                .to_owned(),
            Some(Severity::Medium),
            Verdict::Unknown
        )
    );
    assert_eq!(back.confidence(), Confidence::Medium);
    // Beside all others nobody is named who is one of them anyway.
    let mut trail = stage(&[organization()]);
    let beside = changed(&mut trail, &[organization(), only.clone()]);
    assert_eq!(beside.severity(), Some(Severity::Critical), "{}", beside.sentence());
    assert_eq!(beside.confidence(), Confidence::Medium);
    let off = changed(&mut trail, &[organization()]);
    assert_eq!(
        told(&off),
        (
            "bob may enter role app now only if it is of organization o-abc".to_owned(),
            None,
            Verdict::Narrower
        )
    );
}

/// The same of strangers, of whom no model tells anything.
#[test]
fn an_account_may_be_of_an_organization() {
    for who in ["arn:aws:iam::444455556666:user/deploy", "444455556666"] {
        let mut trail = stage(&[organization()]);
        let back = changed(&mut trail, &[named(&[who])]);
        assert_eq!((back.severity(), back.verdict()), (Some(Severity::Critical), Verdict::Unknown));
        assert_eq!(back.confidence(), Confidence::Medium);
        assert!(
            back.sentence().contains("(admin), before only if it is of organization o-abc;"),
            "{}",
            back.sentence()
        );
        assert!(back.opened.is_empty(), "{:?}", back.opened);
        let wider = changed(&mut trail, &[organization()]);
        assert!(!wider.sentence().contains("no longer"), "{}", wider.sentence());
        assert_eq!(wider.severity(), Some(Severity::Critical));
        // Of whom it is known, it is no news and no loss.
        let condition = json!({"StringEquals": {"aws:PrincipalAccount": "444455556666"}});
        let mut trail = stage(&[anyone(condition)]);
        let same = changed(&mut trail, &[named(&[who])]);
        assert_eq!(same.severity(), None, "{}", same.sentence());
        // A stranger is not of the organization because its members come in.
        let mut trail = stage(&[organization()]);
        let beside = changed(&mut trail, &[organization(), named(&[who])]);
        assert_eq!(beside.severity(), Some(Severity::Critical), "{}", beside.sentence());
    }
}

/// IAM User Guide, "AWS global condition context keys" (`aws:PrincipalTag/tag-key`): of a user that the
/// trail made the tags are known.
#[test]
fn what_is_known_of_somebody_decides() {
    let team = |team: &str| anyone(json!({"StringEquals": {"aws:PrincipalTag/team": team}}));
    let mut trail = stage(&[team("red")]);
    trail.iam("TagUser", json!({"userName": "bob", "tags": [{"key": "team", "value": "blue"}]}));
    let bob = changed(&mut trail, &[named(&[&arn("user/bob")])]);
    assert_eq!(bob.severity(), Some(Severity::Critical));
    assert!(
        bob.sentence().starts_with("bob may now enter role app (admin);"),
        "{}",
        bob.sentence()
    );
    let red = changed(&mut trail, &[team("blue")]);
    assert!(!red.sentence().contains("bob"), "{}", red.sentence());
}

/// What somebody is asked to do tells the two apart, whoever he is.
#[test]
fn a_second_factor_that_is_asked_no_more_is_a_gain() {
    let mfa = anyone(json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}));
    let mut trail = stage(&[mfa]);
    let bob = changed(&mut trail, &[named(&[&arn("user/bob")])]);
    assert_eq!(bob.severity(), Some(Severity::Critical));
    assert!(
        bob.sentence()
            .starts_with("bob may now enter role app (admin), before only if MFA is present"),
        "{}",
        bob.sentence()
    );
}

/// IAM User Guide, "Policy evaluation logic": what the account's policies say is asked for as well.
#[test]
fn what_was_not_seen_of_somebody_is_the_same_before_and_after() {
    let root = arn("root");
    let eve = arn("user/eve");
    // Of Eve nothing was seen but one policy, so another one may deny.
    let mut trail = stage(&[named(&[&eve])]);
    trail.put("eve", &allow(&["sts:AssumeRole"], &arn("role/app")));
    let same = changed(&mut trail, &[named(&[&root])]);
    assert!(!same.sentence().contains("eve may no longer"), "{}", same.sentence());
    assert!(same.shut.is_empty(), "{:?}", same.shut);
    // Of Ada and Ivo nothing that lets them in.
    let mut trail = stage(&[named(&[&arn("user/ada"), &arn("user/ivo")])]);
    trail.iam("UpdateUser", json!({"userName": "ada", "newUserName": "ada"}));
    let left = changed(&mut trail, &[named(&[&root])]);
    assert!(left.shut.iter().all(|one| !one.is_certain), "{:?}", left.shut);
    assert!(left.sentence().contains("that was not seen allows it"), "{}", left.sentence());
}

/// AWS STS User Guide, "AWS JSON policy elements: Principal", role session principals: one session is let
/// in, and whoever enters the role names it.
#[test]
fn a_session_is_let_in_by_its_name() {
    let mut trail = stage(&[json!({"Principal": {"Service": "ec2.amazonaws.com"}})]);
    trail.role("ci", &trusts(&[named(&[&arn("user/carl")])]));
    let session = arn("assumed-role/ci/deploy").replace(":iam:", ":sts:");
    let opened = changed(&mut trail, &[named(&[&session])]);
    assert_eq!(
        opened.sentence(),
        "role ci may now enter role app (admin) if its session is named `deploy`"
    );
    assert_eq!(opened.severity(), Some(Severity::Critical));
    let way = opened.opened.iter().find(|path| path.from == "role/ci").unwrap();
    assert_eq!(way.conditions, ["its session is named `deploy`"]);
    let again = changed(&mut trail, &[named(&[&session]), named(&[&arn("role/ci")])]);
    let one = "session deploy of role ci";
    assert_eq!(
        again.sentence(),
        format!("role ci may now enter role app (admin), before only {one}")
    );
    assert_eq!(again.confidence(), Confidence::High);
    let back = changed(&mut trail, &[named(&[&session])]);
    assert_eq!(
        told(&back),
        (format!("only {one} may still enter role app, before role ci"), None, Verdict::Narrower)
    );
    // Whoever comes or goes whole is not told of by one session.
    let closed = json!({"Principal": {"Service": "ec2.amazonaws.com"}});
    changed(&mut trail, std::slice::from_ref(&closed));
    let both = [named(&[&session]), named(&[&arn("role/ci")])];
    let opened = changed(&mut trail, &both);
    assert_eq!(opened.sentence(), "role ci may now enter role app (admin)");
    let shut = changed(&mut trail, &[closed]);
    assert!(
        shut.sentence().starts_with("role ci may no longer enter role app;"),
        "{}",
        shut.sentence()
    );
}

/// Whoever is named no more and is one of all who are let in now has lost nothing.
#[test]
fn nothing_closes_where_a_trust_widens() {
    let foreign = "arn:aws:iam::444455556666:user/deploy";
    let mut trail = stage(&[named(&[foreign, &arn("user/bob")])]);
    let wider = changed(&mut trail, &[anyone(json!({}))]);
    assert!(wider.closed.is_empty() && wider.shut.is_empty(), "{:?}", wider.closed);
    let narrower = changed(&mut trail, &[named(&[foreign])]);
    assert!(!narrower.closed.is_empty(), "{}", narrower.sentence());
}

/// IAM User Guide, "AWS JSON policy elements: Principal": the id of somebody who was deleted.
#[test]
fn an_exception_for_somebody_deleted_is_none() {
    let but = |who: Value| json!({"NotPrincipal": {"AWS": who}});
    let mut trail = stage(&[but(json!([arn("user/carl")]))]);
    let gone = "AIDAGONEGONEGONEGONE1";
    let same = changed(&mut trail, &[but(json!([arn("user/carl"), gone]))]);
    assert_eq!(same.verdict(), Verdict::Nothing, "{}", same.sentence());
    let all = changed(&mut trail, &[but(json!([gone]))]);
    assert_eq!(all.sentence(), "anyone may now enter role app (admin), before anyone but carl");
}

/// IAM Identity Center User Guide, "Understanding service-linked roles in IAM Identity Center".
#[test]
fn the_provider_of_identity_center_is_told_by_its_name() {
    let provider = arn("saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE");
    let people = json!({"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithSAML"});
    let mut trail = stage(&[json!({"Principal": {"Service": "ec2.amazonaws.com"}})]);
    let opened = changed(&mut trail, &[people]);
    assert_eq!(
        opened.sentence(),
        "people of AWSSSO_0123456789abcdef_DO_NOT_DELETE (named like that of IAM Identity Center) may \
         now enter role app (admin)"
    );
}

/// IAM User Guide, "AWS JSON policy elements: Principal", and "Condition operators" (negated ones): what a
/// Deny leaves is told like what an Allow gives.
#[test]
fn what_a_deny_leaves_is_compared_alike() {
    let but = |deny: Value| {
        let mut deny = deny;
        deny["Effect"] = json!("Deny");
        [json!({"Principal": {"AWS": "*"}}), deny]
    };
    let everybody = json!({"AWS": "*"});
    let some = |key: &str, operator: &str, value: &str| {
        but(json!({"Principal": everybody, "Condition": {operator: {key: value}}}))
    };
    let organization = some("aws:PrincipalOrgID", "StringNotEquals", "o-abc");
    let two =
        but(json!({"NotPrincipal": {"AWS": [arn("user/bob"), arn("user/carl"), arn("root")]}}));
    let mut trail = stage(&two);
    let wider = changed(&mut trail, &organization);
    assert_eq!(wider.severity(), Some(Severity::Critical), "{}", wider.sentence());
    assert!(!wider.sentence().contains("no longer"), "{}", wider.sentence());
    let bob = changed(&mut trail, &some("aws:PrincipalArn", "ArnNotEquals", &arn("user/bob")));
    assert_eq!((bob.severity(), bob.verdict()), (Some(Severity::Medium), Verdict::Unknown));
    let told = "bob may now enter role app (admin), before only if it is of organization o-abc";
    assert!(bob.sentence().starts_with(told), "{}", bob.sentence());
}
