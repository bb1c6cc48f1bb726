//! A demand for MFA that long-term access keys get around.

use crate::lint::conditions::{holds_without_key, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "mfa-condition-that-access-keys-pass",
    title: "MFA condition that access keys pass",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Calls made with the access keys of a user carry no MFA keys at all. `Bool` false in a Deny does not hold for them, and `BoolIfExists` true in an Allow does, so a stolen access key works without a second factor.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::Parliament, "BAD_PATTERN_FOR_MFA")],
    run: Run::Document(run),
    fires_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#).at(r#""aws:MultiFactorAuthPresent""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#).at(r#""aws:MultiFactorAuthPresent""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}}"#).at(r#""aws:MultiFactorAuthAge""#),
Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":true}}"#).at(r#""aws:MultiFactorAuthPresent""#)],
    quiet_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:MultiFactorAuthAge":"true"}}"#),
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"aws:MultiFactorAuthPresent":"true"}}}]}"#)],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let denies_without = |view: &StatementView<'_>| {
        view.denies() && view.conditions().any(|c| is_of_mfa(&c) && holds_without_key(&c))
    };
    let is_denied_elsewhere = input.statements().iter().any(denies_without);
    for view in input.statements() {
        if view.denies() && is_denied_elsewhere {
            continue;
        }
        let is_demanded = view.conditions().any(|c| is_of_mfa(&c) && !holds_without_key(&c));
        if view.allows() && is_demanded {
            continue;
        }
        for condition in view.conditions().filter(is_of_mfa) {
            let key = quoted(&condition.condition.key);
            let (message, fix) = match (view.allows(), holds_without_key(&condition)) {
                (true, true) if asks_for_mfa(&condition) => (
                    format!("a call without {key}, as with an access key, is allowed"),
                    "write the operator without `IfExists`",
                ),
                (false, false) if !asks_for_mfa(&condition) => (
                    format!("a call without {key}, as with an access key, is not denied"),
                    "write the operator with `IfExists`, such as `BoolIfExists`",
                ),
                _ => continue,
            };
            found.at(condition.places.key, view.index, message, fix);
        }
    }
}

fn is_of_mfa(condition: &ConditionView<'_>) -> bool {
    is_one_of(&condition.condition.key, &["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"])
}

/// Whether it holds for calls with MFA, as opposed to those without or with an old one.
fn asks_for_mfa(condition: &ConditionView<'_>) -> bool {
    let base = condition.operator.base.as_str();
    let is_true = condition.condition.values.iter().any(|value| value.eq_ignore_ascii_case("true"));
    match base {
        "null" => !is_true,
        _ if base.starts_with("numericless") => true,
        _ if base.starts_with("numeric") => false,
        _ => is_true != condition.operator.is_negative(),
    }
}
