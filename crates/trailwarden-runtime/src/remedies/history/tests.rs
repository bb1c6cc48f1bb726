//! What of a flood of calls is kept.

use serde_json::json;
use trailwarden_account::fact::Proof;

use super::*;

fn put(bucket: &str, second: i64) -> (Event, Order) {
    let time = Timestamp::from_seconds(1_769_947_200 + second);
    let record = json!({"eventVersion": "1.11", "eventTime": time.to_string(),
        "eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy",
        "awsRegion": "eu-west-1", "requestParameters": {"bucketName": bucket},
        "eventID": format!("e{second}"), "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333"});
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    let order = trailwarden_account::entry::order_of(&event);
    (event, order)
}

fn history(events: Vec<(Event, Order)>) -> History {
    let things = ["logs".to_owned()].into();
    let telling = Telling { wanted: BTreeSet::new(), things, room: 2, history: History::default() };
    telling.of_events(events)
}

/// Whoever makes many calls about buckets of his own hides none about another.
#[test]
fn a_flood_about_other_things_hides_nothing() {
    let mut events: Vec<_> = (0..10).map(|second| put("another", second)).collect();
    events.push(put("logs", 10));
    let history = history(events);
    assert!(!history.is_flooded());
    assert_eq!(history.settings(None).count(), 1);
}

#[test]
fn a_flood_about_the_thing_itself_is_told() {
    let history = history((0..3).map(|second| put("logs", second)).collect());
    assert!(history.is_flooded());
}

fn call(name: &str, request: serde_json::Value, second: i64) -> (Event, Order) {
    let time = Timestamp::from_seconds(1_769_947_200 + second);
    let key = json!({"accessKey": {"userName": "bob", "accessKeyId": "AKIAX", "status": "Active"}});
    let made = if name == "CreateAccessKey" { key } else { serde_json::Value::Null };
    let record = json!({"eventVersion": "1.11", "eventTime": time.to_string(),
        "eventSource": "iam.amazonaws.com", "eventName": name, "awsRegion": "us-east-1",
        "requestParameters": request, "responseElements": made,
        "eventID": format!("i{second}"), "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333"});
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    let order = trailwarden_account::entry::order_of(&event);
    (event, order)
}

/// Whether bob can still act by what the calls gave, as far as a baseline tells that says nothing of it.
fn can_act(calls: &[(&str, serde_json::Value)]) -> bool {
    can_act_with(calls, None)
}

/// The same with a credential report of so many seconds after the first call: password, keys.
fn can_act_with(
    calls: &[(&str, serde_json::Value)],
    reported: Option<(i64, bool, &[bool])>,
) -> bool {
    let calls = (0..).zip(calls).map(|(at, (name, request))| call(name, request.clone(), at));
    let history = history(calls.collect());
    let account = AccountId::parse("111122223333").unwrap();
    let mut bob = trailwarden_account::Identity::seen(
        trailwarden_account::Kind::User,
        trailwarden_account::Id::unique("AIDABOB"),
        "bob",
    );
    if let Some((second, password, keys)) = reported {
        let taken = Timestamp::from_seconds(1_769_947_200 + second);
        let row = trailwarden_account::identity::Reported {
            created: None,
            password_enabled: Some(password),
            mfa_active: None,
            keys_active: keys.to_vec(),
        };
        let proof = Proof::Baseline { taken, part: "the credential report" };
        bob.reported = trailwarden_account::fact::Fact::known(row, &proof);
    }
    history.given(account, &bob, Timestamp::from_seconds(LAST_SECOND)) != Works::No
}

/// What is known of bob's means where a baseline of so many seconds after the first call says nothing of them.
fn works(events: Vec<(Event, Order)>, silent: i64) -> Works {
    let account = AccountId::parse("111122223333").unwrap();
    let id = trailwarden_account::Id::unique("AIDABOB");
    let bob = Identity::seen(trailwarden_account::Kind::User, id, "bob");
    history(events).given(account, &bob, Timestamp::from_seconds(1_769_947_200 + silent))
}

/// A call of bob with a key, or his sign-in.
fn acted(name: &str, source: &str, key: &str, second: i64, is_well: bool) -> (Event, Order) {
    let time = Timestamp::from_seconds(1_769_947_200 + second);
    let error = if is_well { serde_json::Value::Null } else { "AccessDenied".into() };
    let result = if is_well { "Success" } else { "Failure" };
    let record = json!({"eventVersion": "1.11", "eventTime": time.to_string(),
        "eventSource": source, "eventName": name, "awsRegion": "us-east-1",
        "userIdentity": { "type": "IAMUser", "principalId": "AIDABOB", "userName": "bob",
            "arn": "arn:aws:iam::111122223333:user/bob", "accountId": "111122223333",
            "accessKeyId": key },
        "errorCode": error, "requestParameters": null,
        "responseElements": { name: result }, "eventID": format!("a{second}"),
        "eventType": "AwsApiCall", "recipientAccountId": "111122223333"});
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    let order = trailwarden_account::entry::order_of(&event);
    (event, order)
}

