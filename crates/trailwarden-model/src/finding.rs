//! A finding: one answer, with its rule, subject, evidence and standing.
//!
//! The serde names here are the wire contract `trailwarden.finding/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::attack::Attack;
use crate::{Confidence, Outcome, Severity, Timestamp};

/// The schema name that every finding carries.
pub const SCHEMA: &str = "trailwarden.finding/1";

/// One answer of trailwarden.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Always `trailwarden.finding/1`.
    pub schema: String,
    /// Stable across runs: a hash of rule, account, subject and anchor. See [`finding_id`].
    pub id: String,
    /// Id of the detection, check or Sigma rule.
    pub rule: String,
    /// What was found, in a few words.
    pub title: String,
    /// Why it matters.
    pub risk: String,
    /// Who did what to whom, in a sentence or two.
    pub explanation: String,
    /// Ids of earlier findings that this one replaces.
    pub supersedes: Vec<String>,
    /// What produced it.
    pub kind: Kind,
    /// Harm if true.
    pub severity: Severity,
    /// Likelihood that it is true.
    pub confidence: Confidence,
    /// Where it stands.
    pub status: Status,
    /// What became of the calls; null where a finding is not about calls.
    pub outcome: Option<Outcome>,
    /// The account concerned, twelve digits; null when the records do not say.
    pub account: Option<String>,
    /// The region of the first evidence.
    pub region: Option<String>,
    /// Event time of the first evidence.
    pub first_time: Timestamp,
    /// Event time of the last evidence.
    pub last_time: Timestamp,
    /// Who did it: the person, key or service behind the calls, as far as the logs show.
    pub actor: Party,
    /// What it was done to.
    pub target: Party,
    /// The records that prove it, oldest first; at most [`EVIDENCE_MAX`].
    pub evidence: Vec<Evidence>,
    /// How many records support the finding, listed above or not.
    pub evidence_total: u64,
    /// What the change does to permissions; null until an account model judges it.
    pub effect: Option<Effect>,
    /// Whether change policies allowed it.
    pub authorized: Authorized,
    /// ATT&CK references.
    pub attack: Vec<Attack>,
    /// Known harmless causes.
    pub false_positives: Vec<String>,
    /// Ids of remediations that fit.
    pub remediation: Vec<String>,
}

/// How many records a finding lists at most; the rest are counted in `evidence_total`.
pub const EVIDENCE_MAX: usize = 100;

/// What produced a finding.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A built-in detection.
    Detection,
    /// A Sigma rule.
    Sigma,
    /// A posture check.
    Posture,
    /// The policy linter.
    Lint,
    /// Log file integrity.
    Verify,
    /// Something wrong in trailwarden itself, such as a detection that panicked.
    Health,
}

impl Kind {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Detection => "detection",
            Self::Sigma => "sigma",
            Self::Posture => "posture",
            Self::Lint => "lint",
            Self::Verify => "verify",
            Self::Health => "health",
        }
    }
}

/// Where a finding stands.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has decided yet.
    Open,
    /// A change policy permits it.
    Authorized,
    /// A suppression covers it.
    Suppressed,
    /// It was put right.
    Resolved,
    /// Later knowledge replaced it.
    Revised,
}

impl Status {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Authorized => "authorized",
            Self::Suppressed => "suppressed",
            Self::Resolved => "resolved",
            Self::Revised => "revised",
        }
    }
}

/// An actor or a target. Every part may be unknown.
#[derive(
    Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
pub struct Party {
    /// `user`, `role`, `root`, `service`, `federated_user`, `account`, `group`, `policy`,
    /// `access_key`, `trail`...
    pub kind: Option<String>,
    /// ARN of the principal or resource.
    pub arn: Option<String>,
    /// Unique id (`AIDA...`, `AROA...`), which survives renames.
    pub id: Option<String>,
    /// Friendly name.
    pub name: Option<String>,
    /// Owning account.
    pub account: Option<String>,
    /// ARN of the role session that the actor used.
    pub session: Option<String>,
    /// Access key id (never a secret).
    pub access_key: Option<String>,
    /// Source address as the record gives it, which may be a service's name.
    pub address: Option<String>,
}

