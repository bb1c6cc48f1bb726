//! Services with resources that can carry a policy of their own, which may allow by itself.
//!
//! IAM User Guide, "AWS services that work with IAM", has a column of them that lags behind: in the
//! middle of 2025 it said No for Amazon Bedrock, AWS AppSync and Aurora DSQL, all of which have a call
//! that sets such a policy. So the table of actions decides: a service has such policies where it has
//! such a call. A service too many makes an answer "not known"; one too few makes a false "denied".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trailwarden_policy::facts::{Action, Service, facts};

/// The calls by which a resource gets a policy that names principals.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS services".
const SETTERS: &[&str] = &[
    "AddPermission",
    "AddProfilePermission",
    "CreateResourcePolicy",
    "PutApplicationPolicy",
    "PutAuthPolicy",
    "PutBackupVaultAccessPolicy",
    "PutBucketPolicy",
    "PutChannelPolicy",
    "PutClusterPolicy",
    "PutComponentPolicy",
    "PutConfiguredAudienceModelPolicy",
    "PutContactPolicy",
    "PutContainerPolicy",
    "PutDomainPermissionsPolicy",
    "PutFeedPolicy",
    "PutFileSystemPolicy",
    "PutIdentityPolicy",
    "PutInvestigationGroupPolicy",
    "PutModelPackageGroupPolicy",
    "PutPermission",
    "PutPolicy",
    "PutProjectPolicy",
    "PutResourcePermission",
    "PutResourcePolicy",
    "PutS3AccessPolicy",
    "PutSinkPolicy",
    "PutTableBucketPolicy",
    "PutVectorBucketPolicy",
    "SetRepositoryPolicy",
    "SetVaultAccessPolicy",
    "UpdateRestApiPolicy",
    "UpdateServiceAccessPolicies",
];

/// Services whose policies are set by a call of another service, or with all other settings.
///
/// Source: Amazon OpenSearch Service Developer Guide, "Identity and Access Management in Amazon
/// OpenSearch Service"; API Gateway Developer Guide, "Control access to a REST API with API Gateway
/// resource policies"; Amazon S3 User Guide, "Configuring IAM policies for Object Lambda Access Points";
/// VPC Lattice User Guide, "Control access to VPC Lattice services using auth policies".
const SET_ELSEWHERE: &[&str] = &["es", "execute-api", "s3-object-lambda", "vpc-lattice-svcs"];

/// Services with a call of such a name that sets something else: what Firewall Manager enforces, which
/// inputs MediaConvert takes, and with which other accounts resources of EC2 are shared.
///
/// Source: Firewall Manager API Reference, `PutPolicy`; MediaConvert API Reference, `PutPolicy`; IAM
/// User Guide, "AWS services that work with IAM", the row of Amazon EC2.
const OTHERWISE: &[&str] = &["ec2", "fms", "mediaconvert"];

/// Whether resources of a service can carry a policy.
pub(super) fn has_resource_policies(service: &str) -> bool {
    static SERVICES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let sets = |action: &Action| SETTERS.binary_search(&action.name()).is_ok();
        let by_call = facts().services().iter().filter(|one| one.actions().iter().any(sets));
        let by_call = by_call.map(Service::prefix).filter(|prefix| !OTHERWISE.contains(prefix));
        by_call.chain(SET_ELSEWHERE.iter().copied()).collect()
    });
    SERVICES.contains(service)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of names of calls that set policies, of resources or of something else.
    const LIKE: [&str; 4] = ["ResourcePolic", "AccessPolic", "PermissionsPolic", "BucketPolic"];

    /// Calls of such names that set no policy which lets a principal in by itself.
    const NOT: &[(&str, &str)] = &[
        ("aoss", "a data access policy, beside which IAM must allow"),
        ("iotsitewise", "who may see a portal"),
        ("sso", "what a permission set gives"),
    ];

    #[test]
    fn every_call_that_sets_policies_of_resources_is_counted() {
        assert!(SETTERS.is_sorted());
        for setter in SETTERS {
            let is_there = facts().actions().iter().any(|action| action.name() == *setter);
            assert!(is_there, "{setter} is no call any more");
        }
        for service in facts().services() {
            let sets = |action: &&Action| {
                ["Put", "Set", "Create", "Add"].iter().any(|verb| action.name().starts_with(verb))
                    && LIKE.iter().any(|part| action.name().contains(part))
            };
            if let Some(call) = service.actions().iter().find(sets) {
                let prefix = service.prefix();
                let is_counted = has_resource_policies(prefix) || OTHERWISE.contains(&prefix);
                let is_explained = NOT.iter().any(|(other, _)| *other == prefix);
                assert!(is_counted || is_explained, "{}", call.full_name());
            }
        }
    }

    #[test]
    fn services_are_told_apart() {
        for service in ["s3", "sqs", "sns", "lambda", "secretsmanager", "ecr", "bedrock", "es"] {
            assert!(has_resource_policies(service), "{service}");
        }
        for service in ["ec2", "iam", "rds", "cloudwatch", "autoscaling", "fms"] {
            assert!(!has_resource_policies(service), "{service}");
        }
    }
}
