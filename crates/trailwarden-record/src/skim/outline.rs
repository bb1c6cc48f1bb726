//! Where the members of a record stand, for whoever looks at more of it than the skim.

use std::ops::Range;

use super::fields::Notes;
use super::keys::RECORD;
use crate::scan::Text;

/// Where the members of a record stand, by their places in [`RECORD`].
#[derive(Clone, Debug)]
pub struct Outline {
    /// The bounds of each value, from the record's brace; zeros for an absent one.
    bounds: [(u32, u32); RECORD.len()],
    is_simple: bool,
    has_usual_caller: bool,
}

impl Default for Outline {
    fn default() -> Self {
        Self { bounds: [(0, 0); RECORD.len()], is_simple: true, has_usual_caller: false }
    }
}

impl Outline {
    /// Whether no key stands twice, holds an escape or goes on with a dot: then the members by place
    /// are all that a dotted path which begins with one of these keys can lead through.
    pub fn is_simple(&self) -> bool {
        self.is_simple
    }

    /// Whether `userIdentity` and the objects in it hold the keys that CloudTrail writes, in its order:
    /// none twice and none in escapes.
    pub fn has_usual_caller(&self) -> bool {
        self.has_usual_caller
    }

    /// The bounds of the value under a key, by the key's place in [`RECORD`].
    #[inline]
    pub fn member(&self, place: usize) -> Option<Range<usize>> {
        let (from, to) = *self.bounds.get(place)?;
        (to > 0).then_some(from as usize..to as usize)
    }
}

impl Notes for &mut Outline {
    #[inline]
    fn begin(&mut self) {
        **self = Outline::default();
    }

    #[inline]
    fn usual_caller(&mut self) {
        self.has_usual_caller = true;
    }

    #[inline]
    fn note(&mut self, place: usize, key: &Text<'_>, value: Range<usize>) {
        let Some(slot) = self.bounds.get_mut(place) else {
            self.is_simple &= !key.escaped && !key.raw.contains(&b'.');
            return;
        };
        self.is_simple &= slot.1 == 0;
        match (u32::try_from(value.start), u32::try_from(value.end)) {
            (Ok(from), Ok(to)) => *slot = (from, to),
            _ => self.is_simple = false,
        }
    }
}
