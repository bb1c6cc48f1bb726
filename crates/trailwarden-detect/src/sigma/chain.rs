//! Ordered correlations: of the first rules of the list, one more each, the chain of records that
//! began latest. A chain that began earlier is out of reach sooner, so it need not be kept.

use super::window::Told;

/// The chains of one group.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    chains: Vec<Vec<Link>>,
    /// Where the last match began.
    told: Option<u64>,
}

#[derive(Debug, Clone)]
struct Link {
    at: i64,
    records: Vec<u64>,
}

impl Chains {
    /// How many records are remembered.
    pub(crate) fn held(&self) -> usize {
        self.chains.iter().map(Vec::len).sum()
    }

    /// Takes a record of the rule at this place of the list; tells the match that it completes.
    pub(crate) fn link(
        &mut self,
        length: usize,
        span: i64,
        at: i64,
        input: u16,
        records: &[u64],
    ) -> Option<Told> {
        self.chains.resize(length, Vec::new());
        let place = usize::from(input);
        let mut chain = match place.checked_sub(1) {
            None => Vec::new(),
            Some(before) => {
                let chain = self.chains.get(before)?;
                let first = chain.first()?;
                let follows =
                    chain.last().is_some_and(|link| link.records.last() != records.last());
                if !follows || at.saturating_sub(first.at) > span {
                    return None;
                }
                chain.clone()
            }
        };
        chain.push(Link { at, records: records.to_vec() });
        *self.chains.get_mut(place)? = chain;
        if place + 1 < length {
            return None;
        }
        let mut all: Vec<u64> =
            self.chains.get(place)?.iter().flat_map(|link| link.records.clone()).collect();
        all.sort_unstable();
        all.dedup();
        let anchor = *all.first()?;
        let begins = self.told.replace(anchor) != Some(anchor);
        let records = if begins { all } else { records.to_vec() };
        #[expect(clippy::cast_precision_loss, reason = "a list of rules is short")]
        let figure = length as f64;
        Some(Told { records, anchor, begins, figure })
    }
}
