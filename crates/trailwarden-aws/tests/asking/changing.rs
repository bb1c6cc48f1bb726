//! A change is made once, and what nobody knows of it is said.

use std::io::Read as _;
use std::net::TcpListener;

use serde_json::{Value, json};
use trailwarden_aws::{Change, Connection, writes};

use crate::fake::{Fake, Response, SECRET, connection, result};

fn change(connection: &Connection, api: &str, with: Value) -> Change {
    connection.change(writes::find(api).unwrap(), None, with.as_object().unwrap())
}

fn put(connection: &Connection) -> Change {
    change(connection, "iam:PutUserPolicy", json!({"UserName": "alice", "PolicyName": "p"}))
}

#[test]
fn a_change_that_was_made_tells_its_reply() {
    let fake = Fake::new(|_, _| {
        result(
            "CreatePolicyVersion",
            "<PolicyVersion><VersionId>v2</VersionId><IsDefaultVersion>false</IsDefaultVersion></PolicyVersion>",
        )
    });
    let made = change(&fake.connection(), "iam:CreatePolicyVersion", json!({"PolicyArn": "a"}));
    let reply = json!({"PolicyVersion": {"VersionId": "v2", "IsDefaultVersion": false}});
    assert_eq!(made, Change::Done(reply));
    // IAM replies to most calls without a result.
    let fake = Fake::new(|_, _| Response::xml("<PutUserPolicyResponse/>"));
    assert_eq!(put(&fake.connection()), Change::Done(json!({})));
}

#[test]
fn only_what_was_throttled_is_sent_again() {
    let fake = Fake::new(|_, number| match number {
        1 => Response::error(400, "Throttling"),
        2 => Response::error(503, "SlowDown"),
        _ => Response::xml("<PutUserPolicyResponse/>"),
    });
    assert_eq!(put(&fake.connection()), Change::Done(json!({})));
    assert_eq!(fake.seen().len(), 3);

    let fake = Fake::new(|_, _| Response::error(400, "Throttling"));
    let refused = put(&fake.connection());
    assert!(
        matches!(&refused, Change::Refused { code, .. } if code == "Throttling"),
        "{refused:?}"
    );
    assert_eq!(fake.seen().len(), 3);
}

#[test]
fn a_refusal_is_told_and_not_repeated() {
    for (status, code) in [(403, "AccessDenied"), (409, "LimitExceeded"), (404, "NoSuchEntity")] {
        let fake = Fake::new(move |_, _| Response::error(status, code));
        let refused = put(&fake.connection());
        let message = "said so".to_owned();
        assert_eq!(refused, Change::Refused { code: code.to_owned(), message });
        assert_eq!(fake.seen().len(), 1);
    }
}

/// A fault of the server may come after the deed.
#[test]
fn what_may_have_happened_is_never_sent_again() {
    let answers: [fn() -> Response; 11] = [
        || Response::error(500, "InternalFailure"),
        || Response::html(502),
        // Of something in between that looks into replies: AWS may have done it.
        || Response::html(403),
        || Response::html(302),
        // Too many requests, says who is not AWS, and does not say before or after what.
        || Response::html(429),
        || Response::xml("").status(429),
        || Response::html(200),
        || Response::xml("<blocked/>"),
        || Response::error(200, "AccessDenied"),
        || Response::xml("<PutUserPolicyResponse/>").cut(),
        || Response::xml("<PutUserPolicyResponse>"),
    ];
    for answer in answers {
        let fake = Fake::new(move |_, _| answer());
        let unknown = put(&fake.connection());
        assert!(matches!(unknown, Change::Unanswered { .. }), "{unknown:?}");
        assert_eq!(fake.seen().len(), 1);
    }
}

#[test]
fn a_connection_that_is_cut_after_sending_leaves_the_change_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let read = stream.read(&mut [0; 4096]).unwrap();
        drop(stream);
        read
    });
    let unknown = put(&connection(&url));
    assert!(matches!(unknown, Change::Unanswered { .. }), "{unknown:?}");
    assert!(server.join().unwrap() > 0);
}

#[test]
fn what_could_not_be_sent_changed_nothing() {
    let nobody = connection("http://127.0.0.1:1");
    let unsent = put(&nobody);
    assert!(matches!(unsent, Change::NotSent { .. }), "{unsent:?}");
    // It is tried again, since nobody heard it.
    assert_eq!(nobody.ledger().calls()["iam:PutUserPolicy"].sent, 3);
    let unsent = nobody.change(
        writes::find("cloudtrail:StopLogging").unwrap(),
        Some("evil.example#"),
        json!({"Name": "t"}).as_object().unwrap(),
    );
    assert!(matches!(unsent, Change::NotSent { .. }), "{unsent:?}");
}

#[test]
fn a_page_is_no_answer_of_a_bucket() {
    for status in [200, 403] {
        let fake = Fake::new(move |_, _| Response::html(status));
        let unknown = change(&fake.connection(), "s3:DeleteBucketPolicy", json!({"Bucket": "b"}));
        assert!(matches!(unknown, Change::Unanswered { .. }), "{unknown:?}");
        assert_eq!(fake.seen().len(), 1);
    }
}

/// A refusal that names the region in which the bucket was asked is about something else.
#[test]
fn a_refusal_is_not_taken_for_a_bucket_elsewhere() {
    let fake = Fake::new(|_, _| {
        Response::error(400, "MalformedPolicy").with("x-amz-bucket-region: eu-west-1\r\n")
    });
    let refused = change(&fake.connection(), "s3:PutBucketPolicy", json!({"Bucket": "b"}));
    assert!(
        matches!(&refused, Change::Refused { code, .. } if code == "MalformedPolicy"),
        "{refused:?}"
    );
    assert_eq!(fake.seen().len(), 1);
}

/// S3 User Guide, "Making requests using the REST API": what is redirected was not carried out.
#[test]
fn a_bucket_is_changed_where_it_is() {
    let fake = Fake::new(|request, _| match request.headers.contains("/ap-south-1/s3/") {
        false => {
            Response::error(301, "PermanentRedirect").with("x-amz-bucket-region: ap-south-1\r\n")
        }
        true => Response::xml("").status(204),
    });
    let made = change(&fake.connection(), "s3:DeleteBucketPolicy", json!({"Bucket": "logs"}));
    assert_eq!(made, Change::Done(json!({})));
    assert!(fake.seen()[1].line.starts_with("DELETE /logs?policy "));
}

#[test]
fn credentials_are_seen_in_no_change() {
    let fake = Fake::new(|_, _| Response::error(403, "SignatureDoesNotMatch"));
    let connection = fake.connection();
    let told = format!("{:?} {connection:?}", put(&connection));
    assert!(!told.contains(SECRET), "{told}");
}
