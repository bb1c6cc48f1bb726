//! SHA-256 sums, and hexadecimal text.

use std::fmt;

use ring::digest::{Context, SHA256};

/// A SHA-256 sum.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The sum of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        Some(Self(hex(text)?.try_into().ok()?))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Sums what comes in pieces.
pub struct Hasher(Context);

impl Default for Hasher {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The sum of all pieces.
    pub fn finish(self) -> Sha256 {
        let mut sum = [0; 32];
        for (to, from) in sum.iter_mut().zip(self.0.finish().as_ref()) {
            *to = *from;
        }
        Sha256(sum)
    }
}

/// Reads hexadecimal text of either case; `None` when it is none.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let byte = |&[high, low]: &[u8; 2]| u8::try_from(digit(high)? << 4 | digit(low)?).ok();
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's example of one block.
    #[test]
    fn a_known_sum() {
        let sum = Sha256::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum.to_string(), text);
        assert_eq!(Sha256::from_hex(&text.to_uppercase()), Some(sum));
    }

    #[test]
    fn only_hexadecimal_is_read() {
        assert_eq!(hex("00ffA0"), Some(vec![0, 255, 160]));
        for wrong in ["0", "0g", "+1", "é1", "0x00"] {
            assert_eq!(hex(wrong), None, "{wrong}");
        }
        assert_eq!(Sha256::from_hex("00"), None);
    }
}
