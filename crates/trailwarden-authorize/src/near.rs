//! Why a policy whose scope fits did not speak: each part of its conditions, asked by itself.

use std::sync::Arc;

use cedar_policy::pst::{self, Clause, Effect, Expr, StaticPolicy};
use cedar_policy::{AuthorizationError, Authorizer, Policy, PolicySet};

use crate::conditions::{parts, tree};
use crate::decision::{Failure, Near, Part, PartOutcome};
use crate::policies::Stored;
use crate::request::Question;

/// The parts that are not true; `None` when the scope does not fit.
pub(crate) fn near(stored: &Stored, question: &Question, authorizer: &Authorizer) -> Option<Near> {
    let tree = tree(&stored.policy)?;
    let parts = parts(&tree);
    let mut set = PolicySet::new();
    set.add(alone(&tree, "scope", None)?).ok()?;
    for (index, part) in parts.iter().enumerate() {
        set.add(alone(&tree, &index.to_string(), Some(part))?).ok()?;
    }
    let response = authorizer.is_authorized(&question.request, &set, &question.entities);
    let reasons: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
    let is_true = |id: &str| reasons.iter().any(|reason| reason == id);
    if !is_true("scope") {
        return None;
    }
    let errors: Vec<Failure> = response.diagnostics().errors().map(failure).collect();
    let mut found: Vec<Part> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let id = index.to_string();
        let error = errors.iter().find(|error| error.policy == id);
        let outcome = match error {
            // Cedar stops at the first part that is false; what comes after it was guarded by it.
            Some(_) if !found.is_empty() => continue,
            Some(error) => PartOutcome::Error(error.message.clone()),
            None if is_true(&id) => continue,
            None => PartOutcome::False,
        };
        found.push(Part { text: part.to_string(), outcome });
    }
    Some(Near { policy: stored.info.id.clone(), effect: stored.info.effect, parts: found })
}

/// A permit of the same scope with one condition.
fn alone(tree: &pst::Template, id: &str, part: Option<&Arc<Expr>>) -> Option<Policy> {
    let pst::Template { principal, action, resource, .. } = tree.clone();
    let template = pst::Template::new(id, Effect::Permit, principal, action, resource);
    let clauses = part.map(|part| Clause::When(Arc::clone(part)));
    let template = template.try_with_clauses(clauses).ok()?;
    Policy::from_pst(pst::Policy::Static(StaticPolicy::try_from(template).ok()?)).ok()
}

/// An evaluation error as people read it.
pub(crate) fn failure(error: &AuthorizationError) -> Failure {
    match error {
        AuthorizationError::PolicyEvaluationError(error) => {
            Failure { policy: error.policy_id().to_string(), message: error.inner().to_string() }
        }
    }
}
