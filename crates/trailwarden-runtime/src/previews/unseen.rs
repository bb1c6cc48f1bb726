//! What nobody has seen of those whose permissions move: they may keep by it what the plan takes away, or gain more.

use std::collections::BTreeSet;

use trailwarden_account::World;
use trailwarden_account::query::Unknown;
use trailwarden_remedy::plan::Foreseen;

use super::{Telling, closing};
use crate::remedies::Known;

impl Telling<'_> {
    /// Lists it for each user and role that the preview names, also where the plan does nothing to it.
    pub(super) fn tell_unseen(&self, out: &mut Foreseen) {
        let after = closing::world(self.known).with(&self.change.after);
        let mut said: BTreeSet<String> = out.unknowns.iter().cloned().collect();
        let named = out.principals.iter().filter(|one| !one.is_latent);
        let lines: Vec<String> =
            named.flat_map(|one| unseen_in(self.known, after, &one.arn)).collect();
        out.unknowns.extend(lines.into_iter().filter(|line| said.insert(line.clone())));
    }
}

/// What nobody has seen of a user or role and may count for it, before a plan.
pub(crate) fn unseen(known: Known<'_>, arn: &str) -> Vec<String> {
    unseen_in(known, closing::world(known), arn)
}

fn unseen_in(known: Known<'_>, world: World<'_>, arn: &str) -> Vec<String> {
    let account = known.snapshot.account;
    let found = world.model(account).and_then(|model| model.find_arn(arn));
    let Some(standing) = found.and_then(|one| world.standing(account, &one.id)) else {
        return Vec::new();
    };
    let unknowns = standing.own_unknowns();
    // Whoever is denied everything has nothing by what was not seen either.
    if unknowns.is_empty() || standing.ceiling().grants().is_empty() {
        return Vec::new();
    }
    let line = |one: &Unknown| format!("{}: {}", one.what, one.why.as_str());
    unknowns.iter().map(line).collect()
}
