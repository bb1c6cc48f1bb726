//! What fails is an answer, and says why.

use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_aws::{Connection, Error, Parameters, reads};

use crate::fake::{Fake, Response, SECRET, connection, result};

const ALIASES: &str = "iam:ListAccountAliases";
const POLICY: &str = "iam:GetAccountPasswordPolicy";

fn ask(connection: &Connection, api: &str, with: Value) -> Answer {
    let parameters = with.as_object().cloned().unwrap_or_else(Parameters::new);
    connection.ask(reads::find(api).unwrap(), None, parameters)
}

fn sent(connection: &Connection, api: &str) -> (u64, u64, u64) {
    let calls = connection.ledger().calls();
    calls.get(api).map(|calls| (calls.sent, calls.retried, calls.throttled)).unwrap_or_default()
}

fn aliases(members: &str) -> Response {
    result("ListAccountAliases", members)
}

#[test]
fn a_throttled_question_is_asked_again() {
    let fake = Fake::new(|_, number| match number {
        1 | 2 => Response::error(400, "Throttling"),
        _ => aliases("<AccountAliases><member>acme</member></AccountAliases>"),
    });
    let connection = fake.connection();
    let answer = ask(&connection, ALIASES, json!({}));
    assert_eq!(answer.body(), Some(&json!({"AccountAliases": ["acme"]})));
    assert_eq!(sent(&connection, ALIASES), (3, 2, 2));
}

#[test]
fn patience_ends() {
    let fake = Fake::new(|_, _| Response::error(400, "Throttling"));
    let connection = fake.connection();
    let answer = ask(&connection, ALIASES, json!({}));
    let message = "Throttling: said so".to_owned();
    assert_eq!(answer.outcome, Outcome::Throttled { message });
    assert_eq!(sent(&connection, ALIASES), (3, 2, 3));
}

#[test]
fn a_denial_and_an_absence_are_not_asked_again() {
    let fake = Fake::new(|_, _| Response::error(403, "AccessDenied"));
    let connection = fake.connection();
    let answer = ask(&connection, ALIASES, json!({}));
    let message = "AccessDenied: said so".to_owned();
    assert_eq!(answer.outcome, Outcome::Denied { message });
    assert_eq!(sent(&connection, ALIASES), (1, 0, 0));

    let fake = Fake::new(|_, _| Response::error(404, "NoSuchEntity"));
    let connection = fake.connection();
    assert!(ask(&connection, POLICY, json!({})).is_absent());
    // Nobody of that name is no answer about his keys.
    let answer = ask(&connection, "iam:ListAccessKeys", json!({"UserName": "nobody"}));
    assert!(matches!(answer.outcome, Outcome::Failed { .. }), "{answer:?}");
    assert_eq!(fake.seen().len(), 2);
}

#[test]
fn pages_that_stop_coming_leave_a_part() {
    let fake = Fake::new(|request, _| match request.has("Marker=m1") {
        false => aliases(
            "<AccountAliases><member>a</member></AccountAliases><IsTruncated>true</IsTruncated><Marker>m1</Marker>",
        ),
        true => Response::error(500, "InternalFailure"),
    });
    let connection = fake.connection();
    let answer = ask(&connection, ALIASES, json!({}));
    let Outcome::Partial { body, message } = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(
        (body, message.as_str()),
        (&json!({"AccountAliases": ["a"]}), "InternalFailure: said so")
    );
    assert_eq!(answer.body(), None);
    assert_eq!(sent(&connection, ALIASES), (4, 2, 0));
}

#[test]
fn pages_without_end_are_left() {
    let fake = Fake::new(|_, _| {
        aliases(
            "<AccountAliases><member>a</member></AccountAliases><IsTruncated>true</IsTruncated><Marker>m</Marker>",
        )
    });
    let answer = ask(&fake.connection(), ALIASES, json!({}));
    assert!(matches!(answer.outcome, Outcome::Partial { .. }), "{answer:?}");
    assert_eq!(fake.seen().len(), 2);
}

