//! Who from outside comes to what a role gained.
//!
//! A role is a door: whoever may enter it from another account, or by an identity provider, has what
//! it gained, and was let in by another record, perhaps long before.

use trailwarden_policy::reach::Grade;

use super::entrance::outsiders;
use super::{Bearer, Effect, Judging};

/// How many roles are asked who may enter them.
const ASKED_MAX: usize = 64;

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let is_grave = |gain: Option<Grade>| gain >= Some(Grade::Privesc);
    let roles = effect.moved.iter().filter(|moved| moved.bearer == Bearer::Role);
    for moved in roles.filter(|moved| is_grave(moved.gain)).take(ASKED_MAX) {
        let Some(model) = judging.after.model(moved.account) else { continue };
        let Some(role) = model.identity(&moved.id) else { continue };
        let guests = outsiders(judging.after, model, role).into_iter();
        effect.guests.extend(guests.map(|who| (moved.id.clone(), who)));
    }
}
