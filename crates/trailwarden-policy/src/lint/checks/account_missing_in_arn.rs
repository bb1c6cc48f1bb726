//! An ARN without the account that such ARNs have.

use crate::lint::arns::{self, Misfit};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "account-missing-in-arn",
    title: "Account missing in an ARN",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "ARNs are compared as text, and those of this type name an account: without one, the ARN matches only what AWS itself owns, if anything; in a Deny, that is a hole.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ARN_ACCOUNT"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1::q""#,
    )
    .at(r#""arn:aws:sqs:eu-west-1::q""#)],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:SendMessage","Resource":["arn:aws:sqs:eu-west-1:*:q","arn:aws:sqs:eu-west-1:111122223333:q"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:eu-west-1::image/ami-1""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        if arns::misfit(&arn) == Some(Misfit::NoAccount) {
            let message = format!("{} names no account", quoted(resource.text));
            found.at(resource.span, view.index, message, "write the account, or `*` for every one");
        }
    }
}
