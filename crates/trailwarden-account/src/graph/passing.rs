//! What the passing of time does to a graph: windows that policies name open and close by themselves.
//!
//! That is no change's doing. So it is drawn before a change is taken in, and no delta tells it.

use trailwarden_model::AccountId;

use super::Graph;
use super::dirty::Dirty;
use crate::access::World;

impl Graph {
    /// Draws what the time of the world decides. The model of the account that is about to change stays
    /// the one that was seen last.
    pub(super) fn let_time_pass(&mut self, world: World<'_>, account: AccountId) {
        if self.now == world.now() || self.is_full {
            return;
        }
        let then = std::mem::replace(&mut self.now, world.now());
        let sources = self.sources.values().filter(|source| {
            let between = then.zip(self.now);
            source.reads_time
                && between.is_none_or(|(then, now)| source.standing.turns_between(then, now))
        });
        let targets = self.grounds.values().flat_map(|ground| ground.targets.values());
        let targets = targets.filter(|target| target.reads_time);
        let dirty = Dirty {
            sources: sources.map(|source| source.node.clone()).collect(),
            targets: targets.map(|target| target.node.clone()).collect(),
            ..Dirty::default()
        };
        if dirty.sources.is_empty() && dirty.targets.is_empty() {
            return;
        }
        let seen = self.seen.get(&account).cloned();
        self.redraw(seen.as_ref().map_or(world, |model| world.with(model)), &dirty);
    }
}
