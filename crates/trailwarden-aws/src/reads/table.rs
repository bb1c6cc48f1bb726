//! The rows of the list.

use super::Part::{Accounts, Core, Full, History};
use super::Place::{Account, Bucket, Get, Object, Objects, Post};
use super::row::read;
use super::services::{
    ACCOUNT, ANALYZER, CLOUDTRAIL, CLOUDWATCH, CONFIG, EC2, FIFTY, HISTORY, HUNDRED, IAM, KEYS,
    KMS, LISTED, LOGS, MARKER, OBJECTS, ORGANIZATIONS, S3, S3_CONTROL, SECURITY_HUB, SMALL_TOKEN,
    SNS, SSO, STS, THOUSAND, TOKEN,
};
use super::{Part, Read};

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
    read("cloudtrail:ListTags", &CLOUDTRAIL, TOKEN, Full, "whose each trail is, by its tags"),
    read(
        "cloudtrail:ListEventDataStores",
        &CLOUDTRAIL,
        TOKEN,
        Full,
        "the event data stores of each region",
    ),
    read(
        "cloudtrail:GetEventDataStore",
        &CLOUDTRAIL,
        None,
        Full,
        "whether each has a key of its own",
    ),
    read(
        "iam:GenerateServiceLastAccessedDetails",
        &IAM,
        None,
        Full,
        "has IAM write what somebody used, of whoever may use Bedrock or SageMaker",
    ),
    read(
        "iam:GetServiceLastAccessedDetails",
        &IAM,
        MARKER,
        Full,
        "when somebody last used the services that he may use",
    ),
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
        "organizations:DescribeResourcePolicy",
        &ORGANIZATIONS,
        None,
        Full,
        "to whom the organization's policies are delegated",
    )
    .absent(&["ResourcePolicyNotFoundException"]),
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
    read(
        "config:DescribeConfigurationRecorderStatus",
        &CONFIG,
        None,
        Full,
        "whether AWS Config records in each region",
    ),
    // The code stands for a lack of permission too (Security Hub API Reference, `DescribeHub`).
    read("securityhub:DescribeHub", &SECURITY_HUB, None, Full, "whether Security Hub is on")
        .at(Get("/accounts"))
        .absent(&["InvalidAccessException: not subscribed", "ResourceNotFoundException"]),
    read("ec2:DescribeVpcs", &EC2, THOUSAND, Full, "the networks of each region"),
    read("ec2:DescribeFlowLogs", &EC2, THOUSAND, Full, "which of them keep flow logs"),
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
    read(
        "s3control:GetPublicAccessBlock",
        &S3_CONTROL,
        None,
        Full,
        "whether any bucket of the account may become public",
    )
    .at(Account("/v20180820/configuration/publicAccessBlock"))
    .absent(&["NoSuchPublicAccessBlockConfiguration"])
    .needs(Some("s3:GetAccountPublicAccessBlock")),
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
    read(
        "s3:ListObjectsV2",
        &OBJECTS,
        LISTED,
        Part::Bucket,
        "which files are there, and of what size",
    )
    .at(Objects)
    .needs(Some("s3:ListBucket")),
    read("s3:GetObject", &OBJECTS, None, Part::Bucket, "the files; with KMS also kms:Decrypt")
        .at(Object),
    read("kms:ListKeys", &KMS, KEYS, Full, "the keys of each region"),
    read("kms:DescribeKey", &KMS, None, Full, "whose each key is, and whether it is in use"),
    read("cloudtrail:ListPublicKeys", &CLOUDTRAIL, TOKEN, Part::Integrity, "what signs digests"),
    read("kms:GetKeyRotationStatus", &KMS, None, Full, "whether each key of the customer rotates"),
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
    read(
        "cloudtrail:LookupEvents",
        &HISTORY,
        FIFTY,
        History,
        "the management events of the last ninety days",
    ),
];
