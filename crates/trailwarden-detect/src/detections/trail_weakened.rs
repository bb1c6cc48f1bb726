//! A trail goes on, but logs less or to another place.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "trail-weakened",
    title: "CloudTrail trail weakened",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-02"],
    select: Select {
        events: &["cloudtrail:CreateTrail", "cloudtrail:UpdateTrail"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.008"],
    risk: "A trail that looks alive can be blind: one region only, no IAM events, a bucket or key that nobody reads.",
    false_positives: &[
        "A planned move of the log bucket or key: suppress it for the role that manages trails, until the move is over.",
        "A call that repeats settings that the trail had already, made before these logs began: give a longer period.",
    ],
    remedies: &["restore-trail"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory cloudtrail:UpdateTrail trail/main {"request":{"isMultiRegionTrail":false}}"#,
        r#"mallory cloudtrail:UpdateTrail trail/main {"request":{"includeGlobalServiceEvents":false,"isMultiRegionTrail":false}}"#,
        r#"role/app/s cloudtrail:UpdateTrail trail/main {"request":{"enableLogFileValidation":false}}"#,
        r#"mallory cloudtrail:UpdateTrail trail/main {"request":{"kmsKeyId":"arn:aws:kms:us-east-1:999988887777:key/1"}}"#,
        r#"mallory cloudtrail:UpdateTrail trail/main {"request":{"s3BucketName":"elsewhere"}}"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"logs"}}
             +1d mallory cloudtrail:UpdateTrail trail/main {"request":{"s3BucketName":"elsewhere"}}"#,
        "mallory cloudtrail:UpdateTrail trail/main denied",
    ],
    quiet_on: &[
        r#"alice cloudtrail:UpdateTrail trail/main {"request":{"isMultiRegionTrail":true,"enableLogFileValidation":true}}"#,
        r#"alice cloudtrail:UpdateTrail trail/main {"request":{"kmsKeyId":"arn:aws:kms:us-east-1:111122223333:key/1"}}"#,
        r#"alice cloudtrail:CreateTrail trail/main {"request":{"s3BucketName":"logs","isMultiRegionTrail":false}}
             +1d alice cloudtrail:UpdateTrail trail/main {"request":{"s3BucketName":"logs","isMultiRegionTrail":false,"enableLogFileValidation":true}}"#,
    ],
    logic: Logic::Watch(Judging::<Trails>::start),
};

/// Trails change rarely; an account has at most a handful in each region.
const REMEMBER_SECONDS: i64 = 400 * DAY;

/// What a trail was last told to be. Absent means that the logs have not shown it.
#[derive(Clone, Default)]
struct Known {
    flags: [Option<bool>; 4],
    bucket: Option<String>,
    key: Option<String>,
}

/// The switches whose opening hides something, and what.
const FLAGS: [(&str, &str); 4] = [
    ("isMultiRegionTrail", "it no longer logs the other regions"),
    ("includeGlobalServiceEvents", "it no longer logs IAM, STS and other global services"),
    ("enableLogFileValidation", "it no longer signs its log files"),
    ("isOrganizationTrail", "it no longer logs the other accounts of the organization"),
];

#[derive(Clone)]
struct Trails {
    known: Recall<Known>,
}

impl Default for Trails {
    fn default() -> Self {
        Self { known: Recall::new(REMEMBER_SECONDS) }
    }
}

impl Judge for Trails {
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match> {
        let event = cx.event()?;
        let name = event.target()?.name;
        let Some(trail) = &name else {
            return (!cx.succeeded() && cx.name() == "UpdateTrail").then(|| attempt(event));
        };
        if !cx.succeeded() && event.value("requestParameters").is_none() {
            return (cx.name() == "UpdateTrail").then(|| attempt(event));
        }
        let short = trail.rsplit('/').next().unwrap_or(trail);
        let place = cx.within_account(short);
        let before = self.known.get(place, event.time).cloned().unwrap_or_default();
        let (weaker, severity, confidence) = compare(cx, event, &before);
        if cx.succeeded() {
            self.known.note(place, event.time, after(event, before));
        }
        if weaker.is_empty() || cx.name() != "UpdateTrail" {
            return None;
        }
        let done = event.done_or("changed", "tried to change");
        let text = format!("{{actor}} {done} the trail {short}: {}{{times}}.", weaker.join("; "));
        let matched = Match::on_target(event, text).subject(short).confidence(confidence);
        Some(matched.attempted_if_not(event.outcome, severity))
    }

    fn is_truncated(&self) -> bool {
        self.known.is_truncated()
    }
}

fn attempt(event: &Event) -> Match {
    let text = format!(
        "{{actor}} tried to change the trail {}{{times}}; the record does not say how.",
        event.target_name()
    );
    Match::on_target(event, text).severity(Severity::Low)
}

/// What becomes weaker, how bad, and how sure.
fn compare(cx: &Cx<'_>, event: &Event, before: &Known) -> (Vec<String>, Severity, Confidence) {
    let mut weaker = Vec::new();
    let mut severity = Severity::Medium;
    let mut confidence = Confidence::Low;
    for ((parameter, meaning), before) in FLAGS.iter().zip(before.flags) {
        if event.request_flag(parameter) == Some(false) && before != Some(false) {
            weaker.push((*meaning).to_owned());
            severity = Severity::High;
            confidence = confidence.max(sure(before.is_some()));
        }
    }
    if let Some(bucket) = event.request("s3BucketName")
        && before.bucket.as_deref() != Some(bucket)
    {
        weaker.push(match &before.bucket {
            Some(old) => format!("it now delivers to the bucket {bucket} instead of {old}"),
            None => format!("it now delivers to the bucket {bucket}, and where before is unknown"),
        });
        severity = Severity::High;
        confidence = confidence.max(if before.bucket.is_some() {
            Confidence::High
        } else {
            Confidence::Low
        });
    }
    // An empty text takes the key off.
    let key = event.value("requestParameters.kmsKeyId").map(|_| event.request("kmsKeyId"));
    if let Some(key) = key {
        let foreign = key
            .and_then(Arn::parse)
            .and_then(|arn| arn.account_id())
            .filter(|id| cx.is_foreign(*id));
        if let Some(account) = foreign {
            weaker.push(format!("it now encrypts with a key of account {account}"));
            (severity, confidence) = (Severity::High, Confidence::High);
        } else if key.is_none() {
            weaker.push("it no longer encrypts with a key of its own".to_owned());
            confidence = confidence.max(Confidence::Medium);
        } else if before.key.is_some() && before.key.as_deref() != key {
            weaker.push("it now encrypts with another key".to_owned());
            confidence = confidence.max(Confidence::Medium);
        }
    }
    (weaker, severity, confidence)
}

fn sure(seen_before: bool) -> Confidence {
    if seen_before { Confidence::High } else { Confidence::Medium }
}

fn after(event: &Event, before: Known) -> Known {
    let mut after = before;
    for ((parameter, _), known) in FLAGS.iter().zip(&mut after.flags) {
        *known = event.request_flag(parameter).or(*known);
    }
    let text = |name: &str| event.request(name).map(str::to_owned);
    after.bucket = text("s3BucketName").or(after.bucket);
    after.key = text("kmsKeyId").or(after.key);
    after
}
