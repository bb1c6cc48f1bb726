//! A statement with both `Action` and `NotAction`, or the like.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "element-with-its-opposite",
    title: "Element together with its opposite",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "An element and its `Not` form exclude each other; AWS refuses a statement with both.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_ELEMENT_COMBINATION"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
Example::identity(r#""Effect":"Allow","Action":"s3:*","NotAction":"s3:Put*","Resource":"*""#).at(r#""NotAction""#),
Example::identity(r#""Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":"arn:aws:s3:::b""#).at(r#""NotResource""#),
Example::resource(r#""Effect":"Deny","Principal":"*","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#).at(r#""NotPrincipal""#),
    ],
    quiet_on: &[
Example::identity(r#""Effect":"Deny","NotAction":"s3:*","NotResource":"arn:aws:s3:::b""#),Example::identity(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::Both(_)));
}
