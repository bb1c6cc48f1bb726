//! Conditions of which one rules out the other.

use crate::evaluate::value::{Number, time};
use crate::facts::Presence;
use crate::lint::conditions::{
    AddressRange, SetOperator, conditions_by_key, holds_without_key, is_known, known_key,
    set_operator,
};
use crate::lint::prelude::*;
use crate::pattern::glob_matches;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-never-true",
    title: "Condition that is never true",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "All conditions of a statement must hold at once. When two cannot, the statement does nothing: a Deny that was meant to protect denies nobody.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":"bob"},"StringNotEquals":{"AWS:username":"bob"}}"#).at(r#""AWS:username""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"},"StringLike":{"aws:RequestedRegion":"us-*"}}"#).at(r#""aws:RequestedRegion""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:SourceIp":"true"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).at(r#""aws:SourceIp""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-12-31"},"DateLessThan":{"aws:CurrentTime":"2026-01-01"}}"#).at(r#""aws:CurrentTime""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"5"},"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"5"}}"#).at(r#""aws:MultiFactorAuthAge""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"BoolIfExists":{"aws:SecureTransport":"false"}}"#).at(r#""aws:SecureTransport""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).at(r#""aws:SourceIp""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:SecureTransport":"true"}}"#).at(r#""aws:SecureTransport""#)],
    quiet_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":["bob","eve"]},"StringNotEquals":{"aws:username":"bob"},"Null":{"aws:SourceIp":"true"},"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01"},"DateLessThan":{"aws:CurrentTime":"2026-12-31"},"StringEqualsIfExists":{"aws:username":"a"},"StringLikeIfExists":{"aws:username":"b*"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":"b"},"StringEquals":{"aws:username":"${aws:PrincipalTag/u}"},"StringLike":{"aws:username":"x*"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericGreaterThanEquals":{"aws:MultiFactorAuthAge":"5"},"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"5"}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for group in conditions_by_key(view) {
        let Some((at, why)) = contradiction(&group, input.knows_variables()) else {
            continue;
        };
        let severity = if view.denies() { Severity::High } else { Severity::Medium };
        let message = format!("the conditions on {} never hold: {why}", quoted(&at.condition.key));
        let fix =
            "change or remove one of them; alternatives belong in one list or in two statements";
        found.graded(severity, at.places.key, view.index, message, fix);
    }
}

/// The condition that cannot hold beside the others on its key, and why.
fn contradiction<'g, 'd>(
    group: &'g [ConditionView<'d>],
    has_variables: bool,
) -> Option<(&'g ConditionView<'d>, &'static str)> {
    let absent = group.iter().find(|condition| asks_absence(condition));
    if let Some(absent) = absent {
        if known_key(&absent.condition.key).is_some_and(|known| known.presence == Presence::Always)
        {
            return Some((absent, "every request has this key"));
        }
        let demanding = group.iter().find(|other| {
            is_known(&other.operator)
                && !other.condition.values.is_empty()
                && !holds_without_key(other)
        })?;
        return Some((demanding, "one asks that the key be absent, another for its value"));
    }
    let plain: Vec<&ConditionView<'_>> = group
        .iter()
        .filter(|c| set_operator(c) == SetOperator::None && !c.condition.values.is_empty())
        .filter(|c| !has_variables || !c.values().any(|(value, _)| value.contains("${")))
        .take(CONDITIONS_MAX)
        .collect();
    // Where all hold without the key, a request without it meets them all.
    if plain.iter().all(|condition| holds_without_key(condition)) {
        return None;
    }
    for (at, one) in plain.iter().enumerate() {
        for other in plain.iter().skip(at + 1) {
            if excludes_all(one, other) || excludes_all(other, one) {
                return Some((other, "no value meets both"));
            }
        }
    }
    empty_range(&plain).map(|at| (at, "the range between the bounds is empty"))
}

/// More on one key are not compared.
const CONDITIONS_MAX: usize = 16;

/// Values of two conditions are compared each with each, up to so many pairs.
const PAIRS_MAX: usize = 4096;

fn asks_absence(condition: &ConditionView<'_>) -> bool {
    let values = &condition.condition.values;
    condition.operator.base == "null"
        && set_operator(condition) == SetOperator::None
        && !values.is_empty()
        && values.iter().all(|value| value.eq_ignore_ascii_case("true"))
}

/// Whether every value that `list` names is refused by `other`.
fn excludes_all(list: &ConditionView<'_>, other: &ConditionView<'_>) -> bool {
    let (these, those) = (&list.condition.values, &other.condition.values);
    if these.len().saturating_mul(those.len()) > PAIRS_MAX {
        return false;
    }
    let passes: fn(&str, &str) -> Option<bool> =
        match (list.operator.base.as_str(), other.operator.base.as_str()) {
            ("stringequals", "stringequals" | "stringnotequals") => |a, b| Some(a == b),
            ("stringequals", "stringequalsignorecase" | "stringnotequalsignorecase") => {
                |a, b| Some(a.to_lowercase() == b.to_lowercase())
            }
            ("stringequals", "stringlike" | "stringnotlike") => |a, b| Some(glob_matches(b, a)),
            ("bool", "bool") => |a, b| Some(a.eq_ignore_ascii_case(b)),
            ("ipaddress", "notipaddress") => {
                |a, b| Some(AddressRange::parse(b)?.covers(AddressRange::parse(a)?))
            }
            _ => return false,
        };
    let is_negated = other.operator.is_negative();
    these.iter().all(|a| {
        let mut hits = those.iter().map(|b| passes(a, b));
        // What cannot be compared proves nothing.
        let is_hit = hits.try_fold(false, |any, hit| Some(any | hit?));
        is_hit.is_some_and(|is_hit| is_hit == is_negated)
    })
}

/// The upper bound that lies below a lower one.
fn empty_range<'g, 'd>(plain: &[&'g ConditionView<'d>]) -> Option<&'g ConditionView<'d>> {
    for (is_of_dates, family) in [(true, "date"), (false, "numeric")] {
        let bounds = |which: &'static str| {
            let of_family =
                plain.iter().filter_map(move |c| Some((c, c.operator.base.strip_prefix(family)?)));
            of_family.filter_map(move |(condition, rest)| {
                let rest = rest.strip_prefix(which)?;
                // The least lower bound and the greatest upper bound of a list decide.
                let values: Option<Vec<Bound>> =
                    condition.values().map(|(value, _)| Bound::parse(value, is_of_dates)).collect();
                let values = values?;
                let bound = if which == "lessthan" {
                    values.into_iter().max()
                } else {
                    values.into_iter().min()
                };
                Some((bound?, rest == "equals", *condition))
            })
        };
        for (low, takes_low, _) in bounds("greaterthan") {
            for (high, takes_high, at) in bounds("lessthan") {
                if low > high || (low == high && !(takes_low && takes_high)) {
                    return Some(at);
                }
            }
        }
    }
    None
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    Time(i128),
    Number(Number),
}

impl Bound {
    fn parse(text: &str, is_date: bool) -> Option<Self> {
        if is_date { time(text).map(Bound::Time) } else { Number::parse(text).map(Bound::Number) }
    }
}
