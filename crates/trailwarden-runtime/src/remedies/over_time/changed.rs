//! What a change did to a trail that nobody can set back, for nobody knows what was before.

use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Known as State, Trail};
use trailwarden_remedy::{NoPlan, Subject, find};

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

    /// Refuses where what a finding's records changed of a trail is as it should be again, whatever else of the trail
    /// is not known.
    pub(in crate::remedies) fn is_trail_back(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<(), NoPlan> {
        let (State::Is(now), true) = (&subject.trail, subject.trail_changed.is_empty()) else {
            return Ok(());
        };
        let calls = || finding.evidence.iter().map(|one| one.event_name.as_str());
        let is_known = match calls().next() {
            Some(first) if !calls().all(|call| call == first) => false,
            Some("PutEventSelectors") => matches!(now.selectors, State::Is(_)),
            Some("StopLogging") => now.is_logging.is_some(),
            _ => false,
        };
        let mut rest = Vec::new();
        let mut sound = now.clone();
        for (part, name) in [
            (&mut sound.is_logging, "whether it records"),
            (&mut sound.is_validated, "whether its files are validated"),
            (&mut sound.is_multi_region, "whether it records all regions"),
            (&mut sound.has_global_events, "whether it records the global services"),
        ] {
            if part.is_none() {
                *part = Some(true);
                rest.push(name);
            }
        }
        if sound.selectors == State::Unknown {
            sound.selectors = State::Is(serde_json::Map::new());
            rest.push("what it selects");
        }
        if sound.bucket == State::Unknown {
            sound.bucket = State::Is(String::new());
        }
        let then = Subject { trail: State::Is(sound), ..subject.clone() };
        let made = find("restore-trail").filter(|_| is_known && !rest.is_empty());
        match made.map(|remedy| remedy.draft(&then)) {
            Some(Err(NoPlan::Already(_))) => Err(NoPlan::Already(format!(
                "what the call changed of the trail `{}` is as it should be again; not known of it: {}",
                now.name,
                rest.join(", ")
            ))),
            _ => Ok(()),
        }
    }
}
