//! `s3://BUCKET/PREFIX`: what lies there, and what fetching it takes.

use std::sync::atomic::Ordering;

use trailwarden_model::Timestamp;
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::bucket::{self, Cache, Listed, Place, Wanted};

use super::{Asked, SourceArgs};
use crate::cli::{Exit, terminal, to_stdout};

/// Rejects that are told one by one.
const REJECTS_SHOWN: usize = 20;

/// Lists what is asked for, of all buckets together.
pub(super) fn list(
    args: &SourceArgs,
    asked: &Asked<'_>,
    (since, until): (Option<Timestamp>, Timestamp),
    progress: &Progress,
) -> anyhow::Result<Listed> {
    let paths = asked.paths.iter().filter(|path| path.starts_with(Place::SCHEME));
    let places = paths.map(|path| Place::parse(path)).collect::<Result<Vec<_>, _>>()?;
    let connection = args.connection.open()?;
    let wanted = Wanted {
        since,
        until: Some(until),
        accounts: asked.accounts.to_vec(),
        regions: args.trail_region.clone(),
        digests: false,
    };
    progress.stage.store(Progress::LISTING, Ordering::Relaxed);
    let listed = bucket::list(&connection, &places, &wanted, progress);
    progress.records.store(0, Ordering::Relaxed);
    progress.stage.store(0, Ordering::Relaxed);
    Ok(listed)
}

/// Says on standard output what fetching takes.
pub(super) fn tell(listed: &Listed, cache: Option<&Cache>) -> anyhow::Result<Exit> {
    listed.notes.iter().for_each(|note| terminal::warn(note));
    let rejects: Vec<_> = listed.rejects().collect();
    for reject in rejects.iter().take(REJECTS_SHOWN) {
        terminal::warn(&format!("{}: {}", reject.file, reject.cause));
    }
    let more = rejects.len().saturating_sub(REJECTS_SHOWN);
    if more > 0 {
        terminal::warn(&format!("{more} more prefixes could not be listed"));
    }
    let estimate = listed.estimate(cache);
    to_stdout(|out| writeln!(out, "{estimate}"))?;
    Ok(match (rejects.is_empty(), listed.objects()) {
        (true, _) => Exit::Done,
        (false, 0) => Exit::Useless,
        (false, _) => Exit::Partial,
    })
}

/// Says the same in a line before it begins.
pub(super) fn note(listed: &Listed, cache: Option<&Cache>, quiet: bool) {
    if quiet {
        return;
    }
    listed.notes.iter().for_each(|note| terminal::warn(note));
    if listed.objects() > 0 {
        terminal::note(&listed.estimate(cache).line());
    }
}
