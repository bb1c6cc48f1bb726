//! A bucket as a source: what to fetch of it, how much that is, and the fetching.
//!
//! [`list`] finds the log files that are asked for by the layout of their keys; [`Listed::estimate`] says
//! what fetching them takes; [`Listed::inputs`] makes items of them, which are fetched ahead of whoever
//! reads them.
//!
//! # Invariants
//! - What is left out says by its key that it was delivered at another time, or belongs to others; a file
//!   whose key tells nothing is read. Only where a short time has both ends, a region's folder is not looked
//!   into beside its months.
//! - A prefix or an object that cannot be read costs only itself, and is a reject.
//! - Memory is bounded but for the list: [`OBJECTS_MAX`] objects of some hundred bytes each.

mod cache;
mod estimate;
mod layout;
mod shelf;
mod walk;

use std::collections::HashSet;
use std::sync::Arc;

use trailwarden_aws::Connection;
use trailwarden_aws::bucket::{Bucket, Stored};
use trailwarden_model::{AccountId, Reject, Timestamp};

use super::Item;
use crate::scan::Progress;
pub use cache::Cache;
pub(crate) use cache::HEAD;
pub use estimate::Estimate;
pub(crate) use shelf::{AT_ONCE, Shelf, Spot};

/// No more objects are read at once.
pub const OBJECTS_MAX: usize = 5_000_000;

/// A bucket, and what the keys begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The bucket's name.
    pub bucket: String,
    /// What the keys begin with; empty for all of it.
    pub prefix: String,
}

/// What names no bucket.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "`{0}` names no bucket; write s3://BUCKET or s3://BUCKET/PREFIX with the bucket's name (no ARN)"
)]
pub struct NoPlace(String);

impl Place {
    /// How a path begins that names a place in a bucket.
    pub const SCHEME: &str = "s3://";

    /// Reads `s3://BUCKET/PREFIX`.
    ///
    /// # Errors
    /// When it names no bucket.
    pub fn parse(path: &str) -> Result<Self, NoPlace> {
        let wrong = || NoPlace(path.to_owned());
        let rest = path.strip_prefix(Self::SCHEME).ok_or_else(wrong)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // Amazon S3 User Guide, "General purpose bucket naming rules"; the oldest names have more.
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if !(3..=255).contains(&bucket.len()) || !bucket.bytes().all(is_name) {
            return Err(wrong());
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }

    /// As people write the place of a key.
    fn name(&self, key: &str) -> String {
        name(&self.bucket, key)
    }
}

/// Which log files are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// With records from this time on.
    pub since: Option<Timestamp>,
    /// With records up to this time.
    pub until: Option<Timestamp>,
    /// Of these accounts; empty for all.
    pub accounts: Vec<AccountId>,
    /// Of these regions; empty for all.
    pub regions: Vec<String>,
    /// Digest files too.
    pub digests: bool,
}

impl Wanted {
    /// Whether a file is left out because of its name.
    pub(crate) fn leaves_out(&self, key: &str) -> bool {
        !layout::wants_object(key, self)
    }
}

/// What was found in buckets, in the order of the places that were asked for.
#[derive(Debug, Default)]
pub struct Listed {
    places: Vec<(Bucket, Place, Found)>,
    /// What a reader should know of how it was found.
    pub notes: Vec<String>,
    requests: u64,
    seconds: f64,
}

/// What was found at one place.
#[derive(Debug, Default)]
struct Found {
    objects: Vec<Stored>,
    rejects: Vec<Reject>,
    /// How names begin that could not be listed, or not to the end.
    unlisted: Vec<String>,
}

/// Which names could not be listed.
#[derive(Debug, Default)]
pub(crate) struct Unlisted {
    folders: HashSet<String>,
    /// What was typed need not be a folder.
    starts: Vec<String>,
}

impl Unlisted {
    fn of(names: impl Iterator<Item = String>) -> Self {
        let (folders, starts): (Vec<_>, Vec<_>) = names.partition(|name| name.ends_with('/'));
        Self { folders: folders.into_iter().collect(), starts }
    }

    /// Whether a key is among them.
    pub(crate) fn holds(&self, bucket: &str, key: &str) -> bool {
        let name = name(bucket, key);
        let mut folders = name.match_indices('/').filter_map(|(at, _)| name.get(..=at));
        folders.any(|folder| self.folders.contains(folder))
            || self.starts.iter().any(|start| name.starts_with(start.as_str()))
    }
}

/// As people write the place of a key.
fn name(bucket: &str, key: &str) -> String {
    format!("{}{bucket}/{key}", Place::SCHEME)
}

