//! Coming back for single records.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_record::Skim;
use trailwarden_record::envelope::{Place, Sink};
use trailwarden_record::scan::Stop;

use super::{FileEnd, FileSink, Item, Reader};

/// Record numbers by the name of their file, as [`FileSink::begin`] gave it.
pub type Wanted = BTreeMap<String, BTreeSet<u64>>;

pub(super) fn fetch(
    reader: &mut Reader,
    item: &Item,
    wanted: &Wanted,
    each: &mut dyn FnMut(&str, u64, &[u8]),
) {
    let missing = wanted.values().map(BTreeSet::len).sum();
    let depth_max = reader.limits.depth_max;
    let mut again = Again { wanted, each, file: String::new(), numbers: None, missing, depth_max };
    reader.read(item, &mut again);
}

struct Again<'a> {
    wanted: &'a Wanted,
    each: &'a mut dyn FnMut(&str, u64, &[u8]),
    file: String,
    numbers: Option<&'a BTreeSet<u64>>,
    missing: usize,
    depth_max: usize,
}

impl Sink for Again<'_> {
    fn record(&mut self, bytes: &[u8], start: usize, place: Place) -> Result<usize, Stop> {
        // The same reading as the first time, or the numbers would not be the same.
        let (_, end) = Skim::read(bytes, start, self.depth_max)?;
        if self.numbers.is_some_and(|numbers| numbers.contains(&place.record)) {
            (self.each)(&self.file, place.record, bytes.get(start..end).unwrap_or_default());
            self.missing = self.missing.saturating_sub(1);
        }
        Ok(end)
    }

    /// Rejects were told the first time.
    fn reject(&mut self, _: Place, _: String) {}
}

impl FileSink for Again<'_> {
    fn begin(&mut self, file: &str) {
        self.file.clear();
        self.file.push_str(file);
        self.numbers = self.wanted.get(file);
    }

    fn end(&mut self, _: FileEnd) {
        self.numbers = None;
    }

    fn file_reject(&mut self, _: &str, _: Option<u64>, _: String) {}

    fn interrupted(&self) -> bool {
        self.missing == 0
    }

    fn wants(&self, file: &str) -> bool {
        self.wanted.contains_key(file)
    }
}
