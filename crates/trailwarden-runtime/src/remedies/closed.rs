//! Findings whose gain or way other steps of the plan take away, as the account shows that the plan leaves.
//!
//! # Invariants
//! - Only what is gone for certain is called closed: each step is foreseen, nothing that decides is unknown, and the
//!   check would pass, or nobody may do more than before the change.
//! - The steps that are named do it alone, without the others.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::effect::{BEHIND_MAX, Bearer};
use trailwarden_account::graph::{Graph, Node};
use trailwarden_account::{Change, Effect, Id, Identity, Model};
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_policy::reach::compare;
use trailwarden_remedy::{Plan, Step};

use super::Known;
use super::answers::{Answer, Outcome};
use super::gone::{is_of, things_of};
use crate::previews::closing::{Left, did, left_by, ways, world};

/// So many accounts are foreseen for one plan; each takes as long as a preview.
const FORESEEN_MAX: usize = 40;

const CLOSED: &str = "other steps of the plan take away what it is about";

/// Checks of ways to full control.
const OF_WAYS: &[&str] = &["role-can-become-administrator", "user-can-become-administrator"];

/// Detections by what a change gave.
const OF_GAINS: &[&str] = &[
    "deny-or-condition-dropped",
    "own-permissions-widened",
    "permissions-widened",
    "policy-rolled-back-to-wider-version",
    "policy-version-widened",
    "user-added-to-stronger-group",
];

/// Names the steps that close what had no plan.
pub(super) fn settle(answers: &mut [Answer], findings: &[Finding], plan: &Plan, known: Known<'_>) {
    let by_id: BTreeMap<&str, &Finding> =
        findings.iter().map(|one| (one.id.as_str(), one)).collect();
    let Ok(model) = known.model() else { return };
    let closing = Closing {
        known,
        model,
        plan,
        ways: OnceCell::new(),
        left: OnceCell::new(),
        foreseen: Cell::new(0),
    };
    for answer in answers {
        let is_open = matches!(
            answer.outcome,
            Outcome::Person
                | Outcome::Clash
                | Outcome::Stopped
                | Outcome::Unknown
                | Outcome::Misfit
                | Outcome::TooEarly
        );
        let Some(finding) = by_id.get(answer.finding.as_str()).filter(|_| is_open) else {
            continue;
        };
        let steps = closing.steps(finding);
        if !steps.is_empty() {
            answer.done_by(steps, CLOSED);
        }
    }
}

struct Closing<'a> {
    known: Known<'a>,
    model: &'a Model,
    plan: &'a Plan,
    /// All ways before the plan.
    ways: OnceCell<Option<Graph>>,
    /// What the whole plan leaves.
    left: OnceCell<Option<Left>>,
    foreseen: Cell<usize>,
}

/// What must be gone.
enum Question<'a> {
    /// Each way of somebody to full control.
    Ways(Id),
    /// Whatever a change gave.
    Gain(&'a Change, Box<Effect>),
}

impl<'a> Closing<'a> {
    /// The steps that alone take away what a finding is about.
    fn steps(&self, finding: &Finding) -> Vec<String> {
        let Some(question) = self.question(finding) else { return Vec::new() };
        let whole = self.left.get_or_init(|| self.left_by(&|_| true));
        if !whole.as_ref().is_some_and(|left| self.is_closed(&question, left)) {
            return Vec::new();
        }
        let mut named = self.about(&question);
        let does = |named: &BTreeSet<&str>| {
            let left = self.left_by(&|step| named.contains(step.id.as_str()));
            left.is_some_and(|left| self.is_closed(&question, &left))
        };
        if named.is_empty() || !does(&named) {
            return Vec::new();
        }
        // Whatever the rest does without is not what does it.
        for step in named.clone() {
            let rest: BTreeSet<&str> = named.iter().copied().filter(|one| *one != step).collect();
            if !rest.is_empty() && does(&rest) {
                named = rest;
            }
        }
        let steps = self.plan.steps.iter().filter(|step| named.contains(step.id.as_str()));
        steps.map(|step| step.id.clone()).collect()
    }

    fn left_by(&self, is_taken: &dyn Fn(&Step) -> bool) -> Option<Left> {
        let foreseen = self.foreseen.get();
        if foreseen >= FORESEEN_MAX || self.ways().is_none() {
            return None;
        }
        self.foreseen.set(foreseen + 1);
        left_by(self.plan.steps.iter().filter(|step| is_taken(step)), self.known)
    }

    fn ways(&self) -> Option<&Graph> {
        self.ways.get_or_init(|| ways(self.known)).as_ref()
    }

