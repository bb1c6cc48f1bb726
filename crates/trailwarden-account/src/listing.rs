//! A set of things of which some, or all, are known: "at least these" is not "these".
//!
//! The maps are persistent: whoever edits a copy pays for the item, not for the others. A group of
//! thousands takes one more member as fast as an empty one.

use rpds::RedBlackTreeMapSync as Map;

use crate::fact::{Fact, Proof, Why};

/// How many absences an incomplete listing remembers; further ones are unknown.
pub const ABSENT_MAX: usize = 256;

/// Things by key, and whether there are others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing<K: Ord, V> {
    items: Map<K, Fact<V>>,
    /// What was taken off while other things were unknown.
    absent: Map<K, Proof>,
    complete: Fact<()>,
}

/// Whether a thing is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence<'a, V> {
    /// It is, with what is known of it.
    Present(&'a Fact<V>),
    /// It is not.
    Absent,
    /// Nobody knows.
    Unknown(&'a Why),
}

/// What was known of a thing before a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// It was there.
    Present,
    /// It was not.
    Absent,
    /// Nobody knew.
    Unknown,
}

impl<K: Ord, V> Default for Listing<K, V> {
    fn default() -> Self {
        Self { items: Map::default(), absent: Map::default(), complete: Fact::default() }
    }
}

impl<K: Ord + Clone, V: Clone> Listing<K, V> {
    /// Nothing is there, by a proof.
    pub fn empty(proof: &Proof) -> Self {
        Self { complete: Fact::known((), proof), ..Self::default() }
    }

    /// Exactly these are there, by a proof.
    pub fn all(items: impl IntoIterator<Item = (K, V)>, proof: &Proof) -> Self {
        let mut listing = Self::empty(proof);
        for (key, value) in items {
            listing.items.insert_mut(key, Fact::known(value, proof));
        }
        listing
    }

    /// What is known to be there, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Fact<V>)> {
        self.items.iter()
    }

    /// The keys of what is known to be there.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.items.keys()
    }

    /// How many are known to be there.
    pub fn len(&self) -> usize {
        self.items.size()
    }

    /// Whether none is known to be there; there may be unknown ones.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many were taken off while there may have been others.
    pub fn absences(&self) -> usize {
        self.absent.size()
    }

    /// Whether nothing else is there, with the proof or the reason for doubt.
    pub fn completeness(&self) -> &Fact<()> {
        &self.complete
    }

    /// Whether nothing else is there.
    pub fn is_complete(&self) -> bool {
        self.complete.is_known()
    }

    /// Whether a thing is there.
    pub fn get(&self, key: &K) -> Presence<'_, V> {
        if let Some(fact) = self.items.get(key) {
            return Presence::Present(fact);
        }
        match &self.complete {
            Fact::Known { .. } => Presence::Absent,
            Fact::Unknown { .. } if self.absent.contains_key(key) => Presence::Absent,
            Fact::Unknown { why, .. } => Presence::Unknown(why),
        }
    }

    /// The fact about a thing that is there, to be altered.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut Fact<V>> {
        self.items.get_mut(key)
    }

    /// What is known of a thing, without its value.
    pub fn before(&self, key: &K) -> Before {
        match self.get(key) {
            Presence::Present(_) => Before::Present,
            Presence::Absent => Before::Absent,
            Presence::Unknown(_) => Before::Unknown,
        }
    }

    /// Puts a thing there, and says what was known of it before.
    pub fn put(&mut self, key: K, fact: Fact<V>) -> Before {
        let before = self.before(&key);
        self.absent.remove_mut(&key);
        self.items.insert_mut(key, fact);
        before
    }

    /// Takes a thing off, and says what was known of it before.
    pub fn remove(&mut self, key: &K, proof: &Proof) -> Before {
        let before = self.before(key);
        self.items.remove_mut(key);
        if !self.is_complete() && self.absent.size() < ABSENT_MAX {
            self.absent.insert_mut(key.clone(), proof.clone());
        }
        before
    }

    /// Takes a thing off. If it was known not to be there, something was missed, and there may be
    /// others.
    pub fn take_off(&mut self, key: &K, proof: &Proof, missed: &Why) -> Before {
        let before = self.before(key);
        if before == Before::Absent {
            self.doubt_others(missed);
        }
        self.remove(key, proof);
        before
    }

    /// A thing that is there may be gone.
    pub fn doubt(&mut self, key: &K, why: &Why) {
        if let Some(fact) = self.get_mut(key) {
            fact.doubt(why);
        }
    }

    /// There may be others from now on.
    pub fn doubt_others(&mut self, why: &Why) {
        self.complete.doubt(why);
        self.absent = Map::default();
    }

    /// There may be others, and what is there may have been replaced.
    pub fn doubt_all(&mut self, why: &Why) {
        self.doubt_others(why);
        let mut items = Map::default();
        for (key, fact) in &self.items {
            let mut fact = fact.clone();
            fact.doubt(why);
            items.insert_mut(key.clone(), fact);
        }
        self.items = items;
    }

    /// Whether all that could be doubted is in doubt already.
    pub fn is_in_doubt(&self) -> bool {
        !self.is_complete()
            && self.absent.is_empty()
            && self.items.values().all(|fact| !fact.is_known())
    }

    /// The same thing under another key.
    pub fn rekey(&mut self, old: &K, new: &K) {
        if let Some(fact) = self.items.get(old).cloned() {
            self.items.remove_mut(old);
            self.items.insert_mut(new.clone(), fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_model::Timestamp;

    fn proof() -> Proof {
        Proof::Baseline { taken: Timestamp::default(), part: "test" }
    }

    #[test]
    fn absence_is_knowledge_only_when_all_is_listed_or_it_was_taken_off() {
        let mut seen: Listing<&str, ()> = Listing::default();
        assert_eq!(seen.put("a", Fact::known((), &proof())), Before::Unknown);
        assert_eq!(seen.get(&"b"), Presence::Unknown(&Why::NeverSeen));
        assert_eq!(seen.remove(&"a", &proof()), Before::Present);
        assert_eq!(seen.get(&"a"), Presence::Absent);
        seen.doubt_others(&Why::NeverSeen);
        assert_eq!(seen.before(&"a"), Before::Unknown);
        assert_eq!(Listing::<&str, ()>::empty(&proof()).get(&"a"), Presence::Absent);
    }

    #[test]
    fn absences_are_bounded() {
        let mut seen: Listing<usize, ()> = Listing::default();
        for key in 0..=ABSENT_MAX {
            seen.remove(&key, &proof());
        }
        assert_eq!(seen.before(&0), Before::Absent);
        assert_eq!(seen.before(&ABSENT_MAX), Before::Unknown);
    }
}
