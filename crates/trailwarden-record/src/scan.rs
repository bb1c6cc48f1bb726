//! Walking JSON text without building a tree: strings, values and containers, by their bounds.
//!
//! This is the floor of the fast path. It finds where values end, checking strings, nesting and
//! depth, 64 bytes at a time where it pays; it does not check the grammar inside containers that
//! nobody reads (`--no-skip` does, by decoding everything).
//!
//! # Soundness
//! - A quote ends a string only if an even number of backslashes precedes it; `Escapes` carries
//!   that count across block borders.
//! - Brackets count only outside strings. The skip ends at the bracket that returns the depth to
//!   zero, so a container's end never depends on what is inside its strings.
//! - Every function is total: it answers [`Stop::Incomplete`] at the end of the bytes, so a caller
//!   that streams can fetch more and ask again.

mod members;
mod swallowed;
mod usual;

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};
use wide::u8x16;

pub use members::{Key, Member, Members, UNKNOWN};
pub use usual::Usual;

/// Why a walk could not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The bytes ended inside a value.
    Incomplete,
    /// Something that no JSON has at this place.
    Malformed(usize),
    /// Nesting deeper than the limit.
    TooDeep(usize),
}

/// The end of a value or the reason why there is none.
pub type End = Result<usize, Stop>;

/// The first byte at or after `at` that is not JSON white space.
#[inline]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// A string's content and the place after its closing quote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text<'a> {
    /// Between the quotes, escapes untouched.
    pub raw: &'a [u8],
    /// Whether it holds a backslash, so that `raw` is not yet the text.
    pub escaped: bool,
    /// Whether every byte is ASCII, as far as was looked; false only costs a closer look.
    pub ascii: bool,
    /// The byte after the closing quote.
    pub end: usize,
}

/// Reads the string whose opening quote is at `at`.
#[inline(always)]
pub fn string(bytes: &[u8], at: usize) -> Result<Text<'_>, Stop> {
    match bytes.get(at) {
        Some(b'"') => {}
        Some(_) => return Err(Stop::Malformed(at)),
        None => return Err(Stop::Incomplete),
    }
    let start = at + 1;
    let mut text = Text { raw: &[], escaped: false, ascii: true, end: start };
    let mut from = start;
    loop {
        let stop = quote_or_backslash(bytes, from, &mut text.ascii).ok_or(Stop::Incomplete)?;
        if bytes.get(stop) == Some(&b'"') {
            text.raw = bytes.get(start..stop).unwrap_or_default();
            text.end = stop + 1;
            return Ok(text);
        }
        text.escaped = true;
        from = stop + 2;
    }
}

/// The first quote or backslash at or after `from`.
#[inline(always)]
fn quote_or_backslash(bytes: &[u8], mut from: usize, ascii: &mut bool) -> Option<usize> {
    let quote = u8x16::splat(b'"');
    let backslash = u8x16::splat(b'\\');
    while let Some(chunk) = bytes.get(from..).and_then(<[u8]>::first_chunk::<16>) {
        let chunk = u8x16::new(*chunk);
        *ascii &= chunk.to_bitmask() == 0;
        let hits = (chunk.simd_eq(quote) | chunk.simd_eq(backslash)).to_bitmask();
        if hits != 0 {
            return Some(from + hits.trailing_zeros() as usize);
        }
        from += 16;
    }
    *ascii = false;
    let tail = bytes.get(from..)?;
    tail.iter().position(|b| matches!(b, b'"' | b'\\')).map(|offset| from + offset)
}

/// The end of the value that begins at `at` (no white space before it).
#[inline]
pub fn skip_value(bytes: &[u8], at: usize, depth_max: usize) -> End {
    match bytes.get(at) {
        None => Err(Stop::Incomplete),
        Some(b'"') => string(bytes, at).map(|text| text.end),
        Some(b'{' | b'[') => skip_container(bytes, at, depth_max),
        Some(b't') => literal(bytes, at, b"true"),
        Some(b'f') => literal(bytes, at, b"false"),
        Some(b'n') => literal(bytes, at, b"null"),
        Some(b'-' | b'0'..=b'9') => number(bytes, at),
        Some(_) => Err(Stop::Malformed(at)),
    }
}

