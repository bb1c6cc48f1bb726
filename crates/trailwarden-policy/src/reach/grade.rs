//! How dangerous a reach is: [`grade`].
//!
//! Read, data and write follow the facts table. *Privesc* means that the reach holds all actions of
//! a known way to more permissions; *admin* that it may give any principal any permission without
//! a detour. Both look at the policies alone: a way that needs a certain target or state is listed
//! under [`Grading::possible`] and does not count.

mod known;
mod ways;

use std::fmt;
use std::sync::LazyLock;

use super::actions::is_future;
use super::area::Area;
use super::clause::Conditions;
use super::condition::Predicate;
use super::escalations::{ESCALATIONS, Escalation, Route};
use super::grant::Grant;
use super::relevance::{any_meets, relevant};
use super::steps_for_grants;
use crate::facts::{Action, ActionId, ActionSet, READS_WHERE, facts};
use crate::fuel;
use ways::{Held, control_of, held};

/// How far a set of permissions goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Nothing.
    None,
    /// Learns what there is.
    Read,
    /// Reads what people keep there: objects, rows, secrets, messages.
    Data,
    /// Changes something.
    Write,
    /// Can get more permissions by a known way.
    Privesc,
    /// Holds every permission, or may give it to itself at once.
    Admin,
}

/// A grade and its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grading {
    /// The grade, conditions taken as fulfilled.
    pub grade: Grade,
    /// The grade of what is allowed without any condition. Where it is lower, the grade is
    /// conditional.
    pub unconditional: Grade,
    /// The ways to more permissions that count.
    pub escalations: Vec<&'static Escalation>,
    /// Ways whose actions are all there, but which need a certain target or state.
    pub possible: Vec<&'static Escalation>,
}

impl Grading {
    /// Whether the grade depends on conditions.
    pub fn is_conditional(&self) -> bool {
        self.unconditional < self.grade
    }
}

/// Who may do all of these to every user, group, role and policy may give anybody anything.
pub const CONTROL_OF_IAM: &[&str] = &[
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
];

/// Whether that is [`Grade::Admin`] without any condition: quicker to tell than all of the grade.
pub fn controls_iam(grants: &[Grant]) -> bool {
    let all = || CONTROL_OF_IAM.iter().all(|action| control_of(grants, action) == Held::Yes);
    fuel::limited(steps_for_grants(grants), all).value
}

/// Grades what grants allow together.
pub fn grade(grants: &[Grant]) -> Grading {
    graded(grants, None)
}

/// Grades what grants allow the user of that name: what he may do to himself alone is no way to
/// another principal, by whatever spelling the policy names him.
pub fn grade_of_user(grants: &[Grant], name: &str) -> Grading {
    graded(grants, Some(name))
}

/// Beyond the limit of work, what may meet a resource is taken to meet it, and no pattern is taken
/// to cover all resources of a kind.
fn graded(grants: &[Grant], user: Option<&str>) -> Grading {
    let graded =
        || fuel::limited(steps_for_grants(grants), || graded_within_limit(grants, user)).value;
    match user {
        Some(_) => graded(),
        None => known::or_worked_out(grants, graded),
    }
}

fn graded_within_limit(grants: &[Grant], user: Option<&str>) -> Grading {
    let mut grading = Grading {
        grade: Grade::None,
        unconditional: Grade::None,
        escalations: Vec::new(),
        possible: Vec::new(),
    };
    for grant in grants {
        let is_unconditional = grant.conditions.is_none();
        // No level is above this one, and to find them out is dear.
        let so_far = if is_unconditional { grading.unconditional } else { grading.grade };
        if so_far < Grade::Write {
            grading.raise(by_level(grant), is_unconditional);
        }
    }
    let mut all = ActionSet::empty();
    for grant in grants {
        all.union_with(grant.actions.known());
    }
    // Few ways have all their actions there, and most grants have none.
    let has_all = |needed: &[ActionId]| needed.iter().all(|action| all.contains(*action));
    let whole = ESCALATIONS.iter().zip(needed()).filter(|(_, needed)| has_all(needed));
    for (escalation, _) in whole {
        match held(grants, escalation, user) {
            Held::No => {}
            Held::OnTarget => grading.possible.push(escalation),
            Held::Conditionally | Held::Yes if escalation.route == Route::Situational => {
                grading.possible.push(escalation);
            }
            held => {
                grading.escalations.push(escalation);
                grading.raise(Grade::Privesc, held == Held::Yes);
            }
        }
    }
    let controlling = CONTROL_OF_IAM.iter().filter(|_| has_all(control()));
    let control = controlling.map(|action| control_of(grants, action)).min();
    if let Some(held @ (Held::Conditionally | Held::Yes)) = control {
        grading.raise(Grade::Admin, held == Held::Yes);
    }
    grading
}

