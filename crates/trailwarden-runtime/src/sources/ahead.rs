//! Reading an input, or as much of it as is held whole, into a buffer that is used again.

use std::io::{self, Read};

/// How much room a buffer begins with where nobody knows the size.
const AHEAD: usize = 64 << 10;

/// How reading ahead into a buffer ended.
pub(super) enum Ahead {
    /// Everything is in the buffer.
    All,
    /// There is more.
    More,
    /// Reading failed behind what is in the buffer.
    Failed(io::Error),
}

/// Reads up to so many bytes and one more into a buffer that is written over, and says how many there
/// are. The buffer keeps its length: bytes that were there once need no clearing for the next item.
pub(super) fn read_ahead(
    source: &mut dyn Read,
    buffer: &mut Vec<u8>,
    bytes_max: usize,
) -> (usize, Ahead) {
    let mut filled = 0;
    while filled <= bytes_max {
        if filled == buffer.len() {
            buffer.resize((filled * 2).max(AHEAD).min(bytes_max + 1), 0);
        }
        let end = buffer.len().min(bytes_max + 1);
        match source.read(buffer.get_mut(filled..end).unwrap_or_default()) {
            Ok(0) => return (filled, Ahead::All),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Ahead::Failed(error)),
        }
    }
    (filled, Ahead::More)
}

/// Fails once, then has ended: an error that was met while reading ahead.
pub(super) struct Failing(pub(super) Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(error) => Err(error),
            None => Ok(0),
        }
    }
}
