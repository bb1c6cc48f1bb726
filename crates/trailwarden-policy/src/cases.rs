//! Simulation cases: one request and its policies as one line of JSON, and the answer as another.
//!
//! A document that cannot be read whole makes an answer `error`, with what is wrong; it is never
//! guessed at. The keys of a case are those of [`Case`], others are errors.

mod answer;
mod error;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use answer::{Answer, Decisive};
pub use error::Error;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::{Document, Fault};
use crate::evaluate::{
    Caller, Circumstances, Compiled, Context, Decision, Entry, Input, Owner, Request, evaluate,
};
use crate::kind::PolicyKind;

/// A policy document, or the text of one.
type Policy = Box<RawValue>;

/// One request and everything that has a say in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Case {
    /// Comes back with the answer.
    #[serde(default)]
    pub id: Option<serde_json::Value>,
    /// An ARN, an account id, a service, an identity provider or `anonymous`.
    pub principal: String,
    /// `service:Name`.
    pub action: String,
    /// An ARN or `*`.
    pub resource: String,
    /// Who owns the resource; else the account in its ARN, else the caller's.
    #[serde(default)]
    pub resource_account: Option<String>,
    /// The condition keys.
    #[serde(default)]
    pub context: BTreeMap<String, Values>,
    /// Whether a key that is not given is absent, as AWS would see it, or unknown.
    #[serde(default = "yes")]
    pub context_complete: bool,
    /// Keys whose values are not known, in a context that is complete otherwise.
    #[serde(default)]
    pub unknown_context: Vec<String>,
    /// Policies of the caller and his groups.
    #[serde(default)]
    pub identity_policies: Vec<Policy>,
    /// The policy of the resource.
    #[serde(default)]
    pub resource_policy: Option<Policy>,
    /// SCPs by level, root first.
    #[serde(default)]
    pub scps: Vec<Vec<Policy>>,
    /// RCPs by level, root first.
    #[serde(default)]
    pub rcps: Vec<Vec<Policy>>,
    /// The permissions boundary.
    #[serde(default)]
    pub boundary: Option<Policy>,
    /// The policy of the session.
    #[serde(default)]
    pub session_policy: Option<Policy>,
    /// The policy of the VPC endpoint.
    #[serde(default)]
    pub endpoint_policies: Vec<Policy>,
    /// The action has no resource type, so that only Resource `*` covers it.
    #[serde(default)]
    pub wildcard_only: bool,
    /// The caller is in the organization's management account.
    #[serde(default)]
    pub management_account: bool,
    /// The resource is in the organization's management account.
    #[serde(default)]
    pub resource_in_management_account: bool,
    /// The caller is a service-linked role.
    #[serde(default)]
    pub service_linked_role: bool,
    /// The resource is a KMS key that AWS manages.
    #[serde(default)]
    pub aws_managed_key: bool,
}

/// The value of a key: a text for a single-valued one, a list for a multivalued one.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// Single-valued.
    One(Scalar),
    /// Multivalued.
    Many(Vec<Scalar>),
}

/// A text; numbers and Booleans are taken in their JSON spelling.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(serde_json::Number),
}

fn yes() -> bool {
    true
}

impl Case {
    /// Reads one line.
    pub fn parse(line: &str) -> Result<Self, Error> {
        serde_json::from_str(line).map_err(Error::Json)
    }
}

/// Reads a line and answers it, whatever it holds.
pub fn answer(line: &str) -> Answer {
    match Case::parse(line) {
        Ok(case) => decide(&case),
        Err(error) => Answer::error(id_of(line), &error),
    }
}

/// The id of a case that cannot be read otherwise.
fn id_of(line: &str) -> Option<serde_json::Value> {
    let case: serde_json::Value = serde_json::from_str(line).ok()?;
    case.get("id").cloned()
}

/// Decides a case.
pub fn decide(case: &Case) -> Answer {
    match explain(case) {
        Ok(decision) => Answer::decided(case.id.clone(), decision),
        Err(error) => Answer::error(case.id.clone(), &error),
    }
}

/// Decides a case, with the whole proof.
pub fn explain(case: &Case) -> Result<Decision, Error> {
    with_input(case, evaluate)
}

