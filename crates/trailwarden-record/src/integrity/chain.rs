//! Chains of digests: which digests are proven, and where a chain breaks.
//!
//! Two things prove a digest. A signature that a public key checks: its own, which S3 keeps as
//! metadata, or the copy of it that the next digest carries, which needs no trust in that digest because
//! only the key's owner can make one. And its hash in a next digest that is itself proven.
//!
//! Digests are judged from the newest to the oldest, so that whoever speaks for a digest is judged
//! before it. A digest that names a later one as its previous, which CloudTrail does not write, speaks
//! for nobody.

mod link;
mod one;
mod verdict;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use trailwarden_model::Timestamp;

use self::one::{Voice, judge_one};
pub use self::verdict::{Break, Chain, Doubt, Fault, Held, Judged, Proof, Unread, Verdict, Window};
use super::digest::Previous;
use super::keys::PublicKeys;
use super::name::{ChainName, DigestName, file_name};

/// Judges digests. Those outside of the window speak for others, and are in no chain.
pub fn judge(held: &[Held], keys: &PublicKeys, window: Window) -> Judged {
    let facts: Vec<Facts<'_>> = held.iter().map(Facts::of).collect();
    let index = Index::of(held, &facts);
    let mut order: Vec<usize> = (0..held.len()).collect();
    order.sort_by_key(|place| facts.get(*place).map(|facts| Reverse((facts.end, facts.file))));
    let mut verdicts: Vec<Option<Verdict>> = vec![None; held.len()];
    for place in order {
        let Some(one) = held.get(place) else { continue };
        // Whoever is not judged yet is older, and names a later digest as its previous.
        let voices: Vec<Voice<'_>> = index
            .speakers(held, one)
            .filter_map(|(speaker, says)| {
                Some(Voice { speaker, verdict: verdicts.get(speaker)?.clone()?, says })
            })
            .collect();
        let (verdict, liars) = judge_one(one, keys, &voices);
        for (place, verdict) in liars
            .into_iter()
            .map(|liar| (liar, Verdict::Invalid(Fault::PreviousDiffers)))
            .chain([(place, verdict)])
        {
            if let Some(slot) = verdicts.get_mut(place) {
                *slot = Some(verdict);
            }
        }
    }
    // Every place was in the order, so none is left out.
    let verdicts: Vec<Verdict> = verdicts.into_iter().flatten().collect();
    let chains = link::chains(held, &facts, &index, &verdicts, window);
    Judged { verdicts, chains }
}

/// What the name and the content of a digest say about where it belongs.
struct Facts<'a> {
    chain: Option<ChainName>,
    file: &'a str,
    start: Timestamp,
    end: Timestamp,
}

impl<'a> Facts<'a> {
    fn of(held: &'a Held) -> Self {
        let key = held.content.as_ref().map_or(held.path.as_str(), |(digest, _)| &digest.object);
        let name = DigestName::parse(key).or_else(|| DigestName::parse(&held.path));
        let named_end = name.as_ref().map(|name| name.end).unwrap_or_default();
        let (start, end) = held
            .content
            .as_ref()
            .map_or((named_end, named_end), |(digest, _)| (digest.start, digest.end));
        Self { chain: name.map(|name| name.chain), file: file_name(key), start, end }
    }
}

/// Finds digests by what others call them.
struct Index<'a> {
    /// By bucket and key, as their content has it.
    by_key: HashMap<(&'a str, &'a str), Vec<usize>>,
    /// Those without content, by file name.
    unread: HashMap<&'a str, Vec<usize>>,
    /// Who names this bucket and key as the previous one.
    speakers: HashMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(held: &'a [Held], facts: &[Facts<'a>]) -> Self {
        let (mut by_key, mut speakers) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let mut unread = HashMap::<_, Vec<_>>::new();
        for (place, (one, facts)) in held.iter().zip(facts).enumerate() {
            let Ok((digest, _)) = &one.content else {
                unread.entry(facts.file).or_default().push(place);
                continue;
            };
            let key = (digest.bucket.as_str(), digest.object.as_str());
            by_key.entry(key).or_default().push(place);
            if let Some(previous) = &digest.previous {
                let key = (previous.bucket.as_str(), previous.object.as_str());
                speakers.entry(key).or_default().push(place);
            }
        }
        Self { by_key, unread, speakers }
    }

    /// The digests that are called so.
    fn called(&self, bucket: &str, object: &str) -> Vec<usize> {
        let known = self.by_key.get(&(bucket, object)).into_iter().flatten();
        let unread = self.unread.get(file_name(object)).into_iter().flatten();
        known.chain(unread).copied().collect()
    }

    /// The digests that name this one, with what they say of it.
    fn speakers<'h>(
        &'h self,
        held: &'h [Held],
        one: &'h Held,
    ) -> impl Iterator<Item = (usize, &'h Previous)> {
        let digest = one.content.as_ref().ok().map(|(digest, _)| digest);
        let key = digest.map(|digest| (digest.bucket.as_str(), digest.object.as_str()));
        let places = key.and_then(|key| self.speakers.get(&key)).into_iter().flatten();
        places.filter_map(|place| {
            let (speaker, _) = held.get(*place)?.content.as_ref().ok()?;
            Some((*place, speaker.previous.as_ref()?))
        })
    }
}

/// The stretches of time, by account and region, of which proven digests name every log file.
pub fn covered(held: &[Held], judged: &Judged) -> BTreeMap<(String, String), Vec<Stretch>> {
    let mut covered = BTreeMap::<_, Vec<Stretch>>::new();
    for (place, one) in held.iter().enumerate() {
        let is_valid = judged.verdicts.get(place).is_some_and(Verdict::is_valid);
        let (Ok((digest, _)), Some(name)) = (&one.content, Facts::of(one).chain) else { continue };
        if is_valid && !name.is_backfill {
            let stretches = covered.entry((name.account, name.region)).or_default();
            stretches.push((digest.start, digest.end));
        }
    }
    covered.values_mut().for_each(join);
    covered
}

/// A begin and an end.
pub type Stretch = (Timestamp, Timestamp);

/// Sorts stretches and joins those that meet.
fn join(stretches: &mut Vec<Stretch>) {
    stretches.sort_unstable();
    stretches.dedup_by(|later, earlier| {
        let meets = later.0 <= earlier.1;
        if meets {
            earlier.1 = earlier.1.max(later.1);
        }
        meets
    });
}
