//! The known ways from permissions to more permissions, as sets of actions.
//!
//! A way counts here by the reach alone; whether a target exists and is stronger is for a model of the
//! account to say. So the table says for each way on which resources the actions must be granted to
//! count without knowing more ([`Route`]).
//!
//! Sets that contain another way at least as certain are left out, and so are those of a retired
//! service (AWS `CodeStar`, closed in July 2024). Ids are those of the collection that this project
//! keeps: pathfinding.cloud's where it has one; ids with `x-` gather what Prowler, `PMapper`, Pacu,
//! cloudsplaining, parliament and Rhino Security Labs list, and analysis of our own.

/// One way to more permissions.
#[derive(Debug, PartialEq, Eq)]
pub struct Escalation {
    /// A stable id.
    pub id: &'static str,
    /// What the actions do for the caller.
    pub route: Route,
    /// All of them are needed.
    pub actions: &'static [&'static str],
    /// The services that take the role, one of which `iam:PassRole` must be allowed for.
    pub passed_to: &'static [&'static str],
}

/// What an escalation works through, and so which grants count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// Writes a policy that may apply to the caller. Counts on any resource.
    OwnPolicy,
    /// Takes over another principal. Counts unless the caller himself is the only resource.
    Credentials,
    /// Passes a role to something new that runs code. Counts when the role is not named.
    NewCarrier,
    /// Enters a role that trusts the caller. Counts when the role is not named.
    AssumeRole,
    /// Uses something that has a role already. Counts when it is not named.
    ExistingCarrier,
    /// Helps only in a state of the account that a reach does not tell. Never counts by itself.
    Situational,
}

const fn one(id: &'static str, route: Route, actions: &'static [&'static str]) -> Escalation {
    Escalation { id, route, actions, passed_to: &[] }
}

const fn carrier(
    id: &'static str,
    actions: &'static [&'static str],
    passed_to: &'static [&'static str],
) -> Escalation {
    Escalation { id, route: Route::NewCarrier, actions, passed_to }
}

