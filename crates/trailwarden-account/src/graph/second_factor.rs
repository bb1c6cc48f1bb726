//! Whom a user becomes once he has bound an MFA device of his own: what asks for MFA lets him in.
//!
//! Sources: IAM User Guide, "Secure API access with MFA", "Assign a virtual MFA device in the AWS
//! Management Console".

use std::sync::Arc;

use super::Edge;
use super::access::{Cx, pair};
use super::answer::{MFA, Proof};
use super::edit::Edit;
use super::moves::{Subject, bound_device};
use super::own::best_of_each;
use super::source::Source;
use super::target::Target;

/// Adds edges that depend on MFA and no more, with the device bound first.
pub(super) fn draw(cx: &Cx<'_>, source: &Source, target: &Target, edges: &mut Vec<Edge>) {
    let asks = |edge: &Edge| edge.certainty.reasons().iter().any(|reason| reason == MFA);
    if source.has_mfa || !edges.iter().any(asks) {
        return;
    }
    let Some((bind, after)) = with_device(cx, source) else { return };
    let mut found: Vec<Edge> = pair(cx, &after, target);
    let is_news = |edge: &Edge| {
        let same = |old: &&Edge| (&old.to, old.technique) == (&edge.to, edge.technique);
        edges.iter().find(same).is_none_or(asks)
    };
    found.retain(is_news);
    edges.extend(found.into_iter().map(|edge| {
        let mut proof = bind.clone();
        proof.steps.extend(edge.steps);
        proof.doubts.extend(edge.certainty.reasons().iter().cloned());
        proof.edge(&source.node, &edge.to, "x-iam-06")
    }));
    best_of_each(edges);
}

/// The user with a device of his own, and how he gets it.
fn with_device(cx: &Cx<'_>, source: &Source) -> Option<(Proof, Arc<Source>)> {
    let find = || {
        let model = cx.world.model(source.account)?;
        let bind = bound_device(source, &Subject::of(model, &source.id)?)?;
        let (_, after) = Edit::Mfa.of(cx.world, model, source)?;
        Some((bind, Arc::new(after)))
    };
    source.with_device.get_or_init(find).clone()
}
