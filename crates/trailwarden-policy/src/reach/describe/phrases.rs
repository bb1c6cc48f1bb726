//! Actions worth a phrase of their own, the most dangerous first.

/// What some actions let a principal do, said about a kind of thing.
pub(super) struct Phrase {
    /// Any of them makes the phrase true; the first tells which resources are meant.
    pub(super) actions: &'static [&'static str],
    /// What may be done, ready for the thing: `read objects in`.
    pub(super) verb: &'static str,
    /// The thing, in the singular.
    pub(super) noun: &'static str,
}

const fn phrase(
    actions: &'static [&'static str],
    verb: &'static str,
    noun: &'static str,
) -> Phrase {
    Phrase { actions, verb, noun }
}

/// The phrases; the names of actions are tested against the facts table.
pub(super) static PHRASES: &[Phrase] = &[
    phrase(
        &["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
        "change the content of",
        "managed policy",
    ),
    phrase(&["iam:PutUserPolicy"], "write inline policies of", "user"),
    phrase(&["iam:PutRolePolicy"], "write inline policies of", "role"),
    phrase(&["iam:PutGroupPolicy"], "write inline policies of", "group"),
    phrase(&["iam:AttachUserPolicy"], "attach policies to", "user"),
    phrase(&["iam:AttachRolePolicy"], "attach policies to", "role"),
    phrase(&["iam:AttachGroupPolicy"], "attach policies to", "group"),
    phrase(&["iam:AddUserToGroup"], "add users to", "group"),
    phrase(&["iam:UpdateAssumeRolePolicy"], "rewrite the trust of", "role"),
    phrase(&["iam:CreateAccessKey"], "create access keys for", "user"),
    phrase(&["iam:CreateLoginProfile", "iam:UpdateLoginProfile"], "set the password of", "user"),
    phrase(
        &["iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"],
        "change the boundary of",
        "user",
    ),
    phrase(
        &["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"],
        "change the boundary of",
        "role",
    ),
    phrase(&["iam:PassRole"], "pass", "role"),
    phrase(&["sts:AssumeRole"], "assume", "role"),
    phrase(&["iam:CreateUser"], "create", "user"),
    phrase(&["iam:CreateRole"], "create", "role"),
    phrase(&["lambda:UpdateFunctionCode"], "replace the code of", "function"),
    phrase(&["lambda:UpdateFunctionConfiguration"], "reconfigure", "function"),
    phrase(&["lambda:CreateFunction"], "create", "function"),
    phrase(&["ssm:SendCommand"], "run commands on", "instance"),
    phrase(&["ssm:StartSession"], "open a shell on", "instance"),
    phrase(&["ec2:RunInstances"], "start", "EC2 instance"),
    phrase(
        &["cloudformation:UpdateStack", "cloudformation:CreateStack"],
        "change",
        "CloudFormation stack",
    ),
    phrase(&["kms:PutKeyPolicy", "kms:CreateGrant"], "let others use", "KMS key"),
    phrase(&["s3:PutBucketPolicy"], "rewrite the policy of", "bucket"),
    phrase(&["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "stop", "trail"),
    phrase(&["s3:PutObject"], "write objects in", "bucket"),
    phrase(&["s3:DeleteObject", "s3:DeleteObjectVersion"], "delete objects in", "bucket"),
    phrase(
        &[
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        ],
        "change items of",
        "table",
    ),
    phrase(&["lambda:InvokeFunction"], "invoke", "function"),
    phrase(
        &["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
        "read",
        "secret",
    ),
    phrase(
        &["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        "read",
        "parameter",
    ),
    phrase(&["kms:Decrypt"], "decrypt with", "KMS key"),
    phrase(&["s3:GetObject", "s3:GetObjectVersion"], "read objects in", "bucket"),
    phrase(
        &["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"],
        "read items of",
        "table",
    ),
    phrase(&["sqs:ReceiveMessage"], "receive messages of", "queue"),
];

/// The name people use for a service that roles are passed to.
pub(super) fn service_name(principal: &str) -> Option<&'static str> {
    Some(match principal.strip_suffix(".amazonaws.com")? {
        "cloudformation" => "CloudFormation",
        "codebuild" => "CodeBuild",
        "ec2" => "EC2",
        "ecs-tasks" => "ECS tasks",
        "glue" => "Glue",
        "lambda" => "Lambda",
        "sagemaker" => "SageMaker",
        "states" => "Step Functions",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::facts;

    #[test]
    fn every_action_exists() {
        for action in PHRASES.iter().flat_map(|phrase| phrase.actions) {
            assert_eq!(facts().action(action).map(|a| a.full_name()), Some(*action));
        }
    }
}