/// It may have been taken away before the baseline, where no log shows it.
#[test]
fn what_a_later_baseline_is_silent_about_only_perhaps_works() {
    let user = || json!({"userName": "bob"});
    for name in ["CreateLoginProfile", "CreateAccessKey"] {
        let given = || call(name, user(), 0);
        assert_eq!(works(vec![given()], 60), Works::Unknown, "{name}");
        let signed =
            |at, key: &str, is_well| acted("ListUsers", "iam.amazonaws.com", key, at, is_well);
        let login = |at, is_well| acted("ConsoleLogin", "signin.amazonaws.com", "", at, is_well);
        let is_key = name == "CreateAccessKey";
        let used =
            |at, is_well| if is_key { signed(at, "AKIAX", is_well) } else { login(at, is_well) };
        assert_eq!(works(vec![given(), used(90, true)], 60), Works::Yes, "{name}");
        assert_eq!(works(vec![given(), used(30, true)], 60), Works::Unknown, "{name}");
        assert_eq!(works(vec![given(), used(90, false)], 60), Works::Unknown, "{name}");
        let other = if is_key { signed(90, "AKIAY", true) } else { signed(90, "ASIAX", true) };
        assert_eq!(works(vec![given(), other], 60), Works::Unknown, "{name}");
    }
}

#[test]
fn what_was_given_counts_until_it_is_taken_away() {
    let user = || json!({"userName": "bob"});
    let of_key =
        |status: &str| json!({"userName": "bob", "accessKeyId": "AKIAX", "status": status});
    let password = ("CreateLoginProfile", user());
    let key = ("CreateAccessKey", user());
    assert!(can_act(std::slice::from_ref(&password)));
    assert!(can_act(std::slice::from_ref(&key)));
    assert!(!can_act(&[password.clone(), ("DeleteLoginProfile", user())]));
    assert!(!can_act(&[key.clone(), ("UpdateAccessKey", of_key("Inactive"))]));
    let off_and_on =
        [("UpdateAccessKey", of_key("Inactive")), ("UpdateAccessKey", of_key("Active"))];
    assert!(can_act(&[[key.clone()].as_slice(), &off_and_on].concat()));
    assert!(!can_act(&[key.clone(), ("DeleteAccessKey", of_key("Active"))]));
    assert!(can_act(&[password.clone(), key, ("DeleteAccessKey", of_key("Active"))]));
    assert!(!can_act(&[password, ("DeleteUser", user()), ("CreateUser", user())]));
}

/// Between the last record and the baseline anything may have happened that no log shows.
#[test]
fn what_a_later_report_no_longer_has_is_gone() {
    let user = || json!({"userName": "bob"});
    let (password, key) = ([("CreateLoginProfile", user())], [("CreateAccessKey", user())]);
    for (calls, keys) in [(&password, [].as_slice()), (&key, &[]), (&key, &[false])] {
        assert!(!can_act_with(calls, Some((60, false, keys))), "{calls:?}");
        // A report from before the call knows nothing of it.
        assert!(can_act_with(calls, Some((-60, false, keys))), "{calls:?}");
    }
}

#[test]
fn what_was_given_goes_along_with_a_new_name() {
    let renamed = json!({"userName": "eve", "newUserName": "bob"});
    assert!(can_act(&[
        ("CreateLoginProfile", json!({"userName": "eve"})),
        ("UpdateUser", renamed)
    ]));
}

#[test]
fn whoever_was_deleted_is_gone_until_one_of_that_name_is_made() {
    let is_deleted = |calls: &[&str]| {
        let user = json!({"userName": "bob"});
        let calls = (0..).zip(calls).map(|(at, name)| call(name, user.clone(), at));
        let account = AccountId::parse("111122223333").unwrap();
        history(calls.collect()).is_deleted(account, "Bob")
    };
    assert!(!is_deleted(&["CreateUser"]));
    assert!(is_deleted(&["CreateUser", "DeleteUser"]));
    assert!(is_deleted(&["CreateLoginProfile", "DeleteUser"]));
    assert!(!is_deleted(&["CreateUser", "DeleteUser", "CreateUser"]));
}
