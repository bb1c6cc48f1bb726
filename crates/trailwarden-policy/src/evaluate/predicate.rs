//! Conditions, typed once and answered with three values.
//!
//! # What decides
//! - The values of one key are alternatives; of a negated operator none may match.
//! - A missing key fails a positive operator and passes a negated one; `...IfExists` passes it.
//! - `ForAllValues` passes a missing or empty key, `ForAnyValue` does not; what `ForAnyValue` with
//!   `...IfExists` does is not told, and unknown.
//! - A multivalued key needs a set operator: without one it does not match, negated or not.
//! - A value of the wrong type matches nothing, negated or not.
//! - A variable without a value matches nothing, so that a negated operator succeeds.
//! - A value that the key never has matches nothing, whatever is unknown.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with
//! multiple context keys or values", "Set operators for multivalued context keys", "IAM policy
//! elements: Variables and tags".

use std::net::IpAddr;

use super::context::{Context, Found};
use super::operator::{Order, Test, test};
use super::template::{Fit, Template};
use super::truth::Truth;
use super::value::{self, Number};
use crate::condition::{Condition, is_exact, is_multivalued, is_possible};
use crate::pattern::components;

/// One condition, ready to test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Predicate {
    /// In lower case.
    key: Box<str>,
    set: Option<Set>,
    if_exists: bool,
    is_negated: bool,
    test: Test,
    /// Whether it names only values that the key never has, so that those it has do not matter.
    is_idle: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    All,
    Any,
}

/// How one value of the request compares with one of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    Yes,
    No,
    WrongType,
    Unknown,
}

impl From<Fit> for Compared {
    fn from(fit: Fit) -> Self {
        match fit {
            Fit::Yes => Compared::Yes,
            Fit::No | Fit::Unset => Compared::No,
            Fit::Unknown => Compared::Unknown,
        }
    }
}

