//! When one condition follows from another, when two can never hold together, and what is the opposite
//! of one.
//!
//! "Implies" and "contradicts" are said only when certain. Both look at one key at a time: keys
//! that AWS fills together (a second factor and its age) are not connected here.

use super::language::Language;
use super::{Base, Predicate, Quantifier};
use crate::facts::facts;
use crate::fuel;

/// What it takes to read a value, but for its characters.
const VALUE_STEPS: usize = 8;

/// Keys that are true or false whenever they are there.
///
/// Source: IAM User Guide, "AWS global condition context keys".
const TRUE_OR_FALSE: [&str; 5] = [
    "aws:multifactorauthpresent",
    "aws:securetransport",
    "aws:viaawsservice",
    "aws:principalisawsservice",
    "aws:assumedroot",
];

impl Predicate {
    /// Whether `other` holds wherever this one does, for certain.
    pub fn implies(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        if self.key != other.key || !self.is_paid_with(other) {
            return false;
        }
        match (self.null(), other.null()) {
            (_, Some(false)) => return self.passes_absent() == Some(false),
            (_, Some(true)) => return self.null() == Some(true),
            (Some(true), None) => return other.passes_absent() == Some(true),
            (Some(false), None) => return false,
            (None, None) => {}
        }
        let absent_agrees =
            self.passes_absent() == Some(false) || other.passes_absent() == Some(true);
        let quantifiers_agree = match (self.quantifier, other.quantifier) {
            (one, two) if one == two => true,
            (Quantifier::One, Quantifier::All) => true,
            // To a set operator, an empty text is no value.
            (Quantifier::One, Quantifier::Any) => !self.may_name_empty(),
            _ => false,
        };
        absent_agrees && quantifiers_agree && self.value_implies(other)
    }

    /// The same for one value of the key that is there.
    fn value_implies(&self, other: &Self) -> bool {
        if self.has_variables || other.has_variables {
            return self.is_same_test(other)
                && self.has_variables == other.has_variables
                && match self.is_negated {
                    // A variable without value makes a negated operator true as a whole.
                    true => self.values == other.values,
                    false => self.values.iter().all(|value| other.values.contains(value)),
                };
        }
        let (Some(mine), Some(theirs)) = (Language::of(self), Language::of(other)) else {
            return self.is_same_test(other) && self.values == other.values;
        };
        match (self.is_negated, other.is_negated) {
            (false, false) => mine.is_within(&theirs),
            (false, true) => mine.is_same_kind(&theirs) && mine.is_apart(&theirs),
            (true, true) => mine.is_same_kind(&theirs) && theirs.is_within(&mine),
            (true, false) => false,
        }
    }

    /// Whether an empty text may be among the values, or may be left over by a negated operator.
    fn may_name_empty(&self) -> bool {
        self.is_negated
            || self.has_variables
            || Language::of(self).is_none_or(|language| language.may_hold_empty())
    }

    /// Pays for reading the values of both.
    fn is_paid_with(&self, other: &Self) -> bool {
        let values = self.values.iter().chain(&other.values);
        fuel::spend(values.map(|value| VALUE_STEPS + value.len()).sum())
    }

    /// What holds exactly where this one does not, where one condition says it.
    pub(in crate::reach) fn opposite(&self) -> Option<Self> {
        // Of several values none fits either way. The pages of services call some keys single that hold
        // several, such as `cognito-identity.amazonaws.com:amr`.
        let is_one = || {
            let known = facts().condition_key(self.key());
            known.is_some_and(|known| known.is_global && !known.key_type.is_multivalued)
        };
        if self.quantifier != Quantifier::One
            || self.has_variables
            || self.values.is_empty()
            || !is_one()
        {
            return None;
        }
        match (&self.base, self.values.as_slice()) {
            (Base::Bool, [one]) if TRUE_OR_FALSE.contains(&self.key()) => {
                let other = if one == "true" { "false" } else { "true" };
                let is_settled = ["true", "false"].contains(&one.as_str());
                let opposite = self.with_values(vec![other.to_owned()]);
                is_settled.then_some(Self { if_exists: !self.if_exists, ..opposite })
            }
            // Any text fits these or their negation; what is no ARN or address may fit neither.
            (Base::StringEquals | Base::StringEqualsIgnoreCase | Base::StringLike, _)
                if !self.if_exists =>
            {
                Some(Self { is_negated: !self.is_negated, ..self.clone() })
            }
            _ => None,
        }
    }

    fn is_same_test(&self, other: &Self) -> bool {
        self.base == other.base
            && self.is_negated == other.is_negated
            && !matches!(self.base, Base::Other(_))
    }

    /// Whether it holds only where one of these keys is there.
    pub(in crate::reach) fn asks(&self, keys: &[String]) -> bool {
        keys.contains(&self.key.lower) && self.passes_absent() == Some(false)
    }

    /// Whether both can never hold for the same request, for certain.
    pub fn contradicts(&self, other: &Self) -> bool {
        self.key == other.key
            && self.is_paid_with(other)
            && (self.excludes(other) || other.excludes(self))
    }

    fn excludes(&self, other: &Self) -> bool {
        match (self.null(), other.null()) {
            (Some(true), Some(null)) => return !null,
            (Some(true), None) => return other.passes_absent() == Some(false),
            (Some(false), _) | (None, Some(_)) => return false,
            (None, None) => {}
        }
        // A value of the key is among mine, and the other one speaks about that value too.
        let speaks_of_it = match (self.quantifier, other.quantifier) {
            (Quantifier::Any, Quantifier::Any) | (Quantifier::All, _) => false,
            (Quantifier::One, Quantifier::All) => !self.may_name_empty(),
            _ => true,
        };
        if !self.is_strict() || !speaks_of_it {
            return false;
        }
        if self.has_variables || other.has_variables {
            return other.is_negated
                && self.quantifier == other.quantifier
                && self.base == other.base
                && self.has_variables == other.has_variables
                && self.values == other.values;
        }
        let (Some(mine), Some(theirs)) = (Language::of(self), Language::of(other)) else {
            return false;
        };
        match other.is_negated {
            false => mine.is_apart(&theirs),
            true => mine.is_within(&theirs),
        }
    }
}
