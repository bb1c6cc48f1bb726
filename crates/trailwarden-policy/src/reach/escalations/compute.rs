//! Ways through what runs code: instances, containers, functions.

use super::{Escalation, Route, carrier, one};

pub(super) const WAYS: &[Escalation] = &[
    carrier(
        "apprunner-001",
        &["iam:PassRole", "apprunner:CreateService"],
        &["tasks.apprunner.amazonaws.com", "build.apprunner.amazonaws.com"],
    ),
    one("apprunner-002", Route::ExistingCarrier, &["apprunner:UpdateService"]),
    one("x-autoscaling-01", Route::ExistingCarrier, &["autoscaling:CreateAutoScalingGroup"]),
    carrier(
        "x-autoscaling-02",
        &[
            "iam:PassRole",
            "autoscaling:CreateAutoScalingGroup",
            "autoscaling:CreateLaunchConfiguration",
        ],
        &["ec2.amazonaws.com"],
    ),
    carrier(
        "x-autoscaling-03",
        &[
            "iam:PassRole",
            "autoscaling:CreateLaunchConfiguration",
            "autoscaling:UpdateAutoScalingGroup",
        ],
        &["ec2.amazonaws.com"],
    ),
    one("x-batch-01", Route::ExistingCarrier, &["batch:SubmitJob"]),
    carrier(
        "x-batch-02",
        &["iam:PassRole", "batch:RegisterJobDefinition", "batch:SubmitJob"],
        &["ecs-tasks.amazonaws.com", "batch.amazonaws.com"],
    ),
    carrier("ec2-001", &["iam:PassRole", "ec2:RunInstances"], &["ec2.amazonaws.com"]),
    one(
        "ec2-002",
        Route::ExistingCarrier,
        &["ec2:ModifyInstanceAttribute", "ec2:StartInstances", "ec2:StopInstances"],
    ),
    carrier("ec2-003", &["iam:PassRole", "ec2:RequestSpotInstances"], &["ec2.amazonaws.com"]),
    one(
        "ec2-004",
        Route::ExistingCarrier,
        &["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
    ),
    one(
        "ec2instanceconnect-003",
        Route::ExistingCarrier,
        &["ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"],
    ),
    carrier(
        "ecs-003",
        &["iam:PassRole", "ecs:CreateService", "ecs:RegisterTaskDefinition"],
        &["ecs-tasks.amazonaws.com"],
    ),
    one("x-ecs-01", Route::ExistingCarrier, &["ecs:DescribeTasks", "ecs:ExecuteCommand"]),
    carrier("x-ecs-03", &["iam:PassRole", "ecs:RunTask"], &["ecs-tasks.amazonaws.com"]),
    carrier("x-ecs-04", &["iam:PassRole", "ecs:StartTask"], &["ecs-tasks.amazonaws.com"]),
    carrier(
        "x-gamelift-01",
        &[
            "iam:PassRole",
            "gamelift:CreateBuild",
            "gamelift:CreateFleet",
            "gamelift:RequestUploadCredentials",
        ],
        &["gamelift.amazonaws.com"],
    ),
    carrier(
        "x-imagebuilder-01",
        &[
            "iam:PassRole",
            "imagebuilder:CreateComponent",
            "imagebuilder:CreateImage",
            "imagebuilder:CreateImageRecipe",
            "imagebuilder:CreateInfrastructureConfiguration",
        ],
        &["ec2.amazonaws.com", "imagebuilder.amazonaws.com"],
    ),
    one("lambda-003", Route::ExistingCarrier, &["lambda:UpdateFunctionCode"]),
    carrier("x-lambda-01", &["iam:PassRole", "lambda:CreateFunction"], &["lambda.amazonaws.com"]),
    carrier(
        "x-lambda-02",
        &["iam:PassRole", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
        &["lambda.amazonaws.com"],
    ),
    one("x-lambda-03", Route::ExistingCarrier, &["lambda:UpdateFunctionConfiguration"]),
    one("ssm-001", Route::ExistingCarrier, &["ssm:StartSession"]),
    one("ssm-002", Route::ExistingCarrier, &["ssm:SendCommand"]),
    carrier(
        "x-ssm-01",
        &["iam:PassRole", "ssm:CreateDocument", "ssm:StartAutomationExecution"],
        &["ssm.amazonaws.com"],
    ),
];
