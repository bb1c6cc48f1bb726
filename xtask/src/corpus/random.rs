//! Numbers that look random and are not: the same seed gives the same corpus, everywhere, for ever.
//!
//! A generator of our own (SplitMix64) because a library's stream may change between versions.

/// Mixes words into one well-spread word.
pub(crate) fn mix(words: &[u64]) -> u64 {
    words.iter().fold(0x7472_6169_6c77_6172, |state, word| finish(state ^ finish(*word)))
}

/// A number for a text, to be mixed.
pub(crate) fn of_text(text: &str) -> u64 {
    text.bytes().fold(text.len() as u64, |state, byte| finish(state ^ u64::from(byte)))
}

fn finish(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A stream of numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        let word = finish(self.0);
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        word
    }

    /// A number below `bound`; zero when there is none.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        low.saturating_add_unsigned(self.below(span.saturating_add(1)))
    }

    /// An element of a list; `None` when it is empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(list.len() as u64)).ok()?;
        list.get(index)
    }

    /// Appends `length` characters of an alphabet.
    pub(crate) fn characters(&mut self, alphabet: &[u8], length: usize, out: &mut String) {
        for _ in 0..length {
            if let Some(character) = self.pick(alphabet) {
                out.push(char::from(*character));
            }
        }
    }
}

pub(crate) const HEX: &[u8] = b"0123456789abcdef";
/// The alphabet of AWS's unique ids and access keys.
pub(crate) const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(crate) const ALPHANUMERIC: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(crate) const BASE64: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends a version 4 UUID.
pub(crate) fn uuid(seed: u64, out: &mut String) {
    let mut random = Random::new(seed);
    for (index, length) in [8, 4, 3, 3, 12].into_iter().enumerate() {
        match index {
            0 => {}
            2 => out.push_str("-4"),
            3 => {
                out.push('-');
                random.characters(b"89ab", 1, out);
            }
            _ => out.push('-'),
        }
        random.characters(HEX, length, out);
    }
}

/// The unique part of an id such as `AIDA…`: 17 characters for an account and a name.
pub(crate) fn unique_id(account: &str, name: &str) -> String {
    letters(mix(&[of_text(account), of_text(name), 1]), 17)
}

/// The long-term access key of a user.
pub(crate) fn access_key(account: &str, name: &str) -> String {
    format!("AKIA{}", letters(mix(&[of_text(account), of_text(name), 2]), 16))
}

pub(crate) fn letters(seed: u64, length: usize) -> String {
    let mut text = String::with_capacity(length);
    Random::new(seed).characters(UPPER, length, &mut text);
    text
}