#[test]
fn an_answer_that_is_cut_off_is_none() {
    let cut = "<AccountAliases><member>a</member></AccountAliases>";
    let fake = Fake::new(move |_, number| match number {
        1 => aliases(cut).cut(),
        2 => Response::xml("<ListAccountAliasesResponse><ListAccountAliasesResult>"),
        _ => aliases(cut),
    });
    let connection = fake.connection();
    assert!(ask(&connection, ALIASES, json!({})).is_known());
    assert_eq!(sent(&connection, ALIASES), (3, 2, 0));

    let fake = Fake::new(move |_, _| aliases(cut).cut());
    let answer = ask(&fake.connection(), ALIASES, json!({}));
    assert!(matches!(answer.outcome, Outcome::Failed { .. }), "{answer:?}");
}

#[test]
fn what_is_not_there_is_not_asked_again() {
    let fake = Fake::new(|_, _| Response::html(500));
    let answer = ask(&fake.connection(), ALIASES, json!({}));
    assert!(matches!(answer.outcome, Outcome::Unsupported { .. }), "{answer:?}");
    assert_eq!(fake.seen().len(), 1);
}

/// S3 User Guide, "Making requests using the REST API": a redirect names the bucket's region.
#[test]
fn a_bucket_is_asked_where_it_is() {
    let fake = Fake::new(|request, _| match request.headers.contains("/ap-south-1/s3/") {
        false => {
            Response::error(301, "PermanentRedirect").with("x-amz-bucket-region: ap-south-1\r\n")
        }
        true => Response::json("{\"Statement\":[]}"),
    });
    let answer = ask(&fake.connection(), "s3:GetBucketPolicy", json!({"Bucket": "logs"}));
    assert_eq!(answer.body(), Some(&json!({"Policy": "{\"Statement\":[]}"})));
    assert_eq!(answer.region.as_deref(), Some("ap-south-1"));
    assert!(answer.is_about("Bucket", "logs"));
}

#[test]
fn nobody_and_refused_credentials_are_told_apart() {
    let nobody = connection("http://127.0.0.1:1").identity().unwrap_err();
    assert!(matches!(nobody, Error::Unreachable { .. }), "{nobody}");
    let fake = Fake::new(|_, _| Response::error(403, "InvalidClientTokenId"));
    let refused = fake.connection().identity().unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
}

/// A connection that died is not waited for again at each question.
#[test]
fn patience_with_an_address_that_is_silent_is_spent_once() {
    let connection = connection("http://127.0.0.1:1");
    for _ in 0..3 {
        let answer = ask(&connection, ALIASES, json!({}));
        assert!(matches!(answer.outcome, Outcome::Failed { .. }), "{answer:?}");
    }
    assert_eq!(sent(&connection, ALIASES), (3 + 1 + 1, 2, 0));
}

#[test]
fn credentials_are_seen_nowhere() {
    let fake = Fake::new(|_, _| Response::error(403, "SignatureDoesNotMatch"));
    let connection = fake.connection();
    let answer = ask(&connection, ALIASES, json!({}));
    let refused = connection.identity().unwrap_err();
    let told = format!("{connection:?} {answer:?} {refused} {refused:?} {:?}", connection.ledger());
    assert!(!told.contains(SECRET), "{told}");
    // The token goes to AWS, as it must; the secret never does.
    let seen = &fake.seen()[0];
    assert_eq!(seen.headers.matches(SECRET).count(), 1, "{}", seen.headers);
    assert!(seen.headers.contains(&format!("x-amz-security-token: {SECRET}")));
}

#[test]
fn an_address_that_is_none_is_told() {
    for url in ["127.0.0.1:5000", "ftp://host", "http://", "https:///x"] {
        let settings = trailwarden_aws::Settings {
            region: Some("eu-west-1".to_owned()),
            endpoint_url: Some(url.to_owned()),
            ..Default::default()
        };
        let error = Connection::open(&settings).unwrap_err();
        assert!(matches!(error, Error::Endpoint(_)), "{url}: {error}");
    }
}
