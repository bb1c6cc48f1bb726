//! The closed list of what a plan may ask: each operation reads, and says how AWS tells that there is
//! no such thing.
//!
//! Sources: the API references of the services; Service Authorization Reference for the actions.

/// An operation that reads.
#[derive(Debug)]
pub struct Read {
    /// The service, as the AWS CLI calls it, but `s3` where that says `s3api`.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// Its parameters, all of them text.
    pub parameters: &'static [&'static str],
    /// The permission that it needs; none for what everybody may ask.
    pub action: Option<&'static str>,
    /// The errors with which AWS says that there is no such thing.
    pub absent: &'static [&'static str],
}

const GONE: &[&str] = &["NoSuchEntity"];
const NO_TRAIL: &[&str] = &["TrailNotFoundException"];
const NO_BUCKET: &[&str] = &["NoSuchBucket"];

const fn iam(
    operation: &'static str,
    action: &'static str,
    parameters: &'static [&'static str],
) -> Read {
    Read { service: "iam", operation, parameters, action: Some(action), absent: GONE }
}

const fn of(
    service: &'static str,
    operation: &'static str,
    action: &'static str,
    parameters: &'static [&'static str],
    absent: &'static [&'static str],
) -> Read {
    Read { service, operation, parameters, action: Some(action), absent }
}

/// All that may be asked.
pub static ALL: &[Read] = &[
    Read {
        service: "sts",
        operation: "GetCallerIdentity",
        parameters: &[],
        action: None,
        absent: &[],
    },
    iam("GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy", &[]),
    iam("GetLoginProfile", "iam:GetLoginProfile", &["UserName"]),
    iam("ListAccessKeys", "iam:ListAccessKeys", &["UserName"]),
    iam("GetUser", "iam:GetUser", &["UserName"]),
    iam("GetRole", "iam:GetRole", &["RoleName"]),
    iam("GetUserPolicy", "iam:GetUserPolicy", &["UserName", "PolicyName"]),
    iam("GetGroupPolicy", "iam:GetGroupPolicy", &["GroupName", "PolicyName"]),
    iam("GetRolePolicy", "iam:GetRolePolicy", &["RoleName", "PolicyName"]),
    iam("ListAttachedUserPolicies", "iam:ListAttachedUserPolicies", &["UserName"]),
    iam("ListAttachedGroupPolicies", "iam:ListAttachedGroupPolicies", &["GroupName"]),
    iam("ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", &["RoleName"]),
    iam("ListGroupsForUser", "iam:ListGroupsForUser", &["UserName"]),
    iam("GetPolicy", "iam:GetPolicy", &["PolicyArn"]),
    iam("GetPolicyVersion", "iam:GetPolicyVersion", &["PolicyArn", "VersionId"]),
    iam("ListPolicyVersions", "iam:ListPolicyVersions", &["PolicyArn"]),
    iam("GetOpenIDConnectProvider", "iam:GetOpenIDConnectProvider", &["OpenIDConnectProviderArn"]),
    iam("GetSAMLProvider", "iam:GetSAMLProvider", &["SAMLProviderArn"]),
    of("cloudtrail", "GetTrail", "cloudtrail:GetTrail", &["Name"], NO_TRAIL),
    of("cloudtrail", "GetTrailStatus", "cloudtrail:GetTrailStatus", &["Name"], NO_TRAIL),
    of("cloudtrail", "GetEventSelectors", "cloudtrail:GetEventSelectors", &["TrailName"], NO_TRAIL),
    of("s3", "GetBucketAcl", "s3:GetBucketAcl", &["Bucket"], NO_BUCKET),
    of("s3", "GetBucketPolicy", "s3:GetBucketPolicy", &["Bucket"], &["NoSuchBucketPolicy"]),
    of(
        "s3",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        &["Bucket"],
        &["NoSuchPublicAccessBlockConfiguration"],
    ),
];

/// The read of that name.
#[must_use]
pub fn find(service: &str, operation: &str) -> Option<&'static Read> {
    ALL.iter().find(|read| read.service == service && read.operation == operation)
}

impl Read {
    /// What it is about: an ARN with `{Parameter}` where a name stands, or `*`.
    #[must_use]
    pub fn resource(&self) -> &'static str {
        match (self.service, self.parameters.first().copied()) {
            ("iam", Some("UserName")) => "arn:{partition}:iam::{account}:user/{UserName}",
            ("iam", Some("GroupName")) => "arn:{partition}:iam::{account}:group/{GroupName}",
            ("iam", Some("RoleName")) => "arn:{partition}:iam::{account}:role/{RoleName}",
            ("iam", Some("PolicyArn")) => "{PolicyArn}",
            ("iam", Some("OpenIDConnectProviderArn")) => "{OpenIDConnectProviderArn}",
            ("iam", Some("SAMLProviderArn")) => "{SAMLProviderArn}",
            ("cloudtrail", Some("Name")) => {
                "arn:{partition}:cloudtrail:{region}:{account}:trail/{Name}"
            }
            ("cloudtrail", Some("TrailName")) => {
                "arn:{partition}:cloudtrail:{region}:{account}:trail/{TrailName}"
            }
            ("s3", _) => "arn:{partition}:s3:::{Bucket}",
            _ => "*",
        }
    }
}
