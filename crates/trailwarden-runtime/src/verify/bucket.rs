//! Buckets, as CloudTrail writes to them: digests and logs, and each digest's signature in its metadata.
//!
//! Digests are fetched ahead of whoever judges them; of the log files only those are fetched that a digest
//! names, by the workers that sum them.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trailwarden_aws::{Connection, Parameters, reads};
use trailwarden_model::time::HOUR;
use trailwarden_model::{Reject, Timestamp};
use trailwarden_record::integrity::{DigestName, PublicKeys, Stamp};

use super::listed::wants_chain;
use super::store::{Listing, Object, Store};
use super::{KeysError, Options};
use crate::scan::Progress;
use crate::sources::Remote as _;
use crate::sources::bucket::{self, AT_ONCE, Cache, Place, Shelf, Spot, Unlisted, Wanted};

/// How long around a digest its key is asked for, as the AWS CLI does.
const AROUND: i64 = 2 * HOUR;

/// How much earlier than the time that is asked for a log file may be delivered that a digest of the time
/// names: a digest covers an hour.
const COVERED: i64 = HOUR;

/// What lies in buckets.
pub struct Buckets {
    objects: Vec<Object>,
    rejects: Vec<Reject>,
    unlisted: Unlisted,
    wanted: Wanted,
    stop: Arc<AtomicBool>,
    /// Numbers of the objects by bucket and key.
    numbers: HashMap<(String, String), usize>,
    shelf: Arc<Shelf>,
    /// Regions whose keys sign digests, and the time of these.
    regions: BTreeSet<String>,
    span: Option<(Timestamp, Timestamp)>,
    /// What a reader should know of how it was found.
    pub notes: Vec<String>,
}

impl Buckets {
    /// Lists digests and logs at some places.
    pub fn list(
        connection: &Connection,
        places: &[Place],
        options: &Options,
        cache: Option<Cache>,
        progress: &Progress,
    ) -> Self {
        let wanted = Wanted {
            since: options.window.since.map(|since| since.plus(-COVERED)),
            until: options.window.until,
            accounts: options.accounts.clone(),
            regions: Vec::new(),
            digests: true,
        };
        let listed = bucket::list(connection, places, &wanted, progress);
        let notes = listed.notes.clone();
        let (mut stored, rejects, unlisted) = listed.parts();
        let digest = |key: &str| DigestName::parse(key);
        stored.retain(|(_, object)| {
            digest(&object.key).is_none_or(|name| wants_chain(options, &name.chain))
        });
        stored.sort_by_cached_key(|(bucket, object)| {
            (digest(&object.key).is_none(), bucket.name().to_owned(), object.key.clone())
        });
        let (mut regions, mut span) = (BTreeSet::new(), None);
        let mut objects = Vec::new();
        let mut numbers = HashMap::new();
        for (number, (bucket, object)) in stored.iter().enumerate() {
            if let Some(name) = digest(&object.key) {
                regions.extend([name.chain.region, name.chain.home_region]);
                let (first, last) = span.unwrap_or((name.end, name.end));
                span = Some((first.min(name.end), last.max(name.end)));
            }
            let (bucket, path) = (bucket.name().to_owned(), object.key.clone());
            numbers.insert((bucket.clone(), path.clone()), number);
            objects.push(Object { path, bucket: Some(bucket), size: object.size });
        }
        let digests = stored.iter().take_while(|(_, object)| digest(&object.key).is_some()).count();
        let shelf = Shelf::new(stored, cache, digests);
        let stop = Arc::clone(&progress.interrupted);
        Self { objects, rejects, unlisted, wanted, stop, numbers, shelf, regions, span, notes }
    }

    /// Asks CloudTrail for the keys that signed the digests, and adds them to `keys`; tells in words which
    /// are not known.
    ///
    /// Source: CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity validation".
    ///
    /// # Errors
    /// When an answer holds something that is no key.
    pub fn keys(
        &self,
        connection: &Connection,
        keys: &mut PublicKeys,
    ) -> Result<Vec<String>, KeysError> {
        let (Some((first, last)), Some(read)) =
            (self.span, reads::find("cloudtrail:ListPublicKeys"))
        else {
            return Ok(Vec::new());
        };
        let mut unknown = Vec::new();
        for region in &self.regions {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let mut parameters = Parameters::new();
            parameters.insert("StartTime".to_owned(), first.plus(-AROUND).seconds().into());
            parameters.insert("EndTime".to_owned(), last.plus(AROUND).seconds().into());
            let answer = connection.ask(read, Some(region), parameters);
            match answer.body() {
                Some(body) => {
                    let path = format!("{} in {region}", read.api());
                    let added = keys.add(body.to_string().as_bytes());
                    added.map_err(|source| KeysError::NoKeys { path, source })?;
                }
                None => {
                    let why = answer.why_not().unwrap_or_default();
                    unknown.push(format!("the public keys of {region} are not known: {why}"));
                }
            }
        }
        Ok(unknown)
    }

    fn number(&self, object: &Object) -> Option<usize> {
        let bucket = object.bucket.clone().unwrap_or_default();
        self.numbers.get(&(bucket, object.path.clone())).copied()
    }
}

impl Store for Buckets {
    fn list(&self) -> Listing {
        Listing { objects: self.objects.clone(), rejects: self.rejects.clone() }
    }

    fn open(&self, object: &Object) -> io::Result<Box<dyn Read + Send + '_>> {
        let number = self.number(object).ok_or(io::ErrorKind::NotFound)?;
        Spot::new(&self.shelf, number).open()
    }

    fn is_unlisted(&self, bucket: &str, key: &str) -> bool {
        self.unlisted.holds(bucket, key) || self.wanted.leaves_out(key)
    }

    fn workers(&self) -> Option<usize> {
        Some(AT_ONCE)
    }

    fn stamp(&self, object: &Object) -> Result<Option<Stamp>, String> {
        let Some(number) = self.number(object) else { return Ok(None) };
        let stamp = match (self.shelf.head(number), self.shelf.kept_head(number)) {
            (Some(head), _) => {
                Stamp::of(head.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            }
            (None, Some(json)) => Stamp::parse(&json),
            (None, None) => return Ok(None),
        };
        stamp.map(Some).map_err(|error| error.to_string())
    }
}
