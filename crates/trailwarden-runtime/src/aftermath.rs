//! What became of a containment: calls that the contained made all the same, by the logs.
//!
//! A run of a plan contains somebody: it switches a key off, denies a user or role everything, ends its
//! sessions or takes its password away. The run's journal tells whom, how, and since when AWS showed it
//! ([`contained`]). Calls after that time are findings ([`watch`]): one that went through shows that
//! the containment does not hold, one that was refused shows that it does and that somebody still tries.
//!
//! # Invariants
//! - Only steps in force count, and a call only against the measure that would have stopped it: a session
//!   that began after the older ones were ended is none of the contained.
//! - Nobody is told to be quiet for a time that the logs do not cover: then it is not known.
//! - IAM is consistent after some seconds only, so what went through in the first [`SETTLES`] is told apart.

mod class;
mod contained;
mod findings;
mod judge;
#[cfg(test)]
mod tests;

use trailwarden_model::report;
use trailwarden_model::{Confidence, Off, Report, Severity, Timestamp};

use crate::models::{self, Walked, walk};
use crate::scan::{Progress, ScanError, count_by_severity};
use crate::sources::Input;
use crate::verify::Rule;
pub use contained::{Contained, Containment, NotContained, contained};
use judge::Watcher;

/// Id of the rule.
pub const RULE: &str = "activity-after-containment";

/// The rule as lists and explanations tell it; a finding is graver or milder by what became of the calls.
pub static ABOUT: Rule = Rule {
    id: RULE,
    title: "Somebody contained still acts",
    risk: "Whoever was contained was so for a reason; what gets through after it was not meant to.",
    severity: Severity::Critical,
    confidence: Confidence::High,
    attack: &["T1078.004"],
    false_positives: &[
        "The containment was lifted by hand, or by another run, after this one.",
        "Something of the owner's still uses the old credentials and tries again by itself.",
    ],
};

/// How many seconds after a change its effect may still be missing somewhere.
///
/// IAM User Guide, "Troubleshoot IAM", "Changes that I make are not always immediately visible", gives no
/// number. Measured were four seconds for keys; caches of single services take longer.
pub const SETTLES: i64 = 120;

/// How long before a containment a session may have begun that outlives it: as long as one of
/// `GetSessionToken` lasts at most (AWS STS API Reference, `GetSessionToken`).
pub const SESSION_MAX: i64 = 36 * trailwarden_model::time::HOUR;

/// What the logs tell of those who were contained.
#[derive(Debug)]
pub struct Aftermath {
    /// Findings, what could not be read, and counts. Whoever nothing is known of is told as off.
    pub report: Report,
    /// Everybody who was contained, in the order of the plan.
    pub watched: Vec<Watched>,
}

/// Somebody contained, and what the logs tell of the time since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watched {
    /// Who, such as `user alice`; the plan's text.
    pub who: String,
    /// Since when.
    pub since: Timestamp,
    /// The end of the time that was looked at; none when the logs hold nothing of it.
    pub until: Option<Timestamp>,
    /// How many calls there were, refused ones too.
    pub calls: u64,
    /// Why it is not known whether there were more; none when the logs cover the time.
    pub unknown: Option<String>,
}

/// Reads logs, and judges what the contained did up to `end`, or to where the logs end.
///
/// # Errors
/// The folder for temporary files cannot be used.
pub fn watch(
    input: Input,
    containment: Containment,
    end: Option<Timestamp>,
    progress: &Progress,
) -> Result<Aftermath, ScanError> {
    let account = containment.account;
    let doubtful = containment.doubtful.clone();
    let mut watcher = Watcher::new(containment, end);
    let mut options = models::Options::new(input, Vec::new());
    options.whole = watcher.times();
    let walked = walk(options, &[], progress, |entry, event| {
        watcher.take(&entry.row, event.as_ref());
    })?;
    let Walked { files, rejects, mut summary, .. } = walked;
    let (findings, watched) = watcher.conclude(&files);
    let doubtful = doubtful.into_iter().map(|purpose| {
        format!("of the step `{purpose}` it is not known whether it is in force; go on with the run or take it back")
    });
    let unknown = watched.iter().filter_map(|one| {
        one.unknown.as_ref().map(|why| format!("nothing is certain about {}: {why}", one.who))
    });
    summary.off =
        unknown.chain(doubtful).map(|reason| Off { rule: RULE.to_owned(), reason }).collect();
    summary.accounts = vec![account.to_string()];
    summary.by_severity = count_by_severity(&findings);
    let report = Report { schema: report::SCHEMA.to_owned(), findings, rejects, summary };
    Ok(Aftermath { report, watched })
}
