//! A scan: inputs in, report out.
//!
//! Two stages. *Extract* runs in parallel, one input per worker at a time ([`extract`]); *judge* runs
//! in the one total order ([`judge`]). Between them, sorted runs bound the memory ([`runs`]). At the
//! end, the few records that findings need for their words are read again.

pub mod extract;
pub mod files;
pub mod judge;
pub mod once;
mod progress;
mod read;
pub mod runs;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use trailwarden_account::{Baseline, Models};
use trailwarden_authorize::Asked;
use trailwarden_detect::changes::ChangeRow;
use trailwarden_detect::conclude::{Meta, Sources};
use trailwarden_detect::detection::Detection;
use trailwarden_detect::select::Words;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_detect::{Engine, Settings};
use trailwarden_model::finding::Kind;
use trailwarden_model::report::{self, REJECTS_MAX};
use trailwarden_model::{AccountId, Finding, Reject, Report, Summary, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_record::row::Actions;

use crate::authorization::{Answers, Authorize};
use crate::baselines::Around;
use crate::geo::GeoIp;
use crate::sources::{Input, Item};
use extract::{Extracted, Shared, Worker};
use files::{Files, Rejected, Table};
use judge::{Judge, Judged};
pub use progress::Progress;
use runs::{Run, merge};

/// What to scan and how.
pub struct Options {
    /// What to read.
    pub input: Input,
    /// The detections to run.
    pub detections: Vec<&'static Detection>,
    /// What the configuration says.
    pub settings: Settings,
    /// Sigma rules.
    pub rules: RuleSet,
    /// Databases of addresses.
    pub geoip: Option<GeoIp>,
    /// Only findings whose last record is at or after this.
    pub since: Option<Timestamp>,
    /// Only records up to this.
    pub until: Option<Timestamp>,
    /// Only records of these accounts; empty for all.
    pub accounts: Vec<AccountId>,
    /// Limits on what a stranger sends.
    pub limits: Limits,
    /// How many bytes rows and kept records may take before they spill to disk.
    pub memory_max: usize,
    /// Where to spill; the system's folder when `None`.
    pub spill_dir: Option<PathBuf>,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
    /// Decode and keep everything: slow, and equal.
    pub no_skip: bool,
    /// What AWS said about accounts before the logs: the models begin with it.
    pub baselines: Vec<Baseline>,
    /// Whether to list every IAM change, see [`Scanned::changes`].
    pub changes: bool,
    /// What change policies are asked.
    pub authorize: Authorize,
}

/// What a scan gives.
pub struct Scanned {
    /// Findings, rejects and counts.
    pub report: Report,
    /// Every IAM change, when [`Options::changes`] asked for them: by time, quiet and refused ones too.
    pub changes: Vec<ChangeRow>,
    /// What change policies are asked, in order, when [`Options::authorize`] keeps it.
    pub asked: Vec<Asked>,
    /// The accounts as the logs leave them.
    pub models: Models,
}

/// Default of [`Options::memory_max`].
pub const MEMORY_MAX: usize = 16 << 20;

/// The scan could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Rows could not be written to or read from the spill folder.
    #[error(
        "cannot use the folder for temporary files; free some space, or name another with --spill-dir"
    )]
    Spill(#[source] std::io::Error),
}

/// Scans, for the report alone.
pub fn run(options: Options, progress: &Progress) -> Result<Report, ScanError> {
    run_whole(&options, progress).map(|scanned| scanned.report)
}

/// Scans.
pub fn run_whole(options: &Options, progress: &Progress) -> Result<Scanned, ScanError> {
    let Input { items, rejects: missing, .. } = &options.input;
    progress.bytes_total.store(options.input.bytes_stored(), Ordering::Relaxed);
    let files = Arc::new(Files::default());
    let detections = Engine::running(&options.detections, &options.settings);
    let shared = Arc::new(Shared {
        words: Words::of(&detections),
        detections,
        rules: options.rules.clone(),
        actions: Actions::default(),
        geoip: options.geoip.clone(),
        limits: options.limits,
        no_skip: options.no_skip,
        changes: options.changes,
        governed: options.authorize.is_wanted(),
        sessions: false,
        also: &[],
        whole: None,
        until: options.until,
        accounts: options.accounts.clone(),
    });
    let stage_one = extract_all(options, items, &shared, &files, progress);
    let table = files.table();
    let mut summary = stage_one.summary;

    progress.stage.store(1, Ordering::Relaxed);
    let mut merged = merge(stage_one.runs).map_err(ScanError::Spill)?;
    let around = Around::of(&options.baselines);
    let judge = Judge::new(engine(options), options.rules.correlator(), &shared.actions, around);
    let mut judged = judge.run(&mut merged, &table, progress);
    if let Some(error) = judged.left.error.take().or(stage_one.error) {
        return Err(ScanError::Spill(error));
    }
    let places = judged.engine.wanted();
    read::again(options, items, &table, &places, &mut judged.records);

    let sigma: Vec<Meta> = options.rules.rules().iter().map(meta).collect();
    let sources = Sources {
        records: &judged.records,
        files: &table.names,
        actions: &shared.actions,
        sigma: &sigma,
    };
    let mut findings = judged.engine.conclude(&sources);
    let mut answers = Answers::of(&judged.engine, &sources, &options.authorize, options.since);
    answers.add_to(&mut findings);
    let rows = || answers.rows(&judged.engine, &findings, &sources);
    let mut changes = if options.changes { rows() } else { Vec::new() };
    let mut asked = answers.take_asked();
    if let Some(since) = options.since {
        findings.retain(|finding| finding.last_time >= since || finding.evidence.is_empty());
        changes.retain(|change| change.time >= since);
        asked.retain(|asked| asked.time >= since);
    }
    let policies = options.authorize.policies.as_ref();
    summary.change_policies = policies.map(|_| answers.counts(&findings));
    summarise(&mut summary, &judged, &findings, progress);
    summary.records = summary.records.saturating_sub(judged.left.reject_count);
    summary.rejects = missing.len() as u64 + stage_one.reject_count + judged.left.reject_count;
    summary.baselines = judged.around.told();
    let mut rejects = missing.clone();
    rejects.extend(listed(stage_one.rejected.into_iter().chain(judged.left.rejects), &table));
    rejects.truncate(REJECTS_MAX);
    let report = Report { schema: report::SCHEMA.to_owned(), findings, rejects, summary };
    Ok(Scanned { report, changes, asked, models: judged.engine.models().clone() })
}

