//! What a plan does to access before anybody applied it: its calls are folded into the account as it is
//! known, and what comes of it is judged like a change that was seen in a log.
//!
//! The same foresight holds back plans that nobody should approve (`stops`).
//!
//! # Invariants
//! - A step whose doing cannot be told is listed; it never looks like one that does nothing
//!   (`previews/tests.rs`, faults planted there).
//! - Every member of an effect is told, or left out by name: a new one does not compile here unseen.
//! - A list that ends early counts the rest, and names whom of them the plan hits (`unlisted`).
//! - Use is what logs show. Without them it is unknown, and never called unused.
//!
//! Sources: IAM User Guide, "Policy evaluation logic"; "Revoke IAM role temporary security credentials".

mod activity;
mod calls;
mod credentials;
mod doors;
mod losses;
mod mfa;
mod passwords;
mod principals;
mod shared;
pub(crate) mod stops;
#[cfg(test)]
mod tests;
mod unlisted;
mod used;
mod ways;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use trailwarden_account::effect::BEHIND_MAX;
use trailwarden_account::graph::Graph;
use trailwarden_account::report::Report;
use trailwarden_account::{Change, Effect, Model, World, judge};
use trailwarden_model::Timestamp;
use trailwarden_policy::facts::ActionSet;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Foreseen;

pub(crate) use activity::key_last_used;

use crate::remedies::{APPROVAL, Known};
use calls::Calls;
use ways::Left;

/// How many accounts the graph of ways may join, as in a scan.
const GRAPH_ACCOUNTS_MAX: usize = 500;

/// How many of a kind are listed.
const LISTED_MAX: usize = 200;

/// What a plan does to access, for all that is known.
#[must_use]
pub fn foresee(plan: &Plan, known: Known<'_>) -> Foreseen {
    let report = Report::of_account(known.snapshot);
    foreseen(plan, known.with_report(&report))
}

/// The same for whoever has read the credential report.
pub(crate) fn foreseen(plan: &Plan, known: Known<'_>) -> Foreseen {
    let mut foreseen = foreseen_of_all(plan, known);
    if !foreseen.unknowns.is_empty() {
        let taking = losses::part(plan);
        foreseen.unknown_losses = taking.map(|part| foreseen_of_all(&part, known).unknowns);
    }
    foreseen
}

fn foreseen_of_all(plan: &Plan, known: Known<'_>) -> Foreseen {
    let mut foreseen = Foreseen { observed: used::observed(known), ..Foreseen::default() };
    let Some(model) = model_of(known) else {
        foreseen.unknowns.push("who and what is in the account".to_owned());
        return foreseen;
    };
    let mut calls = Calls::new(model, known.now);
    for step in &plan.steps {
        foreseen.not_foreseen.extend(calls.make(step));
    }
    let Some(change) = calls.change() else { return foreseen };
    let telling = Telling {
        known,
        change: &change,
        plan,
        losing: RefCell::default(),
        called: OnceCell::new(),
    };
    let (effect, left) = effect_of(known, &change);
    telling.tell(effect, &left, &mut foreseen);
    telling.close(&mut foreseen);
    foreseen
}

/// What is judged, and for which plan.
struct Telling<'a> {
    known: Known<'a>,
    change: &'a Change,
    plan: &'a Plan,
    /// Who loses something and stands in no list.
    losing: RefCell<BTreeSet<String>>,
    /// What anybody called, by the logs.
    called: OnceCell<ActionSet>,
}

impl Telling<'_> {
    fn tell(&self, effect: Effect, left: &Left, out: &mut Foreseen) {
        let unknowns = effect.unknown_lines();
        let Effect {
            account: _,
            moved,
            entries,
            guests,
            vouching,
            shut,
            credentials,
            taken,
            carriers,
            opened,
            behind,
            closed,
            more_opened,
            more_closed,
            unknowns: _,
            notes,
            later,
            // What was done stands in the steps.
            cause: _,
            unordered: _,
            is_renaming: _,
            is_quiet_as_far_as_known: _,
            is_open_ended,
            // Of calls that failed, and nobody has made these.
            futile: _,
            is_attempt: _,
        } = effect;
        self.tell_principals(moved, out);
        self.tell_doors(entries, shut, out);
        self.tell_credentials(credentials, taken, out);
        self.tell_passwords(out);
        if behind.len() >= BEHIND_MAX {
            out.unknowns.push(format!("who gains by others besides the first {BEHIND_MAX}"));
        }
        self.tell_ways(opened.into_iter().chain(behind).collect(), closed, left, out);
        for (count, what) in [(more_opened, "open"), (more_closed, "close")] {
            if count > 0 {
                out.unknowns.push(format!("which {count} more ways to more permissions {what}"));
            }
        }
        self.tell_shared(out);
        out.unknowns.extend(unknowns);
        if is_open_ended && out.unknowns.is_empty() {
            out.unknowns.push("whose permissions move besides".to_owned());
        }
        out.notes.extend(notes);
        let more_guests = guests.len().saturating_sub(LISTED_MAX);
        let guests = guests.into_iter().map(|(role, who)| {
            let role = self.change.after.identity(&role).map_or_else(String::new, label);
            format!("{who} may enter {role}, and so comes to what it gains")
        });
        out.notes.extend(guests.take(LISTED_MAX));
        if more_guests > 0 {
            out.notes.push(format!("{more_guests} more may enter a role that gains something"));
        }
        out.notes.extend(vouching);
        let carriers = carriers.into_iter().map(|one| {
            let role = one.after.unwrap_or_else(|| "nothing".to_owned());
            format!("machines with the instance profile {} act as {role} then", one.profile)
        });
        out.notes.extend(carriers);
        out.notes.extend(later.map(|later| format!("from {}: {}", later.at, later.sentence)));
    }
}

/// What the change does, with the ways that it opens and closes.
fn effect_of(known: Known<'_>, change: &Change) -> (Effect, Left) {
    let world = World::of(known.models).at(applied(known));
    let (mut effect, mut left) = (judge(world, change, None), Left::default());
    if known.models.iter().count() <= GRAPH_ACCOUNTS_MAX {
        let change = &*change.proven();
        let (informed, after) = (world.with(&change.informed), world.with(&change.after));
        let mut graph = Graph::of(informed);
        let delta = graph.update(after, change);
        effect.add_paths(after, &graph, (change, &delta), None);
        left = Left::of(after, &graph, &delta);
    }
    (effect, left)
}

/// When the plan is applied at the latest: a time that it sets for sessions has come then.
fn applied(known: Known<'_>) -> Timestamp {
    known.now.plus(APPROVAL)
}

fn model_of(known: Known<'_>) -> Option<&Model> {
    known.models.get(known.snapshot.account)
}

/// The ARN of an identity, or its name where the path is not known.
fn arn_of(model: &Model, identity: &trailwarden_account::Identity) -> String {
    identity.arn(model.partition(), model.account()).unwrap_or_else(|| label(identity))
}

fn label(identity: &trailwarden_account::Identity) -> String {
    trailwarden_account::query::name_of(identity)
}
