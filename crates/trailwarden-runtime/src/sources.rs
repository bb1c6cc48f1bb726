//! Where logs come from: files, folders, globs, tar archives, standard input, and what lies elsewhere.
//!
//! [`Input`] names what there is to read; a [`Reader`] reads it, one item at a time, and hands
//! records to a [`FileSink`]. What a file is, is told by its first bytes and never by its name.
//! [`history`] makes files of what CloudTrail keeps without a trail.
//!
//! # Invariants
//! - Bad input is a reject with place and cause, and what could be read before or behind the
//!   damage is read.
//! - A reader's memory is bounded whatever the input: [`STORED_MAX`] + [`MEMBER_MAX`] +
//!   [`INFLATED_MAX`] for what is held whole, and a window of one largest record for what streams.
//! - The same item read twice gives the same files and record numbers, so that [`Reader::fetch`]
//!   can come back for single records. Standard input is kept for that: small in memory, else in a
//!   file without a name in the spill folder. What lies elsewhere ([`Remote`]) is opened again.

mod ahead;
pub mod bucket;
mod contents;
mod expand;
mod fetch;
mod gzip;
pub mod history;
mod meter;
mod read;
mod remote;
mod spool;
mod tarball;
#[cfg(test)]
mod tests;
mod trouble;
mod whole;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use trailwarden_record::envelope::{Counts, Kind, Sink};
use trailwarden_record::limits::Limits;

pub use contents::contents;
pub use expand::{Input, expand};
pub use remote::Remote;
use spool::Stream;

/// Stored bytes of a file that is read whole; larger ones stream.
pub const STORED_MAX: usize = 16 << 20;
/// Stored bytes of an archive's member that is read whole.
pub const MEMBER_MAX: usize = 8 << 20;
/// Inflated bytes that are held whole.
pub const INFLATED_MAX: usize = 32 << 20;

/// Something to read: a file, what lies elsewhere, or a stream that can be read only once.
#[derive(Clone, Debug)]
pub struct Item {
    /// As a report names it; `-` is standard input.
    pub name: String,
    /// Bytes as stored; 0 for a stream, whose size nobody knows.
    pub size_stored: u64,
    origin: Origin,
}

#[derive(Clone, Debug)]
enum Origin {
    Path(PathBuf),
    Remote(remote::Far),
    Stream(Arc<Stream>),
}

impl Item {
    /// A file.
    pub fn file(name: String, path: PathBuf, size_stored: u64) -> Self {
        Self { name, size_stored, origin: Origin::Path(path) }
    }

    /// Something that lies elsewhere and can be opened again.
    pub fn remote(name: String, size_stored: u64, origin: Arc<dyn Remote>) -> Self {
        Self { name, size_stored, origin: Origin::Remote(remote::Far(origin)) }
    }

    /// A stream, opened when it is first read.
    pub fn stream(
        name: String,
        open: impl FnOnce() -> std::io::Result<Box<dyn std::io::Read + Send>> + Send + 'static,
    ) -> Self {
        Self { name, size_stored: 0, origin: Origin::Stream(Arc::new(Stream::new(Box::new(open)))) }
    }
}

/// Takes what a [`Reader`] finds: files, the records in them, and rejects.
pub trait FileSink: Sink {
    /// A file begins; an archive's member is named `archive.tar!member`.
    fn begin(&mut self, file: &str);

    /// The file begun last has ended.
    fn end(&mut self, end: FileEnd);

    /// A file, or a part of it, could not be read. May come outside of `begin` and `end`.
    fn file_reject(&mut self, file: &str, offset: Option<u64>, cause: String);

    /// Whether to stop reading.
    fn interrupted(&self) -> bool;

    /// Whether an archive's member is worth inflating.
    fn wants(&self, _file: &str) -> bool {
        true
    }
}

/// What a file turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileEnd {
    /// What its content was recognised as.
    pub kind: Kind,
    /// What was in it.
    pub counts: Counts,
    /// Bytes of JSON.
    pub bytes_inflated: u64,
}

/// What was read of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Volume {
    /// Bytes read, as stored.
    pub bytes_stored: u64,
    /// Bytes of JSON after inflating.
    pub bytes_inflated: u64,
}

/// Reads items; one for each worker, because it reuses its buffers.
pub struct Reader {
    limits: Limits,
    spill_folder: PathBuf,
    stop: Arc<AtomicBool>,
    buffers: Buffers,
}

/// What is reused from item to item.
#[derive(Default)]
struct Buffers {
    stored: Vec<u8>,
    member: Vec<u8>,
    inflated: Vec<u8>,
    window: Vec<u8>,
    decompressor: libdeflater::Decompressor,
}

impl Reader {
    /// A reader that keeps large streams in `spill_folder`.
    pub fn new(limits: Limits, spill_folder: PathBuf) -> Self {
        Self { limits, spill_folder, stop: Arc::default(), buffers: Buffers::default() }
    }

    /// A reader that ends a stream where it is once `stop` is set.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Reads everything in `item`.
    pub fn read(&mut self, item: &Item, sink: &mut dyn FileSink) -> Volume {
        read::read(self, item, sink)
    }

    /// Reads single records again: for each file of `item` that is wanted, the records with the
    /// given numbers go to `each`, in their order in the file.
    ///
    /// Files of one name in one archive are all asked for their records.
    pub fn fetch(
        &mut self,
        item: &Item,
        wanted: &fetch::Wanted,
        each: &mut dyn FnMut(&str, u64, &[u8]),
    ) {
        fetch::fetch(self, item, wanted, each);
    }
}

pub use fetch::Wanted;