fn engine(options: &Options) -> Engine {
    let engine = Engine::new(&options.detections, options.settings.clone())
        .with_models(Models::awaiting(&options.baselines))
        .with_lint_of(&options.baselines, &options.accounts);
    match (options.authorize.is_wanted(), options.changes) {
        (true, _) => engine.with_governed(),
        (false, true) => engine.with_changes(),
        (false, false) => engine,
    }
}

/// What stage one gives.
pub(crate) struct StageOne {
    pub(crate) runs: Vec<Run>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) reject_count: u64,
    pub(crate) summary: Summary,
    pub(crate) error: Option<std::io::Error>,
}

/// Reads all inputs, in parallel.
pub(crate) fn extract_all(
    options: &Options,
    items: &[Item],
    shared: &Arc<Shared>,
    files: &Arc<Files>,
    progress: &Progress,
) -> StageOne {
    let threads = worker_count(options.threads, items.len());
    let next = AtomicUsize::new(0);
    let finished: Vec<(Extracted, Summary)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let run = Run::new(options.memory_max / threads, options.spill_dir.clone());
                let worker = Worker::new(Arc::clone(shared), Arc::clone(files), run);
                let next = &next;
                scope.spawn(move || read::work(options, items, next, worker, progress))
            })
            .collect();
        // Rows must not vanish in silence: a worker's panic is ours.
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    });
    let mut stage = StageOne {
        runs: Vec::new(),
        rejected: Vec::new(),
        reject_count: 0,
        summary: Summary::default(),
        error: None,
    };
    for (extracted, summary) in finished {
        stage.runs.push(extracted.run);
        stage.reject_count += extracted.counts.rejects;
        stage.error = stage.error.or(extracted.error);
        stage.rejected.extend(extracted.rejects);
        let total = &mut stage.summary;
        total.records += extracted.counts.records;
        total.filtered += extracted.counts.filtered;
        total.files += summary.files;
        total.skipped_files += summary.skipped_files;
        total.bytes_stored += summary.bytes_stored;
        total.bytes_inflated += summary.bytes_inflated;
    }
    stage
}

/// Rejects in the order of the input.
pub(crate) fn listed(rejected: impl Iterator<Item = Rejected>, table: &Table) -> Vec<Reject> {
    let mut rejected: Vec<Rejected> = rejected.collect();
    rejected.sort_by_key(|reject| (table.rank(reject.file), reject.offset, reject.record));
    rejected
        .into_iter()
        .map(|reject| Reject {
            file: table.names.get(reject.file as usize).cloned().unwrap_or_default(),
            offset: reject.offset,
            record: reject.record,
            cause: reject.cause,
        })
        .collect()
}

fn worker_count(threads: usize, items: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let wanted = if threads == 0 { cores } else { threads };
    wanted.min(items).max(1)
}

fn meta(info: &trailwarden_detect::sigma::RuleInfo) -> Meta {
    Meta {
        id: info.id.clone(),
        title: info.title.clone(),
        risk: info.risk.clone(),
        kind: Kind::Sigma,
        severity: info.severity,
        confidence: info.confidence,
        attack: info.attack.iter().map(|attack| attack.technique.clone()).collect(),
        false_positives: info.false_positives.clone(),
        remedies: Vec::new(),
    }
}

fn summarise(summary: &mut Summary, judged: &Judged, findings: &[Finding], progress: &Progress) {
    summary.duplicates = judged.left.duplicates;
    summary.accounts = judged.accounts.iter().map(ToString::to_string).collect();
    summary.first_time = judged.first_time;
    summary.last_time = judged.last_time;
    summary.off = judged.engine.off();
    summary.interrupted = progress.was_stopped();
    summary.by_severity = count_by_severity(findings);
}

/// How many findings there are of each severity.
pub fn count_by_severity(findings: &[Finding]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity.as_str().to_owned()).or_default() += 1;
    }
    counts
}
