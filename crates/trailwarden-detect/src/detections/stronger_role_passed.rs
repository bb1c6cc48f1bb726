//! Somebody starts compute, or changes it, with a role that may do more than he.
//!
//! Passing a role is no event; the call that takes it is. The grades of both are those of the account
//! model at that moment, after boundaries and organization policies. What started the compute runs the
//! code, so it can do all that the role can.

use trailwarden_account::identity::Kind;
use trailwarden_account::{Identity, Model, World};
use trailwarden_policy::reach::Grade;

use crate::prelude::*;
use crate::stronger::{Stronger, profile_given, role_of};

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "stronger-role-passed",
    title: "Role stronger than its passer given to compute",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-10"],
    select: Select {
        events: &[
            "ec2:RunInstances",
            "ec2:AssociateIamInstanceProfile",
            "ec2:ReplaceIamInstanceProfileAssociation",
            "lambda:CreateFunction",
            "lambda:UpdateFunctionConfiguration",
            "cloudformation:CreateStack",
            "cloudformation:UpdateStack",
            "cloudformation:CreateChangeSet",
            "glue:CreateDevEndpoint",
            "glue:CreateJob",
            "glue:UpdateJob",
            "glue:CreateSession",
            "sagemaker:CreateNotebookInstance",
            "sagemaker:CreateTrainingJob",
            "sagemaker:CreateProcessingJob",
            "ecs:RegisterTaskDefinition",
            "ecs:RunTask",
            "codebuild:CreateProject",
            "codebuild:UpdateProject",
            "codebuild:StartBuild",
            "states:CreateStateMachine",
            "states:UpdateStateMachine",
            "batch:RegisterJobDefinition",
            "apprunner:CreateService",
            "datapipeline:PutPipelineDefinition",
            "elasticmapreduce:RunJobFlow",
            "emr-serverless:StartJobRun",
            "bedrock:CreateAgent",
        ],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1548.005", "T1078.004"],
    risk: "The code that runs there has the role's permissions and not those of whoever started it, so he has them too.",
    false_positives: &[
        "A deployment pipeline that may pass a role stronger than itself on purpose: narrow which roles it may pass, or suppress it for its role.",
    ],
    remedies: &["stop-compute", "narrow-policy", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin iam:CreateRole role/boss trust=lambda.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=iam:PassRole,lambda:CreateFunction
           bob lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/boss"}}"#,
        r#"admin iam:CreateRole role/boss trust=ec2.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateInstanceProfile {"request":{"instanceProfileName":"web"},"response":{"instanceProfile":{"instanceProfileName":"web"}}}
           admin iam:AddRoleToInstanceProfile role/boss {"request":{"instanceProfileName":"web"}}
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=iam:PassRole,ec2:RunInstances
           bob ec2:RunInstances {"request":{"iamInstanceProfile":{"name":"web"}}}"#,
        r#"admin iam:CreateRole role/puller trust=ecs-tasks.amazonaws.com
           admin iam:AttachRolePolicy role/puller aws-policy/service-role/AmazonECSTaskExecutionRolePolicy
           admin iam:CreateRole role/boss trust=ecs-tasks.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=iam:PassRole,ecs:*
           bob ecs:RegisterTaskDefinition {"request":{"family":"f","executionRoleArn":"arn:aws:iam::111122223333:role/puller","taskRoleArn":"arn:aws:iam::111122223333:role/boss"}}"#,
    ],
    quiet_on: &[
        r#"admin iam:CreateRole role/app trust=lambda.amazonaws.com
           admin iam:PutRolePolicy role/app allow=s3:GetObject
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=iam:PassRole,lambda:CreateFunction
           bob lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/app"}}"#,
        r#"admin iam:CreateRole role/boss trust=lambda.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=*
           bob lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/boss"}}"#,
        r#"bob lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/unknown"}}"#,
        "bob ec2:RunInstances",
        r#"admin iam:CreateRole role/app trust=lambda.amazonaws.com
           admin iam:PutRolePolicy role/app allow=s3:GetObject
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=s3:ListAllMyBuckets
           bob lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/app"}}"#,
        r#"admin iam:CreateRole role/boss trust=lambda.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           root lambda:CreateFunction20150331 {"request":{"functionName":"f","role":"arn:aws:iam::111122223333:role/boss"}}"#,
    ],
    logic: Logic::Each(detect),
};

/// Where the calls have the role.
const ROLES: &[&str] = &[
    "role",
    "roleArn",
    "roleARN",
    "executionRoleArn",
    "taskRoleArn",
    "overrides.taskRoleArn",
    "serviceRole",
    "serviceRoleOverride",
    "jobUpdate.role",
    "containerProperties.jobRoleArn",
    "instanceConfiguration.instanceRoleArn",
    "agentResourceRoleArn",
];

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let world = World::of(cx.models());
    let model = world.model(event.account?)?;
    let role = Stronger::than_caller(cx, event, model, &passed(event, model))?;
    let (severity, confidence) = match role.own {
        None => (Severity::Medium, Confidence::Low),
        Some(_) if role.grade >= Grade::Privesc => (Severity::High, Confidence::High),
        Some(_) => (Severity::Medium, Confidence::High),
    };
    let text = format!(
        "{{actor}} called {} with role {}, of grade {}{{times}}; {}.",
        event.action(),
        role.name,
        role.grade,
        role.of_caller("its passer")
    );
    Some(
        Match::about(role.party, text)
            .subject(role.subject)
            .severity(severity)
            .confidence(confidence),
    )
}

/// The roles that a call hands to compute: a task has one to run with and one to be started with.
fn passed<'m>(event: &Event, model: &'m Model) -> Vec<&'m Identity> {
    let named = ROLES.iter().filter_map(|path| event.request(path)).filter_map(|role| {
        match role.starts_with("arn:") {
            true => model.find_arn(role).filter(|role| role.kind == Kind::Role),
            false => model.find(Kind::Role, role),
        }
    });
    named.chain(profile_given(event).and_then(|profile| role_of(model, profile))).collect()
}
