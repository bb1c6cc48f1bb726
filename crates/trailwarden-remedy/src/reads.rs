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
    /// Where the console shows the answer, with `{Parameter}` where a name stands.
    pub console: &'static str,
}

const GONE: &[&str] = &["NoSuchEntity"];
const NO_TRAIL: &[&str] = &["TrailNotFoundException"];
const NO_BUCKET: &[&str] = &["NoSuchBucket"];

const fn iam(
    operation: &'static str,
    action: &'static str,
    parameters: &'static [&'static str],
    console: &'static str,
) -> Read {
    Read { service: "iam", operation, parameters, action: Some(action), absent: GONE, console }
}

const fn of(
    service: &'static str,
    operation: &'static str,
    action: &'static str,
    parameters: &'static [&'static str],
    absent: &'static [&'static str],
    console: &'static str,
) -> Read {
    Read { service, operation, parameters, action: Some(action), absent, console }
}

/// All that may be asked.
pub static ALL: &[Read] = &[
    Read {
        service: "sts",
        operation: "GetCallerIdentity",
        parameters: &[],
        action: None,
        absent: &[],
        console: "Whoever is signed in",
    },
    iam(
        "GetAccountPasswordPolicy",
        "iam:GetAccountPasswordPolicy",
        &[],
        "IAM > Account settings > Password policy",
    ),
    iam(
        "GetLoginProfile",
        "iam:GetLoginProfile",
        &["UserName"],
        "IAM > Users > {UserName} > Security credentials > Console sign-in",
    ),
    iam(
        "ListAccessKeys",
        "iam:ListAccessKeys",
        &["UserName"],
        "IAM > Users > {UserName} > Security credentials > Access keys",
    ),
    iam("GetUser", "iam:GetUser", &["UserName"], "IAM > Users > {UserName}"),
    iam("GetGroup", "iam:GetGroup", &["GroupName"], "IAM > User groups > {GroupName}"),
    iam("GetRole", "iam:GetRole", &["RoleName"], "IAM > Roles > {RoleName}"),
    iam(
        "GetUserPolicy",
        "iam:GetUserPolicy",
        &["UserName", "PolicyName"],
        "IAM > Users > {UserName} > Permissions > {PolicyName}",
    ),
    iam(
        "GetGroupPolicy",
        "iam:GetGroupPolicy",
        &["GroupName", "PolicyName"],
        "IAM > User groups > {GroupName} > Permissions > {PolicyName}",
    ),
    iam(
        "GetRolePolicy",
        "iam:GetRolePolicy",
        &["RoleName", "PolicyName"],
        "IAM > Roles > {RoleName} > Permissions > {PolicyName}",
    ),
    iam(
        "ListAttachedUserPolicies",
        "iam:ListAttachedUserPolicies",
        &["UserName"],
        "IAM > Users > {UserName} > Permissions",
    ),
    iam(
        "ListAttachedGroupPolicies",
        "iam:ListAttachedGroupPolicies",
        &["GroupName"],
        "IAM > User groups > {GroupName} > Permissions",
    ),
    iam(
        "ListAttachedRolePolicies",
        "iam:ListAttachedRolePolicies",
        &["RoleName"],
        "IAM > Roles > {RoleName} > Permissions",
    ),
    iam(
        "ListGroupsForUser",
        "iam:ListGroupsForUser",
        &["UserName"],
        "IAM > Users > {UserName} > Groups",
    ),
    iam("ListUserTags", "iam:ListUserTags", &["UserName"], "IAM > Users > {UserName} > Tags"),
    iam("ListRoleTags", "iam:ListRoleTags", &["RoleName"], "IAM > Roles > {RoleName} > Tags"),
    iam("GetPolicy", "iam:GetPolicy", &["PolicyArn"], "IAM > Policies > {PolicyArn}"),
    iam(
        "GetPolicyVersion",
        "iam:GetPolicyVersion",
        &["PolicyArn", "VersionId"],
        "IAM > Policies > {PolicyArn} > Policy versions > {VersionId}",
    ),
    iam(
        "ListPolicyVersions",
        "iam:ListPolicyVersions",
        &["PolicyArn"],
        "IAM > Policies > {PolicyArn} > Policy versions",
    ),
    iam(
        "GetOpenIDConnectProvider",
        "iam:GetOpenIDConnectProvider",
        &["OpenIDConnectProviderArn"],
        "IAM > Identity providers > {OpenIDConnectProviderArn}",
    ),
    iam(
        "GetSAMLProvider",
        "iam:GetSAMLProvider",
        &["SAMLProviderArn"],
        "IAM > Identity providers > {SAMLProviderArn}",
    ),
    of(
        "cloudtrail",
        "GetTrail",
        "cloudtrail:GetTrail",
        &["Name"],
        NO_TRAIL,
        "CloudTrail > Trails > {Name}",
    ),
    of(
        "cloudtrail",
        "GetTrailStatus",
        "cloudtrail:GetTrailStatus",
        &["Name"],
        NO_TRAIL,
        "CloudTrail > Trails > {Name}",
    ),
    of(
        "cloudtrail",
        "GetEventSelectors",
        "cloudtrail:GetEventSelectors",
        &["TrailName"],
        NO_TRAIL,
        "CloudTrail > Trails > {TrailName} > Management events and Data events",
    ),
    of(
        "s3",
        "GetBucketAcl",
        "s3:GetBucketAcl",
        &["Bucket"],
        NO_BUCKET,
        "S3 > General purpose buckets > {Bucket} > Permissions > Access control list",
    ),
    of(
        "s3",
        "GetBucketPolicy",
        "s3:GetBucketPolicy",
        &["Bucket"],
        &["NoSuchBucketPolicy"],
        "S3 > General purpose buckets > {Bucket} > Permissions > Bucket policy",
    ),
    of(
        "s3",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        &["Bucket"],
        &["NoSuchPublicAccessBlockConfiguration"],
        "S3 > General purpose buckets > {Bucket} > Permissions > Block public access",
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
