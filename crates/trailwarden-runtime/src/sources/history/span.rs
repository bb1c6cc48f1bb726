//! Spans of whole seconds, and what is left when some of them are taken away.

use trailwarden_model::Timestamp;

/// From one second to another, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The first second.
    pub first: Timestamp,
    /// The last second.
    pub last: Timestamp,
}

impl Span {
    /// The span between two seconds; none when they are in the wrong order.
    #[must_use]
    pub fn new(first: Timestamp, last: Timestamp) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// How long it is.
    #[must_use]
    pub fn seconds(self) -> u64 {
        u64::try_from(self.last.since(self.first).saturating_add(1)).unwrap_or(0)
    }

    /// Whether they share a second.
    pub(super) fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// What is left of it without the others, by time.
    pub(super) fn without(self, held: &[Self]) -> Vec<Self> {
        let mut held: Vec<Self> = held.iter().copied().filter(|one| one.meets(self)).collect();
        held.sort_unstable();
        let mut left = Vec::new();
        let mut next = self.first;
        for one in held {
            left.extend(Self::new(next, one.first.plus(-1)));
            next = next.max(one.last.plus(1));
        }
        left.extend(Self::new(next, self.last));
        left
    }

    /// Two halves, the later one first; one part if it is no longer than `least`.
    pub(super) fn halves(self, least: i64) -> Vec<Self> {
        let length = self.last.since(self.first);
        if length <= least {
            return vec![self];
        }
        let middle = self.first.plus(length / 2);
        let later = Self { first: middle.plus(1), last: self.last };
        vec![later, Self { first: self.first, last: middle }]
    }

    /// The same spans with those joined that touch, by time.
    pub(super) fn joined(mut spans: Vec<Self>) -> Vec<Self> {
        spans.sort_unstable();
        let mut joined: Vec<Self> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.first <= last.last.plus(1) => {
                    last.last = last.last.max(span.last)
                }
                _ => joined.push(span),
            }
        }
        joined
    }

    /// As the name of a file: `20260301T000000Z-20260301T235959Z`.
    pub(super) fn name(self) -> String {
        let short = |time: Timestamp| time.to_string().replace(['-', ':'], "");
        format!("{}-{}", short(self.first), short(self.last))
    }

    /// Reads what [`Span::name`] writes.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (first, last) = name.split_once('-')?;
        Self::new(long(first)?, long(last)?)
    }
}

/// `20260301T000000Z` as a time.
fn long(text: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| text.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(9, 11)?, part(11, 13)?, part(13, 15)?);
    let time = Timestamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))?;
    (time.to_string().replace(['-', ':'], "") == text).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(first: i64, last: i64) -> Span {
        Span { first: Timestamp::from_seconds(first), last: Timestamp::from_seconds(last) }
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let one = (0_i64..60, 0_i64..20).prop_map(|(first, more)| span(first, first + more));
        proptest::collection::vec(one, 0..6)
    }

    fn has(spans: &[Span], second: i64) -> bool {
        spans.iter().any(|one| one.meets(span(second, second)))
    }

    proptest! {
        /// Each second is held or left, and never both.
        #[test]
        fn nothing_is_lost_between_held_and_left(held in spans(), first in 0_i64..40, more in 0_i64..40) {
            let whole = span(first, first + more);
            let left = whole.without(&held);
            for second in 0..100 {
                let is_wanted = has(&[whole], second);
                prop_assert_eq!(has(&left, second), is_wanted && !has(&held, second), "{}", second);
            }
        }

        #[test]
        fn joining_changes_no_second(spans in spans()) {
            let joined = Span::joined(spans.clone());
            for second in 0..100 {
                prop_assert_eq!(has(&joined, second), has(&spans, second));
            }
            prop_assert!(joined.windows(2).all(|two| two[0].last.plus(1) < two[1].first));
        }

        #[test]
        fn halves_are_the_whole(first in 0_i64..100, more in 0_i64..100, least in 0_i64..50) {
            let whole = span(first, first + more);
            let halves = whole.halves(least);
            prop_assert_eq!(Span::joined(halves.clone()), vec![whole]);
            prop_assert_eq!(halves.iter().map(|half| half.seconds()).sum::<u64>(), whole.seconds());
        }

        #[test]
        fn names_are_read_again(first in 0_i64..4_000_000_000, more in 0_i64..10_000_000) {
            let whole = span(first, first + more);
            prop_assert_eq!(Span::named(&whole.name()), Some(whole));
        }
    }

    #[test]
    fn other_names_are_none() {
        for name in
            ["", "-", "20260301T000000Z", "20260301T000000Z-x", "20260302T000000Z-20260301T000000Z"]
        {
            assert_eq!(Span::named(name), None, "{name}");
        }
    }
}
