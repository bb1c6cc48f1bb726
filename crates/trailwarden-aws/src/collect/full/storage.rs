//! Where trails write to: the bucket, the key, the log group with its filters, and whom alarms tell.
//!
//! A bucket of another account (an organization's log archive) mostly refuses; that is recorded.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use trailwarden_model::Arn;

use crate::collect::several::Question;
use crate::collect::{Asking, items, text};

/// What is asked of each bucket.
const OF_BUCKET: &[&str] = &[
    "s3:GetBucketPolicy",
    "s3:GetBucketPolicyStatus",
    "s3:GetPublicAccessBlock",
    "s3:GetBucketAcl",
    "s3:GetBucketVersioning",
    "s3:GetBucketLogging",
];

/// Trails in one question about tags.
const TAGGED_MAX: usize = 20;

/// What the trails name, with the region in which it is asked.
#[derive(Default)]
struct Named {
    /// Of this account, by home region.
    trails: BTreeMap<String, BTreeSet<String>>,
    buckets: BTreeMap<String, Option<String>>,
    keys: BTreeSet<String>,
    groups: BTreeSet<String>,
}

pub(super) fn ask(asking: &mut Asking<'_>) {
    let named = named(asking);
    tags(asking, named.trails);
    let mut questions = Vec::new();
    for (bucket, home) in &named.buckets {
        let of_bucket = OF_BUCKET
            .iter()
            .map(|api| Question::new(api, json!({"Bucket": bucket})).at(home.as_deref()));
        questions.extend(of_bucket);
    }
    let account = asking.identity.account.to_string();
    questions.push(Question::new("s3control:GetPublicAccessBlock", json!({"AccountId": account})));
    for key in &named.keys {
        let region = region_of(key);
        let question = |api, about| Question::new(api, about).at(region.as_deref());
        // All keys of the account have been asked about; a trail may use one of another account.
        for api in ["kms:DescribeKey", "kms:GetKeyRotationStatus"] {
            if asking.snapshot.about(api, "KeyId", key).is_none() {
                questions.push(question(api, json!({"KeyId": key})));
            }
        }
        questions
            .push(question("kms:GetKeyPolicy", json!({"KeyId": key, "PolicyName": "default"})));
    }
    asking.ask_each(questions);
    for group in named.groups {
        alarms(asking, &group);
    }
}

fn named(asking: &Asking<'_>) -> Named {
    let account = asking.identity.account;
    let mut named = Named::default();
    for answer in asking.snapshot.answers("cloudtrail:DescribeTrails") {
        for trail in items(answer.body(), "trailList") {
            let home = text(trail, "HomeRegion").map(str::to_owned);
            if let (Some(arn), Some(home)) = (text(trail, "TrailARN"), &home)
                && Arn::parse(arn).and_then(|arn| arn.account_id()) == Some(account)
            {
                named.trails.entry(home.clone()).or_default().insert(arn.to_owned());
            }
            if let Some(bucket) = text(trail, "S3BucketName") {
                named.buckets.entry(bucket.to_owned()).or_insert(home);
            }
            named.keys.extend(text(trail, "KmsKeyId").map(str::to_owned));
            named.groups.extend(text(trail, "CloudWatchLogsLogGroupArn").map(str::to_owned));
        }
    }
    named
}

/// The tags of trails, as many at a time as CloudTrail takes, each where the trail is at home.
///
/// Source: AWS CloudTrail API Reference, `ListTags`.
fn tags(asking: &mut Asking<'_>, trails: BTreeMap<String, BTreeSet<String>>) {
    for (home, arns) in trails {
        let arns: Vec<String> = arns.into_iter().collect();
        for some in arns.chunks(TAGGED_MAX) {
            asking.ask_in("cloudtrail:ListTags", Some(&home), json!({"ResourceIdList": some}));
        }
    }
}

/// The filters of a log group, the alarms on their metrics, and who hears of these.
fn alarms(asking: &mut Asking<'_>, group: &str) {
    let region = region_of(group);
    let region = region.as_deref();
    // `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`
    let Some(name) = group.split(':').nth(6) else { return };
    let told = asking.ask_in("logs:DescribeMetricFilters", region, json!({"logGroupName": name}));
    let metrics: BTreeSet<(String, String)> = items(told.as_ref(), "metricFilters")
        .flat_map(|filter| items(Some(filter), "metricTransformations"))
        .filter_map(|metric| {
            let name = text(metric, "metricName")?.to_owned();
            Some((name, text(metric, "metricNamespace")?.to_owned()))
        })
        .collect();
    let mut topics = BTreeSet::new();
    for (metric, namespace) in metrics {
        let about = json!({"MetricName": metric, "Namespace": namespace});
        let told = asking.ask_in("cloudwatch:DescribeAlarmsForMetric", region, about);
        for alarm in items(told.as_ref(), "MetricAlarms") {
            let actions = items(Some(alarm), "AlarmActions").filter_map(Value::as_str);
            topics.extend(actions.filter(|arn| is_topic(arn)).map(str::to_owned));
        }
    }
    for topic in topics {
        let region = region_of(&topic);
        let about = json!({"TopicArn": topic});
        asking.ask_in("sns:ListSubscriptionsByTopic", region.as_deref(), about);
    }
}

fn is_topic(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.service == "sns")
}

fn region_of(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn)?;
    (!arn.region.is_empty()).then(|| arn.region.to_owned())
}
