//! Where we judge an action otherwise than AWS's own access level, or say what AWS does not say.
//!
//! Written by hand, in tables: what grants permissions, what only reads, what issues credentials,
//! what reads data. AWS's level stays beside ours ([`super::Action::level`]), so a reader can always tell whose
//! word it is. An action in no table keeps AWS's level and no flag.

mod credentials;
mod data;
mod permissions;
pub(super) mod reading;

use super::{Action, Facts, Level};

/// Actions judged alike.
pub(super) struct Group {
    /// What they have in common, and where it can be read.
    pub(super) because: &'static str,
    /// Names, with a prefix (`iam:`) before the first of each service.
    pub(super) actions: &'static str,
}

impl Group {
    /// Prefix and name of each action.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let mut prefix = "";
        self.actions.split_ascii_whitespace().filter_map(move |word| {
            if let Some(new) = word.strip_suffix(':') {
                prefix = new;
                return None;
            }
            Some((prefix, word))
        })
    }
}

/// Every table.
pub(super) const TABLES: &[&[Group]] = &[
    permissions::GRANTING,
    permissions::READING,
    reading::READING,
    credentials::ISSUING,
    data::READING,
];

pub(super) fn apply(facts: &mut Facts) {
    mark(facts, permissions::GRANTING, |action| action.our_level = Level::PermissionsManagement);
    mark(facts, permissions::READING, |action| action.our_level = Level::Read);
    mark(facts, reading::READING, |action| action.our_level = Level::Read);
    mark(facts, credentials::ISSUING, |action| action.issues_credentials = true);
    mark(facts, data::READING, |action| action.reads_data = true);
}

/// Why the tables hold an action, once for each group that names it.
pub(super) fn reasons(prefix: &str, name: &str) -> impl Iterator<Item = &'static str> {
    let groups = TABLES.iter().copied().flatten();
    groups.filter(move |group| group.names().any(|it| it == (prefix, name))).map(|g| g.because)
}

fn mark(facts: &mut Facts, groups: &[Group], change: fn(&mut Action)) {
    for (prefix, name) in groups.iter().flat_map(Group::names) {
        if let Some(action) = facts.action_of_mut(prefix, name) {
            change(action);
        }
    }
}
