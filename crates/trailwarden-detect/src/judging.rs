//! Two small state machines: judging record by record with a memory, and record by record without
//! reading the record.
//!
//! A [`Watch`] that sees whole records but is told again only from its evidence would have to judge
//! twice; [`Judging`] keeps what was said instead.

use foldhash::HashMap;
use trailwarden_record::hash;

use crate::context::Cx;
use crate::matches::{Match, Story};
use crate::watch::{Fire, Watch};

/// How many sentences a judge may have waiting.
const SAID_MAX: usize = 20_000;

/// Judges record by record, and remembers. Only for detections that read records.
pub trait Judge: Clone + Default + Send + 'static {
    /// Takes one record. The match states its own severity: nothing lowers it for an attempt, and no
    /// effect weighs it.
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match>;

    /// Whether something had to be forgotten for lack of room.
    fn is_truncated(&self) -> bool {
        false
    }
}

/// A judge with what it said.
#[derive(Clone, Default)]
pub struct Judging<J> {
    judge: J,
    said: HashMap<u64, Match>,
    truncated: bool,
}

impl<J: Judge> Judging<J> {
    /// The watch of a judge, for [`crate::detection::Logic::Watch`].
    pub fn start() -> Box<dyn Watch> {
        Box::new(Self::default())
    }
}

impl<J: Judge> Watch for Judging<J> {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let (Some(matched), Some(event)) = (self.judge.judge(cx), cx.event()) else { return };
        if self.said.len() >= SAID_MAX {
            self.truncated = true;
            return;
        }
        let outcome = hash::of(cx.outcome().as_str());
        let group = hash::pair(cx.within_account(&matched.subject), outcome);
        self.said.insert(hash::of(&event.id), matched);
        fires.push(Fire { group, rows: vec![*cx.row()], distinct: 1 });
    }

    /// The gravest of what was said; among equals the first.
    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let said = story.events.iter().filter_map(|event| self.said.get(&hash::of(&event.id)));
        said.rev().max_by_key(|matched| matched.severity).cloned()
    }

    fn is_truncated(&self) -> bool {
        self.truncated || self.judge.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// Fires on every row of a group; the words come later.
#[derive(Clone, Copy)]
pub struct Rows {
    /// What the row's finding is about; `None` when the row is none.
    pub group: fn(&Cx<'_>) -> Option<u64>,
    /// Puts the finding in words, from the records themselves.
    pub tell: fn(&Story<'_>) -> Option<Match>,
}

impl Watch for Rows {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        if let Some(group) = (self.group)(cx) {
            fires.push(Fire { group, rows: vec![*cx.row()], distinct: 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        (self.tell)(story)
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(*self)
    }
}
