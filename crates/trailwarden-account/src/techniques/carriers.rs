//! What carriers of roles depend on: the services that hold a role already, and what must exist
//! besides for a passed role to run anything.

/// Something that must be so for a technique to work, unless further actions are allowed too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// What must be so, as it stands after "if".
    pub what: &'static str,
    /// Sets of actions of which one, as a whole, makes it so.
    pub settled_by: &'static [&'static [&'static str]],
}

pub(super) const EC2: &[&str] = &["ec2.amazonaws.com"];
const AGENTCORE: &[&str] = &["bedrock-agentcore.amazonaws.com"];
const APP_RUNNER: &[&str] = &["tasks.apprunner.amazonaws.com", "build.apprunner.amazonaws.com"];
const CLOUDFORMATION: &[&str] = &["cloudformation.amazonaws.com"];
const CODEBUILD: &[&str] = &["codebuild.amazonaws.com"];
const GLUE: &[&str] = &["glue.amazonaws.com"];
const LAMBDA: &[&str] = &["lambda.amazonaws.com"];
const SAGEMAKER: &[&str] = &["sagemaker.amazonaws.com"];
const TASKS: &[&str] = &["ecs-tasks.amazonaws.com"];

/// The services whose things hold the role that an existing carrier lends.
const HELD_BY: &[(&str, &[&str])] = &[
    ("apprunner-002", APP_RUNNER),
    ("bedrock-002", AGENTCORE),
    ("cloudformation-002", CLOUDFORMATION),
    ("cloudformation-005", CLOUDFORMATION),
    ("codebuild-002", CODEBUILD),
    ("codebuild-003", CODEBUILD),
    ("ec2-002", EC2),
    ("ec2-004", EC2),
    ("ec2instanceconnect-003", EC2),
    ("glue-002", GLUE),
    ("lambda-003", LAMBDA),
    ("sagemaker-004", SAGEMAKER),
    ("sagemaker-005", SAGEMAKER),
    // Hybrid machines have a role that Systems Manager hands them.
    ("ssm-001", &["ec2.amazonaws.com", "ssm.amazonaws.com", "ecs-tasks.amazonaws.com"]),
    ("ssm-002", &["ec2.amazonaws.com", "ssm.amazonaws.com"]),
    ("x-autoscaling-01", EC2),
    ("x-batch-01", TASKS),
    ("x-bedrock-agentcore-01", AGENTCORE),
    ("x-bedrock-agentcore-02", AGENTCORE),
    ("x-codedeploy-01", EC2),
    ("x-ecs-01", TASKS),
    ("x-lambda-03", LAMBDA),
    ("x-states-02", &["states.amazonaws.com"]),
];

/// New carriers that take roles for several services, but run what they are given with one.
///
/// Sources: AWS Batch User Guide, "AWS Batch IAM execution role" and "Create a job definition" (the
/// job role is for ECS tasks); Amazon EMR Management Guide, "IAM service roles used by Amazon EMR"; AWS
/// Data Pipeline Developer Guide, "IAM roles for AWS Data Pipeline" (the resource role is for the
/// instances, which run the activities).
const RUN_AS: &[(&str, &[&str])] =
    &[("x-batch-02", TASKS), ("x-datapipeline-01", EC2), ("x-elasticmapreduce-01", EC2)];

pub(super) fn run_as(id: &str) -> Option<&'static [&'static str]> {
    RUN_AS.iter().find(|(known, _)| *known == id).map(|(_, services)| *services)
}

/// New carriers that take a second role for a service, which starts the instances: no code of the
/// caller sees it, yet he has to pass one.
///
/// Sources: Amazon EMR API Reference, `RunJobFlow`, `JobFlowRole` and `ServiceRole`; AWS Data Pipeline
/// Developer Guide, "Ec2Resource", `role` and `resourceRole`.
const COMPANIONS: &[(&str, &str)] = &[
    ("x-datapipeline-01", "datapipeline.amazonaws.com"),
    ("x-elasticmapreduce-01", "elasticmapreduce.amazonaws.com"),
];

