//! The ordered pass: rows in the total order, each once, to the steps of the story.
//!
//! Rows are taken second by second. Within one second a session may be used in a record that stands
//! before the one that gave it, so a second is looked at until nobody new is found in it.

mod step;

use std::sync::atomic::Ordering;

use foldhash::HashMap;
use trailwarden_account::effect::Actor;
use trailwarden_account::entry::is_folded;
use trailwarden_account::{Baseline, Id, Models};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::event::NotJson;
use trailwarden_record::row::{Action, ActionId, Actions, Place};
use trailwarden_record::{Event, Row};

use super::extract::{Mark, ends};
use super::follow::Follow;
use super::judged::{Judge, Judged};
use super::left::{self, Tracker};
use super::query::Query;
use super::story::StepKind;
use super::things::Things;
use crate::baselines::Around;
use crate::scan::Progress;
use crate::scan::files::{Rejected, Table};
use crate::scan::runs::{Entry, Merge};

/// A step that is told by itself.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) row: Row,
    pub(super) who: usize,
    pub(super) kind: StepKind,
    pub(super) judged: Judged,
}

/// Calls alike.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) first: Row,
    pub(super) last: Timestamp,
    pub(super) count: u64,
    pub(super) samples: Vec<Place>,
}

/// What the ordered pass gives.
pub(super) struct Collected {
    pub(super) follow: Follow,
    pub(super) told: Vec<Told>,
    pub(super) groups: Vec<((usize, StepKind, ActionId), Group)>,
    pub(super) left: Tracker,
    pub(super) things: Things,
    pub(super) models: Models,
    pub(super) around: Around,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) own_records: u64,
    pub(super) rejects: Vec<Rejected>,
    pub(super) is_truncated: bool,
    /// How many changes could not be judged.
    pub(super) unjudged: u64,
}

/// The pass.
pub(super) struct Collector<'a> {
    pub(super) query: &'a Query,
    pub(super) actions: &'a Actions,
    pub(super) table: &'a Table,
    pub(super) since: Option<Timestamp>,
    /// Finds a principal's hash by its name and account.
    pub(super) people: &'a dyn Fn(&str, &str) -> Option<u64>,
    known: Vec<Action>,
    counts: HashMap<(usize, StepKind, ActionId), u64>,
    groups: HashMap<(usize, StepKind, ActionId), Group>,
    judged: usize,
    judge: Judge,
    /// Identities of the models that were asked for and have not called.
    silent: HashMap<(AccountId, Id), usize>,
    out: Collected,
}

