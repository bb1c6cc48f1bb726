//! Ways through what works on data: analytics and machine learning.

use super::{Escalation, Route, carrier, one};

pub(super) const WAYS: &[Escalation] = &[
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
        "x-elasticmapreduce-01",
        &["iam:PassRole", "elasticmapreduce:RunJobFlow"],
        &["elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"],
    ),
    carrier(
        "x-emr-serverless-01",
        &["iam:PassRole", "emr-serverless:CreateApplication", "emr-serverless:StartJobRun"],
        &["emr-serverless.amazonaws.com"],
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
    carrier(
        "x-kinesisanalytics-01",
        &[
            "iam:PassRole",
            "kinesisanalytics:CreateApplication",
            "kinesisanalytics:StartApplication",
        ],
        &["kinesisanalytics.amazonaws.com"],
    ),
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
];
