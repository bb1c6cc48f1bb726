//! Rows in the total order, whatever their number: buffered, sorted, spilled to disk, merged.
//!
//! Each worker fills a [`Run`]; a full one is sorted and written to a temporary file without a name,
//! which the system removes with the process. [`merge`] reads all runs back as one sequence.
//!
//! # Invariants
//! - The merged sequence depends on the rows alone, not on which worker saw them or when.
//! - Memory is bounded by the budget given to each run and one small buffer for each spilled run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::row::{ActionId, Flags, Order, Place};

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

#[derive(Clone, Copy)]
struct Slot {
    row: Row,
    at: u32,
    record_length: u32,
    matches_length: u32,
}

/// A buffer of rows that spills when it is full.
pub struct Run {
    slots: Vec<Slot>,
    /// After [`Run::sort`]: the slots' indexes in the total order.
    order: Vec<(i64, u32)>,
    arena: Vec<u8>,
    budget_bytes: usize,
    spill_dir: Option<PathBuf>,
    spilled: Vec<Spilled>,
}

/// A sorted run on disk.
pub struct Spilled {
    file: File,
    rows: usize,
}

const ROW_BYTES: usize = 96;

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
        let file = match &self.spill_dir {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        let mut writer = BufWriter::with_capacity(256 << 10, file);
        for (_, index) in &self.order {
            let Some(slot) = self.slots.get(*index as usize) else { continue };
            writer.write_all(&encode(slot))?;
            writer.write_all(self.bytes_of(slot))?;
        }
        let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.spilled.push(Spilled { file, rows: self.slots.len() });
        self.slots.clear();
        self.order.clear();
        self.arena.clear();
        Ok(())
    }

    /// Sorts small keys instead of rows; only rows of one second are compared in full.
    fn sort(&mut self) {
        let slots = &self.slots;
        self.order.clear();
        self.order
            .extend((0_u32..).zip(slots).map(|(index, slot)| (slot.row.time().seconds(), index)));
        let rest = |index: u32| slots.get(index as usize).map(|slot| slot.row.order);
        self.order.sort_by(|(a_time, a), (b_time, b)| {
            a_time.cmp(b_time).then_with(|| rest(*a).cmp(&rest(*b)))
        });
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
    for mut run in runs {
        run.sort();
        for spilled in std::mem::take(&mut run.spilled) {
            let reader = BufReader::with_capacity(256 << 10, spilled.file);
            streams.push(Stream::Disk { reader, left: spilled.rows });
        }
        if !run.slots.is_empty() {
            streams.push(Stream::Memory { run, next: 0 });
        }
    }
    let mut heads = BinaryHeap::new();
    let mut pending = Vec::new();
    for (index, stream) in streams.iter_mut().enumerate() {
        let entry = stream.next()?;
        heads.extend(entry.as_ref().map(|entry| Reverse((entry.row.order, index))));
        pending.push(entry);
    }
    let current = heads.pop().map(|Reverse((_, index))| index);
    Ok(Merge { heads, streams, pending, current })
}

enum Stream {
    Memory { run: Run, next: usize },
    Disk { reader: BufReader<File>, left: usize },
}

/// The merged sequence.
pub struct Merge {
    /// The head of every stream but the current one, smallest first.
    heads: BinaryHeap<Reverse<(Order, usize)>>,
    streams: Vec<Stream>,
    /// The head entry of each stream, by its index.
    pending: Vec<Option<Entry>>,
    /// The stream with the smallest head.
    current: Option<usize>,
}

impl Merge {
    /// The next entry; `None` at the end.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot fail without ending twice"
    )]
    pub fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(index) = self.current else { return Ok(None) };
        let (Some(slot), Some(stream)) = (self.pending.get_mut(index), self.streams.get_mut(index))
        else {
            return Ok(None);
        };
        let entry = std::mem::replace(slot, stream.next()?);
        // A stream stays current for as long as its head is the smallest, which is a long stretch:
        // runs overlap little in time.
        let head = slot.as_ref().map(|entry| entry.row.order);
        let least = self.heads.peek().map(|Reverse((order, _))| *order);
        match (head, least) {
            (Some(head), Some(least)) if least < head => {
                self.heads.push(Reverse((head, index)));
                self.current = self.heads.pop().map(|Reverse((_, index))| index);
            }
            (Some(_), _) => {}
            (None, _) => self.current = self.heads.pop().map(|Reverse((_, index))| index),
        }
        Ok(entry)
    }
}

