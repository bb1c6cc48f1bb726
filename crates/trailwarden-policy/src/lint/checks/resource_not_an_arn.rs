//! A resource that is neither `*` nor an ARN.

use crate::lint::arns::{self, Form};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "resource-not-an-arn",
    title: "Resource is not an ARN",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "AWS refuses a policy whose resource is neither `*` nor an ARN.",
    source: "IAM User Guide, \"IAM JSON policy elements: Resource\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ARN_PREFIX"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"my-bucket/*""#)
            .at(r#""my-bucket/*""#),
        Example::identity(r#""Effect":"Deny","Action":"s3:*","NotResource":["ARN:aws:s3:::b"]"#)
            .at(r#""ARN:aws:s3:::b""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::my-bucket/*","*"]"#,
        ),
        // API Gateway fills in the rest when the policy is stored.
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/prod/GET/pets""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources().filter(|part| arns::form(part.text) == Form::NotArn) {
        // Source: API Gateway Developer Guide, "API Gateway resource policy examples".
        if input.kind == PolicyKind::Resource && resource.text.starts_with("execute-api:/") {
            continue;
        }
        let message = format!("{} is neither `*` nor an ARN", quoted(resource.text));
        let fix = "write `arn:partition:service:region:account:resource`";
        found.at(resource.span, view.index, message, fix);
    }
}
