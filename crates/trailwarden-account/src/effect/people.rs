//! What the actor himself gets out of a change.

use trailwarden_policy::reach::{Grade, controls_iam};

use super::entrance::may_enter;
use super::words::plain;
use super::{Actor, Bearer, Effect, Judging};
use crate::access::{Standing, World};
use crate::identity::Identity;
use crate::model::Model;
use trailwarden_policy::evaluate::Outcome;

/// How many bearers are asked whether the actor may become them.
const ASKED_MAX: usize = 64;

/// Marks what the actor gains: by himself, or because he may act as whoever gained.
pub(super) fn tie(judging: &Judging<'_>, effect: &mut Effect) {
    let Some(actor) = judging.actor else { return };
    let Some(identity) = actor.identity(judging.after) else { return };
    let is_self = |account, id: &crate::Id| account == actor.account && *id == identity.id;
    for moved in &mut effect.moved {
        moved.is_actor = is_self(moved.account, &moved.id);
    }
    for entry in &mut effect.entries {
        entry.is_actor =
            entry.who.id().is_some_and(|id| entry.who.account().is_some_and(|a| is_self(a, id)));
    }
    let is_grave = |grade: Option<Grade>| grade >= Some(Grade::Privesc);
    if !effect.moved.iter().any(|moved| is_grave(moved.gain) && !moved.is_actor) {
        return;
    }
    // Whoever is administrator already gains nothing by becoming another.
    if is_administrator(actor, judging.before) {
        return;
    }
    // What he could become before counts: what he became by the change is his own gain.
    let Some(standing) = judging.before.standing(actor.account, &identity.id) else { return };
    let others = effect.moved.iter_mut().filter(|moved| is_grave(moved.gain) && !moved.is_actor);
    for moved in others.take(ASKED_MAX) {
        let Some(model) = judging.before.model(moved.account) else { continue };
        let Some(target) = model.identity(&moved.id) else { continue };
        let how = match moved.bearer {
            Bearer::Role => by_role(&standing, (judging.before, model), target),
            Bearer::User => by_credentials(&standing, &moved.arn),
            _ => None,
        };
        if let Some(how) = how {
            moved.is_actor = true;
            moved.through = Some(format!("{} may {how} {}", actor.name, plain(&moved.label)));
        }
    }
}

fn is_administrator(actor: &Actor, world: World<'_>) -> bool {
    actor.standing(world).is_some_and(|standing| is_admin(&standing))
}

/// Whether it may do everything, or give itself everything, under any condition.
pub(super) fn is_admin(standing: &Standing) -> bool {
    standing.may_be_administrator() && controls_iam(standing.reach().grants())
}

fn by_role(
    standing: &Standing,
    there: (World<'_>, &Model),
    role: &Identity,
) -> Option<&'static str> {
    let trust = role.trust.value()?.document().ok()?;
    (may_enter(standing, there, role, trust) == Outcome::Allow).then_some("assume")
}

fn by_credentials(standing: &Standing, user: &str) -> Option<&'static str> {
    const WAYS: [(&str, &str); 3] = [
        ("iam:CreateAccessKey", "create an access key for"),
        ("iam:CreateLoginProfile", "set a password for"),
        ("iam:UpdateLoginProfile", "set a password for"),
    ];
    let context = standing.context();
    let may = |action: &str| {
        standing
            .decide(action, user, &context, None)
            .is_some_and(|decision| decision.outcome == Outcome::Allow)
    };
    WAYS.iter().find(|(action, _)| may(action)).map(|(_, words)| *words)
}
