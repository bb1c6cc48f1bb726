//! Reading one item: unpacking by magic, walking what comes out.

use std::io::{self, Read};
use std::sync::atomic::Ordering;

use trailwarden_record::envelope::Walker;
use trailwarden_record::limits::Limits;

use super::ahead::{Ahead, Failing, read_ahead};
use super::gzip::Gzip;
use super::meter::{Counted, Spending};
use super::tarball::{self, Member};
use super::trouble::{self, Budget, Trouble};
use super::{
    Buffers, FileEnd, FileSink, INFLATED_MAX, Item, MEMBER_MAX, Origin, Reader, STORED_MAX, Volume,
    whole,
};

/// Wrappings around each other: gzip in tar in gzip is three.
pub(super) const LAYERS_MAX: u8 = 3;

/// Bytes that tell what a content is: tar's magic stands at 257.
pub(super) const HEAD: usize = 512;

/// A window's first size; it grows up to one largest record.
const WINDOW: usize = 1 << 20;

/// The largest window of zstd, as a power of two: 32 MiB, as far as level 20 goes.
const ZSTD_WINDOW_LOG_MAX: u32 = 25;

/// Buffers above this shrink after use.
const KEEP: usize = 8 << 20;

/// What a content is packed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Tar,
    /// Something that trailwarden does not unpack, and what to do about it.
    Foreign(&'static str),
}

pub(super) fn packing(head: &[u8]) -> Packing {
    match head {
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Packing::Zstd,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => {
            Packing::Foreign("a zip archive; unzip it and give the folder")
        }
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => {
            Packing::Foreign("packed with bzip2; run `bunzip2` on it")
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            Packing::Foreign("packed with xz; run `unxz` on it")
        }
        [b'7', b'z', 0xbc, 0xaf, ..] => {
            Packing::Foreign("a 7z archive; unpack it and give the folder")
        }
        _ if head.get(257..262) == Some(b"ustar") => Packing::Tar,
        _ => Packing::Plain,
    }
}

pub(super) fn read(reader: &mut Reader, item: &Item, sink: &mut dyn FileSink) -> Volume {
    let Reader { limits, spill_folder, stop, buffers } = reader;
    let budget = Budget::new(*limits);
    match item.origin.open(spill_folder, stop) {
        Ok(mut source) => {
            let mut stored = std::mem::take(&mut buffers.stored);
            // Without this, growing by doubling would hold up to twice as much.
            let size = usize::try_from(item.size_stored).unwrap_or(STORED_MAX);
            let missing = (size.min(STORED_MAX) + 1).saturating_sub(stored.len());
            stored.reserve_exact(missing);
            stored.resize(stored.len() + missing, 0);
            let mut work = Work { limits: *limits, budget: &budget, buffers, sink };
            work.item(&item.name, &mut source, &mut stored);
            buffers.stored = stored;
        }
        // Nobody waits any more for what lies elsewhere.
        Err(_) if matches!(item.origin, Origin::Remote(_)) && stop.load(Ordering::Relaxed) => {}
        Err(cause) => sink.file_reject(&item.name, None, cause),
    }
    for buffer in
        [&mut buffers.stored, &mut buffers.member, &mut buffers.inflated, &mut buffers.window]
    {
        if buffer.capacity() > KEEP {
            buffer.truncate(KEEP);
            buffer.shrink_to(KEEP);
        }
    }
    Volume { bytes_stored: budget.stored.get(), bytes_inflated: budget.walked.get() }
}

struct Work<'a> {
    limits: Limits,
    budget: &'a Budget,
    buffers: &'a mut Buffers,
    sink: &'a mut dyn FileSink,
}

