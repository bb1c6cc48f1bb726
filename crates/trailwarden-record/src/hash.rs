//! Fixed-seed hashes that stand for text in compact rows.
//!
//! A run must give the same answer twice, so the seeds are constants. They select and group; what a
//! finding says is read again from the records themselves.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;

const SEED: u64 = 0x7472_6169_6c77_6172;
const SEED_WIDE: u64 = 0x6465_6e5f_5f69_616d;

const STATE: FixedState = FixedState::with_seed(SEED);
const STATE_WIDE: FixedState = FixedState::with_seed(SEED_WIDE);

/// A 64-bit hash of some text; 0 stands for empty text and for nothing else.
#[inline]
pub fn of(text: &str) -> u64 {
    of_bytes(text.as_bytes())
}

/// A 64-bit hash of some bytes; 0 stands for no bytes and for nothing else.
#[inline]
pub fn of_bytes(bytes: &[u8]) -> u64 {
    if bytes.is_empty() { 0 } else { STATE.hash_one(bytes).max(1) }
}

/// Two values as one.
#[inline]
pub fn pair(first: u64, second: u64) -> u64 {
    STATE_WIDE.hash_one((first, second))
}

/// A 128-bit hash of some text.
pub fn wide(text: &str) -> u128 {
    wide_bytes(text.as_bytes())
}

/// A 128-bit hash of some bytes.
pub fn wide_bytes(bytes: &[u8]) -> u128 {
    let low = STATE.hash_one(bytes);
    let high = STATE_WIDE.hash_one(bytes);
    (u128::from(high) << 64) | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_is_zero() {
        assert_eq!(of(""), 0);
        assert_ne!(of("a"), 0);
        assert_ne!(pair(1, 2), pair(2, 1));
        assert_ne!(wide("a"), wide("b"));
    }
}
