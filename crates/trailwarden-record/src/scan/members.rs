//! The members of an object, by their bounds, with a guess at the next key.

use super::{Stop, Text, skip_space, string};

/// The members of an object, one at a time, by their bounds.
pub struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
    first: bool,
    /// Keys that are expected in this order, and which of them is next.
    expected: &'static [Key],
    next: usize,
}

/// A key that is expected, with its quotes and colon.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    text: &'static [u8],
    /// The first eight bytes, and which of them count.
    head: u64,
    mask: u64,
    /// The last eight bytes; zero for keys of eight bytes and less.
    tail: u64,
}

impl Key {
    /// A key such as `"eventName":`.
    pub const fn new(text: &'static [u8]) -> Self {
        let (mut head, mut mask, mut index) = (0, 0, 0);
        while index < text.len() && index < 8 {
            #[expect(
                clippy::indexing_slicing,
                reason = "below the length; checked at compile time"
            )]
            let byte = text[index] as u64;
            head |= byte << (8 * index);
            mask |= 0xff << (8 * index);
            index += 1;
        }
        let (mut tail, mut place) = (0, 0);
        while text.len() > 8 && place < 8 {
            #[expect(
                clippy::indexing_slicing,
                reason = "longer than eight; checked at compile time"
            )]
            let byte = text[text.len() - 8 + place] as u64;
            tail |= byte << (8 * place);
            place += 1;
        }
        Self { text, head, mask, tail }
    }

    /// Whether `rest` begins with the key, of which the head is known to agree.
    #[inline(always)]
    fn is_at(&self, rest: &[u8]) -> bool {
        let length = self.text.len();
        if length <= 8 {
            return true;
        }
        let tail = rest.get(length - 8..).and_then(<[u8]>::first_chunk::<8>);
        tail.is_some_and(|tail| u64::from_le_bytes(*tail) == self.tail)
            && (length <= 16 || rest.get(8..length - 8) == self.text.get(8..length - 8))
    }

    /// The key without quotes and colon.
    pub fn name(&self) -> &'static str {
        std::str::from_utf8(self.raw()).unwrap_or_default()
    }

    fn raw(&self) -> &'static [u8] {
        self.text.get(1..self.text.len() - 2).unwrap_or_default()
    }
}

/// A key and where its value begins.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The key.
    pub key: Text<'a>,
    /// Which of the expected keys it is; [`UNKNOWN`] for none.
    pub index: usize,
    /// The value's first byte.
    pub value: usize,
}

/// The index of a key that is none of those expected.
pub const UNKNOWN: usize = usize::MAX;

impl<'a> Members<'a> {
    /// Enters the object whose brace is at `at`.
    pub fn enter(bytes: &'a [u8], at: usize) -> Result<Self, Stop> {
        match bytes.get(at) {
            Some(b'{') => Ok(Self { bytes, at: at + 1, first: true, expected: &[], next: 0 }),
            Some(_) => Err(Stop::Malformed(at)),
            None => Err(Stop::Incomplete),
        }
    }

    /// Goes on at a place between two members, or behind the brace of the object at `start`.
    #[inline]
    pub fn within(bytes: &'a [u8], start: usize, at: usize) -> Self {
        Self { bytes, at, first: at == start + 1, expected: &[], next: 0 }
    }

    /// Expects these keys in this order. A key that comes as expected is recognised by one
    /// comparison; any other is read as usual and looked up.
    #[must_use]
    #[inline]
    pub fn expecting(mut self, keys: &'static [Key]) -> Self {
        self.expected = keys;
        self
    }

    /// The next member; `None` at the closing brace, after which [`Members::end`] holds.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot fail without ending twice"
    )]
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<Member<'a>>, Stop> {
        match self.guess() {
            Some(member) => Ok(Some(member)),
            None => self.read(),
        }
    }

    /// The next member, if it has one of the next few expected keys and no white space around it.
    #[inline(always)]
    fn guess(&mut self) -> Option<Member<'a>> {
        let at = match self.bytes.get(self.at) {
            Some(b',') if !self.first => self.at + 1,
            Some(b'"') if self.first => self.at,
            _ => return None,
        };
        let rest = self.bytes.get(at..)?;
        let head = u64::from_le_bytes(*rest.first_chunk::<8>()?);
        // Three: most keys come next, and no more than two optional ones stand between any two.
        for index in self.next..self.next + 3 {
            let key = self.expected.get(index)?;
            if head & key.mask != key.head {
                continue;
            }
            if !key.is_at(rest) {
                continue;
            }
            let length = key.text.len();
            if matches!(rest.get(length), None | Some(b' ' | b'\n' | b'\r' | b'\t')) {
                return None;
            }
            self.next = index + 1;
            self.first = false;
            self.at = at + length;
            let key = Text { raw: key.raw(), escaped: false, ascii: true, end: self.at - 1 };
            return Some(Member { key, index, value: self.at });
        }
        None
    }

    #[cold]
    fn look_up(&self, key: &Text<'_>) -> usize {
        if key.escaped {
            return UNKNOWN;
        }
        self.expected.iter().position(|expected| expected.raw() == key.raw).unwrap_or(UNKNOWN)
    }

    fn read(&mut self) -> Result<Option<Member<'a>>, Stop> {
        let mut at = skip_space(self.bytes, self.at);
        match self.bytes.get(at) {
            Some(b'}') => {
                self.at = at + 1;
                return Ok(None);
            }
            Some(b',') if !self.first => at = skip_space(self.bytes, at + 1),
            Some(_) if self.first => {}
            Some(_) => return Err(Stop::Malformed(at)),
            None => return Err(Stop::Incomplete),
        }
        self.first = false;
        let key = string(self.bytes, at)?;
        let colon = skip_space(self.bytes, key.end);
        match self.bytes.get(colon) {
            Some(b':') => {}
            Some(_) => return Err(Stop::Malformed(colon)),
            None => return Err(Stop::Incomplete),
        }
        let value = skip_space(self.bytes, colon + 1);
        if value >= self.bytes.len() {
            return Err(Stop::Incomplete);
        }
        self.at = value;
        Ok(Some(Member { key, index: self.look_up(&key), value }))
    }

    /// Tells where the value that [`Members::next`] handed out ended.
    #[inline]
    pub fn resume(&mut self, end: usize) {
        self.at = end;
    }

    /// The byte after the closing brace, once `next` has answered `None`.
    pub fn end(&self) -> usize {
        self.at
    }
}
