//! What the effect of a change adds to a match about it.

use trailwarden_account::{Change, Effect, Subject, World};
use trailwarden_model::Severity;

use crate::context::Cx;
use crate::matches::{Match, Weight};

/// Gives a match the effect of its change, and lets it weigh; false when nothing is left to say.
pub(super) fn weigh(matched: &mut Match, own: Severity, cx: &Cx<'_>) -> bool {
    matched.severity = Some(own);
    let Some(effect) = cx.effect else { return true };
    if !effect.is_nothing() {
        matched.effect = Some(effect.to_finding());
    }
    let severity = match (effect.severity(), is_known(cx, effect), matched.weight) {
        (_, _, Weight::Own) => own,
        (Some(severity), _, Weight::Raises) => severity.max(own),
        (None, _, Weight::Raises) => own,
        (Some(severity), true, _) => severity,
        (Some(severity), false, _) => severity.max(own),
        (None, true, Weight::AtLeast(least)) if is_anything(effect) => least.min(own),
        (None, true, _) => return false,
        (None, false, _) => own,
    };
    matched.severity = Some(severity);
    true
}

/// Whether something is there that was not, however little it is worth.
fn is_anything(effect: &Effect) -> bool {
    !effect.entries.is_empty()
        || !effect.credentials.is_empty()
        || effect.moved.iter().any(|moved| moved.gain.is_some())
}

/// Whether all that the effect rests on was seen: a boundary that is taken off somebody of whom nobody
/// knows what he may do is not harmless.
fn is_known(cx: &Cx<'_>, effect: &Effect) -> bool {
    effect.unknowns.is_empty()
        && !effect.is_open_ended
        && cx.change.is_some_and(|change| is_whole(cx, change))
}

fn is_whole(cx: &Cx<'_>, change: &Change) -> bool {
    let account = change.after.account();
    let world = World::of(cx.models);
    let worlds = [world.with(&change.informed), world.with(&change.after)];
    change.touched.iter().all(|touched| match &touched.subject {
        // What the record shows of its caller is no doing of the call.
        Subject::Identity(_, id)
            if change.informed.shared_identity(id) == change.after.shared_identity(id) =>
        {
            true
        }
        Subject::Identity(_, id) => worlds.iter().all(|world| {
            world.standing(account, id).is_none_or(|standing| standing.unknowns().is_empty())
        }),
        Subject::AnyIdentity(_) | Subject::AnyPolicy => false,
        _ => true,
    })
}
