//! Ways that a plan seems to open or close.

use serde_json::{Value, json};

use super::account::{Account, allow, arn, plan};

/// A document that allows everything with a second factor.
fn all_with_mfa() -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*",
        "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]})
}

/// An account with one user more, who holds these inline policies.
fn with_dave(policies: &Value) -> Account {
    Account::with_user("dave", policies)
}

/// IAM User Guide, "Policy evaluation logic": who loses a grant can do nothing that he could not do before.
#[test]
fn who_only_loses_is_given_no_way() {
    for action in [
        "iam:AttachUserPolicy",
        "iam:CreateAccessKey",
        "iam:UpdateAssumeRolePolicy",
        "iam:PutRolePolicy",
        "iam:AddUserToGroup",
        "sts:AssumeRole",
        "iam:*",
    ] {
        let account = with_dave(&json!([
            {"PolicyName": "mfa", "PolicyDocument": all_with_mfa()},
            {"PolicyName": "own", "PolicyDocument":
                serde_json::from_str::<Value>(&allow(action)).unwrap()},
        ]));
        let gone = json!({"UserName": "dave", "PolicyName": "mfa"});
        let told = account.foresee(&plan(&[("iam:DeleteUserPolicy", gone)]));
        assert!(!told.principals.is_empty() || action == "iam:*", "{action}");
        assert_eq!(told.paths_opened, [], "{action}");
    }
}

/// What a second factor opens still is not closed.
#[test]
fn a_way_that_asks_for_mfa_from_now_on_is_not_closed() {
    let enter = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": "iam:CreateAccessKey", "Resource": arn("user/erin")}]});
    let account = with_dave(&json!([{"PolicyName": "own", "PolicyDocument": enter}]));
    let denied = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]});
    let put =
        json!({"UserName": "dave", "PolicyName": "mfa", "PolicyDocument": denied.to_string()});
    let told = account.foresee(&plan(&[("iam:PutUserPolicy", put)]));
    let lines = told.lines();
    assert!(told.paths_closed.iter().all(|way| way.left.is_some()), "{told:?}");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("Leaves the way of user/dave to user/erin open only if")),
        "{lines:?}"
    );
    assert!(!lines.iter().any(|line| line.starts_with("Closes")), "{lines:?}");
    // Without the grant it is.
    let gone = json!({"UserName": "dave", "PolicyName": "own"});
    let lines = account.foresee(&plan(&[("iam:DeleteUserPolicy", gone)])).lines();
    assert!(lines.contains(&"Closes the way of user/dave to user/erin".to_owned()), "{lines:?}");
}
