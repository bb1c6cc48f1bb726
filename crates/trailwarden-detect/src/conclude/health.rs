//! What went wrong in the engine itself, as findings: an incomplete answer must say so.

use std::collections::BTreeMap;

use trailwarden_model::finding::{Kind, Party};
use trailwarden_model::{Confidence, Finding, Severity, Timestamp};
use trailwarden_policy::lint::checks;

use super::Meta;
use crate::draft::{FINDINGS_MAX, Rule};
use crate::engine::{Engine, GRAPH_ACCOUNTS_MAX};
use crate::matches::Match;

/// Ids of the findings about the engine itself.
pub const RULES: &[&str] = &[
    "detection-panicked",
    "model-panicked",
    "memory-limit-reached",
    "finding-limit-reached",
    "paths-not-drawn",
    "change-policy-failed",
];

impl Engine {
    /// What went wrong in the engine itself.
    pub(super) fn health(&self, panics: &BTreeMap<usize, String>) -> Vec<Finding> {
        let mut health = Vec::new();
        for (index, text) in panics {
            let Some(detection) = self.detections.get(*index) else { continue };
            let sentence = format!(
                "The detection {} stopped with an error and has not said all that it should: {text}. All others \
                 went on. Please report it.",
                detection.id
            );
            health.push(self.health_finding(
                "detection-panicked",
                detection.id,
                sentence,
                Severity::Medium,
            ));
        }
        health.extend(self.health_of_models());
        for id in self.truncated() {
            let sentence = format!(
                "The detection {id} met more principals or records than it can remember and dropped the oldest, so it \
                 may have missed something. Scan a shorter period at a time."
            );
            health.push(self.health_finding("memory-limit-reached", id, sentence, Severity::Low));
        }
        for what in self.forgotten() {
            let sentence = format!(
                "There was more to remember than {what} can hold, and the oldest was dropped, so something may have \
                 been missed or an actor not followed to the person behind. Scan a shorter period at a time."
            );
            health.push(self.health_finding("memory-limit-reached", what, sentence, Severity::Low));
        }
        for rule in &self.drafts.overflowed {
            let id = match rule {
                Rule::BuiltIn(index) => {
                    self.detections.get(*index).map_or("", |detection| detection.id).to_owned()
                }
                Rule::Sigma(index) => format!("sigma rule number {index}"),
                Rule::Lint(index) => {
                    checks::ALL.get(*index).map_or("", |check| check.id).to_owned()
                }
            };
            let sentence = format!(
                "{id} made more findings than are kept (at most {FINDINGS_MAX}, fewer when other rules are loud too); \
                 those beyond are not listed. Scan a shorter period, or raise its threshold."
            );
            health.push(self.health_finding("finding-limit-reached", &id, sentence, Severity::Low));
        }
        health
    }

    /// What went wrong with the models of the accounts.
    fn health_of_models(&self) -> Vec<Finding> {
        let mut health = Vec::new();
        if let Some(text) = self.accounts.stopped() {
            let sentence = format!(
                "The model of the accounts stopped with an error, and no later change is judged by its effect: {text}. \
                 Please report it."
            );
            let model = "the model of the accounts";
            health.push(self.health_finding("model-panicked", model, sentence, Severity::Medium));
        }
        if let Some((text, count)) = self.accounts.unjudged() {
            let sentence = format!(
                "An error kept {count} changes or policy documents from being judged: {text}. They are told by other \
                 detections only. Please report it."
            );
            let judge = "the judge of effects";
            health.push(self.health_finding("model-panicked", judge, sentence, Severity::Medium));
        }
        if self.draws_graph() && self.models().iter().count() > GRAPH_ACCOUNTS_MAX {
            let sentence = format!(
                "There are more than {GRAPH_ACCOUNTS_MAX} accounts, so effects do not tell the ways that changes opened \
                 from one principal to another. Scan fewer accounts at a time with --account."
            );
            let graph = "the privilege graph";
            health.push(self.health_finding("paths-not-drawn", graph, sentence, Severity::Low));
        }
        health
    }

    fn health_finding(
        &self,
        rule: &str,
        subject: &str,
        explanation: String,
        severity: Severity,
    ) -> Finding {
        finding(rule, "detection", subject, explanation, severity, self.now())
    }
}

/// A finding about something that did not work as it should.
pub(super) fn finding(
    rule: &str,
    kind: &str,
    subject: &str,
    explanation: String,
    severity: Severity,
    time: Timestamp,
) -> Finding {
    let meta = Meta {
        id: rule.to_owned(),
        title: rule.replace('-', " "),
        risk: match rule {
            "change-policy-failed" => {
                "What the policy would have forbidden or permitted is not told.".to_owned()
            }
            _ => "What this detection would have found is not among the findings.".to_owned(),
        },
        kind: Kind::Health,
        severity,
        confidence: Confidence::High,
        attack: Vec::new(),
        false_positives: Vec::new(),
        remedies: Vec::new(),
    };
    let target = Party { kind: Some(kind.into()), name: Some(subject.into()), ..Party::default() };
    let matched = Match::about(target, explanation).subject(subject);
    meta.finding(matched, None, "", time)
}
