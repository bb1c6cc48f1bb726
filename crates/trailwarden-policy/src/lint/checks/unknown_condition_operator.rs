//! A condition operator that does not exist.

use crate::lint::conditions::{OPERATORS, is_known};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-condition-operator",
    title: "Unknown condition operator",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy with an operator that it does not know; where such a condition got through, nothing says what it would decide.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_CONDITION_OPERATOR"), (Tool::Parliament, "UNKNOWN_OPERATOR")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqual":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""StringEqual""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValues:StringLike":{"aws:TagKeys":"a"}}"#).at(r#""ForAnyValues:StringLike""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"stringequalsifexists":{"aws:PrincipalOrgID":"o-abcdefghij"},"ForAnyValue:StringLike":{"aws:TagKeys":"a"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NullIfExists":{"aws:PrincipalOrgID":"true"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let mut said = None;
    for condition in view.conditions() {
        // An operator stands once for all its keys.
        if is_known(&condition.operator)
            || said.replace(condition.places.operator) == Some(condition.places.operator)
        {
            continue;
        }
        let name = &condition.condition.operator;
        let bare = name.rsplit(':').next().unwrap_or(name);
        let known = OPERATORS.iter().map(|(known, _)| *known).filter(|_| !found.is_full());
        let fix = match crate::nearest::nearest(bare, known) {
            Some(near) => format!(
                "did you mean `{near}`? A set operator is `ForAllValues:` or `ForAnyValue:`"
            ),
            None => "use an operator such as `StringEquals`, `ArnLike` or `Bool`".to_owned(),
        };
        let message = format!("{} is not a condition operator", quoted(name));
        found.at(condition.places.operator, view.index, message, fix);
    }
}
