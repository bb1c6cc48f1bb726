//! Matches remembered by what of a record can make them.
//!
//! Rules that name no event look at nearly every record, and mostly at who calls. Ordinary traffic
//! repeats that to the byte, so the answer is worked out once for each such excerpt and looked up
//! afterwards.
//!
//! Secrets are masked before anything is matched, so that no rule can be used to guess one.
//!
//! # Soundness
//! - An answer is remembered under all bytes it was worked out from, compared in full.
//! - Only what the excerpt settles is remembered as an answer (modules `steady` and `partial`);
//!   rules that it leaves open are asked of the whole record, unless the record lacks their literals
//!   (module `index`).
//! - A record that cannot be cut into members is evaluated whole.
//!
//! Whatever is forgotten is worked out again, so the bounds on memory change no answer.

use std::sync::Arc;

use foldhash::HashMap;
use sonic_rs::Value;
use trailwarden_record::json;
use trailwarden_record::skim::Outline;

use super::record::Record;
use super::steady::Steady;
use super::{Hit, Matches, Plan, RuleSet};

/// How many excerpts are remembered before all are forgotten.
const EXCERPTS_MAX: usize = 8_192;
/// How many bytes of them.
const BYTES_MAX: usize = 8 << 20;

/// A rule set with a memory, for one worker.
pub struct Memo {
    rules: RuleSet,
    /// One for each kind of excerpt, the smaller first.
    levels: Vec<Level>,
    excerpt: Vec<u8>,
    encoded: Vec<u8>,
    is_broken: bool,
}

/// What is remembered of one kind of excerpt.
#[derive(Default)]
struct Level {
    known: HashMap<Box<[u8]>, Arc<Known>>,
    bytes: usize,
}

/// What an excerpt tells.
struct Known {
    matches: Matches,
    encoded: Vec<u8>,
    /// Rules that the rest of the record decides.
    open: Vec<u32>,
}

impl Memo {
    /// Remembers nothing yet.
    pub fn new(rules: RuleSet) -> Self {
        let levels = rules.rules.steady.iter().map(|_| Level::default()).collect();
        Self { rules, levels, excerpt: Vec::new(), encoded: Vec::new(), is_broken: false }
    }

    /// The rule set.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What [`RuleSet::evaluate`] says of the record, encoded; nothing of bytes that are not JSON.
    /// The plan must be that of the record's name and source, and the outline, if any, the record's.
    pub fn encoded(&mut self, plan: Plan, record: &[u8], outline: Option<&Outline>) -> &[u8] {
        self.encoded.clear();
        self.is_broken = false;
        match plan {
            Plan::Nothing => &[],
            Plan::Residual => self.residual(record, outline),
            Plan::Everything => self.everything(record),
        }
    }

    fn everything(&mut self, record: &[u8]) -> &[u8] {
        match parsed(record) {
            Some(record) => self.rules.evaluate(&record).encode(&mut self.encoded),
            None => self.is_broken = true,
        }
        &self.encoded
    }

    /// What [`Memo::encoded`] answered last.
    pub fn last(&self) -> &[u8] {
        &self.encoded
    }

    /// Whether the last record had to be read in full and is not JSON, so that its rules were not
    /// asked: it must be reported, not passed over.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    fn residual(&mut self, record: &[u8], outline: Option<&Outline>) -> &[u8] {
        let Some(known) = self.look(record, outline) else { return self.everything(record) };
        let rules = &self.rules.rules;
        if known.open.is_empty() || !rules.index.may_hold_literal(record, outline) {
            self.encoded.extend_from_slice(&known.encoded);
        } else if let Some(record) = parsed(record) {
            let record = Record::new(&record, &rules.roots);
            let more = known.open.iter().filter_map(|rule| self.rules.hit(*rule, &record));
            let mut hits: Vec<Hit> = known.matches.hits.iter().cloned().chain(more).collect();
            hits.sort_unstable_by_key(|hit| hit.rule);
            Matches { hits }.encode(&mut self.encoded);
        } else {
            self.is_broken = true;
        }
        &self.encoded
    }

    /// What the first excerpt that leaves nothing open tells, else the last; None if the record
    /// cannot be cut.
    fn look(&mut self, record: &[u8], outline: Option<&Outline>) -> Option<Arc<Known>> {
        let rules = &self.rules.rules;
        let mut last = None;
        for (level, steady) in self.levels.iter_mut().zip(&rules.steady) {
            steady.excerpt(record, outline, &mut self.excerpt).ok()?;
            let known = match level.known.get(self.excerpt.as_slice()) {
                Some(known) => Arc::clone(known),
                None => {
                    let known = Arc::new(self.rules.known(&parsed(&self.excerpt)?, steady));
                    level.remember(&self.excerpt, &known);
                    known
                }
            };
            // Further excerpts decide none of those that only the record decides.
            let is_enough = known.open.iter().all(|rule| rules.index.is_unsteady(*rule));
            last = Some(known);
            if is_enough {
                break;
            }
        }
        last
    }
}

impl Level {
    fn remember(&mut self, excerpt: &[u8], known: &Arc<Known>) {
        let size = excerpt.len() + known.encoded.len() + size_of::<Known>();
        if self.known.len() >= EXCERPTS_MAX || self.bytes + size > BYTES_MAX {
            *self = Self::default();
        }
        self.bytes += size;
        self.known.insert(excerpt.into(), Arc::clone(known));
    }
}

/// Without its secrets; None where it is not JSON.
fn parsed(record: &[u8]) -> Option<Value> {
    json::parse(record).ok()
}

impl RuleSet {
    /// What an excerpt tells about the rules that name no event.
    fn known(&self, excerpt: &Value, steady: &Steady) -> Known {
        let rules = &self.rules;
        let record = Record::new(excerpt, &rules.roots);
        let mut known =
            Known { matches: Matches::default(), encoded: Vec::new(), open: Vec::new() };
        for rule in rules.index.residual() {
            let at = usize::try_from(*rule).unwrap_or(usize::MAX);
            let Some(logic) = rules.logic.get(at).and_then(Option::as_ref) else { continue };
            let feeds = rules.feeds.get(at).map(Vec::as_slice).unwrap_or_default();
            match logic.settled(&record, steady) {
                Some(false) => {}
                Some(true) if steady.covers_all(feeds) => {
                    known.matches.hits.extend(self.made(*rule, &record));
                }
                Some(true) | None => known.open.push(*rule),
            }
        }
        known.matches.hits.sort_unstable_by_key(|hit| hit.rule);
        known.matches.encode(&mut known.encoded);
        known
    }
}
