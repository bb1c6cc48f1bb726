//! Which actions of a grant can meet a resource that its patterns cover, and whether it covers all
//! resources of a kind.
//!
//! `s3:*` on a bucket's ARN grants `s3:GetObject` in name only: objects have other ARNs. For
//! grading and for people such actions are left out. The full grants keep them, because the facts
//! table may be behind; and where no action of a service would be left, all are kept, unless the
//! resources are all of other services.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use super::area::Area;
use super::areas::Areas;
use super::glob::{Glob, Token};
use super::grant::Grant;
use crate::facts::{Action, ActionSet, ResourceType};
use crate::fuel;

/// The known actions of a grant that can meet one of its resources.
pub(super) fn relevant(grant: &Grant) -> ActionSet {
    restrict(grant.actions.known(), &grant.resources)
}

/// Those of the actions that can meet one of the resources.
pub(super) fn restrict(known: &ActionSet, resources: &Areas) -> ActionSet {
    if resources.is_any() {
        return known.clone();
    }
    let places: Vec<Place<'_>> = resources.iter().map(Place::of).collect();
    let mut meets: HashMap<usize, bool> = HashMap::new();
    let (mut relevant, mut of_others) = (ActionSet::empty(), ActionSet::empty());
    let mut rest: Vec<_> = known.iter().map(|id| id.action()).collect();
    while let Some(prefix) = rest.first().map(|action| action.prefix()) {
        let end = rest.partition_point(|action| action.prefix() == prefix);
        let others = rest.split_off(end);
        let before = relevant.len();
        for action in &rest {
            let any = types(action).any(|kind| {
                *meets.entry(kind.place()).or_insert_with(|| {
                    !fuel::spend(places.len()) || places.iter().any(|place| place.meets(kind))
                })
            });
            if any {
                relevant.insert(action.id());
            }
        }
        if relevant.len() == before {
            let kept = match places.iter().any(|place| place.may_be_of(&rest)) {
                true => &mut relevant,
                false => &mut of_others,
            };
            kept.extend(rest.iter().map(|action| action.id()));
        }
        rest = others;
    }
    // Something has to be said of a grant that meets nothing at all.
    if relevant.is_empty() { of_others } else { relevant }
}

/// Whether one of the actions can meet one of the resources: as much as [`restrict`] leaves of them
/// something, where it leaves something of their services.
pub(super) fn any_meets(known: &ActionSet, resources: &Areas) -> bool {
    if resources.is_any() {
        return !known.is_empty();
    }
    let places: Vec<Place<'_>> = resources.iter().map(Place::of).collect();
    let mut asked: HashSet<usize> = HashSet::new();
    known.iter().any(|id| {
        types(id.action()).any(|kind| {
            asked.insert(kind.place())
                && (!fuel::spend(places.len()) || places.iter().any(|place| place.meets(kind)))
        })
    })
}

/// Whether the area may hold a resource that the action works on.
pub(super) fn meets(area: &Area, action: &Action) -> bool {
    if area.is_any() {
        return true;
    }
    let place = Place::of(area);
    types(action).any(|kind| place.meets(kind))
}

/// Whether the action works on buckets as a whole and the area lies inside of one: no name of a bucket
/// holds a slash.
pub(super) fn is_inside_a_bucket(area: &Area, action: &Action) -> bool {
    types(action).all(|kind| kind.name() == "bucket")
        && area.within().iter().any(|glob| {
            glob.arn_part(5).is_some_and(|part| part.tokens().contains(&Token::Char('/')))
        })
}

/// Whether the area names no resource: it covers every name of a type that the action works on, in
/// some account at least. Exclusions are not looked at.
pub(super) fn is_open(area: &Area, action: &Action) -> bool {
    area.within().iter().all(|glob| {
        let Some(resource) = glob.arn_part(5) else {
            return glob.tokens().last() == Some(&Token::Many);
        };
        resource.is_any()
            || types(action).flat_map(arns).any(|arn| {
                glob.intersects(arn) && arn.arn_part(5).is_some_and(|all| resource.covers(&all))
            })
    })
}

/// The first part of the area's resource that names its type, when there is one: `role/`.
pub(super) fn type_prefix(area: &Area, action: &Action) -> String {
    let literal_start = |arn: &Glob| -> String {
        let part = arn.arn_part(5);
        let tokens = part.iter().flat_map(|part| part.tokens().iter());
        tokens
            .map_while(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    };
    let met = types(action)
        .filter(|kind| meets_type(area, kind))
        .flat_map(arns)
        .map(literal_start)
        .find(|start| start.ends_with(['/', ':']));
    met.unwrap_or_default()
}

fn types(action: &Action) -> impl Iterator<Item = &'static ResourceType> {
    action.resource_types().map(|used| used.resource_type())
}

/// An ARN of a type, every placeholder widened to `*`, and the service where that is written out.
struct Pattern {
    arn: Glob,
    service: Option<String>,
}

/// The ARNs of a type.
fn patterns(kind: &ResourceType) -> &'static [Pattern] {
    // Each read when it is first asked for: there are thousands, and most policies concern a few.
    static PATTERNS: LazyLock<Vec<OnceLock<Vec<Pattern>>>> =
        LazyLock::new(|| (0..ResourceType::count()).map(|_| OnceLock::new()).collect());
    let of_type = || {
        let arns = kind.arn_patterns().map(|arn| Glob::with_variables(arn).widened());
        arns.map(|arn| Pattern { service: arn.arn_service(), arn }).collect()
    };
    PATTERNS.get(kind.place()).map_or(&[], |patterns| patterns.get_or_init(of_type))
}

fn arns(kind: &ResourceType) -> impl Iterator<Item = &'static Glob> + use<> {
    patterns(kind).iter().map(|pattern| &pattern.arn)
}

/// An area, with the service of each of its patterns: that tells most of them apart at once.
struct Place<'a> {
    globs: Vec<(&'a Glob, Option<String>)>,
}

impl<'a> Place<'a> {
    fn of(area: &'a Area) -> Self {
        Self { globs: area.within().iter().map(|glob| (glob, glob.arn_service())).collect() }
    }

    /// Whether it may hold resources of the service of these actions, be it of types that are not known.
    fn may_be_of(&self, actions: &[&'static Action]) -> bool {
        let names = |action: &&'static Action, written: &str| {
            let mut known = types(action).flat_map(patterns);
            action.prefix() == written
                || known.any(|known| known.service.as_deref() == Some(written))
        };
        self.globs.iter().all(|(_, service)| match service {
            Some(written) => actions.iter().any(|action| names(action, written)),
            None => true,
        })
    }

    fn meets(&self, kind: &ResourceType) -> bool {
        patterns(kind).iter().any(|pattern| {
            self.globs.iter().all(|(glob, service)| match (service, &pattern.service) {
                (Some(a), Some(b)) if a != b => false,
                _ => glob.intersects(&pattern.arn),
            })
        })
    }
}

fn meets_type(area: &Area, kind: &ResourceType) -> bool {
    Place::of(area).meets(kind)
}
