//! What a person reads.

use expect_test::expect;
use serde_json::json;

use super::*;

#[test]
fn an_allow_names_its_statement() {
    let policy = document(json!([
        { "Effect": "Allow", "Action": "ec2:*", "Resource": "*" },
        { "Sid": "Read\u{1b}[31m", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" },
    ]));
    expect![[r"
        Allowed.
        Allowed by statement 2 `Read\u{1b}[31m` of identity policy `identity[0]`."]]
    .assert_eq(&decision(json!({ "identityPolicies": [policy] })).to_string());
}

#[test]
fn a_deny_names_its_statement_and_level() {
    let given = json!({ "identityPolicies": [allow_all()],
        "scps": [[allow_all()], [allow_all(), deny("s3:*", "*")]] });
    expect![[r"
        Denied: a statement says no.
        Denied by statement 1 of scp policy `scp[1][1]` (level 2).
        It would be allowed by statement 1 of identity policy `identity[0]`."]]
    .assert_eq(&decision(given).to_string());
}

#[test]
fn an_implicit_deny_names_what_is_missing() {
    let given = json!({ "identityPolicies": [], "resourcePolicy": grant(json!({ "AWS": ROLE })),
        "boundary": allow("ec2:*", "*") });
    expect![[r"
        Denied: nothing that is needed says yes.
        No statement allows it in the resource policy.
        No statement allows it in the identity policies.
        No statement allows it in the permissions boundary."]]
    .assert_eq(&decision(given).to_string());
}

#[test]
fn a_cap_without_allow_names_its_level() {
    let given = json!({ "identityPolicies": [allow_all()], "scps": [[allow_all()], []] });
    expect![[r"
        Denied: nothing that is needed says yes.
        No statement allows it in the service control policies of level 2 (the root is level 1).
        It would be allowed by statement 1 of identity policy `identity[0]`."]]
    .assert_eq(&decision(given).to_string());
}

#[test]
fn an_unknown_names_the_keys() {
    let policy = document(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } } }));
    let given = json!({ "identityPolicies": [policy], "contextComplete": false });
    expect![[r"
        Not known.
        May be allowed by statement 1 of identity policy `identity[0]`.
        The value of `aws:multifactorauthpresent` is not known."]]
    .assert_eq(&decision(given).to_string());
}
