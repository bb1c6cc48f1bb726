//! What a document says at a glance: about which actions of techniques and on what, and which users,
//! groups, roles and policies it names.
//!
//! Only for leaving out what certainly does not matter; decisions are made by evaluation. It is kept
//! with the text ([`crate::text::PolicyText::digest`]), so whoever asks all documents of an account
//! reads each of them once.

use std::collections::HashMap;
use std::sync::LazyLock;

use trailwarden_policy::pattern::{action_matches, resource_matches};
use trailwarden_policy::{Document, Effect, Statement};

use crate::access::asks_time;
use crate::techniques;

/// A set of watched actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Mask([u64; 4]);

/// What a document says at a glance.
#[derive(Debug, Default)]
pub(crate) struct Digest {
    /// What the Allow statements cover.
    clauses: Vec<Clause>,
    /// Resources of all statements that may be a part of IAM but not all of it.
    named: Vec<Box<str>>,
    pub(crate) mask: Mask,
    pub(crate) has_deny: bool,
    /// Whether all of the document could be read.
    pub(crate) is_whole: bool,
    /// Whether some condition asks what time it is.
    pub(crate) reads_time: bool,
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
    pub(crate) fn of(actions: &[&str]) -> Self {
        actions.iter().filter_map(|action| index(action)).fold(Self::default(), Self::with)
    }

    fn with(mut self, at: usize) -> Self {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
        self
    }

    pub(crate) fn or(self, other: Self) -> Self {
        let mut all = self;
        for (word, more) in all.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        all
    }

    pub(crate) fn and(self, other: Self) -> Self {
        let mut both = self;
        for (word, more) in both.0.iter_mut().zip(other.0) {
            *word &= more;
        }
        both
    }

    pub(crate) fn has(self, action: &str) -> bool {
        index(action).is_some_and(|at| self.covers(Self::default().with(at)))
    }

    /// Whether all of the others are in it.
    pub(crate) fn covers(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(has, needs)| has & needs == needs)
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
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

/// Places in [`WATCHED`] by name in lower case: case does not count in actions.
static PLACES: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let all = WATCHED.iter().enumerate();
    all.map(|(at, action)| (action.to_ascii_lowercase(), at)).collect()
});

/// The watched actions that a pattern covers.
fn covered(pattern: &str) -> Mask {
    if !pattern.contains(['*', '?']) {
        let place = PLACES.get(&pattern.to_ascii_lowercase());
        return place.map_or_else(Mask::default, |at| Mask::default().with(*at));
    }
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
    pub(crate) fn of(document: &Document) -> Self {
        let reads_time = asks_time(document);
        let mut digest = Self { is_whole: document.is_complete(), reads_time, ..Self::default() };
        for statement in &document.statements {
            let resources = statement.resources.iter();
            let resources = resources.chain(statement.not_resources.iter().flatten());
            let named = resources.filter(|text| is_part_of_iam(text));
            digest.named.extend(named.map(|text| text.as_str().into()));
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

    /// Resources of all statements, Deny or `NotResource` too, that may cover one user, group, role or
    /// policy of an account and not another.
    pub(crate) fn named_of_iam(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(AsRef::as_ref)
    }

    /// Whether an action on a resource may be allowed; `false` is certain.
    pub(crate) fn may_allow(&self, action: Mask, resource: &str) -> bool {
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

    /// The patterns of resources that some of these actions may be allowed on; none for all.
    pub(crate) fn named(&self, actions: Mask) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for clause in self.clauses.iter().filter(|clause| clause.mask.intersects(actions)) {
            match &clause.scope {
                Scope::Everything => return None,
                Scope::Patterns(patterns) => all.extend(patterns.iter().map(String::as_str)),
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

/// Whether a resource may cover an ARN of IAM (`arn:aws:iam::111122223333:user/bob`) and not all.
fn is_part_of_iam(text: &str) -> bool {
    // Whole names of whoever asks are nobody else's.
    if text == "*" || text.ends_with("/${aws:username}") {
        return false;
    }
    let plain = text.find(['*', '?', '$']).unwrap_or(text.len());
    let plain = text.get(..plain).unwrap_or_default();
    let mut parts = plain.split(':').peekable();
    for wanted in [Some("arn"), None, Some("iam"), Some("")] {
        let Some(part) = parts.next() else { return true };
        let Some(wanted) = wanted else { continue };
        let is_cut = parts.peek().is_none() && plain.len() < text.len();
        let start = wanted.get(..part.len()).filter(|start| is_cut || start.len() == wanted.len());
        if !start.is_some_and(|start| start.eq_ignore_ascii_case(part)) {
            return false;
        }
    }
    true
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_iam_are_told_from_the_rest() {
        for text in [
            "arn:aws:iam::111122223333:user/bob",
            "arn:aws:iam::*:user/${aws:username}/x",
            "ARN:AWS:IAM::1:role/*",
            "arn:*",
            "a*",
            "arn:aws:i?m::1:user/bob",
            "arn:${aws:x}:iam::1:user/bob",
            "${aws:x}",
        ] {
            assert!(is_part_of_iam(text), "{text}");
        }
        for text in [
            "*",
            "arn:aws:iam::*:user/${aws:username}",
            "arn:aws:s3:::bob/*",
            "arn:aws:s*",
            "arn:aws:iamx::1:user/bob",
            "arn:aws:iam:eu-west-1:1:user/bob",
            "x*",
            "bob",
        ] {
            assert!(!is_part_of_iam(text), "{text}");
        }
    }

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
