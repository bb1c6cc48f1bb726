//! Findings in the making: matches gathered by rule and subject until the run ends.
//!
//! A draft keeps rows, not records: the evidence of a noisy rule costs a few kilobytes, and what a
//! sentence needs is read again at the end for the drafts that stand.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use foldhash::HashMap;
use trailwarden_model::finding::EVIDENCE_MAX;
use trailwarden_model::{AccountId, Confidence, Outcome, Severity, Timestamp};
use trailwarden_record::Row;
use trailwarden_record::row::{Order, Place};

use crate::matches::Match;

/// Which rule a draft belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Rule {
    /// Index into the built-in detections.
    BuiltIn(usize),
    /// Index into the loaded Sigma rules.
    Sigma(usize),
    /// Index into the checks of lint.
    Lint(usize),
}

/// How many findings one rule may make in a run; more are not kept, which is said.
pub const FINDINGS_MAX: usize = 2_000;

/// How many findings a run may make before rules that have [`FAIR_SHARE`] get no more. What a
/// finding's words need is read again and held at the end, so this bounds the memory.
const TOTAL_MAX: usize = 6_000;

/// How many findings every rule may make, however loud the others are.
const FAIR_SHARE: usize = 50;

/// How many records of a draft are read again for its words, at the start and at the end.
const TOLD_FIRST: usize = 12;
const TOLD_LAST: usize = 4;

/// What matches are gathered by.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) rule: Rule,
    pub(crate) account: u64,
    pub(crate) subject: Subject,
    pub(crate) outcome: Option<Outcome>,
}

/// What a draft is about.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// Known already.
    Named(String),
    /// A group; its name is told at the end.
    Group(u64),
}

/// A finding in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The gravest match, where the rule judges record by record.
    pub(crate) matched: Option<Match>,
    /// The record of that match: the sentence's actor is its caller, nobody else.
    pub(crate) speaker: Option<Row>,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
    /// Oldest first, without repetition, at most [`EVIDENCE_MAX`].
    pub(crate) evidence: Vec<Row>,
    pub(crate) last: Row,
    pub(crate) total: u64,
    pub(crate) distinct: usize,
    /// What came of it all: a success outweighs refusals, which outweigh other errors.
    pub(crate) outcome: Outcome,
    /// Whether the records have more than one caller.
    pub(crate) actors_differ: bool,
    /// Where the keys of the first record (the speaker's, if there is one) and of the last were
    /// issued, the latest first.
    pub(crate) chain_first: Vec<Place>,
    pub(crate) chain_last: Vec<Place>,
}

impl Draft {
    fn new(row: Row) -> Self {
        Self {
            outcome: row.flags.outcome(),
            matched: None,
            speaker: None,
            severity: None,
            confidence: None,
            evidence: Vec::new(),
            last: row,
            total: 0,
            distinct: 0,
            actors_differ: false,
            chain_first: Vec::new(),
            chain_last: Vec::new(),
        }
    }

    /// Adds a record unless it is there already. Rows come in order, but a window may hand out
    /// earlier ones again.
    fn add(&mut self, row: &Row) {
        let known = row.order <= self.last.order
            && self.evidence.iter().any(|seen| seen.order == row.order && seen.place == row.place);
        if known || (self.total > EVIDENCE_MAX as u64 && row.order <= self.last.order) {
            return;
        }
        self.total += 1;
        self.outcome = self.outcome.min(row.flags.outcome());
        self.actors_differ |= row.actor != self.last.actor;
        if self.evidence.len() < EVIDENCE_MAX {
            let at = self.evidence.partition_point(|seen| seen.order <= row.order);
            self.evidence.insert(at, *row);
        }
        if row.order >= self.last.order {
            self.last = *row;
        }
    }

    /// The records to read again: the first ones and the last.
    pub(crate) fn told(&self) -> Vec<Row> {
        let mut told: Vec<Row> = self.evidence.iter().take(TOLD_FIRST).copied().collect();
        let tail = self.evidence.len().saturating_sub(TOLD_LAST).max(TOLD_FIRST);
        told.extend(self.evidence.iter().skip(tail).copied());
        if told.last().is_none_or(|row| row.order < self.last.order) {
            told.push(self.last);
        }
        told
    }
}

