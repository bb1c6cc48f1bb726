//! An account in an ARN where such ARNs have none.

use crate::lint::arns::{self, Misfit};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "account-in-arn-without-account",
    title: "Account where the ARN has none",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "ARNs are compared as text, and those of this type leave the account empty: with one, the ARN matches nothing; in a Deny, that is a hole.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "ARN_ACCOUNT_NOT_ALLOWED"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3::111122223333:bucket""#,
    )
    .at(r#""arn:aws:s3::111122223333:bucket""#)],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::bucket","arn:aws:s3::*:bucket"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::111122223333:role/x""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        if arns::misfit(&arn) == Some(Misfit::Account) {
            let message = format!(
                "{} names the account {}, and such ARNs have none",
                quoted(resource.text),
                quoted(arn.account)
            );
            found.at(resource.span, view.index, message, "leave the account empty");
        }
    }
}
