//! What was called is counted once, by whom it was called, and refusals apart.

use std::io::Write;
use std::path::Path;

use super::*;
use crate::sources::Input;

fn record(id: u32, minute: u32, identity: &str, call: (&str, &str), error: &str) -> String {
    let (source, name) = call;
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{identity},"eventTime":"2026-03-01T10:{minute:02}:00Z","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli",{error}"requestParameters":null,"responseElements":null,"eventID":"00000000-0000-0000-0000-{id:012}","eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
    )
}

fn session(name: &str) -> String {
    format!(
        r#"{{"type":"AssumedRole","principalId":"AROAAPP:{name}","arn":"arn:aws:sts::111122223333:assumed-role/app/{name}","accountId":"111122223333"}}"#
    )
}

fn account() -> AccountId {
    AccountId::parse("111122223333").unwrap()
}

fn put(folder: &Path, records: &[String]) -> Options {
    let path = folder.join("a.json");
    let mut file = std::fs::File::create(&path).unwrap();
    write!(file, r#"{{"Records":[{}]}}"#, records.join(",")).unwrap();
    Options::new(Input::local(&[path.to_str().unwrap().to_owned()]), Vec::new())
}

fn usage(records: &[String], since: Option<Timestamp>) -> Usage {
    let folder = tempfile::tempdir().unwrap();
    let options = put(folder.path(), records);
    Usage::read(options, since, &Progress::default()).unwrap().0
}

fn told(used: &[Used]) -> Vec<String> {
    let action = |used: &Used| used.action.map_or("unmapped", |id| id.action().full_name());
    let line = |used: &Used| {
        let Count { succeeded, failed, denied, .. } = used.count;
        format!("{} {} {succeeded} {failed} {denied}", used.event_name, action(used))
    };
    used.iter().map(line).collect()
}

/// Source: IAM User Guide, "IAM identifiers" (the id of a session begins with that of its role), and
/// Amazon S3 User Guide, "Required permissions for Amazon S3 API operations" (`ListObjects`).
#[test]
fn a_role_answers_for_its_sessions_and_a_refusal_is_no_use() {
    let denied = r#""errorCode":"AccessDenied","errorMessage":"no","#;
    let records = [
        record(1, 0, &session("one"), ("s3", "ListObjects"), ""),
        record(2, 4, &session("two"), ("s3", "ListObjects"), ""),
        record(2, 4, &session("two"), ("s3", "ListObjects"), ""),
        record(3, 5, &session("two"), ("iam", "CreateUser"), denied),
        record(4, 6, &session("two"), ("iam", "GetRole"), r#""errorCode":"NoSuchEntity","#),
        record(5, 7, &session("two"), ("s3", "Invented"), ""),
    ];
    let usage = usage(&records, None);
    let used = usage.of(account(), "AROAAPP", None);
    assert_eq!(
        told(&used),
        [
            "CreateUser iam:CreateUser 0 0 1",
            "GetRole iam:GetRole 0 1 0",
            "Invented unmapped 1 0 0",
            "ListObjects s3:ListBucket 2 0 0",
        ]
    );
    let refused = used.first().unwrap().count;
    assert_eq!((refused.allowed(), refused.last), (0, None));
    assert_eq!(used.last().unwrap().count.last, Timestamp::parse("2026-03-01T10:04:00Z"));
    assert!(usage.of(account(), "AROAOTHER", None).is_empty());
}

#[test]
fn only_what_was_since_then_counts() {
    let records = [
        record(1, 0, &session("one"), ("s3", "ListObjects"), ""),
        record(2, 4, &session("one"), ("sqs", "SendMessage"), ""),
    ];
    let since = Timestamp::parse("2026-03-01T10:02:00Z");
    let usage = usage(&records, since);
    assert_eq!(told(&usage.of(account(), "AROAAPP", None)), ["SendMessage sqs:SendMessage 1 0 0"]);
    let period = usage.period(account()).unwrap();
    assert_eq!((Some(period.first), period.days), (Timestamp::parse("2026-03-01T10:04:00Z"), 1));
}

#[test]
fn one_walk_tells_accounts_and_use() {
    let denied = r#""errorCode":"AccessDenied","errorMessage":"no","#;
    let records = [
        record(1, 0, &session("one"), ("iam", "CreateRole"), ""),
        record(2, 4, &session("one"), ("sqs", "SendMessage"), denied),
    ];
    let folder = tempfile::tempdir().unwrap();
    let options = put(folder.path(), &records);
    let progress = Progress::default();
    let (mut told, usage) = Usage::read_with_accounts(options, None, &progress).unwrap();
    assert!(told.end().get(account()).is_some());
    assert_eq!(told.summary.records, 2);
    let called: Vec<&str> = usage.called_in(account()).map(|(_, name)| name).collect();
    assert!(called.contains(&"CreateRole") && called.contains(&"SendMessage"), "{called:?}");
    assert_eq!(usage.called_in(AccountId::parse("999999999999").unwrap()).count(), 0);
    assert_eq!(usage.of(account(), "AROAAPP", None).len(), 2);
}
