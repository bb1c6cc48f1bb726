//! A global key that AWS has replaced.

use crate::lint::conditions::{DEPRECATED, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "deprecated-condition-key",
    title: "Deprecated condition key",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS no longer supports `aws:ARN` and calls `aws:SourceOwner` deprecated; newer services do not send them.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "DEPRECATED_GLOBAL_CONDITION_KEY"), (Tool::AccessAnalyzer, "UNSUPPORTED_GLOBAL_CONDITION_KEY")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:ARN":"arn:aws:iam::111122223333:role/x"}}"#).at(r#""aws:ARN""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}"#).at(r#""AWS:SourceOwner""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"},"StringEquals":{"aws:SourceAccount":"111122223333"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = &condition.condition.key;
        if !is_one_of(key, DEPRECATED) {
            continue;
        }
        let (severity, fix) = if condition.is_key("aws:SourceOwner") {
            (Severity::Info, "use `aws:SourceAccount`, or `aws:SourceArn`")
        } else {
            (
                Severity::Medium,
                "use `aws:PrincipalArn` for the caller, `aws:SourceArn` for the calling resource",
            )
        };
        let message = format!("{} is deprecated", quoted(key));
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
}
