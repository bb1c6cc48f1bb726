//! A rule's logic, compiled: what to ask of a record and how the answers combine.
//!
//! # Semantics
//! - A field matches when *any* of its values does: of an array any element, through an array of
//!   objects any object. `all` wants every listed value to be met, each by any of them.
//! - `null` is met by an absent field and by a JSON null. `exists` asks for the key alone.
//! - `neq` wants the field to be there and none of its values to match.
//! - Numbers and booleans are equal to their text, so `"false"` and `false` are one.

use std::net::IpAddr;

use regex::Regex;
use sonic_rs::{JsonValueTrait, Value, ValueRef};

use super::comparison::{Comparison, DatePart, Network, Part};
use super::field;
use super::pattern::Pattern;
use super::record::{Field, Record, Roots};

/// A question with a yes or a no.
#[derive(Debug)]
pub(crate) enum Expression {
    /// Every part; yes when there are none.
    All(Vec<Expression>),
    /// Any part; no when there are none.
    Any(Vec<Expression>),
    /// The contrary.
    Not(Box<Expression>),
    /// So many of the parts at least.
    AtLeast(u64, Vec<Expression>),
    /// A question about one field.
    Item(Item),
}

/// A field and what is wanted of it.
#[derive(Debug)]
pub(crate) struct Item {
    /// The dotted path; None asks every value of the record (keywords).
    pub(crate) field: Option<Field>,
    /// What is wanted.
    pub(crate) wanted: Wanted,
}

/// What is wanted of a field.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// The key is there (or is not).
    Exists(bool),
    /// One of the values is met.
    AnyOf(Vec<Matcher>),
    /// Each of the values is met; a value may have several forms.
    AllOf(Vec<Vec<Matcher>>),
    /// The field is there and the contrary holds of its values.
    Differs(Box<Wanted>),
}

/// One value of a rule.
#[derive(Debug)]
pub(crate) enum Matcher {
    /// Absent or JSON null.
    Null,
    /// A text with wildcards.
    Text(Pattern),
    /// A number, by value, or by its text.
    Number { value: f64, whole: Option<i64>, text: String },
    /// A boolean, or its text.
    Bool(bool),
    /// A regular expression found anywhere in the text.
    Regex(Regex),
    /// An address within the network.
    Network(Network),
    /// A number compared.
    Compare(Comparison, f64),
    /// The same as (or a part of) another field's value.
    Reference { field: Field, part: Part, cased: bool },
    /// A part of a date, UTC, compared.
    Date(DatePart, Comparison, f64),
}

impl Expression {
    /// The answer for one record.
    pub(crate) fn is_match(&self, record: &Record<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_match(record)),
            Self::Any(parts) => parts.iter().any(|part| part.is_match(record)),
            Self::Not(part) => !part.is_match(record),
            Self::AtLeast(wanted, parts) => {
                let met = parts.iter().filter(|part| part.is_match(record)).count();
                u64::try_from(met).is_ok_and(|met| met >= *wanted)
            }
            Self::Item(item) => item.wanted.is_met(item.field.as_ref(), record),
        }
    }
}

impl Expression {
    /// Makes it quick: gives its fields their places, and asks the cheap questions first.
    pub(crate) fn prepare(&mut self, roots: &mut Roots) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter_mut().for_each(|part| part.prepare(roots));
                // The order of questions does not change the answer.
                parts.sort_by_key(Self::cost);
            }
            Self::AtLeast(_, parts) => parts.iter_mut().for_each(|part| part.prepare(roots)),
            Self::Not(part) => part.prepare(roots),
            Self::Item(item) => {
                item.field.iter_mut().for_each(|field| roots.assign(field));
                item.wanted.prepare(roots);
            }
        }
    }

    fn cost(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().map(Self::cost).sum()
            }
            Self::Not(part) => part.cost(),
            Self::Item(Item { field: None, .. }) => 1_000,
            Self::Item(Item { field: Some(field), wanted }) => {
                wanted.cost() + field.path().matches('.').count()
            }
        }
    }
}

impl Wanted {
    fn prepare(&mut self, roots: &mut Roots) {
        let each = |matchers: &mut Vec<Matcher>, roots: &mut Roots| {
            for matcher in matchers {
                if let Matcher::Reference { field, .. } = matcher {
                    roots.assign(field);
                }
            }
        };
        match self {
            Self::Exists(_) => {}
            Self::AnyOf(matchers) => each(matchers, roots),
            Self::AllOf(values) => values.iter_mut().for_each(|forms| each(forms, roots)),
            Self::Differs(wanted) => wanted.prepare(roots),
        }
    }

