//! Comparing log files with what digests say of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use trailwarden_model::Reject;
use trailwarden_record::integrity::{Held, Judged, NamedLog, Sha256, Unread, Verdict as OfDigest};

use super::inflate::sum;
use super::listed::Listed;
use super::{Object, Store};
use crate::scan::Progress;

/// A log file that a digest names.
pub(super) struct Checked<'a> {
    /// What the digest says.
    pub(super) named: &'a NamedLog,
    /// Which digest.
    pub(super) named_by: usize,
    /// The file, or one of its name elsewhere.
    pub(super) found: Result<&'a Object, Option<&'a Object>>,
    /// What is known of it.
    pub(super) state: State,
}

/// What is known of a log file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// It is as CloudTrail delivered it.
    Valid,
    /// It is as a digest says that nobody proves, or the digest that names it was changed.
    Unproven,
    /// Its content is another.
    Changed(Sha256),
    /// Its content cannot be inflated as it was delivered.
    Damaged(String),
    /// It is not there.
    Missing,
    /// It could not be read, or was not before the run was interrupted.
    Unread(String),
}

/// The log files that the digests in question name, by bucket and key.
pub(super) struct Logs<'a> {
    pub(super) checked: Vec<Checked<'a>>,
    /// Paths of all log files that any digest names.
    named: HashSet<&'a str>,
}

impl Logs<'_> {
    /// Those that could not be read.
    pub(super) fn unread(&self) -> impl Iterator<Item = Reject> {
        self.checked.iter().filter_map(|log| {
            let (State::Unread(cause), Ok(object)) = (&log.state, log.found) else { return None };
            let file = object.path.clone();
            Some(Reject { file, offset: None, record: None, cause: cause.clone() })
        })
    }

    /// How many were read, and their bytes as stored.
    pub(super) fn volume(&self) -> (u64, u64) {
        let is_read = |log: &&Checked<'_>| !matches!(log.state, State::Unread(_));
        let found = self.checked.iter().filter(is_read).filter_map(|log| log.found.ok());
        found.fold((0, 0), |(files, bytes), object| (files + 1, bytes + object.size))
    }

    /// Whether any digest names the file.
    pub(super) fn is_named(&self, object: &Object) -> bool {
        self.named.contains(object.path.as_str())
    }
}

/// Finds, reads and compares the log files of the digests that were asked for.
pub(super) fn check<'a>(
    store: &dyn Store,
    listed: &'a Listed,
    held: &'a [Held],
    judged: &Judged,
    threads: usize,
    progress: &Progress,
) -> Logs<'a> {
    let mut best: BTreeMap<(&str, &str), (u8, usize, &NamedLog)> = BTreeMap::new();
    let mut named = HashSet::new();
    let asked: HashSet<usize> =
        judged.chains.iter().flat_map(|chain| chain.digests.iter().copied()).collect();
    for (place, one) in held.iter().enumerate() {
        let (Ok((digest, _)), Some(verdict)) = (&one.content, judged.verdicts.get(place)) else {
            continue;
        };
        for log in &digest.logs {
            named.extend(listed.find(&log.bucket, &log.object).ok().map(|file| file.path.as_str()));
            if !asked.contains(&place) {
                continue;
            }
            let entry = (rank(verdict), place, log);
            let slot = best.entry((&log.bucket, &log.object)).or_insert(entry);
            if entry.0 < slot.0 {
                *slot = entry;
            }
        }
    }
    let mut checked: Vec<Checked<'a>> = best
        .into_values()
        .map(|(_, named_by, log)| {
            let found = listed.find(&log.bucket, &log.object);
            let state = match found {
                Ok(_) => unread(),
                Err(_) if store.is_unlisted(&log.bucket, &log.object) => {
                    State::Unread("where it should lie could not be listed".to_owned())
                }
                Err(_) => State::Missing,
            };
            Checked { named: log, named_by, found, state }
        })
        .collect();
    let sums = sums(store, &checked, threads, progress);
    for (one, sum) in checked.iter_mut().zip(sums) {
        let verdict = judged.verdicts.get(one.named_by);
        if let Some(sum) = sum {
            one.state = compared(one.named, sum, verdict);
        }
        if matches!(verdict, Some(OfDigest::Invalid(_))) && !matches!(one.state, State::Unread(_)) {
            // A digest that was changed proves nothing, nor does it accuse.
            one.state = State::Unproven;
        }
    }
    Logs { checked, named }
}

/// Proven digests speak first, then those that nobody knows, then those that were changed.
fn rank(verdict: &OfDigest) -> u8 {
    match verdict {
        OfDigest::Valid(_) => 0,
        OfDigest::Unknown(_) => 1,
        OfDigest::Invalid(_) => 2,
    }
}

fn unread() -> State {
    State::Unread("the run was interrupted before it was read".to_owned())
}

fn compared(named: &NamedLog, sum: Result<Sha256, Unread>, digest: Option<&OfDigest>) -> State {
    match sum {
        Ok(sum) if sum == named.sum && digest.is_some_and(OfDigest::is_valid) => State::Valid,
        Ok(sum) if sum == named.sum => State::Unproven,
        Ok(sum) => State::Changed(sum),
        Err(Unread::Damaged(cause)) => State::Damaged(cause),
        Err(Unread::Unopened(cause)) => State::Unread(cause),
    }
}

type Sum = Option<Result<Sha256, Unread>>;

/// Sums the files that are there; `None` for those that are not, and after an interruption.
fn sums(store: &dyn Store, logs: &[Checked<'_>], threads: usize, progress: &Progress) -> Vec<Sum> {
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    };
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<Sha256, Unread>)>> = Mutex::default();
    let work = || {
        let mut own = Vec::new();
        while !progress.interrupted.load(Ordering::Relaxed) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(log) = logs.get(place) else { break };
            let Ok(object) = log.found else { continue };
            own.push((place, sum_of(store, object)));
            progress.bytes_done.fetch_add(object.size, Ordering::Relaxed);
            progress.records.fetch_add(1, Ordering::Relaxed);
        }
        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut own);
    };
    thread::scope(|scope| {
        for _ in 0..threads.min(logs.len()) {
            scope.spawn(work);
        }
    });
    let mut sums: Vec<Sum> = (0..logs.len()).map(|_| None).collect();
    let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (place, sum) in done {
        if let Some(slot) = sums.get_mut(place) {
            *slot = Some(sum);
        }
    }
    sums
}

fn sum_of(store: &dyn Store, object: &Object) -> Result<Sha256, Unread> {
    let stored = store.open(object).map_err(|error| Unread::Unopened(error.to_string()))?;
    sum(stored)
}
