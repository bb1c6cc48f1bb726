//! `Null` under `ForAllValues` or `ForAnyValue`.

use crate::lint::conditions::{SetOperator, set_operator};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "null-with-set-operator",
    title: "Null with a set operator",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "With `ForAllValues`, `Null` holds for every request, with `ForAnyValue` for none: the condition does not ask what it seems to.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "NULL_WITH_QUALIFIER")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:Null":{"aws:TagKeys":"false"}}"#).at(r#""ForAllValues:Null""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:Null":{"aws:TagKeys":"true"}}"#).at(r#""ForAnyValue:Null""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:TagKeys":"false"},"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        if condition.operator.base != "null" {
            continue;
        }
        let outcome = match set_operator(&condition) {
            SetOperator::None => continue,
            SetOperator::ForAllValues => "always true",
            SetOperator::ForAnyValue => "never true",
        };
        let message = format!("{} is {outcome}", quoted(&condition.condition.operator));
        found.at(
            condition.places.operator,
            view.index,
            message,
            "write `Null` without a set operator",
        );
    }
}