/// All known ways, by id within their service.
pub static ESCALATIONS: &[Escalation] = &[
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
    carrier(
        "bedrock-001",
        &[
            "iam:PassRole",
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:InvokeCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
        ],
        &["bedrock-agentcore.amazonaws.com"],
    ),
    one(
        "bedrock-002",
        Route::ExistingCarrier,
        &[
            "bedrock-agentcore:InvokeCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
        ],
    ),
    one(
        "x-bedrock-agentcore-01",
        Route::ExistingCarrier,
        &[
            "bedrock-agentcore:ConnectBrowserAutomationStream",
            "bedrock-agentcore:StartBrowserSession",
        ],
    ),
    one(
        "x-bedrock-agentcore-02",
        Route::ExistingCarrier,
        &["bedrock-agentcore:InvokeAgentRuntimeCommand"],
    ),
    carrier(
        "x-bedrock-agentcore-03",
        &[
            "iam:PassRole",
            "bedrock-agentcore:ConnectBrowserAutomationStream",
            "bedrock-agentcore:CreateBrowser",
            "bedrock-agentcore:StartBrowserSession",
        ],
        &["bedrock-agentcore.amazonaws.com"],
    ),
    carrier(
        "x-bedrock-agentcore-05",
        &[
            "iam:PassRole",
            "bedrock-agentcore:CreateAgentRuntime",
            "bedrock-agentcore:CreateAgentRuntimeEndpoint",
            "bedrock-agentcore:CreateWorkloadIdentity",
            "bedrock-agentcore:InvokeAgentRuntimeCommand",
        ],
        &["bedrock-agentcore.amazonaws.com"],
    ),
    carrier("x-braket-01", &["iam:PassRole", "braket:CreateJob"], &["braket.amazonaws.com"]),
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
        "x-elasticmapreduce-01",
        &["iam:PassRole", "elasticmapreduce:RunJobFlow"],
        &["elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"],
    ),
    carrier(
        "x-emr-serverless-01",
        &["iam:PassRole", "emr-serverless:CreateApplication", "emr-serverless:StartJobRun"],
        &["emr-serverless.amazonaws.com"],
    ),
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
    carrier("glue-001", &["iam:PassRole", "glue:CreateDevEndpoint"], &["glue.amazonaws.com"]),
    one("glue-002", Route::ExistingCarrier, &["glue:UpdateDevEndpoint"]),
    carrier(
        "glue-003",
        &["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
        &["glue.amazonaws.com"],
    ),
    carrier(
        "glue-004",
        &["iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"],
        &["glue.amazonaws.com"],
    ),
    carrier(
        "glue-005",
        &["iam:PassRole", "glue:StartJobRun", "glue:UpdateJob"],
        &["glue.amazonaws.com"],
    ),
    carrier(
        "glue-006",
        &["iam:PassRole", "glue:CreateTrigger", "glue:UpdateJob"],
        &["glue.amazonaws.com"],
    ),
    carrier(
        "x-glue-02",
        &["iam:PassRole", "glue:CreateSession", "glue:RunStatement"],
        &["glue.amazonaws.com"],
    ),
    one("iam-001", Route::OwnPolicy, &["iam:CreatePolicyVersion"]),
    one("iam-002", Route::Credentials, &["iam:CreateAccessKey"]),
    one("iam-004", Route::Credentials, &["iam:CreateLoginProfile"]),
    one("iam-005", Route::OwnPolicy, &["iam:PutRolePolicy"]),
    one("iam-006", Route::Credentials, &["iam:UpdateLoginProfile"]),
    one("iam-007", Route::OwnPolicy, &["iam:PutUserPolicy"]),
    one("iam-008", Route::OwnPolicy, &["iam:AttachUserPolicy"]),
    one("iam-009", Route::OwnPolicy, &["iam:AttachRolePolicy"]),
    one("iam-010", Route::OwnPolicy, &["iam:AttachGroupPolicy"]),
    one("iam-011", Route::OwnPolicy, &["iam:PutGroupPolicy"]),
    one("iam-012", Route::Credentials, &["iam:UpdateAssumeRolePolicy"]),
    one("iam-013", Route::OwnPolicy, &["iam:AddUserToGroup"]),
    one("x-iam-01", Route::Situational, &["iam:AddClientIDToOpenIDConnectProvider"]),
    one("x-iam-04", Route::Situational, &["iam:CreateSAMLProvider"]),
    one("x-iam-05", Route::Credentials, &["iam:CreateServiceSpecificCredential"]),
    one("x-iam-06", Route::Situational, &["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"]),
    one("x-iam-07", Route::Situational, &["iam:DeactivateMFADevice"]),
    one("x-iam-08", Route::Situational, &["iam:DeleteGroupPolicy"]),
    one("x-iam-09", Route::Situational, &["iam:DeleteRolePermissionsBoundary"]),
    one("x-iam-11", Route::Situational, &["iam:DeleteRolePolicy"]),
    one("x-iam-12", Route::Situational, &["iam:DeleteUserPermissionsBoundary"]),
    one("x-iam-13", Route::Situational, &["iam:DeleteUserPolicy"]),
    one("x-iam-14", Route::Situational, &["iam:DetachGroupPolicy"]),
    one("x-iam-15", Route::Situational, &["iam:DetachRolePolicy"]),
    one("x-iam-16", Route::Situational, &["iam:DetachUserPolicy"]),
    carrier(
        "x-iam-17",
        &["iam:PassRole", "iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
        &["ec2.amazonaws.com"],
    ),
    one("x-iam-18", Route::Situational, &["iam:PutRolePermissionsBoundary"]),
    one("x-iam-19", Route::Situational, &["iam:PutUserPermissionsBoundary"]),
    one("x-iam-20", Route::Situational, &["iam:RemoveUserFromGroup"]),
    one("x-iam-21", Route::Credentials, &["iam:ResetServiceSpecificCredential"]),
    one("x-iam-22", Route::OwnPolicy, &["iam:SetDefaultPolicyVersion"]),
    one("x-iam-23", Route::Situational, &["iam:TagRole"]),
    one("x-iam-24", Route::Situational, &["iam:TagUser"]),
    one("x-iam-25", Route::Situational, &["iam:UpdateAccessKey"]),
    one("x-iam-27", Route::Situational, &["iam:UpdateOpenIDConnectProviderThumbprint"]),
    one("x-iam-28", Route::Situational, &["iam:UpdateSAMLProvider"]),
    one("x-iam-29", Route::Situational, &["iam:UpdateUser"]),
    one("x-iam-30", Route::Credentials, &["iam:UploadSSHPublicKey"]),
    one("x-iam-31", Route::Credentials, &["iam:UploadSigningCertificate"]),
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
    carrier(
        "x-kinesisanalytics-01",
        &[
            "iam:PassRole",
            "kinesisanalytics:CreateApplication",
            "kinesisanalytics:StartApplication",
        ],
        &["kinesisanalytics.amazonaws.com"],
    ),
    one("lambda-003", Route::ExistingCarrier, &["lambda:UpdateFunctionCode"]),
    carrier("x-lambda-01", &["iam:PassRole", "lambda:CreateFunction"], &["lambda.amazonaws.com"]),
    carrier(
        "x-lambda-02",
        &["iam:PassRole", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
        &["lambda.amazonaws.com"],
    ),
    one("x-lambda-03", Route::ExistingCarrier, &["lambda:UpdateFunctionConfiguration"]),
    carrier(
        "x-omics-01",
        &["iam:PassRole", "omics:CreateWorkflow", "omics:StartRun", "s3:GetObject"],
        &["omics.amazonaws.com"],
    ),
    carrier(
        "sagemaker-001",
        &["iam:PassRole", "sagemaker:CreateNotebookInstance"],
        &["sagemaker.amazonaws.com"],
    ),
    carrier(
        "sagemaker-002",
        &["iam:PassRole", "sagemaker:CreateTrainingJob"],
        &["sagemaker.amazonaws.com"],
    ),
    carrier(
        "sagemaker-003",
        &["iam:PassRole", "sagemaker:CreateProcessingJob"],
        &["sagemaker.amazonaws.com"],
    ),
    one("sagemaker-004", Route::ExistingCarrier, &["sagemaker:CreatePresignedNotebookInstanceUrl"]),
    one(
        "sagemaker-005",
        Route::ExistingCarrier,
        &[
            "sagemaker:CreateNotebookInstanceLifecycleConfig",
            "sagemaker:StartNotebookInstance",
            "sagemaker:StopNotebookInstance",
            "sagemaker:UpdateNotebookInstance",
        ],
    ),
    carrier(
        "x-scheduler-01",
        &["iam:PassRole", "scheduler:CreateSchedule"],
        &["scheduler.amazonaws.com"],
    ),
    one("ssm-001", Route::ExistingCarrier, &["ssm:StartSession"]),
    one("ssm-002", Route::ExistingCarrier, &["ssm:SendCommand"]),
    carrier(
        "x-ssm-01",
        &["iam:PassRole", "ssm:CreateDocument", "ssm:StartAutomationExecution"],
        &["ssm.amazonaws.com"],
    ),
    one("x-sso-01", Route::OwnPolicy, &["sso:AttachManagedPolicyToPermissionSet"]),
    one("x-sso-03", Route::OwnPolicy, &["sso:PutInlinePolicyToPermissionSet"]),
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
    one("sts-001", Route::AssumeRole, &["sts:AssumeRole"]),
    one("x-sts-01", Route::AssumeRole, &["sts:AssumeRoot"]),
];
