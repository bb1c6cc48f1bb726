//! Conditions that take in every value of their key.

use super::{AddressRange, SetOperator, known_key, set_operator};
use crate::evaluate::value::boolean;
use crate::facts::{Presence, ValueType};
use crate::lint::ConditionView;
use crate::pattern::is_match_all;
use crate::span::Span;

/// A value of a condition that takes in every value of the key.
pub struct OpenValue<'d> {
    /// The value.
    pub text: &'d str,
    /// Where it stands.
    pub span: Span,
    /// What it does, after the value: `fits any text`.
    pub what: &'static str,
}

/// The first value that takes in everything, if one does.
pub fn open_value<'d>(condition: &ConditionView<'d>) -> Option<OpenValue<'d>> {
    let (text, span) = condition.values().find(|(text, _)| what(condition, text).is_some())?;
    Some(OpenValue { text, span, what: what(condition, text)? })
}

fn what(condition: &ConditionView<'_>, value: &str) -> Option<&'static str> {
    let values = &condition.condition.values;
    let known = known_key(&condition.condition.key);
    // A value of another type meets nothing, whatever the list takes in.
    let is_of = |wanted| known.is_none_or(|known| known.key_type.value == wanted);
    match condition.operator.base.as_str() {
        "stringlike" if is_match_all(value) => Some("fits any text"),
        "stringlike" | "arnlike" | "arnequals" if is_any_arn(value) => Some("fits any ARN"),
        "ipaddress"
            if is_of(ValueType::IpAddress) && AddressRange::parse(value)?.is_everything() =>
        {
            Some("holds every address of its kind")
        }
        "bool" if !is_of(ValueType::Bool) => None,
        "bool" | "null"
            if values.iter().any(|other| boolean(other) == boolean(value).map(|is| !is)) =>
        {
            Some("stands beside its opposite")
        }
        "null" if boolean(value) == Some(false) && set_operator(condition) == SetOperator::None => {
            (known?.presence == Presence::Always).then_some("asks for a key that is never absent")
        }
        _ => None,
    }
}

fn is_any_arn(value: &str) -> bool {
    let rest = value.strip_prefix("arn:").unwrap_or_default();
    rest.contains(':')
        && rest.split(':').all(|part| !part.is_empty() && part.bytes().all(|b| b == b'*'))
}
