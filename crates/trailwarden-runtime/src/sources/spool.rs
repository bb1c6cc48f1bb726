//! Streams that can be read only once, kept so that they can be read again.

use std::fs::File;
use std::io::{self, Cursor, Read, Write as _};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use tempfile::NamedTempFile;

/// Bytes of a stream that are kept in memory.
const MEMORY_MAX: usize = 4 << 20;

/// Opens a stream.
pub(super) type Open = Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>;

/// A stream, and what it contained once it has been read.
pub(super) struct Stream {
    open: Mutex<Option<Open>>,
    kept: OnceLock<Result<Kept, String>>,
}

enum Kept {
    Memory(Vec<u8>),
    File(NamedTempFile),
}

/// A way to read a kept stream from its beginning.
pub(super) enum Replay<'a> {
    Memory(Cursor<&'a [u8]>),
    File(File),
}

impl Stream {
    pub(super) fn new(open: Open) -> Self {
        Self { open: Mutex::new(Some(open)), kept: OnceLock::new() }
    }

    /// Reads the stream to its end if that has not happened yet, then replays it.
    pub(super) fn replay(&self, spill_folder: &Path) -> io::Result<Replay<'_>> {
        let kept = self.kept.get_or_init(|| {
            let open = self.open.lock().ok().and_then(|mut open| open.take());
            match open {
                Some(open) => keep(open, spill_folder).map_err(|error| error.to_string()),
                None => Err("the stream was lost while it was read".to_owned()),
            }
        });
        match kept {
            Ok(Kept::Memory(bytes)) => Ok(Replay::Memory(Cursor::new(bytes))),
            Ok(Kept::File(file)) => file.reopen().map(Replay::File),
            Err(cause) => Err(io::Error::other(cause.clone())),
        }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stream")
    }
}

impl Read for Replay<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(out),
            Self::File(file) => file.read(out),
        }
    }
}

fn keep(open: Open, spill_folder: &Path) -> io::Result<Kept> {
    let mut source = open()?;
    let mut memory = Vec::new();
    source.by_ref().take(MEMORY_MAX as u64 + 1).read_to_end(&mut memory)?;
    if memory.len() <= MEMORY_MAX {
        return Ok(Kept::Memory(memory));
    }
    let mut file = NamedTempFile::with_prefix_in("trailwarden-", spill_folder)?;
    file.write_all(&memory)?;
    drop(memory);
    io::copy(&mut source, &mut file)?;
    file.flush()?;
    Ok(Kept::File(file))
}
