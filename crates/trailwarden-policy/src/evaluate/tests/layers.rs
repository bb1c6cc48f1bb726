//! Which policies must allow.

use serde_json::{Value, json};

use super::*;

// IAM User Guide, "Policy evaluation logic".
#[test]
fn an_explicit_deny_anywhere_wins() {
    let everyone =
        document(json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" }));
    for (layer, given) in [
        ("identity", json!({ "identityPolicies": [allow_all(), deny("s3:*", "*")] })),
        ("resource", json!({ "identityPolicies": [allow_all()], "resourcePolicy": everyone })),
        (
            "scp",
            json!({ "identityPolicies": [allow_all()], "scps": [[allow_all(), deny("s3:*", "*")]] }),
        ),
        ("rcp", json!({ "identityPolicies": [allow_all()], "rcps": [[], [everyone]] })),
        ("boundary", json!({ "identityPolicies": [allow_all()], "boundary": deny("*", "*") })),
        ("session", json!({ "identityPolicies": [allow_all()], "sessionPolicy": deny("*", "*") })),
        ("endpoint", json!({ "identityPolicies": [allow_all()], "endpointPolicies": [everyone] })),
    ] {
        let decision = decision(given);
        assert_eq!(decision.outcome.name(), "explicit_deny", "{layer}");
        assert_eq!(decision.blocked_by[0].name(), layer);
        assert_eq!(decision.statements[0].layer.name(), layer);
    }
}

// IAM User Guide, "Policy evaluation logic": each of these can turn an allow into an implicit deny.
#[test]
fn every_cap_must_allow() {
    let ec2 = || allow("ec2:*", "*");
    for (layer, given) in [
        ("scp", json!({ "scps": [[allow_all()], [ec2()]] })),
        ("scp", json!({ "scps": [[allow_all()], []] })),
        ("boundary", json!({ "boundary": ec2() })),
        ("session", json!({ "sessionPolicy": ec2() })),
        ("endpoint", json!({ "endpointPolicies": [ec2()] })),
    ] {
        let mut given = given;
        given["identityPolicies"] = json!([allow_all()]);
        assert_eq!(blocked_by(given.clone()), [layer], "{given}");
        assert_eq!(outcome(given), "implicit_deny");
    }
}

// IAM User Guide, "Policy evaluation logic", resource-based policies by kind of principal.
#[test]
fn who_is_named_decides_what_limits() {
    let no = || json!({ "boundary": allow("ec2:*", "*"), "sessionPolicy": allow("ec2:*", "*") });
    let none = || json!({});
    for (principal, named, limits, expected) in [
        (USER, json!({ "AWS": USER }), no(), "allow"),
        (USER, json!("*"), no(), "allow"),
        (USER, json!({ "AWS": ROOT }), none(), "implicit_deny"),
        (SESSION, json!({ "AWS": SESSION }), no(), "allow"),
        (SESSION, json!({ "AWS": ROLE }), no(), "implicit_deny"),
        (SESSION, json!({ "AWS": ROLE }), none(), "allow"),
        (ROLE, json!({ "AWS": ROLE }), no(), "implicit_deny"),
        (ROLE, json!({ "AWS": ROLE }), none(), "allow"),
        (FEDERATED, json!({ "AWS": FEDERATED }), no(), "allow"),
        (FEDERATED, json!({ "AWS": USER }), none(), "implicit_deny"),
        (FEDERATED, json!({ "AWS": USER }), json!({ "sessionPolicy": allow_all() }), "allow"),
        (ROOT, json!({ "AWS": ROOT }), none(), "allow"),
    ] {
        let mut given = limits;
        given["principal"] = json!(principal);
        given["resourcePolicy"] = grant(named);
        assert_eq!(outcome(given.clone()), expected, "{given}");
    }
}

// IAM User Guide, "Cross-account policy evaluation logic".
#[test]
fn across_accounts_both_sides_must_allow() {
    let ask = |identity: Value, named: Value| {
        json!({ "identityPolicies": identity, "resourcePolicy": grant(named),
            "resourceAccount": OTHER_ACCOUNT })
    };
    for named in [json!("*"), json!({ "AWS": USER }), json!({ "AWS": ROOT })] {
        assert_eq!(outcome(ask(json!([allow_all()]), named.clone())), "allow");
        assert_eq!(blocked_by(ask(json!([]), named)), ["identity"]);
    }
    assert_eq!(
        blocked_by(ask(json!([allow_all()]), json!({ "AWS": OTHER_ACCOUNT }))),
        ["resource"]
    );
    let mut capped = ask(json!([allow_all()]), json!({ "AWS": USER }));
    capped["boundary"] = allow("ec2:*", "*");
    assert_eq!(blocked_by(capped), ["boundary"]);
}

// AWS KMS Developer Guide, "Key policies in AWS KMS"; IAM User Guide, "Policy evaluation logic".
#[test]
fn keys_and_roles_must_name_the_caller_or_his_account() {
    for (action, resource) in [
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/target"),
        ("sts:TagSession", "arn:aws:iam::111122223333:role/target"),
    ] {
        let ask = |identity: Value, named: Option<Value>| {
            outcome(json!({ "action": action, "resource": resource, "identityPolicies": identity,
                "resourcePolicy": named.map(grant) }))
        };
        assert_eq!(ask(json!([allow_all()]), None), "implicit_deny");
        assert_eq!(ask(json!([allow_all()]), Some(json!({ "AWS": ROLE }))), "implicit_deny");
        assert_eq!(ask(json!([allow_all()]), Some(json!({ "AWS": "111122223333" }))), "allow");
        assert_eq!(ask(json!([]), Some(json!({ "AWS": "111122223333" }))), "implicit_deny");
        assert_eq!(ask(json!([]), Some(json!({ "AWS": USER }))), "allow");
    }
    // An alias has no policy of its own.
    let alias = json!({ "action": "kms:CreateAlias", "identityPolicies": [allow_all()],
        "resource": "arn:aws:kms:eu-west-1:111122223333:alias/a" });
    assert_eq!(outcome(alias), "allow");
}

// IAM User Guide, "AWS account root user"; AWS STS API Reference, "AssumeRole"; Amazon S3 API
// Reference, "PutBucketPolicy"; AWS Organizations User Guide, "Service control policies".
#[test]
fn a_root_user_has_all_but_what_organizations_take() {
    assert_eq!(outcome(json!({ "principal": ROOT })), "allow");
    assert_eq!(outcome(json!({ "principal": "111122223333" })), "allow");
    assert_eq!(blocked_by(json!({ "principal": ROOT, "scps": [[]] })), ["scp"]);
    let everyone =
        document(json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" }));
    let locked = |action: &str| {
        outcome(json!({ "principal": ROOT, "action": action, "resource": "arn:aws:s3:::bucket",
            "resourcePolicy": everyone }))
    };
    assert_eq!(locked("s3:ListBucket"), "explicit_deny");
    assert_eq!(locked("s3:DeleteBucketPolicy"), "allow");
    let role = json!({ "principal": ROOT, "action": "sts:AssumeRole",
        "resource": "arn:aws:iam::111122223333:role/target", "resourcePolicy": grant(json!("*")) });
    assert_eq!(blocked_by(role), ["aws"]);
}

// AWS Organizations User Guide, "Service control policies" and "Resource control policies": what
// they do not restrict.
#[test]
fn some_are_out_of_reach_of_organization_policies() {
    let linked =
        "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX";
    for exempt in [
        json!({ "managementAccount": true }),
        json!({ "serviceLinkedRole": true }),
        json!({ "principal": linked }),
    ] {
        let mut given = exempt;
        given["identityPolicies"] = json!([allow_all()]);
        given["scps"] = json!([[deny("*", "*")]]);
        assert_eq!(outcome(given.clone()), "allow", "{given}");
    }
    let everyone =
        document(json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" }));
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1";
    for (exempt, expected) in [
        (json!({}), "explicit_deny"),
        (json!({ "action": "ec2:RunInstances", "resource": "*" }), "allow"),
        (json!({ "action": "kms:RetireGrant", "resource": key }), "allow"),
        (json!({ "action": "kms:Decrypt", "resource": key, "awsManagedKey": true }), "allow"),
        (json!({ "resourceInManagementAccount": true }), "allow"),
        // A service that no table knows may have come to support them.
        (json!({ "action": "notyet:DoThing", "resource": "*" }), "unknown"),
    ] {
        let mut given = exempt;
        given["resourcePolicy"] = grant(json!({ "AWS": USER }));
        given["rcps"] = json!([[everyone]]);
        assert_eq!(outcome(given.clone()), expected, "{given}");
    }
}

// IAM User Guide, "Permissions for GetFederationToken".
#[test]
fn a_federated_session_without_a_policy_can_do_nothing_by_itself() {
    let given = |session: Value| json!({ "principal": FEDERATED, "identityPolicies": [allow_all()], "sessionPolicy": session });
    assert_eq!(blocked_by(given(json!(null))), ["session"]);
    assert_eq!(outcome(given(allow("s3:*", "*"))), "allow");
}

// IAM User Guide, "AWS JSON policy elements: Principal": all principals, services.
#[test]
fn who_has_no_account_is_admitted_by_the_resource_alone() {
    let service = "lambda.amazonaws.com";
    for (principal, named, expected) in [
        ("anonymous", json!("*"), "allow"),
        ("anonymous", json!({ "AWS": "*" }), "allow"),
        ("anonymous", json!({ "AWS": USER }), "implicit_deny"),
        (service, json!({ "Service": service }), "allow"),
        (service, json!({ "Service": "ec2.amazonaws.com" }), "implicit_deny"),
        (service, json!({ "AWS": ROOT }), "implicit_deny"),
        ("accounts.google.com", json!({ "Federated": "accounts.google.com" }), "allow"),
        ("accounts.google.com", json!({ "Federated": "www.amazon.com" }), "implicit_deny"),
    ] {
        // What is said about an account does not concern them.
        let given = json!({ "principal": principal, "resourcePolicy": grant(named),
            "resourceAccount": "111122223333", "identityPolicies": [deny("*", "*")], "scps": [[]] });
        assert_eq!(outcome(given.clone()), expected, "{given}");
    }
}

// IAM User Guide, "AWS JSON policy elements: NotPrincipal" and "Permissions boundaries for IAM
// entities".
#[test]
fn a_deny_spares_only_who_is_listed_at_every_level() {
    let ask = |principal: &str, listed: &[&str], boundary: Value| {
        let statement = json!({ "Effect": "Deny", "NotPrincipal": { "AWS": listed }, "Action": "*",
            "Resource": "*" });
        outcome(json!({ "principal": principal, "identityPolicies": [allow_all()],
            "sessionPolicy": allow_all(), "resourcePolicy": document(statement), "boundary": boundary }))
    };
    let none = json!(null);
    assert_eq!(ask(USER, &[USER, ROOT], none.clone()), "allow");
    assert_eq!(ask(SESSION, &[SESSION, ROLE, "111122223333"], none.clone()), "allow");
    assert_eq!(ask(FEDERATED, &[FEDERATED, ROOT], none.clone()), "allow");
    // What AWS "might" validate is not known.
    assert_eq!(ask(USER, &[USER], none.clone()), "unknown");
    assert_eq!(ask(FEDERATED, &[FEDERATED], none.clone()), "unknown");
    assert_eq!(ask(SESSION, &[ROLE, ROOT], none.clone()), "unknown");
    assert_eq!(ask(SESSION, &[SESSION, ROOT], none.clone()), "unknown");
    assert_eq!(ask(ROLE, &[ROLE, ROOT], none.clone()), "unknown");
    // It may be the session that is listed.
    assert_eq!(ask(ROLE, &[SESSION, ROOT], none.clone()), "unknown");
    assert_eq!(
        ask("arn:aws:iam::111122223333:role/web", &[SESSION, ROOT], none.clone()),
        "explicit_deny"
    );
    for principal in [USER, SESSION, FEDERATED, ROLE] {
        assert_eq!(ask(principal, &[ROOT], none.clone()), "explicit_deny");
    }
    assert_eq!(ask(USER, &[USER, ROOT], allow_all()), "explicit_deny");
    assert_eq!(ask(SESSION, &[ROLE, ROOT], allow_all()), "explicit_deny");
}

#[test]
fn an_allow_with_not_principal_admits_everyone_else() {
    let asks = |principal: &str, listed: &str| {
        let statement = json!({ "Effect": "Allow", "NotPrincipal": { "AWS": listed }, "Action": "*",
            "Resource": "*" });
        outcome(json!({ "principal": principal, "resourcePolicy": document(statement) }))
    };
    assert_eq!(asks(USER, USER), "implicit_deny");
    assert_eq!(asks(USER, ROOT), "implicit_deny");
    assert_eq!(asks(USER, ROLE), "allow");
    assert_eq!(asks("anonymous", USER), "allow");
}

// AWS STS API Reference, "GetCallerIdentity".
#[test]
fn nobody_can_be_kept_from_asking_who_he_is() {
    let ask = |principal: &str| {
        outcome(json!({ "principal": principal, "action": "STS:getcalleridentity", "resource": "*",
            "identityPolicies": [deny("*", "*")], "scps": [[]] }))
    };
    assert_eq!(ask(SESSION), "allow");
    assert_eq!(ask("anonymous"), "implicit_deny");
}

// IAM User Guide, "Managed policies and inline policies" and "Service-linked roles".
#[test]
fn what_belongs_to_aws_is_not_changed() {
    for (action, resource, expected) in [
        ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess", "implicit_deny"),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "allow"),
        (
            "iam:putrolepolicy",
            "arn:aws-cn:iam::111122223333:role/aws-service-role/x/Y",
            "implicit_deny",
        ),
        (
            "iam:UpdateRoleDescription",
            "arn:aws:iam::111122223333:role/aws-service-role/x/Y",
            "allow",
        ),
        ("iam:TagRole", "arn:aws:iam::111122223333:role/aws-reserved/sso/Y", "implicit_deny"),
        ("iam:ListRolePolicies", "arn:aws:iam::111122223333:role/aws-reserved/sso/Y", "allow"),
        ("iam:TagRole", "arn:aws:iam::111122223333:role/mine", "allow"),
    ] {
        let given =
            json!({ "action": action, "resource": resource, "identityPolicies": [allow_all()] });
        assert_eq!(outcome(given.clone()), expected, "{action} {resource}");
        let by_aws = blocked_by(given) == ["aws"];
        assert_eq!(by_aws, expected == "implicit_deny");
    }
}

// IAM User Guide, "IAM identifiers"; AWS Fault Isolation Boundaries, "Partitions".
#[test]
fn partitions_are_apart() {
    let cn = "arn:aws-cn:iam::111122223333:user/bob";
    for named in [cn, "arn:aws-cn:iam::111122223333:root"] {
        let given =
            json!({ "identityPolicies": [], "resourcePolicy": grant(json!({ "AWS": named })) });
        assert_eq!(outcome(given), "implicit_deny");
    }
    let ask = |resource: &str| {
        json!({ "principal": cn, "resource": resource, "identityPolicies": [allow_all()],
            "resourcePolicy": grant(json!({ "AWS": cn })) })
    };
    assert_eq!(outcome(ask("arn:aws-cn:s3:::bucket/key")), "allow");
    assert_eq!(outcome(ask(OBJECT)), "implicit_deny");
    assert_eq!(blocked_by(ask(OBJECT)), ["aws"]);
}

// IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
#[test]
fn a_role_is_passed_within_its_account_only() {
    let ask = |account: &str| {
        json!({ "action": "iam:PassRole", "resource": format!("arn:aws:iam::{account}:role/app"),
            "identityPolicies": [allow_all()], "resourcePolicy": grant(json!("*")) })
    };
    assert_eq!(outcome(ask("111122223333")), "allow");
    assert_eq!(outcome(ask(OTHER_ACCOUNT)), "implicit_deny");
    assert_eq!(blocked_by(ask(OTHER_ACCOUNT)), ["aws"]);
}

// IAM User Guide, "Policy evaluation logic"; AWS KMS Developer Guide, "AWS KMS permissions".
#[test]
fn trust_and_key_policies_speak_whatever_names_the_resource() {
    let ask = |action: &str, resource: &str, policy: Value| {
        json!({ "action": action, "resource": resource, "identityPolicies": [allow_all()],
            "resourcePolicy": policy })
    };
    let alias = "arn:aws:kms:eu-west-1:111122223333:alias/x";
    for (action, resource) in [
        ("STS:assumerole", "*"),
        ("sts:AssumeRoleWithSAML", "arn:aws:iam::111122223333:saml-provider/x"),
        ("KMS:decrypt", "*"),
        ("kms:Decrypt", alias),
        ("kms:ScheduleKeyDeletion", alias),
    ] {
        let none = ask(action, resource, json!(null));
        assert_eq!(outcome(none.clone()), "implicit_deny", "{action} {resource}");
        assert_eq!(blocked_by(none), ["resource"], "{action} {resource}");
        assert_eq!(outcome(ask(action, resource, grant(json!({ "AWS": ROOT })))), "allow");
    }
    for (action, resource) in
        [("kms:CreateKey", "*"), ("kms:ListAliases", "*"), ("kms:UpdateAlias", alias)]
    {
        assert_eq!(outcome(ask(action, resource, json!(null))), "allow", "{action}");
    }
    // An action that the table does not have may be about a key or not.
    assert_eq!(outcome(ask("kms:NotYetThere", "*", json!(null))), "unknown");
    assert_eq!(outcome(ask("kms:NotYetThere", "*", grant(json!({ "AWS": ROOT })))), "allow");
}

// IAM User Guide, "Permissions for GetSessionToken"; AWS STS API Reference, `GetSessionToken`.
#[test]
fn a_session_token_takes_a_long_term_key_and_nothing_else() {
    for (principal, expected) in [
        (USER, "allow"),
        (ROOT, "allow"),
        (SESSION, "implicit_deny"),
        (ROLE, "implicit_deny"),
        (FEDERATED, "implicit_deny"),
        ("anonymous", "implicit_deny"),
    ] {
        let given = json!({ "principal": principal, "action": "sts:GetSessionToken",
            "resource": "*", "identityPolicies": [allow_all()] });
        assert_eq!(outcome(given), expected, "{principal}");
    }
    let given = json!({ "action": "sts:getsessiontoken", "resource": "*",
        "identityPolicies": [deny("*", "*")], "scps": [[]] });
    assert_eq!(outcome(given), "allow");
}

// IAM User Guide, "AWS JSON policy elements: Principal": a deleted principal leaves its unique id.
#[test]
fn an_id_is_compared_with_the_id_of_the_caller() {
    let ask = |principal: &str, id: &str, userid: &str| {
        outcome(json!({ "principal": principal, "resourcePolicy": grant(json!({ "AWS": id })),
            "context": { "aws:userid": userid } }))
    };
    assert_eq!(ask(USER, "AIDAEXAMPLEEXAMPLE1", "AIDAEXAMPLEEXAMPLE1"), "allow");
    assert_eq!(ask(USER, "AIDAEXAMPLEEXAMPLE1", "AIDAEXAMPLEEXAMPLE2"), "implicit_deny");
    assert_eq!(ask(SESSION, "AROAEXAMPLEEXAMPLE1", "AROAEXAMPLEEXAMPLE1:one"), "allow");
}

#[test]
fn patterns_and_groups_are_no_principals() {
    for named in ["arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:group/all", "bob"]
    {
        let given = json!({ "resourcePolicy": grant(json!({ "AWS": named })) });
        assert_eq!(outcome(given), "implicit_deny", "{named}");
    }
}
