//! What a person does about a check that offers no remediation, step by step.
//!
//! Braces stand for parts of the finding ([`PARTS`]); [`filled`] puts them in as words of a shell. What stands in
//! capitals is for the person to choose.

mod accounts;
mod identities;
mod records;
mod refused;

use trailwarden_model::{Arn, Finding};

use super::{ByHand, row};
use crate::render::quote;

/// The parts of a finding that steps name.
const PARTS: [&str; 5] = ["account", "arn", "kind", "name", "region"];

/// What a person does about a check, by the check's id.
#[must_use]
pub fn for_check(id: &str) -> Option<&'static ByHand> {
    accounts::ALL.iter().chain(identities::ALL).chain(records::ALL).find(|one| one.id == id)
}

/// What a person does where a remediation leaves it to one, by the remediation's id.
#[must_use]
pub fn for_remedy(id: &str) -> Option<&'static ByHand> {
    refused::ALL.iter().find(|one| one.id == id)
}

/// All of them.
#[cfg(test)]
fn all() -> impl Iterator<Item = &'static ByHand> {
    let of_checks = accounts::ALL.iter().chain(identities::ALL).chain(records::ALL);
    of_checks.chain(refused::ALL)
}

/// The steps for a finding, or for any. A part that nobody tells is left to the person.
#[must_use]
pub fn filled(by_hand: &ByHand, finding: Option<&Finding>) -> Vec<String> {
    let fill = |step: &&str| {
        // In one go: what stands in a name is no place to fill.
        let mut pieces = step.split('{');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let named = piece.split_once('}').filter(|(name, _)| PARTS.contains(name));
            match named {
                Some((name, rest)) => {
                    let value = finding.and_then(|finding| part(finding, name));
                    let value = value.map(|value| quote::bash(&value));
                    out.push_str(&value.unwrap_or_else(|| name.to_ascii_uppercase()));
                    out.push_str(rest);
                }
                None => {
                    out.push('{');
                    out.push_str(piece);
                }
            }
        }
        out
    };
    by_hand.how.iter().map(fill).collect()
}

fn part(finding: &Finding, name: &str) -> Option<String> {
    let target = &finding.target;
    let arn = target.arn.as_deref().and_then(Arn::parse);
    let found = match name {
        "account" => finding.account.clone(),
        "arn" => target.arn.clone(),
        "kind" => target.kind.clone(),
        "name" => arn.map(|arn| arn.name().to_owned()).filter(|it| !it.is_empty()).or_else(|| {
            // Labels of checks say the kind before the name.
            let label = target.name.as_deref()?;
            label.rsplit(['/', ' ']).next().map(str::to_owned)
        }),
        "region" => finding.region.clone().or_else(|| arn.map(|arn| arn.region.to_owned())),
        _ => None,
    };
    found.filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Finding {
        let nobody = serde_json::json!({ "kind": null, "arn": null, "id": null, "name": null,
            "account": null, "session": null, "access_key": null, "address": null });
        serde_json::from_value(serde_json::json!({
            "schema": "trailwarden.finding/1", "id": "tw-1", "rule": "x", "title": "x", "risk": "",
            "explanation": "", "supersedes": [], "kind": "posture", "severity": "low",
            "confidence": "high", "status": "open", "outcome": null, "account": null,
            "region": null, "first_time": "2026-05-01T00:00:00Z", "last_time": "2026-05-01T00:00:00Z",
            "actor": nobody, "target": nobody, "evidence": [], "evidence_total": 0, "effect": null,
            "authorized": { "verdict": "unknown", "by": [] }, "attack": [], "false_positives": [],
            "remediation": [],
        }))
        .unwrap()
    }

    #[test]
    fn names_of_strangers_stay_words() {
        let finding = |arn: &str| {
            let mut finding = nothing();
            finding.target.arn = Some(arn.to_owned());
            finding.target.kind = Some("user".to_owned());
            finding
        };
        let steps =
            |arn: &str| filled(for_check("user-without-tags").unwrap(), Some(&finding(arn)));
        let told = |arn: &str| steps(arn).last().unwrap().clone();
        let plain = told("arn:aws:iam::111122223333:user/staff/alice");
        assert!(plain.contains("--user-name alice --tags"), "{plain}");
        let odd = told("arn:aws:iam::111122223333:user/a b; {arn}");
        assert!(odd.contains("--user-name 'a b; {arn}' --tags"), "{odd}");
        let mut nobody = finding("");
        nobody.target.arn = None;
        let unknown = filled(for_check("user-without-tags").unwrap(), Some(&nobody));
        assert!(unknown[1].contains("--user-name NAME --tags"), "{unknown:?}");
    }

    /// Documents have braces too.
    #[test]
    fn only_parts_of_findings_are_filled_in() {
        for one in all() {
            for step in filled(one, None) {
                let left = PARTS.iter().find(|part| step.contains(&format!("{{{part}}}")));
                assert_eq!(left, None, "{}: {step}", one.id);
            }
        }
        let steps = filled(for_check("role-unused").unwrap(), Some(&nothing()));
        assert!(steps[1].contains(r#"'{"Version":"2012-10-17","Statement":[{"#), "{}", steps[1]);
    }

    #[test]
    fn each_says_how_in_steps_with_a_command_or_a_place() {
        for one in all() {
            assert!(one.how.len() > 1, "{}", one.id);
            let is_told = |step: &&str| step.contains("`aws ") || step.contains("In the console");
            assert!(one.how.iter().any(is_told), "{}", one.id);
        }
        let ids: Vec<&str> = all().map(|one| one.id).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len());
    }
}
