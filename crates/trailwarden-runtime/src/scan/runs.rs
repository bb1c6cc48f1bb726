//! Rows in the total order, whatever their number: buffered, sorted, spilled to disk, merged.
//!
//! Each worker fills a [`Run`]; a full one is sorted and added to the worker's temporary file without a
//! name, which the system removes with the process. [`merge`] reads all runs back as one sequence.
//!
//! # Invariants
//! - The merged sequence depends on the rows alone, not on which worker saw them or when.
//! - Memory is bounded by the budget given to each run and one small buffer for each spilled run.
//! - However often a run spills, one file is open for it: systems allow a thousand or so.

mod by_second;
mod slot;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

use trailwarden_record::Row;
use trailwarden_record::row::Order;

use by_second::Key;
use slot::{HEAD_BYTES, Slot, decode, encode, order_in};

/// Bytes read at once of a spilled run: those of all runs together stay in the caches, and within the
/// budget while they can.
const READ_AHEAD_MAX: usize = 64 << 10;
const READ_AHEAD_MIN: usize = 4 << 10;

/// A row with what is kept of its record.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The row.
    pub row: Row,
    /// The record's bytes, redacted; empty when only the row is kept.
    pub record: Vec<u8>,
    /// Which Sigma rules matched, encoded by the caller; empty for none.
    pub matches: Vec<u8>,
}

/// A buffer of rows that spills when it is full.
pub struct Run {
    slots: Vec<Slot>,
    /// After [`Run::sort`]: the slots' indexes in the total order.
    order: Vec<Key>,
    arena: Vec<u8>,
    budget_bytes: usize,
    spill_dir: Option<PathBuf>,
    spilled: Vec<Spilled>,
}

/// A sorted run on disk: a part of the file of all that one worker spilled.
struct Spilled {
    file: Arc<File>,
    /// Where the rest of it begins.
    at: u64,
    rows: usize,
}

/// What follows it in the file may be read ahead, too; who reads counts the rows.
impl Read for Spilled {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let length = file.read(buffer)?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Run {
    /// A run that holds at most about so many bytes, spilling to files in `spill_dir` (the system's
    /// own folder when `None`).
    pub fn new(budget_bytes: usize, spill_dir: Option<PathBuf>) -> Self {
        Self {
            slots: Vec::new(),
            order: Vec::new(),
            arena: Vec::new(),
            budget_bytes,
            spill_dir,
            spilled: Vec::new(),
        }
    }

    /// Adds a row and what is kept of its record.
    pub fn push(&mut self, row: Row, record: &[u8], matches: &[u8]) -> io::Result<()> {
        let size = (self.slots.len() + 1) * size_of::<Slot>()
            + self.arena.len()
            + record.len()
            + matches.len();
        if size > self.budget_bytes && !self.slots.is_empty() {
            self.spill()?;
        }
        let too_large = |_| io::Error::other("a record is larger than 4 GiB");
        self.slots.push(Slot {
            row,
            at: u32::try_from(self.arena.len()).map_err(too_large)?,
            record_length: u32::try_from(record.len()).map_err(too_large)?,
            matches_length: u32::try_from(matches.len()).map_err(too_large)?,
        });
        self.arena.extend_from_slice(record);
        self.arena.extend_from_slice(matches);
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let file = match (self.spilled.last(), &self.spill_dir) {
            (Some(last), _) => Arc::clone(&last.file),
            (None, Some(folder)) => Arc::new(tempfile::tempfile_in(folder)?),
            (None, None) => Arc::new(tempfile::tempfile()?),
        };
        // Nothing is read back before all is written.
        let at = (&*file).stream_position()?;
        let mut writer = BufWriter::with_capacity(256 << 10, &*file);
        for key in &self.order {
            let Some(slot) = self.slots.get(key.index()) else { continue };
            encode(slot, &mut writer)?;
            writer.write_all(self.bytes_of(slot))?;
        }
        writer.flush()?;
        drop(writer);
        self.spilled.push(Spilled { file, at, rows: self.slots.len() });
        self.slots.clear();
        self.order.clear();
        self.arena.clear();
        Ok(())
    }

