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
//! - What a plan's file says is held to what comes out now before anything is done (`anew`), and of several
//!   plans each to what the others before it leave.
//! - Use is what logs show, and what AWS keeps of services where it was asked. Without either it is unknown, and
//!   never called unused.
//!
//! Sources: IAM User Guide, "Policy evaluation logic"; "Revoke IAM role temporary security credentials".

pub(crate) mod activity;
mod anew;
mod calls;
pub(crate) mod closing;
mod credentials;
mod doors;
mod losses;
mod mfa;
mod passwords;
mod principals;
mod services;
mod shared;
pub(crate) mod stops;
#[cfg(test)]
mod tests;
mod unlisted;
pub(crate) mod unseen;
mod used;
mod ways;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trailwarden_account::effect::BEHIND_MAX;
use trailwarden_account::graph::Graph;
use trailwarden_account::report::Report;
use trailwarden_account::{Change, Effect, Model, judge};
use trailwarden_model::Timestamp;
use trailwarden_policy::facts::ActionSet;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Foreseen;

pub(crate) use activity::key_last_used;
pub use anew::{Held, Untrue, hold, losing, moves_access, says_what_it_cannot};

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
    foreseen_behind(&[], plan, known, LISTED_MAX)
}

/// What a plan does once earlier ones are carried out, with so many principals listed.
fn foreseen_behind(
    earlier: &[&Plan],
    plan: &Plan,
    known: Known<'_>,
    principals_max: usize,
) -> Foreseen {
    let of_all = |plan: &Plan, ways| foreseen_of_all(earlier, plan, known, (ways, principals_max));
    let mut foreseen = of_all(plan, Ways::Told);
    if !foreseen.unknowns.is_empty()
        && let Some(part) = losses::part(plan)
    {
        let mut unknown = of_all(&part, Ways::LeftOut).unknowns;
        // Which ways close in the end only the whole tells.
        let is_of_ways = |line: &&String| line.ends_with(MORE_CLOSE);
        unknown.extend(foreseen.unknowns.iter().filter(is_of_ways).cloned());
        foreseen.unknown_losses = Some(unknown);
    }
    foreseen
}

/// Whether it matters which ways to more permissions open and close: of all that is foreseen that takes longest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    Told,
    LeftOut,
}

/// What is not known where no model is of the account.
const NOBODY_KNOWN: &str = "who and what is in the account";

/// How a line ends about ways beyond those that are listed.
const MORE_CLOSE: &str = "more ways to more permissions close";

fn foreseen_of_all(
    earlier: &[&Plan],
    plan: &Plan,
    known: Known<'_>,
    (ways, principals_max): (Ways, usize),
) -> Foreseen {
    let mut foreseen = Foreseen { observed: used::observed(known), ..Foreseen::default() };
    let Some(model) = model_of(known) else {
        foreseen.unknowns.push(NOBODY_KNOWN.to_owned());
        return foreseen;
    };
    let mut calls = Calls::new(model, known.now);
    earlier.iter().for_each(|one| calls.follow(one));
    for step in &plan.steps {
        foreseen.not_foreseen.extend(calls.make(step));
    }
    let Some(change) = calls.change() else { return foreseen };
    let telling = Telling {
        known,
        change: &change,
        plan,
        principals_max,
        losing: RefCell::default(),
        called: OnceCell::new(),
        accessed: OnceCell::new(),
    };
    let (effect, left) = match ways {
        Ways::Told => effect_of(known, &change),
        Ways::LeftOut => (judge(closing::world(known), &change, None), Left::default()),
    };
    telling.tell(effect, &left, &mut foreseen);
    telling.close(&mut foreseen);
    foreseen
}

/// What is judged, and for which plan.
struct Telling<'a> {
    known: Known<'a>,
    change: &'a Change,
    plan: &'a Plan,
    /// How many principals are listed.
    principals_max: usize,
    /// Who loses something and stands in no list.
    losing: RefCell<BTreeSet<String>>,
    /// What anybody called, by the logs.
    called: OnceCell<ActionSet>,
    /// What AWS keeps of the use of services, by the ARN in small letters.
    accessed: OnceCell<BTreeMap<String, &'a Value>>,
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
        if more_opened > 0 {
            out.unknowns.push(format!("which {more_opened} more ways to more permissions open"));
        }
        if more_closed > 0 {
            out.unknowns.push(format!("which {more_closed} {MORE_CLOSE}"));
        }
        self.tell_shared(out);
        out.unknowns.extend(unknowns);
        self.tell_unseen(out);
        if is_open_ended && out.unknowns.is_empty() {
            out.unknowns.push("whose permissions move besides".to_owned());
        }
        out.notes.extend(notes.into_iter().filter_map(alone));
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

/// A note of an effect as it stands by itself: behind what somebody did it ends a sentence. None where the
/// preview says the same.
fn alone(note: String) -> Option<String> {
    let text = match note.as_str() {
        "it takes nothing away"
        | "it gives nothing new"
        | "it held nothing back"
        | "nothing is lost by it" => return None,
        "no policy seen names either" => {
            "no policy that was seen names whoever is renamed, by the old name or the new one"
        }
        "trust policies that name it follow along, and no other policy seen names either" => {
            "trust policies that name whoever is renamed follow along, and no other policy that was seen has the old name or the new one"
        }
        "the policies that name either cover both alike" => {
            "the policies that name whoever is renamed cover the old name and the new one alike"
        }
        "it was not in force" => "the version that is deleted was not in force",
        _ => return Some(note),
    };
    Some(text.to_owned())
}

/// What the change does, with the ways that it opens and closes.
fn effect_of(known: Known<'_>, change: &Change) -> (Effect, Left) {
    let world = closing::world(known);
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
