//! Findings about digest files and their chains.

use std::collections::BTreeMap;

use trailwarden_model::Timestamp;
use trailwarden_record::integrity::{Break, Chain, ChainName, DigestName, Doubt, Fault, Verdict};

use super::Known;
use super::draft::{Draft, times, url};
use crate::verify::rules;

/// Tells what is wrong with digests, what is not known, and where chains break.
pub(super) fn tell(known: &Known<'_>, drafts: &mut Vec<Draft>) {
    for chain in &known.judged.chains {
        let mut doubts: BTreeMap<&Doubt, Vec<usize>> = BTreeMap::new();
        for place in &chain.digests {
            match known.judged.verdicts.get(*place) {
                Some(Verdict::Invalid(fault)) => {
                    drafts.extend(faulty(known, chain, *place, fault));
                }
                Some(Verdict::Unknown(doubt)) => doubts.entry(doubt).or_default().push(*place),
                _ => {}
            }
        }
        for (doubt, places) in doubts {
            drafts.extend(doubtful(known, chain, doubt, &places));
        }
        for broken in &chain.breaks {
            drafts.extend(chain.name.as_ref().and_then(|name| break_of(known, name, broken)));
        }
    }
}

fn faulty(known: &Known<'_>, chain: &Chain, place: usize, fault: &Fault) -> Option<Draft> {
    let path = &known.held.get(place)?.path;
    let digest = known.digest(place);
    let delivered = digest.map(|digest| url(&digest.bucket, &digest.object)).unwrap_or_default();
    let (rule, explanation) = match fault {
        Fault::Damaged(cause) => {
            (&rules::DIGEST_DAMAGED, format!("The digest file {path} cannot be used: {cause}."))
        }
        Fault::Moved => (
            &rules::DIGEST_MOVED,
            format!("The file {path} says that it was delivered to {delivered}."),
        ),
        Fault::OwnSignature => (
            &rules::SIGNATURE_INVALID,
            format!("The signature saved beside {path} is not of this content."),
        ),
        Fault::NextDiffers => (
            &rules::DIGEST_CHANGED,
            format!(
                "The digest after {path}, which is proven, has another hash or signature of it."
            ),
        ),
        Fault::PreviousDiffers => (
            &rules::DIGEST_CHANGED,
            format!(
                "{path} has another hash or signature of the digest before it, which is proven."
            ),
        ),
        Fault::Disagree => (
            &rules::DIGESTS_DISAGREE,
            format!(
                "The digest after {path} has another hash or signature of it, and nothing proves that \
                 later digest. One of the two was changed."
            ),
        ),
    };
    let end = chain_end(known, place);
    let times = digest.map_or((end, end), times);
    Some(Draft::of_digest(rule, chain.name.as_ref(), path.clone(), times, explanation))
}

/// The time in a file's name, where its content tells none.
fn chain_end(known: &Known<'_>, place: usize) -> Timestamp {
    let path = known.held.get(place).map(|one| one.path.as_str()).unwrap_or_default();
    DigestName::parse(path).map(|name| name.end).unwrap_or_default()
}

