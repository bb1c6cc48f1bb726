//! Sets of texts cut out by patterns: in all of some, in none of others; and unions of these.
//!
//! Used for resources, and for the names of actions that the facts table does not know. Areas are
//! never enumerated and never approximated; only the question whether one is empty may stay open,
//! and then it counts as not empty.

use std::fmt;

use super::automaton::{self, Emptiness};
use super::glob::Glob;

/// The texts that fit every pattern of `within` and none of `except`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    within: Vec<Glob>,
    except: Vec<Glob>,
}

/// A union of areas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Areas(Vec<Area>);

impl Area {
    /// Everything.
    pub fn any() -> Self {
        Self { within: vec![Glob::any()], except: Vec::new() }
    }

    /// What fits `within` and none of `except`; `None` when that is certainly nothing.
    pub fn of(within: Glob, except: Vec<Glob>) -> Option<Self> {
        Self { within: vec![within], except }.normal()
    }

    /// The patterns that must all fit; at least one.
    pub fn within(&self) -> &[Glob] {
        &self.within
    }

    /// The patterns of which none may fit.
    pub fn except(&self) -> &[Glob] {
        &self.except
    }

    /// Whether this is everything.
    pub fn is_any(&self) -> bool {
        self.except.is_empty() && self.within.iter().all(Glob::is_any)
    }

    /// A text in the area, `None` when none was found. With policy variables it is a text with
    /// variables in it.
    pub fn witness(&self) -> Option<String> {
        match automaton::emptiness(&self.within, &self.except) {
            Emptiness::Holds(text) => Some(text),
            Emptiness::Empty | Emptiness::Unknown => None,
        }
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
        let union = |a: &[Glob], b: &[Glob]| a.iter().chain(b).cloned().collect();
        Self {
            within: union(&self.within, &other.within),
            except: union(&self.except, &other.except),
        }
        .normal()
    }

    /// What is left of `self` without `other`.
    pub fn subtract(&self, other: &Self) -> Vec<Self> {
        if !self.may_meet(other) {
            return vec![self.clone()];
        }
        let outside = other.within.iter().filter(|glob| !glob.is_any()).filter_map(|glob| {
            let mut left = self.clone();
            left.except.push(glob.clone());
            left.normal()
        });
        let inside = other.except.iter().filter_map(|glob| {
            self.intersect(&Self { within: other.within.clone(), except: Vec::new() })?
                .intersect(&Self { within: vec![glob.clone()], except: Vec::new() })
        });
        outside.chain(inside).collect()
    }

    /// A quick check: `false` is certain.
    fn may_meet(&self, other: &Self) -> bool {
        self.within.iter().all(|a| other.within.iter().all(|b| a.intersects(b)))
            && !self.within.iter().any(|a| other.except.iter().any(|b| b.covers_plainly(a)))
            && !other.within.iter().any(|a| self.except.iter().any(|b| b.covers_plainly(a)))
    }

    /// The pattern, when the area is no more than one.
    fn as_glob(&self) -> Option<&Glob> {
        match (self.within.as_slice(), self.except.as_slice()) {
            ([one], []) => Some(one),
            _ => None,
        }
    }

    /// Drops what changes nothing; `None` when nothing is left.
    fn normal(mut self) -> Option<Self> {
        self.within.sort();
        self.within.dedup();
        keep_unless(&mut self.within, |glob, other| glob.covers(other));
        if let [a, b] = self.within.as_slice() {
            let shared = a.intersection(b);
            if let ([only], true) = (shared.globs.as_slice(), shared.is_exact) {
                self.within = vec![only.clone()];
            }
        }
        let within = &self.within;
        self.except.retain(|except| within.iter().all(|glob| glob.intersects(except)));
        self.except.sort();
        self.except.dedup();
        keep_unless(&mut self.except, |glob, other| other.covers(glob));
        (!self.is_empty()).then_some(self)
    }

    /// Whether it is certainly empty. The automata walk only where tokens do not decide.
    fn is_empty(&self) -> bool {
        let covered =
            self.within.iter().any(|glob| self.except.iter().any(|wide| wide.covers_plainly(glob)));
        if covered {
            return true;
        }
        match self.within.as_slice() {
            [_] if self.except.iter().all(Glob::is_decided_plainly) => false,
            [a, b] if self.except.is_empty() => !a.intersects(b),
            _ => match self.pieces() {
                Some(pieces) => pieces.iter().all(|piece| is_covered(piece, &self.except)),
                None => automaton::emptiness(&self.within, &self.except) == Emptiness::Empty,
            },
        }
    }

    /// Single patterns that together are what `within` asks for, when they are few.
    fn pieces(&self) -> Option<Vec<Glob>> {
        let (first, others) = self.within.split_first()?;
        let mut pieces = vec![first.clone()];
        for other in others {
            let mut next = Vec::new();
            for piece in &pieces {
                let shared = piece.intersection(other);
                next.extend(shared.is_exact.then_some(shared.globs)?);
            }
            if next.len() > PIECES_MAX {
                return None;
            }
            pieces = next;
        }
        Some(pieces)
    }

