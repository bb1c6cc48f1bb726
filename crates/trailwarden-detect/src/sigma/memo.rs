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

use super::record::Record;
use super::{Hit, Matches, Plan, RuleSet, steady};

/// How many excerpts are remembered before all are forgotten.
const EXCERPTS_MAX: usize = 8_192;
/// How many bytes of them.
const BYTES_MAX: usize = 8 << 20;

/// A rule set with a memory, for one worker.
pub struct Memo {
    rules: RuleSet,
    /// By excerpt: the place in `known`.
    places: HashMap<Box<[u8]>, usize>,
    known: Vec<Known>,
    bytes: usize,
    excerpt: Vec<u8>,
    encoded: Vec<u8>,
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
        Self {
            rules,
            places: HashMap::default(),
            known: Vec::new(),
            bytes: 0,
            excerpt: Vec::new(),
            encoded: Vec::new(),
        }
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
        if let Ok(record) = sonic_rs::from_slice::<Value>(record) {
            self.rules.evaluate(&record).encode(&mut self.encoded);
        }
        &self.encoded
    }

    fn residual(&mut self, record: &[u8]) -> &[u8] {
        if self.rules.rules.steady.excerpt(record, &mut self.excerpt).is_err() {
            return self.everything(record);
        }
        let place = match self.places.get(self.excerpt.as_slice()) {
            Some(place) => *place,
            None => match self.learn() {
                Some(place) => place,
                None => return self.everything(record),
            },
        };
        let Some(known) = self.known.get(place) else { return &[] };
        if known.open.is_empty() || !self.rules.rules.index.may_hold_literal(record) {
            return &known.encoded;
        }
        let Ok(record) = sonic_rs::from_slice::<Value>(record) else { return &known.encoded };
        let record = Record::new(&record, &self.rules.rules.roots);
        let more = known.open.iter().filter_map(|rule| self.rules.hit(*rule, &record));
        let mut hits: Vec<Hit> = known.matches.hits.iter().cloned().chain(more).collect();
        hits.sort_unstable_by_key(|hit| hit.rule);
        Matches { hits }.encode(&mut self.encoded);
        &self.encoded
    }

    /// Works out what the excerpt tells; None when it is not JSON.
    fn learn(&mut self) -> Option<usize> {
        let value = sonic_rs::from_slice::<Value>(&self.excerpt).ok()?;
        let known = self.rules.known(&value);
        let size = self.excerpt.len() + known.encoded.len() + size_of::<Known>();
        if self.known.len() >= EXCERPTS_MAX || self.bytes + size > BYTES_MAX {
            self.places.clear();
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += size;
        self.known.push(known);
        let place = self.known.len() - 1;
        self.places.insert(self.excerpt.as_slice().into(), place);
        Some(place)
    }
}

impl RuleSet {
    /// What the steady members of a record tell about the rules that name no event.
    fn known(&self, excerpt: &Value) -> Known {
        let rules = &self.rules;
        let record = Record::new(excerpt, &rules.roots);
        let mut known =
            Known { matches: Matches::default(), encoded: Vec::new(), open: Vec::new() };
        for rule in rules.index.residual() {
            let at = usize::try_from(*rule).unwrap_or(usize::MAX);
            let Some(logic) = rules.logic.get(at).and_then(Option::as_ref) else { continue };
            let feeds = rules.feeds.get(at).map(Vec::as_slice).unwrap_or_default();
            match logic.settled(&record) {
                Some(false) => {}
                Some(true) if steady::all(feeds) => {
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
