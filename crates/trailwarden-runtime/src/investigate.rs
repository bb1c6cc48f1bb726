//! An investigation: paths and somebody in, the story of that somebody out.
//!
//! Three steps. `extract` walks all records in parallel and leaves a row of each, with the text of
//! those that lead on. `collect` goes through the rows in the total order, folds the accounts and
//! follows identity. `tell` reads again what the story needs in words.
//!
//! # Invariants
//! - Memory is bounded by `memory_max` and by what one story may hold, not by the logs; a limit that
//!   was hit is a note in the story.
//! - The same records give the same story, whatever the workers or the order of the input.

mod collect;
mod extract;
mod follow;
mod gathered;
mod judged;
mod left;
mod near;
mod query;
pub mod story;
mod tell;
mod things;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use trailwarden_account::Baseline;
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_record::row::Actions;

use crate::scan::files::Files;
use crate::scan::runs::{Run, merge};
use crate::scan::{Progress, ScanError, listed};
use crate::sources::{self, Input, Item, Reader, Volume};
use collect::Collector;
use extract::{Extracted, Shared, Worker};
use follow::Follow;
use gathered::Gathered;
pub use query::Query;
pub use story::Investigation;
use story::Relation;
use tell::Teller;
use words::Library;

/// Whom to investigate, in what.
pub struct Options {
    /// What to read.
    pub input: Input,
    /// Whom, as it was typed.
    pub principal: String,
    /// What AWS said of the accounts.
    pub baselines: Vec<Baseline>,
    /// Only steps from this on; what came before still says who became whom.
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
}

/// Investigates.
pub fn run(options: &Options, progress: &Progress) -> Result<Investigation, ScanError> {
    let Input { items, rejects: missing, .. } = &options.input;
    progress.bytes_total.store(options.input.bytes_stored(), Ordering::Relaxed);
    let query = Query::parse(&options.principal);
    let files = Arc::new(Files::default());
    let shared = Arc::new(Shared {
        query: query.clone(),
        actions: Actions::default(),
        limits: options.limits,
        until: options.until,
        accounts: options.accounts.clone(),
    });
    let threads = worker_count(options.threads, items.len());
    let extracted = extract_all(options, items, &shared, &files, progress, threads);
    let table = files.table();
    let mut gathered = Gathered::of(extracted);
    if let Some(error) = gathered.error.take() {
        return Err(ScanError::Spill(error));
    }

    progress.stage.store(1, Ordering::Relaxed);
    let mut merged = merge(std::mem::take(&mut gathered.runs)).map_err(ScanError::Spill)?;
    let people = |name: &str, account: &str| gathered.user(name, account);
    let follow = Follow::new(&gathered.subjects);
    let baselines = &options.baselines;
    let collector =
        Collector::new(&query, &shared.actions, &table, options.since, &people, follow, baselines);
    let mut collected = collector.run(&mut merged, progress).map_err(ScanError::Spill)?;

    progress.stage.store(2, Ordering::Relaxed);
    let late = std::mem::take(&mut collected.rejects);
    let around = std::mem::take(&mut collected.around);
    let span = (collected.first, collected.last, collected.own_records);
    let names = near::names(&gathered.people, &collected.models);
    let library = Library {
        items,
        table: &table,
        limits: options.limits,
        spill_dir: options.spill_dir.as_deref(),
        threads,
    };
    let words = tell::read(&library, &collected);
    let asked_for = options.principal.trim();
    let teller = Teller { query: &query, asked_for, actions: &shared.actions, collected, words };
    let mut story = teller.tell();
    if !story.found {
        story.near = near::nearest(asked_for, &names);
    }
    story.summary = gathered.counts(span, missing.len() + late.len(), progress);
    story.summary.baselines = around.told();
    story.rejects = missing.clone();
    story.rejects.extend(listed(gathered.rejects.into_iter().chain(late), &table));
    story.rejects.truncate(REJECTS_MAX);
    Ok(story)
}

fn worker_count(threads: usize, items: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let wanted = if threads == 0 { cores } else { threads };
    wanted.min(items).max(1)
}

fn extract_all(
    options: &Options,
    items: &[Item],
    shared: &Arc<Shared>,
    files: &Arc<Files>,
    progress: &Progress,
    threads: usize,
) -> Vec<Extracted> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let run = Run::new(options.memory_max / threads, options.spill_dir.clone());
                let worker = Worker::new(Arc::clone(shared), Arc::clone(files), progress, run);
                let next = &next;
                scope.spawn(move || work(options, items, next, worker, progress))
            })
            .collect();
        // Rows must not vanish in silence: a worker's panic is ours.
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    })
}

/// Reads inputs one after the other until there are none, or until interrupted.
fn work(
    options: &Options,
    items: &[Item],
    next: &AtomicUsize,
    mut worker: Worker<'_>,
    progress: &Progress,
) -> Extracted {
    let folder = || options.spill_dir.as_deref().map_or_else(std::env::temp_dir, Path::to_owned);
    let fresh =
        || Reader::new(options.limits, folder()).stopped_by(Arc::clone(&progress.interrupted));
    let mut reader = fresh();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(index) else { break };
        if progress.interrupted.load(Ordering::Relaxed) || worker.has_failed() {
            break;
        }
        worker.item = u32::try_from(index).unwrap_or(u32::MAX);
        // A worker that fell over would take the rows of all its inputs with it, in silence.
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(item, &mut worker)));
        let volume = read.unwrap_or_else(|_| {
            reader = fresh();
            let cause = "trailwarden itself failed on this input and may have left out its rest; please report it";
            sources::FileSink::file_reject(&mut worker, &item.name, None, cause.to_owned());
            Volume::default()
        });
        let summary = worker.summary();
        summary.bytes_stored += volume.bytes_stored;
        summary.bytes_inflated += volume.bytes_inflated;
        let stored = if item.size_stored == 0 { volume.bytes_stored } else { item.size_stored };
        progress.bytes_done.fetch_add(stored, Ordering::Relaxed);
        progress.bytes_inflated.fetch_add(volume.bytes_inflated, Ordering::Relaxed);
    }
    worker.finish()
}

impl Investigation {
    /// Those asked for.
    pub fn subjects(&self) -> impl Iterator<Item = &story::Identity> {
        self.identities.iter().filter(|who| who.relation == Relation::Subject)
    }
}
