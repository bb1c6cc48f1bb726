//! What is known of the account as a whole and of its trails and buckets, under the names of the calls that
//! change it.

use serde_json::{Map, Value, json};
use trailwarden_account::settings::PasswordPolicy;
use trailwarden_account::snapshot::Answer;
use trailwarden_account::{Fact, Identity};
use trailwarden_model::Finding;
use trailwarden_model::finding::{Kind, Party};
use trailwarden_remedy::calls::PASSWORD_POLICY;
use trailwarden_remedy::subject::{Bucket, Known as State};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

/// Rules that ask for passwords that expire, and after how many days at the latest.
const OF_AGE: &[&str] =
    &["password-policy-below-payment-standard", "password-policy-without-expiry"];
const AGE_MAX: u64 = 90;

const BY_AGE: &str = "it asks for passwords that expire, which no plan sets: those that are older expire at once, and NIST SP 800-63B advises against it. Where your standard asks for it: count the users with older passwords in the credential report, tell them, then IAM > Account settings > Password policy > Edit > Turn on password expiration";

/// The call about what a trail makes of its events.
pub(super) const OF_INSIGHTS: &str = "PutInsightSelectors";

const PASSWORDS: &str = "iam:GetAccountPasswordPolicy";

impl Known<'_> {
    pub(super) fn fill_settings(
        &self,
        finding: &Finding,
        remedy: &str,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        subject.password_policy = self.password_policy();
        if remedy == "strengthen-password-policy" && OF_AGE.contains(&finding.rule.as_str()) {
            // Plans keep an age and set none.
            let age = subject.password_policy.is().and_then(|it| it.get("MaxPasswordAge"));
            match age.and_then(Value::as_u64) {
                Some(1..=AGE_MAX) => {}
                _ => return Err(NoPlan::Person(BY_AGE.to_owned())),
            }
        }
        if remedy == "restore-trail" {
            self.is_told_in_full()?;
            of_insights(finding)?;
            let asked = self.trail(finding)?;
            let target = &finding.target;
            let name = target.arn.as_deref().or(target.name.as_deref());
            match name.filter(|_| target.kind.as_deref() == Some("trail")) {
                Some(name) => {
                    let over_time = self.trail_over_time(finding, name, &asked);
                    subject.trail_changed = self.changed_in(finding, &over_time);
                    (subject.trail, subject.trail_before) = (over_time.now, over_time.before);
                    self.is_trail_back(finding, subject)?;
                }
                None => {
                    // Where a finding is about the account, no trail is missed that was there.
                    subject.trail_before = match &asked {
                        State::Absent => State::Absent,
                        State::Is(_) | State::Unknown => State::Unknown,
                    };
                    subject.trail = asked;
                }
            }
        }
        if remedy == "grant-trail-reading" {
            subject.trail = self.trail_that_writes_to(&finding.target)?;
        }
        if remedy == "create-trail" {
            subject.trail = self.trail(finding)?;
            subject.bucket = Some(self.bucket_of_new_trail());
        }
        if remedy == "restore-bucket-policy"
            && is_bucket(finding)
            && let Some(name) = name_of_bucket(&finding.target)
        {
            if finding.kind == Kind::Detection {
                is_of_policy(finding)?;
            }
            self.is_told_in_full()?;
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

    pub(super) fn bucket(&self, name: &str) -> Bucket {
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

pub(super) fn name_of_bucket(target: &Party) -> Option<&str> {
    let of_arn = target.arn.as_deref().and_then(|arn| arn.rsplit_once(':')).map(|(_, name)| name);
    of_arn.or(target.name.as_deref())
}

/// Whether a call is about who may get at a bucket.
pub(super) fn is_about_policy(call: &str) -> bool {
    let parts = ["PutBucketPolicy", "DeleteBucketPolicy", "PublicAccessBlock"];
    parts.iter().any(|part| call.contains(part))
}

/// Refuses calls about a bucket that its policy does not undo.
fn is_of_policy(finding: &Finding) -> Result<(), NoPlan> {
    match finding.evidence.iter().any(|evidence| is_about_policy(&evidence.event_name)) {
        true => Ok(()),
        false => Err(NoPlan::Person(
            "the call changed how long the bucket keeps logs, or the bucket itself, and what was before is told by nobody but its owner: compare its lifecycle, versioning and object lock with another log bucket's, set them again, and restore deleted logs from versions or from the event history (90 days)"
                .to_owned(),
        )),
    }
}

/// Refuses a call about what a trail makes of its events, which no plan brings back.
fn of_insights(finding: &Finding) -> Result<(), NoPlan> {
    let mut calls = finding.evidence.iter();
    match !finding.evidence.is_empty() && calls.all(|one| one.event_name == OF_INSIGHTS) {
        true => Err(NoPlan::Person(
            "the call changed the trail's insight events, and which kinds there were is told by nobody but its owner: CloudTrail > Trails > the trail > Insights events > Edit"
                .to_owned(),
        )),
        false => Ok(()),
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

pub(super) fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}
