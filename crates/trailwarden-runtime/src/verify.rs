//! Verifying log files by CloudTrail's digest chain: files in, report out.
//!
//! Three steps. Every digest file is read and judged with the others of its chain
//! ([`trailwarden_record::integrity`]); the log files that they name are summed, in parallel; and what
//! is wrong or not known becomes findings.
//!
//! # Invariants
//! - A file is opened because it was listed, never because a digest names it.
//! - The same files give the same report, whatever the number of workers
//!   (`verify::tests::workers_do_not_show`).

mod bucket;
mod digests;
mod folder;
mod inflate;
mod listed;
mod logs;
mod rules;
mod store;
mod tell;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use trailwarden_model::report::{self, REJECTS_MAX};
use trailwarden_model::{AccountId, Report, Summary};
use trailwarden_record::integrity::chain::judge;
use trailwarden_record::integrity::{Break, PublicKeys, Window};

use crate::scan::{Progress, count_by_severity};
pub use bucket::Buckets;
pub use folder::Folder;
use listed::Listed;
pub use rules::{ALL as RULES, Rule};
pub use store::{Listing, Object, Store};
use tell::{Known, tell};

/// What to verify and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The keys that CloudTrail signs with.
    pub keys: PublicKeys,
    /// The time of which log files are asked for.
    pub window: Window,
    /// Only these accounts; empty for all.
    pub accounts: Vec<AccountId>,
    /// Only these trails, by name; empty for all.
    pub trails: Vec<String>,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
}

/// A file of public keys that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It could not be read.
    #[error("cannot read the public keys `{path}`")]
    Unread {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It holds no keys.
    #[error(
        "cannot use the public keys `{path}`; save what `aws cloudtrail list-public-keys` prints"
    )]
    NoKeys {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: trailwarden_record::integrity::keys::NoKeys,
    },
}

/// Reads what `aws cloudtrail list-public-keys` printed.
///
/// # Errors
/// When a file cannot be read, or holds no keys.
pub fn read_keys(paths: &[PathBuf]) -> Result<PublicKeys, KeysError> {
    let mut keys = PublicKeys::default();
    for path in paths {
        let name = || path.to_string_lossy().into_owned();
        let json =
            std::fs::read(path).map_err(|source| KeysError::Unread { path: name(), source })?;
        keys.add(&json).map_err(|source| KeysError::NoKeys { path: name(), source })?;
    }
    Ok(keys)
}

/// Verifies what lies in a store.
pub fn verify(store: &dyn Store, options: &Options, progress: &Progress) -> Report {
    progress.stage.store(Progress::VERIFYING, Ordering::Relaxed);
    let Listing { objects, mut rejects } = store.list();
    progress.bytes_total.store(objects.iter().map(|object| object.size).sum(), Ordering::Relaxed);
    let listed = Listed::of(objects, options);
    progress.bytes_done.store(listed.bytes_skipped, Ordering::Relaxed);
    let held = digests::read(store, &listed, options, progress, &mut rejects);
    let threads = match (options.threads, store.workers()) {
        (0, Some(workers)) => workers,
        (threads, _) => threads,
    };
    let mut judged = judge(&held, &options.keys, options.window);
    for chain in &mut judged.chains {
        // What could not be listed is among the rejects; that it is missing is not known.
        let is_unlisted = |broken: &Break| matches!(broken, Break::Missing { bucket, object, .. } if store.is_unlisted(bucket, object));
        chain.breaks.retain(|broken| !is_unlisted(broken));
    }
    let logs = logs::check(store, &listed, &held, &judged, threads, progress);
    rejects.extend(logs.unread());
    let told = tell(&Known { held: &held, judged: &judged, logs: &logs, listed: &listed });
    let (digest_files, digest_bytes) = digests::volume(&held, &listed);
    let (log_files, log_bytes) = logs.volume();
    let summary = Summary {
        files: digest_files + log_files,
        bytes_stored: digest_bytes + log_bytes,
        rejects: rejects.len() as u64,
        skipped_files: listed.skipped,
        accounts: told.accounts,
        by_severity: count_by_severity(&told.findings),
        integrity: Some(told.integrity),
        interrupted: progress.interrupted.load(Ordering::Relaxed),
        ..Summary::default()
    };
    rejects.truncate(REJECTS_MAX);
    Report { schema: report::SCHEMA.to_owned(), findings: told.findings, rejects, summary }
}
