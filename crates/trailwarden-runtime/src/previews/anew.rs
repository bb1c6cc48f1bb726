//! A plan's preview foreseen anew, right before somebody carries the plan out: a file says whatever its author
//! wrote.
//!
//! # Invariants
//! - What comes out anew and the plan does not say is never carried out ([`Untrue`]).
//! - Hard stops are looked for anew, too: a plan that somebody wrote by hand met none.
//! - Of several plans each is held to the account as those before it leave it: two may take away together what
//!   neither takes by itself.
//! - What the plan says beyond what comes out is told, and holds nothing up: less happens than was agreed
//!   to.

use trailwarden_account::report::Report;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::{Sessions, Unlisted};
use trailwarden_remedy::{NoPlan, Plan};

use super::calls::gives_no_access;
use super::stops::Guard;
use super::{LISTED_MAX, NOBODY_KNOWN, foreseen_behind};
use crate::remedies::Known;

/// Why a preview does not hold.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Untrue {
    /// More comes of it.
    #[error(
        "the plan does more than its preview says: {}; the account has changed since, something else was known then, or somebody wrote other words into the file: make a new plan, with a baseline; one that was made from several accounts needs the same baselines here (`--baseline`)",
        told(.0)
    )]
    More(Vec<String>),
    /// Nothing was said.
    #[error(
        "the plan does not say what it does to access: {}; make a plan with a baseline, which says it",
        told(.0)
    )]
    Unsaid(Vec<String>),
    /// What is not known may hide more.
    #[error(
        "what the plan does cannot be foreseen as far as its preview goes: {}; give the baselines that it was made with (`--baseline`), make a new plan, or add `--accept-unknown`",
        told(.0)
    )]
    Unknown(Vec<String>),
    /// It says otherwise than what is known, of what does not move access by itself.
    #[error(
        "the plan's preview says otherwise than what is known now: {}; the account has changed since, or somebody wrote other words into the file: make a new plan",
        told(.0)
    )]
    Otherwise(Vec<String>),
    /// No plan does that.
    #[error("the plan hits whom no plan may hit: {0}; nothing was changed")]
    Stopped(NoPlan),
}

/// So many differences are told.
const TOLD_MAX: usize = 8;

fn told(lines: &[String]) -> String {
    let mut all: Vec<&str> = lines.iter().take(TOLD_MAX).map(String::as_str).collect();
    let more = format!("and {} more", lines.len().saturating_sub(TOLD_MAX));
    if lines.len() > TOLD_MAX {
        all.push(&more);
    }
    all.join("; ")
}

/// A preview that holds, and what is to be known of it, a line for each.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Held {
    /// What it says and does not come of the plan now.
    pub less: Vec<String>,
    /// What it does not say that is not known, where that was accepted.
    pub unknown: Vec<String>,
    /// What is known of the use of what is lost, and it neither says nor denies.
    pub of_use: Vec<String>,
    /// Whether it says more of use than anybody tells now.
    pub takes_use_on_trust: bool,
}

/// Whether a plan may move anybody's access, by its calls: what it says of them counts for nothing.
#[must_use]
pub fn moves_access(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| !gives_no_access(&step.service, &step.operation))
}

/// Whether a plan whose calls move nobody's access says that they do, or anything else of it: nothing is there to hold
/// that to, so its preview may say nothing.
#[must_use]
pub fn says_what_it_cannot(plan: &Plan) -> bool {
    let Some(effect) = plan.preview.effect.as_ref().filter(|_| !moves_access(plan)) else {
        return false;
    };
    let silent = Foreseen {
        observed: effect.observed,
        unknowns: effect.unknowns.clone(),
        unknown_losses: effect.unknown_losses.clone(),
        ..Foreseen::default()
    };
    let mut unknowns = effect.unknowns.iter().chain(effect.unknown_losses.iter().flatten());
    *effect != silent || unknowns.any(|line| line != NOBODY_KNOWN)
}

