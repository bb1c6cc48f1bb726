//! Requests as AWS takes them, and replies as the AWS CLI prints them.

use serde_json::{Value, json};

use super::*;
use crate::reads::{self, Read};

fn read(api: &str) -> &'static Read {
    reads::find(api).unwrap()
}

fn reply(status: u16, kind: &str, body: &str) -> Reply {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    let head = Head { status, headers };
    Reply { head, body: body.as_bytes().to_vec() }
}

fn parameters(value: Value) -> Parameters {
    value.as_object().unwrap().clone()
}

fn shown(api: &str, with: Value, token: Option<&str>) -> String {
    let out = outgoing(read(api), "https://host", &parameters(with), token);
    format!("{} {} {}", out.method, out.url, out.body)
}

#[test]
fn each_protocol_writes_its_own_requests() {
    assert_eq!(
        shown("iam:ListAccessKeys", json!({"UserName": "a b+c"}), Some("m/1")),
        "POST https://host/ Action=ListAccessKeys&Version=2010-05-08&UserName=a%20b%2Bc&MaxItems=1000&Marker=m%2F1"
    );
    assert_eq!(
        shown("cloudtrail:GetTrailStatus", json!({"Name": "main"}), None),
        "POST https://host/ {\"Name\":\"main\"}"
    );
    assert_eq!(
        shown("s3:GetBucketPolicy", json!({"Bucket": "logs"}), None),
        "GET https://host/logs?policy "
    );
    assert_eq!(
        shown(
            "s3:ListObjectsV2",
            json!({"Bucket": "logs", "list-type": "2", "prefix": "a b/+&"}),
            Some("t=")
        ),
        "GET https://host/logs?continuation-token=t%3D&list-type=2&prefix=a%20b%2F%2B%26&max-keys=1000 "
    );
    assert_eq!(
        shown("s3:GetObject", json!({"Bucket": "logs", "Key": "a b/../+&?#%ü//"}), None),
        "GET https://host/logs/a%20b/../%2B%26%3F%23%25%C3%BC// "
    );
    assert_eq!(
        shown("access-analyzer:ListAnalyzers", json!({}), Some("t")),
        "GET https://host/analyzer?nextToken=t "
    );
    assert_eq!(
        shown("account:GetAlternateContact", json!({"AlternateContactType": "SECURITY"}), None),
        "POST https://host/getAlternateContact {\"AlternateContactType\":\"SECURITY\"}"
    );
}

#[test]
fn details_are_as_the_cli_prints_them() {
    let xml = "<GetAccountAuthorizationDetailsResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">
      <GetAccountAuthorizationDetailsResult><IsTruncated>true</IsTruncated><Marker>m1</Marker>
      <UserDetailList><member><UserName>a&amp;b</UserName><Tags><member><Key>IsAttachable</Key><Value>true</Value></member></Tags>
        <GroupList/><UserPolicyList><member><PolicyName>p</PolicyName>
        <PolicyDocument>%7B%22Statement%22%3A%5B%5D%7D</PolicyDocument></member></UserPolicyList></member></UserDetailList>
      <Policies><member><AttachmentCount>2</AttachmentCount><IsAttachable>true</IsAttachable></member></Policies>
      </GetAccountAuthorizationDetailsResult><ResponseMetadata/></GetAccountAuthorizationDetailsResponse>";
    let read = read("iam:GetAccountAuthorizationDetails");
    let page = body(read, &reply(200, "text/xml", xml)).unwrap();
    assert_eq!(next(read, &page).as_deref(), Some("m1"));
    let mut whole = json!({});
    merge(read, &mut whole, page);
    let last = json!({"IsTruncated": false, "UserDetailList": [{"UserName": "c"}], "Policies": []});
    assert_eq!(next(read, &last), None);
    merge(read, &mut whole, last);
    assert_eq!(
        whole,
        json!({
            "UserDetailList": [
                {"UserName": "a&b", "Tags": [{"Key": "IsAttachable", "Value": "true"}], "GroupList": [],
                 "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}]},
                {"UserName": "c"}
            ],
            "Policies": [{"AttachmentCount": 2, "IsAttachable": true}]
        })
    );
}

#[test]
fn counts_are_numbers_and_times_are_text() {
    let xml =
        "<R><GetAccountSummaryResult><SummaryMap><entry><key>Users</key><value>3</value></entry>
        </SummaryMap></GetAccountSummaryResult></R>";
    let told = body(read("iam:GetAccountSummary"), &reply(200, "text/xml", xml)).unwrap();
    assert_eq!(told, json!({"SummaryMap": {"Users": 3}}));
    let told = body(
        read("cloudtrail:GetTrailStatus"),
        &reply(
            200,
            "application/x-amz-json-1.1",
            r#"{"IsLogging":true,"LatestDeliveryTime":1700000000.5}"#,
        ),
    );
    assert_eq!(
        told.unwrap(),
        json!({"IsLogging": true, "LatestDeliveryTime": "2023-11-14T22:13:20Z"})
    );
}

#[test]
fn buckets_are_as_the_cli_prints_them() {
    let s3 = |api: &str, xml: &str| body(read(api), &reply(200, "application/xml", xml)).unwrap();
    assert_eq!(
        s3(
            "s3:GetPublicAccessBlock",
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>
            </PublicAccessBlockConfiguration>"
        ),
        json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}})
    );
    assert_eq!(
        s3(
            "s3:GetBucketVersioning",
            "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>
            </VersioningConfiguration>"
        ),
        json!({"Status": "Enabled", "MFADelete": "Disabled"})
    );
    assert_eq!(
        s3("s3:GetBucketAcl", "<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant>
            <Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\"><URI>all</URI></Grantee>
            <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"),
        json!({"Owner": {"ID": "o"},
               "Grants": [{"Grantee": {"Type": "Group", "URI": "all"}, "Permission": "READ"}]})
    );
    assert_eq!(
        body(read("s3:GetBucketPolicy"), &reply(200, "application/json", "{\"Statement\":[]}"))
            .unwrap(),
        json!({"Policy": "{\"Statement\":[]}"})
    );
}

