//! Lets a group read a trail's logs and settings, and nothing else: in an incident somebody must, and who
//! looks needs no right to change.
//!
//! Source: AWS CloudTrail User Guide, "Granting permissions for CloudTrail administration", the
//! read-only permissions; "Amazon S3 bucket policy for CloudTrail", where the log files lie.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "grant-trail-reading",
    aliases: &[],
    title: "Let a group read a trail",
    effect: Effect::Keeps,
    order: Order::Grants,
    notes: &[
        "All members of the group can read who did what, from where: the logs name people and addresses.",
        "Where the files are encrypted with a key of your own, its policy must let the group decrypt as well.",
        "A trail that writes to another account's bucket is read there: that account's bucket policy decides.",
    ],
    example: |subject| {
        subject.trail = Known::Is(Trail {
            name: "main".to_owned(),
            home_region: "eu-west-1".to_owned(),
            bucket: Known::Is("example-logs".to_owned()),
            prefix: Known::Is("trails".to_owned()),
            kms_key: Known::Is("arn:aws:kms:eu-west-1:111122223333:key/example".to_owned()),
            is_logging: Some(true),
            is_validated: Some(true),
            is_multi_region: Some(true),
            has_global_events: Some(true),
            selectors: Known::Unknown,
        });
        subject.inline = Some([].into());
    },
    example_of: "arn:aws:iam::111122223333:group/auditors",
    plan,
};

/// The inline policy's name.
const NAME: &str = "trailwarden-read-trail";

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let group = subject.group()?;
    let trail = subject.trail.is().ok_or_else(|| NoPlan::unknown("the trail"))?;
    let document = reading(subject, trail)?.to_string();
    let present = subject.inline(NAME).ok();
    if present.is_some_and(|it| documents::is_same_policy(&it.into(), &document.as_str().into())) {
        return Err(NoPlan::Already(format!("the group `{group}` may read the trail")));
    }
    super::attach_quarantine_policy::fits(subject, PrincipalKind::Group, NAME, &document)?;
    // Not known is taken for absent, and asked right before the call.
    let before = present.map_or(Before::Absent, |text| Before::was("PolicyDocument", text));
    draft.call(
        format!("let the group {group} read the trail {}", trail.name),
        "iam:PutGroupPolicy",
        [
            ("GroupName", group.into()),
            ("PolicyName", NAME.into()),
            ("PolicyDocument", document.into()),
        ],
        &before,
    )?;
    Ok(())
}

fn reading(subject: &Subject, trail: &Trail) -> Result<Value, NoPlan> {
    let (partition, account) = (&subject.partition, subject.account);
    let name = trail.bucket.is().ok_or_else(|| NoPlan::unknown("where the trail writes"))?;
    let bucket = format!("arn:{partition}:s3:::{name}");
    let folder = match &trail.prefix {
        Known::Is(prefix) => format!("{prefix}/AWSLogs"),
        Known::Absent => "AWSLogs".to_owned(),
        Known::Unknown => return Err(NoPlan::unknown("where in its bucket the trail writes")),
    };
    let mut statements = vec![
        json!({
            "Sid": "ReadLogFiles",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": format!("{bucket}/{folder}/*"),
        }),
        json!({
            "Sid": "FindLogFiles",
            "Effect": "Allow",
            "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
            "Resource": bucket,
        }),
        json!({
            "Sid": "ReadThisTrail",
            "Effect": "Allow",
            "Action": ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"],
            "Resource": format!("arn:{partition}:cloudtrail:{}:{account}:trail/{}", trail.home_region, trail.name),
        }),
        json!({
            "Sid": "FindTrailsAndEvents",
            "Effect": "Allow",
            "Action": ["cloudtrail:DescribeTrails", "cloudtrail:ListTrails", "cloudtrail:LookupEvents"],
            "Resource": "*",
        }),
    ];
    match &trail.kms_key {
        Known::Is(key) => statements.push(json!({
            "Sid": "DecryptLogFiles",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": key,
        })),
        Known::Absent => {}
        Known::Unknown => {
            return Err(NoPlan::unknown("which key the trail's files are encrypted with"));
        }
    }
    Ok(json!({ "Version": "2012-10-17", "Statement": statements }))
}
