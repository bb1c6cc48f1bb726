//! Which actions of a grant can meet a resource that its patterns cover, and whether it covers all
//! resources of a kind.
//!
//! `s3:*` on a bucket's ARN grants `s3:GetObject` in name only: objects have other ARNs. For
//! grading and for people such actions are left out. The full grants keep them, because the facts
//! table may be behind; and where no action of a service would be left, all are kept.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::area::Area;
use super::areas::Areas;
use super::glob::{Glob, Token};
use super::grant::Grant;
use crate::facts::{Action, ActionSet, ResourceType, facts};

/// The known actions of a grant that can meet one of its resources.
pub(super) fn relevant(grant: &Grant) -> ActionSet {
    restrict(grant.actions.known(), &grant.resources)
}

/// Those of the actions that can meet one of the resources.
pub(super) fn restrict(known: &ActionSet, resources: &Areas) -> ActionSet {
    if resources.is_any() {
        return known.clone();
    }
    let mut meets: HashMap<*const ResourceType, bool> = HashMap::new();
    let mut relevant = ActionSet::empty();
    let mut rest: Vec<_> = known.iter().map(|id| id.action()).collect();
    while let Some(prefix) = rest.first().map(|action| action.prefix()) {
        let end = rest.partition_point(|action| action.prefix() == prefix);
        let others = rest.split_off(end);
        let before = relevant.len();
        for action in &rest {
            let any = types(action).any(|kind| {
                *meets
                    .entry(std::ptr::from_ref(kind))
                    .or_insert_with(|| resources.iter().any(|area| meets_type(area, kind)))
            });
            if any {
                relevant.insert(action.id());
            }
        }
        if relevant.len() == before {
            relevant.extend(rest.iter().map(|action| action.id()));
        }
        rest = others;
    }
    relevant
}

/// Whether the area may hold a resource that the action works on.
pub(super) fn meets(area: &Area, action: &Action) -> bool {
    area.is_any() || types(action).any(|kind| meets_type(area, kind))
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

/// The ARNs of a type, every placeholder widened to `*`.
fn arns(kind: &ResourceType) -> impl Iterator<Item = &'static Glob> + use<> {
    static ARNS: LazyLock<HashMap<&'static str, Glob>> = LazyLock::new(|| {
        let types = facts().services().iter().flat_map(|service| service.resource_types());
        types
            .flat_map(ResourceType::arn_patterns)
            .map(|arn| (arn, Glob::with_variables(arn).widened()))
            .collect()
    });
    kind.arn_patterns().filter_map(|arn| ARNS.get(arn)).collect::<Vec<_>>().into_iter()
}

fn meets_type(area: &Area, kind: &ResourceType) -> bool {
    arns(kind).any(|arn| area.within().iter().all(|glob| meets_arn(glob, arn)))
}

fn meets_arn(glob: &Glob, arn: &Glob) -> bool {
    // The service is nearly always written out, and tells most of them apart at once.
    let service = |glob: &Glob| {
        let starts_plainly = [0, 1].iter().all(|at| {
            glob.arn_part(*at).is_some_and(|part| part.as_literal().is_some() || part.is_any())
        });
        starts_plainly.then(|| glob.arn_part(2)?.as_literal()).flatten()
    };
    match (service(glob), service(arn)) {
        (Some(a), Some(b)) if a != b => false,
        _ => glob.intersects(arn),
    }
}
