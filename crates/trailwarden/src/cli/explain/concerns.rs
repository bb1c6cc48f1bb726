//! Which units concern an event.
//!
//! A detection selects by name (`iam:PutUserPolicy`) or by pattern (`iam:Put*`). A pattern of a whole service says nothing
//! about one event, so there the detection's own examples decide: the event on which one of its trails ends.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trailwarden_account::techniques::{self, Technique};
use trailwarden_catalogue::Entry;
use trailwarden_detect::detection::Detection;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::select::covers;
use trailwarden_record::row::Action;

/// The detections that select the event by its name.
pub(super) fn naming(entry: &Entry) -> Vec<&'static Detection> {
    let names = |one: &&Detection| one.select.events.contains(&entry.name);
    ALL.iter().copied().filter(names).collect()
}

/// All detections that look at the event.
pub(crate) fn detections(entry: &Entry) -> Vec<&'static Detection> {
    let action = Action {
        service: entry.service().to_owned(),
        name: entry.event().to_owned(),
        ..Action::default()
    };
    let is_of_one = |pattern: &str| {
        !pattern.contains('<')
            && !pattern.ends_with(":*")
            && pattern != "*"
            && covers(pattern, &action)
    };
    let ends_on = |trail: &&str| {
        let last = trail.lines().rev().find(|line| !line.trim().is_empty());
        last.is_some_and(|line| line.split_whitespace().any(|word| word == entry.name))
    };
    let looks = |one: &&Detection| {
        one.select.events.iter().any(|pattern| is_of_one(pattern))
            || one.select.covers(&action) && one.fires_on.iter().any(ends_on)
    };
    ALL.iter().copied().filter(looks).collect()
}

/// The remediations that an event's entry names, and those of the detections that name the event.
pub(crate) fn remedies(entry: &Entry) -> BTreeSet<&str> {
    let offered = naming(entry).into_iter().flat_map(|one| one.remedies.iter().copied());
    entry.header.remedies.iter().map(String::as_str).chain(offered).collect()
}

/// The ways to more permissions that take a permission of the event.
pub(super) fn ways(entry: &Entry) -> impl Iterator<Item = &'static Technique> {
    let needs = |way: &&Technique| {
        entry.header.permissions.iter().any(|one| way.actions.contains(&one.as_str()))
    };
    techniques::all().iter().filter(needs)
}

/// Every entry with the detections that look at its event: each page of a detection asks for all of them.
static LOOKED_AT: LazyLock<Vec<(&Entry, Vec<&str>)>> = LazyLock::new(|| {
    let ids = |entry| detections(entry).iter().map(|one| one.id).collect();
    trailwarden_catalogue::all().iter().map(|entry| (entry, ids(entry))).collect()
});

/// The entries of which the events are among those that a detection looks at.
pub(super) fn entries(detection: &Detection) -> Vec<&'static Entry> {
    let looked_at = LOOKED_AT.iter().filter(|(_, ids)| ids.contains(&detection.id));
    looked_at.map(|(entry, _)| *entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(name: &str) -> Vec<&'static str> {
        let entry = trailwarden_catalogue::find(name).unwrap();
        detections(entry).iter().map(|one| one.id).collect()
    }

    #[test]
    fn what_selects_by_pattern_concerns_an_event_that_it_fires_on() {
        assert!(ids("iam:PutUserPolicy").contains(&"own-permissions-widened"));
        assert!(ids("iam:UpdateUser").contains(&"user-renamed-or-moved"));
        assert!(!ids("iam:CreateAccountAlias").contains(&"own-permissions-widened"));
    }
}
