//! Calls whose records are kept for plans.

use std::sync::LazyLock;

use trailwarden_model::Finding;
use trailwarden_remedy::people;

/// Calls about what no model holds: trails, and the buckets that they write to.
pub(super) const SETTINGS: &[&str] = &[
    "cloudtrail:CreateTrail",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StartLogging",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "s3:DeleteBucketPolicy",
    "s3:DeleteBucketPublicAccessBlock",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
];

/// Calls whose parameters the steps of a person name: their records are kept where findings name them.
pub(super) static NAMED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_calls = people::calls::all().map(|(call, _)| *call);
    of_calls.chain(TOLD_BY_RECORD.iter().copied()).collect()
});

/// Calls of whose records more is read than any model holds: who made a federated session, and of which issuer a
/// provider is.
const TOLD_BY_RECORD: &[&str] = &[
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:DeleteVirtualMFADevice",
    "iam:UpdateGroup",
    "signin:ConsoleLogin",
    "signin:GetSigninToken",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
];

/// Calls by which roles are entered. They are many: they are read only where findings are about who may enter one,
/// or about credentials by which somebody may have, or about what was done in a session.
const ENTERING: &[&str] =
    &["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// What is read besides the calls that models fold.
static READ: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| SETTINGS.iter().chain(NAMED.iter()).copied().collect());

/// The same with the calls by which roles are entered.
static READ_WITH_ENTRIES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| READ.iter().chain(ENTERING).copied().collect());

/// Remediations that throw somebody out, who may have entered roles.
const THROWING_OUT: &[&str] = &[
    "attach-quarantine-policy",
    "deactivate-access-key",
    "deny-older-sessions",
    "quarantine-principal",
    "revoke-sessions",
];

/// Calls that give somebody credentials, by which roles may be entered.
const GIVING: &[&str] = &[
    "CreateAccessKey",
    "CreateLoginProfile",
    "CreateUser",
    "UpdateAccessKey",
    "UpdateLoginProfile",
];

/// What is read for plans for findings.
pub(super) fn read_for(findings: &[Finding]) -> &'static [&'static str] {
    let is_of_entrance = |finding: &Finding| {
        let mut evidence = finding.evidence.iter();
        let mut remedies = finding.remediation.iter();
        let is_deed = !finding.evidence.is_empty();
        remedies.any(|id| id.ends_with("-trust") || is_deed && THROWING_OUT.contains(&id.as_str()))
            || finding.actor.session.is_some()
            || evidence.any(|one| GIVING.contains(&one.event_name.as_str()))
    };
    match findings.iter().any(is_of_entrance) {
        true => READ_WITH_ENTRIES.as_slice(),
        false => READ.as_slice(),
    }
}
