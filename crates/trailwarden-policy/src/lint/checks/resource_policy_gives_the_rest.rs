//! A permission to write a resource policy that can give all that was left out.

use crate::lint::open::is_left_open;
use crate::lint::prelude::*;
use crate::pattern::action_matches;

/// See the fields.
pub static CHECK: Check = Check {
    id: "resource-policy-gives-the-rest",
    title: "Resource policy gives the rest",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "Whoever writes the policy of a resource can let himself do what his own policies leave out, so leaving it out is no limit.",
    source: "IAM User Guide, \"Policy evaluation logic\"",
    cross: &[(Tool::Parliament, "RESOURCE_POLICY_PRIVILEGE_ESCALATION")],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:ListBucket","s3:PutBucketPolicy"],"Resource":"*""#,
        )
        .at(r#""s3:PutBucketPolicy""#),
        Example::identity(
            r#""Effect":"Allow","Action":["kms:Describe*","kms:Put*"],"Resource":"*""#,
        )
        .at(r#""kms:Put*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*""#,
        ),
        Example::identity(r#""Effect":"Allow","Action":"s3:*","Resource":"*""#),
        Example::identity(
            r#""Effect":"Deny","Action":["s3:ListBucket","s3:PutBucketPolicy"],"Resource":"*""#,
        ),
    ],
};

/// What writes the policy of a resource, and what that policy would then be used for.
const WRITERS: [(&str, &str); 8] = [
    ("s3:PutBucketPolicy", "s3:GetObject"),
    ("s3:PutBucketAcl", "s3:GetObject"),
    ("kms:PutKeyPolicy", "kms:Decrypt"),
    ("secretsmanager:PutResourcePolicy", "secretsmanager:GetSecretValue"),
    ("sqs:SetQueueAttributes", "sqs:ReceiveMessage"),
    ("sns:SetTopicAttributes", "sns:Publish"),
    ("lambda:AddPermission", "lambda:InvokeFunction"),
    ("ecr:SetRepositoryPolicy", "ecr:BatchGetImage"),
];

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let allowing = || input.statements().iter().filter(|view| view.allows());
    if allowing().any(|view| is_left_open(input, view, Element::Action)) {
        return;
    }
    for (writer, left_out) in WRITERS {
        if allowing().any(|view| view.statement.covers_action(left_out)) {
            continue;
        }
        for view in allowing().filter(|view| view.statement.covers_action(writer)) {
            let mut actions = view.actions().filter(|part| part.element == Element::Action);
            let span = actions.find(|part| action_matches(part.text, writer)).map(|part| part.span);
            let message = format!("`{writer}` can give `{left_out}`, which the policy leaves out");
            let fix = format!("leave `{writer}` to those who may do everything with the resource");
            found.at(span.unwrap_or(view.places.span), view.index, message, fix);
        }
    }
}
