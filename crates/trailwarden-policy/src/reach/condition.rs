//! One condition in a normal form, and what it says about a key that is absent.
//!
//! Spellings that mean the same become equal: `ArnEquals` is `ArnLike`, case of operators, keys and
//! Booleans, order and repetition of values, `IfExists` where the operator passes an absent key
//! anyway. An operator that is not known stays as it is, implies only itself and contradicts
//! nothing.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, negated
//! operators, `...IfExists`, `Null`), "Set operators for multivalued context keys".

mod display;
mod implication;
mod key;
mod language;
mod operator;
#[cfg(test)]
mod tests;

use crate::condition::{Condition, is_exact, is_multivalued, is_possible};
use key::Key;
use operator::base;

/// An operator applied to a key and its values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Predicate {
    key: Key,
    base: Base,
    is_negated: bool,
    quantifier: Quantifier,
    if_exists: bool,
    values: Vec<String>,
    has_variables: bool,
}

/// What an operator compares; its negation is a flag of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Base {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    ArnLike,
    IpAddress,
    Numeric(Order),
    Date(Order),
    Bool,
    BinaryEquals,
    Null,
    /// Not known here; kept as written, in lower case.
    Other(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Order {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Quantifier {
    /// The key has one value.
    One,
    All,
    Any,
}

impl Predicate {
    /// Takes a condition as written. `variables` tells whether `${...}` are policy variables, as
    /// they are from version 2012-10-17 on.
    pub fn of(condition: &Condition, variables: bool) -> Self {
        let lower = condition.operator.trim().to_ascii_lowercase();
        let (quantifier, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Quantifier::All, rest),
            Some(("foranyvalue", rest)) => (Quantifier::Any, rest),
            _ => (Quantifier::One, lower.as_str()),
        };
        let (name, if_exists) = match rest.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (rest, false),
        };
        let (base, is_negated) = match base(name) {
            // No such form exists.
            (Base::Null, _) if if_exists || quantifier != Quantifier::One => {
                (Base::Other(name.to_owned()), false)
            }
            known => known,
        };
        let passes_absent = quantifier == Quantifier::All
            || (is_negated && quantifier == Quantifier::One)
            || base == Base::Null;
        let folds = matches!(base, Base::Bool | Base::Null);
        let fold = |value: &String| if folds { value.to_ascii_lowercase() } else { value.clone() };
        let fits = |value: &&String| !is_exact(name) || is_possible(&condition.key, value);
        let mut values: Vec<String> = condition.values.iter().filter(fits).map(fold).collect();
        if values.is_empty() && !condition.values.is_empty() {
            match quantifier {
                // What a key never is holds where the key is not asked, because it is absent.
                Quantifier::One if if_exists && !is_negated => {
                    return Self::is_null(&condition.key, true);
                }
                Quantifier::One if !is_negated || !is_multivalued(&condition.key) => {}
                Quantifier::Any if !if_exists && !is_negated => {}
                _ => values = condition.values.iter().map(fold).collect(),
            }
        }
        values.sort();
        values.dedup();
        Self {
            key: Key::of(&condition.key),
            is_negated,
            quantifier,
            // An unknown operator keeps what it says.
            if_exists: if_exists && (!passes_absent || matches!(base, Base::Other(_))),
            has_variables: variables && values.iter().any(|value| value.contains("${")),
            base,
            values,
        }
    }

    /// The key, in lower case.
    pub fn key(&self) -> &str {
        &self.key.lower
    }

    /// The values, sorted.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether policy variables stand in the values.
    pub fn has_variables(&self) -> bool {
        self.has_variables
    }

    /// The condition again, in the spelling of the normal form.
    pub fn to_condition(&self) -> Condition {
        let prefix = match self.quantifier {
            Quantifier::One => "",
            Quantifier::All => "ForAllValues:",
            Quantifier::Any => "ForAnyValue:",
        };
        let suffix = if self.if_exists { "IfExists" } else { "" };
        Condition {
            operator: format!("{prefix}{}{suffix}", self.name()),
            key: self.key.lower.clone(),
            values: self.values.clone(),
        }
    }

    fn name(&self) -> String {
        let name = match (&self.base, self.is_negated) {
            (Base::StringEquals, false) => "StringEquals",
            (Base::StringEquals, true) => "StringNotEquals",
            (Base::StringEqualsIgnoreCase, false) => "StringEqualsIgnoreCase",
            (Base::StringEqualsIgnoreCase, true) => "StringNotEqualsIgnoreCase",
            (Base::StringLike, false) => "StringLike",
            (Base::StringLike, true) => "StringNotLike",
            (Base::ArnLike, false) => "ArnLike",
            (Base::ArnLike, true) => "ArnNotLike",
            (Base::IpAddress, false) => "IpAddress",
            (Base::IpAddress, true) => "NotIpAddress",
            (Base::Bool, _) => "Bool",
            (Base::BinaryEquals, _) => "BinaryEquals",
            (Base::Null, _) => "Null",
            (Base::Numeric(order), negated) => return format!("Numeric{}", order.name(negated)),
            (Base::Date(order), negated) => return format!("Date{}", order.name(negated)),
            (Base::Other(name), _) => name,
        };
        name.to_owned()
    }

    /// Whether it says no more than "the key is one of these values".
    pub(super) fn is_plain_choice(&self) -> bool {
        let is_text = matches!(self.base, Base::StringEquals | Base::StringLike);
        let has_wildcard = self.values.iter().any(|value| value.contains(['*', '?']));
        is_text && self.is_strict() && !has_wildcard && !self.has_variables
    }

    /// The same with other values.
    fn with_values(&self, values: Vec<String>) -> Self {
        // Not from a clone of the whole: there may be thousands of values.
        Self {
            key: self.key.clone(),
            base: self.base.clone(),
            is_negated: self.is_negated,
            quantifier: self.quantifier,
            if_exists: self.if_exists,
            values,
            has_variables: self.has_variables,
        }
    }

    /// A condition that only asks for the key to be there.
    pub(super) fn is_present(key: &str) -> Self {
        Self::is_null(key, false)
    }

    fn is_null(key: &str, is_absent: bool) -> Self {
        Self::with_value("Null", key, if is_absent { "true" } else { "false" })
    }

    /// A condition with one value, which is plain text.
    pub(super) fn with_value(operator: &str, key: &str, value: &str) -> Self {
        let condition = Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: vec![value.to_owned()],
        };
        Self::of(&condition, false)
    }

    /// `Some(true)` for "the key must be absent", `Some(false)` for "must be there".
    fn null(&self) -> Option<bool> {
        match (&self.base, self.nulls()) {
            (Base::Null, (true, false)) => Some(true),
            (Base::Null, (false, true)) => Some(false),
            _ => None,
        }
    }

    /// Whether the values hold `true`, and whether they hold `false`.
    fn nulls(&self) -> (bool, bool) {
        let has = |wanted: &str| self.values.iter().any(|value| value == wanted);
        (has("true"), has("false"))
    }

    /// Whether it holds always or never, whatever the request.
    pub(super) fn constant(&self) -> Option<bool> {
        match (&self.base, self.nulls()) {
            (Base::Null, (true, true)) => Some(true),
            (Base::Null, (false, false)) => Some(false),
            (Base::StringEquals | Base::StringEqualsIgnoreCase, _)
                if self.values.is_empty() && self.passes_absent() == Some(self.is_negated) =>
            {
                Some(self.is_negated)
            }
            _ => None,
        }
    }

    /// Whether an absent key satisfies it; `None` when that is not known.
    fn passes_absent(&self) -> Option<bool> {
        match (&self.base, self.quantifier) {
            (Base::Other(_), _) => None,
            (Base::Null, _) => self.null(),
            _ if self.if_exists => Some(true),
            (_, Quantifier::All) => Some(true),
            (_, Quantifier::One) => Some(self.is_negated),
            (_, Quantifier::Any) => Some(false),
        }
    }

    /// Whether it holds only where the key is there and one of its values is among these.
    fn is_strict(&self) -> bool {
        !self.is_negated
            && self.quantifier != Quantifier::All
            && self.base != Base::Null
            && self.passes_absent() == Some(false)
    }

    /// For a condition that holds only when the key is there with one of the listed values: the
    /// same, one value each. The union of these is the whole.
    pub(crate) fn alternatives(&self) -> Option<Vec<Self>> {
        (self.is_strict() && self.values.len() > 1)
            .then(|| self.values.iter().map(|v| self.with_values(vec![v.clone()])).collect())
    }

    /// The same as these alternatives together; the reverse of [`Predicate::alternatives`].
    pub(crate) fn of_alternatives(&self, alternatives: Vec<Self>) -> Self {
        self.with_values(alternatives.into_iter().flat_map(|one| one.values).collect())
    }
}
