//! What checks of conditions share: which operator compares what, what an absent key does.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
//! multivalued context keys" and "IAM policy elements: Variables and tags".
//!
//! # Invariants
//! - Everything is linear in the text: a policy may hold thousands of conditions, made to be slow.

mod addresses;
mod keys;
mod open;
mod text;

use std::collections::{HashMap, HashSet};

use super::{ConditionView, StatementView};
use crate::condition::Operator;
use crate::facts::ValueType;
pub use addresses::AddressRange;
pub use keys::{DEPRECATED, GUARDS, actions_with_key, known_key, lacks_tag_name, may_be_absent};
pub use open::{OpenValue, open_value};
pub use text::{Variable, has_wildcard, texts_with_variables, variables};

/// The operators, without set prefix and `IfExists`, with what each compares; `Null` compares
/// nothing.
pub const OPERATORS: &[(&str, Option<ValueType>)] = &[
    ("StringEquals", Some(ValueType::String)),
    ("StringNotEquals", Some(ValueType::String)),
    ("StringEqualsIgnoreCase", Some(ValueType::String)),
    ("StringNotEqualsIgnoreCase", Some(ValueType::String)),
    ("StringLike", Some(ValueType::String)),
    ("StringNotLike", Some(ValueType::String)),
    ("NumericEquals", Some(ValueType::Numeric)),
    ("NumericNotEquals", Some(ValueType::Numeric)),
    ("NumericLessThan", Some(ValueType::Numeric)),
    ("NumericLessThanEquals", Some(ValueType::Numeric)),
    ("NumericGreaterThan", Some(ValueType::Numeric)),
    ("NumericGreaterThanEquals", Some(ValueType::Numeric)),
    ("DateEquals", Some(ValueType::Date)),
    ("DateNotEquals", Some(ValueType::Date)),
    ("DateLessThan", Some(ValueType::Date)),
    ("DateLessThanEquals", Some(ValueType::Date)),
    ("DateGreaterThan", Some(ValueType::Date)),
    ("DateGreaterThanEquals", Some(ValueType::Date)),
    ("Bool", Some(ValueType::Bool)),
    ("BinaryEquals", Some(ValueType::Binary)),
    ("IpAddress", Some(ValueType::IpAddress)),
    ("NotIpAddress", Some(ValueType::IpAddress)),
    ("ArnEquals", Some(ValueType::Arn)),
    ("ArnLike", Some(ValueType::Arn)),
    ("ArnNotEquals", Some(ValueType::Arn)),
    ("ArnNotLike", Some(ValueType::Arn)),
    ("Null", None),
];

/// Whether there is such an operator.
pub fn is_known(operator: &Operator) -> bool {
    OPERATORS.iter().any(|(name, _)| name.eq_ignore_ascii_case(&operator.base))
}

/// What an operator compares; none for `Null` and for what is no operator.
pub fn compares(operator: &Operator) -> Option<ValueType> {
    OPERATORS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&operator.base))?.1
}

/// What a type is called.
pub fn type_name(value: ValueType) -> &'static str {
    match value {
        ValueType::String => "text",
        ValueType::Arn => "ARN",
        ValueType::Bool => "Boolean",
        ValueType::Numeric => "number",
        ValueType::Date => "date",
        ValueType::IpAddress => "IP address",
        ValueType::Binary => "binary",
    }
}

/// The usual operator for a type.
pub fn usual_operator(value: ValueType) -> &'static str {
    match value {
        ValueType::String => "StringEquals",
        ValueType::Arn => "ArnLike",
        ValueType::Bool => "Bool",
        ValueType::Numeric => "NumericEquals",
        ValueType::Date => "DateGreaterThan",
        ValueType::IpAddress => "IpAddress",
        ValueType::Binary => "BinaryEquals",
    }
}

/// How a condition treats several values of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperator {
    /// None: for a key with one value.
    None,
    /// `ForAllValues:`.
    ForAllValues,
    /// `ForAnyValue:`.
    ForAnyValue,
}

/// The set operator of a condition.
pub fn set_operator(condition: &ConditionView<'_>) -> SetOperator {
    match condition.condition.operator.split_once(':') {
        _ if condition.operator.for_all_values => SetOperator::ForAllValues,
        Some((set, _)) if set.eq_ignore_ascii_case("ForAnyValue") => SetOperator::ForAnyValue,
        _ => SetOperator::None,
    }
}

/// Whether a condition holds for a request without its key.
pub fn holds_without_key(condition: &ConditionView<'_>) -> bool {
    let operator = &condition.operator;
    if operator.base == "null" {
        return condition.condition.values.iter().any(|v| v.eq_ignore_ascii_case("true"));
    }
    operator.for_all_values
        || operator.if_exists
        || (operator.is_negative() && set_operator(condition) == SetOperator::None)
}

/// The keys, in lower case, that a request must have to meet the conditions of a statement.
pub fn demanded_keys(view: &StatementView<'_>) -> HashSet<String> {
    let demanding = view.conditions().filter(|condition| {
        is_known(&condition.operator)
            && !condition.condition.values.is_empty()
            && !holds_without_key(condition)
    });
    demanding.map(|condition| condition.condition.key.to_ascii_lowercase()).collect()
}

/// Whether any condition of a statement is on one of these keys; a name that ends with `/` stands
/// for every key that begins so.
pub fn has_condition_on(view: &StatementView<'_>, keys: &[&str]) -> bool {
    view.conditions().any(|condition| is_one_of(&condition.condition.key, keys))
}

/// Whether a key is one of these, as in [`has_condition_on`].
pub fn is_one_of(key: &str, keys: &[&str]) -> bool {
    keys.iter().any(|wanted| match key.get(..wanted.len()) {
        Some(start) if wanted.ends_with('/') => start.eq_ignore_ascii_case(wanted),
        _ => key.eq_ignore_ascii_case(wanted),
    })
}

/// The conditions of a statement, those on the same key together, in order of the text.
pub fn conditions_by_key<'d>(view: &StatementView<'d>) -> Vec<Vec<ConditionView<'d>>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<ConditionView<'d>>> = Vec::new();
    for condition in view.conditions() {
        let (key, next) = (condition.condition.key.to_ascii_lowercase(), groups.len());
        match groups.get_mut(*places.entry(key).or_insert(next)) {
            Some(group) => group.push(condition),
            None => groups.push(vec![condition]),
        }
    }
    groups
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_those_of_the_evaluator() {
        for (name, compared) in OPERATORS {
            let operator = Operator::parse(name);
            assert!(is_known(&operator) && compares(&operator) == *compared, "{name}");
        }
        assert!(!is_known(&Operator::parse("StringEqual")));
    }
}
