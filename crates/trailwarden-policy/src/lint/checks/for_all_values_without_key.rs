//! An Allow that `ForAllValues` opens to requests without the key.

use crate::lint::conditions::{GUARDS, demanded_keys, is_one_of, known_key};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "for-all-values-without-key",
    title: "ForAllValues that an absent key passes",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: KINDS_THAT_GRANT,
    about: "`ForAllValues` holds for a request that has no value at all, so this Allow also covers requests that never mention the key.",
    source: "IAM User Guide, \"Set operators for multivalued context keys\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}"#).at(r#""ForAllValues:StringLike""#),
Example::identity(r#""Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":["id"]}}"#).at(r#""ForAllValues:StringEquals""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"},"Null":{"AWS:PrincipalOrgPaths":"false"}}"#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() {
        return;
    }
    let demanded = demanded_keys(view);
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let is_asked = condition.operator.for_all_values && condition.operator.base != "null";
        if !is_asked || demanded.contains(&key.to_ascii_lowercase()) {
            continue;
        }
        // On a key with one value, the set operator itself is the flaw.
        if known_key(key).is_some_and(|known| !known.key_type.is_multivalued) {
            continue;
        }
        let severity = if is_one_of(key, &["aws:TagKeys"]) {
            // A request without tags is what most such policies mean to allow.
            Severity::Info
        } else if is_one_of(key, GUARDS) {
            Severity::High
        } else {
            // Whether requests can lack a key of a service is not told.
            Severity::Low
        };
        let message = format!(
            "{} also holds for requests without {}",
            quoted(&condition.condition.operator),
            quoted(key)
        );
        let fix =
            format!("add {} beside it", quoted(&format!("\"Null\": {{\"{key}\": \"false\"}}")));
        found.graded(severity, condition.places.operator, view.index, message, fix);
    }
}
