//! What of the lost was used, by logs.

use std::io::Write;

use serde_json::{Value, json};
use trailwarden_account::{Id, Identity, Kind, Proof};
use trailwarden_policy::facts::managed_date;
use trailwarden_remedy::plan::foreseen::LastUsed;

use super::account::{Account, arn, deny, plan};
use crate::models::Options;
use crate::previews::activity::{last_used, password_last_used};
use crate::previews::model_of;
use crate::previews::used::{Losses, called, used_of};
use crate::scan::Progress;
use crate::sources::Input;
use crate::usage::Usage;

fn record(id: u32, identity: &Value, call: (&str, &str), error: Option<&str>) -> Value {
    let (source, name) = call;
    let mut record = json!({"eventVersion": "1.11", "userIdentity": identity,
        "eventTime": format!("2026-05-{:02}T10:00:00Z", id % 28 + 1),
        "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.9", "userAgent": "aws-cli",
        "requestParameters": null, "responseElements": null,
        "eventID": format!("00000000-0000-0000-0000-{id:012}"), "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333"});
    if let Some(error) = error {
        record["errorCode"] = error.into();
    }
    record
}

fn app() -> Value {
    json!({"type": "AssumedRole", "principalId": "AROAAPP:i-1", "accountId": "111122223333",
        "arn": "arn:aws:sts::111122223333:assumed-role/app/i-1"})
}

fn bob() -> Value {
    json!({"type": "IAMUser", "principalId": "AIDABOB", "userName": "bob",
        "accountId": "111122223333", "arn": arn("user/bob")})
}

/// The account with logs.
fn observed(records: &[Value]) -> Account {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut file = std::fs::File::create(&path).unwrap();
    write!(file, "{}", json!({ "Records": records })).unwrap();
    let input = Input::local(&[path.to_str().unwrap().to_owned()]);
    let read = Usage::read(Options::new(input, Vec::new()), None, &Progress::default());
    Account { usage: Some(read.unwrap().0), ..Account::new() }
}

fn emptied() -> Vec<(&'static str, Value)> {
    vec![("iam:DetachRolePolicy", json!({"RoleName": "app", "PolicyArn": arn("policy/shared")}))]
}

#[test]
fn what_was_used_and_is_lost_is_told_first() {
    let account = observed(&[
        record(1, &app(), ("s3", "GetObject"), None),
        record(2, &app(), ("s3", "GetObject"), None),
        record(3, &app(), ("s3", "GetObject"), Some("AccessDenied")),
        record(4, &app(), ("sqs", "SendMessage"), None),
    ]);
    let told = account.foresee(&plan(&emptied()));
    let lines = told.lines();
    assert_eq!(
        lines[0], "BREAKS role/app: it used s3:GetObject 2 times, last 2026-05-03",
        "{lines:#?}"
    );
    assert_eq!(told.observed.unwrap().days, 4);
}

/// IAM User Guide, "IAM identifiers": a name may be used again, so calls are known by the unique id; without
/// it nothing is called unused.
#[test]
fn use_of_somebody_without_an_id_is_unknown() {
    let account = observed(&[record(1, &bob(), ("s3", "ListObjects"), None)]);
    let proof = Proof::Published { date: managed_date() };
    let named = Identity::seen(Kind::User, Id::provisional("user", "bob", &proof), "bob");
    let (known, losses) = (account.known(), Losses::of(&[], false));
    let model = model_of(known).unwrap();
    assert!(used_of(known, model, &named, &losses, &called(known)).is_none());
    let bob = model.identities().find(|one| &*one.name == "bob").unwrap();
    assert!(used_of(known, model, bob, &losses, &called(known)).is_some());
}

/// Not seen is not unused, and without logs nothing is said of use.
#[test]
fn without_logs_use_is_unknown() {
    let told = Account::new().foresee(&plan(&emptied()));
    assert_eq!((told.principals[0].used.as_ref(), told.observed), (None, None));
    assert!(told.lines().iter().any(|line| line.contains("no logs were given")));
    let account = observed(&[record(4, &bob(), ("s3", "GetObject"), None)]);
    let told = account.foresee(&plan(&emptied()));
    assert_eq!(told.principals[0].used.as_deref(), Some([].as_slice()));
    assert!(told.lines().iter().any(|line| line.contains("no use of it was seen")), "{told:?}");
    // Logs of another account tell nothing of this one.
    let mut other = record(4, &app(), ("s3", "GetObject"), None);
    other["recipientAccountId"] = "222233334444".into();
    let told = observed(&[other]).foresee(&plan(&emptied()));
    assert_eq!((told.principals[0].used.as_ref(), told.observed), (None, None));
}

/// CloudTrail User Guide, "Logging data events": trails do not record them unless asked to.
#[test]
fn use_that_trails_need_not_record_is_unknown() {
    let account = observed(&[record(4, &app(), ("iam", "GetRole"), None)]);
    let told = account.foresee(&plan(&emptied()));
    assert_eq!(told.principals[0].used, None);
    let lines = told.lines();
    assert!(lines[0].contains("(whether it was used is not known"), "{lines:?}");
}