/// Makes ready what a case holds, and asks.
pub fn with_input<T>(case: &Case, ask: impl FnOnce(&Input<'_>) -> T) -> Result<T, Error> {
    let caller = Caller::parse(&case.principal)?;
    if !is_action(&case.action) {
        return Err(Error::Action(case.action.clone()));
    }
    if case.resource.is_empty() {
        return Err(Error::Resource);
    }
    let context = case.context()?;
    let mut request = Request::new(caller, &case.action, &case.resource, &context);
    request.is_wildcard_only = case.wildcard_only;
    if let Some(account) = &case.resource_account {
        request.owner =
            Owner::of_account(account).ok_or_else(|| Error::Account(account.clone()))?;
    }
    let many = |kind, policies: &[Policy]| {
        policies
            .iter()
            .enumerate()
            .map(|(at, policy)| compile(format!("{kind}[{at}]"), policy, kind))
            .collect::<Result<Vec<_>, _>>()
    };
    let levels = |kind: PolicyKind, levels: &[Vec<Policy>]| {
        let one = |(level, policies): (usize, &Vec<Policy>)| {
            let named = policies
                .iter()
                .enumerate()
                .map(|(at, policy)| compile(format!("{kind}[{level}][{at}]"), policy, kind));
            named.collect::<Result<Vec<_>, _>>()
        };
        levels.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()
    };
    let identity = many(PolicyKind::Identity, &case.identity_policies)?;
    let resource = case.resource_policy.as_ref();
    let resource = resource
        .map(|policy| compile("resource".into(), policy, PolicyKind::Resource))
        .transpose()?;
    let scps = levels(PolicyKind::Scp, &case.scps)?;
    let rcps = levels(PolicyKind::Rcp, &case.rcps)?;
    let boundary = one_or_many(PolicyKind::Boundary, case.boundary.as_deref())?;
    let session = one_or_many(PolicyKind::Session, case.session_policy.as_deref())?;
    let endpoint = many(PolicyKind::Endpoint, &case.endpoint_policies)?;
    Ok(ask(&Input {
        identity: &identity,
        resource: resource.as_ref(),
        boundary: &boundary,
        session: &session,
        scps: &scps,
        rcps: &rcps,
        endpoint: &endpoint,
        circumstances: Circumstances {
            caller_in_management_account: case.management_account,
            resource_in_management_account: case.resource_in_management_account,
            service_linked_role: case.service_linked_role,
            aws_managed_key: case.aws_managed_key,
        },
        ..Input::new(request)
    }))
}

impl Case {
    fn context(&self) -> Result<Context, Error> {
        let mut context =
            if self.context_complete { Context::complete() } else { Context::incomplete() };
        for (key, values) in &self.context {
            if context.contains(key) {
                return Err(Error::Twice(key.clone()));
            }
            context.insert(key, values.entry());
        }
        for key in &self.unknown_context {
            if context.contains(key) {
                return Err(Error::Twice(key.clone()));
            }
            context.insert(key, Entry::Unknown);
        }
        Ok(context)
    }
}

impl Values {
    fn entry(&self) -> Entry {
        match self {
            Values::One(one) => Entry::One(one.text()),
            Values::Many(many) => Entry::Many(many.iter().map(Scalar::text).collect()),
        }
    }
}

impl Scalar {
    fn text(&self) -> String {
        match self {
            Scalar::Text(text) => text.clone(),
            Scalar::Boolean(boolean) => boolean.to_string(),
            Scalar::Number(number) => number.to_string(),
        }
    }
}

fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty() && !name.is_empty() && !text.contains(char::is_whitespace)
    })
}

/// A document, or a list of them.
fn one_or_many(kind: PolicyKind, value: Option<&RawValue>) -> Result<Vec<Compiled>, Error> {
    let Some(value) = value else { return Ok(Vec::new()) };
    if !value.get().trim_start().starts_with('[') {
        return Ok(vec![compile(kind.to_string(), value, kind)?]);
    }
    let list: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(Error::Json)?;
    let all = list.into_iter().enumerate();
    all.map(|(at, value)| compile(format!("{kind}[{at}]"), value, kind)).collect()
}

/// Whether a document with this fault cannot be read whole, or in one way only.
fn is_grave(fault: &Fault) -> bool {
    fault.costs_the_statement() || fault.leaves_doubt()
}

fn compile(name: String, policy: &RawValue, kind: PolicyKind) -> Result<Compiled, Error> {
    let document = match Document::parse(policy.get()) {
        Ok(document) => document,
        Err(source) => return Err(Error::Document { place: name, source }),
    };
    if let Some(problem) = document.problems.iter().find(|p| is_grave(&p.fault)) {
        let place = match problem.statement {
            Some(statement) => format!("{name}, statement {statement}"),
            None => name,
        };
        return Err(Error::Statement { place, fault: problem.fault.to_string() });
    }
    Ok(Compiled::new(name, &document, kind))
}
