//! Members that are expected one by one.

use wide::u8x16;

/// A place in some bytes, between members.
pub struct Usual<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Usual<'a> {
    /// Begins at a place.
    #[inline(always)]
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, rest: bytes.get(at..).unwrap_or_default() }
    }

    /// The place.
    #[inline(always)]
    pub fn at(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    /// Goes to a place.
    #[inline(always)]
    pub fn resume(&mut self, at: usize) {
        self.rest = self.bytes.get(at..).unwrap_or_default();
    }

    /// Passes these bytes, if they come next.
    #[inline(always)]
    #[must_use]
    pub fn pass<const L: usize>(&mut self, bytes: &[u8; L]) -> bool {
        match self.rest.split_first_chunk::<L>() {
            Some((head, rest)) if head == bytes => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Where the value of the next member begins, if that has this key. The key comes with what
    /// stands around it, from the comma to the colon.
    #[inline(always)]
    pub fn value<const L: usize>(&self, key: &[u8; L]) -> Option<usize> {
        let (head, rest) = self.rest.split_first_chunk::<L>()?;
        (head == key && !matches!(rest.first(), None | Some(b' ' | b'\n' | b'\r' | b'\t')))
            .then(|| self.bytes.len() - rest.len())
    }

    /// Passes the next member if it has this key, and answers its text; empty if it has another key.
    /// `None`, and nothing passed, if the text is anything else than ASCII without escapes. The key
    /// comes with what stands around it, from the comma to the quote of its text.
    #[inline(always)]
    pub fn text<const L: usize>(&mut self, key: &[u8; L]) -> Option<&'a [u8]> {
        let Some((head, rest)) = self.rest.split_first_chunk::<L>() else { return Some(&[]) };
        if head != key {
            return Some(&[]);
        }
        let (text, rest) = plain(rest)?;
        self.rest = rest;
        Some(text)
    }
}

/// Text up to its closing quote, and what comes behind; `None` where it is not ASCII, holds an
/// escape, or comes close to the end of the bytes.
#[inline(always)]
fn plain(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (quote, backslash) = (u8x16::splat(b'"'), u8x16::splat(b'\\'));
    let mut rest = bytes;
    loop {
        let (chunk, later) = rest.split_first_chunk::<16>()?;
        let chunk = u8x16::new(*chunk);
        // The top bit of a byte beyond ASCII is set already.
        let stops = (chunk.simd_eq(quote) | chunk.simd_eq(backslash) | chunk).to_bitmask();
        if stops == 0 {
            rest = later;
            continue;
        }
        let end = bytes.len() - rest.len() + stops.trailing_zeros() as usize;
        let (text, behind) = bytes.split_at_checked(end)?;
        let (first, behind) = behind.split_first()?;
        return (*first == b'"').then_some((text, behind));
    }
}
