//! The statements that let somebody carry plans out and take them back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Permission;
use trailwarden_runtime::executor;

/// All that plans need, resources with the same actions together.
pub(super) fn statements(plans: &[Plan]) -> Vec<Value> {
    let mut of_resources: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let needed: Vec<Permission> = needed(plans).into_iter().collect();
    for Permission { action, resource } in &needed {
        of_resources.entry(resource).or_default().insert(action);
    }
    let mut by_actions: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
    for (resource, actions) in of_resources {
        by_actions.entry(actions).or_default().push(resource);
    }
    let statements = by_actions.into_iter().map(|(actions, resources)| {
        json!({ "Effect": "Allow", "Action": actions, "Resource": resources })
    });
    statements.collect()
}

/// All that plans need, each once.
pub(super) fn needed(plans: &[Plan]) -> BTreeSet<Permission> {
    plans.iter().flat_map(executor::permissions).collect()
}
