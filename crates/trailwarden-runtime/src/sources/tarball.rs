//! Tar archives: every member that is a file becomes a file of its own.
//!
//! Headers are read raw: the `tar` crate would hold a long name of any claimed size in memory.

use std::io::{self, Read};

use tar::{Archive, EntryType};
use trailwarden_model::escape;

/// Bytes of a member's extended header.
const EXTENDED_MAX: u64 = 64 << 10;

/// What happens to a member.
pub(super) enum Member<'a> {
    /// A file's content.
    File { name: String, size: u64, content: &'a mut dyn Read },
    /// It cannot be read; the archive goes on.
    Refused { name: String, cause: String },
    /// The archive ends here, and not as it should.
    Broken { cause: String },
}

/// Hands the members of the archive to `each`, until that answers false.
///
/// Archives may follow each other, as `cat` joins them.
pub(super) fn members(source: &mut dyn Read, each: &mut dyn FnMut(Member<'_>) -> bool) {
    let mut head = Vec::new();
    loop {
        let mut joined = io::Cursor::new(std::mem::take(&mut head)).chain(&mut *source);
        if !archive(&mut joined, each) {
            return;
        }
        head = match behind_the_end(source) {
            Ok(Behind::Padding) => return,
            Ok(Behind::Archive(block)) => block,
            Ok(Behind::Nothing) => {
                let cause = "the archive has no end mark, so members may be missing; get the whole \
                             file again";
                each(Member::Broken { cause: cause.to_owned() });
                return;
            }
            Err(error) => {
                each(broken(&error));
                return;
            }
        };
    }
}

/// What stands behind the block of zeros that ends an archive.
enum Behind {
    /// Not even the second block of zeros: the first was none, but the end of the bytes.
    Nothing,
    /// Zeros.
    Padding,
    /// The first block of something else.
    Archive(Vec<u8>),
}

fn behind_the_end(source: &mut dyn Read) -> io::Result<Behind> {
    let mut behind = Behind::Nothing;
    loop {
        let mut block = Vec::new();
        source.take(512).read_to_end(&mut block)?;
        if block.is_empty() {
            return Ok(behind);
        }
        if block.iter().any(|byte| *byte != 0) {
            return Ok(Behind::Archive(block));
        }
        behind = Behind::Padding;
    }
}

fn broken(error: &io::Error) -> Member<'static> {
    Member::Broken {
        cause: format!(
            "damaged tar archive, so that members from here on are lost: {}",
            escape::visible(&escape::shorten(&super::trouble::cause(error), 200))
        ),
    }
}

/// Reads one archive; false when nothing is to be read behind it.
fn archive(source: &mut dyn Read, each: &mut dyn FnMut(Member<'_>) -> bool) -> bool {
    let mut archive = Archive::new(source);
    let entries = match archive.entries() {
        Ok(entries) => entries.raw(true),
        Err(error) => {
            each(broken(&error));
            return false;
        }
    };
    let mut long_name = None;
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                each(broken(&error));
                return false;
            }
        };
        let (kind, size) = (entry.header().entry_type(), entry.size());
        let name = |long: &mut Option<String>| {
            long.take().unwrap_or_else(|| {
                String::from_utf8_lossy(&entry.header().path_bytes()).into_owned()
            })
        };
        let go_on = match kind {
            EntryType::GNULongName => {
                long_name = extended(&mut entry).map(|bytes| text(&bytes));
                true
            }
            EntryType::XHeader => {
                long_name = extended(&mut entry).as_deref().and_then(pax_path).or(long_name);
                true
            }
            EntryType::XGlobalHeader | EntryType::GNULongLink => true,
            EntryType::Regular | EntryType::Continuous => {
                let name = name(&mut long_name);
                is_hidden(&name) || each(Member::File { name, size, content: &mut entry })
            }
            EntryType::GNUSparse => {
                let cause = "a sparse member; pack the archive without `--sparse`".to_owned();
                each(Member::Refused { name: name(&mut long_name), cause })
            }
            _ => {
                // Folders, links and devices hold no logs.
                long_name = None;
                true
            }
        };
        if !go_on {
            return false;
        }
    }
    true
}

fn extended(entry: &mut impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(EXTENDED_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or(bytes)).into_owned()
}

/// The `path` of an extended header, whose lines read `LENGTH KEY=VALUE`.
fn pax_path(mut bytes: &[u8]) -> Option<String> {
    while !bytes.is_empty() {
        let space = memchr::memchr(b' ', bytes)?;
        let length: usize = std::str::from_utf8(bytes.get(..space)?).ok()?.parse().ok()?;
        let line = bytes.get(space + 1..length)?;
        if let Some(path) = line.strip_prefix(b"path=") {
            let path = path.strip_suffix(b"\n").unwrap_or(path);
            return Some(String::from_utf8_lossy(path).into_owned());
        }
        bytes = bytes.get(length..)?;
    }
    None
}

/// As in folders, names that begin with a dot are not logs; macOS adds one beside every file.
fn is_hidden(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.starts_with('.'))
}