/// A row of the second at hand.
struct Held {
    entry: Entry,
    mark: Mark,
    event: Option<Event>,
    is_done: bool,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        query: &'a Query,
        actions: &'a Actions,
        table: &'a Table,
        since: Option<Timestamp>,
        people: &'a dyn Fn(&str, &str) -> Option<u64>,
        follow: Follow,
        baselines: &[Baseline],
    ) -> Self {
        Self {
            query,
            actions,
            table,
            since,
            people,
            known: Vec::new(),
            counts: HashMap::default(),
            groups: HashMap::default(),
            judged: 0,
            judge: Judge::default(),
            silent: HashMap::default(),
            out: Collected {
                follow,
                told: Vec::new(),
                groups: Vec::new(),
                left: Tracker::default(),
                things: Things::default(),
                models: Models::awaiting(baselines),
                around: Around::of(baselines),
                first: None,
                last: None,
                own_records: 0,
                rejects: Vec::new(),
                is_truncated: false,
                unjudged: 0,
            },
        }
    }

    /// Goes through everything.
    pub(super) fn run(
        mut self,
        merge: &mut Merge,
        progress: &Progress,
    ) -> std::io::Result<Collected> {
        let mut second: Vec<Entry> = Vec::new();
        while !progress.cut.load(Ordering::Relaxed)
            && let Some(entry) = merge.next()?
        {
            if second.last().is_some_and(|last| last.row.time() != entry.row.time()) {
                self.second(&mut second);
            }
            second.push(entry);
        }
        self.second(&mut second);
        self.out.unjudged = self.judge.failed;
        // No event comes any more: baselines from after the last one tell what is left.
        self.out.models.advance(Timestamp::from_seconds(i64::MAX));
        self.out.groups = self.groups.into_iter().collect();
        // Hash maps have no order that a reader may see.
        self.out.groups.sort_by_key(|((who, kind, _), group)| (group.first.order, *who, *kind));
        Ok(self.out)
    }

    fn second(&mut self, second: &mut Vec<Entry>) {
        let Some(time) = second.first().map(|entry| entry.row.time()) else { return };
        if self.out.models.advance(time) {
            self.judge.forget();
        }
        let table = self.table;
        second.sort_by_key(|entry| {
            let Place { file, record } = entry.row.place;
            (entry.row.order, entry.row.account, table.rank(file), record)
        });
        second.dedup_by_key(|entry| (entry.row.order, entry.row.account));
        let mut held: Vec<Held> = Vec::with_capacity(second.len());
        for entry in second.drain(..) {
            self.out.follow.note(&entry.row);
            let mark = Mark::decode(&entry.matches);
            let mut row = Held { entry, mark, event: None, is_done: false };
            let action = self.action(row.entry.row.action);
            let is_unknown = row.entry.row.action == ActionId::OVERFLOW;
            if is_unknown || is_folded(&action.service, &action.name) {
                self.decode(&mut row);
            }
            held.push(row);
        }
        loop {
            let mut found = false;
            for row in &mut held {
                found |= self.reach(row);
            }
            if !found {
                break;
            }
        }
        for row in &mut held {
            self.row(row);
        }
    }

    fn decode(&mut self, held: &mut Held) {
        if held.event.is_some() || held.entry.record.is_empty() {
            return;
        }
        let decoded: Result<Event, NotJson> = Event::decode(&held.entry.record);
        match decoded {
            Ok(event) => held.event = Some(event),
            Err(error) => {
                let Place { file, record } = held.entry.row.place;
                let (record, cause) = (Some(u64::from(record)), error.to_string());
                self.out.rejects.push(Rejected { file, offset: None, record, cause });
                held.entry.record.clear();
            }
        }
    }

    /// Follows what a row hands on; whether somebody new is followed.
    fn reach(&mut self, held: &mut Held) -> bool {
        if held.is_done || held.entry.record.is_empty() {
            return false;
        }
        let row = held.entry.row;
        match self.out.follow.who(&row, held.mark) {
            Some(who) => {
                held.is_done = true;
                self.decode(held);
                let Some(event) = &held.event else { return false };
                self.out.follow.hand_on(who, &row, event, &self.out.models, self.people)
            }
            None if row.issued != 0 && self.out.follow.watches_roles() => {
                held.is_done = true;
                self.decode(held);
                let Some(event) = &held.event else { return false };
                self.out.follow.through_opened_role(&row, event)
            }
            None => false,
        }
    }

    fn row(&mut self, held: &mut Held) {
        let row = held.entry.row;
        self.out.around.note(&row);
        self.out.first.get_or_insert(row.time());
        self.out.last = Some(row.time());
        let who = self.out.follow.who(&row, held.mark);
        let action = match &held.event {
            Some(event) if row.action == ActionId::OVERFLOW => action_of(event),
            _ => self.action(row.action).clone(),
        };
        // What was before the time asked for leads on, and is not told.
        let is_told = self.since.is_none_or(|since| row.time() >= since);
        if let Some(who) = who.filter(|_| is_told) {
            self.out.follow.count(who, &row);
            self.out.own_records += 1;
        }
        let change = match &held.event {
            Some(event) => self.out.models.apply(event, row.order, row.place),
            None => None,
        };
        if let Some(change) = &change {
            let maker = who.filter(|_| is_told);
            self.out.left.take(change, &left::Event::of(&row, change, maker));
            self.renamed(change);
            if who.is_none() && is_told {
                let actor = held.event.as_ref().and_then(Actor::of);
                self.done_to(&row, change, actor.as_ref());
            }
        } else if ends(&action.service, &action.name) && self.out.things.wants(&action) {
            self.decode(held);
            if let Some(event) = &held.event {
                self.out.things.end(&row, event, who);
            }
        }
        if who.is_none() && is_told {
            self.intrusion(&row);
        }
        if let Some(who) = who.filter(|_| is_told) {
            let actor = held.event.as_ref().and_then(Actor::of);
            // The event that was asked for is told by itself, whatever it is.
            let is_it = matches!(self.query, Query::Event(_)) && held.mark.is_asked_for;
            self.step(who, &row, &action, change.as_ref(), actor.as_ref(), is_it);
        }
    }

    fn action(&mut self, id: ActionId) -> &Action {
        static NONE: Action = Action::NONE;
        let index = id.0 as usize;
        while self.known.len() <= index {
            let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
            self.known.push(self.actions.get(ActionId(next)));
        }
        self.known.get(index).unwrap_or(&NONE)
    }
}

/// The call of an event that the table had no room for.
fn action_of(event: &Event) -> Action {
    Action {
        service: event.service().to_owned(),
        name: event.name().to_owned(),
        event_source: event.event_source.clone(),
        event_name: event.event_name.clone(),
    }
}
