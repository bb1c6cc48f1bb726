//! What is known of the account as a whole and of its trails and buckets, under the names of the calls that
//! change it.

use serde_json::{Map, Value, json};
use trailwarden_account::settings::PasswordPolicy;
use trailwarden_account::snapshot::Answer;
use trailwarden_account::{Fact, Identity};
use trailwarden_model::finding::{Kind, Party};
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
            let asked = self.trail(finding)?;
            let target = &finding.target;
            let name = target.arn.as_deref().or(target.name.as_deref());
            match name.filter(|_| target.kind.as_deref() == Some("trail")) {
                Some(name) => {
                    let over_time = self.trail_over_time(finding, name, &asked);
                    (subject.trail, subject.trail_before) = (over_time.now, over_time.before);
                }
                None => subject.trail = asked,
            }
        }
        if remedy == "restore-bucket-policy"
            && is_bucket(finding)
            && let Some(name) = name_of_bucket(&finding.target)
        {
            if finding.kind == Kind::Detection {
                is_of_policy(finding)?;
            }
            let mut bucket = self.bucket(name);
            let over_time = self.bucket_policy_over_time(finding, name, &bucket.policy);
            (bucket.policy, subject.before) = (over_time.now, over_time.before);
            subject.bucket = Some(bucket);
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

    /// The password policy: as AWS said, or as the model has it where logs tell of later.
    pub(super) fn password_policy(&self) -> State<Map<String, Value>> {
        if self.state_time() > self.snapshot.taken
            && let Ok(model) = self.model()
        {
            return rules(&model.settings().password_policy);
        }
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

/// Whether a finding's thing is a bucket, which records call a resource.
fn is_bucket(finding: &Finding) -> bool {
    let is_s3 = |source: &str| source.starts_with("s3.");
    match finding.target.kind.as_deref() {
        Some("bucket") => true,
        Some("resource") => finding.evidence.iter().any(|one| is_s3(&one.event_source)),
        _ => false,
    }
}

fn name_of_bucket(target: &Party) -> Option<&str> {
    let of_arn = target.arn.as_deref().and_then(|arn| arn.rsplit_once(':')).map(|(_, name)| name);
    of_arn.or(target.name.as_deref())
}

/// Refuses calls about a bucket that its policy does not undo.
fn is_of_policy(finding: &Finding) -> Result<(), NoPlan> {
    let is_one = |name: &str| {
        ["PutBucketPolicy", "DeleteBucketPolicy", "PublicAccessBlock"]
            .iter()
            .any(|part| name.contains(part))
    };
    match finding.evidence.iter().any(|evidence| is_one(&evidence.event_name)) {
        true => Ok(()),
        false => Err(NoPlan::Person(
            "the call changed how long the bucket keeps logs, or the bucket itself, and what was before is told by nobody but its owner: compare its lifecycle, versioning and object lock with another log bucket's, set them again, and restore deleted logs from versions or from the event history (90 days)"
                .to_owned(),
        )),
    }
}

/// A password policy of the model, under the names of the call that sets it.
pub(super) fn rules(fact: &Fact<Option<PasswordPolicy>>) -> State<Map<String, Value>> {
    let policy = match fact.value() {
        None => return State::Unknown,
        Some(None) => return State::Absent,
        Some(Some(policy)) => policy,
    };
    let rules = json!({
        "MinimumPasswordLength": policy.minimum_length,
        "RequireSymbols": policy.require_symbols,
        "RequireNumbers": policy.require_numbers,
        "RequireUppercaseCharacters": policy.require_uppercase,
        "RequireLowercaseCharacters": policy.require_lowercase,
        "AllowUsersToChangePassword": policy.users_may_change,
        "MaxPasswordAge": policy.max_age_days,
        "PasswordReusePrevention": policy.reuse_prevention,
        "HardExpiry": policy.hard_expiry,
    });
    let rules = rules.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    State::Is(rules.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}
