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
        // Without statements any kind is possible, so the other document decides.
        let guessed = || both().find_map(guess).unwrap_or(PolicyKind::Identity);
        asked.or_else(told).unwrap_or_else(guessed)
    }

    /// The kinds before and after, when one policy cannot be of both.
    pub(super) fn conflict(&self) -> Option<(PolicyKind, PolicyKind)> {
        let (old, new) = (self.old.as_ref()?, self.new.as_ref()?);
        let kinds = (old.kind.or_else(|| guess(old))?, new.kind.or_else(|| guess(new))?);
        let may_be_one = match (old.kind, new.kind) {
            (Some(old), Some(new)) => old == new,
            // Structure tells one that names principals from one that does not, and a trust policy.
            (Some(told), None) => looks_like(told) == kinds.1,
            (None, Some(told)) => looks_like(told) == kinds.0,
            (None, None) => kinds.0 == kinds.1,
        };
        (!may_be_one).then_some(kinds)
    }

    /// Whether a template leaves other values open after than before.
    pub(super) fn open_differs(&self) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => old.open != new.open,
            _ => false,
        }
    }
}

/// The kind by structure; `None` where there is nothing to tell it by.
fn guess(policy: &Policy) -> Option<PolicyKind> {
    let document = &policy.document;
    (!document.statements.is_empty()).then(|| PolicyKind::guess(document))
}

/// What [`PolicyKind::guess`] takes a policy of this kind for.
fn looks_like(kind: PolicyKind) -> PolicyKind {
    match kind {
        PolicyKind::Trust => PolicyKind::Trust,
        _ if kind.names_principals() => PolicyKind::Resource,
        _ => PolicyKind::Identity,
    }
}
