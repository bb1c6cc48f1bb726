//! Why a statement that is about the action does not count: the evaluator is asked about each part
//! of it alone.

use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{Case, with_input};
use trailwarden_policy::condition::Condition;
use trailwarden_policy::document::{Document, Effect, Statement};
use trailwarden_policy::evaluate::{
    Compiled, Context, Input, Outcome, Owner, Request, Truth, evaluate,
};
use trailwarden_policy::facts::facts;

use super::request::{Given, another_account};

/// Conditions that do not hold, as far as they are told one by one.
const FAILING_MAX: usize = 8;

/// The parts that stand against it, as the end of a sentence; `None` when none does.
pub(super) fn why_not(case: &Case, given: &Given, statement: &Statement) -> Option<String> {
    let version = given.policy.document.version.as_deref();
    let names_principals = given.kind.names_principals();
    let ask = |input: &Input<'_>| {
        let request = input.request;
        let mut parts = Vec::new();
        if names_principals && !names_caller(&request, version, statement) {
            parts.push(format!("it names another principal{}", provider_hint(case, statement)));
        }
        if holds(&request, version, about(statement)).is_false() {
            let part = match statement.not_resources {
                Some(_) => "it leaves this resource out",
                None => "it names another resource",
            };
            parts.push(part.to_owned());
        }
        // There may be thousands, so each gets a small statement, not a copy of the whole one.
        let failing = statement.conditions.iter().filter(|condition| {
            let alone = Statement {
                conditions: vec![Condition::clone(condition)],
                ..Statement::allowing_everything()
            };
            holds(&request, version, alone).is_false()
        });
        let mut failing =
            failing.map(|condition| failed(condition, request.context, &case.unknown_context));
        parts.extend(failing.by_ref().take(FAILING_MAX));
        let more = failing.count();
        if more > 0 {
            parts.push(format!("{more} more of its conditions do not hold"));
        }
        parts
    };
    let parts = with_input(&bare(case), ask).ok()?;
    (!parts.is_empty()).then(|| parts.join(", and "))
}

/// What a statement is about, for a request whose action it covers.
fn about(statement: &Statement) -> Statement {
    // A trust policy names no resource.
    let names_none = statement.resources.is_empty() && statement.not_resources.is_none();
    let anything = Statement::allowing_everything();
    Statement {
        resources: if names_none { anything.resources } else { statement.resources.clone() },
        not_resources: statement.not_resources.clone(),
        ..anything
    }
}

/// Whether a statement of a resource policy names the caller's account and not the caller.
pub(super) fn names_the_account_alone(case: &Case, given: &Given, statement: &Statement) -> bool {
    let version = given.policy.document.version.as_deref();
    let ask = |input: &Input<'_>| {
        let request = input.request;
        let in_account = request.caller.entity().is_some();
        in_account
            && names_caller(&request, version, statement)
            && !names_directly(&request, version, statement)
    };
    with_input(&bare(case), ask).unwrap_or(false)
}

/// The request without its policies, which may be long and are asked about one statement at a time.
fn bare(case: &Case) -> Case {
    Case {
        id: None,
        principal: case.principal.clone(),
        action: case.action.clone(),
        resource: case.resource.clone(),
        resource_account: case.resource_account.clone(),
        context: case.context.clone(),
        context_complete: case.context_complete,
        unknown_context: case.unknown_context.clone(),
        identity_policies: Vec::new(),
        resource_policy: None,
        scps: Vec::new(),
        rcps: Vec::new(),
        boundary: None,
        session_policy: None,
        endpoint_policies: Vec::new(),
        wildcard_only: case.wildcard_only,
        management_account: case.management_account,
        resource_in_management_account: case.resource_in_management_account,
        service_linked_role: case.service_linked_role,
        aws_managed_key: case.aws_managed_key,
    }
}

fn policy(version: Option<&str>, statement: Statement, kind: PolicyKind) -> Compiled {
    let document = Document {
        version: version.map(str::to_owned),
        statements: vec![statement],
        ..Document::default()
    };
    Compiled::new("", &document, kind)
}

/// Whether resources and conditions fit, whoever asks. As a Deny in a place that is asked of
/// everybody: no other rule stands between it and the answer.
fn holds(request: &Request<'_>, version: Option<&str>, statement: Statement) -> Truth {
    let statement = Statement { effect: Effect::Deny, ..statement };
    let compiled = policy(version, statement, PolicyKind::Identity);
    let input = Input { endpoint: std::slice::from_ref(&compiled), ..Input::new(*request) };
    let decision = evaluate(&input);
    match decision.outcome {
        Outcome::ExplicitDeny => Truth::True,
        _ if decision.statements.is_empty() => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Whether it names the caller in any way, or may.
fn names_caller(request: &Request<'_>, version: Option<&str>, statement: &Statement) -> bool {
    // Across accounts any way of naming is good, given that the caller's own policies allow.
    let elsewhere = another_account(&request.caller);
    let request = Request { owner: Owner::Account(elsewhere), ..*request };
    let anything = policy(version, Statement::allowing_everything(), PolicyKind::Identity);
    let all = std::slice::from_ref(&anything);
    let named = policy(version, named(statement), PolicyKind::Resource);
    let input =
        Input { identity: all, session: all, resource: Some(&named), ..Input::new(request) };
    !matches!(evaluate(&input).outcome, Outcome::ImplicitDeny | Outcome::ExplicitDeny)
}

/// Whether it names the caller so that no identity policy is needed.
fn names_directly(request: &Request<'_>, version: Option<&str>, statement: &Statement) -> bool {
    let request = Request { owner: Owner::Caller, ..*request };
    let anything = policy(version, Statement::allowing_everything(), PolicyKind::Identity);
    let all = std::slice::from_ref(&anything);
    let named = policy(version, named(statement), PolicyKind::Resource);
    let input = Input { session: all, resource: Some(&named), ..Input::new(request) };
    evaluate(&input).outcome != Outcome::ImplicitDeny
}

/// A statement's principals, and nothing else.
fn named(statement: &Statement) -> Statement {
    Statement {
        principals: statement.principals.clone(),
        not_principals: statement.not_principals.clone(),
        ..Statement::allowing_everything()
    }
}

fn failed(condition: &Condition, context: &Context, unknown: &[String]) -> String {
    let key = match facts().condition_key(&condition.key) {
        Some(known) if known.name.eq_ignore_ascii_case(&condition.key) => known.name,
        _ => &condition.key,
    };
    let is_unknown = unknown.iter().any(|one| one.eq_ignore_ascii_case(key));
    let why = if !context.contains(key) && !is_unknown && context.is_complete() {
        ", as the request has no such key"
    } else {
        ""
    };
    format!("its condition {} on {key} does not hold{why}", condition.operator)
}

/// People write the host of an identity provider where the policy has its ARN.
fn provider_hint(case: &Case, statement: &Statement) -> String {
    let end = format!("/{}", case.principal);
    let listed = statement.principals.listed().iter();
    let meant = listed.map(|principal| &principal.value).find(|value| value.ends_with(&end));
    meant.map_or_else(String::new, |value| format!(" ({value}; give that as --principal)"))
}
