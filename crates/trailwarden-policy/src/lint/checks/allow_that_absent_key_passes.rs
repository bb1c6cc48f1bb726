//! An Allow whose guard a request without the key passes.

use crate::lint::conditions::{GUARDS, demanded_keys, holds_without_key, is_known, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "allow-that-absent-key-passes",
    title: "Allow that an absent key passes",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: KINDS_THAT_GRANT,
    about: "`IfExists` and negated operators hold when the request lacks the key, so this Allow also covers everyone who comes without it.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1a2b3c4d"}}"#).at(r#""aws:SourceVpce""#),
Example::resource(r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""aws:PrincipalOrgID""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).at(r#""aws:SourceIp""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1a2b3c4d"},"Null":{"aws:SourceVpce":"false"}}"#),
Example::identity(r#""Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringEqualsIfExists":{"ec2:InstanceType":"t3.micro"}}"#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() {
        return;
    }
    let demanded = demanded_keys(view);
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let operator = &condition.operator;
        let is_asked = operator.base != "null" && is_known(operator) && !operator.for_all_values;
        if !is_asked || !is_one_of(key, GUARDS) || !holds_without_key(&condition) {
            continue;
        }
        // `StringNotEquals` with an empty text asks that a value be there, not which.
        let asks_for_text = condition.condition.values.iter().all(String::is_empty);
        if asks_for_text || demanded.contains(&key.to_ascii_lowercase()) {
            continue;
        }
        let is_public = view.statement.principals.is_everyone();
        let severity = if is_public { Severity::High } else { Severity::Medium };
        let message = format!("a request without {} is allowed", quoted(key));
        let fix = if operator.if_exists {
            "write the operator without `IfExists`".to_owned()
        } else {
            format!(
                "add {} beside it, or name what is allowed",
                quoted(&format!("\"Null\": {{\"{key}\": \"false\"}}"))
            )
        };
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
}
