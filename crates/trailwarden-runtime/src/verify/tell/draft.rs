//! A finding in the making.

use trailwarden_model::attack::Attack;
use trailwarden_model::finding::{self, Authorized, Kind, Party, Status, finding_id};
use trailwarden_model::{Finding, Timestamp};
use trailwarden_record::integrity::{ChainName, Digest, LogName};

use crate::verify::rules::Rule;

/// What is said about one file or one chain.
pub(super) struct Draft {
    pub(super) rule: &'static Rule,
    pub(super) account: Option<String>,
    region: Option<String>,
    kind: &'static str,
    name: String,
    first_time: Timestamp,
    last_time: Timestamp,
    explanation: String,
}

impl Draft {
    /// About a digest file, by its path or its place in a bucket.
    pub(super) fn of_digest(
        rule: &'static Rule,
        chain: Option<&ChainName>,
        name: String,
        times: (Timestamp, Timestamp),
        explanation: String,
    ) -> Self {
        Self {
            rule,
            account: chain.map(|chain| chain.account.clone()),
            region: chain.map(|chain| chain.region.clone()),
            kind: "digest_file",
            name,
            first_time: times.0,
            last_time: times.1,
            explanation,
        }
    }

    /// About a whole chain, or a part of it.
    pub(super) fn of_chain(
        rule: &'static Rule,
        chain: &ChainName,
        times: (Timestamp, Timestamp),
        explanation: String,
    ) -> Self {
        let draft = Self::of_digest(rule, Some(chain), chain.to_string(), times, explanation);
        Self { kind: "digest_chain", ..draft }
    }

    /// About a log file.
    pub(super) fn of_log(
        rule: &'static Rule,
        named: Option<&LogName>,
        name: String,
        time: Timestamp,
        explanation: String,
    ) -> Self {
        Self {
            rule,
            account: named.map(|log| log.account.clone()),
            region: named.map(|log| log.region.clone()),
            kind: "log_file",
            name,
            first_time: time,
            last_time: time,
            explanation,
        }
    }

    /// About the log files of a region.
    pub(super) fn of_logs(
        rule: &'static Rule,
        (account, region): (&str, &str),
        times: (Timestamp, Timestamp),
        explanation: String,
    ) -> Self {
        Self {
            rule,
            account: Some(account.to_owned()),
            region: Some(region.to_owned()),
            kind: "log_files",
            name: format!("log files of {region}"),
            first_time: times.0,
            last_time: times.1,
            explanation,
        }
    }

    /// Stands for others of its rule that are not listed.
    pub(super) fn and_more(self, left_out: usize) -> Self {
        let explanation = format!(
            "{left_out} more findings of this kind are not listed. Ask for less at a time, with --since, \
             --until or --account."
        );
        Self { explanation, name: format!("{left_out} more"), ..self }
    }

    /// Completes it.
    pub(super) fn finding(self) -> Finding {
        let Self { rule, account, region, kind, name, first_time, last_time, explanation } = self;
        let subject = account.as_deref().unwrap_or_default();
        Finding {
            schema: finding::SCHEMA.to_owned(),
            id: finding_id(rule.id, subject, &name, &first_time.to_string()),
            rule: rule.id.to_owned(),
            title: rule.title.to_owned(),
            risk: rule.risk.to_owned(),
            explanation,
            supersedes: Vec::new(),
            kind: Kind::Verify,
            severity: rule.severity,
            confidence: rule.confidence,
            status: Status::Open,
            outcome: None,
            account: account.clone(),
            region,
            first_time,
            last_time,
            actor: Party::default(),
            target: Party {
                kind: Some(kind.to_owned()),
                name: Some(name),
                account,
                ..Party::default()
            },
            evidence: Vec::new(),
            evidence_total: 0,
            effect: None,
            authorized: Authorized::default(),
            attack: rule.attack.iter().map(|technique| Attack::of(technique)).collect(),
            false_positives: rule.false_positives.iter().map(|&text| text.to_owned()).collect(),
            remediation: Vec::new(),
        }
    }
}

/// A place in a bucket, as people write it.
pub(super) fn url(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// The time that a digest covers.
pub(super) fn times(digest: &Digest) -> (Timestamp, Timestamp) {
    (digest.start, digest.end)
}
