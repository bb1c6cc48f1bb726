//! Somebody may pass any role to Bedrock AgentCore.

use crate::grants::{Granted, Source, policies};
use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "passes-roles-to-agents",
    title: "Any role may be passed to Bedrock AgentCore",
    area: Area::Permissions,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "Whoever makes an agent with a stronger role has what the role may do.",
    fix: "Name the roles that may be passed, and bind the pass to the service.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_policy_passrole_to_bedrock_agentcore_restricted")],
    remedies: &["narrow-policy"],
    fails_on: &[
        "policy agents allows iam:PassRole,bedrock-agentcore:*",
        r#"policy agents allows iam:PassRole if={"StringLike":{"iam:PassedToService":"bedrock*"}}"#,
        r#"policy agents allows iam:PassRole if={"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    ],
    passes_on: &[
        "policy agents allows iam:PassRole,bedrock-agentcore:* on=arn:aws:iam::111122223333:role/agent",
        r#"policy agents allows iam:PassRole if={"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const SERVICE: &str = "bedrock-agentcore.amazonaws.com";
    for policy in policies(state, &[Source::Attached, Source::Unattached], verdicts)? {
        let (resource, label) = (&policy.resource, &policy.resource.label);
        match policy.grants_where("iam:PassRole", "iam:PassedToService", SERVICE) {
            Granted::Yes => {
                verdicts.fail(resource, format!("The {label} lets pass every role to {SERVICE}."));
            }
            Granted::Conditionally => verdicts.fail_if(
                Severity::Medium,
                resource,
                format!("The {label} lets pass every role to {SERVICE} where its conditions hold."),
            ),
            Granted::No => {
                let sentence = format!("The {label} does not let pass every role to {SERVICE}.");
                verdicts.pass(resource, sentence);
            }
        }
    }
    Ok(())
}
