//! What lint says of the policy documents in events, and of those in baselines (`baseline`).
//!
//! A document is checked as its kind, and what its predecessor in the same place had already is not
//! said again. A check is a rule like any other: one finding for each check and place.
//!
//! # What is left to others
//! That a document gives much is judged by its effect and not by its text, so checks that say only
//! that stay silent here; so do those of which a detection speaks. What remains is what is wrong: an
//! action that does not exist, a condition that cannot be met or asks for nothing, a Deny that can
//! be passed by.
//!
//! # Severity
//! Of an Allow that is wrong in a way that gives less than meant, at most low. Of one that gives
//! more than meant, the check's own level or that of the change's effect, whichever is higher.
//! Elsewhere (a Deny, a trust policy, a limit of the organization) the check's own level.

pub(crate) mod baseline;
mod recent;

use std::collections::BTreeSet;

use trailwarden_account::Model;
use trailwarden_model::Severity;
use trailwarden_model::finding::Kind;
use trailwarden_policy::lint::checks::ALL;
use trailwarden_policy::lint::{Check, LintFinding, lint};
use trailwarden_policy::{Document, Effect, PolicyKind};
use trailwarden_record::Event;

use crate::conclude::Meta;
use crate::matches::Match;
use crate::written::Written;

/// Checks below this level that are told all the same: a Deny that does not hold.
const LOW_AND_TOLD: &[&str] =
    &["deny-that-absent-key-disarms", "source-address-deny-that-hits-services"];

/// Checks that say how much a document gives, or whom it lets in.
const JUDGED_BY_EFFECT: &[&str] = &[
    "allow-with-not-principal",
    "allow-with-not-resource",
    "assume-any-role",
    "changes-to-everything",
    "credentials-on-everything",
    "data-on-everything",
    "full-administrator",
    "not-action-that-reaches-iam",
    "not-principal-in-trust-policy",
    "oidc-subject-missing",
    "oidc-subject-too-wide",
    "open-to-everyone",
    "pass-role-on-everything",
    "permission-management-on-everything",
    "privilege-escalation",
    "resource-policy-gives-the-rest",
    "role-open-to-anyone",
    "whole-service",
    "wildcard-in-principal",
    "wildcard-over-permission-management",
];

/// Checks by which an Allow gives more than whoever wrote it meant.
const GIVES_MORE: &[&str] = &[
    "allow-that-absent-key-passes",
    "audience-with-set-operator",
    "condition-always-true",
    "for-all-values-on-single-valued-key",
    "for-all-values-without-key",
    "mfa-condition-that-access-keys-pass",
    "null-with-if-exists",
    "null-with-set-operator",
    "service-principal-without-source",
    "several-booleans",
    "tag-condition-without-tag-name",
];

/// What one check found in one document.
pub(crate) struct Linted {
    /// Its index in the list of checks.
    pub(crate) check: usize,
    /// For the finding.
    pub(crate) matched: Match,
}

/// What is new in the document that an event writes; `effect` is the severity of the change by its
/// effect.
pub(crate) fn lints(event: &Event, before: &Model, effect: Option<Severity>) -> Vec<Linted> {
    let Some(written) = Written::of(event, Some(before)) else { return Vec::new() };
    let known: BTreeSet<(&str, String)> = match &written.previous {
        Some(text) => recent::told(text.as_str(), written.kind)
            .iter()
            .map(|finding| (finding.check.id, finding.message.clone()))
            .collect(),
        None => BTreeSet::new(),
    };
    let is_new =
        |finding: &&LintFinding| !known.contains(&(finding.check.id, finding.message.clone()));
    let told = recent::told(written.text, written.kind);
    let new: Vec<LintFinding> = told.iter().filter(is_new).cloned().collect();
    if new.is_empty() {
        return Vec::new();
    }
    let document = Document::parse(written.text).ok();
    let flaws = flaws(&new, written.kind, document.as_ref(), || effect);
    let linted = flaws.map(|flaw| {
        let text = format!("{{actor}} wrote {}{{times}}: {}", written.words, flaw.sentence);
        let matched = Match::on_target(event, text).subject(written.place.clone());
        Linted { check: flaw.check, matched: matched.severity(flaw.severity) }
    });
    linted.collect()
}

/// What lint says of a text that is worth a finding.
fn told(text: &str, kind: PolicyKind) -> impl Iterator<Item = LintFinding> {
    lint(text, Some(kind)).into_iter().filter(|finding| {
        let id = finding.check.id;
        !JUDGED_BY_EFFECT.contains(&id)
            && (finding.severity >= Severity::Medium || LOW_AND_TOLD.contains(&id))
    })
}

/// All that one check says of one document.
struct Flaw {
    check: usize,
    severity: Severity,
    sentence: String,
}

/// What was told of a document, check by check; `effect` is how grave what the document gives is.
fn flaws(
    told: &[LintFinding],
    kind: PolicyKind,
    document: Option<&Document>,
    effect: impl Fn() -> Option<Severity>,
) -> impl Iterator<Item = Flaw> {
    ALL.iter().enumerate().filter_map(move |(number, check)| {
        let of_check: Vec<&LintFinding> =
            told.iter().filter(|finding| finding.check.id == check.id).collect();
        let graded = of_check.iter().map(|finding| graded(finding, kind, document, &effect));
        let severity = graded.max()?;
        Some(Flaw { check: number, severity, sentence: sentence(&of_check) })
    })
}