/// Lists what is asked for at some places, several at a time. `note` is told how many objects there are so
/// far. Once the progress is interrupted, nothing is asked any more.
pub fn list(
    connection: &Connection,
    places: &[Place],
    wanted: &Wanted,
    progress: &Progress,
) -> Listed {
    let begin = std::time::Instant::now();
    let before = connection.ledger().total().sent;
    let mut buckets: Vec<Bucket> = Vec::new();
    for place in places {
        let known = buckets.iter().find(|bucket| bucket.name() == place.bucket).cloned();
        let fresh = || Bucket::new(connection, &place.bucket, Arc::clone(&progress.interrupted));
        buckets.push(known.unwrap_or_else(fresh));
    }
    let starts = buckets.iter().zip(places).map(|(bucket, place)| (bucket, place.clone()));
    let (mut found, notes) = walk::walk(&starts.collect::<Vec<_>>(), wanted, progress, OBJECTS_MAX);
    once(&mut found, places);
    let places = buckets.into_iter().zip(places.iter().cloned()).zip(found);
    Listed {
        places: places.map(|((bucket, place), found)| (bucket, place, found)).collect(),
        notes,
        requests: connection.ledger().total().sent - before,
        seconds: begin.elapsed().as_secs_f64(),
    }
}

/// What two places have in common is read once.
fn once(found: &mut [Found], places: &[Place]) {
    if places.len() < 2 {
        return;
    }
    let mut seen: HashSet<(String, String)> = HashSet::new();
    for (found, place) in found.iter_mut().zip(places) {
        found.objects.retain(|object| seen.insert((place.bucket.clone(), object.key.clone())));
    }
}

impl Listed {
    /// How many objects there are.
    pub fn objects(&self) -> usize {
        self.places.iter().map(|(_, _, found)| found.objects.len()).sum()
    }

    /// What could not be listed.
    pub fn rejects(&self) -> impl Iterator<Item = &Reject> {
        self.places.iter().flat_map(|(_, _, found)| &found.rejects)
    }

    /// What fetching takes.
    pub fn estimate(&self, cache: Option<&Cache>) -> Estimate {
        let mut estimate = Estimate::listed(self.requests, self.seconds);
        for (bucket, _, found) in &self.places {
            for object in &found.objects {
                let is_kept = cache.is_some_and(|cache| cache.holds(bucket.name(), object));
                estimate.add(object.size, is_kept);
            }
        }
        estimate
    }

    /// All objects, and what could not be listed.
    pub(crate) fn parts(self) -> (Vec<(Bucket, Stored)>, Vec<Reject>, Unlisted) {
        let (mut objects, mut rejects, mut unlisted) = (Vec::new(), Vec::new(), Vec::new());
        for (bucket, _, found) in self.places {
            objects.extend(found.objects.into_iter().map(|object| (bucket.clone(), object)));
            rejects.extend(found.rejects);
            unlisted.extend(found.unlisted);
        }
        (objects, rejects, Unlisted::of(unlisted.into_iter()))
    }

    /// What to read, and what could not be listed, for each place.
    pub fn inputs(self, cache: Option<Cache>) -> Vec<(Vec<Item>, Vec<Reject>)> {
        let mut objects = Vec::new();
        let mut named = Vec::new();
        for (bucket, place, found) in self.places {
            let mut names = Vec::new();
            for object in found.objects {
                names.push((place.name(&object.key), object.size, objects.len()));
                objects.push((bucket.clone(), object));
            }
            named.push((names, found.rejects));
        }
        let ahead = objects.len();
        let shelf = Shelf::new(objects, cache, ahead);
        let item =
            |(name, size, index)| Item::remote(name, size, Arc::new(Spot::new(&shelf, index)));
        named
            .into_iter()
            .map(|(names, rejects)| (names.into_iter().map(item).collect(), rejects))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_listed_is_known_by_how_it_begins() {
        let names = ["s3://logs/AWSLogs/1/", "s3://logs/exp"];
        let unlisted = Unlisted::of(names.map(str::to_owned).into_iter());
        for (bucket, key, expected) in [
            ("logs", "AWSLogs/1/a/b.json", true),
            ("logs", "AWSLogs/2/a/b.json", false),
            ("other", "AWSLogs/1/a/b.json", false),
            ("logs", "export/a.json", true),
        ] {
            assert_eq!(unlisted.holds(bucket, key), expected, "{bucket} {key}");
        }
        assert!(Unlisted::of(["s3://logs/".to_owned()].into_iter()).holds("logs", "a"));
    }

    #[test]
    fn places_are_read_as_the_aws_cli_writes_them() {
        let place = |path: &str| Place::parse(path).map(|place| (place.bucket, place.prefix));
        assert_eq!(place("s3://logs"), Ok(("logs".to_owned(), String::new())));
        assert_eq!(place("s3://logs/"), Ok(("logs".to_owned(), String::new())));
        let deep = Ok(("my.logs-1".to_owned(), "a b/AWSLogs/".to_owned()));
        assert_eq!(place("s3://my.logs-1/a b/AWSLogs/"), deep);
        for wrong in ["s3://", "s3:///x", "s3://a b/x", "logs", "s3://arn:aws:s3:::logs"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
