//! The event history, page by page: AWS CloudTrail API Reference, "LookupEvents".

use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use trailwarden_aws::Connection;
use trailwarden_aws::lookup::{Attribute, Failure, Filter, Page, Question, Reason};
use trailwarden_model::Timestamp;

use crate::fake::{Fake, Request, Response, SECRET, connection};

const PAGE: &str =
    r#"{"Events":[{"EventTime":1767225600.0,"CloudTrailEvent":"{}"}],"NextToken":"more"}"#;

fn question() -> Question {
    Question {
        region: "ap-south-1".to_owned(),
        first: Timestamp::from_seconds(1_767_225_000),
        last: Timestamp::from_seconds(1_767_229_200),
        filter: None,
    }
}

fn ask(connection: &Connection, question: &Question, token: Option<&str>) -> Result<Page, Failure> {
    connection.lookup(question, token, &AtomicBool::new(false))
}

fn asked(request: &Request) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

fn error(status: u16, code: &str) -> Response {
    let text = json!({"__type": code, "message": "said so"}).to_string();
    Response::json(&text).status(status)
}

fn sent(connection: &Connection) -> (u64, u64, u64) {
    let calls = connection.ledger().calls();
    let calls = calls.get("cloudtrail:LookupEvents").copied().unwrap_or_default();
    (calls.sent, calls.retried, calls.throttled)
}

#[test]
fn a_page_comes_as_aws_wrote_it_and_each_is_asked_for_in_the_same_words() {
    let fake = Fake::new(|_, _| Response::json(PAGE));
    let connection = fake.connection();
    let filter = Filter { attribute: Attribute::Username, value: "alice".to_owned() };
    let question = Question { filter: Some(filter), ..question() };
    let page = ask(&connection, &question, None).unwrap();
    assert_eq!(page.body, PAGE.as_bytes());
    assert_eq!((page.events, page.next.as_deref()), (1, Some("more")));
    assert_eq!(page.times, [Timestamp::from_seconds(1_767_225_600)]);
    ask(&connection, &question, Some("more")).unwrap();
    let seen = fake.seen();
    let mut expected = json!({
        "StartTime": 1_767_225_000, "EndTime": 1_767_229_200, "MaxResults": 50,
        "LookupAttributes": [{"AttributeKey": "Username", "AttributeValue": "alice"}],
    });
    assert_eq!(asked(&seen[0]), expected);
    expected["NextToken"] = "more".into();
    assert_eq!(asked(&seen[1]), expected);
    for request in &seen {
        assert_eq!(request.operation(), "LookupEvents");
        assert!(request.headers.contains("/ap-south-1/cloudtrail/"), "{}", request.headers);
    }
}

#[test]
fn throttling_is_waited_for_until_patience_ends() {
    let fake = Fake::new(|_, number| match number {
        1 | 2 => error(400, "ThrottlingException"),
        _ => Response::json(PAGE),
    });
    let connection = fake.connection();
    assert!(ask(&connection, &question(), None).is_ok());
    assert_eq!(sent(&connection), (3, 2, 2));

    let fake = Fake::new(|_, _| error(400, "ThrottlingException"));
    let failure = ask(&fake.connection(), &question(), None).unwrap_err();
    assert_eq!((failure.reason, failure.is_final()), (Reason::Throttled, false));
}

#[test]
fn a_damaged_page_is_asked_for_again_and_never_taken() {
    let fake = Fake::new(|_, number| match number {
        1 => Response::json(r#"{"Events":[{"EventTime":17672"#),
        2 => Response::json(PAGE).cut(),
        _ => Response::json(PAGE),
    });
    let connection = fake.connection();
    assert_eq!(ask(&connection, &question(), None).unwrap().body, PAGE.as_bytes());
    assert_eq!(sent(&connection), (3, 2, 0));
    let fake = Fake::new(|_, _| Response::json("{}"));
    assert_eq!(ask(&fake.connection(), &question(), None).unwrap_err().reason, Reason::Other);
}

#[test]
fn what_a_failure_means_for_the_next_question_is_told() {
    for (status, code, reason) in [
        (400, "AccessDeniedException", Reason::Denied),
        (400, "ExpiredTokenException", Reason::Credentials),
        (400, "UnrecognizedClientException", Reason::Credentials),
        (400, "UnknownOperationException", Reason::Absent),
        (400, "InvalidNextTokenException", Reason::Other),
        (500, "InternalFailure", Reason::Other),
    ] {
        let fake = Fake::new(move |_, _| error(status, code));
        let connection = fake.connection();
        let failure = ask(&connection, &question(), None).unwrap_err();
        assert_eq!(failure.reason, reason, "{code}");
        assert_eq!(failure.message, format!("{code}: said so"));
        assert!(!format!("{failure:?}").contains(SECRET));
    }
    let failure = ask(&connection("http://127.0.0.1:1"), &question(), None).unwrap_err();
    assert_eq!((failure.reason, failure.is_final()), (Reason::Absent, true));
}

/// Whoever stops does not wait for a server that is silent.
#[test]
fn a_question_that_nobody_waits_for_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = connection(&format!("http://{}", listener.local_addr().unwrap()));
    let failure = connection.lookup(&question(), None, &AtomicBool::new(true)).unwrap_err();
    assert_eq!(failure.reason, Reason::Interrupted);
}

#[test]
fn regions_that_are_on_are_listed() {
    let fake = Fake::new(|_, _| {
        Response::json(
            r#"{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"},
                {"RegionName":"af-south-1","RegionOptStatus":"DISABLED"},
                {"RegionName":"ap-east-1","RegionOptStatus":"ENABLED"}]}"#,
        )
    });
    let connection = fake.connection();
    let regions = connection.regions();
    assert_eq!(regions.on, ["ap-east-1", "us-east-1"]);
    assert_eq!(regions.why_not_all, None);
    assert_eq!(connection.home_region(), "us-east-1");
    let denied = Fake::new(|_, _| error(403, "AccessDeniedException"));
    let regions = denied.connection().regions();
    assert!(regions.on.is_empty() && regions.why_not_all.is_some(), "{regions:?}");
}
