//! From what each layer says to what AWS answers.
//!
//! Sources: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic";
//! AWS KMS Developer Guide, "Key policies in AWS KMS".

use super::by_aws::{is_always_allowed, is_refused, keeps_bucket_policy};
use super::caller::Caller;
use super::decision::{Layer, Layers, Outcome};
use super::request::{Input, Owner, Request};
use super::survey::Survey;
use super::truth::Truth;
use crate::facts::facts;

/// What follows from a survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    /// Some statement denies.
    pub(super) deny: Truth,
    /// All that must allow do.
    pub(super) allow: Truth,
}

/// Decides.
pub(super) fn verdict(input: &Input<'_>, survey: &Survey) -> Verdict {
    if is_always_allowed(&input.request, input.session) {
        return Verdict { outcome: Outcome::Allow, deny: Truth::False, allow: Truth::True };
    }
    let deny = denies(input, survey).fold(Truth::False, |all, (_, deny)| all.or(deny));
    let allow = grant(input, survey)
        .and(survey.scp.allow.any())
        .and(survey.endpoint.allow.any())
        .and(is_refused(&input.request).not());
    let outcome = match (deny, allow) {
        (Truth::True, _) => Outcome::ExplicitDeny,
        (Truth::False, Truth::True) => Outcome::Allow,
        (Truth::False, Truth::False) => Outcome::ImplicitDeny,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Outcome::Unknown,
    };
    Verdict { outcome, deny, allow }
}

/// What each layer says against it.
pub(super) fn denies(
    input: &Input<'_>,
    survey: &Survey,
) -> impl Iterator<Item = (Layer, Truth)> + use<> {
    let resource =
        if keeps_bucket_policy(&input.request) { Truth::False } else { survey.resource.deny };
    [
        (Layer::Endpoint, survey.endpoint.deny),
        (Layer::Scp, survey.scp.deny),
        (Layer::Rcp, survey.rcp.deny),
        (Layer::Resource, resource),
        (Layer::Identity, survey.identity.deny),
        (Layer::Boundary, survey.boundary.deny),
        (Layer::Session, survey.session.deny),
    ]
    .into_iter()
}

/// Whether identity and resource policies grant, within boundary and session policy.
fn grant(input: &Input<'_>, survey: &Survey) -> Truth {
    let request = &input.request;
    let named = survey.resource.allow;
    match request.caller {
        // Nothing but the resource policy can speak for them.
        Caller::Anonymous | Caller::Service(_) | Caller::Provider(_) => return named.direct,
        // AWS STS API Reference, `AssumeRole`: not with the credentials of a root user.
        Caller::Root(_) if request.is("sts:AssumeRole") => return Truth::False,
        _ => {}
    }
    let limits = limits(input, survey);
    let own = own(input, survey).and(limits);
    let same_account = choose(
        must_be_named(request),
        named.direct.or(named.role.and(limits)).or(named.account.and(own)),
        own.or(named.direct).or(named.role.and(limits)),
    );
    let cross_account = own.and(named.any());
    choose(is_same_account(request), same_account, cross_account)
}

/// One of two answers; where it is not known which, what both say.
fn choose(which: Truth, yes: Truth, no: Truth) -> Truth {
    match which {
        Truth::True => yes,
        Truth::False => no,
        Truth::Unknown if yes == no => yes,
        Truth::Unknown => Truth::Unknown,
    }
}

/// What the caller's identity policies grant. A root user has everything from the start.
fn own(input: &Input<'_>, survey: &Survey) -> Truth {
    match input.request.caller {
        Caller::Root(_) => Truth::True,
        _ => survey.identity.allow.any(),
    }
}

fn limits(input: &Input<'_>, survey: &Survey) -> Truth {
    survey.boundary.allow.any().and(session(input, survey))
}

/// A federated user's session without a session policy can do nothing by itself.
fn session(input: &Input<'_>, survey: &Survey) -> Truth {
    let is_passed = !input.session.is_empty() || input.is_unknown(Layer::Session);
    match input.request.caller {
        Caller::FederatedUser(_) if !is_passed => Truth::False,
        _ => survey.session.allow.any(),
    }
}

