//! The other partitions: China, GovCloud, the isolated ones.

use serde_json::Value;

use crate::support::{INCIDENT, folder, put, records, s3, scan};

fn moved(partition: &str, region: &str, domain: &str) -> Vec<Value> {
    let all = records(INCIDENT).into_iter().map(|record| {
        let text = record
            .to_string()
            .replace("arn:aws:", &format!("arn:{partition}:"))
            .replace("us-east-1", region)
            .replace(".amazonaws.com\"", &format!("{domain}\""));
        serde_json::from_str(&text).unwrap()
    });
    all.collect()
}

#[test]
fn every_partition_gives_the_same_story() {
    let folder = folder();
    let home = put(folder.path(), "aws.json", s3(&records(INCIDENT)));
    let home = scan(&[&home], &["--format", "ndjson"]);
    for (partition, region, domain) in [
        ("aws-cn", "cn-north-1", ".amazonaws.com"),
        ("aws-cn", "cn-northwest-1", ".amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", ".amazonaws.com"),
        ("aws-iso", "us-iso-east-1", ".amazonaws.com"),
        ("aws-iso-b", "us-isob-east-1", ".amazonaws.com"),
    ] {
        let all = moved(partition, region, domain);
        let log = put(folder.path(), &format!("{region}.json"), s3(&all));
        let ran = scan(&[&log], &["--format", "ndjson"]);
        assert_eq!(ran.rules(), home.rules(), "{partition} {domain}");
        for (here, there) in ran.findings().iter().zip(home.findings()) {
            assert_eq!(here.severity, there.severity, "{partition}: {}", here.rule);
            let arns = [&here.actor.arn, &here.target.arn].into_iter().flatten();
            for arn in arns {
                assert!(
                    arn.starts_with(&format!("arn:{partition}:")),
                    "{}: {arn} is not in {partition}",
                    here.rule
                );
            }
            assert_eq!(here.region.as_deref(), Some(region));
        }
    }
}
