//! What a run hands to its reader: findings, what could not be read, and a summary.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Finding, Timestamp};

/// The schema name of a whole report.
pub const SCHEMA: &str = "trailwarden.report/1";

/// Everything that a scan found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `trailwarden.report/1`.
    pub schema: String,
    /// Most severe first, then oldest first, then by id.
    pub findings: Vec<Finding>,
    /// What could not be read, in the order of the input; at most [`REJECTS_MAX`].
    pub rejects: Vec<Reject>,
    /// Counts of the run.
    pub summary: Summary,
}

/// How many rejects a report lists; the rest are counted in [`Summary::rejects`].
pub const REJECTS_MAX: usize = 1_000;

/// One thing that could not be read, with its place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord)]
pub struct Reject {
    /// The file as given on the command line; `-` is standard input.
    pub file: String,
    /// Byte offset in the inflated content; null when the file could not be opened or inflated.
    pub offset: Option<u64>,
    /// Number of the record in its file, from 0; null when no record was reached.
    pub record: Option<u64>,
    /// What is wrong, and what to do about it.
    pub cause: String,
}

/// Counts of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Files read to their end.
    pub files: u64,
    /// Bytes read, as stored.
    pub bytes_stored: u64,
    /// Bytes of JSON after inflating.
    pub bytes_inflated: u64,
    /// Records decoded, duplicates included.
    pub records: u64,
    /// Records dropped because their (account, event id) had been seen.
    pub duplicates: u64,
    /// Records outside `--since`, `--until` or `--account`.
    pub filtered: u64,
    /// Things that could not be read.
    pub rejects: u64,
    /// Files that are part of CloudTrail but hold no records, such as digests.
    pub skipped_files: u64,
    /// Accounts seen.
    pub accounts: Vec<String>,
    /// Time of the first and the last record.
    pub first_time: Option<Timestamp>,
    /// Time of the last record.
    pub last_time: Option<Timestamp>,
    /// Findings by severity, `info` first.
    pub by_severity: std::collections::BTreeMap<String, u64>,
    /// Detections that were off in this run, each with the reason.
    pub off: Vec<Off>,
    /// The baselines that were given, each with the records around it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<BaselineUse>,
    /// What the digest chain proves, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
    /// What change policies said, where some were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_policies: Option<PolicyUse>,
    /// True when the run was cut short and the findings are those up to then.
    pub interrupted: bool,
}

/// What change policies said of the changes of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PolicyUse {
    /// How many policies were asked.
    pub policies: u64,
    /// How many changes they were asked about.
    pub changes: u64,
    /// How many of those are permitted.
    pub permitted: u64,
    /// How many are forbidden.
    pub forbidden: u64,
    /// How many are neither.
    pub unknown: u64,
    /// Of how many of those what policies say hangs on what is not known.
    #[serde(default)]
    pub doubted: u64,
    /// Of how many of those a policy could not be evaluated.
    #[serde(default)]
    pub failed: u64,
    /// Findings that rest on permitted changes alone.
    pub authorized_findings: u64,
    /// How many of those the report leaves out.
    pub hidden_findings: u64,
}

/// A baseline and the records of its account around it. Those from before it are judged by what the
/// logs show; from its time on it tells what was there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BaselineUse {
    /// The account.
    pub account: String,
    /// When it was taken.
    pub taken: Timestamp,
    /// Whether that was told; else it is the newest date in the baseline, which may have been
    /// taken later.
    pub is_dated: bool,
    /// Records up to its time.
    pub earlier_records: u64,
    /// Time of the first of them.
    pub first_earlier: Option<Timestamp>,
    /// Time of the last of them.
    pub last_earlier: Option<Timestamp>,
    /// Records after its time.
    pub later_records: u64,
}

impl BaselineUse {
    /// Whether there are records that it does not tell anything of.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.earlier_records > 0
    }
}

/// What the digest chain proves of a set of log files.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Integrity {
    /// Chains of digests: one for each trail, account and region, and one for its backfill digests.
    pub chains: u64,
    /// The digest files.
    pub digests: IntegrityCounts,
    /// The log files that digests name.
    pub logs: IntegrityCounts,
    /// Log files that no digest names.
    pub logs_uncovered: u64,
    /// Stretches of time for which nothing was signed.
    pub gaps: u64,
    /// Begin of the time that valid digests cover.
    pub first_time: Option<Timestamp>,
    /// Its end.
    pub last_time: Option<Timestamp>,
}

/// Files by what is known of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct IntegrityCounts {
    /// As CloudTrail delivered them.
    pub valid: u64,
    /// Nobody can say.
    pub unknown: u64,
    /// Not as CloudTrail delivered them.
    pub invalid: u64,
    /// Named by a digest, and not there.
    pub missing: u64,
}

/// A detection that could not run, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord)]
pub struct Off {
    /// Id of the detection.
    pub rule: String,
    /// Why it is off, and what would turn it on.
    pub reason: String,
}
