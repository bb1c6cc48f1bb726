//! Which policies a case has, which of them holds the focus, and what the others do.

use super::dice::Dice;
use super::world::{Holder, Kind, Scene};

/// The policy kinds of a case, as the case spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Identity,
    Resource,
    Boundary,
    Session,
    Scp,
    Rcp,
    Endpoint,
}

/// What a document must do for the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty {
    /// Mostly allow it.
    Allow,
    /// Mostly say nothing about it.
    Silent,
    /// Allow it where the operator of the case holds.
    FocusAllow,
    /// Deny it where the operator of the case holds, and otherwise allow it.
    FocusDeny,
}

/// Which policies there are.
pub(crate) fn layers(scene: &Scene, dice: &mut Dice) -> Vec<Layer> {
    let mut layers = Vec::new();
    if scene.has_identity() {
        layers.push(Layer::Identity);
    }
    let takes_policy = matches!(scene.holder, Holder::Resource | Holder::Own);
    let needs_policy = scene.is_cross() || !scene.has_identity() || scene.holder == Holder::Own;
    if takes_policy && (needs_policy && dice.chance(98) || dice.chance(28)) {
        layers.push(Layer::Resource);
    }
    // Root, services and strangers hold neither boundary nor session policy.
    if matches!(scene.kind, Kind::User | Kind::Session) && dice.chance(26) {
        layers.push(Layer::Boundary);
    }
    let session = match scene.kind {
        Kind::Session => 30,
        Kind::Federated => 92,
        _ => 0,
    };
    if dice.chance(session) {
        layers.push(Layer::Session);
    }
    if scene.has_identity() && dice.chance(30) {
        layers.push(Layer::Scp);
    }
    if dice.chance(18) {
        layers.push(Layer::Rcp);
    }
    if dice.chance(16) {
        layers.push(Layer::Endpoint);
    }
    layers
}

/// The layer that holds the focus: one that is there, or that can be added.
pub(crate) fn focused(scene: &Scene, dice: &mut Dice, layers: &[Layer]) -> Layer {
    if !scene.has_identity() {
        return dice.pick(
            &[Layer::Resource, Layer::Resource, Layer::Rcp, Layer::Endpoint],
            Layer::Resource,
        );
    }
    let mut choices = vec![Layer::Identity, Layer::Scp];
    choices.extend_from_slice(layers);
    if scene.holder == Holder::Wildcard {
        return dice.pick(&choices, Layer::Identity);
    }
    if matches!(scene.kind, Kind::User | Kind::Session) {
        choices.push(Layer::Boundary);
    }
    if scene.kind == Kind::Session {
        choices.push(Layer::Session);
    }
    if matches!(scene.holder, Holder::Resource | Holder::Own) {
        choices.extend([Layer::Resource, Layer::Resource, Layer::Rcp]);
    }
    choices.push(Layer::Endpoint);
    dice.pick(&choices, Layer::Identity)
}

/// What the other layers do, so that the focus decides.
pub(crate) fn duty(
    scene: &Scene,
    dice: &mut Dice,
    (layer, focused): (Layer, Layer),
    is_deny: bool,
) -> Duty {
    // In one account, an identity policy and a resource policy stand in for each other.
    let replaces = !scene.is_cross()
        && scene.holder == Holder::Resource
        && !is_deny
        && matches!(
            (layer, focused),
            (Layer::Identity, Layer::Resource)
                | (Layer::Resource, Layer::Identity | Layer::Boundary | Layer::Session)
        );
    let silent = if replaces { 75 } else { 5 };
    if dice.chance(silent) { Duty::Silent } else { Duty::Allow }
}
