//! Reading inputs: everything once for the rows, and single records again for their words.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use trailwarden_detect::conclude::Records;
use trailwarden_model::Summary;
use trailwarden_record::Event;
use trailwarden_record::envelope::{Kind, Place as Spot, Sink};
use trailwarden_record::row::Place;
use trailwarden_record::scan::Stop;

use super::extract::{Extracted, Worker};
use super::files::Table;
use super::{Options, Progress};
use crate::sources::{FileEnd, FileSink, Item, Reader, Volume, Wanted};

/// A worker as the sources see it.
struct Extracting<'a> {
    worker: Worker,
    item: u32,
    summary: Summary,
    progress: &'a Progress,
}

/// Reads inputs one after the other until there are none, or until interrupted.
pub(super) fn work(
    options: &Options,
    items: &[Item],
    next: &AtomicUsize,
    worker: Worker,
    progress: &Progress,
) -> (Extracted, Summary) {
    let fresh = || {
        let reader = Reader::new(options.limits, options.spill_folder());
        reader.stopped_by(Arc::clone(&progress.interrupted))
    };
    let mut reader = fresh();
    let mut sink = Extracting { worker, item: 0, summary: Summary::default(), progress };
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(index) else { break };
        if sink.interrupted() || sink.worker.has_failed() {
            break;
        }
        sink.item = u32::try_from(index).unwrap_or(u32::MAX);
        // A worker that fell over would take the rows of all its inputs with it, in silence.
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(item, &mut sink)));
        let volume = read.unwrap_or_else(|_| {
            reader = fresh();
            let cause = "trailwarden itself failed on this input and may have left out its rest; please report it";
            sink.worker.reject_file(sink.item, &item.name, None, cause.to_owned());
            Volume::default()
        });
        sink.summary.bytes_stored += volume.bytes_stored;
        sink.summary.bytes_inflated += volume.bytes_inflated;
        let stored = if item.size_stored == 0 { volume.bytes_stored } else { item.size_stored };
        progress.bytes_done.fetch_add(stored, Ordering::Relaxed);
        progress.bytes_inflated.fetch_add(volume.bytes_inflated, Ordering::Relaxed);
    }
    (sink.worker.finish(), sink.summary)
}

impl Sink for Extracting<'_> {
    fn record(&mut self, bytes: &[u8], start: usize, spot: Spot) -> Result<usize, Stop> {
        self.worker.record(bytes, start, spot)
    }

    fn reject(&mut self, spot: Spot, cause: String) {
        self.worker.reject(spot, cause);
    }
}

impl FileSink for Extracting<'_> {
    fn begin(&mut self, file: &str) {
        self.worker.begin(self.item, file);
    }

    fn end(&mut self, end: FileEnd) {
        match end.kind {
            Kind::Digest => self.summary.skipped_files += 1,
            Kind::NotCloudTrail => {}
            _ => self.summary.files += 1,
        }
        self.progress.records.fetch_add(end.counts.records, Ordering::Relaxed);
    }

    fn file_reject(&mut self, file: &str, offset: Option<u64>, cause: String) {
        self.worker.reject_file(self.item, file, offset, cause);
    }

    fn interrupted(&self) -> bool {
        self.progress.interrupted.load(Ordering::Relaxed)
    }
}

/// Reads the records at some places again and decodes them.
pub(super) fn again(
    options: &Options,
    items: &[Item],
    table: &Table,
    places: &[Place],
    records: &mut Records,
) {
    // By item, then by the file's name in it.
    let mut wanted: BTreeMap<usize, BTreeMap<&str, BTreeSet<u64>>> = BTreeMap::new();
    let mut number_of: BTreeMap<(usize, &str), u32> = BTreeMap::new();
    for place in places.iter().filter(|place| !records.contains_key(*place)) {
        let index = place.file as usize;
        let (Some(name), Some(item)) = (table.names.get(index), table.items.get(index)) else {
            continue;
        };
        let item = *item as usize;
        wanted.entry(item).or_default().entry(name).or_default().insert(u64::from(place.record));
        number_of.insert((item, name), place.file);
    }
    let queue: Vec<(usize, BTreeMap<&str, BTreeSet<u64>>)> = wanted.into_iter().collect();
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(Place, Event)>> = Mutex::new(Vec::new());
    let threads = super::worker_count(options.threads, queue.len());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut reader = Reader::new(options.limits, options.spill_folder());
                while let Some((item, files)) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(source) = items.get(*item) else { continue };
                    let list: Wanted = files
                        .iter()
                        .map(|(name, numbers)| {
                            ((*name).to_owned(), numbers.iter().copied().collect())
                        })
                        .collect();
                    reader.fetch(source, &list, &mut |file, number, bytes| {
                        let file = number_of.get(&(*item, file)).copied();
                        let record = u32::try_from(number).ok();
                        if let (Some(file), Some(record), Ok(event)) =
                            (file, record, Event::decode(bytes))
                        {
                            let mut found =
                                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                            found.push((Place { file, record }, event));
                        }
                    });
                }
            });
        }
    });
    records.extend(found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
}

impl Options {
    /// Where temporary files go.
    fn spill_folder(&self) -> std::path::PathBuf {
        self.spill_dir.as_deref().map_or_else(std::env::temp_dir, Path::to_owned)
    }
}
