//! A policy variable in a place where it is plain text.

use crate::facts::ValueType;
use crate::lint::conditions::{compares, is_known};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "variable-where-none-is-read",
    title: "Variable where none is read",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Variables are filled in within resources and the values of text and ARN conditions; anywhere else `${...}` is text that matches nothing.",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\"",
    cross: &[(Tool::AccessAnalyzer, "VARIABLE_UNSUPPORTED_IN_ELEMENT"), (Tool::AccessAnalyzer, "INVALID_VARIABLE_FOR_OPERATOR")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:${aws:PrincipalTag/verb}Object","Resource":"*""#).at(r#""s3:${aws:PrincipalTag/verb}Object""#),
Example::resource(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/${aws:username}"},"Action":"s3:GetObject","Resource":"*""#).at(r#""arn:aws:iam::111122223333:user/${aws:username}""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":"${aws:PrincipalTag/keys}"}}"#).at(r#""${aws:PrincipalTag/keys}""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:username}"},"ArnLike":{"aws:PrincipalArn":"${aws:PrincipalTag/role}"},"Bool":{"aws:SecureTransport":"true"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    const FIX: &str = "write the value itself";
    for part in view.actions().filter(|part| part.text.contains("${")) {
        let message =
            format!("{} has a variable, which `{}` does not read", quoted(part.text), part.element);
        found.at(part.span, view.index, message, FIX);
    }
    for part in view.principals().filter(|part| part.principal.value.contains("${")) {
        let message = format!(
            "{} has a variable, which `{}` does not read",
            quoted(&part.principal.value),
            part.element
        );
        found.at(part.span, view.index, message, FIX);
    }
    for condition in view.conditions() {
        let compared = compares(&condition.operator);
        // Whether `Bool` reads variables is told both ways.
        let reads = matches!(compared, Some(ValueType::String | ValueType::Arn | ValueType::Bool));
        if reads || !is_known(&condition.operator) {
            continue;
        }
        for (value, span) in condition.values().filter(|(value, _)| value.contains("${")) {
            let operator = quoted(&condition.condition.operator);
            let message =
                format!("{} has a variable, which {operator} does not read", quoted(value));
            found.at(span, view.index, message, FIX);
        }
    }
}
