//! Grants in full: [`list`].

use super::super::area::Area;
use super::super::grant::Grant;
use super::super::text::visible;
use super::written;
use crate::facts::{Action, facts};

fn shown(area: &Area) -> String {
    written::area(area, usize::MAX)
}

/// Every grant in full: all names of actions, all resources, all conditions, one line for each
/// service.
pub fn list(grants: &[Grant]) -> Vec<String> {
    let mut lines = Vec::new();
    for grant in grants {
        let mut tail: Vec<String> =
            grant.resources.iter().map(|area| format!("on {}", shown(area))).collect();
        tail.extend(grant.conditions.all().iter().map(|one| format!("where {one}")));
        tail.extend(grant.conditions.unless().iter().map(|group| {
            let group: Vec<String> = group.iter().map(ToString::to_string).collect();
            format!("unless {}", group.join(" and "))
        }));
        let tail = tail.join(", ");
        for service in facts().services() {
            let own: Vec<&Action> = service
                .actions()
                .iter()
                .filter(|action| grant.actions.known().contains(action.id()))
                .collect();
            if own.is_empty() {
                continue;
            }
            let names = if own.len() == service.actions().len() {
                format!("all {} actions of {}", own.len(), visible(service.prefix()))
            } else {
                own.iter().map(|action| action.full_name()).collect::<Vec<_>>().join(", ")
            };
            lines.push(format!("{names} {tail}"));
        }
        for area in grant.actions.unknown().iter() {
            lines.push(format!("actions not known here, {} {tail}", shown(area)));
        }
    }
    lines
}
