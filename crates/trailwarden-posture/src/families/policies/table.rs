//! The rows: which policies must not grant what.

use super::{Grants, What};
use crate::grants::Source;
use crate::prelude::*;

const NARROW: &str = "Grant only the actions and resources that are used; the logs say which.";
const DETACH: &str = "AWS alone can change it: take it from whoever can do without, and grant only the actions and resources that are used; the logs say which.";

#[expect(clippy::too_many_arguments, reason = "it is a row of a table")]
const fn row(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    risk: &'static str,
    grants: Grants,
    fails_on: &'static [&'static str],
    passes_on: &'static [&'static str],
    controls: &'static [Control],
) -> Check {
    Check {
        id,
        title,
        area: Area::Permissions,
        severity,
        confidence: Confidence::High,
        risk,
        fix: if is_of_aws(&grants) { DETACH } else { NARROW },
        needs: &[DETAILS],
        controls,
        remedies: if is_of_aws(&grants) { &["detach-policy"] } else { &["narrow-policy"] },
        fails_on,
        passes_on,
        logic: Logic::Grants(grants),
    }
}

/// Nobody but AWS can narrow its own policies.
const fn is_of_aws(grants: &Grants) -> bool {
    matches!(grants.sources, [Source::AwsManaged])
}

const ADMINISTRATOR: &str =
    "Whoever holds it may do anything in the account, and undo whatever should stop him.";
const KMS: &str =
    "Every key can be used, changed and scheduled for deletion, and with a key goes the data.";
const DECRYPT: &str = "Every secret that any key of the account protects can be read.";
const TRAIL: &str =
    "The trail can be stopped or turned elsewhere, and what follows leaves no trace.";
const MARKETPLACE: &str = "Software can be bought at any price in the account's name.";
const TOKENS: &str =
    "An agent's token can be had for any workload, and with it what the workload may do.";

const OWN: &[Source] = &[Source::Attached, Source::Unattached];
const INLINE: &[Source] = &[Source::Inline];

