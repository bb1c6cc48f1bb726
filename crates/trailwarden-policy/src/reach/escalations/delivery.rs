//! Ways through what builds, deploys and orchestrates.

use super::{Escalation, Route, carrier, one};

pub(super) const WAYS: &[Escalation] = &[
    carrier(
        "cloudformation-001",
        &["iam:PassRole", "cloudformation:CreateStack"],
        &["cloudformation.amazonaws.com"],
    ),
    one("cloudformation-002", Route::ExistingCarrier, &["cloudformation:UpdateStack"]),
    carrier(
        "cloudformation-003",
        &["iam:PassRole", "cloudformation:CreateStackInstances", "cloudformation:CreateStackSet"],
        &["cloudformation.amazonaws.com"],
    ),
    carrier(
        "cloudformation-004",
        &["iam:PassRole", "cloudformation:UpdateStackSet"],
        &["cloudformation.amazonaws.com"],
    ),
    one(
        "cloudformation-005",
        Route::ExistingCarrier,
        &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
    ),
    carrier(
        "x-cloudformation-01",
        &["iam:PassRole", "cloudformation:UpdateStack"],
        &["cloudformation.amazonaws.com"],
    ),
    carrier(
        "codebuild-001",
        &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
        &["codebuild.amazonaws.com"],
    ),
    one("codebuild-002", Route::ExistingCarrier, &["codebuild:StartBuild"]),
    one("codebuild-003", Route::ExistingCarrier, &["codebuild:StartBuildBatch"]),
    carrier(
        "codebuild-004",
        &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"],
        &["codebuild.amazonaws.com"],
    ),
    carrier(
        "x-codebuild-01",
        &["iam:PassRole", "codebuild:StartBuild", "codebuild:UpdateProject"],
        &["codebuild.amazonaws.com"],
    ),
    carrier(
        "x-codebuild-02",
        &["iam:PassRole", "codebuild:StartBuildBatch", "codebuild:UpdateProject"],
        &["codebuild.amazonaws.com"],
    ),
    one(
        "x-codedeploy-01",
        Route::ExistingCarrier,
        &[
            "codedeploy:CreateDeployment",
            "codedeploy:GetDeploymentConfig",
            "codedeploy:RegisterApplicationRevision",
        ],
    ),
    carrier(
        "x-cognito-identity-01",
        &["iam:PassRole", "cognito-identity:SetIdentityPoolRoles"],
        &["cognito-identity.amazonaws.com"],
    ),
    carrier(
        "x-datapipeline-01",
        &["iam:PassRole", "datapipeline:CreatePipeline"],
        &["datapipeline.amazonaws.com", "ec2.amazonaws.com"],
    ),
    carrier(
        "x-scheduler-01",
        &["iam:PassRole", "scheduler:CreateSchedule"],
        &["scheduler.amazonaws.com"],
    ),
    carrier(
        "x-states-01",
        &["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"],
        &["states.amazonaws.com"],
    ),
    one(
        "x-states-02",
        Route::ExistingCarrier,
        &["states:StartExecution", "states:UpdateStateMachine"],
    ),
];
