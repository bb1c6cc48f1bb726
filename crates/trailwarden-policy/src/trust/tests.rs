//! Trust policies: who is let in, what really narrows it, and what a change adds.

mod denied;

use super::*;

const GITHUB: &str = "token.actions.githubusercontent.com";

fn trust_policy(principal: &str, action: &str, condition: &str) -> Document {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":{action},"Condition":{condition}}}]}}"#
    );
    let document = Document::parse(&text).unwrap();
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    document
}

fn who(principal: &str) -> Vec<Who> {
    let document = trust_policy(principal, r#""sts:AssumeRole""#, "{}");
    grants(&document).into_iter().map(|g| g.who).collect()
}

fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn narrow(principal: &str, condition: &str) -> Narrowing {
    let document = trust_policy(principal, r#""sts:AssumeRole""#, condition);
    narrowing(&grants(&document)[0])
}

// IAM User Guide, "AWS JSON policy elements: Principal": account, user, role, session, service,
// federated and saved (unique id) principals.
#[test]
fn principals_are_recognised() {
    let one = account("111122223333");
    for text in
        ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:root"]
    {
        assert_eq!(who(&format!(r#"{{"AWS":"{text}"}}"#)), [Who::Account(one)]);
    }
    let arn = "arn:aws:sts::111122223333:assumed-role/app/session".to_owned();
    assert_eq!(
        who(&format!(r#"{{"AWS":["{arn}","AROAEXAMPLEROLEID12345"]}}"#)),
        [
            Who::Principal { account: Some(one), arn },
            Who::UniqueId("AROAEXAMPLEROLEID12345".to_owned()),
        ]
    );
    assert_eq!(
        who(r#"{"Service":"ec2.amazonaws.com","CanonicalUser":"79a5"}"#),
        [Who::Service("ec2.amazonaws.com".to_owned()), Who::Canonical("79a5".to_owned())]
    );
    let saml = who(r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#);
    assert_eq!(saml[0].account(), Some(one));
    assert!(matches!(saml[0], Who::Saml(_)));
    let oidc =
        who(&format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}}"#));
    assert_eq!(oidc[0].issuer(), Some(GITHUB));
    assert_eq!(
        who(r#"{"Federated":"accounts.google.com"}"#)[0].issuer(),
        Some("accounts.google.com")
    );
    assert_eq!(who(r#"{"AWS":"nobody"}"#), [Who::Other("nobody".to_owned())]);
}

// IAM User Guide, "AWS JSON policy elements: Principal" (all principals) and "NotPrincipal".
#[test]
fn everyone_has_several_spellings() {
    for principal in [r#""*""#, r#"{"AWS":"*"}"#, r#"{"AWS":["*"]}"#, r#"{"Federated":"*"}"#] {
        assert_eq!(who(principal), [Who::Anyone], "{principal}");
    }
    let not = Document::parse(
        r#"{"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}"#,
    );
    assert_eq!(grants(&not.unwrap())[0].who, Who::Anyone);
}

#[test]
fn only_statements_that_can_assume_count() {
    let actions = |action: &str| {
        let document = trust_policy(r#"{"AWS":"111122223333"}"#, action, "{}");
        grants(&document).into_iter().flat_map(|g| g.actions).collect::<Vec<_>>()
    };
    assert_eq!(actions(r#""sts:assumerole""#), ["sts:AssumeRole"]);
    assert_eq!(actions(r#""sts:AssumeRoleWith*""#), ASSUMING_ACTIONS[1..]);
    assert_eq!(actions(r#"["sts:*"]"#), ASSUMING_ACTIONS);
    assert_eq!(actions(r#""*""#), ASSUMING_ACTIONS);
    assert!(actions(r#"["sts:TagSession","sts:SetSourceIdentity","s3:*"]"#).is_empty());
    let deny = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}"#;
    assert!(grants(&Document::parse(deny).unwrap()).is_empty());
}

// IAM User Guide, "Access to AWS accounts owned by third parties" (external id) and "AWS global
// condition context keys".
#[test]
fn conditions_that_narrow() {
    for condition in [
        r#"{"StringEquals":{"sts:ExternalId":"12345"}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
        r#"{"StringEquals":{"AWS:principalorgid":"${aws:ResourceOrgID}"}}"#,
        r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket"}}"#,
        r#"{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8::/32"]}}"#,
        r#"{"StringLike":{"aws:userid":"AROAEXAMPLEROLEID12345:*"}}"#,
        r#"{"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}"#,
        r#"{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"},"Null":{"aws:SourceAccount":"false"}}"#,
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"},"StringEquals":{"sts:ExternalId":"12345"}}"#,
    ] {
        assert_eq!(narrow(r#""*""#, condition), Narrowing::Effective, "{condition}");
    }
}

// IAM User Guide, "Condition operators" (missing keys), "Set operators for multivalued context
// keys"; the rest follows from what a key tells.
#[test]
fn conditions_that_only_look_like_a_lock() {
    for condition in [
        "{}",
        r#"{"StringLike":{"sts:ExternalId":"*"}}"#,
        r#"{"StringEquals":{"sts:ExternalId":"*"}}"#,
        r#"{"StringLike":{"aws:PrincipalOrgID":["o-a1b2c3d4e5","o-*"]}}"#,
        r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
        r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
        r#"{"Null":{"sts:ExternalId":"false"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*"}}"#,
        r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::${aws:PrincipalAccount}:role/admin"}}"#,
        r#"{"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalAccount}"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:*:function:f"}}"#,
        r#"{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}}"#,
        r#"{"StringLike":{"aws:userid":"*:session"}}"#,
        r#"{"StringLike":{"aws:userid":"AROA*"}}"#,
        r#"{"StringEquals":{"sts:RoleSessionName":"ci"}}"#,
        r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
        r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"StringEquals":{"sts:ExternalId":[]}}"#,
    ] {
        assert_eq!(narrow(r#""*""#, condition), Narrowing::None, "{condition}");
    }
}

#[test]
fn what_a_stranger_can_give_himself_is_weak() {
    for condition in [
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"StringEquals":{"aws:username":"alice"}}"#,
        r#"{"StringEquals":{"aws:PrincipalTag/team":"ops"}}"#,
        r#"{"StringEquals":{"sts:SourceIdentity":"x","aws:SourceIdentity":"alice"}}"#,
    ] {
        assert_eq!(narrow(r#""*""#, condition), Narrowing::Weak, "{condition}");
    }
}

#[test]
fn a_named_account_changes_what_narrows() {
    let principal = r#"{"AWS":"111122223333"}"#;
    for condition in [
        r#"{"StringEquals":{"aws:PrincipalTag/team":"ops"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}}"#,
    ] {
        assert_eq!(narrow(principal, condition), Narrowing::Effective, "{condition}");
    }
    for condition in [
        r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:*"}}"#,
    ] {
        assert_eq!(narrow(principal, condition), Narrowing::None, "{condition}");
    }
}

fn weakness(issuer: &str, condition: &str) -> Option<OidcWeakness> {
    let bare = matches!(issuer, "accounts.google.com" | "cognito-identity.amazonaws.com");
    let principal = if bare {
        format!(r#"{{"Federated":"{issuer}"}}"#)
    } else {
        format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}"}}"#)
    };
    let condition = condition.replace('@', issuer);
    let document = trust_policy(&principal, r#""sts:AssumeRoleWithWebIdentity""#, &condition);
    let grant = &grants(&document)[0];
    oidc_weakness(grant, grant.who.issuer().unwrap())
}

fn github(sub: &str) -> Option<OidcWeakness> {
    weakness(
        GITHUB,
        &format!(
            r#"{{"StringEquals":{{"@:aud":"sts.amazonaws.com"}},"StringLike":{{"@:sub":{sub}}}}}"#
        ),
    )
}

fn wildcard(value: &str) -> Option<OidcWeakness> {
    let value = value.to_owned();
    Some(OidcWeakness::WildcardSubject { value })
}

fn wide(value: &str) -> Option<OidcWeakness> {
    let value = value.to_owned();
    Some(OidcWeakness::WideSubject { value })
}

// IAM User Guide, "Create a role for OpenID Connect federation", configuring a role for the GitHub
// OIDC identity provider; GitHub Docs, "OpenID Connect reference" (forms of the subject).
#[test]
fn github_subjects() {
    for strangers in
        ["*", "repo:*", "repo:org*", "repo:*/app:ref:refs/heads/main", "r?po:*", "*:main"]
    {
        assert_eq!(github(&format!(r#""{strangers}""#)), wildcard(strangers));
    }
    for whole in
        ["repo:org/*", "repo:org/app*", "repo:org/*:environment:prod", "repository_owner_id:12:*"]
    {
        assert_eq!(github(&format!(r#""{whole}""#)), wide(whole));
    }
    for fine in ["repo:org/app:*", "repo:org/app:ref:refs/heads/main", "repo:org@1/app@2:*"] {
        assert_eq!(github(&format!(r#""{fine}""#)), None, "{fine}");
    }
    // The values are alternatives: the widest counts.
    assert_eq!(github(r#"["repo:org/app:*","repo:*"]"#), wildcard("repo:*"));
}

// IAM User Guide, "IAM and AWS STS condition context keys", keys of GitHub (January 2026).
#[test]
fn github_claims_besides_the_subject() {
    let aud = r#""@:aud":"sts.amazonaws.com""#;
    let claim = |extra: &str| weakness(GITHUB, &format!(r#"{{"StringEquals":{{{aud},{extra}}}}}"#));
    assert_eq!(claim(r#""@:repository_id":"1234""#), None);
    assert_eq!(claim(r#""@:repository":"org/app""#), None);
    assert_eq!(
        claim(r#""@:job_workflow_ref":"org/app/.github/workflows/w.yml@main""#),
        Some(OidcWeakness::NoSubject)
    );
    assert_eq!(claim(r#""@:actor":"alice""#), Some(OidcWeakness::NoSubject));
    // Two conditions on the tenant: the better one counts.
    let both = format!(
        r#"{{"StringEquals":{{{aud},"@:repository_id":"1234"}},"StringLike":{{"@:sub":"repo:*"}}}}"#
    );
    assert_eq!(weakness(GITHUB, &both), None);
}

#[test]
fn missing_or_evaded_subject_and_audience() {
    assert_eq!(weakness(GITHUB, "{}"), Some(OidcWeakness::NoSubject));
    assert_eq!(
        weakness(GITHUB, r#"{"StringEquals":{"@:aud":"sts.amazonaws.com"}}"#),
        Some(OidcWeakness::NoSubject)
    );
    assert_eq!(
        weakness(
            GITHUB,
            r#"{"StringEquals":{"@:aud":"sts.amazonaws.com"},"StringLikeIfExists":{"@:sub":"repo:org/app:*"}}"#
        ),
        Some(OidcWeakness::NoSubject)
    );
    // The subject of another issuer says nothing about this one.
    assert_eq!(
        weakness(GITHUB, r#"{"StringEquals":{"gitlab.com:sub":"repo:org/app:x"}}"#),
        Some(OidcWeakness::NoSubject)
    );
    let sub = r#"{"StringEquals":{"@:sub":"repo:org/app:environment:prod"}}"#;
    assert_eq!(weakness(GITHUB, sub), Some(OidcWeakness::NoAudience));
}

// GitLab Docs, "Configure OpenID Connect in AWS"; HCP Terraform, "Dynamic credentials with the AWS
// provider"; CircleCI, "OpenID Connect tokens in jobs".
#[test]
fn other_build_services() {
    let like = |issuer: &str, sub: &str| {
        weakness(
            issuer,
            &format!(r#"{{"StringEquals":{{"@:aud":"x"}},"StringLike":{{"@:sub":"{sub}"}}}}"#),
        )
    };
    assert_eq!(like("gitlab.com", "project_path:*"), wildcard("project_path:*"));
    assert_eq!(like("gitlab.com", "project_path:group/*"), wide("project_path:group/*"));
    assert_eq!(like("gitlab.com", "project_path:group/app:ref_type:branch:ref:*"), None);
    let terraform = "app.terraform.io";
    assert_eq!(
        like(terraform, "organization:*:workspace:x"),
        wildcard("organization:*:workspace:x")
    );
    assert_eq!(like(terraform, "organization:org*"), wildcard("organization:org*"));
    assert_eq!(like(terraform, "organization:org:*"), wide("organization:org:*"));
    assert_eq!(like(terraform, "organization:org:project:p:workspace:*"), None);
    let circle = "oidc.circleci.com/org/1234";
    assert_eq!(like(circle, "org/1234/project/*"), None);
    assert_eq!(like(circle, "*"), wildcard("*"));
}

// Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts".
#[test]
fn cluster_subjects() {
    let eks = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    assert!(!known_issuer(eks).unwrap().is_shared);
    let like = |sub: &str| {
        weakness(
            eks,
            &format!(r#"{{"StringLike":{{"@:aud":"sts.amazonaws.com","@:sub":"{sub}"}}}}"#),
        )
    };
    assert_eq!(like("system:serviceaccount:prod:app"), None);
    assert_eq!(like("system:serviceaccount:prod:*"), wide("system:serviceaccount:prod:*"));
    assert_eq!(like("system:serviceaccount:*:*"), wildcard("system:serviceaccount:*:*"));
    assert_eq!(weakness(eks, "{}"), Some(OidcWeakness::NoSubject));
}

// Amazon Cognito Developer Guide, "IAM roles" (role trust and permissions); IAM User Guide, "IAM and
// AWS STS condition context keys".
#[test]
fn issuers_that_aws_knows_by_itself() {
    let cognito = "cognito-identity.amazonaws.com";
    assert_eq!(
        weakness(cognito, r#"{"ForAnyValue:StringLike":{"@:amr":"authenticated"}}"#),
        Some(OidcWeakness::NoAudience)
    );
    assert_eq!(
        weakness(cognito, r#"{"StringLike":{"@:aud":"eu-west-1:*"}}"#),
        Some(OidcWeakness::NoAudience)
    );
    assert_eq!(weakness(cognito, r#"{"StringEquals":{"@:aud":"eu-west-1:12345678"}}"#), None);
    let google = "accounts.google.com";
    assert_eq!(
        weakness(google, r#"{"StringEquals":{"@:oaud":"x"}}"#),
        Some(OidcWeakness::NoSubject)
    );
    assert_eq!(weakness(google, r#"{"StringEquals":{"@:aud":"1034567890"}}"#), None);
    assert!(known_issuer("https://accounts.google.com/").unwrap().is_shared);
    assert_eq!(known_issuer("idp.example.com"), None);
    assert_eq!(known_issuer("gitlab.com.example.com"), None);
}

#[test]
fn a_tenant_claim_is_a_condition_that_narrows() {
    let principal =
        format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}}"#);
    let judge = |claim: &str, value: &str| {
        narrow(&principal, &format!(r#"{{"StringLike":{{"{GITHUB}:{claim}":"{value}"}}}}"#))
    };
    assert_eq!(judge("sub", "repo:org/*"), Narrowing::Effective);
    assert_eq!(judge("sub", "repo:*"), Narrowing::None);
    assert_eq!(judge("aud", "sts.amazonaws.com"), Narrowing::None);
    assert_eq!(judge("environment", "prod"), Narrowing::Weak);
}

#[test]
fn comparing_shows_what_was_gained() {
    let role = r#""sts:AssumeRole""#;
    let old = trust_policy(r#"{"AWS":"111122223333"}"#, role, "{}");
    let rewritten = trust_policy(
        r#"{"AWS":["arn:aws:iam::111122223333:root"]}"#,
        r#"["STS:AssumeRole"]"#,
        "{}",
    );
    assert_eq!(compare_trust(Some(&old), &rewritten), []);
    let added = trust_policy(r#"{"AWS":["111122223333","444455556666"]}"#, role, "{}");
    let gained = compare_trust(Some(&old), &added);
    assert_eq!(gained.len(), 1);
    assert_eq!(gained[0].who, Who::Account(account("444455556666")));
    assert_eq!(compare_trust(None, &added).len(), 2);
    // A role of an account that was trusted already is still a new name.
    let named = trust_policy(r#"{"AWS":"arn:aws:iam::111122223333:role/x"}"#, role, "{}");
    assert_eq!(compare_trust(Some(&old), &named).len(), 1);
}

#[test]
fn a_removed_condition_or_added_action_is_a_gain() {
    let everyone = r#""*""#;
    let locked = trust_policy(
        everyone,
        r#""sts:AssumeRole""#,
        r#"{"StringEquals":{"sts:ExternalId":["a","b"]}}"#,
    );
    let narrower = trust_policy(
        everyone,
        r#""sts:AssumeRole""#,
        r#"{"StringEquals":{"sts:ExternalId":"a","aws:PrincipalOrgID":"o-a"}}"#,
    );
    let open = trust_policy(everyone, r#""sts:*""#, "{}");
    assert_eq!(compare_trust(Some(&locked), &narrower), []);
    assert_eq!(compare_trust(Some(&narrower), &locked).len(), 1);
    assert_eq!(compare_trust(Some(&locked), &open)[0].actions, ASSUMING_ACTIONS);
    let plain = trust_policy(everyone, r#""sts:AssumeRole""#, "{}");
    assert_eq!(compare_trust(Some(&plain), &open)[0].actions, ASSUMING_ACTIONS[1..]);
}

/// Only whoever could not enter before, or not then, gains: IAM User Guide, "Create a role for OpenID
/// Connect federation (console)", "Access to AWS accounts owned by third parties".
#[test]
fn conditions_are_compared_by_what_they_let_in() {
    let provider = format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}}"#);
    let of = |operator: &str, sub: &str| {
        let condition = format!(r#"{{"{operator}":{{"{GITHUB}:sub":"{sub}"}}}}"#);
        trust_policy(&provider, r#""sts:AssumeRoleWithWebIdentity""#, &condition)
    };
    let (any, one) = (of("StringLike", "repo:*"), of("StringEquals", "repo:me/app:ref:x"));
    assert_eq!(compare_trust(Some(&any), &one), []);
    let wider = gained(Some(&one), &any, None);
    assert_eq!((wider.len(), wider[0].instead_of.clone()), (1, grants(&one)));
    // Neither lets in all that the other does.
    let other = of("StringEquals", "repo:me/other:ref:x");
    let moved = gained(Some(&one), &other, None);
    assert_eq!((moved.len(), moved[0].instead_of.clone()), (1, vec![]));
    // Everyone of an organization, and one account of it.
    let organization = r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#;
    let everyone = trust_policy(r#"{"AWS":"*"}"#, r#""sts:AssumeRole""#, organization);
    let account = trust_policy(r#"{"AWS":"111122223333"}"#, r#""sts:AssumeRole""#, organization);
    assert_eq!(compare_trust(Some(&everyone), &account), []);
    let opened = gained(Some(&account), &everyone, None);
    assert_eq!((opened.len(), opened[0].instead_of.clone()), (1, grants(&account)));
}

/// IAM User Guide, "AWS global condition context keys" (`aws:PrincipalAccount`, `aws:PrincipalOrgID`).
#[test]
fn what_let_in_others_too_is_told_of_whoever_is_named() {
    let role = r#""sts:AssumeRole""#;
    let everyone = |condition: &str| trust_policy(r#"{"AWS":"*"}"#, role, condition);
    let named = trust_policy(r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#, role, "{}");
    let organization = r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#;
    let of = trust_policy(r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#, role, organization);
    let gains = gained(Some(&everyone(organization)), &named, None);
    assert_eq!((gains.len(), gains[0].instead_of.clone()), (1, grants(&of)));
    // What is known of him by his name needs no asking.
    for asked in [
        r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/*"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalAccount":"444455556666"}}"#,
    ] {
        assert_eq!(gained(Some(&everyone(asked)), &named, None), [], "{asked}");
    }
    for asked in [
        r#"{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#,
        r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/carl"}}"#,
    ] {
        let gains = gained(Some(&everyone(asked)), &named, None);
        assert_eq!((gains.len(), gains[0].instead_of.clone()), (1, vec![]), "{asked}");
    }
    // The same where a condition names him.
    let by_arn = r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/bob"}}"#;
    let gains = gained(Some(&everyone(organization)), &everyone(by_arn), None);
    let keys: Vec<&str> =
        gains[0].instead_of[0].conditions.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["aws:PrincipalArn", "aws:PrincipalOrgID"]);
    let account = r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#;
    let wider = gained(Some(&everyone(by_arn)), &everyone(account), None);
    assert_eq!(wider[0].instead_of, grants(&everyone(by_arn)));
}

/// IAM User Guide, "AWS JSON policy elements: Principal" (role session principals), and "Permissions
/// boundaries for IAM entities" (resource-based policies that name a role or a session of it).
#[test]
fn one_session_is_a_part_of_its_role() {
    let assume = r#""sts:AssumeRole""#;
    let of = |arn: &str| trust_policy(&format!(r#"{{"AWS":"{arn}"}}"#), assume, "{}");
    let role = of("arn:aws:iam::444455556666:role/path/ci");
    let session = of("arn:aws:sts::444455556666:assumed-role/ci/deploy");
    let home = AccountId::parse("111122223333");
    assert_eq!(gained(Some(&role), &session, home), []);
    let own = AccountId::parse("444455556666");
    assert_eq!(gained(Some(&role), &session, own).len(), 1);
    let whole = gained(Some(&session), &role, home);
    assert_eq!((whole.len(), whole[0].instead_of.clone()), (1, grants(&session)));
    for other in [
        "arn:aws:iam::444455556666:role/cd",
        "arn:aws:iam::777788889999:role/ci",
        "arn:aws-cn:iam::444455556666:role/ci",
        "arn:aws:iam::444455556666:user/ci",
    ] {
        let other = of(other);
        assert_eq!(gained(Some(&other), &session, home).len(), 1);
        assert_eq!(gained(Some(&session), &other, home)[0].instead_of, []);
    }
    // A condition that the role had to meet is one that its session need not meet now.
    let mfa = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let asked = trust_policy(r#"{"AWS":"arn:aws:iam::444455556666:role/path/ci"}"#, assume, mfa);
    assert_eq!(gained(Some(&asked), &session, home).len(), 1);
    assert_eq!(gained(Some(&session), &asked, home)[0].instead_of, []);
}

/// IAM User Guide, "Cross-account policy evaluation logic".
#[test]
fn naming_one_of_a_trusted_account_is_a_gain_in_the_roles_own_account_only() {
    let role = r#""sts:AssumeRole""#;
    let whole = trust_policy(r#"{"AWS":"111122223333"}"#, role, "{}");
    let one = trust_policy(r#"{"AWS":"arn:aws:iam::111122223333:role/x"}"#, role, "{}");
    let (own, other) = (account("111122223333"), account("444455556666"));
    assert_eq!(gained(Some(&whole), &one, Some(own)).len(), 1);
    assert_eq!(gained(Some(&whole), &one, Some(other)), []);
    let back = gained(Some(&one), &whole, Some(other));
    assert_eq!((back.len(), back[0].instead_of.clone()), (1, grants(&one)));
}

/// IAM User Guide, "Policy evaluation logic": an explicit deny decides.
#[test]
fn a_deny_is_part_of_what_is_compared() {
    let with = |deny: &str| {
        Document::parse(&format!(
            r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole"}}{deny}]}}"#
        ))
        .unwrap()
    };
    let deny = |who: &str, condition: &str| {
        with(&format!(
            r#",{{"Effect":"Deny","Principal":{who},"Action":"sts:*","Condition":{condition}}}"#
        ))
    };
    let elsewhere = r#"{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#;
    let (open, guarded) = (with(""), deny(r#""*""#, elsewhere));
    assert_eq!(compare_trust(Some(&open), &guarded), []);
    assert_eq!(compare_trust(Some(&guarded), &open).len(), 1);
    assert_eq!(compare_trust(Some(&guarded), &guarded), []);
    let shut = deny(r#"{"AWS":"*"}"#, "{}");
    assert_eq!(compare_trust(None, &shut), []);
    assert_eq!(compare_trust(Some(&shut), &open).len(), 1);
    let of_another = deny(r#"{"AWS":"444455556666"}"#, "{}");
    assert_eq!(compare_trust(Some(&of_another), &open), []);
}
