//! The names of operators.

use super::{Base, Order};

impl Order {
    pub(super) fn name(self, is_negated: bool) -> &'static str {
        match self {
            Order::Equals if is_negated => "NotEquals",
            Order::Equals => "Equals",
            Order::LessThan => "LessThan",
            Order::LessThanEquals => "LessThanEquals",
            Order::GreaterThan => "GreaterThan",
            Order::GreaterThanEquals => "GreaterThanEquals",
        }
    }
}

pub(super) fn base(name: &str) -> (Base, bool) {
    let ordered = |rest: &str| {
        Some(match rest {
            "equals" => (Order::Equals, false),
            "notequals" => (Order::Equals, true),
            "lessthan" => (Order::LessThan, false),
            "lessthanequals" => (Order::LessThanEquals, false),
            "greaterthan" => (Order::GreaterThan, false),
            "greaterthanequals" => (Order::GreaterThanEquals, false),
            _ => return None,
        })
    };
    match name {
        "stringequals" => (Base::StringEquals, false),
        "stringnotequals" => (Base::StringEquals, true),
        "stringequalsignorecase" => (Base::StringEqualsIgnoreCase, false),
        "stringnotequalsignorecase" => (Base::StringEqualsIgnoreCase, true),
        "stringlike" => (Base::StringLike, false),
        "stringnotlike" => (Base::StringLike, true),
        "arnequals" | "arnlike" => (Base::ArnLike, false),
        "arnnotequals" | "arnnotlike" => (Base::ArnLike, true),
        "ipaddress" => (Base::IpAddress, false),
        "notipaddress" => (Base::IpAddress, true),
        "bool" => (Base::Bool, false),
        "binaryequals" => (Base::BinaryEquals, false),
        "null" => (Base::Null, false),
        _ => {
            let numeric = name.strip_prefix("numeric").and_then(ordered);
            let date = name.strip_prefix("date").and_then(ordered);
            match (numeric, date) {
                (Some((order, negated)), _) => (Base::Numeric(order), negated),
                (_, Some((order, negated))) => (Base::Date(order), negated),
                _ => (Base::Other(name.to_owned()), false),
            }
        }
    }
}
