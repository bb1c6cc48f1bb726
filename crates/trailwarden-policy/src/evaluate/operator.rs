//! The operators: what each asks of its values.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators".

use std::cmp::Ordering;

use super::template::{Piece, Syntax, Template, pieces};
use super::value::{self, Network, Number};
use crate::pattern::Token;

/// The values of the policy, by type. A value of the wrong form is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Text(Vec<Template>),
    TextIgnoringCase(Vec<Template>),
    Arn(Vec<Option<Box<[Template; 6]>>>),
    Number(Order, Vec<Option<Number>>),
    Time(Order, Vec<Option<i128>>),
    Boolean(Vec<Template>),
    Binary(Vec<Box<str>>),
    Address(Vec<Option<Network>>),
    /// Whether the key may be absent, whether it may be present.
    Null {
        absent: bool,
        present: bool,
    },
    /// An operator that is not known here, or one in a form that does not exist.
    Unknown,
}

/// Which results of comparing the request with the policy count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Order::Equal => ordering.is_eq(),
            Order::Less => ordering.is_lt(),
            Order::LessOrEqual => ordering.is_le(),
            Order::Greater => ordering.is_gt(),
            Order::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// The test that an operator asks for, given its name in lower case, and whether it is negated.
pub(super) fn test(operator: &str, values: &[String], variables: bool) -> (Test, bool) {
    let texts = |wildcards| {
        values.iter().map(|v| Template::new(v, Syntax { wildcards, variables })).collect()
    };
    let arns = || Test::Arn(values.iter().map(|value| arn(value, variables)).collect());
    let networks = || Test::Address(values.iter().map(|value| Network::parse(value)).collect());
    let negated = matches!(
        operator,
        "stringnotequals"
            | "stringnotlike"
            | "stringnotequalsignorecase"
            | "arnnotequals"
            | "arnnotlike"
            | "numericnotequals"
            | "datenotequals"
            | "notipaddress"
    );
    let test = match operator {
        "stringequals" | "stringnotequals" => Test::Text(texts(false)),
        "stringequalsignorecase" | "stringnotequalsignorecase" => {
            Test::TextIgnoringCase(texts(false))
        }
        "stringlike" | "stringnotlike" => Test::Text(texts(true)),
        "arnequals" | "arnlike" | "arnnotequals" | "arnnotlike" => arns(),
        "bool" => Test::Boolean(texts(false)),
        "binaryequals" => {
            Test::Binary(values.iter().map(|value| value.trim_end_matches('=').into()).collect())
        }
        "ipaddress" | "notipaddress" => networks(),
        "null" => {
            let has = |wanted| values.iter().any(|v| value::boolean(v) == Some(wanted));
            Test::Null { absent: has(true), present: has(false) }
        }
        other => ordered(other, values),
    };
    (test, negated)
}

fn ordered(operator: &str, values: &[String]) -> Test {
    let order = |name: &str| {
        Some(match name {
            "equals" | "notequals" => Order::Equal,
            "lessthan" => Order::Less,
            "lessthanequals" => Order::LessOrEqual,
            "greaterthan" => Order::Greater,
            "greaterthanequals" => Order::GreaterOrEqual,
            _ => return None,
        })
    };
    if let Some(order) = operator.strip_prefix("numeric").and_then(order) {
        return Test::Number(order, values.iter().map(|value| Number::parse(value)).collect());
    }
    if let Some(order) = operator.strip_prefix("date").and_then(order) {
        return Test::Time(order, values.iter().map(|value| value::time(value)).collect());
    }
    Test::Unknown
}

/// Splits a pattern at its colons, but not at those inside a variable.
fn arn(value: &str, variables: bool) -> Option<Box<[Template; 6]>> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces(value, Syntax { wildcards: true, variables }) {
        if piece == Piece::Token(Token::Byte(b':')) && parts.len() < 6 {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(piece);
        }
    }
    let parts: Vec<Template> = parts.into_iter().map(Template::from_pieces).collect();
    let six: [Template; 6] = parts.try_into().ok()?;
    (six.first() == Some(&Template::Exact("arn".into()))).then(|| Box::new(six))
}