#[inline]
fn literal(bytes: &[u8], at: usize, word: &[u8]) -> End {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(word) {
        Ok(at + word.len())
    } else if word.starts_with(rest) {
        Err(Stop::Incomplete)
    } else {
        Err(Stop::Malformed(at))
    }
}

fn number(bytes: &[u8], at: usize) -> End {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
        .ok_or(Stop::Incomplete)?;
    Ok(at + length)
}

/// The end of the object or array that begins at `at`.
///
/// Many are long, so this asks what the machine can do at once. Strings are short, and their ends are
/// waited for: there sixteen bytes, as all machines take them, are found to be the fastest.
///
/// # Errors
/// [`Stop::Malformed`] also where the container has taken in what stands behind it. It names the last
/// byte then, as all before it have been read.
pub fn skip_container(bytes: &[u8], at: usize, depth_max: usize) -> End {
    let end = dispatch!(Level::new(), simd => container(simd, bytes, at, depth_max))?;
    match bytes.get(at..end) {
        Some(container) if swallowed::is_own(container) => Ok(end),
        _ => Err(Stop::Malformed(end.saturating_sub(1))),
    }
}

#[inline(always)]
fn container<S: Simd>(simd: S, bytes: &[u8], at: usize, depth_max: usize) -> End {
    let mut walk = Brackets { depth: 0, depth_max, in_string: 0, escapes: Escapes::default() };
    let mut from = at;
    while let Some(block) = bytes.get(from..).and_then(<[u8]>::first_chunk::<64>) {
        if let Some(end) = walk.block(simd, block, from)? {
            return Ok(end);
        }
        from += 64;
    }
    let rest = bytes.get(from..).unwrap_or_default();
    if rest.is_empty() {
        return Err(Stop::Incomplete);
    }
    let mut block = [b' '; 64];
    for (slot, byte) in block.iter_mut().zip(rest) {
        *slot = *byte;
    }
    walk.block(simd, &block, from)?.ok_or(Stop::Incomplete)
}

/// State of a bracket walk between blocks.
struct Brackets {
    depth: usize,
    depth_max: usize,
    /// All ones while inside a string at the block's border, else zero.
    in_string: u64,
    escapes: Escapes,
}

impl Brackets {
    /// Walks one block; the end of the container if it closes here.
    #[inline(always)]
    fn block<S: Simd>(
        &mut self,
        simd: S,
        block: &[u8; 64],
        base: usize,
    ) -> Result<Option<usize>, Stop> {
        let masks = Masks::of(simd, block);
        let quotes = masks.quotes & !self.escapes.escaped(masks.backslashes);
        let strings = prefix_xor(quotes) ^ self.in_string;
        self.in_string = ((strings as i64) >> 63) as u64;
        let mut rest = masks.brackets & !strings;
        while rest != 0 {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            // Of the four brackets only those that open have the bit 0x02.
            if block.get(bit).is_some_and(|bracket| bracket & 0x02 != 0) {
                self.depth += 1;
                if self.depth > self.depth_max {
                    return Err(Stop::TooDeep(base + bit));
                }
            } else {
                self.depth = self.depth.checked_sub(1).ok_or(Stop::Malformed(base + bit))?;
                if self.depth == 0 {
                    return Ok(Some(base + bit + 1));
                }
            }
        }
        Ok(None)
    }
}

/// Where the bytes of interest stand in a block, a bit for each byte.
struct Masks {
    quotes: u64,
    backslashes: u64,
    brackets: u64,
}

