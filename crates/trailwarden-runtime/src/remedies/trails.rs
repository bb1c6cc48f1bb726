//! The account's trails as AWS told of them.

use serde_json::Value;
use trailwarden_account::snapshot::Answer;
use trailwarden_model::finding::Party;
use trailwarden_model::{Arn, Finding};
use trailwarden_remedy::NoPlan;
use trailwarden_remedy::subject::{Bucket, Known as State, Trail};

use super::Known;
use super::settings::{name_of_bucket, text};

const TRAILS: &str = "cloudtrail:DescribeTrails";

impl Known<'_> {
    /// The trail that a finding names; absent where AWS was asked everywhere and there is none.
    pub(super) fn trail(&self, finding: &Finding) -> Result<State<Trail>, NoPlan> {
        let answers: Vec<&Answer> = self.snapshot.answers(TRAILS).collect();
        let bodies = answers.iter().filter_map(|answer| answer.body_so_far());
        let lists = bodies.filter_map(|body| body.get("trailList")?.as_array());
        let all: Vec<&Value> = lists.flatten().collect();
        let target = &finding.target;
        if target.kind.as_deref() != Some("trail") {
            let is_whole = !answers.is_empty() && answers.iter().all(|answer| answer.is_known());
            return self.only_trail(&all, is_whole);
        }
        let name = target.name.as_deref().unwrap_or_default();
        let is_it = |trail: &&&Value| match target.arn.as_deref() {
            Some(arn) => text(trail, "TrailARN") == arn,
            None => text(trail, "Name") == name,
        };
        let mut found: Vec<&Value> = all.iter().filter(is_it).copied().collect();
        found.dedup_by_key(|trail| text(trail, "TrailARN"));
        let (Some(trail), true) = (found.first(), found.len() <= 1) else {
            return Ok(State::Unknown);
        };
        let owner = Arn::parse(text(trail, "TrailARN")).and_then(|arn| arn.account_id());
        if owner.is_some_and(|owner| owner != self.snapshot.account) {
            return Err(NoPlan::Person(
                "the trail belongs to another account of the organization, which alone changes it"
                    .to_owned(),
            ));
        }
        Ok(self.described(trail))
    }

    /// The account's own trails, each once: those of all regions are listed in each, and those of an
    /// organization in each of its accounts.
    fn own<'v>(&self, all: impl Iterator<Item = &'v Value>) -> Vec<&'v Value> {
        let account = Some(self.snapshot.account);
        let owner = |trail: &Value| Arn::parse(text(trail, "TrailARN"))?.account_id();
        let mut own: Vec<&Value> = all.filter(|trail| owner(trail) == account).collect();
        own.sort_by_key(|trail| text(trail, "TrailARN"));
        own.dedup_by_key(|trail| text(trail, "TrailARN"));
        own
    }

    /// The account's only trail, where a finding names none.
    fn only_trail(&self, all: &[&Value], is_whole: bool) -> Result<State<Trail>, NoPlan> {
        match self.own(all.iter().copied()).as_slice() {
            [] if is_whole => Ok(State::Absent),
            [] => Ok(State::Unknown),
            [one] => Ok(self.described(one)),
            several => {
                let names: Vec<&str> = several.iter().map(|trail| text(trail, "Name")).collect();
                Err(NoPlan::Person(format!(
                    "there are the trails {}, and which of them is to record is for their owner to say; findings about single trails have plans of their own",
                    names.join(", ")
                )))
            }
        }
    }

    /// The account's trail that writes to the bucket that a finding is about.
    pub(super) fn trail_that_writes_to(&self, bucket: &Party) -> Result<State<Trail>, NoPlan> {
        let bucket = name_of_bucket(bucket).ok_or(NoPlan::Missing("a bucket"))?;
        let bodies = self.snapshot.answers(TRAILS).filter_map(Answer::body_so_far);
        let all = bodies.filter_map(|body| body.get("trailList")?.as_array()).flatten();
        // Of a trail of another account neither its key nor its prefix is for this one to read.
        let own = self.own(all.filter(|trail| text(trail, "S3BucketName") == bucket));
        match own.as_slice() {
            [] => Ok(State::Unknown),
            [one] => Ok(self.described(one)),
            several => {
                let names: Vec<&str> = several.iter().map(|trail| text(trail, "Name")).collect();
                Err(NoPlan::Person(format!(
                    "the trails {} write to the bucket, and which of them is to be read is for their owner to say",
                    names.join(", ")
                )))
            }
        }
    }

    /// Where a new trail writes: a bucket that the plan makes, and that must not be there before.
    pub(super) fn bucket_of_new_trail(&self) -> Bucket {
        let (partition, account) = (self.snapshot.partition.as_str(), self.snapshot.account);
        let region = match partition {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            "aws-iso" => "us-iso-east-1",
            "aws-iso-b" => "us-isob-east-1",
            _ => "us-east-1",
        };
        let derived = || format!("trailwarden-logs-{account}-{region}");
        Bucket {
            name: self.trail_bucket.map_or_else(derived, str::to_owned),
            region: Some(region.to_owned()),
            policy: State::Absent,
            public_access_block: State::Absent,
        }
    }

    fn described(&self, trail: &Value) -> State<Trail> {
        let (name, arn) = (text(trail, "Name"), text(trail, "TrailARN"));
        let of_it = |call: &'static str, parameter: &str| {
            let about = |value: &str| self.snapshot.about(call, parameter, value);
            about(arn).or_else(|| about(name)).and_then(Answer::body)
        };
        let part = |member: &str| match text(trail, member) {
            "" => State::Absent,
            text => State::Is(text.to_owned()),
        };
        let flag = |member: &str| trail.get(member).and_then(Value::as_bool);
        let (home, bucket) = (text(trail, "HomeRegion"), text(trail, "S3BucketName"));
        if home.is_empty() || bucket.is_empty() || name.is_empty() {
            return State::Unknown;
        }
        let selectors = of_it("cloudtrail:GetEventSelectors", "TrailName").map(|body| {
            let names = ["EventSelectors", "AdvancedEventSelectors"].iter();
            let given =
                names.filter_map(|name| Some(((*name).to_owned(), body.get(name)?.clone())));
            given.filter(|(_, list)| list.as_array().is_some_and(|list| !list.is_empty())).collect()
        });
        State::Is(Trail {
            name: name.to_owned(),
            home_region: home.to_owned(),
            bucket: State::Is(bucket.to_owned()),
            prefix: part("S3KeyPrefix"),
            kms_key: part("KmsKeyId"),
            is_logging: of_it("cloudtrail:GetTrailStatus", "Name")
                .and_then(|body| body.get("IsLogging")?.as_bool()),
            is_validated: flag("LogFileValidationEnabled"),
            is_multi_region: flag("IsMultiRegionTrail"),
            has_global_events: flag("IncludeGlobalServiceEvents"),
            selectors: selectors.map_or(State::Unknown, State::Is),
        })
    }
}
