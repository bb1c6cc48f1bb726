//! The partitions of AWS and the Regions in them.
//!
//! Written by hand; AWS adds Regions, so one that is not here is unknown and not proven wrong.
//!
//! Sources: AWS Regions and Availability Zones User Guide, "AWS Regions"; AWS SDK endpoints for the
//! isolated partitions.

use crate::pattern::glob_matches;

/// A partition with its Regions.
struct Partition {
    name: &'static str,
    regions: &'static [&'static str],
}

const PARTITIONS: &[Partition] = &[
    Partition {
        name: "aws",
        regions: &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
    },
    Partition { name: "aws-cn", regions: &["cn-north-1", "cn-northwest-1"] },
    Partition { name: "aws-us-gov", regions: &["us-gov-east-1", "us-gov-west-1"] },
    Partition { name: "aws-iso", regions: &["us-iso-east-1", "us-iso-west-1"] },
    Partition { name: "aws-iso-b", regions: &["us-isob-east-1", "us-isob-west-1"] },
    Partition { name: "aws-iso-e", regions: &["eu-isoe-west-1"] },
    Partition { name: "aws-iso-f", regions: &["us-isof-east-1", "us-isof-south-1"] },
    Partition { name: "aws-eusc", regions: &["eusc-de-east-1"] },
];

/// The names of all partitions.
pub(super) fn partitions() -> impl Iterator<Item = &'static str> {
    PARTITIONS.iter().map(|partition| partition.name)
}

/// The names of all Regions.
pub(super) fn regions() -> impl Iterator<Item = &'static str> {
    PARTITIONS.iter().flat_map(|partition| partition.regions.iter().copied())
}

/// Whether a pattern fits the name of some partition.
pub(super) fn is_partition(pattern: &str) -> bool {
    partitions().any(|name| glob_matches(pattern, name))
}

/// Whether a pattern fits the name of some Region.
pub(super) fn is_region(pattern: &str) -> bool {
    regions().any(|name| glob_matches(pattern, name))
}

/// Whether some Region lies in some partition, both given as patterns.
pub(super) fn is_region_of(partition: &str, region: &str) -> bool {
    let of = PARTITIONS.iter().filter(|of| glob_matches(partition, of.name));
    of.flat_map(|of| of.regions).any(|name| glob_matches(region, name))
}
