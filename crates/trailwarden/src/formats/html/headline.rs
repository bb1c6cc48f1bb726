//! The top of a page: what was read, and what came of it in a few words.

use trailwarden_model::Report;

use super::view::visible;
use crate::formats::changes::Changes;
use crate::formats::{Style, authorized, integrity, text};

/// The top of the page.
pub(super) struct Headline {
    /// What is proven of digests, and of log files.
    pub(super) proven: Option<[String; 2]>,
    pub(super) about: &'static str,
    /// What went wrong in trailwarden itself.
    pub(super) notes: Vec<String>,
    pub(super) title: String,
    pub(super) nothing: Option<String>,
    pub(super) read: String,
    pub(super) policies: Option<String>,
    pub(super) period: Option<String>,
    pub(super) accounts: Vec<String>,
    pub(super) zone: String,
    pub(super) interrupted: bool,
}

impl Headline {
    pub(super) fn of(report: &Report, style: &Style) -> Self {
        let summary = &report.summary;
        let total = report.findings.len() as u64;
        let title = match total {
            0 => "No findings".to_owned(),
            _ => text::counted(total, "finding"),
        };
        let proven = summary.integrity.as_ref().map(|known| integrity::sentences(known, style));
        Self {
            about: match proven {
                Some(_) => "integrity of CloudTrail logs",
                None => "scan of CloudTrail logs",
            },
            proven,
            notes: Vec::new(),
            title,
            nothing: (total == 0).then(|| text::nothing_found(summary)),
            read: text::volume(summary),
            policies: authorized::told(summary),
            period: text::covered(summary, style),
            accounts: summary.accounts.iter().map(|account| visible(account)).collect(),
            zone: visible(&style.zone_name),
            interrupted: summary.interrupted,
        }
    }
}

impl Headline {
    /// The top of a page that has changes and no findings.
    pub(super) fn of_changes(changes: &Changes, style: &Style) -> Self {
        let summary = &changes.summary;
        let total = changes.changes.len() as u64;
        let title = match total {
            0 => "No IAM changes".to_owned(),
            _ => text::counted(total, "IAM change"),
        };
        let nothing = "The logs that were read hold no call that changes IAM. That is not proof \
                       that nothing changed: what the logs do not hold cannot be seen here.";
        Self {
            about: "IAM changes in CloudTrail logs",
            proven: None,
            notes: changes.notes.iter().map(|note| visible(note)).collect(),
            title,
            nothing: (total == 0).then(|| nothing.to_owned()),
            read: text::volume(summary),
            policies: authorized::told(summary),
            period: text::covered(summary, style),
            accounts: summary.accounts.iter().map(|account| visible(account)).collect(),
            zone: visible(&style.zone_name),
            interrupted: summary.interrupted,
        }
    }
}