fn doubtful(known: &Known<'_>, chain: &Chain, doubt: &Doubt, places: &[usize]) -> Option<Draft> {
    let digests: Vec<_> = places.iter().filter_map(|place| known.digest(*place)).collect();
    let (first, last) = (digests.first()?, digests.last()?);
    let times = (first.start, last.end);
    let region = chain.name.as_ref().map_or("REGION", |name| name.region.as_str());
    let what = match digests.as_slice() {
        [one] => format!("The digest {} is not proven", url(&one.bucket, &one.object)),
        digests => format!("{} digests up to {} are not proven", digests.len(), last.end),
    };
    let (rule, why) = match doubt {
        Doubt::NoSignature => (
            &rules::SIGNATURE_MISSING,
            format!(
                "the signature of a digest is in its metadata in the bucket and in the next digest, and \
                 neither is here. Copy the next digest too, or save what `aws s3api head-object \
                 --bucket {} --key {}` prints beside the file, as FILE.head.json.",
                last.bucket, last.object
            ),
        ),
        Doubt::NextChanged => (
            &rules::SIGNATURE_MISSING,
            "its signature is here only in the next digest, which was changed.".to_owned(),
        ),
        Doubt::NoKey => (
            &rules::KEY_UNKNOWN,
            format!(
                "the key with the fingerprint {} was not given. Save the keys with `aws cloudtrail \
                 list-public-keys --region {region} --start-time {} --end-time {}` and name the file \
                 with --public-keys.",
                last.fingerprint,
                first.start,
                last.end.plus(2 * trailwarden_model::time::HOUR),
            ),
        ),
        Doubt::KeyNotThen => (
            &rules::KEY_NOT_THEN,
            format!(
                "the key with the fingerprint {} was not valid at that time, by what the file of keys \
                 says.",
                last.fingerprint
            ),
        ),
        // Already among what could not be read.
        Doubt::Unopened(_) => return None,
    };
    let explanation = format!("{what}: {why}");
    Some(match &chain.name {
        Some(name) => Draft::of_chain(rule, name, times, explanation),
        None => Draft::of_digest(rule, None, url(&last.bucket, &last.object), times, explanation),
    })
}

fn break_of(known: &Known<'_>, name: &ChainName, broken: &Break) -> Option<Draft> {
    let path = |place: usize| known.held.get(place).map(|one| one.path.as_str());
    Some(match broken {
        Break::Missing { bucket, object, named_by } => {
            let end = known.digest(*named_by)?.start;
            let explanation = format!(
                "The digest {} is named by {} and is not here.",
                url(bucket, object),
                path(*named_by)?
            );
            let missing = url(bucket, object);
            Draft::of_digest(&rules::DIGEST_MISSING, Some(name), missing, (end, end), explanation)
        }
        Break::Gap { from, until, after } => {
            let explanation = format!(
                "The digests of {name} end at {from} and begin anew at {until}, with {}. Look for \
                 StopLogging, StartLogging, UpdateTrail, DeleteTrail and CreateTrail around these \
                 times.",
                path(*after)?
            );
            Draft::of_chain(&rules::GAP, name, (*from, *until), explanation)
        }
        Break::Overlap { older, newer } => {
            let (first, second) = (known.digest(*older)?, known.digest(*newer)?);
            let explanation = format!(
                "The digest {} ends at {}, and the next one begins at {}.",
                path(*older)?,
                first.end,
                second.start
            );
            Draft::of_chain(&rules::OVERLAP, name, (second.start, first.end), explanation)
        }
        Break::Outside { digest } => {
            let explanation = format!("No digest names {} as the one before it.", path(*digest)?);
            let times = times(known.digest(*digest)?);
            Draft::of_digest(
                &rules::OUTSIDE,
                Some(name),
                path(*digest)?.to_owned(),
                times,
                explanation,
            )
        }
        Break::BeginsLate { first } => {
            let digest = known.digest(*first)?;
            let before = digest.previous.as_ref()?;
            let explanation = format!(
                "The first digest of {name} here begins at {} and names one before it, {}, which is not \
                 here. Nothing before that time was verified.",
                digest.start,
                url(&before.bucket, &before.object)
            );
            Draft::of_chain(&rules::BEGINS_LATE, name, (digest.start, digest.start), explanation)
        }
        Break::EndsEarly { last, until } => {
            let end = known.digest(*last).map_or_else(|| chain_end(known, *last), |last| last.end);
            let explanation = format!(
                "The last digest of {name} here ends at {end}; the time that was asked for ends at \
                 {until}."
            );
            Draft::of_chain(&rules::ENDS_EARLY, name, (end, *until), explanation)
        }
    })
}
