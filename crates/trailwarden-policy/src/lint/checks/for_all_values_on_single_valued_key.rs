//! `ForAllValues` on a key that has one value or none.

use crate::facts::Presence;
use crate::lint::conditions::{demanded_keys, known_key};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "for-all-values-on-single-valued-key",
    title: "ForAllValues on a single-valued key",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "`ForAllValues` holds for a request without the key. On a key with one value it adds nothing else, so an Allow reaches callers who do not have the key at all.",
    source: "IAM User Guide, \"Set operators for multivalued context keys\"",
    cross: &[(Tool::AccessAnalyzer, "FORALLVALUES_WITH_SINGLE_VALUED_KEY"), (Tool::Parliament, "SINGLE_VALUE_CONDITION_TOO_PERMISSIVE")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""ForAllValues:StringEquals""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}"#).at(r#""ForAllValues:ArnLike""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"},"ForAllValues:StringEquals":{"own.example.com:groups":"x"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let demanded = demanded_keys(view);
    for condition in view.conditions() {
        let key = &condition.condition.key;
        if !condition.operator.for_all_values || condition.operator.base == "null" {
            continue;
        }
        let Some(known) = known_key(key).filter(|known| !known.key_type.is_multivalued) else {
            continue;
        };
        let is_demanded = demanded.contains(&key.to_ascii_lowercase());
        let is_open = known.is_global && known.presence == Presence::Sometimes;
        let severity = match (view.allows(), is_demanded) {
            (_, true) => Severity::Info,
            (true, false) if is_open => Severity::High,
            _ => Severity::Medium,
        };
        let message =
            format!("{} has one value; `ForAllValues` also holds without it", quoted(key));
        found.graded(
            severity,
            condition.places.operator,
            view.index,
            message,
            "remove `ForAllValues:`",
        );
    }
}
