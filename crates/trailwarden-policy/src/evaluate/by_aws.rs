//! What AWS decides by itself, whatever policies say.

use super::caller::Caller;
use super::compile::Compiled;
use super::request::Request;
use super::truth::Truth;
use super::verdict::is_same_account;

/// Whether no policy can keep the caller from it.
///
/// Sources: AWS STS API Reference, `GetCallerIdentity`: it works even when a policy denies it. IAM
/// User Guide, "Permissions for GetSessionToken": no policy controls it. A session of theirs, which
/// `session` tells, may not call it.
pub(super) fn is_always_allowed(request: &Request<'_>, session: &[Compiled]) -> bool {
    match request.caller {
        Caller::Anonymous | Caller::Provider(_) => false,
        Caller::Root(_) | Caller::User(_) => {
            request.is("sts:GetCallerIdentity")
                || request.is("sts:GetSessionToken") && session.is_empty()
        }
        _ => request.is("sts:GetCallerIdentity"),
    }
}

/// Whether no policy can let the caller do it.
pub(super) fn is_refused(request: &Request<'_>) -> Truth {
    let certain = is_of_other_partition(request) || lacks_long_term_key(request);
    if certain { Truth::True } else { passes_foreign_role(request).or(is_reserved(request)) }
}

/// Source: AWS Fault Isolation Boundaries, "Partitions": credentials of one partition are of no use
/// in another.
fn is_of_other_partition(request: &Request<'_>) -> bool {
    let own = request.caller.entity().map_or("", |entity| entity.partition);
    let partition = request.resource().strip_prefix("arn:").and_then(|rest| rest.split_once(':'));
    partition.is_some_and(|(has, _)| {
        !own.is_empty() && !has.is_empty() && has != own && !has.contains(['*', '?'])
    })
}

/// Source: AWS STS API Reference, `GetSessionToken` and `GetFederationToken`: they take the
/// long-term credentials of a user or root user.
fn lacks_long_term_key(request: &Request<'_>) -> bool {
    matches!(request.caller, Caller::Role(_) | Caller::Session { .. } | Caller::FederatedUser(_))
        && (request.is("sts:GetSessionToken") || request.is("sts:GetFederationToken"))
}

/// Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service": roles are
/// passed within an account only.
fn passes_foreign_role(request: &Request<'_>) -> Truth {
    if request.caller.entity().is_none() || !request.is("iam:PassRole") {
        return Truth::False;
    }
    is_same_account(request).not()
}

/// Whether the resource policy cannot lock the caller out.
///
/// Source: Amazon S3 API Reference, `PutBucketPolicy`: the owner's root user keeps the calls that
/// mend a bucket policy.
pub(super) fn keeps_bucket_policy(request: &Request<'_>) -> bool {
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
