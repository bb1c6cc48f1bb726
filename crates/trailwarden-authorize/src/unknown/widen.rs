//! A policy made to match wherever it may, and one made to match only where it must.
//!
//! Where a condition reads a fact that is not known, it counts as both true and false. `&&`, `||`, `!` and
//! `if` are followed, all else is one condition. So a forbid is found whenever some values of the unknown
//! facts make it match, and a permit is kept only when all of them do (`tests/policies/unknown.rs`).
//! A fact that is read twice is taken for two, which may find too many doubts and never too few.

use std::sync::Arc;

use cedar_policy::Policy;
use cedar_policy::pst::{
    self, BinaryOp, Clause, Effect, Expr, Literal, PrincipalConstraint, ResourceConstraint,
    StaticPolicy, UnaryOp,
};

use super::{Facts, read};
use crate::conditions::parts;

type Tree = Arc<Expr>;

/// A permit that matches where the policy may match when these facts are not known.
pub(crate) fn may(tree: &pst::Template, id: &str, unknown: Facts) -> Option<Policy> {
    let conditions = parts(tree).iter().map(|part| both(part, unknown).0).collect();
    let mut scope = tree.clone();
    if !read::of_principal(tree).and(unknown).is_empty() {
        scope.principal = PrincipalConstraint::Any;
    }
    if !read::of_resource(tree).and(unknown).is_empty() {
        scope.resource = ResourceConstraint::Any;
    }
    made(scope, id, conditions)
}

/// A permit that matches only where the policy does whatever these facts are.
pub(crate) fn must(tree: &pst::Template, id: &str, unknown: Facts) -> Option<Policy> {
    let mut conditions: Vec<Tree> =
        parts(tree).iter().map(|part| not(both(part, unknown).1)).collect();
    if !read::of_principal(tree).or(read::of_resource(tree)).and(unknown).is_empty() {
        conditions.push(literal(false));
    }
    made(tree.clone(), id, conditions)
}

fn made(scope: pst::Template, id: &str, conditions: Vec<Tree>) -> Option<Policy> {
    let pst::Template { principal, action, resource, .. } = scope;
    let template = pst::Template::new(id, Effect::Permit, principal, action, resource);
    let template = template.try_with_clauses(conditions.into_iter().map(Clause::When)).ok()?;
    Policy::from_pst(pst::Policy::Static(StaticPolicy::try_from(template).ok()?)).ok()
}

/// Where an expression may be true, and where it may be false. Neither is larger than the expression.
fn both(expression: &Tree, unknown: Facts) -> (Tree, Tree) {
    if read::of(expression).and(unknown).is_empty() {
        return (Arc::clone(expression), not(Arc::clone(expression)));
    }
    match &**expression {
        Expr::UnaryOp { op: UnaryOp::Not, expr } => {
            let (yes, no) = both(expr, unknown);
            (no, yes)
        }
        Expr::BinaryOp { op: BinaryOp::And, left, right } => {
            let (left, right) = (both(left, unknown), both(right, unknown));
            (and(left.0, right.0), or(left.1, right.1))
        }
        Expr::BinaryOp { op: BinaryOp::Or, left, right } => {
            let (left, right) = (both(left, unknown), both(right, unknown));
            (or(left.0, right.0), and(left.1, right.1))
        }
        Expr::IfThenElse { cond, then_expr, else_expr } => {
            let is_known = read::of(cond).and(unknown).is_empty();
            let (yes, no) = (both(then_expr, unknown), both(else_expr, unknown));
            let either = |then_expr: Tree, else_expr: Tree| match is_known {
                true => {
                    let cond = Arc::clone(cond);
                    Arc::new(Expr::IfThenElse { cond, then_expr, else_expr })
                }
                false => or(then_expr, else_expr),
            };
            (either(yes.0, no.0), either(yes.1, no.1))
        }
        _ => (literal(true), literal(true)),
    }
}

fn literal(value: bool) -> Tree {
    Arc::new(Expr::Literal(Literal::Bool(value)))
}

fn is(expression: &Expr, value: bool) -> bool {
    matches!(expression, Expr::Literal(Literal::Bool(found)) if *found == value)
}

fn not(expr: Tree) -> Tree {
    match &*expr {
        Expr::Literal(Literal::Bool(value)) => literal(!value),
        _ => Arc::new(Expr::UnaryOp { op: UnaryOp::Not, expr }),
    }
}

fn and(left: Tree, right: Tree) -> Tree {
    match () {
        () if is(&left, false) || is(&right, false) => literal(false),
        () if is(&left, true) => right,
        () if is(&right, true) => left,
        () => Arc::new(Expr::BinaryOp { op: BinaryOp::And, left, right }),
    }
}

fn or(left: Tree, right: Tree) -> Tree {
    match () {
        () if is(&left, true) || is(&right, true) => literal(true),
        () if is(&left, false) => right,
        () if is(&right, false) => left,
        () => Arc::new(Expr::BinaryOp { op: BinaryOp::Or, left, right }),
    }
}
