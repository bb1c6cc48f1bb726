//! Whom trust policies let in, under which conditions, and what a change of those moves.

use super::*;

const GITHUB: &str = "token.actions.githubusercontent.com";

/// A role that may do everything, and that a service alone may enter.
fn stage() -> Trail {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let request = json!({"roleName": "app", "policyName": "p", "policyDocument": admin()});
    trail.iam("PutRolePolicy", request);
    trail
}

fn statement(who: &Value, condition: &Value) -> Value {
    let is_token = who.get("Federated").is_some();
    let action = if is_token { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRole" };
    json!({"Effect": "Allow", "Principal": who, "Action": action, "Condition": condition})
}

/// The trust policy of `role/app` becomes these statements.
fn trust(trail: &mut Trail, statements: Value) -> Effect {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    trail.iam(
        "UpdateAssumeRolePolicy",
        json!({"roleName": "app", "policyDocument": document.to_string()}),
    )
}

fn told(effect: &Effect) -> (String, Option<Severity>, bool) {
    (effect.sentence(), effect.severity(), effect.is_narrowing())
}

fn opens(sentence: &str) -> (String, Option<Severity>, bool) {
    (sentence.to_owned(), Some(Severity::Critical), false)
}

fn narrows(sentence: &str) -> (String, Option<Severity>, bool) {
    (sentence.to_owned(), None, true)
}

/// IAM User Guide, "AWS global condition context keys", `aws:PrincipalOrgID`.
#[test]
fn everyone_of_an_organization_is_not_everyone() {
    let mut trail = stage();
    let everyone = json!({"AWS": "*"});
    let of =
        |ids: Value| statement(&everyone, &json!({"StringEquals": {"aws:PrincipalOrgID": ids}}));
    let ours = trust(&mut trail, json!([of(json!("o-abc"))]));
    assert_eq!(
        told(&ours),
        opens("principals of organization o-abc may now enter role app (admin)")
    );
    let evil = trust(&mut trail, json!([of(json!("o-evil"))]));
    assert_eq!(
        told(&evil),
        opens("principals of organization o-evil may now enter role app (admin)")
    );
    let both = trust(&mut trail, json!([of(json!(["o-abc", "o-evil"]))]));
    assert_eq!(
        told(&both),
        opens(
            "principals of organizations o-abc and o-evil may now enter role app (admin), before only principals of organization o-evil"
        )
    );
    let back = trust(&mut trail, json!([of(json!("o-abc"))]));
    assert_eq!(
        told(&back),
        narrows(
            "only principals of organization o-abc may still enter role app, before principals of organizations o-abc and o-evil"
        )
    );
    let any = trust(&mut trail, json!([of(json!("o-abc")), statement(&everyone, &json!({}))]));
    assert_eq!(
        told(&any),
        opens(
            "anyone may now enter role app (admin), before only principals of organization o-abc"
        )
    );
    let shut =
        trust(&mut trail, json!([statement(&json!({"Service": "ec2.amazonaws.com"}), &json!({}))]));
    assert_eq!(
        told(&shut),
        narrows(
            "principals of organization o-abc and anyone may no longer enter role app; service ec2.amazonaws.com may now"
        )
    );
    // A condition that everybody meets says nothing.
    let mut trail = stage();
    let all = json!({"StringLike": {"aws:PrincipalOrgID": "*"}});
    let open = trust(&mut trail, json!([statement(&everyone, &all)]));
    assert_eq!(
        told(&open),
        opens("anyone may now enter role app (admin) if `aws:PrincipalOrgID` is like `*`")
    );
}

/// IAM User Guide, "Access to AWS accounts owned by third parties".
#[test]
fn an_external_id_that_is_asked_for_no_more_is_a_gain() {
    let mut trail = stage();
    let vendor = json!({"AWS": "arn:aws:iam::444455556666:root"});
    let asked = statement(&vendor, &json!({"StringEquals": {"sts:ExternalId": "k7"}}));
    let given = trust(&mut trail, json!([asked]));
    assert_eq!(
        told(&given),
        opens("account 444455556666 may now enter role app (admin) if it gives the external id")
    );
    let dropped = trust(&mut trail, json!([statement(&vendor, &json!({}))]));
    assert_eq!(
        told(&dropped),
        opens(
            "account 444455556666 may now enter role app (admin), before only if it gives the external id"
        )
    );
    let again = trust(&mut trail, json!([asked]));
    assert_eq!(
        told(&again),
        narrows("account 444455556666 may enter role app now only if it gives the external id")
    );
    // One of an account that has leave already is no news, nor is the text in another spelling.
    let one = json!({"AWS": "arn:aws:iam::444455556666:user/deploy"});
    let spelled = json!({"stringequals": {"STS:ExternalId": ["k7"]}});
    let same = trust(&mut trail, json!([statement(&vendor, &spelled), statement(&one, &spelled)]));
    assert!(same.is_nothing(), "{}", same.sentence());
    let only = trust(&mut trail, json!([statement(&one, &spelled)]));
    assert_eq!(
        told(&only),
        narrows(
            "only deploy of account 444455556666 if it gives the external id may still enter role app, before account 444455556666 if it gives the external id"
        )
    );
}

/// IAM User Guide, "Create a role for OpenID Connect federation (console)".
#[test]
fn workflows_are_told_by_their_repository() {
    let mut trail = stage();
    let provider = json!({"Federated": arn(&format!("oidc-provider/{GITHUB}"))});
    let of = |operator: &str, sub: Value| {
        let mut condition = json!({"StringEquals": {format!("{GITHUB}:aud"): "sts.amazonaws.com"}});
        condition[operator][format!("{GITHUB}:sub")] = sub;
        json!([statement(&provider, &condition)])
    };
    let any = trust(&mut trail, of("StringLike", json!("repo:*")));
    assert_eq!(told(&any), opens("any GitHub workflows may now enter role app (admin)"));
    let one = trust(&mut trail, of("StringEquals", json!("repo:me/app:ref:refs/heads/main")));
    assert_eq!(
        told(&one),
        narrows(
            "only workflows of repository `me/app` on `refs/heads/main` may still enter role app, before any GitHub workflows"
        )
    );
    let two = json!(["repo:me/app:ref:refs/heads/main", "repo:me/web:environment:prod"]);
    let more = trust(&mut trail, of("StringEquals", two));
    assert_eq!(
        told(&more),
        opens(
            "workflows of repository `me/app` on `refs/heads/main` and repository `me/web` in environment `prod` may now enter role app (admin), before only workflows of repository `me/app` on `refs/heads/main`"
        )
    );
    let owner = trust(&mut trail, of("StringLike", json!("repo:me/*")));
    assert_eq!(told(&owner).0.split(" may ").next(), Some("workflows of repositories `me/*`"));
}

/// IAM User Guide, "IAM and AWS STS condition context keys", keys of OIDC federation: the audience.
#[test]
fn an_audience_is_told_where_it_is_what_changed() {
    let mut trail = stage();
    let provider = json!({"Federated": arn("oidc-provider/idp.example.com")});
    let audience = json!({"StringEquals": {"idp.example.com:aud": "me"}});
    let first = trust(&mut trail, json!([statement(&provider, &audience)]));
    assert_eq!(
        told(&first),
        opens("bearers of tokens of idp.example.com may now enter role app (admin)")
    );
    let open = trust(&mut trail, json!([statement(&provider, &json!({}))]));
    assert_eq!(
        told(&open),
        opens(
            "bearers of tokens of idp.example.com may now enter role app (admin), before only if `idp.example.com:aud` is `me`"
        )
    );
    // Nobody saw the provider: whether it exists is not known.
    assert_eq!(
        open.entries[0].conditions(),
        ["provider idp.example.com, which was not seen, exists"]
    );
    assert!(!open.entries[0].is_certain);
}

/// IAM User Guide, "IAM JSON policy elements: Condition operators": what a Deny asks is asked the other
/// way round of whoever enters.
#[test]
fn a_deny_unless_is_told_as_a_condition() {
    let other = json!({"AWS": "444455556666"});
    let deny = |condition: Value| {
        json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
            "Condition": condition})
    };
    for (condition, asked) in [
        (
            json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}),
            "it is of organization o-abc",
        ),
        (json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}), "MFA is present"),
        (json!({"Null": {"sts:ExternalId": "true"}}), "it gives some external id"),
    ] {
        let mut trail = stage();
        let allow = statement(&other, &json!({}));
        let closed = trust(&mut trail, json!([allow, deny(condition)]));
        let sentence = format!("account 444455556666 may now enter role app (admin) if {asked}");
        assert_eq!(told(&closed).0, sentence);
        let open = trust(&mut trail, json!([allow]));
        let sentence =
            format!("account 444455556666 may now enter role app (admin), before only if {asked}");
        assert_eq!(told(&open).0, sentence);
    }
}