    fn question(&self, finding: &Finding) -> Option<Question<'a>> {
        let rule = finding.rule.as_str();
        if finding.kind == FindingKind::Posture {
            let arn = finding.target.arn.as_deref().filter(|_| OF_WAYS.contains(&rule))?;
            return Some(Question::Ways(self.model.find_arn(arn)?.id.clone()));
        }
        if !OF_GAINS.contains(&rule) || !self.known.is_after(finding) {
            return None;
        }
        let mut changes = self.known.history?.changes(self.known.account(), finding).into_iter();
        let (Some(change), None) = (changes.next(), changes.next()) else { return None };
        // Drawing all ways is what costs, so nothing is asked where too much was asked already.
        self.ways().filter(|_| self.foreseen.get() < FORESEEN_MAX)?;
        self.foreseen.set(self.foreseen.get() + 1);
        let effect = did(self.known, change);
        is_told_whole(&effect).then(|| Question::Gain(change, Box::new(effect)))
    }

    fn is_closed(&self, question: &Question<'_>, left: &Left) -> bool {
        match question {
            Question::Ways(id) => {
                left.graph.way(&self.node(id)).is_none() && self.is_seen_whole(id, left)
            }
            Question::Gain(change, effect) => {
                let gained = effect
                    .moved
                    .iter()
                    .filter(|moved| !moved.change.gained.is_empty() || moved.gain.is_some());
                let mut ways = effect.opened.iter().chain(&effect.behind);
                gained.into_iter().all(|moved| self.is_as_before(&moved.id, change, left))
                    && ways.all(|way| {
                        let to = way.to_arn.as_deref().and_then(|arn| self.model.find_arn(arn));
                        let from = self.model.identity(&way.from_id);
                        from.zip(to).is_some_and(|(from, to)| {
                            let (from, to) = (self.node(&from.id), self.node(&to.id));
                            left.graph.path(&from, &to).is_none()
                        }) && self.is_seen_whole(&way.from_id, left)
                    })
            }
        }
    }

    fn node(&self, id: &Id) -> Node {
        Node::Identity(self.known.account(), id.clone())
    }

    /// Whether nothing is unknown that decides for somebody, and for all whom that one can become.
    fn is_seen_whole(&self, id: &Id, left: &Left) -> bool {
        let after = world(self.known).with(&left.change.after);
        let standing = after.standing(self.known.account(), id);
        standing.is_some_and(|standing| standing.unknowns().is_empty())
            && !left.leads_to_unknown(self.known, &self.node(id))
    }

    /// Whether somebody may do nothing then that was not allowed before a change.
    fn is_as_before(&self, id: &Id, change: &Change, left: &Left) -> bool {
        let account = self.known.account();
        let (before, after) = (
            world(self.known).with(&change.informed).standing(account, id),
            world(self.known).with(&left.change.after).standing(account, id),
        );
        before.zip(after).is_some_and(|(before, after)| {
            let change = compare(before.reach(), after.reach());
            after.unknowns().is_empty()
                && change.gained.is_empty()
                && change.gained_in_future.is_empty()
                && !change.is_too_complex
        })
    }

    /// The steps that are about whoever gained, or stands on the way.
    fn about(&self, question: &Question<'_>) -> BTreeSet<&'a str> {
        let mut all: BTreeSet<Id> = BTreeSet::new();
        match question {
            Question::Ways(id) => {
                let paths = self.ways().map(|ways| ways.paths_to_administrator(&self.node(id)));
                for edge in paths.into_iter().flatten().flat_map(|path| path.edges) {
                    for node in [edge.from, edge.to] {
                        if let Node::Identity(_, id) = node {
                            all.insert(id);
                        }
                    }
                }
            }
            Question::Gain(_, effect) => {
                all.extend(effect.moved.iter().map(|moved| moved.id.clone()));
                for way in effect.opened.iter().chain(&effect.behind) {
                    all.insert(way.from_id.clone());
                    let to = way.to_arn.as_deref().and_then(|arn| self.model.find_arn(arn));
                    all.extend(to.map(|to| to.id.clone()));
                }
            }
        }
        let identities = all.iter().filter_map(|id| self.model.identity(id));
        let things = |one: &Identity| things_of(self.model, one);
        let things: BTreeSet<_> = identities.flat_map(things).collect();
        let steps = self.plan.steps.iter();
        let about = steps.filter(|step| things.iter().any(|thing| is_of(step, thing)));
        about.map(|step| step.id.as_str()).collect()
    }
}

/// Whether all that a change gave is permissions and ways of users and roles, and all of it is told.
fn is_told_whole(effect: &Effect) -> bool {
    let gained =
        effect.moved.iter().filter(|moved| !moved.change.gained.is_empty() || moved.gain.is_some());
    let is_of_somebody = gained
        .clone()
        .all(|moved| matches!(moved.bearer, Bearer::User | Bearer::Role) && !moved.is_latent);
    let gives = gained.count() + effect.opened.len() + effect.behind.len();
    gives > 0
        && is_of_somebody
        && effect.entries.is_empty()
        && effect.guests.is_empty()
        && effect.vouching.is_none()
        && effect.credentials.is_empty()
        && effect.carriers.is_empty()
        && effect.more_opened == 0
        && effect.behind.len() < BEHIND_MAX
        && effect.unknowns.is_empty()
        && effect.later.is_none()
        && !effect.is_open_ended
        && !effect.is_attempt
}
