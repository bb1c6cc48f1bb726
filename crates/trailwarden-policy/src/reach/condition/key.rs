//! The name of a condition key: compared without case, shown as AWS writes it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::facts::facts;
use crate::reach::text::visible;

/// A condition key. How it was written does not count when keys are compared.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) lower: String,
    written: String,
}

impl Key {
    pub(super) fn of(written: &str) -> Self {
        Self { lower: written.to_lowercase(), written: written.to_owned() }
    }

    /// AWS's spelling up to a placeholder (`aws:PrincipalTag/`), then as the policy has it, because
    /// what follows is a name of the account's own.
    fn shown(&self) -> String {
        let known = facts().condition_key(&self.written).map(|key| key.name);
        let head = known.map_or("", |name| {
            name.find(['$', '<']).and_then(|end| name.get(..end)).unwrap_or(name)
        });
        match self.written.get(head.len()..) {
            Some(tail) => format!("{head}{tail}"),
            None => self.written.clone(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.shown()))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.lower == other.lower
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.lower.cmp(&other.lower)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lower.hash(state);
    }
}
