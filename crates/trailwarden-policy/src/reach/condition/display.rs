//! Conditions for people, on one line.

use std::fmt;

use super::{Base, Order, Predicate, Quantifier};
use crate::reach::text::visible;

impl fmt::Display for Predicate {
    /// For people, on one line: `aws:multifactorauthpresent is true`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = visible(&self.key);
        if let Some(absent) = self.null() {
            return write!(f, "`{key}` is {}", if absent { "absent" } else { "present" });
        }
        let verb = match (&self.base, self.is_negated) {
            (Base::StringEquals | Base::BinaryEquals | Base::Bool, false) => "is",
            (Base::StringEquals, true) => "is not",
            (Base::StringEqualsIgnoreCase, false) => "is, in any case,",
            (Base::StringEqualsIgnoreCase, true) => "is not, in any case,",
            (Base::StringLike | Base::ArnLike, false) => "is like",
            (Base::StringLike | Base::ArnLike, true) => "is not like",
            (Base::IpAddress, false) => "is within",
            (Base::IpAddress, true) => "is outside",
            (Base::Numeric(order) | Base::Date(order), negated) => match (order, negated) {
                (Order::Equals, false) => "is",
                (Order::Equals, true) => "is not",
                (Order::LessThan, _) => "is below",
                (Order::LessThanEquals, _) => "is at most",
                (Order::GreaterThan, _) => "is above",
                (Order::GreaterThanEquals, _) => "is at least",
            },
            (Base::Other(name), _) => return write_other(f, name, self),
            (Base::Null, _) => "is null:",
            (Base::Bool | Base::BinaryEquals, true) => "is not",
        };
        match self.quantifier {
            Quantifier::One => write!(f, "`{key}` {verb} ")?,
            Quantifier::All => write!(f, "every `{key}` {verb} ")?,
            Quantifier::Any => write!(f, "some `{key}` {verb} ")?,
        }
        write_values(f, &self.values)?;
        if self.if_exists { f.write_str(", or is absent") } else { Ok(()) }
    }
}

fn write_other(f: &mut fmt::Formatter<'_>, name: &str, predicate: &Predicate) -> fmt::Result {
    write!(f, "`{}` holds by `{}` for ", visible(&predicate.key), visible(name))?;
    write_values(f, &predicate.values)
}

/// At most three values; the rest is counted.
fn write_values(f: &mut fmt::Formatter<'_>, values: &[String]) -> fmt::Result {
    for (at, value) in values.iter().take(3).enumerate() {
        let before = if at == 0 { "" } else { " or " };
        write!(f, "{before}`{}`", visible(value))?;
    }
    match values.len().checked_sub(3) {
        Some(more) if more > 0 => write!(f, " or {more} more"),
        _ => Ok(()),
    }
}
