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

    /// Like [`Usual::text`], for a text that nearly always has this length.
    ///
    /// Where the next member begins is known then before the text was looked at, and the processor goes on
    /// there while it does; an end that is searched for has to be waited for.
    #[inline(always)]
    pub fn text_of<const N: usize, const L: usize>(&mut self, key: &[u8; L]) -> Option<&'a [u8]> {
        let Some((head, rest)) = self.rest.split_first_chunk::<L>() else { return Some(&[]) };
        if head != key {
            return Some(&[]);
        }
        let (text, rest) = match plain_of::<N>(rest) {
            Some(known) => known,
            None => plain(rest)?,
        };
        self.rest = rest;
        Some(text)
    }
}

/// Text of this length with its closing quote, and what comes behind; `None` where it is anything
/// else than that, and ASCII without escapes.
#[inline(always)]
fn plain_of<const N: usize>(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (text, behind) = bytes.split_at_checked(N)?;
    let (quote, behind) = behind.split_first()?;
    if *quote != b'"' {
        return None;
    }
    let mut from = 0;
    // The last chunk ends with the quote, or begins with the text where that is shorter.
    while from + 16 <= N {
        if stops(bytes.get(from..)?.first_chunk()?) != 0 {
            return None;
        }
        from += 16;
    }
    let last = (N + 1).saturating_sub(16);
    let quote = 1 << (N - last);
    let stops = stops(bytes.get(last..)?.first_chunk()?);
    (stops & (quote * 2 - 1) == quote).then_some((text, behind))
}

/// Which of these bytes are quotes, backslashes or beyond ASCII.
#[inline(always)]
fn stops(chunk: &[u8; 16]) -> u32 {
    let chunk = u8x16::new(*chunk);
    let ends = chunk.simd_eq(u8x16::splat(b'"')) | chunk.simd_eq(u8x16::splat(b'\\'));
    // The top bit of a byte beyond ASCII is set already.
    (ends | chunk).to_bitmask()
}

/// Text up to its closing quote, and what comes behind; `None` where it is not ASCII, holds an
/// escape, or comes close to the end of the bytes.
#[inline(always)]
fn plain(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    loop {
        let (chunk, later) = rest.split_first_chunk::<16>()?;
        let stops = stops(chunk);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is said of a member, and where it goes on.
    fn told<'a>(
        bytes: &'a [u8],
        take: impl Fn(&mut Usual<'a>) -> Option<&'a [u8]>,
    ) -> (Option<&'a [u8]>, usize) {
        let mut usual = Usual::new(bytes, 0);
        (take(&mut usual), usual.at())
    }

    proptest! {
        /// A length that is expected changes nothing but the way to the end.
        #[test]
        fn an_expected_length_does_not_show(
            text in r#"[a-z0-9"\\\u{e9}]{0,3}[a-z0-9-]{0,40}[a-z"\\\u{e9}]{0,2}"#,
            tail in "[,}a-z\"]{16,40}",
        ) {
            let bytes = format!("k:\"{text}\"{tail}").into_bytes();
            let expected = told(&bytes, |usual| usual.text(b"k:\""));
            for told in [
                told(&bytes, |usual| usual.text_of::<4, _>(b"k:\"")),
                told(&bytes, |usual| usual.text_of::<12, _>(b"k:\"")),
                told(&bytes, |usual| usual.text_of::<15, _>(b"k:\"")),
                told(&bytes, |usual| usual.text_of::<16, _>(b"k:\"")),
                told(&bytes, |usual| usual.text_of::<20, _>(b"k:\"")),
                told(&bytes, |usual| usual.text_of::<36, _>(b"k:\"")),
            ] {
                prop_assert_eq!(told, expected);
            }
        }
    }
}
