//! Which facts an expression reads.

use cedar_policy::pst::{
    self, BinaryOp, EntityType, Expr, Literal, PrincipalConstraint, ResourceConstraint, Var,
};

use super::{Facts, SAME};
use crate::conditions::parts;

/// The facts that a policy reads, its scope included.
pub(crate) fn of_policy(tree: &pst::Template) -> Facts {
    let scope = of_principal(tree).or(of_resource(tree));
    parts(tree).iter().fold(scope, |all, part| all.or(of(part)))
}

/// The facts that decide whether the scope fits the principal.
pub(crate) fn of_principal(tree: &pst::Template) -> Facts {
    let mut facts = Facts::default();
    match &tree.principal {
        PrincipalConstraint::Any => {}
        PrincipalConstraint::Is(name) => typed("principal", name, &mut facts),
        _ => ["principal", "principal is"].into_iter().for_each(|fact| facts.insert(fact)),
    }
    facts
}

/// The facts that decide whether the scope fits the resource.
pub(crate) fn of_resource(tree: &pst::Template) -> Facts {
    let mut facts = Facts::default();
    match &tree.resource {
        ResourceConstraint::Any => {}
        ResourceConstraint::Is(name) => typed("resource", name, &mut facts),
        _ => ["resource", "resource is"].into_iter().for_each(|fact| facts.insert(fact)),
    }
    facts
}

/// The facts that an expression reads: perhaps too many, never too few.
pub(crate) fn of(expression: &Expr) -> Facts {
    let mut facts = Facts::default();
    gather(expression, &mut facts);
    facts
}

fn gather(expression: &Expr, facts: &mut Facts) {
    if let Some(path) = path(expression) {
        return whole(&path, facts);
    }
    match expression {
        Expr::Var(Var::Action) | Expr::Literal(_) => {}
        Expr::HasAttr { expr, attrs } => match path(expr) {
            Some(base) => {
                // Whether it is there; what it holds does not matter.
                let mut longer = base;
                for attr in attrs {
                    longer = format!("{longer}.{attr}");
                    there(&longer, facts);
                }
            }
            None => everything(facts),
        },
        Expr::GetAttr { expr, .. } => match &**expr {
            Expr::Record(_) => gather(expr, facts),
            // An attribute of what is only found by evaluating, or of one that a literal names.
            _ => everything(facts),
        },
        Expr::Is { expr, entity_type, in_expr } => {
            match path(expr).filter(|part| !part.contains('.')) {
                Some(part) => {
                    typed(&part, entity_type, facts);
                    in_expr.iter().for_each(|_| whole(&part, facts));
                }
                None => gather(expr, facts),
            }
            in_expr.iter().for_each(|inner| gather(inner, facts));
        }
        Expr::BinaryOp { op: BinaryOp::Eq | BinaryOp::NotEq, left, right } if both(left, right) => {
            facts.insert(SAME);
        }
        Expr::BinaryOp { op, left, right } => {
            if *op == BinaryOp::In && is_entity(left) {
                // What a literal names may be one of the two.
                whole("principal", facts);
                whole("resource", facts);
            }
            gather(left, facts);
            gather(right, facts);
        }
        Expr::UnaryOp { expr, .. } | Expr::Like { expr, .. } => gather(expr, facts),
        Expr::IfThenElse { cond, then_expr, else_expr } => {
            [cond, then_expr, else_expr].into_iter().for_each(|inner| gather(inner, facts));
        }
        Expr::Set(members) => members.iter().for_each(|member| gather(member, facts)),
        Expr::Record(fields) => fields.values().for_each(|field| gather(field, facts)),
        _ => everything(facts),
    }
}

fn both(left: &Expr, right: &Expr) -> bool {
    matches!(
        (left, right),
        (Expr::Var(Var::Principal), Expr::Var(Var::Resource))
            | (Expr::Var(Var::Resource), Expr::Var(Var::Principal))
    )
}

fn is_entity(expression: &Expr) -> bool {
    matches!(expression, Expr::Literal(Literal::EntityUID(_)))
}

/// `principal.tags` and the like: a name and attributes of it.
fn path(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Var(Var::Principal) => Some("principal".to_owned()),
        Expr::Var(Var::Resource) => Some("resource".to_owned()),
        Expr::Var(Var::Context) => Some("context".to_owned()),
        Expr::GetAttr { expr, attr } => Some(format!("{}.{attr}", path(expr)?)),
        _ => None,
    }
}

/// Reads whether an attribute is there, which hangs on it and on what it is part of. That an entity is
/// not known says nothing of its attributes.
fn there(path: &str, facts: &mut Facts) {
    facts.insert_all(|fact| fact == path || fact.contains('.') && begins(path, fact));
}

/// Reads all of an attribute.
fn whole(path: &str, facts: &mut Facts) {
    there(path, facts);
    // Two entities are compared by who they are; a record by all that it holds.
    if path.starts_with("context") {
        facts.insert_all(|fact| begins(fact, path));
    }
}

fn begins(longer: &str, shorter: &str) -> bool {
    longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with('.'))
}

/// `principal is Role`. That a caller is unidentified is known.
fn typed(part: &str, name: &EntityType, facts: &mut Facts) {
    if name.0.id.as_str() != "Unidentified" {
        facts.insert(&format!("{part} is"));
    }
}

fn everything(facts: &mut Facts) {
    facts.insert_all(|_| true);
}
