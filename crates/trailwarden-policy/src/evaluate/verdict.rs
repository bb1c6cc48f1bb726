//! From what each layer says to what AWS answers.
//!
//! Sources: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic";
//! AWS KMS Developer Guide, "Key policies in AWS KMS".

use super::caller::Caller;
use super::decision::{Layer, Layers, Outcome};
use super::request::{Input, Owner, Request};
use super::survey::Survey;
use super::truth::Truth;

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
    if is_always_allowed(&input.request) {
        return Verdict { outcome: Outcome::Allow, deny: Truth::False, allow: Truth::True };
    }
    let deny = denies(input, survey).fold(Truth::False, |all, (_, deny)| all.or(deny));
    let allow = grant(input, survey)
        .and(survey.scp.allow.any())
        .and(survey.endpoint.allow.any())
        .and(is_reserved(&input.request).not());
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
    // The owner's root user cannot be locked out of a bucket policy by that policy (Amazon S3 API
    // Reference, `PutBucketPolicy`).
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
    let same_account = if must_be_named(request) {
        named.direct.or(named.role.and(limits)).or(named.account.and(own))
    } else {
        own.or(named.direct).or(named.role.and(limits))
    };
    let cross_account = own.and(named.any());
    match is_same_account(request) {
        Truth::True => same_account,
        Truth::False => cross_account,
        Truth::Unknown if same_account == cross_account => same_account,
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

/// Role trust policies and KMS key policies must allow by themselves: an identity policy counts
/// only where they name the account.
fn must_be_named(request: &Request<'_>) -> bool {
    let kind = || request.resource().splitn(6, ':').nth(5).unwrap_or_default();
    const TRUST: [&str; 6] = [
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        "sts:SetContext",
    ];
    if TRUST.iter().any(|action| request.is(action)) {
        return kind().starts_with("role/");
    }
    request.service().eq_ignore_ascii_case("kms") && kind().starts_with("key/")
}

/// Source: AWS STS API Reference, `GetCallerIdentity`: it works even when a policy denies it.
fn is_always_allowed(request: &Request<'_>) -> bool {
    request.is("sts:GetCallerIdentity")
        && !matches!(request.caller, Caller::Anonymous | Caller::Provider(_))
}

fn keeps_bucket_policy(request: &Request<'_>) -> bool {
    matches!(request.caller, Caller::Root(_))
        && is_same_account(request).is_true()
        && ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]
            .iter()
            .any(|action| request.is(action))
}

/// Whether AWS keeps the change of a policy or role of its own to itself.
///
/// Sources: IAM User Guide, "Managed policies and inline policies" (AWS managed policies cannot be
/// changed), "Service-linked roles"; IAM Identity Center User Guide, on roles under
/// `/aws-reserved/`.
fn is_reserved(request: &Request<'_>) -> Truth {
    if request.caller.entity().is_none() || !request.service().eq_ignore_ascii_case("iam") {
        return Truth::False;
    }
    let resource = request.resource();
    let (_, name) = request.action.split_once(':').unwrap_or_default();
    let begins = |words: &[&str]| {
        words.iter().any(|word| {
            name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        })
    };
    let mut parts = resource.splitn(6, ':').skip(4);
    let (account, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let reads = begins(&["Get", "List", "Generate", "Simulate"]);
    let is_kept = if account == "aws" && path.starts_with("policy/") {
        ["CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"]
            .iter()
            .chain(&["DeletePolicy", "TagPolicy", "UntagPolicy"])
            .any(|kept| name.eq_ignore_ascii_case(kept))
    } else if path.starts_with("role/aws-reserved/") {
        !reads
    } else if path.starts_with("role/aws-service-role/") {
        ["AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy"]
            .iter()
            .chain(&["UpdateAssumeRolePolicy", "PutRolePermissionsBoundary"])
            .chain(&["DeleteRolePermissionsBoundary", "DeleteRole"])
            .any(|kept| name.eq_ignore_ascii_case(kept))
    } else {
        false
    };
    is_kept.into()
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
            lacks(Layer::Aws, is_reserved(&input.request).not());
            if grant(input, survey).is_false() {
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
    let needs_both = must_be_named(request) || !is_same_account(request).is_true();
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
