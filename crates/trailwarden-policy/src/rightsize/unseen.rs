//! Actions that no event is named after, so that their use does not show by itself.
//!
//! `iam:PassRole` and `s3:GetObjectVersion` are such: they are asked about while another operation runs.
//! The list holds the actions that no operation of the service's public API is named like, and that no
//! event of [`crate::facts::events`] stands for. It was made from the API models of botocore 1.44.5
//! (Apache-2.0) and the table of actions; a `*` stands for a service without a public API.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::table;
use crate::facts::{Action, ActionSet, facts};

const TEXT: &str = include_str!("unseen.txt");

static UNSEEN: LazyLock<(ActionSet, BTreeSet<&'static str>)> = LazyLock::new(|| {
    let (mut actions, mut services) = (ActionSet::empty(), BTreeSet::new());
    for (prefix, names) in table::read(TEXT) {
        if names == ["*"] {
            services.insert(prefix);
        }
        let ids = names.iter().filter_map(|name| Some(facts().action_in(prefix, name)?.id()));
        actions.extend(ids);
    }
    (actions, services)
});

/// Whether an action's use shows only by what else was called.
#[must_use]
pub fn is_unseen(action: &Action) -> bool {
    UNSEEN.0.contains(action.id()) || is_never_seen(action.prefix())
}

/// Whether a service has no public API, by its prefix: its use may show nowhere.
#[must_use]
pub fn is_never_seen(prefix: &str) -> bool {
    UNSEEN.1.contains(prefix)
}

/// The services without a public API.
pub(super) fn never_seen() -> impl Iterator<Item = &'static str> {
    UNSEEN.1.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_list_exists() {
        for (prefix, names) in table::read(TEXT) {
            assert!(facts().service(prefix).is_some(), "{prefix}");
            for name in names.into_iter().filter(|name| *name != "*") {
                assert!(facts().action_in(prefix, name).is_some(), "{prefix}:{name}");
            }
        }
        let unseen = |name: &str| is_unseen(facts().action(name).unwrap());
        assert!(unseen("iam:PassRole") && unseen("execute-api:Invoke"));
        // An event stands for these.
        assert!(!unseen("s3:ListBucket") && !unseen("lambda:InvokeFunction"));
        assert!(!unseen("iam:CreateUser"));
    }
}
