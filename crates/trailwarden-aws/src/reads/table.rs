//! The rows of the list.

use super::Part::{Accounts, Core, Full};
use super::Place::{Bucket, Get, Name, Post};
use super::{Pages, Part, Place, Protocol, Read, Service};

const STS: Service = query("sts", "sts", "2011-06-15", 10);
const IAM: Service = query("iam", "iam", "2010-05-08", 15);
const CLOUDWATCH: Service = query("monitoring", "monitoring", "2010-08-01", 9);
const SNS: Service = query("sns", "sns", "2010-03-31", 30);
const CLOUDTRAIL: Service =
    json("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", 10);
const ORGANIZATIONS: Service = json("organizations", "AWSOrganizationsV20161128", 4);
const SSO: Service = json("sso", "SWBExternalService", 15);
const LOGS: Service = json("logs", "Logs_20140328", 5);
const KMS: Service = json("kms", "TrentService", 20);
const ANALYZER: Service = rest("access-analyzer");
const ACCOUNT: Service = rest("account");
const S3: Service = Service { name: "s3", host: "s3", protocol: Protocol::S3, per_second: 30 };

const fn query(
    name: &'static str,
    host: &'static str,
    version: &'static str,
    per_second: u32,
) -> Service {
    Service { name, host, protocol: Protocol::Query { version }, per_second }
}

const fn json(name: &'static str, target: &'static str, per_second: u32) -> Service {
    Service { name, host: name, protocol: Protocol::Json { target, version: "1.1" }, per_second }
}

const fn rest(name: &'static str) -> Service {
    Service { name, host: name, protocol: Protocol::RestJson, per_second: 5 }
}

const MARKER: Option<&Pages> =
    Some(&Pages { ask: "Marker", told: "Marker", size: Some(("MaxItems", 1000)) });
const TOKEN: Option<&Pages> = Some(&Pages { ask: "NextToken", told: "NextToken", size: None });
const HUNDRED: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: Some(("MaxResults", 100)) });
const FIFTY: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: Some(("MaxResults", 50)) });
const SMALL_TOKEN: Option<&Pages> =
    Some(&Pages { ask: "nextToken", told: "nextToken", size: None });

/// A read whose permission has the operation's name.
const fn read(
    api: &'static str,
    service: &'static Service,
    pages: Option<&'static Pages>,
    part: Part,
    why: &'static str,
) -> Read {
    Read { api, action: Some(api), service, place: Name, pages, absent: &[], part, why }
}

impl Read {
    const fn needs(self, action: Option<&'static str>) -> Self {
        Self { action, ..self }
    }

    /// The errors with which AWS says that there is no such thing.
    const fn absent(self, absent: &'static [&'static str]) -> Self {
        Self { absent, ..self }
    }

    const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

