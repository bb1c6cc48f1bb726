//! Calls that run code with a role, or put other code where a role is.
//!
//! As long as it runs it gets fresh credentials: it is stopped first, and sessions are ended last.

use super::Row;

/// What is done about who gave the role away.
pub(crate) const NARROW_THE_PASSER: &str = "Narrow what {actor} may do: `iam:PassRole` on those roles alone that are its to give, and code only on what is its to run. `trailwarden least-privilege {actor} --logs PATH --baseline FILE` writes such a policy, with a plan and its undo. Ask whoever called it, {actor}, what for; who does not know of it has lost credentials (deactivate-access-key).";

/// What is done when nothing runs with the role any more that should not.
pub(crate) const END_ITS_SESSIONS: &str = "Last, end the sessions of the role {name}: `trailwarden remediate plan` with the finding and `--remediation revoke-sessions`. It is an outage: all that runs with the role is denied everything until it has fresh credentials that begin after the time of the plan, an EC2 instance for up to some hours.";

pub(super) static ALL: &[Row] = &[
    (
        "apprunner:CreateService",
        &[
            "`aws apprunner pause-service --service-arn {response.service.serviceArn} --region {region}`; `aws apprunner resume-service --service-arn {response.service.serviceArn} --region {region}` takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "batch:RegisterJobDefinition",
        &[
            "What runs by it: `aws batch list-jobs --job-queue QUEUE --region {region}`. Stop it: `aws batch terminate-job --job-id JOB --reason stopped --region {region}`.",
            "Take it out of use: `aws batch deregister-job-definition --job-definition {response.jobDefinitionArn} --region {region}`. Registering it anew takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "bedrock:CreateAgent",
        &[
            "Give it a lesser role, or delete it: `aws bedrock-agent get-agent --agent-id {response.agent.agentId} --region {region}`, `aws bedrock-agent delete-agent --agent-id {response.agent.agentId} --region {region}`. To delete it cannot be taken back: keep what was printed.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "cloudformation:CreateChangeSet",
        &[
            "Read it: `aws cloudformation describe-change-set --stack-name {request.stackName} --change-set-name {request.changeSetName} --region {region}`.",
            "Nobody has carried it out: `aws cloudformation delete-change-set --stack-name {request.stackName} --change-set-name {request.changeSetName} --region {region}`. That cannot be taken back. It was carried out (`ExecuteChangeSet` in the logs): look at what it makes first: `aws cloudformation describe-stack-resources --stack-name {request.stackName} --region {region}`.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "cloudformation:CreateStack",
        &[
            "Look at what it makes first: `aws cloudformation describe-stack-resources --stack-name {request.stackName} --region {region}`.",
            "It runs still: `aws cloudformation cancel-update-stack --stack-name {request.stackName} --region {region}` stops an update; a stack that is being made is stopped by `aws cloudformation delete-stack --stack-name {request.stackName} --region {region}`, which deletes what it made and cannot be taken back.",
            "The stack keeps the role for whoever may update it: give it a lesser one, by `aws cloudformation update-stack --stack-name {request.stackName} --use-previous-template --role-arn ROLE_ARN --region {region}`.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "cloudformation:UpdateStack",
        &[
            "Look at what it makes first: `aws cloudformation describe-stack-resources --stack-name {request.stackName} --region {region}`.",
            "It runs still: `aws cloudformation cancel-update-stack --stack-name {request.stackName} --region {region}` stops an update; a stack that is being made is stopped by `aws cloudformation delete-stack --stack-name {request.stackName} --region {region}`, which deletes what it made and cannot be taken back.",
            "The stack keeps the role for whoever may update it: give it a lesser one, by `aws cloudformation update-stack --stack-name {request.stackName} --use-previous-template --role-arn ROLE_ARN --region {region}`.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "codebuild:CreateProject",
        &[
            "What runs: `aws codebuild list-builds-for-project --project-name {request.name} --region {region}`. Stop it: `aws codebuild stop-build --id BUILD --region {region}`.",
            "What it does, and with which role: `aws codebuild batch-get-projects --names {request.name} --region {region}`. Give it a lesser one: `aws codebuild update-project --name {request.name} --service-role ROLE_ARN --region {region}`; the same with the role that was there takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "codebuild:StartBuild",
        &[
            "What runs: `aws codebuild list-builds-for-project --project-name {request.projectName} --region {region}`. Stop it: `aws codebuild stop-build --id BUILD --region {region}`.",
            "What it does, and with which role: `aws codebuild batch-get-projects --names {request.projectName} --region {region}`. Give it a lesser one: `aws codebuild update-project --name {request.projectName} --service-role ROLE_ARN --region {region}`; the same with the role that was there takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "codebuild:UpdateProject",
        &[
            "What runs: `aws codebuild list-builds-for-project --project-name {request.name} --region {region}`. Stop it: `aws codebuild stop-build --id BUILD --region {region}`.",
            "What it does, and with which role: `aws codebuild batch-get-projects --names {request.name} --region {region}`. Give it a lesser one: `aws codebuild update-project --name {request.name} --service-role ROLE_ARN --region {region}`; the same with the role that was there takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "datapipeline:PutPipelineDefinition",
        &[
            "`aws datapipeline deactivate-pipeline --pipeline-id {request.pipelineId} --region {region}`; `aws datapipeline activate-pipeline --pipeline-id {request.pipelineId} --region {region}` takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ec2:AssociateIamInstanceProfile",
        &[
            "`aws ec2 stop-instances --instance-ids {instance} --region {region}`; `aws ec2 start-instances --instance-ids {instance} --region {region}` takes it back. The record names all of them. Where its memory is evidence, isolate it instead, by a security group that lets nothing in and out: `aws ec2 modify-instance-attribute --instance-id {instance} --groups SECURITY_GROUP --region {region}`. In the console: EC2 > Instances > the instance > Instance state.",
            "Take the role off it: `aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values={instance} --region {region}`, then `aws ec2 disassociate-iam-instance-profile --association-id ASSOCIATION --region {region}`; `associate-iam-instance-profile` takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ec2:ReplaceIamInstanceProfileAssociation",
        &[
            "Which instance it is: `aws ec2 describe-iam-instance-profile-associations --region {region}`. Put the profile back that it had before: `aws ec2 replace-iam-instance-profile-association --association-id ASSOCIATION --iam-instance-profile Name=PROFILE --region {region}`; the same call takes it back.",
            "`aws ec2 stop-instances --instance-ids INSTANCE --region {region}`; `aws ec2 start-instances --instance-ids INSTANCE --region {region}` takes it back. Where its memory is evidence, isolate it instead, by a security group that lets nothing in and out: `aws ec2 modify-instance-attribute --instance-id INSTANCE --groups SECURITY_GROUP --region {region}`. In the console: EC2 > Instances > the instance > Instance state.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ec2:RunInstances",
        &[
            "`aws ec2 stop-instances --instance-ids {instance} --region {region}`; `aws ec2 start-instances --instance-ids {instance} --region {region}` takes it back. The record names all of them. Where its memory is evidence, isolate it instead, by a security group that lets nothing in and out: `aws ec2 modify-instance-attribute --instance-id {instance} --groups SECURITY_GROUP --region {region}`. In the console: EC2 > Instances > the instance > Instance state.",
            "Take the role off it: `aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values={instance} --region {region}`, then `aws ec2 disassociate-iam-instance-profile --association-id ASSOCIATION --region {region}`; `associate-iam-instance-profile` takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ecs:RegisterTaskDefinition",
        &[
            "What runs by it: `aws ecs list-tasks --cluster CLUSTER --family {request.family} --region {region}`. Stop it: `aws ecs stop-task --cluster CLUSTER --task TASK --region {region}`.",
            "Take it out of use: `aws ecs deregister-task-definition --task-definition {response.taskDefinition.taskDefinitionArn} --region {region}`. Registering it anew takes it back, under a new number.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ecs:RunTask",
        &[
            "`aws ecs list-tasks --cluster CLUSTER --region {region}` names what runs, by the definition {request.taskDefinition}. Stop it: `aws ecs stop-task --cluster CLUSTER --task TASK --region {region}`. It is run anew where somebody needs it.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "elasticmapreduce:RunJobFlow",
        &[
            "What it runs, as evidence: `aws emr describe-cluster --cluster-id {response.jobFlowId} --region {region}`. Then `aws emr terminate-clusters --cluster-ids {response.jobFlowId} --region {region}`. That cannot be taken back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "emr-serverless:StartJobRun",
        &[
            "`aws emr-serverless cancel-job-run --application-id {request.applicationId} --job-run-id {response.jobRunId} --region {region}`. It is run anew where somebody needs it.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "glue:CreateDevEndpoint",
        &[
            "`aws glue delete-dev-endpoint --endpoint-name {request.endpointName} --region {region}`. That cannot be taken back: keep what `aws glue get-dev-endpoint --endpoint-name {request.endpointName} --region {region}` prints.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "glue:CreateJob",
        &[
            "What runs: `aws glue get-job-runs --job-name {request.name} --region {region}`. Stop it: `aws glue batch-stop-job-run --job-name {request.name} --job-run-ids RUN --region {region}`.",
            "What it does, and with which role: `aws glue get-job --job-name {request.name} --region {region}`. Put a lesser role and the right script there by `aws glue update-job --job-name {request.name} --job-update file://job.json --region {region}`; what was printed takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "glue:CreateSession",
        &[
            "`aws glue stop-session --id {request.id} --region {region}`. A new one takes its place where somebody needs it.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "glue:UpdateJob",
        &[
            "What runs: `aws glue get-job-runs --job-name {request.jobName} --region {region}`. Stop it: `aws glue batch-stop-job-run --job-name {request.jobName} --job-run-ids RUN --region {region}`.",
            "What it does, and with which role: `aws glue get-job --job-name {request.jobName} --region {region}`. Put a lesser role and the right script there by `aws glue update-job --job-name {request.jobName} --job-update file://job.json --region {region}`; what was printed takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "lambda:CreateFunction",
        &[
            "`aws lambda put-function-concurrency --function-name {request.functionName} --reserved-concurrent-executions 0 --region {region}` keeps the function {request.functionName} from being started; `aws lambda delete-function-concurrency --function-name {request.functionName} --region {region}` takes it back. In the console: Lambda > Functions > the function > Throttle.",
            "Read its code and settings, and keep them: `aws lambda get-function --function-name {request.functionName} --region {region}` tells where the code can be fetched from. Who can start it: `aws lambda get-policy --function-name {request.functionName} --region {region}`.",
            "Nobody needs it: `aws lambda delete-function --function-name {request.functionName} --region {region}`. That cannot be taken back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "lambda:UpdateFunctionCode",
        &[
            "`aws lambda put-function-concurrency --function-name {request.functionName} --reserved-concurrent-executions 0 --region {region}` keeps the function {request.functionName} from being started; `aws lambda delete-function-concurrency --function-name {request.functionName} --region {region}` takes it back. In the console: Lambda > Functions > the function > Throttle.",
            "Read its code and settings, and keep them: `aws lambda get-function --function-name {request.functionName} --region {region}` tells where the code can be fetched from. Who can start it: `aws lambda get-policy --function-name {request.functionName} --region {region}`.",
            "Put the right code there from its source, by `aws lambda update-function-code --function-name {request.functionName} --zip-file fileb://function.zip --region {region}`, before the function may be started again.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        &[
            "`aws lambda put-function-concurrency --function-name {request.functionName} --reserved-concurrent-executions 0 --region {region}` keeps the function {request.functionName} from being started; `aws lambda delete-function-concurrency --function-name {request.functionName} --region {region}` takes it back. In the console: Lambda > Functions > the function > Throttle.",
            "Read its code and settings, and keep them: `aws lambda get-function --function-name {request.functionName} --region {region}` tells where the code can be fetched from. Who can start it: `aws lambda get-policy --function-name {request.functionName} --region {region}`.",
            "Put its settings back, also its role, layers and variables, as the record of the call before this one shows them: `aws lambda update-function-configuration --function-name {request.functionName} --role ROLE_ARN --region {region}`.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "sagemaker:CreateNotebookInstance",
        &[
            "`aws sagemaker stop-notebook-instance --notebook-instance-name {request.notebookInstanceName} --region {region}`; `aws sagemaker start-notebook-instance --notebook-instance-name {request.notebookInstanceName} --region {region}` takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "sagemaker:CreateProcessingJob",
        &[
            "`aws sagemaker stop-processing-job --processing-job-name {request.processingJobName} --region {region}`. It is made anew where somebody needs it.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "sagemaker:CreateTrainingJob",
        &[
            "`aws sagemaker stop-training-job --training-job-name {request.trainingJobName} --region {region}`. It is made anew where somebody needs it.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ssm:SendCommand",
        &[
            "What was run: `aws ssm get-command-invocation --command-id {response.command.commandId} --instance-id {instance} --region {region}`. It runs still: `aws ssm cancel-command --command-id {response.command.commandId} --region {region}`.",
            "`aws ec2 stop-instances --instance-ids {instance} --region {region}`; `aws ec2 start-instances --instance-ids {instance} --region {region}` takes it back. The record names all of them. Where its memory is evidence, isolate it instead, by a security group that lets nothing in and out: `aws ec2 modify-instance-attribute --instance-id {instance} --groups SECURITY_GROUP --region {region}`. In the console: EC2 > Instances > the instance > Instance state.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "ssm:StartSession",
        &[
            "End it: `aws ssm terminate-session --session-id {response.sessionId} --region {region}`. In the console: Systems Manager > Session Manager.",
            "`aws ec2 stop-instances --instance-ids {instance} --region {region}`; `aws ec2 start-instances --instance-ids {instance} --region {region}` takes it back. The record names all of them. Where its memory is evidence, isolate it instead, by a security group that lets nothing in and out: `aws ec2 modify-instance-attribute --instance-id {instance} --groups SECURITY_GROUP --region {region}`. In the console: EC2 > Instances > the instance > Instance state.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "states:CreateStateMachine",
        &[
            "What runs: `aws stepfunctions list-executions --state-machine-arn {response.stateMachineArn} --region {region}`. Stop it: `aws stepfunctions stop-execution --execution-arn EXECUTION --region {region}`.",
            "Give it a lesser role: `aws stepfunctions update-state-machine --state-machine-arn {response.stateMachineArn} --role-arn ROLE_ARN --region {region}`; the same with the role that was there takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
    (
        "states:UpdateStateMachine",
        &[
            "What runs: `aws stepfunctions list-executions --state-machine-arn {request.stateMachineArn} --region {region}`. Stop it: `aws stepfunctions stop-execution --execution-arn EXECUTION --region {region}`.",
            "Give it a lesser role: `aws stepfunctions update-state-machine --state-machine-arn {request.stateMachineArn} --role-arn ROLE_ARN --region {region}`; the same with the role that was there takes it back.",
            NARROW_THE_PASSER,
            END_ITS_SESSIONS,
        ],
    ),
];
