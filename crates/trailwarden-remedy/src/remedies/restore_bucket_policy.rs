//! Brings the policy of a bucket of logs back, and closes the bucket to the public.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-bucket-policy",
    aliases: &[],
    title: "Restore a bucket's policy and block public access",
    effect: Effect::Keeps,
    order: Order::Trails,
    notes: &[
        "Who read the logs while the bucket was open is told only by access logs or data events.",
        "Logs that CloudTrail could not deliver in the meantime are delivered late, or never.",
    ],
    example: |subject| {
        subject.principal = None;
        let ours = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetBucketAcl",
            "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Resource": "arn:aws:s3:::example-logs" }] });
        let open = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject",
            "Principal": "*", "Resource": "arn:aws:s3:::example-logs/*" }] });
        subject.before = Known::Is(ours.to_string());
        subject.bucket = Some(crate::subject::Bucket {
            name: "example-logs".to_owned(),
            region: Some("eu-west-1".to_owned()),
            policy: Known::Is(open.to_string()),
            public_access_block: Known::Absent,
        });
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let bucket = subject.bucket.as_ref().ok_or(NoPlan::Missing("a bucket"))?;
    let name = bucket.name.as_str();
    draft.about(format!("the bucket {name}"));
    if let Some(region) = &bucket.region {
        draft.in_region(region);
    }
    policy(subject, draft, name, &bucket.policy)?;
    let closed = json!({ "BlockPublicAcls": true, "BlockPublicPolicy": true,
        "IgnorePublicAcls": true, "RestrictPublicBuckets": true });
    let before = match &bucket.public_access_block {
        Known::Absent => Some(Before::Absent),
        Known::Is(present) if *present == closed => None,
        Known::Is(present) => Some(Before::was("PublicAccessBlockConfiguration", present.clone())),
        Known::Unknown if draft.is_empty() => {
            return Err(NoPlan::unknown("whether public access is blocked"));
        }
        Known::Unknown => {
            draft.note("Whether public access is blocked is not known: look at it.");
            None
        }
    };
    if let Some(before) = before {
        draft.call(
            format!("close {name} to the public"),
            "s3:PutPublicAccessBlock",
            [("Bucket", name.into()), ("PublicAccessBlockConfiguration", closed.into())],
            &before,
        )?;
    }
    if subject.before == Known::Unknown {
        if draft.is_empty() {
            return Err(NoPlan::unknown_before("the bucket's policy before the change"));
        }
        draft.note("The bucket's policy before the change is not known, so the present one stays: read it.");
    }
    if draft.is_empty() {
        return Err(NoPlan::Already(format!("the bucket `{name}` is as it was, and closed")));
    }
    Ok(())
}

fn policy(
    subject: &Subject,
    draft: &mut Draft,
    name: &str,
    present: &Known<String>,
) -> Result<(), NoPlan> {
    let unknown = || NoPlan::unknown("the bucket's policy");
    let wanted = match (&subject.before, present) {
        (Known::Unknown, _) | (Known::Absent, Known::Absent) => return Ok(()),
        (Known::Absent, Known::Unknown) => return Err(unknown()),
        (Known::Absent, Known::Is(text)) => {
            draft.call(
                format!("delete the policy of {name}, which had none before"),
                "s3:DeleteBucketPolicy",
                [("Bucket", name.into())],
                &Before::was("Policy", text.as_str()),
            )?;
            return Ok(());
        }
        (Known::Is(wanted), _) => wanted,
    };
    let before = match present {
        Known::Unknown => return Err(unknown()),
        Known::Absent => Before::Absent,
        Known::Is(text)
            if documents::is_same_policy(&text.as_str().into(), &wanted.as_str().into()) =>
        {
            return Ok(());
        }
        Known::Is(text) => Before::was("Policy", text.as_str()),
    };
    draft.call(
        format!("put the policy of {name} back"),
        "s3:PutBucketPolicy",
        [("Bucket", name.into()), ("Policy", wanted.as_str().into())],
        &before,
    )?;
    Ok(())
}
