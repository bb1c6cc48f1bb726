//! Readings of trails that several checks share: the account's own, their buckets, who reads them.

use trailwarden_account::{Identity, Kind};
use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::Compiled;

use crate::answers::{Known, Missing, text};
use crate::state::State;
use crate::trails::{Recorded, Trail};
use crate::verdicts::{Resource, Verdicts};

/// The trails that the account itself made. Where there may be others, that is said.
pub fn own_trails<'s, 'a>(
    state: &'s State<'a>,
    verdicts: &mut Verdicts,
) -> Known<Vec<&'s Trail<'a>>> {
    let trails = state.trails()?;
    if let Some(missing) = &trails.unseen {
        verdicts.missing(&Resource::account(state), missing);
    }
    let account = state.account().to_string();
    Ok(trails.all.iter().filter(|trail| trail.is_of(&account)).collect())
}

/// The buckets of those trails.
pub fn trail_buckets<'a>(state: &State<'a>, verdicts: &mut Verdicts) -> Known<Vec<&'a str>> {
    let trails = own_trails(state, verdicts)?;
    let mut buckets: Vec<&str> = trails.iter().map(|trail| trail.bucket()).collect();
    buckets.retain(|name| !name.is_empty());
    buckets.sort_unstable();
    buckets.dedup();
    Ok(buckets)
}

/// Users and roles that can read a bucket.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Readers {
    /// For certain.
    pub certain: Vec<String>,
    /// Perhaps: something is not known, or a condition decides.
    pub doubts: Vec<String>,
}

/// For each bucket of a trail, the users and roles that may get its logs, by the policy engine: their
/// permissions with all caps, and the bucket's policy. Keys of KMS are not asked.
pub fn trail_readers<'a>(
    state: &State<'a>,
    verdicts: &mut Verdicts,
) -> Known<Vec<(&'a str, Readers)>> {
    let mut all: Vec<&Identity> = state.all(Kind::User, verdicts)?;
    all.extend(state.all(Kind::Role, verdicts)?);
    let mut found = Vec::new();
    for bucket in trail_buckets(state, verdicts)? {
        match bucket_policy(state, bucket) {
            Ok(policy) => found.push((bucket, readers(state, bucket, policy.as_ref(), &all))),
            Err(missing) => verdicts.missing(&Resource::bucket(state, bucket), &missing),
        }
    }
    Ok(found)
}

fn bucket_policy(state: &State<'_>, bucket: &str) -> Known<Option<Compiled>> {
    const CALL: &str = "s3:GetBucketPolicy";
    let body = state.about(CALL, "Bucket", bucket)?;
    if body.is_null() {
        return Ok(None);
    }
    let document = trailwarden_policy::Document::parse(text(body, "Policy"));
    let document = document.map_err(|_| Missing::not_understood(CALL))?;
    Ok(Some(Compiled::new("the bucket's policy", &document, PolicyKind::Resource)))
}

fn readers(
    state: &State<'_>,
    bucket: &str,
    policy: Option<&Compiled>,
    all: &[&Identity],
) -> Readers {
    let account = state.account();
    let arn = format!("arn:{}:s3:::{bucket}/AWSLogs/{account}/CloudTrail/log", state.partition());
    let mut readers = Readers::default();
    for identity in all.iter().filter(|identity| !identity.is_service_linked()) {
        let label = trailwarden_account::query::name_of(identity);
        let decision = state.standing(identity).and_then(|standing| {
            standing.decide("s3:GetObject", &arn, &standing.context(), policy)
        });
        match decision.map(|decision| decision.allowed) {
            Some(allowed) if allowed.is_true() => readers.certain.push(label),
            Some(allowed) if allowed.is_false() => {}
            _ => readers.doubts.push(label),
        }
    }
    readers
}

/// Judges the account by whether a running trail records these data events of all S3 objects.
pub fn object_events(
    state: &State<'_>,
    what: &str,
    records: fn(&Recorded) -> bool,
    verdicts: &mut Verdicts,
) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let holds =
        |trail: &Trail<'_>| Ok(trail.is_logging()? && records(&trail.data("AWS::S3::Object")?));
    match state.trails()?.first(holds)? {
        Some(trail) => {
            let name = trail.name;
            let text = format!("Trail {name} of {label} records {what} of all S3 objects.");
            verdicts.pass(&account, text);
        }
        None => {
            let text = format!("No running trail of {label} records {what} of all S3 objects.");
            verdicts.fail(&account, text);
        }
    }
    Ok(())
}
