//! Who comes to what a role gained, and stands in no model.
//!
//! A role is a door: whoever may enter it from another account, or by an identity provider, has what
//! it gained, and was let in by another record, perhaps long before. So has whoever of its own account
//! its trust policy names and nobody has seen yet; that one is told with the doubt.

use trailwarden_policy::reach::Grade;

use super::entrance::{Outsider, outsiders};
use super::{Bearer, Effect, Judging};

/// How many roles are asked who may enter them.
const ASKED_MAX: usize = 64;

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let mut doubts = Vec::new();
    let is_grave = |gain: Option<Grade>| gain >= Some(Grade::Privesc);
    let roles = effect.moved.iter().filter(|moved| moved.bearer == Bearer::Role);
    for moved in roles.filter(|moved| is_grave(moved.gain)).take(ASKED_MAX) {
        let Some(model) = judging.after.model(moved.account) else { continue };
        let Some(role) = model.identity(&moved.id) else { continue };
        for Outsider { words, doubt } in outsiders(judging.after, model, role) {
            effect.guests.push((moved.id.clone(), words));
            doubts.extend(doubt);
        }
    }
    for doubt in doubts {
        effect.doubt(doubt);
    }
}
