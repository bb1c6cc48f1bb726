//! Sets of texts cut out by patterns: in all of some, in none of others.
//!
//! Used for resources, and for the names of actions that the facts table does not know. Areas are
//! never enumerated and never approximated; only the question whether one is empty may stay open,
//! and then it counts as not empty and says so ([`Area::may_be_empty`]). Without fuel
//! ([`crate::fuel`]) what is cut off stays in, and who set the limit knows.

mod content;
mod display;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use trailwarden_model::AccountId;

use super::automaton::{self, Emptiness};
use super::glob::Glob;
use super::near::{Near, keep_unless, keep_unless_near};
use crate::fuel;
use content::Content;

/// Steps for the search of one text; one of a usual pattern takes some hundred.
const WITNESS_STEPS: u64 = 100_000;

/// What it takes to make an area, but for its patterns.
const AREA_STEPS: usize = 16;

/// What it takes to copy a pattern, to sort it in and to let it go again.
const PATTERN_STEPS: usize = 4;

/// The texts that fit every pattern of `within` and none of `except`.
#[derive(Debug, Clone)]
pub struct Area {
    within: Vec<Glob>,
    except: Vec<Glob>,
    /// Follows from the patterns, so it does not count when areas are compared.
    content: Content,
}

impl Area {
    /// Everything.
    pub fn any() -> Self {
        let content = Content::sampled(&Glob::any());
        Self { within: vec![Glob::any()], except: Vec::new(), content }
    }

    /// What fits `within` and none of `except`; `None` when that is certainly nothing.
    pub fn of(within: Glob, except: Vec<Glob>) -> Option<Self> {
        let content = Content::sampled(&within);
        Self { within: vec![within], except: Vec::new(), content }.without_all(&except)
    }

    /// The patterns that must all fit; at least one.
    pub fn within(&self) -> &[Glob] {
        &self.within
    }

    /// The patterns of which none may fit.
    pub fn except(&self) -> &[Glob] {
        &self.except
    }

    /// Whether it writes out an account that is another one.
    #[must_use]
    pub fn names_another(&self, home: &str) -> bool {
        let written = self.within.iter().filter_map(|glob| glob.arn_part(4)?.as_literal());
        written.filter(|text| AccountId::parse(text).is_some()).any(|text| text != home)
    }

    /// Whether this is everything.
    pub fn is_any(&self) -> bool {
        self.except.is_empty() && self.within.iter().all(Glob::is_any)
    }

    /// Whether it was too much work to tell that there is anything in it.
    pub fn may_be_empty(&self) -> bool {
        self.content == Content::Open
    }

    /// A text in it, when one is at hand.
    pub(super) fn text(&self) -> Option<&Glob> {
        self.content.text()
    }

    /// A text in the area, `None` when none was found. With policy variables it is a text with
    /// variables in it.
    pub fn witness(&self) -> Option<String> {
        let found = || automaton::emptiness(&self.within, &self.except);
        match fuel::limited(WITNESS_STEPS, found).value {
            Emptiness::Holds(text) => Some(text.spelled()),
            Emptiness::Empty | Emptiness::Unknown => None,
        }
    }

    /// Whether a text is in it; variables are letters of their own. A "no" says nothing when there is
    /// no fuel.
    pub(super) fn holds(&self, text: &Glob) -> bool {
        self.within.iter().all(|glob| glob.holds(text)) && !self.excludes(text)
    }

    fn excludes(&self, text: &Glob) -> bool {
        self.except.iter().any(|glob| glob.holds(text) || fuel::is_spent())
    }

    /// How many patterns it is made of.
    pub(super) fn size(&self) -> usize {
        self.within.len() + self.except.len()
    }

