//! A value that a template leaves open, so that it could not be judged.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "value-not-known",
    title: "Value not known",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "What is not in the file cannot be checked, and silence about it would look like approval.",
    source: "AWS CloudFormation User Guide, \"Intrinsic function reference\"",
    cross: &[],
    run: Run::Document(run),
    fires_on: &[Example::file(
        r#"{"Resources":{"P":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":
            {"Statement":[{"Effect":{"Ref":"Effect"},"Action":"s3:*","Resource":"*"}]}}}}}"#,
    )
    .at(r#"{"Ref":"Effect"}"#)],
    quiet_on: &[
        Example::file(
            r#"{"Resources":{"P":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":
                {"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}}}}}"#,
        ),
        // The sign for open text, written by a stranger, opens nothing.
        Example::identity(
            "\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"\u{fffc}\"",
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.open_values(input.document);
}