/// Of what else is lost the logs would tell.
#[test]
fn what_trails_need_not_record_is_unknown_beside_what_they_do() {
    let lost = |records: &[Value]| {
        let input = json!({"UserName": "bob", "PolicyName": "x", "PolicyDocument": deny("*")});
        let told = observed(records).foresee(&plan(&[("iam:PutUserPolicy", input)]));
        (told.principals[0].unrecorded.clone(), told.lines().join("\n"))
    };
    let other = record(4, &app(), ("iam", "GetRole"), None);
    let (unrecorded, told) = lost(std::slice::from_ref(&other));
    assert!(unrecorded.contains(&"s3".to_owned()), "{unrecorded:?}");
    assert!(told.contains("it is not known: their data events are not in the logs"), "{told}");
    let (unrecorded, _) = lost(&[other, record(5, &app(), ("s3", "GetObject"), None)]);
    assert!(!unrecorded.contains(&"s3".to_owned()), "{unrecorded:?}");
}

/// Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"
/// (`RunInstances` depends on `iam:PassRole`, of which there is no record).
#[test]
fn a_dependent_action_is_used_by_the_call_that_needs_it() {
    let account = observed(&[record(1, &bob(), ("ec2", "RunInstances"), None)]);
    let input = json!({"UserName": "bob", "PolicyName": "x", "PolicyDocument": deny("iam:*")});
    let told = account.foresee(&plan(&[("iam:PutUserPolicy", input)]));
    let used = told.principals[0].used.as_deref().unwrap();
    assert_eq!(
        (used[0].action.as_str(), used[0].by.as_deref()),
        ("iam:PassRole", Some("ec2:RunInstances"))
    );
    assert!(!used[0].is_certain);
}

/// IAM User Guide, "Generate credential reports for your AWS account": the report counts keys and names none.
/// Of two the date at which each was made tells which is which, and alike dates tell nothing.
#[test]
fn a_key_is_found_in_the_report_by_its_date() {
    let off = |key: &str| {
        (
            "iam:UpdateAccessKey",
            json!({"UserName": "carol", "AccessKeyId": key, "Status": "Inactive"}),
        )
    };
    let told = |dates: [&str; 2]| {
        let account = Account::with_keys_of_carol(dates);
        let told = account.foresee(&plan(&[off("AKIACAROLTWO")]));
        told.credentials[0].last_used.clone()
    };
    let used = told(["2025-01-01T00:00:00Z", "2025-02-02T00:00:00Z"]);
    assert!(
        matches!(used, LastUsed::At { time, .. } if time.to_string().starts_with("2026-04-04"))
    );
    assert_eq!(told(["2025-02-02T00:00:00Z", "2025-02-02T00:00:00Z"]), LastUsed::Unknown);
}

/// IAM API Reference, `GetAccessKeyLastUsed` and `RoleLastUsed`: what AWS says of use comes late.
#[test]
fn a_use_that_the_logs_show_is_the_last_one_where_aws_knows_none() {
    let account = observed(&[record(1, &bob(), ("s3", "ListObjects"), None)]);
    let model = account.models.get(account.snapshot.account).unwrap();
    let said = |name: &str| last_used(account.known(), model.find(Kind::User, name).unwrap());
    assert!(matches!(said("bob"), LastUsed::At { .. }));
    assert_eq!(said("alice"), LastUsed::Unknown, "without the report, and without a call");
}

/// Lost on some resources only: its use may go on.
#[test]
fn a_use_that_may_go_on_is_told_as_such() {
    let account = observed(&[record(1, &bob(), ("s3", "ListObjects"), None)]);
    let some = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::secret", "arn:aws:s3:::secret/*"]}]});
    let told = account.foresee(&plan(&[(
        "iam:PutUserPolicy",
        json!({"UserName": "bob", "PolicyName": "x", "PolicyDocument": some.to_string()}),
    )]));
    let lines = told.lines();
    assert!(lines[0].starts_with("MAY BREAK user/bob: it used s3:ListBucket once"), "{lines:#?}");
}

/// IAM User Guide, "Generate credential reports for your AWS account": of a key that was never used the
/// report says `N/A`, of a password `no_information`; what it does not tell is not known.
#[test]
fn what_the_report_says_is_read_in_one_way() {
    let account = Account::new();
    let report = trailwarden_account::report::Report::of_account(&account.snapshot);
    let known = account.known().with_report(&report);
    let user = |name: &str| {
        account.models.get(account.snapshot.account).unwrap().find(Kind::User, name).unwrap()
    };
    assert_eq!(password_last_used(known, user("bob")), LastUsed::Never);
    assert!(matches!(last_used(known, user("alice")), LastUsed::At { .. }));
    assert_eq!(
        password_last_used(account.known(), user("bob")),
        LastUsed::Unknown,
        "nobody read it"
    );
}