    /// What both have in common; `None` when that is certainly nothing.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if self.is_any() || self == other {
            return Some(other.clone());
        }
        if other.is_any() {
            return Some(self.clone());
        }
        if !self.may_meet(other) {
            return None;
        }
        if !fuel::spend(AREA_STEPS + PATTERN_STEPS * (self.size() + other.size())) {
            return Some(self.clone());
        }
        let union = |a: &[Glob], b: &[Glob]| a.iter().chain(b).cloned().collect();
        let mut both = Self {
            within: union(&self.within, &other.within),
            except: union(&self.except, &other.except),
            content: self.content.or(&other.content),
        };
        both.tidy_within();
        both.tidy_except();
        for content in [&self.content, &other.content] {
            if content.text().is_some_and(|text| both.holds(text)) {
                both.content = content.clone();
                return Some(both);
            }
        }
        both.settled()
    }

    /// What is left of `self` without `other`.
    pub fn subtract(&self, other: &Self) -> Vec<Self> {
        if !self.may_meet(other) || fuel::is_spent() {
            return vec![self.clone()];
        }
        let outside = other
            .within
            .iter()
            .filter(|glob| !glob.is_any())
            .filter_map(|glob| self.without_all(std::slice::from_ref(glob)));
        if other.except.is_empty() {
            return outside.collect();
        }
        let plain = |glob: &Glob| Self::of(glob.clone(), Vec::new());
        let within =
            other.within.iter().try_fold(self.clone(), |left, glob| left.intersect(&plain(glob)?));
        let inside = within.iter().flat_map(|within| {
            let near =
                other.except.iter().filter(|glob| within.within.iter().all(|w| w.intersects(glob)));
            near.filter_map(|glob| within.intersect(&plain(glob)?))
        });
        outside.chain(inside).collect()
    }

    /// What is left without any of the patterns.
    pub(super) fn without_all(&self, globs: &[Glob]) -> Option<Self> {
        if fuel::is_spent() {
            return Some(self.clone());
        }
        let new = |glob: &&Glob| {
            self.except.binary_search(glob).is_err()
                && self.within.iter().all(|within| within.intersects(glob))
        };
        let new: Vec<&Glob> = globs.iter().filter(new).collect();
        if new.is_empty() || !fuel::spend(AREA_STEPS + PATTERN_STEPS * (self.size() + new.len())) {
            return Some(self.clone());
        }
        let mut left = self.clone();
        left.except.extend(new.into_iter().cloned());
        left.tidy_except();
        if left.content.text().is_some_and(|text| left.holds(text)) {
            return Some(left);
        }
        left.settled()
    }

    /// A quick check: whether the other one excludes it by its very pattern.
    pub(super) fn is_excluded_from(&self, other: &Self) -> bool {
        self.within.iter().any(|glob| other.except.binary_search(glob).is_ok())
    }

    /// A quick check: `false` is certain.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        if fuel::is_spent() {
            return true;
        }
        self.within.iter().all(|a| other.within.iter().all(|b| a.intersects(b)))
            && !self.within.iter().any(|a| other.except.iter().any(|b| b.covers_plainly(a)))
            && !other.within.iter().any(|a| self.except.iter().any(|b| b.covers_plainly(a)))
    }

    /// A quick check: `true` is certain.
    pub(super) fn surely_meets(&self, other: &Self) -> bool {
        let (one, two) = (self.as_glob(), other.as_glob());
        one.zip(two)
            .is_some_and(|(a, b)| !a.has_variables() && !b.has_variables() && a.intersects(b))
            || self.content.text().is_some_and(|text| other.holds(text))
            || other.content.text().is_some_and(|text| self.holds(text))
    }

    /// The pattern, when the area is no more than one.
    pub(super) fn as_glob(&self) -> Option<&Glob> {
        match (self.within.as_slice(), self.except.as_slice()) {
            ([one], []) => Some(one),
            _ => None,
        }
    }

    /// How all texts in it begin, as far as one pattern tells.
    pub(super) fn start(&self) -> String {
        self.within.iter().map(Glob::start).max_by_key(String::len).unwrap_or_default()
    }

    /// Whether all of `other` is in it, for certain.
    pub(super) fn covers(&self, other: &Self) -> bool {
        if other.content.text().is_some_and(|text| !self.holds(text)) {
            return false;
        }
        match (self.as_glob(), other.as_glob()) {
            (Some(wide), Some(narrow)) => wide.covers(narrow),
            _ => self == other || other.subtract(self).is_empty(),
        }
    }

    /// Keeps only patterns that ask for something, and merges pairs that one pattern can say.
    fn tidy_within(&mut self) {
        self.within.sort();
        self.within.dedup();
        keep_unless(&mut self.within, |glob, other| glob.covers(other));
        if let [a, b] = self.within.as_slice()
            && let Some(only) = a.merged(b)
        {
            self.within = vec![only];
        }
    }

    /// Keeps only exclusions that take something away, each said once.
    fn tidy_except(&mut self) {
        let within = &self.within;
        self.except.retain(|except| within.iter().all(|glob| glob.intersects(except)));
        self.except.sort();
        self.except.dedup();
        let near = Near::of(self.except.iter().map(Glob::start));
        keep_unless_near(
            &mut self.except,
            |glob| near.to(|| glob.start()),
            |glob, other| other.covers(glob),
        );
    }
}

impl PartialEq for Area {
    fn eq(&self, other: &Self) -> bool {
        self.within == other.within && self.except == other.except
    }
}

impl Eq for Area {}

impl PartialOrd for Area {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Area {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.within, &self.except).cmp(&(&other.within, &other.except))
    }
}

impl Hash for Area {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.within.hash(state);
        self.except.hash(state);
    }
}
