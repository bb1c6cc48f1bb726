//! Whether a permit bounds what a change may do to permissions.
//!
//! A permit excuses a change. One that does not look at the effect would excuse an escalation made by
//! the same caller with the same call, so it is not loaded unless `@unbounded` says why.
//!
//! # The rule
//!
//! From the policy's conditions follows a list of alternatives; the permit matches only where one of
//! them holds. Each alternative says what it lets through: which grades `grade_after` may have, which
//! severities the effect may have, which actions may be gained, and whether anything may move. A
//! permit is bounded when *each* alternative does at least one of these:
//!
//! - It lets the grade `admin` not through, or only where the policy names it.
//! - It lets the severities `high` and `critical` not through, or only where the policy names them.
//! - It lists the actions that may be gained.
//! - It lets nothing move.
//!
//! Together they must be able to be broken: there is an effect that none of them lets through. Naming every
//! grade bounds nothing. And one of them must be possible, else the permit is a mistake.
//!
//! To name a value is to compare with it by `==`, or to list it in a set that must contain it:
//! `context.effect.grade_after == "admin"` is a decision that a reviewer sees. A comparison such as
//! `grade_after_rank <= 5` or `>= 3` names nothing and lets `admin` through.
//!
//! These tests count, written on `context.effect` itself, with a literal on the other side:
//!
//! - `grade_after_rank` and `severity_rank` with `<`, `<=`, `>`, `>=`, `==`, `!=`;
//! - `grade_after` and `severity` with `==`, `!=`, or in `[...].contains(...)`;
//! - `[...].containsAll(context.effect.gained)`, `context.effect.gained == [...]` and
//!   `context.effect.gained.isEmpty()`;
//! - `moved`, alone or with `==` and `!=`.
//!
//! `&&`, `||`, `!` and `if` are followed; anything else is taken as both true and false. So the rule
//! may refuse a permit that is bounded in some other way, and never takes one that is not. All these
//! tests are errors where `context.effect` is absent, so a bounded permit cannot match a change whose
//! effect is not known.
//!
//! `grade_after_rank <= grade_before_rank` is no bound: an administrator may gain anything under it.
//! Nor is `within_boundary`: it does not say how wide the boundary is.

mod compare;
mod limits;

use std::collections::BTreeSet;

use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::compare::comparison;
use self::limits::{Alternatives, Limits, Ranks, can_be_broken};

/// How a policy bounds what a change may do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// It forbids, so it excuses nothing.
    NotNeeded,
    /// It says why it has no bound.
    Unbounded {
        /// The reason.
        reason: String,
    },
    /// By the effect: each line is one alternative, in words.
    Effect {
        /// The alternatives.
        limits: Vec<String>,
    },
}

/// More alternatives than this are taken as no bound at all.
const ALTERNATIVES_MAX: usize = 64;

/// What a check of bounds found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// The alternatives in words.
    Bounded(Vec<String>),
    /// Some alternative lets the gravest through.
    Open,
    /// Each alternative looks like a bound, and no change can break all of them.
    Unbreakable,
    /// No effect fits.
    Impossible,
}

/// Checks the parts of a permit, which must all be true for it to match.
pub(crate) fn check<'a>(parts: impl IntoIterator<Item = &'a Expr>) -> Found {
    let mut alternatives = vec![Limits::NONE];
    for part in parts {
        alternatives = both(&alternatives, &outcomes(part).is_true);
    }
    let is_possible = alternatives.iter().any(|one| !one.is_impossible());
    alternatives.retain(|one| !one.is_impossible());
    match () {
        () if !is_possible => Found::Impossible,
        () if !alternatives.iter().all(Limits::is_bounded) => Found::Open,
        () if !can_be_broken(&alternatives) => Found::Unbreakable,
        () => Found::Bounded(alternatives.iter().map(Limits::words).collect()),
    }
}

/// Where an expression is true, and where it is false. Where it is an error, it is neither.
struct Outcomes {
    is_true: Alternatives,
    is_false: Alternatives,
}