/// All drafts of a run.
#[derive(Clone, Default)]
pub struct Drafts {
    pub(crate) by_key: HashMap<Key, Draft>,
    counts: HashMap<Rule, usize>,
    /// How many matches and fires were gathered.
    pub(crate) matches: u64,
    /// Rules that made more findings than are kept.
    pub(crate) overflowed: BTreeSet<Rule>,
}

impl Drafts {
    /// Gathers a match of one record.
    pub(crate) fn matched(&mut self, rule: Rule, row: &Row, matched: Match, chain: Vec<Place>) {
        let key = Key {
            rule,
            account: row.account,
            subject: Subject::Named(matched.subject.clone()),
            outcome: Some(row.flags.outcome()),
        };
        let Some(draft) = self.draft(key, row) else { return };
        draft.add(row);
        draft.severity = draft.severity.max(matched.severity);
        draft.confidence = draft.confidence.max(matched.confidence);
        // The gravest match speaks; among equals the first.
        let graver = draft.matched.as_ref().is_none_or(|told| matched.severity > told.severity);
        if graver {
            draft.matched = Some(matched);
            draft.speaker = Some(*row);
            draft.chain_first = chain;
        }
    }

    /// Gathers a completed pattern, or a Sigma match of a group.
    pub(crate) fn fired(
        &mut self,
        rule: Rule,
        group: u64,
        rows: &[Row],
        distinct: usize,
        outcome: Option<Outcome>,
        chain: impl Fn(&Row, &mut Vec<Place>),
    ) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let key = Key { rule, account: first.account, subject: Subject::Group(group), outcome };
        let Some(draft) = self.draft(key, first) else { return };
        if draft.total == 0 {
            chain(first, &mut draft.chain_first);
        }
        let before = draft.last.order;
        for row in rows {
            draft.add(row);
        }
        if draft.last.order != before || draft.chain_last.is_empty() {
            chain(last, &mut draft.chain_last);
        }
        draft.distinct = draft.distinct.max(distinct);
    }

    fn draft(&mut self, key: Key, row: &Row) -> Option<&mut Draft> {
        self.matches += 1;
        let total = self.by_key.len();
        let rule = key.rule;
        match self.by_key.entry(key) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(place) => {
                let count = self.counts.entry(rule).or_default();
                if *count >= FINDINGS_MAX || total >= TOTAL_MAX && *count >= FAIR_SHARE {
                    self.overflowed.insert(rule);
                    return None;
                }
                *count += 1;
                Some(place.insert(Draft::new(*row)))
            }
        }
    }

    /// Whether a rule has spoken of a subject in a call that succeeded, no later than some time.
    pub(crate) fn is_told_by(
        &self,
        rule: Rule,
        account: AccountId,
        subject: &str,
        time: Timestamp,
    ) -> bool {
        let key = Key {
            rule,
            account: account.number() + 1,
            subject: Subject::Named(subject.to_owned()),
            outcome: Some(Outcome::Succeeded),
        };
        let first = self.by_key.get(&key).and_then(|draft| draft.evidence.first());
        first.is_some_and(|row| row.time() <= time)
    }

    /// The drafts in a fixed order: by first record, then rule and subject.
    pub(crate) fn ordered(&self) -> Vec<(&Key, &Draft)> {
        let mut all: Vec<_> = self.by_key.iter().collect();
        all.sort_by(|(a_key, a), (b_key, b)| {
            let first = |draft: &Draft| draft.evidence.first().map(|row| row.order);
            first(a).cmp(&first(b)).then_with(|| a_key.cmp(b_key))
        });
        all
    }

    /// The order of the earliest record of any draft, for tests.
    pub fn earliest(&self) -> Option<Order> {
        self.by_key.values().filter_map(|draft| draft.evidence.first().map(|row| row.order)).min()
    }
}