impl Work<'_> {
    fn item(&mut self, name: &str, source: &mut dyn Read, stored: &mut Vec<u8>) {
        let mut source = Counted { source, budget: self.budget };
        let (filled, ahead) = read_ahead(&mut source, stored, STORED_MAX);
        let stored = stored.get(..filled).unwrap_or_default();
        if matches!(ahead, Ahead::All) && self.whole(name, stored) {
            return;
        }
        match ahead {
            Ahead::All => self.content(name, &mut &*stored, 0),
            Ahead::More => self.content(name, &mut stored.chain(source), 0),
            Ahead::Failed(error) => {
                self.content(name, &mut stored.chain(Failing(Some(error))), 0);
            }
        }
    }

    /// Reads content that is in memory, if it is plain or gzip of plain, and undamaged.
    fn whole(&mut self, name: &str, stored: &[u8]) -> bool {
        match packing(stored) {
            Packing::Plain => {
                self.walk(name, stored);
                true
            }
            Packing::Gzip => {
                let mut inflated = std::mem::take(&mut self.buffers.inflated);
                let inflated_max = self.limits.inflated_max.min(INFLATED_MAX as u64) as usize;
                let decompressor = &mut self.buffers.decompressor;
                let size = whole::inflate(decompressor, stored, &mut inflated, inflated_max);
                let content = size
                    .and_then(|size| inflated.get(..size))
                    .filter(|content| packing(content) == Packing::Plain)
                    // A bomb is told by the stream, which keeps count.
                    .filter(|content| self.budget.spend(content.len()).is_ok());
                if let Some(content) = content {
                    self.walk(name, content);
                }
                let done = content.is_some();
                self.buffers.inflated = inflated;
                done
            }
            _ => false,
        }
    }

    fn walk(&mut self, name: &str, content: &[u8]) {
        self.sink.begin(name);
        let mut walker = Walker::new(self.limits);
        walker.feed(content, true, &mut *self.sink);
        self.end(&walker);
    }

    fn end(&mut self, walker: &Walker) {
        let bytes_inflated = walker.offset();
        self.budget.walked.set(self.budget.walked.get() + bytes_inflated);
        self.sink.end(FileEnd { kind: walker.kind(), counts: walker.counts(), bytes_inflated });
    }

    /// Unpacks a stream by its first bytes, then walks it.
    fn content(&mut self, name: &str, source: &mut dyn Read, layer: u8) {
        let mut head = Vec::new();
        let failed = (&mut *source).take(HEAD as u64).read_to_end(&mut head).err();
        let packing = packing(&head);
        let head = io::Cursor::new(head).chain(Failing(failed));
        let mut source: Box<dyn Read + '_> = Box::new(head.chain(source));
        if layer >= LAYERS_MAX && !matches!(packing, Packing::Plain | Packing::Foreign(_)) {
            let cause = format!("packed more than {LAYERS_MAX} times; unpack it first");
            self.sink.file_reject(name, None, cause);
            return;
        }
        match packing {
            Packing::Plain => self.stream(name, &mut *source),
            Packing::Gzip => {
                let mut gzip = Gzip::new(source, self.budget);
                self.content(name, &mut gzip, layer + 1);
            }
            Packing::Zstd => self.zstd(name, source, layer),
            Packing::Tar => self.tar(name, &mut *source, layer),
            Packing::Foreign(advice) => self.sink.file_reject(name, None, advice.to_owned()),
        }
    }

    fn zstd(&mut self, name: &str, source: Box<dyn Read + '_>, layer: u8) {
        match zstd_decoder(source) {
            Ok(decoder) => {
                let mut spending = Spending { source: decoder, budget: self.budget };
                self.content(name, &mut spending, layer + 1);
            }
            Err(error) => self.sink.file_reject(name, None, format!("zstd is not ready: {error}")),
        }
    }

    fn tar(&mut self, name: &str, source: &mut dyn Read, layer: u8) {
        tarball::members(source, &mut |member| {
            match member {
                Member::File { name: inner, size, content } => {
                    let file = format!("{name}!{inner}");
                    if self.sink.wants(&file) {
                        self.member(&file, size, content, layer + 1);
                    }
                }
                Member::Refused { name: inner, cause } => {
                    self.sink.file_reject(&format!("{name}!{inner}"), None, cause);
                }
                Member::Broken { cause } => self.sink.file_reject(name, None, cause),
            }
            !self.sink.interrupted()
        });
    }

    fn member(&mut self, file: &str, size: u64, content: &mut dyn Read, layer: u8) {
        if size > MEMBER_MAX as u64 || layer >= LAYERS_MAX {
            self.content(file, content, layer);
            return;
        }
        let mut buffer = std::mem::take(&mut self.buffers.member);
        let (filled, ahead) = read_ahead(content, &mut buffer, MEMBER_MAX);
        let member = buffer.get(..filled).unwrap_or_default();
        match ahead {
            Ahead::All if filled as u64 == size => {
                if !self.whole(file, member) {
                    self.content(file, &mut &*member, layer);
                }
            }
            Ahead::All | Ahead::More => {
                let cut = Trouble::Damage {
                    cause: "the archive ends inside this member".to_owned(),
                    resumable: false,
                };
                let source = &mut member.chain(Failing(Some(cut.into_io())));
                self.content(file, source, layer);
            }
            Ahead::Failed(error) => {
                self.content(file, &mut member.chain(Failing(Some(error))), layer);
            }
        }
        self.buffers.member = buffer;
    }

    /// Walks a stream through a window.
    fn stream(&mut self, name: &str, source: &mut dyn Read) {
        self.sink.begin(name);
        let mut walker = Walker::new(self.limits);
        let mut window = std::mem::take(&mut self.buffers.window);
        let window_max = self.limits.record_max.saturating_add(1).max(WINDOW);
        let mut held = 0;
        while !self.sink.interrupted() {
            if window.len() < WINDOW {
                window.resize(WINDOW, 0);
            } else if held == window.len() {
                window.resize((held * 2).min(window_max).max(held + 1), 0);
            }
            let (read, end) = fill(source, window.get_mut(held..).unwrap_or_default());
            held += read;
            let content = window.get(..held).unwrap_or_default();
            let done = match &end {
                Filled::Full => walker.feed(content, false, &mut *self.sink),
                Filled::Ended => walker.feed(content, true, &mut *self.sink),
                Filled::Failed(_) => {
                    walker.cut_short();
                    walker.feed(content, true, &mut *self.sink)
                }
            };
            window.copy_within(done.min(held)..held, 0);
            held -= done.min(held);
            match end {
                Filled::Full => {}
                Filled::Ended => break,
                Filled::Failed(error) => {
                    let offset = Some(walker.offset());
                    self.sink.file_reject(name, offset, trouble::cause(&error));
                    let Some(Trouble::Damage { resumable: true, .. }) = Trouble::of(&error) else {
                        break;
                    };
                    walker.resume_after_gap();
                }
            }
        }
        self.buffers.window = window;
        self.end(&walker);
    }
}

/// Unpacks zstd.
pub(super) fn zstd_decoder<R: Read>(
    source: R,
) -> io::Result<zstd::stream::read::Decoder<'static, io::BufReader<R>>> {
    let mut decoder = zstd::stream::read::Decoder::new(source)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
    Ok(decoder)
}

/// How filling a window ended.
enum Filled {
    Full,
    Ended,
    Failed(io::Error),
}

/// Reads until the window is full or the source is not willing any more.
fn fill(source: &mut dyn Read, mut window: &mut [u8]) -> (usize, Filled) {
    let mut filled = 0;
    while !window.is_empty() {
        match source.read(window) {
            Ok(0) => return (filled, Filled::Ended),
            Ok(read) => {
                filled += read;
                window = window.get_mut(read..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Filled::Failed(error)),
        }
    }
    (filled, Filled::Full)
}
