//! Reading digest files and the signatures kept for them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;

use trailwarden_model::Reject;
use trailwarden_record::integrity::digest::DIGEST_MAX;
use trailwarden_record::integrity::{Digest, DigestName, Held, Sha256, Unread};

use super::inflate::whole;
use super::listed::{Listed, wants_chain};
use super::{Object, Options, Store};
use crate::scan::Progress;

/// How many log files all digests together may name: some 250 bytes are kept of each.
const NAMED_MAX: usize = 8_000_000;

/// How many more log files digests may name.
struct Room(usize);

impl Room {
    /// A digest that names no more than there is room for; else it counts as not read.
    fn take(&mut self, content: (Digest, Sha256)) -> Result<(Digest, Sha256), Unread> {
        match self.0.checked_sub(content.0.logs.len()) {
            Some(left) => self.0 = left,
            None => {
                return Err(Unread::Unopened(format!(
                    "it and the digests before it name more than {NAMED_MAX} log files; choose fewer by time, account or trail"
                )));
            }
        }
        Ok(content)
    }
}

/// Reads the digests that were asked for, and those that speak for them.
///
/// Of two copies of one digest the one in its place counts. An interrupted run gives none.
pub(super) fn read(
    store: &dyn Store,
    listed: &Listed,
    options: &Options,
    progress: &Progress,
    rejects: &mut Vec<Reject>,
) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    let mut seen: HashMap<(String, String, Sha256), usize> = HashMap::new();
    let mut room = Room(NAMED_MAX);
    for object in listed.digests() {
        if progress.interrupted.load(Ordering::Relaxed) {
            // What is there would look like a chain with digests missing.
            return Vec::new();
        }
        let one = read_one(store, object, &mut room, rejects);
        progress.bytes_done.fetch_add(object.size, Ordering::Relaxed);
        progress.records.fetch_add(1, Ordering::Relaxed);
        let Ok((digest, sum)) = &one.content else {
            held.push(one);
            continue;
        };
        // Its content tells better than its path whose it is.
        let name = DigestName::parse(&digest.object);
        if name.is_some_and(|name| !wants_chain(options, &name.chain)) {
            continue;
        }
        match seen.entry((digest.bucket.clone(), digest.object.clone(), *sum)) {
            Entry::Vacant(entry) => {
                entry.insert(held.len());
                held.push(one);
            }
            Entry::Occupied(entry) => {
                if let Some(first) = held.get_mut(*entry.get()) {
                    better(first, one);
                }
            }
        }
    }
    held
}

/// Puts what two copies of a digest have into the first.
fn better(first: &mut Held, second: Held) {
    let stamp = first.stamp.take().or_else(|| second.stamp.clone());
    if second.is_in_place && !first.is_in_place {
        *first = second;
    }
    first.stamp = stamp;
}

fn read_one(
    store: &dyn Store,
    object: &Object,
    room: &mut Room,
    rejects: &mut Vec<Reject>,
) -> Held {
    let content = content(store, object).and_then(|content| room.take(content));
    if let Err(Unread::Unopened(cause)) = &content {
        rejects.push(reject(object, cause.clone()));
    }
    let is_in_place = content
        .as_ref()
        .is_ok_and(|(digest, _): &(Digest, Sha256)| object.is(&digest.bucket, &digest.object));
    let stamp = store.stamp(object).unwrap_or_else(|cause| {
        let cause = format!("its signature is not used: {cause}");
        rejects.push(reject(object, cause));
        None
    });
    Held { path: object.path.clone(), content, is_in_place, stamp }
}

fn content(store: &dyn Store, object: &Object) -> Result<(Digest, Sha256), Unread> {
    let stored = store.open(object).map_err(|error| Unread::Unopened(error.to_string()))?;
    let content = whole(stored, DIGEST_MAX)?;
    let digest = Digest::parse(&content).map_err(|error| Unread::Damaged(error.to_string()))?;
    Ok((digest, Sha256::of(&content)))
}

fn reject(object: &Object, cause: String) -> Reject {
    Reject { file: object.path.clone(), offset: None, record: None, cause }
}

/// How many were read, and their bytes as stored.
pub(super) fn volume(held: &[Held], listed: &Listed) -> (u64, u64) {
    let read = held.iter().filter(|one| !matches!(one.content, Err(Unread::Unopened(_))));
    let read: HashSet<&str> = read.map(|one| one.path.as_str()).collect();
    let objects = listed.digests().filter(|object| read.contains(object.path.as_str()));
    objects.fold((0, 0), |(files, bytes), object| (files + 1, bytes + object.size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(logs: usize) -> (Digest, Sha256) {
        let log =
            serde_json::json!({"s3Bucket": "b", "s3Object": "o", "hashValue": "00".repeat(32)});
        let digest = serde_json::json!({
            "digestStartTime": "2026-03-01T00:10:00Z", "digestEndTime": "2026-03-01T01:10:00Z",
            "digestS3Bucket": "b", "digestS3Object": "o", "digestPublicKeyFingerprint": "0a",
            "previousDigestSignature": null, "logFiles": vec![log; logs]});
        (Digest::parse(digest.to_string().as_bytes()).unwrap(), Sha256::of(b""))
    }

    /// One that is too much is said to be unread, and those after it are read where they fit.
    #[test]
    fn log_files_are_named_within_bounds() {
        let mut room = Room(5);
        assert!(room.take(naming(3)).is_ok());
        assert!(matches!(room.take(naming(3)), Err(Unread::Unopened(_))));
        assert!(room.take(naming(2)).is_ok());
        assert!(room.take(naming(0)).is_ok());
        assert!(room.take(naming(1)).is_err());
    }
}