/// IAM User Guide, "AWS JSON policy elements: NotPrincipal".
#[test]
fn whom_not_principal_leaves_out_is_told() {
    let mut trail = stage();
    let but = |whom: &[&str]| json!([{"Effect": "Allow", "NotPrincipal": {"AWS": whom}, "Action": "sts:AssumeRole"}]);
    let (eve, mia) = ("arn:aws:iam::444455556666:user/eve", "arn:aws:iam::444455556666:user/mia");
    let open = trust(&mut trail, but(&[eve]));
    let sentence = "anyone but eve of account 444455556666 may now enter role app (admin)";
    assert_eq!(told(&open), opens(sentence));
    let narrower = trust(&mut trail, but(&[eve, mia]));
    assert!(narrower.is_narrowing(), "{}", narrower.sentence());
    assert!(narrower.entries.is_empty(), "{}", narrower.sentence());
    let wider = trust(&mut trail, but(&[eve]));
    assert_eq!(wider.severity(), Some(Severity::Critical), "{}", wider.sentence());
    let sentence = "anyone but eve of account 444455556666 may now enter role app (admin), before \
        anyone but eve of account 444455556666 and mia of account 444455556666";
    assert_eq!(told(&wider), opens(sentence));
    let narrower = trust(&mut trail, but(&[eve, mia]));
    assert_eq!(narrower.sentence(), "mia of account 444455556666 may no longer enter role app");
    // That a trust policy holds a Deny is no news where nobody comes in.
    let but_root = json!([{"Effect": "Allow", "NotPrincipal": {"AWS": [eve, mia]},
        "Action": "sts:AssumeRole"}, {"Effect": "Deny", "Principal": {"AWS": eve},
        "Action": "sts:AssumeRole"}]);
    let same = trust(&mut trail, but_root);
    assert_eq!(same.sentence(), "nobody's permissions change");
}

