//! First sightings: what a scope shows that it has not shown for long.

use foldhash::HashMap;
use trailwarden_model::Timestamp;
use trailwarden_model::time::DAY;
use trailwarden_record::hash;

use crate::context::Cx;
use crate::detection::First;
use crate::matches::{Match, Story};
use crate::watch::{Fire, Watch};

/// How many pairs are remembered: 24 bytes each.
const PAIRS_MAX: usize = 400_000;

/// State of [`First`]: the day on which each (scope, value) was last seen.
#[derive(Clone)]
pub(crate) struct FirstState {
    spec: &'static First,
    last_day: HashMap<u64, i64>,
    scopes: HashMap<u64, Timestamp>,
    truncated: bool,
}

impl FirstState {
    pub(crate) fn new(spec: &'static First) -> Self {
        Self { spec, last_day: HashMap::default(), scopes: HashMap::default(), truncated: false }
    }

    fn forget(&mut self, today: i64) {
        let mut keep = self.spec.memory_days;
        self.last_day.retain(|_, day| today - *day <= keep);
        while self.last_day.len() >= PAIRS_MAX && keep > 0 {
            self.truncated = true;
            keep /= 2;
            self.last_day.retain(|_, day| today - *day <= keep);
        }
        if self.scopes.len() >= PAIRS_MAX {
            self.truncated = true;
            self.scopes.clear();
        }
    }
}

impl Watch for FirstState {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let Some((scope, value)) = (self.spec.of)(cx) else { return };
        let now = cx.row().time();
        let learn = self.spec.learn_days * DAY;
        let born = *self.scopes.entry(scope).or_insert(now);
        let seen = self.last_day.insert(hash::pair(scope, value), now.day());
        if self.last_day.len() >= PAIRS_MAX || self.scopes.len() >= PAIRS_MAX {
            self.forget(now.day());
        }
        let is_new = seen.is_none_or(|day| now.day() - day > self.spec.memory_days);
        let known_long = cx.history().actor(cx.row()).map_or(born, |seen| seen.first.min(born));
        if is_new && cx.history().reach(now) >= learn && now.since(known_long) >= learn {
            fires.push(Fire {
                group: hash::pair(scope, value),
                rows: vec![*cx.row()],
                distinct: 1,
            });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        (self.spec.tell)(story)
    }

    fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