/// Foresees a plan from an account as it is now, and as `earlier` plans will leave it, and holds its preview to
/// that.
///
/// # Errors
/// The preview does not hold.
pub fn hold(
    plan: &Plan,
    earlier: &[&Plan],
    known: Known<'_>,
    accepts_unknown: bool,
) -> Result<Held, Untrue> {
    let report = Report::of_account(known.snapshot);
    let known = known.with_report(&report);
    let mut held = Held::default();
    match Guard::new(known).admit_plan(earlier, plan) {
        Err(no_plan @ NoPlan::Unknown { .. }) => held.unknown.push(no_plan.to_string()),
        Err(no_plan) => return Err(Untrue::Stopped(no_plan)),
        Ok(()) => {}
    }
    let anew = foreseen_behind(earlier, plan, known, usize::MAX);
    let said = plan.preview.effect.as_ref();
    let (is_said, said) = (said.is_some(), said.cloned().unwrap_or_default());
    let more = anew.beyond(&said, LISTED_MAX);
    if more.moves() {
        let lines = lines(&more);
        return Err(if is_said { Untrue::More(lines) } else { Untrue::Unsaid(lines) });
    }
    // A note may tell of what was not seen, and then nothing was counted of it.
    if !more.is_nothing() || !more.notes.is_empty() {
        held.unknown.extend(lines(&more));
    }
    if !held.unknown.is_empty() && !accepts_unknown {
        return Err(Untrue::Unknown(held.unknown));
    }
    let otherwise = anew.otherwise(&said);
    if !otherwise.is_empty() {
        return Err(Untrue::Otherwise(otherwise));
    }
    held.of_use = anew.use_untold(&said);
    held.takes_use_on_trust = anew.takes_use_on_trust(&said);
    let less = said.beyond(&anew, usize::MAX);
    let less = Foreseen { not_foreseen: Vec::new(), unknowns: Vec::new(), ..less };
    if less.moves() {
        held.less = lines(&less);
    }
    Ok(held)
}

/// The users and roles that lose permissions by what a plan says, whom AWS can be asked about: those that can do
/// most or used most come first.
#[must_use]
pub fn losing(plan: &Plan) -> Vec<String> {
    let principals = plan.preview.effect.iter().flat_map(|effect| &effect.principals);
    let is_one = |arn: &&String| arn.contains(":user/") || arn.contains(":role/");
    let losing = principals.filter(|one| !one.lost.is_empty() && !one.is_latent);
    losing.map(|one| &one.arn).filter(is_one).cloned().collect()
}

/// What a difference comes to. Of use nothing is said: it was not held against anything.
fn lines(difference: &Foreseen) -> Vec<String> {
    let listed = Foreseen { unlisted: Unlisted::default(), ..difference.clone() };
    let mut lines = listed.lines();
    let is_of_use = |line: &str| line.starts_with("NOT KNOWN: what of it was used");
    lines.retain(|line| !is_of_use(line) && line != "Nobody gains or loses access.");
    // That they end may have been said, and not all that ends with them.
    let sessions = difference.sessions.iter();
    lines.extend(sessions.map(|Sessions { arn, lost, .. }| {
        format!("these sessions of {arn} lose: {}", first(lost))
    }));
    lines.extend(beyond_lists(&difference.unlisted));
    lines
}

/// How many more there are of each kind than are counted behind the lists.
fn beyond_lists(unlisted: &Unlisted) -> Vec<String> {
    let counts = [
        (unlisted.credentials, "passwords and keys"),
        (unlisted.sessions, "users and roles whose sessions end"),
        (unlisted.doors_opened, "ways into roles that open"),
        (unlisted.doors_shut, "ways into roles that shut"),
        (unlisted.paths_opened, "ways to more permissions that open"),
        (unlisted.paths_closed, "ways to more permissions that close"),
        (unlisted.more_losing, "users, roles or policies that lose something"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let mut lines: Vec<String> =
        counts.map(|(count, what)| format!("there are {count} more {what}")).collect();
    if !unlisted.losing.is_empty() {
        lines.push(format!("no list names these, who lose something: {}", first(&unlisted.losing)));
    }
    lines
}

/// So many things are named in a line.
const NAMED_MAX: usize = 3;

fn first(all: &[String]) -> String {
    let mut named: Vec<&str> = all.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = format!("and {} more", all.len().saturating_sub(NAMED_MAX));
    if all.len() > NAMED_MAX {
        named.push(&more);
    }
    named.join("; ")
}
