//! One condition, and what its operator promises about a key that is absent.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, negated
//! operators, `...IfExists`, `Null`) and "Set operators for multivalued context keys".

mod possible;

use std::collections::HashSet;

pub(crate) use possible::{is_exact, is_multivalued, is_possible};

/// One operator applied to one key. The values are alternatives; for negated operators none may
/// match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// As written: `StringEquals`, `ForAnyValue:StringLike`, `BoolIfExists`...
    pub operator: String,
    /// As written: `aws:PrincipalOrgID`. Keys do not care about case.
    pub key: String,
    /// Strings as written; numbers and Booleans in their JSON spelling.
    pub values: Vec<String>,
}

/// An operator taken apart, all in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The operator without set prefix and `IfExists`: `stringequals`, `arnlike`, `null`.
    pub base: String,
    /// `ForAllValues:`, which an absent key satisfies.
    pub for_all_values: bool,
    /// `...IfExists`, which an absent key satisfies.
    pub if_exists: bool,
}

impl Operator {
    /// Takes an operator apart; case does not count.
    pub fn parse(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let (for_all_values, rest) = match lower.strip_prefix("forallvalues:") {
            Some(rest) => (true, rest),
            None => (false, lower.strip_prefix("foranyvalue:").unwrap_or(&lower)),
        };
        let base = rest.strip_suffix("ifexists");
        Self { if_exists: base.is_some(), base: base.unwrap_or(rest).to_owned(), for_all_values }
    }

    /// Whether the operator names what may match (as opposed to what may not, to `Null`, to dates
    /// and numbers, and to operators that are not known here).
    pub fn is_positive(&self) -> bool {
        matches!(
            self.base.as_str(),
            "stringequals"
                | "stringequalsignorecase"
                | "stringlike"
                | "arnequals"
                | "arnlike"
                | "ipaddress"
                | "bool"
                | "binaryequals"
        )
    }

    /// Whether the operator names what may not match; an absent key satisfies it.
    pub fn is_negative(&self) -> bool {
        matches!(
            self.base.as_str(),
            "stringnotequals"
                | "stringnotequalsignorecase"
                | "stringnotlike"
                | "arnnotequals"
                | "arnnotlike"
                | "notipaddress"
                | "numericnotequals"
                | "datenotequals"
        )
    }

    /// Whether `*` and `?` in values are wildcards.
    pub fn has_wildcards(&self) -> bool {
        matches!(self.base.as_str(), "stringlike" | "arnequals" | "arnlike")
    }
}

impl Condition {
    /// The operator, taken apart.
    pub fn parsed_operator(&self) -> Operator {
        Operator::parse(&self.operator)
    }

    /// Whether this condition, standing among `all`, holds only when its key is present *and* one
    /// of its values matches.
    ///
    /// `ForAllValues` and `IfExists` pass without the key, unless a `Null` condition beside them
    /// demands it.
    pub fn demands_a_match(&self, all: &[Condition]) -> bool {
        let operator = self.parsed_operator();
        if !operator.is_positive() || self.values.is_empty() {
            return false;
        }
        let passes_when_absent = operator.for_all_values || operator.if_exists;
        !passes_when_absent || all.iter().any(|other| other.demands_presence_of(&self.key))
    }

    fn demands_presence_of(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
            && self.parsed_operator().base == "null"
            && !self.values.is_empty()
            && self.values.iter().all(|v| v.eq_ignore_ascii_case("false"))
    }

    /// Whether whatever satisfies `self` satisfies `other`, by structure alone: same operator and
    /// key, and no value more (for negated operators: no value less).
    pub fn is_at_least_as_narrow_as(&self, other: &Condition) -> bool {
        if !self.operator.eq_ignore_ascii_case(&other.operator)
            || !self.key.eq_ignore_ascii_case(&other.key)
        {
            return false;
        }
        let within = |a: &[String], b: &[String]| {
            let b: HashSet<&String> = b.iter().collect();
            a.iter().all(|value| b.contains(value))
        };
        let operator = self.parsed_operator();
        if operator.is_positive() {
            within(&self.values, &other.values)
        } else if operator.is_negative() {
            within(&other.values, &self.values)
        } else {
            within(&self.values, &other.values) && within(&other.values, &self.values)
        }
    }
}

/// Whether conditions `a` hold only where conditions `b` hold, by structure alone.
pub(crate) fn all_at_least_as_narrow(a: &[Condition], b: &[Condition]) -> bool {
    b.iter().all(|wanted| a.iter().any(|has| has.is_at_least_as_narrow_as(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
        Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        }
    }

    #[test]
    fn operators_are_taken_apart_in_any_case() {
        let operator = Operator::parse("forallvalues:STRINGLIKEIfExists");
        assert_eq!(operator.base, "stringlike");
        assert!(operator.for_all_values && operator.if_exists && operator.has_wildcards());
        assert!(!Operator::parse("ForAnyValue:StringEquals").for_all_values);
    }

    // IAM User Guide, "IAM JSON policy elements: Condition operators", missing keys.
    #[test]
    fn what_an_absent_key_satisfies_demands_nothing() {
        for operator in [
            "StringEqualsIfExists",
            "ForAllValues:StringEquals",
            "StringNotEquals",
            "Null",
            "DateGreaterThan",
            "Sounds",
        ] {
            let one = condition(operator, "aws:PrincipalOrgID", &["o-abc"]);
            assert!(!one.demands_a_match(std::slice::from_ref(&one)), "{operator}");
        }
        let one = condition("StringEquals", "aws:PrincipalOrgID", &["o-abc"]);
        assert!(one.demands_a_match(&[]));
    }

    // IAM User Guide, "Set operators for multivalued context keys": pair with `Null: false`.
    #[test]
    fn a_null_condition_can_demand_the_key() {
        let set = condition("ForAllValues:StringEquals", "aws:TagKeys", &["team"]);
        let null = condition("Null", "AWS:tagkeys", &["false"]);
        assert!(set.demands_a_match(&[set.clone(), null]));
        let absent = condition("Null", "aws:TagKeys", &["true"]);
        assert!(!set.demands_a_match(&[set.clone(), absent]));
    }

    #[test]
    fn fewer_values_are_narrower_and_more_exclusions_too() {
        let wide = condition("StringEquals", "k", &["a", "b"]);
        let narrow = condition("stringequals", "K", &["a"]);
        assert!(narrow.is_at_least_as_narrow_as(&wide));
        assert!(!wide.is_at_least_as_narrow_as(&narrow));
        let wide = condition("StringNotEquals", "k", &["a"]);
        let narrow = condition("StringNotEquals", "k", &["a", "b"]);
        assert!(narrow.is_at_least_as_narrow_as(&wide));
        assert!(!wide.is_at_least_as_narrow_as(&narrow));
    }
}
