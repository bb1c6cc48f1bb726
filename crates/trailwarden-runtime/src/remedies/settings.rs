//! What is known of the account as a whole and of its trails and buckets, under the names of the calls that
//! change it.

use serde_json::{Map, Value};
use trailwarden_account::Identity;
use trailwarden_account::snapshot::Answer;
use trailwarden_model::{Arn, Finding};
use trailwarden_remedy::calls::PASSWORD_POLICY;
use trailwarden_remedy::subject::{Bucket, Known as State, Trail};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

const PASSWORDS: &str = "iam:GetAccountPasswordPolicy";
const TRAILS: &str = "cloudtrail:DescribeTrails";

impl Known<'_> {
    pub(super) fn fill_settings(
        &self,
        finding: &Finding,
        remedy: &str,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        subject.password_policy = self.password_policy();
        if remedy == "restore-trail" {
            subject.trail = self.trail(finding)?;
        }
        if finding.target.kind.as_deref() == Some("bucket")
            && let Some((_, name)) =
                finding.target.arn.as_deref().and_then(|arn| arn.rsplit_once(':'))
        {
            subject.bucket = Some(self.bucket(name));
        }
        Ok(())
    }

    /// Whether a user may change the own password; where only some other policy may allow it, no: one
    /// policy too many does no harm, and a user who must change a password and may not is locked out.
    pub(super) fn may_change_password(&self, user: &Identity, partition: &str) -> Option<bool> {
        let arn = format!("arn:{partition}:iam::aws:policy/IAMUserChangePassword");
        if user.attached.keys().any(|attached| **attached == *arn) {
            return Some(true);
        }
        match self.password_policy() {
            State::Unknown => None,
            State::Absent => Some(false),
            State::Is(policy) => policy.get("AllowUsersToChangePassword").and_then(Value::as_bool),
        }
    }

    fn password_policy(&self) -> State<Map<String, Value>> {
        let Some(answer) = self.snapshot.answer(PASSWORDS) else { return State::Unknown };
        if answer.is_absent() {
            return State::Absent;
        }
        let policy = answer.body().and_then(|body| body.get("PasswordPolicy"));
        let Some(Value::Object(policy)) = policy else { return State::Unknown };
        let names = PASSWORD_POLICY.iter();
        let given = names.filter_map(|(name, _)| policy.get_key_value(*name));
        State::Is(given.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The trail that a finding names; absent where AWS was asked everywhere and there is none.
    fn trail(&self, finding: &Finding) -> Result<State<Trail>, NoPlan> {
        let answers: Vec<&Answer> = self.snapshot.answers(TRAILS).collect();
        let bodies = answers.iter().filter_map(|answer| answer.body_so_far());
        let lists = bodies.filter_map(|body| body.get("trailList")?.as_array());
        let all: Vec<&Value> = lists.flatten().collect();
        let target = &finding.target;
        if target.kind.as_deref() != Some("trail") {
            let is_whole = !answers.is_empty() && answers.iter().all(|answer| answer.is_known());
            return match (all.is_empty(), is_whole) {
                (true, true) => Ok(State::Absent),
                (true, false) => Ok(State::Unknown),
                (false, _) => Err(NoPlan::Missing("one trail")),
            };
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

    fn described(&self, trail: &Value) -> State<Trail> {
        let (name, arn) = (text(trail, "Name"), text(trail, "TrailARN"));
        let of_it = |call: &'static str, parameter: &str| {
            let about = |value: &str| self.snapshot.about(call, parameter, value);
            about(arn).or_else(|| about(name)).and_then(Answer::body)
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
            bucket: bucket.to_owned(),
            is_logging: of_it("cloudtrail:GetTrailStatus", "Name")
                .and_then(|body| body.get("IsLogging")?.as_bool()),
            is_validated: flag("LogFileValidationEnabled"),
            is_multi_region: flag("IsMultiRegionTrail"),
            has_global_events: flag("IncludeGlobalServiceEvents"),
            selectors: selectors.map_or(State::Unknown, State::Is),
            selectors_before: State::Unknown,
        })
    }

    fn bucket(&self, name: &str) -> Bucket {
        let of_it = |call: &str| self.snapshot.about(call, "Bucket", name);
        let state = |answer: Option<&Answer>, member: &str| match answer {
            Some(answer) if answer.is_absent() => State::Absent,
            Some(answer) => {
                let value = answer.body().and_then(|body| body.get(member));
                value.map_or(State::Unknown, |value| State::Is(value.clone()))
            }
            None => State::Unknown,
        };
        let policy = match state(of_it("s3:GetBucketPolicy"), "Policy") {
            State::Is(Value::String(text)) => State::Is(text),
            State::Is(other) => State::Is(other.to_string()),
            State::Absent => State::Absent,
            State::Unknown => State::Unknown,
        };
        let block = state(of_it("s3:GetPublicAccessBlock"), "PublicAccessBlockConfiguration");
        Bucket { name: name.to_owned(), region: None, policy, public_access_block: block }
    }
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}
