//! Matches as bytes, for the way from stage one to stage two, through memory or a spilled run.
//!
//! No bytes at all say that nothing matched. Else: how many rules make findings by themselves, their
//! numbers, and then, only where correlations want something, each match that feeds them. All
//! numbers are little-endian.

use super::{Feed, Hit, Matches};

/// Stands for a column that the record lacks.
const ABSENT: u32 = u32::MAX;

impl Matches {
    /// Writes the matches to the end of `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let generating = || self.hits.iter().filter(|hit| hit.generates);
        let feeding = || self.hits.iter().filter(|hit| !hit.feeds.is_empty());
        if generating().next().is_none() && feeding().next().is_none() {
            return;
        }
        put(out, generating().count());
        for hit in generating() {
            out.extend_from_slice(&hit.rule.to_le_bytes());
        }
        for hit in feeding() {
            out.extend_from_slice(&hit.rule.to_le_bytes());
            out.push(u8::from(hit.generates));
            put(out, hit.feeds.len());
            for feed in &hit.feeds {
                out.extend_from_slice(&feed.correlation.to_le_bytes());
                out.extend_from_slice(&feed.input.to_le_bytes());
                put(out, feed.columns.len());
                for column in &feed.columns {
                    match column {
                        Some(text) => {
                            put(out, text.len());
                            out.extend_from_slice(text.as_bytes());
                        }
                        None => out.extend_from_slice(&ABSENT.to_le_bytes()),
                    }
                }
            }
        }
    }
}

/// Lengths are of parts of one record, far below 4 GiB.
fn put(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&u32::try_from(length).unwrap_or(ABSENT).to_le_bytes());
}

/// What [`Matches::encode`] wrote: the rules that make findings by themselves, by their position in
/// the set, and the matches that feed correlations, if there are any.
pub fn decode(bytes: &[u8]) -> (impl Iterator<Item = usize> + '_, Option<Matches>) {
    let mut reader = Reader(bytes);
    let count = reader.length().unwrap_or(0);
    let (numbers, _) = reader.take(count.saturating_mul(4)).unwrap_or_default().as_chunks::<4>();
    let rules = numbers
        .iter()
        .map(|number| usize::try_from(u32::from_le_bytes(*number)).unwrap_or(usize::MAX));
    let mut hits = Vec::new();
    while !reader.0.is_empty() {
        // Nobody but us writes this; should it break off, what stands before it still counts.
        let Some(hit) = reader.hit() else { break };
        hits.push(hit);
    }
    (rules, (!hits.is_empty()).then_some(Matches { hits }))
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn hit(&mut self) -> Option<Hit> {
        let rule = self.number()?;
        let [generates] = self.array()?;
        let count = self.length()?;
        let feeds = (0..count).map(|_| self.feed()).collect::<Option<_>>()?;
        Some(Hit { rule, generates: generates != 0, feeds })
    }

    fn feed(&mut self) -> Option<Feed> {
        let correlation = self.number()?;
        let input = self.array().map(u16::from_le_bytes)?;
        let count = self.length()?;
        let columns = (0..count).map(|_| self.column()).collect::<Option<_>>()?;
        Some(Feed { correlation, input, columns })
    }

    fn column(&mut self) -> Option<Option<String>> {
        let length = self.number()?;
        if length == ABSENT {
            return Some(None);
        }
        let text = self.take(usize::try_from(length).ok()?)?;
        Some(Some(std::str::from_utf8(text).ok()?.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits() -> impl Strategy<Value = Vec<Hit>> {
        let column = prop::option::of("[a-zé\"]{0,5}");
        let feed = (0_u32..5, any::<u16>(), prop::collection::vec(column, 0..3))
            .prop_map(|(correlation, input, columns)| Feed { correlation, input, columns });
        let hit = (any::<u32>(), any::<bool>(), prop::collection::vec(feed, 0..3))
            .prop_map(|(rule, generates, feeds)| Hit { rule, generates, feeds });
        prop::collection::vec(hit, 0..4)
    }

    proptest! {
        #[test]
        fn what_matters_of_the_matches_comes_back(hits in hits()) {
            let mut bytes = Vec::new();
            Matches { hits: hits.clone() }.encode(&mut bytes);
            let (rules, feeding) = decode(&bytes);
            let expected: Vec<usize> =
                hits.iter().filter(|hit| hit.generates).map(Hit::rule).collect();
            prop_assert_eq!(rules.collect::<Vec<_>>(), expected);
            let expected: Vec<Hit> =
                hits.iter().filter(|hit| !hit.feeds.is_empty()).cloned().collect();
            prop_assert_eq!(feeding.map(|matches| matches.hits).unwrap_or_default(), expected);
        }

        #[test]
        fn decoding_is_total(bytes in prop::collection::vec(prop_oneof![0_u8..3, any::<u8>()], 0..60)) {
            let (rules, _) = decode(&bytes);
            prop_assert!(rules.count() <= bytes.len());
        }
    }
}