/// IAM User Guide, "Policy evaluation logic": an explicit deny decides.
#[test]
fn a_deny_that_goes_lets_in() {
    let mut trail = stage();
    let other = json!({"AWS": "444455556666"});
    let allow = statement(&other, &json!({}));
    // Two conditions, whose opposite no list of conditions says.
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"},
            "Bool": {"aws:ViaAWSService": "false"}}});
    trust(&mut trail, json!([allow, deny]));
    let open = trust(&mut trail, json!([allow]));
    assert_eq!(
        told(&open),
        opens("account 444455556666 may now enter role app (admin), where a Deny stood before")
    );
    let shut = trust(&mut trail, json!([allow, deny]));
    assert_eq!(
        told(&shut),
        narrows("a new Deny keeps account 444455556666 out of role app at times")
    );
}

/// AWS STS API Reference, `AssumeRole`: principals of AWS come by it alone.
#[test]
fn an_action_that_the_principal_cannot_call_lets_nobody_in() {
    let mut trail = stage();
    let mut allow = statement(&json!({"AWS": "444455556666"}), &json!({}));
    trust(&mut trail, json!([allow]));
    allow["Action"] = json!("sts:*");
    let more = trust(&mut trail, json!([allow]));
    assert!(more.is_nothing(), "{}", more.sentence());
    allow["Action"] = json!("sts:AssumeRoleWithSAML");
    let shut = trust(&mut trail, json!([allow]));
    assert_eq!(told(&shut), narrows("account 444455556666 may no longer enter role app"));
}

/// IAM User Guide, "AWS JSON policy elements: Principal": the id stands for a principal that is gone.
#[test]
fn a_deleted_principal_enters_nothing() {
    let mut trail = stage();
    trail.user("bob");
    let gone =
        trust(&mut trail, json!([statement(&json!({"AWS": "AIDAWASDELETEDXXXXXXX"}), &json!({}))]));
    assert!(gone.entries.is_empty(), "{}", gone.sentence());
    assert_eq!(gone.severity(), None);
}

/// IAM User Guide, "Cross-account policy evaluation logic": a condition that an own user may meet.
#[test]
fn an_own_user_enters_on_conditions() {
    let mut trail = stage();
    trail.user("bob");
    trail.put("bob", &allow(&["sts:AssumeRole"], &arn("role/app")));
    let account = json!({"AWS": arn("root")});
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let opened = trust(&mut trail, json!([statement(&account, &mfa)]));
    assert_eq!(told(&opened), opens("bob may now enter role app (admin) if MFA is present"));
    assert_eq!(opened.confidence(), trailwarden_model::Confidence::Medium);
    let always = trust(&mut trail, json!([statement(&account, &json!({}))]));
    assert_eq!(
        told(&always),
        opens("bob may now enter role app (admin), before only if MFA is present")
    );
    // He may already.
    let named = trust(&mut trail, json!([statement(&json!({"AWS": arn("user/bob")}), &json!({}))]));
    assert!(named.severity().is_none(), "{}", named.sentence());
}

