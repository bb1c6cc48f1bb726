//! The services that are asked, how fast, and how they cut long answers.

use super::{Pages, Protocol, Service};

pub(super) const STS: Service = query("sts", "sts", "2011-06-15", 10);
pub(crate) const IAM: Service = query("iam", "iam", "2010-05-08", 15);
pub(super) const CLOUDWATCH: Service = query("monitoring", "monitoring", "2010-08-01", 9);
pub(super) const SNS: Service = query("sns", "sns", "2010-03-31", 30);
pub(crate) const CLOUDTRAIL: Service =
    json("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", 10);
/// The event history has a limit of its own; in the queue of CloudTrail it takes the room of five.
pub(super) const HISTORY: Service = Service { per_second: 2, ..CLOUDTRAIL };
pub(super) const ORGANIZATIONS: Service = json("organizations", "AWSOrganizationsV20161128", 4);
pub(super) const SSO: Service = json("sso", "SWBExternalService", 15);
pub(super) const LOGS: Service = json("logs", "Logs_20140328", 5);
/// AWS KMS Developer Guide, "Request quotas": hundreds of each of these a second.
pub(super) const KMS: Service = json("kms", "TrentService", 50);
pub(super) const ANALYZER: Service = rest("access-analyzer");
pub(super) const ACCOUNT: Service = rest("account");
pub(super) const SECURITY_HUB: Service = rest("securityhub");
pub(super) const CONFIG: Service = json("config", "StarlingDoveService", 5);
pub(super) const EC2: Service = Service {
    name: "ec2",
    host: "ec2",
    protocol: Protocol::Ec2 { version: "2016-11-15" },
    per_second: 10,
};
/// What S3 says of accounts.
pub(super) const S3_CONTROL: Service = Service { host: "s3-control", per_second: 5, ..S3 };
pub(crate) const S3: Service =
    Service { name: "s3", host: "s3", protocol: Protocol::S3, per_second: 30 };

/// Objects, of which S3 gives thousands a second: Amazon S3 User Guide, "Best practices design patterns:
/// optimizing Amazon S3 performance".
pub(super) const OBJECTS: Service = Service { per_second: 1_000, ..S3 };

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

pub(super) const MARKER: Option<&Pages> =
    Some(&Pages { ask: "Marker", told: "Marker", size: Some(("MaxItems", 1000)) });
pub(super) const TOKEN: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: None });
pub(super) const HUNDRED: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: Some(("MaxResults", 100)) });
pub(super) const FIFTY: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: Some(("MaxResults", 50)) });
pub(super) const SMALL_TOKEN: Option<&Pages> =
    Some(&Pages { ask: "nextToken", told: "nextToken", size: None });

pub(super) const LISTED: Option<&Pages> = Some(&Pages {
    ask: "continuation-token",
    told: "NextContinuationToken",
    size: Some(("max-keys", 1000)),
});

pub(super) const THOUSAND: Option<&Pages> =
    Some(&Pages { ask: "NextToken", told: "NextToken", size: Some(("MaxResults", 1000)) });
pub(super) const KEYS: Option<&Pages> =
    Some(&Pages { ask: "Marker", told: "NextMarker", size: Some(("Limit", 1000)) });