impl Grading {
    fn raise(&mut self, grade: Grade, is_unconditional: bool) {
        self.grade = self.grade.max(grade);
        if is_unconditional {
            self.unconditional = self.unconditional.max(grade);
        }
    }
}

/// Known actions by what they do.
struct Levels {
    data: ActionSet,
    write: ActionSet,
}

fn levels() -> &'static Levels {
    static LEVELS: LazyLock<Levels> = LazyLock::new(|| {
        let write: ActionSet = facts()
            .actions()
            .iter()
            .filter(|action| action.our_level().is_mutating())
            .map(Action::id)
            .collect();
        let hands_out = |action: &&Action| {
            action.reads_data() || action.issues_credentials() || action.our_level().is_mutating()
        };
        let data = facts().actions().iter().filter(hands_out).map(Action::id).collect();
        Levels { data, write }
    });
    &LEVELS
}

/// Whether the name of an action says that it only reads.
fn is_named_reading(name: &str) -> bool {
    ["get", "list", "describe"]
        .iter()
        .any(|verb| name.get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb)))
}

fn by_level(grant: &Grant) -> Grade {
    // No level is above writing, and where anything writes it is quickly found.
    let writing = || grant.actions.known().intersection(&levels().write);
    if grant.conditions.is_none() && any_meets(&writing(), &grant.resources) {
        return Grade::Write;
    }
    let unlisted = grant.actions.unknown().iter().filter(|area| !is_future(area));
    let listed = of_actions_where(&relevant(grant), &grant.conditions);
    unlisted.map(of_unlisted).max().unwrap_or(Grade::None).max(listed)
}

/// What an action of no table does, only its name can tell; and reading may be reading data.
pub(super) fn of_unlisted(area: &Area) -> Grade {
    let names = area.within().iter().map(ToString::to_string);
    let mut actions = names.filter_map(|text| Some(text.split_once(':')?.1.to_owned()));
    if actions.any(|name| is_named_reading(&name)) { Grade::Data } else { Grade::Write }
}

/// The grade of single actions under conditions, which may leave an action only what it reads.
pub(super) fn of_actions_where(actions: &ActionSet, conditions: &Conditions) -> Grade {
    let mut rest = actions.clone();
    let mut reads = false;
    for one in READS_WHERE {
        let known = facts().action(one.action).filter(|action| actions.contains(action.id()));
        let Some(action) = known else {
            continue;
        };
        if equals(one.key, one.value).is_some_and(|only| conditions.implies(&only)) {
            reads = true;
            rest.remove(action.id());
        }
    }
    of_actions(&rest).max(if reads { Grade::Data } else { Grade::None })
}

/// The condition that a key has this value.
fn equals(key: &str, value: &str) -> Option<Conditions> {
    Conditions::of(vec![Predicate::with_value("StringEquals", key, value)])
}

/// The grade of single actions, by their level.
pub(super) fn of_actions(actions: &ActionSet) -> Grade {
    if !actions.is_disjoint(&levels().write) {
        Grade::Write
    } else if !actions.is_disjoint(&levels().data) {
        Grade::Data
    } else if actions.is_empty() {
        Grade::None
    } else {
        Grade::Read
    }
}

fn ids(names: &[&str]) -> Vec<ActionId> {
    names.iter().filter_map(|name| facts().action(name)).map(Action::id).collect()
}

/// [`CONTROL_OF_IAM`].
fn control() -> &'static [ActionId] {
    static CONTROL: LazyLock<Vec<ActionId>> = LazyLock::new(|| ids(CONTROL_OF_IAM));
    &CONTROL
}

/// The actions of each way, in the order of [`ESCALATIONS`].
fn needed() -> &'static [Vec<ActionId>] {
    static NEEDED: LazyLock<Vec<Vec<ActionId>>> =
        LazyLock::new(|| ESCALATIONS.iter().map(|escalation| ids(escalation.actions)).collect());
    &NEEDED
}

impl Grade {
    /// The word used in findings.
    pub fn name(self) -> &'static str {
        match self {
            Grade::None => "none",
            Grade::Read => "read",
            Grade::Data => "data",
            Grade::Write => "write",
            Grade::Privesc => "privesc",
            Grade::Admin => "admin",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
