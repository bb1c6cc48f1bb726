//! Whether somebody who is known may enter by one trust policy and may not by another.
//!
//! What one policy asks him to do, such as to sign in with a second factor, tells the two apart. Who he
//! is tells them apart only where that is known: a policy for an organization may be for him as much as
//! one that names him.

use trailwarden_policy::Condition;
use trailwarden_policy::evaluate::{Caller, Compiled, Decision, Layer, Request};
use trailwarden_policy::trust::{Grant, Who};

use crate::access::Standing;
use crate::graph::doubts_of;

/// What sets apart that somebody may enter.
#[derive(Default)]
pub(super) struct News {
    /// What it depends on, each as it stands after "if".
    pub(super) doubts: Vec<String>,
    /// Whether the other policy lets him in at some times, or perhaps.
    pub(super) is_in_part: bool,
    /// Whether nothing but who he is decides about the other policy, and that is not known; none where no
    /// model shows him.
    pub(super) is_perhaps_old: Option<bool>,
    /// Whether his own policies, which were not all seen, decide about the other one.
    pub(super) is_unseen: bool,
}

impl News {
    /// Of somebody whom no model shows: what was before is for the policies alone to tell.
    pub(super) fn of_stranger(doubt: Option<String>) -> Self {
        let doubts = doubt.into_iter().collect();
        Self { doubts, is_in_part: true, is_perhaps_old: None, is_unseen: false }
    }

    /// The same if something holds besides.
    pub(super) fn provided(mut self, doubt: Option<String>) -> Self {
        self.doubts.extend(doubt);
        self
    }
}

/// What one trust policy says to somebody whom it may let in.
struct Answer {
    doubts: Vec<String>,
    /// Whether a statement that was seen lets him in.
    is_seen: bool,
    keys: Vec<String>,
    layers: Vec<Layer>,
}

/// What somebody asks with: his own ARN, or that of a session of his.
pub(super) struct Asking<'s> {
    pub(super) standing: &'s Standing,
    pub(super) caller: &'s str,
    pub(super) role_arn: &'s str,
    pub(super) role_label: &'s str,
    /// Condition keys that one of the policies asks to be absent.
    pub(super) unwanted: &'s [String],
}

impl Asking<'_> {
    /// None where he may not enter by the one; nothing inside where he may by the other too, as far as
    /// anything is known.
    #[expect(clippy::option_option, reason = "not at all, not newly, and what is new")]
    pub(super) fn news(&self, trust: &Compiled, other: Option<&Compiled>) -> Option<Option<News>> {
        let now = self.answer(trust).filter(|answer| answer.is_seen)?;
        let news = |doubts: Vec<String>| News {
            is_perhaps_old: Some(false),
            ..News { doubts, ..News::default() }
        };
        let Some(other) = other.and_then(|other| self.answer(other)) else {
            return Some(Some(news(now.doubts)));
        };
        if !other.is_seen {
            return Some(Some(News { is_unseen: true, ..news(now.doubts) }));
        }
        // What is unknown of him beside the trust policies is the same for both.
        let is_alike = other.layers.iter().all(|layer| now.layers.contains(layer));
        if other.doubts.is_empty() || other.keys.is_empty() && is_alike {
            return Some(None);
        }
        let is_perhaps_old = other.keys.iter().all(|key| self.is_about_who(key));
        Some(Some(News {
            is_in_part: true,
            is_perhaps_old: Some(is_perhaps_old),
            ..news(now.doubts)
        }))
    }

    fn answer(&self, trust: &Compiled) -> Option<Answer> {
        let decision = decide(self.standing, self.caller, self.role_arn, trust)?;
        if decision.allowed.is_false() {
            return None;
        }
        // What was not seen may allow anything, and is no reason to say so.
        let is_seen = self.standing.compiled().is_whole() || {
            let caller = Caller::parse(self.caller).ok()?;
            let context = self.standing.context();
            let request = Request::new(caller, "sts:AssumeRole", self.role_arn, &context);
            !self.standing.decide_as_seen(request, Some(trust)).allowed.is_false()
        };
        let is_unwanted =
            |key: &str| self.unwanted.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(key));
        let who = &self.standing.principal.label;
        let doubts = doubts_of(&decision, who, self.role_label, is_unwanted);
        Some(Answer {
            doubts,
            is_seen,
            keys: decision.missing_context,
            layers: decision.unknown_layers,
        })
    }

    /// Whether a condition key is about him, and not about what he does. Tags that a session may bring
    /// along are its caller's choice.
    fn is_about_who(&self, key: &str) -> bool {
        let key = key.to_ascii_lowercase();
        match key.starts_with("aws:principaltag/") {
            true => !self.standing.principal.may_pass_tags,
            false => key.starts_with("aws:principal"),
        }
    }
}

/// Whether a principal, asking with that ARN, may assume the role of the other one.
pub(super) fn decide(
    standing: &Standing,
    caller: &str,
    role: &str,
    trust: &Compiled,
) -> Option<Decision> {
    let caller = Caller::parse(caller).ok()?;
    let context = standing.context();
    let request = Request::new(caller, "sts:AssumeRole", role, &context);
    Some(standing.decide_request(request, Some(trust)))
}

/// Whether nothing but who somebody is sets apart what a grant gives him from what others gave: what
/// that is, nobody knows here.
pub(super) fn differs_by_who(grant: &Grant, others: &[Grant]) -> bool {
    let asks = |grant: &Grant, start: &str| {
        let mut keys = grant.conditions.iter().map(|one| one.key.to_ascii_lowercase());
        keys.any(|key| key.starts_with(start))
    };
    let is_one = match grant.who {
        Who::Principal { .. } => true,
        Who::Anyone => asks(grant, "aws:principalarn"),
        _ => false,
    };
    let asks_who = |condition: &Condition| {
        let key = condition.key.to_ascii_lowercase();
        // Of an account all are of an organization, or none; not all have a tag.
        key.starts_with("aws:principalorg") || is_one && key.starts_with("aws:principal")
    };
    let is_new = |condition: &&Condition| !grant.conditions.contains(condition);
    let is_old = |other: &Grant, condition: &Condition| other.conditions.contains(condition);
    let differs = |other: &Grant| {
        let mut new = other.conditions.iter().filter(is_new).peekable();
        grant.conditions.iter().all(|condition| is_old(other, condition))
            && new.peek().is_some()
            && new.all(asks_who)
    };
    let is_named = is_one
        || matches!(grant.who, Who::Account(_))
        || grant.who == Who::Anyone && asks(grant, "aws:principalaccount");
    is_named && others.iter().any(differs)
}
