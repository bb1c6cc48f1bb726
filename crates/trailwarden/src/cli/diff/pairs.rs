//! Which policy before is which policy after.

use std::collections::HashMap;

use trailwarden_policy::PolicyKind;

use crate::cli::policy::source::Policy;

/// A policy before and after; one of them may be missing.
pub(super) struct Pair {
    pub(super) old: Option<Policy>,
    pub(super) new: Option<Policy>,
}

/// Pairs policies by name, in the order of the old ones, added ones last. Two single policies are a
/// pair whatever they are called.
pub(super) fn of(mut old: Vec<Policy>, mut new: Vec<Policy>) -> Vec<Pair> {
    if old.len() == 1 && new.len() == 1 {
        return vec![Pair { old: old.pop(), new: new.pop() }];
    }
    let mut pairs: Vec<Pair> = Vec::new();
    let mut places: HashMap<(String, usize), usize> = HashMap::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for policy in old {
        places.insert((policy.name.clone(), nth(&mut seen, &policy.name)), pairs.len());
        pairs.push(Pair { old: Some(policy), new: None });
    }
    seen.clear();
    for policy in new {
        let key = (policy.name.clone(), nth(&mut seen, &policy.name));
        match places.get(&key).and_then(|place| pairs.get_mut(*place)) {
            Some(pair) => pair.new = Some(policy),
            None => pairs.push(Pair { old: None, new: Some(policy) }),
        }
    }
    pairs
}

/// The how manieth of its name; files may hold two of the same.
fn nth(seen: &mut HashMap<String, usize>, name: &str) -> usize {
    let count = seen.entry(name.to_owned()).or_default();
    *count += 1;
    *count
}

impl Pair {
    /// The name in the file; else the file.
    pub(super) fn label(&self) -> String {
        let policy = self.new.as_ref().or(self.old.as_ref());
        match policy {
            Some(policy) if policy.name.is_empty() => policy.label(),
            Some(policy) => policy.name.clone(),
            None => String::new(),
        }
    }

    /// The kind: as asked, else as the place tells, else by structure.
    pub(super) fn kind(&self, asked: Option<PolicyKind>) -> PolicyKind {
        let both = || self.new.iter().chain(&self.old);
        let told = || both().find_map(|policy| policy.kind);
        let guessed = || {
            let mut kinds = both().map(|policy| PolicyKind::guess(&policy.document));
            // A statement with a principal is no slip in an identity policy, but the reverse may be.
            let first = kinds.next().unwrap_or(PolicyKind::Identity);
            kinds.find(|kind| kind.names_principals()).unwrap_or(first)
        };
        asked.or_else(told).unwrap_or_else(guessed)
    }

    /// Whether a template leaves other values open after than before.
    pub(super) fn open_differs(&self) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => old.open != new.open,
            _ => false,
        }
    }
}
