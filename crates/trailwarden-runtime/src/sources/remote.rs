//! Opening items, also what does not lie on this machine.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Origin;
use super::spool::Replay;

/// Something that is fetched from elsewhere when it is read.
///
/// It may be opened again, for single records, and gives the same bytes each time; where that has
/// become impossible, it gives an error.
pub trait Remote: Send + Sync {
    /// Opens it for its bytes as stored.
    ///
    /// # Errors
    /// When nobody gives it. The text says why and what to do: it is told as it is. So is that of an
    /// error of the reader, which may come after any number of bytes.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

/// A [`Remote`] that can be shown in messages of tests.
#[derive(Clone)]
pub(super) struct Far(pub(super) Arc<dyn Remote>);

impl fmt::Debug for Far {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remote")
    }
}

impl Origin {
    /// Opens it for its bytes as stored; the error says why not, and what to do.
    pub(super) fn open<'a>(
        &'a self,
        spill_folder: &'a Path,
        stop: &'a AtomicBool,
    ) -> Result<Replay<'a>, String> {
        let opened = match self {
            Self::Path(path) => File::open(path).map(Replay::File),
            Self::Stream(stream) => stream.replay(spill_folder, stop),
            Self::Remote(far) => {
                return far.0.open().map(Replay::Remote).map_err(|error| error.to_string());
            }
        };
        opened
            .map_err(|error| format!("cannot open it: {error}; check the path and its permissions"))
    }
}
