//! Records read one after another: what they repeat is read once.
//!
//! A session makes many calls, and each of its records holds the same `userIdentity` to the byte,
//! which is a third of the record. So the bytes of callers met before are kept, and a record that
//! goes on with one of them takes over what was read then.
//!
//! # Soundness
//! - A caller is taken over only where the record goes on with all of its bytes, from the opening
//!   brace to the closing one: the same bytes read the same.
//! - Only identities that are plain by themselves are kept.

use std::ops::Range;

use super::keys::RECORD;
use super::{Identity, Skim, Text, Who};
use crate::hash;
use crate::scan::Stop;

use super::fields::Fields;

/// How many places there are for callers, two for each hash.
const PLACES: usize = 4_096;
/// The longest identity that is kept.
const BYTES_MAX: usize = 4 << 10;
/// So much of an identity chooses its place: it reaches into the session's name.
const WINDOW: usize = 128;

/// Reads records, remembering callers and where the last record's members stand.
pub struct Reader {
    depth_max: usize,
    pub(super) callers: Callers,
    pub(super) outline: Outline,
}

impl Reader {
    /// A reader that takes so much nesting.
    pub fn new(depth_max: usize) -> Self {
        Self { depth_max, callers: Callers::default(), outline: Outline::default() }
    }

    /// What [`Skim::read`] answers.
    pub fn read<'a>(&mut self, bytes: &'a [u8], at: usize) -> Result<(Skim<'a>, usize), Stop> {
        self.outline = Outline::default();
        Fields { bytes, depth_max: self.depth_max, plain: true, reader: Some(self) }.record(at)
    }

    /// Where the members of the record that was read last stand.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }
}

/// Where a record's members stand.
#[derive(Clone, Debug)]
pub struct Outline {
    /// By place in [`RECORD`]: the value's bounds, from the record's brace.
    bounds: [(u32, u32); RECORD.len()],
    /// The caller's number; 0 where it was not taken over from an earlier record.
    caller: u64,
    is_simple: bool,
}

impl Default for Outline {
    fn default() -> Self {
        Self { bounds: [(0, 0); RECORD.len()], caller: 0, is_simple: true }
    }
}

impl Outline {
    /// Whether no key stands twice, holds an escape, or goes on with a dot: then the members by
    /// place are all that a dotted path can lead through.
    pub fn is_simple(&self) -> bool {
        self.is_simple
    }

    /// The bounds of the value of an expected key, from the record's first byte.
    pub fn member(&self, place: usize) -> Option<Range<usize>> {
        let (from, to) = *self.bounds.get(place)?;
        (to > 0).then_some(from as usize..to as usize)
    }

    /// A number that two records of this reader share only if their callers are the same to the
    /// byte; none for a caller that is not remembered.
    pub fn caller(&self) -> Option<u64> {
        (self.caller > 0).then_some(self.caller)
    }

    pub(super) fn set_caller(&mut self, number: u64) {
        self.caller = number;
    }

    #[inline]
    pub(super) fn note(&mut self, place: usize, key: &[u8], is_escaped: bool, value: Range<usize>) {
        match self.bounds.get_mut(place) {
            Some(slot) => {
                let bounds = (u32::try_from(value.start), u32::try_from(value.end));
                let (Ok(from), Ok(to)) = bounds else {
                    self.is_simple = false;
                    return;
                };
                self.is_simple &= slot.1 == 0;
                *slot = (from, to);
            }
            None => self.is_simple &= !is_escaped && !key.contains(&b'.'),
        }
    }
}

/// Callers met before, by their bytes.
#[derive(Default)]
pub(super) struct Callers {
    places: Vec<Known>,
    numbers: u64,
}

/// A caller.
#[derive(Default)]
struct Known {
    /// `userIdentity` from brace to brace; empty for a free place.
    bytes: Vec<u8>,
    /// Its texts as bounds in `bytes`.
    texts: [(u32, u32); 8],
    who: Who,
    number: u64,
}

