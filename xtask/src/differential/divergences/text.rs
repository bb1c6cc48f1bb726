//! Divergences in resources and policy variables.

use serde_json::Value;

use super::{Divergence, change_texts, conditions, each_document, statements};
use crate::differential::operator;

/// A text and an ARN that no request has.
const NOTHING: &str = "§";
const NO_ARN: &str = "arn:§:§:§:§:§";

pub(super) const VARIABLES_BEFORE_2012: Divergence = Divergence {
    id: "variables-before-2012",
    reference: "resolves variables in every document",
    aws: "variables are plain text unless `Version` is `2012-10-17`; without the element the version is `2008-10-17`",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\" and \"... Version\"",
    rewriting: "a document of version `2012-10-17` in which text that no request has stands for `${`",
    is_besides: false,
    rewrite: variables_before_2012,
};

fn variables_before_2012(case: &mut Value) -> bool {
    let mut is_changed = false;
    each_document(case, &mut |document| {
        if document.get("Version").and_then(Value::as_str) == Some("2012-10-17") {
            return;
        }
        let plain = |text: &str| text.contains("${").then(|| text.replace("${", "§{"));
        if change_texts(document, &plain) {
            is_changed = true;
        }
    });
    is_changed
}

pub(super) const VARIABLE_WITHOUT_VALUE: Divergence = Divergence {
    id: "variable-without-value",
    reference: "a negated operator whose value holds a variable without a value does not match",
    aws: "the value matches nothing, so a negated operator matches",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\", no value",
    rewriting: "a value that no request has, under negated operators only",
    is_besides: false,
    rewrite: variable_without_value,
};

fn variable_without_value(case: &mut Value) -> bool {
    let context = case.get("context").cloned().unwrap_or_default();
    let has = |key: &str| {
        let members = context.as_object().into_iter().flatten();
        let found = members.filter(|(known, _)| known.eq_ignore_ascii_case(key));
        found.into_iter().any(|(_, value)| value.is_string())
    };
    let unresolved = |text: &str| {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else {
                return false;
            };
            if !matches!(name, "*" | "?" | "$") && !name.contains(',') && !has(name) {
                return true;
            }
            rest = behind;
        }
        false
    };
    let mut is_changed = false;
    each_document(case, &mut |document| {
        if document.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
            return;
        }
        for statement in statements(document) {
            for (name, under) in conditions(statement) {
                let base = operator::base(name).unwrap_or("");
                let nothing = if base.starts_with("Arn") { NO_ARN } else { NOTHING };
                let change = |text: &str| unresolved(text).then(|| nothing.to_owned());
                if base.contains("Not") && change_texts(under, &change) {
                    is_changed = true;
                }
            }
        }
    });
    is_changed
}

pub(super) const VARIABLE_IN_BARE_NAME: Divergence = Divergence {
    id: "variable-in-bare-name",
    reference: "never matches a resource of SNS or SQS whose name holds a variable (it takes the colon of the variable for one of the ARN)",
    aws: "variables may stand anywhere in the name of a resource; a `NotResource` that holds one without a value matches nothing",
    source: "IAM User Guide, \"IAM policy elements: Variables and tags\"",
    rewriting: "the value of the variable, its wildcards as `${*}` and `${?}`; `NotResource` `*` where there is none",
    is_besides: false,
    rewrite: variable_in_bare_name,
};