    fn cost(&self) -> usize {
        let each = |matchers: &Vec<Matcher>| -> usize {
            let cost = |matcher: &Matcher| match matcher {
                Matcher::Text(pattern) if pattern.exact().is_some() => 1,
                Matcher::Null | Matcher::Bool(_) | Matcher::Number { .. } => 1,
                Matcher::Regex(_) => 20,
                _ => 4,
            };
            matchers.iter().map(cost).sum()
        };
        match self {
            Self::Exists(_) => 1,
            Self::AnyOf(matchers) => each(matchers),
            Self::AllOf(values) => values.iter().map(each).sum(),
            Self::Differs(wanted) => wanted.cost(),
        }
    }

    fn is_met(&self, field: Option<&Field>, record: &Record<'_>) -> bool {
        match self {
            Self::Exists(wanted) => is_there(field, record) == *wanted,
            Self::AnyOf(matchers) => {
                let mut seen = false;
                let mut any = |value| {
                    seen = true;
                    matchers.iter().any(|matcher| matcher.is_match(value, record))
                };
                let met = any_element(field, record, &mut any);
                met || (!seen
                    && matchers.iter().any(|matcher| matches!(matcher, Matcher::Null))
                    && !is_there(field, record))
            }
            Self::AllOf(values) => {
                let mut found = Vec::new();
                let mut collect = |value| {
                    found.push(value);
                    false
                };
                any_element(field, record, &mut collect);
                let absent = found.is_empty() && !is_there(field, record);
                values.iter().all(|forms| {
                    forms.iter().any(|form| {
                        (absent && matches!(form, Matcher::Null))
                            || found.iter().any(|value| form.is_match(value, record))
                    })
                })
            }
            Self::Differs(wanted) => is_there(field, record) && !wanted.is_met(field, record),
        }
    }
}

fn is_there(field: Option<&Field>, record: &Record<'_>) -> bool {
    field.is_none_or(|field| record.any_value(field, &mut |_| true))
}

/// Visits the field's values, arrays by their elements; without a field, every leaf of the record.
fn any_element<'v>(
    field: Option<&Field>,
    record: &Record<'v>,
    visit: &mut dyn FnMut(&'v Value) -> bool,
) -> bool {
    match field {
        Some(field) => record.any_value(field, &mut |value| field::elements(value, visit)),
        None => field::any_leaf(record.value(), visit),
    }
}

impl Matcher {
    fn is_match(&self, value: &Value, record: &Record<'_>) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Text(pattern) => {
                field::text(value).is_some_and(|text| pattern.is_match(&text))
                    || (pattern.is_escapable()
                        && field::unescaped_text(value).is_some_and(|text| pattern.is_match(&text)))
            }
            Self::Regex(regex) => {
                field::text(value).is_some_and(|text| regex.is_match(&text))
                    || field::unescaped_text(value).is_some_and(|text| regex.is_match(&text))
            }
            Self::Number { value: wanted, whole, text } => match value.as_ref() {
                ValueRef::String(found) => found == text,
                ValueRef::Number(_) => match (whole, value.as_i64()) {
                    (Some(whole), Some(found)) => *whole == found,
                    _ => value.as_f64().is_some_and(|found| found == *wanted),
                },
                _ => false,
            },
            Self::Bool(wanted) => match value.as_ref() {
                ValueRef::Bool(found) => found == *wanted,
                ValueRef::String(found) => {
                    found.eq_ignore_ascii_case(if *wanted { "true" } else { "false" })
                }
                _ => false,
            },
            Self::Network(network) => value
                .as_str()
                .and_then(|text| text.parse::<IpAddr>().ok())
                .is_some_and(|address| network.contains(address)),
            Self::Compare(comparison, wanted) => {
                number(value).is_some_and(|found| comparison.holds(found, *wanted))
            }
            Self::Reference { field, part, cased } => {
                let Some(text) = field::text(value) else { return false };
                any_element(Some(field), record, &mut |other| {
                    field::text(other).is_some_and(|other| part.is_match(&text, &other, *cased))
                })
            }
            Self::Date(part, comparison, wanted) => {
                part.of(value).is_some_and(|found| comparison.holds(f64::from(found), *wanted))
            }
        }
    }
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<f64> {
    let number = match value.as_str() {
        Some(text) => text.parse().ok()?,
        None => value.as_f64()?,
    };
    number.is_finite().then_some(number)
}