impl Callers {
    /// The caller whose brace is at `at`: its texts there, who it is, its number, and its end.
    #[inline]
    pub(super) fn find<'a>(
        &self,
        bytes: &'a [u8],
        at: usize,
    ) -> Option<(Identity<'a>, Who, u64, usize)> {
        let rest = bytes.get(at..)?;
        let place = place(rest)?;
        let pair = self.places.get(place..place + 2)?;
        let known = pair.iter().find(|known| known.number > 0 && rest.starts_with(&known.bytes))?;
        Some((known.identity(rest), known.who, known.number, at + known.bytes.len()))
    }

    /// Keeps a caller whose identity was read from these bytes, brace to brace; its number.
    pub(super) fn keep(
        &mut self,
        bytes: &[u8],
        rest: &[u8],
        identity: &Identity<'_>,
        who: Who,
    ) -> u64 {
        let Some(place) = place(rest).filter(|_| bytes.len() <= BYTES_MAX) else { return 0 };
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Known::default);
        }
        self.numbers += 1;
        // The older of the two gives way.
        let Some(pair) = self.places.get_mut(place..place + 2) else { return 0 };
        let Some(known) = pair.iter_mut().min_by_key(|known| known.number) else { return 0 };
        let Some(texts) = bounds(bytes, identity) else { return 0 };
        known.bytes.clear();
        known.bytes.extend_from_slice(bytes);
        (known.texts, known.who, known.number) = (texts, who, self.numbers);
        self.numbers
    }
}

impl Known {
    #[inline]
    fn identity<'a>(&self, at: &'a [u8]) -> Identity<'a> {
        let [kind, principal_id, arn, account, access_key, user_name, invoked_by, issuer_arn] =
            self.texts
                .map(|(from, to)| Text(at.get(from as usize..to as usize).unwrap_or_default()));
        Identity { kind, principal_id, arn, account, access_key, user_name, invoked_by, issuer_arn }
    }
}

/// The texts as bounds in the bytes that they were read from.
fn bounds(bytes: &[u8], identity: &Identity<'_>) -> Option<[(u32, u32); 8]> {
    let Identity {
        kind,
        principal_id,
        arn,
        account,
        access_key,
        user_name,
        invoked_by,
        issuer_arn,
    } = identity;
    let texts = [kind, principal_id, arn, account, access_key, user_name, invoked_by, issuer_arn];
    let mut bounds = [(0, 0); 8];
    for (slot, text) in bounds.iter_mut().zip(texts) {
        if text.is_empty() {
            continue;
        }
        let from = text.0.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
        // Not a part of these bytes after all: then there is nothing to remember.
        if bytes.get(from..from + text.0.len())? != text.0 {
            return None;
        }
        *slot = (u32::try_from(from).ok()?, u32::try_from(from + text.0.len()).ok()?);
    }
    Some(bounds)
}

/// The first of the two places for an identity that begins so.
#[inline]
fn place(rest: &[u8]) -> Option<usize> {
    let window = rest.get(..WINDOW)?;
    Some(hash::of_bytes(window) as usize % (PLACES / 2) * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(session: &str, key: &str, tail: &str) -> String {
        format!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLEEXAMPLEEXA:{session}","arn":"arn:aws:sts::111122223333:assumed-role/app/{session}","accountId":"111122223333","accessKeyId":"{key}"}},"eventTime":"2026-01-02T03:04:05Z","eventName":"X"{tail}}}"#
        )
    }

    #[test]
    fn a_caller_met_before_reads_the_same() {
        let mut reader = Reader::new(64);
        let texts = [
            record("a", "ASIA1", ""),
            record("a", "ASIA2", ""),
            record("b", "ASIA1", r#","x.y":1"#),
        ];
        let mut numbers = Vec::new();
        for text in texts.iter().chain(&texts).chain(&texts) {
            let read = reader.read(text.as_bytes(), 0).unwrap();
            assert_eq!(read, Skim::read(text.as_bytes(), 0, 64).unwrap());
            numbers.push(reader.outline().caller().unwrap());
        }
        assert_eq!(numbers, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
        assert!(!reader.outline().is_simple());
        let time = reader.outline().member(2).unwrap();
        assert_eq!(&texts[2][time], r#""2026-01-02T03:04:05Z""#);
    }

    #[test]
    fn a_caller_that_goes_on_differently_is_another_one() {
        let mut reader = Reader::new(64);
        let first = record("a", "ASIA1", "");
        let second = first.replace("\"ASIA1\"}", "\"ASIA1\",\"invokedBy\":\"x\"}");
        reader.read(first.as_bytes(), 0).unwrap();
        let (skim, _) = reader.read(second.as_bytes(), 0).unwrap();
        assert_eq!(skim.identity.invoked_by, "x");
        assert_eq!(reader.outline().caller(), Some(2));
        let odd = first.replace("\"ASIA1\"", "\"\\u0041\"");
        assert!(!reader.read(odd.as_bytes(), 0).unwrap().0.plain);
        assert_eq!(reader.outline().caller(), None);
    }
}
