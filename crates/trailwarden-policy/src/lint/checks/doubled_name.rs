//! A name that stands twice in one object, in any case.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "doubled-name",
    title: "Name stands twice",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Readers of JSON keep one of two members with the same name, and not all keep the same one; AWS does not tell apart names of conditions by case. Part of the policy may not mean what it seems to.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
Example::identity(r#""Effect":"Allow","Action":"s3:Get*","Action":"s3:Put*","Resource":"*""#).at(r#""Action""#),
Example::identity(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","AWS:principaltag/A":"2"}}"#).at(r#""AWS:principaltag/A""#),
Example::identity(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true"},"Bool":{"c:d":"true"}}"#).at(r#""Bool""#),
    ],
    quiet_on: &[
Example::identity(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":"1"},"StringLike":{"aws:PrincipalTag/a":"1"}}"#),Example::identity(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::Twice(_)));
}
