//! What one statement of a trust policy grants, with the place of each principal.
//!
//! # Invariants
//! - The time is bounded whatever a stranger writes: beyond the limits, a principal is passed over
//!   and a condition limits nothing. No policy that IAM stores reaches the first.

use std::sync::Arc;

use super::StatementView;
use crate::condition::Condition;
use crate::document::{Element, Principals};
use crate::span::Span;
use crate::trust::{ASSUMING_ACTIONS, Grant, Who};

/// More principals than a trust policy of 8,192 characters can hold.
const PRINCIPALS_MAX: usize = 600;

/// Conditions that are looked at, and those of them that can narrow a grant.
const CONDITIONS_MAX: usize = 128;
const NARROWING_MAX: usize = 32;

/// A grant and where its principal stands.
pub(super) struct Granted {
    /// The principal's text, or the whole element when that is `"*"`.
    pub(super) span: Span,
    /// Who may assume the role, and how. Of the conditions, those that can narrow it.
    pub(super) grant: Grant,
}

/// The grants of an Allow statement that names principals; `NotPrincipal` is a matter of its own.
pub(super) fn granted(view: &StatementView<'_>) -> Vec<Granted> {
    let statement = view.statement;
    let covered = ASSUMING_ACTIONS.into_iter().filter(|action| statement.covers_action(action));
    let actions: Vec<&'static str> = covered.collect();
    if !view.allows() || actions.is_empty() {
        return Vec::new();
    }
    let conditions = narrowing(&statement.conditions);
    let of = |span: Span, who: Who| Granted {
        span,
        grant: Grant {
            who,
            actions: actions.clone(),
            but: Arc::default(),
            conditions: Arc::clone(&conditions),
        },
    };
    if statement.principals == Principals::Any {
        return vec![of(view.span_of(Element::Principal), Who::Anyone)];
    }
    let parts = view.principals().filter(|part| part.element == Element::Principal);
    parts.take(PRINCIPALS_MAX).map(|part| of(part.span, Who::of(part.principal))).collect()
}

/// The conditions that can narrow a grant, with those that make them do so.
fn narrowing(conditions: &[Condition]) -> Arc<[Condition]> {
    let some = conditions.get(..CONDITIONS_MAX).unwrap_or(conditions);
    let counts = |condition: &&Condition| {
        condition.parsed_operator().base == "null" || condition.demands_a_match(some)
    };
    some.iter().filter(counts).take(NARROWING_MAX).cloned().collect()
}

#[cfg(test)]
mod tests {
    use trailwarden_model::Severity;

    use crate::kind::PolicyKind;
    use crate::lint::lint;

    fn severity(check: &str, principal: &str, condition: &str) -> Option<Severity> {
        let action = if principal.contains("oidc") || principal.contains("cognito") {
            "sts:AssumeRoleWithWebIdentity"
        } else {
            "sts:AssumeRole"
        };
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Condition":{condition}}}]}}"#
        );
        let findings = lint(&text, Some(PolicyKind::Trust));
        findings.iter().find(|finding| finding.check.id == check).map(|finding| finding.severity)
    }

    #[test]
    fn what_narrows_a_grant_lowers_its_severity() {
        let anyone = |condition| severity("role-open-to-anyone", r#"{"AWS":"*"}"#, condition);
        assert_eq!(anyone("{}"), Some(Severity::Critical));
        let mfa = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
        assert_eq!(anyone(mfa), Some(Severity::High));
        let set = r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#;
        assert_eq!(anyone(set), Some(Severity::Critical), "satisfied without the key");
        let with_null = r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Null":{"aws:PrincipalOrgID":"false"}}"#;
        assert_eq!(anyone(with_null), Some(Severity::Medium));
    }

    #[test]
    fn shared_issuers_are_worse_than_ones_own() {
        let missing = |issuer: &str| {
            let provider = format!("arn:aws:iam::111122223333:oidc-provider/{issuer}");
            severity("oidc-subject-missing", &format!(r#"{{"Federated":"{provider}"}}"#), "{}")
        };
        assert_eq!(missing("gitlab.com"), Some(Severity::Critical));
        assert_eq!(missing("idp.example.com"), Some(Severity::High));
        let cognito = r#"{"Federated":"cognito-identity.amazonaws.com"}"#;
        let any = severity("oidc-audience-missing", cognito, "{}");
        assert_eq!(any, Some(Severity::Critical));
    }

    /// Conditions beyond the limit are as if they were not there: rather a finding too many.
    #[test]
    fn a_flood_of_conditions_hides_no_grant() {
        let keys: Vec<String> =
            (0..200).map(|n| format!(r#""aws:PrincipalTag/{n}":"x""#)).collect();
        let flood = format!(
            r#"{{"StringEqualsIfExists":{{{}}},"StringEquals":{{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}"#,
            keys.join(",")
        );
        let found = severity("role-open-to-anyone", r#"{"AWS":"*"}"#, &flood);
        assert_eq!(found, Some(Severity::Critical));
    }
}
