//! A Boolean condition with more than one value.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "several-booleans",
    title: "Several Booleans",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A Boolean key has one of two values: a second one in the list either repeats the first or makes the condition hold for every request that has the key.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_CONDITION_MULTIPLE_BOOLEAN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["true","false"]}}"#).at(r#"["true","false"]"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":["true","true"]}}"#).at(r#"["true","true"]"#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["true"]},"StringEquals":{"aws:username":["true","false"]}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let is_boolean = matches!(condition.operator.base.as_str(), "bool" | "null");
        if is_boolean && condition.condition.values.len() > 1 {
            let message =
                format!("{} is compared with several Booleans", quoted(&condition.condition.key));
            let fix = "keep the value that is meant";
            found.at(condition.places.value, view.index, message, fix);
        }
    }
}
