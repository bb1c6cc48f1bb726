//! Logs from end to end: each record once, in the one total order, whatever the order of the inputs.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use trailwarden_detect::Settings;
use trailwarden_detect::select::Words;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{Reject, Summary};
use trailwarden_record::Event;
use trailwarden_record::row::Actions;

use super::Options;
use crate::authorization::Authorize;
use crate::baselines::Around;
use crate::scan::extract::Shared;
use crate::scan::files::Files;
use crate::scan::runs::{Entry, merge};
use crate::scan::{self, Progress, ScanError, extract_all, once};
use crate::sources::Input;

/// What is to be told of logs once all of them were walked through.
pub(crate) struct Walked {
    /// The files, by the number that a record's place has.
    pub(crate) files: Vec<String>,
    /// What could not be read, in the order of the input; at most [`REJECTS_MAX`].
    pub(crate) rejects: Vec<Reject>,
    /// Counts.
    pub(crate) summary: Summary,
    /// What the workers shared: the names of the calls.
    pub(crate) shared: Arc<Shared>,
}

/// Hands over every record, with its event where a model folds it or `also` names its call, as a
/// detection selects calls.
pub(crate) fn walk(
    mut options: Options,
    also: &'static [&'static str],
    progress: &Progress,
    mut take: impl FnMut(&Entry, Option<Event>),
) -> Result<Walked, ScanError> {
    progress.bytes_total.store(options.input.bytes_stored(), Ordering::Relaxed);
    let Input { items, rejects: missing, .. } = std::mem::take(&mut options.input);
    let files = Arc::new(Files::default());
    let shared = Arc::new(Shared {
        detections: Vec::new(),
        words: Words::of(&[]),
        rules: RuleSet::load(&[]).0,
        actions: Actions::default(),
        geoip: None,
        limits: options.limits,
        no_skip: false,
        changes: false,
        governed: false,
        sessions: options.session.is_some(),
        also,
        whole: options.whole.take(),
        until: options.until,
        accounts: Vec::new(),
    });
    let mut around = Around::of(&options.baselines);
    let options = as_scan(options);
    let stage = extract_all(&options, &items, &shared, &files, progress);
    let table = files.table();
    progress.stage.store(1, Ordering::Relaxed);
    let mut merged = merge(stage.runs).map_err(ScanError::Spill)?;
    let (mut first_time, mut last_time) = (None, None);
    let left = once::each(&mut merged, &table, &progress.cut, |entry, event| {
        first_time.get_or_insert(entry.row.time());
        last_time = Some(entry.row.time());
        around.note(&entry.row);
        take(entry, event.map(|event| *event));
    });
    if let Some(error) = left.error.or(stage.error) {
        return Err(ScanError::Spill(error));
    }
    let mut summary = stage.summary;
    summary.records = summary.records.saturating_sub(left.reject_count);
    summary.rejects = missing.len() as u64 + stage.reject_count + left.reject_count;
    summary.duplicates = left.duplicates;
    summary.baselines = around.told();
    (summary.first_time, summary.last_time) = (first_time, last_time);
    summary.interrupted = progress.was_stopped();
    let mut rejects = missing;
    rejects.extend(scan::listed(stage.rejected.into_iter().chain(left.rejects), &table));
    rejects.truncate(REJECTS_MAX);
    progress.stage.store(2, Ordering::Relaxed);
    Ok(Walked { files: table.names, rejects, summary, shared })
}

/// A scan that only reads.
fn as_scan(options: Options) -> scan::Options {
    scan::Options {
        input: Input::default(),
        detections: Vec::new(),
        settings: Settings::default(),
        rules: RuleSet::load(&[]).0,
        geoip: None,
        since: None,
        until: options.until,
        accounts: Vec::new(),
        limits: options.limits,
        memory_max: options.memory_max,
        spill_dir: options.spill_dir,
        threads: options.threads,
        no_skip: false,
        baselines: Vec::new(),
        changes: false,
        authorize: Authorize::default(),
    }
}
