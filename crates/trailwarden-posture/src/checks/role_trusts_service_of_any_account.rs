//! Role lets in a service that works for another account.

use trailwarden_policy::trust::{Grant, Who};

use crate::prelude::*;
use crate::readers::trusts;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-service-of-any-account",
    title: "Role lets in a service that works for another account",
    area: Area::Trust,
    severity: Severity::Low,
    confidence: Confidence::Medium,
    risk: "A service that serves everybody can be talked into using the role for another account.",
    fix: "Add a condition on aws:SourceAccount to the trust policy.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_role_service_trust_restricts_source_to_account")],
    remedies: &["narrow-trust"],
    fails_on: &["role app trusts sns.amazonaws.com"],
    passes_on: &[
        r#"role app trusts sns.amazonaws.com if={"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        "role web trusts ec2.amazonaws.com",
    ],
    logic: Logic::Each(judge),
};

/// Services whose requests carry no source: the role is bound to what runs with it.
///
/// Source: IAM User Guide, "The confused deputy problem", "Cross-service confused deputy prevention".
const WITHOUT_SOURCE: &[&str] = &[
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "lambda.amazonaws.com",
    "edgelambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];
const KEYS: &[&str] = &["aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let mut services = grants.iter().filter_map(|grant| match &grant.who {
            Who::Service(name) if !WITHOUT_SOURCE.contains(&name.as_str()) => Some((name, grant)),
            _ => None,
        });
        let is_bound = |grant: &Grant| {
            let mut conditions = grant.conditions.iter();
            conditions.any(|condition| {
                condition.demands_a_match(&grant.conditions)
                    && KEYS.iter().any(|key| condition.key.eq_ignore_ascii_case(key))
            })
        };
        match services.find(|(_, grant)| !is_bound(grant)) {
            Some((service, _)) => {
                verdicts.fail(
                    &role,
                    format!("{label} lets in {service} for whatever account it works."),
                );
            }
            None => {
                verdicts.pass(&role, format!("{label} lets in no service without saying for whom."))
            }
        }
    }
    Ok(())
}
