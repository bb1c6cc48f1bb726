//! Where a service is asked, and in which region the request is signed.
//!
//! Source: AWS General Reference, "Service endpoints and quotas"; AWS partitions as in "Amazon
//! Resource Names (ARNs)".

use crate::reads::Service;

/// A partition: a copy of AWS with names, accounts and endpoints of its own.
#[derive(Debug)]
pub(crate) struct Partition {
    /// As ARNs name it.
    pub(crate) name: &'static str,
    /// How its regions begin.
    regions: &'static [&'static str],
    suffix: &'static str,
    /// The region of IAM.
    pub(crate) iam: &'static str,
    /// IAM's host, where it is no ordinary one.
    iam_host: Option<&'static str>,
    /// The region of Organizations and of account settings.
    organizations: &'static str,
}

const AWS: Partition = Partition {
    name: "aws",
    regions: &[],
    suffix: "amazonaws.com",
    iam: "us-east-1",
    iam_host: Some("iam.amazonaws.com"),
    organizations: "us-east-1",
};

const OTHERS: &[Partition] = &[
    Partition {
        name: "aws-cn",
        regions: &["cn-"],
        suffix: "amazonaws.com.cn",
        iam: "cn-north-1",
        iam_host: None,
        organizations: "cn-northwest-1",
    },
    Partition {
        name: "aws-us-gov",
        regions: &["us-gov-"],
        suffix: "amazonaws.com",
        iam: "us-gov-west-1",
        iam_host: Some("iam.us-gov.amazonaws.com"),
        organizations: "us-gov-west-1",
    },
    Partition {
        name: "aws-iso",
        regions: &["us-iso-"],
        suffix: "c2s.ic.gov",
        iam: "us-iso-east-1",
        iam_host: None,
        organizations: "us-iso-east-1",
    },
    Partition {
        name: "aws-iso-b",
        regions: &["us-isob-"],
        suffix: "sc2s.sgov.gov",
        iam: "us-isob-east-1",
        iam_host: None,
        organizations: "us-isob-east-1",
    },
    Partition {
        name: "aws-iso-e",
        regions: &["eu-isoe-"],
        suffix: "cloud.adc-e.uk",
        iam: "eu-isoe-west-1",
        iam_host: None,
        organizations: "eu-isoe-west-1",
    },
    Partition {
        name: "aws-iso-f",
        regions: &["us-isof-"],
        suffix: "csp.hci.ic.gov",
        iam: "us-isof-south-1",
        iam_host: None,
        organizations: "us-isof-south-1",
    },
    Partition {
        name: "aws-eusc",
        regions: &["eusc-"],
        suffix: "amazonaws.eu",
        iam: "eusc-de-east-1",
        iam_host: None,
        organizations: "eusc-de-east-1",
    },
];

/// The partition of a region; of one that is not known, the commercial one.
pub(crate) fn partition(region: &str) -> &'static Partition {
    let is_of = |one: &&Partition| one.regions.iter().any(|prefix| region.starts_with(prefix));
    OTHERS.iter().find(is_of).unwrap_or(&AWS)
}

/// Whether a text may stand for a region: regions come also from names of objects, which strangers choose,
/// and what becomes part of a host must not make it another host.
pub(crate) fn is_region(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(is_plain)
}

/// What is said of a text that names no region.
pub(crate) fn no_region(text: &str) -> String {
    format!("`{text}` names no region, and nobody is asked there")
}

/// Where to send, and the region for the signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Endpoint {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) url: String,
    pub(crate) region: String,
}

/// The endpoint of a service for whoever is in `region`.
pub(crate) fn endpoint(service: &Service, region: &str, told: Option<&str>) -> Endpoint {
    let partition = partition(region);
    let home = match service.name {
        "iam" => partition.iam,
        "organizations" | "account" => partition.organizations,
        _ => region,
    };
    let url = match (told, service.name, partition.iam_host) {
        (Some(url), _, _) => url.trim_end_matches('/').to_owned(),
        (None, "iam", Some(host)) => format!("https://{host}"),
        _ => format!("https://{}.{home}.{}", service.host, partition.suffix),
    };
    Endpoint { url, region: home.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reads;

    #[test]
    fn each_partition_has_its_own_hosts() {
        let of = |api: &str, region: &str| {
            let read = reads::find(api).unwrap();
            let found = endpoint(read.service(), region, None);
            format!("{} {}", found.url, found.region)
        };
        for (api, region, expected) in [
            ("iam:GetAccountSummary", "eu-west-1", "https://iam.amazonaws.com us-east-1"),
            (
                "iam:GetAccountSummary",
                "cn-northwest-1",
                "https://iam.cn-north-1.amazonaws.com.cn cn-north-1",
            ),
            (
                "iam:GetAccountSummary",
                "us-gov-east-1",
                "https://iam.us-gov.amazonaws.com us-gov-west-1",
            ),
            ("s3:GetObject", "cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn cn-north-1"),
            (
                "cloudtrail:DescribeTrails",
                "eu-west-1",
                "https://cloudtrail.eu-west-1.amazonaws.com eu-west-1",
            ),
            (
                "organizations:DescribeOrganization",
                "eu-west-1",
                "https://organizations.us-east-1.amazonaws.com us-east-1",
            ),
            (
                "cloudwatch:DescribeAlarmsForMetric",
                "us-iso-west-1",
                "https://monitoring.us-iso-west-1.c2s.ic.gov us-iso-west-1",
            ),
        ] {
            assert_eq!(of(api, region), expected, "{api} in {region}");
        }
        for (text, expected) in [
            ("eu-west-1", true),
            ("us_east", true),
            ("", false),
            ("evil.example#", false),
            ("x@evil.example?", false),
            ("a/b", false),
            ("a:1", false),
        ] {
            assert_eq!(is_region(text), expected, "{text}");
        }
        let told = endpoint(
            reads::find("iam:GetAccountSummary").unwrap().service(),
            "eu-west-1",
            Some("http://127.0.0.1:5000/"),
        );
        assert_eq!(
            (told.url.as_str(), told.region.as_str()),
            ("http://127.0.0.1:5000", "us-east-1")
        );
    }
}
