//! What was listed, sorted into digests and logs, and found again by name.

use std::collections::HashMap;

use trailwarden_model::Timestamp;
use trailwarden_model::time::{HOUR, MINUTE};
use trailwarden_record::integrity::name::file_name;
use trailwarden_record::integrity::{ChainName, DigestName, LogName};

use super::{Object, Options};
use crate::sources::bucket::HEAD;

/// How long after the time that was asked for a digest may still speak of it: the next one carries the
/// signature of the last that was asked for.
const NEXT: i64 = 2 * HOUR;
/// How far the time in a log file's name may lie from the time of the digest that names it.
const SLACK: i64 = 15 * MINUTE;

/// The objects of a store by what they are.
pub(super) struct Listed {
    objects: Vec<Object>,
    /// Digests that may be needed.
    digests: Vec<usize>,
    /// Log files that were asked for and whose names say when they were delivered.
    logs: Vec<(usize, LogName)>,
    by_name: HashMap<String, Vec<usize>>,
    /// Files that are neither.
    pub(super) skipped: u64,
    /// Bytes of objects that are not read unless a digest names them.
    pub(super) bytes_skipped: u64,
}

impl Listed {
    pub(super) fn of(objects: Vec<Object>, options: &Options) -> Self {
        let (mut digests, mut logs) = (Vec::new(), Vec::new());
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let (mut skipped, mut bytes_skipped) = (0, 0);
        for (place, object) in objects.iter().enumerate() {
            if object.path.ends_with(HEAD) {
                bytes_skipped += object.size;
                continue;
            }
            by_name.entry(plain_name(&object.path).to_owned()).or_default().push(place);
            let digest = DigestName::parse(&object.path);
            if digest.is_some() || is_in_digest_folder(&object.path) {
                if digest.is_none_or(|name| wants_digest(options, &name)) {
                    digests.push(place);
                } else {
                    bytes_skipped += object.size;
                }
                continue;
            }
            match LogName::parse(&object.path) {
                Some(name) if wants_log(options, &name) => logs.push((place, name)),
                Some(_) => bytes_skipped += object.size,
                None => {
                    skipped += 1;
                    bytes_skipped += object.size;
                }
            }
        }
        Self { objects, digests, logs, by_name, skipped, bytes_skipped }
    }

    pub(super) fn digests(&self) -> impl Iterator<Item = &Object> {
        self.digests.iter().filter_map(|place| self.objects.get(*place))
    }

    pub(super) fn logs(&self) -> impl Iterator<Item = (&Object, &LogName)> {
        self.logs.iter().filter_map(|(place, name)| Some((self.objects.get(*place)?, name)))
    }

    /// The object that was delivered under a key; the error is one of the same name elsewhere.
    pub(super) fn find(&self, bucket: &str, key: &str) -> Result<&Object, Option<&Object>> {
        let named = self.by_name.get(plain_name(key)).into_iter().flatten();
        let named = || named.clone().filter_map(|place| self.objects.get(*place));
        named().find(|object| object.is(bucket, key)).ok_or_else(|| named().next())
    }
}

/// Whether a digest belongs to an account and a trail that were asked for.
pub(super) fn wants_chain(options: &Options, name: &ChainName) -> bool {
    let is_account = options.accounts.is_empty()
        || options.accounts.iter().any(|account| account.to_string() == name.account);
    let is_trail = options.trails.is_empty() || options.trails.contains(&name.trail);
    is_account && is_trail
}

fn wants_digest(options: &Options, name: &DigestName) -> bool {
    let window = options.window;
    wants_chain(options, &name.chain)
        && window.since.is_none_or(|since| name.end > since)
        && window.until.is_none_or(|until| name.end <= until.plus(NEXT))
}

fn wants_log(options: &Options, name: &LogName) -> bool {
    // The names of log files tell no trail.
    let is_trail = options.trails.is_empty();
    let accounts = &options.accounts;
    let is_account =
        accounts.is_empty() || accounts.iter().any(|account| account.to_string() == name.account);
    let near = |by: i64| -> Timestamp { name.delivered.plus(by) };
    is_trail && is_account && options.window.touches(near(-SLACK), near(SLACK))
}

fn is_in_digest_folder(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| folder == "CloudTrail-Digest")
}

/// A file's name without `.gz`, which it loses when somebody unpacks it.
fn plain_name(path: &str) -> &str {
    let name = file_name(path);
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Whether a log that was delivered at `time` must be named by the digests of these stretches of time:
/// not close to an end, where the next digest may name it.
pub(super) fn is_within(time: Timestamp, stretches: &[(Timestamp, Timestamp)]) -> bool {
    let is_inside =
        |(start, end): &(Timestamp, Timestamp)| time > start.plus(SLACK) && time < end.plus(-SLACK);
    stretches.iter().any(is_inside)
}
