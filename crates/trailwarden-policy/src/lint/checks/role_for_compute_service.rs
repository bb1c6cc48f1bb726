//! A role for machines on which people run code.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-for-compute-service",
    title: "Role for a compute service",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "Whoever can start or enter such a machine, container or function acts as the role.",
    source: "IAM User Guide, \"Grant a user permissions to pass a role to an AWS service\"",
    cross: &[(Tool::Cloudsplaining, "AssumableByComputeService")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""ec2.amazonaws.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":["states.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole""#,
        )
        .at(r#""lambda.amazonaws.com""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole""#,
        ),
        Example::trust(
            r#""Effect":"Deny","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
        ),
    ],
};

/// Services that run code of their users with the role's credentials.
const SERVICES: [&str; 11] = [
    "batch",
    "codebuild",
    "ec2",
    "ecs-tasks",
    "eks",
    "glue",
    "lambda",
    "pods.eks",
    "sagemaker",
    "ssm",
    "tasks.apprunner",
];

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for granted in granted(view) {
        let Who::Service(name) = &granted.grant.who else {
            continue;
        };
        let service = name.split_once(".amazonaws.com").map_or("", |(service, _)| service);
        if SERVICES.contains(&service) {
            let message = format!("code that runs on {} acts as the role", quoted(name));
            let fix = "give the role no more than that code needs, and watch who may pass it";
            found.at(granted.span, view.index, message, fix);
        }
    }
}
