//! What a change comes to when a window of time opens that is closed today.
//!
//! A policy that lets nobody through before next year changes nothing now, and is granted all the same:
//! what it will give is told with its time, and weighs one less than if it gave it today.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (`aws:CurrentTime`, `aws:EpochTime`).

use std::cell::RefCell;
use std::collections::BTreeSet;

use trailwarden_model::{Severity, Timestamp};

use super::{Actor, CredentialGiven, Effect, Entrance, judge_at};
use crate::access::{Standing, Turn, World, turns};
use crate::change::Change;

/// How many seconds are looked at: each costs as much as the change itself.
const TIMES_MAX: usize = 4;

/// What a change will come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Later {
    /// When the window opens.
    pub at: Timestamp,
    /// What comes of it then.
    pub sentence: String,
    /// The severity that it has then.
    pub severity: Option<Severity>,
}

/// The times after today at which what was compared may say something else.
#[derive(Default)]
pub(super) struct Turns(RefCell<BTreeSet<Turn>>);

impl Turns {
    /// Takes in the policies of whom a change may have moved.
    pub(super) fn of_standing(&self, standing: &Standing, now: Option<Timestamp>) {
        for document in standing.on_time().filter_map(|text| text.document().ok()) {
            self.of_document(document, now);
        }
    }

    /// Takes in a document.
    pub(super) fn of_document(
        &self,
        document: &trailwarden_policy::Document,
        now: Option<Timestamp>,
    ) {
        let Some(now) = now else { return };
        self.0.borrow_mut().extend(turns(document, now));
    }
}

impl Later {
    /// The first time at which a change gives more than it does today.
    pub(super) fn of(
        world: World<'_>,
        change: &Change,
        actor: Option<&Actor>,
        today: &Effect,
        turns: Turns,
    ) -> Option<Self> {
        turns.0.into_inner().into_iter().take(TIMES_MAX).find_map(|Turn { at, beyond }| {
            let (then, _) = judge_at(world.at(beyond), change, actor);
            let is_more = then.severity() > today.severity()
                || then.severity() == today.severity() && gains(&then) > gains(today);
            is_more.then(|| Self { at, sentence: then.consequence(), severity: then.severity() })
        })
    }
}

/// How many gain something.
fn gains(effect: &Effect) -> usize {
    let entries = effect.entries.iter().filter(|entry| Entrance::is_gain(entry)).count();
    let given = effect.credentials.iter().filter(|given| CredentialGiven::is_way_in(given)).count();
    effect.moved.iter().filter(|moved| moved.gain.is_some()).count() + entries + given
}
