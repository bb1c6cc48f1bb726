//! Who made a change, and how that role was entered.

use std::collections::BTreeSet;

use crate::{Actor, Asked, Behind};

/// The principal whose permissions made the call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Doer {
    /// The word of the kind: `role`, `user`, ...
    pub kind: String,
    /// Its ARN; of a session, the role's.
    pub arn: String,
}

impl Doer {
    /// The last part of the ARN.
    #[must_use]
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }
}

/// Who stood behind it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entry {
    /// Nobody beyond the caller is known: of a user, that there is nobody.
    Unknown,
    /// A token of an identity provider, such as a pipeline's.
    Pipeline {
        /// ARN of the provider, or its name.
        provider: String,
        /// What the token speaks for, such as `repo:org/app:ref:refs/heads/main`.
        subject: String,
    },
    /// Another principal.
    Other {
        /// The word of its kind.
        kind: String,
        /// Its ARN; of a service, its name.
        name: String,
    },
}

/// Who made the change, where it can be named exactly.
pub(super) fn doer(asked: &Asked) -> Option<Doer> {
    let Actor { kind, arn, .. } = &asked.actor;
    let arn = arn.as_ref().filter(|arn| is_plain(arn))?;
    // A session's ARN has no path, and so names no role for certain.
    let resource = match kind.as_str() {
        "role" => ":role/",
        "user" => ":user/",
        _ => return None,
    };
    let is_named = arn.starts_with("arn:") && arn.contains(resource);
    is_named.then(|| Doer { kind: kind.clone(), arn: arn.clone() })
}

/// Who stood behind the change; `None` where it is not to be named exactly.
pub(super) fn entry(asked: &Asked) -> Option<Entry> {
    let Some(behind) = &asked.actor.behind else { return Some(Entry::Unknown) };
    let Behind { kind, arn, name, provider, subject, .. } = behind;
    let found = match (provider, subject) {
        (Some(provider), Some(subject)) => {
            if !is_plain(subject) {
                return None;
            }
            Entry::Pipeline { provider: provider.clone(), subject: subject.clone() }
        }
        // A provider lets in everybody whom it knows.
        (Some(_), None) | (None, Some(_)) => return None,
        (None, None) => {
            Entry::Other { kind: kind.clone(), name: arn.as_ref().or(name.as_ref())?.clone() }
        }
    };
    let name = match &found {
        Entry::Pipeline { provider: name, .. } | Entry::Other { name, .. } => name,
        Entry::Unknown => return None,
    };
    is_plain(name).then_some(found)
}

/// The roles of which some change shows who entered them.
pub(super) fn shown(asked: &[Asked]) -> BTreeSet<String> {
    let shown = asked.iter().filter(|one| one.actor.behind.is_some());
    shown.filter_map(|one| doer(one).map(|doer| doer.arn)).collect()
}

/// Whether a text can stand in a policy as it is: no name of AWS needs more, and a stranger's does not get
/// to write policies.
pub(super) fn is_plain(text: &str) -> bool {
    let is_quiet = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '*');
    !text.is_empty() && text.len() <= 2048 && text.chars().all(is_quiet)
}
