//! Trails and the policies of buckets over time: no model holds them, so their calls are folded here.
//!
//! # Invariants
//! - What AWS said counts from its time on, and only for what came after it.
//! - A part that neither AWS nor a call has told stays unknown.
//!
//! Sources: CloudTrail API Reference, `CreateTrail`, `UpdateTrail`, `PutEventSelectors`; AWS CloudTrail User
//! Guide, "Creating a trail with the AWS CLI" (a trail that was made does not record before it is started).

mod changed;

use serde_json::{Map, Value};
use trailwarden_model::Finding;
use trailwarden_record::Event;
use trailwarden_record::row::Order;
use trailwarden_remedy::NoPlan;
use trailwarden_remedy::subject::{Known as State, Trail};

use super::history::SETTINGS_MAX;
use super::{History, Known};

/// What is known of a trail at one instant.
#[derive(Clone, Debug, Default)]
struct Told {
    is_there: Option<bool>,
    home_region: Option<String>,
    bucket: State<String>,
    prefix: State<String>,
    kms_key: State<String>,
    is_logging: Option<bool>,
    is_validated: Option<bool>,
    is_multi_region: Option<bool>,
    has_global_events: Option<bool>,
    selectors: State<Map<String, Value>>,
}

/// A thing now, and right before the finding's first record about it.
pub(super) struct OverTime<T> {
    pub(super) now: State<T>,
    pub(super) before: State<T>,
}

impl Known<'_> {
    /// The record of a finding that is about a trail or bucket.
    pub(super) fn setting_of(&self, finding: &Finding) -> Option<(Order, &Event)> {
        self.history.and_then(|history| history.setting_of(finding))
    }

    /// Refuses where more calls were made about trails and buckets than are kept: what came of the others
    /// nobody knows, unless AWS was asked after all of them and nothing of before is wanted.
    pub(super) fn is_told_in_full(&self) -> Result<(), NoPlan> {
        match self.history.is_some_and(History::is_flooded) {
            true => Err(NoPlan::Unknown {
                what: format!(
                    "what became of the trail or bucket, of which the logs hold more than {SETTINGS_MAX} changes,"
                ),
                ask: "find out who makes so many; then give the logs of a shorter time, and a baseline from their beginning and one from now",
            }),
            false => Ok(()),
        }
    }

    /// A trail of that name or ARN, as AWS told it and as calls changed it.
    pub(super) fn trail_over_time(
        &self,
        finding: &Finding,
        name: &str,
        asked: &State<Trail>,
    ) -> OverTime<Trail> {
        let name = last(name);
        let at = |known: &Self, bound: Option<Order>, asked: &State<Trail>| {
            known.trail_at(name, bound, asked).into_trail(name)
        };
        let before = self.setting_of(finding).map(|(order, _)| match self.earlier(order.time) {
            Some(then) => at(&then, Some(order), &then.trail(finding).unwrap_or_default()),
            None => at(self, Some(order), asked),
        });
        OverTime { now: at(self, None, asked), before: before.unwrap_or_default() }
    }

    fn trail_at(&self, name: &str, bound: Option<Order>, asked: &State<Trail>) -> Told {
        let taken = self.snapshot.taken;
        let counts = bound.is_none_or(|bound| bound.time > taken);
        let mut told = if counts { Told::of(asked) } else { Told::default() };
        let is_known = counts && *asked != State::Unknown;
        let Some(history) = self.history else { return told };
        let events = history.settings(bound);
        let account = self.snapshot.account;
        let of_it = events.filter(|event| event.account == Some(account) && is_about(event, name));
        for event in of_it.filter(|event| !is_known || event.time > taken) {
            told.apply(event);
        }
        told
    }

    /// The policy of a bucket, as AWS told it and as calls changed it.
    pub(super) fn bucket_policy_over_time(
        &self,
        finding: &Finding,
        bucket: &str,
        asked: &State<String>,
    ) -> OverTime<String> {
        let before = self.setting_of(finding).map(|(order, _)| match self.earlier(order.time) {
            Some(then) => then.bucket_policy_at(bucket, Some(order), &then.bucket(bucket).policy),
            None => self.bucket_policy_at(bucket, Some(order), asked),
        });
        let now = self.bucket_policy_at(bucket, None, asked);
        OverTime { now, before: before.unwrap_or_default() }
    }

    fn bucket_policy_at(
        &self,
        bucket: &str,
        bound: Option<Order>,
        asked: &State<String>,
    ) -> State<String> {
        let taken = self.snapshot.taken;
        let counts = bound.is_none_or(|bound| bound.time > taken) && *asked != State::Unknown;
        let mut policy = if counts { asked.clone() } else { State::Unknown };
        let Some(history) = self.history else { return policy };
        let events = history.settings(bound);
        let of_it = events.filter(|event| event.request("bucketName") == Some(bucket));
        for event in of_it.filter(|event| !counts || event.time > taken) {
            match event.name() {
                "DeleteBucketPolicy" => policy = State::Absent,
                "PutBucketPolicy" => {
                    policy = match value(event, "requestParameters.bucketPolicy") {
                        Some(Value::String(text)) => State::Is(text),
                        Some(put) if put.is_object() => State::Is(put.to_string()),
                        _ => State::Unknown,
                    };
                }
                _ => {}
            }
        }
        policy
    }
}