fn graded(
    finding: &LintFinding,
    kind: PolicyKind,
    document: Option<&Document>,
    effect: impl Fn() -> Option<Severity>,
) -> Severity {
    if GIVES_MORE.contains(&finding.check.id) {
        return effect().map_or(finding.severity, |effect| effect.max(finding.severity));
    }
    let is_denied = statement_effect(finding, document) == Some(Effect::Deny);
    if kind == PolicyKind::Identity && !is_denied {
        finding.severity.min(Severity::Low)
    } else {
        finding.severity
    }
}

fn statement_effect(finding: &LintFinding, document: Option<&Document>) -> Option<Effect> {
    let document = document?;
    let kept = document.places.statements.get(finding.statement?)?.kept?;
    Some(document.statements.get(kept)?.effect)
}

fn sentence(findings: &[&LintFinding]) -> String {
    let (message, fix) =
        findings.first().map_or(("", ""), |finding| (&finding.message, &finding.fix));
    let more = match findings.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more like it"),
    };
    let (message, fix) = (message.trim_end_matches('.'), fix.trim_end_matches('.'));
    let stop = if fix.ends_with('?') { "" } else { "." };
    format!("{message}{more}; {fix}{stop}")
}

/// What a finding takes from its check.
pub(crate) fn meta(check: &Check) -> Meta {
    Meta {
        id: check.id.to_owned(),
        title: check.title.to_owned(),
        risk: check.about.to_owned(),
        kind: Kind::Lint,
        severity: check.severity,
        confidence: check.confidence,
        attack: Vec::new(),
        false_positives: Vec::new(),
        remedies: Vec::new(),
    }
}

/// Whether a rule id is that of a check.
#[must_use]
pub fn is_check(id: &str) -> bool {
    ALL.iter().any(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, reference};
    use trailwarden_model::Finding;

    fn lints(trail: &str) -> Vec<Finding> {
        let findings = reference::judge_trail(trail, &[], &Settings::default()).unwrap();
        findings.into_iter().filter(|finding| finding.kind == Kind::Lint).collect()
    }

    fn ids(trail: &str) -> Vec<String> {
        lints(trail).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_misspelt_action_is_found_once_and_its_repetition_is_not_new() {
        let put = "admin iam:PutGroupPolicy group/devs allow=s3:GetObjct";
        let found = lints(&format!("{put}\n{put}"));
        assert_eq!(found.len(), 1, "{found:?}");
        let finding = &found[0];
        assert_eq!((finding.rule.as_str(), finding.evidence_total), ("unknown-action", 1));
        assert_eq!(finding.severity, Severity::Low, "it gives less than meant");
        assert!(finding.explanation.contains("s3:GetObjct"), "{}", finding.explanation);
        assert!(finding.explanation.contains("of group devs"), "{}", finding.explanation);
    }

    #[test]
    fn a_deny_that_is_misspelt_keeps_its_level() {
        let found = lints("admin iam:PutGroupPolicy group/devs allow=s3:Get* deny=iam:CreateUsr");
        assert_eq!((found.len(), found[0].severity), (1, Severity::Medium), "{found:?}");
    }

    #[test]
    fn what_stood_there_before_is_not_said_again_but_what_is_added_is() {
        let trail = "admin iam:PutGroupPolicy group/devs allow=s3:GetObjct
                     admin iam:PutGroupPolicy group/devs allow=s3:GetObjct,s3:GetObject deny=ec2:Runinstance";
        let found = lints(trail);
        let said: Vec<&str> = found.iter().map(|finding| finding.explanation.as_str()).collect();
        assert_eq!(found.len(), 1, "one place, one finding: {said:?}");
        assert_eq!(found[0].evidence_total, 2);
        assert!(said[0].contains("Runinstance"), "the gravest speaks: {said:?}");
    }

    #[test]
    fn how_much_a_document_gives_and_refused_documents_are_not_lints() {
        for quiet in [
            "admin iam:PutUserPolicy user/bob allow=*",
            "admin iam:PutUserPolicy user/bob allow=iam:PassRole,iam:PutUserPolicy",
            "admin iam:UpdateAssumeRolePolicy role/app trust=*",
            "admin iam:PutGroupPolicy group/devs denied",
            "admin iam:PutGroupPolicy group/devs allow=s3:GetObjct failed=MalformedPolicyDocument",
            "admin iam:PutGroupPolicy group/devs allow=s3:GetObject",
        ] {
            assert_eq!(ids(quiet), Vec::<String>::new(), "{quiet}");
        }
    }

    #[test]
    fn the_lists_name_checks() {
        for id in LOW_AND_TOLD.iter().chain(JUDGED_BY_EFFECT).chain(GIVES_MORE) {
            assert!(is_check(id), "{id}");
        }
    }
}
