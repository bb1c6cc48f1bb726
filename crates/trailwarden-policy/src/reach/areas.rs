//! Unions of areas.

use super::area::{Area, keep_unless_near};
use super::glob::Glob;
use super::near::Near;

/// A union of areas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Areas(Vec<Area>);

/// So many areas are asked for a quick "no" before all are.
const ASKED_FIRST: usize = 16;

impl Areas {
    /// Everything.
    pub fn any() -> Self {
        Self(vec![Area::any()])
    }

    /// The union of these.
    pub fn of(areas: impl IntoIterator<Item = Area>) -> Self {
        let mut areas: Vec<Area> = areas.into_iter().collect();
        if areas.len() < 2 {
            return Self(areas);
        }
        if areas.iter().any(Area::is_any) {
            return Self::any();
        }
        areas.sort();
        areas.dedup();
        let near = Near::of(areas.iter().map(Area::start));
        keep_unless_near(
            &mut areas,
            |area| near.to(|| area.start()),
            |area, other| other.covers(area),
        );
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

    /// Whether it was too much work to tell that there is anything in one of the areas.
    pub fn is_open(&self) -> bool {
        self.0.iter().any(Area::may_be_empty)
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
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
        let near = other.near();
        Self::of(self.0.iter().flat_map(|a| other.beside(&near, a).filter_map(|b| a.intersect(b))))
    }

    /// What is in `self` and not in `other`.
    pub fn subtract(&self, other: &Self) -> Self {
        if other.is_any() || self == other {
            return Self::default();
        }
        if other.is_empty() {
            return self.clone();
        }
        let near = other.near();
        let mut left = Vec::new();
        for area in &self.0 {
            // Single patterns, which may be many, go out together.
            let (plain, others): (Vec<&Area>, Vec<&Area>) =
                other.beside(&near, area).partition(|area| area.as_glob().is_some());
            let globs: Vec<Glob> = plain.into_iter().filter_map(Area::as_glob).cloned().collect();
            let mut pieces: Vec<Area> = area.without_all(&globs).into_iter().collect();
            for taken in others {
                pieces = pieces.iter().flat_map(|area| area.subtract(taken)).collect();
            }
            left.extend(pieces);
        }
        Self::of(left)
    }

    /// Whether all of `other` is in it, for certain.
    pub fn covers(&self, other: &Self) -> bool {
        if self.is_any() || self == other {
            return true;
        }
        self.may_cover(other) && other.subtract(self).is_empty()
    }

    /// A quick check before [`Areas::covers`]: `false` is certain.
    pub(super) fn may_cover(&self, other: &Self) -> bool {
        let mut first = other.0.iter().take(ASKED_FIRST).filter_map(Area::text);
        self.is_any() || first.all(|text| self.0.iter().any(|area| area.holds(text)))
    }

    /// Whether something may be in both; `false` is certain.
    pub fn intersects(&self, other: &Self) -> bool {
        if self.is_any() || other.is_any() {
            return !self.is_empty() && !other.is_empty();
        }
        let near = other.near();
        let mut doubtful = Vec::new();
        for a in &self.0 {
            for b in other.beside(&near, a) {
                if a.surely_meets(b) {
                    return true;
                }
                if a.may_meet(b) {
                    doubtful.push((a, b));
                }
            }
        }
        doubtful.into_iter().any(|(a, b)| a.intersect(b).is_some())
    }

    /// Whether a request that names no resource is meant: `*` covers it, and nothing else does.
    pub(super) fn covers_no_resource(&self) -> bool {
        self.0.iter().any(|area| area.within().iter().all(Glob::is_any))
    }

    /// Whether the text is in it, whatever policy variables hold.
    pub fn contains(&self, text: &str) -> bool {
        let text = Glob::literal(text);
        self.0.iter().any(|area| area.holds(&text))
    }

    fn near(&self) -> Near {
        Near::of(self.0.iter().map(Area::start))
    }

    /// The areas that may have something in common with one.
    fn beside<'a>(&'a self, near: &Near, area: &Area) -> impl Iterator<Item = &'a Area> + use<'a> {
        near.to(|| area.start()).into_iter().filter_map(|at| self.0.get(at))
    }
}
