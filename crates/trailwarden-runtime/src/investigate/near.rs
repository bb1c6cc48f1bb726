//! Names that are near one that is not in the logs.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use trailwarden_account::Models;
use trailwarden_policy::nearest;

/// How many names are offered.
const OFFERED_MAX: usize = 5;
/// A part of a name shorter than this is in too many names.
const PART_MIN: usize = 3;

/// The names that the logs know: of callers, and of what the account models hold.
pub(super) fn names(people: &HashMap<u64, (String, String)>, models: &Models) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = people.values().map(|(name, _)| name.clone()).collect();
    for model in models.iter() {
        names.extend(model.principals().map(trailwarden_account::query::name_of));
    }
    names.remove("root/root");
    names
}

/// The nearest of them, nearest first.
pub(super) fn nearest(asked_for: &str, names: &BTreeSet<String>) -> Vec<String> {
    let asked = bare(asked_for);
    let mut left: BTreeMap<&str, &String> = names.iter().map(|name| (bare(name), name)).collect();
    let mut found = Vec::new();
    while found.len() < OFFERED_MAX
        && let Some(next) = nearest::nearest(asked, left.keys().copied())
    {
        found.extend(left.remove(next).cloned());
    }
    let part = asked.to_ascii_lowercase();
    let contains = |name: &str| part.len() >= PART_MIN && name.to_ascii_lowercase().contains(&part);
    let more = left.iter().filter(|(name, _)| contains(name)).map(|(_, name)| (*name).clone());
    found.extend(more);
    found.truncate(OFFERED_MAX);
    found
}

fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        let names = ["user/mallory", "user/malory", "role/deploy", "user/alice", "role/ci-deploy"];
        let names: BTreeSet<String> = names.map(str::to_owned).into();
        assert_eq!(nearest("mallori", &names), ["user/mallory", "user/malory"]);
        assert_eq!(nearest("user/alicia", &names), ["user/alice"]);
        assert_eq!(nearest("deploi", &names), ["role/deploy"]);
        assert_eq!(nearest("ploy", &names), ["role/ci-deploy", "role/deploy"]);
        assert_eq!(nearest("zzz", &names), Vec::<String>::new());
    }
}
