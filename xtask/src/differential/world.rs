//! The world of the generated cases: who calls, what, on which resource, and with which context.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dice::Dice;

/// The account of most callers and resources.
pub(crate) const OWN: &str = "111122223333";
/// The other account.
pub(crate) const OTHER: &str = "444455556666";

/// What kind of principal calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Session,
    Federated,
    Root,
    Service,
    Anonymous,
}

/// Which policy of a resource stands in for its resource policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The resource takes no policy.
    Nothing,
    /// An ordinary resource policy.
    Resource,
    /// A key policy or trust policy, which must allow by itself.
    Own,
    /// An action that takes no resource.
    Wildcard,
}

/// One call: action, resource below `arn:PARTITION:`, with `ACCOUNT` standing for its account.
struct Target {
    action: &'static str,
    resource: &'static str,
    holder: Holder,
    weight: u64,
}

const fn target(
    action: &'static str,
    resource: &'static str,
    holder: Holder,
    weight: u64,
) -> Target {
    Target { action, resource, holder, weight }
}

const TARGETS: &[Target] = &[
    target("s3:GetObject", "s3:::reports/alice/2024/summary.txt", Holder::Resource, 10),
    target("s3:GetObject", "s3:::reports/core/a:b/c d.txt", Holder::Resource, 6),
    target("s3:PutObject", "s3:::reports/bob/upload", Holder::Resource, 6),
    target("s3:ListBucket", "s3:::reports", Holder::Resource, 5),
    target("dynamodb:GetItem", "dynamodb:eu-west-1:ACCOUNT:table/core", Holder::Resource, 6),
    target("sqs:SendMessage", "sqs:eu-west-1:ACCOUNT:jobs-alice", Holder::Resource, 6),
    target("sns:Publish", "sns:eu-west-1:ACCOUNT:alerts", Holder::Resource, 5),
    target(
        "lambda:InvokeFunction",
        "lambda:eu-west-1:ACCOUNT:function:resize",
        Holder::Resource,
        6,
    ),
    target(
        "secretsmanager:GetSecretValue",
        "secretsmanager:eu-west-1:ACCOUNT:secret:core/db-AbCdEf",
        Holder::Resource,
        6,
    ),
    target("kms:Decrypt", "kms:eu-west-1:ACCOUNT:key/0b1c2d3e-core", Holder::Own, 6),
    target("sts:AssumeRole", "iam::ACCOUNT:role/team/core", Holder::Own, 7),
    target("iam:CreateAccessKey", "iam::ACCOUNT:user/team/bob", Holder::Nothing, 6),
    target("iam:PassRole", "iam::ACCOUNT:role/app", Holder::Nothing, 4),
    target(
        "ec2:TerminateInstances",
        "ec2:eu-west-1:ACCOUNT:instance/i-0a1b2c3d4e5f6a7b8",
        Holder::Nothing,
        6,
    ),
    target(
        "logs:GetLogEvents",
        "logs:eu-west-1:ACCOUNT:log-group:core:log-stream:x",
        Holder::Nothing,
        4,
    ),
    target("s3:ListAllMyBuckets", "*", Holder::Wildcard, 2),
    target("ec2:DescribeInstances", "*", Holder::Wildcard, 2),
    target("sts:GetCallerIdentity", "*", Holder::Wildcard, 1),
];

/// Everything about a request, and the context as far as conditions have asked for it.
pub(crate) struct Scene {
    pub(crate) partition: &'static str,
    pub(crate) kind: Kind,
    /// As the case names it: an ARN, a service, or `anonymous`.
    pub(crate) principal: String,
    /// The role behind a session.
    pub(crate) role: Option<String>,
    /// Account of the caller; that of the resource for callers without one.
    pub(crate) account: &'static str,
    pub(crate) action: &'static str,
    pub(crate) resource: String,
    pub(crate) resource_account: &'static str,
    pub(crate) holder: Holder,
    /// Key as first spelled, and its value; `None` is a key that stays away.
    pub(crate) context: BTreeMap<String, Option<Value>>,
}

impl Scene {
    /// A request by chance.
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let partition = dice.pick(&["aws", "aws", "aws", "aws", "aws-cn", "aws-us-gov"], "aws");
        let weights: Vec<u64> = TARGETS.iter().map(|target| target.weight).collect();
        let index = dice.weighted(&weights);
        let chosen = TARGETS.get(index);
        let (action, pattern, holder) = chosen
            .map_or(("s3:GetObject", "*", Holder::Resource), |t| (t.action, t.resource, t.holder));
        // AWS lets no root user assume a role, whatever the trust policy says.
        let kind = match kind(dice, holder) {
            Kind::Root if action == "sts:AssumeRole" => Kind::User,
            kind => kind,
        };
        let account = OWN;
        let can_cross = holder == Holder::Resource || holder == Holder::Own;
        let is_cross = can_cross
            && matches!(kind, Kind::User | Kind::Session | Kind::Federated)
            && dice.chance(27);
        let resource_account = if is_cross { OTHER } else { OWN };
        let (principal, role) = caller(dice, kind, partition);
        let resource = if pattern == "*" {
            "*".to_owned()
        } else {
            format!("arn:{partition}:{}", pattern.replace("ACCOUNT", resource_account))
        };
        Self {
            partition,
            kind,
            principal,
            role,
            account,
            action,
            resource,
            resource_account,
            holder,
            context: BTreeMap::new(),
        }
    }

    pub(crate) fn is_cross(&self) -> bool {
        self.account != self.resource_account
    }

    pub(crate) fn service(&self) -> &'static str {
        self.action.split_once(':').map_or("", |(service, _)| service)
    }

    /// Whether identity policies, boundary and SCPs say anything about the caller.
    pub(crate) fn has_identity(&self) -> bool {
        !matches!(self.kind, Kind::Service | Kind::Anonymous)
    }
}

fn kind(dice: &mut Dice, holder: Holder) -> Kind {
    if matches!(holder, Holder::Nothing | Holder::Wildcard) {
        return dice.pick(
            &[
                Kind::User,
                Kind::User,
                Kind::User,
                Kind::Session,
                Kind::Session,
                Kind::Session,
                Kind::Root,
            ],
            Kind::User,
        );
    }
    let kinds =
        [Kind::User, Kind::Session, Kind::Federated, Kind::Root, Kind::Service, Kind::Anonymous];
    let chosen = dice.weighted(&[38, 34, 8, 4, 8, 8]);
    kinds.get(chosen).copied().unwrap_or(Kind::User)
}

fn caller(dice: &mut Dice, kind: Kind, partition: &str) -> (String, Option<String>) {
    match kind {
        Kind::User => {
            let name = dice.word(&["alice", "bob", "team/alice"]);
            (format!("arn:{partition}:iam::{OWN}:user/{name}"), None)
        }
        Kind::Session => {
            let role = if dice.chance(3) {
                "AWSServiceRoleForSupport"
            } else {
                dice.word(&["app", "core"])
            };
            let session = dice.word(&["alice@example.com", "i-0a1b2c3d", "ci"]);
            (
                format!("arn:{partition}:sts::{OWN}:assumed-role/{role}/{session}"),
                Some(format!("arn:{partition}:iam::{OWN}:role/{role}")),
            )
        }
        Kind::Federated => (format!("arn:{partition}:sts::{OWN}:federated-user/carol"), None),
        Kind::Root => (format!("arn:{partition}:iam::{OWN}:root"), None),
        Kind::Service => (
            dice.word(&["cloudtrail.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"])
                .to_owned(),
            None,
        ),
        Kind::Anonymous => ("anonymous".to_owned(), None),
    }
}
