//! Sorting by seconds: by digits and without comparing, as all times of a run are close together.

use trailwarden_model::Timestamp;

/// How many seconds after the first of all, and the index: one number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Key(u64);

/// Bits of a digit: its counts fit in the nearest cache.
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;

impl Key {
    /// Seconds after the first of all; all that are more than a century later count as one.
    pub(super) fn second(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) fn index(self) -> usize {
        // The lower half is what `sort` put there.
        (self.0 & u64::from(u32::MAX)) as usize
    }

    fn digit(self, shift: u32) -> usize {
        (self.second() >> shift) as usize % DIGITS
    }
}

/// Puts a key of each time, sorted by second, in the place of what is in `keys`.
pub(super) fn sort(times: impl Iterator<Item = Timestamp> + Clone, keys: &mut Vec<Key>) {
    keys.clear();
    let Some(first) = times.clone().map(Timestamp::seconds).min() else { return };
    keys.extend((0_u32..).zip(times).map(|(index, time)| {
        let second = u32::try_from(time.seconds().abs_diff(first)).unwrap_or(u32::MAX);
        Key(u64::from(second) << 32 | u64::from(index))
    }));
    let last = keys.iter().map(|key| key.second()).max().unwrap_or_default();
    let mut sorted = vec![Key(0); keys.len()];
    let mut shift = 0;
    while shift < u32::BITS - last.leading_zeros() {
        by_digit(keys, &mut sorted, shift);
        std::mem::swap(keys, &mut sorted);
        shift += DIGIT_BITS;
    }
}

/// Copies keys in the order of one digit; those that share it keep their order.
fn by_digit(keys: &[Key], sorted: &mut [Key], shift: u32) {
    let mut places = [0_usize; DIGITS];
    for key in keys {
        if let Some(count) = places.get_mut(key.digit(shift)) {
            *count += 1;
        }
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    for key in keys {
        let Some(place) = places.get_mut(key.digit(shift)) else { continue };
        if let Some(slot) = sorted.get_mut(*place) {
            *slot = *key;
        }
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn seconds_ascend_and_every_index_is_there(
            seconds in prop::collection::vec(
                prop_oneof![0..90_i64, 0..3_000_000_i64, any::<i64>()],
                0..300,
            ),
        ) {
            let times = seconds.iter().map(|second| Timestamp::from_seconds(*second));
            let mut keys = vec![Key(7)];
            sort(times, &mut keys);
            let mut indexes: Vec<usize> = keys.iter().map(|key| key.index()).collect();
            let within = |second: i64| {
                let first = seconds.iter().min().copied().unwrap_or_default();
                second.abs_diff(first).min(u64::from(u32::MAX))
            };
            let sorted: Vec<u64> = indexes.iter().map(|index| within(seconds[*index])).collect();
            prop_assert!(sorted.is_sorted());
            indexes.sort_unstable();
            prop_assert!(indexes.into_iter().eq(0..seconds.len()));
        }
    }
}
