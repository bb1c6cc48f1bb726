//! What the list promises, and how each protocol writes a change.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::protocol::changing;
use crate::reads::Protocol;

fn sent(api: &str, with: Value) -> String {
    let out = changing(find(api).unwrap(), "https://host", with.as_object().unwrap());
    format!("{} {} {}", out.method, out.url, out.body)
}

#[test]
fn every_operation_is_there_once_and_none_reads() {
    let apis: BTreeSet<&str> = ALL.iter().map(Write::api).collect();
    assert_eq!(apis.len(), ALL.len());
    for write in ALL {
        assert!(crate::reads::find(write.api).is_none(), "{} reads", write.api);
        let is_s3 = write.service.protocol == Protocol::S3;
        assert_eq!(is_s3, write.place != Place::Name, "{}", write.api);
    }
    assert!(find("iam:DeleteUser").is_none());
}

#[test]
fn each_protocol_writes_its_own_changes() {
    assert_eq!(
        sent(
            "iam:PutUserPolicy",
            json!({"UserName": "a+b", "PolicyName": "p", "PolicyDocument": "{\"A\": 1}"})
        ),
        "POST https://host/ Action=PutUserPolicy&Version=2010-05-08&UserName=a%2Bb&PolicyName=p&PolicyDocument=%7B%22A%22%3A%201%7D"
    );
    assert_eq!(
        sent(
            "iam:UpdateAccountPasswordPolicy",
            json!({"HardExpiry": false, "MinimumPasswordLength": 14})
        ),
        "POST https://host/ Action=UpdateAccountPasswordPolicy&Version=2010-05-08&HardExpiry=false&MinimumPasswordLength=14"
    );
    // AWS Query protocol: lists of structures are numbered members.
    assert_eq!(
        sent("iam:CreatePolicy", json!({"Tags": [{"Key": "a", "Value": "b"}]})),
        "POST https://host/ Action=CreatePolicy&Version=2010-05-08&Tags.member.1.Key=a&Tags.member.1.Value=b"
    );
    let selectors = json!({"TrailName": "t", "EventSelectors": [{"ReadWriteType": "All"}]});
    assert_eq!(
        sent("cloudtrail:PutEventSelectors", selectors.clone()),
        format!("POST https://host/ {selectors}")
    );
}

/// Amazon S3 API Reference, "PutBucketPolicy", "CreateBucket", "PutPublicAccessBlock".
#[test]
fn what_s3_takes_is_text_or_xml_with_a_checksum() {
    assert_eq!(sent("s3:CreateBucket", json!({"Bucket": "b"})), "PUT https://host/b ");
    assert_eq!(
        sent(
            "s3:CreateBucket",
            json!({"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-<1>"}})
        ),
        "PUT https://host/b <CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <LocationConstraint>eu-&lt;1&gt;</LocationConstraint></CreateBucketConfiguration>"
    );
    assert_eq!(
        sent("s3:DeleteBucketPolicy", json!({"Bucket": "b"})),
        "DELETE https://host/b?policy "
    );
    let block = json!({"Bucket": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
    assert_eq!(
        sent("s3:PutPublicAccessBlock", block),
        "PUT https://host/b?publicAccessBlock <PublicAccessBlockConfiguration \
         xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><BlockPublicAcls>true</BlockPublicAcls>\
         </PublicAccessBlockConfiguration>"
    );
    let with = json!({"Bucket": "b", "Policy": "{}"});
    let put = find("s3:PutBucketPolicy").unwrap();
    let out = changing(put, "https://host", with.as_object().unwrap());
    assert_eq!(out.body, "{}");
    let sum = out.headers.iter().find(|(name, _)| *name == "x-amz-checksum-sha256").unwrap();
    // `printf '{}' | openssl dgst -sha256 -binary | base64`
    assert_eq!(sum.1, "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
}
