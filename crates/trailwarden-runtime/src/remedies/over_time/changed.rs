//! What a change did to a trail that nobody can set back, for nobody knows what was before.

use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Known as State, Trail};

use super::{OverTime, Told};
use crate::remedies::Known;

impl Known<'_> {
    /// The parts of a trail that are as a finding's record left them, and of which nobody knows what was before.
    pub(in crate::remedies) fn changed_in(
        &self,
        finding: &Finding,
        over_time: &OverTime<Trail>,
    ) -> Vec<&'static str> {
        let (Some((_, event)), State::Is(now)) = (self.setting_of(finding), &over_time.now) else {
            return Vec::new();
        };
        let (mut told, was) = (Told::default(), over_time.before.is());
        told.apply(event);
        let is_open = |then: &State<String>, now: &State<String>, was: Option<&State<String>>| {
            matches!(then, State::Is(_))
                && then == now
                && was.is_none_or(|it| *it == State::Unknown)
        };
        let is_asked = |name: &str| event.request(name).is_some() && event.name() == "UpdateTrail";
        let selects = matches!(told.selectors, State::Is(_))
            && event.name() == "PutEventSelectors"
            && told.selectors == now.selectors
            && was.is_none_or(|was| was.selectors == State::Unknown);
        let parts = [
            (
                "where it writes",
                is_asked("s3BucketName")
                    && is_open(&told.bucket, &now.bucket, was.map(|was| &was.bucket)),
            ),
            (
                "under which names",
                is_asked("s3KeyPrefix")
                    && is_open(&told.prefix, &now.prefix, was.map(|was| &was.prefix)),
            ),
            (
                "by which key its files are encrypted",
                is_asked("kmsKeyId")
                    && is_open(&told.kms_key, &now.kms_key, was.map(|was| &was.kms_key)),
            ),
            ("what it selects", selects),
        ];
        parts.into_iter().filter_map(|(part, is_one)| is_one.then_some(part)).collect()
    }
}
