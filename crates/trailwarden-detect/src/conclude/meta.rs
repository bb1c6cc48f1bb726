//! What a finding takes from its rule.

use trailwarden_model::attack::Attack;
use trailwarden_model::finding::{self, Authorized, Kind, Party, Status, finding_id};
use trailwarden_model::{Confidence, Finding, Severity, Timestamp};

use crate::detection::Detection;
use crate::matches::Match;

/// What a finding takes from its rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meta {
    /// Rule id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Why it matters.
    pub risk: String,
    /// What produced the finding.
    pub kind: Kind,
    /// Severity, unless the match says otherwise.
    pub severity: Severity,
    /// Confidence, unless the match says otherwise.
    pub confidence: Confidence,
    /// ATT&CK technique ids.
    pub attack: Vec<String>,
    /// Known harmless causes.
    pub false_positives: Vec<String>,
    /// Remediation ids.
    pub remedies: Vec<String>,
}

impl Meta {
    /// Of a built-in detection.
    pub fn of(detection: &Detection) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            id: detection.id.to_owned(),
            title: detection.title.to_owned(),
            risk: detection.risk.to_owned(),
            kind: Kind::Detection,
            severity: detection.severity,
            confidence: detection.confidence,
            attack: owned(detection.attack),
            false_positives: owned(detection.false_positives),
            remedies: owned(detection.remedies),
        }
    }

    /// A finding of the rule that rests on no records yet; whoever has some adds them.
    pub(crate) fn finding(
        &self,
        matched: Match,
        account: Option<String>,
        anchor: &str,
        time: Timestamp,
    ) -> Finding {
        let of_account = account.as_deref().unwrap_or_default();
        Finding {
            schema: finding::SCHEMA.to_owned(),
            id: finding_id(&self.id, of_account, &matched.subject, anchor),
            rule: self.id.clone(),
            title: self.title.clone(),
            risk: self.risk.clone(),
            explanation: matched.explanation,
            supersedes: Vec::new(),
            kind: self.kind,
            severity: matched.severity.unwrap_or(self.severity),
            confidence: matched.confidence.unwrap_or(self.confidence),
            status: Status::Open,
            outcome: matched.outcome,
            account,
            region: None,
            first_time: time,
            last_time: time,
            actor: Party::default(),
            target: matched.target,
            evidence: Vec::new(),
            evidence_total: 0,
            effect: matched.effect,
            authorized: Authorized::default(),
            attack: self.attack.iter().map(|technique| Attack::of(technique)).collect(),
            false_positives: self.false_positives.clone(),
            remediation: self.remedies.clone(),
        }
    }
}
