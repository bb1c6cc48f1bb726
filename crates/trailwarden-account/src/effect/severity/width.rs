//! How much is written to by what was gained.

use std::sync::LazyLock;

use trailwarden_policy::facts::{Action, ActionId, ActionSet, Level, facts};
use trailwarden_policy::reach::{Glob, Grant};

use crate::effect::Width;
use crate::techniques::CREDENTIALS;

/// What hands over the trust of others, though it may not count as a way to more; so do their
/// credentials.
const TRUST: &str = "iam:UpdateAssumeRolePolicy";

/// Writing that only adds output of one's own: what AWS's own policies give every function, task and
/// instance. Each touches nothing that belongs to others, even on `*`.
///
/// Source: AWS Managed Policy Reference Guide, `AmazonSSMManagedInstanceCore`,
/// `CloudWatchAgentServerPolicy`, `AmazonECSTaskExecutionRolePolicy`,
/// `AWSLambdaVPCAccessExecutionRole`, `AWSXRayDaemonWriteAccess`.
const OUTPUT: [&str; 37] = [
    // A link into the console for the caller alone; AWS has it in `CloudWatchReadOnlyAccess`.
    "cloudwatch:CreateOneTimeDeepLinkCode",
    // Numbers of one's own, in a namespace that anybody may add to.
    "cloudwatch:PutMetricData",
    // A function's network interfaces: AWS lets go of none that is in use.
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
    // The agent's end of the queue of commands: an instance has its own alone.
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    // Fetching an image; the token is good for what the policies allow.
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    // Log lines can only be added.
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    // What an instance reports of itself: its inventory, its patches, what became of its commands.
    "ssm:DescribeAssociation",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetManifest",
    "ssm:ListInstanceAssociations",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:PutInventory",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
    // The agent's end of a session that somebody else opens.
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    // Traces of one's own calls.
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// How long a log group keeps its lines: part of making one, and so what every agent that makes them
/// gets (`CloudWatchAgentServerPolicy`). Without that it is a hand on the logs of others.
const RETENTION: (&str, &str) = ("logs:PutRetentionPolicy", "logs:CreateLogGroup");

/// Hands over what the roles may do that are entered, which may be little.
const ENTERING: &str = "sts:AssumeRole";

/// How much is written to. `own` is the bearer's own ARN: what is his own is nobody else's.
pub(in crate::effect) fn width(grants: &[Grant], own: &str) -> Width {
    width_but(grants, own, |_| false)
}

/// The same, where to enter a role whose ARN `is_idle` writes to nothing of others.
pub(in crate::effect) fn width_but(
    grants: &[Grant],
    own: &str,
    is_idle: impl Fn(&str) -> bool,
) -> Width {
    static SETS: LazyLock<[ActionSet; 3]> = LazyLock::new(|| {
        let of_others = [CREDENTIALS, &[TRUST]].concat();
        [named(&OUTPUT), named(&of_others), named(&[ENTERING])]
    });
    let [output, of_others, entering] = &*SETS;
    let is_wide = grants.iter().any(|grant| {
        let is_own = grant.resources.iter().all(|area| {
            area.within().iter().any(|glob| glob.as_literal().is_some_and(|text| text == own))
        });
        if is_own {
            return false;
        }
        let mut actions = grant.actions.known().clone();
        if !actions.is_disjoint(entering) && enters_idle(grant, &is_idle) {
            actions.difference_with(entering);
        }
        let permissions = actions
            .iter()
            .any(|action| action.action().our_level() == Level::PermissionsManagement);
        let makes_groups = actions.iter().any(|action| action.action().full_name() == RETENTION.1);
        let writes = |action: ActionId| {
            let is_retention = makes_groups && action.action().full_name() == RETENTION.0;
            action.action().our_level().is_mutating() && !output.contains(action) && !is_retention
        };
        permissions
            || !actions.is_disjoint(of_others)
            || grant.resources.is_any() && actions.iter().any(writes)
    });
    let is_output = |grant: &Grant| {
        let is_harmless = |action: ActionId| {
            output.contains(action) || !action.action().our_level().is_mutating()
        };
        grant.actions.unknown().is_empty() && grant.actions.known().iter().all(is_harmless)
    };
    match is_wide {
        true => Width::Wide,
        false if grants.iter().all(is_output) => Width::Own,
        false => Width::Scoped,
    }
}

/// Whether roles that are entered are named, and each is idle.
fn enters_idle(grant: &Grant, is_idle: impl Fn(&str) -> bool) -> bool {
    grant.resources.iter().all(|area| {
        let mut named = area.within().iter().filter_map(Glob::as_literal);
        named.next().is_some_and(|role| is_idle(&role))
    })
}

fn named(names: &[&str]) -> ActionSet {
    names.iter().filter_map(|name| facts().action(name)).map(Action::id).collect()
}
