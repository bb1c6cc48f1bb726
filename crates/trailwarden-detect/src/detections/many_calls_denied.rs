//! Many different calls are refused to one principal within minutes.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "many-calls-denied",
    title: "Many different calls denied",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RE-04"],
    select: Select {
        events: &["*"],
        outcomes: &[Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Row,
    },
    attack: &["T1580"],
    risk: "Somebody tries out what a stolen identity can do; ordinary software fails at one call again and again, not at ten different ones.",
    false_positives: &[
        "A person with few rights who clicks through the console: confidence is low when all calls came from there.",
        "New software whose role is not finished: its refusals stop once it is.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"+20s mallory ec2:DescribeInstances denied
             +20s mallory s3:ListBuckets denied
             +20s mallory iam:ListUsers denied
             +20s mallory kms:ListKeys denied
             +20s mallory rds:DescribeDBInstances denied
             +20s mallory lambda:ListFunctions denied
             +20s mallory sns:ListTopics denied
             +20s mallory sqs:ListQueues denied
             +20s mallory dynamodb:ListTables denied
             +20s mallory ssm:DescribeParameters denied"#,
        r#"+20s role/app/s ec2:DescribeInstances denied
             +20s role/app/s s3:ListBuckets denied
             +20s role/app/s iam:ListUsers denied
             +20s role/app/s kms:ListKeys denied
             +20s role/app/s rds:DescribeDBInstances denied
             +20s role/app/s lambda:ListFunctions denied
             +20s role/app/s sns:ListTopics denied
             +20s role/app/s sqs:ListQueues denied
             +20s role/app/s dynamodb:ListTables denied
             +20s role/app/s ssm:DescribeParameters denied"#,
    ],
    quiet_on: &[
        r#"+20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied
             +20s alice ec2:DescribeInstances denied"#,
        r#"+2m alice ec2:DescribeInstances denied
             +2m alice s3:ListBuckets denied
             +2m alice iam:ListUsers denied
             +2m alice kms:ListKeys denied
             +2m alice rds:DescribeDBInstances denied
             +2m alice lambda:ListFunctions denied
             +2m alice sns:ListTopics denied
             +2m alice sqs:ListQueues denied
             +2m alice dynamodb:ListTables denied
             +2m alice ssm:DescribeParameters denied"#,
        r#"+20s alice ec2:DescribeInstances
             +20s alice s3:ListBuckets
             +20s alice iam:ListUsers
             +20s alice kms:ListKeys
             +20s alice rds:DescribeDBInstances
             +20s alice lambda:ListFunctions
             +20s alice sns:ListTopics
             +20s alice sqs:ListQueues
             +20s alice dynamodb:ListTables
             +20s alice ssm:DescribeParameters"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 10, within_seconds: 10 * MINUTE, tell }),
};

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let origin = cx.origin();
    (origin != 0).then(|| (origin, cx.action_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let text = format!(
        "{} different calls were refused to {{actor}} within 10 minutes, from {}, among them {}.",
        story.distinct,
        event.address,
        story.names()
    );
    Some(Match::on_caller(event, text).confidence(story.confidence_in_software()))
}
