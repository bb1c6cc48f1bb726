//! What was read makes the same models, however it lay in files.

use std::io::Write;
use std::path::Path;

use super::*;
use trailwarden_account::Kind;

fn record(id: u32, minute: u32, name: &str, request: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","principalId":"AIDAADMIN","arn":"arn:aws:iam::111122223333:user/admin","accountId":"111122223333","userName":"admin"}},"eventTime":"2026-03-01T10:{minute:02}:00Z","eventSource":"iam.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli","requestParameters":{request},"responseElements":null,"eventID":"00000000-0000-0000-0000-{id:012}","eventType":"AwsApiCall","recipientAccountId":"111122223333"}}"#
    )
}

fn put(folder: &Path, name: &str, records: &[String]) {
    let mut file = std::fs::File::create(folder.join(name)).unwrap();
    write!(file, r#"{{"Records":[{}]}}"#, records.join(",")).unwrap();
}

fn told(folder: &Path, paths: &[&str], threads: usize) -> Told {
    let paths = paths.iter().map(|path| folder.join(path).to_str().unwrap().to_owned());
    let input = Input::local(&paths.collect::<Vec<_>>());
    let options = Options { threads, ..Options::new(input, Vec::new()) };
    read(options, &Progress::default()).unwrap()
}

fn users(models: &Models) -> Vec<String> {
    let all = models.iter().flat_map(|model| model.of_kind(Kind::User));
    all.map(|user| user.name.to_string()).collect()
}

#[test]
fn files_in_any_order_make_the_same_models_at_any_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let bob = record(1, 0, "CreateUser", r#"{"userName":"bob"}"#);
    let gone = record(3, 9, "DeleteUser", r#"{"userName":"bob"}"#);
    let carol = record(2, 5, "CreateUser", r#"{"userName":"carol"}"#);
    put(path, "b.json", &[gone.clone(), bob.clone()]);
    put(path, "a.json", &[carol, bob]);
    let mut one = told(path, &["a.json", "b.json"], 1);
    let mut two = told(path, &["b.json", "a.json"], 4);
    let end = one.end();
    assert_eq!(users(&end), ["admin", "carol"]);
    assert_eq!(users(&two.end()), users(&end));
    let early = Timestamp::parse("2026-03-01T10:05:00Z").unwrap();
    assert_eq!(users(&one.at(early)), ["admin", "bob", "carol"]);
    assert_eq!((one.summary.records, one.summary.duplicates), (4, 1));
    assert_eq!(one.summary.last_time, Timestamp::parse("2026-03-01T10:09:00Z"));
    // The proof of a record that came twice stands in the file that is first by name.
    let place = |told: &mut Told| {
        let models = told.end();
        let model = models.iter().next().unwrap();
        let user = model.find(Kind::User, "carol").unwrap();
        let Some(trailwarden_account::Proof::Record(record)) = user.created.proof() else {
            panic!("{:?}", user.created);
        };
        told.files[record.place.file as usize].clone()
    };
    assert_eq!(place(&mut one), place(&mut two));
    assert!(place(&mut one).ends_with("a.json"));
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("cut.json"), r#"{"Records":[{"eventVersion":"1.08","#).unwrap();
    put(path, "good.json", &[record(1, 0, "CreateUser", r#"{"userName":"bob"}"#)]);
    let mut told = told(path, &["cut.json", "nothing.json", "good.json"], 2);
    assert_eq!(users(&told.end()), ["admin", "bob"]);
    assert_eq!(told.summary.rejects, 2);
    assert!(told.rejects.iter().any(|reject| reject.file.ends_with("nothing.json")));
}