impl Stream {
    fn next(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Self::Memory { run, next } => {
                let index = run.order.get(*next).map(|(_, index)| *index as usize);
                let Some(slot) = index.and_then(|index| run.slots.get(index)) else {
                    return Ok(None);
                };
                *next += 1;
                let (record, matches) = run.bytes_of(slot).split_at(slot.record_length as usize);
                Ok(Some(Entry {
                    row: slot.row,
                    record: record.to_vec(),
                    matches: matches.to_vec(),
                }))
            }
            Self::Disk { left: 0, .. } => Ok(None),
            Self::Disk { reader, left } => {
                *left -= 1;
                let mut head = [0; HEAD_BYTES];
                reader.read_exact(&mut head)?;
                let slot = decode(&head);
                let mut record = vec![0; slot.record_length as usize];
                reader.read_exact(&mut record)?;
                let mut matches = vec![0; slot.matches_length as usize];
                reader.read_exact(&mut matches)?;
                Ok(Some(Entry { row: slot.row, record, matches }))
            }
        }
    }
}

const HEAD_BYTES: usize = ROW_BYTES + 8;

fn encode(slot: &Slot) -> [u8; HEAD_BYTES] {
    let row = &slot.row;
    let mut out = [0; HEAD_BYTES];
    let mut writer = &mut out[..];
    let mut put = |bytes: &[u8]| {
        // The parts add up to HEAD_BYTES; a test encodes and decodes every field.
        let _ = writer.write_all(bytes);
    };
    put(&row.order.id.to_le_bytes());
    put(&row.order.time.seconds().to_le_bytes());
    for number in [row.account, row.actor, row.key, row.issued, row.address] {
        put(&number.to_le_bytes());
    }
    for number in [row.action.0, row.place.file, row.place.record, row.asn] {
        put(&number.to_le_bytes());
    }
    put(&row.country);
    put(&row.flags.0.to_le_bytes());
    put(&[row.order.rank, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    put(&slot.record_length.to_le_bytes());
    put(&slot.matches_length.to_le_bytes());
    out
}

fn decode(head: &[u8; HEAD_BYTES]) -> Slot {
    let mut reader = &head[..];
    fn take<const N: usize>(reader: &mut &[u8]) -> [u8; N] {
        let mut out = [0; N];
        let _ = reader.read_exact(&mut out);
        out
    }
    let id = u128::from_le_bytes(take(&mut reader));
    let time = Timestamp::from_seconds(i64::from_le_bytes(take(&mut reader)));
    let [account, actor, key, issued, address] =
        [(); 5].map(|()| u64::from_le_bytes(take(&mut reader)));
    let [action, file, record, asn] = [(); 4].map(|()| u32::from_le_bytes(take(&mut reader)));
    let country = take(&mut reader);
    let flags = Flags(u16::from_le_bytes(take(&mut reader)));
    let [rank, ..] = take::<12>(&mut reader);
    let record_length = u32::from_le_bytes(take(&mut reader));
    let matches_length = u32::from_le_bytes(take(&mut reader));
    let row = Row {
        order: Order { time, rank, id },
        account,
        actor,
        key,
        issued,
        address,
        action: ActionId(action),
        place: Place { file, record },
        asn,
        country,
        flags,
    };
    Slot { row, at: 0, record_length, matches_length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let slot = Slot { row: row(-5, 9), at: 0, record_length: 10, matches_length: 11 };
        let back = decode(&encode(&slot));
        assert_eq!(back.row, slot.row);
        assert_eq!((back.record_length, back.matches_length), (10, 11));
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
