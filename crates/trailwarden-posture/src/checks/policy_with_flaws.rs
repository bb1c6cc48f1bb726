//! Lint finds a grave flaw in a policy that is in force.

use trailwarden_account::PolicyText;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::lint::lint;

use crate::grants::{Source, policies};
use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "policy-with-flaws",
    title: "Policy in force has a grave flaw",
    area: Area::Permissions,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A policy that does not say what its author meant allows too much, or denies nothing where it should.",
    fix: "Mend the policy as `lint` says; it shows the place in the text.",
    needs: &[DETAILS],
    controls: &[],
    remedies: &["read-the-policy"],
    fails_on: &[r#"policy p allows iam:PassRole
user alice
user/alice has policy/p"#],
    passes_on: &[
        r#"policy p allows s3:GetObject on=arn:aws:s3:::b/*
user alice
user/alice has policy/p"#,
        "role app trusts ec2.amazonaws.com",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let model = state.model()?;
    let mut texts: Vec<(Resource, PolicyText, PolicyKind)> = Vec::new();
    for policy in policies(state, &[Source::Attached, Source::Inline], verdicts)? {
        texts.push((policy.resource, policy.text, PolicyKind::Identity));
    }
    for role in model.identities().filter(|one| one.kind == Kind::Role && !one.is_service_linked())
    {
        let resource = Resource::identity(state, role).part("trust_policy", "trust policy");
        match role.trust.value() {
            Some(text) => texts.push((resource, text.clone(), PolicyKind::Trust)),
            None => verdicts.unknown(&resource, "its text is not known"),
        }
    }
    for (resource, text, kind) in texts {
        let label = &resource.label;
        let findings = lint(text.as_str(), Some(kind));
        let worst = findings.iter().max_by_key(|finding| finding.severity);
        match worst.filter(|finding| finding.severity >= Severity::Medium) {
            Some(finding) => {
                let (id, title) = (finding.check.id, finding.check.title);
                let sentence = format!(
                    "The {label} has a flaw that lint calls {id}: {}.",
                    title.to_lowercase()
                );
                verdicts.fail_as(finding.severity, &resource, sentence);
            }
            None => verdicts.pass(&resource, format!("In the {label} lint finds nothing grave.")),
        }
    }
    Ok(())
}