/// A role that is born open to somebody else is not quiet, and what it gains says who is inside.
#[test]
fn whoever_is_let_in_at_birth_is_told_and_told_again() {
    let mut trail = Trail::new();
    let deploy = json!({"AWS": "arn:aws:iam::444455556666:user/deploy"});
    let made = trail.role(
        "sync",
        &json!({"Version": "2012-10-17", "Statement": [
        statement(&deploy, &json!({"StringEquals": {"sts:ExternalId": "k7"}}))]}),
    );
    assert_eq!(made.verdict(), Verdict::Entry);
    assert_eq!(made.severity(), None);
    let inside =
        "deploy of account 444455556666 may now enter role sync if it gives the external id";
    assert!(made.sentence().contains(inside), "{}", made.sentence());
    let policy = json!({"roleName": "sync", "policyName": "p", "policyDocument": admin()});
    let given = trail.iam("PutRolePolicy", policy);
    let who = "deploy of account 444455556666 if it gives the external id";
    assert!(given.sentence().contains(who), "{}", given.sentence());
    let own = trail.role("own", &trusting(json!({"AWS": arn("root")})));
    assert!(own.entries.is_empty() && own.is_nothing(), "{}", own.sentence());
}

/// IAM User Guide, "Cross-account policy evaluation logic": both sides must allow, and the other one may
/// come to.
#[test]
fn the_other_account_must_allow_it_too() {
    const OTHER: &str = "444455556666";
    let mut trail = stage();
    let there = || {
        json!({"recipientAccountId": OTHER, "userIdentity": {"type": "Root", "principalId": OTHER,
            "arn": format!("arn:aws:iam::{OTHER}:root"), "accountId": OTHER}})
    };
    let bob = format!("arn:aws:iam::{OTHER}:user/bob");
    let made =
        json!({"user": {"userName": "bob", "userId": "AIDABOBTHERE", "path": "/", "arn": bob}});
    trail.call("iam", "CreateUser", json!({"userName": "bob"}), made, there());
    let open = || json!({});
    let named = trust(&mut trail, json!([statement(&json!({"AWS": bob}), &open())]));
    assert_eq!(
        told(&named),
        opens(
            "bob of account 444455556666 may now enter role app (admin) if policies of account 444455556666 come to allow it"
        )
    );
    assert_eq!(named.confidence(), trailwarden_model::Confidence::Medium);
    trust(&mut trail, json!([]));
    let policy = allow(&["sts:AssumeRole"], &arn("role/app"));
    let leave = json!({"userName": "bob", "policyName": "p", "policyDocument": policy});
    trail.call("iam", "PutUserPolicy", leave, Value::Null, there());
    let named = trust(&mut trail, json!([statement(&json!({"AWS": bob}), &open())]));
    assert_eq!(told(&named), opens("bob of account 444455556666 may now enter role app (admin)"));
    assert_eq!(named.confidence(), trailwarden_model::Confidence::High);
    let all = trust(&mut trail, json!([statement(&json!({"AWS": OTHER}), &open())]));
    assert_eq!(
        told(&all),
        opens(
            "account 444455556666 may now enter role app (admin), before only bob of account 444455556666"
        )
    );
}

/// IAM User Guide, "AWS JSON policy elements: Principal": whoever is made under the name of a deleted
/// principal is not the one whom the trust policy means.
#[test]
fn trust_does_not_pass_to_a_namesake() {
    let mut trail = stage();
    let bob = || json!({"userName": "bob"});
    let named = || json!([statement(&json!({"AWS": arn("user/bob")}), &json!({}))]);
    let reply = |id: &str| json!({"user": {"userName": "bob", "userId": id, "path": "/", "arn": arn("user/bob")}});
    trail.call("iam", "CreateUser", bob(), reply("AIDAFIRSTBOBEXAMPLE01"), Value::Null);
    assert_eq!(told(&trust(&mut trail, named())), opens("bob may now enter role app (admin)"));
    trail.iam("DeleteUser", bob());
    let made = trail.call("iam", "CreateUser", bob(), reply("AIDASECONDBOBEXAMPLE1"), Value::Null);
    assert!(made.entries.is_empty() && made.opened.is_empty(), "{}", made.sentence());
    assert_eq!(told(&trust(&mut trail, named())), opens("bob may now enter role app (admin)"));
}