impl Told {
    fn of(asked: &State<Trail>) -> Self {
        match asked {
            State::Unknown => Self::default(),
            State::Absent => Self { is_there: Some(false), ..Self::default() },
            State::Is(trail) => Self {
                is_there: Some(true),
                home_region: Some(trail.home_region.clone()),
                bucket: trail.bucket.clone(),
                prefix: trail.prefix.clone(),
                kms_key: trail.kms_key.clone(),
                is_logging: trail.is_logging,
                is_validated: trail.is_validated,
                is_multi_region: trail.is_multi_region,
                has_global_events: trail.has_global_events,
                selectors: trail.selectors.clone(),
            },
        }
    }

    fn apply(&mut self, event: &Event) {
        // Names are unique within a region only: a trail of the same name elsewhere is another one.
        let is_another = self.home_region.as_ref().is_some_and(|home| *home != *event.region);
        if is_another && self.is_there != Some(false) {
            return;
        }
        match event.name() {
            "CreateTrail" => {
                *self = Self {
                    is_logging: Some(false),
                    // A trail without selectors has all management events.
                    selectors: State::Is(Map::new()),
                    ..Self::default()
                };
                self.take_settings(event);
            }
            "UpdateTrail" => self.take_settings(event),
            "DeleteTrail" => {
                self.is_there = Some(false);
                return;
            }
            "StartLogging" => self.is_logging = Some(true),
            "StopLogging" => self.is_logging = Some(false),
            "PutEventSelectors" => {
                let given = ["eventSelectors", "advancedEventSelectors"].map(|name| {
                    let list = value(event, &format!("requestParameters.{name}"))?;
                    list.as_array().filter(|list| !list.is_empty())?;
                    Some((upper(name), as_called(&list)))
                });
                self.selectors = State::Is(given.into_iter().flatten().collect());
            }
            _ => return,
        }
        self.is_there = Some(true);
        // Trails are changed where they are at home (`UpdateTrail`: InvalidHomeRegionException).
        self.home_region = Some(event.region.clone());
    }

    /// What the reply says that holds now, else what was asked for.
    fn take_settings(&mut self, event: &Event) {
        let flag = |reply: &str, request: &str| {
            let told = value(event, &format!("responseElements.{reply}"));
            told.and_then(|told| told.as_bool()).or_else(|| event.request_flag(request))
        };
        let settings = [
            (&mut self.is_validated, "logFileValidationEnabled", "enableLogFileValidation"),
            (&mut self.is_multi_region, "isMultiRegionTrail", "isMultiRegionTrail"),
            (
                &mut self.has_global_events,
                "includeGlobalServiceEvents",
                "includeGlobalServiceEvents",
            ),
        ];
        for (setting, reply, request) in settings {
            *setting = flag(reply, request).or(*setting);
        }
        let parts = [(&mut self.prefix, "s3KeyPrefix"), (&mut self.kms_key, "kmsKeyId")];
        for (part, name) in parts {
            let is_told = event.response("s3BucketName").is_some();
            let given = event.response(name).or_else(|| event.request(name));
            match given {
                Some("") => *part = State::Absent,
                Some(text) => *part = State::Is(text.to_owned()),
                // A reply tells all that is set.
                None if is_told => *part = State::Absent,
                None => {}
            }
        }
        if let Some(bucket) =
            event.response("s3BucketName").or_else(|| event.request("s3BucketName"))
        {
            self.bucket = State::Is(bucket.to_owned());
        }
    }

    fn into_trail(self, name: &str) -> State<Trail> {
        if self.is_there == Some(false) {
            return State::Absent;
        }
        match self.home_region {
            Some(home_region) => State::Is(Trail {
                name: name.to_owned(),
                home_region,
                bucket: self.bucket,
                prefix: self.prefix,
                kms_key: self.kms_key,
                is_logging: self.is_logging,
                is_validated: self.is_validated,
                is_multi_region: self.is_multi_region,
                has_global_events: self.has_global_events,
                selectors: self.selectors,
            }),
            None => State::Unknown,
        }
    }
}

/// Whether a call is about a trail, which it names by name or ARN.
fn is_about(event: &Event, name: &str) -> bool {
    let named = event.request("name").or_else(|| event.request("trailName"));
    event.service() == "cloudtrail" && named.is_some_and(|named| last(named) == name)
}

/// A part of a record, as JSON.
fn value(event: &Event, path: &str) -> Option<Value> {
    serde_json::from_str(&event.value(path)?.to_string()).ok()
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A record's structure under the names of the call: `readWriteType` is `ReadWriteType` there.
fn as_called(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(as_called).collect()),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(name, value)| (upper(name), as_called(value))).collect())
        }
        other => other.clone(),
    }
}

fn upper(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
