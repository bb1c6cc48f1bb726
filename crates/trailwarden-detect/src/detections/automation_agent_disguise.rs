//! A call claims to come from infrastructure as code, and its record disagrees.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "automation-agent-disguise",
    title: "User agent claims automation that the record contradicts",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-14"],
    select: Select {
        events: &["iam:<writes>"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1036"],
    risk: "Many rule sets skip calls whose agent names Terraform or CloudFormation; the agent is whatever the caller types.",
    false_positives: &[
        "Somebody who runs Terraform by hand in CloudShell or with credentials copied from the console: a change outside of the pipeline, which is worth knowing.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:CreateUser user/eve ua=cloudformation.amazonaws.com",
        r#"role/app/s iam:AttachUserPolicy user/eve ua=HashiCorp-Terraform/1.9 {"sessionCredentialFromConsole":"true"}"#,
        "root iam:CreateUser user/eve ua=APN/1.0,HashiCorp/1.0,Terraform/1.9",
        "mallory iam:CreateUser user/eve ua=cloudformation.amazonaws.com denied",
    ],
    quiet_on: &[
        "role/AWSServiceRole/AWSCloudFormation iam:CreateUser user/eve via=cloudformation.amazonaws.com ua=cloudformation.amazonaws.com",
        "role/pipeline/run-7 iam:CreateRole role/x ua=APN/1.0,HashiCorp/1.0,Terraform/1.9",
        "alice iam:CreateUser user/eve",
    ],
    logic: Logic::Each(detect),
};

/// Services that call IAM on somebody's behalf and then stand in `invokedBy` or the address.
const SERVICES: [&str; 4] = [
    "cloudformation.amazonaws.com",
    "controltower.amazonaws.com",
    "sso.amazonaws.com",
    "servicecatalog.amazonaws.com",
];

/// Words by which infrastructure as code introduces itself.
const TOOLS: [&str; 6] = ["terraform", "hashicorp", "pulumi", "aws-cdk", "cdk/", "opentofu"];

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let agent = event.user_agent.to_ascii_lowercase();
    let service = SERVICES.iter().find(|service| agent.contains(*service));
    let contradiction = if let Some(service) = service {
        let by_service = event.caller.is_aws()
            || event.caller.invoked_by == **service
            || event.address == **service;
        if by_service {
            return None;
        }
        format!("names {service}, but the call came from {} and no service made it", event.address)
    } else {
        TOOLS.iter().find(|tool| agent.contains(*tool))?;
        if event.caller.from_console {
            "names infrastructure as code, but the credentials came from a console session"
                .to_owned()
        } else if event.caller.kind == CallerKind::Root {
            "names infrastructure as code, but the root user made the call".to_owned()
        } else {
            return None;
        }
    };
    let done = event.done_or("called", "tried");
    let confidence = if service.is_some() { Confidence::High } else { Confidence::Low };
    let text = format!(
        "{{actor}} {done} {} with a user agent that {contradiction}{{times}}.",
        event.name()
    );
    Some(Match::on_caller(event, text).confidence(confidence))
}