impl Masks {
    #[inline(always)]
    fn of<S: Simd>(simd: S, block: &[u8; 64]) -> Self {
        let chunk = u8x64::load_array_ref(simd, block);
        let equal = |byte: u8| chunk.simd_eq(u8x64::splat(simd, byte)).to_bitmask();
        // `{` and `[`, like `}` and `]`, differ only in the bit 0x20. Setting it maps each pair to
        // one byte and no other byte to that byte.
        let folded = chunk | u8x64::splat(simd, 0x20);
        let open = folded.simd_eq(u8x64::splat(simd, b'{'));
        let close = folded.simd_eq(u8x64::splat(simd, b'}'));
        Self {
            quotes: equal(b'"'),
            backslashes: equal(b'\\'),
            brackets: (open | close).to_bitmask(),
        }
    }
}

/// Which bytes are escaped by the backslash before them, across blocks.
#[derive(Default)]
struct Escapes {
    /// One when the next block's first byte is escaped.
    carry: u64,
}

impl Escapes {
    #[inline]
    fn escaped(&mut self, backslashes: u64) -> u64 {
        if backslashes == 0 {
            return std::mem::take(&mut self.carry);
        }
        let mut escaped = self.carry;
        let mut rest = backslashes & !escaped;
        self.carry = 0;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            if bit == 63 {
                self.carry = 1;
                break;
            }
            let next = 1_u64 << (bit + 1);
            escaped |= next;
            rest &= rest - 1;
            // A backslash that is itself escaped escapes nothing.
            rest &= !next;
        }
        escaped
    }
}

/// Bit `i` is the parity of the bits up to and including `i`.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_string_ends_at_its_own_quote() {
        let text = string(br#""a\"b\\" rest"#, 0).unwrap();
        assert_eq!((text.raw, text.escaped, text.end), (&br#"a\"b\\"#[..], true, 8));
        assert_eq!(string(br#""never"#, 0), Err(Stop::Incomplete));
        assert_eq!(string(b"1", 0), Err(Stop::Malformed(0)));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let bytes = br#"{"a":"}]","b":["\"]",{"c":1}]} tail"#;
        assert_eq!(skip_container(bytes, 0, 8), Ok(30));
    }

    #[test]
    fn depth_has_a_limit() {
        let bytes = [b'['; 200];
        assert_eq!(skip_container(&bytes, 0, 100), Err(Stop::TooDeep(100)));
        assert_eq!(skip_container(b"[[[]]]", 0, 3), Ok(6));
    }

    #[test]
    fn literals_may_be_cut_short() {
        assert_eq!(skip_value(b"tru", 0, 8), Err(Stop::Incomplete));
        assert_eq!(skip_value(b"trap", 0, 8), Err(Stop::Malformed(0)));
        assert_eq!(skip_value(b"null,", 0, 8), Ok(4));
    }

    /// JSON values with awkward strings, deep enough to cross block borders.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            r#"[a\\"{}\[\]\u{e9}\n ]{0,40}"#.prop_map(serde_json::Value::String),
        ];
        leaf.prop_recursive(6, 120, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(r#"[a-c\\"]{0,4}"#, inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// The block walk agrees with a real parser about where a value ends, compact or spaced.
        #[test]
        fn a_skip_ends_where_the_value_ends(value in json(), pretty in any::<bool>(), tail in "[ ,}\\]x]{0,3}") {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let whole = format!("{text} {tail}");
            prop_assert_eq!(skip_value(whole.as_bytes(), 0, 64), Ok(text.len()));
        }

        /// No bytes make it panic, and a cut value is incomplete or malformed, never complete.
        #[test]
        fn a_cut_container_never_ends(value in json(), cut in any::<prop::sample::Index>()) {
            let text = serde_json::to_string(&vec![value]).unwrap();
            let cut = cut.index(text.len());
            prop_assert!(skip_value(text.as_bytes().get(..cut).unwrap(), 0, 64).is_err());
        }

        #[test]
        fn any_bytes_are_walked(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = skip_value(&bytes, 0, 16);
            if let Ok(mut members) = Members::enter(&bytes, 0) {
                while let Ok(Some(member)) = members.next() {
                    match skip_value(&bytes, member.value, 16) {
                        Ok(end) => members.resume(end),
                        Err(_) => break,
                    }
                }
            }
        }
    }
}
