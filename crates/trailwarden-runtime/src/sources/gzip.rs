//! Gzip that streams, knows where it is damaged, and goes on behind the damage.
//!
//! `flate2`'s own readers drop the bytes that were inflated in the call that hits the damage, and
//! end there. An incident's logs are worth more: every byte before the damage is handed out, then
//! an error tells the place, and the next call continues at the next member if there is one.

use std::io::{self, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::trouble::{Budget, Trouble};

/// Bytes of input held; a header's optional fields must fit.
const INPUT: usize = 128 << 10;

/// Damaged members of one stream behind which reading goes on.
const PATIENCE: u32 = 1_000;

/// What every member begins with: the magic and the only method there is.
const MAGIC: &[u8] = &[0x1f, 0x8b, 8];

/// Inflates all members of a stream, one after the other.
pub(super) struct Gzip<'a, R> {
    source: R,
    budget: &'a Budget,
    input: Box<[u8]>,
    from: usize,
    to: usize,
    /// Offset in the stored bytes of `input`'s first byte.
    base: u64,
    /// Where in `input` the current member began, if it is still there.
    member: usize,
    state: State,
    inflate: Decompress,
    crc: Crc,
    /// Members that may still be damaged before the rest is given up: each is tried from its own
    /// header on, so that hostile headers close together would be inflated over and over.
    patience: u32,
    /// Damage met after bytes that had to be handed out first.
    pending: Option<Trouble>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between { first: bool },
    Body,
    Trailer,
    Done,
}

impl<'a, R: Read> Gzip<'a, R> {
    pub(super) fn new(source: R, budget: &'a Budget) -> Self {
        Self {
            source,
            budget,
            input: vec![0; INPUT].into_boxed_slice(),
            from: 0,
            to: 0,
            base: 0,
            member: 0,
            state: State::Between { first: true },
            inflate: Decompress::new(false),
            crc: Crc::new(),
            patience: PATIENCE,
            pending: None,
        }
    }

    fn held(&self) -> &[u8] {
        self.input.get(self.from..self.to).unwrap_or_default()
    }

    fn offset(&self) -> u64 {
        self.base + self.from as u64
    }

