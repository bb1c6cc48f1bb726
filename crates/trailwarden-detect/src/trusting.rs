//! What a call writes into a role's trust policy, judged as it counts: resource control policies over the
//! account deny what they deny beside it.
//!
//! Source: AWS Organizations User Guide, "Resource control policies (RCPs)".

use std::collections::BTreeSet;

use trailwarden_account::{PolicyText, World};
use trailwarden_model::{Confidence, Severity};
use trailwarden_policy::Document;
use trailwarden_policy::reach::Predicate;
use trailwarden_policy::trust::{self, Grant};
use trailwarden_record::Event;

use crate::context::Cx;
use crate::matches::{Match, Weight};

/// A role's new trust policy.
pub struct Trusting<'a> {
    /// The call.
    pub event: &'a Event,
    /// The role's name.
    pub role: String,
    /// The policy as it counts.
    pub document: Document,
    /// Whom it lets in, but for those that a Deny keeps out.
    pub grants: Vec<Grant>,
}

impl<'a> Trusting<'a> {
    /// What a call writes, if it writes one that can be read.
    pub fn of(cx: &Cx<'a>) -> Option<Self> {
        let event = cx.event()?;
        // The model has read the same text, and so have other detections.
        let written = PolicyText::new(event.trust_policy()?).document().ok()?.clone();
        let role = event.target()?.name?;
        let document = match event.account {
            Some(account) => World::of(cx.models()).trust_as_written(account, &role, written),
            None => written,
        };
        let grants = trust::effective_grants(&document);
        Some(Self { event, role, document, grants })
    }

    /// A match that says who was let in and how. It is weighed by what the role may do; policies of
    /// one role that are told in other words are findings of their own.
    pub fn matched(
        &self,
        who: &str,
        how: &str,
        severity: Severity,
        confidence: Confidence,
    ) -> Match {
        let let_in = self.event.done_or("let", "tried to let");
        let text = format!("{{actor}} {let_in} {who} into role {}{{times}}{how}.", self.role);
        let matched = Match::on_target(self.event, text);
        let subject = format!("{} {who}{how} {}", matched.subject, self.asked());
        matched
            .subject(subject)
            .confidence(confidence)
            .attempted_if_not(self.event.outcome, severity)
            .weighed(Weight::AtLeast(Severity::Medium))
    }

    /// All that is asked of those it lets in: trusts that ask for different things are different.
    fn asked(&self) -> String {
        let each = self.grants.iter().flat_map(|grant| grant.conditions.iter());
        let each = each.map(|condition| Predicate::of(condition, true).to_string());
        let each: BTreeSet<String> = each.collect();
        each.into_iter().collect::<Vec<_>>().join(", ")
    }
}
