//! Matches remembered by what of a record can make them.
//!
//! Rules that name no event look at nearly every record, and mostly at who calls. Ordinary traffic
//! repeats that to the byte, so the answer is worked out once for each such excerpt and looked up
//! afterwards.
//!
//! # Soundness
//! - An answer is remembered under all bytes it was worked out from, compared in full.
//! - Only what the excerpt settles is remembered as an answer (modules `steady` and `partial`);
//!   rules that it leaves open are asked of the whole record, unless the record lacks their literals
//!   (module `index`).
//! - A record that cannot be cut into members is evaluated whole.
//!
//! Whatever is forgotten is worked out again, so the bounds on memory change no answer.

use foldhash::HashMap;
use sonic_rs::Value;

use trailwarden_record::redact;

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
}

/// What is remembered of one kind of excerpt.
#[derive(Default)]
struct Level {
    /// By excerpt: the place in `known`.
    places: HashMap<Box<[u8]>, usize>,
    known: Vec<Known>,
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
        Self { rules, levels, excerpt: Vec::new(), encoded: Vec::new() }
    }

    /// The rule set.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What [`RuleSet::evaluate`] says of the record, encoded; nothing of bytes that are not JSON.
    /// The plan must be that of the record's name and source.
    pub fn encoded(&mut self, plan: Plan, record: &[u8]) -> &[u8] {
        self.encoded.clear();
        match plan {
            Plan::Nothing => &[],
            Plan::Residual => self.residual(record),
            Plan::Everything => self.everything(record),
        }
    }

    fn everything(&mut self, record: &[u8]) -> &[u8] {
        if let Ok(record) = sonic_rs::from_slice::<Value>(&redact::bytes(record)) {
            self.rules.evaluate(&record).encode(&mut self.encoded);
        }
        &self.encoded
    }

    /// The level that leaves nothing open, else the last, and the place there of what it tells; no
    /// place if there are no levels, and None if the record cannot be cut.
    fn look(&mut self, record: &[u8]) -> Option<Option<(usize, usize)>> {
        let mut found = None;
        let levels = self.levels.iter_mut().zip(&self.rules.rules.steady).enumerate();
        for (number, (level, steady)) in levels {
            steady.excerpt(record, &mut self.excerpt).ok()?;
            let place = level.place(&self.rules, steady, &self.excerpt)?;
            found = Some((number, place));
            if level.known.get(place).is_some_and(|known| known.open.is_empty()) {
                break;
            }
        }
        Some(found)
    }

    fn residual(&mut self, record: &[u8]) -> &[u8] {
        let Some(place) = self.look(record) else { return self.everything(record) };
        let rules = &self.rules.rules;
        let found = place.and_then(|(level, place)| self.levels.get(level)?.known.get(place));
        let told = found.map(|known| known.encoded.as_slice()).unwrap_or_default();
        let (matches, open) = match found {
            Some(known) => (known.matches.hits.as_slice(), known.open.as_slice()),
            None => (&[][..], rules.index.residual()),
        };
        if open.is_empty() || !rules.index.may_hold_literal(record) {
            return told;
        }
        let Ok(record) = sonic_rs::from_slice::<Value>(&redact::bytes(record)) else { return told };
        let record = Record::new(&record, &rules.roots);
        let more = open.iter().filter_map(|rule| self.rules.hit(*rule, &record));
        let mut hits: Vec<Hit> = matches.iter().cloned().chain(more).collect();
        hits.sort_unstable_by_key(|hit| hit.rule);
        Matches { hits }.encode(&mut self.encoded);
        &self.encoded
    }
}

impl Level {
    /// Where the excerpt's answer is, worked out if need be; None when the excerpt is not JSON.
    fn place(&mut self, rules: &RuleSet, steady: &Steady, excerpt: &[u8]) -> Option<usize> {
        if let Some(place) = self.places.get(excerpt) {
            return Some(*place);
        }
        let value = sonic_rs::from_slice::<Value>(excerpt).ok()?;
        let known = rules.known(&value, steady);
        let size = excerpt.len() + known.encoded.len() + size_of::<Known>();
        if self.known.len() >= EXCERPTS_MAX || self.bytes + size > BYTES_MAX {
            *self = Self::default();
        }
        self.bytes += size;
        self.known.push(known);
        let place = self.known.len() - 1;
        self.places.insert(excerpt.into(), place);
        Some(place)
    }
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
