//! `Null` made to ask whether a key exists, if it exists.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "null-with-if-exists",
    title: "Null with IfExists",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "`Null` asks whether a key is there, so `IfExists` beside it has no meaning; `NullIfExists` is no operator.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[(Tool::AccessAnalyzer, "NULL_WITH_IF_EXISTS")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NullIfExists":{"aws:TokenIssueTime":"true"}}"#).at(r#""NullIfExists""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"},"StringEqualsIfExists":{"aws:SourceVpc":"vpc-12345678"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        if condition.operator.base == "null" && condition.operator.if_exists {
            let message =
                format!("{} cannot be asked of a key", quoted(&condition.condition.operator));
            found.at(condition.places.operator, view.index, message, "write `Null`");
        }
    }
}