    /// Holds at least `wanted` bytes, unless the source ends before.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.to - self.from < wanted {
            if self.from + wanted > self.input.len() || self.to == self.input.len() {
                self.input.copy_within(self.from..self.to, 0);
                self.base += self.from as u64;
                self.member = self.member.saturating_sub(self.from);
                self.to -= self.from;
                self.from = 0;
            }
            let room = self.input.get_mut(self.to..).unwrap_or_default();
            if room.is_empty() {
                return Ok(());
            }
            match self.source.read(room) {
                Ok(0) => return Ok(()),
                Ok(read) => self.to += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Passes what stands between members, and the next one's header.
    fn header(&mut self, first: bool) -> Result<(), Trouble> {
        self.fill(18).map_err(unreadable)?;
        while !first && self.held().first() == Some(&0) {
            // Padding, as tapes and some tools leave it.
            self.from += self.held().iter().take_while(|byte| **byte == 0).count();
            self.fill(18).map_err(unreadable)?;
        }
        if self.held().is_empty() {
            self.state = State::Done;
            return Ok(());
        }
        self.member = self.from;
        if !self.held().starts_with(MAGIC) {
            let offset = self.offset();
            return Err(damage(format!("what follows its gzip data at byte {offset} is no gzip")));
        }
        self.fill(INPUT / 2).map_err(unreadable)?;
        let length = header_length(self.held());
        let Some(length) = length else {
            let offset = self.offset();
            return Err(damage(format!("broken gzip header at byte {offset}")));
        };
        self.from += length;
        self.inflate.reset(false);
        self.crc.reset();
        self.state = State::Body;
        Ok(())
    }

    /// Inflates into `out`; 0 at the end of the member.
    fn body(&mut self, out: &mut [u8]) -> Result<usize, Trouble> {
        loop {
            if self.from == self.to {
                self.fill(1).map_err(unreadable)?;
            }
            let input = self.input.get(self.from..self.to).unwrap_or_default();
            let ended = input.is_empty();
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(input, out, FlushDecompress::None);
            let read = (self.inflate.total_in() - read) as usize;
            let written = (self.inflate.total_out() - written) as usize;
            self.from = (self.from + read).min(self.to);
            self.crc.update(out.get(..written).unwrap_or_default());
            let trouble = match status {
                Ok(Status::StreamEnd) => {
                    self.state = State::Trailer;
                    return Ok(written);
                }
                Ok(_) if written > 0 => return Ok(written),
                Ok(_) if ended => damage(format!(
                    "gzip ends early, at byte {}; get the whole file again",
                    self.offset()
                )),
                Ok(_) => continue,
                Err(_) => damage(format!("damaged gzip at byte {}", self.offset())),
            };
            if written == 0 {
                return Err(trouble);
            }
            self.pending = Some(trouble);
            return Ok(written);
        }
    }

    fn trailer(&mut self) -> Result<(), Trouble> {
        self.fill(8).map_err(unreadable)?;
        let Some((trailer, _)) = self.held().split_first_chunk::<8>() else {
            self.from = self.to;
            return Err(damage("gzip ends early, before its checksum".to_owned()));
        };
        let [a, b, c, d, e, f, g, h] = *trailer;
        let sum = u32::from_le_bytes([a, b, c, d]);
        let size = u32::from_le_bytes([e, f, g, h]);
        self.from += 8;
        if sum != self.crc.sum() || size != self.crc.amount() {
            let offset = self.offset();
            return Err(damage(format!(
                "the gzip checksum at byte {offset} is wrong, so records before it may be wrong"
            )));
        }
        self.state = State::Between { first: false };
        Ok(())
    }

    /// Looks for another member behind the damage, as far as bytes are held: a damaged member may
    /// have swallowed the beginning of the next one.
    fn recover(&mut self, trouble: Trouble) -> Trouble {
        let Trouble::Damage { cause, .. } = trouble else {
            self.state = State::Done;
            return trouble;
        };
        self.patience = self.patience.saturating_sub(1);
        if self.patience == 0 {
            self.state = State::Done;
            let cause =
                format!("{cause}; {PATIENCE} members are damaged, and the rest is given up");
            return Trouble::Damage { cause, resumable: false };
        }
        let checked = self.state == State::Trailer;
        if checked && self.fill(1).is_ok() && !self.held().is_empty() {
            self.state = State::Between { first: false };
            return Trouble::Damage { cause, resumable: true };
        }
        if self.to - self.from < INPUT / 2 {
            // What cannot be read now will not be found; the damage is told in any case.
            let _ = self.fill(INPUT / 2);
        }
        let held = self.input.get(self.member + 1..self.to).unwrap_or_default();
        let next = memmem::find_iter(held, MAGIC)
            .find(|at| held.get(*at..).is_some_and(is_likely_header))
            .map(|at| self.member + 1 + at);
        match next {
            Some(next) => {
                self.from = next;
                self.state = State::Between { first: true };
                Trouble::Damage { cause, resumable: true }
            }
            None => {
                self.state = State::Done;
                Trouble::Damage { cause, resumable: false }
            }
        }
    }
}

impl<R: Read> Read for Gzip<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let step = match (self.pending.take(), self.state) {
                (Some(trouble), _) => Err(trouble),
                (None, State::Done) => return Ok(0),
                (None, State::Between { first }) => self.header(first).map(|()| 0),
                (None, State::Body) => self.body(out),
                (None, State::Trailer) => self.trailer().map(|()| 0),
            };
            match step {
                Ok(0) => {}
                Ok(written) => {
                    self.budget.spend(written).inspect_err(|_| self.state = State::Done)?;
                    return Ok(written);
                }
                Err(trouble) => return Err(self.recover(trouble).into_io()),
            }
        }
    }
}

fn damage(cause: String) -> Trouble {
    Trouble::Damage { cause, resumable: true }
}

fn unreadable(error: io::Error) -> Trouble {
    match Trouble::of(&error) {
        Some(trouble) => trouble.clone(),
        None => Trouble::TooMuch(format!("cannot read on: {error}")),
    }
}

/// The length of a member's header; `None` when it is cut or too long.
fn header_length(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let size = u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
        at += 2 + usize::from(size);
    }
    // A name and a comment, each ended by a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += memchr::memchr(0, bytes.get(at..)?)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (at < bytes.len()).then_some(at)
}

/// Whether a member's header, found by its magic, has the rest of what real ones have.
pub(super) fn is_likely_header(bytes: &[u8]) -> bool {
    let Some((&[_, _, _, flags, _, _, _, _, extra, system], _)) = bytes.split_first_chunk::<10>()
    else {
        return false;
    };
    flags & 0xe0 == 0 && matches!(extra, 0 | 2 | 4) && (system <= 13 || system == 255)
}
