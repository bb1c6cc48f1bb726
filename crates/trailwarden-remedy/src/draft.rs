//! Calls becoming the steps of a plan: what must hold, what to keep, how to take it back.
//!
//! A remedy names calls and what was before them. The rest follows from the table: the state before a
//! call is what its inverse would show, so that is the precondition; it is captured by the same
//! question; and the permissions are those of the call, its inverse and the questions.

mod joined;
mod permissions;

use trailwarden_model::{AccountId, Timestamp};

use crate::calls::{self, Before, Taking, restorable, shown, undone};
use crate::plan::{Argument, Check, Input, Reply, Step};
use crate::remedy::{NoPlan, Order, Remedy};
use crate::subject::{Principal, Subject};

/// The steps of one remedy for one subject.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    account: AccountId,
    partition: String,
    principal: Option<Principal>,
    finding: Option<String>,
    why: Option<String>,
    also: Vec<String>,
    remedy: &'static str,
    order: Order,
    title: &'static str,
    subject: String,
    notes: Vec<String>,
    region: Option<String>,
    steps: Vec<Step>,
    apply_before: Option<Timestamp>,
}

impl Draft {
    pub(crate) fn new(remedy: &Remedy, subject: &Subject) -> Self {
        let named = subject.principal.as_ref().map(|principal| principal.arn.clone());
        Self {
            account: subject.account,
            partition: subject.partition.clone(),
            principal: subject.principal.clone(),
            finding: subject.finding.clone(),
            why: None,
            also: Vec::new(),
            remedy: remedy.id,
            order: remedy.order,
            title: remedy.title,
            subject: named.unwrap_or_else(|| format!("account {}", subject.account)),
            notes: remedy.notes.iter().map(|note| (*note).to_owned()).collect(),
            region: None,
            steps: Vec::new(),
            apply_before: None,
        }
    }

    /// What it is done to, where that is not the principal.
    pub fn about(&mut self, subject: impl Into<String>) {
        self.subject = subject.into();
    }

    /// What was found that it answers, in a sentence.
    pub fn because(&mut self, why: impl Into<String>) {
        self.why = Some(why.into());
    }

    /// Other findings that it answers, as the plan names them.
    pub fn answers_also(&mut self, findings: Vec<String>) {
        self.also = findings;
    }

    /// The id of the finding that it answers.
    #[must_use]
    pub fn finding(&self) -> Option<&str> {
        self.finding.as_deref()
    }

    /// The id of the remediation.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }

    /// Its steps, numbered from `1`.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The same answer to the same findings by these steps.
    #[must_use]
    pub fn with_reasons_of(mut self, other: &Self) -> Self {
        (self.why, self.also) = (other.why.clone(), other.also.clone());
        self
    }

    /// When its steps come, in a plan with others.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Its steps come with those that stop whoever may be somebody else.
    pub fn contain(&mut self) {
        self.order = self.order.min(Order::Containment);
    }

    /// Its steps stop somebody who did what was found: they come before all that is about what was done.
    pub fn stop_actor(&mut self) {
        let first = match self.remedy {
            "revoke-sessions" => Order::ActorsSessions,
            _ => Order::ActorsKeys,
        };
        self.order = self.order.min(first);
    }

    /// Whom it is about.
    #[must_use]
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Where the calls that follow are made.
    pub fn in_region(&mut self, region: &str) {
        self.region = Some(region.to_owned());
    }

    /// Something that a reader should know of this plan alone.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The plan holds a time, after which it is too old.
    pub fn apply_before(&mut self, time: Timestamp) {
        self.apply_before = Some(time);
    }

    /// Adds a call such as `iam:PutUserPolicy`, and returns its step's number.
    ///
    /// # Errors
    /// The table has no such call.
    pub fn call(
        &mut self,
        purpose: impl Into<String>,
        name: &str,
        input: impl IntoIterator<Item = (&'static str, Argument)>,
        before: &Before,
    ) -> Result<String, NoPlan> {
        let unknown = || NoPlan::Call(name.to_owned());
        let (service, operation) = name.split_once(':').ok_or_else(unknown)?;
        let call = calls::find(service, operation).ok_or_else(unknown)?;
        let input =
            input.into_iter().map(|(name, it)| (name.to_owned(), restorable(call, name, it)));
        let input: Input = input.collect();
        let id = (self.steps.len() + 1).to_string();
        let undone = undone(call, &id, &input, before);
        let mut preconditions = Vec::new();
        if let Some(inverse) = &undone.inverse
            && !refers(&inverse.input)
        {
            let inverse_call = calls::find(&inverse.service, &inverse.operation);
            let shows = inverse_call.map(|call| shown(call, &inverse.input));
            preconditions.extend(shows.unwrap_or_default());
        }
        let mut step = Step {
            id: id.clone(),
            finding: self.finding.clone(),
            purpose: purpose.into(),
            service: service.to_owned(),
            region: self.region.clone(),
            operation: operation.to_owned(),
            input,
            preconditions,
            capture: Vec::new(),
            inverse: undone.inverse,
            inverse_reason: undone.reason,
            volatile: undone.volatile,
            permissions: Vec::new(),
        };
        self.complete(&mut step);
        self.steps.push(step);
        Ok(id)
    }

    /// Something more that must hold before the last call.
    pub fn require(&mut self, check: Check) {
        if let Some(mut step) = self.steps.pop() {
            step.preconditions.push(check);
            self.complete(&mut step);
            self.steps.push(step);
        }
    }

    /// Something that must hold before the first call.
    pub(crate) fn require_first(&mut self, check: Check) {
        if let Some(step) = self.steps.first_mut() {
            step.preconditions.insert(0, check);
        }
    }

    /// The last call is not taken back, although another call could, and why.
    pub fn keep(&mut self, reason: impl Into<String>) {
        if let Some(mut step) = self.steps.pop() {
            step.inverse = None;
            step.inverse_reason = Some(reason.into());
            step.volatile.clear();
            self.complete(&mut step);
            self.steps.push(step);
        }
    }

    /// The first step that takes access away.
    pub(crate) fn taking(&self) -> Option<&Step> {
        self.steps.iter().find(|step| calls::taking(step) == Taking::Access)
    }

    /// Whether no call was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// A part of the reply to an earlier call.
    #[must_use]
    pub fn result(step: &str, path: &[&str]) -> Argument {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        Argument::Result { result: Reply { step: step.to_owned(), path } }
    }
}

/// Fills `{Name}` places of a template; those without a value become `*`.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            rest = after;
            break;
        };
        out.push_str(&value(name).unwrap_or_else(|| "*".to_owned()));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Whether parameters come from replies.
fn refers(input: &Input) -> bool {
    input.values().any(|argument| matches!(argument, Argument::Result { .. }))
}