#[test]
fn an_answer_that_ends_early_is_none() {
    let read = read("iam:ListAccountAliases");
    for text in ["", "<R><ListAccountAliasesResult>", "<R><X></R>", "no xml at all"] {
        assert!(body(read, &reply(200, "text/xml", text)).is_err(), "{text}");
    }
    let deep = "<a>".repeat(100);
    assert!(body(read, &reply(200, "text/xml", &deep)).is_err());
    let cut =
        body(self::read("cloudtrail:ListTrails"), &reply(200, "application/json", "{\"Trails\":["));
    assert!(cut.is_err());
}

#[test]
fn errors_mean_what_aws_means() {
    let xml = |code: &str| {
        format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"
        )
    };
    let meaning = |api: &str, status: u16, kind: &str, body: &str| {
        fault(read(api).absent, &reply(status, kind, body)).meaning
    };
    let passwords = "iam:GetAccountPasswordPolicy";
    assert_eq!(meaning(passwords, 404, "text/xml", &xml("NoSuchEntity")), Meaning::Absent);
    assert_eq!(
        meaning("iam:ListAccessKeys", 404, "text/xml", &xml("NoSuchEntity")),
        Meaning::Other
    );
    assert_eq!(meaning(passwords, 400, "text/xml", &xml("Throttling")), Meaning::Throttled);
    assert_eq!(meaning(passwords, 403, "text/xml", &xml("AccessDenied")), Meaning::Denied);
    assert_eq!(meaning(passwords, 403, "text/xml", &xml("ExpiredToken")), Meaning::Credentials);
    assert_eq!(meaning(passwords, 503, "text/xml", &xml("ServiceUnavailable")), Meaning::Passing);
    assert_eq!(
        meaning(passwords, 500, "text/html", "<html>NotImplemented</html>"),
        Meaning::Unsupported
    );
    let json = r#"{"__type":"com.amazonaws.x#InsightNotEnabledException","message":"m"}"#;
    assert_eq!(
        meaning("cloudtrail:GetInsightSelectors", 400, "application/json", json),
        Meaning::Absent
    );
    let hub = |words: &str| {
        let json = format!(r#"{{"Code":"InvalidAccessException","Message":"{words}"}}"#);
        meaning("securityhub:DescribeHub", 401, "application/json", &json)
    };
    assert_eq!(hub("Account 111122223333 is not subscribed to AWS Security Hub"), Meaning::Absent);
    assert_ne!(hub("You do not have permission to do that"), Meaning::Absent);
    let told = fault(read(passwords).absent, &reply(403, "text/xml", &xml("AccessDenied")));
    assert_eq!(told.text(), "AccessDenied: m");
}

/// Amazon S3 API Reference, `GetPublicAccessBlock` of S3 Control: the account stands in a header; the SDKs put
/// it into the host too.
#[test]
fn the_account_is_in_header_and_host() {
    let read = read("s3control:GetPublicAccessBlock");
    let with = parameters(json!({"AccountId": "111122223333"}));
    let path = "/v20180820/configuration/publicAccessBlock";
    for (endpoint, host) in [
        (
            "https://s3-control.eu-west-1.amazonaws.com",
            "https://111122223333.s3-control.eu-west-1.amazonaws.com",
        ),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ] {
        let out = outgoing(read, endpoint, &with, None);
        assert_eq!(out.url, format!("{host}{path}"));
        assert_eq!(out.headers, [("x-amz-account-id", "111122223333".to_owned())]);
    }
}
