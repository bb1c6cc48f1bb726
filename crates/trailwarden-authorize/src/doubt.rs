//! Policies that might speak otherwise, were more known of a change.
//!
//! What is asked for that is made once for each policy and each set of facts that are not known: there are
//! few such sets, and many changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cedar_policy::{Authorizer, Effect, Policy, PolicyId, PolicySet};

use crate::conditions::tree;
use crate::decision::Doubt;
use crate::policies::Stored;
use crate::request::Question;
use crate::unknown::{Facts, Unknown, widen};

/// More are not kept, but made anew.
const KEPT_MAX: usize = 10_000;

/// What was made; none where it cannot be.
type Made = Arc<Option<Policy>>;

/// What was made already, by policy and facts.
#[derive(Default)]
pub(crate) struct Doubting {
    made: Mutex<HashMap<(PolicyId, Facts), Made>>,
}

impl Doubting {
    /// Those of these policies of which it is not certain that they speak as they do: a forbid that may
    /// match, and a permit that need not. Each reads something that is not known.
    pub(crate) fn doubts(
        &self,
        policies: &[&Stored],
        unknown: Unknown,
        question: &Question,
        authorizer: &Authorizer,
    ) -> Vec<Doubt> {
        let mut set = PolicySet::new();
        for stored in policies {
            if let Some(policy) = &*self.other(stored, stored.misses(unknown)) {
                // Ids are unique, which is all that could be refused.
                let _ = set.add(policy.clone());
            }
        }
        let response = authorizer.is_authorized(&question.request, &set, &question.entities);
        let matched: Vec<&PolicyId> = response.diagnostics().reason().collect();
        let failed: Vec<String> = response
            .diagnostics()
            .errors()
            .map(|error| crate::near::failure(error).policy)
            .collect();
        let is_doubted = |stored: &&&Stored| {
            let id = stored.policy.id();
            let has_matched = matched.contains(&id);
            match stored.policy.effect() {
                Effect::Permit => !has_matched,
                // What cannot be made or evaluated may do anything.
                Effect::Forbid => {
                    has_matched || set.policy(id).is_none() || failed.contains(&id.to_string())
                }
            }
        };
        let doubted = policies.iter().filter(is_doubted);
        let doubts = doubted.map(|stored| Doubt {
            policy: stored.info.id.clone(),
            effect: stored.info.effect,
            unknown: stored.misses(unknown).names().map(str::to_owned).collect(),
        });
        let mut doubts: Vec<Doubt> = doubts.collect();
        doubts.sort_by(|left, right| left.policy.cmp(&right.policy));
        doubts
    }

    /// A forbid as wide as it may be, a permit as narrow as it must be.
    fn other(&self, stored: &Stored, unknown: Facts) -> Made {
        let key = (stored.policy.id().clone(), unknown);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = made.get(&key) {
            return Arc::clone(found);
        }
        let id = key.0.to_string();
        let policy = tree(&stored.policy).and_then(|tree| match stored.policy.effect() {
            Effect::Permit => widen::must(&tree, &id, unknown),
            Effect::Forbid => widen::may(&tree, &id, unknown),
        });
        if made.len() >= KEPT_MAX {
            made.clear();
        }
        let policy = Arc::new(policy);
        made.insert(key, Arc::clone(&policy));
        policy
    }
}