fn variable_in_bare_name(case: &mut Value) -> bool {
    let context = case.get("context").cloned().unwrap_or_default();
    let filled = |pattern: &str| {
        let service = pattern.split(':').nth(2).unwrap_or("");
        if !matches!(service, "sns" | "sqs") {
            return None;
        }
        let (before, after) = pattern.split_once("${")?;
        let (name, behind) = after.split_once('}')?;
        let value = value_of(&context, name)?;
        let value: String = value
            .chars()
            .map(|c| if matches!(c, '*' | '?') { format!("${{{c}}}") } else { c.to_string() })
            .collect();
        Some(format!("{before}{value}{behind}"))
    };
    let is_unset = |pattern: &str| {
        let is_bare = matches!(pattern.split(':').nth(2), Some("sns" | "sqs"));
        let name = pattern.split_once("${").and_then(|(_, after)| after.split_once('}'));
        is_bare
            && name.is_some_and(|(name, _)| {
                !matches!(name, "*" | "?" | "$") && value_of(&context, name).is_none()
            })
    };
    let mut is_changed = false;
    each_document(case, &mut |document| {
        if document.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
            return;
        }
        for statement in statements(document) {
            if let Some(excluded) = statement.get_mut("NotResource") {
                let patterns: Vec<&str> = match &*excluded {
                    Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                if patterns.into_iter().any(is_unset) {
                    *excluded = Value::String("*".to_owned());
                    is_changed = true;
                }
            }
            for name in ["Resource", "NotResource"] {
                if let Some(patterns) = statement.get_mut(name) {
                    is_changed |= change_texts(patterns, &filled);
                }
            }
        }
    });
    is_changed
}

/// What a variable stands for: its value in the request, or else its default.
fn value_of(context: &Value, name: &str) -> Option<String> {
    let (key, default) = name.split_once(", ").unwrap_or((name, ""));
    let mut members = context.as_object()?.iter();
    match members.find(|(known, _)| known.eq_ignore_ascii_case(key)) {
        Some((_, value)) => value.as_str().map(str::to_owned),
        None => default.strip_prefix('\'')?.strip_suffix('\'').map(str::to_owned),
    }
}

pub(super) const SHORT_PATTERN_IN_RCP: Divergence = Divergence {
    id: "short-pattern-in-rcp",
    reference: "does not match `arn:aws:sqs:*` in an RCP, though it does in other policies",
    aws: "a star that ends a segment may run on beyond its colons, in every policy",
    source: "IAM User Guide, \"IAM JSON policy elements: Resource\"",
    rewriting: "a star for each of the segments",
    is_besides: false,
    rewrite: short_pattern_in_rcp,
};

fn short_pattern_in_rcp(case: &mut Value) -> bool {
    let long = |pattern: &str| {
        let is_short = pattern.matches(':').count() == 3 && pattern.ends_with(":*");
        (is_short && pattern.starts_with("arn:")).then(|| format!("{pattern}:*:*"))
    };
    let mut is_changed = false;
    if let Some(levels) = case.get_mut("rcps") {
        super::documents(levels, &mut |document| {
            for statement in statements(document) {
                for name in ["Resource", "NotResource"] {
                    if let Some(patterns) = statement.get_mut(name) {
                        is_changed |= change_texts(patterns, &long);
                    }
                }
            }
        });
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(condition: Value, context: Value, version: &str) -> Value {
        json!({"context": context, "identityPolicies": [{"Version": version, "Statement":
            {"Effect": "Allow", "Action": "*", "Resource": "a${aws:username}", "Condition": condition}}]})
    }

    #[test]
    fn variables_of_old_documents_become_text() {
        let mut case = with(json!({}), json!({}), "2008-10-17");
        assert!(variables_before_2012(&mut case));
        let resource = "/identityPolicies/0/Statement/Resource";
        assert_eq!(case.pointer(resource), Some(&json!("a§{aws:username}")));
        assert!(!variables_before_2012(&mut with(json!({}), json!({}), "2012-10-17")));
    }

    #[test]
    fn only_negated_operators_and_absent_keys_are_rewritten() {
        let under = json!({"aws:PrincipalTag/team": ["${AWS:username}", "b"]});
        let mut case = with(json!({"StringNotLike": under}), json!({}), "2012-10-17");
        assert!(variable_without_value(&mut case));
        let place = "/identityPolicies/0/Statement/Condition/StringNotLike/aws:PrincipalTag~1team";
        assert_eq!(case.pointer(place), Some(&json!(["§", "b"])));
        let present = json!({"aws:username": "x"});
        let mut case = with(json!({"StringNotLike": under}), present, "2012-10-17");
        assert!(!variable_without_value(&mut case));
        let mut case = with(json!({"StringLike": under}), json!({}), "2012-10-17");
        assert!(!variable_without_value(&mut case));
    }
}
