//! What a boundary or service control policy cut off a gain.

use trailwarden_policy::reach::{Grade, Limits, Reach, grade, grade_of_user};

use crate::access::{Level, Scps, Standing};
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
    moved.capped.extend(cutting(&after.scps, &limits, &wanted));
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

/// The same of a policy that nobody holds, by what its text said and says.
pub(super) fn of_policy(
    moved: &mut Moved,
    (earlier, now): (&Reach, &Reach),
    (scps, limits): (&Scps, &Limits),
) {
    let wanted = now.subtract(earlier);
    moved.capped.extend(cutting(scps, limits, &wanted));
    if !moved.capped.is_empty() {
        let would_be = grade(wanted.grants()).grade;
        moved.uncapped = (Some(would_be) > moved.gain).then_some(would_be);
    }
}

/// The levels of service control policies that cut off something of what is wanted.
fn cutting(scps: &Scps, limits: &Limits, wanted: &Reach) -> Vec<Cap> {
    if wanted.is_nothing() {
        return Vec::new();
    }
    let cuts = |(_, cap): &(&Level, &Reach)| !wanted.subtract(cap).is_nothing();
    let levels = scps.levels.iter().zip(&limits.scps).filter(cuts);
    let names = levels.map(|(level, _)| {
        let names = level.policies.iter().map(|(name, _)| &**name);
        // AWS's own lets everything through.
        names.filter(|name| !name.ends_with("FullAWSAccess")).collect::<Vec<&str>>().join(", ")
    });
    names.map(Cap::Scp).collect()
}
