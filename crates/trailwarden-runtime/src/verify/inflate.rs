//! Inflating a file to sum it, as CloudTrail did: its sums are of the content before it was packed.
//!
//! A log file is one gzip member and nothing else. Bytes behind it would be read by programs that
//! take several members, and not be in the sum, so they make the file invalid.
//! A file that somebody unpacked is summed as it is.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use trailwarden_record::integrity::{Hasher, Sha256, Unread};

/// Inflated bytes of one log file; CloudTrail's have some tens of megabytes.
pub(super) const LOG_MAX: u64 = 4 << 30;
const PIECE: usize = 64 << 10;

/// The sum of a file's content.
pub(super) fn sum(stored: impl Read) -> Result<Sha256, Unread> {
    let mut hasher = Hasher::default();
    inflate(stored, LOG_MAX, |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

/// A file's content.
pub(super) fn whole(stored: impl Read, bytes_max: u64) -> Result<Vec<u8>, Unread> {
    let mut content = Vec::new();
    inflate(stored, bytes_max, |piece| content.extend_from_slice(piece))?;
    Ok(content)
}

fn inflate(stored: impl Read, bytes_max: u64, take: impl FnMut(&[u8])) -> Result<(), Unread> {
    let mut stored = BufReader::with_capacity(PIECE, stored);
    let is_gzip = stored.fill_buf().map_err(unread)?.starts_with(&[0x1f, 0x8b]);
    if !is_gzip {
        return pass(stored, bytes_max, take);
    }
    pass(GzDecoder::new(&mut stored), bytes_max, take)?;
    if stored.fill_buf().map_err(unread)?.is_empty() {
        return Ok(());
    }
    Err(Unread::Damaged("there are bytes behind the end of its content".to_owned()))
}

fn pass(mut from: impl Read, bytes_max: u64, mut take: impl FnMut(&[u8])) -> Result<(), Unread> {
    let mut piece = vec![0; PIECE];
    let mut passed = 0;
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unread(error)),
        };
        passed += read as u64;
        if passed > bytes_max {
            return Err(Unread::Damaged(format!("it inflates to more than {bytes_max} bytes")));
        }
        take(piece.get(..read).unwrap_or_default());
    }
}

/// Whether an error is about the content or about reaching it.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unread(error: io::Error) -> Unread {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Unread::Damaged(format!("it cannot be inflated: {error}"))
        }
        _ => Unread::Unopened(format!("cannot read it: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_sum_is_of_what_was_packed() {
        let packed = gzip(b"records");
        assert_eq!(sum(&packed[..]), Ok(Sha256::of(b"records")));
        assert_eq!(sum(&b"records"[..]), Ok(Sha256::of(b"records")));
        assert_eq!(sum(&b""[..]), Ok(Sha256::of(b"")));
    }

    /// What is behind the one member would be read by a scan, and is in no sum.
    #[test]
    fn nothing_may_follow() {
        for more in [&b"x"[..], &gzip(b"more"), &gzip(b"")] {
            let packed = [gzip(b"records"), more.to_vec()].concat();
            assert!(matches!(sum(&packed[..]), Err(Unread::Damaged(_))), "{more:?}");
        }
    }

    #[test]
    fn damage_is_told_from_what_cannot_be_read() {
        let packed = gzip(&[7; 4000]);
        for end in [3, 12, packed.len() - 1] {
            assert!(matches!(sum(&packed[..end]), Err(Unread::Damaged(_))), "{end}");
        }
        let mut changed = packed.clone();
        changed[packed.len() - 6] ^= 1;
        assert!(matches!(sum(&changed[..]), Err(Unread::Damaged(_))));
        assert!(matches!(whole(&packed[..], 100), Err(Unread::Damaged(_))));
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::PermissionDenied.into())
            }
        }
        assert!(matches!(sum(Broken), Err(Unread::Unopened(_))));
    }
}
