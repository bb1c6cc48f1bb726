//! A quick search of bytes for any of a few texts, ignoring ASCII case.
//!
//! An automaton that ignores case reads every byte. Here a vector search looks for four bytes of
//! each text, in every way to write their case, and only what it finds is compared in full. Which
//! four is chosen by how few ways there are and how rare the letters are.

use std::collections::BTreeMap;

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span};

/// Bytes looked for at once.
const WINDOW: usize = 4;
/// Ways to write all windows; the vector search takes no more.
const VARIANTS_MAX: usize = 64;

/// The texts sought.
#[derive(Debug)]
pub(crate) struct Literals {
    search: Search,
    /// Of each text, in lower case.
    texts: Vec<Vec<u8>>,
}

#[derive(Debug)]
enum Search {
    /// For each pattern of the searcher: which texts it stands in, and where.
    Packed(Searcher, Vec<Vec<(usize, usize)>>),
    Automaton(AhoCorasick),
}

impl Literals {
    /// Texts of at least four ASCII bytes each; None when they are too many to search for.
    pub(crate) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let texts: Vec<Vec<u8>> = texts.map(|text| text.to_ascii_lowercase().into()).collect();
        let search = match packed(&texts) {
            Some((searcher, places)) => Search::Packed(searcher, places),
            None => Search::Automaton(
                AhoCorasick::builder().ascii_case_insensitive(true).build(&texts).ok()?,
            ),
        };
        Some(Self { search, texts })
    }

    /// Whether any of the texts occurs.
    pub(crate) fn is_match(&self, haystack: &[u8]) -> bool {
        let (searcher, places) = match &self.search {
            Search::Automaton(automaton) => return automaton.is_match(haystack),
            Search::Packed(searcher, places) => (searcher, places),
        };
        let mut span = Span { start: 0, end: haystack.len() };
        while let Some(found) = searcher.find_in(haystack, span) {
            let candidates = places.get(found.pattern().as_usize()).into_iter().flatten();
            for (text, offset) in candidates {
                let start = found.start().checked_sub(*offset);
                if let Some(text) = self.texts.get(*text)
                    && let Some(there) = start
                        .and_then(|start| haystack.get(start..))
                        .and_then(|rest| rest.get(..text.len()))
                    && there.eq_ignore_ascii_case(text)
                {
                    return true;
                }
            }
            // The next one may begin within this one.
            span.start = found.start() + 1;
        }
        false
    }
}

/// For each pattern of a searcher: which texts it stands in, and where.
type Places = Vec<Vec<(usize, usize)>>;

fn packed(texts: &[Vec<u8>]) -> Option<(Searcher, Places)> {
    let mut variants: BTreeMap<Vec<u8>, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        let (offset, window) =
            text.windows(WINDOW).enumerate().min_by_key(|(_, window)| commonness(window))?;
        for variant in cases(window) {
            variants.entry(variant).or_default().push((at, offset));
        }
        if variants.len() > VARIANTS_MAX {
            return None;
        }
    }
    let searcher = Config::new()
        .match_kind(MatchKind::LeftmostFirst)
        .builder()
        .extend(variants.keys())
        .build()?;
    Some((searcher, variants.into_values().collect()))
}

/// Fewer ways to write it first, then rarer letters, judged by English and by JSON.
fn commonness(window: &[u8]) -> (usize, usize) {
    const COMMON: &[u8] = b"etaoinsrhdlucmfygpwbvkxjqz";
    let letters = window.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let rank = |byte: &u8| COMMON.iter().position(|c| c == byte).map_or(13, |at| 26 - at);
    (letters, window.iter().map(rank).sum())
}

fn cases(window: &[u8]) -> Vec<Vec<u8>> {
    let mut out = vec![Vec::new()];
    for byte in window {
        let both = [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        let both = if byte.is_ascii_alphabetic() { &both[..] } else { &both[..1] };
        out = out
            .iter()
            .flat_map(|head: &Vec<u8>| {
                both.iter().map(move |byte| {
                    let mut variant = head.clone();
                    variant.push(*byte);
                    variant
                })
            })
            .collect();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_false_start_does_not_hide_the_true_one() {
        let literals = Literals::new(["abababx"].into_iter()).unwrap();
        assert!(literals.is_match(b"..ababABABx.."));
        assert!(!literals.is_match(b"..abababab.."));
    }

    #[test]
    fn many_texts_are_found_too() {
        let texts: Vec<String> = (0..40).map(|n| format!("text{n}end")).collect();
        let literals = Literals::new(texts.iter().map(String::as_str)).unwrap();
        assert!(literals.is_match(b"xx TEXT39END xx"));
        assert!(!literals.is_match(b"xx TEXT40END xx"));
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_plain_search(
            texts in prop::collection::vec("[aAbBr:]{4,7}", 1..5),
            haystack in "[aAbBrR:]{0,60}",
        ) {
            let literals = Literals::new(texts.iter().map(String::as_str)).unwrap();
            let lower = haystack.to_lowercase();
            let plain = texts.iter().any(|text| lower.contains(&text.to_lowercase()));
            prop_assert_eq!(literals.is_match(haystack.as_bytes()), plain);
        }
    }
}
