//! What an update of the graph came to.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Edge;

/// The edges that came and went. One that became certain came, one that became conditional went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// Those that are there now, or certain now.
    pub opened: Vec<Edge>,
    /// Those that were there, or certain.
    pub closed: Vec<Edge>,
}

impl Delta {
    /// Notes how the edges of one source differ.
    pub(super) fn note<'a>(
        &mut self,
        before: impl IntoIterator<Item = &'a Edge>,
        after: impl IntoIterator<Item = &'a Edge>,
    ) {
        let key = |edge: &'a Edge| (&edge.from, &edge.to, edge.technique);
        let mut best: BTreeMap<_, (Option<&Edge>, Option<&Edge>)> = BTreeMap::new();
        for edge in before {
            let (was, _) = best.entry(key(edge)).or_default();
            *was = was.filter(|was| was.certainty.is_yes()).or(Some(edge));
        }
        for edge in after {
            let (_, now) = best.entry(key(edge)).or_default();
            *now = now.filter(|now| now.certainty.is_yes()).or(Some(edge));
        }
        let rank =
            |edge: Option<&Edge>| edge.map_or(0, |edge| 1 + u8::from(edge.certainty.is_yes()));
        for (was, now) in best.into_values() {
            match rank(was).cmp(&rank(now)) {
                Ordering::Less => self.opened.extend(now.cloned()),
                Ordering::Greater => self.closed.extend(was.cloned()),
                Ordering::Equal => {}
            }
        }
    }
}
