//! Comparisons of the effect with literals.

use std::collections::BTreeSet;

use cedar_policy::pst::{BinaryOp, Expr, Literal};
use trailwarden_model::Severity;

use super::limits::{ALL, Ranks};
use super::{Outcomes, effect_attribute, moved};
use crate::asked::{Grade, severity_rank};
use crate::conditions::string;

/// Where a comparison with a literal is true, and where it is false.
pub(super) fn comparison(op: BinaryOp, left: &Expr, right: &Expr) -> Outcomes {
    if let Some(attribute) = effect_attribute(right) {
        // `[...].contains(x)` and `[...].containsAll(x)` read their attribute on the right.
        return match op {
            BinaryOp::Contains => one_of(attribute, left),
            BinaryOp::ContainsAll if attribute == "gained" => gained(left),
            _ => mirrored(op).map_or_else(Outcomes::either, |op| compared(op, attribute, left)),
        };
    }
    match effect_attribute(left) {
        Some(attribute) => compared(op, attribute, right),
        None => Outcomes::either(),
    }
}

/// The operator with its sides exchanged.
fn mirrored(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Eq | BinaryOp::NotEq => op,
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEq => BinaryOp::GreaterEq,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEq => BinaryOp::LessEq,
        _ => return None,
    })
}

/// `context.effect.attribute` compared with a literal.
fn compared(op: BinaryOp, attribute: &str, literal: &Expr) -> Outcomes {
    if op == BinaryOp::NotEq {
        return compared(BinaryOp::Eq, attribute, literal).swapped();
    }
    let is_equal = op == BinaryOp::Eq;
    match (attribute, literal) {
        ("grade_after_rank", Expr::Literal(Literal::Long(number))) => ranked(op, *number)
            .map_or_else(Outcomes::either, |(yes, no)| Outcomes::of_grades(yes, no)),
        ("severity_rank", Expr::Literal(Literal::Long(number))) => ranked(op, *number)
            .map_or_else(Outcomes::either, |(yes, no)| Outcomes::of_severities(yes, no)),
        ("grade_after" | "severity", Expr::Literal(Literal::String(word))) if is_equal => {
            words(attribute, [word.as_str()].into_iter())
        }
        ("moved", Expr::Literal(Literal::Bool(value))) if is_equal => {
            if *value {
                moved()
            } else {
                moved().swapped()
            }
        }
        ("gained", set) if is_equal => gained(set),
        _ => Outcomes::either(),
    }
}

/// Ranks for which a comparison is true, and those for which it is false.
fn ranked(op: BinaryOp, number: i64) -> Option<(Ranks, Ranks)> {
    let holds = |rank: i64| match op {
        BinaryOp::Eq => Some(rank == number),
        BinaryOp::Less => Some(rank < number),
        BinaryOp::LessEq => Some(rank <= number),
        BinaryOp::Greater => Some(rank > number),
        BinaryOp::GreaterEq => Some(rank >= number),
        _ => None,
    };
    let mut yes = 0;
    for rank in 0..6_u8 {
        yes |= u8::from(holds(rank.into())?) << rank;
    }
    let is_true = if op == BinaryOp::Eq { Ranks::named(yes) } else { Ranks::unnamed(yes) };
    Some((is_true, Ranks::unnamed(ALL & !yes)))
}

/// `[...].contains(context.effect.attribute)`.
fn one_of(attribute: &str, set: &Expr) -> Outcomes {
    match (attribute, strings(set)) {
        ("grade_after" | "severity", Some(set)) => words(attribute, set.iter().map(String::as_str)),
        _ => Outcomes::either(),
    }
}

fn words<'a>(attribute: &str, words: impl Iterator<Item = &'a str>) -> Outcomes {
    let mut yes = 0;
    for word in words {
        let rank = if attribute == "grade_after" {
            Grade::of(word).map(Grade::rank)
        } else {
            word.parse().ok().map(|severity: Severity| severity_rank(Some(severity)))
        };
        yes |= rank.map_or(0, |rank| 1 << rank);
    }
    let (is_true, is_false) = (Ranks::named(yes), Ranks::unnamed(ALL & !yes));
    if attribute == "grade_after" {
        Outcomes::of_grades(is_true, is_false)
    } else {
        Outcomes::of_severities(is_true, is_false)
    }
}

/// A set that all gained actions are in.
fn gained(set: &Expr) -> Outcomes {
    strings(set).map_or_else(Outcomes::either, Outcomes::of_gained)
}

fn strings(set: &Expr) -> Option<BTreeSet<String>> {
    match set {
        Expr::Set(members) => {
            members.iter().map(|member| string(member).map(str::to_owned)).collect()
        }
        _ => None,
    }
}
