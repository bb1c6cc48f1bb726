//! The conditions of a policy, taken apart.
//!
//! A policy matches when its scope fits and every part is true: each `when` is cut at its outer `&&`,
//! each `unless` at its outer `||`, whose pieces must then be false.

use std::sync::Arc;

use cedar_policy::Policy;
use cedar_policy::pst::{self, BinaryOp, Clause, Expr, Literal, UnaryOp};

/// The tree of a policy; `None` of a template's link, which load does not let in.
pub(crate) fn tree(policy: &Policy) -> Option<pst::Template> {
    match policy.to_pst().ok()? {
        pst::Policy::Static(policy) => Some(policy.body().clone()),
        _ => None,
    }
}

/// What must be true, in the order of the policy.
pub(crate) fn parts(tree: &pst::Template) -> Vec<Arc<Expr>> {
    let mut parts = Vec::new();
    for clause in tree.clauses() {
        match clause {
            Clause::When(condition) => cut(condition, BinaryOp::And, &mut |part| {
                parts.push(Arc::clone(part));
            }),
            Clause::Unless(condition) => cut(condition, BinaryOp::Or, &mut |part| {
                parts.push(Arc::new(Expr::UnaryOp { op: UnaryOp::Not, expr: Arc::clone(part) }));
            }),
        }
    }
    parts.retain(|part| !matches!(**part, Expr::Literal(Literal::Bool(true))));
    parts
}

fn cut(condition: &Arc<Expr>, at: BinaryOp, take: &mut impl FnMut(&Arc<Expr>)) {
    match &**condition {
        Expr::BinaryOp { op, left, right } if *op == at => {
            cut(left, at, take);
            cut(right, at, take);
        }
        _ => take(condition),
    }
}

/// Calls `visit` for an expression and everything in it.
pub(crate) fn walk(expression: &Expr, visit: &mut impl FnMut(&Expr)) {
    visit(expression);
    match expression {
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => walk(expr, visit),
        Expr::BinaryOp { left, right, .. } => {
            walk(left, visit);
            walk(right, visit);
        }
        Expr::Is { expr, in_expr, .. } => {
            walk(expr, visit);
            in_expr.iter().for_each(|inner| walk(inner, visit));
        }
        Expr::IfThenElse { cond, then_expr, else_expr } => {
            walk(cond, visit);
            walk(then_expr, visit);
            walk(else_expr, visit);
        }
        Expr::Set(members) => members.iter().for_each(|member| walk(member, visit)),
        Expr::Record(fields) => fields.values().for_each(|field| walk(field, visit)),
        _ => {}
    }
}

/// The text of a string literal.
pub(crate) fn string(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Literal(Literal::String(text)) => Some(text.as_str()),
        _ => None,
    }
}
