//! Who feeds whom: rules and correlations linked to the correlations on them.

use std::collections::BTreeMap;

use super::FeedPlan;
use super::correlation::{self, Link};
use super::document::Body;
use super::load::{Draft, Logic};
use super::record::Field;

/// Correlations of correlations of ...
pub(super) const CHAIN_MAX: usize = 16;

/// Who feeds whom.
#[derive(Default)]
pub(super) struct Links {
    /// By draft: what correlation it is.
    pub(super) correlations: BTreeMap<usize, Own>,
    /// By draft of a rule: what it gives to which correlation.
    pub(super) feeds: BTreeMap<usize, Vec<FeedPlan>>,
    /// By draft: whether some correlation on it asks for its own findings.
    wanted: BTreeMap<usize, bool>,
}

/// A correlation among the links.
pub(super) struct Own {
    /// Its position among the correlations.
    pub(super) index: u32,
    /// All that it needs of a record.
    pub(super) columns: Vec<String>,
    /// The correlations on it.
    pub(super) feeds: Vec<Link>,
}

impl Links {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        let mut links = Self::default();
        let correlations = drafts.iter().enumerate().filter_map(|(at, draft)| match &draft.logic {
            Some(Logic::Correlation(correlation)) => Some((at, correlation.columns.clone())),
            _ => None,
        });
        for (index, (at, columns)) in (0_u32..).zip(correlations) {
            links.correlations.insert(at, Own { index, columns, feeds: Vec::new() });
        }
        links
    }

    /// The tops of chains come first, so that each correlation knows all its columns when its turn
    /// comes.
    pub(super) fn connect(&mut self, drafts: &[Draft], names: &BTreeMap<String, usize>) {
        let heights = heights(drafts, names);
        let mut order: Vec<usize> = self.correlations.keys().copied().collect();
        order.sort_by_key(|at| std::cmp::Reverse(heights.get(*at).copied()));
        for at in order {
            self.connect_one(at, drafts, names);
        }
    }

    fn connect_one(&mut self, at: usize, drafts: &[Draft], names: &BTreeMap<String, usize>) {
        let Some(Body::Correlation(rule)) = drafts.get(at).map(|draft| &draft.document.body) else {
            return;
        };
        let Some(own) = self.correlations.get(&at) else { return };
        let index = own.index;
        let mut plans: Vec<(u16, usize, Vec<String>)> = Vec::new();
        for (input, name) in (0_u16..).zip(&rule.rules) {
            let Some(feeder) = names.get(name) else { continue };
            let called = called(drafts, names, name);
            let path = |column: &String| {
                // What a correlation above asks for may have no alias here; then it is a field.
                correlation::resolved(rule, column, &called).unwrap_or_else(|_| column.clone())
            };
            plans.push((input, *feeder, own.columns.iter().map(path).collect()));
        }
        for (input, feeder, paths) in plans {
            *self.wanted.entry(feeder).or_default() |= rule.generate;
            match self.correlations.get_mut(&feeder) {
                Some(own) => {
                    let columns = paths
                        .into_iter()
                        .map(|path| {
                            let known = own.columns.iter().position(|column| *column == path);
                            known.unwrap_or_else(|| {
                                own.columns.push(path);
                                own.columns.len() - 1
                            })
                        })
                        .collect();
                    own.feeds.push(Link { correlation: index, input, columns });
                }
                None => self.feeds.entry(feeder).or_default().push(FeedPlan {
                    correlation: index,
                    input,
                    fields: paths.into_iter().map(Field::new).collect(),
                }),
            }
        }
    }

    pub(super) fn generates(&self, at: usize) -> bool {
        self.wanted.get(&at).copied().unwrap_or(true)
    }
}

/// All that a rule is called, first as the correlation calls it.
pub(super) fn called<'d>(
    drafts: &'d [Draft],
    names: &BTreeMap<String, usize>,
    name: &'d str,
) -> Vec<&'d str> {
    let body = names.get(name).and_then(|at| drafts.get(*at)).map(|draft| &draft.document.body);
    let own = body.map(|body| [body.name(), body.id()]).unwrap_or_default();
    std::iter::once(name).chain(own.into_iter().flatten()).collect()
}

/// How many correlations stand upon each other, for each draft; more than [`CHAIN_MAX`] for those of
/// a circle, and for what builds on them. Round by round, since following every path would take for
/// ever where many lead to the same rule.
pub(super) fn heights(drafts: &[Draft], names: &BTreeMap<String, usize>) -> Vec<usize> {
    let mut heights = vec![0_usize; drafts.len()];
    for _ in 0..=CHAIN_MAX {
        let of = |draft: &Draft| match &draft.document.body {
            Body::Correlation(rule) => {
                let inputs = rule.rules.iter().filter_map(|name| heights.get(*names.get(name)?));
                inputs.max().map_or(1, |below| below + 1)
            }
            Body::Rule(_) | Body::Filter(_) => 0,
        };
        heights = drafts.iter().map(of).collect();
    }
    heights
}
