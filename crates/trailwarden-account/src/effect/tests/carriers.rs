//! Instance profiles, identity providers and services that come in.

use super::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn with_profile(service: &str) -> Trail {
    let mut trail = Trail::new();
    trail.role("app", &trusting(json!({"Service": service})));
    trail.iam("AttachRolePolicy", json!({"roleName": "app", "policyArn": ADMIN}));
    trail.iam("CreateInstanceProfile", json!({"instanceProfileName": "web"}));
    trail
}

fn held() -> Value {
    json!({"instanceProfileName": "web", "roleName": "app"})
}

/// IAM User Guide, "Use an IAM role to grant permissions to applications running on Amazon EC2
/// instances": the role has to trust EC2.
#[test]
fn a_profile_gives_machines_only_a_role_that_trusts_ec2() {
    let mut trail = with_profile("lambda.amazonaws.com");
    let idle = trail.iam("AddRoleToInstanceProfile", held());
    assert_eq!(idle.sentence(), "role app does not trust EC2, so no machine can act as it");
    assert_eq!(idle.verdict(), Verdict::Nothing);
    for service in ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] {
        let mut trail = with_profile(service);
        let held = trail.iam("AddRoleToInstanceProfile", held());
        assert_eq!(held.sentence(), "machines with profile web act as role app (admin)");
        assert_eq!(held.verdict(), Verdict::Entry);
    }
    let mut trail = with_profile("ec2.amazonaws.com");
    let never = json!({"instanceProfileName": "web", "roleName": "never"});
    let unknown = trail.iam("AddRoleToInstanceProfile", never);
    assert!(unknown.unknowns.contains(&"whether role/never trusts EC2".to_owned()));
}

#[test]
fn a_role_taken_out_of_a_profile_is_less() {
    let mut trail = with_profile("ec2.amazonaws.com");
    trail.iam("AddRoleToInstanceProfile", held());
    let out = trail.iam("RemoveRoleFromInstanceProfile", held());
    assert_eq!(out.sentence(), "machines with profile web no longer act as role app (admin)");
    assert!(out.is_narrowing());
}

fn federated() -> Trail {
    let mut trail = Trail::new();
    let saml = json!({"name": "idp", "sAMLMetadataDocument": "<one/>"});
    let reply = json!({"sAMLProviderArn": arn("saml-provider/idp")});
    trail.call("iam", "CreateSAMLProvider", saml, reply, Value::Null);
    let trust = policy_of(json!([{"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
        "Principal": {"Federated": arn("saml-provider/idp")}}]));
    trail.role("fed", &serde_json::from_str(&trust).unwrap());
    trail.iam("AttachRolePolicy", json!({"roleName": "fed", "policyArn": ADMIN}));
    trail
}

/// IAM API Reference, `UpdateSAMLProvider`: whoever holds the new keys signs people in.
#[test]
fn new_metadata_vouches_for_others() {
    let mut trail = federated();
    let other =
        json!({"sAMLProviderArn": arn("saml-provider/idp"), "sAMLMetadataDocument": "<two/>"});
    let update = trail.iam("UpdateSAMLProvider", other.clone());
    assert_eq!(
        update.sentence(),
        "what proves sign-ins of provider idp was replaced: whoever the new metadata of idp vouches \
         for may now enter role fed (admin)"
    );
    assert_eq!(update.severity(), Some(Severity::Critical));
    assert_eq!(trail.iam("UpdateSAMLProvider", other).severity(), None, "the same text again");
}

/// IAM User Guide, "Delete an IAM SAML identity provider": roles that name it stay, and let nobody in.
#[test]
fn nobody_comes_in_by_a_provider_that_was_deleted() {
    let mut trail = federated();
    let gone =
        trail.iam("DeleteSAMLProvider", json!({"sAMLProviderArn": arn("saml-provider/idp")}));
    assert_eq!(gone.sentence(), "people of idp may no longer enter role fed");
    trail.iam("DetachRolePolicy", json!({"roleName": "fed", "policyArn": ADMIN}));
    let again = trail.iam("AttachRolePolicy", json!({"roleName": "fed", "policyArn": ADMIN}));
    assert!(!again.sentence().contains("may enter it"), "{}", again.sentence());
    let graph = crate::graph::Graph::of(World::of(&trail.models));
    let doubts: Vec<&String> = graph.edges().flat_map(|edge| edge.certainty.reasons()).collect();
    assert!(
        doubts.iter().any(|doubt| *doubt == "provider idp, which was deleted, is made again"),
        "{doubts:?}"
    );
}

/// A service in the place of another is named.
#[test]
fn a_service_that_replaces_another_is_named() {
    let mut trail = with_profile("ec2.amazonaws.com");
    let trust = trusting(json!({"Service": "lambda.amazonaws.com"})).to_string();
    let other = json!({"roleName": "app", "policyDocument": trust});
    assert_eq!(
        trail.iam("UpdateAssumeRolePolicy", other).sentence(),
        "service ec2.amazonaws.com may no longer enter role app; service lambda.amazonaws.com may now"
    );
}

/// A role that refuses the tokens of a client lets nobody in when that client comes.
#[test]
fn a_client_that_a_role_refuses_opens_nothing() {
    let issuer = arn("oidc-provider/token.example");
    let trust = |operator: &str| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Federated": issuer}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {operator: {"token.example:aud": "guest"}}}]})
    };
    let sentence = |operator: &str, client: &str| {
        let mut trail = Trail::new();
        trail.call(
            "iam",
            "CreateOpenIDConnectProvider",
            json!({"url": "https://token.example", "clientIDList": ["first"],
                "thumbprintList": ["1"]}),
            json!({"openIDConnectProviderArn": issuer}),
            Value::Null,
        );
        trail.role("fed", &trust(operator));
        trail.iam("AttachRolePolicy", json!({"roleName": "fed", "policyArn": ADMIN}));
        let add = json!({"openIDConnectProviderArn": issuer, "clientID": client});
        trail.iam("AddClientIDToOpenIDConnectProvider", add).sentence()
    };
    assert!(!sentence("StringNotEquals", "guest").contains("may now enter"));
    assert!(sentence("StringNotEquals", "other").contains("may now enter role fed (admin)"));
    assert!(sentence("StringEquals", "guest").contains("may now enter role fed (admin)"));
    assert!(!sentence("StringEquals", "other").contains("may now enter"));
}