impl Predicate {
    /// Reads a condition; `variables` says whether the version of the policy has them.
    pub(super) fn new(condition: &Condition, variables: bool) -> Self {
        let name = condition.operator.to_ascii_lowercase();
        let (set, rest) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Set::All), rest),
            Some(("foranyvalue", rest)) => (Some(Set::Any), rest),
            _ => (None, name.as_str()),
        };
        let base = rest.strip_suffix("ifexists");
        let if_exists = base.is_some();
        let (test, is_negated) = test(base.unwrap_or(rest), &condition.values, variables);
        let is_idle = is_exact(base.unwrap_or(rest))
            && !condition.values.is_empty()
            && condition.values.iter().all(|value| !is_possible(&condition.key, value))
            && !(is_negated && set.is_none() && is_multivalued(&condition.key));
        let is_odd = matches!(test, Test::Null { .. }) && (if_exists || set.is_some());
        Self {
            key: condition.key.to_lowercase().into(),
            set,
            if_exists,
            is_negated,
            test: if is_odd { Test::Unknown } else { test },
            is_idle,
        }
    }

    /// Whether the operator is known here.
    pub(super) fn is_understood(&self) -> bool {
        self.test != Test::Unknown
    }

    pub(super) fn holds(&self, context: &Context) -> Truth {
        let found = context.get(&self.key);
        match &self.test {
            Test::Unknown => return Truth::Unknown,
            Test::Null { absent, present } if absent == present => return (*absent).into(),
            Test::Null { absent, present } => {
                return match found {
                    Found::Absent => (*absent).into(),
                    Found::One(_) | Found::Many(_) | Found::Starts(_) => (*present).into(),
                    Found::Between { may_be_absent: false, .. } => (*present).into(),
                    Found::Between { .. } | Found::Unknown => Truth::Unknown,
                };
            }
            _ => {}
        }
        match (found, self.set) {
            (Found::Unknown, _) if self.is_idle => {
                self.without_key().if_same(self.is_negated.into())
            }
            (Found::Unknown, _) => Truth::Unknown,
            (Found::Starts(start), _) => self.start_holds(start),
            (Found::Between { from, to, may_be_absent }, _) => {
                let given = self.all_between_hold(from, to);
                if may_be_absent { self.without_key().if_same(given) } else { given }
            }
            (Found::Absent, _) => self.without_key(),
            (Found::One(value), None) => self.value_holds(value, context),
            (Found::Many(_), None) => Truth::False,
            // "An empty data set, for example an empty string" (set operators).
            (Found::One(""), Some(set)) => (set == Set::All).into(),
            (Found::One(value), Some(_)) => self.value_holds(value, context),
            (Found::Many(values), Some(set)) => self.values_hold(values, set, context),
        }
    }

    /// Where the key is absent.
    fn without_key(&self) -> Truth {
        match self.set {
            // One page says that the key is not asked, another that no value is no match.
            Some(Set::Any) if self.if_exists => Truth::Unknown,
            _ if self.if_exists => Truth::True,
            Some(set) => (set == Set::All).into(),
            None => self.is_negated.into(),
        }
    }

    /// Of a time between two others, in seconds.
    fn all_between_hold(&self, from: i64, to: i64) -> Truth {
        let Test::Time(order, times) = &self.test else { return Truth::Unknown };
        let [from, to] = [from, to].map(|second| i128::from(second) * value::NANOSECONDS);
        let mut hit = Truth::False;
        for time in times {
            let Some(time) = time else { return Truth::Unknown };
            let (first, last) = (order.holds(from.cmp(time)), order.holds(to.cmp(time)));
            let is_within = *order == Order::Equal && from < *time && *time < to;
            hit = hit.or(match (first, last) {
                (true, true) => Truth::True,
                (false, false) if !is_within => Truth::False,
                _ => Truth::Unknown,
            });
        }
        if self.is_negated { hit.not() } else { hit }
    }

    fn values_hold(&self, values: &[String], set: Set, context: &Context) -> Truth {
        if values.iter().all(String::is_empty) {
            return (set == Set::All).into();
        }
        let each = values.iter().map(|value| self.value_holds(value, context));
        match set {
            Set::All => each.fold(Truth::True, Truth::and),
            Set::Any => each.fold(Truth::False, Truth::or),
        }
    }

    /// A value of the request that begins so against all of the policy.
    fn start_holds(&self, start: &str) -> Truth {
        let Test::Text(templates) = &self.test else { return Truth::Unknown };
        let fits = templates.iter().map(|template| template.fit_start(start));
        let hit = fits.fold(Truth::False, Truth::or);
        if self.is_negated { hit.not() } else { hit }
    }

    /// One value of the request against all of the policy.
    fn value_holds(&self, value: &str, context: &Context) -> Truth {
        let (mut wrong, mut unknown) = (false, false);
        let mut hit = false;
        self.compare(value, context, |compared| {
            match compared {
                Compared::Yes => hit = true,
                Compared::No => {}
                Compared::WrongType => wrong = true,
                Compared::Unknown => unknown = true,
            }
            !hit
        });
        if hit {
            return (!self.is_negated).into();
        }
        match self.is_negated {
            true if wrong => Truth::False,
            _ if unknown => Truth::Unknown,
            negated => negated.into(),
        }
    }

    /// Calls `next` for each value of the policy until it answers `false`.
    fn compare(&self, value: &str, context: &Context, mut next: impl FnMut(Compared) -> bool) {
        let typed = |holds: Option<bool>| match holds {
            Some(true) => Compared::Yes,
            Some(false) => Compared::No,
            None => Compared::WrongType,
        };
        match &self.test {
            Test::Text(templates) => {
                templates.iter().all(|t| next(t.fit(value, context).into()));
            }
            Test::TextIgnoringCase(templates) => {
                templates.iter().all(|t| next(t.fit_ignoring_case(value, context).into()));
            }
            Test::Arn(patterns) => {
                let value = components(value);
                patterns.iter().all(|pattern| {
                    next(match (pattern, value) {
                        (Some(pattern), Some(value)) => arn_fits(pattern, value, context),
                        _ => Compared::WrongType,
                    })
                });
            }
            Test::Number(order, numbers) => {
                let value = Number::parse(value);
                numbers.iter().all(|number| {
                    let both = value.as_ref().zip(number.as_ref());
                    next(typed(both.map(|(value, number)| order.holds(value.cmp(number)))))
                });
            }
            Test::Time(order, times) => {
                let value = value::time(value);
                times.iter().all(|time| {
                    next(typed(value.zip(*time).map(|(value, time)| order.holds(value.cmp(&time)))))
                });
            }
            Test::Boolean(templates) => {
                let value = value::boolean(value);
                templates.iter().all(|template| {
                    next(match template.text(context) {
                        Ok(wanted) => typed(
                            value.zip(value::boolean(&wanted)).map(|(has, wanted)| has == wanted),
                        ),
                        Err(fit) => fit.into(),
                    })
                });
            }
            Test::Binary(encoded) => {
                let value = value.trim_end_matches('=');
                encoded.iter().all(|wanted| next(typed(Some(**wanted == *value))));
            }
            Test::Address(networks) => {
                let value: Option<IpAddr> = value.parse().ok();
                networks.iter().all(|network| {
                    let both = value.zip(*network);
                    next(typed(both.map(|(address, network)| network.contains(address))))
                });
            }
            Test::Null { .. } | Test::Unknown => {}
        }
    }

    /// The keys that would decide a condition that is not decided.
    pub(super) fn unknown_keys<'a>(&'a self, context: &'a Context, add: &mut impl FnMut(&'a str)) {
        if matches!(
            context.get(&self.key),
            Found::Unknown | Found::Starts(_) | Found::Between { .. }
        ) {
            add(&self.key);
            return;
        }
        let templates: &[Template] = match &self.test {
            Test::Text(all) | Test::TextIgnoringCase(all) | Test::Boolean(all) => all,
            Test::Arn(all) => {
                let all = all.iter().flatten().flat_map(|six| six.iter());
                all.flat_map(|t| t.unknown_keys(context)).for_each(add);
                return;
            }
            _ => &[],
        };
        templates.iter().flat_map(|t| t.unknown_keys(context)).for_each(add);
    }
}

/// Component by component. One that does not fit decides, whatever the unknown ones are.
fn arn_fits(pattern: &[Template; 6], value: [&str; 6], context: &Context) -> Compared {
    let mut all = Compared::Yes;
    for (pattern, value) in pattern.iter().zip(value) {
        match pattern.fit(value, context) {
            Fit::Yes => {}
            Fit::No | Fit::Unset => return Compared::No,
            Fit::Unknown => all = Compared::Unknown,
        }
    }
    all
}
