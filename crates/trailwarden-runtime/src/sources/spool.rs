//! Streams that can be read only once: kept while they are read, so that they can be read again.
//!
//! A thread of its own reads the stream, because a reader that waits for a slow one could not be
//! interrupted. An interrupted stream ends where it is; what was read of it counts.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

/// Bytes of a stream that are kept in memory.
const MEMORY_MAX: usize = 4 << 20;
/// Bytes that are handed over at once, and how many such pieces may wait.
const PIECE: usize = 128 << 10;
const PIECES_MAX: usize = 4;
/// How soon an interruption is noticed while the stream is silent.
const PATIENCE: Duration = Duration::from_millis(50);

/// Opens a stream.
pub(super) type Open = Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>;

/// A stream, and what it contained once it has been read.
pub(super) struct Stream {
    open: Mutex<Option<Open>>,
    kept: OnceLock<Kept>,
}

/// What was read of a stream.
enum Kept {
    Memory(Vec<u8>),
    /// Without a name, so that nothing is left behind however the process ends.
    File(File),
}

/// A way to read a stream from its beginning.
pub(super) enum Replay<'a> {
    Live(Live<'a>),
    Memory(Cursor<&'a [u8]>),
    File(File),
    /// What is no stream of ours, but is read like one.
    Remote(Box<dyn Read + Send>),
}

impl Stream {
    pub(super) fn new(open: Open) -> Self {
        Self { open: Mutex::new(Some(open)), kept: OnceLock::new() }
    }

    /// The stream itself, the first time; after that, what was read of it.
    pub(super) fn replay<'a>(
        &'a self,
        spill_folder: &'a Path,
        stop: &'a AtomicBool,
    ) -> io::Result<Replay<'a>> {
        match self.kept.get() {
            Some(Kept::Memory(bytes)) => Ok(Replay::Memory(Cursor::new(bytes))),
            Some(Kept::File(file)) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(Replay::File(file))
            }
            None => {
                let open = self.open.lock().ok().and_then(|mut open| open.take());
                let open = open.ok_or_else(|| {
                    io::Error::other("the stream can be read only once, and that failed")
                })?;
                Live::begin(self, open, spill_folder, stop).map(Replay::Live)
            }
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
            Self::Live(live) => live.read(out),
            Self::Memory(bytes) => bytes.read(out),
            Self::File(file) => file.read(out),
            Self::Remote(source) => source.read(out),
        }
    }
}

/// A stream that is being read, and kept.
pub(super) struct Live<'a> {
    stream: &'a Stream,
    stop: &'a AtomicBool,
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
    kept: Kept,
    spill_folder: PathBuf,
}

impl<'a> Live<'a> {
    fn begin(
        stream: &'a Stream,
        open: Open,
        spill_folder: &Path,
        stop: &'a AtomicBool,
    ) -> io::Result<Self> {
        let (sender, pieces) = sync_channel(PIECES_MAX);
        // Not joined: it may wait for input that never comes.
        thread::Builder::new().spawn(move || pump(open, &sender))?;
        let mut live = Self {
            stream,
            stop,
            pieces,
            piece: Vec::new(),
            at: 0,
            kept: Kept::Memory(Vec::new()),
            spill_folder: spill_folder.to_owned(),
        };
        // The first piece is empty and says that the stream is open.
        live.next()?;
        Ok(live)
    }

    /// Waits for the next piece; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        self.at = 0;
        self.piece.clear();
        while !self.stop.load(Ordering::Relaxed) {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => {
                    self.piece = piece?;
                    self.keep()?;
                    return Ok(true);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(false)
    }

    fn keep(&mut self) -> io::Result<()> {
        match &mut self.kept {
            Kept::File(file) => file.write_all(&self.piece),
            Kept::Memory(bytes) if bytes.len() + self.piece.len() <= MEMORY_MAX => {
                bytes.extend_from_slice(&self.piece);
                Ok(())
            }
            Kept::Memory(bytes) => {
                let mut file = tempfile::tempfile_in(&self.spill_folder)?;
                file.write_all(bytes)?;
                file.write_all(&self.piece)?;
                self.kept = Kept::File(file);
                Ok(())
            }
        }
    }
}

impl Read for Live<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.next()? {
            return Ok(0);
        }
        let left = self.piece.get(self.at..).unwrap_or_default();
        let taken = left.len().min(out.len());
        if let (Some(out), Some(left)) = (out.get_mut(..taken), left.get(..taken)) {
            out.copy_from_slice(left);
        }
        self.at += taken;
        Ok(taken)
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        let kept = std::mem::replace(&mut self.kept, Kept::Memory(Vec::new()));
        // A stream is read live once, so nothing was kept before.
        let _ = self.stream.kept.set(kept);
    }
}

/// Reads the stream until it ends, fails, or nobody wants more of it.
fn pump(open: Open, pieces: &SyncSender<io::Result<Vec<u8>>>) {
    let mut source = match open() {
        Ok(source) => source,
        Err(error) => {
            let _ = pieces.send(Err(error));
            return;
        }
    };
    let mut wanted = pieces.send(Ok(Vec::new())).is_ok();
    while wanted {
        let mut piece = vec![0; PIECE];
        let read = match source.read(&mut piece) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let _ = pieces.send(Err(error));
                return;
            }
        };
        piece.truncate(read);
        wanted = pieces.send(Ok(piece)).is_ok();
    }
}
