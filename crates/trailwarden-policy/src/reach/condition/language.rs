//! The values that a condition names, as a set of its type: included in another, or apart.
//!
//! Both answers are given only when certain; sets of different types are compared where one type
//! speaks of the other's texts (strings and ARNs), and otherwise not at all.

mod interval;
mod network;

use super::{Base, Predicate};
use crate::reach::areas::Areas;
use crate::reach::glob::Glob;
use interval::{Interval, date, intervals, number};
use network::Network;

/// A set of values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Language {
    Texts(Vec<Glob>),
    /// Texts in lower case, compared without case; ASCII only.
    Folded(Vec<String>),
    /// Patterns of six parts, each matched by itself.
    Arns(Vec<Glob>),
    Networks(Vec<Network>),
    Numbers(Vec<Interval>),
    Dates(Vec<Interval>),
    Bools(Vec<String>),
    Bytes(Vec<String>),
}

impl Language {
    /// The values of a condition; `None` when one of them cannot be read as its type.
    pub(super) fn of(predicate: &Predicate) -> Option<Self> {
        let values = &predicate.values;
        if values.is_empty() || predicate.has_variables {
            return None;
        }
        let all_ascii = || values.iter().all(|value| value.is_ascii());
        Some(match &predicate.base {
            Base::StringEquals => {
                Self::Texts(values.iter().map(|value| Glob::literal(value)).collect())
            }
            Base::StringLike => {
                Self::Texts(values.iter().map(|value| Glob::plain(value)).collect())
            }
            Base::StringEqualsIgnoreCase if all_ascii() => {
                Self::Folded(values.iter().map(|value| value.to_ascii_lowercase()).collect())
            }
            Base::ArnLike => {
                let arns: Vec<Glob> = values.iter().map(|value| Glob::plain(value)).collect();
                let is_arn = |arn: &Glob| arn.arn_part(0)?.as_literal();
                let is_whole = arns.iter().all(|arn| is_arn(arn).as_deref() == Some("arn"));
                return is_whole.then_some(Self::Arns(arns));
            }
            Base::IpAddress => {
                Self::Networks(values.iter().map(|v| Network::parse(v)).collect::<Option<_>>()?)
            }
            Base::Numeric(order) => Self::Numbers(intervals(values, *order, number)?),
            Base::Date(order) => Self::Dates(intervals(values, *order, date)?),
            Base::Bool if values.iter().all(|v| v == "true" || v == "false") => {
                Self::Bools(values.clone())
            }
            Base::BinaryEquals => Self::Bytes(
                // Padding does not count.
                values.iter().map(|value| value.trim_end_matches('=').to_owned()).collect(),
            ),
            _ => return None,
        })
    }

    /// Whether the empty text may be in it.
    pub(super) fn may_hold_empty(&self) -> bool {
        match self {
            Self::Texts(globs) => globs.iter().any(|glob| glob.matches("")),
            Self::Folded(texts) | Self::Bytes(texts) => texts.iter().any(String::is_empty),
            _ => false,
        }
    }

    pub(super) fn is_same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Whether every value is in `other`, for certain.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Texts(a), Self::Texts(b)) => {
                a.iter().all(|one| b.contains(one)) || {
                    Areas::of_globs(b.iter().cloned()).covers(&Areas::of_globs(a.iter().cloned()))
                }
            }
            (Self::Texts(a), Self::Folded(b)) => {
                all_literals(a, |text| text.is_ascii() && b.contains(&text.to_ascii_lowercase()))
            }
            (Self::Texts(a), Self::Arns(b)) => all_literals(a, |text| {
                b.iter().any(|pattern| arn_covers(pattern, &Glob::literal(text)))
            }),
            (Self::Arns(a), Self::Arns(b)) => {
                a.iter().all(|one| b.iter().any(|pattern| arn_covers(pattern, one)))
            }
            (Self::Arns(a), Self::Texts(b)) => {
                a.iter().all(|one| b.iter().any(|pattern| pattern.covers(one)))
            }
            (Self::Networks(a), Self::Networks(b)) => {
                a.iter().all(|one| b.iter().any(|block| one.is_within(block)))
            }
            (Self::Numbers(a), Self::Numbers(b)) | (Self::Dates(a), Self::Dates(b)) => {
                a.iter().all(|one| b.iter().any(|interval| one.is_within(interval)))
            }
            (Self::Folded(a), Self::Folded(b))
            | (Self::Bools(a), Self::Bools(b))
            | (Self::Bytes(a), Self::Bytes(b)) => a.iter().all(|one| b.contains(one)),
            _ => false,
        }
    }

    /// Whether no value is in both, for certain.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Texts(a), Self::Texts(b)) => {
                a.iter().all(|one| b.iter().all(|two| !one.intersects(two)))
            }
            (Self::Texts(a), Self::Folded(b)) | (Self::Folded(b), Self::Texts(a)) => {
                all_literals(a, |text| text.is_ascii() && !b.contains(&text.to_ascii_lowercase()))
            }
            (Self::Texts(a), Self::Arns(b)) | (Self::Arns(b), Self::Texts(a)) => {
                a.iter().all(|one| b.iter().all(|two| !one.intersects(two)))
            }
            (Self::Arns(a), Self::Arns(b)) => {
                a.iter().all(|one| b.iter().all(|two| arns_apart(one, two)))
            }
            (Self::Networks(a), Self::Networks(b)) => {
                let apart = |x: &Network, y: &Network| !x.meets_within(y) && !y.meets_within(x);
                a.iter().all(|one| b.iter().all(|two| apart(one, two)))
            }
            (Self::Numbers(a), Self::Numbers(b)) | (Self::Dates(a), Self::Dates(b)) => {
                a.iter().all(|one| b.iter().all(|two| one.is_apart(two)))
            }
            (Self::Folded(a), Self::Folded(b))
            | (Self::Bools(a), Self::Bools(b))
            | (Self::Bytes(a), Self::Bytes(b)) => !a.iter().any(|one| b.contains(one)),
            _ => false,
        }
    }
}

fn all_literals(globs: &[Glob], holds: impl Fn(&str) -> bool) -> bool {
    globs.iter().all(|glob| glob.as_literal().is_some_and(|text| holds(&text)))
}

/// `ArnLike` matches part by part, so a `*` does not cross a colon before the resource.
fn arn_covers(pattern: &Glob, other: &Glob) -> bool {
    (0..6).all(|at| match (pattern.arn_part(at), other.arn_part(at)) {
        (Some(pattern), Some(other)) => pattern.covers(&other),
        _ => false,
    })
}

fn arns_apart(a: &Glob, b: &Glob) -> bool {
    (0..6).any(|at| match (a.arn_part(at), b.arn_part(at)) {
        (Some(a), Some(b)) => !a.intersects(&b),
        _ => false,
    })
}
