//! What a document says about the actions of techniques, at a glance: which, and on what.
//!
//! Only for leaving out what is certainly not allowed; decisions are made by evaluation.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use trailwarden_policy::pattern::{action_matches, resource_matches};
use trailwarden_policy::{Document, Effect, Statement};

use crate::techniques;
use crate::text::PolicyText;

/// A set of watched actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Mask([u64; 4]);

/// What the Allow statements of a document cover.
#[derive(Debug, Default)]
pub(super) struct Digest {
    clauses: Vec<Clause>,
    pub(super) mask: Mask,
    pub(super) has_deny: bool,
    /// Whether all of the document could be read.
    pub(super) is_whole: bool,
}

#[derive(Debug)]
struct Clause {
    mask: Mask,
    scope: Scope,
}

#[derive(Debug)]
enum Scope {
    Everything,
    /// Patterns, variables widened to `*`.
    Patterns(Vec<String>),
}

/// Actions that say what a credential for one service is good for.
const OTHERS: [&str; 6] = [
    "codecommit:GitPull",
    "codecommit:GitPush",
    "cassandra:Select",
    "bedrock:CallWithBearerToken",
    "bedrock:InvokeModel",
    "iam:ChangePassword",
];

/// The actions of all techniques, in the order of [`by_length`].
static WATCHED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rows = techniques::all().iter();
    let settling = rows.clone().flat_map(|row| row.doubts).flat_map(|doubt| doubt.settled_by);
    let mut all: Vec<&str> = rows
        .flat_map(|row| row.actions)
        .chain(settling.copied().flatten())
        .chain(&OTHERS)
        .copied()
        .collect();
    all.sort_unstable_by_key(|action| by_length(action));
    all.dedup();
    // More would not fit the mask; a test counts them.
    all.truncate(256);
    all
});

impl Mask {
    /// These actions; those that are not watched are left out.
    pub(super) fn of(actions: &[&str]) -> Self {
        actions.iter().filter_map(|action| index(action)).fold(Self::default(), Self::with)
    }

    fn with(mut self, at: usize) -> Self {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
        self
    }

    pub(super) fn or(self, other: Self) -> Self {
        let mut all = self;
        for (word, more) in all.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        all
    }

    pub(super) fn has(self, action: &str) -> bool {
        index(action).is_some_and(|at| self.covers(Self::default().with(at)))
    }

    /// Whether all of the others are in it.
    pub(super) fn covers(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(has, needs)| has & needs == needs)
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn intersects(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(has, wants)| has & wants != 0)
    }
}

fn index(action: &str) -> Option<usize> {
    WATCHED.binary_search_by_key(&by_length(action), |known| by_length(known)).ok()
}

/// Lengths tell most apart, and are compared at once.
fn by_length(action: &str) -> (usize, &str) {
    (action.len(), action)
}

/// The watched actions that a pattern covers.
fn covered(pattern: &str) -> Mask {
    let service = pattern.split(':').next().unwrap_or_default();
    let is_one = !service.contains(['*', '?']);
    let fits = |action: &str| {
        let same = || {
            let start = action.get(..service.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(service))
        };
        (!is_one || same()) && action_matches(pattern, action)
    };
    let all = WATCHED.iter().enumerate().filter(|(_, action)| fits(action));
    all.fold(Mask::default(), |mask, (at, _)| mask.with(at))
}

impl Digest {
    pub(super) fn of(document: &Document) -> Self {
        let mut digest = Self { is_whole: document.is_complete(), ..Self::default() };
        for statement in &document.statements {
            if statement.effect == Effect::Deny {
                digest.has_deny = true;
                continue;
            }
            let mask = watched_of(statement);
            if !mask.is_empty() {
                digest.mask = digest.mask.or(mask);
                digest.clauses.push(Clause { mask, scope: scope(statement) });
            }
        }
        digest
    }

    /// Whether an action on a resource may be allowed; `false` is certain.
    pub(super) fn may_allow(&self, action: Mask, resource: &str) -> bool {
        self.clauses.iter().any(|clause| {
            clause.mask.covers(action)
                && match &clause.scope {
                    Scope::Everything => true,
                    Scope::Patterns(patterns) => {
                        resource == "*" || patterns.iter().any(|p| resource_matches(p, resource))
                    }
                }
        })
    }

    /// The resources that some of these actions may be allowed on, one by one; none when there is a
    /// wildcard.
    pub(super) fn named(&self, actions: Mask) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for clause in self.clauses.iter().filter(|clause| clause.mask.intersects(actions)) {
            match &clause.scope {
                Scope::Everything => return None,
                Scope::Patterns(patterns) => {
                    if patterns.iter().any(|pattern| pattern.contains(['*', '?'])) {
                        return None;
                    }
                    all.extend(patterns.iter().map(String::as_str));
                }
            }
        }
        Some(all)
    }
}

fn watched_of(statement: &Statement) -> Mask {
    if let Some(excluded) = &statement.not_actions {
        let fits = |action: &&str| !excluded.iter().any(|pattern| action_matches(pattern, action));
        let all = WATCHED.iter().enumerate().filter(|(_, action)| fits(action));
        return all.fold(Mask::default(), |mask, (at, _)| mask.with(at));
    }
    statement.actions.iter().map(|pattern| covered(pattern)).fold(Mask::default(), Mask::or)
}

fn scope(statement: &Statement) -> Scope {
    if statement.not_resources.is_some()
        || statement.resources.is_empty()
        || statement.resources.iter().any(|resource| resource == "*")
    {
        return Scope::Everything;
    }
    Scope::Patterns(statement.resources.iter().map(|text| widened(text)).collect())
}

/// The pattern with `*` in the place of each variable.
fn widened(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((_, behind)) = after.split_once('}') else {
            rest = "";
            out.push('*');
            break;
        };
        // A variable may hold colons, which `*` in the middle of an ARN does not cross.
        out.push('*');
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Digests by the place of the text in memory, so that what many hold is read once. Each text is
/// kept, so no other takes its place.
#[derive(Debug, Default)]
pub(super) struct Digests(HashMap<usize, (PolicyText, Arc<Digest>)>);

impl Digests {
    pub(super) fn of(&mut self, text: &PolicyText) -> Option<Arc<Digest>> {
        if let Some((_, known)) = self.0.get(&place(text)) {
            return Some(known.clone());
        }
        let digest = Arc::new(Digest::of(text.document().ok()?));
        self.0.insert(place(text), (text.clone(), digest.clone()));
        Some(digest)
    }
}

/// Where a text lies in memory: the same for all who share it.
pub(super) fn place(text: &PolicyText) -> usize {
    text.as_str().as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_watched_actions_fit_the_mask() {
        assert!(WATCHED.len() < 256, "{}", WATCHED.len());
        for row in techniques::all() {
            for action in row.actions {
                assert!(Mask::of(&[action]).has(action), "{action}");
            }
        }
    }
}
