//! Words for a change that the formats for people share.
//!
//! Everything that comes out of here has been through `escape::visible`.

use trailwarden_account::entry::NOT_FOLDED;
use trailwarden_model::{Outcome, Severity, escape};

use super::{Change, Counts, Group, Moved};
use crate::formats::{authorized, text};

/// What to say of a change that no model judged: such as have no effect by their nature do nothing,
/// of all others it is not known.
pub(super) fn unjudged(outcome: Outcome, event: &str) -> (Moved, String) {
    let reason = NOT_FOLDED.iter().find(|(call, _)| *call == event).map(|(_, reason)| reason);
    let (moved, sentence) = match (outcome, reason) {
        (Outcome::Denied, _) => (Moved::Unknown, "refused, so nothing changed"),
        (Outcome::Failed, _) => (Moved::Unknown, "failed, so nothing changed"),
        (Outcome::Succeeded, Some(reason)) => {
            return (Moved::Nothing, format!("nothing changes: {reason}"));
        }
        (Outcome::Succeeded, None) if is_watching(event) => {
            (Moved::Nothing, "nothing changes: it is about what is recorded, not about permissions")
        }
        (Outcome::Succeeded, None) => (Moved::Unknown, "not known: its effect was not judged"),
    };
    (moved, sentence.to_owned())
}

/// Whether a call is about logs or monitors alone. A policy of one of their resources lets others in.
fn is_watching(event: &str) -> bool {
    const SERVICES: [&str; 5] =
        ["cloudtrail", "config", "guardduty", "securityhub", "access-analyzer"];
    event.split_once(':').is_some_and(|(service, name)| {
        SERVICES.contains(&service) && !name.contains("ResourcePolicy")
    })
}

/// What change policies say of it; none when they are silent.
pub(in crate::formats) fn authorization(change: &Change) -> Option<String> {
    authorized::verdict(&change.authorized)
}

/// The one word for a change: its severity, else its group.
pub(in crate::formats) fn tag(change: &Change) -> &'static str {
    match change.severity {
        Some(severity) => severity.as_str(),
        None => Group::of(change).as_str(),
    }
}

/// Who did it: `nina (user)`.
pub(in crate::formats) fn who(change: &Change) -> String {
    text::acting(&change.actor).unwrap_or_else(|| "unknown actor".to_owned())
}

/// The call; that it is one of IAM goes without saying.
pub(in crate::formats) fn call(change: &Change) -> String {
    let call = change.event.strip_prefix("iam:").unwrap_or(&change.event);
    escape::visible(call).into_owned()
}

/// What it was done to: `analysts (group)`.
pub(in crate::formats) fn on_what(change: &Change) -> Option<String> {
    text::party(&change.target)
}

/// Whether rows must name their account.
pub(in crate::formats) fn has_accounts(changes: &[Change]) -> bool {
    let mut accounts = changes.iter().filter_map(|change| change.account.as_deref());
    let first = accounts.next();
    accounts.any(|account| Some(account) != first)
}

/// Where a change was read from, when that is known.
pub(in crate::formats) fn places(change: &Change) -> Option<String> {
    let file = change.file.as_deref()?;
    let file = if file == "-" { "standard input".into() } else { escape::visible(file) };
    Some(match change.record {
        Some(record) => format!("{file}, record {record}"),
        None => file.into_owned(),
    })
}

/// `9 IAM changes: 4 widened, 1 narrowed, 4 quiet`.
pub(in crate::formats) fn headline(mut counts: Counts) -> String {
    if counts.changes == 0 {
        return "No IAM changes".to_owned();
    }
    let parts: Vec<String> = Group::ALL
        .into_iter()
        .map(|group| (*counts.of_group(group), group.as_str()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", text::count(number)))
        .collect();
    format!("{}: {}", text::counted(counts.changes, "IAM change"), parts.join(", "))
}

/// How many changes have each severity, most severe first, without those that have none.
pub(in crate::formats) struct Tally(pub(in crate::formats) Vec<(Severity, u64)>);

impl Tally {
    /// Counts.
    pub(in crate::formats) fn of(changes: &[Change]) -> Self {
        let severities = Severity::ALL.into_iter().rev().map(|severity| {
            let has = |change: &&Change| change.severity == Some(severity);
            (severity, changes.iter().filter(has).count() as u64)
        });
        Self(severities.filter(|(_, number)| *number > 0).collect())
    }

    /// `Harm: 1 critical, 2 high`; none when no change has a severity.
    pub(in crate::formats) fn words(&self) -> Option<String> {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(severity, number)| format!("{} {}", text::count(*number), severity.as_str()))
            .collect();
        (!parts.is_empty()).then(|| format!("Severity by effect: {}", parts.join(", ")))
    }
}
