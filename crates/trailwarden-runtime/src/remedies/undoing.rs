//! What takes back by hand what records changed, where no plan does: a step for each thing, with its names.
//!
//! # Invariants
//! - What was before comes from the account before the record. What nobody knows of it stands in capitals, for a
//!   person to fill in.
//! - What is as it was before is left out, and who is gone, too.

mod identities;
mod others;

use trailwarden_account::fact::Fact;
use trailwarden_account::listing::Listing;
use trailwarden_account::{Change, Field, Model, Presence, Subject as Thing};
use trailwarden_model::{Finding, Outcome};
use trailwarden_remedy::people::word;

use super::Known;

/// A record's change, and the account as it is now.
#[derive(Clone, Copy)]
struct Undoing<'a> {
    change: &'a Change,
    now: &'a Model,
}

impl Known<'_> {
    /// The steps that take back what a finding's records changed; none where they changed nothing that is known.
    pub(super) fn undone_by_hand(&self, finding: &Finding) -> Vec<String> {
        let mut steps: Vec<String> = Vec::new();
        if matches!(finding.outcome, Some(Outcome::Denied | Outcome::Failed)) {
            return steps;
        }
        let Some(history) = self.history else { return steps };
        for change in history.changes(self.account(), finding) {
            for step in self.undone_of_change(finding, change) {
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
        }
        steps
    }

    /// The steps that take back what one record of a finding changed.
    pub(super) fn undone_of_change(&self, finding: &Finding, change: &Change) -> Vec<String> {
        let model = self.model().ok().filter(|_| self.is_after(finding));
        let undoing = Undoing { change, now: model.unwrap_or(&change.after) };
        let steps = change.touched.iter().flat_map(|touched| match &touched.subject {
            Thing::Identity(kind, id) => undoing.of_identity(*kind, id, touched),
            _ => undoing.of_other(touched),
        });
        steps.collect()
    }
}

/// A thing among others before a change and now.
struct Was<'a, V> {
    before: Presence<'a, V>,
    now: Presence<'a, V>,
}

impl<V: PartialEq> Was<'_, V> {
    /// Whether nothing is to be taken back, for certain.
    fn is_as_before(&self) -> bool {
        match (&self.before, &self.now) {
            (Presence::Absent, Presence::Absent) => true,
            (Presence::Present(was), Presence::Present(is)) => {
                was.value().is_some() && was.value() == is.value()
            }
            _ => false,
        }
    }
}

/// The step that gives a tag its value back, where the value is another one now.
///
/// `thing` is the command's word for what is tagged, such as `user`, and `named` the parameter that names it.
fn tag(thing: &str, named: &str, key: &str, was: &Was<'_, std::sync::Arc<str>>) -> Option<String> {
    if was.is_as_before() {
        return None;
    }
    let put = |value: &str| format!("`aws iam tag-{thing} {named} --tags {}`", pair(key, value));
    let take = format!("`aws iam untag-{thing} {named} --tag-keys {}`", keys(key));
    let known = |presence: &Presence<'_, std::sync::Arc<str>>| match presence {
        Presence::Present(value) => value.value().map(ToString::to_string),
        Presence::Absent | Presence::Unknown(_) => None,
    };
    Some(match (&was.before, known(&was.before)) {
        (Presence::Absent, _) => {
            let back = known(&was.now).map(|value| format!("; {} takes it back", put(&value)));
            format!(
                "Take the tag away, which was not there before: {take}{}.",
                back.unwrap_or_default()
            )
        }
        (_, Some(value)) => {
            let back = known(&was.now).map_or(take, |value| put(&value));
            format!("Give the tag its value back: {}; {back} takes that back.", put(&value))
        }
        _ => format!(
            "Give the tag its value back, which no log shows: ask its owner, then {}; where it was not there, {take}.",
            put("VALUE")
        ),
    })
}

/// A tag's key as a parameter: the AWS CLI would read a file that it names, and take what begins with hyphens for
/// another parameter.
fn keys(key: &str) -> String {
    match is_plain(key) && !key.starts_with('-') && !key.contains("://") {
        true => key.to_owned(),
        false => word(&serde_json::json!([key]).to_string()),
    }
}

/// Whether no character is read as another thing than what it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:/@-".contains(c))
}

/// A tag as a parameter: in short, or as JSON where a character in it would be read as another thing.
fn pair(key: &str, value: &str) -> String {
    if is_plain(key) && is_plain(value) {
        return format!("Key={key},Value={value}");
    }
    word(&serde_json::json!([{ "Key": key, "Value": value }]).to_string())
}

/// An item of a listing, whose keys AWS compares without regard to case.
pub(super) fn item<'l, V: Clone>(
    listing: &'l Listing<std::sync::Arc<str>, V>,
    key: &str,
) -> Presence<'l, V> {
    let same = listing.keys().find(|one| one.eq_ignore_ascii_case(key));
    match same {
        Some(same) => listing.get(same),
        None => listing.get(&key.into()),
    }
}

/// A known value.
fn known<T>(fact: Option<&Fact<T>>) -> Option<&T> {
    fact.and_then(Fact::value)
}

/// Whether a change made the thing that a field is of.
fn is_made(field: Field, was: bool, is: bool) -> bool {
    field == Field::Existence && !was && is
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_tag_is_no_other_parameter_and_no_file() {
        assert_eq!(keys("team:a"), "team:a");
        assert_eq!(keys("--endpoint-url=https:x"), r#"'["--endpoint-url=https:x"]'"#);
        assert_eq!(keys("--debug"), r#"'["--debug"]'"#);
        assert_eq!(keys("file:///home/x"), r#"'["file:///home/x"]'"#);
        assert_eq!(pair("-a", "$(id)"), r#"'[{"Key":"-a","Value":"$(id)"}]'"#);
    }
}