    /// Sorts small keys instead of rows; only rows of one second are compared in full.
    fn sort(&mut self) {
        let slots = &self.slots;
        by_second::sort(slots.iter().map(|slot| slot.row.time()), &mut self.order);
        let rest = |key: &Key| slots.get(key.index()).map(|slot| slot.row.order);
        for second in self.order.chunk_by_mut(|a, b| a.second() == b.second()) {
            if second.len() > 1 {
                second.sort_by_key(rest);
            }
        }
    }

    fn bytes_of(&self, slot: &Slot) -> &[u8] {
        let start = slot.at as usize;
        let end = start + slot.record_length as usize + slot.matches_length as usize;
        self.arena.get(start..end).unwrap_or_default()
    }
}

/// Merges runs into one sequence in the total order. Rows of equal order come in no certain order;
/// the caller settles ties.
pub fn merge(runs: Vec<Run>) -> io::Result<Merge> {
    let mut streams: Vec<Stream> = Vec::new();
    let budget_bytes: usize = runs.iter().map(|run| run.budget_bytes).sum();
    let spills: usize = runs.iter().map(|run| run.spilled.len()).sum();
    let read_ahead = (budget_bytes / spills.max(1)).clamp(READ_AHEAD_MIN, READ_AHEAD_MAX);
    for mut run in runs {
        run.sort();
        for spilled in std::mem::take(&mut run.spilled) {
            let left = spilled.rows;
            let reader = BufReader::with_capacity(read_ahead, spilled);
            streams.push(Stream::Disk { reader, left, head: [0; HEAD_BYTES] });
        }
        if !run.slots.is_empty() {
            streams.push(Stream::Memory { run, next: 0 });
        }
    }
    let mut heads = Vec::with_capacity(streams.len());
    for (index, stream) in streams.iter_mut().enumerate() {
        heads.extend(stream.peek()?.map(|order| Reverse((order, index))));
    }
    Ok(Merge { heads: BinaryHeap::from(heads), streams })
}

/// A sorted run.
enum Stream {
    Memory {
        run: Run,
        next: usize,
    },
    Disk {
        reader: BufReader<Spilled>,
        /// How many entries there are from `head` on.
        left: usize,
        /// The first bytes of the entry that comes next, once it was looked at.
        head: [u8; HEAD_BYTES],
    },
}

/// The merged sequence.
pub struct Merge {
    /// The order of every stream's head, smallest first.
    heads: BinaryHeap<Reverse<(Order, usize)>>,
    streams: Vec<Stream>,
}

impl Merge {
    /// Puts the next entry in place of `entry`, whose room is used again; false at the end.
    pub fn next_into(&mut self, entry: &mut Entry) -> io::Result<bool> {
        let Some(mut least) = self.heads.peek_mut() else { return Ok(false) };
        let Reverse((order, index)) = &mut *least;
        let Some(stream) = self.streams.get_mut(*index) else { return Ok(false) };
        stream.take_into(entry)?;
        // What is changed in place moves down only as far as it must, mostly nowhere.
        match stream.peek()? {
            Some(next) => *order = next,
            None => {
                PeekMut::pop(least);
            }
        }
        Ok(true)
    }

    /// The next entry; `None` at the end.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot fail without ending twice"
    )]
    pub fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut entry = Entry::default();
        Ok(self.next_into(&mut entry)?.then_some(entry))
    }
}

impl Stream {
    /// The order of the entry that comes next; none at the end. Asked once before each
    /// [`Stream::take_into`].
    fn peek(&mut self) -> io::Result<Option<Order>> {
        match self {
            Self::Memory { run, next } => {
                let slot = run.order.get(*next).and_then(|key| run.slots.get(key.index()));
                Ok(slot.map(|slot| slot.row.order))
            }
            Self::Disk { left: 0, .. } => Ok(None),
            Self::Disk { reader, head, .. } => {
                reader.read_exact(head)?;
                Ok(Some(order_in(head)))
            }
        }
    }

