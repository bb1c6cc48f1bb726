//! What Deny statements, `NotPrincipal` and literal wildcards leave of a trust.

use super::{Who, compare_trust, effective_grants, gained};
use crate::document::Document;

fn document(statements: &str) -> Document {
    Document::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

fn allow(principal: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"Allow",{principal},"Action":"sts:AssumeRole"{}}}"#, asking(condition))
}

fn deny(principal: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"Deny",{principal},"Action":"sts:*"{}}}"#, asking(condition))
}

fn asking(condition: &str) -> String {
    match condition {
        "" => String::new(),
        condition => format!(r#","Condition":{{{condition}}}"#),
    }
}

const OTHERS: &str = r#""Principal":{"AWS":"444455556666"}"#;
const EVERYONE: &str = r#""Principal":"*""#;
const BOB: &str = "arn:aws:iam::111122223333:user/bob";
const EVE: &str = "arn:aws:iam::111122223333:user/eve";
const ROOT: &str = "arn:aws:iam::111122223333:root";

fn not(whom: &[&str]) -> String {
    format!(r#""NotPrincipal":{{"AWS":{whom:?}}}"#)
}

fn names(document: &Document) -> Vec<Who> {
    effective_grants(document).into_iter().map(|grant| grant.who).collect()
}

fn principal(arn: &str) -> Who {
    Who::Principal { account: trailwarden_model::AccountId::parse("111122223333"), arn: arn.into() }
}

// IAM User Guide, "IAM JSON policy elements: Condition operators": what a Deny asks is asked the other
// way round of whoever enters.
#[test]
fn a_deny_unless_is_a_condition() {
    for (denied, asked) in [
        (
            r#""StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}"#,
            r#""StringEquals":{"aws:PrincipalOrgID":"o-abc"}"#,
        ),
        (
            r#""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}"#,
            r#""StringEquals":{"aws:PrincipalOrgID":"o-abc"}"#,
        ),
        (
            r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/x"}"#,
            r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/x"}"#,
        ),
        (
            r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#,
            r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#,
        ),
        (r#""Null":{"sts:ExternalId":"true"}"#, r#""Null":{"sts:ExternalId":"false"}"#),
    ] {
        let by_deny = document(&format!("{},{}", allow(OTHERS, ""), deny(EVERYONE, denied)));
        let by_allow = document(&allow(OTHERS, asked));
        assert_eq!(effective_grants(&by_deny), effective_grants(&by_allow), "{denied}");
        assert!(compare_trust(Some(&by_deny), &by_allow).is_empty(), "{denied}");
        assert!(compare_trust(Some(&by_allow), &by_deny).is_empty(), "{denied}");
        assert_eq!(compare_trust(Some(&by_deny), &document(&allow(OTHERS, ""))).len(), 1);
    }
    let two = r#""StringNotEquals":{"aws:PrincipalOrgID":"o-abc"},"Bool":{"aws:SecureTransport":"false"}"#;
    let by_deny = document(&format!("{},{}", allow(OTHERS, ""), deny(EVERYONE, two)));
    assert!(effective_grants(&by_deny)[0].conditions.is_empty());
    assert_eq!(compare_trust(Some(&by_deny), &document(&allow(OTHERS, ""))).len(), 1);
}

// IAM User Guide, "AWS JSON policy elements: NotPrincipal".
#[test]
fn whom_not_principal_leaves_out_counts() {
    let but = |whom: &[&str]| document(&allow(&not(whom), ""));
    let (few, many) = (but(&[BOB]), but(&[BOB, EVE]));
    assert!(compare_trust(Some(&few), &many).is_empty());
    let wider = gained(Some(&many), &few, None);
    assert_eq!(wider.len(), 1);
    assert_eq!(wider[0].instead_of.len(), 1);
    assert_eq!(*wider[0].grant.but, [principal(BOB)]);
    let bob = document(&allow(&format!(r#""Principal":{{"AWS":"{BOB}"}}"#), ""));
    assert_eq!(compare_trust(Some(&few), &bob).len(), 1);
    assert!(compare_trust(Some(&but(&[EVE])), &bob).is_empty());
    assert_eq!(compare_trust(Some(&but(&[ROOT])), &bob).len(), 1);
    assert!(compare_trust(Some(&few), &document(&allow(OTHERS, ""))).is_empty());
}

#[test]
fn a_deny_with_not_principal_leaves_whom_it_names() {
    let only =
        |whom: &[&str]| document(&format!("{},{}", allow(EVERYONE, ""), deny(&not(whom), "")));
    assert_eq!(names(&only(&[BOB, ROOT])), [principal(BOB)]);
    let (few, many) = (only(&[BOB, ROOT]), only(&[BOB, EVE, ROOT]));
    assert!(compare_trust(Some(&many), &few).is_empty());
    assert_eq!(compare_trust(Some(&few), &many).len(), 1);
}

// IAM User Guide, "AWS JSON policy elements: NotPrincipal": an account is listed beside its principals;
// AWS might look at the account, then at the role, then at the session.
#[test]
fn not_principal_spares_whom_it_lists_and_no_account_as_a_whole() {
    const ROLE: &str = "arn:aws:iam::111122223333:role/team/app";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/ci";
    const STRANGER: &str = "arn:aws:iam::444455556666:user/eve";
    let left = |who: &str, whom: &[&str]| {
        let named = format!(r#""Principal":{{"AWS":"{who}"}}"#);
        names(&document(&format!("{},{}", allow(&named, ""), deny(&not(whom), ""))))
    };
    let nobody: [Who; 0] = [];
    assert_eq!(left("*", &[ROOT]), nobody);
    assert_eq!(left(ROOT, &[ROOT]), nobody);
    assert_eq!(left(ROOT, &[BOB, ROOT]), [principal(BOB)]);
    assert_eq!(left(ROOT, &[BOB]), [principal(BOB)], "perhaps");
    assert_eq!(left(ROOT, &[STRANGER, "444455556666"]), nobody);
    assert_eq!(left(BOB, &[BOB, ROOT]), [principal(BOB)]);
    assert_eq!(left(BOB, &[EVE, ROOT]), nobody);
    assert_eq!(left(BOB, &[ROOT]), nobody);
    assert_eq!(left(ROLE, &[ROLE, ROOT]), [principal(ROLE)]);
    assert_eq!(left(ROLE, &[SESSION, ROLE, ROOT]), [principal(ROLE)]);
    assert_eq!(left(ROLE, &[SESSION, ROOT]), [principal(SESSION)]);
    assert_eq!(left(SESSION, &[ROLE, ROOT]), [principal(SESSION)], "perhaps");
    assert_eq!(left("*", &[SESSION, ROLE, ROOT]), [principal(SESSION), principal(ROLE)]);
    let service = r#""Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}"#;
    let spare = r#""NotPrincipal":{"Service":"ec2.amazonaws.com"}"#;
    let served = document(&format!("{},{}", allow(service, ""), deny(spare, "")));
    assert_eq!(names(&served), [Who::Service("ec2.amazonaws.com".to_owned())]);
    let provider = r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#;
    let federated = |spare: &str| {
        let entry = format!(
            r#"{{"Effect":"Allow","Principal":{provider},"Action":"sts:AssumeRoleWithSAML"}}"#
        );
        let denied = format!(r#""NotPrincipal":{spare}"#);
        names(&document(&format!("{entry},{}", deny(&denied, "")))).len()
    };
    assert_eq!((federated(provider), federated(&format!(r#"{{"AWS":"{ROOT}"}}"#))), (1, 0));
}

#[test]
fn a_deny_that_names_some_leaves_the_others() {
    let named = format!(r#""Principal":{{"AWS":"{BOB}"}}"#);
    let but_bob = document(&format!("{},{}", allow(EVERYONE, ""), deny(&named, "")));
    assert_eq!(*effective_grants(&but_bob)[0].but, [principal(BOB)]);
    assert!(compare_trust(Some(&document(&allow(EVERYONE, ""))), &but_bob).is_empty());
    assert_eq!(compare_trust(Some(&but_bob), &document(&allow(EVERYONE, ""))).len(), 1);
}

// IAM User Guide, "IAM JSON policy elements: Condition operators": `StringEquals` has no wildcards.
#[test]
fn a_literal_wildcard_lets_nobody_in() {
    let github = |condition: &str| {
        let provider = r#""Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#;
        document(&format!(
            r#"{{"Effect":"Allow",{provider},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{{condition}}}}}"#
        ))
    };
    let sub = |operator: &str, value: &str| {
        github(&format!(r#""{operator}":{{"token.actions.githubusercontent.com:sub":{value}}}"#))
    };
    assert!(names(&sub("StringEquals", r#""repo:me/*""#)).is_empty());
    assert!(compare_trust(None, &sub("StringEquals", r#""repo:me/*""#)).is_empty());
    assert_eq!(names(&sub("StringLike", r#""repo:me/*""#)).len(), 1);
    assert_eq!(
        names(&sub("StringEquals", r#"["repo:me/*","repo:me/app:ref:refs/heads/main"]"#)).len(),
        1
    );
    assert_eq!(names(&sub("StringEqualsIfExists", r#""repo:me/*""#)).len(), 1);
    let anyone = |condition: &str| names(&document(&allow(EVERYONE, condition))).len();
    assert_eq!(anyone(r#""StringEquals":{"aws:PrincipalOrgID":"o-*"}"#), 0);
    assert_eq!(anyone(r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::1:role/*"}"#), 1);
    // AWS STS API Reference, `AssumeRole`: an external id holds none either.
    assert_eq!(anyone(r#""StringEquals":{"sts:ExternalId":"*"}"#), 0);
    assert_eq!(anyone(r#""StringEquals":{"aws:SourceIp":"*"}"#), 0);
    assert_eq!(anyone(r#""StringEquals":{"aws:SourceIp":"192.0.2.0/24"}"#), 0);
    assert_eq!(anyone(r#""StringNotEquals":{"aws:SourceIp":"*"}"#), 1);
    // IAM API Reference, `CreateRole`: a path may hold one, a name may not.
    let named = |arn: &str| anyone(&format!(r#""StringEquals":{{"aws:PrincipalArn":"{arn}"}}"#));
    assert_eq!(named("arn:aws:iam::444455556666:role/*/ci"), 1);
    assert_eq!(named("arn:aws:iam::444455556666:role/*"), 0);
}

// The same page: of several values those that fit nobody say nothing.
#[test]
fn a_literal_wildcard_in_a_list_is_as_if_it_were_not_there() {
    let anyone = |condition: &str| document(&allow(EVERYONE, condition));
    let many = anyone(r#""StringEquals":{"aws:PrincipalOrgID":["o-*","o-abc"]}"#);
    let one = anyone(r#""StringEquals":{"aws:PrincipalOrgID":"o-abc"}"#);
    assert_eq!(effective_grants(&many), effective_grants(&one));
    assert!(compare_trust(Some(&one), &many).is_empty());
    // An absent key passes: it is told as it is written.
    let open = anyone(r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-*"}"#);
    assert_eq!(effective_grants(&open)[0].conditions.len(), 1);
    let claims = r#""Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#;
    let of_github = |subjects: &str| {
        let text = format!(
            r#"{{"Effect":"Allow",{claims},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"token.actions.githubusercontent.com:sub":{subjects}}}}}}}"#
        );
        effective_grants(&document(&text))
    };
    let main = r#""repo:me/app:ref:refs/heads/main""#;
    assert_eq!(of_github(&format!(r#"["repo:me/*",{main}]"#)), of_github(&format!("[{main}]")));
}

// IAM User Guide, "AWS JSON policy elements: Principal": no wildcard is a part of a name or ARN.
#[test]
fn a_wildcard_in_an_arn_names_nobody() {
    for partial in ["arn:aws:iam::111122223333:user/*", "arn:aws:iam::*:root", "1111*"] {
        let named = format!(r#""Principal":{{"AWS":"{partial}"}}"#);
        assert_eq!(names(&document(&allow(&named, ""))), [Who::Other(partial.to_owned())]);
    }
    let beside = format!(r#""Principal":{{"AWS":["*","{BOB}"]}}"#);
    assert_eq!(names(&document(&allow(&beside, "")))[0], Who::Anyone);
}

// IAM User Guide, "AWS global condition context keys", `aws:PrincipalIsAWSService` and
// `aws:PrincipalAccount`; AWS Organizations User Guide, "Resource control policies" (the perimeter that
// spares services).
#[test]
fn a_deny_that_spares_services_binds_everybody_else() {
    let spare = r#""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#;
    let guarded = document(&format!("{},{}", allow(EVERYONE, ""), deny(EVERYONE, spare)));
    let left = effective_grants(&guarded);
    assert_eq!(left.len(), 1);
    assert!(super::is_conditioned(&left[0]), "{:?}", left[0].conditions);
    let service = allow(r#""Principal":{"Service":"ec2.amazonaws.com"}"#, "");
    let served = document(&format!("{service},{}", deny(EVERYONE, spare)));
    assert!(effective_grants(&served)[0].conditions.is_empty());
}

#[test]
fn a_deny_unless_of_another_account_lets_nobody_of_this_one_in() {
    let unless = |account: &str| {
        let asked = format!(r#""StringNotEquals":{{"aws:PrincipalAccount":"{account}"}}"#);
        names(&document(&format!("{},{}", allow(OTHERS, ""), deny(EVERYONE, &asked))))
    };
    assert!(unless("111122223333").is_empty());
    assert_eq!(unless("444455556666").len(), 1);
}
