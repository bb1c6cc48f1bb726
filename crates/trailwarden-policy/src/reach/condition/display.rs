//! Conditions for people, on one line.

use std::fmt;

use super::{Base, Order, Predicate, Quantifier};
use crate::reach::text::visible;

/// When the temporary credentials of a request were issued.
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:TokenIssueTime`.
const SESSION_BEGIN: &str = "aws:tokenissuetime";

impl fmt::Display for Predicate {
    /// For people, on one line: `aws:MultiFactorAuthPresent is true`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        if let Some(absent) = self.null() {
            return write!(f, "`{key}` is {}", if absent { "absent" } else { "present" });
        }
        if let Base::Other(name) = &self.base {
            write!(f, "`{key}`{} holds by `{}` for ", self.if_given(), visible(name))?;
            return write_values(f, &self.values, "or");
        }
        if let (Base::Date(order), SESSION_BEGIN) = (&self.base, self.key()) {
            let begun = match (order, self.is_negated) {
                (Order::Equals, false) => "at",
                (Order::Equals, true) => "not at",
                (Order::LessThan, _) => "before",
                (Order::LessThanEquals, _) => "no later than",
                (Order::GreaterThan, _) => "after",
                (Order::GreaterThanEquals, _) => "no earlier than",
            };
            write!(f, "the session{} began {begun} ", self.if_given())?;
            return write_values(f, &self.values, "or");
        }
        match self.quantifier {
            Quantifier::One => write!(f, "`{key}`")?,
            Quantifier::All => write!(f, "every `{key}`")?,
            Quantifier::Any => write!(f, "some `{key}`")?,
        }
        let (verb, refused) = self.verbs();
        let (verb, between) = match (self.is_negated, self.values.len()) {
            (false, _) => (verb, "or"),
            (true, 0 | 1) => (refused, "nor"),
            (true, _) => (verb, "nor"),
        };
        let neither = if self.is_negated && self.values.len() > 1 { " neither" } else { "" };
        write!(f, "{} {verb}{neither} ", self.if_given())?;
        write_values(f, &self.values, between)
    }
}

impl Predicate {
    /// How the operator reads, and its negation before a single value.
    fn verbs(&self) -> (&'static str, &'static str) {
        match &self.base {
            Base::StringEqualsIgnoreCase => ("is, in any case,", "is not, in any case,"),
            Base::StringLike | Base::ArnLike => ("is like", "is not like"),
            Base::IpAddress => ("is within", "is outside"),
            Base::Numeric(Order::LessThan) | Base::Date(Order::LessThan) => ("is below", ""),
            Base::Numeric(Order::LessThanEquals) | Base::Date(Order::LessThanEquals) => {
                ("is at most", "")
            }
            Base::Numeric(Order::GreaterThan) | Base::Date(Order::GreaterThan) => ("is above", ""),
            Base::Numeric(Order::GreaterThanEquals) | Base::Date(Order::GreaterThanEquals) => {
                ("is at least", "")
            }
            Base::Null => ("is null:", ""),
            _ => ("is", "is not"),
        }
    }

    fn if_given(&self) -> &'static str {
        match (self.if_exists, self.key()) {
            (false, _) => "",
            (true, SESSION_BEGIN) => ", if there is one,",
            (true, _) => ", if given,",
        }
    }
}

/// At most three values; the rest is counted.
fn write_values(f: &mut fmt::Formatter<'_>, values: &[String], between: &str) -> fmt::Result {
    for (at, value) in values.iter().take(3).enumerate() {
        if at > 0 {
            write!(f, " {between} ")?;
        }
        write!(f, "`{}`", visible(value))?;
    }
    match values.len().checked_sub(3) {
        Some(more) if more > 0 => write!(f, " {between} {more} more"),
        _ => Ok(()),
    }
}