/// Whether the resource belongs to the caller's account.
pub(super) fn is_same_account(request: &Request<'_>) -> Truth {
    match (request.owner, request.caller.account()) {
        (Owner::Caller, _) => Truth::True,
        (Owner::Account(owner), Some(account)) => (owner == account).into(),
        (Owner::Account(_), None) => Truth::False,
        (Owner::Unknown, _) => Truth::Unknown,
    }
}

/// Whether the resource policy must allow by itself, as role trust policies and KMS key policies
/// must: there an identity policy counts only where they name the account. The action tells, since
/// a request may name its role or key by an alias, or not at all.
///
/// Sources: IAM User Guide, "Policy evaluation logic"; AWS KMS Developer Guide, "AWS KMS
/// permissions" (policy type of each action).
fn must_be_named(request: &Request<'_>) -> Truth {
    let kind = || request.resource().splitn(6, ':').nth(5).unwrap_or_default();
    if request.service().eq_ignore_ascii_case("sts") {
        let assumes = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];
        let goes_along = ["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"];
        return if assumes.iter().any(|action| request.is(action)) {
            Truth::True
        } else if !goes_along.iter().any(|action| request.is(action)) {
            Truth::False
        } else if request.resource() == "*" {
            // It goes along with a role, or with the federated session of a user.
            Truth::Unknown
        } else {
            kind().starts_with("role/").into()
        };
    }
    if !request.service().eq_ignore_ascii_case("kms") {
        return Truth::False;
    }
    if kind().starts_with("key/") { Truth::True } else { needs_key(request, kind()) }
}

/// Whether a call of KMS that names no key is about one all the same.
fn needs_key(request: &Request<'_>, kind: &str) -> Truth {
    // The caller's account alone decides this one, although the table gives it a key.
    if request.is("kms:ListRetirableGrants") {
        return Truth::False;
    }
    let Some(action) = facts().action(request.action) else { return Truth::Unknown };
    let takes = |name: &str| action.resource_types().any(|t| t.resource_type().name() == name);
    // Who creates or moves an alias is asked twice: about the alias, by identity policies, and
    // about the key. For anything else an alias only points to a key.
    (takes("key") && !(kind.starts_with("alias/") && takes("alias"))).into()
}

/// The layers that say no, or lack the yes that is needed.
pub(super) fn blocked_by(input: &Input<'_>, survey: &Survey, verdict: &Verdict) -> Layers {
    let mut blocked = Layers::NONE;
    match verdict.outcome {
        Outcome::Allow | Outcome::Unknown => {}
        Outcome::ExplicitDeny => {
            for (layer, deny) in denies(input, survey) {
                if deny.is_true() {
                    blocked = blocked.with(layer);
                }
            }
        }
        Outcome::ImplicitDeny => {
            let mut lacks = |layer, allow: Truth| {
                if allow.is_false() {
                    blocked = blocked.with(layer);
                }
            };
            lacks(Layer::Endpoint, survey.endpoint.allow.any());
            lacks(Layer::Scp, survey.scp.allow.any());
            let refused = is_refused(&input.request);
            lacks(Layer::Aws, refused.not());
            // What cannot be granted lacks no grant.
            if !refused.is_true() && grant(input, survey).is_false() {
                lacks_of_grant(input, survey, &mut lacks);
            }
        }
    }
    blocked
}

fn lacks_of_grant(input: &Input<'_>, survey: &Survey, lacks: &mut impl FnMut(Layer, Truth)) {
    let request = &input.request;
    let named = survey.resource.allow;
    if request.caller.entity().is_none() {
        return lacks(Layer::Resource, named.direct);
    }
    if matches!(request.caller, Caller::Root(_)) && request.is("sts:AssumeRole") {
        return lacks(Layer::Aws, Truth::False);
    }
    let own = own(input, survey);
    let needs_both = must_be_named(request).is_true() || !is_same_account(request).is_true();
    if needs_both {
        lacks(Layer::Resource, named.any());
        // A role that is named needs no identity policy in its own account.
        if named.role.is_false() || !is_same_account(request).is_true() {
            lacks(Layer::Identity, own);
        }
    } else if named.role.is_false() {
        lacks(Layer::Identity, own);
        if input.resource.is_some() {
            lacks(Layer::Resource, own);
        }
    }
    lacks(Layer::Boundary, survey.boundary.allow.any());
    lacks(Layer::Session, session(input, survey));
}
