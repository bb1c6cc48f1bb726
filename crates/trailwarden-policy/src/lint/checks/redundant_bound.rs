//! Several bounds where one decides.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "redundant-bound",
    title: "Redundant bound",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Of several values, one is enough: the greatest decides for less-than, the least for greater-than, and the others mislead the reader.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_CONDITION_VALUE_NUM")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":["2700","3600"]}}"#).at(r#"["2700","3600"]"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":["2026-01-01","2027-01-01"]}}"#).at(r#"["2026-01-01","2027-01-01"]"#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":["3600"]},"NumericEquals":{"s3:max-keys":["1","2"]}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let base = condition.operator.base.as_str();
        let which = if base.contains("lessthan") {
            "greatest"
        } else if base.contains("greaterthan") {
            "least"
        } else {
            continue;
        };
        if condition.condition.values.len() > 1 {
            let message = format!(
                "of several values for {}, the {which} decides",
                quoted(&condition.condition.key)
            );
            found.at(
                condition.places.value,
                view.index,
                message,
                format!("keep the {which} value"),
            );
        }
    }
}
