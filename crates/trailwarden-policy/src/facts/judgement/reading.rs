//! Flagged as writing or tagging by AWS, but only telling something; and what only reads when asked
//! to.
//!
//! Kept to what changes nothing whoever calls it. What hands out a credential good for changes
//! (`redshift:GetClusterCredentials`) keeps AWS's level.

use super::Group;

/// Plain writes by AWS's level that change nothing.
pub(crate) const READING: &[Group] = &[
    Group {
        because: "only tells: Service Authorization Reference, the description of each",
        actions: "aidevops: DescribeSupportLevel
                  backup-storage: DescribeBackupJob GetBaseBackup GetChunk
                       GetIncrementalBaseBackup GetObjectMetadata ListChunks ListObjects
                  bcm-pricing-calculator: ListTagsForResource
                  honeycode: ListTagsForResource
                  iot: GetConnection ListSubscriptions
                  route53globalresolver: ListTagsForResource",
    },
    Group {
        because: "hands out a token of a session that there is already: Amazon Athena API \
                  Reference, \"GetSessionEndpoint\"; Amazon Cognito user pools API Reference, \
                  \"GetTokensFromRefreshToken\"",
        actions: "athena: GetSessionEndpoint
                  cognito-idp: GetTokensFromRefreshToken",
    },
];

/// An action that only reads where a condition key has this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadsWhere {
    /// The action.
    pub action: &'static str,
    /// The condition key.
    pub key: &'static str,
    /// Its value.
    pub value: &'static str,
}

/// All such actions.
///
/// Source: Amazon S3 User Guide, "Authorizing Zonal endpoint API operations with `CreateSession`": a
/// session reads and writes unless `s3express:SessionMode` is `ReadOnly`.
pub const READS_WHERE: &[ReadsWhere] = &[ReadsWhere {
    action: "s3express:CreateSession",
    key: "s3express:SessionMode",
    value: "ReadOnly",
}];
