//! Makes a trail where there is none: its bucket, the policy that lets CloudTrail write there and nobody
//! else pretend to be this trail, the trail, and its start.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "create-trail",
    aliases: &[],
    title: "Make a trail",
    effect: Effect::Keeps,
    order: Order::Trails,
    notes: &[
        "The first copy of management events is free; the bucket's storage is not.",
        "The bucket stays when the plan is taken back: logs may lie in it. Delete it by hand, once it is empty.",
        "Where the organization has a trail of its own, this account may need none: ask who runs it first, since a second copy of management events costs.",
    ],
    example: |subject| {
        subject.principal = None;
        subject.trail = Known::Absent;
        subject.bucket = Some(crate::subject::Bucket {
            name: "example-trail-logs".to_owned(),
            region: Some("eu-west-1".to_owned()),
            policy: Known::Absent,
            public_access_block: Known::Absent,
        });
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

/// The trail's name.
const NAME: &str = "trailwarden";

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    match &subject.trail {
        Known::Absent => {}
        Known::Is(trail) => {
            return Err(NoPlan::Already(format!("there is the trail `{}`", trail.name)));
        }
        Known::Unknown => return Err(NoPlan::unknown("whether there is a trail")),
    }
    let bucket = subject.bucket.as_ref().ok_or(NoPlan::Missing("the name of a new bucket"))?;
    let region = bucket.region.as_deref().ok_or(NoPlan::Missing("the region of a new bucket"))?;
    let name = bucket.name.as_str();
    draft.about(format!("account {}", subject.account));
    draft.in_region(region);
    let mut input = vec![("Bucket", Argument::from(name))];
    if region != "us-east-1" {
        // In us-east-1 the call takes no place ("CreateBucket", Amazon S3 API Reference).
        input.push(("CreateBucketConfiguration", json!({ "LocationConstraint": region }).into()));
    }
    draft.call(format!("make the bucket {name}"), "s3:CreateBucket", input, &Before::Absent)?;
    draft.require(Check {
        service: "s3".to_owned(),
        operation: "GetBucketAcl".to_owned(),
        input: [("Bucket".to_owned(), name.into())].into(),
        path: vec![Part::Member("Owner".to_owned())],
        expected: Expected::Absent,
    });
    let document = bucket_policy(subject, name, region).to_string();
    draft.call(
        format!("let CloudTrail write to {name}"),
        "s3:PutBucketPolicy",
        [("Bucket", name.into()), ("Policy", document.into())],
        &Before::Absent,
    )?;
    draft.call(
        format!("make the trail {NAME}"),
        "cloudtrail:CreateTrail",
        [
            ("Name", NAME.into()),
            ("S3BucketName", name.into()),
            ("EnableLogFileValidation", true.into()),
            ("IncludeGlobalServiceEvents", true.into()),
            ("IsMultiRegionTrail", true.into()),
        ],
        &Before::Implied,
    )?;
    // A trail does not record before it is started.
    draft.call(
        format!("start the trail {NAME}"),
        "cloudtrail:StartLogging",
        [("Name", NAME.into())],
        &Before::Implied,
    )?;
    draft.require(Check {
        service: "cloudtrail".to_owned(),
        operation: "GetTrail".to_owned(),
        input: [("Name".to_owned(), NAME.into())].into(),
        path: vec![Part::Member("Trail".to_owned()), Part::Member("S3BucketName".to_owned())],
        expected: Expected::Equals(name.into()),
    });
    Ok(())
}

/// "Amazon S3 bucket policy for CloudTrail" (AWS CloudTrail User Guide).
fn bucket_policy(subject: &Subject, bucket: &str, region: &str) -> Value {
    let (partition, account) = (&subject.partition, subject.account);
    let trail = format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{NAME}");
    let arn = format!("arn:{partition}:s3:::{bucket}");
    let service = json!({ "Service": "cloudtrail.amazonaws.com" });
    json!({ "Version": "2012-10-17", "Statement": [
        {
            "Sid": "CloudTrailChecksTheBucket",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:GetBucketAcl",
            "Resource": arn,
            "Condition": { "StringEquals": { "aws:SourceArn": trail } },
        },
        {
            "Sid": "CloudTrailWrites",
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:PutObject",
            "Resource": format!("{arn}/AWSLogs/{account}/*"),
            "Condition": { "StringEquals": {
                "aws:SourceArn": trail,
                "s3:x-amz-acl": "bucket-owner-full-control",
            } },
        },
        {
            "Sid": "NothingUnencrypted",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, format!("{arn}/*")],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        },
    ] })
}
