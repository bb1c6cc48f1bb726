//! What a change does to permissions, as the page shows it.

use trailwarden_model::finding::{Effect, PrincipalEffect};

use super::drawing;
use super::prose::{self, Prose};
use super::svg::scene::Scene;
use crate::formats::effect::{alike, grades, name, named, provided, visible, way};
use crate::formats::text;

/// A policy may move thousands of principals; the other formats list them all.
const PRINCIPALS_SHOWN: usize = 40;
const NAMES_SHOWN: usize = 100;
const PERMISSIONS_SHOWN: usize = 40;
const PATHS_SHOWN: usize = 40;
/// Names, and changes of a grade, in the line below a title.
const NAMES_IN_LINE: usize = 3;
const MOVES_IN_LINE: usize = 2;

/// An effect.
pub(super) struct EffectView {
    pub(super) principals: Vec<PrincipalView>,
    pub(super) principals_more: Option<String>,
    pub(super) drawing: Option<Scene>,
    pub(super) paths: Vec<PathView>,
    pub(super) paths_more: Option<String>,
    pub(super) unknowns: Vec<Prose>,
}

/// What principals with the same fate gained and lost.
pub(super) struct PrincipalView {
    pub(super) names: String,
    pub(super) arns: String,
    pub(super) before: String,
    pub(super) after: String,
    /// Whether they get the means to more permissions.
    pub(super) climbs: bool,
    pub(super) gained: Vec<Prose>,
    pub(super) gained_more: Option<String>,
    pub(super) lost: Vec<Prose>,
    pub(super) lost_more: Option<String>,
}

/// A path in words.
pub(super) struct PathView {
    pub(super) calls: String,
    pub(super) technique: String,
    pub(super) from: String,
    pub(super) to: String,
    /// `, if …`, or nothing.
    pub(super) provided: String,
}

impl EffectView {
    pub(super) fn of(effect: &Effect) -> Self {
        let paths = effect.paths_opened.iter().take(PATHS_SHOWN).map(|path| PathView {
            calls: way(&path.technique),
            technique: visible(&path.technique),
            from: visible(&path.from),
            to: visible(&path.to),
            provided: provided(&path.conditions),
        });
        let groups = alike(&effect.principals);
        let rest = groups.iter().skip(PRINCIPALS_SHOWN).map(Vec::len).sum();
        Self {
            principals: groups
                .iter()
                .take(PRINCIPALS_SHOWN)
                .filter_map(|group| PrincipalView::of(group))
                .collect(),
            principals_more: more(rest, 0),
            drawing: drawing::of(&effect.paths_opened),
            paths: paths.collect(),
            paths_more: more(effect.paths_opened.len(), PATHS_SHOWN),
            unknowns: effect.unknowns.iter().map(|text| Prose::of(text)).collect(),
        }
    }
}

/// Whose grade changed, and how: for one line.
pub(super) fn moves(effect: &Effect) -> Option<String> {
    let groups = alike(&effect.principals);
    let moved = groups.iter().filter_map(|group| {
        let first = group.first().filter(|one| one.grade_before != one.grade_after)?;
        let names: Vec<String> = group.iter().map(|one| name(&one.arn)).collect();
        Some(format!("{}: {}", named(&names, NAMES_IN_LINE), grades(first)))
    });
    let moved: Vec<String> = moved.collect();
    let shown = moved.get(..MOVES_IN_LINE).unwrap_or(&moved).join("; ");
    let line = match more(moved.len(), MOVES_IN_LINE) {
        Some(more) => format!("{shown}; and {more} more"),
        None => shown,
    };
    (!line.is_empty()).then(|| prose::arrows(&line))
}

impl PrincipalView {
    /// None for nobody.
    fn of(group: &[&PrincipalEffect]) -> Option<Self> {
        let first = group.first()?;
        let some = |texts: &[String]| -> Vec<Prose> {
            texts.iter().take(PERMISSIONS_SHOWN).map(|text| Prose::of(text)).collect()
        };
        let names: Vec<String> = group.iter().map(|one| name(&one.arn)).collect();
        let arns: Vec<String> = group.iter().map(|one| visible(&one.arn)).collect();
        Some(Self {
            names: named(&names, NAMES_SHOWN),
            arns: named(&arns, NAMES_SHOWN),
            before: visible(&first.grade_before),
            after: visible(&first.grade_after),
            climbs: first.grade_before != first.grade_after
                && matches!(first.grade_after.as_str(), "privesc" | "admin"),
            gained: some(&first.gained),
            gained_more: more(first.gained.len(), PERMISSIONS_SHOWN),
            lost: some(&first.lost),
            lost_more: more(first.lost.len(), PERMISSIONS_SHOWN),
        })
    }
}

fn more(total: usize, shown_max: usize) -> Option<String> {
    let rest = total.saturating_sub(shown_max) as u64;
    (rest > 0).then(|| text::count(rest))
}
