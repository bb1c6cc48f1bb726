//! Ways by a key that the change itself switched off.
//!
//! Whoever may switch a key on, and knows its secret, acts as its user. While the key was on, its secret alone
//! was enough: so switching it off opens nothing, and the way that the graph draws for it is no new one.

use crate::change::Change;
use crate::graph::{Edge, Node};
use crate::identity::{Identity, KeyStatus};

/// The technique that switches a key on again.
const WAKING: &str = "x-iam-25";

/// Whether the way leads by keys that all were on before.
pub(super) fn is_by_a_key_that_was_on(change: &Change, edge: &Edge) -> bool {
    let Node::Identity(account, id) = &edge.to else { return false };
    if edge.technique != WAKING || *account != change.after.account() {
        return false;
    }
    let (Some(before), Some(after)) = (change.informed.identity(id), change.after.identity(id))
    else {
        return false;
    };
    let is = |of: &Identity, key: &str, status: KeyStatus| {
        of.keys.iter().any(|(id, known)| id.as_ref() == key && known.value() == Some(&status))
    };
    let mut off =
        after.keys.iter().filter(|(key, _)| !is(after, key.as_ref(), KeyStatus::Active)).peekable();
    off.peek().is_some() && off.all(|(key, _)| is(before, key.as_ref(), KeyStatus::Active))
}