/// Every row.
pub static ALL: &[Check] = &[
    row(
        "administrator-by-aws-managed-policy",
        "A policy of AWS's own that somebody holds gives full control",
        Severity::High,
        ADMINISTRATOR,
        Grants { sources: &[Source::AwsManaged], what: What::Administrator },
        &["group admins\ngroup/admins has AdministratorAccess"],
        &["group readers\ngroup/readers has ReadOnlyAccess"],
        &[
            Control::Cis(["1.16", "1.16", "1.15", "2.15", "2.14"]),
            Control::Prowler("iam_aws_attached_policy_no_administrative_privileges"),
        ],
    ),
    row(
        "administrator-by-customer-policy",
        "A customer managed policy that somebody holds gives full control",
        Severity::High,
        ADMINISTRATOR,
        Grants { sources: &[Source::Attached], what: What::Administrator },
        &[
            "policy wide allows *\nrole ops trusts ec2.amazonaws.com\nrole/ops has policy/wide",
            "policy wide allows iam:*\nrole ops trusts ec2.amazonaws.com\nrole/ops has policy/wide",
        ],
        &[
            "policy read allows s3:Get*\nrole ops trusts ec2.amazonaws.com\nrole/ops has policy/read",
        ],
        &[
            Control::Cis(["1.16", "1.16", "1.15", "2.15", "2.14"]),
            Control::SecurityHub("IAM.1"),
            Control::Config("iam-policy-no-statements-with-admin-access"),
            Control::Prowler("iam_customer_attached_policy_no_administrative_privileges"),
        ],
    ),
    row(
        "administrator-policy-unattached",
        "A customer managed policy that nobody holds gives full control",
        Severity::Medium,
        "One attachment makes an administrator, and whoever may attach policies can make it.",
        Grants { sources: &[Source::Unattached], what: What::Administrator },
        &["policy wide allows *"],
        &["policy read allows s3:Get*"],
        &[
            Control::SecurityHub("IAM.1"),
            Control::Config("iam-policy-no-statements-with-admin-access"),
            Control::Prowler("iam_customer_unattached_policy_no_administrative_privileges"),
        ],
    ),
    row(
        "administrator-by-inline-policy",
        "An inline policy gives full control",
        Severity::High,
        ADMINISTRATOR,
        Grants { sources: INLINE, what: What::Administrator },
        &["user alice\nuser/alice allows *"],
        &["user alice\nuser/alice allows s3:Get*"],
        &[Control::Prowler("iam_inline_policy_no_administrative_privileges")],
    ),
    row(
        "whole-service-granted",
        "A customer managed policy grants every action of a service",
        Severity::Low,
        "It grants what the service will be able to do tomorrow too, which nobody has looked at.",
        Grants { sources: OWN, what: What::WholeService },
        &["policy buckets allows s3:*"],
        &["policy buckets allows s3:Get*,s3:List*", "policy one allows s3:* on=arn:aws:s3:::b"],
        &[
            Control::SecurityHub("IAM.21"),
            Control::Config("iam-policy-no-statements-with-full-access"),
        ],
    ),
    row(
        "all-of-kms-by-customer-policy",
        "A customer managed policy grants all of KMS",
        Severity::Medium,
        KMS,
        Grants { sources: OWN, what: What::All(&["kms:*"]) },
        &["policy keys allows kms:*"],
        &["policy keys allows kms:Describe*,kms:List*"],
        &[Control::Prowler("iam_policy_no_full_access_to_kms")],
    ),
    row(
        "all-of-kms-by-inline-policy",
        "An inline policy grants all of KMS",
        Severity::Medium,
        KMS,
        Grants { sources: INLINE, what: What::All(&["kms:*"]) },
        &["user alice\nuser/alice allows kms:*"],
        &["user alice\nuser/alice allows kms:List*"],
        &[Control::Prowler("iam_inline_policy_no_full_access_to_kms")],
    ),
    row(
        "decrypt-with-every-key-by-customer-policy",
        "A customer managed policy lets decrypt with every key",
        Severity::Medium,
        DECRYPT,
        Grants { sources: OWN, what: What::Any(&["kms:Decrypt", "kms:ReEncryptFrom"]) },
        &["policy keys allows kms:Decrypt"],
        &["policy keys allows kms:Decrypt on=arn:aws:kms:us-east-1:111122223333:key/k"],
        &[Control::Config("iam-customer-policy-blocked-kms-actions")],
    ),
    row(
        "decrypt-with-every-key-by-inline-policy",
        "An inline policy lets decrypt with every key",
        Severity::Medium,
        DECRYPT,
        Grants { sources: INLINE, what: What::Any(&["kms:Decrypt", "kms:ReEncryptFrom"]) },
        &["user alice\nuser/alice allows kms:ReEncrypt*"],
        &["user alice\nuser/alice allows kms:Encrypt"],
        &[Control::Config("iam-inline-policy-blocked-kms-actions")],
    ),
    row(
        "all-of-cloudtrail-by-customer-policy",
        "A customer managed policy grants all of CloudTrail",
        Severity::Medium,
        TRAIL,
        Grants { sources: OWN, what: What::All(&["cloudtrail:*"]) },
        &["policy trails allows cloudtrail:*"],
        &["policy trails allows cloudtrail:Get*,cloudtrail:LookupEvents"],
        &[Control::Prowler("iam_policy_no_full_access_to_cloudtrail")],
    ),
    row(
        "all-of-cloudtrail-by-inline-policy",
        "An inline policy grants all of CloudTrail",
        Severity::Medium,
        TRAIL,
        Grants { sources: INLINE, what: What::All(&["cloudtrail:*"]) },
        &["user alice\nuser/alice allows cloudtrail:*"],
        &["user alice\nuser/alice allows cloudtrail:Get*"],
        &[Control::Prowler("iam_inline_policy_no_full_access_to_cloudtrail")],
    ),
    row(
        "marketplace-purchases-by-customer-policy",
        "A customer managed policy lets subscribe to anything on the Marketplace",
        Severity::Medium,
        MARKETPLACE,
        Grants { sources: OWN, what: What::Any(&["aws-marketplace:Subscribe"]) },
        &["policy buy allows aws-marketplace:Subscribe"],
        &["policy buy allows aws-marketplace:ViewSubscriptions"],
        &[Control::Prowler("iam_policy_no_wildcard_marketplace_subscribe")],
    ),
    row(
        "marketplace-purchases-by-inline-policy",
        "An inline policy lets subscribe to anything on the Marketplace",
        Severity::Medium,
        MARKETPLACE,
        Grants { sources: INLINE, what: What::Any(&["aws-marketplace:Subscribe"]) },
        &["user alice\nuser/alice allows aws-marketplace:*"],
        &["user alice\nuser/alice allows aws-marketplace:ViewSubscriptions"],
        &[Control::Prowler("iam_inline_policy_no_wildcard_marketplace_subscribe")],
    ),
    row(
        "every-role-assumable-by-customer-policy",
        "A customer managed policy lets assume every role",
        Severity::High,
        "It opens each role that trusts the account, those of other accounts and of tomorrow too.",
        Grants { sources: OWN, what: What::Any(&["sts:AssumeRole"]) },
        &["policy hop allows sts:AssumeRole"],
        &["policy hop allows sts:AssumeRole on=arn:aws:iam::111122223333:role/app"],
        &[Control::Prowler("iam_no_custom_policy_permissive_role_assumption")],
    ),
    row(
        "agent-tokens-for-every-workload",
        "A customer managed policy lets take Bedrock AgentCore tokens of every workload",
        Severity::High,
        TOKENS,
        Grants {
            sources: OWN,
            what: What::Any(&[
                "bedrock-agentcore:GetWorkloadAccessToken",
                "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
                "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
            ]),
        },
        &["policy agents allows bedrock-agentcore:GetWorkloadAccessToken*"],
        &[
            "policy agents allows bedrock-agentcore:Get* on=arn:aws:bedrock-agentcore:us-east-1:111122223333:workload-identity-directory/default",
        ],
        &[Control::Prowler("iam_policy_no_agentcore_workload_access_token_wildcard")],
    ),
];
