//! A condition that every request, or every one with its key, meets.

use crate::evaluate::value::boolean;
use crate::facts::{Presence, ValueType};
use crate::lint::conditions::{
    AddressRange, GUARDS, SetOperator, holds_without_key, is_one_of, known_key, may_be_absent,
    set_operator,
};
use crate::lint::prelude::*;
use crate::pattern::is_match_all;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-always-true",
    title: "Condition that is always true",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A condition that always holds limits nothing; the statement is as wide as without it, but does not look so.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#).at(r#""*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:RequestedRegion":["eu-west-1","*"]}}"#).at(r#""*""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#).at(r#""0.0.0.0/0""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:*:*:*:*:*"}}"#).at(r#""arn:*:*:*:*:*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:SecureTransport":"false"}}"#).at(r#""false""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["true","false"]}}"#).at(r#""true""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-abcdefghij"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Null":{"aws:SourceVpc":"false"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalOrgID":"*"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"s3:x-amz-acl":"*"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let Some((value, span, what)) = condition
            .values()
            .find_map(|(value, span)| Some((value, span, open(&condition, value)?)))
        else {
            continue;
        };
        let key = &condition.condition.key;
        let is_always = !may_be_absent(key) || holds_without_key(&condition);
        // A Deny for all that have the key is a way to write `Null` false.
        if !view.allows() && !is_always {
            continue;
        }
        let severity = match (
            view.allows(),
            is_one_of(key, GUARDS) || is_one_of(key, &["aws:PrincipalArn"]),
        ) {
            (true, true) => Severity::High,
            _ => Severity::Info,
        };
        let when = if is_always { "every request" } else { "every request that has it" };
        let message = format!("{} {what}, so {} holds for {when}", quoted(value), quoted(key));
        let fix = "write what is meant to pass, or remove the condition";
        found.graded(severity, span, view.index, message, fix);
    }
}

/// What a value takes in, when that is everything.
fn open(condition: &ConditionView<'_>, value: &str) -> Option<&'static str> {
    let values = &condition.condition.values;
    let known = known_key(&condition.condition.key);
    // A value of another type meets nothing, whatever the list takes in.
    let is_of = |wanted| known.is_none_or(|known| known.key_type.value == wanted);
    match condition.operator.base.as_str() {
        "stringlike" if is_match_all(value) => Some("fits any text"),
        "stringlike" | "arnlike" | "arnequals" if is_any_arn(value) => Some("fits any ARN"),
        "ipaddress"
            if is_of(ValueType::IpAddress) && AddressRange::parse(value)?.is_everything() =>
        {
            Some("holds every address of its kind")
        }
        "bool" if !is_of(ValueType::Bool) => None,
        "bool" | "null"
            if values.iter().any(|other| boolean(other) == boolean(value).map(|is| !is)) =>
        {
            Some("stands beside its opposite")
        }
        "null" if boolean(value) == Some(false) && set_operator(condition) == SetOperator::None => {
            (known?.presence == Presence::Always).then_some("asks for a key that is never absent")
        }
        _ => None,
    }
}

fn is_any_arn(value: &str) -> bool {
    let rest = value.strip_prefix("arn:").unwrap_or_default();
    rest.contains(':')
        && rest.split(':').all(|part| !part.is_empty() && part.bytes().all(|b| b == b'*'))
}