impl Outcomes {
    fn either() -> Self {
        Self { is_true: vec![Limits::NONE], is_false: vec![Limits::NONE] }
    }

    fn swapped(self) -> Self {
        Self { is_true: self.is_false, is_false: self.is_true }
    }

    fn of_grades(is_true: Ranks, is_false: Ranks) -> Self {
        let with = |grades| vec![Limits { grades, ..Limits::NONE }];
        Self { is_true: with(is_true), is_false: with(is_false) }
    }

    fn of_severities(is_true: Ranks, is_false: Ranks) -> Self {
        let with = |severities| vec![Limits { severities, ..Limits::NONE }];
        Self { is_true: with(is_true), is_false: with(is_false) }
    }

    fn of_gained(gained: BTreeSet<String>) -> Self {
        let is_true = vec![Limits { gained: Some(gained), ..Limits::NONE }];
        Self { is_true, ..Self::either() }
    }
}

fn both(left: &Alternatives, right: &Alternatives) -> Alternatives {
    kept(left.iter().flat_map(|one| right.iter().map(|other| one.and(other))))
}

fn any(left: Alternatives, right: Alternatives) -> Alternatives {
    kept(left.into_iter().chain(right))
}

fn kept(found: impl Iterator<Item = Limits>) -> Alternatives {
    let mut kept: Alternatives = Vec::new();
    for limits in found {
        if !kept.contains(&limits) {
            kept.push(limits);
        }
        if kept.len() > ALTERNATIVES_MAX {
            return vec![Limits::NONE];
        }
    }
    kept
}

fn outcomes(expression: &Expr) -> Outcomes {
    match expression {
        Expr::Literal(Literal::Bool(value)) => {
            let always = Outcomes { is_true: vec![Limits::NONE], is_false: Vec::new() };
            if *value { always } else { always.swapped() }
        }
        Expr::UnaryOp { op: UnaryOp::Not, expr } => outcomes(expr).swapped(),
        Expr::UnaryOp { op: UnaryOp::IsEmpty, expr }
            if effect_attribute(expr) == Some("gained") =>
        {
            Outcomes::of_gained(BTreeSet::new())
        }
        Expr::BinaryOp { op: BinaryOp::And, left, right } => join(outcomes(left), &outcomes(right)),
        Expr::BinaryOp { op: BinaryOp::Or, left, right } => {
            // By De Morgan.
            let (left, right) = (outcomes(left).swapped(), outcomes(right).swapped());
            join(left, &right).swapped()
        }
        Expr::BinaryOp { op, left, right } => comparison(*op, left, right),
        Expr::IfThenElse { cond, then_expr, else_expr } => {
            let (cond, yes, no) = (outcomes(cond), outcomes(then_expr), outcomes(else_expr));
            Outcomes {
                is_true: any(both(&cond.is_true, &yes.is_true), both(&cond.is_false, &no.is_true)),
                is_false: any(
                    both(&cond.is_true, &yes.is_false),
                    both(&cond.is_false, &no.is_false),
                ),
            }
        }
        Expr::GetAttr { .. } if effect_attribute(expression) == Some("moved") => moved(),
        _ => Outcomes::either(),
    }
}

fn join(left: Outcomes, right: &Outcomes) -> Outcomes {
    let is_true = both(&left.is_true, &right.is_true);
    // The right side is evaluated only where the left one is true.
    let second = both(&left.is_true, &right.is_false);
    Outcomes { is_true, is_false: any(left.is_false, second) }
}

fn moved() -> Outcomes {
    let still = vec![Limits { may_move: false, ..Limits::NONE }];
    Outcomes { is_false: still, ..Outcomes::either() }
}

/// The name of the attribute when the expression is `context.effect.NAME`.
pub(crate) fn effect_attribute(expression: &Expr) -> Option<&str> {
    let Expr::GetAttr { expr, attr } = expression else { return None };
    let Expr::GetAttr { expr: context, attr: effect } = &**expr else { return None };
    (matches!(**context, Expr::Var(Var::Context)) && effect == "effect").then(|| attr.as_str())
}
