//! What a boundary or service control policy cut off a gain.

use trailwarden_policy::reach::{Grade, Reach, grade, grade_of_user};

use crate::access::Standing;
use crate::effect::{Bearer, Cap, Moved};
use crate::fact::Fact;

/// Notes which caps cut off something that the identity policies newly allow.
pub(super) fn judge(moved: &mut Moved, before: Option<&Standing>, after: &Standing) {
    let limits = after.limits();
    if limits.boundary.is_none() && limits.scps.is_empty() {
        return;
    }
    let nothing = Reach::nothing();
    let earlier = before.map_or(&nothing, Standing::identity_reach);
    let now = after.identity_reach();
    if earlier == now {
        return;
    }
    let wanted = now.subtract(earlier);
    if wanted.is_nothing() {
        return;
    }
    let cuts = |cap: &Reach| !wanted.subtract(cap).is_nothing();
    if let Some(cap) = &limits.boundary
        && cuts(cap)
        && let Fact::Known { value: Some(boundary), .. } = &after.boundary
    {
        let name = boundary.arn.rsplit('/').next().unwrap_or_default();
        moved.capped.push(Cap::Boundary(name.to_owned()));
    }
    for (level, cap) in after.scps.levels.iter().zip(&limits.scps) {
        if cuts(cap) {
            let names = level.policies.iter().map(|(name, _)| &**name);
            // AWS's own lets everything through.
            let names: Vec<&str> = names.filter(|name| !name.ends_with("FullAWSAccess")).collect();
            moved.capped.push(Cap::Scp(names.join(", ")));
        }
    }
    if moved.capped.is_empty() {
        return;
    }
    let grants = wanted.grants();
    let would_be = match moved.bearer {
        Bearer::User => grade_of_user(grants, &after.principal.name).grade,
        _ => grade(grants).grade,
    };
    let was_admin = moved.grade_before == Some(Grade::Admin);
    let would_be = if was_admin { would_be.min(Grade::Write) } else { would_be };
    moved.uncapped = (Some(would_be) > moved.gain).then_some(would_be);
}
