//! An account in an ARN that is not twelve digits.

use crate::lint::arns;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "account-id-of-wrong-form",
    title: "Account id of the wrong form",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "An account id has twelve digits. An ARN with another one belongs to nobody and matches nothing; in a Deny, that is a hole.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ARN_ACCOUNT"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:us-east-1:11112222333:q""#,
        )
        .at(r#""arn:aws:sqs:us-east-1:11112222333:q""#),
        Example::identity(
            r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::1111-2222-3333:role/x""#,
        )
        .at(r#""arn:aws:iam::1111-2222-3333:role/x""#),
    ],
    quiet_on: &[Example::identity(
        r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::111122223333:role/x","arn:aws:iam::1111*:role/x","arn:aws:iam::aws:policy/x","arn:aws:iam::${aws:PrincipalAccount}:role/x","arn:aws:s3:::b"]"#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        let account = arn.account;
        if can_be_account(account) || arns::is_word_for_account(arn.service, account) {
            continue;
        }
        let message = format!("{} is no account id", quoted(account));
        found.at(resource.span, view.index, message, "write its twelve digits, without hyphens");
    }
}

fn can_be_account(account: &str) -> bool {
    if account.is_empty() || account.contains("${") {
        return true;
    }
    let is_of_digits = account.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'?'));
    let at_least = account.bytes().filter(|b| *b != b'*').count();
    is_of_digits && if account.contains('*') { at_least <= 12 } else { at_least == 12 }
}