pub(super) fn companion(id: &str) -> Option<&'static str> {
    COMPANIONS.iter().find(|(known, _)| *known == id).map(|(_, service)| *service)
}

/// Whether a service takes a second role.
pub(crate) fn is_companion(service: &str) -> bool {
    COMPANIONS.iter().any(|(_, known)| *known == service)
}

/// The one service that gets a role as an identity provider does.
///
/// Source: Amazon Cognito Developer Guide, "IAM roles" (trust and permissions of identity pools).
pub(crate) const COGNITO: &str = "cognito-identity.amazonaws.com";

pub(super) fn held_by(id: &str) -> &'static [&'static str] {
    HELD_BY.iter().find(|(known, _)| *known == id).map_or(&[], |(_, services)| services)
}

const fn exists(what: &'static str) -> Doubt {
    Doubt { what, settled_by: &[] }
}

const INVOKED: Doubt = Doubt {
    what: "something invokes the new function",
    settled_by: &[
        &["lambda:InvokeFunction"],
        &["lambda:CreateEventSourceMapping"],
        &["lambda:AddPermission"],
    ],
};
const CLUSTER: Doubt =
    Doubt { what: "an ECS cluster exists", settled_by: &[&["ecs:CreateCluster"]] };
const TASK: Doubt = Doubt {
    what: "a task definition exists whose role can be overridden",
    settled_by: &[&["ecs:RegisterTaskDefinition"]],
};
const PIPELINE: Doubt = Doubt {
    what: "the new pipeline can be defined and activated",
    settled_by: &[&["datapipeline:ActivatePipeline", "datapipeline:PutPipelineDefinition"]],
};

/// Carriers that need something more than their role.
const DOUBTS: &[(&str, &[Doubt])] = &[
    ("cloudformation-004", &[exists("a stack set exists")]),
    ("ecs-003", &[CLUSTER]),
    ("glue-005", &[exists("a Glue job exists")]),
    ("glue-006", &[exists("a Glue job exists")]),
    ("x-autoscaling-03", &[exists("an Auto Scaling group exists")]),
    ("x-batch-02", &[exists("a Batch job queue exists")]),
    ("x-cloudformation-01", &[exists("a stack exists")]),
    ("x-codebuild-01", &[exists("a CodeBuild project exists")]),
    ("x-codebuild-02", &[exists("a CodeBuild project exists")]),
    ("x-cognito-identity-01", &[exists("a Cognito identity pool exists")]),
    ("x-datapipeline-01", &[PIPELINE]),
    ("x-ecs-03", &[CLUSTER, TASK]),
    ("x-ecs-04", &[exists("a container instance is registered"), TASK]),
    ("x-lambda-01", &[INVOKED]),
    ("x-lambda-02", &[exists("a Lambda function exists")]),
];

pub(super) fn doubts(id: &str) -> &'static [Doubt] {
    DOUBTS.iter().find(|(known, _)| *known == id).map_or(&[], |(_, doubts)| doubts)
}

/// What holds a role of that service, in words.
#[must_use]
pub(crate) fn thing_of(service: &str) -> &'static str {
    match service.split('.').next().unwrap_or_default() {
        "bedrock-agentcore" => "an AgentCore resource",
        "build" | "tasks" => "an App Runner service",
        "cloudformation" => "a CloudFormation stack",
        "codebuild" => "a CodeBuild project",
        "ec2" => "an EC2 instance",
        "ecs-tasks" => "an ECS task",
        "glue" => "a Glue development endpoint",
        "lambda" => "a Lambda function",
        "sagemaker" => "a SageMaker notebook",
        "ssm" => "a machine managed by Systems Manager",
        "states" => "a state machine",
        _ => "a resource",
    }
}
