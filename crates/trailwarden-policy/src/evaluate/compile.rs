//! Policies made ready for many requests.

use std::sync::Arc;

use super::actions::Actions;
use super::caller::Caller;
use super::context::Context;
use super::predicate::Predicate;
use super::request::Request;
use super::resources::Resources;
use super::truth::Truth;
use super::who::{Grades, Who};
use crate::document::{Document, Effect, Statement};
use crate::kind::PolicyKind;

/// A policy, compiled once and cheap to clone.
#[derive(Debug, Clone)]
pub struct Compiled(Arc<Policy>);

#[derive(Debug)]
struct Policy {
    name: String,
    kind: PolicyKind,
    rules: Vec<Rule>,
    is_complete: bool,
    not_understood: Vec<NotUnderstood>,
}

/// A condition operator that is not known here. Its statement can be decided only where another
/// part of it says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{operator}` in statement {statement} is not a condition operator known here")]
pub struct NotUnderstood {
    /// Position among the statements that could be read, from zero.
    pub statement: usize,
    /// As written.
    pub operator: String,
}

/// One statement.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) effect: Effect,
    pub(super) sid: Option<String>,
    /// Whether it says one thing. What it says otherwise is as unknown as if it could not be read.
    pub(super) is_definite: bool,
    who: Who,
    actions: Actions,
    resources: Resources,
    conditions: Vec<Predicate>,
}

impl Compiled {
    /// Compiles a document that plays the part of `kind`; the name is for explanations.
    pub fn new(name: impl Into<String>, document: &Document, kind: PolicyKind) -> Self {
        let variables = document.version.as_deref() == Some("2012-10-17");
        let mut not_understood = Vec::new();
        let mut rules = Vec::with_capacity(document.statements.len());
        for (index, statement) in document.statements.iter().enumerate() {
            let is_definite = document.is_definite(index);
            let rule = Rule { is_definite, ..Rule::new(statement, kind, variables) };
            let written = statement.conditions.iter().zip(&rule.conditions);
            not_understood.extend(written.filter(|(_, read)| !read.is_understood()).map(
                |(condition, _)| NotUnderstood {
                    statement: index,
                    operator: condition.operator.clone(),
                },
            ));
            rules.push(rule);
        }
        let is_complete = document.is_complete();
        Self(Arc::new(Policy { name: name.into(), kind, rules, is_complete, not_understood }))
    }

    /// The name given to it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The part that it plays.
    pub fn kind(&self) -> PolicyKind {
        self.0.kind
    }

    /// Whether every statement of the text could be read, and says one thing. What another says is
    /// unknown.
    pub fn is_complete(&self) -> bool {
        self.0.is_complete
    }

    /// The operators that are not known here.
    pub fn not_understood(&self) -> &[NotUnderstood] {
        &self.0.not_understood
    }

    pub(super) fn rules(&self) -> &[Rule] {
        &self.0.rules
    }
}

impl Rule {
    fn new(statement: &Statement, kind: PolicyKind, variables: bool) -> Self {
        let who = match kind {
            // These belong to a principal; a `Principal` in them is an error that names nobody else.
            PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session | PolicyKind::Scp => {
                Who::Everyone
            }
            PolicyKind::Resource | PolicyKind::Trust => Who::new(statement, false),
            PolicyKind::Rcp | PolicyKind::Endpoint => Who::new(statement, true),
        };
        Self {
            effect: statement.effect,
            sid: statement.sid.clone(),
            is_definite: true,
            who,
            actions: Actions::new(statement),
            resources: Resources::new(statement, variables, kind == PolicyKind::Resource),
            conditions: statement.conditions.iter().map(|c| Predicate::new(c, variables)).collect(),
        }
    }

    /// Whether a statement that allows does so here, by the way in which it names the caller.
    pub(super) fn allows(&self, request: &Request<'_>) -> Grades {
        if !self.actions.cover(request.action) {
            return Grades::NONE;
        }
        let grades = self.who.allows(&request.caller, request.context);
        if grades == Grades::NONE {
            return grades;
        }
        grades.and(self.applies(request))
    }

    /// Whether a statement that denies does so here.
    pub(super) fn denies(&self, request: &Request<'_>, bounded: bool) -> Truth {
        if !self.actions.cover(request.action) {
            return Truth::False;
        }
        let is_meant = self.who.denies(&request.caller, bounded, request.context);
        if is_meant.is_false() { is_meant } else { is_meant.and(self.applies(request)) }
    }

    /// Resources and conditions.
    fn applies(&self, request: &Request<'_>) -> Truth {
        let mut truth = self.resources.cover(request.resource(), request.context);
        for condition in &self.conditions {
            if truth.is_false() {
                break;
            }
            truth = truth.and(condition.holds(request.context));
        }
        truth
    }

    /// The keys that would decide, given that the statement is not decided.
    pub(super) fn unknown_keys(&self, request: &Request<'_>, mut add: impl FnMut(&str)) {
        let context = request.context;
        if self.resources.cover(request.resource(), context).is_unknown() {
            self.resources.unknown_keys(context).for_each(&mut add);
        }
        for condition in &self.conditions {
            if condition.holds(context).is_unknown() {
                condition.unknown_keys(context, &mut |key| add(key));
            }
        }
        if self.who.needs_user_id(&request.caller, context) {
            add("aws:userid");
        }
    }
}

impl Who {
    fn needs_user_id(&self, caller: &Caller<'_>, context: &Context) -> bool {
        let without = context.clone().without("aws:userid");
        context.is_unknown("aws:userid")
            && self.allows(caller, context) != self.allows(caller, &without)
    }
}
