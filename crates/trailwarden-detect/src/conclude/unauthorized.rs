//! Findings of change policies: changes that one of them forbids, and policies that could not answer.

use trailwarden_model::finding::{Authorized, EVIDENCE_MAX, Kind};
use trailwarden_model::{Confidence, Finding, Outcome, Severity};

use super::Meta;
use super::health;
use crate::changes::Governed;
use crate::matches::{Match, listed};

/// The rule of changes that a policy forbids.
pub const UNAUTHORIZED: &str = "unauthorized-change";

/// What it is called.
pub const TITLE: &str = "Change that a change policy forbids";

/// Why it matters.
pub const RISK: &str = "The organization decided that this is not to be done, by this principal, in this way or \
                        with this effect. Either somebody acts against it, or somebody else acts in his name.";

/// Known harmless causes.
pub const FALSE_POSITIVES: &[&str] = &[
    "A change that was agreed on and that the policies do not know yet: let a permit or a narrower forbid say so.",
];

/// What all findings of the rule have in common.
#[must_use]
pub fn meta() -> Meta {
    Meta {
        id: UNAUTHORIZED.to_owned(),
        title: TITLE.to_owned(),
        risk: RISK.to_owned(),
        kind: Kind::Detection,
        severity: Severity::Medium,
        confidence: Confidence::High,
        attack: Vec::new(),
        false_positives: FALSE_POSITIVES.iter().map(|text| (*text).to_owned()).collect(),
        remedies: Vec::new(),
    }
}

/// What changes of one actor and target have in common that one policy forbids.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Group {
    /// The policy's id.
    pub policy: String,
    /// The account.
    pub account: Option<String>,
    /// Who: the person, key or service behind it.
    pub actor: String,
    /// What it was done to.
    pub target: String,
}

impl Group {
    /// Of a change that a policy forbids.
    #[must_use]
    pub fn of(policy: &str, governed: &Governed) -> Self {
        let row = &governed.row;
        let key = |party: &trailwarden_model::finding::Party| {
            let kind = party.kind.as_deref().unwrap_or_default();
            let who = party.arn.as_deref().or(party.id.as_deref()).unwrap_or_else(|| party.label());
            format!("{kind} {who}")
        };
        Self {
            policy: policy.to_owned(),
            account: row.account.map(|account| account.to_string()),
            actor: key(&row.actor),
            target: key(&row.target),
        }
    }

    /// The finding about these changes, in order.
    #[must_use]
    pub fn finding(&self, changes: &[Governed]) -> Option<Finding> {
        let first = changes.first()?;
        // The gravest speaks; among equals one that succeeded, then the first.
        let rank = |one: &&Governed| (one.row.severity, std::cmp::Reverse(one.row.outcome));
        let gravest = changes.iter().rev().max_by_key(rank)?;
        let outcome = changes.iter().map(|one| one.row.outcome).min()?;
        let least = if outcome == Outcome::Succeeded { Severity::Medium } else { Severity::Low };
        let matched = Match::about(gravest.row.target.clone(), self.explanation(gravest, changes))
            .subject(format!("{} {} {}", self.policy, self.actor, self.target))
            .severity(gravest.row.severity.map_or(least, |severity| severity.max(least)));
        let last = changes.last().map_or(first, |last| last);
        let evidence = changes.iter().take(EVIDENCE_MAX).map(|one| one.facts.evidence.clone());
        let anchor = &first.facts.evidence.event_id;
        let finding = meta().finding(matched, self.account.clone(), anchor, first.row.time);
        Some(Finding {
            outcome: Some(outcome),
            region: first.facts.region.clone(),
            last_time: last.row.time,
            actor: gravest.row.actor.clone(),
            evidence: evidence.collect(),
            evidence_total: changes.len() as u64,
            effect: gravest.row.effect.clone(),
            authorized: Authorized::forbidden(&self.policy),
            ..finding
        })
    }

    fn explanation(&self, gravest: &Governed, changes: &[Governed]) -> String {
        let row = &gravest.row;
        let mut calls: Vec<String> = Vec::new();
        for change in changes {
            if !calls.contains(&change.row.event) {
                calls.push(change.row.event.clone());
            }
        }
        let times = match changes.len() {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        let target = match (row.target.kind.as_deref(), row.target.name.as_deref()) {
            (Some(kind), Some(name)) => format!(" on {} {name}", kind.replace('_', " ")),
            _ => String::new(),
        };
        let end = match row.outcome {
            Outcome::Succeeded => "It succeeded",
            Outcome::Denied => "AWS refused it",
            Outcome::Failed => "It failed",
        };
        let sentence = row.sentence.as_ref().map(|told| format!(": {told}")).unwrap_or_default();
        format!(
            "{} called {}{times}{target}, which the change policy `{}` forbids. {end}{sentence}.",
            who(gravest),
            listed(&calls),
            self.policy
        )
    }
}

/// Who it was, and through whom where somebody stands behind.
fn who(governed: &Governed) -> String {
    let named = |party: &trailwarden_model::finding::Party| match party.kind.as_deref() {
        Some("root") => "the root user".to_owned(),
        Some(kind) if party.name.is_some() => {
            format!("{} {}", kind.replace('_', " "), party.label())
        }
        _ => party.label().to_owned(),
    };
    let (origin, direct) = (&governed.row.actor, &governed.facts.actor.party);
    match governed.behind.is_some() && origin.arn != direct.arn {
        true => format!("{} (through {})", named(origin), named(direct)),
        false => named(direct),
    }
}

/// Policies that could not be evaluated for some change: what one of them said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failed {
    /// The policy's id; empty when no policy is to blame.
    pub policy: String,
    /// What went wrong first.
    pub message: String,
    /// For how many changes.
    pub changes: u64,
    /// The first of them.
    pub first: Governed,
}

impl Failed {
    /// The health finding about it.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let changes = match self.changes {
            1 => "a change".to_owned(),
            count => format!("{count} changes"),
        };
        let policy = match self.policy.as_str() {
            "" => "The change policies".to_owned(),
            policy => format!("The change policy `{policy}`"),
        };
        let sentence = format!(
            "{policy} could not be evaluated for {changes}, first for event {}, so whether they were allowed is not \
             known: {}.",
            self.first.row.event_id,
            self.message.trim_end_matches('.')
        );
        let subject = if self.policy.is_empty() { "change policies" } else { &self.policy };
        health::finding(
            "change-policy-failed",
            "policy",
            subject,
            sentence,
            Severity::Medium,
            self.first.row.time,
        )
    }
}
