//! Changing what another may do, and becoming that other.

use super::access::Cx;
use super::answer::Proof;
use super::moves::{MOVES_MAX, MOVING, Subject, moves};
use super::own::{best_of_each, rises_alone};
use super::source::Source;
use super::target::Target;
use super::{Edge, Node};

/// The ways in that combinations are named after.
const ENTRANCES: [&str; 4] = ["sts-001", "iam-012", "iam-002", "iam-003"];

/// Edges to full control through a target that can be both changed and entered.
pub(super) fn draw(cx: &Cx<'_>, source: &Source, target: &Target, edges: &mut Vec<Edge>) {
    if !source.mask.intersects(*MOVING) {
        return;
    }
    let enters: Vec<Edge> = edges.iter().filter(|edge| edge.to == target.node).cloned().collect();
    let named: Vec<&Edge> =
        enters.iter().filter(|edge| ENTRANCES.contains(&edge.technique)).collect();
    let enters = match named.is_empty() {
        false => named,
        true => {
            enters.iter().min_by_key(|edge| edge.certainty.reasons().len()).into_iter().collect()
        }
    };
    if enters.is_empty() || rises_alone(cx, source) {
        return;
    }
    let Some(model) = cx.world.model(target.account) else { return };
    let is_strong = cx.sources.get(&target.node).is_some_and(|owner| owner.admin().is_some());
    let Some(subject) = Subject::of(model, &target.id).filter(|_| !is_strong) else { return };
    let steps = moves(source, &subject);
    let mut found = Vec::new();
    for step in steps.into_iter().take(MOVES_MAX) {
        let Some(admin) = after(cx, target, &step.edit) else { continue };
        for enter in &enters {
            let mut proof = step.proof.clone();
            proof.steps.extend(enter.steps.iter().cloned());
            proof.doubts.extend(enter.certainty.reasons().iter().cloned());
            proof.doubts.extend(admin.doubts.iter().cloned());
            let top = Node::Administrator(target.account);
            found.push(proof.edge(&source.node, &top, name(enter.technique, step.technique)));
        }
    }
    best_of_each(&mut found);
    edges.extend(found);
}

/// Whether the target would have full control after that.
fn after(cx: &Cx<'_>, target: &Target, edit: &super::edit::Edit) -> Option<Proof> {
    let key = (target.node.clone(), format!("{edit:?}"));
    if let Some(known) = cx.thoughts.borrow().get(&key) {
        return known.clone();
    }
    let find = || {
        let model = cx.world.model(target.account)?;
        let owner = cx.sources.get(&target.node)?;
        let (_, after) = edit.of(cx.world, model, owner)?;
        after.admin().cloned()
    };
    let found = find();
    cx.thoughts.borrow_mut().insert(key, found.clone());
    found
}

fn name(enter: &'static str, step: &'static str) -> &'static str {
    match (enter, step) {
        ("sts-001", "iam-009") => "iam-014",
        ("iam-002" | "iam-003", "iam-008") => "iam-015",
        ("sts-001", "iam-001") => "iam-016",
        ("sts-001", "iam-005") => "iam-017",
        ("iam-002" | "iam-003", "iam-007") => "iam-018",
        ("iam-012", "iam-009") => "iam-019",
        ("iam-012", "iam-001") => "iam-020",
        ("iam-012", "iam-005") => "iam-021",
        ("sts-001", "x-iam-09") => "x-iam-10",
        (_, step) => step,
    }
}
