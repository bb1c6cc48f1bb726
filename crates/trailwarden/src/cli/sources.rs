//! What logs are read from: paths of this machine, and places that AWS is asked for.
//!
//! # Invariants
//! - AWS is asked only when a path names such a place; all else works without it.

mod bucket;
mod history;

use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::Input;
use trailwarden_runtime::sources::bucket::{Cache, Place};

use super::connect::ConnectionArgs;
use super::{Exit, time};
pub(crate) use history::Place as History;

/// How to reach what does not lie on this machine.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct SourceArgs {
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Keep what is fetched in this folder, and fetch only what is not there yet
    ///
    /// Of a bucket, it is a copy that can be scanned and verified itself.
    #[arg(long, value_name = "DIR", help_heading = "AWS")]
    cache: Option<PathBuf>,

    /// Fetch what was delivered from this time on; else from --since on, where there is one
    ///
    /// Earlier logs tell who had which permissions; of a folder all are read, of a bucket or the event
    /// history only those.
    #[arg(long, value_name = "TIME", help_heading = "AWS")]
    fetch_since: Option<String>,

    /// Of a bucket, only files of this region; may be repeated
    #[arg(long, value_name = "REGION", help_heading = "AWS")]
    trail_region: Vec<String>,

    #[command(flatten)]
    history: history::HistoryArgs,
}

/// What is asked for.
pub(crate) struct Asked<'a> {
    /// Paths and places, as they were typed.
    pub(crate) paths: &'a [String],
    /// From which time on answers are wanted.
    pub(crate) since: Option<Timestamp>,
    /// Up to which time records count.
    pub(crate) until: Option<Timestamp>,
    /// The accounts whose records count; empty for all.
    pub(crate) accounts: &'a [AccountId],
    /// The zone that times are typed in.
    pub(crate) zone: &'a TimeZone,
    /// Where temporary files go; else where the system puts them.
    pub(crate) spill_dir: Option<&'a Path>,
    /// Only say what fetching takes.
    pub(crate) is_dry_run: bool,
    /// Say nothing but what is asked for.
    pub(crate) quiet: bool,
}

/// What came of it.
pub(crate) enum Resolved {
    /// What there is to read.
    Input(Input),
    /// It was only to be told what there is, and was.
    Told(Exit),
}

impl SourceArgs {
    /// Finds out what there is to read, in the order of the paths.
    pub(crate) fn resolve(
        &self,
        asked: &Asked<'_>,
        progress: &Progress,
    ) -> anyhow::Result<Resolved> {
        let now = time::now();
        let fetch_since = self.fetch_since.as_deref();
        let fetch_since = fetch_since.map(|text| time::parse(text, asked.zone, now)).transpose()?;
        let is_bucket = |path: &&String| path.starts_with(Place::SCHEME);
        let has_bucket = asked.paths.iter().any(|path| is_bucket(&path));
        let histories = asked.paths.iter().map(|path| history::Place::parse(path));
        let histories = histories.collect::<anyhow::Result<Vec<_>>>()?;
        let has_history = histories.iter().any(Option::is_some);
        self.history.check(has_history)?;
        ensure!(
            has_bucket || self.trail_region.is_empty(),
            "--trail-region is for buckets; name one, such as s3://BUCKET/AWSLogs/"
        );
        if !has_bucket && !has_history {
            ensure!(
                self.cache.is_none() && fetch_since.is_none() && !asked.is_dry_run,
                "--cache, --fetch-since and --dry-run are for what is fetched; name a bucket, such as \
                 s3://BUCKET/AWSLogs/, or the event history: cloudtrail:"
            );
            return Ok(Resolved::Input(Input::local(asked.paths)));
        }
        let since = fetch_since.or(asked.since);
        let reading = has_history.then(|| self.reading(asked, since, now)).transpose()?;
        let cache = self.cache.as_deref().filter(|_| has_bucket).map(Cache::open).transpose()?;
        let span = (since, asked.until.unwrap_or(now));
        let listed = has_bucket.then(|| bucket::list(self, asked, span, progress)).transpose()?;
        if asked.is_dry_run {
            let mut exits = Vec::new();
            if let Some(listed) = &listed {
                exits.push(bucket::tell(listed, cache.as_ref())?);
            }
            for (place, reading) in histories.iter().flatten().zip(reading.iter().cycle()) {
                exits.push(reading.dry_run(place)?);
            }
            // What was told is what was found until then.
            let is_cut = progress.was_stopped();
            return Ok(Resolved::Told(if is_cut { Exit::Interrupted } else { worst(exits) }));
        }
        let mut found = Vec::new().into_iter();
        if let Some(listed) = listed {
            bucket::note(&listed, cache.as_ref(), asked.quiet);
            found = listed.inputs(cache).into_iter();
        }
        let mut input = Input::default();
        for (path, place) in asked.paths.iter().zip(&histories) {
            if let (Some(place), Some(reading)) = (place, &reading) {
                reading.add(place, &mut input, progress)?;
            } else if is_bucket(&path) {
                let (items, rejects) = found.next().unwrap_or_default();
                input.add(items, rejects);
            } else {
                input.path(path);
            }
        }
        Ok(Resolved::Input(input))
    }

    /// How the event history is read.
    fn reading<'a>(
        &'a self,
        asked: &Asked<'a>,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> anyhow::Result<history::Reading<'a>> {
        Ok(history::Reading {
            args: &self.history,
            connection: self.connection.open()?,
            since,
            until: asked.until,
            now,
            cache: self.cache.as_deref(),
            spill_dir: asked.spill_dir,
            quiet: asked.quiet,
        })
    }
}

/// What several answers are together.
fn worst(exits: Vec<Exit>) -> Exit {
    let all = exits.len();
    let useless = exits.iter().filter(|exit| matches!(exit, Exit::Useless)).count();
    match exits.iter().all(|exit| matches!(exit, Exit::Done)) {
        true => Exit::Done,
        false if useless == all => Exit::Useless,
        false => Exit::Partial,
    }
}