    /// Whether all of `other` is in it, for certain.
    fn covers(&self, other: &Self) -> bool {
        match (self.as_glob(), other.as_glob()) {
            (Some(wide), Some(narrow)) => wide.covers(narrow),
            _ => self == other || other.subtract(self).is_empty(),
        }
    }
}

/// More patterns than these are not looked at one by one.
const PIECES_MAX: usize = 16;

/// Whether some patterns certainly cover another together.
fn is_covered(piece: &Glob, except: &[Glob]) -> bool {
    if except.iter().any(|wide| wide.covers_plainly(piece)) {
        return true;
    }
    let near: Vec<Glob> = except.iter().filter(|wide| wide.intersects(piece)).cloned().collect();
    !near.iter().all(Glob::is_decided_plainly)
        && automaton::emptiness(std::slice::from_ref(piece), &near) == Emptiness::Empty
}

/// Drops each item that another one makes superfluous.
fn keep_unless<T>(items: &mut Vec<T>, is_superfluous: impl Fn(&T, &T) -> bool) {
    let mut at = 0;
    while at < items.len() {
        let item = items.remove(at);
        if !items.iter().any(|other| is_superfluous(&item, other)) {
            items.insert(at, item);
            at += 1;
        }
    }
}

impl Areas {
    /// Everything.
    pub fn any() -> Self {
        Self(vec![Area::any()])
    }

    /// The union of these.
    pub fn of(areas: impl IntoIterator<Item = Area>) -> Self {
        let mut areas: Vec<Area> = areas.into_iter().collect();
        areas.sort();
        areas.dedup();
        keep_unless(&mut areas, |area, other| other.is_any() || other.covers(area));
        Self(areas)
    }

    /// What fits one of the patterns.
    pub fn of_globs(globs: impl IntoIterator<Item = Glob>) -> Self {
        Self::of(globs.into_iter().filter_map(|glob| Area::of(glob, Vec::new())))
    }

    /// The areas, in a fixed order.
    pub fn iter(&self) -> std::slice::Iter<'_, Area> {
        self.0.iter()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether everything is in it.
    pub fn is_any(&self) -> bool {
        self.0.iter().any(Area::is_any)
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).cloned())
    }

    /// What is in both.
    pub fn intersect(&self, other: &Self) -> Self {
        if other.is_any() || self == other {
            return self.clone();
        }
        if self.is_any() {
            return other.clone();
        }
        Self::of(self.0.iter().flat_map(|a| other.0.iter().filter_map(|b| a.intersect(b))))
    }

    /// What is in `self` and not in `other`.
    pub fn subtract(&self, other: &Self) -> Self {
        if other.is_any() || self == other {
            return Self::default();
        }
        // Single patterns, which may be many, go out together.
        let globs: Vec<&Glob> = other.0.iter().filter_map(Area::as_glob).collect();
        let without = |area: &Area| {
            let mut area = area.clone();
            area.except.extend(globs.iter().copied().cloned());
            area.normal()
        };
        let mut left: Vec<Area> = match globs.as_slice() {
            [] => self.0.clone(),
            _ => self.0.iter().filter_map(without).collect(),
        };
        for taken in other.0.iter().filter(|area| area.as_glob().is_none()) {
            left = left.iter().flat_map(|area| area.subtract(taken)).collect();
        }
        Self::of(left)
    }

    /// Whether all of `other` is in it, for certain.
    pub fn covers(&self, other: &Self) -> bool {
        self.is_any() || other.subtract(self).is_empty()
    }

    /// Whether something may be in both; `false` is certain.
    pub fn intersects(&self, other: &Self) -> bool {
        self.0.iter().any(|a| other.0.iter().any(|b| a.may_meet(b) && a.intersect(b).is_some()))
    }

    /// Whether a request that names no resource is meant: `*` covers it, and nothing else does.
    pub(super) fn covers_no_resource(&self) -> bool {
        self.0.iter().any(|area| area.within.iter().all(Glob::is_any))
    }

    /// Whether the text is in it, whatever policy variables hold.
    pub fn contains(&self, text: &str) -> bool {
        self.0.iter().any(|area| {
            area.within.iter().all(|glob| glob.matches(text))
                && !area.except.iter().any(|glob| glob.matches(text))
        })
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, glob) in self.within.iter().enumerate() {
            let before = if at == 0 { "" } else { " within " };
            write!(f, "{before}`{glob}`")?;
        }
        for (at, glob) in self.except.iter().enumerate() {
            let before = if at == 0 { " except " } else { ", " };
            write!(f, "{before}`{glob}`")?;
        }
        Ok(())
    }
}