/// All that may be asked.
pub static ALL: &[Read] = &[
    read("sts:GetCallerIdentity", &STS, None, Core, "which account it is, and who asks")
        .needs(None),
    read(
        "iam:GetAccountAuthorizationDetails",
        &IAM,
        MARKER,
        Core,
        "users, groups, roles, policies and who holds them",
    ),
    read(
        "iam:GetAccountSummary",
        &IAM,
        None,
        Core,
        "how many there are of each, so that nothing is missed unseen; root's MFA and keys",
    ),
    read("iam:GetAccountPasswordPolicy", &IAM, None, Core, "the rules for passwords")
        .absent(&["NoSuchEntity"]),
    read("iam:GenerateCredentialReport", &IAM, None, Core, "has IAM write the credential report"),
    read(
        "iam:GetCredentialReport",
        &IAM,
        None,
        Core,
        "age and last use of passwords and keys, root included",
    ),
    read("iam:ListAccountAliases", &IAM, MARKER, Core, "the name of the account"),
    read(
        "iam:ListVirtualMFADevices",
        &IAM,
        MARKER,
        Core,
        "which MFA devices are virtual, root's included",
    ),
    read("iam:ListSAMLProviders", &IAM, None, Core, "SAML identity providers"),
    read("iam:ListOpenIDConnectProviders", &IAM, None, Core, "OIDC identity providers"),
    read(
        "iam:GetOpenIDConnectProvider",
        &IAM,
        None,
        Core,
        "audiences and thumbprints of each OIDC provider",
    ),
    read("iam:ListServerCertificates", &IAM, MARKER, Core, "when server certificates end"),
    read("iam:ListAccessKeys", &IAM, MARKER, Core, "the ids of the keys of users who have keys"),
    read(
        "iam:ListMFADevices",
        &IAM,
        MARKER,
        Core,
        "the kind of the MFA devices of users who have some",
    ),
    read("cloudtrail:ListTrails", &CLOUDTRAIL, TOKEN, Core, "the trails of all regions"),
    read("cloudtrail:DescribeTrails", &CLOUDTRAIL, None, Core, "how each trail is set up"),
    read(
        "cloudtrail:GetTrailStatus",
        &CLOUDTRAIL,
        None,
        Core,
        "whether each trail logs and delivers",
    ),
    read("cloudtrail:GetEventSelectors", &CLOUDTRAIL, None, Core, "what each trail logs"),
    read(
        "cloudtrail:GetInsightSelectors",
        &CLOUDTRAIL,
        None,
        Core,
        "whether each trail looks for unusual activity",
    )
    .absent(&["InsightNotEnabledException"]),
    read(
        "organizations:ListAccounts",
        &ORGANIZATIONS,
        TOKEN,
        Accounts,
        "the accounts of the organization",
    ),
    read(
        "organizations:DescribeOrganization",
        &ORGANIZATIONS,
        None,
        Full,
        "the organization and its management account",
    )
    .absent(&["AWSOrganizationsNotInUseException"]),
    read("organizations:ListRoots", &ORGANIZATIONS, TOKEN, Full, "which kinds of policies are on"),
    read(
        "organizations:ListParents",
        &ORGANIZATIONS,
        TOKEN,
        Full,
        "where the account stands in the tree",
    ),
    read(
        "organizations:ListPolicies",
        &ORGANIZATIONS,
        TOKEN,
        Full,
        "the policies of the organization",
    ),
    read("organizations:DescribePolicy", &ORGANIZATIONS, None, Full, "what each of them says"),
    read(
        "organizations:ListTargetsForPolicy",
        &ORGANIZATIONS,
        TOKEN,
        Full,
        "to what each of them is attached",
    ),
    read(
        "organizations:ListDelegatedAdministrators",
        &ORGANIZATIONS,
        TOKEN,
        Full,
        "which accounts administer services for all",
    ),
    read(
        "iam:ListOrganizationsFeatures",
        &IAM,
        None,
        Full,
        "whether root access is managed centrally",
    ),
    read("sso:ListInstances", &SSO, HUNDRED, Full, "the instance of Identity Center"),
    read("sso:ListPermissionSets", &SSO, HUNDRED, Full, "its permission sets"),
    read("sso:DescribePermissionSet", &SSO, None, Full, "name and session length of each"),
    read("sso:GetInlinePolicyForPermissionSet", &SSO, None, Full, "the inline policy of each"),
    read(
        "sso:ListManagedPoliciesInPermissionSet",
        &SSO,
        HUNDRED,
        Full,
        "the managed policies of each",
    ),
    read(
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
        &SSO,
        HUNDRED,
        Full,
        "the customer policies of each",
    ),
    read("sso:GetPermissionsBoundaryForPermissionSet", &SSO, None, Full, "the boundary of each")
        .absent(&["ResourceNotFoundException"]),
    read("sso:ListAccountAssignments", &SSO, HUNDRED, Full, "who holds each in this account"),
    read("account:ListRegions", &ACCOUNT, FIFTY, Full, "which regions are on")
        .at(Post("/listRegions")),
    read(
        "account:GetAlternateContact",
        &ACCOUNT,
        None,
        Full,
        "whether a contact for security is registered",
    )
    .at(Post("/getAlternateContact"))
    .absent(&["ResourceNotFoundException"]),
    read(
        "access-analyzer:ListAnalyzers",
        &ANALYZER,
        SMALL_TOKEN,
        Full,
        "whether an analyzer watches each region",
    )
    .at(Get("/analyzer")),
    read("s3:GetBucketPolicy", &S3, None, Full, "who may read or delete the trail's files")
        .at(Bucket("policy"))
        .absent(&["NoSuchBucketPolicy"]),
    read("s3:GetBucketPolicyStatus", &S3, None, Full, "whether AWS calls that policy public")
        .at(Bucket("policyStatus"))
        .absent(&["NoSuchBucketPolicy"]),
    read("s3:GetPublicAccessBlock", &S3, None, Full, "whether the bucket may become public")
        .at(Bucket("publicAccessBlock"))
        .absent(&["NoSuchPublicAccessBlockConfiguration"])
        .needs(Some("s3:GetBucketPublicAccessBlock")),
    read("s3:GetBucketAcl", &S3, None, Full, "grants beside the policy").at(Bucket("acl")),
    read(
        "s3:GetBucketVersioning",
        &S3,
        None,
        Full,
        "whether files that are deleted come back; MFA delete",
    )
    .at(Bucket("versioning")),
    read("s3:GetBucketLogging", &S3, None, Full, "whether reads of the bucket are logged")
        .at(Bucket("logging")),
    read("kms:GetKeyRotationStatus", &KMS, None, Full, "whether the trail's key is rotated"),
    read("kms:GetKeyPolicy", &KMS, None, Full, "who may decrypt the trail's files"),
    read(
        "logs:DescribeMetricFilters",
        &LOGS,
        SMALL_TOKEN,
        Full,
        "what is watched in the trail's log group",
    ),
    read(
        "cloudwatch:DescribeAlarmsForMetric",
        &CLOUDWATCH,
        None,
        Full,
        "the alarm of each metric filter",
    ),
    read("sns:ListSubscriptionsByTopic", &SNS, TOKEN, Full, "who hears of each alarm"),
];