impl Party {
    /// The most readable name there is: name, else ARN, else key, else kind.
    pub fn label(&self) -> &str {
        [&self.name, &self.arn, &self.access_key, &self.id, &self.kind]
            .into_iter()
            .find_map(|part| part.as_deref())
            .unwrap_or("unknown")
    }
}

/// A record that proves a finding.
#[derive(
    Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
pub struct Evidence {
    /// CloudTrail's `eventID`.
    pub event_id: String,
    /// CloudTrail's `eventName`.
    pub event_name: String,
    /// CloudTrail's `eventSource`.
    pub event_source: String,
    /// CloudTrail's `eventTime`.
    pub event_time: Timestamp,
    /// `recipientAccountId`, when the record has one.
    pub account: Option<String>,
    /// File it was read from, as given on the command line; a tar member is `archive.tar!member`.
    pub file: String,
    /// Number of the record in its file, from 0.
    pub record: u64,
}

/// What a change does to permissions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// The principals whose permissions moved.
    pub principals: Vec<PrincipalEffect>,
    /// Escalation paths that the change opened.
    pub paths_opened: Vec<PathOpened>,
    /// How far it reaches.
    pub reach: Reach,
    /// What could not be known.
    pub unknowns: Vec<String>,
}

/// What one principal gained and lost.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PrincipalEffect {
    /// The principal.
    pub arn: String,
    /// Grade before: none, read, data, write, privesc, admin or unknown.
    pub grade_before: String,
    /// Grade after.
    pub grade_after: String,
    /// What it may do now that it could not before.
    pub gained: Vec<String>,
    /// What it may no longer do.
    pub lost: Vec<String>,
    /// What cut off something that its policies would give it now: boundaries and service control
    /// policies, by name.
    #[serde(default)]
    pub capped_by: Vec<String>,
}

/// One escalation path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PathOpened {
    /// Technique id.
    pub technique: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// All that must be so for it, each as it stands after "if"; nothing when it is certain.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// How many a change concerns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reach {
    /// Principals.
    pub principals: u64,
    /// Accounts.
    pub accounts: u64,
}

/// What change policies say.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Authorized {
    /// The verdict.
    pub verdict: Verdict,
    /// Ids of the policies that decided.
    pub by: Vec<String>,
    /// Why what a policy permits is unknown all the same: the policies that may come out otherwise, and
    /// the facts that are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

impl Authorized {
    /// What one policy forbids.
    pub fn forbidden(by: &str) -> Self {
        Self { verdict: Verdict::Forbidden, by: vec![by.to_owned()], doubts: Vec::new() }
    }
}

impl Default for Authorized {
    fn default() -> Self {
        Self { verdict: Verdict::Unknown, by: Vec::new(), doubts: Vec::new() }
    }
}

/// Whether a change was authorized.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A change policy permits it.
    Permitted,
    /// A change policy forbids it.
    Forbidden,
    /// No change policy speaks of it, or what one says hangs on what is not known.
    Unknown,
}

/// The id of a finding: `tw-` and 16 hexadecimal digits over rule, account, subject and anchor.
///
/// The anchor is the first evidence's event id, or the start of a window. Parts are separated by a
/// byte that none of them contains, so that moving text from one part to the next changes the id.
pub fn finding_id(rule: &str, account: &str, subject: &str, anchor: &str) -> String {
    let mut hash = Sha256::new();
    for part in [rule, account, subject, anchor] {
        hash.update(part.as_bytes());
        hash.update([0xff]);
    }
    let digest = hash.finalize();
    let head: u64 = digest.iter().take(8).fold(0, |acc, byte| (acc << 8) | u64::from(*byte));
    format!("tw-{head:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_every_part_and_on_where_it_ends() {
        let id = finding_id("rule", "111122223333", "user/alice", "e1");
        assert_eq!(id, finding_id("rule", "111122223333", "user/alice", "e1"));
        assert_ne!(id, finding_id("rule", "111122223333", "user/alic", "ee1"));
        assert!(id.starts_with("tw-") && id.len() == 19);
    }

    #[test]
    fn a_party_is_called_by_its_most_readable_name() {
        let mut party = Party { kind: Some("user".into()), ..Party::default() };
        assert_eq!(party.label(), "user");
        party.arn = Some("arn:aws:iam::111122223333:user/alice".into());
        party.name = Some("alice".into());
        assert_eq!(party.label(), "alice");
    }
}
