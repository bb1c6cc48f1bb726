//! The bucket or key that a trail writes to is attacked.

use trailwarden_policy::{Document, Effect, PrincipalKind};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "log-store-tampered",
    title: "Log bucket or key tampered with",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-DE-09"],
    select: Select {
        events: &[
            "cloudtrail:CreateTrail",
            "cloudtrail:UpdateTrail",
            "s3:PutBucketLifecycle*",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketVersioning",
            "s3:DeleteBucket",
            "kms:DisableKey",
            "kms:ScheduleKeyDeletion",
            "kms:PutKeyPolicy",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1485", "T1562.008"],
    risk: "Logs that were delivered are deleted or become unreadable, and new ones may not arrive.",
    false_positives: &[
        "A retention rule or policy set by whoever runs the log account: suppress it for that role, with an expiry.",
        "When no trail was seen in the logs, a bucket is taken for a log bucket by its name alone: confidence is low then.",
    ],
    remedies: &["restore-bucket-policy", "cancel-key-deletion"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d mallory s3:PutBucketLifecycle bucket/audit-1"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"},"response":{"kmsKeyId":"arn:aws:kms:us-east-1:111122223333:key/11"}}
             +1d mallory kms:ScheduleKeyDeletion {"request":{"keyId":"11","pendingWindowInDays":7}}"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d role/app/s s3:DeleteBucketPolicy bucket/audit-1 denied"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d mallory s3:PutBucketPolicy bucket/audit-1 {"request":{"bucketPolicy":{"Statement":[]}}}"#,
        "mallory s3:DeleteBucket bucket/acme-cloudtrail-logs",
    ],
    quiet_on: &[
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d alice s3:PutBucketLifecycle bucket/acme-cloudtrail-demo
             alice s3:PutBucketVersioning bucket/audit-1 {"request":{"VersioningConfiguration":{"Status":"Enabled"}}}
             alice kms:DisableKey {"request":{"keyId":"22"}}"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d alice s3:PutBucketPolicy bucket/audit-1 {"request":{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*"}]}}}"#,
        r#"mallory cloudtrail:CreateTrail trail/x denied
             mallory s3:PutBucketPolicy bucket/photos"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"audit-1"}}
             +1d service/s3.amazonaws.com s3:PutBucketLifecycle bucket/audit-1"#,
        r#"mallory cloudtrail:CreateTrail trail/x failed=InsufficientS3BucketPolicyException {"request":{"s3BucketName":"photos"}}
             alice s3:PutBucketLifecycle bucket/photos"#,
    ],
    logic: Logic::Watch(Judging::<Stores>::start),
};

/// Trails live long; a bucket that one wrote to is a log bucket even afterwards.
const REMEMBER_SECONDS: i64 = 800 * DAY;

#[derive(Clone)]
struct Stores {
    /// By a hash of the bucket's name or the key's id.
    known: Recall<()>,
}

impl Default for Stores {
    fn default() -> Self {
        Self { known: Recall::new(REMEMBER_SECONDS) }
    }
}

impl Judge for Stores {
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match> {
        let event = cx.event()?;
        if cx.service() == "cloudtrail" {
            self.learn(event);
            return None;
        }
        if event.caller.is_aws() {
            return None;
        }
        let parameter = if cx.service() == "kms" { "keyId" } else { "bucketName" };
        let store = event.request(parameter)?;
        let store = store.rsplit('/').next().unwrap_or(store);
        let is_known = self.known.get(hash::of(store), event.time).is_some();
        // Without any trail in the logs only the name is left to go by.
        let by_name = self.known.is_empty() && cx.service() == "s3" && sounds_like_logs(store);
        if !is_known && !by_name {
            return None;
        }
        let (done, tried) = harm(event)?;
        let (what, severity, confidence) = if is_known {
            ("to which a trail delivers", Severity::Critical, Confidence::High)
        } else {
            ("which is a log bucket by its name", Severity::Medium, Confidence::Low)
        };
        let kind = if cx.service() == "kms" { "key" } else { "bucket" };
        let what = if kind == "key" { "with which a trail encrypts" } else { what };
        let text =
            format!("{{actor}} {} {kind} {store}, {what}{{times}}.", event.done_or(done, tried));
        let matched = Match::on_target(event, text).subject(store).confidence(confidence);
        Some(matched.attempted_if_not(event.outcome, severity))
    }

    fn is_truncated(&self) -> bool {
        self.known.is_truncated()
    }
}

impl Stores {
    /// Only what a call achieved: a failed one would let a stranger name any bucket.
    fn learn(&mut self, event: &Event) {
        if event.outcome != Outcome::Succeeded {
            return;
        }
        for name in ["s3BucketName", "kmsKeyId"] {
            for store in [event.response(name), event.request(name)].into_iter().flatten() {
                let store = store.rsplit('/').next().unwrap_or(store);
                self.known.note(hash::of(store), event.time, ());
            }
        }
    }
}

fn sounds_like_logs(bucket: &str) -> bool {
    let name = bucket.to_ascii_lowercase();
    ["cloudtrail", "cloud-trail", "aws-logs", "awslogs", "trail-logs"]
        .iter()
        .any(|part| name.contains(part))
}

/// What the call does to the store, in two phrases; `None` when it does no harm.
fn harm(event: &Event) -> Option<(&'static str, &'static str)> {
    Some(match event.name() {
        "PutBucketPolicy" if lets_trails_write(event) => return None,
        "PutBucketPolicy" => ("replaced the policy of the", "tried to replace the policy of the"),
        "DeleteBucketPolicy" => ("deleted the policy of the", "tried to delete the policy of the"),
        "PutBucketVersioning" => {
            let status = event.request("VersioningConfiguration.Status");
            let mfa = event.request("VersioningConfiguration.MfaDelete");
            if status != Some("Suspended") && mfa != Some("Disabled") {
                return None;
            }
            (
                "suspended the keeping of old versions in the",
                "tried to suspend the keeping of old versions in the",
            )
        }
        "DeleteBucket" => ("deleted the", "tried to delete the"),
        "DisableKey" => ("disabled the", "tried to disable the"),
        "ScheduleKeyDeletion" => {
            ("scheduled the deletion of the", "tried to schedule the deletion of the")
        }
        "PutKeyPolicy" => ("replaced the policy of the", "tried to replace the policy of the"),
        _ => (
            "set a rule that deletes or moves what is in the",
            "tried to set a rule that deletes or moves what is in the",
        ),
    })
}

/// Whether the new policy still lets CloudTrail write and denies nothing without a condition.
fn lets_trails_write(event: &Event) -> bool {
    let Call::S3PutBucketPolicy(call) = &event.call else { return false };
    let Some(Ok(policy)) = call.bucket_policy.as_deref().map(Document::parse) else { return false };
    let writes = policy.statements.iter().any(|statement| {
        let for_trails = statement.principals.listed().iter().any(|principal| {
            principal.kind == PrincipalKind::Service && principal.value.starts_with("cloudtrail.")
        });
        statement.effect == Effect::Allow && for_trails && statement.covers_action("s3:PutObject")
    });
    let denies = policy
        .statements
        .iter()
        .any(|statement| statement.effect == Effect::Deny && statement.conditions.is_empty());
    writes && !denies && policy.is_complete()
}
