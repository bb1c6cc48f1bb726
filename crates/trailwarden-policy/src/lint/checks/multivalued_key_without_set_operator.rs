//! A key with several values, asked as if it had one.

use crate::lint::conditions::{SetOperator, compares, known_key, set_operator};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "multivalued-key-without-set-operator",
    title: "Multivalued key without a set operator",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "A key that can have several values is asked with `ForAllValues` or `ForAnyValue`; without either, the condition does not match as it reads, and a Deny on it denies nothing.",
    source: "IAM User Guide, \"Set operators for multivalued context keys\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_QUALIFIER")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"team"}}"#).at(r#""StringEquals""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}"#).at(r#""StringNotLike""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"team"},"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"},"Null":{"aws:CalledVia":"false"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:CalledViaFirst":"athena.amazonaws.com"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let is_plain = set_operator(&condition) == SetOperator::None;
        if !is_plain || compares(&condition.operator).is_none() {
            continue;
        }
        let Some(known) = known_key(key).filter(|known| known.key_type.is_multivalued) else {
            continue;
        };
        let message = format!(
            "{} can have several values, and {} asks for one",
            quoted(key),
            quoted(&condition.condition.operator)
        );
        let fix = "write `ForAnyValue:` before the operator, or `ForAllValues:` with a `Null` condition beside it";
        // The pages of services call some keys lists that AWS itself asks as one.
        let severity = match (known.is_global, view.denies()) {
            (true, true) => Severity::High,
            (true, false) => Severity::Medium,
            (false, _) => Severity::Low,
        };
        found.graded(severity, condition.places.operator, view.index, message, fix);
    }
}
