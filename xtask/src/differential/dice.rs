//! Choices of a generator: the same seed makes the same choices.

use crate::corpus::random::{Random, mix};

/// A stream of choices.
pub(crate) struct Dice(Random);

impl Dice {
    /// The stream of one case of one run.
    pub(crate) fn new(seed: u64, case: u64) -> Self {
        Self(Random::new(mix(&[seed, case])))
    }

    /// Below `bound`, or zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or(0)
    }

    /// True in so many of a hundred throws.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.0.below(100) < percent
    }

    /// One word of a list.
    pub(crate) fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.0.pick(list).copied().unwrap_or("")
    }

    /// One element of a list, or `otherwise` where the list is empty.
    pub(crate) fn pick<T: Clone>(&mut self, list: &[T], otherwise: T) -> T {
        self.0.pick(list).cloned().unwrap_or(otherwise)
    }

    /// One of several by weight; zero where there are none.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.0.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// The text with its letters in another case, each by chance.
    pub(crate) fn recased(&mut self, text: &str) -> String {
        text.chars()
            .map(|c| if self.chance(50) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect()
    }
}
