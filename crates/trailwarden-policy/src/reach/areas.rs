//! Unions of areas.

use super::area::Area;
use super::glob::Glob;
use super::near::{Near, keep_unless_near};
use crate::fuel;

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
        fuel::spend(areas.iter().map(Area::size).sum());
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

    /// How many patterns it is made of.
    pub(super) fn size(&self) -> usize {
        self.0.iter().map(Area::size).sum()
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        Self::union_of(vec![self.clone(), other.clone()])
    }

    /// What is in any of these. One by one it would take the square of their number.
    pub(super) fn union_of(mut each: Vec<Self>) -> Self {
        each.sort();
        each.dedup();
        match each.len() {
            0 | 1 => each.pop().unwrap_or_default(),
            _ => Self::of(each.into_iter().flat_map(|one| one.0)),
        }
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
        let mut both = Vec::new();
        for a in &self.0 {
            if fuel::is_spent() {
                return self.clone();
            }
            both.extend(other.beside(&near, a).filter_map(|b| a.intersect(b)));
        }
        Self::of(both)
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
            if fuel::is_spent() {
                return self.clone();
            }
            // Single patterns, which may be many, go out together.
            let (plain, others): (Vec<&Area>, Vec<&Area>) =
                other.beside(&near, area).partition(|area| area.as_glob().is_some());
            let globs: Vec<Glob> = plain.into_iter().filter_map(Area::as_glob).cloned().collect();
            let mut pieces: Vec<Area> = area.without_all(&globs).into_iter().collect();
            for taken in others {
                if !fuel::spend(pieces.len()) {
                    break;
                }
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

    /// A quick check before [`Areas::covers`]: `false` is certain where there is fuel, and says "not
    /// certainly covered" where there is none.
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
                if a.is_excluded_from(b) || b.is_excluded_from(a) {
                    continue;
                }
                if !fuel::spend(1) || a.surely_meets(b) {
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