/// IAM User Guide, "AWS JSON policy elements: Principal", AWS account principals: the account's own
/// policies say who enters, and those of whoever was there before the trail were not seen.
#[test]
fn trust_in_the_account_lets_in_whoever_was_not_seen() {
    let mut trail = stage();
    let account = json!([statement(&json!({"AWS": arn("root")}), &json!({}))]);
    let left = trust(&mut trail, account);
    assert_eq!(left.verdict(), Verdict::Unknown, "{}", left.sentence());
    let doubt = "who in the account is allowed to assume role/app".to_owned();
    assert!(left.unknown_lines().contains(&doubt), "{}", left.sentence());
}

/// IAM User Guide, "Rename an IAM user" and "AWS JSON policy elements: Principal": a trust policy keeps
/// whom it names by his unique id, under whatever name.
#[test]
fn trust_follows_a_rename() {
    let mut trail = stage();
    trail.user("bob");
    let named =
        |name: &str| json!([statement(&json!({"AWS": arn(&format!("user/{name}"))}), &json!({}))]);
    trust(&mut trail, named("bob"));
    trail.iam("UpdateUser", json!({"userName": "bob", "newUserName": "robert"}));
    let same = trust(&mut trail, named("robert"));
    assert!(same.is_nothing(), "{}", same.sentence());
    // Who takes the name is another.
    let reply = json!({"user": {"userName": "bob", "userId": "AIDANEXT", "path": "/",
        "arn": arn("user/bob")}});
    trail.call("iam", "CreateUser", json!({"userName": "bob"}), reply, Value::Null);
    let other = trust(&mut trail, named("bob"));
    let sentence = "bob may now enter role app (admin); robert may no longer enter role app";
    assert_eq!(told(&other), opens(sentence));
}

/// That some may enter does not hide that others may not; nor is somebody told twice.
#[test]
fn whoever_leaves_as_others_enter_is_told() {
    let mut trail = stage();
    let of = |account: &str| json!([statement(&json!({"AWS": account}), &json!({}))]);
    trust(&mut trail, of("444455556666"));
    let other = trust(&mut trail, of("777788889999"));
    let sentence = "account 777788889999 may now enter role app (admin); \
        account 444455556666 may no longer enter role app";
    assert_eq!(told(&other), opens(sentence));
    let both = json!([statement(&json!({"AWS": ["444455556666", "777788889999"]}), &json!({}))]);
    let more = trust(&mut trail, both);
    assert_eq!(told(&more), opens("account 444455556666 may now enter role app (admin)"));
    let mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let id = json!({"StringEquals": {"sts:ExternalId": "k7"}});
    let who = json!({"AWS": "777788889999"});
    trust(&mut trail, json!([statement(&who, &mfa)]));
    let swapped = trust(&mut trail, json!([statement(&who, &id)]));
    assert!(!swapped.sentence().contains("no longer"), "{}", swapped.sentence());
}

/// IAM User Guide, "AWS global condition context keys", `aws:PrincipalOrgPaths`.
#[test]
fn a_place_in_an_organization_is_named() {
    let everyone = json!({"AWS": "*"});
    for (paths, whom) in [
        (json!("o-abc/*"), "principals of organization o-abc"),
        (json!("o-abc/r-1/ou-2/*"), "principals of organization path `o-abc/r-1/ou-2/*`"),
        (
            json!(["o-abc/r-1/ou-2/", "o-abc/r-1/ou-3/"]),
            "principals of organization path `o-abc/r-1/ou-2/` and organization path \
             `o-abc/r-1/ou-3/`",
        ),
    ] {
        let like = json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": paths}});
        let open = trust(&mut stage(), json!([statement(&everyone, &like)]));
        assert_eq!(told(&open), opens(&format!("{whom} may now enter role app (admin)")));
    }
    // Where it does not say who it is, it is a condition.
    let not = json!({"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-abc/*"}});
    let open = trust(&mut stage(), json!([statement(&everyone, &not)]));
    assert!(
        open.sentence().starts_with("anyone may now enter role app (admin) if "),
        "{}",
        open.sentence()
    );
}