    /// Puts the entry that was looked at in place of another.
    fn take_into(&mut self, entry: &mut Entry) -> io::Result<()> {
        let Entry { row, record, matches } = entry;
        record.clear();
        matches.clear();
        match self {
            Self::Memory { run, next } => {
                let Some(slot) = run.order.get(*next).and_then(|key| run.slots.get(key.index()))
                else {
                    return Ok(());
                };
                *next += 1;
                *row = slot.row;
                if slot.record_length + slot.matches_length > 0 {
                    let (kept, matched) = run.bytes_of(slot).split_at(slot.record_length as usize);
                    record.extend_from_slice(kept);
                    matches.extend_from_slice(matched);
                }
            }
            Self::Disk { reader, left, head } => {
                *left = left.saturating_sub(1);
                let slot = decode(head, reader)?;
                *row = slot.row;
                for (bytes, length) in
                    [(record, slot.record_length), (matches, slot.matches_length)]
                {
                    if length > 0 {
                        bytes.resize(length as usize, 0);
                        reader.read_exact(bytes)?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use trailwarden_model::Timestamp;
    use trailwarden_record::row::{ActionId, Flags, Place};

    fn row(seconds: i64, number: u32) -> Row {
        Row {
            order: Order {
                time: Timestamp::from_seconds(seconds),
                rank: 3,
                id: u128::from(number) << 70 | 7,
            },
            account: 1,
            actor: 2,
            key: 3,
            issued: 4,
            address: 5,
            action: ActionId(6),
            place: Place { file: 7, record: number },
            asn: 8,
            country: *b"DE",
            flags: Flags::ROOT,
        }
    }

    #[test]
    fn a_slot_round_trips() {
        let plain = Row { issued: 0, asn: 0, country: [0; 2], ..row(-5, 9) };
        let rows = [
            plain,
            Row { issued: 4, ..plain },
            Row { asn: 8, ..plain },
            Row { country: *b"DE", ..plain },
            row(-5, 9),
        ];
        for row in rows {
            for (record_length, matches_length) in [(0, 0), (10, 0), (0, 11), (10, 11)] {
                let mut bytes = Vec::new();
                encode(&Slot { row, at: 0, record_length, matches_length }, &mut bytes).unwrap();
                let (head, mut behind) = bytes.split_first_chunk().unwrap();
                assert_eq!(order_in(head), row.order);
                let back = decode(head, &mut behind).unwrap();
                assert_eq!(back.row, row);
                assert_eq!(
                    (back.record_length, back.matches_length),
                    (record_length, matches_length)
                );
                assert!(behind.is_empty());
            }
        }
    }

    /// Else a scan of many workers ends where the system allows no more open files.
    #[test]
    fn however_often_it_spills_one_file_is_open() {
        let mut run = Run::new(2_000, None);
        for number in 0..900 {
            run.push(row(i64::from(number % 7), number), b"record", &[]).unwrap();
        }
        let [first, rest @ ..] = &*run.spilled else { panic!("nothing was spilled") };
        assert!(rest.len() > 50);
        assert!(rest.iter().all(|spilled| Arc::ptr_eq(&first.file, &spilled.file)));
        let mut merged = merge(vec![run]).unwrap();
        let mut last = None;
        for _ in 0..900 {
            let entry = merged.next().unwrap().unwrap();
            assert_eq!(entry.record, b"record");
            assert!(last < Some(entry.row.order));
            last = Some(entry.row.order);
        }
        assert!(merged.next().unwrap().is_none());
    }

    proptest! {
        /// However many runs and spills, the sequence is that of one sort.
        #[test]
        fn runs_merge_in_order(rows in prop::collection::vec((0_i64..50, prop::collection::vec(any::<u8>(), 0..20)), 0..200), budget in 200_usize..4_000, runs in 1_usize..4) {
            let mut filled: Vec<Run> = (0..runs).map(|_| Run::new(budget, None)).collect();
            for (number, (seconds, record)) in rows.iter().enumerate() {
                filled[number % runs].push(row(*seconds, number as u32), record, &[1]).unwrap();
            }
            let mut merged = merge(filled).unwrap();
            let mut expected: Vec<(Order, Vec<u8>)> = rows
                .iter()
                .enumerate()
                .map(|(number, (seconds, record))| (row(*seconds, number as u32).order, record.clone()))
                .collect();
            expected.sort();
            let mut seen = Vec::new();
            while let Some(entry) = merged.next().unwrap() {
                prop_assert_eq!(&entry.matches, &[1]);
                seen.push((entry.row.order, entry.record));
            }
            prop_assert_eq!(seen, expected);
        }
    }
}
